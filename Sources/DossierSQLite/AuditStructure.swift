internal import DossierCore
internal import GRDB

/// What is checked about the file before, or beside, what it holds.
struct StructureRun: Sendable {
  private(set) var findings: [Finding] = []
  private(set) var terms: Int64 = 0
  /// What ended it: the findings before still count.
  private(set) var failure: (any Error)?

  /// - Parameter size: of the log.
  init(_ reader: StoreReader, size: Int64) {
    do {
      findings += try SchemaAudit.findings(reader)
      findings += try PageAudit.findings(reader)
      let terms = try TermAudit.findings(reader)
      self.terms = terms.count
      findings += terms.findings
      findings += try StrayAudit.findings(reader, size: size)
    } catch { failure = error }
  }
}

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
