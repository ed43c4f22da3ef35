/// A map from keys to values with one root hash: a Merkle Patricia tree, as torchwood's `mpt` package defines it.
///
/// An inner node exists only where keys diverge, so the root depends on the entries alone and not on the order in
/// which they came. With the root logged, a reader can be shown that a key has this value
/// (``verifyInclusion(key:value:path:root:)``), that it has none (``verifyAbsence(of:other:path:root:)``), or that
/// a list holds every entry under a prefix (``verifyPrefix(_:subtree:path:root:)``): nothing can be left out.
///
/// Hashes, with `H` = SHA-256 and numbers as unsigned LEB128: empty map `H("")`, leaf
/// `H(0 || |key| || key || |value| || value)`, inner node `H(1 || bit || left || right)`. Bit 0 is the most
/// significant bit of the first byte. A key counts as followed by one byte 0x00 and then 0xFF for ever, so that no
/// key is the beginning of another.
public enum MerkleMap {
  /// Root of the map without entries.
  public static var emptyRoot: Digest { MerkleHash.emptyRoot }

  /// One inner node on the way from a leaf to the root.
  public struct Step: Hashable, Sendable {
    /// Position of the bit in which the two sides differ.
    public let bit: Int
    /// Hash of the side that the path does not come from.
    public let sibling: Digest

    public init(bit: Int, sibling: Digest) {
      self.bit = bit
      self.sibling = sibling
    }
  }

  /// One key with its value.
  public struct Entry: Hashable, Sendable {
    public let key: [UInt8]
    public let value: [UInt8]

    public init(key: [UInt8], value: [UInt8]) {
      self.key = key
      self.value = value
    }
  }

  // MARK: - Hashes

  /// Hash of a leaf.
  public static func leafHash(key: [UInt8], value: [UInt8]) -> Digest {
    var bytes: [UInt8] = [0]
    bytes.reserveCapacity(key.count + value.count + 9)
    appendNumber(key.count, to: &bytes)
    bytes.append(contentsOf: key)
    appendNumber(value.count, to: &bytes)
    bytes.append(contentsOf: value)
    return MerkleHash.sha256(bytes)
  }

  /// Hash of an inner node whose sides differ first at `bit`, which is not negative.
  public static func nodeHash(bit: Int, left: Digest, right: Digest) -> Digest {
    // The prefix, the bit in at most ten bytes of seven bits, and two digests: on the stack, for maps of millions.
    withUnsafeTemporaryAllocation(byteCount: 11 + 2 * Digest.byteCount, alignment: 8) { bytes in
      bytes[0] = 1
      var count = 1
      var rest = UInt64(bit.magnitude)
      while rest >= 0x80 {
        bytes[count] = UInt8(truncatingIfNeeded: rest) | 0x80
        rest >>= 7
        count += 1
      }
      bytes[count] = UInt8(rest)
      bytes.storeBytes(of: left, toByteOffset: count + 1, as: Digest.self)
      bytes.storeBytes(of: right, toByteOffset: count + 1 + Digest.byteCount, as: Digest.self)
      return MerkleHash.sha256(
        UnsafeRawBufferPointer(rebasing: bytes[..<(count + 1 + 2 * Digest.byteCount)]))
    }
  }

  /// The subtree of all keys with one prefix, from its halves: those whose next bit, number `bit`, is 0 and 1.
  ///
  /// - Returns: nil when both are empty; the one that is there when the other is empty, since no node exists where
  ///   keys do not diverge.
  public static func combine(bit: Int, left: Digest?, right: Digest?) -> Digest? {
    guard let left else { return right }
    guard let right else { return left }
    return nodeHash(bit: bit, left: left, right: right)
  }

