internal import DossierCore

/// A day, with the time of day where the software gives one.
struct SoftwareTime: Hashable, Sendable, Comparable {
  var day: CalendarDate
  /// Seconds since midnight in Viet Nam.
  var seconds: Int32?

  init(_ day: CalendarDate, seconds: Int? = nil) {
    self.day = day
    self.seconds = seconds.map { Int32(clamping: $0) }
  }

  /// The instant at which it begins: a day without a time at midnight.
  private var start: (Int32, Int32) { (day.daysSince1970, seconds ?? 0) }

  static func < (left: Self, right: Self) -> Bool { left.start < right.start }

  /// Whether it lies after a term: a day without a time is kept until it is over.
  func isAfter(due: SoftwareTime) -> Bool {
    guard day == due.day else { return day > due.day }
    guard let limit = due.seconds else { return false }
    return (seconds ?? 0) > limit
  }

  /// An instant of the log as the software would write it, in Viet Nam.
  init?(milliseconds: Int64) {
    guard let time = OffsetDateTime(milliseconds: milliseconds, offsetMinutes: 420) else { return nil }
    let clock = time.localTime
    self.init(time.localDate, seconds: (clock.hour * 60 + clock.minute) * 60 + clock.second)
  }

  var text: String {
    guard let seconds else { return day.text }
    let parts = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return day.text + "T" + parts.joined(separator: ":") + "+07:00"
  }
}

/// Reads cells as the one-stop software writes them.
enum SoftwareValue {
  /// `yyyyMMddHHmmss`, `dd/MM/yyyy[ HH:mm[:ss]]` with the time before or after, ISO 8601, or a date of a workbook.
  ///
  /// - Returns: nil for anything else, and for a day that is not in the calendar.
  static func time(_ cell: SheetCell) -> SoftwareTime? {
    switch cell {
    case .date(let day): isAccepted(day) ? SoftwareTime(day) : nil
    case .time(let day, let seconds): isAccepted(day) ? SoftwareTime(day, seconds: seconds) : nil
    case .text(let text): text.utf8.count <= 64 ? time(text) : nil
    case .number(let value, _, _): whole(value).flatMap { time(String($0)) }
    case .empty, .flag: nil
    }
  }

  private static func isAccepted(_ day: CalendarDate) -> Bool {
    CalendarDate.acceptedYears.contains(day.year)
  }

  private static func time(_ text: String) -> SoftwareTime? {
    if let instant = OffsetDateTime(text) { return SoftwareTime(milliseconds: instant.milliseconds) }
    let bytes = Array(text.utf8)
    if bytes.allSatisfy({ (0x30...0x39).contains($0) }) { return compact(bytes) }
    var day: CalendarDate?
    var clock: Int?
    var isAfternoon = false
    for word in text.split(whereSeparator: { $0 == " " || $0 == "T" || $0 == "\u{A0}" || $0 == "," }) {
      if word.contains(":") {
        guard clock == nil, let seconds = seconds(word) else { return nil }
        clock = seconds
      } else if word == "SA" || word == "AM" || word == "-" {
        continue
      } else if word == "CH" || word == "PM" {
        isAfternoon = true
      } else {
        guard day == nil, let date = date(word) else { return nil }
        day = date
      }
    }
    guard let day else { return nil }
    if isAfternoon, let morning = clock, morning < 43_200 { clock = morning + 43_200 }
    return SoftwareTime(day, seconds: clock)
  }

