internal import CustodyLog
public import DossierCore
internal import GRDB

extension StoreAudit {
  /// Audits what was recorded after a checkpoint that the auditor kept: what grew, the items that it touches, and the
  /// manifests recorded or closed since. The cost is in proportion to the growth.
  ///
  /// The log's beginning is taken from the kept roots of its subtrees, which must lead to the checkpoint's root: then
  /// they are the ones that were signed. The rows before the checkpoint are not read again, and the report says so.
  ///
  /// - Parameters:
  ///   - since: its signature is checked already.
  ///   - marks: other checkpoints that the log must extend.
  /// - Returns: the report; a log that is no extension of the checkpoint is a contradiction, and nothing else is done.
  public func run(_ store: SQLiteStore, since: AuditMark, marks: [AuditMark]) throws -> AuditReport {
    try reporting(store, isSigned: true) { report in
      try store.read { reader in
        var audit = try GrowthAudit(reader, since: since, marks: marks, rules: rules)
        try audit.run(into: &report)
      }
    }
  }
}

/// The audit of a log's growth, on one connection.
private struct GrowthAudit {
  private let reader: StoreReader
  private let since: AuditMark
  private let marks: [AuditMark]
  private let limits: AuditRules
  private let key: ChainKey
  private var first: Int64 { Int64(since.head.size) }

  init(_ reader: StoreReader, since: AuditMark, marks: [AuditMark], rules: AuditRules) throws {
    self.reader = reader
    self.since = since
    self.marks = marks
    limits = rules
    key = ChainKey(try systemRandomBytes(32))
  }

  mutating func run(into report: inout AuditReport) throws {
    let (tree, newest) = try reader.state()
    report.head = tree.head
    guard let before = try beginning(tree.size, into: &report) else { return }
    let size = Int64(tree.size)
    for mark in marks where mark.head.size == since.head.size && mark.head.root != since.head.root {
      report.findings.append(
        Finding(
          .rootMismatch, path: mark.source, expected: mark.head.root.base64, found: since.head.root.base64,
          detail: "\(mark.head.size)"))
    }
    let later = marks.filter { $0.head.size > since.head.size }
    let log = LogFold(growth: try runs(size, before, later.map { Int64($0.head.size) }), marks: later)
    report.findings += log.findings + log.remarks.all
    report.findingsLeftOut += log.remarks.leftOut
    if log.tree != tree {
      report.findings.append(
        Finding(
          .logStateMismatch, path: "log_state", expected: "\(log.tree.size) \(log.tree.root.base64)",
          found: "\(tree.size) \(tree.root.base64)"))
    }
    let items = try self.items(size, newest, into: &report)
    let contents = try self.contents(size, log, into: &report)
    let manifests = try self.manifests(into: &report)
    var rules = RuleAudit(reader)
    let earlier = try ownEventsBefore(log.ownEvents)
    try rules.ownChains(earlier + log.ownEvents, from: first)
    for manifest in manifests.sorted() { try rules.seals(ofManifest: manifest) }
    // A manifest is recorded in one transaction, so that no checkpoint lies between its events.
    if log.itemsEntrusted != log.itemsStated { try rules.manifestItems() }
    report.findings += rules.findings
    report.findings += try SeenAudit(reader).findings(log.seen, size: size)
    report.checked += [
      .init("events", Int64(log.tree.size) - first), .init("items", items),
      .init("disclosures", contents), .init("manifests", Int64(manifests.count)),
      .init("checkpoints", Int64(1 + later.count)),
    ]
    report.unchecked += try unchecked(size, log, later)
  }

  /// The growth in portions, each of which goes on with the tree of the one before.
  private func runs(_ size: Int64, _ before: CompactRange, _ marks: [Int64]) throws -> [LogRun] {
    let audit = try LogAudit(reader, key: key, gathering: nil)
    var runs: [LogRun] = []
    var tree = before
    for start in stride(from: first, to: size, by: Int(LogRun.size)) {
      let run = try audit.run(
        from: start, end: min(start + LogRun.size, size), marks: marks, before: tree)
      tree = run.tree
      runs.append(run)
      // After a gap nothing fits any more.
      if Int64(tree.size) != min(start + LogRun.size, size) { break }
    }
    if runs.isEmpty {
      var none = LogRun(first: first)
      none.tree = before
      runs.append(none)
    }
    return runs
  }

