internal import CustodyLog
internal import DossierCore
internal import GRDB

/// The tables, indexes and triggers against those that the migrations make.
enum SchemaAudit {
  static func findings(_ reader: StoreReader) throws -> [Finding] {
    let reference = try DatabaseQueue()
    try Schema.migrator.migrate(reference)
    let expected = try reference.read { db in
      guard let handle = db.sqliteConnection else { throw StoreFault.notAStore }
      return try objects(Connection(handle: handle))
    }
    let found = try objects(reader.connection)
    var findings: [Finding] = []
    for name in Set(expected.keys).union(found.keys).sorted() where expected[name] != found[name] {
      findings.append(Finding(.schemaAltered, path: "schema/\(name)"))
    }
    let applied = try Statement(reader.connection, "SELECT identifier FROM grdb_migrations ORDER BY rowid")
    var migrations: [String] = []
    while try applied.step() { migrations.append(applied.isText(0) ? applied.string(0) : "") }
    if migrations != Schema.migrator.migrations {
      findings.append(Finding(.schemaAltered, path: "grdb_migrations"))
    }
    return findings
  }

  private static func objects(_ connection: Connection) throws -> [String: String] {
    let select = try Statement(
      connection,
      "SELECT type || '/' || name || '/' || tbl_name, COALESCE(sql, '') FROM sqlite_master")
    var objects: [String: String] = [:]
    while try select.step() { objects[select.string(0)] = select.string(1) }
    return objects
  }
}

/// The file's pages and indexes, as SQLite checks them. The rows are checked by the other passes: this finds an
/// index that no longer leads to its row, which a look-up would take for the row's absence.
enum PageAudit {
  static func findings(_ reader: StoreReader) throws -> [Finding] {
    let check = try Statement(reader.connection, "PRAGMA integrity_check(100)")
    var findings: [Finding] = []
    while try check.step() {
      let answer = check.string(0)
      if answer != "ok" { findings.append(Finding(.databaseDamaged, path: "pages", detail: answer)) }
    }
    return findings
  }
}

/// Rows that stand where the passes do not look.
enum StrayAudit {
  static func findings(_ reader: StoreReader, size: Int64) throws -> [Finding] {
    var findings: [Finding] = []
    for (table, key) in [("event", "idx"), ("content", "event")] {
      let select = try Statement(
        reader.connection,
        """
        SELECT \(key) FROM \(table) WHERE \(key) < 0
        UNION ALL SELECT \(key) FROM \(table) WHERE \(key) >= ?1 LIMIT 100
        """)
      select.bind(1, size)
      while try select.step() { findings.append(Finding(.orphanRow, path: "\(table)/\(select.int(0))")) }
    }
    let items = try Statement(reader.connection, "SELECT id FROM item WHERE id < 1 LIMIT 100")
    while try items.step() { findings.append(Finding(.orphanRow, path: "item/\(items.int(0))")) }
    let last = try Statement(
      reader.connection,
      "SELECT id FROM item WHERE id > (SELECT COUNT(*) FROM item) ORDER BY id DESC LIMIT 100")
    while try last.step() { findings.append(Finding(.orphanRow, path: "item/\(last.int(0))")) }
    return findings
  }

  /// Events of items whose projection is gone.
  static func eventsWithoutItem(_ reader: StoreReader) throws -> [Finding] {
    let select = try Statement(
      reader.connection,
      """
      SELECT idx, subject FROM event e WHERE subject IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM item WHERE number = e.subject) LIMIT 100
      """)
    var findings: [Finding] = []
    while try select.step() {
      findings.append(
        Finding(.itemProjection, path: "event/\(select.int(0))", item: Subject.read(select, 1).string))
    }
    return findings
  }
}

/// Every text of the dictionary against its fingerprint.
enum TermAudit {
  static func findings(_ reader: StoreReader) throws -> (findings: [Finding], count: Int64) {
    let select = try Statement(reader.connection, "SELECT id, text, fingerprint FROM term")
    var findings: [Finding] = []
    var count: Int64 = 0
    while try select.step() {
      count += 1
      if Terms.fingerprint(select.bytes(1)[...]) != select.bytes(2) {
        findings.append(Finding(.termAltered, path: "term/\(select.int(0))"))
      }
    }
    return (findings, count)
  }
}

/// What is checked once, after the passes.
struct RestAudit {
  private let reader: StoreReader
  private(set) var findings: [Finding] = []
  private(set) var offices: Int64 = 0
  private(set) var counters: Int64 = 0

  init(_ reader: StoreReader) { self.reader = reader }

