@_spi(_Unicode) import Swift

/// Canonical JSON for leaves: RFC 8785 restricted so that any sorted, compact JSON writer produces it.
///
/// The profile: an object at the top; keys `[a-z][a-z0-9_]{0,31}`; values are objects, arrays, strings,
/// `true`, `false` and integers within ±(2^53 - 1); no null, fraction, exponent or `-0`; strings in Unicode
/// normalization form C without control characters U+0000 to U+001F and without bidirectional controls; depth
/// at most 6; at most 16 KiB. Python's
/// `json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)` writes the same bytes.
///
/// There is one accepted spelling: ``parse(_:)`` refuses bytes that ``encode(_:)`` would not produce, which
/// rules out duplicate keys, white space and alternative escapes.
public enum CanonicalJSON {
  /// Greatest nesting of objects and arrays; the top object is depth 1.
  public static let greatestDepth = 6
  /// Greatest length of an encoded document, in bytes.
  public static let greatestByteCount = 16 * 1024
  /// Greatest magnitude of an integer: 2^53 - 1, beyond which JSON readers may round.
  public static let greatestInteger: Int64 = 9_007_199_254_740_991

  /// Encodes an object, sorting its members.
  ///
  /// - Throws: what the profile does not allow.
  public static func encode(_ value: JSONValue) throws(CanonicalJSONError) -> [UInt8] {
    try encode(value, as: .leaf)
  }

  /// Reads canonical bytes.
  ///
  /// - Parameter bytes: a whole document.
  /// - Throws: the first departure from the profile, with its byte offset where one exists.
  public static func parse(_ bytes: [UInt8]) throws(CanonicalJSONError) -> JSONValue {
    try parse(bytes, as: .leaf)
  }

  /// What strings, keys and the top of a document may be.
  enum Profile {
    /// The profile of leaves.
    case leaf
    /// Any keys and strings of RFC 8785, any value at the top, any length: for texts hashed as transported.
    case transport
  }

  static func encode(_ value: JSONValue, as profile: Profile) throws(CanonicalJSONError) -> [UInt8] {
    switch (profile, value) {
    case (.leaf, .object), (.transport, _): break
    case (.leaf, _): throw .topLevelNotObject
    }
    var output: [UInt8] = []
    output.reserveCapacity(512)
    try append(value, depth: 0, profile: profile, to: &output)
    guard profile == .transport || output.count <= greatestByteCount else { throw .tooLarge }
    return output
  }

  static func parse(_ bytes: [UInt8], as profile: Profile) throws(CanonicalJSONError) -> JSONValue {
    guard profile == .transport || bytes.count <= greatestByteCount else { throw .tooLarge }
    var parser = try CanonicalJSONParser(bytes)
    let value = try parser.document()
    let encoded = try encode(value, as: profile)
    // The reader understands more spellings than the one allowed, so that it can say what is wrong.
    guard encoded == bytes else {
      let offset = zip(encoded, bytes).enumerated().first { $1.0 != $1.1 }?.offset
      throw .notCanonical(offset: offset ?? min(encoded.count, bytes.count))
    }
    return value
  }

  private static func append(
    _ value: JSONValue, depth: Int, profile: Profile, to output: inout [UInt8]
  ) throws(CanonicalJSONError) {
    switch value {
    case .object(let members):
      guard depth < greatestDepth else { throw .tooDeep }
      output.append(UInt8(ascii: "{"))
      var previous: String?
      for (key, value) in members.inCanonicalOrder {
        if profile == .leaf, !isKey(key) { throw .keyNotAllowed }
        if let previous {
          if previous.hasSameBytes(as: key) { throw .duplicateKey }
          output.append(UInt8(ascii: ","))
        }
        previous = key
        appendString(key.utf8, to: &output)
        output.append(UInt8(ascii: ":"))
        try append(value, depth: depth + 1, profile: profile, to: &output)
      }
      output.append(UInt8(ascii: "}"))
    case .array(let elements):
      guard depth < greatestDepth else { throw .tooDeep }
      output.append(UInt8(ascii: "["))
      for (position, element) in elements.enumerated() {
        if position > 0 { output.append(UInt8(ascii: ",")) }
        try append(element, depth: depth + 1, profile: profile, to: &output)
      }
      output.append(UInt8(ascii: "]"))
    case .string(let text):
      if profile == .leaf { try check(text) }
      appendString(text.utf8, to: &output)
    case .integer(let number):
      guard number.magnitude <= greatestInteger.magnitude else { throw .integerOutOfRange }
      appendInteger(number, to: &output)
    case .bool(let flag):
      output.append(contentsOf: flag ? "true".utf8 : "false".utf8)
    }
  }

