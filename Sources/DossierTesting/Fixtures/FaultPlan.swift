internal import Synchronization

/// Throws at the nth call: given to a store as its fault, it breaks a write at every place in turn.
public final class FaultPlan: Sendable {
  public struct Injected: Error, Hashable, Sendable {
    public var call: Int
  }

  private struct State {
    var calls = 0
    var failing: Int?
  }

  private let state: Mutex<State>

  /// - Parameter call: the call that fails, counted from 1; nil for none.
  public init(failingAt call: Int? = nil) { state = Mutex(State(failing: call)) }

  /// Calls made since the plan was armed.
  public var calls: Int { state.withLock { $0.calls } }

  /// Counts from the beginning again, and fails at this call.
  public func arm(failingAt call: Int?) { state.withLock { $0 = State(failing: call) } }

  /// To be called before each step that may fail.
  public func step() throws {
    try state.withLock { state in
      state.calls += 1
      if state.calls == state.failing { throw Injected(call: state.calls) }
    }
  }

  public var fault: @Sendable () throws -> Void { { try self.step() } }
}