  private static func appendNumber(_ number: Int, to bytes: inout [UInt8]) {
    var rest = UInt64(number.magnitude)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  // MARK: - Verifying

  /// Whether the map holds the value under the key.
  ///
  /// - Parameters:
  ///   - path: inner nodes from the leaf to the root.
  ///   - root: root that the reader trusts.
  public static func verifyInclusion(
    key: [UInt8], value: [UInt8], path: [Step], root: Digest
  ) -> Bool {
    impliedRoot(key: key, hash: leafHash(key: key, value: value), path: path) == root
  }

  /// Whether the map holds nothing under the key.
  ///
  /// - Parameters:
  ///   - other: the entry at which a search for `key` ends; nil claims that the map is empty.
  ///   - path: inner nodes from that entry to the root. Both keys must agree in every bit that it uses, or the search
  ///     would have gone elsewhere.
  ///   - root: root that the reader trusts.
  public static func verifyAbsence(of key: [UInt8], other: Entry?, path: [Step], root: Digest) -> Bool {
    guard let other else { return path.isEmpty && root == emptyRoot }
    guard other.key != key, path.allSatisfy({ bit($0.bit, of: key) == bit($0.bit, of: other.key) }) else {
      return false
    }
    return verifyInclusion(key: other.key, value: other.value, path: path, root: root)
  }

  /// Whether every entry whose key begins with the prefix is in the subtree with this hash.
  ///
  /// The subtree may hold other keys too: a reader builds it again from the listed entries (``root(of:)``) and sees.
  ///
  /// - Parameters:
  ///   - subtree: hash of a subtree that is not empty.
  ///   - path: inner nodes from the subtree to the root. None may divide keys that all begin with the prefix, or
  ///     entries could be hidden on the other side.
  ///   - root: root that the reader trusts.
  public static func verifyPrefix(_ prefix: [UInt8], subtree: Digest, path: [Step], root: Digest) -> Bool {
    guard path.allSatisfy({ $0.bit < prefix.count * 8 }) else { return false }
    return impliedRoot(key: prefix, hash: subtree, path: path) == root
  }

  /// Whether no key begins with the prefix.
  ///
  /// - Parameters:
  ///   - other: the entry at which a search for the prefix ends; nil claims that the map is empty.
  ///   - path: inner nodes from that entry to the root.
  public static func verifyEmptyPrefix(
    _ prefix: [UInt8], other: Entry?, path: [Step], root: Digest
  ) -> Bool {
    if let other, hasPrefix(other.key, prefix) { return false }
    return verifyAbsence(of: prefix, other: other, path: path, root: root)
  }

  /// The root to which a path leads, or nil when its bits are not strictly decreasing.
  ///
  /// - Parameters:
  ///   - key: decides at each step on which side the path lies.
  ///   - hash: hash of the leaf or subtree at which it begins.
  public static func impliedRoot(key: [UInt8], hash: Digest, path: [Step]) -> Digest? {
    var hash = hash
    var previous = Int.max
    for step in path {
      guard step.bit >= 0, step.bit < previous else { return nil }
      previous = step.bit
      hash =
        bit(step.bit, of: key)
        ? nodeHash(bit: step.bit, left: step.sibling, right: hash)
        : nodeHash(bit: step.bit, left: hash, right: step.sibling)
    }
    return hash
  }

  // MARK: - Keys

  /// Byte of a key with its padding.
  private static func byte(_ position: Int, of key: [UInt8]) -> UInt8 {
    if key.indices.contains(position) { return key[position] }
    return position == key.count ? 0 : 0xFF
  }

  /// Bit of a key with its padding.
  public static func bit(_ position: Int, of key: [UInt8]) -> Bool {
    byte(position >> 3, of: key) >> UInt8(7 - position & 7) & 1 == 1
  }

  /// First bit in which two padded keys differ; nil for equal keys.
  static func divergence(_ first: [UInt8], _ second: [UInt8]) -> Int? {
    if first == second { return nil }
    // Two different keys differ at the latest where the longer one, or the padding of the shorter one, ends.
    for position in 0...(max(first.count, second.count)) {
      let difference = byte(position, of: first) ^ byte(position, of: second)
      if difference != 0 { return position * 8 + difference.leadingZeroBitCount }
    }
    return nil
  }

  /// Whether a padded key begins with the prefix.
  private static func hasPrefix(_ key: [UInt8], _ prefix: [UInt8]) -> Bool {
    prefix.indices.allSatisfy { byte($0, of: key) == prefix[$0] }
  }
}
