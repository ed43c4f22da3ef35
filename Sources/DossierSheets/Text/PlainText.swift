internal import DossierCore

/// The bytes of a text file as UTF-8 without a byte order mark.
enum PlainText {
  /// UTF-8 with or without byte order mark, UTF-16 with one; nothing else, because guessing an encoding turns names into
  /// other names. Control characters other than tab and line ends are refused: they stand in no text.
  static func decode(_ bytes: [UInt8], name: String) throws(SheetRefusal) -> [UInt8] {
    var text: [UInt8]
    if bytes.starts(with: [0xFF, 0xFE]) {
      text = try transcode(bytes, isLittleEndian: true, name: name)
    } else if bytes.starts(with: [0xFE, 0xFF]) {
      text = try transcode(bytes, isLittleEndian: false, name: name)
    } else {
      text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
      if String(validating: text, as: UTF8.self) == nil {
        throw refusal(name, line: line(of: firstMalformed(text), in: text))
      }
    }
    if let position = text.firstIndex(where: { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }) {
      throw refusal(name, line: line(of: position, in: text))
    }
    return text
  }

  private static func refusal(_ name: String, line: Int?) -> SheetRefusal {
    SheetRefusal(Finding(.sheetEncoding, file: name, line: line))
  }

  private static func transcode(
    _ bytes: [UInt8], isLittleEndian: Bool, name: String
  ) throws(SheetRefusal) -> [UInt8] {
    guard bytes.count.isMultiple(of: 2) else { throw refusal(name, line: nil) }
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    var lines = 1
    var position = 2
    func unit(_ at: Int) -> UInt32 {
      let (first, second) = (UInt32(bytes[at]), UInt32(bytes[at + 1]))
      return isLittleEndian ? second << 8 | first : first << 8 | second
    }
    while position < bytes.count {
      var value = unit(position)
      position += 2
      if (0xD800..<0xDC00).contains(value), position < bytes.count, (0xDC00..<0xE000).contains(unit(position))
      {
        value = 0x10000 + (value - 0xD800) << 10 + (unit(position) - 0xDC00)
        position += 2
      }
      guard let scalar = Unicode.Scalar(value) else { throw refusal(name, line: lines) }
      if value == 0x0A { lines += 1 }
      text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
    return text
  }

  /// Offset of the first byte that is no part of well-formed UTF-8.
  private static func firstMalformed(_ bytes: [UInt8]) -> Int {
    var low = 0
    var high = bytes.count
    // The longest well-formed prefix, up to three bytes of a character cut in two.
    while low < high {
      let middle = (low + high + 1) / 2
      var end = middle
      while end > 0, middle - end < 3, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
      if String(validating: bytes[..<end], as: UTF8.self) != nil { low = middle } else { high = middle - 1 }
    }
    return low
  }

  private static func line(of position: Int, in bytes: [UInt8]) -> Int {
    1 + bytes.prefix(position).reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
  }
}
