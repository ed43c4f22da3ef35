/// Days off and make-up days of some years, as a data file states them (`Schemas/calendars/`).
///
/// One statement a line, fields parted by `;`, remarks after `#` at the beginning of a line: `calendar`, `week`, `hours`
/// and `year` lines, and one line a day that is not what its weekday says.
public struct CalendarData: Hashable, Sendable {
  /// Which of the two calendars a file speaks of.
  public enum Name: String, Hashable, Sendable, CaseIterable {
    /// Civil servants' working days: terms of dossiers, time in centers and agencies.
    case administrative
    /// Days and hours on which post offices and transport work.
    case postal
  }

  /// Why a day is not what its weekday says.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Nghỉ lễ, tết. May fall on a weekend.
    case holiday
    /// Nghỉ bù: in lieu of a holiday on a weekend (Labour Code 45/2019/QH14 article 111(3)).
    case compensatory
    /// Nghỉ hoán đổi: in exchange for a make-up day.
    case swapped
    /// Làm bù: a working day on a weekend.
    case makeup
  }

  /// One day and why it is off or on.
  public struct Day: Hashable, Sendable {
    public var date: CalendarDate
    public var kind: Kind
    /// Expected, not proclaimed when the data were made.
    public var isProvisional: Bool
    public var name: String
    /// The instrument, or the remark that none was read.
    public var source: String
  }

  /// Office hours: minutes after midnight, the end excluded.
  public struct Hours: Hashable, Sendable {
    public var from: Int
    public var to: Int
  }

  public struct Year: Hashable, Sendable {
    public var year: Int
    /// First day covered: 1 January unless the file says a later one.
    public var from: CalendarDate
    /// Weekdays of work, Monday = 1.
    public var week: Set<Int>
    /// In order, without overlap.
    public var hours: [Hours]
    /// In order of date.
    public var days: [Day]

    public var isProvisional: Bool { days.contains(where: \.isProvisional) }
  }

  public var name: Name
  /// In order.
  public var years: [Year]
  /// What it was read from: the version is its hash.
  public var bytes: [UInt8]

  /// A file is small, or it is no calendar.
  public static let greatestFile = 1 << 20
  /// A file with so many wrong lines is read no further.
  public static let greatestFindings = 20

  /// Reads a data file.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8, with or without byte order mark, at most ``greatestFile`` bytes.
  ///   - file: its name, for findings.
  /// - Returns: the data, nil when there is an error among the findings, and a finding for every line that is wrong.
  public static func read(_ bytes: [UInt8], file: String) -> (data: CalendarData?, findings: [Finding]) {
    guard bytes.count <= greatestFile else {
      return (nil, [Finding(.tooLarge, file: file, expected: "≤ \(greatestFile)")])
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return (nil, [Finding(.calendarFileForm, file: file, line: 1, expected: "UTF-8")])
    }
    var reading = CalendarReading(file: file)
    // By bytes: a carriage return and a line feed are one Character.
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() {
      reading.take(Substring(line), number: number + 1)
      if reading.findings.count >= CalendarData.greatestFindings { break }
    }
    return reading.finished(bytes)
  }
}

/// Takes a data file line by line.
private struct CalendarReading {
  let file: String
  var findings: [Finding] = []
  private var name: CalendarData.Name?
  private var week: Set<Int> = []
  private var hours: [CalendarData.Hours] = []
  private var years: [CalendarData.Year] = []

  init(file: String) { self.file = file }

  mutating func take(_ line: Substring, number: Int) {
    var line = line
    if number == 1, line.unicodeScalars.first == "\u{feff}" { line.unicodeScalars.removeFirst() }
    let fields = line.split(separator: ";", omittingEmptySubsequences: false).map { Self.trimmed($0) }
    guard let word = fields.first, !(fields.count == 1 && word.isEmpty), word.utf8.first != UInt8(ascii: "#")
    else { return }
    let expected: String? =
      switch word {
      case "calendar": takeCalendar(fields)
      case "week": takeWeek(fields)
      case "hours": takeHours(fields)
      case "year": takeYear(fields)
      default: takeDay(fields)
      }
    // What stands there is not repeated: the file may be any file, with anything in it.
    if let expected {
      findings.append(Finding(.calendarFileForm, file: file, line: number, expected: expected))
    }
  }

  func finished(_ bytes: [UInt8]) -> (CalendarData?, [Finding]) {
    guard findings.isEmpty else { return (nil, findings) }
    guard let name, !years.isEmpty else {
      let expected = name == nil ? "calendar;administrative|postal" : "year;YYYY"
      return (nil, [Finding(.calendarFileForm, file: file, line: 1, expected: expected)])
    }
    var sorted = years.sorted { $0.year < $1.year }
    for position in sorted.indices { sorted[position].days.sort { $0.date < $1.date } }
    return (CalendarData(name: name, years: sorted, bytes: bytes), [])
  }

