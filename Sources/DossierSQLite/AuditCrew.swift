internal import Dispatch
internal import DossierCore
internal import GRDB
internal import Synchronization

/// Read-only connections that see one moment of the store. `@unchecked Sendable` because connection `n` is
/// used by worker `n` alone while workers run, and by the one caller otherwise.
final class AuditConnections: @unchecked Sendable {
  private let queues: [DatabaseQueue]
  private var readers: [StoreReader] = []

  init(path: String, count: Int) throws {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.allowsUnsafeTransactions = true  // one read transaction lasts as long as the audit
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
    readers = []
    for queue in queues { try? queue.unsafeRead { try $0.execute(sql: "ROLLBACK") } }
  }

  var count: Int { queues.count }

  /// Runs `body` with the reader of one worker.
  func use<T>(_ worker: Int, _ body: (StoreReader) throws -> T) throws -> T {
    try queues[worker].unsafeRead { db in
      guard let handle = db.sqliteConnection else { throw StoreFault.notAStore }
      return try body(try StoreReader(Connection(handle: handle), notesUse: true))
    }
  }
}

/// The threads of an audit, each with a connection of its own.
struct AuditCrew: Sendable {
  let connections: AuditConnections

  /// Runs `body` on one connection while no thread is at work.
  func alone<T>(_ body: (StoreReader) throws -> T) throws -> T { try connections.use(0, body) }

  /// Does the pieces on all threads, each of which takes the next one when it is done with one.
  ///
  /// - Returns: what was found, the same from any number of threads. A piece that fails does not stop the others;
  ///   its failure stands in the result.
  /// - Throws: when a thread cannot read the store at all.
  func run(_ pieces: [AuditPiece], _ task: AuditTask, step: @escaping @Sendable () -> Void) throws
    -> AuditYield
  {
    let state = Mutex<(next: Int, yield: AuditYield, failure: (any Error)?)>((0, AuditYield(), nil))
    let connections = connections
    DispatchQueue.concurrentPerform(iterations: min(connections.count, max(1, pieces.count))) { thread in
      do {
        try connections.use(thread) { reader in
          let worker = AuditWorker(reader, task)
          while true {
            let index = state.withLock { state -> Int? in
              guard state.failure == nil, state.next < pieces.count else { return nil }
              state.next += 1
              return state.next - 1
            }
            guard let index else { break }
            worker.run(pieces[index])
            step()
          }
          let yield = worker.finished()
          state.withLock { $0.yield.add(yield) }
        }
      } catch {
        state.withLock { $0.failure = error }
      }
    }
    let (yield, failure) = state.withLock { ($0.yield, $0.failure) }
    if let failure { throw failure }
    return yield
  }
}

/// Counts the pieces that are done.
final class AuditProgress: Sendable {
  private let done = Mutex(0)
  private let steps: Int
  private let report: (@Sendable (Int, Int) -> Void)?

  init(steps: Int, _ report: (@Sendable (Int, Int) -> Void)?) {
    self.steps = steps
    self.report = report
  }

  @Sendable func step() {
    let now = done.withLock { value in
      value += 1
      return value
    }
    report?(now, steps)
  }
}
