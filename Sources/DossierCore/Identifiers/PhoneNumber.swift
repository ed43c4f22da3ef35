/// A Vietnamese phone number: `0` or `+84`, then 3 5 7 8 or 9 and eight digits (mobile), or 2 and nine digits
/// (landline). Blanks, dots, hyphens, slashes and parentheses between the digits are dropped.
///
/// Personal data: the description is the masked number, so that a number put into a message by mistake stays hidden.
/// Who needs it asks for `text`.
public struct PhoneNumber: TextualValue {
  /// The digits after the country code; a landline has ten of them, a mobile nine.
  private let national: Int64

  public var isMobile: Bool { national < 1_000_000_000 }

  /// `+84912345678`.
  public var text: String { "+84\(national)" }

  /// `+84******678`.
  public var masked: String {
    "+84" + String(repeating: "*", count: String(national).utf8.count - 3) + lastDigits(3)
  }

  public var description: String { masked }

  /// The last digits, by which a person recognises the number.
  /// - Parameter count: how many; fewer come when the number has fewer after its country code.
  public func lastDigits(_ count: Int) -> String { String(String(national).suffix(max(0, count))) }

  public static func read(_ utf8: Span<UInt8>) throws(ParseRefusal) -> PhoneNumber {
    if let national = plainNational(utf8) { return PhoneNumber(national: national) }
    let folded = try CodeText.folded(utf8)
    var digits: [UInt8] = []
    for (offset, byte) in folded.enumerated() where !separators.contains(byte) {
      let isPlusInFront = byte == UInt8(ascii: "+") && digits.isEmpty
      guard byte.isDigit || isPlusInFront else { throw .character(at: offset) }
      digits.append(byte)
    }
    let countryCode = Array("+84".utf8)
    let prefix = digits.starts(with: countryCode) ? 3 : digits.first == UInt8(ascii: "0") ? 1 : 0
    guard prefix > 0, digits.count > prefix else { throw .form }
    let expected: Int
    switch digits[prefix] {
    case UInt8(ascii: "2"): expected = 10
    case UInt8(ascii: "3"), UInt8(ascii: "5"), UInt8(ascii: "7"), UInt8(ascii: "8"), UInt8(ascii: "9"):
      expected = 9
    default: throw .form
    }
    guard digits.count == prefix + expected else {
      throw .length(found: digits.count, allowed: prefix + expected...prefix + expected)
    }
    guard let national = CodeText.number(digits.span, at: prefix, count: expected) else { throw .form }
    return PhoneNumber(national: Int64(national))
  }

  /// The number behind the 0 when it is written with nothing but digits, as most are.
  private static func plainNational(_ utf8: Span<UInt8>) -> Int64? {
    guard utf8.count >= 10, utf8[0] == UInt8(ascii: "0") else { return nil }
    switch utf8[1] {
    case UInt8(ascii: "2"): guard utf8.count == 11 else { return nil }
    case UInt8(ascii: "3"), UInt8(ascii: "5"), UInt8(ascii: "7"), UInt8(ascii: "8"), UInt8(ascii: "9"):
      guard utf8.count == 10 else { return nil }
    default: return nil
    }
    return CodeText.number(utf8, at: 1, count: utf8.count - 1).map { Int64($0) }
  }

  private static let separators = ASCIISet(" .-/()")
}
