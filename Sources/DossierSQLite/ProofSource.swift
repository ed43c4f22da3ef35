public import CustodyLog
public import DossierCore

/// A leaf of the stored log as it was hashed.
public struct StoredLeaf: Hashable, Sendable {
  public var index: UInt64
  /// Canonical JSON.
  public var bytes: [UInt8]
  public var hash: Digest
}

/// Where the map of all items stands (``StoredItemMap``).
public struct MapHead: Hashable, Sendable {
  /// Index of the event that recorded it; it speaks of all events before that one.
  public var event: UInt64
  public var entries: Int64
  public var root: Digest
}

/// What a proof shows of one store, read within one transaction.
final class ProofSource {
  private let reader: StoreReader
  private let subtrees: SubtreeSource
  private let map: StoredItemMap
  private let contents: ContentRebuilder

  init(_ reader: StoreReader) throws {
    self.reader = reader
    contents = try ContentRebuilder(reader)
    subtrees = try SubtreeSource(reader.connection, coder: reader.coder)
    map = StoredItemMap(reader.connection)
  }

  func mapHead() throws -> MapHead? {
    try map.state().map { MapHead(event: UInt64($0.event), entries: $0.entries, root: $0.root) }
  }

  /// A leaf with its inclusion proof in the log of `size` events.
  func leaf(_ row: EventRow, size: UInt64) throws -> ProofBundle.Leaf {
    _ = try reader.coder.leafHash(row)
    let text = String(decoding: reader.coder.leaf, as: UTF8.self)
    let proof = try MerkleProof.inclusion(index: UInt64(row.index), size: size) {
      try subtrees.root(level: $0, index: $1)
    }
    return ProofBundle.Leaf(index: UInt64(row.index), text: text, proof: proof)
  }

  func consistency(from old: UInt64, to new: UInt64) throws -> [Digest] {
    try MerkleProof.consistency(from: old, to: new) { try subtrees.root(level: $0, index: $1) }
  }

  /// The whole history of numbers, and what their manifests' own events state.
  ///
  /// - Parameters:
  ///   - numbers: canonical item numbers.
  ///   - size: size of the log of the checkpoint; at least one more than the index of the map's event.
  ///   - reveal: which fields to disclose, by their names.
  func history(
    of numbers: [String], map head: MapHead, size: UInt64, reveal: (VaultField) -> Bool
  ) throws -> (
    log: ProofBundle.Leaf, items: [ProofBundle.Item], events: [ProofBundle.Leaf],
    statements: [ProofBundle.Leaf]
  ) {
    guard let recorded = try reader.items.event(Int64(head.event)) else {
      throw StoreFault.malformedRow("event \(head.event)")
    }
    var items: [ProofBundle.Item] = []
    var rows: [EventRow] = []
    for number in numbers.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      items.append(try map.proof(of: number))
      guard let item = try reader.items.item(Subject(number: number)) else { continue }
      rows += try reader.items.chain(item).filter { $0.index < Int64(head.event) }
    }
    rows.sort { $0.index < $1.index }
    let manifests = Set(rows.map(\.manifest).filter { $0 > 0 })
    var statements: [EventRow] = []
    for manifest in manifests.sorted() {
      for index in try reader.ownEvents(ofManifest: manifest) where index < Int64(size) {
        if let row = try reader.items.event(index) { statements.append(row) }
      }
    }
    // Why some fields can no longer be shown: when they were erased, and on what basis.
    for record in try ErasureReader(reader).records(ofEvents: rows) {
      guard let index = record.carriedOut?.index, index < Int64(size) else { continue }
      if let row = try reader.items.event(index) { statements.append(row) }
    }
    statements.sort { $0.index < $1.index }
    return (
      try leaf(recorded, size: size), items, try rows.map { try disclosing($0, size: size, reveal) },
      try statements.map { try disclosing($0, size: size, reveal) }
    )
  }

  /// A leaf with the disclosures asked for. Where none of the event's fields is, its commitments are left out too;
  /// so they are where the vault no longer gives what the event committed to, since they would prove nothing.
  private func disclosing(
    _ row: EventRow, size: UInt64, _ reveal: (VaultField) -> Bool
  ) throws -> ProofBundle.Leaf {
    var leaf = try leaf(row, size: size)
    guard let content = row.content else { return leaf }
    var commitments: [Digest] = []
    var disclosures: [String] = []
    var inner: [UInt8] = []
    var disclosure: [UInt8] = []
    contents.begin(row.index..<(row.index + 1))
    defer { contents.end() }
    guard try contents.next() else { return leaf }
    let isWhole = try contents.rebuild(
      dossier: { _, _ in },
      field: { entry, json in
        commitments.append(entry.commitment(json: json, inner: &inner, disclosure: &disclosure))
        if reveal(entry.field) { disclosures.append(String(decoding: disclosure, as: UTF8.self)) }
      },
      erased: { entry, _ in
        commitments.append(entry.commitment(json: [], inner: &inner, disclosure: &disclosure))
      })
    guard isWhole, !disclosures.isEmpty, ContentRoot.combine(commitments) == content else { return leaf }
    leaf.commitments = commitments
    leaf.disclosures = disclosures
    return leaf
  }
}

