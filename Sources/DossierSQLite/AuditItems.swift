internal import CustodyLog
internal import DossierCore

/// Pass 2 of the audit: items, each from all its events, against their projection.
struct ItemRun: Sendable {
  var items: Int64 = 0
  var eventsSeen: Int64 = 0
  var heads = ChainSum()
  var counters: [CounterKey: OutcomeCounts] = [:]
  /// The entries that the newest map must have.
  var mapEntries: Int64 = 0
  var mapped = ChainSum()
  var findings = RowFindings()

  /// Adds what was found about other items.
  mutating func add(_ other: ItemRun) {
    items += other.items
    eventsSeen += other.eventsSeen
    heads = heads + other.heads
    mapEntries += other.mapEntries
    mapped = mapped + other.mapped
    for (key, counts) in other.counters { counters[key, default: OutcomeCounts()] += counts }
    findings.add(other.findings)
  }
}

/// Checks items from one connection.
final class ItemAudit {
  private let reader: StoreReader
  private let selectItems: Statement
  private let key: ChainKey
  private let relabelled: RelabelledItems
  private let selectRelabelled: Statement
  private let rules: ItemRules
  private var number: [UInt8] = []
  private static let locatedLimit = 200

  init(_ reader: StoreReader, key: ChainKey, rules: ItemRules) throws {
    self.reader = reader
    self.key = key
    self.rules = rules
    selectItems = try Statement(
      reader.connection, "SELECT \(ItemRow.columns) FROM item WHERE id >= ?1 AND id < ?2 ORDER BY id")
    selectRelabelled = try Statement(
      reader.connection, "SELECT MIN(event) FROM relabelling WHERE new_item = ?1")
    relabelled = try RelabelledItems(reader.connection)
  }

  /// Checks the items with ids in `range`, and looks each one's events up.
  ///
  /// - Returns: their births.
  func run(_ range: Range<Int64>, into run: inout ItemRun) throws -> ItemOrder {
    var order = ItemOrder()
    var chain = ItemChain()
    selectItems.bind(1, range.lowerBound)
    selectItems.bind(2, range.upperBound)
    while try selectItems.step() {
      if let birth = try check(gathered: nil, &chain, &run) {
        order.append(id: selectItems.int(0), birth: birth)
      }
    }
    return order
  }

  /// Checks the items of one shelf with what lies there.
  ///
  /// - Returns: their births.
  func run(_ shelf: ShelvedItems, into run: inout ItemRun) throws -> [ItemBirth] {
    var births: [ItemBirth] = []
    births.reserveCapacity(shelf.items.count)
    var chain = ItemChain()
    for (position, item) in shelf.items.enumerated() {
      selectItems.bind(1, item.id)
      selectItems.bind(2, item.id + 1)
      defer { selectItems.reset() }
      guard try selectItems.step() else { continue }
      if let birth = try check(gathered: (shelf, position), &chain, &run) {
        births.append(ItemBirth(id: item.id, event: birth))
      }
    }
    return births
  }

  /// Checks the item on which `selectItems` stands.
  ///
  /// - Returns: the event that made it known; nil when that could not be read.
  private func check(
    gathered: (shelf: ShelvedItems, position: Int)?, _ chain: inout ItemChain, _ run: inout ItemRun
  ) throws -> Int64? {
    guard let row = ItemRow(selectItems) else {
      let id = selectItems.int(0)
      run.findings.add(Finding(.itemProjection, path: "item/\(id)"), row: id)
      return nil
    }
    run.items += 1
    if row.headEvent >= 0 { run.heads.add(row.subject, row.headSequence, row.headHash, key: key) }
    var born: Int64?
    do {
      if let gathered {
        let isWhole = gathered.shelf.take(gathered.position, of: row, into: &chain)
        if !isWhole { try chain.read(row, reader.items) }
      } else {
        try chain.read(row, reader.items)
      }
      run.eventsSeen += Int64(chain.count)
      if let map = rules.map, let entry = try MapEntry(row, chain, before: map, reader.items) {
        run.mapEntries += 1
        run.mapped.add(entry, of: row, number: &number, key: key)
      }
      let isJoined = relabelled.mayHold(row.id)
      born = isJoined ? try birth(row, chain) : chain.first
      try check(row, isJoined, &chain, &run)
    } catch let fault as StoreFault {
      report(
        Finding(
          .sequenceBroken, path: "item/\(row.id)", item: row.subject.string, detail: fault.description), row,
        &run)
    }
    return born
  }

  private func report(_ finding: Finding, _ row: ItemRow, _ run: inout ItemRun) {
    run.findings.add(finding, row: row.id)
  }

