internal import CustodyLog
internal import DossierCore
internal import DossierSQLite

/// What has come into the log since one state of it, read once for all that follow it.
struct LogNews {
  let now: LogHead
  /// Nil when there is so much that reading all anew is the shorter way.
  let events: [EventRecord]?

  private static let longestWay: UInt64 = 1_000

  init(_ store: SQLiteStore, since head: LogHead) throws {
    now = try store.head()
    guard now.size >= head.size, now.size - head.size <= Self.longestWay else {
      events = nil
      return
    }
    let count = Int(now.size - head.size)
    events = count == 0 ? [] : try store.events(from: Int64(clamping: head.size), limit: count)
  }
}
