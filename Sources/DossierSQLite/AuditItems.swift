internal import CustodyLog
internal import DossierCore

/// Pass 2 of the audit: items, each from all its events, against their projection.
struct ItemRun {
  var items: Int64 = 0
  var eventsSeen: Int64 = 0
  var heads = ChainSum()
  var counters: [CounterKey: OutcomeCounts] = [:]
  var findings: [Finding] = []
  var findingsLeftOut = 0
  /// Every item and the event that made it known, in order of id.
  var births = ItemOrder()
}

/// Items are numbered as they become known, without a gap: an item whose id was changed, or that was put among
/// the others, stands out. Kept as runs' ends, so that memory does not grow with the store.
struct ItemOrder: Sendable {
  private(set) var firstID: Int64?
  private(set) var firstBirth: Int64 = 0
  private var lastID: Int64 = 0
  private var lastBirth: Int64 = 0
  private(set) var strays: [Int64] = []

  mutating func append(id: Int64, birth: Int64) {
    if firstID == nil {
      (firstID, firstBirth) = (id, birth)
    } else if id != lastID + 1 || birth < lastBirth {
      if strays.count < 100 { strays.append(id) }
    }
    (lastID, lastBirth) = (id, birth)
  }

  /// Adds the items of the next range.
  mutating func append(contentsOf next: ItemOrder) {
    guard let id = next.firstID else { return }
    append(id: id, birth: next.firstBirth)
    strays = Array((strays + next.strays).prefix(100))
    (lastID, lastBirth) = (next.lastID, next.lastBirth)
  }

  static func findings(_ order: ItemOrder) -> [Finding] {
    var strays = order.strays
    if let first = order.firstID, first != 1 { strays.insert(first, at: 0) }
    return strays.map { Finding(.itemProjection, path: "item/\($0)", expected: "-", found: "id") }
  }
}

final class ItemAudit {
  private let reader: StoreReader
  private let selectItems: Statement
  private let key: ChainKey
  private let hasRelabellings: Bool
  private let selectRelabelled: Statement
  private static let findingLimit = 200
  private var contradictions = 0

  init(_ reader: StoreReader, key: ChainKey) throws {
    self.reader = reader
    self.key = key
    selectItems = try Statement(
      reader.connection, "SELECT \(ItemRow.columns) FROM item WHERE id >= ?1 AND id < ?2 ORDER BY id")
    let any = try Statement(reader.connection, "SELECT 1 FROM relabelling LIMIT 1")
    hasRelabellings = try any.step()
    selectRelabelled = try Statement(
      reader.connection, "SELECT MIN(event) FROM relabelling WHERE new_item = ?1")
  }

  /// Checks the items with ids in `range`.
  func run(_ range: Range<Int64>) throws -> ItemRun {
    var run = ItemRun()
    contradictions = 0
    selectItems.bind(1, range.lowerBound)
    selectItems.bind(2, range.upperBound)
    while try selectItems.step() {
      guard let row = ItemRow(selectItems) else {
        run.findings.append(Finding(.itemProjection, path: "item/\(selectItems.int(0))"))
        continue
      }
      run.items += 1
      if row.headEvent >= 0 { run.heads.add(row.subject, row.headSequence, row.headHash, key: key) }
      do { try check(row, &run) } catch let fault as StoreFault {
        report(
          Finding(
            .sequenceBroken, path: "item/\(row.id)", item: row.subject.string, detail: fault.description),
          &run)
      }
    }
    return run
  }

  /// What contradicts the log has a share of its own: a flood of gaps must not crowd it out.
  private func report(_ finding: Finding, _ run: inout ItemRun) {
    let isContradiction = finding.contradictsLog
    if isContradiction { contradictions += 1 }
    if isContradiction ? contradictions <= Self.findingLimit : run.findings.count < Self.findingLimit {
      run.findings.append(finding)
    } else {
      run.findingsLeftOut += 1
    }
  }

