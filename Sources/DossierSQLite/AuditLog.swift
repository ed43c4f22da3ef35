internal import CustodyLog
internal import DossierCore

/// Pass 1 of the audit: one run of 65,536 rows of the log. A full run is a complete subtree, so runs can be
/// hashed by any thread in any order and folded at the end.
struct LogRun {
  static let size: Int64 = 65_536

  var first: Int64
  var tree = CompactRange()
  /// Compact ranges of this run at the checkpoints that fall inside it, by number of leaves of the run.
  var snapshots: [Int64: CompactRange] = [:]
  var produced = ChainSum()
  var consumed = ChainSum()
  var firstRecordedAt = Int64.max
  var lastRecordedAt = Int64.min
  var itemEvents: Int64 = 0
  var contents: Int64 = 0
  var relabellings: Int64 = 0
  var manifestsRecorded: Int64 = 0
  /// Events about master data, the map and the log itself (kinds 34 and up): few.
  var ownEvents: [OwnEvent] = []
  /// Sums over the manifests of how many items events entrust, and of how many the manifests state.
  var itemsEntrusted: UInt64 = 0
  var itemsStated: UInt64 = 0
  /// Different checkpoints that events name, as they come.
  var seen: [SeenCheckpoint] = []
  var seenLeftOut: Int64 = 0
  /// Whether an event of this run has named one.
  var named = false
  /// Declared times long before their recording, of which nothing but the document speaks.
  var lateDeclarations: Int64 = 0
  var erasuresOrdered: Int64 = 0
  var erasuresCarriedOut: Int64 = 0
  var findings: [Finding] = []
  /// About times: no more than a report can show.
  var remarks = RowFindings()

  /// - Parameter first: index of its first event.
  init(first: Int64) { self.first = first }
}

/// An event that is about no item and no manifest.
struct OwnEvent: Hashable, Sendable {
  var index: Int64
  var kind: EventKind
}

/// Reads and hashes runs of the log from one connection.
final class LogAudit {
  private let coder: EventCoder
  private let select: Statement
  private let subtrees: SubtreeRows
  private let key: ChainKey
  private let gathering: AuditGathering?
  private let times: TimeAudit
  /// Neighbouring events are mostly of one manifest.
  private var manifest: (id: Int64, weight: UInt64) = (0, 0)

  /// - Parameter gathering: where to put what the pass over the items needs of the events.
  init(_ reader: StoreReader, key: ChainKey, gathering: AuditGathering?) throws {
    coder = reader.coder
    self.key = key
    self.gathering = gathering
    times = try TimeAudit(reader)
    subtrees = try SubtreeRows(reader.connection)
    select = try Statement(
      reader.connection, "SELECT \(EventRow.columns) FROM event WHERE idx >= ?1 AND idx < ?2 ORDER BY idx")
  }

