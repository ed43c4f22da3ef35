import CustodyLog
import DossierTesting
import Foundation
import GRDB
import Testing

@testable import DossierSQLite
@testable import DossierTracker

/// A store with people whose names stand nowhere else.
private struct Village {
  let folder: TemporaryFolder
  let path: String
  let tracker: Tracker
  /// The item of the person who asks, which travelled twice.
  let item = TestValues.s10(1)
  let neighbour = TestValues.s10(2)
  let code = "H48.25-260112-0042"
  let written = "HS/RIÊNG/77"
  static let markers = [
    "Zyxwvut Người Gửi", "Zyxwvut Người Nhận", "Zyxwvut Người Nộp", "0999888777", "Ngõ Zyxwvut",
    "Zyxwvut Ghi Chú",
  ]

  init(_ clock: FixedClock = FixedClock(Sample.now)) throws {
    folder = try TemporaryFolder()
    path = folder.path("store")
    tracker = try Sample.create(path, clock: clock)
    let mine = TestItem(
      item, acceptedAt: TestValues.at(day: 2),
      sender: TestContact(
        name: Self.markers[0], phone: Self.markers[3], address: Self.markers[4]),
      recipient: TestContact(name: Self.markers[1]),
      dossiers: [
        TestDossier(code, applicant: Self.markers[2]), TestDossier(written, applicant: Self.markers[2]),
      ])
    let other = TestItem(
      neighbour, acceptedAt: TestValues.at(day: 2), sender: TestContact(name: "Hàng Xóm Ở Lại"),
      dossiers: [TestDossier("H48.25-260112-0043", applicant: "Hàng Xóm Ở Lại")])
    try record("BK-1", day: 3, [mine, other])
    // The same dossiers again, in another manifest: offered anew.
    var again = mine
    again.acceptedAt = nil
    try record("BK-2", day: 5, [again])
    let request = EventRequest(
      .held, item: item, office: "BC1", reason: "unclaimed", note: Self.markers[5], event: "note-1")
    #expect(try tracker.record(request).verdict == .accepted)
    try tracker.checkpoint()
  }

  @discardableResult
  func record(_ number: String, day: Int, _ items: [TestItem]) throws -> DocumentOutcome {
    let outcome = try tracker.store.record(
      ArrayDocumentSource(
        TestManifest(number, from: "BC1", to: "H48.25", at: TestValues.at(day: day), items: items)),
      recordedAt: Sample.now, dryRun: false)
    #expect(outcome.status == .recorded, "\(outcome.findings)")
    return outcome
  }

  /// Enough neighbours in random order that the index is rebuilt again and again.
  func crowd(_ manifests: Int, seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for number in 0..<manifests {
      let items = (0..<60).map { place in
        let serial = 1_000 + number * 60 + place
        let day = Int.random(in: 10...28, using: &random)
        // Different ones in one manifest, in no order.
        let sequence = String(100_000 + place * 1_000 + Int.random(in: 0..<1_000, using: &random)).dropFirst()
        return TestItem(
          TestValues.s10(serial), acceptedAt: TestValues.at(day: 5),
          sender: TestContact(name: "Dân \(serial)"),
          dossiers: [
            TestDossier("H48.25-2602\(day)-\(sequence)", applicant: "Dân \(serial)"),
            TestDossier("TXT/\(sequence)/\(serial)"),
          ])
      }
      try record("CR-\(number)", day: 6, items)
    }
  }

  func order(_ fields: Set<ErasureField>, target: String? = nil) throws -> [ErasureRecord] {
    try tracker.orderErasure(
      ErasureRequest(
        target: target ?? item, fields: fields, basis: .subjectRequest, by: "CB01", note: "đơn số 7"))
  }

  /// Orders and carries out.
  @discardableResult
  func erase(_ fields: Set<ErasureField>, target: String? = nil) throws -> ErasureResult {
    let order = try #require(try order(fields, target: target).first).order
    return try tracker.carryOutErasure(order: order, by: "CB02")
  }

