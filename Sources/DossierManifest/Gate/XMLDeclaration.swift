/// `<?xml version="1.0" encoding="UTF-8"?>`, read more strictly than libxml2 does.
struct XMLDeclaration: Hashable {
  var version: String
  var encoding: String?

  /// A declaration that is longer hides something.
  static let greatestByteCount = 512

  /// Whether `bytes` begin a declaration; nil when more bytes are needed to know.
  static func begins(_ bytes: [UInt8]) -> Bool? {
    let mark = Array("<?xml".utf8)
    if bytes.count <= mark.count { return mark.starts(with: bytes) ? nil : false }
    return bytes.starts(with: mark) && isSpace(bytes[mark.count])
  }

  /// Offset behind `?>`.
  static func end(_ bytes: [UInt8]) -> Int? {
    var index = 1
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: ">"), bytes[index - 1] == UInt8(ascii: "?") { return index + 1 }
      index += 1
    }
    return nil
  }

  /// - Parameter bytes: from `<?xml` to `?>`.
  /// - Returns: nil when it follows no production 23 of XML 1.0.
  init?(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes.dropFirst(5).dropLast(2)
    guard let version = Self.pseudoAttribute("version", in: &rest) else { return nil }
    self.version = version
    encoding = Self.pseudoAttribute("encoding", in: &rest)
    if let standalone = Self.pseudoAttribute("standalone", in: &rest), standalone != "yes", standalone != "no"
    {
      return nil
    }
    guard rest.allSatisfy(Self.isSpace) else { return nil }
  }

  /// Takes ` name="value"` off the front, or nothing.
  private static func pseudoAttribute(_ name: String, in rest: inout ArraySlice<UInt8>) -> String? {
    let trimmed = rest.drop(while: isSpace)
    guard trimmed.count < rest.count, trimmed.starts(with: name.utf8) else { return nil }
    let equals = trimmed.dropFirst(name.utf8.count).drop(while: isSpace)
    guard equals.first == UInt8(ascii: "=") else { return nil }
    let quoted = equals.dropFirst().drop(while: isSpace)
    guard let quote = quoted.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
      let end = quoted.dropFirst().firstIndex(of: quote)
    else { return nil }
    let value = quoted[(quoted.startIndex + 1)..<end]
    guard !value.isEmpty, value.allSatisfy(isNameByte) else { return nil }
    rest = quoted[(end + 1)...]
    return String(decoding: value, as: UTF8.self)
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  /// Bytes of versions and encoding names (productions 26 and 81).
  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"),
      UInt8(ascii: ":"):
      true
    default: false
    }
  }
}
