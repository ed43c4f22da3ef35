internal import DossierCore
internal import Synchronization

/// The threads of an audit, each with a connection of its own.
struct AuditCrew: Sendable {
  let connections: StoreConnections

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
    let yields = try connections.share(pieces.count) {
      AuditWorker($0, task)
    } piece: { worker, piece in
      worker.run(pieces[piece])
      step()
    } end: {
      $0.finished()
    }
    return yields.reduce(into: AuditYield()) { $0.add($1) }
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
