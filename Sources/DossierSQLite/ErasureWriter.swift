internal import CustodyLog
internal import DossierCore

/// Orders erasures and carries them out, within one transaction of a writer.
///
/// Confined to that transaction, like the statements it works with.
final class ErasureWriter {
  private let writer: StoreWriter
  private let reader: StoreReader
  private let erasures: ErasureReader
  private let contents: ContentAudit
  private let manifests: ManifestAudit
  private let keeper: String
  /// The erasure event that was written last; all of them are one chain.
  private var last: (index: Int64, sequence: Int64, hash: Digest)?

  init(_ writer: StoreWriter) throws {
    self.writer = writer
    reader = try StoreReader(writer.connection)
    erasures = ErasureReader(reader)
    contents = try ContentAudit(reader, gathering: nil)
    manifests = try ManifestAudit(reader)
    keeper = try OfficeRows.keeper(writer.connection)
    let select = try writer.connection.prepared(
      "SELECT MAX(COALESCE((SELECT MAX(ordered) FROM erasure), -1), COALESCE((SELECT MAX(carried_out) FROM erasure), -1))"
    )
    guard try select.step() else { return }
    let index = select.int(0)
    select.reset()
    guard index >= 0, let row = try writer.items.event(index) else { return }
    last = (index, row.sequence, try writer.coder.leafHash(row))
  }

  // MARK: Ordering

  /// Records the order to erase what is there of the fields.
  ///
  /// - Returns: its records, in order; none when there is nothing to erase.
  func order(
    _ wanted: [(subject: ErasureSubject, fields: Set<ErasureField>)], basis: String, by: String, note: String?
  ) throws -> [ErasureRow] {
    var plan = try ErasurePlan(reader)
    for (subject, fields) in wanted { try plan.add(subject, fields) }
    return try order(try plan.targets(), basis: basis, by: by, note: note)
  }

  private func order(_ targets: [ErasureTarget], basis: String, by: String, note: String?) throws
    -> [ErasureRow]
  {
    let request = writer.log.nextIndex
    let insert = try writer.connection.prepared("INSERT INTO erasure VALUES(?1, ?2, ?3, ?4, NULL)")
    for (position, target) in targets.enumerated() {
      var details = EventDetails()
      details.basis = basis
      details.erases = target.erases
      details.fields = target.names
      details.reference = Self.name(request)
      var row = EventRow()
      row.kind = .erasureOrdered
      row.identifier = Array(Self.name(writer.log.nextIndex).utf8)
      writer.content.reset()
      if position == 0, let note {
        var json: [UInt8] = []
        VaultJSON.string(ArraySlice(note.utf8), into: &json)
        try writer.content.add(.note, json: json)
        row.content = writer.content.root
      }
      try append(&row, details, by: by)
      if row.content != nil {
        try writer.consignments.insertContent(
          event: row.index, ConsignmentFacts(), secrets: writer.content.secrets[...])
      }
      insert.bind(1, row.index)
      insert.bind(2, request)
      insert.bind(3, target.event)
      insert.bind(4, target.manifest)
      try insert.run()
    }
    return try erasures.rows(ofOrder: request)
  }

  /// With `+`, which no reporter can write (EventIdentifier).
  private static func name(_ index: Int64) -> String { "erase+\(index)" }

  private func append(_ row: inout EventRow, _ details: EventDetails, by: String) throws {
    row.grade = .keyed
    row.sequence = last.map { $0.sequence &+ 1 } ?? 0
    row.previousEvent = last?.index
    row.previous = last?.hash
    row.at = writer.log.recordedAt
    row.zone = OffsetDateTime.vietNamOffsetMinutes
    row.office = try writer.terms.number(keeper)
    row.operatorCode = try writer.terms.number(by)
    row.more = try details.encoded()
    let hash = try writer.log.append(&row)
    last = (row.index, row.sequence, hash)
  }

  // MARK: Carrying out

