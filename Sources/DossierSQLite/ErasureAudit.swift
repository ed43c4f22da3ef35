internal import CustodyLog
internal import DossierCore

/// Every erasure against its order, and every erased field against an erasure: what is gone must have been ordered by
/// one person and carried out by another, and what was carried out must be gone.
///
/// Nothing is looked up for fields that are there. The passes over contents and manifests count what is erased; here
/// every field that an erasure names is seen to be gone. When both counts agree, no other field is gone.
struct ErasureAudit {
  private let reader: StoreReader
  private let erasures: ErasureReader
  private(set) var findings: [Finding] = []
  private static let findingLimit = 200

  init(_ reader: StoreReader) throws {
    self.reader = reader
    erasures = ErasureReader(reader)
  }

  private mutating func report(_ finding: Finding) {
    if findings.count < Self.findingLimit { findings.append(finding) }
  }

  func unchecked(_ erased: (disclosures: Int64, documents: Int64)) -> [AuditReport.Unchecked] {
    [("disclosures", erased.disclosures), ("documents", erased.documents)].filter { $0.1 > 0 }
      .map { .init($0.0, why: "erased", count: $0.1) }
  }

  /// - Parameters:
  ///   - erased: what the passes found gone.
  ///   - ordered: number of `erasureOrdered` events, as is `carriedOut` of the others.
  mutating func run(
    _ erased: (disclosures: Int64, documents: Int64), ordered: Int64, carriedOut: Int64
  ) throws {
    guard try erasures.hasTable else { return }
    try records(ordered: ordered, carriedOut: carriedOut)
    try chain()
    let lawful = (disclosures: try disclosures(), documents: try documents())
    if lawful.disclosures != erased.disclosures { try locateDisclosures() }
    if lawful.documents != erased.documents { try locateDocuments() }
    try twins()
    let permits = try Statement(reader.connection, "SELECT ordered FROM erasing LIMIT 100")
    while try permits.step() { report(Finding(.erasureRecord, path: "erasing/\(permits.int(0))")) }
    let scrub = try Statement(reader.connection, "SELECT event FROM scrub")
    while try scrub.step() {
      // An event that is not there was never carried out.
      let isRight = try reader.items.event(scrub.int(0))?.kind == .erasureCarriedOut
      report(isRight ? Finding(.scrubDue, path: "store.sqlite") : Finding(.erasureRecord, path: "scrub/0"))
    }
  }

  // MARK: Records

  /// Each row of `erasure` against its two events; one finding tells of all that an order erased.
  private mutating func records(ordered: Int64, carriedOut: Int64) throws {
    let select = try Statement(
      reader.connection, "SELECT \(ErasureRow.columns) FROM erasure ORDER BY ordered")
    var seen: (ordered: Int64, carriedOut: Int64) = (0, 0)
    var order: (name: String, fields: Int)?
    while try select.step() {
      let row = ErasureRow(select)
      seen.ordered += 1
      if row.carriedOut != nil { seen.carriedOut += 1 }
      guard let record = try check(row) else {
        report(Finding(.erasureRecord, path: "erasure/\(row.ordered)"))
        continue
      }
      guard let deed = record.carriedOut else { continue }
      if order?.name != record.order {
        tell(order)
        order = (record.order, 0)
      }
      order?.fields += deed.fields.count
    }
    tell(order)
    if seen != (ordered, carriedOut) {
      try missing(.erasureOrdered, "ordered")
      try missing(.erasureCarriedOut, "carried_out")
    }
  }

  /// Events that should stand in a column of `erasure`.
  private mutating func missing(_ kind: EventKind, _ column: String) throws {
    let select = try Statement(
      reader.connection,
      """
      SELECT idx FROM event WHERE kind = \(kind.rawValue)
        AND idx NOT IN (SELECT \(column) FROM erasure WHERE \(column) IS NOT NULL) LIMIT 100
      """)
    while try select.step() { report(Finding(.erasureRecord, path: "event/\(select.int(0))")) }
  }

  private mutating func tell(_ order: (name: String, fields: Int)?) {
    guard let order else { return }
    report(Finding(.disclosureErased, path: order.name, found: "\(order.fields)"))
  }

  /// - Returns: nil when row and events do not fit together.
  private func check(_ row: ErasureRow) throws -> ErasureRecord? {
    guard let event = try reader.items.event(row.ordered), event.kind == .erasureOrdered,
      let details = EventDetails(encoded: event.more), let erases = details.erases,
      let record = try? erasures.record(row), let first = try reader.items.event(row.request),
      first.kind == .erasureOrdered, details.reference == (try reader.coder.identifier(of: first))
    else { return nil }
    if let target = row.event {
      guard let erased = try reader.items.event(target), try reader.coder.identifier(of: erased) == erases,
        !record.concernsDocument
      else { return nil }
    } else {
      guard let manifest = row.manifest, record.concernsDocument,
        try reader.coder.manifestNumber(manifest).elementsEqual(erases.utf8)
      else { return nil }
    }
    guard let deed = record.carriedOut else { return record }
    guard let done = try reader.items.event(deed.index), done.kind == .erasureCarriedOut,
      let stated = EventDetails(encoded: done.more), stated.erases == erases, stated.basis == details.basis,
      stated.request == (try reader.coder.identifier(of: event)), deed.by != record.by,
      Set(deed.fields).isSubset(of: record.fields)
    else { return nil }
    return record
  }