  // MARK: - Parts, for encoders that write their leaves directly

  /// Appends a quoted string with the escapes that RFC 8785 section 3.2.2.2 asks for and no others.
  ///
  /// - Parameter utf8: valid UTF-8; not checked against the profile (see ``check(_:)``).
  public static func appendString(_ utf8: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    // Collecting without branches lets the compiler look at many bytes at once.
    var escapes: UInt8 = 0
    for byte in utf8 {
      escapes |=
        (byte < 0x20 ? 1 : 0) | (byte == UInt8(ascii: "\"") ? 1 : 0) | (byte == UInt8(ascii: "\\") ? 1 : 0)
    }
    if escapes != 0 {
      for byte in utf8 { appendEscaped(byte, to: &output) }
    } else {
      output.append(contentsOf: utf8)
    }
    output.append(UInt8(ascii: "\""))
  }

  /// Appends a quoted string with the escapes that RFC 8785 section 3.2.2.2 asks for and no others.
  ///
  /// - Parameter utf8: valid UTF-8; not checked against the profile (see ``check(_:)``).
  public static func appendString(_ utf8: some Collection<UInt8>, to output: inout [UInt8]) {
    let isDone: Void? = utf8.withContiguousStorageIfAvailable { bytes in
      appendString(UnsafeRawBufferPointer(bytes), to: &output)
    }
    guard isDone == nil else { return }
    output.append(UInt8(ascii: "\""))
    for byte in utf8 { appendEscaped(byte, to: &output) }
    output.append(UInt8(ascii: "\""))
  }

  /// Appends a decimal integer; the profile's range is the caller's duty.
  public static func appendInteger(_ number: Int64, to output: inout [UInt8]) {
    var magnitude = number.magnitude
    if number < 0 { output.append(UInt8(ascii: "-")) }
    if magnitude < 10 {
      output.append(UInt8(ascii: "0") + UInt8(magnitude))
      return
    }
    withUnsafeTemporaryAllocation(byteCount: 20, alignment: 1) { digits in
      var start = 20
      while magnitude > 0 {
        let (quotient, digit) = magnitude.quotientAndRemainder(dividingBy: 10)
        start -= 1
        digits[start] = UInt8(ascii: "0") + UInt8(digit)
        magnitude = quotient
      }
      output.append(contentsOf: UnsafeRawBufferPointer(rebasing: digits[start...]))
    }
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  /// Whether one of eight bytes needs an escape (the "has less" and "has zero" of Anderson's Bit Twiddling Hacks).
  @inline(__always)
  static func hasEscape(_ word: UInt64) -> Bool {
    let quotes = word ^ 0x2222_2222_2222_2222
    let backslashes = word ^ 0x5C5C_5C5C_5C5C_5C5C
    let controls = (word &- 0x2020_2020_2020_2020) & ~word
    let marks =
      (quotes &- 0x0101_0101_0101_0101) & ~quotes | (backslashes &- 0x0101_0101_0101_0101) & ~backslashes
    return (controls | marks) & 0x8080_8080_8080_8080 != 0
  }

  /// Writes one byte of a string, escaped if need be, where there is room for six.
  /// - Returns: how many bytes it became.
  @inline(__always)
  static func writeEscaped(_ byte: UInt8, to target: UnsafeMutablePointer<UInt8>) -> Int {
    guard needsEscape(byte) else {
      target[0] = byte
      return 1
    }
    var escaped: [UInt8] = []
    appendEscaped(byte, to: &escaped)
    for (offset, byte) in escaped.enumerated() { target[offset] = byte }
    return escaped.count
  }

  private static func appendEscaped(_ byte: UInt8, to output: inout [UInt8]) {
    guard needsEscape(byte) else { return output.append(byte) }
    output.append(UInt8(ascii: "\\"))
    switch byte {
    case 0x08: output.append(UInt8(ascii: "b"))
    case 0x09: output.append(UInt8(ascii: "t"))
    case 0x0A: output.append(UInt8(ascii: "n"))
    case 0x0C: output.append(UInt8(ascii: "f"))
    case 0x0D: output.append(UInt8(ascii: "r"))
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.append(byte)
    default:
      output.append(contentsOf: "u00".utf8)
      output.append(Hexadecimal.digit(byte >> 4))
      output.append(Hexadecimal.digit(byte & 15))
    }
  }

  // MARK: - Rules for keys and strings

  /// Whether a key matches `[a-z][a-z0-9_]{0,31}`.
  public static func isKey(_ key: String) -> Bool {
    let bytes = key.utf8
    guard let first = bytes.first, isLowercase(first), bytes.count <= 32 else { return false }
    return bytes.allSatisfy {
      isLowercase($0) || $0 == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
    }
  }

  /// Checks a string value against the profile.
  ///
  /// - Throws: `controlCharacter`, `bidirectionalControl` or `notNormalized`.
  public static func check(_ text: String) throws(CanonicalJSONError) {
    for byte in text.utf8 where byte < 0x20 { throw .controlCharacter }
    guard !text.unicodeScalars.contains(where: isBidirectionalControl) else { throw .bidirectionalControl }
    guard isNormalized(text) else { throw .notNormalized }
  }

  /// Whether a text is in normalization form C.
  public static func isNormalized(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy(isAlwaysNormalized) || text._nfc.elementsEqual(text.unicodeScalars)
  }

  /// The text in normalization form C, for use once, at input.
  public static func normalized(_ text: String) -> String {
    if text.unicodeScalars.allSatisfy(isAlwaysNormalized) { return text }
    var scalars = String.UnicodeScalarView()
    scalars.append(contentsOf: text._nfc)
    return String(scalars)
  }

  /// Quick check of UAX #15 for the characters of Vietnamese text: starters with `NFC_QC=Yes`.
  private static func isAlwaysNormalized(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x300, 0x1E00...0x1EFF, 0x2010...0x2027, 0x20A0...0x20BF: true
    default: false
    }
  }

