public import CustodyLog
internal import DossierCore
internal import GRDB

/// Copies of the whole store, taken while others write.
extension SQLiteStore {
  /// Writes what the store holds at one moment into another file.
  ///
  /// `VACUUM INTO` and not a copy of the pages: it reads in one transaction, so that writers go on and the copy is of one
  /// moment however long it takes; and it writes rows only, so that what lies in free pages does not come along.
  ///
  /// - Parameter path: a file that is not there, or empty.
  public func copy(into path: String) throws {
    try requireOpen()
    try queue.unsafeRead { try $0.execute(sql: "VACUUM INTO ?", arguments: [path]) }
  }

  /// Reads the whole file and hashes every event from its row: what a copy must come through before it is trusted.
  ///
  /// - Returns: size and root as the rows give them, which the store's own statement agrees with.
  /// - Throws: ``StoreFault`` or what SQLite says, when something in the file is not as it should be.
  public func verifiedHead() throws -> LogHead {
    try read { reader in
      let check = try Statement(reader.connection, "PRAGMA integrity_check(1)")
      guard try check.step() else { throw StoreFault.malformedRow("integrity_check") }
      let said = check.string(0)
      check.reset()
      guard said == "ok" else { throw StoreFault.malformedRow(said) }
      let select = try Statement(reader.connection, "SELECT \(EventRow.columns) FROM event ORDER BY idx")
      var tree = CompactRange()
      while try select.step() {
        guard let row = EventRow(select), row.index == Int64(tree.size) else {
          throw StoreFault.malformedRow("event \(tree.size)")
        }
        tree.append(try reader.coder.leafHash(row))
      }
      guard tree == (try reader.state().tree) else { throw StoreFault.malformedRow("log_state") }
      return tree.head
    }
  }
}
