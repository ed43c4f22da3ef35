internal import CustodyLog
internal import DossierCore

/// The reading side of one connection. Confined to the store's serial queue, or to one thread of an audit.
final class StoreReader {
  let connection: Connection
  let terms: Terms
  let coder: EventCoder
  let items: ItemReader
  private let selectState: Statement
  private let selectManifest: Statement

  init(_ connection: Connection, notesUse: Bool = false) throws {
    self.connection = connection
    terms = try Terms(connection, writable: false, notesUse: notesUse)
    coder = try EventCoder(connection, terms: terms)
    items = try ItemReader(connection, coder: coder)
    selectState = try Statement(connection, "SELECT size, frontier, recorded_at FROM log_state WHERE id = 0")
    selectManifest = try Statement(
      connection, "SELECT \(Self.manifestColumns) FROM manifest WHERE number = ?1")
  }

  func state() throws -> (tree: CompactRange, recordedAt: Int64) {
    let (tree, recordedAt) = try LogWriter.state(selectState)
    return (tree, recordedAt)
  }

  // MARK: Manifests

  static let manifestColumns =
    """
    id, number, leg, giver, receiver, dispatched_at, dispatched_zone, items, dossiers, weight, sha256, bytes, \
    first_event, recorded_event, closed_event
    """

  func manifest(_ number: String) throws -> ManifestRecord? {
    selectManifest.bind(text: number, 1)
    guard try selectManifest.step() else { return nil }
    defer { selectManifest.reset() }
    return try manifest(selectManifest)
  }

  func manifests(after: Int64, limit: Int) throws -> [ManifestRecord] {
    let select = try connection.prepared(
      "SELECT \(Self.manifestColumns) FROM manifest WHERE id > ?1 ORDER BY id LIMIT ?2")
    select.bind(1, after)
    select.bind(2, limit)
    var found: [ManifestRecord] = []
    while try select.step() { found.append(try manifest(select)) }
    return found
  }

  func manifest(_ row: Statement) throws -> ManifestRecord {
    guard let leg = Leg(rawValue: UInt8(exactly: row.int(2)) ?? 0), let zone = Int16(exactly: row.int(6)),
      let digest = row.digest(10), row.int(12) >= 0, row.int(13) >= row.int(12)
    else { throw StoreFault.malformedRow("manifest \(row.int(0))") }
    let recordedEvent = row.int(13)
    return ManifestRecord(
      id: row.int(0), number: row.string(1), leg: leg, giver: try terms.string(row.term(3)),
      receiver: try terms.string(row.term(4)), dispatchedAt: row.int(5), dispatchedZone: zone,
      items: Int(row.int(7)), dossiers: Int(row.int(8)), weight: Int(row.int(9)), sha256: digest,
      byteCount: row.int(11), firstEvent: row.int(12), recordedEvent: recordedEvent,
      closedEvent: row.optionalInt(14), recordedAt: try items.event(recordedEvent)?.recordedAt ?? 0)
  }

  func items(ofManifest number: String) throws -> [ItemSummary] {
    guard let manifest = try manifest(number) else { return [] }
    let select = try connection.prepared(
      """
      SELECT subject FROM event
      WHERE idx >= ?1 AND idx < ?2 AND kind = \(EventKind.dispatched.rawValue) ORDER BY idx
      """)
    select.bind(1, manifest.firstEvent)
    select.bind(2, manifest.recordedEvent)
    var found: [ItemSummary] = []
    while try select.step() {
      if let item = try leader(Subject.read(select, 0)) { found.append(try summary(item)) }
    }
    return found
  }

  // MARK: Items

  /// The row that stands for the item with this number, whatever other numbers it bears.
  private func leader(_ subject: Subject) throws -> ItemRow? {
    guard let row = try items.item(subject) else { return nil }
    guard let leader = row.sameAs else { return row }
    return try items.item(id: leader)
  }