  /// The tree of the checkpoint from kept roots, and from rows where none is kept.
  ///
  /// - Returns: nil when the log is no extension of the checkpoint, which is then a finding.
  private func beginning(_ size: UInt64, into report: inout AuditReport) throws -> CompactRange? {
    guard since.head.size <= size else {
      report.findings.append(
        Finding(.rolledBack, path: since.source, expected: "\(since.head.size)", found: "\(size)"))
      return nil
    }
    let source = try SubtreeSource(reader.connection, coder: reader.coder)
    var tree = CompactRange()
    do {
      for level in stride(from: 62, through: 0, by: -1) where since.head.size >> UInt64(level) & 1 == 1 {
        tree.appendSubtree(try source.root(level: level, index: tree.size >> UInt64(level)), level: level)
      }
    } catch let fault as StoreFault {
      report.findings.append(
        Finding(
          .checkpointInconsistent, path: since.source, expected: since.head.root.base64, found: "-",
          detail: fault.description))
      return nil
    }
    guard tree.root == since.head.root else {
      report.findings.append(
        Finding(
          .checkpointInconsistent, path: since.source, expected: since.head.root.base64,
          found: tree.root.base64, detail: "\(since.head.size)"))
      return nil
    }
    return tree
  }

  /// Every item that has an event since: its whole chain is hashed and folded, which reaches back before the
  /// checkpoint by the links of the chain.
  private func items(_ size: Int64, _ newest: Int64, into report: inout AuditReport) throws -> Int64 {
    let audit = try ItemAudit(
      reader, key: key, rules: ItemRules(limits: limits, newestRecording: newest))
    let select = try Statement(
      reader.connection,
      "SELECT DISTINCT subject FROM event WHERE idx >= ?1 AND idx < ?2 AND subject IS NOT NULL")
    select.bind(1, first)
    select.bind(2, size)
    var run = ItemRun()
    var count: Int64 = 0
    while try select.step() {
      let subject = Subject.read(select, 0)
      guard let row = try? reader.items.item(subject) else {
        report.findings.append(Finding(.itemProjection, path: "item", item: subject.string, found: "-"))
        continue
      }
      // Its numbers are one item; each is checked where it has events of its own.
      _ = try audit.run(row.id..<(row.id + 1), into: &run)
      report.findings += try audit.locate(row.id..<(row.id + 1))
      count += 1
    }
    report.findings += run.findings.all
    report.findingsLeftOut += run.findings.leftOut
    return count
  }

  private func contents(_ size: Int64, _ log: LogFold, into report: inout AuditReport) throws -> Int64 {
    var run = ContentRun()
    try ContentAudit(reader, gathering: nil).run(first..<size, into: &run)
    report.findings += run.findings.all
    report.findingsLeftOut += run.findings.leftOut
    if run.contents != log.contents {
      let select = try Statement(
        reader.connection,
        """
        SELECT idx FROM event WHERE idx >= ?1 AND content IS NOT NULL
          AND idx NOT IN (SELECT event FROM content WHERE event >= ?1) LIMIT 100
        """)
      select.bind(1, first)
      while try select.step() {
        report.findings.append(Finding(.disclosureMissing, path: "event/\(select.int(0))"))
      }
      if run.contents > log.contents {
        report.findings.append(
          Finding(.orphanRow, path: "content", expected: "\(log.contents)", found: "\(run.contents)"))
      }
    }
    return run.disclosures
  }

  /// The manifests recorded or closed since. Rows stand in the order in which they were recorded.
  private func manifests(into report: inout AuditReport) throws -> Set<Int64> {
    var found: Set<Int64> = []
    let select = try Statement(reader.connection, "SELECT id, recorded_event FROM manifest ORDER BY id DESC")
    while try select.step(), select.int(1) >= first { found.insert(select.int(0)) }
    select.reset()
    let closed = try Statement(
      reader.connection,
      "SELECT manifest FROM event WHERE idx >= ?1 AND kind = \(EventKind.manifestClosed.rawValue)")
    closed.bind(1, first)
    while try closed.step() { found.insert(closed.int(0)) }
    let audit = try ManifestAudit(reader)
    var run = ManifestRun()
    for id in found.sorted() { try audit.run(id...id, into: &run) }
    report.findings += run.findings.all
    return found
  }

  /// The events to which the new ones of their chains link.
  private func ownEventsBefore(_ events: [OwnEvent]) throws -> [OwnEvent] {
    var earlier: Set<Int64> = []
    for event in events {
      guard let row = try reader.items.event(event.index), let previous = row.previousEvent, previous < first
      else { continue }
      earlier.insert(previous)
    }
    return try earlier.sorted().compactMap { index in
      try reader.items.event(index).map { OwnEvent(index: index, kind: $0.kind) }
    }
  }

