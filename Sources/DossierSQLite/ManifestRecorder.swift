internal import CustodyLog
internal import DossierCore

/// Writes one manifest, item by item as it is read, within one transaction that the caller commits only if
/// everything was in order.
///
/// Every item gets `accepted` (when its acceptance time is stated) and `dispatched`, both `declared`; last
/// comes the manifest's own `manifestRecorded` with the SHA-256 of its bytes.
final class ManifestRecorder {
  private let writer: StoreWriter
  private let vault: DocumentVault
  private let rows: ConsignmentWriter
  private let insertManifest: Statement
  private let insertContainer: Statement
  private let selectLast: Statement
  private let selectSeal: Statement
  private var preparation: ContentPreparation
  private var json: [UInt8] = []
  private var nextDossier: Int64 = 1

  // What is worked out for the next few items, in memory that is used again and again.
  private var group: [Consignment] = []
  private var dossiers: [DossierRow] = []
  private var documents: [UInt8] = []
  private var chain: [CustodyEvent] = []
  private var facts: [DossierFacts] = []
  /// What the manifest's events of either kind have in common.
  private var accepted = EventRow()
  private var dispatched = EventRow()
  /// The rows of an item that an earlier document made known.
  private var members: [ItemRow] = []

  private(set) var manifest: Int64 = 0
  private var header: ManifestHeader?
  private var firstEvent: Int64 = 0
  private var giver: Int32 = 0
  private var receiver: Int32 = 0
  private var giverOperator: Int32 = 0
  private(set) var findings: [Finding] = []
  private var file = ""

  init(_ connection: Connection, writer: StoreWriter, salts: SaltSource) throws {
    self.writer = writer
    preparation = ContentPreparation(salts: salts)
    vault = try DocumentVault(connection)
    rows = writer.consignments
    insertManifest = try Statement(
      connection,
      "INSERT INTO manifest VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, NULL)")
    insertContainer = try Statement(connection, "INSERT INTO container VALUES(?1, ?2, ?3, ?4)")
    selectLast = try Statement(
      connection,
      "SELECT (SELECT COALESCE(MAX(id), 0) FROM manifest), (SELECT COALESCE(MAX(id), 0) FROM dossier)")
    selectSeal = try Statement(connection, "SELECT 1 FROM container WHERE seal = ?1 LIMIT 1")
  }

  /// Begins a document of which nothing is known yet.
  func begin(file: String) throws {
    self.file = file
    findings = []
    header = nil
    guard try selectLast.step() else { throw StoreFault.logStateMissing }
    manifest = selectLast.int(0) + 1
    nextDossier = selectLast.int(1) + 1
    selectLast.reset()
    vault.begin(manifest: manifest)
  }

  func keep(original bytes: [UInt8]) throws { try vault.append(bytes) }

  func begin(_ header: ManifestHeader) throws {
    self.header = header
    firstEvent = writer.log.nextIndex
    try vault.confirm()
    writer.coder.announce(
      .init(id: manifest, number: header.number, firstEvent: firstEvent, leg: header.leg))
    giver = try writer.terms.number(header.giver.office)
    receiver = try writer.terms.number(header.receiver.office)
    giverOperator = try writer.terms.number(header.giver.operatorCode)
    for (ordinal, container) in header.containers.enumerated() {
      insertContainer.bind(1, manifest)
      insertContainer.bind(2, ordinal)
      insertContainer.bind(text: container.number, 3)
      if let seal = container.seal {
        selectSeal.bind(text: seal, 1)
        if try selectSeal.step() {
          selectSeal.reset()
          findings.append(Finding(.sealReused, file: file, line: container.line, found: seal))
        }
        insertContainer.bind(text: seal, 4)
      } else {
        insertContainer.bindNull(4)
      }
      try insertContainer.run()
    }
    accepted = EventRow()
    accepted.kind = .accepted
    accepted.at = header.dispatchedAt
    accepted.office = giver
    accepted.manifest = manifest
    accepted.recordedAt = writer.log.recordedAt
    dispatched = accepted
    dispatched.kind = .dispatched
    dispatched.zone = header.dispatchedZone
    dispatched.operatorCode = giverOperator
    dispatched.to = receiver
  }

