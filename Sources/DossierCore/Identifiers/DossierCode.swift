/// The code of an administrative dossier (mã hồ sơ).
///
/// Two national forms: unit code, day of reception as `YYMMDD`, daily sequence of four to six digits.
/// The unit code stood lowest level first until 15 September 2020 (`000.17.22.H56-210531-0001`, Circular
/// 01/2018/TT-VPCP article 19) and stands highest level first since (`H56.22.17-210531-0001`, Decision
/// 20/2020/QĐ-TTg). Ministries also use numbers of their own, which are taken with a warning.
///
/// Two codes are equal when their normalised texts are: capitals, highest level first. There is no check digit.
public struct DossierCode: TextualValue, Comparable {
  public enum Form: String, Hashable, Sendable {
    /// Highest level first: the form in force.
    case current
    /// Lowest level first: the form before 15 September 2020.
    case former
    /// Neither: a ministry's own number.
    case foreign
  }

  public struct Components: Hashable, Sendable {
    /// The unit code, highest level first, such as `H56.22.17`.
    public let unit: String
    /// The day of reception; the two digits of its year are read as 2000 to 2099.
    public let date: CalendarDate
    /// The digits of the daily sequence with their leading zeros: `0001` and `00001` are different codes.
    public let sequence: String
  }

  /// The text as it was given.
  public let raw: String
  /// The text that is compared, searched and printed.
  public let normalised: String
  public let form: Form
  private let date: CalendarDate?

  public var text: String { normalised }
  public var isForeign: Bool { form == .foreign }
  public var warnings: [ParseWarning] { isForeign ? [.foreignDossierCode] : [] }

  /// The parts of a national code; `nil` for a foreign one.
  public var components: Components? {
    guard let date else { return nil }
    let parts = normalised.split(separator: "-")
    guard parts.count == 3 else { return nil }
    return Components(unit: String(parts[0]), date: date, sequence: String(parts[2]))
  }

  /// A text with the shape of a national code whose day is not in the calendar is refused, not taken for a foreign code.
  public static func read(_ utf8: Span<UInt8>) throws(ParseRefusal) -> DossierCode {
    if CodeText.isPlain(utf8) { return try read(ascii: utf8, given: utf8) }
    let folded = try CodeText.folded(utf8)
    return try read(ascii: folded.span, given: utf8)
  }

  private static func read(ascii: Span<UInt8>, given: Span<UInt8>) throws(ParseRefusal) -> DossierCode {
    let current = currentUnitEnd(ascii)
    guard let unitEnd = current ?? formerUnitEnd(ascii), hasDateAndSequence(ascii, from: unitEnd) else {
      let normalised = try foreignRule.check(ascii)
      guard ascii[0].isDigit || ascii[0].uppercased.isUppercaseLetter else { throw .character(at: 0) }
      return DossierCode(raw: string(given), normalised: normalised, form: .foreign, date: nil)
    }
    guard let day = CodeText.number(ascii, at: unitEnd + 1, count: 6),
      let date = CalendarDate(year: 2000 + day / 10_000, month: day / 100 % 100, day: day % 100)
    else { throw .date }
    let raw = string(given)
    guard current == nil else {
      let isCanonical = given.count == ascii.count && ascii[0].isUppercaseLetter
      let normalised = isCanonical ? raw : CodeText.string(ascii, uppercasing: true)
      return DossierCode(raw: raw, normalised: normalised, form: .current, date: date)
    }
    return DossierCode(raw: raw, normalised: reversed(ascii, unitEnd: unitEnd), form: .former, date: date)
  }

  /// Whether the bytes are a code of the form in force in its canonical text, so that there is nothing to be made of them.
  public static func isCanonical(_ utf8: UnsafeRawBufferPointer) -> Bool {
    let ascii = utf8.bindMemory(to: UInt8.self).span
    guard let unitEnd = currentUnitEnd(ascii), ascii[0].isUppercaseLetter,
      hasDateAndSequence(ascii, from: unitEnd),
      let day = CodeText.number(ascii, at: unitEnd + 1, count: 6)
    else { return false }
    return CalendarDate(year: 2000 + day / 10_000, month: day / 100 % 100, day: day % 100) != nil
  }

