import DossierSQLite
import DossierTesting
import Foundation
import GRDB
import Testing

@testable import DossierTracker

/// A folder of its own for one test.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "dossier-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func path(_ name: String) -> String { path + "/" + name }
}

/// Files of the repository.
enum Repository {
  static let root = String(#filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/" + $1 })

  static func sample(_ name: String) -> String { root + "/SampleData/" + name }

  static func lines(_ name: String) throws -> [String] {
    try String(contentsOfFile: sample(name), encoding: .utf8).split(separator: "\n").map(String.init)
  }
}

enum Files {
  static func read(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

  static func write(_ bytes: [UInt8], _ path: String) throws {
    try Data(bytes).write(to: URL(filePath: path))
  }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// A folder with everything in it; what is there already goes.
  static func copy(_ from: String, to: String) throws {
    try? FileManager.default.removeItem(atPath: to)
    try FileManager.default.copyItem(atPath: from, toPath: to)
  }

  /// The whole content of a closed database, in place of another.
  static func restore(_ database: [UInt8], in folder: String) throws {
    for ending in ["-wal", "-shm", "-journal"] {
      try? FileManager.default.removeItem(atPath: folder + "/store.sqlite" + ending)
    }
    try write(database, folder + "/store.sqlite")
  }
}

/// Stores filled from `SampleData/`, on a clock that stands still.
enum Sample {
  /// 2026-02-02 08:00 in Viet Nam.
  static let now: Int64 = 1_769_994_000_000
  static let session = "BK-590230-260112-001"
  static let cleanSession = "BK-H48.21-260114-001"
  static let keeper = Office(code: "H48.25", name: "Trung tâm PVHCC phường Lộc Thượng", kind: .center)

  static func environment(clock: FixedClock = FixedClock(now), threads: Int = 1) -> Tracker.Environment {
    Tracker.Environment(
      now: { clock.now() }, randomness: TestSalts.seeded(UInt64.random(in: 0...UInt64.max)), threads: threads)
  }

  static func create(_ path: String, clock: FixedClock = FixedClock(now)) throws -> Tracker {
    try Tracker.create(at: path, office: keeper, environment: environment(clock: clock))
  }

  static func open(_ path: String, readOnly: Bool = false) throws -> Tracker {
    try Tracker(opening: path, readOnly: readOnly, environment: environment())
  }

  @discardableResult
  static func importOffices(_ tracker: Tracker) throws -> Int {
    let (offices, findings) = OfficesFile.read(
      try Files.read(Repository.sample("offices.csv")), name: "offices.csv")
    #expect(findings == [])
    return try tracker.record(offices: offices)
  }

  static func importAll(_ tracker: Tracker) throws -> ImportReport {
    try tracker.importDocuments([Repository.sample("manifests"), Repository.sample("events")])
  }

  static func receive(_ tracker: Tracker, _ manifest: String, close: Bool) throws -> [EventReceipt] {
    let session = try tracker.receive(manifest: manifest, by: "GDV01")
    let receipts = try session.scan(try Repository.lines("scans/\(manifest).txt"))
    if close { _ = try session.close(signer: "GDV01", witness: "GDV02") }
    return receipts
  }

  /// Rows in every table: offices, manifests, feeds, two sessions, relabelling, correction, notes, closings, and
  /// enough events for two kept subtrees.
  static func fill(_ tracker: Tracker) throws {
    try importOffices(tracker)
    _ = try importAll(tracker)
    _ = try receive(tracker, session, close: true)
    _ = try receive(tracker, cleanSession, close: true)
    let note = "Đã gọi điện, người nhận hẹn chiều thứ sáu"
    for request in [
      EventRequest(.held, item: "RM473981177VN", reason: "unclaimed", note: note, event: "note-1"),
      EventRequest(.damaged, item: "RM473195388VN", damage: .readable, event: "wrong-1"),
      EventRequest(
        .corrected, item: "RM473195388VN", reason: "did_not_occur", corrects: "wrong-1", event: "right-1"),
      EventRequest(.relabelled, item: "EM473195428VN", newNumber: "BG-2026-77", event: "label-1"),
    ] {
      #expect(try tracker.record(request).verdict == .accepted)
    }
    // A note and a sender are erased, and with the sender the original of a manifest.
    let erasure = ErasureRequest(
      target: "RM473981177VN", fields: [.note, .sender], basis: .subjectRequest, by: "GDV01")
    let order = try tracker.orderErasure(erasure).first?.order ?? ""
    #expect(try tracker.carryOutErasure(order: order, by: "GDV02").findings == [])
    // Numbers that no S10 barcode holds, several events each.
    let start = Int(try tracker.head().size)
    var drafts: [EventDraft] = []
    for number in start..<540 {
      let isHeld = number % 3 == 0
      let at = now - 86_400_000 + Int64(number) * 1000
      drafts.append(
        TestValues.event(
          "pad-\(number)", isHeld ? .held : .outForDelivery, "BG-\(number % 11)", at: at, office: "H48.25",
          reason: isHeld ? "unclaimed" : nil, note: number % 50 == 0 ? "ghi chú \(number)" : nil))
    }
    _ = try tracker.append(drafts)
    // So many items that the map is divided, a map that is older than some of their events, and one before it.
    func held(_ range: Range<Int>) throws {
      _ = try tracker.append(
        range.map {
          TestValues.event(
            "held-\($0)", .held, "KG-\($0 % 260)", at: now - 3_600_000, office: "H48.25", reason: "unclaimed")
        })
    }
    try held(0..<200)
    _ = try tracker.store.recordMap(recordedAt: now)
    try held(200..<270)
    _ = try tracker.store.recordMap(recordedAt: now)
    try held(270..<280)
    _ = try tracker.checkpoint()
  }

  /// A filled store, closed and in one file.
  static func filled(_ path: String) throws {
    let tracker = try create(path)
    try fill(tracker)
    try close(tracker)
  }

  static func close(_ tracker: Tracker) throws {
    try tracker.store.checkpointFile()
    try tracker.store.closeFile()
  }
}

/// What an attacker uses: SQLite without any of this product's code between it and the file.
enum Attack {
  static func database<T>(_ folder: String, _ body: (Database) throws -> T) throws -> T {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = OFF") }
    let queue = try DatabaseQueue(path: folder + "/store.sqlite", configuration: configuration)
    defer { try? queue.close() }
    return try queue.writeWithoutTransaction(body)
  }

  /// Runs `body` without the triggers that forbid it, and puts them back so that only the rows differ.
  static func withoutTriggers<T>(_ db: Database, _ body: () throws -> T) throws -> T {
    let triggers = try Row.fetchAll(db, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    for trigger in triggers { try db.execute(sql: "DROP TRIGGER \"\(trigger["name"] as String)\"") }
    defer { for trigger in triggers { try? db.execute(sql: trigger["sql"]) } }
    return try body()
  }
}

/// The code of the refusal that `body` ends in; nil when it ends well.
func refusal(_ body: () throws -> some Any) throws -> Finding? {
  do {
    _ = try body()
    return nil
  } catch let refusal as TrackerRefusal {
    return refusal.finding
  }
}
