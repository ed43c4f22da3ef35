internal import Synchronization

/// What is found out about a request on its way in, for the line in the log that is written on its way out.
final class RequestFacts: Sendable {
  private struct Facts {
    var role: Role?
    var bytes = 0
  }

  private let facts = Mutex(Facts())

  var role: Role? {
    get { facts.withLock { $0.role } }
    set { facts.withLock { $0.role = newValue } }
  }

  /// Bytes of the answer's body so far.
  var bytes: Int { facts.withLock { $0.bytes } }
  func sent(_ bytes: Int) { facts.withLock { $0.bytes += bytes } }
}