  /// Every file of the store's folder, whole.
  func bytes() throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
      files[name] = FileManager.default.contents(atPath: path + "/" + name)
    }
    return files
  }

  func expectAbsent(_ patterns: [(name: String, bytes: Data)]) throws {
    for (file, content) in try bytes() {
      for pattern in patterns where content.range(of: pattern.bytes) != nil {
        Issue.record("\(pattern.name) is still in \(file)")
      }
    }
  }

  /// Salts of an event's fields, as bytes to look for.
  func salts(_ event: String) throws -> [(name: String, bytes: Data)] {
    let index = try #require(try tracker.store.event(identifier: event)).index
    let secrets = try tracker.store.read { reader -> [UInt8] in
      let select = try reader.connection.prepared("SELECT secrets FROM content WHERE event = \(index)")
      defer { select.reset() }
      return try select.step() ? select.bytes(0) : []
    }
    return try #require(VaultSecrets.entries(secrets)).filter { $0.field != .contents }
      .map { ("salt of \($0.name) of \(event)", Data($0.salt)) }
  }

  static let patterns = markers.map { (name: $0, bytes: Data($0.utf8)) }
}

extension Set<ErasureField> {
  fileprivate static let person: Set<ErasureField> = [.sender, .recipient, .applicant, .code, .note]
}