  /// `yyyyMMdd`, `yyyyMMddHHmm`, `yyyyMMddHHmmss`.
  private static func compact(_ digits: [UInt8]) -> SoftwareTime? {
    func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + Int($1 - 0x30) } }
    guard [8, 12, 14].contains(digits.count),
      let day = CalendarDate(year: number(0..<4), month: number(4..<6), day: number(6..<8)), isAccepted(day)
    else { return nil }
    guard digits.count > 8 else { return SoftwareTime(day) }
    let (hour, minute, second) = (number(8..<10), number(10..<12), digits.count == 14 ? number(12..<14) : 0)
    guard hour < 24, minute < 60, second < 60 else { return nil }
    return SoftwareTime(day, seconds: (hour * 60 + minute) * 60 + second)
  }

  /// `dd/MM/yyyy`, also with dashes or dots, or `yyyy-MM-dd`: in Viet Nam the day stands before the month.
  private static func date(_ word: Substring) -> CalendarDate? {
    let parts = word.split(omittingEmptySubsequences: false) { "/-.".contains($0) }
    guard parts.count == 3, parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else {
      return nil
    }
    let lengths = parts.map(\.utf8.count)
    guard let first = Int(parts[0]), let month = Int(parts[1]), let last = Int(parts[2]), lengths[1] <= 2
    else {
      return nil
    }
    let day: CalendarDate?
    if lengths[0] == 4, lengths[2] <= 2 {
      day = CalendarDate(year: first, month: month, day: last)
    } else if lengths[0] <= 2, lengths[2] == 4 {
      day = CalendarDate(year: last, month: month, day: first)
    } else {
      return nil
    }
    return day.flatMap { isAccepted($0) ? $0 : nil }
  }

  /// `HH:mm[:ss[.fraction]]`, a zone of Viet Nam after it passed over.
  private static func seconds(_ word: Substring) -> Int? {
    var word = word
    if word.hasSuffix("+07:00") { word = word.dropLast(6) }
    if let dot = word.firstIndex(of: ".") { word = word[..<dot] }
    let parts = word.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count),
      parts.allSatisfy({
        (1...2).contains($0.utf8.count) && $0.utf8.allSatisfy { (0x30...0x39).contains($0) }
      })
    else { return nil }
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == parts.count, numbers[0] < 24, numbers.dropFirst().allSatisfy({ $0 < 60 }) else {
      return nil
    }
    return (numbers[0] * 60 + numbers[1]) * 60 + (numbers.count == 3 ? numbers[2] : 0)
  }

  private static func whole(_ value: Double) -> Int64? {
    value.magnitude < 1e15 && value == value.rounded() ? Int64(value) : nil
  }

  // MARK: Codes and words

  /// The text of a cell; nil for an empty one.
  static func text(_ cell: SheetCell) -> String? {
    switch cell {
    case .text(let text): text.isEmpty ? nil : text
    case .number(let value, _, _): whole(value).map { String($0) } ?? "\(value)"
    case .date(let day): day.text
    case .time(let day, _): day.text
    case .flag(let flag): flag ? "1" : "0"
    case .empty: nil
    }
  }

  /// Channel of filing: 1 at the counter, 2 online, 3 by the public postal service (KenhThucHien).
  static func channel(_ cell: SheetCell) -> Int8? {
    guard let text = text(cell), text.utf8.count <= 200 else { return nil }
    let key = SoftwareColumn.key(text)
    switch key {
    case "1", "2", "3": return Int8(key)
    default: break
    }
    if isPost(key) { return 3 }
    if key.contains("tructuyen") { return 2 }
    return key.contains("tructiep") ? 1 : nil
  }

  /// Whether the result goes by post (HinhThucTra: 0 counter, 1 post).
  static func isReturnedByPost(_ cell: SheetCell) -> Bool? {
    guard let text = text(cell), text.utf8.count <= 200 else { return nil }
    let key = SoftwareColumn.key(text)
    if key == "1" || isPost(key) { return true }
    return key == "0" || key.contains("tructiep") || key.contains("taibophan") || key.contains("motcua")
      || key.contains("tructuyen") || key.contains("dientu") ? false : nil
  }

  private static func isPost(_ key: String) -> Bool {
    key.contains("buuchinh") || key.contains("buudien") || key.contains("bcci") || key.contains("vnpost")
  }
}
