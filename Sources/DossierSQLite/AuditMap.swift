internal import CustodyLog
internal import DossierCore

/// What the newest map must say of an item: how many events it had then, and the leaf hash of the newest of them.
struct MapEntry: Equatable {
  var count: Int64
  var head: Digest

  init(count: Int64, head: Digest) {
    self.count = count
    self.head = head
  }

  /// - Parameters:
  ///   - chain: the item's events, read; those of this number only.
  ///   - event: the event that recorded the map.
  /// - Returns: nil when the item had no event then.
  init?(_ row: ItemRow, _ chain: ItemChain, before event: Int64, _ items: ItemReader) throws {
    guard row.headEvent >= 0 else { return nil }
    if row.headEvent < event {
      self.init(count: row.headSequence + 1, head: row.headHash)
      return
    }
    // The chain went on: the next event says what its predecessor's leaf hash was.
    let before = chain.events.prefix { $0.index < event }.count
    guard before > 0, before < chain.events.count else { return nil }
    guard let head = try items.event(chain.events[before].index)?.previous else { return nil }
    self.init(count: Int64(before), head: head)
  }
}

extension ChainSum {
  /// Adds an entry of the map with its key and the row of its item.
  mutating func add(_ entry: MapEntry, of row: ItemRow, number: inout [UInt8], key: ChainKey) {
    number.removeAll(keepingCapacity: true)
    row.subject.append(to: &number)
    add(item: row.id, ItemMap.key(item: number), entry, key: key)
  }

  mutating func add(item: Int64, _ mapKey: Digest, _ entry: MapEntry, key: ChainKey) {
    add(.packed(item), entry.count, entry.head, key: key)
    add(.packed(item), -1, mapKey, key: key)
  }
}

/// The stored map as its own entries give it.
struct MapRun: Sendable {
  var entries: Int64 = 0
  var root = MerkleMap.emptyRoot
  /// Over all entries.
  var sum = ChainSum()
  var findings = RowFindings()
}

/// Works the map's nodes out again from its entries, in the order of their keys, and compares every node.
final class MapAudit {
  private let reader: StoreReader
  private let key: ChainKey
  private let selectNode: Statement
  private let selectCount: Statement
  private let selectEntries: Statement
  private var run = MapRun()
  private var nodes: Int64 = 0
  /// The nodes that belong to the map; kept only to find others.
  private var known: Set<NodePlace>?
  private static let limit: Int64 = 200

  private struct NodePlace: Hashable {
    var depth: Int
    var prefix: UInt64
    var path: String { "map_node/\(depth)/\(Int64(bitPattern: prefix))" }
  }

  init(_ reader: StoreReader, key: ChainKey) throws {
    self.reader = reader
    self.key = key
    selectNode = try Statement(
      reader.connection, "SELECT entries, hash FROM map_node WHERE depth = ?1 AND prefix = ?2")
    selectCount = try Statement(
      reader.connection, "SELECT COUNT(*) FROM map_entry WHERE key >= ?1 AND key <= ?2")
    selectEntries = try Statement(
      reader.connection,
      "SELECT key, item, count, head FROM map_entry WHERE key >= ?1 AND key <= ?2 ORDER BY key")
  }

  func check() throws -> MapRun {
    try pass()
    let stored = try Statement(reader.connection, "SELECT COUNT(*) FROM map_node")
    if try stored.step(), stored.int(0) != nodes { try findStrays() }
    return run
  }

  private func pass() throws {
    run = MapRun()
    nodes = 0
    let whole = try check(NodePlace(depth: 0, prefix: 0))
    run.entries = whole?.entries ?? 0
    run.root = whole?.hash ?? MerkleMap.emptyRoot
  }

