internal import Foundation
internal import Glibc
internal import Synchronization

/// What happens on Ctrl-C and SIGTERM: drafts are removed, one sentence says what is recorded, exit code 130.
///
/// A verb that serves ends by itself instead: it is asked to, and only when that takes too long, or at a second signal,
/// the process ends as above.
///
/// The store needs no help: what was committed stays, and a transaction that was not is rolled back by the next
/// who opens it.
enum Interruption {
  static let exitCode: Int32 = 130

  private struct State {
    var sentence: @Sendable () -> String? = { nil }
    var drafts: Set<String> = []
    var ending: (seconds: Int, action: @Sendable () -> Void)?
  }

  private static let state = Mutex(State())

  /// To be called before any other thread starts, so that all of them leave the signals to the one that waits.
  static func begin() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    // Whoever starts the program with one of them ignored (nohup, a shell's `&`) means it.
    for signal in [SIGINT, SIGTERM] where isIgnored(signal) { sigdelset(&signals, signal) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    let waited = signals
    let thread = Thread {
      var waited = waited
      var received: Int32 = 0
      while sigwait(&waited, &received) != 0 {}
      if let ending = state.withLock({ $0.ending }) {
        ending.action()
        var limit = timespec(tv_sec: ending.seconds, tv_nsec: 0)
        // Another signal, or the time is over.
        while sigtimedwait(&waited, nil, &limit) < 0, errno == EINTR {}
      }
      let (sentence, drafts) = state.withLock { ($0.sentence, $0.drafts) }
      for draft in drafts { unlink(draft) }
      if let text = sentence() {
        // Over the progress line and the terminal's own ^C.
        if Surroundings.isTerminal(2) { Talk.write("\r\u{1B}[K") }
        Talk.line(text)
      }
      _exit(exitCode)
    }
    thread.name = "interruption"
    thread.stackSize = 256 << 10
    thread.start()
  }

  private static func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    sigaction(signal, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// What to say when interrupted; called from another thread.
  static func explain(_ sentence: @escaping @Sendable () -> String?) {
    state.withLock { $0.sentence = sentence }
  }

  /// Lets a verb end by itself.
  ///
  /// - Parameters:
  ///   - seconds: how long that may take.
  ///   - action: asks for it, from another thread.
  static func end(within seconds: Int, by action: @escaping @Sendable () -> Void) {
    state.withLock { $0.ending = (seconds, action) }
  }

  static func remember(_ draft: String) { _ = state.withLock { $0.drafts.insert(draft) } }
  static func forget(_ draft: String) { _ = state.withLock { $0.drafts.remove(draft) } }
}
