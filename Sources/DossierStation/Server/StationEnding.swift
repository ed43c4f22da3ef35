internal import Dispatch
internal import Glibc
internal import DossierTracker
internal import Logging
internal import ServiceLifecycle
internal import Synchronization

/// The wish that the station ends, whether it comes before or while it serves.
final class StationEnding: Sendable {
  private struct State {
    var isAsked = false
    var action: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  func ask() {
    let action = state.withLock { state -> (@Sendable () -> Void)? in
      guard !state.isAsked else { return nil }
      state.isAsked = true
      return state.action
    }
    action?()
  }

  func whenAsked(_ action: @escaping @Sendable () -> Void) {
    let isAsked = state.withLock { state in
      state.action = action
      return state.isAsked
    }
    if isAsked { action() }
  }
}

/// Signs where the log stands, every minute in which it grew.
struct CheckpointKeeper: Service {
  let services: StationServices
  var interval: Duration = .seconds(60)

  func run() async throws {
    // Ends without an error when the station does; the last signature is made after everything else has ended.
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        do { try await Task.sleep(for: interval) } catch { return }
        do { try await services.work { try $0.checkpointIfPermitted() } } catch {
          let problem = Problem(explaining: error)
          services.logger.error("checkpoint", metadata: ["code": "\(problem.finding.code.rawValue)"])
        }
      }
    }
  }
}

/// How many files and connections this process may have open.
enum OpenFiles {
  /// Takes what the system allows.
  static func raise() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  static var limit: Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
    return Int(clamping: limit.rlim_cur)
  }
}
