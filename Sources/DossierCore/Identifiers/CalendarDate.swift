internal import CustodyLog

public enum Weekday: Int, Hashable, Sendable, CaseIterable {
  case monday = 1
  case tuesday, wednesday, thursday, friday, saturday, sunday
}

/// A day of the proleptic Gregorian calendar, years 1 to 9999, without a zone.
///
/// Texts are narrower than arithmetic: a date is read only within `acceptedYears`, because a year outside them in a
/// manifest is a slip of the keyboard.
public struct CalendarDate: TextualValue, Strideable {
  /// 0 is 1 January 1970.
  public let daysSince1970: Int32

  /// The years that a text may name.
  public static let acceptedYears = 1990...2100

  private static let bounds = -719_162...2_932_896  // 0001-01-01 to 9999-12-31

  /// - Parameter daysSince1970: `nil` is given back outside the years 1 to 9999.
  public init?(daysSince1970: Int) {
    guard Self.bounds.contains(daysSince1970) else { return nil }
    self.daysSince1970 = Int32(daysSince1970)
  }

  /// `nil` for a day that is not in the calendar.
  public init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month),
      (1...Self.lastDay(ofMonth: month, year: year)).contains(day)
    else { return nil }
    daysSince1970 = Int32(Self.days(year: year, month: month, day: day))
  }

  // MARK: Year, month, day

  public var year: Int { civil.year }
  /// 1...12.
  public var month: Int { civil.month }
  /// 1...31.
  public var day: Int { civil.day }

  public var weekday: Weekday {
    // 1 January 1970 was a Thursday.
    let fromMonday = (Int(daysSince1970) % 7 + 7 + 3) % 7
    return Weekday(rawValue: fromMonday + 1) ?? .monday
  }

  /// `202601` for any day of January 2026.
  public var monthKey: Int {
    let (year, month, _) = civil
    return year * 100 + month
  }

  /// Year, month and day together, for the price of one conversion.
  /// The inverse of `days(year:month:day:)`, by the same 400-year eras that begin on 1 March
  /// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`).
  public var civil: (year: Int, month: Int, day: Int) {
    let shifted = Int(daysSince1970) + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  /// `days_from_civil` of the same source.
  private static func days(year: Int, month: Int, day: Int) -> Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func lastDay(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  // MARK: Counting days

  /// The day `days` later, or earlier when negative; beyond the years 1 to 9999 it is their first or last day.
  public func advanced(by days: Int) -> CalendarDate {
    let (sum, overflow) = Int(daysSince1970).addingReportingOverflow(days)
    let reached = overflow ? (days > 0 ? Int.max : Int.min) : sum
    return CalendarDate(clamped: reached)
  }

  /// How many days later `other` is.
  public func distance(to other: CalendarDate) -> Int { Int(other.daysSince1970) - Int(daysSince1970) }

  /// The nearest day of the years 1 to 9999.
  init(clamped days: Int) {
    daysSince1970 = Int32(min(max(days, Self.bounds.lowerBound), Self.bounds.upperBound))
  }

  public static func == (left: CalendarDate, right: CalendarDate) -> Bool {
    left.daysSince1970 == right.daysSince1970
  }

  public static func < (left: CalendarDate, right: CalendarDate) -> Bool {
    left.daysSince1970 < right.daysSince1970
  }

  // MARK: Text

  /// Reads `yyyy-mm-dd`, nothing more: no zone, no sign, no blanks.
  public static func read(_ utf8: Span<UInt8>) throws(ParseRefusal) -> CalendarDate {
    let date = try readPrefix(utf8)
    guard utf8.count == 10 else { throw .length(found: utf8.count, allowed: 10...10) }
    return date
  }

  /// Reads the date in the first ten bytes.
  static func readPrefix(_ utf8: Span<UInt8>) throws(ParseRefusal) -> CalendarDate {
    if let date = plainPrefix(utf8) { return date }
    guard !hasLongOrNegativeYear(utf8) else { throw .yearOutOfRange }
    guard let year = CodeText.number(utf8, at: 0, count: 4),
      let month = CodeText.number(utf8, at: 5, count: 2),
      let day = CodeText.number(utf8, at: 8, count: 2), utf8[4] == UInt8(ascii: "-"),
      utf8[7] == UInt8(ascii: "-")
    else { throw .form }
    guard acceptedYears.contains(year) else { throw .yearOutOfRange }
    guard let date = CalendarDate(year: year, month: month, day: day) else { throw .date }
    return date
  }

  /// The date in the first ten bytes when nothing is wrong with it.
  @inline(__always)
  private static func plainPrefix(_ utf8: Span<UInt8>) -> CalendarDate? {
    guard utf8.count >= 10, utf8[4] == UInt8(ascii: "-"), utf8[7] == UInt8(ascii: "-") else { return nil }
    guard utf8[0].isDigit, utf8[1].isDigit, utf8[2].isDigit, utf8[3].isDigit, utf8[5].isDigit,
      utf8[6].isDigit, utf8[8].isDigit, utf8[9].isDigit
    else { return nil }
    let year = (utf8[0].digit * 10 + utf8[1].digit) * 100 + utf8[2].digit * 10 + utf8[3].digit
    guard acceptedYears.contains(year) else { return nil }
    return CalendarDate(
      year: year, month: utf8[5].digit * 10 + utf8[6].digit, day: utf8[8].digit * 10 + utf8[9].digit)
  }

  /// `-2026-01-05` and `12026-01-05` are well-formed for XSD.
  private static func hasLongOrNegativeYear(_ utf8: Span<UInt8>) -> Bool {
    var offset = 0
    let isNegative = utf8.count > 0 && utf8[0] == UInt8(ascii: "-")
    if isNegative { offset += 1 }
    let start = offset
    while offset < utf8.count, utf8[offset].isDigit { offset += 1 }
    guard offset < utf8.count, utf8[offset] == UInt8(ascii: "-") else { return false }
    return isNegative ? offset - start >= 4 : offset - start > 4
  }

  /// `yyyy-mm-dd`.
  public var text: String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return CodeText.string(bytes.span)
  }

  public func append(to bytes: inout [UInt8]) {
    let (year, month, day) = civil
    CodeText.appendPair(year / 100, to: &bytes)
    CodeText.appendPair(year, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    CodeText.appendPair(month, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    CodeText.appendPair(day, to: &bytes)
  }

  /// Appends the ten characters of `text`.
  func append(to output: inout OutputBuffer) {
    let (year, month, day) = civil
    output.append(atMost: 10) { target in
      CodeText.writePair(year / 100, to: target)
      CodeText.writePair(year % 100, to: target + 2)
      target[4] = UInt8(ascii: "-")
      CodeText.writePair(month, to: target + 5)
      target[7] = UInt8(ascii: "-")
      CodeText.writePair(day, to: target + 8)
      return 10
    }
  }
}