@Suite struct ErasureTests {
  @Test func noByteOfWhatWasErasedIsLeft() throws {
    let village = try Village()
    let seed = UInt64.random(in: 0...UInt64.max)
    try village.crowd(20, seed: seed)
    // The code as the index holds it: a big-endian integer of 6 or 8 bytes.
    let packed = try village.tracker.store.read { reader in
      try DossierCodePacking.pack(ArraySlice(village.code.utf8), reader.terms, adding: false)
    }
    let code = withUnsafeBytes(of: try #require(packed).bigEndian) { Data($0) }
    var patterns =
      Village.patterns + [("code", code.suffix(6)), ("written code", Data(village.written.utf8))]
    patterns += try village.salts("BK-1+1") + village.salts("BK-2+0") + village.salts("note-1")
    #expect(patterns.count > 15)
    let before = try village.bytes()
    let found = patterns.filter { pattern in before.values.contains { $0.range(of: pattern.bytes) != nil } }
    #expect(found.count == patterns.count, "what is looked for must have been there")

    let result = try village.erase(.person)
    #expect(result.findings == [])
    try village.expectAbsent(patterns)
    #expect(try village.tracker.store.isScrubDue() == false)
    // Neighbours keep their rows.
    #expect(try village.bytes().values.contains { $0.range(of: Data("Hàng Xóm Ở Lại".utf8)) != nil })
    try village.tracker.checkpoint()
    let report = try village.tracker.audit()
    #expect(report.verdict == .intact, "seed \(seed) \(report.findings)")
    try village.expectAbsent(patterns)
  }

  @Test func termsHoldNoPersonalData() throws {
    let village = try Village()
    let terms = try village.tracker.store.queue.read { try String.fetchAll($0, sql: "SELECT text FROM term") }
    #expect(terms.count > 5)
    for term in terms {
      for marker in Village.markers + [village.code, village.written] {
        #expect(!term.contains(marker) && !term.contains("Zyxwvut"), "\(term)")
      }
    }
  }

  @Test func proofsHoldAndTheAuditSaysWhatIsGone() throws {
    let village = try Village()
    let before = try village.tracker.audit()
    #expect(before.verdict == .intact)
    #expect(before.unchecked.filter(Self.isAboutErasing) == [])
    let records = try village.erase(.person).records
    // BK-1+1, BK-2+0, note-1, and two originals.
    #expect(records.count == 5)
    #expect(records.filter(\.concernsDocument).map(\.erases) == ["BK-1", "BK-2"])
    #expect(records.allSatisfy { $0.carriedOut?.by == "CB02" && $0.by == "CB01" })
    try village.tracker.checkpoint()
    let report = try village.tracker.audit()
    #expect(report.verdict == .intact, "\(report.findings)")
    #expect(Self.codes(report) == [.disclosureErased])
    #expect(
      report.unchecked.filter(Self.isAboutErasing) == [
        .init("disclosures", why: "erased", count: 13), .init("documents", why: "erased", count: 2),
      ])
    let one = try #require(try village.tracker.audit(item: village.item))
    #expect(one.verdict == .intact, "\(one.findings)")
    #expect(
      one.unchecked.filter(Self.isAboutErasing) == [.init("disclosures", why: "erased", count: 13)])
  }

  /// Offers that nobody took up and times that nothing proves are other rules' business.
  private static func codes(_ report: AuditReport?) -> [FindingCode]? {
    report?.findings.map(\.code).filter { $0 != .offerUnanswered }
  }

  private static func isAboutErasing(_ unchecked: AuditReport.Unchecked) -> Bool { unchecked.what != "times" }

  @Test func twoPeopleAreNeeded() throws {
    let village = try Village()
    let order = try #require(try village.order([.sender]).first).order
    let same = try refusal { try village.tracker.carryOutErasure(order: order, by: "CB01") }
    #expect(same?.code == .erasureSamePerson)
    #expect(
      try refusal { try village.tracker.carryOutErasure(order: "erase+1", by: "X") }?.code
        == .erasureOrderUnknown)
    #expect(
      try refusal { try village.tracker.carryOutErasure(order: order, by: "a b") }?.code == .operatorCodeForm)
    #expect(try village.bytes().values.contains { $0.range(of: Data(Village.markers[0].utf8)) != nil })
    _ = try village.tracker.carryOutErasure(order: order, by: "CB02")
    #expect(
      try refusal { try village.tracker.carryOutErasure(order: order, by: "CB02") }?.code == .erasureDone)
    #expect(try refusal { try village.order([.sender]) }?.code == .erasureNothing)
    #expect(try refusal { try village.order([.sender], target: "KHÔNG-CÓ") }?.code == .unknownCode)
    // Others of the same event stay provable.
    #expect(try village.tracker.erasures(limit: 9).first?.carriedOut?.fields == ["sender"])
    let rest = try #require(try village.tracker.history(ofItem: village.item))
    #expect(rest.dossiers.compactMap(\.code) == [village.code, village.written])
    #expect(rest.erasures.count == 4)
  }

  @Test func twoOrdersOfOneFieldAreCarriedOutOnce() throws {
    let village = try Village()
    let first = try #require(try village.order([.sender]).first).order
    let second = try #require(try village.order([.sender, .recipient]).first).order
    _ = try village.tracker.carryOutErasure(order: first, by: "CB02")
    let done = try village.tracker.carryOutErasure(order: second, by: "CB02").records
    #expect(done.first?.carriedOut?.fields == ["recipient"])
    try village.tracker.checkpoint()
    let report = try village.tracker.audit()
    #expect(report.verdict == .intact, "\(report.findings)")
  }

  @Test func whatComesAfterwardsGoesOn() throws {
    let village = try Village()
    try village.erase(.person)
    // The code is found no more; the item is.
    #expect(try village.tracker.show(village.code) == nil)
    #expect(try village.tracker.history(ofItem: village.item)?.summary.dossiers == 2)
    // The same note again is the same event, whoever still has its words.
    let again = EventRequest(
      .held, item: village.item, office: "BC1", reason: "unclaimed", note: Village.markers[5], event: "note-1"
    )
    #expect(try village.tracker.record(again).verdict == .duplicate)
    _ = try village.tracker.record(
      EventRequest(.delivered, item: village.item, office: "BC1", reference: "KN-1"))
    try village.tracker.checkpoint()
    let report = try village.tracker.audit()
    #expect(report.verdict != .contradiction, "\(report.findings)")
  }

  @Test func theSameManifestIsStillKnown() throws {
    let folder = try TemporaryFolder()
    let tracker = try Sample.create(folder.path("store"))
    _ = try Sample.importAll(tracker)
    let request = ErasureRequest(
      target: Sample.session, fields: Set(ErasureField.allCases), basis: .authorityDecision, by: "A")
    let order = try #require(try tracker.orderErasure(request).first).order
    let records = try tracker.carryOutErasure(order: order, by: "B").records
    #expect(records.count > 25)
    let again = try tracker.importDocuments([Repository.sample("manifests/\(Sample.session).xml")])
    #expect(again.documents.map(\.outcome.status) == [.alreadyRecorded])
    try tracker.checkpoint()
    let report = try tracker.audit()
    #expect(report.findings.filter { $0.code.rawValue.hasPrefix("D-3") && $0.severity == .error } == [])
    #expect(try tracker.store.erasures(ofManifest: Sample.session).isEmpty == false)
  }

  @Test func reportsKeepTheirNumbers() throws {
    let village = try Village()
    let days = (CalendarDate("2025-03-01"), CalendarDate("2025-03-30"))
    func reports() throws -> [LossReport] {
      var reports: [LossReport] = []
      for unit in LossQuery.Unit.allCases {
        for by in LossQuery.Grouping.allCases {
          // Whole months come from the counters, days from the items.
          reports.append(try village.tracker.losses(unit: unit, by: [by]))
          reports.append(try village.tracker.losses(from: days.0, through: days.1, unit: unit, by: [by]))
        }
      }
      return reports
    }
    func numbers(_ reports: [LossReport]) -> [String] { reports.map { "\($0.rows) \($0.total)" } }
    let before = try numbers(reports())
    try village.erase([.code], target: village.code)
    #expect(try numbers(reports()) == before)
    try village.erase([.code])
    #expect(try numbers(reports()) == before)
    // The item changes afterwards, so that its part in the counters is taken out and put in again.
    _ = try village.tracker.record(
      EventRequest(.damaged, item: village.item, office: "BC1", damage: .readable))
    try village.tracker.checkpoint()
    let report = try village.tracker.audit()
    #expect(report.verdict == .intact, "\(report.findings)")
  }

  @Test func alteredContentIsNotErased() throws {
    let village = try Village()
    let order = try #require(try village.order([.sender]).first).order
    try Attack.database(village.path) { db in
      try Attack.withoutTriggers(db) {
        try db.execute(sql: "UPDATE content SET weight = 77 WHERE first_dossier = 1")
      }
    }
    let refused = try refusal { try village.tracker.carryOutErasure(order: order, by: "CB02") }
    #expect(refused?.code == .erasureEvidence)
    #expect(try village.tracker.erasures(limit: 9).allSatisfy { $0.carriedOut == nil })
    let left = try village.tracker.store.queue.read {
      try Int.fetchOne($0, sql: "SELECT (SELECT COUNT(*) FROM erasing) + (SELECT COUNT(*) FROM scrub)")
    }
    #expect(left == 0)
  }

  @Test func onlyAnOrderOpensTheTables() throws {
    let village = try Village()
    _ = try village.order([.sender, .code])
    let refused = [
      "UPDATE content SET secrets = zeroblob(9)", "UPDATE dossier SET code = NULL",
      "DELETE FROM document_part",
      "INSERT INTO erasing VALUES(0, 1, NULL)",
      "INSERT INTO erasing VALUES((SELECT MAX(ordered) FROM erasure), 5, NULL)",
      "DELETE FROM erasure", "UPDATE erasure SET event = 4",
    ]
    try Attack.database(village.path) { db in
      for sql in refused {
        #expect(throws: DatabaseError.self, "\(sql)") { try db.execute(sql: sql) }
      }
      // Even with the permission nothing but the secrets of that event may change.
      try db.execute(
        sql: "INSERT INTO erasing SELECT ordered, event, manifest FROM erasure WHERE event NOT NULL LIMIT 1")
      for sql in [
        "UPDATE content SET weight = 5", "UPDATE dossier SET code = 'X'", "DELETE FROM document_part",
      ] {
        #expect(throws: DatabaseError.self, "\(sql)") { try db.execute(sql: sql) }
      }
      try db.execute(sql: "DELETE FROM erasing")
    }
  }

  /// What an attacker does to the vault behind the program's back, and which finding says so where.
  @Test(arguments: [
    ("UPDATE dossier SET code = 5 WHERE id = 1", FindingCode.erasureIncomplete, "content/2"),
    (
      "INSERT INTO document_part SELECT 1, part, bytes FROM document_part LIMIT 1", .erasureIncomplete,
      "manifest/1"
    ),
    ("DELETE FROM document_part WHERE manifest = 3", .erasedWithoutRecord, "manifest/3"),
    ("UPDATE erasure SET event = 4 WHERE event = 2", .erasureRecord, "erasure/"),
    ("DELETE FROM erasure WHERE event = 2", .erasedWithoutRecord, "content/2"),
    ("UPDATE erasure SET carried_out = NULL WHERE event = 2", .erasedWithoutRecord, "content/2"),
    ("INSERT INTO erasing VALUES(9, 2, NULL)", .erasureRecord, "erasing/9"),
    ("INSERT INTO scrub VALUES(0, 1)", .erasureRecord, "scrub/0"),
    ("INSERT INTO dossier_twin VALUES(2, 1)", .erasureRecord, "dossier_twin/2"),
    ("DELETE FROM dossier_twin", .counterProjection, "loss_counter/"),
  ]) func whatIsAlteredIsFound(sql: String, code: FindingCode, place: String) throws {
    let village = try Village()
    try village.record(
      "BK-3", day: 9,
      [TestItem(TestValues.s10(7), acceptedAt: TestValues.at(day: 8), sender: TestContact(name: "Ông Bảy"))])
    try village.erase([.code], target: village.code)
    try village.erase([.sender])
    try village.tracker.checkpoint()
    let before = try village.tracker.audit()
    #expect(before.verdict == .intact, "\(before.findings)")
    try Attack.database(village.path) { db in
      try Attack.withoutTriggers(db) { try db.execute(sql: sql) }
    }
    let report = try village.tracker.audit()
    #expect(report.verdict == .contradiction, "\(report.findings)")
    let isNamed = report.findings.contains { $0.code == code && $0.path?.hasPrefix(place) == true }
    #expect(isNamed, "\(report.findings.map { "\($0.code.rawValue) \($0.path ?? "-")" })")
  }

  /// An erased form that no event names: secrets rewritten, commitments right.
  @Test func anErasureWithoutARecordIsFound() throws {
    let village = try Village()
    let (commitments, secrets) = try village.tracker.store.read { reader in
      let audit = try ContentAudit(reader, gathering: nil)
      var run = ContentRun()
      try audit.run(2..<3, into: &run)
      let select = try reader.connection.prepared("SELECT secrets FROM content WHERE event = 2")
      defer { select.reset() }
      return (audit.commitments, try select.step() ? select.bytes(0) : [])
    }
    let forged = try #require(
      VaultSecrets.erasing(secrets, commitments: commitments) { $0.field == .sender })
    #expect(forged.names == ["sender"])
    try Attack.database(village.path) { db in
      try Attack.withoutTriggers(db) {
        try db.execute(
          sql: "UPDATE content SET secrets = ? WHERE event = 2", arguments: [Data(forged.bytes)])
      }
    }
    let report = try village.tracker.audit()
    #expect(Self.codes(report) == [.erasedWithoutRecord])
    #expect(report.findings.first { $0.code == .erasedWithoutRecord }?.path == "content/2")
    #expect(Self.codes(try village.tracker.audit(item: village.item)) == [.erasedWithoutRecord])
  }

  @Test func aReaderDelaysTheScrubAndTheNextOpeningDoesIt() throws {
    let village = try Village()
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let reader = try DatabaseQueue(path: village.path + "/store.sqlite", configuration: configuration)
    try reader.unsafeRead { db in
      try db.execute(sql: "BEGIN; SELECT COUNT(*) FROM event")
      _ = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM event")
    }
    let order = try #require(try village.order(.person).first).order
    // The writer waits as long as it would for anybody; a test does not.
    try village.tracker.store.queue.writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA busy_timeout = 50")
    }
    let result = try village.tracker.carryOutErasure(order: order, by: "CB02")
    #expect(result.findings.map(\.code) == [.scrubDue])
    #expect(try village.tracker.store.isScrubDue())
    try village.tracker.checkpoint()
    let report = try village.tracker.audit()
    #expect(report.findings.map(\.code).contains(.scrubDue))
    #expect(report.verdict == .intact)
    try reader.unsafeRead { try $0.execute(sql: "ROLLBACK") }
    try reader.close()
    try village.tracker.store.closeFile()
    let again = try Sample.open(village.path)
    #expect(try again.store.isScrubDue() == false)
    try village.expectAbsent(Village.patterns)
    #expect(Self.codes(try again.audit()) == [.disclosureErased])
  }

  @Test func anOlderCopyIsErasedAgain() throws {
    let village = try Village()
    let copy = village.folder.path("copy")
    try village.tracker.store.checkpointFile()
    try Files.copy(village.path, to: copy)
    try village.erase(.person)
    let records = try village.tracker.erasures(limit: 100)
    let restored = try Sample.open(copy)
    let outcome = try restored.repeatErasures(records)
    #expect(outcome.repeated == records.count)
    #expect(outcome.unknown == [] && outcome.findings == [])
    let other = Village(other: village, path: copy, tracker: restored)
    try other.expectAbsent(Village.patterns)
    try restored.checkpoint()
    #expect(try restored.audit().verdict == .intact)
    #expect(try restored.repeatErasures(records).repeated == 0)
  }

  @Test func aCopyWhoseDataCameBackIsErasedAgainWithoutNewEvents() throws {
    let village = try Village()
    try village.tracker.store.checkpointFile()
    let rows = try village.tracker.store.queue.read {
      try Row.fetchAll($0, sql: "SELECT event, secrets FROM content")
    }
    try village.erase([.sender])
    try village.tracker.checkpoint()
    try Attack.database(village.path) { db in
      try Attack.withoutTriggers(db) {
        for row in rows {
          try db.execute(
            sql: "UPDATE content SET secrets = ? WHERE event = ?",
            arguments: [row["secrets"] as Data, row["event"] as Int64])
        }
      }
    }
    let report = try village.tracker.audit()
    #expect(Set(report.findings.filter { $0.severity == .error }.map(\.code)) == [.erasureIncomplete])
    let size = try village.tracker.head().size
    let records = try village.tracker.erasures(limit: 100)
    #expect(try village.tracker.repeatErasures(records).repeated == 2)
    #expect(try village.tracker.head().size == size)
    try village.expectAbsent([Village.patterns[0]])
    #expect(try village.tracker.audit().verdict == .intact)
  }
}

