internal import CustodyLog
internal import DossierCore

/// Appends rows to the log within one transaction: assigns the index, hashes the leaf, extends the tree.
final class LogWriter {
  let coder: EventCoder
  private let selectState: Statement
  private let updateState: Statement
  private let insertEvent: Statement
  private let insertSubtree: Statement
  private(set) var tree = CompactRange()
  private(set) var recordedAt: Int64 = 0

  init(_ connection: Connection, coder: EventCoder) throws {
    self.coder = coder
    selectState = try Statement(connection, "SELECT size, frontier, recorded_at FROM log_state WHERE id = 0")
    updateState = try Statement(
      connection, "UPDATE log_state SET size = ?1, frontier = ?2, recorded_at = ?3 WHERE id = 0")
    insertEvent = try Statement(
      connection,
      """
      INSERT INTO event(\(EventRow.columns))
      VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
      """)
    insertSubtree = try Statement(connection, "INSERT INTO subtree(level, number, hash) VALUES(?1, ?2, ?3)")
  }

  /// Index of the next event.
  var nextIndex: Int64 { Int64(tree.size) }
  var head: LogHead { tree.head }

  /// Reads where the log stands: first thing in every transaction, since other processes write too.
  ///
  /// - Parameter now: the log's clock; the log's time never runs backwards.
  func begin(now: Int64) throws {
    (tree, recordedAt) = try Self.state(selectState)
    recordedAt = max(recordedAt, now)
  }

  static func state(_ select: Statement) throws -> (CompactRange, Int64) {
    guard try select.step() else { throw StoreFault.logStateMissing }
    defer { select.reset() }
    let bytes = select.bytes(1)
    guard bytes.count % 32 == 0 else { throw StoreFault.logStateMissing }
    var nodes: [Digest] = []
    var position = 0
    while position + 32 <= bytes.count {
      if let node = Digest(bytes[position..<(position + 32)]) { nodes.append(node) }
      position += 32
    }
    guard let size = UInt64(exactly: select.int(0)), let tree = CompactRange(size: size, nodes: nodes) else {
      throw StoreFault.logStateMissing
    }
    return (tree, select.int(2))
  }

  /// Writes the row under the next index and returns its leaf hash.
  func append(_ row: inout EventRow) throws -> Digest {
    row.index = nextIndex
    row.recordedAt = recordedAt
    let hash = try coder.leafHash(row)
    try insert(row, leafHash: hash)
    return hash
  }

  /// Writes a row whose index and leaf hash the caller has worked out: the index must be the next one.
  func insert(_ row: EventRow, leafHash: Digest) throws {
    insertEvent.bind(1, row.index)
    if let identifier = row.identifier {
      insertEvent.bind(text: identifier, 2)
    } else {
      insertEvent.bindNull(2)
    }
    insertEvent.bind(3, row.kind.rawValue)
    insertEvent.bind(4, row.grade.rawValue)
    row.subject.bind(insertEvent, 5)
    insertEvent.bind(6, row.sequence)
    insertEvent.bind(7, row.previousEvent)
    insertEvent.bind(8, row.previous)
    insertEvent.bind(9, row.at)
    insertEvent.bind(10, row.zone)
    insertEvent.bind(11, row.recordedAt)
    insertEvent.bind(12, row.office)
    insertEvent.bind(term: row.operatorCode, 13)
    insertEvent.bind(term: row.to, 14)
    if row.manifest == 0 { insertEvent.bindNull(15) } else { insertEvent.bind(15, row.manifest) }
    insertEvent.bind(term: row.reason, 16)
    insertEvent.bind(17, row.content)
    if row.more.isEmpty { insertEvent.bindNull(18) } else { insertEvent.bind(text: row.more, 18) }
    try insertEvent.run()
    try extend(with: leafHash)
  }

  /// Extends the tree by a leaf whose row is written.
  func extend(with leafHash: Digest) throws {
    var failure: (any Error)?
    tree.append(leafHash) { level, number, hash in
      guard level > 0, failure == nil else { return }
      insertSubtree.bind(1, Int64(level / 8))
      insertSubtree.bind(2, Int64(number))
      insertSubtree.bind(3, hash)
      do { try insertSubtree.run() } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Writes where the log stands now: last thing in every transaction.
  func finish() throws {
    var frontier: [UInt8] = []
    for node in tree.nodes { node.append(to: &frontier) }
    updateState.bind(1, Int64(tree.size))
    updateState.bind(blob: frontier, 2)
    updateState.bind(3, recordedAt)
    try updateState.run()
  }
}
