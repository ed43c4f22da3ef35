import CustodyLog
import DossierCore
import DossierTesting
import Foundation
import GRDB
import Testing

@testable import DossierSQLite

@Suite struct StoreFileTests {
  /// A store with rows in every table.
  private func fullStore(_ folder: TemporaryFolder) throws -> SQLiteStore {
    let store = try newStore(folder, salts: TestSalts.constant())
    _ = try store.record(offices: TestValues.offices, recordedAt: TestValues.start)
    let manifest = TestManifest(
      "BK-1", from: "BC1", to: "TTHCC", at: TestValues.at(day: 3),
      containers: [Container(number: "T1", seal: "S1")],
      items: [
        TestItem(TestValues.s10(1), container: 0, dossiers: [TestDossier("HS/1", applicant: "Nguyễn Văn A")])
      ])
    #expect(
      try store.record(ArrayDocumentSource(manifest), recordedAt: TestValues.start, dryRun: false).status
        == .recorded)
    let drafts = (0..<300).map {
      TestValues.event("E\($0)", .held, "BG-\($0 % 9)", at: TestValues.at(day: 4), office: "BC1")
    }
    let relabelled = TestValues.event(
      "L1", .relabelled, "BG-1", at: TestValues.at(day: 5), office: "BC1", newNumber: "BG-2")
    _ = try store.append(drafts + [relabelled], recordedAt: TestValues.start, expecting: nil)
    return store
  }

  private func count(_ table: String, _ db: Database) throws -> Int {
    try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM \(table)") ?? 0
  }

  @Test func appendOnlyTablesRefuseUpdateAndDelete() throws {
    let folder = try TemporaryFolder()
    let store = try fullStore(folder)
    try store.closeFile()
    // Another program's connection, without any of ours between it and the file.
    let plain = try DatabaseQueue(path: folder.file())
    for table in Schema.appendOnlyTables {
      try plain.writeWithoutTransaction { db in
        let before = try count(table, db)
        #expect(before > 0, "\(table) is empty: the test shows nothing")
        let columns = try db.columns(in: table).map(\.name)
        for column in columns {
          #expect(throws: DatabaseError.self, "UPDATE \(table).\(column)") {
            try db.execute(sql: "UPDATE \(table) SET \(column) = \(column)")
          }
        }
        #expect(throws: DatabaseError.self, "DELETE \(table)") { try db.execute(sql: "DELETE FROM \(table)") }
        #expect(try count(table, db) == before)
      }
    }
    let refused = [
      "DELETE FROM manifest", "UPDATE manifest SET number = 'X'", "UPDATE manifest SET sha256 = zeroblob(32)",
      "UPDATE manifest SET items = 9, closed_event = 1", "DELETE FROM item", "DELETE FROM log_state",
      "UPDATE log_state SET size = size - 1", "INSERT INTO log_state VALUES(1, 0, x'', 0)",
    ]
    for sql in refused {
      #expect(throws: DatabaseError.self, "\(sql)") {
        try plain.writeWithoutTransaction { try $0.execute(sql: sql) }
      }
    }
    try plain.close()
    let audit = StoreAudit(threads: 1)
    let report = try audit.run(SQLiteStore(path: folder.file()), marks: [], isSigned: false)
    #expect(report.findings.filter { $0.severity == .error } == [])
  }

  @Test func everyWritingConnectionIsDurable() throws {
    let folder = try TemporaryFolder()
    func check(_ store: SQLiteStore) throws {
      // The store has one connection: what it reads here is what it writes with.
      let (synchronous, journal) = try store.read { reader in
        let synchronous = try Statement(reader.connection, "PRAGMA synchronous")
        let journal = try Statement(reader.connection, "PRAGMA journal_mode")
        guard try synchronous.step(), try journal.step() else { return (Int64(-1), "") }
        return (synchronous.int(0), journal.string(0))
      }
      #expect(synchronous == 2)
      #expect(journal == "wal")
    }
    let first = try newStore(folder, salts: TestSalts.constant())
    try check(first)
    let second = try SQLiteStore(path: folder.file())
    try check(second)
    _ = try first.append(
      [TestValues.event("E1", .held, "BG-1", at: TestValues.start, office: "BC1")],
      recordedAt: TestValues.start, expecting: nil)
    try check(first)
    try first.closeFile()
    try second.closeFile()
    try check(try SQLiteStore(path: folder.file()))
  }

  @Test func reopenedStoreHoldsEverything() throws {
    let folder = try TemporaryFolder()
    let store = try fullStore(folder)
    let before = try StoreSnapshot(of: store)
    let identity = try store.identity()
    try store.closeFile()
    #expect(throws: (any Error).self) { try store.head() }
    for readOnly in [true, false, true] {
      let again = try SQLiteStore(path: folder.file(), readOnly: readOnly)
      let after = try StoreSnapshot(of: again)
      #expect(after.difference(from: before) == nil)
      #expect(try again.identity() == identity)
      try again.closeFile()
    }
    #expect(identity.office == TestValues.offices[0].code)
    #expect(before.events.count == 305)
  }

  @Test func readOnlyStoreRefusesWrites() throws {
    let folder = try TemporaryFolder()
    let store = try fullStore(folder)
    let before = try StoreSnapshot(of: store)
    let reading = try SQLiteStore(path: folder.file(), readOnly: true)
    let draft = TestValues.event("X1", .held, "BG-1", at: TestValues.start, office: "BC1")
    #expect(throws: (any Error).self) {
      try reading.append([draft], recordedAt: TestValues.start, expecting: nil)
    }
    #expect(throws: (any Error).self) {
      try reading.record(offices: [Office(code: "NEW", name: "N", kind: .post)], recordedAt: TestValues.start)
    }
    #expect(try StoreSnapshot(of: store).difference(from: before) == nil)
    // It sees what others write.
    _ = try store.append([draft], recordedAt: TestValues.start, expecting: nil)
    #expect(try reading.event(identifier: "X1") != nil)
  }

  @Test func fileThatIsNoStoreIsRefusedAndLeftAlone() throws {
    let folder = try TemporaryFolder()
    #expect(throws: StoreFault.self) { try SQLiteStore(path: folder.file("absent")) }
    #expect(!FileManager.default.fileExists(atPath: folder.file("absent")))

    let foreign = folder.file("foreign.sqlite")
    let other = try DatabaseQueue(path: foreign)
    try other.write {
      try $0.execute(sql: "CREATE TABLE letters(id INTEGER PRIMARY KEY); INSERT INTO letters VALUES(1)")
    }
    try other.close()
    let text = folder.file("text.sqlite")
    try Data("mã hồ sơ;ngày\n".utf8).write(to: URL(filePath: text))
    let empty = folder.file("empty.sqlite")
    try Data().write(to: URL(filePath: empty))
    for path in [foreign, text, empty] {
      let bytes = try Data(contentsOf: URL(filePath: path))
      for readOnly in [false, true] {
        #expect(throws: (any Error).self, "\(path)") { try SQLiteStore(path: path, readOnly: readOnly) }
        #expect(try Data(contentsOf: URL(filePath: path)) == bytes, "\(path)")
      }
    }
    for path in [foreign, text] {
      let bytes = try Data(contentsOf: URL(filePath: path))
      #expect(throws: (any Error).self) {
        try SQLiteStore.create(path: path, origin: "o", office: TestValues.offices[0], at: TestValues.start)
      }
      #expect(try Data(contentsOf: URL(filePath: path)) == bytes, "\(path)")
    }
  }

  @Test func storeIsCreatedOnce() throws {
    let folder = try TemporaryFolder()
    let store = try fullStore(folder)
    let before = try StoreSnapshot(of: store)
    #expect(throws: StoreFault.self) { try newStore(folder, salts: TestSalts.constant()) }
    #expect(try StoreSnapshot(of: store).difference(from: before) == nil)
  }

  /// What a document is shows only after its first bytes: those of a feed must not stay behind as a manifest's.
  @Test(arguments: [false, true])
  func aLongBeginningOfAFeedLeavesNothing(inPieces: Bool) throws {
    let folder = try TemporaryFolder()
    let store = try newStore(folder, salts: TestSalts.constant())
    var generator = SplitMix64(seed: 8)
    let noise = (0..<1_500_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let pieces =
      inPieces
      ? stride(from: 0, to: noise.count, by: 100_000).map { Array(noise[$0...].prefix(100_000)) } : [noise]
    let draft = TestValues.event("F1", .accepted, "BG-1", at: TestValues.start, office: "TTHCC")
    func end(_ items: Int) -> DocumentPart {
      .end(
        DocumentSummary(
          isValid: true, sha256: MerkleHash.sha256(noise), byteCount: Int64(noise.count), items: items,
          dossiers: 0, weight: 0, findings: []))
    }
    let feed = ArrayDocumentSource(
      name: "feed.xml", parts: pieces.map { .original($0) } + [.events([FeedEvent(draft, line: 1)]), end(0)])
    #expect(
      try store.record(feed, recordedAt: TestValues.start, dryRun: false).status == .recorded)
    let header = ManifestHeader(
      number: "BK-1", leg: .intake, giver: ManifestParty(office: "TTHCC"),
      receiver: ManifestParty(office: "TTHCC"), dispatchedAt: TestValues.start, dispatchedZone: 420)
    let manifest = ArrayDocumentSource(
      name: "BK-1.xml",
      parts: pieces.map { .original($0) } + [
        .header(header), .items(ManifestBatch([TestItem("BG-2")])), end(1),
      ])
    #expect(
      try store.record(manifest, recordedAt: TestValues.start, dryRun: false).status == .recorded)
    let report = try StoreAudit(threads: 1).run(store, marks: [], isSigned: false)
    #expect(report.findings.filter { $0.code.rawValue >= "D-3" } == [])
  }
}
