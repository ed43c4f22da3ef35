/// Making roots and paths of a map.
///
/// A store does not keep the tree. It keeps one hash for each prefix of a fixed number of bits (a bucket of keys) and
/// for each shorter prefix, recomputes the buckets that a change touched (``root(of:)``) and combines upwards
/// (``combine(bit:left:right:)``). A path is made from the entries of one bucket and those kept hashes
/// (``search(for:prefixBits:subtree:bucket:)``).
extension MerkleMap {
  /// A leaf of a map whose keys are digests: all that its root and paths need.
  public struct Leaf: Hashable, Sendable {
    /// The key, 32 bytes.
    public let key: Digest
    /// Hash of the leaf (``MerkleMap/leafHash(key:value:)``).
    public let hash: Digest

    public init(key: Digest, hash: Digest) {
      self.key = key
      self.hash = hash
    }

    /// The leaf of a key and its value.
    public init(key: Digest, value: [UInt8]) {
      self.init(key: key, hash: MerkleMap.leafHash(key: key.bytes, value: value))
    }
  }

  /// Where a search in a map ends.
  public struct Found: Hashable, Sendable {
    /// The leaf: of the key itself, or the one that shows its absence.
    public let leaf: Leaf
    /// Inner nodes from the leaf to the root.
    public let path: [Step]
  }

  // MARK: - Roots

  /// Root of entries whose keys, of any length, ascend; nil when there are none.
  ///
  /// - Parameter entries: sorted by padded key, no key twice; otherwise the result stands for no map.
  public static func root(of entries: [Entry]) -> Digest? {
    fold(entries.count, { leafHash(key: entries[$0].key, value: entries[$0].value) }) { first, second in
      divergence(entries[first].key, entries[second].key)
    }
  }

  /// Root of leaves whose keys ascend; nil when there are none. The leaves of a bucket give the bucket's hash.
  ///
  /// - Parameter leaves: sorted by key, no key twice; otherwise the result stands for no map.
  public static func root(of leaves: some RandomAccessCollection<Leaf>) -> Digest? {
    let start = leaves.startIndex
    func leaf(_ position: Int) -> Leaf { leaves[leaves.index(start, offsetBy: position)] }
    return fold(leaves.count, { leaf($0).hash }) { first, second in
      divergence(leaf(first).key, leaf(second).key)
    }
  }

  /// In sorted order a node closes as soon as a neighbour diverges earlier than it does, so one pass with a stack of
  /// open nodes is enough.
  private static func fold(
    _ count: Int, _ hash: (Int) -> Digest, _ divergence: (Int, Int) -> Int?
  ) -> Digest? {
    guard count > 0 else { return nil }
    var open: [(bit: Int, left: Digest)] = []
    var current = hash(0)
    for position in 1..<max(count, 1) {
      guard let bit = divergence(position - 1, position) else { continue }
      while let node = open.last, node.bit > bit {
        current = nodeHash(bit: node.bit, left: node.left, right: current)
        open.removeLast()
      }
      open.append((bit, current))
      current = hash(position)
    }
    for node in open.reversed() { current = nodeHash(bit: node.bit, left: node.left, right: current) }
    return current
  }

  // MARK: - Paths

  /// The leaf at which a search for a key ends, and its path to the root of these leaves.
  ///
  /// - Parameter leaves: sorted by key, no key twice.
  /// - Returns: nil when there are no leaves.
  public static func search(for key: Digest, in leaves: some RandomAccessCollection<Leaf>) -> Found? {
    var range = leaves[...]
    var path: [Step] = []
    while let first = range.first, let last = range.last, let bit = divergence(first.key, last.key) {
      // All keys of the range agree before `bit`, so those with a 0 there come first.
      var low = range.startIndex
      var high = range.endIndex
      while low < high {
        let middle = range.index(low, offsetBy: range.distance(from: low, to: high) / 2)
        if MerkleMap.bit(bit, of: range[middle].key) {
          high = middle
        } else {
          low = range.index(after: middle)
        }
      }
      let (zeros, ones) = (range[..<low], range[low...])
      let goesRight = MerkleMap.bit(bit, of: key)
      guard let sibling = root(of: goesRight ? zeros : ones) else { return nil }
      path.append(Step(bit: bit, sibling: sibling))
      range = goesRight ? ones : zeros
    }
    guard let leaf = range.first else { return nil }
    return Found(leaf: leaf, path: path.reversed())
  }

  /// The leaf at which a search in a map kept in buckets ends, and its path to the map's root.
  ///
  /// - Parameters:
  ///   - prefixBits: length of the buckets' prefixes, 0 to 32.
  ///   - subtree: hash of all keys whose first `bits` bits are the number `index`; nil when there are none. Asked for
  ///     1 to `prefixBits` bits.
  ///   - bucket: leaves of one bucket, sorted by key.
  /// - Returns: nil when the map is empty.
  /// - Throws: what the closures throw.
  public static func search<Failure: Error>(
    for key: Digest, prefixBits: Int,
    subtree: (_ bits: Int, _ index: UInt64) throws(Failure) -> Digest?,
    bucket: (_ index: UInt64) throws(Failure) -> [Leaf]
  ) throws(Failure) -> Found? {
    var index: UInt64 = 0
    var above: [Step] = []
    for bit in 0..<max(prefixBits, 0) {
      let side: UInt64 = MerkleMap.bit(bit, of: key) ? 1 : 0
      let chosen = try subtree(bit + 1, index << 1 | side)
      let other = try subtree(bit + 1, index << 1 | (1 - side))
      if chosen != nil, let other { above.append(Step(bit: bit, sibling: other)) }
      // Without a node here the search goes on where keys are.
      index = index << 1 | (chosen == nil ? 1 - side : side)
    }
    let leaves = try bucket(index)
    guard let found = search(for: key, in: leaves) else { return nil }
    return Found(leaf: found.leaf, path: found.path + above.reversed())
  }

  /// The number that the first bits of a key form: the bucket it belongs to.
  ///
  /// - Parameter bits: 0 to 32.
  public static func prefix(of key: Digest, bits: Int) -> UInt64 {
    let word = key.withUnsafeBytes { $0.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
    return bits <= 0 ? 0 : word >> UInt64(64 - min(bits, 64))
  }

  private static func bit(_ position: Int, of key: Digest) -> Bool {
    key.withUnsafeBytes { bytes in
      position < bytes.count * 8 && bytes[position >> 3] >> UInt8(7 - position & 7) & 1 == 1
    }
  }

  private static func divergence(_ first: Digest, _ second: Digest) -> Int? {
    first.withUnsafeBytes { left in
      second.withUnsafeBytes { right in
        for position in 0..<Digest.byteCount where left[position] != right[position] {
          return position * 8 + (left[position] ^ right[position]).leadingZeroBitCount
        }
        return nil
      }
    }
  }
}
