internal import Dispatch
internal import DossierTracker
internal import Glibc
internal import Logging
internal import Synchronization

/// Log lines of words and values, `time=… level=info msg=request status=200`, on standard error.
struct LogLines: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level
  private let lines: LineWriter

  init(level: Logger.Level, lines: LineWriter = .standardError) {
    logLevel = level
    self.lines = lines
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let time = MachineTime.text(Tracker.Environment.systemClock(), zone: 0) ?? "-"
    var line = "time=\(time) level=\(event.level.rawValue) msg=\(Self.quoted("\(event.message)"))"
    let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
    for (key, value) in all.sorted(by: { Self.order($0.key) < Self.order($1.key) }) {
      line += " \(key == "hb.request.id" ? "id" : key)=\(Self.quoted("\(value)"))"
    }
    lines.write(line + "\n")
  }

  /// The request's identifier, method and route first, as people read.
  private static func order(_ key: String) -> (Int, String) {
    let first = ["hb.request.id", "method", "route", "status", "ms", "bytes", "role"]
    return (first.firstIndex(of: key) ?? first.count, key)
  }

  /// Nothing that a value says can begin a line, a word or an escape sequence of a terminal.
  static func quoted(_ value: String) -> String {
    let isPlain =
      !value.isEmpty && value.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x3D }
    if isPlain { return value }
    var text = "\""
    for scalar in value.unicodeScalars.prefix(1_000) {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\u{0}"..<"\u{20}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
        text += "\\u{\(String(scalar.value, radix: 16))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}

/// Writes lines in their order without making anybody wait. If nobody reads them, new ones are dropped and counted.
final class LineWriter: Sendable {
  static let standardError = LineWriter(descriptor: 2)

  private static let limit = 1 << 20
  private let descriptor: Int32
  private let queue = DispatchQueue(label: "log")
  private let state = Mutex((waiting: 0, dropped: 0))

  init(descriptor: Int32) { self.descriptor = descriptor }

  func write(_ line: String) {
    let bytes = Array(line.utf8)
    let dropped = state.withLock { state -> Int? in
      guard state.waiting + bytes.count <= Self.limit else {
        state.dropped += 1
        return nil
      }
      state.waiting += bytes.count
      defer { state.dropped = 0 }
      return state.dropped
    }
    guard let dropped else { return }
    queue.async {
      if dropped > 0 { self.put(Array("level=warning msg=\"lines dropped\" count=\(dropped)\n".utf8)) }
      self.put(bytes)
      self.state.withLock { $0.waiting -= bytes.count }
    }
  }

  /// Returns when what was written before has gone out.
  func drain() { queue.sync {} }

  private func put(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return
      }
    }
  }
}
