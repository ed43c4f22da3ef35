import Crypto

/// A hash that only who has the key can make.
public enum KeyedHash {
  /// HMAC-SHA256 (RFC 2104).
  public static func sha256(key: [UInt8], _ message: [UInt8]) -> Digest {
    HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key))
      .withUnsafeBytes { Digest(buffer: $0) }
  }

  /// Whether two texts of one length are the same, in a time that does not tell where they differ.
  public static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    guard one.count == other.count else { return false }
    var difference: UInt8 = 0
    for position in one.indices { difference |= one[position] ^ other[position] }
    return difference == 0
  }
}