  /// Writes the items of a batch.
  ///
  /// - Parameter batch: its contents are prepared here if the reader has not done so.
  func add(_ batch: inout ManifestBatch) throws {
    guard let header else { return }
    try preparation.prepare(&batch, containers: header.containers)
    var next = 0
    while next < batch.items.count {
      next += try add(next..<min(next + GroupedInsert.groupSize, batch.items.count), of: batch)
    }
  }

  /// Writes the items at `positions` as far as their numbers are new, and then the next one whose number is known.
  ///
  /// - Returns: how many items were dealt with.
  private func add(_ positions: Range<Int>, of batch: ManifestBatch) throws -> Int {
    group.removeAll(keepingCapacity: true)
    dossiers.removeAll(keepingCapacity: true)
    documents.removeAll(keepingCapacity: true)
    var index = writer.log.nextIndex
    for position in positions {
      try plan(batch.items[position], batch.contents[position], of: batch, at: &index)
    }
    writer.number(&group)
    let new = try rows.insertItems(group)
    writer.confirm(items: new)
    try writeEvents(group[..<new])
    try rows.insertContents(group[..<new]) {
      batch.secrets[batch.contents[positions.lowerBound + $0].secrets]
    }
    var written = new == 0 ? 0 : group[new - 1].dossiers.upperBound
    try write(dossiers: 0..<written, of: batch)
    for consignment in group[..<new] {
      facts.removeAll(keepingCapacity: true)
      for row in dossiers[consignment.dossiers] { facts.append(row.facts) }
      try writer.counters.add(Contribution(consignment.item), facts, times: 1)
    }
    guard new < group.count else {
      nextDossier += Int64(written)
      return new
    }
    let known = positions.lowerBound + new
    if try addKnown(
      group[new], batch.items[known], of: batch, secrets: batch.secrets[batch.contents[known].secrets])
    {
      try write(dossiers: group[new].dossiers, of: batch)
      written = group[new].dossiers.upperBound
      try writer.restate(members, before: [])
    }
    nextDossier += Int64(written)
    return new + 1
  }

  /// Works out the rows of one item as if its number were new: its two events are then its whole chain, so its
  /// state needs no reading back.
  ///
  /// - Parameter index: where its events begin; left behind them.
  private func plan(
    _ record: ItemRecord, _ content: PreparedContent, of batch: ManifestBatch, at index: inout Int64
  ) throws {
    let subject = Subject(number: batch.bytes(record.number))
    let firstEvent = index
    dispatched.index = firstEvent
    dispatched.subject = subject
    dispatched.sequence = 0
    dispatched.previous = nil
    dispatched.previousEvent = nil
    dispatched.content = content.root
    chain.removeAll(keepingCapacity: true)
    var acceptance: (at: Int64, zone: Int16, hash: Digest)?
    if record.acceptedAt != ItemRecord.noTime {
      accepted.index = firstEvent
      accepted.subject = subject
      accepted.at = record.acceptedAt
      accepted.zone = record.acceptedZone
      let hash = try writer.coder.leafHash(accepted)
      acceptance = (record.acceptedAt, record.acceptedZone, hash)
      chain.append(try writer.items.custodyEvent(accepted))
      dispatched.index += 1
      dispatched.sequence = 1
      dispatched.previousEvent = firstEvent
      dispatched.previous = hash
    }
    chain.append(try writer.items.custodyEvent(dispatched))
    index = dispatched.index + 1

    let firstRow = dossiers.count
    let firstDossier = nextDossier + Int64(firstRow)
    for position in record.dossiers { try plan(batch.dossiers[Int(position)], of: batch) }
    var item = ItemRow()
    item.subject = subject
    item.headEvent = dispatched.index
    item.headSequence = dispatched.sequence
    item.headHash = try writer.coder.leafHash(dispatched)
    item.apply(CustodyState(folding: &chain, identifier: { String($0) }))
    item.leg = header?.leg.rawValue ?? 0
    item.firstDossier = firstDossier
    item.dossiers = Int64(dossiers.count - firstRow)
    group.append(
      Consignment(
        item: item, firstEvent: firstEvent, accepted: acceptance,
        facts: ConsignmentFacts(record, dossiers: firstDossier..<(firstDossier + item.dossiers)),
        content: content.root, dossiers: firstRow..<dossiers.count))
  }

