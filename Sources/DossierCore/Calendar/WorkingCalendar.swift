internal import CustodyLog

/// A calendar has no data for a year that a question touches. Nothing is guessed.
public struct CalendarYearMissing: Error, Hashable, Sendable {
  public var calendar: CalendarData.Name
  public var year: Int

  public init(calendar: CalendarData.Name, year: Int) {
    self.calendar = calendar
    self.year = year
  }

  public var finding: Finding {
    Finding(.calendarYearMissing, path: calendar.rawValue, found: String(year))
  }
}

/// Which days are working days, and the hours of work on them.
///
/// The first day of a term is not counted: the day of the event that begins it does not belong to it (Civil Code 2015
/// article 147). Times are those of Viet Nam, +07:00. Every question is answered from prefix sums in constant time.
public struct WorkingCalendar: Sendable {
  public let name: CalendarData.Name
  /// Name, years and the first 12 hexadecimal digits of the SHA-256 of the data files one after the other, for example
  /// `administrative 2019-2027 (2027 provisional) 0123456789ab`.
  public let version: String
  /// In order.
  public let years: [CalendarData.Year]
  /// The files it was made of, the program's first.
  let files: [CalendarData]

  // One entry a day from `firstDay`, covered or not.
  let firstDay: Int
  /// Number of the unbroken run of covered days that the day belongs to, from 1; 0 = not covered.
  let runs: [UInt16]
  /// Working days before the day; one entry more than days.
  let before: [Int32]
  /// Working milliseconds before the day; one entry more than days.
  let millisecondsBefore: [Int64]
  /// Position in `patterns` of the day's hours.
  let patternOf: [UInt8]
  let patterns: [[CalendarData.Hours]]
  /// The working days, days since 1970.
  let workingDays: [Int32]

  /// A calendar of data files of one name; a year of a later file takes the place of the same year of an earlier one.
  ///
  /// - Returns: nil when there is no file, or their names differ.
  public init?(_ files: [CalendarData]) {
    guard let name = files.first?.name, files.allSatisfy({ $0.name == name }) else { return nil }
    var byYear: [Int: CalendarData.Year] = [:]
    for year in files.flatMap(\.years) { byYear[year.year] = year }
    self.init(name, byYear.values.sorted { $0.year < $1.year }, files)
  }

  init(_ name: CalendarData.Name, _ years: [CalendarData.Year], _ files: [CalendarData]) {
    var table = CalendarTable(from: years.first?.from)
    for year in years { table.add(year) }
    self.name = name
    self.years = years
    self.files = files
    version = Self.version(name, years, files)
    firstDay = table.firstDay
    runs = table.runs
    before = table.before
    millisecondsBefore = table.millisecondsBefore
    patternOf = table.patternOf
    patterns = table.patterns
    workingDays = table.workingDays
  }

  /// The same calendar with the years of further files.
  ///
  /// - Parameter files: of this calendar's name; others are passed over.
  public func extended(by files: [CalendarData]) -> WorkingCalendar {
    let added = files.filter { $0.name == name }
    return added.isEmpty ? self : WorkingCalendar(self.files + added) ?? self
  }

  private static func version(
    _ name: CalendarData.Name, _ years: [CalendarData.Year], _ files: [CalendarData]
  ) -> String {
    var ranges: [ClosedRange<Int>] = []
    for year in years where year.from.month == 1 && year.from.day == 1 {
      if let last = ranges.last, last.upperBound + 1 == year.year {
        ranges[ranges.count - 1] = last.lowerBound...year.year
      } else {
        ranges.append(year.year...year.year)
      }
    }
    let list = ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
    let provisional = years.filter(\.isProvisional).map { String($0.year) }
    let digest = MerkleHash.sha256(files.flatMap(\.bytes)).hex.prefix(12)
    let remark = provisional.isEmpty ? "" : " (\(provisional.joined(separator: ", ")) provisional)"
    return "\(name.rawValue) \(list.joined(separator: ", "))\(remark) \(digest)"
  }

  // MARK: Days

  /// - Throws: when the calendar has no data for the day.
  public func isWorkingDay(_ day: CalendarDate) throws(CalendarYearMissing) -> Bool {
    let position = try covered(Int(day.daysSince1970))
    return before[position + 1] > before[position]
  }

  /// Working days among those after `start` and not after `end`: in (start, end]. Negative when `end` is earlier, so that
  /// the same two days the other way round give the opposite number.
  public func workingDays(
    after start: CalendarDate, through end: CalendarDate
  ) throws(CalendarYearMissing) -> Int {
    if end < start { return -(try workingDays(after: end, through: start)) }
    if end == start { return 0 }
    let (first, last) = try run(Int(start.daysSince1970) + 1, Int(end.daysSince1970))
    return Int(before[last + 1] - before[first])
  }

