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
  private let insertDossier: Statement
  private let insertManifest: Statement
  private let insertContainer: Statement
  private let selectLast: Statement
  private let selectSeal: Statement
  private var preparation: ContentPreparation
  private var json: [UInt8] = []
  private var documents: [UInt8] = []
  private var nextDossier: Int64 = 1
  private var facts: [DossierFacts] = []

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
    insertDossier = try Statement(
      connection,
      """
      INSERT INTO dossier VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
      ON CONFLICT(code, manifest) DO NOTHING
      """)
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
  }

  /// Writes the items of a batch.
  ///
  /// - Parameter batch: its contents are prepared here if the reader has not done so.
  func add(_ batch: inout ManifestBatch) throws {
    guard let header else { return }
    try preparation.prepare(&batch, containers: header.containers)
    for (item, content) in zip(batch.items, batch.contents) { try add(item, content, of: batch, header) }
  }

  private func add(
    _ item: ItemRecord, _ content: PreparedContent, of batch: ManifestBatch, _ header: ManifestHeader
  ) throws {
    let number = batch.bytes(item.number)
    let dossierRange = nextDossier..<(nextDossier + Int64(item.dossiers.count))

    var dispatched = EventRow()
    dispatched.kind = .dispatched
    dispatched.subject = Subject(number: number)
    dispatched.at = header.dispatchedAt
    dispatched.zone = header.dispatchedZone
    dispatched.office = giver
    dispatched.operatorCode = giverOperator
    dispatched.to = receiver
    dispatched.manifest = manifest
    dispatched.content = content.root
    dispatched.recordedAt = writer.log.recordedAt
    dispatched.index = writer.log.nextIndex

    var accepted: EventRow?
    if item.acceptedAt != ItemRecord.noTime {
      var row = dispatched
      row.kind = .accepted
      row.at = item.acceptedAt
      row.zone = item.acceptedZone
      row.to = 0
      row.operatorCode = 0
      row.content = nil
      accepted = row
      dispatched.index += 1
      dispatched.sequence = 1
      dispatched.previousEvent = row.index
    }

    if try !addNew(item, accepted, &dispatched, dossierRange) {
      guard try addKnown(item, accepted, &dispatched, dossierRange) else { return }
    }
    let dossiersWritten = try addDossiers(item, of: batch, event: dispatched.index)
    try writer.insertContent(
      event: dispatched.index, container: item.container < 0 ? nil : item.container,
      weight: item.weight < 0 ? nil : item.weight, condition: item.condition,
      fee: item.fee < 0 ? nil : item.fee, dossiers: dossierRange, secrets: batch.secrets[content.secrets])
    if dossiersWritten, let pending { try writer.counters.add(pending, facts, times: 1) }
    if !known.isEmpty { try writer.restate(known, before: []) }
    pending = nil
    known = []
  }

  /// What a new item adds to the counters once its dossiers are written.
  private var pending: Contribution?
  /// The rows of an item that an earlier document made known.
  private var known: [ItemRow] = []

  /// The usual case: a number seen for the first time. Its two events are its whole chain, so its state needs
  /// no reading back.
  private func addNew(
    _ item: ItemRecord, _ accepted: EventRow?, _ dispatched: inout EventRow, _ dossiers: Range<Int64>
  ) throws -> Bool {
    var events: [CustodyEvent] = []
    var acceptedHash: Digest?
    if let accepted {
      events.append(try writer.items.custodyEvent(accepted))
      acceptedHash = try writer.coder.leafHash(accepted)
      dispatched.previous = acceptedHash
    }
    events.append(try writer.items.custodyEvent(dispatched))
    let dispatchedHash = try writer.coder.leafHash(dispatched)
    var row = ItemRow()
    row.subject = dispatched.subject
    row.headEvent = dispatched.index
    row.headSequence = dispatched.sequence
    row.headHash = dispatchedHash
    row.apply(CustodyState(folding: &events, identifier: { String($0) }))
    row.leg = header?.leg.rawValue ?? 0
    row.firstDossier = dossiers.lowerBound
    row.dossiers = Int64(dossiers.count)
    guard try writer.insert(entrusted: &row) else { return false }
    if let accepted, let acceptedHash {
      try writer.log.insert(
        accepted: accepted, leafHash: acceptedHash, dispatched: dispatched, leafHash: dispatchedHash)
    } else {
      try writer.log.insert(dispatched, leafHash: dispatchedHash)
    }
    pending = Contribution(row)
    return true
  }

  /// A number that an earlier document made known: its chain goes on. A number twice in this manifest is a
  /// finding.
  private func addKnown(
    _ item: ItemRecord, _ accepted: EventRow?, _ dispatched: inout EventRow, _ dossiers: Range<Int64>
  ) throws -> Bool {
    guard var row = try writer.items.item(dispatched.subject) else {
      throw StoreFault.malformedRow("item \(dispatched.subject.string)")
    }
    if row.headEvent >= firstEvent {
      findings.append(
        Finding(
          .duplicateItem, severity: .error, file: file, line: Int(item.line), path: "items/item",
          item: dispatched.subject.string))
      return false
    }
    let isFirst = try !writer.items.chain(row).contains(where: \.isConsignment)
    let members = try writer.items.group(of: row)
    try withdraw(members)
    for var event in [accepted, dispatched].compactMap({ $0 }) {
      try writer.extendChain(of: &row, with: &event)
      dispatched = event
    }
    if isFirst {
      row.firstDossier = dossiers.lowerBound
      row.dossiers = Int64(dossiers.count)
    } else {
      row.flags |= ItemRow.flagSeveralConsignments
    }
    known = members.map { $0.id == row.id ? row : $0 }
    return true
  }

  /// Takes the item out of the counters until its new state is known.
  private func withdraw(_ members: [ItemRow]) throws {
    for leader in members where leader.sameAs == nil {
      guard let contribution = Contribution(leader) else { continue }
      let facts = try writer.items.dossierFacts(of: [leader] + members.filter { $0.sameAs == leader.id })
      try writer.counters.add(contribution, facts, times: -1)
    }
  }

  /// - Returns: false when a dossier stands twice in the manifest, which is then a finding.
  private func addDossiers(_ item: ItemRecord, of batch: ManifestBatch, event: Int64) throws -> Bool {
    facts.removeAll(keepingCapacity: true)
    var unique = true
    for position in item.dossiers {
      let dossier = batch.dossiers[Int(position)]
      let code = batch.bytes(dossier.code)
      let field = try writer.terms.number(batch.bytes(dossier.field))
      let agency = try writer.terms.number(batch.bytes(dossier.agency))
      facts.append(DossierFacts(field: field, agency: agency))
      insertDossier.bind(1, nextDossier)
      insertDossier.bind(2, event)
      insertDossier.bind(3, manifest)
      if let packed = try DossierCodePacking.pack(code, writer.terms, adding: true) {
        insertDossier.bind(4, packed)
      } else {
        insertDossier.bind(text: code, 4)
      }
      insertDossier.bind(term: try writer.terms.number(batch.bytes(dossier.procedure)), 5)
      insertDossier.bind(term: field, 6)
      insertDossier.bind(term: agency, 7)
      bind(day: dossier.received, 8)
      bind(day: dossier.due, 9)
      bind(day: dossier.result, 10)
      try encodeDocuments(dossier, of: batch)
      if documents.isEmpty { insertDossier.bindNull(11) } else { insertDossier.bind(blob: documents, 11) }
      try insertDossier.run()
      nextDossier += 1
      if writer.changes() == 0 {
        unique = false
        // The code itself is personal data: the line says which one it is.
        findings.append(
          Finding(
            .duplicateDossier, severity: .error, file: file, line: Int(dossier.line),
            path: "items/item/dossier"))
      }
    }
    return unique
  }

  private func bind(day: Int32, _ position: Int32) {
    if day == DossierRecord.noDay {
      insertDossier.bindNull(position)
    } else {
      insertDossier.bind(position, day)
    }
  }

  /// For each document its name's dictionary number and three counts, LEB128.
  private func encodeDocuments(_ dossier: DossierRecord, of batch: ManifestBatch) throws {
    documents.removeAll(keepingCapacity: true)
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
    try writer.insertContent(event: row.index, secrets: writer.content.secrets[...])

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

/// LEB128 numbers.
enum Varint {
  static func append(_ value: UInt64, to bytes: inout [UInt8]) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// - Returns: nil at the end of the bytes, for a number over 63 bits or one not in its shortest spelling.
  static func read(_ bytes: [UInt8], _ position: inout Int) -> UInt64? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < bytes.count, shift < 63 {
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7f) << shift
      // A last byte of zero would be a second spelling of a shorter number.
      if byte < 0x80 { return byte == 0 && shift > 0 ? nil : value }
      shift += 7
    }
    return nil
  }
}
