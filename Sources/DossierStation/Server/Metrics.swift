internal import DossierTracker
internal import Glibc
internal import Synchronization

/// What the station counts about itself, in the text form of Prometheus. No label says who or what was asked for.
final class Metrics: Sendable {
  private struct Route: Hashable {
    var route: String
    var method: String
    var status: Int
  }

  private struct State {
    var requests: [Route: Int] = [:]
    var times: [String: Histogram] = [:]
    var batches = Histogram(bounds: Metrics.batchBounds)
    var commits = 0
    var events = 0
    var head: UInt64?
  }

  /// How many observations lay under each of some bounds.
  struct Histogram {
    let bounds: [Double]
    private(set) var counts: [Int]
    private(set) var sum = 0.0
    private(set) var count = 0

    init(bounds: [Double]) {
      self.bounds = bounds
      counts = Array(repeating: 0, count: bounds.count)
    }

    mutating func observe(_ value: Double) {
      for (index, bound) in bounds.enumerated() where value <= bound { counts[index] += 1 }
      sum += value
      count += 1
    }
  }

  private static let timeBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30]
  private static let batchBounds: [Double] = [1, 2, 5, 10, 20, 50, 100, 1_000]
  private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

  private let state = Mutex(State())

  /// - Parameter time: nil for a stream, whose length says nothing about the station.
  func answered(route: String, method: String, status: Int, time: Duration?) {
    let method = Self.methods.contains(method) ? method : "other"
    state.withLock { state in
      state.requests[Route(route: route, method: method, status: status / 100), default: 0] += 1
      if let time {
        state.times[route, default: Histogram(bounds: Self.timeBounds)].observe(Self.seconds(time))
      }
    }
  }

  /// Counts a commit of the station by how far it moved the log.
  func committed(_ head: LogHead) {
    state.withLock { state in
      defer { state.head = max(state.head ?? 0, head.size) }
      guard let before = state.head, head.size > before else { return }
      state.commits += 1
      state.events += Int(head.size - before)
      state.batches.observe(Double(head.size - before))
    }
  }

  /// Takes note of how long the log is when the station starts, so that only what is added counts.
  func began(at head: LogHead) { state.withLock { $0.head = head.size } }

  /// - Parameter gauges: name, what it is, and value, for what others know.
  func text(gauges: [(String, String, Int)]) -> String {
    let state = state.withLock { $0 }
    var text = ""
    func head(_ name: String, _ kind: String, _ help: String) {
      text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
    }
    head("dossier_requests_total", "counter", "Requests by route and class of status.")
    for (key, count) in state.requests.sorted(by: { Self.order($0.key) < Self.order($1.key) }) {
      text +=
        "dossier_requests_total{route=\"\(Self.escaped(key.route))\",method=\"\(key.method)\",status=\"\(key.status)xx\"} \(count)\n"
    }
    head("dossier_request_seconds", "histogram", "Time to the answer, streams left out.")
    for (route, histogram) in state.times.sorted(by: { $0.key < $1.key }) {
      text += Self.lines("dossier_request_seconds", "route=\"\(Self.escaped(route))\"", histogram)
    }
    head("dossier_commits_total", "counter", "Durable commits of this process.")
    text += "dossier_commits_total \(state.commits)\n"
    head("dossier_events_total", "counter", "Events recorded by this process.")
    text += "dossier_events_total \(state.events)\n"
    head("dossier_commit_events", "histogram", "Events of one commit.")
    text += Self.lines("dossier_commit_events", "", state.batches)
    for (name, help, value) in gauges {
      head(name, "gauge", help)
      text += "\(name) \(value)\n"
    }
    return text
  }

  private static func order(_ key: Route) -> String { "\(key.route) \(key.method) \(key.status)" }

  private static func lines(_ name: String, _ label: String, _ histogram: Histogram) -> String {
    let prefix = label.isEmpty ? "" : label + ","
    let own = label.isEmpty ? "" : "{\(label)}"
    var text = ""
    for (bound, count) in zip(histogram.bounds, histogram.counts) {
      let plain = bound == bound.rounded() ? "\(Int(bound))" : "\(bound)"
      text += "\(name)_bucket{\(prefix)le=\"\(plain)\"} \(count)\n"
    }
    text += "\(name)_bucket{\(prefix)le=\"+Inf\"} \(histogram.count)\n"
    text += "\(name)_sum\(own) \(histogram.sum)\n\(name)_count\(own) \(histogram.count)\n"
    return text
  }

  private static func escaped(_ label: String) -> String {
    label.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\")
      .split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"")
  }

  static func seconds(_ time: Duration) -> Double {
    Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
  }

  /// With one digit after the point.
  static func milliseconds(_ time: Duration) -> Double { (seconds(time) * 10_000).rounded() / 10 }

  /// Bytes of memory that the process occupies now.
  static var residentMemory: Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var text = [CChar](repeating: 0, count: 128)
    guard fgets(&text, Int32(text.count), file) != nil else { return 0 }
    let words = text.prefix { $0 != 0 }.split(separator: CChar(bitPattern: 0x20))
    guard words.count > 1 else { return 0 }
    let pages = Int(String(decoding: words[1].map { UInt8(bitPattern: $0) }, as: UTF8.self)) ?? 0
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
