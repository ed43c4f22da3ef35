internal import DossierCore

/// `sharedStrings.xml`: the texts that cells name by number. Runs of one text are joined, readings of characters left out.
final class SharedTexts: PartHandler {
  private(set) var cells: [SheetCell] = []
  private var capture = TextCapture()
  private let file: String
  private let limits: SheetLimits

  init(file: String, limits: SheetLimits) {
    self.file = file
    self.limits = limits
  }

  func start(_ element: PartWord, _ attributes: PartAttributes) throws(SheetRefusal) {
    if element == .sharedText { capture.begin() }
    capture.start(element)
  }

  func end(_ element: PartWord) throws(SheetRefusal) {
    capture.end(element)
    guard element == .sharedText else { return }
    guard capture.bytes.count <= limits.cellBytes else {
      throw .tooLarge("cell", found: capture.bytes.count, limit: limits.cellBytes, file: file)
    }
    guard cells.count < limits.cells else {
      throw .tooLarge("shared texts", found: cells.count + 1, limit: limits.cells, file: file)
    }
    cells.append(SheetText.cell(EscapedText.decode(capture.bytes)))
  }

  func text(_ bytes: UnsafeBufferPointer<UInt8>) { capture.append(bytes, limit: limits.cellBytes) }
}

/// The text of `t` elements, those of phonetic runs apart.
struct TextCapture {
  private(set) var bytes: [UInt8] = []
  private var isInText = false
  private var phoneticDepth = 0

  mutating func begin() {
    bytes.removeAll(keepingCapacity: true)
    isInText = false
    phoneticDepth = 0
  }

  mutating func start(_ element: PartWord) {
    if element == .phonetic { phoneticDepth += 1 }
    if element == .text { isInText = true }
  }

  mutating func end(_ element: PartWord) {
    if element == .phonetic { phoneticDepth -= 1 }
    if element == .text { isInText = false }
  }

  /// Beyond the limit one byte is enough to know of it.
  mutating func append(_ piece: UnsafeBufferPointer<UInt8>, limit: Int) {
    guard isInText, phoneticDepth <= 0, bytes.count <= limit else { return }
    bytes.append(contentsOf: piece)
  }
}

/// `_x000D_` in the texts of a workbook: characters that XML does not carry (ECMA-376 part 1, 22.9.2.19).
enum EscapedText {
  static func decode(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(UInt8(ascii: "_")) else { return bytes }
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if let value = escape(bytes, at: index) {
        append(value, to: &decoded)
        index += 7
      } else {
        decoded.append(bytes[index])
        index += 1
      }
    }
    return decoded
  }

  private static func escape(_ bytes: [UInt8], at start: Int) -> UInt32? {
    guard start + 7 <= bytes.count, bytes[start] == UInt8(ascii: "_"), bytes[start + 1] == UInt8(ascii: "x"),
      bytes[start + 6] == UInt8(ascii: "_")
    else { return nil }
    var value: UInt32 = 0
    for byte in bytes[(start + 2)..<(start + 6)] {
      guard let digit = hexadecimal(byte) else { return nil }
      value = value << 4 | digit
    }
    return value
  }

  private static func hexadecimal(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 0x30...0x39: UInt32(byte) - 0x30
    case 0x41...0x46: UInt32(byte) - 0x37
    case 0x61...0x66: UInt32(byte) - 0x57
    default: nil
    }
  }

  /// Tabs and line ends stay themselves; other control characters, and halves of characters, become U+FFFD.
  private static func append(_ value: UInt32, to bytes: inout [UInt8]) {
    let isAllowed = value >= 0x20 || value == 0x09 || value == 0x0A || value == 0x0D
    let scalar = (isAllowed ? Unicode.Scalar(value) : nil) ?? "\u{FFFD}"
    bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }
}
