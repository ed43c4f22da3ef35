public import CustodyLog
internal import DossierCore
internal import DossierSQLite
internal import Synchronization

/// Takes the scans of any number of counters and clerks, each exactly once, many in one durable commit.
///
/// It keeps where hand-overs stand in memory and follows the log with them, so that what another process writes is seen.
/// What it answers has been made durable; when a commit fails nothing is answered, and nothing has changed.
public final class CounterDesk: Sendable {
  private let tracker: Tracker
  private let books: Mutex<Books>

  /// - Parameters:
  ///   - sessions: so many hand-overs are kept in memory.
  ///   - answers: so many answers are kept, to be given again word for word.
  public init(_ tracker: Tracker, sessions: Int = 64, answers: Int = 20_000) {
    self.tracker = tracker
    books = Mutex(Books(sessions: sessions, answers: answers))
  }

  /// What has become of the scans, in order, and where the log stands then.
  public struct Reply: Sendable {
    public var results: [CounterResult]
    public var log: LogHead
    /// Whether anything was recorded.
    public var hasGrown: Bool
  }

  /// Records scans in one durable commit.
  ///
  /// - Returns: one result a scan, in order. A scan with the identifier of an earlier one gets the earlier one's answer.
  /// - Throws: ``TrackerRefusal`` when the store cannot be written: then nothing of them is recorded.
  public func take(_ scans: [CounterScan]) throws -> Reply {
    try tracker.explained {
      try books.withLock { books in
        try tracker.whenHeadStays { try attempt(scans, &books) }
      }
    }
  }

  /// Where a hand-over stands.
  ///
  /// - Returns: nil when the store knows no such manifest.
  public func handover(_ manifest: String) throws -> ManifestReconciliation? {
    try tracker.explained {
      guard case .success(let number) = ManifestNumber.parse(manifest) else { return nil }
      return try books.withLock { books in
        _ = try books.follow(tracker.store)
        guard let state = try books.state(number.text, tracker.store) else { return nil }
        return try ManifestReconciliation(state, tracker.store)
      }
    }
  }

  /// - Returns: nil when another writer came between.
  private func attempt(_ scans: [CounterScan], _ books: inout Books) throws -> Reply? {
    let head = try books.follow(tracker.store)
    var plan = CounterPlan(tracker, knownHeads: books.knownHeads)
    for scan in scans {
      if let answer = books.answers[scan.id] {
        plan.repeated(answer.scan, answer.result, by: scan)
      } else {
        try plan.take(scan) { try books.state($0, tracker.store) }
      }
    }
    guard plan.isOf(head) else { return nil }
    guard let receipts = try tracker.append(plan.drafts, expecting: head) else { return nil }
    let results = plan.results(receipts)
    for (scan, result) in zip(scans, results) where result.status != .refused {
      books.remember(scan, result)
    }
    books.knownHeads = plan.knownHeads
    let log = receipts.isEmpty ? head : try tracker.store.head()
    books.knownHeads.insert(log)
    return Reply(results: results, log: log, hasGrown: !receipts.isEmpty)
  }
}

/// What the desk keeps between two commits; the log can tell all of it again.
private struct Books {
  /// Answers by the identifiers of their scans.
  private(set) var answers: [String: (scan: CounterScan, result: CounterResult)] = [:]
  var knownHeads = KnownHeads()
  /// The state of the log that all of ``states`` are of.
  private var head: LogHead?
  private var order: [String] = []
  private var states: [String: HandoverState] = [:]
  /// Numbers of the manifests, the one used last at the end.
  private var recent: [String] = []
  private let greatestSessions: Int
  private let greatestAnswers: Int

  init(sessions: Int, answers: Int) {
    greatestSessions = max(1, sessions)
    greatestAnswers = max(1, answers)
  }

  /// Brings all hand-overs to where the log stands.
  mutating func follow(_ store: SQLiteStore) throws -> LogHead {
    guard let last = head else {
      let now = try store.head()
      head = now
      return now
    }
    let news = try LogNews(store, since: last)
    if news.events == nil { forgetAll() }
    for number in states.keys {
      // One that cannot be read must not keep the others: whoever asks for it is told.
      do { try states[number]?.take(news, store) } catch { forget(number) }
    }
    head = news.now
    return news.now
  }

  /// The hand-over at where the log stood last; nil when there is no such manifest.
  mutating func state(_ number: String, _ store: SQLiteStore) throws -> HandoverState? {
    if let state = states[number] {
      recent.removeAll { $0 == number }
      recent.append(number)
      return state
    }
    guard let manifest = try store.manifest(number) else { return nil }
    let state = try HandoverState(store, manifest: manifest)
    if recent.count >= greatestSessions, let oldest = recent.first { forget(oldest) }
    recent.append(number)
    // It may be of a newer log than the others: then nothing is recorded by it before all have followed.
    states[number] = state
    return state
  }

  private mutating func forget(_ number: String) {
    states[number] = nil
    recent.removeAll { $0 == number }
  }

  private mutating func forgetAll() {
    states = [:]
    recent = []
  }

  mutating func remember(_ scan: CounterScan, _ result: CounterResult) {
    if answers.updateValue((scan, result), forKey: scan.id) == nil { order.append(scan.id) }
    guard order.count > greatestAnswers else { return }
    // Many at once: taking the first of a long array away costs as much as taking a thousand.
    let old = order.prefix(max(1, greatestAnswers / 8))
    for id in old { answers[id] = nil }
    order.removeFirst(old.count)
  }
}

/// States of the log that were found to be this log's, so that what a device has seen is looked up once.
struct KnownHeads: Sendable {
  private var heads: Set<LogHead> = []
  private var order: [LogHead] = []

  mutating func insert(_ head: LogHead) {
    guard heads.insert(head).inserted else { return }
    order.append(head)
    if order.count > 512 { heads.remove(order.removeFirst()) }
  }

  func contains(_ head: LogHead) -> Bool { heads.contains(head) }
}
