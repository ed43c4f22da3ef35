/// A code that we print ourselves: commands, counters, public look-ups.
///
/// Its 22 characters hold no vowel, no D, no W and none of the letters by which input methods put tones, so that neither
/// Telex nor VNI nor VIQR has anything to rewrite in it. The last character checks the others (ISO 7064, hybrid system
/// MOD 23,22): it shows every single wrong character, and all but one in 231 exchanges of neighbours.
public struct OwnCode: TextualValue {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Something to be done on a screen.
    case command = "QL"
    /// A station or counter.
    case station = "QT"
    /// A citizen's look-up of one item.
    case lookup = "QC"
  }

  public static let alphabet = Array("0123456789BCGHKLMNPQTV".utf8)

  public let text: String
  public let kind: Kind

  /// What the code says, without kind and check character.
  public var payload: Substring { text.dropFirst(2).dropLast() }

  private init(text: String, kind: Kind) {
    self.text = text
    self.kind = kind
  }

  /// - Parameter payload: 1 to 60 characters of ``alphabet``.
  /// - Returns: nil for any other payload.
  public init?(_ kind: Kind, payload: some StringProtocol) {
    let body = Array(kind.rawValue.utf8) + payload.utf8
    guard (3...62).contains(body.count), let check = Self.check(body[...]) else { return nil }
    self.init(text: String(decoding: body + [check], as: UTF8.self), kind: kind)
  }

  /// Reads a code in capitals or small letters; blanks and hyphens, as in a number read out in groups, are dropped.
  public static func read(_ utf8: Span<UInt8>) throws(ParseRefusal) -> OwnCode {
    let folded = try CodeText.folded(utf8)
    let code = folded.filter { $0 != 0x20 && $0 != 0x2D }.map(\.uppercased)
    guard (4...63).contains(code.count) else { throw .length(found: code.count, allowed: 4...63) }
    for offset in code.indices where value(code[offset]) == nil { throw .character(at: offset) }
    guard let kind = Kind(rawValue: String(decoding: code[..<2], as: UTF8.self)),
      check(code[..<(code.count - 1)]) == code.last
    else { throw .form }
    return OwnCode(text: String(decoding: code, as: UTF8.self), kind: kind)
  }

  /// The check character of these characters; nil when one of them is not in the alphabet.
  static func check(_ body: ArraySlice<UInt8>) -> UInt8? {
    let count = alphabet.count
    var product = count
    for byte in body {
      guard let value = value(byte) else { return nil }
      let sum = (product + value) % count
      product = (sum == 0 ? count : sum) * 2 % (count + 1)
    }
    return alphabet[(count + 1 - product) % count]
  }

  private static func value(_ byte: UInt8) -> Int? { alphabet.firstIndex(of: byte) }
}
