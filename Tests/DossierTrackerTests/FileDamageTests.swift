import DossierTesting
import Foundation
import GRDB
import Testing

@testable import DossierTracker

/// Damage of the file itself: single bits of pages, a cut file, an altered structure.
@Suite(.serialized) struct FileDamageTests {
  private static let seed: UInt64 = 7

  /// Everything that the file says, read row by row without its indexes, and what SQLite thinks of the file.
  private struct Content: Equatable {
    var rows: [String: [[DatabaseValue]]]
    var structure: [[DatabaseValue]]
    var integrity: [String]

    init(_ folder: String) throws {
      (rows, structure, integrity) = try Attack.database(folder) { db in
        let structure = try Row.fetchAll(db, sql: "SELECT type, name, tbl_name, sql FROM sqlite_master")
        var rows: [String: [[DatabaseValue]]] = [:]
        for object in structure where object[0] == "table" {
          let name = try #require(String.fromDatabaseValue(object[1]))
          rows[name] = try Row.fetchAll(db, sql: "SELECT * FROM \"\(name)\" NOT INDEXED")
            .map { Array($0.databaseValues) }
        }
        return (
          rows, structure.map { Array($0.databaseValues) },
          try String.fetchAll(db, sql: "PRAGMA integrity_check(10)")
        )
      }
    }
  }

  /// What the audit makes of a store: nil when it finds nothing new.
  private func complaint(_ path: String, known: Set<Finding>) throws -> String? {
    do {
      let report = try Sample.open(path, readOnly: true).audit()
      let new = report.findings.filter { !known.contains($0) && $0.severity == .error }
      return new.isEmpty || report.verdict == .intact ? nil : "\(new[0].code.rawValue) \(new[0].path ?? "")"
    } catch let refusal as TrackerRefusal {
      return refusal.finding.code.rawValue
    }
  }