  private func check(_ row: ItemRow, _ run: inout ItemRun) throws {
    let chain = try reader.items.chain(row)
    run.eventsSeen += Int64(chain.count)
    run.births.append(id: row.id, birth: try birth(row, chain))
    if let broken = Self.brokenSequence(chain, row) {
      report(
        Finding(
          .sequenceBroken, path: "event/\(broken)", item: row.subject.string,
          expected: "\(row.headSequence + 1)", found: "\(chain.count)"), &run)
    }
    let group = hasRelabellings ? try reader.items.group(of: row) : [row]
    let leaderID = group.map(\.id).min() ?? row.id
    // A number may be known from a relabelling alone.
    if row.headEvent < 0 {
      let isEmpty = row.headSequence == -1 && row.headHash == MerkleHash.emptyRoot
      let joined = try reader.items.everJoined(to: row).members
      if !isEmpty || row.subject == .none || joined.count == 1 {
        report(Finding(.orphanRow, path: "item/\(row.id)", item: row.subject.string), &run)
      }
    }
    try checkDossiers(row, chain, &run)
    var expected = row
    if row.id != leaderID {
      expected.sameAs = leaderID
      expected.clearCustody()
    } else {
      expected.sameAs = nil
      var rows = chain
      if group.count > 1 {
        rows = []
        for member in group { rows += try reader.items.chain(member) }
        rows.sort { $0.index > $1.index }
      }
      var findings: [CustodyFinding] = []
      expected.apply(try reader.items.fold(rows) { findings.append($0) })
      expected.leg = try reader.items.leg(ofManifest: expected.manifest)
      for finding in findings where Self.concernsAudit(finding.code) {
        report(reader.finding(finding, item: row.subject.string), &run)
      }
      if let contribution = Contribution(expected) {
        contribution.forEachKey(try reader.items.dossierFacts(of: group)) { key in
          run.counters[key, default: OutcomeCounts()] += contribution.counts
        }
      }
    }
    if expected != row {
      report(
        Finding(
          .itemProjection, path: "item/\(row.id)", item: row.subject.string,
          expected: expected.state.word, found: row.state.word), &run)
    }
  }

  /// Where the item's dossiers stand: its first consignment's, unless there are several.
  private func checkDossiers(_ row: ItemRow, _ chain: [EventRow], _ run: inout ItemRun) throws {
    let consignments = chain.filter(\.isConsignment)
    let severalStated = row.flags & ItemRow.flagSeveralConsignments != 0
    var first: Range<Int64>?
    if let event = consignments.last { first = try reader.items.dossierRange(ofEvent: event.index) }
    let stated = row.firstDossier..<(row.firstDossier + row.dossiers)
    let isRight = consignments.isEmpty ? stated == 0..<0 : first == stated
    if !isRight || severalStated != (consignments.count > 1) {
      report(
        Finding(.itemProjection, path: "item/\(row.id)", item: row.subject.string, detail: "dossiers"), &run)
    }
  }

  /// The event that made the number known: its own first, or a relabelling to it.
  private func birth(_ row: ItemRow, _ chain: [EventRow]) throws -> Int64 {
    let own = chain.last?.index ?? Int64.max
    guard hasRelabellings else { return own }
    selectRelabelled.bind(1, row.id)
    guard try selectRelabelled.step() else { return own }
    defer { selectRelabelled.reset() }
    return min(own, selectRelabelled.optionalInt(0) ?? own)
  }

  private static func brokenSequence(_ chain: [EventRow], _ row: ItemRow) -> Int64? {
    var expected = row.headSequence
    for event in chain {
      if event.sequence != expected { return event.index }
      expected -= 1
    }
    return expected == -1 ? nil : row.headEvent
  }

  /// Gaps and disputes are the audit's business; that an item is missing or damaged is the reports'.
  private static func concernsAudit(_ code: FindingCode) -> Bool {
    switch code {
    case .itemMissing, .itemLost, .itemDamaged, .itemSurplus, .deliveredWithoutEvidence,
      .lostWithoutDecision, .foundWithoutLoss, .offerSuperseded, .misrouted:
      false
    default: true
    }
  }

  /// Hashes every event of every item again and compares it with what its successor or the projection says:
  /// the slow way, taken only when the sums of pass 1 and 2 differ.
  func locate(_ range: Range<Int64>) throws -> [Finding] {
    var findings: [Finding] = []
    selectItems.bind(1, range.lowerBound)
    selectItems.bind(2, range.upperBound)
    while try selectItems.step() {
      guard let row = ItemRow(selectItems) else { continue }
      guard let chain = try? reader.items.chain(row) else { continue }
      var wanted = row.headHash
      for event in chain {
        if try reader.coder.leafHash(event) != wanted {
          findings.append(
            Finding(
              .leafMismatch, path: "event/\(event.index)", item: row.subject.string,
              events: [try reader.coder.identifier(of: event)], expected: wanted.hex,
              found: try reader.coder.leafHash(event).hex))
        }
        guard let previous = event.previous else { break }
        wanted = previous
      }
      if findings.count >= Self.findingLimit {
        selectItems.reset()
        break
      }
    }
    return findings
  }
}
