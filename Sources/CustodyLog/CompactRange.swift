/// Everything a log must remember to append: the roots of its complete subtrees, at most 64 hashes.
///
/// One root for each set bit of the size, from the largest subtree to the smallest
/// (RFC 9162 section 2.1.2 describes the same stack).
public struct CompactRange: Sendable, Equatable {
  /// Number of leaves.
  public private(set) var size: UInt64

  /// Roots of the complete subtrees, from the largest (leftmost) to the smallest.
  public private(set) var nodes: [Digest]

  /// The tree without leaves.
  public init() {
    size = 0
    nodes = []
  }

  /// Restores a range from a state row.
  ///
  /// - Parameters:
  ///   - size: number of leaves, at most 2^63 - 1.
  ///   - nodes: one root for each set bit of `size`, largest subtree first; any other count gives `nil`.
  public init?(size: UInt64, nodes: [Digest]) {
    guard size <= CompactRange.greatestSize, nodes.count == size.nonzeroBitCount else { return nil }
    self.size = size
    self.nodes = nodes
  }

  /// Appends one leaf hash.
  public mutating func append(_ leafHash: Digest) {
    append(leafHash) { _, _, _ in }
  }

  /// Appends one leaf hash and reports what it completed.
  ///
  /// - Parameters:
  ///   - leafHash: the hash of the leaf, not its bytes.
  ///   - completed: called with `(level, index, root)` for each subtree of `2^level` leaves that this leaf
  ///     completes and whose level is a multiple of 8, lowest first. Level 0 is the leaf hash itself; levels
  ///     8, 16, ... are the entries of the C2SP tile levels 1, 2, .... The subtree covers the leaves from
  ///     `index * 2^level`.
  public mutating func append(
    _ leafHash: Digest, completed: (_ level: Int, _ index: UInt64, _ root: Digest) -> Void
  ) {
    push(leafHash, level: 0, completed: completed)
  }

  /// Appends a complete subtree at once, when its leaves are known to be unchanged.
  ///
  /// - Parameters:
  ///   - root: root of the subtree.
  ///   - level: the subtree has `2^level` leaves.
  /// - Returns: `false`, with nothing changed, when the size is not a multiple of `2^level` or would pass
  ///   2^63 - 1.
  @discardableResult
  public mutating func appendSubtree(_ root: Digest, level: Int) -> Bool {
    guard level >= 0, level < 63, size & ((1 << UInt64(level)) - 1) == 0,
      size <= CompactRange.greatestSize - (1 << UInt64(level))
    else { return false }
    push(root, level: level) { _, _, _ in }
    return true
  }

  /// Root of the tree: the subtrees folded from the smallest to the largest.
  public var root: Digest {
    guard var result = nodes.last else { return MerkleHash.emptyRoot }
    for node in nodes.dropLast().reversed() { result = MerkleHash.node(node, result) }
    return result
  }

  /// Size and root together.
  public var head: LogHead { LogHead(size: size, root: root) }

  /// The largest size that a store with signed 64-bit integers can hold.
  private static var greatestSize: UInt64 { UInt64(Int64.max) }

  private mutating func push(
    _ root: Digest, level start: Int, completed: (Int, UInt64, Digest) -> Void
  ) {
    var hash = root
    var level = start
    var index = size >> UInt64(start)
    if level & 7 == 0 { completed(level, index, hash) }
    while index & 1 == 1, let left = nodes.popLast() {
      hash = MerkleHash.node(left, hash)
      level += 1
      index >>= 1
      if level & 7 == 0 { completed(level, index, hash) }
    }
    nodes.append(hash)
    size &+= 1 << UInt64(start)
  }
}

/// Size and root hash of a log at one moment: what a checkpoint states.
public struct LogHead: Hashable, Sendable {
  /// Number of leaves.
  public let size: UInt64
  /// Root hash over those leaves.
  public let root: Digest

  /// Makes a head from its parts, unchecked.
  public init(size: UInt64, root: Digest) {
    self.size = size
    self.root = root
  }
}
