internal import DossierTracker
internal import HTTPTypes
internal import NIOCore
internal import Synchronization

/// Tells whoever follows the log what was added to it, by this station or by another process on the same store.
///
/// Events are read and written out once for all who follow the same thing. Whoever does not keep up is let go: he comes
/// back with the last number he saw, and misses nothing.
actor LiveFeed {
  /// How much a follower may lag behind, in messages of a tenth of a second each.
  private static let lag = 64
  private static let page = 500
  private static let pause: Duration = .milliseconds(100)
  /// How often the log is read when nobody has said that it grew.
  private static let poll: Duration = .seconds(1)
  private static let ping: Duration = .seconds(15)

  private struct Follower {
    var interest: LiveInterest
    var continuation: AsyncStream<ByteBuffer>.Continuation
  }

  /// What a follower gets.
  struct Following: Sendable {
    var identifier: Int
    /// The first event that comes through `messages`; those before are his to read.
    var start: Int64
    var messages: AsyncStream<ByteBuffer>
  }

  private let work: StoreWork
  private let metrics: Metrics
  private let limit: Int
  private var followers: [Int: Follower] = [:]
  private var nextFollower = 0
  /// The first event that was not given out; nil while nobody follows.
  private var next: Int64?
  /// Apart from the actor's own state: whoever commits never waits for those who follow.
  private nonisolated let hasGrown = Mutex(false)
  private var isRunning = false
  private var isEnded = false

  init(work: StoreWork, metrics: Metrics, limit: Int) {
    self.work = work
    self.metrics = metrics
    self.limit = limit
  }

  /// How many follow.
  var count: Int { followers.count }

  /// To be called after every durable commit of the station.
  nonisolated func committed(_ head: LogHead) async {
    metrics.committed(head)
    hasGrown.withLock { $0 = true }
  }

  /// Begins to follow.
  ///
  /// - Throws: ``Problem`` 503 when too many follow, or the station is about to end.
  func follow(_ interest: LiveInterest) async throws -> Following {
    guard !isEnded, followers.count < limit else {
      var problem = Problem(.serviceUnavailable, Finding(.tooManyRequests))
      problem.retryAfter = 5
      throw problem
    }
    if next == nil {
      let size = try await work { Int64(try $0.head().size) }
      next = next ?? size
    }
    let (messages, continuation) = AsyncStream.makeStream(
      of: ByteBuffer.self, bufferingPolicy: .bufferingOldest(Self.lag))
    let identifier = nextFollower
    nextFollower += 1
    followers[identifier] = Follower(interest: interest, continuation: continuation)
    if isEnded { continuation.finish() }
    if !isRunning {
      isRunning = true
      Task { await run() }
    }
    return Following(identifier: identifier, start: next ?? 0, messages: messages)
  }

  func leave(_ identifier: Int) {
    followers.removeValue(forKey: identifier)?.continuation.finish()
  }

  /// Lets everybody go; nobody can follow from now on.
  func end() {
    isEnded = true
    for follower in followers.values { follower.continuation.finish() }
    followers.removeAll()
  }

  // MARK: Giving out

  private func run() async {
    let clock = ContinuousClock()
    var lastRead = clock.now
    var lastPing = clock.now
    while !followers.isEmpty {
      let now = clock.now
      let isNew = hasGrown.withLock { hasGrown in
        defer { hasGrown = false }
        return hasGrown
      }
      if isNew || now - lastRead >= Self.poll {
        lastRead = now
        await giveOutWhatIsNew()
      }
      if now - lastPing >= Self.ping {
        lastPing = now
        let message = ByteBuffer(string: LiveMessage.ping(last: (next ?? 0) - 1))
        for identifier in followers.keys { send(message, to: identifier) }
      }
      try? await Task.sleep(for: Self.pause)
    }
    next = nil
    isRunning = false
  }

  private func giveOutWhatIsNew() async {
    while let from = next, !followers.isEmpty {
      // A store that cannot be read now is read again a second later.
      guard let events = try? await work({ try $0.events(from: from, limit: Self.page) }),
        let last = events.last
      else { return }
      next = last.index + 1
      giveOut(events)
      if events.count < Self.page { return }
    }
  }

  private func giveOut(_ events: [EventRecord]) {
    let texts = events.map(LiveMessage.text)
    var messages: [LiveInterest: ByteBuffer] = [:]
    for (identifier, follower) in followers {
      let message =
        messages[follower.interest]
        ?? ByteBuffer(
          string: zip(events, texts).filter { follower.interest.includes($0.0) }.map(\.1).joined())
      messages[follower.interest] = message
      if message.readableBytes > 0 { send(message, to: identifier) }
    }
  }

  private func send(_ message: ByteBuffer, to identifier: Int) {
    guard let follower = followers[identifier] else { return }
    switch follower.continuation.yield(message) {
    case .enqueued: break
    default: leave(identifier)
    }
  }
}

/// What somebody follows; everything if nothing is named.
struct LiveInterest: Hashable, Sendable {
  var manifest: String?
  /// All numbers of one item.
  var items: Set<String>?

  func includes(_ event: EventRecord) -> Bool {
    if let manifest, event.manifest != manifest { return false }
    if let items { return event.item.map(items.contains) ?? false }
    return true
  }
}

/// Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html
enum LiveMessage {
  /// An event as `dossier list events --format ndjson` writes it; its number is its position in the log.
  static func text(_ event: EventRecord) -> String {
    let data = JSONOutput.row(EventTable.log, EventTable.row(event)).text(pretty: false)
    return "id: \(event.index)\nevent: custody\ndata: \(data)\n\n"
  }

  /// Keeps the connection, and tells where the log stands without saying that anything happened.
  static func ping(last: Int64) -> String { last >= 0 ? "id: \(last)\n: ping\n\n" : ": ping\n\n" }

  static func hello(last: Int64) -> String { "retry: 3000\n" + ping(last: last) }
}