  /// Nodes that belong to no prefix of the entries.
  private func findStrays() throws {
    known = []
    try pass()
    let select = try Statement(reader.connection, "SELECT depth, prefix FROM map_node ORDER BY depth, prefix")
    var left = Self.limit
    while try select.step(), left > 0 {
      let place = NodePlace(depth: Int(select.int(0)), prefix: UInt64(bitPattern: select.int(1)))
      if known?.contains(place) ?? false { continue }
      left -= 1
      run.findings.add(Finding(.mapProjection, path: place.path, expected: "-", found: "+"), row: Int64.max)
    }
  }

  /// The node of a prefix as its entries give it; nil without entries. Whether it is a bucket or divided decides only
  /// where its hash comes from, so what the stored node says of that may be tried first.
  private func check(_ place: NodePlace) throws -> StoredItemMap.Node? {
    let stored = try node(place)
    let claims = try stored?.entries ?? count(place)
    let before = (run, nodes)
    var isDivided = claims > Int64(StoredItemMap.bucketLimit) && place.depth < StoredItemMap.greatestDepth
    var found = try work(place, isDivided: isDivided)
    if let found, found.isDivided(place.depth) != isDivided {
      (run, nodes) = before
      isDivided.toggle()
      _ = try work(place, isDivided: isDivided)
    }
    if found?.entries == 0 { found = nil }
    if found == nil && stored == nil { return nil }
    known?.insert(place)
    if stored != nil { nodes += 1 }
    if found?.entries != stored?.entries || found?.hash != stored?.hash {
      run.findings.add(
        Finding(
          .mapProjection, path: place.path, expected: found.map { "\($0.entries) \($0.hash.base64)" } ?? "-",
          found: stored.map { "\($0.entries) \($0.hash.base64)" } ?? "-"),
        row: Int64(place.depth) << 48 | Int64(place.prefix & 0xFFFF_FFFF_FFFF))
    }
    return found
  }

  private func work(_ place: NodePlace, isDivided: Bool) throws -> StoredItemMap.Node? {
    guard isDivided else { return try bucket(place) }
    let bits = StoredItemMap.bitsPerLevel
    var children: [StoredItemMap.Node?] = []
    for position in 0..<UInt64(1 << bits) {
      let child = NodePlace(depth: place.depth + bits, prefix: place.prefix << UInt64(bits) | position)
      children.append(try check(child))
    }
    return StoredItemMap.combine(children, depth: place.depth)
  }

  private func bucket(_ place: NodePlace) throws -> StoredItemMap.Node? {
    bind(selectEntries, place)
    var leaves: [MerkleMap.Leaf] = []
    while try selectEntries.step() {
      guard let mapKey = selectEntries.digest(0), let head = selectEntries.digest(3) else {
        run.findings.add(Finding(.mapProjection, path: "map_entry", expected: "-", found: "?"), row: -1)
        continue
      }
      let entry = MapEntry(count: selectEntries.int(2), head: head)
      leaves.append(MerkleMap.Leaf(key: mapKey, value: ItemMap.value(count: entry.count, head: head)))
      run.sum.add(item: selectEntries.int(1), mapKey, entry, key: key)
    }
    guard let hash = MerkleMap.root(of: leaves) else { return nil }
    return StoredItemMap.Node(entries: Int64(leaves.count), hash: hash)
  }

  /// - Returns: nil when there is none, or its hash is no hash.
  private func node(_ place: NodePlace) throws -> StoredItemMap.Node? {
    selectNode.bind(1, place.depth)
    selectNode.bind(2, Int64(bitPattern: place.prefix))
    guard try selectNode.step() else { return nil }
    defer { selectNode.reset() }
    return StoredItemMap.Node(
      entries: selectNode.int(0), hash: selectNode.digest(1) ?? MerkleHash.emptyRoot)
  }

  private func count(_ place: NodePlace) throws -> Int64 {
    bind(selectCount, place)
    guard try selectCount.step() else { return 0 }
    defer { selectCount.reset() }
    return selectCount.int(0)
  }

  private func bind(_ statement: Statement, _ place: NodePlace) {
    let bounds = StoredItemMap.bounds(depth: place.depth, prefix: place.prefix)
    statement.bind(1, bounds.first)
    statement.bind(2, bounds.last)
  }
}