  // Each of these returns what was expected when the line is wrong.

  private mutating func takeCalendar(_ fields: [String]) -> String? {
    guard fields.count == 2, name == nil, let given = CalendarData.Name(rawValue: fields[1]) else {
      return "calendar;administrative|postal"
    }
    name = given
    return nil
  }

  private mutating func takeWeek(_ fields: [String]) -> String? {
    let expected = "week;1-5"
    guard fields.count == 2 else { return expected }
    var days: Set<Int> = []
    for part in fields[1].split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
      guard let first = ends.first, let last = ends.last, ends.count <= 2, (1...7).contains(first),
        (first...7).contains(last)
      else { return expected }
      days.formUnion(first...last)
    }
    week = days
    return nil
  }

  private mutating func takeHours(_ fields: [String]) -> String? {
    let expected = "hours;07:00-11:30,13:30-17:00"
    guard fields.count == 2 else { return expected }
    var list: [CalendarData.Hours] = []
    for part in fields[1].split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map(Self.minutes)
      guard ends.count == 2, let from = ends[0], let to = ends[1], from < to, from >= list.last?.to ?? 0
      else { return expected }
      list.append(.init(from: from, to: to))
    }
    hours = list
    return nil
  }

  private mutating func takeYear(_ fields: [String]) -> String? {
    let expected =
      "year;YYYY (\(CalendarDate.acceptedYears.lowerBound)-\(CalendarDate.acceptedYears.upperBound))"
    guard (2...3).contains(fields.count), fields[1].utf8.count == 4, let year = Int(fields[1]),
      CalendarDate.acceptedYears.contains(year), let start = CalendarDate(year: year, month: 1, day: 1)
    else { return expected }
    guard !week.isEmpty, !hours.isEmpty else { return "week, hours" }
    guard !years.contains(where: { $0.year == year }) else { return "year;\(year) × 1" }
    var from = start
    if fields.count == 3 {
      guard let given = CalendarDate(fields[2]), given.year == year else {
        return "year;\(year);\(year)-mm-dd"
      }
      from = given
    }
    years.append(.init(year: year, from: from, week: week, hours: hours, days: []))
    return nil
  }

  private mutating func takeDay(_ fields: [String]) -> String? {
    let kinds = CalendarData.Kind.allCases.map(\.rawValue).joined(separator: "|")
    let expected = "yyyy-mm-dd;\(kinds);…;…"
    guard fields.count == 4, let date = CalendarDate(fields[0]), !fields[2].isEmpty, !fields[3].isEmpty else {
      return expected
    }
    let isProvisional = fields[1].hasSuffix("?")
    guard let kind = CalendarData.Kind(rawValue: String(fields[1].dropLast(isProvisional ? 1 : 0))) else {
      return expected
    }
    guard let last = years.indices.last, date.year == years[last].year, date >= years[last].from else {
      return "year;\(date.year)"
    }
    guard !years[last].days.contains(where: { $0.date == date }) else { return "\(date.text) × 1" }
    // A make-up day on a day of work, or a day off in lieu on a weekend, is a slip of the keyboard.
    let isWeekday = years[last].week.contains(date.weekday.rawValue)
    switch kind {
    case .makeup where isWeekday: return "makeup: 6-7"
    case .compensatory where !isWeekday, .swapped where !isWeekday: return "\(kind.rawValue): 1-5"
    default: break
    }
    years[last].days.append(
      .init(
        date: date, kind: kind, isProvisional: isProvisional, name: NormalizedText.nfc(fields[2]),
        source: NormalizedText.nfc(fields[3])))
    return nil
  }

  /// `hh:mm`, up to 24:00.
  private static func minutes(_ text: Substring) -> Int? {
    let bytes = Array(text.utf8)
    guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"),
      let hour = CodeText.number(bytes.span, at: 0, count: 2),
      let minute = CodeText.number(bytes.span, at: 3, count: 2), minute < 60, hour * 60 + minute <= 1440
    else { return nil }
    return hour * 60 + minute
  }

  private static func trimmed(_ text: Substring) -> String {
    let blanks: Set<Unicode.Scalar> = [" ", "\t", "\r"]
    var scalars = text.unicodeScalars
    while let first = scalars.first, blanks.contains(first) { scalars.removeFirst() }
    while let last = scalars.last, blanks.contains(last) { scalars.removeLast() }
    return String(scalars)
  }
}