  private static func isLowercase(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }

  /// Characters that reorder the text around them and so can make a reader see something else
  /// (Unicode Bidi_Control).
  private static func isBidirectionalControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}

/// Why bytes or a value are not canonical JSON. Offsets are in bytes; no content is repeated.
public enum CanonicalJSONError: Error, Hashable, CustomStringConvertible {
  case notUTF8
  case tooLarge
  case tooDeep
  case topLevelNotObject
  case syntax(offset: Int)
  case nullNotAllowed(offset: Int)
  case fractionNotAllowed(offset: Int)
  case integerOutOfRange
  case keyNotAllowed
  case duplicateKey
  case controlCharacter
  case bidirectionalControl
  case notNormalized
  case loneSurrogate(offset: Int)
  case notCanonical(offset: Int)

  public var description: String {
    switch self {
    case .notUTF8: "The bytes are not valid UTF-8."
    case .tooLarge: "The document is larger than \(CanonicalJSON.greatestByteCount) bytes."
    case .tooDeep: "The document is nested deeper than \(CanonicalJSON.greatestDepth) levels."
    case .topLevelNotObject: "The document is not an object."
    case .syntax(let offset): "The document is not JSON at byte \(offset)."
    case .nullNotAllowed(let offset): "There is a null at byte \(offset)."
    case .fractionNotAllowed(let offset): "The number at byte \(offset) has a fraction or an exponent."
    case .integerOutOfRange: "An integer is beyond 2^53 - 1 in magnitude."
    case .keyNotAllowed: "A key is not a lower-case ASCII word of at most 32 characters."
    case .duplicateKey: "An object has the same key twice."
    case .controlCharacter: "A string contains a control character."
    case .bidirectionalControl: "A string contains a bidirectional control character."
    case .notNormalized: "A string is not in Unicode normalization form C."
    case .loneSurrogate(let offset): "The escape at byte \(offset) is an unpaired surrogate."
    case .notCanonical(let offset): "The document is not in its canonical spelling from byte \(offset)."
    }
  }
}
