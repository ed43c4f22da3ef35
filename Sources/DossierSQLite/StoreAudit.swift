public import CustodyLog
internal import Dispatch
public import DossierCore
internal import GRDB
internal import Synchronization

/// A checkpoint that the log must extend, and where it came from.
public struct AuditMark: Sendable {
  public var head: LogHead
  /// Path or `checkpoint/<size>`.
  public var source: String

  public init(head: LogHead, source: String) {
    self.head = head
    self.source = source
  }
}

/// The full verification: re-reads everything, hashes every leaf from its row, rebuilds the root, folds every
/// item, opens every disclosure, and compares every projection with the log.
///
/// Each thread has its own read-only connection. All of them see one moment: the log is append-only and every
/// write appends, so equal log sizes at the beginning of their transactions mean equal contents.
public struct StoreAudit {
  public var threads: Int
  /// Called from time to time with (done, of) steps; from any thread.
  public var progress: (@Sendable (Int, Int) -> Void)?

  public init(threads: Int, progress: (@Sendable (Int, Int) -> Void)? = nil) {
    self.threads = max(1, threads)
    self.progress = progress
  }

  private static let findingLimit = 1_000

  /// Runs the audit on a store.
  ///
  /// - Parameters:
  ///   - marks: checkpoints that the log must extend, already checked for their signatures.
  ///   - isSigned: whether one of them is signed with the log's key.
  /// - Returns: the report; damage that SQLite reports becomes a finding.
  public func run(_ store: SQLiteStore, marks: [AuditMark], isSigned: Bool) throws -> AuditReport {
    let connections = try AuditConnections(path: store.path, count: threads)
    var work = AuditWork(connections: connections, threads: threads, progress: progress)
    var report = AuditReport(
      head: LogHead(size: 0, root: MerkleHash.emptyRoot), checked: [], unchecked: [], findings: [],
      findingsLeftOut: 0, isSigned: isSigned)
    do {
      try work.run(marks: marks, into: &report)
    } catch let error as SQLiteError {
      report.findings.append(Finding(.databaseDamaged, path: store.path, detail: error.description))
    } catch let error as DatabaseError {
      report.findings.append(Finding(.databaseDamaged, path: store.path, detail: error.description))
    } catch let fault as StoreFault {
      report.findings.append(Finding(.databaseDamaged, path: store.path, detail: fault.description))
    }
    if report.findings.count > Self.findingLimit {
      // What contradicts the log comes first, so that what is left out is what is least.
      report.findings =
        report.findings.filter(\.contradictsLog) + report.findings.filter { !$0.contradictsLog }
      report.findingsLeftOut += report.findings.count - Self.findingLimit
      report.findings.removeSubrange(Self.findingLimit...)
    }
    return report
  }
}

extension Finding {
  /// Whether it says that the log, its checkpoints or the tables contradict each other.
  var contradictsLog: Bool {
    severity == .error && (code.rawValue.hasPrefix("D-30") || code.rawValue.hasPrefix("D-31"))
  }
}

/// Read-only connections that see one moment of the store. `@unchecked Sendable` because connection `n` is
/// used by worker `n` alone while workers run, and by the one caller otherwise.
final class AuditConnections: @unchecked Sendable {
  private let queues: [DatabaseQueue]
  private var readers: [StoreReader] = []

  init(path: String, count: Int) throws {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.allowsUnsafeTransactions = true  // one read transaction lasts as long as the audit
    configuration.busyMode = .timeout(30)
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -6144") }
    queues = try (0..<count).map { _ in try DatabaseQueue(path: path, configuration: configuration) }
    for _ in 0..<100 {
      let sizes = try queues.map { queue in
        try queue.unsafeRead { db in
          try db.execute(sql: "BEGIN")
          return try Int64.fetchOne(db, sql: "SELECT size FROM log_state") ?? -1
        }
      }
      if Set(sizes).count == 1 { return }
      for queue in queues { try queue.unsafeRead { try $0.execute(sql: "ROLLBACK") } }
    }
    throw StoreFault.notAStore
  }

  deinit {
    readers = []
    for queue in queues { try? queue.unsafeRead { try $0.execute(sql: "ROLLBACK") } }
  }

  var count: Int { queues.count }

  /// Runs `body` with the reader of one worker.
  func use<T>(_ worker: Int, _ body: (StoreReader) throws -> T) throws -> T {
    try queues[worker].unsafeRead { db in
      guard let handle = db.sqliteConnection else { throw StoreFault.notAStore }
      return try body(try StoreReader(Connection(handle: handle), notesUse: true))
    }
  }
}

/// The steps of one audit.
struct AuditWork {
  let connections: AuditConnections
  let threads: Int
  let progress: (@Sendable (Int, Int) -> Void)?
  private var usedTerms: Set<Int32> = []

  init(connections: AuditConnections, threads: Int, progress: (@Sendable (Int, Int) -> Void)?) {
    self.connections = connections
    self.threads = threads
    self.progress = progress
  }