  private func unchecked(_ size: Int64, _ log: LogFold, _ later: [AuditMark]) throws
    -> [AuditReport.Unchecked]
  {
    var unchecked: [AuditReport.Unchecked] = []
    if first > 0 {
      unchecked.append(
        .init(
          "events", why: "before \(since.source): their root is the one signed; the rows are not read again",
          count: first))
      unchecked.append(
        .init(
          "file",
          why:
            "items, contents and manifests untouched since, master data, counters, terms, map, pages, schema: "
            + "only a full audit reads them", count: 1))
    }
    let covered = max(first, later.map { Int64($0.head.size) }.max() ?? 0)
    if size > covered {
      unchecked.append(
        .init("events", why: "recorded after the last signed checkpoint", count: size - covered))
    }
    return unchecked + log.unchecked(withMap: false)
  }
}

extension LogFold {
  /// Runs that go on where a checkpoint ends, each with the tree of all before.
  init(growth runs: [LogRun], marks: [AuditMark]) {
    self.init([], marks: [])
    var snapshots: [Int64: CompactRange] = [:]
    var lastRecordedAt = Int64.min
    for run in runs {
      tree = run.tree
      contents += run.contents
      itemsEntrusted &+= run.itemsEntrusted
      itemsStated &+= run.itemsStated
      ownEvents += run.ownEvents
      seen += run.seen
      seenLeftOut += run.seenLeftOut
      lateDeclarations += run.lateDeclarations
      findings += run.findings
      remarks.add(run.remarks)
      snapshots.merge(run.snapshots) { first, _ in first }
      if run.firstRecordedAt < lastRecordedAt {
        findings.append(Finding(.recordTimeBackwards, path: "event/\(run.first)"))
      }
      lastRecordedAt = max(lastRecordedAt, run.lastRecordedAt)
    }
    for mark in marks {
      if let root = snapshots[Int64(mark.head.size)]?.root {
        check(mark, root)
      } else if mark.head.size > tree.size {
        findings.append(
          Finding(.rolledBack, path: mark.source, expected: "\(mark.head.size)", found: "\(tree.size)"))
      }
    }
  }
}

extension StoreAudit {
  /// Finds between which of several kept checkpoints the log was changed: every leaf is hashed once from its row, and
  /// the root at each checkpoint's size compared with the one signed.
  ///
  /// - Parameter marks: their signatures are checked already; in any order.
  /// - Returns: a report about the log alone; of a broken one the finding `brokenBetween` names the last checkpoint
  ///   that agrees and the first that does not.
  public func run(_ store: SQLiteStore, bisecting marks: [AuditMark]) throws -> AuditReport {
    let ordered = marks.sorted { ($0.head.size, $0.source) < ($1.head.size, $1.source) }
    return try reporting(store, isSigned: !marks.isEmpty) { report in
      let crew = AuditCrew(
        connections: try StoreConnections(path: store.path, count: threads, notesUse: true))
      let facts = try crew.alone { try StoreFacts($0) }
      let task = AuditTask(
        key: ChainKey(try systemRandomBytes(32)), size: facts.size,
        marks: ordered.map { Int64($0.head.size) },
        gathering: nil, rules: ItemRules(limits: rules, newestRecording: facts.newestRecording))
      let pieces = stride(from: Int64(0), to: min(facts.size, facts.rowLimit), by: Int(LogRun.size))
        .map(AuditPiece.log)
      let counter = AuditProgress(steps: pieces.count, progress)
      let found = try crew.run(pieces, task, step: counter.step)
      try found.complete(.log)
      let log = LogFold(found.logs.sorted { $0.first < $1.first }, marks: ordered)
      report.head = log.tree.head
      report.findings += log.findings
      report.findings += log.broken(among: ordered)
      report.checked += [.init("events", Int64(log.tree.size)), .init("checkpoints", Int64(marks.count))]
      report.unchecked.append(
        .init(
          "file", why: "only the log was compared with the checkpoints: a full audit reads the rest", count: 1
        ))
      let covered = Int64(ordered.last?.head.size ?? 0)
      if Int64(log.tree.size) > covered {
        report.unchecked.append(
          .init(
            "events", why: "recorded after the last of these checkpoints",
            count: Int64(log.tree.size) - covered))
      }
    }
  }
}

extension LogFold {
  /// The first checkpoint that the log fails, and the last before it that it keeps.
  ///
  /// - Parameter marks: ascending by size.
  fileprivate func broken(among marks: [AuditMark]) -> [Finding] {
    guard let first = marks.firstIndex(where: { !agreed.contains($0.head) }) else { return [] }
    let last = marks[..<first].last
    let start = last.map { "\($0.head.size)" } ?? "0"
    return [
      Finding(
        .brokenBetween, path: "event/\(start)...\(max(marks[first].head.size, 1) - 1)",
        expected: last.map { "\($0.head.size) (\($0.source))" } ?? "0",
        found: "\(marks[first].head.size) (\(marks[first].source))")
    ]
  }
}
