internal import Synchronization

/// How far an audit is, told from its threads.
final class AuditProgress: Sendable {
  private let state = Mutex((done: 0, all: 0))

  var value: (done: Int, all: Int) { state.withLock { $0 } }
  func set(_ done: Int, _ all: Int) { state.withLock { $0 = (done, all) } }
}