/// The map's rows against the log, once the log and the items have been read.
struct MapComparison {
  private let reader: StoreReader
  private(set) var findings: [Finding] = []
  private static let limit = 200

  init(_ reader: StoreReader) { self.reader = reader }

  /// - Parameters:
  ///   - newest: the event that recorded the newest map; nil when none did.
  ///   - items: what was found about the items.
  mutating func check(_ map: MapRun, newest: Int64?, _ items: ItemRun) throws {
    let select = try Statement(reader.connection, "SELECT size, event, entries, root, id FROM map_state")
    var states = 0
    while try select.step() {
      states += 1
      let isRight =
        select.int(4) == 0 && select.int(1) == newest && select.int(0) == newest
        && select.int(2) == map.entries
        && select.digest(3) == map.root
      if !isRight {
        report(
          "map_state/\(select.int(4))", newest.map { "\($0) \(map.entries) \(map.root.base64)" },
          "\(select.int(1)) \(select.int(2)) \(select.digest(3)?.base64 ?? "-")")
      }
    }
    guard let newest else {
      if map.entries > 0 { report("map_entry", nil, "\(map.entries)") }
      return
    }
    if states != 1 { report("map_state/0", "1", "\(states)") }
    // What the items' chains were then, against the entries; only when the sums differ is each one looked up.
    if items.mapEntries != map.entries || items.mapped != map.sum { try locate(newest) }
    guard let row = try reader.items.event(newest) else { return }
    let details = EventDetails(encoded: row.more)
    if details?.map != map.root || details?.entries != Int(map.entries) {
      findings.append(
        Finding(
          .mapMismatch, path: "event/\(newest)", events: [try reader.coder.identifier(of: row)],
          expected: "\(map.entries) \(map.root.base64)",
          found: "\(details?.entries ?? 0) \(details?.map?.base64 ?? "-")"))
    }
  }

  private mutating func report(_ path: String, _ expected: String?, _ found: String, item: String? = nil) {
    findings.append(
      Finding(.mapProjection, path: path, item: item, expected: expected ?? "-", found: found))
  }

  /// Each item's entry, and the entries of no item.
  private mutating func locate(_ newest: Int64) throws {
    let before = findings.count
    let items = try Statement(reader.connection, "SELECT \(ItemRow.columns) FROM item ORDER BY id")
    let entry = try Statement(reader.connection, "SELECT item, count, head FROM map_entry WHERE key = ?1")
    var chain = ItemChain()
    var right: Set<Digest> = []
    while try items.step(), findings.count - before < Self.limit {
      guard let row = ItemRow(items), (try? chain.read(row, reader.items)) != nil else { continue }
      guard let expected = try MapEntry(row, chain, before: newest, reader.items) else { continue }
      let mapKey = ItemMap.key(item: row.subject.string)
      right.insert(mapKey)
      entry.bind(1, mapKey)
      let isThere = try entry.step()
      let head = isThere ? entry.digest(2) : nil
      let isRight =
        isThere && entry.int(0) == row.id && entry.int(1) == expected.count && head == expected.head
      if !isRight {
        report(
          "map_entry/\(mapKey.hex)", "\(row.id) \(expected.count) \(expected.head.hex)",
          isThere ? "\(entry.int(0)) \(entry.int(1)) \(head?.hex ?? "-")" : "-", item: row.subject.string)
      }
      entry.reset()
    }
    let entries = try Statement(reader.connection, "SELECT key FROM map_entry ORDER BY key")
    while try entries.step(), findings.count - before < Self.limit {
      let bytes = entries.bytes(0)
      if let known = Digest(bytes), right.contains(known) { continue }
      report("map_entry/\(Digest(bytes)?.hex ?? "?")", nil, "+")
    }
    if findings.count == before { report("map_entry", nil, "?") }
  }
}
