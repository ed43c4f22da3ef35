import Crypto

/// The three hashes of an RFC 6962 tree, and plain SHA-256.
///
/// Leaves and nodes carry different first bytes, so that no node can be passed off as a leaf
/// (RFC 6962 section 2.1, unchanged in RFC 9162 section 2.1.1).
public enum MerkleHash {
  /// Root of the tree without leaves: SHA-256 of nothing.
  public static let emptyRoot = sha256(UnsafeRawBufferPointer(start: nil, count: 0))

  /// `SHA-256(0x00 || bytes)`.
  public static func leaf(_ bytes: [UInt8]) -> Digest {
    bytes.withUnsafeBytes { leaf($0) }
  }

  /// `SHA-256(0x00 || bytes)`.
  public static func leaf(_ bytes: UnsafeRawBufferPointer) -> Digest {
    guard bytes.count < stackByteCount else {
      var hasher = StreamingSHA256()
      withUnsafeBytes(of: UInt8(0)) { hasher.update($0) }
      hasher.update(bytes)
      return hasher.finalized()
    }
    // One update over a copy on the stack is quicker than two updates.
    return withUnsafeTemporaryAllocation(byteCount: bytes.count + 1, alignment: 8) { buffer in
      buffer[0] = 0
      UnsafeMutableRawBufferPointer(rebasing: buffer[1...]).copyMemory(from: bytes)
      return sha256(UnsafeRawBufferPointer(buffer))
    }
  }

  /// The byte before a leaf's bytes, for whoever writes both into one buffer and hashes that (``sha256(_:)-swift.type.method``).
  public static var leafPrefix: UInt8 { 0 }

  /// `SHA-256(0x01 || left || right)`.
  public static func node(_ left: Digest, _ right: Digest) -> Digest {
    withUnsafeTemporaryAllocation(byteCount: 1 + 2 * Digest.byteCount, alignment: 8) { buffer in
      buffer[0] = 1
      buffer.storeBytes(of: left, toByteOffset: 1, as: Digest.self)
      buffer.storeBytes(of: right, toByteOffset: 1 + Digest.byteCount, as: Digest.self)
      return sha256(UnsafeRawBufferPointer(buffer))
    }
  }

  /// Plain SHA-256, without any prefix.
  public static func sha256(_ bytes: [UInt8]) -> Digest {
    bytes.withUnsafeBytes { sha256($0) }
  }

  /// Plain SHA-256, without any prefix.
  public static func sha256(_ bytes: UnsafeRawBufferPointer) -> Digest {
    var hasher = SHA256()
    hasher.update(bufferPointer: bytes)
    return hasher.finalize().withUnsafeBytes { Digest(buffer: $0) }
  }

  /// Temporary allocations up to 1,024 bytes stay on the stack.
  private static var stackByteCount: Int { 1024 }
}

/// SHA-256 over bytes that arrive in pieces, such as a file.
public struct StreamingSHA256: Sendable {
  private var hasher = SHA256()

  /// Starts with no bytes.
  public init() {}

  /// Adds the next piece.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    hasher.update(bufferPointer: bytes)
  }

  /// Adds the next piece.
  public mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
  }

  /// The digest of everything added so far; more pieces may follow.
  public func finalized() -> Digest {
    hasher.finalize().withUnsafeBytes { Digest(buffer: $0) }
  }
}