extension Village {
  fileprivate init(other: Village, path: String, tracker: Tracker) {
    folder = other.folder
    self.path = path
    self.tracker = tracker
  }
}

@Suite struct RetentionTests {
  private static let policy = """
    # kept here for a test
    field,after,months,basis
    sender,delivered,6,retention_ended
    applicant,delivered,12,retention_ended
    note,delivered,6,purpose_ended
    document,manifestClosed,24,retention_ended
    """

  private func due(_ village: Village, _ policy: RetentionPolicy, _ day: String) throws -> [RetentionDue] {
    var due: [RetentionDue] = []
    try village.tracker.retentionDue(policy, on: try #require(CalendarDate(day))) { due.append($0) }
    return due
  }

  @Test func whatIsDueIsListedAndAppliedOnce() throws {
    let (policy, findings) = RetentionPolicy.read(Array(Self.policy.utf8), name: "p")
    #expect(findings == [])
    #expect(policy.rules.count == 4)
    let village = try Village()
    // Delivered at 23:30 on 2 February 2026 in Viet Nam.
    let time = OffsetDateTime(milliseconds: Sample.now + 15 * 3_600_000 + 1_800_000, offsetMinutes: 420)
    _ = try village.tracker.record(
      EventRequest(.delivered, item: village.item, at: time, office: "BC1", reference: "KN-1"))
    #expect(try due(village, policy, "2026-08-01") == [])
    let later = try due(village, policy, "2026-08-02")
    #expect(later.map(\.subject) == [.item(village.item), .item(village.item)])
    #expect(Set(later.flatMap(\.fields)) == [.sender, .note])
    let day = try #require(CalendarDate("2026-08-02"))
    #expect(
      try refusal { try village.tracker.applyRetention(policy, on: day, by: "A", witness: "A") { _ in } }?
        .code
        == .erasureSamePerson)
    var records: [ErasureRecord] = []
    let told = try village.tracker.applyRetention(policy, on: day, by: "A", witness: "B") { records += $0 }
    #expect(told == [])
    #expect(!records.isEmpty && records.allSatisfy { $0.carriedOut != nil })
    #expect(try due(village, policy, "2026-08-02") == [])
    try village.expectAbsent([Village.patterns[0], Village.patterns[5]])
    let count = records.count
    _ = try village.tracker.applyRetention(policy, on: day, by: "A", witness: "B") { records += $0 }
    #expect(records.count == count)
    #expect(try due(village, policy, "2027-03-01").flatMap(\.fields) == [.applicant])
    try village.tracker.checkpoint()
    #expect(try village.tracker.audit().findings.filter { $0.severity == .error } == [])
  }

  @Test func closedManifestsAreDue() throws {
    let (policy, _) = RetentionPolicy.read(Array(Self.policy.utf8), name: "p")
    let folder = try TemporaryFolder()
    let tracker = try Sample.create(folder.path("store"))
    _ = try Sample.importAll(tracker)
    _ = try Sample.receive(tracker, Sample.session, close: true)
    var due: [RetentionDue] = []
    try tracker.retentionDue(policy, on: try #require(CalendarDate("2028-02-02"))) { due.append($0) }
    #expect(due.filter { $0.after == .manifestClosed }.map(\.subject) == [.manifest(Sample.session)])
    #expect(due.filter { $0.after == .manifestClosed }.flatMap(\.fields) == [.document])
  }
}