  mutating func run(marks: [AuditMark], into report: inout AuditReport) throws {
    let key = ChainKey(try systemRandomBytes(32))
    let facts = try connections.use(0) { try StoreFacts($0) }

    // Structure first: what is dropped or altered there explains the rest.
    report.findings += try connections.use(0) { try SchemaAudit.findings($0) }
    report.findings += try connections.use(0) { try PageAudit.findings($0) }
    let terms = try connections.use(0) { try TermAudit.findings($0) }
    report.findings += terms.findings
    report.findings += try connections.use(0) { try StrayAudit.findings($0, size: facts.size) }

    // Pass 1: the log.
    let size = facts.size
    let starts = stride(from: Int64(0), to: min(size, facts.rowLimit), by: Int(LogRun.size)).map { Int64($0) }
    let wanted = marks.map { Int64($0.head.size) }
    let steps = starts.count + facts.itemRanges.count + facts.contentRanges.count
    let done = Mutex(0)
    let progress = progress
    let step: @Sendable () -> Void = {
      let now = done.withLock { value in
        value += 1
        return value
      }
      progress?(now, steps)
    }
    let runs = try inParallel(starts, step: step) { reader in
      let audit = try LogAudit(reader, key: key)
      return { start in try audit.run(from: start, end: size, marks: wanted) }
    }
    let log = LogFold(runs, marks: marks)
    report.findings += log.findings
    report.head = log.tree.head
    if log.tree != facts.tree {
      report.findings.append(
        Finding(
          .logStateMismatch, path: "log_state", expected: "\(log.tree.size) \(log.tree.root.base64)",
          found: "\(facts.tree.size) \(facts.tree.root.base64)"))
    }
    if facts.events != size {
      report.findings.append(
        Finding(.eventGap, path: "event", expected: "\(size)", found: "\(facts.events)"))
    }

    // Pass 2: items.
    let itemRuns = try inParallel(facts.itemRanges, step: step) { reader in
      let audit = try ItemAudit(reader, key: key)
      return { range in try audit.run(range) }
    }
    var items = ItemRun()
    for run in itemRuns {
      items.items += run.items
      items.eventsSeen += run.eventsSeen
      items.heads = items.heads + run.heads
      for (key, counts) in run.counters { items.counters[key, default: OutcomeCounts()] += counts }
      items.births.append(contentsOf: run.births)
      report.findings += run.findings
      report.findingsLeftOut += run.findingsLeftOut
    }
    if log.produced != log.consumed + items.heads {
      let located = try inParallel(facts.itemRanges, step: {}) { reader in
        let audit = try ItemAudit(reader, key: key)
        return { range in try audit.locate(range) }
      }
      let findings = located.flatMap { $0 }
      report.findings += findings.isEmpty ? [Finding(.previousMismatch, path: "event")] : findings
    }
    if items.eventsSeen != log.itemEvents {
      report.findings.append(
        Finding(.orphanRow, path: "event", expected: "\(log.itemEvents)", found: "\(items.eventsSeen)"))
      report.findings += try connections.use(0) { try StrayAudit.eventsWithoutItem($0) }
    }
    report.findings += ItemOrder.findings(items.births)

    // Pass 3: contents.
    let contentRuns = try inParallel(facts.contentRanges, step: step) { reader in
      let audit = try ContentAudit(reader)
      return { range in try audit.run(range) }
    }
    var contents = ContentRun()
    for run in contentRuns {
      contents.contents += run.contents
      contents.disclosures += run.disclosures
      contents.dossiers += run.dossiers
      report.findings += run.findings
    }
    let sums = items
    let counts = contents
    let expectedContents = log.contents
    let used = usedTerms
    let documents = try connections.use(0) { reader in
      var rest = RestAudit(reader)
      try rest.contents(expected: expectedContents, found: counts.contents)
      try rest.dossiers(found: counts.dossiers)
      try rest.counters(sums.counters)
      try rest.offices(expected: log.officesRecorded)
      try rest.relabellings(expected: log.relabellings)
      try rest.logState(size: log.tree.size)
      let documents = try rest.manifests(expected: log.manifestsRecorded)
      try rest.terms(used: used.union(reader.terms.used))
      return (rest.findings, documents, rest.offices, rest.counters)
    }
    report.findings += documents.0

    report.checked += [
      .init("events", log.tree.size > 0 ? Int64(log.tree.size) : 0), .init("items", items.items),
      .init("dossiers", contents.dossiers), .init("disclosures", contents.disclosures),
      .init("manifests", documents.1), .init("counters", documents.3), .init("offices", documents.2),
      .init("terms", terms.count), .init("checkpoints", Int64(marks.count)),
    ]
    let covered = marks.map { Int64($0.head.size) }.max() ?? 0
    if Int64(log.tree.size) > covered {
      report.unchecked.append(
        .init(
          "events", why: "recorded after the last signed checkpoint", count: Int64(log.tree.size) - covered))
    }
  }

