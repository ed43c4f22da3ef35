internal import CustodyLog
internal import DossierCore

/// The map of all items, whose root the log records: for each item number how many events it has and the hash of the
/// newest, so that a proof can show that none was left out (``MerkleMap``).
///
/// Kept as rows, sorted by key, and as one hash for each prefix of 4, 8, 12 … bits down to buckets of at most 256
/// entries. A change costs the buckets it touches and the prefixes above them, however many items there are.
///
/// Confined to the connection it was made for.
final class StoredItemMap {
  /// What is known of the whole map.
  struct State {
    /// The map says what the items' chains were when the log had so many events.
    var size: Int64
    /// The event that recorded it.
    var event: Int64
    var entries: Int64
    var root: Digest
  }

  private let connection: Connection
  static let bucketLimit = 256
  static let bitsPerLevel = 4
  /// So many bits do not agree by chance; deeper buckets are not divided.
  static let greatestDepth = 60
  private static let chunk = 80_000

  init(_ connection: Connection) { self.connection = connection }

  /// nil before the first map.
  func state() throws -> State? {
    let select = try connection.prepared("SELECT size, event, entries, root FROM map_state WHERE id = 0")
    guard try select.step() else { return nil }
    defer { select.reset() }
    guard let root = select.digest(3) else { throw StoreFault.malformedRow("map_state") }
    return State(size: select.int(0), event: select.int(1), entries: select.int(2), root: root)
  }

  private static func key(_ number: Subject, text: inout [UInt8]) -> Digest {
    text.removeAll(keepingCapacity: true)
    number.append(to: &text)
    return ItemMap.key(item: text)
  }

  // MARK: Bringing it up to date

  private struct Change {
    var key: Digest
    var item: Int64
    var count: Int64
    var head: Digest
  }

  /// Takes over the heads of the items that have events from `first` on.
  ///
  /// - Parameter size: size of the log that the map then stands for.
  /// - Returns: number of entries and root.
  func update(from first: Int64, to size: Int64) throws -> (entries: Int64, root: Digest) {
    var changes: [Change] = []
    try forEachItem(withEventsFrom: first, to: size) { change in
      changes.append(change)
      if changes.count == Self.chunk {
        try apply(&changes)
        changes.removeAll(keepingCapacity: true)
      }
    }
    try apply(&changes)
    let whole = try node(depth: 0, prefix: 0)
    return (whole?.entries ?? 0, whole?.hash ?? MerkleMap.emptyRoot)
  }

  private func forEachItem(
    withEventsFrom first: Int64, to size: Int64, _ body: (Change) throws -> Void
  ) throws {
    let last = try connection.prepared("SELECT COALESCE(MAX(id), 0) FROM item")
    guard try last.step() else { return }
    // Much growth beside what is there: one pass over the items is cheaper than a look-up for each that has events.
    let isMuch = size - first >= last.int(0) / 4
    last.reset()
    let select = try connection.prepared(
      isMuch
        ? "SELECT id, number, head_seq, head_hash FROM item WHERE head_event >= ?1 AND head_event < ?2"
        : """
        SELECT i.id, i.number, i.head_seq, i.head_hash
        FROM (SELECT DISTINCT subject FROM event WHERE idx >= ?1 AND idx < ?2 AND subject IS NOT NULL) e
        CROSS JOIN item i ON i.number = e.subject
        """)
    select.bind(1, first)
    select.bind(2, size)
    var text: [UInt8] = []
    while try select.step() {
      guard let head = select.digest(3), select.int(2) >= 0 else {
        throw StoreFault.malformedRow("item \(select.int(0))")
      }
      try body(
        Change(
          key: Self.key(Subject.read(select, 1), text: &text), item: select.int(0), count: select.int(2) + 1,
          head: head))
    }
  }

  private func apply(_ changes: inout [Change]) throws {
    if changes.isEmpty { return }
    changes.sort { $0.key.precedes($1.key) }
    if try node(depth: 0, prefix: 0) == nil {
      // The first entries: nothing to look up, and nothing to read back.
      try insert(changes)
      let leaves = changes.map { ItemMap.leaf(key: $0.key, count: $0.count, head: $0.head) }
      _ = try build(depth: 0, prefix: 0, leaves[...])
      return
    }
    let upsert = try connection.prepared(
      """
      INSERT INTO map_entry VALUES(?1, ?2, ?3, ?4)
      ON CONFLICT(key) DO UPDATE SET count = excluded.count, head = excluded.head
      """)
    for change in changes {
      upsert.bind(1, change.key)
      upsert.bind(2, change.item)
      upsert.bind(3, change.count)
      upsert.bind(4, change.head)
      try upsert.run()
    }
    _ = try rebuild(depth: 0, prefix: 0, changes.map(\.key)[...])
  }