  /// - Parameters:
  ///   - end: end of the log; the last run may be short.
  ///   - marks: sizes of the log at which its root is wanted.
  ///   - before: the tree of all events before, when the run is to go on with it to the end; nil for a subtree.
  func run(from first: Int64, end: Int64, marks: [Int64], before: CompactRange? = nil) throws -> LogRun {
    var run = LogRun(first: first)
    if let before { run.tree = before }
    let runEnd = before == nil ? min(first + LogRun.size, end) : end
    /// Index of the first leaf of the run's tree.
    let base = before == nil ? first : 0
    let wanted = Set(marks.filter { $0 > first && $0 <= runEnd }.map { $0 - base })
    var failed: [(Int, UInt64)] = []
    var gathered: [GatheredEvent] = []
    let batchSize = gathering?.sizes.eventsInBatch ?? 0
    gathered.reserveCapacity(batchSize)
    select.bind(1, first)
    select.bind(2, runEnd)
    defer { select.reset() }
    var expected = first
    var stopped = false
    while try select.step() {
      guard let row = EventColumns(select) else {
        run.findings.append(Finding(.eventMalformed, path: "event/\(select.int(0))"))
        stopped = true
        break
      }
      if row.index != expected {
        run.findings.append(
          Finding(.eventGap, path: "event/\(expected)", expected: "\(expected)", found: "\(row.index)"))
        stopped = true
        break
      }
      let hash: Digest
      do { hash = try coder.leafHash(row) } catch let fault as StoreFault {
        run.findings.append(
          Finding(
            .eventMalformed, path: "event/\(expected)", item: row.subject.string, detail: fault.description))
        stopped = true
        break
      }
      expected += 1
      take(row, hash, into: &run)
      if row.kind.concernsItem || row.kind == .manifestClosed { try times.check(row, into: &run) }
      if let gathering, row.subject != .none,
        let event = GatheredEvent(row, number: key.number(of: row.subject))
      {
        if gathered.count == batchSize {
          gathering.put(gathered, place: Int(row.index))
          gathered.removeAll(keepingCapacity: true)
        }
        gathered.append(event)
      }
      run.tree.append(hash) { level, number, root in
        if level == 0 { return }
        let absolute = UInt64(base >> Int64(level)) + number
        do {
          if try self.subtrees.hash(level: level / 8, number: absolute) != root {
            failed.append((level, absolute))
          }
        } catch { failed.append((level, absolute)) }
      }
      if wanted.contains(Int64(run.tree.size)) { run.snapshots[Int64(run.tree.size)] = run.tree }
    }
    if !gathered.isEmpty { gathering?.put(gathered, place: Int(expected)) }
    if expected != runEnd && !stopped {
      run.findings.append(
        Finding(.eventGap, path: "event/\(expected)", expected: "\(expected)", found: "-"))
    }
    for (level, number) in failed {
      let start = number << UInt64(level)
      run.findings.append(
        Finding(
          .subtreeMismatch, path: "event/\(start)...\(start + (1 << UInt64(level)) - 1)"))
    }
    return run
  }

  private func take(_ row: EventColumns, _ hash: Digest, into run: inout LogRun) {
    if row.recordedAt < run.lastRecordedAt {
      run.findings.append(Finding(.recordTimeBackwards, path: "event/\(row.index)"))
    }
    run.firstRecordedAt = min(run.firstRecordedAt, row.recordedAt)
    run.lastRecordedAt = max(run.lastRecordedAt, row.recordedAt)
    if row.content != nil { run.contents += 1 }
    switch row.kind {
    case .manifestRecorded:
      run.manifestsRecorded += 1
      let items = EventDetails(encoded: Array(row.more))?.items ?? 0
      run.itemsStated &+= weight(row.manifest) &* UInt64(bitPattern: Int64(items))
    case .dispatched where row.isConsignment: run.itemsEntrusted &+= weight(row.manifest)
    case .relabelled: run.relabellings += 1
    default:
      if row.kind.rawValue >= EventKind.officesRecorded.rawValue {
        run.ownEvents.append(OwnEvent(index: row.index, kind: row.kind))
        if row.kind == .erasureOrdered { run.erasuresOrdered += 1 }
        if row.kind == .erasureCarriedOut { run.erasuresCarriedOut += 1 }
      }
    }
    guard row.kind.concernsItem else { return }
    run.itemEvents += 1
    run.produced.add(row.subject, row.sequence, hash, key: key)
    if row.sequence > 0 {
      if let previous = row.previous {
        run.consumed.add(row.subject, row.sequence - 1, previous, key: key)
      } else {
        run.findings.append(Finding(.previousMismatch, path: "event/\(row.index)"))
      }
    }
  }
}

extension LogAudit {
  /// What a manifest counts in the sums: a number that nobody outside this run can know.
  private func weight(_ id: Int64) -> UInt64 {
    if manifest.id != id || id == 0 { manifest = (id, key.mix(.packed(id), -2, MerkleHash.emptyRoot).0) }
    return manifest.weight
  }
}

/// The kept roots of complete subtrees.
final class SubtreeRows {
  private let select: Statement

  init(_ connection: Connection) throws {
    select = try Statement(connection, "SELECT hash FROM subtree WHERE level = ?1 AND number = ?2")
  }

  func hash(level: Int, number: UInt64) throws -> Digest? {
    select.bind(1, level)
    select.bind(2, Int64(number))
    guard try select.step() else { return nil }
    defer { select.reset() }
    return select.digest(0)
  }
}