  private func plan(_ dossier: DossierRecord, of batch: ManifestBatch) throws {
    let start = documents.count
    try encodeDocuments(dossier, of: batch)
    dossiers.append(
      DossierRow(
        id: nextDossier + Int64(dossiers.count), event: dispatched.index,
        packedCode: try DossierCodePacking.pack(batch.bytes(dossier.code), writer.terms, adding: true),
        code: dossier.code, procedure: try writer.terms.number(batch.bytes(dossier.procedure)),
        facts: DossierFacts(
          field: try writer.terms.number(batch.bytes(dossier.field)),
          agency: try writer.terms.number(batch.bytes(dossier.agency))),
        received: dossier.received, due: dossier.due, result: dossier.result,
        documents: start..<documents.count, line: dossier.line))
  }

  /// Writes the events of new items and extends the tree by them.
  private func writeEvents(_ group: ArraySlice<Consignment>) throws {
    var rest = group
    while let first = rest.first {
      let run = rest.prefix { ($0.accepted == nil) == (first.accepted == nil) }
      rest = rest.dropFirst(run.count)
      if first.accepted != nil {
        try rows.insertHandOvers(run, dispatched)
        for consignment in run {
          if let accepted = consignment.accepted { try writer.log.extend(with: accepted.hash) }
          try writer.log.extend(with: consignment.item.headHash)
        }
      } else {
        for consignment in run {
          var row = dispatched
          row.index = consignment.dispatchedEvent
          row.subject = consignment.item.subject
          row.sequence = 0
          row.previousEvent = nil
          row.previous = nil
          row.content = consignment.content
          try writer.log.insert(row, leafHash: consignment.item.headHash)
        }
      }
    }
  }

  /// Writes planned dossiers. One that stands twice in the manifest is a finding.
  private func write(dossiers range: Range<Int>, of batch: ManifestBatch) throws {
    try rows.insertDossiers(dossiers[range], manifest: manifest, texts: batch, documents: documents) { row in
      // The code itself is personal data: the line says which one it is.
      findings.append(
        Finding(
          .duplicateDossier, severity: .error, file: file, line: Int(row.line), path: "items/item/dossier"))
    }
  }

  /// A number that an earlier document made known: its chain goes on. A number twice in this manifest is a
  /// finding.
  ///
  /// - Returns: whether it was written; `members` then holds the rows to work out anew.
  private func addKnown(
    _ consignment: Consignment, _ record: ItemRecord, of batch: ManifestBatch, secrets: ArraySlice<UInt8>
  ) throws -> Bool {
    guard var row = try writer.items.item(consignment.item.subject) else {
      throw StoreFault.malformedRow("item \(consignment.item.subject.string)")
    }
    if row.headEvent >= firstEvent {
      findings.append(
        Finding(
          .duplicateItem, severity: .error, file: file, line: Int(record.line), path: "items/item",
          item: row.subject.string))
      return false
    }
    let isFirst = try !writer.items.chain(row).contains(where: \.isConsignment)
    members = try writer.items.group(of: row)
    try compare(consignment, record, of: batch)
    try withdraw(members)
    if let acceptance = consignment.accepted {
      var event = accepted
      event.subject = row.subject
      event.at = acceptance.at
      event.zone = acceptance.zone
      try writer.extendChain(of: &row, with: &event)
    }
    var event = dispatched
    event.subject = row.subject
    event.content = consignment.content
    try writer.extendChain(of: &row, with: &event)
    if isFirst {
      row.firstDossier = consignment.item.firstDossier
      row.dossiers = consignment.item.dossiers
    } else {
      row.flags |= ItemRow.flagSeveralConsignments
    }
    members = members.map { $0.id == row.id ? row : $0 }
    try rows.insertContent(event: event.index, consignment.facts, secrets: secrets)
    return true
  }