  /// Runs the pieces on all threads; results in the order of the pieces.
  private mutating func inParallel<Piece: Sendable, Result: Sendable>(
    _ pieces: [Piece], step: @escaping @Sendable () -> Void,
    worker: @escaping @Sendable (StoreReader) throws -> (Piece) throws -> Result
  ) throws -> [Result] {
    let state = Mutex<(next: Int, results: [Int: Result], used: Set<Int32>, failure: (any Error)?)>(
      (0, [:], [], nil))
    let connections = connections
    DispatchQueue.concurrentPerform(iterations: min(threads, max(1, pieces.count))) { thread in
      do {
        try connections.use(thread) { reader in
          let run = try worker(reader)
          while true {
            let index = state.withLock { state -> Int? in
              guard state.failure == nil, state.next < pieces.count else { return nil }
              state.next += 1
              return state.next - 1
            }
            guard let index else {
              state.withLock { $0.used.formUnion(reader.terms.used) }
              return
            }
            let result = try run(pieces[index])
            state.withLock { $0.results[index] = result }
            step()
          }
        }
      } catch {
        state.withLock { $0.failure = error }
      }
    }
    let outcome = state.withLock { ($0.results, $0.failure, $0.used) }
    if let failure = outcome.1 { throw failure }
    usedTerms.formUnion(outcome.2)
    return pieces.indices.compactMap { outcome.0[$0] }
  }
}

/// The runs of the log put together in order.
struct LogFold: Sendable {
  var tree = CompactRange()
  var produced = ChainSum()
  var consumed = ChainSum()
  var itemEvents: Int64 = 0
  var contents: Int64 = 0
  var relabellings: Int64 = 0
  var manifestsRecorded: Int64 = 0
  var officesRecorded: Int64 = 0
  var findings: [Finding] = []

  init(_ runs: [LogRun], marks: [AuditMark]) {
    var lastRecordedAt = Int64.min
    for run in runs {
      for mark in marks where Int64(mark.head.size) > run.first {
        guard let inside = run.snapshots[Int64(mark.head.size) - run.first] else { continue }
        check(mark, Self.extend(tree, with: inside).root)
      }
      tree = Self.extend(tree, with: run.tree)
      produced = produced + run.produced
      consumed = consumed + run.consumed
      itemEvents += run.itemEvents
      contents += run.contents
      relabellings += run.relabellings
      manifestsRecorded += run.manifestsRecorded
      officesRecorded += run.officesRecorded
      findings += run.findings
      if run.firstRecordedAt < lastRecordedAt {
        findings.append(Finding(.recordTimeBackwards, path: "event/\(run.first)"))
      }
      lastRecordedAt = max(lastRecordedAt, run.lastRecordedAt)
    }
    for mark in marks {
      if mark.head.size == 0 {
        check(mark, MerkleHash.emptyRoot)
      } else if mark.head.size > tree.size {
        findings.append(
          Finding(.rolledBack, path: mark.source, expected: "\(mark.head.size)", found: "\(tree.size)"))
      }
    }
  }

  private mutating func check(_ mark: AuditMark, _ root: Digest) {
    if root == mark.head.root { return }
    findings.append(
      Finding(
        .rootMismatch, path: mark.source, expected: mark.head.root.base64, found: root.base64,
        detail: "\(mark.head.size)"))
  }

  /// Runs begin at multiples of 65,536, so the nodes of a run are complete subtrees that fit where it begins.
  private static func extend(_ tree: CompactRange, with run: CompactRange) -> CompactRange {
    var extended = tree
    var position = 0
    for level in stride(from: 62, through: 0, by: -1) where run.size >> UInt64(level) & 1 == 1 {
      _ = extended.appendSubtree(run.nodes[position], level: level)
      position += 1
    }
    return extended
  }
}

/// What the audit needs to know before it begins.
struct StoreFacts: Sendable {
  var tree: CompactRange
  var size: Int64
  var events: Int64
  /// More rows than this the file cannot hold: an altered number must not make the audit endless.
  var rowLimit: Int64
  var itemRanges: [Range<Int64>]
  var contentRanges: [Range<Int64>]

  private static let rangeSize: Int64 = 16_384

  init(_ reader: StoreReader) throws {
    tree = try reader.state().tree
    size = Int64(tree.size)
    func number(_ sql: String) throws -> Int64 {
      let select = try Statement(reader.connection, sql)
      return try select.step() ? select.int(0) : 0
    }
    rowLimit = try number("SELECT page_count * page_size / 8 FROM pragma_page_count, pragma_page_size")
    events = try number("SELECT COALESCE(MAX(idx), -1) FROM event").addingReportingOverflow(1).partialValue
    let items = min(try number("SELECT COALESCE(MAX(id), 0) FROM item"), rowLimit)
    let contents = min(try number("SELECT COALESCE(MAX(event), -1) FROM content"), rowLimit) + 1
    func ranges(_ end: Int64) -> [Range<Int64>] {
      stride(from: Int64(0), to: end, by: Int(Self.rangeSize)).map { $0..<min($0 + Self.rangeSize, end) }
    }
    itemRanges = ranges(items + 1)
    contentRanges = ranges(contents)
  }
}
