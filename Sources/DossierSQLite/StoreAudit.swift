public import CustodyLog
public import DossierCore
internal import GRDB

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
  /// The limits of the rules that have one.
  public var rules = AuditRules()
  /// How events are put aside for the pass over the items; nil to look them up one by one, which finds the same and
  /// takes longer.
  var gathering: GatheringSizes? = GatheringSizes()

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
    let work = AuditWork(
      crew: AuditCrew(connections: try StoreConnections(path: store.path, count: threads, notesUse: true)),
      progress: progress, rules: rules, sizes: gathering)
    return try reporting(store, isSigned: isSigned) { try work.run(marks: marks, into: &$0) }
  }

  /// Makes a report; damage that SQLite reports becomes a finding.
  func reporting(
    _ store: SQLiteStore, isSigned: Bool, _ body: (inout AuditReport) throws -> Void
  ) throws -> AuditReport {
    var report = AuditReport(
      head: LogHead(size: 0, root: MerkleHash.emptyRoot), checked: [], unchecked: [], findings: [],
      findingsLeftOut: 0, isSigned: isSigned)
    do {
      try body(&report)
    } catch let error as SQLiteError {
      report.findings.append(Finding(.databaseDamaged, path: store.path, detail: error.description))
    } catch let error as DatabaseError {
      report.findings.append(Finding(.databaseDamaged, path: store.path, detail: error.description))
    } catch let fault as StoreFault {
      report.findings.append(Finding(.databaseDamaged, path: store.path, detail: fault.description))
    }
    Self.shorten(&report)
    return report
  }

  /// Leaves out what is more than a report holds: what contradicts the log comes first, then gaps, then the rest, so
  /// that what is left out is what is least.
  private static func shorten(_ report: inout AuditReport) {
    if report.findings.count <= Self.findingLimit { return }
    report.findings = (0...2).flatMap { rank in report.findings.filter { $0.rank == rank } }
    report.findingsLeftOut += report.findings.count - Self.findingLimit
    report.findings.removeSubrange(Self.findingLimit...)
  }
}

/// The steps of one audit.
struct AuditWork {
  let crew: AuditCrew
  let progress: (@Sendable (Int, Int) -> Void)?
  let rules: AuditRules
  /// Nil when events are to be looked up one by one.
  let sizes: GatheringSizes?

  func run(marks: [AuditMark], into report: inout AuditReport) throws {
    let key = ChainKey(try systemRandomBytes(32))
    let facts = try crew.alone { try StoreFacts($0) }
    let size = facts.size
    // Without a temporary file the events are looked up.
    let gathering = try? sizes.map { try AuditGathering(facts, key: key, sizes: $0) }
    var task = AuditTask(
      key: key, size: size, marks: marks.map { Int64($0.head.size) }, gathering: gathering,
      rules: ItemRules(limits: rules, newestRecording: facts.newestRecording))

    // What each thread can do at once: everything but the items, whose events have to be read first. The longest
    // pieces come first, so that the threads end together.
    let first =
      [AuditPiece.structure, .map] + facts.manifestRanges.map(AuditPiece.manifests)
      + stride(from: Int64(0), to: min(size, facts.rowLimit), by: Int(LogRun.size)).map(AuditPiece.log)
      + (gathering == nil ? [] : facts.itemRanges.map(AuditPiece.numbers))
      + facts.contentRanges.map(AuditPiece.contents)
    let second =
      gathering.map { (0..<$0.events.count).map(AuditPiece.shelf) } ?? facts.itemRanges.map(AuditPiece.items)
    let counter = AuditProgress(steps: first.count + second.count, progress)
    var found = try crew.run(first, task, step: counter.step)

    if let structure = found.structure {
      report.findings += structure.findings
      if let failure = structure.failure { throw failure }
    }
    try found.complete(.log)
    let log = LogFold(found.logs.sorted { $0.first < $1.first }, marks: marks)
    report.findings += log.findings + log.remarks.all
    report.findingsLeftOut += log.remarks.leftOut
    task.rules.map = log.newestMap
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

    found.add(try crew.run(second, task, step: counter.step))
    try items(&found, log, facts, task, into: &report)
    try found.complete(.contents)
    report.findings += found.contents.findings.all
    report.findingsLeftOut += found.contents.findings.leftOut
    try found.complete(.manifests)
    try found.complete(.map)
    try rest(found, log, into: &report)

    let covered = marks.map { Int64($0.head.size) }.max() ?? 0
    report.checked += [.init("checkpoints", Int64(marks.count))]
    if Int64(log.tree.size) > covered {
      report.unchecked.append(
        .init(
          "events", why: "recorded after the last signed checkpoint", count: Int64(log.tree.size) - covered))
    }
    report.unchecked += log.unchecked(withMap: true)
  }

