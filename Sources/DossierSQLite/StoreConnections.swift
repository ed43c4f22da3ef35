internal import Dispatch
internal import GRDB
internal import Synchronization

/// Read-only connections that see one moment of the store. `@unchecked Sendable` because connection `n` is
/// used by worker `n` alone while workers run, and by the one caller otherwise.
final class StoreConnections: @unchecked Sendable {
  private let queues: [DatabaseQueue]
  private let notesUse: Bool

  /// - Parameter notesUse: whether the readers note which terms they were asked for (``Terms/used``).
  init(path: String, count: Int, notesUse: Bool = false) throws {
    self.notesUse = notesUse
    var configuration = Configuration()
    configuration.readonly = true
    configuration.allowsUnsafeTransactions = true  // one read transaction lasts as long as the connections
    configuration.busyMode = .timeout(30)
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -6144") }
    queues = try (0..<count).map { _ in try DatabaseQueue(path: path, configuration: configuration) }
    for _ in 0..<100 {
      let sizes = try queues.map { queue in
        try queue.unsafeRead { db in
          try db.execute(sql: "BEGIN")
          return try Int64.fetchOne(db, sql: "SELECT size FROM log_state") ?? -1
        }
      }
      if Set(sizes).count == 1 { return }
      for queue in queues { try queue.unsafeRead { try $0.execute(sql: "ROLLBACK") } }
    }
    throw StoreFault.notAStore
  }

  deinit {
    for queue in queues { try? queue.unsafeRead { try $0.execute(sql: "ROLLBACK") } }
  }

  var count: Int { queues.count }

  /// Runs `body` with the reader of one worker.
  func use<T>(_ worker: Int, _ body: (StoreReader) throws -> T) throws -> T {
    try queues[worker].unsafeRead { db in
      guard let handle = db.sqliteConnection else { throw StoreFault.notAStore }
      return try body(try StoreReader(Connection(handle: handle), notesUse: notesUse))
    }
  }

  /// Shares pieces of work out among threads, each of which takes the next one when it is done with one.
  ///
  /// - Parameters:
  ///   - count: number of pieces; they are begun in their order.
  ///   - begin: makes what one thread works with, on its own connection.
  ///   - end: what a thread hands over when there are no pieces left.
  /// - Returns: what each thread handed over, in no particular order.
  /// - Throws: the first failure, which stops the others after the piece they are at.
  func share<Worker, Yield: Sendable>(
    _ count: Int, begin: @Sendable (StoreReader) throws -> Worker,
    piece: @Sendable (inout Worker, Int) throws -> Void, end: @Sendable (Worker) throws -> Yield
  ) throws -> [Yield] {
    let state = Mutex<(next: Int, yields: [Yield], failure: (any Error)?)>((0, [], nil))
    DispatchQueue.concurrentPerform(iterations: min(queues.count, max(1, count))) { thread in
      do {
        let yield = try use(thread) { reader in
          var worker = try begin(reader)
          while true {
            let next = state.withLock { state -> Int? in
              guard state.failure == nil, state.next < count else { return nil }
              state.next += 1
              return state.next - 1
            }
            guard let next else { break }
            try piece(&worker, next)
          }
          return try end(worker)
        }
        state.withLock { $0.yields.append(yield) }
      } catch {
        state.withLock { $0.failure = $0.failure ?? error }
      }
    }
    let (yields, failure) = state.withLock { ($0.yields, $0.failure) }
    if let failure { throw failure }
    return yields
  }
}