  /// Compares what the manifest says of a known item with what the log said before.
  private func compare(_ consignment: Consignment, _ record: ItemRecord, of batch: ManifestBatch) throws {
    let stated = dossiers[consignment.dossiers].map { row in
      row.packedCode.map { Subject.packed($0) } ?? .text(Array(batch.bytes(row.code)))
    }
    let earlier = try writer.items.journey(of: members, before: firstEvent)
    guard
      let code = earlier.contradiction(
        handedOver: min(consignment.accepted?.at ?? dispatched.at, dispatched.at), dossiers: Set(stated))
    else { return }
    findings.append(
      Finding(
        code, file: file, line: Int(record.line), path: "items/item", item: consignment.item.subject.string))
  }

  /// Takes the item out of the counters until its new state is known.
  private func withdraw(_ members: [ItemRow]) throws {
    for leader in members where leader.sameAs == nil {
      guard let contribution = Contribution(leader) else { continue }
      let facts = try writer.items.dossierFacts(of: [leader] + members.filter { $0.sameAs == leader.id })
      try writer.counters.add(contribution, facts, times: -1)
    }
  }

  /// For each document its name's dictionary number and three counts, LEB128.
  private func encodeDocuments(_ dossier: DossierRecord, of batch: ManifestBatch) throws {
    for position in dossier.documents {
      let document = batch.documents[Int(position)]
      Varint.append(UInt64(try writer.terms.number(batch.bytes(document.name))), to: &documents)
      for count in [document.originals, document.certifiedCopies, document.photocopies] {
        Varint.append(UInt64(max(0, count)), to: &documents)
      }
    }
  }

  /// Writes the manifest's own event and row: all its items are written.
  ///
  /// - Returns: how many events the manifest has added.
  func finish(_ summary: DocumentSummary) throws -> Int {
    guard let header else { return 0 }
    try vault.finish()
    writer.content.reset()
    try writer.content.add(.contents, json: VaultJSON.containers(header.containers))
    for (field, party) in [(VaultField.giverPerson, header.giver), (.receiverPerson, header.receiver)] {
      guard let name = party.personName else { continue }
      VaultJSON.string(ArraySlice(name.utf8), into: &json)
      try writer.content.add(field, json: json)
    }
    var details = EventDetails()
    details.document = summary.sha256
    details.documentBytes = summary.byteCount
    details.leg = header.leg
    details.items = summary.items
    details.dossiers = summary.dossiers
    details.weight = summary.weight
    details.events = Int(writer.log.nextIndex - firstEvent)

    var row = EventRow()
    row.kind = .manifestRecorded
    row.at = header.dispatchedAt
    row.zone = header.dispatchedZone
    row.office = giver
    row.operatorCode = giverOperator
    row.to = receiver
    row.manifest = manifest
    row.content = writer.content.root
    row.more = try details.encoded()
    _ = try writer.log.append(&row)
    try rows.insertContent(event: row.index, ConsignmentFacts(), secrets: writer.content.secrets[...])

    insertManifest.bind(1, manifest)
    insertManifest.bind(text: header.number, 2)
    insertManifest.bind(3, header.leg.rawValue)
    insertManifest.bind(4, giver)
    insertManifest.bind(5, receiver)
    insertManifest.bind(6, header.dispatchedAt)
    insertManifest.bind(7, header.dispatchedZone)
    insertManifest.bind(8, summary.items)
    insertManifest.bind(9, summary.dossiers)
    insertManifest.bind(10, summary.weight)
    insertManifest.bind(11, summary.sha256)
    insertManifest.bind(12, summary.byteCount)
    insertManifest.bind(13, firstEvent)
    insertManifest.bind(14, row.index)
    try insertManifest.run()
    writer.coder.settle()
    try writer.restateItems(awaiting: header.number)
    return Int(writer.log.nextIndex - firstEvent)
  }
}