  /// What the items say together.
  private func items(
    _ found: inout AuditYield, _ log: LogFold, _ facts: StoreFacts, _ task: AuditTask,
    into report: inout AuditReport
  ) throws {
    var order = ItemOrder()
    do {
      try found.complete(.items)
      if let gathering = task.gathering {
        order = try gathering.order()
      } else {
        for next in found.orders.sorted(by: { $0.key < $1.key }) { order.append(contentsOf: next.value) }
      }
    } catch is TemporaryFile.Failure {
      // What was put aside is lost, be it that the disk is full: all is looked up instead.
      var slow = task
      slow.gathering = nil
      found.forgetItems()
      found.add(try crew.run(facts.itemRanges.map(AuditPiece.items), slow, step: {}))
      return try items(&found, log, facts, slow, into: &report)
    }
    report.findings += found.items.findings.all
    report.findingsLeftOut += found.items.findings.leftOut
    if log.produced != log.consumed + found.items.heads {
      let located = try crew.run(facts.itemRanges.map(AuditPiece.locate), task, step: {})
      try located.complete(.items)
      let findings = located.located.sorted { $0.key < $1.key }.flatMap(\.value)
      report.findings += findings.isEmpty ? [Finding(.previousMismatch, path: "event")] : findings
    }
    if found.items.eventsSeen != log.itemEvents {
      report.findings.append(
        Finding(
          .orphanRow, path: "event", expected: "\(log.itemEvents)", found: "\(found.items.eventsSeen)"))
      report.findings += try crew.alone { try StrayAudit.eventsWithoutItem($0) }
    }
    report.findings += ItemOrder.findings(order)
  }

  /// What is checked once, by one thread.
  private func rest(_ found: AuditYield, _ log: LogFold, into report: inout AuditReport) throws {
    let (findings, offices, counters, unchecked) = try crew.alone { reader in
      var rules = RuleAudit(reader)
      try rules.seals()
      if log.itemsEntrusted != log.itemsStated { try rules.manifestItems() }
      try rules.ownChains(log.ownEvents)
      var map = MapComparison(reader)
      if let stored = found.map { try map.check(stored, newest: log.newestMap, found.items) }
      let seen = try SeenAudit(reader).findings(log.seen, size: Int64(log.tree.size))
      var rest = RestAudit(reader)
      try rest.contents(expected: log.contents, found: found.contents.contents)
      try rest.dossiers(found: found.contents.dossiers)
      try rest.counters(found.items.counters)
      try rest.offices(log.ownEvents)
      try rest.relabellings(expected: log.relabellings)
      try rest.logState(size: log.tree.size)
      try rest.manifests(found.manifests, expected: log.manifestsRecorded)
      var erasures = try ErasureAudit(reader)
      let erased = (disclosures: found.contents.erased, documents: found.manifests.erased)
      try erasures.run(erased, ordered: log.erasuresOrdered, carriedOut: log.erasuresCarriedOut)
      try rest.terms(used: found.usedTerms.union(reader.terms.used))
      return (
        rest.findings + map.findings + seen + rules.findings + erasures.findings, rest.offices, rest.counters,
        erasures.unchecked(erased)
      )
    }
    report.findings += found.manifests.findings.all + (found.map?.findings.all ?? []) + findings
    report.findingsLeftOut += found.manifests.findings.leftOut
    report.unchecked += unchecked
    report.checked += [
      .init("events", log.tree.size > 0 ? Int64(log.tree.size) : 0), .init("items", found.items.items),
      .init("dossiers", found.contents.dossiers), .init("disclosures", found.contents.disclosures),
      .init("manifests", found.manifests.manifests), .init("counters", counters), .init("offices", offices),
      .init("terms", found.structure?.terms ?? 0),
    ]
    if log.newestMap != nil { report.checked.append(.init("mapEntries", found.map?.entries ?? 0)) }
    if !log.seen.isEmpty { report.checked.append(.init("seenCheckpoints", Int64(log.seen.count))) }
  }
}