extension SQLiteStore {
  /// Where the map stands; nil before it was first recorded.
  public func mapHead() throws -> MapHead? { try read { try ProofSource($0).mapHead() } }

  /// Leaves in log order, at most `limit` from `index` on.
  public func leaves(from index: UInt64, limit: Int) throws -> [StoredLeaf] {
    try read { reader in
      var leaves: [StoredLeaf] = []
      let select = try reader.connection.prepared(
        "SELECT \(EventRow.columns) FROM event WHERE idx >= ?1 ORDER BY idx LIMIT ?2")
      select.bind(1, Int64(clamping: index))
      select.bind(2, limit)
      while try select.step() {
        guard let row = EventRow(select), row.index == Int64(index) + Int64(leaves.count) else {
          throw StoreFault.malformedRow("event \(index + UInt64(leaves.count))")
        }
        let hash = try reader.coder.leafHash(row)
        leaves.append(StoredLeaf(index: UInt64(row.index), bytes: reader.coder.leaf, hash: hash))
      }
      return leaves
    }
  }

  /// Roots of complete subtrees of `256^level` leaves: what the tile of hashes holds (``LogTile``).
  ///
  /// - Parameters:
  ///   - level: 1 to 7; the hashes of level 0 are those of ``leaves(from:limit:)``.
  ///   - first: number of the first subtree of that level.
  public func subtreeRoots(level: Int, from first: UInt64, count: Int) throws -> [Digest] {
    try read { reader in
      let source = try SubtreeSource(reader.connection, coder: reader.coder)
      return try (0..<UInt64(count)).map { try source.root(level: 8 * level, index: first + $0) }
    }
  }

  /// What a bundle shows of some items (``ProofBundle``), without its checkpoints.
  ///
  /// - Parameters:
  ///   - numbers: canonical item numbers.
  ///   - size: size of the log of the checkpoint that the proofs lead to; above the map's event.
  ///   - past: sizes of earlier checkpoints, for which consistency proofs are made.
  ///   - reveal: which fields to disclose.
  /// - Returns: nil when the map has not been recorded, or only at or behind `size`.
  public func proof(
    of numbers: [String], size: UInt64, past: [UInt64], reveal: (VaultField) -> Bool
  ) throws -> (bundle: ProofBundle, consistency: [[Digest]])? {
    try read { reader in
      let source = try ProofSource(reader)
      guard let head = try source.mapHead(), head.event < size else { return nil }
      let history = try source.history(of: numbers, map: head, size: size, reveal: reveal)
      let bundle = ProofBundle(
        checkpoint: "", log: history.log, items: history.items, events: history.events,
        statements: history.statements)
      return (bundle, try past.map { try source.consistency(from: $0, to: size) })
    }
  }
}

extension StoreReader {
  /// Indices of the events that are about a manifest itself.
  fileprivate func ownEvents(ofManifest id: Int64) throws -> [Int64] {
    let select = try connection.prepared("SELECT recorded_event, closed_event FROM manifest WHERE id = ?1")
    select.bind(1, id)
    guard try select.step() else { return [] }
    defer { select.reset() }
    return [select.optionalInt(0), select.optionalInt(1)].compactMap { $0 }
  }
}