  private func check(
    _ row: ItemRow, _ isJoined: Bool, _ chain: inout ItemChain, _ run: inout ItemRun
  ) throws {
    if let broken = chain.brokenSequence(row) {
      report(
        Finding(
          .sequenceBroken, path: "event/\(broken)", item: row.subject.string,
          expected: "\(row.headSequence + 1)", found: "\(chain.count)"), row, &run)
    }
    let group = isJoined ? try reader.items.group(of: row) : [row]
    let leaderID = group.map(\.id).min() ?? row.id
    // A number may be known from a relabelling alone.
    if row.headEvent < 0 {
      let isEmpty = row.headSequence == -1 && row.headHash == MerkleHash.emptyRoot
      let joined = try reader.items.everJoined(to: row).members
      if !isEmpty || row.subject == .none || joined.count == 1 {
        report(Finding(.orphanRow, path: "item/\(row.id)", item: row.subject.string), row, &run)
      }
    }
    try checkDossiers(row, chain, &run)
    var expected = row
    if row.id != leaderID {
      expected.sameAs = leaderID
      expected.clearCustody()
    } else {
      expected.sameAs = nil
      if group.count > 1 { try chain.read(group, reader.items) }
      let custody = try reader.items.fold(&chain.events) { finding in
        guard Self.concernsAudit(finding.code) else { return }
        self.report(self.reader.finding(finding, item: row.subject.string), row, &run)
      }
      expected.apply(custody)
      for finding in rules.findings(custody, chain.events) {
        report(try reader.finding(finding, item: row.subject.string), row, &run)
      }
      expected.leg = try reader.items.leg(ofManifest: expected.manifest)
      if let contribution = Contribution(expected) {
        let own = group.count == 1 ? chain.dossiers : nil
        let dossiers = try own ?? reader.items.dossierFacts(of: group)
        contribution.forEachKey(dossiers) { key in
          run.counters[key, default: OutcomeCounts()] += contribution.counts
        }
      }
    }
    if expected != row {
      report(
        Finding(
          .itemProjection, path: "item/\(row.id)", item: row.subject.string,
          expected: expected.state.word, found: row.state.word), row, &run)
    }
  }

  /// Where the item's dossiers stand: its first consignment's, unless there are several.
  private func checkDossiers(_ row: ItemRow, _ chain: ItemChain, _ run: inout ItemRun) throws {
    // Then they are those of the only consignment.
    if chain.dossiers != nil { return }
    let severalStated = row.flags & ItemRow.flagSeveralConsignments != 0
    let first = try chain.firstConsignment.flatMap { try reader.items.dossierRange(ofEvent: $0) }
    let stated = row.firstDossier..<(row.firstDossier + row.dossiers)
    let isRight = chain.firstConsignment == nil ? stated == 0..<0 : first == stated
    if !isRight || severalStated != (chain.consignments > 1) {
      report(
        Finding(.itemProjection, path: "item/\(row.id)", item: row.subject.string, detail: "dossiers"), row,
        &run)
    }
  }

  /// The event that made the number known: its own first, or a relabelling to it.
  private func birth(_ row: ItemRow, _ chain: ItemChain) throws -> Int64 {
    selectRelabelled.bind(1, row.id)
    guard try selectRelabelled.step() else { return chain.first }
    defer { selectRelabelled.reset() }
    return min(chain.first, selectRelabelled.optionalInt(0) ?? chain.first)
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

  /// Who answered for an item before its chain breaks.
  ///
  /// - Parameter proven: the events before the first one that is not what its successor says, newest first.
  private func lastProven(_ row: ItemRow, _ proven: [EventRow]) -> Finding? {
    guard let last = proven.first, let state = try? reader.items.fold(proven), state.custodian != 0,
      let office = try? reader.terms.string(state.custodian),
      let identifier = try? reader.coder.identifier(of: last)
    else { return nil }
    return Finding(
      .lastProvenCustodian, path: "event/\(last.index)", item: row.subject.string, events: [identifier],
      found: office)
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
      var firstBad: Int64?
      for event in chain {
        if try reader.coder.leafHash(event) != wanted {
          firstBad = event.index
          findings.append(
            Finding(
              .leafMismatch, path: "event/\(event.index)", item: row.subject.string,
              events: [try reader.coder.identifier(of: event)], expected: wanted.hex,
              found: try reader.coder.leafHash(event).hex))
        }
        guard let previous = event.previous else { break }
        wanted = previous
      }
      if let firstBad, let finding = lastProven(row, chain.filter { $0.index < firstBad }) {
        findings.append(finding)
      }
      if findings.count >= Self.locatedLimit {
        selectItems.reset()
        break
      }
    }
    return findings
  }
}
