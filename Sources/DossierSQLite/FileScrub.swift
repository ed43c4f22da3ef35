internal import GRDB

/// Makes sure that what was erased is in no byte of the store's files.
///
/// `secure_delete` overwrites what is deleted where it stands. But SQLite moves rows between pages, and leaves copies
/// in the unused parts of pages that it rebuilt: those it never overwrites. `VACUUM` writes the whole file anew from
/// the rows that are there, so that no copy survives; it takes time and free space in proportion to the store
/// (ARCHITECTURE.md). Then the write-ahead log, which still has the old pages, is moved into the file and cut to
/// nothing.
extension SQLiteStore {
  /// Whether something was erased since the file was last written anew.
  public func isScrubDue() throws -> Bool { try scrubbedUpTo() != nil }

  private func scrubbedUpTo() throws -> Int64? {
    try queue.read { db in
      guard try db.tableExists("scrub") else { return nil }
      return try Int64.fetchOne(db, sql: "SELECT event FROM scrub")
    }
  }

  /// Writes the file anew, if something was erased since that was done last.
  ///
  /// Killed at any moment it leaves the store whole and the work due, which the next opening repeats.
  ///
  /// - Throws: when another process reads the store all the time, or the disk is full: the work stays due.
  public func scrub() throws {
    guard let event = try scrubbedUpTo() else { return }
    try queue.writeWithoutTransaction { db in
      // A copy of the whole store in memory would be too much: a file without a name, which holds nothing erased.
      try db.execute(sql: "PRAGMA temp_store = FILE")
      defer { try? db.execute(sql: "PRAGMA temp_store = MEMORY") }
      try db.execute(sql: "VACUUM")
      _ = try db.checkpoint(.truncate)
      // Only now: what was erased meanwhile by another process keeps its own mark.
      try db.execute(sql: "DELETE FROM scrub WHERE event <= ?", arguments: [event])
      _ = try? db.checkpoint(.truncate)
    }
  }
}
