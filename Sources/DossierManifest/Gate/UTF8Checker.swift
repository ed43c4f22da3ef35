/// Finds the first byte of a stream that is not strict UTF-8 (RFC 3629) or stands for no character of XML 1.0.
///
/// Overlong forms, surrogates and values above U+10FFFF are faults of the encoding; control characters other than
/// tab, line feed and carriage return, U+FFFE and U+FFFF are forbidden characters (XML 1.0 production 2).
struct UTF8Checker {
  enum Fault {
    case encoding
    case character(UInt32)
  }

  /// Shift of the current state; 0 between characters.
  private var state: UInt64 = 0
  /// The bytes before the chunk, for U+FFFE and U+FFFF across its border.
  private var lastButOne: UInt8 = 0
  private var last: UInt8 = 0

  var isBetweenCharacters: Bool { state & 63 == 0 }

  /// - Returns: the offset of the first bad byte and what is wrong; nil when all bytes are good.
  mutating func check(_ bytes: UnsafeBufferPointer<UInt8>) -> (offset: Int, fault: Fault)? {
    guard let start = bytes.baseAddress, !bytes.isEmpty else { return nil }
    let suspicious = Self.mayHoldForbidden(start, bytes.count)
    let before = state
    state = Self.run(state, start, bytes.count)
    if suspicious || last == 0xEF || lastButOne == 0xEF || state & 63 == Self.reject {
      if let fault = locate(bytes, from: before) { return fault }
    }
    lastButOne = bytes.count > 1 ? bytes[bytes.count - 2] : last
    last = bytes[bytes.count - 1]
    return nil
  }

  // MARK: Fast passes

  /// Whether there is a control character, or the first byte of U+FFFE and U+FFFF. Plain enough to be vectorised.
  private static func mayHoldForbidden(_ start: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    var flags: UInt8 = 0
    for index in 0..<count {
      let byte = start[index]
      let isControl: UInt8 = byte < 0x20 ? 1 : 0
      let isSpace: UInt8 = byte == 0x0A || byte == 0x0D || byte == 0x09 ? 1 : 0
      let isEF: UInt8 = byte == 0xEF ? 1 : 0
      flags |= (isControl ^ isSpace) | isEF
    }
    return flags != 0
  }

  /// Runs the automaton, passing over words of ASCII between characters.
  private static func run(_ initial: UInt64, _ start: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
    let table = Self.table
    var state = initial
    var index = 0
    let raw = UnsafeRawPointer(start)
    let words = count - 7
    while index < words {
      let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      if state & 63 == 0, word & 0x8080_8080_8080_8080 == 0 {
        index += 8
        continue
      }
      for offset in 0..<8 { state = table[Int(start[index + offset])] &>> state }
      index += 8
    }
    while index < count {
      state = table[Int(start[index])] &>> state
      index += 1
    }
    return state
  }

  /// The slow way, once something is wrong or may be.
  private mutating func locate(
    _ bytes: UnsafeBufferPointer<UInt8>, from before: UInt64
  ) -> (offset: Int, fault: Fault)? {
    var state = before
    var (second, first) = (last, lastButOne)
    for (offset, byte) in bytes.enumerated() {
      if state & 63 == 0, byte < 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D {
        return (offset, .character(UInt32(byte)))
      }
      state = Self.table[Int(byte)] &>> state
      if state & 63 == Self.reject { return (offset, .encoding) }
      if first == 0xEF, second == 0xBF, byte >= 0xBE {
        return (offset, .character(0xFF00 | UInt32(byte == 0xBE ? 0xFE : 0xFF)))
      }
      (first, second) = (second, byte)
    }
    return nil
  }

  // MARK: Automaton

  private static let reject: UInt64 = 6
  private static let oneMore: UInt64 = 12
  private static let twoMore: UInt64 = 18
  private static let threeMore: UInt64 = 24
  private static let afterE0: UInt64 = 30
  private static let afterED: UInt64 = 36
  private static let afterF0: UInt64 = 42
  private static let afterF4: UInt64 = 48

  /// One row a byte: at the shift that is the current state stands the shift that is the next one. A step is one load
  /// and one shift, without a branch that could be mispredicted. Never freed.
  private nonisolated(unsafe) static let table: UnsafePointer<UInt64> = {
    let rows = UnsafeMutablePointer<UInt64>.allocate(capacity: 256)
    for byte in 0..<256 {
      var row = firstByte(byte)
      row |= reject << reject
      row |= (0x80...0xBF).contains(byte) ? 0 : reject << oneMore
      row |= ((0x80...0xBF).contains(byte) ? oneMore : reject) << twoMore
      row |= ((0x80...0xBF).contains(byte) ? twoMore : reject) << threeMore
      row |= ((0xA0...0xBF).contains(byte) ? oneMore : reject) << afterE0
      row |= ((0x80...0x9F).contains(byte) ? oneMore : reject) << afterED
      row |= ((0x90...0xBF).contains(byte) ? twoMore : reject) << afterF0
      row |= ((0x80...0x8F).contains(byte) ? twoMore : reject) << afterF4
      rows[byte] = row
    }
    return UnsafePointer(rows)
  }()

  /// Table 3-7 of the Unicode Standard.
  private static func firstByte(_ byte: Int) -> UInt64 {
    switch byte {
    case 0x00...0x7F: 0
    case 0xC2...0xDF: oneMore
    case 0xE0: afterE0
    case 0xE1...0xEC, 0xEE...0xEF: twoMore
    case 0xED: afterED
    case 0xF0: afterF0
    case 0xF1...0xF3: threeMore
    case 0xF4: afterF4
    default: reject
    }
  }
}
