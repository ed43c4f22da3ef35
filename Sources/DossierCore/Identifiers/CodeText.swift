/// Which characters and lengths a code may have, and whether its slips of the keyboard are repaired.
struct CodeRule: Sendable {
  let characters: ASCIISet
  let lengths: ClosedRange<Int>
  /// Read `a` as `A`, and repair what `CodeText.folded` repairs.
  let folds: Bool
  let needsLetterOrDigit: Bool

  init(
    _ characters: ASCIISet, _ lengths: ClosedRange<Int>, folds: Bool = true, needsLetterOrDigit: Bool = true
  ) {
    self.characters = characters
    self.lengths = lengths
    self.folds = folds
    self.needsLetterOrDigit = needsLetterOrDigit
  }

  /// The canonical text of the code.
  func read(_ utf8: Span<UInt8>) throws(ParseRefusal) -> String {
    if !folds || CodeText.isPlain(utf8) { return try check(utf8) }
    let folded = try CodeText.folded(utf8)
    return try check(folded.span)
  }

  func check(_ utf8: Span<UInt8>) throws(ParseRefusal) -> String {
    guard lengths.contains(utf8.count) else {
      throw .length(found: utf8.count, allowed: lengths)
    }
    var hasLetterOrDigit = !needsLetterOrDigit
    for offset in utf8.indices {
      let byte = folds ? utf8[offset].uppercased : utf8[offset]
      guard characters.contains(byte) else { throw .character(at: offset) }
      hasLetterOrDigit = hasLetterOrDigit || byte.isDigit || byte.isUppercaseLetter || byte.isLowercaseLetter
    }
    guard hasLetterOrDigit else { throw .noLetterOrDigit }
    return CodeText.string(utf8, uppercasing: folds)
  }
}

/// A set of ASCII characters, asked once a byte.
struct ASCIISet: Sendable {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  init(_ characters: StaticString) {
    characters.withUTF8Buffer { buffer in
      for byte in buffer {
        if byte < 64 { low |= 1 << UInt64(byte) } else if byte < 128 { high |= 1 << UInt64(byte - 64) }
      }
    }
  }

  func contains(_ byte: UInt8) -> Bool {
    if byte < 64 { return low >> UInt64(byte) & 1 == 1 }
    return byte < 128 && high >> UInt64(byte - 64) & 1 == 1
  }
}

extension UInt8 {
  var isDigit: Bool { self &- 0x30 < 10 }
  var isUppercaseLetter: Bool { self &- 0x41 < 26 }
  var isLowercaseLetter: Bool { self &- 0x61 < 26 }
  /// ASCII only: other bytes stay as they are.
  var uppercased: UInt8 { isLowercaseLetter ? self & 0xDF : self }
  /// 0...9 for `0`...`9`; meaningless otherwise.
  var digit: Int { Int(self &- 0x30) }
}

/// What input methods, word processors and web pages do to a printed code, undone.
enum CodeText {
  /// No code in its worst dress is longer; more is refused before any work.
  static let greatestInput = 256

  /// Whether all bytes are visible ASCII characters, so that nothing has to be folded.
  static func isPlain(_ utf8: Span<UInt8>) -> Bool {
    for offset in utf8.indices where utf8[offset] &- 0x21 > 0x7E - 0x21 { return false }
    return true
  }

  /// ASCII bytes: full-width forms narrowed, hyphens and dashes made `-`, blanks made ` `, invisible characters and
  /// outer blanks dropped. Letters keep their case.
  /// - Throws: `character` for anything else outside ASCII, malformed UTF-8 included.
  static func folded(_ utf8: Span<UInt8>) throws(ParseRefusal) -> [UInt8] {
    guard utf8.count <= greatestInput else {
      throw .length(found: utf8.count, allowed: 1...greatestInput)
    }
    var folded: [UInt8] = []
    folded.reserveCapacity(utf8.count)
    var offset = 0
    while offset < utf8.count {
      let (byte, length) = try foldedCharacter(utf8, at: offset)
      offset += length
      guard let byte, !(byte == blank && folded.isEmpty) else { continue }
      folded.append(byte)
    }
    while folded.last == blank { folded.removeLast() }
    return folded
  }

  /// The ASCII character that stands for the one at `offset` (`nil`: none), and how many bytes that one has.
  private static func foldedCharacter(
    _ utf8: Span<UInt8>, at offset: Int
  ) throws(ParseRefusal) -> (byte: UInt8?, length: Int) {
    let first = utf8[offset]
    switch first {
    case 0x09, 0x0A, 0x0D, 0x20: return (blank, 1)
    case 0x21...0x7E: return (first, 1)
    default: break
    }
    let second = offset + 1 < utf8.count ? utf8[offset + 1] : 0
    let third = offset + 2 < utf8.count ? utf8[offset + 2] : 0
    switch (first, second, third) {
    case (0xC2, 0xA0, _): return (blank, 2)  // no-break space
    case (0xC2, 0xAD, _): return (nil, 2)  // soft hyphen
    case (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xAF), (0xE3, 0x80, 0x80): return (blank, 3)  // spaces
    case (0xE2, 0x80, 0x8B...0x8F), (0xE2, 0x81, 0xA0), (0xEF, 0xBB, 0xBF): return (nil, 3)  // invisible
    case (0xE2, 0x80, 0x90...0x95), (0xE2, 0x88, 0x92): return (0x2D, 3)  // hyphens, dashes, minus
    case (0xEF, 0xBC, 0x81...0xBF): return (third - 0x60, 3)  // full-width ! to _
    case (0xEF, 0xBD, 0x80...0x9E): return (third - 0x20, 3)  // full-width ` to ~
    default: throw .character(at: offset)
    }
  }

  /// A string of ASCII bytes that were checked before.
  static func string(_ ascii: Span<UInt8>, uppercasing: Bool = false) -> String {
    String(unsafeUninitializedCapacity: ascii.count) { buffer in
      for offset in ascii.indices {
        buffer[offset] = uppercasing ? ascii[offset].uppercased : ascii[offset]
      }
      return ascii.count
    }
  }

  /// Appends the last two decimal digits of a number that is not negative.
  static func appendPair(_ value: Int, to bytes: inout [UInt8]) {
    bytes.append(0x30 + UInt8(value / 10 % 10))
    bytes.append(0x30 + UInt8(value % 10))
  }

  /// Writes a number of two decimal digits where there is room for two bytes.
  @inline(__always)
  static func writePair(_ value: Int, to target: UnsafeMutablePointer<UInt8>) {
    target[0] = 0x30 &+ UInt8(truncatingIfNeeded: value / 10)
    target[1] = 0x30 &+ UInt8(truncatingIfNeeded: value % 10)
  }

  /// The number written by the `count` bytes at `offset`; `nil` when they are not all there, or not all digits.
  /// - Parameter count: at most 18, so that the number fits.
  static func number(_ utf8: Span<UInt8>, at offset: Int, count: Int) -> Int? {
    guard offset >= 0, offset + count <= utf8.count else { return nil }
    var value = 0
    for position in offset..<offset + count {
      guard utf8[position].isDigit else { return nil }
      value = value * 10 + utf8[position].digit
    }
    return value
  }

  private static let blank: UInt8 = 0x20
}
