internal import CustodyLog
internal import DossierCore

/// The history of every item as far as a log has been read: how many events it has and the newest one's hash, and the
/// root of the map over all of them (``ItemMap``), at a cost that follows what changed since the last root.
///
/// Memory: about 100 bytes an item number, whatever the number of events, and 5 MB.
struct ItemHistories {
  private struct Entry {
    var key: Digest
    var count: Int64
    var head: Digest
  }

  /// Keys are sorted into buckets by their first bits.
  private static let bits = 16
  private var buckets: [[Entry]] = Array(repeating: [], count: 1 << bits)
  /// Hashes of the prefixes of up to 16 bits: the node of a prefix of `d` bits is number `2^d + prefix`.
  private var nodes: [Digest?] = Array(repeating: nil, count: 2 << bits)
  private var changed: Set<Int> = []
  /// Number of items.
  private(set) var count = 0

  /// Adds an item's next event.
  ///
  /// - Returns: what is wrong with it: `sequence` or `previous`; nil when it follows.
  mutating func add(item: [UInt8], sequence: Int64, previous: Digest?, hash: Digest) -> EvidenceReason? {
    let key = ItemMap.key(item: item)
    let bucket = Int(MerkleMap.prefix(of: key, bits: Self.bits))
    let place = buckets[bucket].firstPlace { !$0.key.comes(before: key) }
    let isKnown = place < buckets[bucket].count && buckets[bucket][place].key == key
    let known = isKnown ? buckets[bucket][place] : nil
    guard sequence == known?.count ?? 0 else { return .sequence }
    guard previous == known?.head else { return .previous }
    changed.insert(bucket)
    if isKnown {
      buckets[bucket][place].count += 1
      buckets[bucket][place].head = hash
    } else {
      buckets[bucket].insert(Entry(key: key, count: 1, head: hash), at: place)
      count += 1
    }
    return nil
  }

  /// Root of the map.
  mutating func root() -> Digest {
    var places: [Int] = []
    for bucket in changed {
      let leaves = buckets[bucket].map {
        MerkleMap.Leaf(key: $0.key, value: ItemMap.value(count: $0.count, head: $0.head))
      }
      nodes[1 << Self.bits | bucket] = MerkleMap.root(of: leaves)
      places.append(1 << Self.bits | bucket)
    }
    changed.removeAll(keepingCapacity: true)
    for depth in (0..<Self.bits).reversed() {
      places = Array(Set(places.map { $0 >> 1 }))
      for place in places {
        nodes[place] = MerkleMap.combine(bit: depth, left: nodes[place * 2], right: nodes[place * 2 + 1])
      }
    }
    return nodes[1] ?? MerkleMap.emptyRoot
  }
}

extension Array {
  /// First position whose element holds `isBehind`, which holds for all after it.
  fileprivate func firstPlace(_ isBehind: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension Digest {
  /// Order of the bytes.
  fileprivate func comes(before other: Digest) -> Bool {
    withUnsafeBytes { left in other.withUnsafeBytes { right in left.lexicographicallyPrecedes(right) } }
  }
}
