extension NormalizedText {
  /// Whether the bytes are a text that ``field(_:)`` leaves as it is, as far as one look can tell: letters of Vietnamese
  /// and of the Latin languages and the usual punctuation, no white space but single spaces inside. False says nothing.
  public static func isPlainField(_ utf8: UnsafeRawBufferPointer) -> Bool {
    let table = PlainField.table
    var state = PlainField.afterSpace
    for byte in utf8 { state = table[Int(byte)] &>> state }
    return state & 63 == PlainField.inText
  }
}

/// The automaton behind ``NormalizedText/isPlainField(_:)``. A state is the shift at which its successor stands in the
/// row of a byte, so that a step is one load and one shift; `reject` is never left.
private enum PlainField {
  static let reject: UInt64 = 0
  /// At the beginning, or after a space: another would be one too many.
  static let afterSpace: UInt64 = 6
  static let inText: UInt64 = 12
  /// One byte of a character is missing.
  static let oneMore: UInt64 = 18
  /// After E1: U+1E00 to U+1EFF go on with B8 to BB.
  static let latin: UInt64 = 24
  /// After E2, and after E2 80: U+2010 to U+203F.
  static let punctuation: UInt64 = 30
  static let afterE280: UInt64 = 36

  /// One row a byte. Never freed.
  nonisolated(unsafe) static let table: UnsafePointer<UInt64> = {
    let rows = UnsafeMutablePointer<UInt64>.allocate(capacity: 256)
    for byte in 0..<256 {
      var row = first(byte, space: reject) << afterSpace
      row |= first(byte, space: afterSpace) << inText
      row |= ((0x80...0xBF).contains(byte) ? inText : reject) << oneMore
      row |= ((0xB8...0xBB).contains(byte) ? oneMore : reject) << latin
      row |= (byte == 0x80 ? afterE280 : reject) << punctuation
      row |= ((0x90...0xBF).contains(byte) ? inText : reject) << afterE280
      (rows + byte).initialize(to: row)
    }
    return UnsafePointer(rows)
  }()

  /// The state after the first byte of a character.
  private static func first(_ byte: Int, space: UInt64) -> UInt64 {
    switch byte {
    case 0x20: space
    case 0x21...0x7F: inText
    case 0xC2...0xCB: oneMore
    case 0xE1: latin
    case 0xE2: punctuation
    default: reject
    }
  }
}