  /// Erases what an order names, and records that.
  ///
  /// - Returns: the records, or why nothing was done; then the caller must roll back.
  func carryOut(order name: String, by: String) throws -> ErasureOutcome {
    guard let request = try writer.items.index(ofIdentifier: name),
      case let rows = try erasures.rows(ofOrder: request), let first = rows.first, first.ordered == request
    else { return .refused(Finding(.erasureOrderUnknown, found: name)) }
    if rows.allSatisfy({ $0.carriedOut != nil }) { return .refused(Finding(.erasureDone, found: name)) }
    for row in rows where row.carriedOut == nil {
      let record = try erasures.record(row)
      if record.by == by { return .refused(Finding(.erasureSamePerson, found: by)) }
      switch try erase(row, Set(record.fields)) {
      case .failure(let refusal): return .refused(refusal.finding)
      case .success(let names): try settle(row, record, names, by: by)
      }
    }
    try finish()
    return .done(try erasures.rows(ofOrder: request).map(erasures.record))
  }

  /// Records that an order was carried out.
  private func settle(_ row: ErasureRow, _ record: ErasureRecord, _ names: [String], by: String) throws {
    var details = EventDetails()
    details.basis = record.basis
    details.count = row.event == nil ? nil : names.count
    details.erases = record.erases
    details.fields = names
    details.request = Self.name(row.ordered)
    var event = EventRow()
    event.kind = .erasureCarriedOut
    event.identifier = Array("erased+\(writer.log.nextIndex)".utf8)
    try append(&event, details, by: by)
    let update = try writer.connection.prepared("UPDATE erasure SET carried_out = ?2 WHERE ordered = ?1")
    update.bind(1, row.ordered)
    update.bind(2, event.index)
    try update.run()
  }

  /// Takes the permission back, and notes that the file holds remnants until it is written anew.
  private func finish() throws {
    try writer.connection.prepared("DELETE FROM erasing").run()
    let scrub = try writer.connection.prepared("INSERT OR REPLACE INTO scrub VALUES(0, ?1)")
    scrub.bind(1, writer.log.nextIndex - 1)
    try scrub.run()
  }

  private struct Refusal: Error { var finding: Finding }

  /// Destroys what is still there of some fields of one row's target.
  ///
  /// - Returns: their names; a refusal when what is there is not what the log committed to.
  private func erase(_ row: ErasureRow, _ wanted: Set<String>) throws -> Result<[String], Refusal> {
    let permit = try writer.connection.prepared("INSERT OR IGNORE INTO erasing VALUES(?1, ?2, ?3)")
    permit.bind(1, row.ordered)
    permit.bind(2, row.event)
    permit.bind(3, row.manifest)
    try permit.run()
    if let manifest = row.manifest { return try erase(document: manifest) }
    guard let event = row.event else { return .success([]) }

    // What was altered must not be erased: the audit could never tell afterwards.
    var run = ContentRun()
    try contents.run(event..<(event + 1), into: &run)
    let commitments = contents.commitments
    guard run.contents == 1, run.findings.all.isEmpty, let secrets = try writer.secrets(ofEvent: event),
      let (bytes, names) = VaultSecrets.erasing(
        secrets, commitments: commitments, where: { wanted.contains($0.name) && $0.field != .contents })
    else { return .failure(Refusal(finding: Finding(.erasureEvidence, path: "content/\(event)"))) }
    for name in names {
      if let (field, ordinal) = VaultField.named(name), field == .dossierCode {
        try erase(codeOf: ordinal, event)
      }
    }
    let update = try writer.connection.prepared("UPDATE content SET secrets = ?2 WHERE event = ?1")
    update.bind(1, event)
    update.bind(blob: bytes, 2)
    try update.run()
    return .success(names)
  }

  private func erase(document id: Int64) throws -> Result<[String], Refusal> {
    let select = try writer.connection.prepared("SELECT 1 FROM document_part WHERE manifest = ?1 LIMIT 1")
    select.bind(1, id)
    guard try select.step() else { return .success([]) }
    select.reset()
    let number = String(decoding: try reader.coder.manifestNumber(id), as: UTF8.self)
    guard let manifest = try reader.manifest(number), try manifests.checkDocument(manifest).isEmpty else {
      return .failure(Refusal(finding: Finding(.erasureEvidence, path: "manifest/\(id)")))
    }
    let delete = try writer.connection.prepared("DELETE FROM document_part WHERE manifest = ?1")
    delete.bind(1, id)
    try delete.run()
    return .success([ErasureRecord.document])
  }