  mutating func contents(expected: Int64, found: Int64) throws {
    if expected == found { return }
    try list(
      .disclosureMissing,
      "SELECT idx FROM event WHERE content IS NOT NULL AND idx NOT IN (SELECT event FROM content) LIMIT 100",
      path: "event")
    try list(
      .orphanRow,
      """
      SELECT event FROM content
      WHERE event NOT IN (SELECT idx FROM event WHERE content IS NOT NULL) LIMIT 100
      """, path: "content")
  }

  mutating func dossiers(found: Int64) throws {
    if try number("SELECT COUNT(*) FROM dossier") == found { return }
    try list(
      .orphanRow,
      """
      SELECT d.id FROM dossier d LEFT JOIN content c ON c.event = d.event
      WHERE c.first_dossier IS NULL OR d.id < c.first_dossier OR d.id >= c.first_dossier + c.dossiers LIMIT 100
      """, path: "dossier")
    try list(
      .dossierProjection,
      """
      SELECT c.event FROM content c WHERE c.dossiers <>
        (SELECT COUNT(*) FROM dossier d WHERE d.id >= c.first_dossier AND d.id < c.first_dossier + c.dossiers)
      LIMIT 100
      """, path: "content")
    findings.append(Finding(.orphanRow, path: "dossier", found: "\(found)"))
  }

  /// Every counter against the recount from the items.
  mutating func counters(_ recount: [CounterKey: OutcomeCounts]) throws {
    var rest = recount
    let select = try Statement(reader.connection, "SELECT * FROM loss_counter")
    while try select.step() {
      counters += 1
      let numbers = (0..<7).map { select.int($0) }
      guard let unit = LossQuery.Unit(rawValue: UInt8(exactly: numbers[0]) ?? 0),
        let leg = UInt8(exactly: numbers[4]), numbers.allSatisfy({ Int32(exactly: $0) != nil })
      else {
        let unit = numbers[0] == 1 ? "dossier" : numbers[0] == 2 ? "item" : "\(numbers[0])"
        let rest = numbers.dropFirst().map { "\($0)" }.joined(separator: "/")
        findings.append(Finding(.counterProjection, path: "loss_counter/\(unit)/\(rest)"))
        continue
      }
      let key = CounterKey(
        unit: unit, month: select.int32(1), giver: select.int32(2), receiver: select.int32(3), leg: leg,
        field: select.int32(5), agency: select.int32(6))
      var counts = OutcomeCounts()
      counts.entrusted = select.int(7)
      counts.delivered = select.int(8)
      counts.returned = select.int(9)
      counts.lost = select.int(10)
      counts.destroyed = select.int(11)
      counts.missing = select.int(12)
      counts.found = select.int(13)
      counts.damaged = select.int(14)
      let expected = rest.removeValue(forKey: key) ?? OutcomeCounts()
      if counts != expected || counts.isZero {
        findings.append(
          Finding(
            .counterProjection, path: path(key), expected: "\(expected)".counterText,
            found: "\(counts)".counterText))
      }
    }
    for (key, counts) in rest where !counts.isZero {
      findings.append(
        Finding(.counterProjection, path: path(key), expected: "\(counts)".counterText, found: "-"))
    }
  }

  /// The row that says where the log stands, and the kept roots of high subtrees.
  mutating func logState(size: UInt64) throws {
    let last = try number("SELECT recorded_at FROM event ORDER BY idx DESC LIMIT 1")
    if try number("SELECT recorded_at FROM log_state WHERE id = 0") != last {
      findings.append(Finding(.logStateMismatch, path: "log_state", expected: "\(last)"))
    }
    var expected: Int64 = 0
    var width = size / 256
    while width > 0 {
      expected += Int64(width)
      width /= 256
    }
    let stray = try Statement(reader.connection, "SELECT level, number FROM subtree")
    while try stray.step() {
      let (level, number) = (stray.int(0), stray.int(1))
      let complete = (1...7).contains(level) ? Int64(size >> UInt64(8 * level)) : 0
      if number < 0 || number >= complete {
        findings.append(Finding(.orphanRow, path: "subtree/\(level)/\(number)"))
      }
    }
    let found = try number("SELECT COUNT(*) FROM subtree")
    if found != expected {
      findings.append(Finding(.orphanRow, path: "subtree", expected: "\(expected)", found: "\(found)"))
    }
    // Levels 1 and 2 were compared while hashing; a higher one is a hash over 256 rows of the level below.
    let rows = try SubtreeRows(reader.connection)
    let select = try Statement(reader.connection, "SELECT level, number, hash FROM subtree WHERE level >= 3")
    while try select.step() {
      var tree = CompactRange()
      let level = Int(select.int(0))
      for child in 0..<256 {
        let number = UInt64(bitPattern: select.int(1)) &* 256 &+ UInt64(child)
        if let hash = try rows.hash(level: level - 1, number: number) { tree.append(hash) }
      }
      if tree.root != select.digest(2) {
        findings.append(Finding(.subtreeMismatch, path: "subtree/\(level)/\(select.int(1))"))
      }
    }
  }

