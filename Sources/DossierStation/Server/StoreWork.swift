internal import DossierTracker
internal import Glibc
internal import HTTPTypes
internal import NIOPosix
internal import Synchronization

/// Runs what waits for the disk on threads of its own, so that the few threads that serve connections never do.
///
/// Scans and pages have their threads, reports and audits have others with less right to the processor: whoever makes the
/// report of a year does not hold up a clerk.
struct StoreWork: Sendable {
  let tracker: Tracker
  private let quick: NIOThreadPool
  private let lengthy: NIOThreadPool
  private let printing: NIOThreadPool
  private let sheets = PaperQueue()

  static let quickThreads = 8
  private static let quickPool = started(quickThreads)
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
  ///
  /// - Throws: ``Problem`` 503 when too many sheets wait.
  func printed<Value: Sendable>(
    _ body: @escaping @Sendable (Tracker) throws -> Value
  ) async throws -> Value {
    try sheets.enter()
    defer { sheets.leave() }
    return try await patiently(printing, body)
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

/// How many sheets are asked for and not yet made. A sheet takes a second: whoever came behind more would have given up.
private final class PaperQueue: Sendable {
  /// The one that is made, and those that wait.
  private static let limit = 1 + 16
  private let count = Mutex(0)

  func enter() throws {
    let isTaken = count.withLock { count in
      guard count < Self.limit else { return false }
      count += 1
      return true
    }
    guard !isTaken else { return }
    var problem = Problem(.serviceUnavailable, Finding(.paperBusy))
    problem.retryAfter = 20
    throw problem
  }

  func leave() { count.withLock { $0 -= 1 } }
}
