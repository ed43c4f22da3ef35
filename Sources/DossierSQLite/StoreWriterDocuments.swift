internal import CustodyLog
internal import DossierCore
internal import GRDBSQLite

/// Events about manifests and master data.
extension StoreWriter {
  func manifestDigest(_ number: String) throws -> Digest? {
    let select = try connection.prepared("SELECT sha256 FROM manifest WHERE number = ?1")
    select.bind(text: number, 1)
    guard try select.step() else { return nil }
    return select.digest(0)
  }

  func knows(office code: String) throws -> Bool {
    let select = try connection.prepared("SELECT 1 FROM office WHERE code = ?1 LIMIT 1")
    select.bind(text: code, 1)
    return try select.step()
  }

  /// Appends the `missing` events and the reconciliation result.
  ///
  /// - Returns: nil when the manifest is unknown or closed already; `.headMoved` when the closing expects another head.
  func close(_ closing: ManifestClosing) throws -> AppendOutcome? {
    let select = try connection.prepared(
      "SELECT id, recorded_event, closed_event FROM manifest WHERE number = ?1")
    select.bind(text: closing.manifest, 1)
    guard try select.step(), select.isNull(2) else { return nil }
    let id = select.int(0)
    let recordedEvent = select.int(1)
    select.reset()
    if let expected = closing.expecting, expected != log.head { return .headMoved(log.head) }

    var receipts: [AppendReceipt] = []
    for draft in closing.missing {
      let receipt = try append(draft)
      if case .conflict = receipt { throw StoreFault.malformedRow("event \(draft.identifier)") }
      receipts.append(receipt)
    }

    guard let recorded = try items.event(recordedEvent) else {
      throw StoreFault.malformedRow("event \(recordedEvent)")
    }
    var details = EventDetails()
    details.received = closing.received
    details.short = closing.missing.count
    details.surplus = closing.surplus
    details.damaged = closing.damaged
    details.misrouted = closing.misrouted
    details.witness = closing.witness
    details.seen = closing.seen
    details.document = closing.list
    var row = EventRow()
    // With `+`, which no reporter can write (EventIdentifier): a scan cannot take the name away.
    row.identifier = Array("close+\(closing.manifest)".utf8)
    row.kind = .manifestClosed
    row.grade = .keyed
    row.sequence = 1
    row.previousEvent = recordedEvent
    row.previous = try coder.leafHash(recorded)
    row.at = closing.at
    row.zone = closing.zone
    row.office = try terms.number(closing.office)
    row.operatorCode = try terms.number(closing.signer)
    row.manifest = id
    row.reason = try terms.number(closing.reason)
    row.more = try details.encoded()
    _ = try log.append(&row)
    receipts.append(.recorded(row.index))
    let update = try connection.prepared("UPDATE manifest SET closed_event = ?2 WHERE id = ?1")
    update.bind(1, id)
    update.bind(2, row.index)
    try update.run()
    return .appended(receipts, log.head)
  }

  /// Records offices that are new or say something else than before, under one event.
  ///
  /// - Returns: how many.
  func record(offices: [Office]) throws -> Int {
    let known = Dictionary(
      try OfficeRows.current(connection).map { ($0.code, $0) }, uniquingKeysWith: { _, newer in newer })
    // Of several entries of one code the last holds, even when it is the one that is known.
    let given = Dictionary(offices.map { ($0.code, $0) }, uniquingKeysWith: { _, later in later })
    let changed = given.values.filter { known[$0.code] != $0 }
      .sorted { $0.code.utf8.lexicographicallyPrecedes($1.code.utf8) }
    if changed.isEmpty { return 0 }

    let previous = try OfficeRows.lastEvent(connection)
    var details = EventDetails()
    details.document = OfficeRows.digest(changed)
    details.items = changed.count
    var row = EventRow()
    row.identifier = Array("offices+\(log.nextIndex)".utf8)
    row.kind = .officesRecorded
    row.grade = .keyed
    if let previous, let event = try items.event(previous) {
      row.sequence = event.sequence + 1
      row.previousEvent = previous
      row.previous = try coder.leafHash(event)
    }
    row.at = log.recordedAt
    row.zone = OffsetDateTime.vietNamOffsetMinutes
    row.office = try terms.number(try OfficeRows.keeper(connection))
    row.more = try details.encoded()
    _ = try log.append(&row)
    try OfficeRows.insert(connection, changed, event: row.index)
    return changed.count
  }
}

/// The master data's rows.
enum OfficeRows {
  private static let columns = "code, name, kind, province, parent"

  /// The newest row of each code, in order of code.
  ///
  /// - Parameter size: as known when the log had so many events.
  static func current(_ connection: Connection, before size: Int64 = .max) throws -> [Office] {
    try read(
      connection,
      """
      SELECT \(columns) FROM office
      WHERE id IN (SELECT MAX(id) FROM office WHERE event < \(size) GROUP BY code) ORDER BY code
      """)
  }

  /// The rows that one event states, in order of code.
  static func stated(_ connection: Connection, by event: Int64) throws -> [Office] {
    try read(connection, "SELECT \(columns) FROM office WHERE event = \(event) ORDER BY code")
  }

  private static func read(_ connection: Connection, _ sql: String) throws -> [Office] {
    let select = try connection.prepared(sql)
    var offices: [Office] = []
    while try select.step() {
      offices.append(
        Office(
          code: select.string(0), name: select.string(1),
          kind: Office.Kind(rawValue: select.string(2)) ?? .post, province: select.string(3),
          parent: select.string(4)))
    }
    return offices
  }

  static func insert(_ connection: Connection, _ offices: [Office], event: Int64) throws {
    let insert = try connection.prepared(
      "INSERT INTO office(code, name, kind, province, parent, event) VALUES(?1, ?2, ?3, ?4, ?5, ?6)")
    for office in offices {
      insert.bind(text: office.code, 1)
      insert.bind(text: office.name, 2)
      insert.bind(text: office.kind.rawValue, 3)
      insert.bind(text: office.province, 4)
      insert.bind(text: office.parent, 5)
      insert.bind(6, event)
      try insert.run()
    }
  }

  static func lastEvent(_ connection: Connection) throws -> Int64? {
    let select = try connection.prepared("SELECT MAX(event) FROM office")
    guard try select.step() else { return nil }
    return select.optionalInt(0)
  }

  static func keeper(_ connection: Connection) throws -> String {
    let select = try connection.prepared("SELECT office FROM store WHERE id = 0")
    guard try select.step() else { throw StoreFault.notAStore }
    return select.string(0)
  }

  /// SHA-256 over the offices as tab-separated lines, in the order given.
  static func digest(_ offices: [Office]) -> Digest {
    var bytes: [UInt8] = []
    for office in offices {
      for field in [office.code, office.name, office.kind.rawValue, office.province, office.parent] {
        bytes.append(contentsOf: field.utf8)
        bytes.append(UInt8(ascii: "\t"))
      }
      bytes.append(UInt8(ascii: "\n"))
    }
    return MerkleHash.sha256(bytes)
  }
}
