/// The code of an administrative procedure (mã TTHC): national `1.001193`, or the copy of one province or ministry
/// `1.000656.000.00.00.H56`.
public struct ProcedureCode: TextualValue, Comparable {
  public let text: String

  private init(text: String) { self.text = text }

  /// The procedure in the national database, such as `1.000656`.
  public var national: String { String(text.prefix(8)) }

  /// The level-1 unit that keeps its own copy, such as `H56`; `nil` for the national code.
  public var localUnit: String? { text.utf8.count > 8 ? String(text.suffix(3)) : nil }

  /// Whether the bytes are a national code as it stands: eight characters, of which letters are none.
  public static func isNational(_ utf8: UnsafeRawBufferPointer) -> Bool {
    guard utf8.count == 8, utf8[1] == UInt8(ascii: ".") else { return false }
    for offset in 0..<8 where offset != 1 && !utf8[offset].isDigit { return false }
    return true
  }

  public static func read(_ utf8: Span<UInt8>) throws(ParseRefusal) -> ProcedureCode {
    if CodeText.isPlain(utf8) { return try read(ascii: utf8) }
    let folded = try CodeText.folded(utf8)
    return try read(ascii: folded.span)
  }

  /// `9` stands for a digit, `A` for one of A to Y; the rest is literal.
  private static let localForm = Array("9.999999.000.00.00.A99".utf8)
  private static let lengths = 8...localForm.count

  private static func read(ascii: Span<UInt8>) throws(ParseRefusal) -> ProcedureCode {
    guard lengths.contains(ascii.count) else { throw .length(found: ascii.count, allowed: lengths) }
    guard ascii.count == lengths.lowerBound || ascii.count == lengths.upperBound else { throw .form }
    for offset in ascii.indices where !fits(ascii[offset], localForm[offset]) {
      throw .character(at: offset)
    }
    return ProcedureCode(text: CodeText.string(ascii, uppercasing: true))
  }

  private static func fits(_ byte: UInt8, _ place: UInt8) -> Bool {
    if place == UInt8(ascii: "9") { return byte.isDigit }
    if place == UInt8(ascii: "A") { return byte.uppercased &- UInt8(ascii: "A") < 25 }
    return byte == place
  }

  public static func < (left: ProcedureCode, right: ProcedureCode) -> Bool { left.text < right.text }
}
