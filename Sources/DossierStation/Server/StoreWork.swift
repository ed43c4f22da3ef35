internal import DossierTracker
internal import Glibc
internal import NIOPosix

/// Runs what waits for the disk on threads of its own, so that the few threads that serve connections never do.
///
/// Scans and pages have their threads, reports and audits have others with less right to the processor: whoever makes the
/// report of a year does not hold up a clerk.
struct StoreWork: Sendable {
  let tracker: Tracker
  private let quick: NIOThreadPool
  private let lengthy: NIOThreadPool
  private let printing: NIOThreadPool

  private static let quickPool = started(8)
  private static let lengthyPool = started(2)
  private static let printingPool = started(1)

  init(_ tracker: Tracker) {
    self.tracker = tracker
    quick = Self.quickPool
    lengthy = Self.lengthyPool
    printing = Self.printingPool
  }

  func callAsFunction<Value: Sendable>(
    _ body: @escaping @Sendable (Tracker) throws -> Value
  ) async throws -> Value {
    let tracker = tracker
    return try await quick.runIfActive { try body(tracker) }
  }

  /// For what may take seconds.
  func lengthily<Value: Sendable>(
    _ body: @escaping @Sendable (Tracker) throws -> Value
  ) async throws -> Value {
    try await patiently(lengthy, body)
  }

  /// For paper: one sheet after the other, whatever report or audit is under way.
  func printed<Value: Sendable>(
    _ body: @escaping @Sendable (Tracker) throws -> Value
  ) async throws -> Value {
    try await patiently(printing, body)
  }

  private func patiently<Value: Sendable>(
    _ pool: NIOThreadPool, _ body: @escaping @Sendable (Tracker) throws -> Value
  ) async throws -> Value {
    let tracker = tracker
    return try await pool.runIfActive {
      // Of the calling thread alone, and of those that it starts.
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
      return try body(tracker)
    }
  }

  private static func started(_ threads: Int) -> NIOThreadPool {
    let pool = NIOThreadPool(numberOfThreads: threads)
    pool.start()
    return pool
  }
}
