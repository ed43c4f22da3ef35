import DossierTesting
import Foundation
import GRDB
import Testing

@testable import DossierSQLite
@testable import DossierTracker

/// The audit may put events aside in memory or in a file, or look each one up, on any number of threads: what it
/// finds is the same.
@Suite(.serialized) struct AuditWaysTests {
  private static let seed = UInt64.random(in: 0...UInt64.max)

  private struct Way: CustomStringConvertible {
    var threads: Int
    var gathering: GatheringSizes?
    var description: String { "\(threads) threads, \(gathering.map { "\($0)" } ?? "look-ups")" }
  }

  /// Sizes that make even a small store fill several shelves and batches.
  private static let small = GatheringSizes(eventsOnShelf: 50, eventsInBatch: 70, birthsOnShelf: 7)

  private static var ways: [Way] {
    var inFile = small
    inFile.memory = 0
    var full = inFile
    full.fileSize = 5_000
    return [
      Way(threads: 1, gathering: GatheringSizes()), Way(threads: 1, gathering: nil),
      Way(threads: 2, gathering: small), Way(threads: 5, gathering: inFile), Way(threads: 2, gathering: full),
      Way(threads: 5, gathering: nil),
    ]
  }

  private func audit(_ tracker: Tracker, _ way: Way) throws -> AuditReport {
    var audit = StoreAudit(threads: way.threads)
    audit.gathering = way.gathering
    let marks =
      try tracker.signer.lastCheckpoint().map { [AuditMark(head: $0.head, source: "checkpoint")] } ?? []
    return try audit.run(tracker.store, marks: marks, isSigned: true)
  }

  private func expectSame(_ path: String, _ name: String) throws {
    let tracker = try Sample.open(path, readOnly: true)
    let reports = try Self.ways.map { try audit(tracker, $0) }
    for (way, report) in zip(Self.ways, reports) {
      let place = "\(name), \(way), seed \(Self.seed)"
      let other = Set(report.findings).symmetricDifference(reports[0].findings)
      #expect(other.map { "\($0.code.rawValue) \($0.path ?? "") \($0.item ?? "")" } == [], "\(place)")
      let isInOneOrder = report.findings == reports[0].findings
      #expect(isInOneOrder, "\(place)")
      #expect(report.findingsLeftOut == reports[0].findingsLeftOut, "\(place)")
      #expect(report.head == reports[0].head, "\(place)")
      #expect(report.checked.map(\.count) == reports[0].checked.map(\.count), "\(place)")
      #expect(report.verdict == reports[0].verdict, "\(place)")
    }
  }

  @Test func anIntactStoreGivesOneReport() throws {
    let folder = try TemporaryFolder()
    try Sample.filled(folder.path("store"))
    try expectSame(folder.path("store"), "intact")
  }

  @Test func alteredStoresGiveOneReportEach() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    try Sample.filled(path)
    let database = try Files.read(path + "/store.sqlite")
    var random = SplitMix64(seed: Self.seed)
    for table in ["event", "item", "content", "dossier", "relabelling"] {
      try Files.restore(database, in: path)
      let plan = try Attack.database(path) { db in
        var plan = try TamperPlan(db, table: table, seed: Self.seed)
        return plan.all()
      }
      for tampering in plan.shuffled(using: &random).prefix(8) {
        try Files.restore(database, in: path)
        do {
          try Attack.database(path) { db in
            try Attack.withoutTriggers(db) {
              try db.inTransaction {
                try tampering.apply(db)
                return .commit
              }
            }
          }
        } catch is DatabaseError { continue }  // SQLite does not take it
        guard (try? Sample.open(path, readOnly: true)) != nil else { continue }
        try expectSame(path, tampering.name)
      }
    }
  }

  /// A store of which nothing fits: an item's events in every batch, numbers that are text, and no end of gaps.
  @Test func floodsOfFindingsAreCutAlike() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    let tracker = try Sample.create(path)
    try Sample.importOffices(tracker)
    var drafts: [EventDraft] = []
    for number in 0..<2_600 {
      let at = Sample.now - 86_400_000 + Int64(number)
      drafts.append(
        TestValues.event("G-\(number)", .delivered, "BG-\(number % 1_300)", at: at, office: "H48.25"))
    }
    _ = try tracker.append(drafts)
    try tracker.checkpoint()
    try Sample.close(tracker)
    try Attack.database(path) { db in
      try Attack.withoutTriggers(db) { try db.execute(sql: "UPDATE item SET custodian = custodian + 1") }
    }
    try expectSame(path, "floods")
    let report = try audit(try Sample.open(path, readOnly: true), Self.ways[2])
    #expect(report.findings.count == 1_000)
    #expect(report.findingsLeftOut > 1_000)
    #expect(report.findings.filter { !$0.contradictsLog } == [])
  }
}

/// What is put aside comes back whole and in order.
@Suite struct ShelvesTests {
  private struct Record: BitwiseCopyable, Equatable, Sendable {
    var shelf: Int32
    var value: Int32
  }

  @Test(arguments: [Int64.max, 0]) func recordsComeBackInTheOrderOfTheWhole(memory: Int64) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix64(seed: seed)
    for _ in 0..<20 {
      let count = Int.random(in: 1...9, using: &random)
      let shelves = try Shelves<Record>(count: count, expecting: 1_000, memory: memory)
      var batches: [[Record]] = []
      var value: Int32 = 0
      for _ in 0..<Int.random(in: 0...8, using: &random) {
        batches.append(
          (0..<Int.random(in: 0...60, using: &random)).map { _ in
            value += 1
            return Record(shelf: Int32.random(in: 0..<Int32(count), using: &random), value: value)
          })
      }
      for place in batches.indices.shuffled(using: &random) {
        shelves.put(batches[place], place: place) { Int($0.shelf) }
      }
      for shelf in 0..<count {
        let expected = batches.joined().filter { $0.shelf == Int32(shelf) }
        let records = try shelves.take(shelf)
        #expect(records == Array(expected), "seed \(seed)")
      }
    }
  }

  @Test func whatDoesNotFitIsNotTakenForWhole() throws {
    let shelves = try Shelves<Record>(count: 2, expecting: 1_000, memory: 0, fileSize: 100)
    shelves.put((0..<10).map { Record(shelf: $0 % 2, value: $0) }, place: 0) { Int($0.shelf) }
    let kept = try shelves.take(0)
    #expect(kept.count == 5)
    shelves.put((0..<10).map { Record(shelf: $0 % 2, value: $0) }, place: 1) { Int($0.shelf) }
    #expect(throws: TemporaryFile.Failure.self) { try shelves.take(0) }
  }
}
