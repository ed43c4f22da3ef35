internal import CustodyLog
internal import DossierCore

/// The runs of the log put together in order.
struct LogFold: Sendable {
  var tree = CompactRange()
  var produced = ChainSum()
  var consumed = ChainSum()
  var itemEvents: Int64 = 0
  var contents: Int64 = 0
  var relabellings: Int64 = 0
  var manifestsRecorded: Int64 = 0
  var ownEvents: [OwnEvent] = []
  var itemsEntrusted: UInt64 = 0
  var itemsStated: UInt64 = 0
  var seen: [SeenCheckpoint] = []
  var seenLeftOut: Int64 = 0
  var lateDeclarations: Int64 = 0
  var erasuresOrdered: Int64 = 0
  var erasuresCarriedOut: Int64 = 0
  var findings: [Finding] = []
  var remarks = RowFindings()
  /// The checkpoints that the rows hash to.
  private(set) var agreed: Set<LogHead> = []

  /// The event that recorded the newest map.
  var newestMap: Int64? { ownEvents.last { $0.kind == .mapRecorded }?.index }

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
      ownEvents += run.ownEvents
      itemsEntrusted &+= run.itemsEntrusted
      itemsStated &+= run.itemsStated
      seen += run.seen
      seenLeftOut += run.seenLeftOut
      lateDeclarations += run.lateDeclarations
      erasuresOrdered += run.erasuresOrdered
      erasuresCarriedOut += run.erasuresCarriedOut
      findings += run.findings
      remarks.add(run.remarks)
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

  /// What reading the log leaves open.
  ///
  /// - Parameter withMap: whether the newest map is worked out again.
  func unchecked(withMap: Bool) -> [AuditReport.Unchecked] {
    var unchecked: [AuditReport.Unchecked] = []
    let maps = Int64(ownEvents.count { $0.kind == .mapRecorded })
    if withMap && maps > 1 {
      unchecked.append(
        .init(
          "maps", why: "earlier roots of the map of items: only the newest is worked out again",
          count: maps - 1))
    }
    if seenLeftOut > 0 {
      unchecked.append(
        .init(
          "seenCheckpoints", why: "more different checkpoints named than are looked up", count: seenLeftOut))
    }
    if lateDeclarations > 0 {
      unchecked.append(
        .init(
          "times",
          why: "declared more than 72 hours afterwards: nothing but the document speaks for the time",
          count: lateDeclarations))
    }
    return unchecked
  }

  mutating func check(_ mark: AuditMark, _ root: Digest) {
    if root == mark.head.root {
      agreed.insert(mark.head)
      return
    }
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
  /// Rows of dossiers, at most.
  var dossiers: Int64
  var itemRanges: [Range<Int64>]
  /// By the events that they belong to.
  var contentRanges: [Range<Int64>]
  /// The newest time of recording.
  var newestRecording: Int64
  var manifestRanges: [ClosedRange<Int64>]

  private static let itemsInRange: Int64 = 16_384
  private static let contentsInRange: Int64 = 4_096
  private static let manifestsInRange: Int64 = 16

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
    newestRecording = try number("SELECT recorded_at FROM event ORDER BY idx DESC LIMIT 1")
    dossiers = min(try number("SELECT COALESCE(MAX(id), 0) FROM dossier"), rowLimit)
    func ranges(_ end: Int64, of size: Int64) -> [Range<Int64>] {
      stride(from: Int64(0), to: end, by: Int(size)).map { $0..<min($0 + size, end) }
    }
    itemRanges = ranges(items + 1, of: Self.itemsInRange)
    contentRanges = ranges(contents, of: Self.contentsInRange)
    // Rows under numbers that no writer gives belong to the first or to the last range.
    var manifests = ranges(try number("SELECT COUNT(*) FROM manifest") + 1, of: Self.manifestsInRange)
      .map { $0.lowerBound...($0.upperBound - 1) }
    if let first = manifests.first { manifests[0] = Int64.min...first.upperBound }
    if let last = manifests.last { manifests[manifests.count - 1] = last.lowerBound...Int64.max }
    manifestRanges = manifests
  }
}
