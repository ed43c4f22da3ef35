import DossierCore

/// What the first bytes of a document say about the rest of it.
enum EncodingSniffer {
  enum Encoding: Hashable {
    case utf8
    case utf16(isBigEndian: Bool)
  }

  enum Answer: Hashable {
    /// The encoding, and how many bytes of byte order mark come first.
    case text(Encoding, markCount: Int)
    case refused(FindingCode, found: String?)
  }

  /// Bytes that decide; fewer only when the document has no more.
  static let byteCount = 6

  static let gzipMagic: [UInt8] = [0x1F, 0x8B]

  /// Other formats that people take for a manifest.
  private static let formats: [(name: String, magic: [UInt8])] = [
    ("gzip", gzipMagic), ("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]), ("zip", [0x50, 0x4B, 0x03, 0x04]),
    ("PDF", [0x25, 0x50, 0x44, 0x46]), ("zstd", [0x28, 0xB5, 0x2F, 0xFD]), ("bzip2", [0x42, 0x5A, 0x68]),
    ("7z", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]), ("RAR", [0x52, 0x61, 0x72, 0x21]),
    ("Microsoft Office 97-2003", [0xD0, 0xCF, 0x11, 0xE0]),
  ]

  /// Encodings told by their first characters (XML 1.0 appendix F). All are refused: only UTF-8, and UTF-16 with a
  /// byte order mark, can be read in one way only.
  private static let encodings: [(name: String, start: [UInt8])] = [
    ("UTF-32", [0x00, 0x00, 0xFE, 0xFF]), ("UTF-32", [0xFF, 0xFE, 0x00, 0x00]),
    ("UTF-32", [0x00, 0x00, 0x00, 0x3C]), ("UTF-32", [0x3C, 0x00, 0x00, 0x00]),
    ("UTF-16 without byte order mark", [0x00, 0x3C]), ("UTF-16 without byte order mark", [0x3C, 0x00]),
    ("EBCDIC", [0x4C, 0x6F, 0xA7, 0x94]), ("UTF-7", [0x2B, 0x2F, 0x76]), ("UTF-1", [0xF7, 0x64, 0x4C]),
    ("SCSU", [0x0E, 0xFE, 0xFF]), ("GB 18030", [0x84, 0x31, 0x95, 0x33]),
  ]

  static func sniff(_ start: [UInt8]) -> Answer {
    for format in formats where start.starts(with: format.magic) {
      return .refused(.notXML, found: format.name)
    }
    for encoding in encodings where start.starts(with: encoding.start) {
      return .refused(.encodingNotAllowed, found: encoding.name)
    }
    if start.starts(with: [0xFE, 0xFF]) { return .text(.utf16(isBigEndian: true), markCount: 2) }
    if start.starts(with: [0xFF, 0xFE]) { return .text(.utf16(isBigEndian: false), markCount: 2) }
    let markCount = start.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    if let first = start.dropFirst(markCount).first, !beginsXML(first) {
      return .refused(.notXML, found: nil)
    }
    return .text(.utf8, markCount: markCount)
  }

  /// `<`, or white space, of which the parser complains better; NUL is left to the check of characters.
  private static func beginsXML(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "<") || byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D || byte == 0
  }
}