  private func insert(_ changes: [Change]) throws {
    let entries = try GroupedInsert(connection, into: "map_entry", columns: 4) {
      GroupedInsert.marks($0, 4)
    }
    let count = try entries.insert(changes.indices) { index, statement, base in
      statement.bind(base + 1, changes[index].key)
      statement.bind(base + 2, changes[index].item)
      statement.bind(base + 3, changes[index].count)
      statement.bind(base + 4, changes[index].head)
    }
    if count != changes.count { throw StoreFault.malformedRow("map_entry") }
  }

  /// Works out the nodes of a prefix in which the entries `changed` are new or have changed.
  private func rebuild(depth: Int, prefix: UInt64, _ changed: ArraySlice<Digest>) throws -> Node {
    if let known = try node(depth: depth, prefix: prefix), known.isDivided(depth) {
      var children = try self.children(depth: depth, prefix: prefix)
      var rest = changed
      for position in children.indices {
        let child = prefix << UInt64(Self.bitsPerLevel) | UInt64(position)
        let inside = rest.prefix {
          MerkleMap.prefix(of: $0, bits: depth + Self.bitsPerLevel) == child
        }
        if inside.isEmpty { continue }
        rest = rest.dropFirst(inside.count)
        children[position] = try rebuild(depth: depth + Self.bitsPerLevel, prefix: child, inside)
      }
      return try store(Self.combine(children, depth: depth), depth: depth, prefix: prefix)
    }
    let leaves = try self.leaves(depth: depth, prefix: prefix)
    return try build(depth: depth, prefix: prefix, leaves[...])
  }

  /// Makes the nodes of a prefix from all its leaves.
  private func build(depth: Int, prefix: UInt64, _ leaves: ArraySlice<MerkleMap.Leaf>) throws -> Node {
    guard leaves.count > Self.bucketLimit, depth < Self.greatestDepth else {
      guard let hash = MerkleMap.root(of: leaves) else { return Node(entries: 0, hash: MerkleMap.emptyRoot) }
      return try store(Node(entries: Int64(leaves.count), hash: hash), depth: depth, prefix: prefix)
    }
    var children: [Node?] = []
    var rest = leaves
    for position in 0..<(1 << Self.bitsPerLevel) {
      let child = prefix << UInt64(Self.bitsPerLevel) | UInt64(position)
      let inside = rest.prefix { MerkleMap.prefix(of: $0.key, bits: depth + Self.bitsPerLevel) == child }
      rest = rest.dropFirst(inside.count)
      children.append(
        inside.isEmpty ? nil : try build(depth: depth + Self.bitsPerLevel, prefix: child, inside))
    }
    return try store(Self.combine(children, depth: depth), depth: depth, prefix: prefix)
  }

  // MARK: Nodes

  /// All entries whose keys begin with a prefix.
  struct Node {
    var entries: Int64
    var hash: Digest

    /// Whether its children are kept, or it is a bucket.
    func isDivided(_ depth: Int) -> Bool { entries > Int64(bucketLimit) && depth < greatestDepth }
  }

  /// The node over sixteen, of which some may be empty.
  static func combine(_ children: [Node?], depth: Int) -> Node {
    let hashes = children.map { $0?.hash }
    return Node(
      entries: children.reduce(0) { $0 + ($1?.entries ?? 0) },
      hash: fold(hashes[...], bit: depth) ?? MerkleMap.emptyRoot)
  }

  func node(depth: Int, prefix: UInt64) throws -> Node? {
    let select = try connection.prepared(
      "SELECT entries, hash FROM map_node WHERE depth = ?1 AND prefix = ?2")
    select.bind(1, depth)
    select.bind(2, Int64(prefix))
    guard try select.step() else { return nil }
    defer { select.reset() }
    guard let hash = select.digest(1) else { throw StoreFault.malformedRow("map_node \(depth)/\(prefix)") }
    return Node(entries: select.int(0), hash: hash)
  }

  private func children(depth: Int, prefix: UInt64) throws -> [Node?] {
    let select = try connection.prepared(
      "SELECT prefix, entries, hash FROM map_node WHERE depth = ?1 AND prefix >= ?2 AND prefix < ?3")
    let first = prefix << UInt64(Self.bitsPerLevel)
    var children = [Node?](repeating: nil, count: 1 << Self.bitsPerLevel)
    select.bind(1, depth + Self.bitsPerLevel)
    select.bind(2, Int64(first))
    select.bind(3, Int64(first) + Int64(children.count))
    while try select.step() {
      guard let hash = select.digest(2) else {
        throw StoreFault.malformedRow("map_node \(depth + Self.bitsPerLevel)/\(select.int(0))")
      }
      children[Int(select.int(0) - Int64(first))] = Node(entries: select.int(1), hash: hash)
    }
    return children
  }