  /// All erasure events are one chain.
  private mutating func chain() throws {
    let select = try Statement(
      reader.connection,
      """
      SELECT ordered AS i FROM erasure
      UNION ALL SELECT carried_out FROM erasure WHERE carried_out IS NOT NULL ORDER BY i
      """)
    var previous: (index: Int64, hash: Digest)?
    var sequence: Int64 = 0
    while try select.step() {
      guard let row = try reader.items.event(select.int(0)) else { continue }
      if row.sequence != sequence || row.previousEvent != previous?.index || row.previous != previous?.hash {
        report(Finding(.previousMismatch, path: "event/\(row.index)"))
      }
      previous = (row.index, try reader.coder.leafHash(row))
      sequence = row.sequence &+ 1
    }
  }

  // MARK: What is gone

  /// Names of the fields of an event that erasures say are gone; each must be named once.
  private mutating func names(_ rows: [ErasureRow]) throws -> Set<String> {
    var names: Set<String> = []
    for row in rows {
      guard row.carriedOut != nil, let deed = try? erasures.record(row).carriedOut else { continue }
      for name in deed.fields where !names.insert(name).inserted {
        report(Finding(.erasureRecord, path: "erasure/\(row.ordered)"))
      }
    }
    return names
  }

  /// - Returns: how many fields are gone because an erasure names them.
  private mutating func disclosures() throws -> Int64 {
    let select = try Statement(
      reader.connection, "SELECT DISTINCT event FROM erasure WHERE event IS NOT NULL ORDER BY event")
    var count: Int64 = 0
    while try select.step() { count += Int64(try lawful(event: select.int(0)).count) }
    return count
  }

  /// The fields of an event that are gone and were to go; one that is still there is a finding.
  mutating func lawful(event: Int64) throws -> Set<String> {
    let named = try names(try erasures.rows("event = ?1", event))
    if named.isEmpty { return [] }
    let gone = try erasedNames(event)
    for name in named.subtracting(gone).sorted() {
      report(Finding(.erasureIncomplete, path: "content/\(event)", expected: name))
    }
    return named.intersection(gone)
  }

  /// The audit of one item: what is gone of one event must all have been to go.
  mutating func check(event: Int64) throws {
    guard try erasures.hasTable else { return }
    if try !erasedNames(event).subtracting(lawful(event: event)).isEmpty {
      report(Finding(.erasedWithoutRecord, path: "content/\(event)"))
    }
  }

  private func erasedNames(_ event: Int64) throws -> Set<String> {
    let select = try reader.connection.prepared("SELECT secrets FROM content WHERE event = ?1")
    select.bind(1, event)
    defer { select.reset() }
    guard try select.step() else { return [] }
    return Self.erasedNames(select.view(0))
  }

  private static func erasedNames(_ secrets: UnsafeBufferPointer<UInt8>) -> Set<String> {
    var names: Set<String> = []
    var entry = VaultCursor(secrets)
    while !entry.isAtEnd, entry.next() {
      if entry.isErased { names.insert(entry.field.name(ordinal: entry.ordinal)) }
    }
    return names
  }

  private mutating func documents() throws -> Int64 {
    let select = try Statement(
      reader.connection,
      """
      SELECT e.ordered, e.manifest, EXISTS(SELECT 1 FROM document_part d WHERE d.manifest = e.manifest)
      FROM erasure e WHERE e.manifest IS NOT NULL AND e.carried_out IS NOT NULL ORDER BY e.manifest
      """)
    var gone: Set<Int64> = []
    while try select.step() {
      guard let row = try erasures.rows("ordered = ?1", select.int(0)).first,
        let deed = try? erasures.record(row).carriedOut, !deed.fields.isEmpty
      else { continue }
      let manifest = select.int(1)
      if select.int(2) != 0 {
        report(
          Finding(.erasureIncomplete, path: "manifest/\(manifest)", expected: ErasureRecord.document))
      } else {
        gone.insert(manifest)
      }
    }
    return Int64(gone.count)
  }

  // MARK: Where it breaks

  private mutating func locateDisclosures() throws {
    let select = try Statement(reader.connection, "SELECT event, secrets FROM content ORDER BY event")
    while findings.count < Self.findingLimit, try select.step() {
      let gone = Self.erasedNames(select.view(1))
      if gone.isEmpty { continue }
      let event = select.int(0)
      if try !gone.subtracting(lawful(event: event)).isEmpty {
        report(Finding(.erasedWithoutRecord, path: "content/\(event)"))
      }
    }
  }

  private mutating func locateDocuments() throws {
    let select = try Statement(
      reader.connection,
      """
      SELECT m.id FROM manifest m
      WHERE NOT EXISTS(SELECT 1 FROM document_part d WHERE d.manifest = m.id)
        AND NOT EXISTS(SELECT 1 FROM erasure e WHERE e.manifest = m.id AND e.carried_out IS NOT NULL)
      LIMIT 100
      """)
    while try select.step() {
      report(Finding(.erasedWithoutRecord, path: "manifest/\(select.int(0))"))
    }
  }

  /// Rows that are one dossier lead to the first of them, and stand in different manifests.
  private mutating func twins() throws {
    let select = try Statement(
      reader.connection,
      """
      SELECT t.id FROM dossier_twin t LEFT JOIN dossier d ON d.id = t.id LEFT JOIN dossier f ON f.id = t.same_as
        LEFT JOIN dossier_twin r ON r.id = t.same_as
      WHERE d.id IS NULL OR f.id IS NULL OR r.same_as IS NOT t.same_as
        OR EXISTS(
          SELECT 1 FROM dossier_twin u JOIN dossier o ON o.id = u.id
          WHERE u.same_as = t.same_as AND u.id <> t.id AND o.manifest = d.manifest)
        OR NOT EXISTS(SELECT 1 FROM dossier_twin u WHERE u.same_as = t.same_as AND u.id <> t.id)
      LIMIT 100
      """)
    while try select.step() { report(Finding(.erasureRecord, path: "dossier_twin/\(select.int(0))")) }
  }
}