  /// - Parameter item: the row that stands for the item.
  func summary(_ item: ItemRow) throws -> ItemSummary {
    let group = try items.group(of: item)
    var number = item.subject.string
    if group.count > 1 {
      let rows = try group.flatMap { try items.chain($0) }
      number = try numbers(group, rows).first ?? number
    }
    let manifest = try coder.manifestNumber(item.manifest)
    return ItemSummary(
      id: item.id, number: number, state: item.state,
      custodian: try terms.optionalString(item.custodian),
      offeredTo: try terms.optionalString(item.offeredTo), leg: Leg(rawValue: item.leg),
      manifest: manifest.isEmpty ? nil : String(decoding: manifest, as: UTF8.self),
      damage: DamageGrade(rawValue: item.damage), missing: item.flags & ItemRow.flagMissing != 0,
      lastAt: item.lastAt == 0 ? nil : item.lastAt, dossiers: try items.dossierCount(of: group),
      findings: Int(item.findings))
  }

  func items(matching filter: ItemFilter, after: Int64, limit: Int) throws -> [ItemSummary] {
    var conditions = ["id > ?1", "same_as IS NULL"]
    if let state = filter.state { conditions.append("state = \(state.rawValue)") }
    if filter.withFindings { conditions.append("findings > 0") }
    if let custodian = filter.custodian {
      guard let term = try terms.existing(ArraySlice(custodian.utf8)) else { return [] }
      conditions.append("custodian = \(term)")
    }
    let select = try connection.prepared(
      """
      SELECT \(ItemRow.columns) FROM item WHERE \(conditions.joined(separator: " AND ")) ORDER BY id LIMIT ?2
      """)
    select.bind(1, after)
    select.bind(2, limit)
    var found: [ItemSummary] = []
    while try select.step() {
      guard let row = ItemRow(select) else { throw StoreFault.malformedRow("item \(select.int(0))") }
      found.append(try summary(row))
    }
    return found
  }

  func history(ofItem number: String) throws -> ItemHistory? {
    guard let row = try items.item(Subject(number: number)) else { return nil }
    let group = try items.group(of: row)
    guard let leader = group.first(where: { $0.sameAs == nil }) ?? group.first else { return nil }
    var rows: [EventRow] = []
    for member in group { rows += try items.chain(member) }
    rows.sort { $0.index > $1.index }
    var findings: [Finding] = []
    let numbers = try self.numbers(group, rows)
    _ = try items.fold(rows) { findings.append(self.finding($0, item: numbers.first ?? number)) }
    let events = try rows.reversed().map { try coder.record($0) }
    return ItemHistory(
      summary: try summary(leader), numbers: numbers,
      dossiers: try dossiers(rows), events: events, findings: findings,
      erasures: try ErasureReader(self).records(ofEvents: rows))
  }

  /// The item's numbers, the one it bears now first.
  private func numbers(_ group: [ItemRow], _ rows: [EventRow]) throws -> [String] {
    var numbers = group.sorted { $0.id < $1.id }.map(\.subject.string)
    guard let current = try items.latestNumber(among: numbers, rows) else { return numbers }
    numbers.removeAll { $0 == current }
    return [current] + numbers
  }

  /// A custody finding in the words of the catalogue.
  func finding(_ custody: CustodyFinding, item: String) -> Finding {
    let office = { (term: Int32) in (try? self.terms.optionalString(term)) ?? nil }
    let events = custody.events.compactMap { index -> String? in
      guard let row = try? items.event(index) else { return nil }
      return try? coder.identifier(of: row)
    }
    return Finding(
      custody.code, item: item, events: events, expected: office(custody.expectedOffice),
      found: office(custody.foundOffice))
  }

  // MARK: Dossiers

  private func dossiers(_ rows: [EventRow]) throws -> [DossierSummary] {
    var seen: Set<String> = []
    var found: [DossierSummary] = []
    for consignment in try items.consignments(rows) {
      for dossier in try dossiers(consignment.dossiers)
      where dossier.code.map({ seen.insert($0).inserted }) ?? true {
        found.append(dossier)
      }
    }
    return found
  }

  static let dossierColumns = "code, procedure, field, agency, received, due, result, documents"