  private func erase(codeOf ordinal: Int, _ event: Int64) throws {
    guard let range = try writer.items.dossierRange(ofEvent: event), ordinal >= 1, ordinal <= range.count
    else { return }
    let id = range.lowerBound + Int64(ordinal) - 1
    try noteTwins(of: id, event)
    let update = try writer.connection.prepared("UPDATE dossier SET code = NULL WHERE id = ?1")
    update.bind(1, id)
    try update.run()
  }

  /// Keeps which rows are the same dossier of the same item, so that it is still counted once.
  private func noteTwins(of id: Int64, _ event: Int64) throws {
    guard let row = try writer.items.event(event), let item = try writer.items.item(row.subject) else {
      return
    }
    let subjects = Set(try writer.items.group(of: item).map(\.subject))
    let select = try writer.connection.prepared(
      """
      SELECT o.id, e.subject FROM dossier d JOIN dossier o ON o.code = d.code JOIN event e ON e.idx = o.event
      WHERE d.id = ?1 ORDER BY o.id
      """)
    select.bind(1, id)
    var twins: [Int64] = []
    while try select.step() {
      if subjects.contains(Subject.read(select, 1)) { twins.append(select.int(0)) }
    }
    guard twins.count > 1, let least = twins.first else { return }
    let known = try writer.connection.prepared("SELECT same_as FROM dossier_twin WHERE id = ?1")
    known.bind(1, least)
    let sameAs = try known.step() ? known.int(0) : least
    known.reset()
    let insert = try writer.connection.prepared("INSERT OR IGNORE INTO dossier_twin VALUES(?1, ?2)")
    for twin in twins {
      insert.bind(1, twin)
      insert.bind(2, sameAs)
      try insert.run()
    }
  }

  // MARK: Again on an older copy

  /// Does again what another copy of this log says was erased: for a store that was restored from a backup.
  ///
  /// - Returns: nil when the event or manifest is not in this store; no records when there was nothing to erase, and
  ///   then the caller must roll back.
  func repeatErasure(_ record: ErasureRecord) throws -> ErasureOutcome? {
    guard let deed = record.carriedOut else { return .done([]) }
    let manifest = record.concernsDocument ? try writer.manifestID(record.erases) : nil
    let event = record.concernsDocument ? nil : try writer.items.index(ofIdentifier: record.erases)
    guard manifest != nil || event != nil else { return nil }
    let known =
      try manifest.map { try erasures.rows("manifest = ?1", $0) }
      ?? event.map { try erasures.rows("event = ?1", $0) } ?? []
    // Where the log says so already, the data came back with the copy.
    var done: [ErasureRecord] = []
    for row in known where row.carriedOut != nil {
      let own = try erasures.record(row)
      switch try erase(row, Set(deed.fields).intersection(own.carriedOut?.fields ?? [])) {
      case .failure(let refusal): return .refused(refusal.finding)
      case .success(let names): if !names.isEmpty { done.append(own) }
      }
    }
    if !done.isEmpty {
      try finish()
      return .done(done)
    }
    var plan = try ErasurePlan(reader)
    if manifest != nil { try plan.add(.manifest(record.erases), [.document]) }
    if event != nil { try plan.add(.event(record.erases), Set(ErasureField.allCases)) }
    let wanted = Set(deed.fields)
    let targets = try plan.targets().compactMap { target -> ErasureTarget? in
      guard (target.manifest == nil) == (manifest == nil) else { return nil }
      var target = target
      target.names = target.names.filter(wanted.contains)
      return target.names.isEmpty ? nil : target
    }
    guard let first = try order(targets, basis: record.basis, by: record.by, note: nil).first else {
      return .done([])
    }
    return try carryOut(order: Self.name(first.ordered), by: deed.by)
  }
}