  /// The day on which `count` working days after `start` have passed: the inverse of ``workingDays(after:through:)``.
  ///
  /// - Parameter count: 0 gives `start` itself; a negative one the working days before it.
  public func date(
    workingDays count: Int, after start: CalendarDate
  ) throws(CalendarYearMissing) -> CalendarDate {
    if count == 0 { return start }
    let neighbour = Int(start.daysSince1970) + (count > 0 ? 1 : -1)
    let position = try covered(neighbour)
    // Counting forwards, `before` is the place of the first working day to come; backwards, one behind the last past.
    let place = count > 0 ? Int(before[position]) - 1 : Int(before[position + 1])
    let (target, overflow) = place.addingReportingOverflow(count)
    guard !overflow, workingDays.indices.contains(target) else {
      throw missing(beside: position, forwards: count > 0)
    }
    let reached = Int(workingDays[target])
    guard runs[reached - firstDay] == runs[position], let day = CalendarDate(daysSince1970: reached) else {
      throw missing(beside: position, forwards: count > 0)
    }
    return day
  }

  /// The day itself when it is a working day, else the next one.
  public func workingDay(onOrAfter day: CalendarDate) throws(CalendarYearMissing) -> CalendarDate {
    try isWorkingDay(day) ? day : date(workingDays: 1, after: day)
  }

  /// Working days of a whole year.
  public func workingDays(inYear year: Int) throws(CalendarYearMissing) -> Int {
    guard let eve = CalendarDate(year: year - 1, month: 12, day: 31),
      let last = CalendarDate(year: year, month: 12, day: 31)
    else { throw CalendarYearMissing(calendar: name, year: year) }
    return try workingDays(after: eve, through: last)
  }

  // MARK: What is covered

  /// Position of a day that has data.
  @inline(__always)
  func covered(_ day: Int) throws(CalendarYearMissing) -> Int {
    let position = day - firstDay
    guard runs.indices.contains(position), runs[position] != 0 else { throw missing(day) }
    return position
  }

  /// Positions of two days without a gap between them.
  func run(_ first: Int, _ last: Int) throws(CalendarYearMissing) -> (first: Int, last: Int) {
    let (start, end) = (try covered(first), try covered(last))
    guard runs[start] == runs[end] else { throw missing(beside: start, forwards: true) }
    return (start, end)
  }

  private func missing(_ day: Int) -> CalendarYearMissing {
    CalendarYearMissing(calendar: name, year: CalendarDate(clamped: day).year)
  }

  /// The year in which the run of a day ends, or before which it begins.
  func missing(beside position: Int, forwards: Bool) -> CalendarYearMissing {
    var end = position
    let step = forwards ? 1 : -1
    while runs.indices.contains(end), runs[end] == runs[position] { end += step }
    return missing(firstDay + end)
  }
}

/// The prefix sums while they are made.
private struct CalendarTable {
  let firstDay: Int
  var runs: [UInt16] = []
  var before: [Int32] = [0]
  var millisecondsBefore: [Int64] = [0]
  var patternOf: [UInt8] = []
  var patterns: [[CalendarData.Hours]] = []
  var workingDays: [Int32] = []
  private var run: UInt16 = 0

  init(from first: CalendarDate?) { firstDay = first.map { Int($0.daysSince1970) } ?? 0 }

  mutating func add(_ year: CalendarData.Year) {
    let start = Int(year.from.daysSince1970) - firstDay
    if run == 0 || start > runs.count { run += 1 }
    while runs.count < start { add(run: 0, isWorking: false, pattern: 0, length: 0) }
    // At most one pattern a year, and years are 1990 to 2100.
    let pattern = patterns.firstIndex(of: year.hours) ?? patterns.count
    if pattern == patterns.count { patterns.append(year.hours) }
    let length = year.hours.reduce(Int64(0)) { $0 + Int64($1.to - $1.from) * 60_000 }
    let stated = Dictionary(year.days.map { ($0.date, $0.kind) }, uniquingKeysWith: { first, _ in first })
    var day = year.from
    while day.year == year.year {
      let isWorking = stated[day].map { $0 == .makeup } ?? year.week.contains(day.weekday.rawValue)
      if isWorking { workingDays.append(day.daysSince1970) }
      add(run: run, isWorking: isWorking, pattern: UInt8(truncatingIfNeeded: pattern), length: length)
      day = day.advanced(by: 1)
    }
  }

  private mutating func add(run: UInt16, isWorking: Bool, pattern: UInt8, length: Int64) {
    runs.append(run)
    patternOf.append(pattern)
    before.append((before.last ?? 0) + (isWorking ? 1 : 0))
    millisecondsBefore.append((millisecondsBefore.last ?? 0) + (isWorking ? length : 0))
  }
}