  // MARK: Forms

  private static let foreignRule = CodeRule(ASCIISet("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ./_-"), 4...40)

  /// End of `[A-Y]\d{2}(\.\d{1,3}){0,6}` at the start.
  private static func currentUnitEnd(_ ascii: Span<UInt8>) -> Int? {
    guard isProvince(ascii, at: 0) else { return nil }
    var end = 3
    for _ in 0..<6 where end < ascii.count && ascii[end] == dot {
      let digits = digitCount(ascii, from: end + 1, atMost: 4)
      guard (1...3).contains(digits) else { return nil }
      end += 1 + digits
    }
    return end
  }

  /// End of `\d{3}\.\d{2}\.\d{2}\.[A-Y]\d{2}` at the start.
  private static func formerUnitEnd(_ ascii: Span<UInt8>) -> Int? {
    guard ascii.count > 13, CodeText.number(ascii, at: 0, count: 3) != nil, ascii[3] == dot,
      CodeText.number(ascii, at: 4, count: 2) != nil, ascii[6] == dot,
      CodeText.number(ascii, at: 7, count: 2) != nil, ascii[9] == dot, isProvince(ascii, at: 10)
    else { return nil }
    return 13
  }

  /// Whether `-\d{6}-\d{4,6}` stands between `start` and the end.
  private static func hasDateAndSequence(_ ascii: Span<UInt8>, from start: Int) -> Bool {
    guard (12...14).contains(ascii.count - start), ascii[start] == hyphen, ascii[start + 7] == hyphen else {
      return false
    }
    return digitCount(ascii, from: start + 1, atMost: 6) == 6
      && digitCount(ascii, from: start + 8, atMost: 6) == ascii.count - start - 8
  }

  private static func isProvince(_ ascii: Span<UInt8>, at offset: Int) -> Bool {
    guard offset + 3 <= ascii.count else { return false }
    return ascii[offset].uppercased &- UInt8(ascii: "A") < 25 && ascii[offset + 1].isDigit
      && ascii[offset + 2].isDigit
  }

  private static func digitCount(_ ascii: Span<UInt8>, from start: Int, atMost limit: Int) -> Int {
    var count = 0
    while count < limit, start + count < ascii.count, ascii[start + count].isDigit { count += 1 }
    return count
  }

  /// `000.17.22.H56-210531-0001` becomes `H56.22.17-210531-0001`: the groups the other way round, without the zero
  /// groups that led.
  private static func reversed(_ ascii: Span<UInt8>, unitEnd: Int) -> String {
    var unit: [UInt8] = []
    for group in [10..<13, 7..<9, 4..<6, 0..<3] {
      if !unit.isEmpty { unit.append(dot) }
      for offset in group { unit.append(ascii[offset].uppercased) }
    }
    // The zero groups that led in the former form are now the last ones.
    for zeros: [UInt8] in [[dot, 0x30, 0x30, 0x30], [dot, 0x30, 0x30], [dot, 0x30, 0x30]]
    where unit.suffix(zeros.count).elementsEqual(zeros) {
      unit.removeLast(zeros.count)
    }
    for offset in unitEnd..<ascii.count { unit.append(ascii[offset]) }
    return CodeText.string(unit.span)
  }

  /// The bytes were folded without refusal, so they are well-formed UTF-8.
  private static func string(_ utf8: Span<UInt8>) -> String { CodeText.string(utf8) }

  private static let dot = UInt8(ascii: ".")
  private static let hyphen = UInt8(ascii: "-")

  // MARK: Comparing

  public static func == (left: DossierCode, right: DossierCode) -> Bool {
    left.normalised == right.normalised
  }
  public static func < (left: DossierCode, right: DossierCode) -> Bool { left.normalised < right.normalised }
  public func hash(into hasher: inout Hasher) { hasher.combine(normalised) }
}
