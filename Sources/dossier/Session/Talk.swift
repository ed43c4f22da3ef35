internal import DossierTracker
internal import Glibc
internal import Synchronization

/// What is said beside the result, on standard error. If nobody listens, nothing is said.
enum Talk {
  private static let gate = Mutex(())

  static func line(_ text: String) { write(safe(text) + "\n") }

  static func error(_ text: String) { line("dossier: error: \(text)") }

  static func hint(_ text: String) -> String { "dossier: hint: \(text)" }

  /// Exactly these characters; for progress on a terminal.
  static func write(_ text: String) {
    gate.withLock { _ in
      var bytes = Array(text.utf8)[...]
      while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return }
        bytes = bytes.dropFirst(count)
      }
    }
  }

  /// Files and documents must not steer the reader's terminal.
  static func safe(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var plain = ""
    for scalar in text.unicodeScalars {
      plain.unicodeScalars.append(isControl(scalar) ? "\u{FFFD}" : scalar)
    }
    return plain
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 && scalar != "\n" || (0x7F...0x9F).contains(scalar.value)
  }
}

/// How far long work is: one line that is written over, on a terminal only, and only after a second.
final class Progress: Sendable {
  private struct State {
    var shown: Int64 = 0
    var isVisible = false
  }

  private let state = Mutex(State())
  private let began = Surroundings.elapsed
  private let isTerminal = Surroundings.isTerminal(2)

  /// May be called from any thread.
  func show(_ text: @autoclosure () -> String) {
    guard isTerminal else { return }
    let now = Surroundings.elapsed
    let isDue = state.withLock { state in
      guard now - began >= 1000, now - state.shown >= 100 else { return false }
      state.shown = now
      state.isVisible = true
      return true
    }
    if isDue { Talk.write("\r\u{1B}[K" + Talk.safe(text())) }
  }

  func clear() {
    let wasVisible = state.withLock { state in
      defer { state.isVisible = false }
      return state.isVisible
    }
    if wasVisible { Talk.write("\r\u{1B}[K") }
  }
}
