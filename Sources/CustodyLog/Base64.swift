/// Base64 (RFC 4648 sections 4 and 5) with one spelling for each byte string.
///
/// Reading is strict: right alphabet, right padding, unused bits zero, no white space. A lenient reader would
/// let two different texts stand for one hash, and evidence must have one form.
public enum Base64 {
  /// Standard alphabet, padded.
  public static func encode(_ bytes: some Collection<UInt8>) -> String {
    string(bytes, alphabet: standard, padded: true)
  }

  /// URL alphabet, unpadded.
  public static func encodeURL(_ bytes: some Collection<UInt8>) -> String {
    string(bytes, alphabet: url, padded: false)
  }

  /// Reads standard padded base64, or gives `nil` for anything but the canonical spelling.
  public static func decodeStrict(_ text: String) -> [UInt8]? {
    decodeStrict(text.utf8)
  }

  /// Reads standard padded base64 from its ASCII bytes.
  public static func decodeStrict(_ text: some Collection<UInt8>) -> [UInt8]? {
    guard text.count.isMultiple(of: 4) else { return nil }
    let padding = text.reversed().prefix(while: { $0 == UInt8(ascii: "=") }).count
    guard padding <= 2 else { return nil }
    return decode(text.dropLast(padding), plus: UInt8(ascii: "+"), slash: UInt8(ascii: "/"))
  }

  /// Reads unpadded base64url, or gives `nil` for anything but the canonical spelling.
  public static func decodeURLStrict(_ text: String) -> [UInt8]? {
    decodeURLStrict(text.utf8)
  }

  /// Reads unpadded base64url from its ASCII bytes.
  public static func decodeURLStrict(_ text: some Collection<UInt8>) -> [UInt8]? {
    decode(text, plus: UInt8(ascii: "-"), slash: UInt8(ascii: "_"))
  }

  /// Appends the unpadded base64url characters of `bytes`, for hot paths that make no `String`.
  public static func appendURL(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    let count = unpaddedCount(bytes.count)
    withUnsafeTemporaryAllocation(byteCount: count, alignment: 1) { characters in
      write(bytes, to: characters, alphabet: url)
      output.append(contentsOf: characters)
    }
  }

  /// Number of unpadded base64 characters for a number of bytes.
  static func unpaddedCount(_ byteCount: Int) -> Int { (byteCount * 4 + 2) / 3 }

  /// Writes unpadded base64url into memory that holds at least ``unpaddedCount(_:)`` bytes.
  static func writeURL(_ bytes: UnsafeRawBufferPointer, to output: UnsafeMutableRawBufferPointer) {
    write(bytes, to: output, alphabet: url)
  }

  // MARK: - Encoding

  private static let standard = Letters("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  private static let url = Letters("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

  /// An alphabet as pairs: at each 12 bits stand the two characters that spell them, the first in the low byte.
  ///
  /// `@unchecked Sendable`: the memory is filled here, never written again and never freed.
  private struct Letters: @unchecked Sendable {
    let pairs: UnsafePointer<UInt16>

    init(_ alphabet: StaticString) {
      let letters = alphabet.utf8Start
      let memory = UnsafeMutablePointer<UInt16>.allocate(capacity: 4096)
      for bits in 0..<4096 {
        (memory + bits).initialize(to: UInt16(letters[bits >> 6]) | UInt16(letters[bits & 63]) << 8)
      }
      pairs = UnsafePointer(memory)
    }
  }

  private static func string(
    _ bytes: some Collection<UInt8>, alphabet: Letters, padded: Bool
  ) -> String {
    let input = Array(bytes)
    let count = unpaddedCount(input.count)
    let paddedCount = padded ? (input.count + 2) / 3 * 4 : count
    return String(unsafeUninitializedCapacity: paddedCount) { output in
      let raw = UnsafeMutableRawBufferPointer(output)
      input.withUnsafeBytes { write($0, to: raw, alphabet: alphabet) }
      for index in count..<paddedCount { output[index] = UInt8(ascii: "=") }
      return paddedCount
    }
  }

  private static func write(
    _ bytes: UnsafeRawBufferPointer, to output: UnsafeMutableRawBufferPointer, alphabet: Letters
  ) {
    precondition(output.count >= unpaddedCount(bytes.count))
    guard let source = bytes.baseAddress, let target = output.baseAddress else { return }
    let pairs = alphabet.pairs
    let count = bytes.count
    var input = 0
    var position = 0
    // Six bytes are four pairs. Eight are loaded, so the last two or more are left to the loop below.
    while input + 8 <= count {
      let group = UInt64(bigEndian: source.loadUnaligned(fromByteOffset: input, as: UInt64.self))
      let first = UInt64(pairs[Int(group >> 52)]) | UInt64(pairs[Int(group >> 40 & 0xFFF)]) << 16
      let second = UInt64(pairs[Int(group >> 28 & 0xFFF)]) | UInt64(pairs[Int(group >> 16 & 0xFFF)]) << 16
      let characters = (first | second << 32).littleEndian
      target.storeBytes(of: characters, toByteOffset: position, as: UInt64.self)
      input += 6
      position += 8
    }
    while input < count {
      let remaining = count - input
      let high = UInt32(bytes[input]) << 16
      let middle = remaining > 1 ? UInt32(bytes[input + 1]) << 8 : 0
      let low = remaining > 2 ? UInt32(bytes[input + 2]) : 0
      let group = high | middle | low
      target.storeBytes(of: pairs[Int(group >> 12)].littleEndian, toByteOffset: position, as: UInt16.self)
      let rest = pairs[Int(group & 0xFFF)]
      if remaining > 2 {
        target.storeBytes(of: rest.littleEndian, toByteOffset: position + 2, as: UInt16.self)
      } else if remaining == 2 {
        output[position + 2] = UInt8(truncatingIfNeeded: rest)
      }
      input += 3
      position += 4
    }
  }

  // MARK: - Decoding

  private static func decode(_ text: some Collection<UInt8>, plus: UInt8, slash: UInt8) -> [UInt8]? {
    guard text.count % 4 != 1 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count * 3 / 4)
    var bits: UInt32 = 0
    var bitCount = 0
    for character in text {
      let value: UInt8
      switch character {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = character - UInt8(ascii: "A")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = character - UInt8(ascii: "a") + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - UInt8(ascii: "0") + 52
      case plus: value = 62
      case slash: value = 63
      default: return nil
      }
      bits = bits << 6 | UInt32(value)
      bitCount += 6
      if bitCount >= 8 {
        bitCount -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
        bits &= (1 << UInt32(bitCount)) - 1
      }
    }
    // Left-over bits that are not zero would be a second spelling of the same bytes.
    return bits == 0 ? bytes : nil
  }
}
