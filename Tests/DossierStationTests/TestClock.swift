import DossierTracker
import Synchronization

/// A clock that moves only when a test sets it forward: delays, locks and limits of the station are then the same on a
/// machine that takes a minute for a request.
final class TestClock: Sendable {
  /// Monday, 2 February 2026, 08:00 in Viet Nam: the first working day after the sample province's January.
  private let time = Mutex<Int64>(1_769_994_000_000)

  func advance(minutes: Int64 = 0, seconds: Int64 = 0) {
    time.withLock { $0 += minutes * 60_000 + seconds * 1_000 }
  }

  var environment: Tracker.Environment { .init(now: { [self] in time.withLock { $0 } }) }
}
