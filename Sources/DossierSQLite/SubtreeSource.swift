public import CustodyLog
internal import DossierCore

/// Roots of complete subtrees of the stored log, for proofs: read where one is kept, hashed from rows where not.
final class SubtreeSource {
  private let coder: EventCoder
  private let selectSubtree: Statement
  private let selectEvents: Statement

  init(_ connection: Connection, coder: EventCoder) throws {
    self.coder = coder
    selectSubtree = try Statement(connection, "SELECT hash FROM subtree WHERE level = ?1 AND number = ?2")
    selectEvents = try Statement(
      connection, "SELECT \(EventRow.columns) FROM event WHERE idx >= ?1 AND idx < ?2 ORDER BY idx")
  }

  /// Root of the `index`-th subtree of `2^level` leaves.
  func root(level: Int, index: UInt64) throws -> Digest {
    if level >= 8 {
      if level % 8 == 0, let kept = try stored(level: level / 8, index: index) { return kept }
      if level > 8 {
        return MerkleHash.node(
          try root(level: level - 1, index: index * 2), try root(level: level - 1, index: index * 2 + 1))
      }
    }
    return try hashed(level: level, index: index)
  }

  private func stored(level: Int, index: UInt64) throws -> Digest? {
    selectSubtree.bind(1, level)
    selectSubtree.bind(2, Int64(index))
    guard try selectSubtree.step() else { return nil }
    defer { selectSubtree.reset() }
    return selectSubtree.digest(0)
  }

  private func hashed(level: Int, index: UInt64) throws -> Digest {
    let first = Int64(index) << Int64(level)
    let end = first + 1 << Int64(level)
    selectEvents.bind(1, first)
    selectEvents.bind(2, end)
    var tree = CompactRange()
    while try selectEvents.step() {
      guard let row = EventRow(selectEvents), row.index == first + Int64(tree.size) else {
        selectEvents.reset()
        throw StoreFault.malformedRow("event \(first + Int64(tree.size))")
      }
      tree.append(try coder.leafHash(row))
    }
    guard tree.size == UInt64(end - first) else {
      throw StoreFault.malformedRow("event \(first + Int64(tree.size))")
    }
    return tree.root
  }
}

extension StoreReader {
  /// Root of the log when it had `size` events; nil when it has fewer.
  func root(atSize size: UInt64) throws -> Digest? {
    guard size <= (try state().tree.size) else { return nil }
    let source = try SubtreeSource(connection, coder: coder)
    return try MerkleProof.root(size: size) { try source.root(level: $0, index: $1) }
  }
}

extension SQLiteStore {
  /// Root of the log when it had `size` events; nil when it has fewer.
  public func root(atSize size: UInt64) throws -> Digest? {
    try read { try $0.root(atSize: size) }
  }

  /// The proof that the log of `old` events is the beginning of the log of `new` events (RFC 6962 2.1.2).
  public func consistencyProof(from old: UInt64, to new: UInt64) throws -> [Digest] {
    try read { reader in
      let source = try SubtreeSource(reader.connection, coder: reader.coder)
      return try MerkleProof.consistency(from: old, to: new) { try source.root(level: $0, index: $1) }
    }
  }
}