  /// Terms that no row uses were put there by someone else.
  mutating func terms(used: Set<Int32>) throws {
    let select = try Statement(reader.connection, "SELECT id FROM term")
    while try select.step() {
      if used.contains(select.int32(0)) { continue }
      findings.append(Finding(.orphanRow, path: "term/\(select.int(0))"))
    }
  }

  private func path(_ key: CounterKey) -> String {
    "loss_counter/\(key.unit.word)/\(key.month)/\(key.giver)/\(key.receiver)/\(key.leg)/\(key.field)/\(key.agency)"
  }

  /// Every officesRecorded event against the rows that it states.
  mutating func offices(expected: Int64) throws {
    let selectKeeper = try Statement(reader.connection, "SELECT office, created_at FROM store")
    guard try selectKeeper.step() else {
      findings.append(Finding(.officeAltered, path: "store"))
      return
    }
    let keeper = selectKeeper.string(0)
    let createdAt = selectKeeper.int(1)
    selectKeeper.reset()

    let select = try Statement(
      reader.connection,
      "SELECT \(EventRow.columns) FROM event WHERE kind = \(EventKind.officesRecorded.rawValue) ORDER BY idx")
    var stated: Set<Int64> = []
    var previous: (index: Int64, hash: Digest)?
    while try select.step() {
      guard let row = EventRow(select) else { continue }
      let rows = try OfficeRows.stated(reader.connection, by: row.index)
      offices += Int64(rows.count)
      stated.insert(row.index)
      let details = EventDetails(encoded: row.more)
      if details?.document != OfficeRows.digest(rows) || details?.items != rows.count {
        findings.append(
          Finding(.officeAltered, path: "office", events: [try reader.coder.identifier(of: row)]))
      }
      if previous == nil {
        if try reader.terms.string(row.office) != keeper || row.recordedAt != createdAt {
          findings.append(Finding(.officeAltered, path: "store"))
        }
      }
      if row.previousEvent != previous?.index || row.previous != previous?.hash {
        findings.append(Finding(.previousMismatch, path: "event/\(row.index)"))
      }
      previous = (row.index, try reader.coder.leafHash(row))
    }
    try officeOrder()
    let all = try number("SELECT COUNT(*) FROM office")
    if all != offices {
      findings.append(Finding(.orphanRow, path: "office", expected: "\(offices)", found: "\(all)"))
    }
  }

  /// The newest row of a code holds, so the order of the rows counts: by event, then by code, without a gap.
  private mutating func officeOrder() throws {
    let select = try Statement(reader.connection, "SELECT id, event, code, kind FROM office ORDER BY id")
    var previous: (event: Int64, code: [UInt8]) = (-1, [])
    var expected: Int64 = 1
    while try select.step() {
      let (id, event, code) = (select.int(0), select.int(1), select.bytes(2))
      let follows =
        event > previous.event
        || event == previous.event && previous.code.lexicographicallyPrecedes(code)
      // A kind that is none would be read as the first one.
      if id != expected || !follows || Office.Kind(rawValue: select.string(3)) == nil {
        findings.append(Finding(.officeAltered, path: "office/\(id)"))
      }
      previous = (event, code)
      expected = id &+ 1
    }
  }

  mutating func relabellings(expected: Int64) throws {
    let select = try Statement(
      reader.connection,
      """
      SELECT r.event, e.kind, o.number, n.number, e.subject, e.more FROM relabelling r
      LEFT JOIN event e ON e.idx = r.event LEFT JOIN item o ON o.id = r.old_item
      LEFT JOIN item n ON n.id = r.new_item ORDER BY r.event
      """)
    var count: Int64 = 0
    while try select.step() {
      count += 1
      let details = EventDetails(encoded: select.bytes(5))
      let isRight =
        select.int(1) == Int64(EventKind.relabelled.rawValue)
        && Subject.read(select, 2) == Subject.read(select, 4)
        && details?.newNumber == Subject.read(select, 3).string
      if !isRight { findings.append(Finding(.orphanRow, path: "relabelling/\(select.int(0))")) }
    }
    if count != expected {
      findings.append(Finding(.orphanRow, path: "relabelling", expected: "\(expected)", found: "\(count)"))
    }
  }

