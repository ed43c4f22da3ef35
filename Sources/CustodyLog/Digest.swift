/// A SHA-256 digest: 32 bytes, trivially copyable.
///
/// Stored as four machine words in memory order, so that an array of digests is one run of bytes: hashing a
/// list or writing a row needs no conversion.
@frozen
public struct Digest: Hashable, Sendable, CustomStringConvertible {
  @usableFromInline let word0: UInt64
  @usableFromInline let word1: UInt64
  @usableFromInline let word2: UInt64
  @usableFromInline let word3: UInt64

  /// Length of a digest in bytes.
  public static let byteCount = 32

  /// Copies a digest.
  ///
  /// - Parameter bytes: exactly 32 bytes; any other count gives `nil`.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Digest.byteCount else { return nil }
    self = withUnsafeTemporaryAllocation(byteCount: Digest.byteCount, alignment: 8) { buffer in
      buffer.copyBytes(from: bytes)
      return Digest(buffer: UnsafeRawBufferPointer(buffer))
    }
  }

  /// Reads a digest from memory, for rows of a store.
  ///
  /// - Parameter pointer: at least 32 readable bytes, of any alignment.
  @inlinable
  public init(unsafeRaw pointer: UnsafeRawPointer) {
    word0 = pointer.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
    word1 = pointer.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    word2 = pointer.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
    word3 = pointer.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
  }

  /// Reads the first 32 bytes of a buffer known to hold them.
  init(buffer: UnsafeRawBufferPointer) {
    word0 = buffer.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
    word1 = buffer.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    word2 = buffer.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
    word3 = buffer.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
  }

  /// Calls `body` with the 32 bytes, which are valid during the call only.
  @inlinable
  public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try Swift.withUnsafeBytes(of: self, body)
  }

  /// The 32 bytes, in order.
  public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

  /// Appends the 32 bytes.
  @inlinable
  public func append(to output: inout [UInt8]) {
    withUnsafeBytes { output.append(contentsOf: $0) }
  }
}

// MARK: - Text forms

extension Digest {
  /// Standard base64 with padding (RFC 4648 section 4), 44 characters: the form of checkpoints.
  public var base64: String { withUnsafeBytes { Base64.encode($0) } }

  /// Reads standard base64; only the one canonical spelling of 32 bytes is accepted.
  public init?(base64 text: String) {
    guard let bytes = Base64.decodeStrict(text) else { return nil }
    self.init(bytes)
  }

  /// Unpadded base64url (RFC 4648 section 5), 43 characters: the form inside canonical JSON.
  public var base64URL: String { withUnsafeBytes { Base64.encodeURL($0) } }

  /// Reads unpadded base64url; only the one canonical spelling of 32 bytes is accepted.
  public init?(base64URL text: String) {
    guard let bytes = Base64.decodeURLStrict(text) else { return nil }
    self.init(bytes)
  }

  /// Appends the 43 characters of ``base64URL`` without making a `String`.
  public func appendBase64URL(to output: inout [UInt8]) {
    withUnsafeBytes { Base64.appendURL($0, to: &output) }
  }

  /// Lower-case hexadecimal, 64 characters.
  public var hex: String { withUnsafeBytes { Hexadecimal.encode($0) } }

  /// Reads 64 lower-case hexadecimal digits.
  public init?(hex text: String) {
    guard let bytes = Hexadecimal.decode(text.utf8) else { return nil }
    self.init(bytes)
  }

  /// The hexadecimal form.
  public var description: String { hex }
}

/// Lower-case hexadecimal, strict in reading.
enum Hexadecimal {
  static func encode(_ bytes: some Collection<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes {
      text.append(digit(byte >> 4))
      text.append(digit(byte & 15))
    }
    return String(decoding: text, as: UTF8.self)
  }

  static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    guard text.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 2)
    var high: UInt8?
    for character in text {
      guard let value = value(character) else { return nil }
      if let upper = high {
        bytes.append(upper << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return bytes
  }

  static func digit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
  }

  private static func value(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