  func dossiers(_ range: Range<Int64>) throws -> [DossierSummary] {
    let select = try connection.prepared(
      "SELECT \(Self.dossierColumns) FROM dossier WHERE id >= ?1 AND id < ?2 ORDER BY id")
    select.bind(1, range.lowerBound)
    select.bind(2, range.upperBound)
    var found: [DossierSummary] = []
    while try select.step() {
      let day = { (column: Int32) in
        select.optionalInt(column).flatMap { CalendarDate(daysSince1970: Int($0)) }
      }
      found.append(
        DossierSummary(
          code: try dossierCode(select, 0), procedure: try terms.optionalString(select.term(1)),
          field: try terms.optionalString(select.term(2)), agency: try terms.optionalString(select.term(3)),
          received: day(4), due: day(5), result: day(6), documents: try documents(select.bytes(7))))
    }
    return found
  }

  func dossierCode(_ row: Statement, _ column: Int32) throws -> String? {
    if row.isNull(column) { return nil }
    if !row.isInteger(column) { return row.string(column) }
    return String(decoding: try DossierCodePacking.unpack(row.int(column), terms), as: UTF8.self)
  }

  func documents(_ bytes: [UInt8]) throws -> [DocumentSummaryLine] {
    var lines: [DocumentSummaryLine] = []
    var position = 0
    while position < bytes.count {
      guard let name = Varint.read(bytes, &position), let term = Int32(exactly: name),
        let originals = Varint.read(bytes, &position), let certified = Varint.read(bytes, &position),
        let photocopies = Varint.read(bytes, &position)
      else { throw StoreFault.malformedRow("dossier documents") }
      lines.append(
        DocumentSummaryLine(
          name: try terms.string(term), originals: Int(originals), certifiedCopies: Int(certified),
          photocopies: Int(photocopies)))
    }
    return lines
  }

  func items(carrying dossierCode: String) throws -> [String] {
    let code = ArraySlice(dossierCode.utf8)
    let select = try connection.prepared(
      "SELECT e.subject FROM dossier d JOIN event e ON e.idx = d.event WHERE d.code = ?1 ORDER BY d.id")
    if let packed = try DossierCodePacking.pack(code, terms, adding: false) {
      select.bind(1, packed)
    } else {
      select.bind(text: code, 1)
    }
    var numbers: [String] = []
    while try select.step() {
      let number = Subject.read(select, 0).string
      if !numbers.contains(number) { numbers.append(number) }
    }
    return numbers
  }

  // MARK: Events

  func events(from index: Int64, limit: Int) throws -> [EventRecord] {
    let select = try connection.prepared(
      "SELECT \(EventRow.columns) FROM event WHERE idx >= ?1 ORDER BY idx LIMIT ?2")
    select.bind(1, index)
    select.bind(2, limit)
    var found: [EventRecord] = []
    while try select.step() {
      guard let row = EventRow(select) else { throw StoreFault.malformedRow("event \(select.int(0))") }
      found.append(try coder.record(row))
    }
    return found
  }

  func surplusEvents(ofManifest number: String) throws -> [EventRecord] {
    // The kind is written out, so that SQLite sees that the index of surplus events covers the question.
    let select = try connection.prepared(
      """
      SELECT \(EventRow.columns) FROM event
      WHERE kind = \(EventKind.surplus.rawValue) AND manifest IN (?1, ?2) ORDER BY idx
      """)
    // Events that named the manifest before it was recorded here hold the term of its number.
    let term = try terms.existing(ArraySlice(number.utf8)).map { -Int64($0) }
    guard let id = try manifest(number)?.id ?? term else { return [] }
    select.bind(1, id)
    select.bind(2, term ?? id)
    var found: [EventRecord] = []
    while try select.step() {
      guard let row = EventRow(select) else { throw StoreFault.malformedRow("event \(select.int(0))") }
      found.append(try coder.record(row))
    }
    return found
  }

  func event(identifier: String) throws -> EventRecord? {
    guard let index = try items.index(ofIdentifier: identifier), let row = try items.event(index) else {
      return nil
    }
    return try coder.record(row)
  }
}