  /// Every manifest's row against its events, and its kept bytes against their SHA-256.
  ///
  /// - Returns: how many manifests were checked.
  mutating func manifests(expected: Int64) throws -> Int64 {
    let select = try Statement(
      reader.connection, "SELECT \(StoreReader.manifestColumns) FROM manifest ORDER BY id")
    var count: Int64 = 0
    var containers: Int64 = 0
    while try select.step() {
      count += 1
      let path = "manifest/\(select.int(0))"
      guard let manifest = try? reader.manifest(select) else {
        findings.append(Finding(.manifestProjection, path: path))
        continue
      }
      try check(manifest, path)
      try checkDocument(manifest, path)
      let own = try number("SELECT COUNT(*) FROM container WHERE manifest = \(manifest.id)")
      containers += own
      let inOrder = try number(
        """
        SELECT COUNT(*) FROM container WHERE manifest = \(manifest.id) AND ordinal >= 0 AND ordinal < \(own)
        """)
      if inOrder != own { findings.append(Finding(.manifestProjection, path: path, detail: "containers")) }
    }
    if count != expected {
      findings.append(Finding(.orphanRow, path: "manifest", expected: "\(expected)", found: "\(count)"))
    }
    if try number("SELECT COUNT(*) FROM container") != containers {
      findings.append(Finding(.orphanRow, path: "container"))
    }
    if try number("SELECT COUNT(*) FROM document_part WHERE manifest NOT IN (SELECT id FROM manifest)") > 0 {
      findings.append(Finding(.orphanRow, path: "document_part"))
    }
    return count
  }

  private mutating func check(_ manifest: ManifestRecord, _ path: String) throws {
    guard let row = try reader.items.event(manifest.recordedEvent), row.kind == .manifestRecorded,
      row.manifest == manifest.id, let details = EventDetails(encoded: row.more)
    else {
      findings.append(Finding(.manifestProjection, path: path))
      return
    }
    let events = details.events.map(Int64.init)
    let agreements: [Bool] = [
      try reader.terms.string(row.office) == manifest.giver,
      try reader.terms.string(row.to) == manifest.receiver,
      row.at == manifest.dispatchedAt, row.zone == manifest.dispatchedZone, details.leg == manifest.leg,
      details.items == manifest.items, details.dossiers == manifest.dossiers,
      details.weight == manifest.weight, details.document == manifest.sha256,
      details.documentBytes == manifest.byteCount,
      events == manifest.recordedEvent - manifest.firstEvent, row.sequence == 0, row.previous == nil,
      row.previousEvent == nil,
    ]
    if agreements.contains(false) {
      findings.append(Finding(.manifestProjection, path: path, found: manifest.number))
    }
    let select = try Statement(
      reader.connection,
      """
      SELECT idx, seq, prev_event, prev FROM event
      WHERE id = ?1 AND kind = \(EventKind.manifestClosed.rawValue) AND manifest = ?2
      """)
    select.bind(text: "close+\(manifest.number)", 1)
    select.bind(2, manifest.id)
    let closed = try select.step() ? select.int(0) : nil
    if closed != manifest.closedEvent {
      findings.append(
        Finding(
          .manifestProjection, path: path, expected: closed.map { "\($0)" } ?? "-",
          found: manifest.closedEvent.map { "\($0)" } ?? "-"))
    }
    if closed != nil {
      let hash = try reader.coder.leafHash(row)
      if select.int(1) != 1 || select.optionalInt(2) != manifest.recordedEvent || select.digest(3) != hash {
        findings.append(Finding(.previousMismatch, path: "event/\(select.int(0))"))
      }
    }
  }

  private mutating func checkDocument(_ manifest: ManifestRecord, _ path: String) throws {
    var digest = StreamingSHA256()
    var count: Int64 = 0
    do {
      try DocumentParts.read(reader.connection, manifest: manifest.id) { bytes in
        digest.update(bytes)
        count += Int64(bytes.count)
      }
    } catch let fault as StoreFault {
      findings.append(Finding(.documentMismatch, path: path, detail: fault.description))
      return
    }
    let found = digest.finalized()
    if found != manifest.sha256 || count != manifest.byteCount {
      findings.append(
        Finding(.documentMismatch, path: path, expected: manifest.sha256.hex, found: found.hex))
    }
  }

  private func number(_ sql: String) throws -> Int64 {
    let select = try Statement(reader.connection, sql)
    return try select.step() ? select.int(0) : 0
  }

  private mutating func list(_ code: FindingCode, _ sql: String, path: String) throws {
    let select = try Statement(reader.connection, sql)
    while try select.step() { findings.append(Finding(code, path: "\(path)/\(select.int(0))")) }
  }
}

extension String {
  /// `OutcomeCounts(entrusted: 1, …)` without the type's name.
  fileprivate var counterText: String {
    guard let open = firstIndex(of: "("), hasSuffix(")") else { return self }
    return String(self[index(after: open)...].dropLast())
  }
}