  private func store(_ node: Node, depth: Int, prefix: UInt64) throws -> Node {
    let upsert = try connection.prepared(
      """
      INSERT INTO map_node VALUES(?1, ?2, ?3, ?4)
      ON CONFLICT DO UPDATE SET entries = excluded.entries, hash = excluded.hash
      """)
    upsert.bind(1, depth)
    upsert.bind(2, Int64(prefix))
    upsert.bind(3, node.entries)
    upsert.bind(4, node.hash)
    try upsert.run()
    return node
  }

  /// The leaves whose keys begin with a prefix, in order.
  func leaves(depth: Int, prefix: UInt64) throws -> [MerkleMap.Leaf] {
    let bounds = Self.bounds(depth: depth, prefix: prefix)
    let select = try connection.prepared(
      "SELECT key, count, head FROM map_entry WHERE key >= ?1 AND key <= ?2 ORDER BY key")
    select.bind(1, bounds.first)
    select.bind(2, bounds.last)
    var leaves: [MerkleMap.Leaf] = []
    while try select.step() {
      guard let key = select.digest(0), let head = select.digest(2) else {
        throw StoreFault.malformedRow("map_entry")
      }
      leaves.append(ItemMap.leaf(key: key, count: select.int(1), head: head))
    }
    return leaves
  }

  /// The least and the greatest key with a prefix.
  static func bounds(depth: Int, prefix: UInt64) -> (first: Digest?, last: Digest?) {
    let low = depth == 0 ? 0 : prefix << UInt64(64 - depth)
    let high = depth == 0 ? UInt64.max : low | (1 << UInt64(64 - depth) - 1)
    func key(_ word: UInt64, _ rest: UInt8) -> Digest? {
      Digest(
        (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
          + [UInt8](repeating: rest, count: 24))
    }
    return (key(low, 0), key(high, 0xFF))
  }

  // MARK: Proofs

  /// The entry of a number and its path to the root; a count of 0 and where the search ends when it has none.
  func proof(of number: String) throws -> ProofBundle.Item {
    let key = ItemMap.key(item: number)
    var item = ProofBundle.Item(number: number, count: 0, path: [])
    var above: [MerkleMap.Step] = []
    var depth = 0
    var prefix: UInt64 = 0
    while let node = try node(depth: depth, prefix: prefix), node.isDivided(depth) {
      let children = try self.children(depth: depth, prefix: prefix).map { $0?.hash }
      let child = Self.descend(key, through: children, depth: depth, &above)
      depth += Self.bitsPerLevel
      prefix = prefix << UInt64(Self.bitsPerLevel) | UInt64(child)
    }
    guard let found = MerkleMap.search(for: key, in: try leaves(depth: depth, prefix: prefix)) else {
      return item
    }
    item.path = found.path + above.reversed()
    let select = try connection.prepared("SELECT count, head FROM map_entry WHERE key = ?1")
    select.bind(1, found.leaf.key)
    guard try select.step(), let head = select.digest(1) else { throw StoreFault.malformedRow("map_entry") }
    let count = select.int(0)
    select.reset()
    if found.leaf.key == key {
      item.count = count
    } else {
      item.other = MerkleMap.Entry(
        key: found.leaf.key.bytes, value: ItemMap.value(count: count, head: head))
    }
    return item
  }

  /// Goes down from a divided node, adding the inner nodes on the way, the highest first. Where the key's side is
  /// empty there is no node, and the search goes on where keys are.
  ///
  /// - Returns: position of the child reached.
  private static func descend(
    _ key: Digest, through children: [Digest?], depth: Int, _ steps: inout [MerkleMap.Step]
  ) -> Int {
    var range = children[...]
    for bit in depth..<(depth + bitsPerLevel) {
      let middle = range.startIndex + range.count / 2
      let (low, high) = (range[..<middle], range[middle...])
      let goesRight = MerkleMap.prefix(of: key, bits: bit + 1) & 1 == 1
      let (own, other) = goesRight ? (high, low) : (low, high)
      let sibling = fold(other, bit: bit + 1)
      if fold(own, bit: bit + 1) == nil {
        range = other
      } else {
        if let sibling { steps.append(MerkleMap.Step(bit: bit, sibling: sibling)) }
        range = own
      }
    }
    return range.startIndex
  }

  private static func fold(_ hashes: ArraySlice<Digest?>, bit: Int) -> Digest? {
    if hashes.count == 1 { return hashes.first ?? nil }
    let middle = hashes.startIndex + hashes.count / 2
    return MerkleMap.combine(
      bit: bit, left: fold(hashes[..<middle], bit: bit + 1), right: fold(hashes[middle...], bit: bit + 1))
  }
}

extension Digest {
  /// Order of the bytes.
  func precedes(_ other: Digest) -> Bool {
    withUnsafeBytes { left in
      other.withUnsafeBytes { right in
        for offset in stride(from: 0, to: 32, by: 8) {
          let (a, b) = (
            UInt64(bigEndian: left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)),
            UInt64(bigEndian: right.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
          )
          if a != b { return a < b }
        }
        return false
      }
    }
  }
}
