/// An instant and the zone offset of the clock that told it.
///
/// Two values are equal when instant **and** offset are, because both are part of the statement. They are ordered by
/// instant alone: of 10:00+07:00 and 03:00Z neither comes before the other, so no rule finds a wrong order there.
public struct OffsetDateTime: TextualValue, Comparable {
  /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
  public let milliseconds: Int64
  /// Minutes east of UTC, -840...840.
  public let offsetMinutes: Int16

  /// Viet Nam has one zone, +07:00.
  public static let vietNamOffsetMinutes: Int16 = 7 * 60

  /// Digits of the fraction of a second that are tolerated; those after the third are cut off.
  public static let greatestFractionDigits = 9

  private static let millisecondsADay: Int64 = 86_400_000

  /// - Parameters:
  ///   - milliseconds: since 1970-01-01T00:00:00Z.
  ///   - offsetMinutes: minutes east of UTC.
  /// - Returns: `nil` when the offset is beyond ±14:00 or the local year is outside `CalendarDate.acceptedYears`.
  public init?(milliseconds: Int64, offsetMinutes: Int16) {
    guard (-840...840).contains(offsetMinutes) else { return nil }
    let (local, overflow) = milliseconds.addingReportingOverflow(Int64(offsetMinutes) * 60_000)
    guard !overflow, CalendarDate.acceptedYears.contains(Self.split(local).date.year) else { return nil }
    self.milliseconds = milliseconds
    self.offsetMinutes = offsetMinutes
  }

  // MARK: The clock on the wall

  /// The day at the place of the clock.
  public var localDate: CalendarDate { Self.split(localMilliseconds).date }

  /// Hour, minute, second and millisecond at the place of the clock.
  public var localTime: (hour: Int, minute: Int, second: Int, millisecond: Int) {
    let inDay = Self.split(localMilliseconds).inDay
    return (inDay / 3_600_000, inDay / 60_000 % 60, inDay / 1000 % 60, inDay % 1000)
  }

  public func isSameInstant(as other: OffsetDateTime) -> Bool { milliseconds == other.milliseconds }

  /// By instant; see the type.
  public static func < (left: OffsetDateTime, right: OffsetDateTime) -> Bool {
    left.milliseconds < right.milliseconds
  }

  private var localMilliseconds: Int64 { milliseconds + Int64(offsetMinutes) * 60_000 }

  /// Not for instants before 1970, which no value holds: they only have to fall outside the accepted years.
  private static func split(_ local: Int64) -> (date: CalendarDate, inDay: Int) {
    let day = local / millisecondsADay
    return (CalendarDate(clamped: Int(day)), Int(local % millisecondsADay))
  }

  // MARK: Text

  /// Reads `yyyy-mm-ddThh:mm:ss[.fraction](Z|±hh:mm)` (RFC 3339, xs:dateTime), more strictly than both: the zone is
  /// required, the year lies in `CalendarDate.acceptedYears`, `T` and `Z` are capitals, and 24:00:00 and second 60 are
  /// refused. Of four to nine fraction digits the first three count; more are refused.
  public static func read(_ utf8: Span<UInt8>) throws(ParseRefusal) -> OffsetDateTime {
    let date = try CalendarDate.readPrefix(utf8)
    guard let hour = CodeText.number(utf8, at: 11, count: 2),
      let minute = CodeText.number(utf8, at: 14, count: 2),
      let second = CodeText.number(utf8, at: 17, count: 2), utf8[10] == UInt8(ascii: "T"),
      utf8[13] == UInt8(ascii: ":"), utf8[16] == UInt8(ascii: ":")
    else { throw .form }
    guard hour < 24, minute < 60, second <= 60 else { throw .time }
    guard second < 60 else { throw .leapSecond }
    var offset = 19
    let fraction = try readFraction(utf8, at: &offset)
    let zone = try readZone(utf8, at: offset)
    let inDay = Int64(((hour * 60 + minute) * 60 + second) * 1000 + fraction)
    let instant = Int64(date.daysSince1970) * millisecondsADay + inDay - Int64(zone) * 60_000
    return OffsetDateTime(checkedMilliseconds: instant, offsetMinutes: zone)
  }

  private init(checkedMilliseconds: Int64, offsetMinutes: Int16) {
    milliseconds = checkedMilliseconds
    self.offsetMinutes = offsetMinutes
  }

  /// Milliseconds of a fraction at `offset`, which is moved behind it.
  private static func readFraction(_ utf8: Span<UInt8>, at offset: inout Int) throws(ParseRefusal) -> Int {
    guard offset < utf8.count, utf8[offset] == UInt8(ascii: ".") else { return 0 }
    offset += 1
    let start = offset
    var milliseconds = 0
    var scale = 100
    while offset < utf8.count, utf8[offset].isDigit {
      milliseconds += utf8[offset].digit * scale
      scale /= 10
      offset += 1
    }
    guard offset > start else { throw .form }
    guard offset - start <= greatestFractionDigits else { throw .fraction(digits: offset - start) }
    return milliseconds
  }

  private static func readZone(_ utf8: Span<UInt8>, at offset: Int) throws(ParseRefusal) -> Int16 {
    guard offset < utf8.count else { throw .zoneMissing }
    if utf8[offset] == UInt8(ascii: "Z") {
      guard utf8.count == offset + 1 else { throw .form }
      return 0
    }
    let isEast = utf8[offset] == UInt8(ascii: "+")
    guard isEast || utf8[offset] == UInt8(ascii: "-"), utf8.count == offset + 6,
      let hours = CodeText.number(utf8, at: offset + 1, count: 2), utf8[offset + 3] == UInt8(ascii: ":"),
      let minutes = CodeText.number(utf8, at: offset + 4, count: 2)
    else { throw .form }
    guard minutes < 60, hours * 60 + minutes <= 840 else { throw .zoneOutOfRange }
    return Int16((hours * 60 + minutes) * (isEast ? 1 : -1))
  }

  /// `2026-01-05T16:30:00+07:00`; milliseconds only when there are some, `Z` for no offset.
  public var text: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(29)
    append(to: &bytes)
    return CodeText.string(bytes.span)
  }

  public func append(to bytes: inout [UInt8]) {
    localDate.append(to: &bytes)
    let (hour, minute, second, millisecond) = localTime
    bytes.append(UInt8(ascii: "T"))
    CodeText.appendPair(hour, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    CodeText.appendPair(minute, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    CodeText.appendPair(second, to: &bytes)
    if millisecond > 0 {
      bytes.append(UInt8(ascii: "."))
      bytes.append(0x30 + UInt8(millisecond / 100))
      CodeText.appendPair(millisecond, to: &bytes)
    }
    guard offsetMinutes != 0 else { return bytes.append(UInt8(ascii: "Z")) }
    bytes.append(UInt8(ascii: offsetMinutes > 0 ? "+" : "-"))
    CodeText.appendPair(Int(offsetMinutes.magnitude) / 60, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    CodeText.appendPair(Int(offsetMinutes.magnitude) % 60, to: &bytes)
  }
}