  @Test func everyFlippedBitThatChangesAnythingIsNoticed() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    try Sample.filled(path)
    let database = try Files.read(path + "/store.sqlite")
    let known = Set(try Sample.open(path, readOnly: true).audit().findings)
    try Files.restore(database, in: path)
    let original = try Content(path)
    var random = SplitMix64(seed: Self.seed)
    var tally = (noticed: 0, harmless: 0)
    for number in 0..<300 {
      // Every third in the first bytes of a page, where its structure stands.
      let page = Int.random(in: 0..<(database.count / 4096), using: &random)
      let within = Int.random(in: 0..<(number % 3 == 0 ? 64 : 4096), using: &random)
      let position = page * 4096 + within
      let bit = Int.random(in: 0..<8, using: &random)
      var flipped = database
      flipped[position] ^= 1 << bit
      try Files.restore(flipped, in: path)
      if try complaint(path, known: known) != nil {
        tally.noticed += 1
        continue
      }
      // Nothing noticed: then nothing may have changed.
      try Files.restore(flipped, in: path)
      let content = try? Content(path)
      #expect(content == original, "seed \(Self.seed): bit \(bit) of byte \(within) of page \(page + 1)")
      tally.harmless += 1
    }
    #expect(tally.noticed > 100, "\(tally)")
  }

  @Test func cutFilesAreNoticed() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    try Sample.filled(path)
    let known = Set(try Sample.open(path, readOnly: true).audit().findings)
    let database = try Files.read(path + "/store.sqlite")
    for count in [
      0, 1, 100, 8192, database.count / 2, database.count / 2 + 100, database.count - 8192,
      database.count - 1,
    ] {
      try Files.restore(Array(database.prefix(count)), in: path)
      #expect(try complaint(path, known: known) != nil, "\(count) of \(database.count) bytes")
    }
    // Everything but what the write-ahead log holds: what was signed is missing.
    try Files.restore(database, in: path)
    let tracker = try Sample.open(path)
    for number in 0..<30 {
      _ = try tracker.record(EventRequest(.held, item: "BG-1", reason: "unclaimed", event: "W-\(number)"))
    }
    try tracker.checkpoint()
    try Files.copy(path, to: folder.path("cut"))
    var log = try Files.read(path + "/store.sqlite-wal")
    // Room made in advance holds nothing.
    log.removeSubrange((log.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0)...)
    #expect(log.count > 40_000)
    for count in [0, 20, 32, log.count / 3, log.count / 2, log.count - 8192] {
      let cut = folder.path("cut")
      try Files.copy(path, to: cut)
      try? FileManager.default.removeItem(atPath: cut + "/store.sqlite-shm")
      try Files.write(Array(log.prefix(count)), cut + "/store.sqlite-wal")
      #expect(try complaint(cut, known: known) == "D-3010 \(cut)/keys/head", "\(count) of \(log.count)")
      #expect(try refusal { try Sample.open(cut) }?.code == .rolledBack)
    }
  }

  @Test func alteredStructureIsNoticedAndNamed() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    try Sample.filled(path)
    let database = try Files.read(path + "/store.sqlite")
    let guards = try Attack.database(path) { db in
      try Row.fetchAll(
        db, sql: "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL"
      ).map { (type: $0["type"] as String, name: $0["name"] as String) }
    }
    #expect(guards.count > 30)
    var changes = guards.map { (sql: "DROP \($0.type) \"\($0.name)\"", name: $0.name) }
    changes += [
      (
        "CREATE TRIGGER sqlitex AFTER INSERT ON event BEGIN DELETE FROM content WHERE event = NEW.idx; END",
        "sqlitex"
      ),
      ("CREATE TABLE aside(x)", "aside"), ("CREATE VIEW seen AS SELECT 1", "seen"),
      ("CREATE INDEX slow ON event(at)", "slow"), ("ALTER TABLE office ADD COLUMN note TEXT", "office"),
      (
        "DROP TRIGGER event_no_update; CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT 1; END",
        "event_no_update"
      ),
      ("ANALYZE", "sqlite_stat1"), ("DROP TABLE loss_counter", "loss_counter"),
    ]
    for change in changes {
      try Files.restore(database, in: path)
      try Attack.database(path) { try $0.execute(sql: change.sql) }
      let report = try Sample.open(path, readOnly: true).audit()
      #expect(report.verdict == .contradiction, "\(change.sql)")
      #expect(
        report.findings.contains {
          $0.code == .schemaAltered && $0.path?.split(separator: "/").contains(Substring(change.name)) == true
        }, "\(change.sql)")
    }
  }

  /// Attacks of several steps by somebody who knows the tables but has no key.
  @Test func concertedAttacksAreNoticed() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    try Sample.filled(path)
    let database = try Files.read(path + "/store.sqlite")
    let known = Set(try Sample.open(path, readOnly: true).audit().findings)
    let attacks: [(name: String, sql: String)] = [
      (
        "the last event removed, and the state row adjusted",
        """
        UPDATE item SET head_event = (SELECT prev_event FROM event ORDER BY idx DESC LIMIT 1),
          head_seq = head_seq - 1, head_hash = (SELECT prev FROM event ORDER BY idx DESC LIMIT 1)
          WHERE head_event = (SELECT MAX(idx) FROM event);
        DELETE FROM event WHERE idx = (SELECT MAX(idx) FROM event);
        UPDATE log_state SET size = size - 1
        """
      ),
      (
        "an item and everything about it removed",
        """
        DELETE FROM content WHERE event IN (SELECT idx FROM event WHERE subject = 'BG-3');
        DELETE FROM event WHERE subject = 'BG-3'; DELETE FROM item WHERE number = 'BG-3'
        """
      ),
      (
        "a lost item was never lost",
        "UPDATE item SET state = 3, outcome = 0 WHERE outcome = 3; UPDATE loss_counter SET lost = 0"
      ),
      (
        "losses moved to another office",
        """
        UPDATE loss_counter SET lost = 0, delivered = delivered + 1 WHERE lost = 1;
        UPDATE loss_counter SET lost = 1, delivered = delivered - 1 WHERE delivered > 0
        """
      ),
      ("everything an hour earlier", "UPDATE event SET at = at - 3600000"),
      ("everything recorded a day earlier", "UPDATE event SET recorded_at = recorded_at - 86400000"),
      ("back-dated, one event", "UPDATE event SET at = at - 86400000 WHERE idx = 300"),
      (
        "two events of one item change places",
        """
        UPDATE event SET idx = -1 WHERE idx = 500; UPDATE event SET idx = 500 WHERE idx = 511;
        UPDATE event SET idx = 511 WHERE idx = -1
        """
      ),
      (
        "a manifest's document replaced by another's",
        "UPDATE document_part SET bytes = (SELECT bytes FROM document_part WHERE manifest = 2) WHERE manifest = 1"
      ),
      (
        "bytes behind the document's end",
        "UPDATE document_part SET bytes = CAST(bytes || x'00' AS BLOB) WHERE manifest = 1"
      ),
      (
        "an empty frame behind the document",
        "INSERT INTO document_part VALUES(1, 1, x'28b52ffd2000010000')"
      ),
      (
        "a skippable frame behind the document",
        "INSERT INTO document_part VALUES(1, 1, x'502a4d1804000000deadbeef')"
      ),
      (
        "an S10 number spelled as text everywhere",
        """
        UPDATE event SET subject = 'EM473195516VN' WHERE subject = (SELECT subject FROM event WHERE idx =
          (SELECT MIN(idx) FROM event WHERE typeof(subject) = 'integer'));
        UPDATE item SET number = 'EM473195516VN' WHERE id = 1
        """
      ),
      (
        "an event before the first",
        """
        INSERT INTO event(idx, id, kind, grade, seq, at, zone, recorded_at, office)
        SELECT -1, 'made-up', kind, grade, seq, at, zone, recorded_at, office FROM event WHERE idx = 0
        """
      ),
      (
        "a number nobody reported",
        """
        INSERT INTO item SELECT (SELECT MAX(id) + 1 FROM item), 'BG-99', NULL, -1, -1, head_hash, 1, 0, 0, 0, 0, 0,
          0, NULL, 0, 0, 0, 0, 0, 0, 0, 0 FROM item LIMIT 1
        """
      ),
      (
        "two offices' rows of one code change their order",
        """
        INSERT INTO office(code, name, kind, province, parent, event)
        SELECT code, 'Tên cũ', kind, province, parent, event FROM office LIMIT 1
        """
      ),
      (
        "a flood of gaps around one forged state",
        "UPDATE item SET custodian = custodian + 1 WHERE number = 'BG-5'"
      ),
      ("the closing forgotten", "UPDATE manifest SET closed_event = NULL"),
      (
        "a note's secret replaced by another note's",
        """
        UPDATE content SET secrets = (SELECT secrets FROM content ORDER BY event DESC LIMIT 1 OFFSET 1)
        WHERE event = (SELECT MAX(event) FROM content)
        """
      ),
    ]
    for attack in attacks {
      try Files.restore(database, in: path)
      try Attack.database(path) { db in
        try Attack.withoutTriggers(db) { try db.execute(sql: attack.sql) }
      }
      #expect(try complaint(path, known: known) != nil, "\(attack.name)")
    }
  }
}
