import DossierTesting
import Foundation
import GRDB
import Synchronization
import Testing

@testable import DossierTracker

/// Every table and column changed behind the product's back: the audit must notice and say where.
@Suite(.serialized) struct TamperTests {
  private static let seed: UInt64 = 20_260_202
  private static let shared = Result { try TamperBench(seed: seed) }

  @Test func tablesOfTheSchemaAreTheOnesUnderAttack() throws {
    let bench = try Self.shared.get()
    let known = TamperPlaces.tables.union(TamperPlaces.attackedElsewhere)
    #expect(Set(bench.tables) == known, "a table without a case")
    for table in TamperPlaces.tables {
      #expect(try bench.count(table) > 0, "\(table) is empty: nothing is shown about it")
    }
    #expect(try bench.count("subtree") >= 2)
    #expect(bench.baseline.isSigned)
    #expect(
      bench.baseline.findings.filter { $0.code.rawValue.hasPrefix("D-3") && $0.severity == .error } == [])
  }

  @Test(arguments: TamperPlaces.tables.sorted())
  func everyChangeIsNoticedAndLocated(table: String) throws {
    let bench = try Self.shared.get()
    let outcomes = try bench.attack(table)
    let silent = outcomes.filter { $0.result == .silent }
    let unlocated = outcomes.filter { $0.result == .unlocated }
    #expect(silent.isEmpty, "seed \(Self.seed), silent: \(silent.map(\.text).joined(separator: "\n"))")
    #expect(
      unlocated.isEmpty, "seed \(Self.seed), not located: \(unlocated.map(\.text).joined(separator: "\n"))")
    let noticed = outcomes.filter { $0.result == .noticed }.count
    #expect(noticed > 5, "\(table): \(noticed) of \(outcomes.count)")
  }
}

/// A filled store of which every attack gets a copy.
final class TamperBench: Sendable {
  enum Outcome { case noticed, unlocated, silent, refusedBySQLite }

  let tables: [String]
  let baseline: AuditReport
  private let folders: TemporaryFolder
  private let database: [UInt8]
  private let places: TamperPlaces
  private let seed: UInt64
  private let known: Set<Finding>
  private let original: [String: [[DatabaseValue]]]
  private static let lanes = 2

  init(seed: UInt64) throws {
    self.seed = seed
    folders = try TemporaryFolder()
    let path = folders.path("0")
    try Sample.filled(path)
    database = try Files.read(path + "/store.sqlite")
    baseline = try Sample.open(path, readOnly: true).audit()
    known = Set(baseline.findings)
    places = try TamperPlaces(path)
    (tables, original) = try Attack.database(path) { db in
      let tables = try String.fetchAll(
        db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      let rows = try tables.map { ($0, try Self.rows(of: $0, db)) }
      return (tables, Dictionary(uniqueKeysWithValues: rows))
    }
    try Files.restore(database, in: path)
    for lane in 1..<Self.lanes { try Files.copy(path, to: folders.path("\(lane)")) }
  }

  func count(_ table: String) throws -> Int { original[table]?.count ?? 0 }

  private static func rows(of table: String, _ db: Database) throws -> [[DatabaseValue]] {
    try Row.fetchAll(db, sql: "SELECT * FROM \"\(table)\"").map { Array($0.databaseValues) }
  }

  private func rows(of table: String, in path: String) throws -> [[DatabaseValue]] {
    try Attack.database(path) { try Self.rows(of: table, $0) }
  }

  func attack(_ table: String) throws -> [(result: Outcome, text: String)] {
    try Files.restore(database, in: folders.path("0"))
    let plan = try Attack.database(folders.path("0")) { db in
      var plan = try TamperPlan(db, table: table, seed: seed)
      return plan.all()
    }
    return try run(plan)
  }

  /// Runs the attacks, each on a fresh copy.
  func run(_ plan: [Tampering]) throws -> [(result: Outcome, text: String)] {
    nonisolated(unsafe) let plan = plan
    let state = Mutex<(next: Int, outcomes: [Int: (Outcome, String)], failure: (any Error)?)>((0, [:], nil))
    DispatchQueue.concurrentPerform(iterations: Self.lanes) { lane in
      while true {
        let index = state.withLock { state -> Int? in
          guard state.failure == nil, state.next < plan.count else { return nil }
          state.next += 1
          return state.next - 1
        }
        guard let index else { return }
        do {
          let outcome = try outcome(of: plan[index], in: folders.path("\(lane)"))
          state.withLock { $0.outcomes[index] = outcome }
        } catch {
          state.withLock { $0.failure = error }
        }
      }
    }
    let (outcomes, failure) = state.withLock { ($0.outcomes, $0.failure) }
    if let failure { throw failure }
    return plan.indices.compactMap { outcomes[$0] }
  }

  private func outcome(of tampering: Tampering, in path: String) throws -> (Outcome, String) {
    try Files.restore(database, in: path)
    if ProcessInfo.processInfo.environment["DOSSIER_TAMPER_TRACE"] != nil {
      FileHandle.standardError.write(Data((tampering.name + "\n").utf8))
    }
    do {
      try Attack.database(path) { db in
        try Attack.withoutTriggers(db) {
          try db.inTransaction {
            try tampering.apply(db)
            return .commit
          }
        }
      }
    } catch is DatabaseError {
      return (.refusedBySQLite, tampering.name)
    }
    let report: AuditReport
    do { report = try Sample.open(path, readOnly: true).audit() } catch let refusal as TrackerRefusal {
      let isExcepted = TamperPlaces.exceptions.contains {
        $0.table == tampering.table && $0.places.contains("opening")
      }
      return (
        isExcepted || places.isNamed(refusal.finding, tampering) ? .noticed : .unlocated,
        "\(tampering.name): refused \(refusal.finding)"
      )
    }
    let new = report.findings.filter { !known.contains($0) && $0.severity == .error }
    if new.isEmpty || report.verdict == .intact || report.verdict == .unchecked {
      // SQLite turns a value into what the column holds: '7' is 7 again.
      if try rows(of: tampering.table, in: path) == original[tampering.table] {
        return (.refusedBySQLite, tampering.name)
      }
      return (.silent, "\(tampering.name): \(report.verdict) \(new.count)")
    }
    let isLocated = new.contains { finding in
      places.isNamed(finding, tampering)
        || TamperPlaces.exceptions.contains { exception in
          guard exception.table == tampering.table else { return false }
          // An empty set of columns: changes of whole rows only.
          if let columns = exception.columns, !(tampering.column.map(columns.contains) ?? true) {
            return false
          }
          return exception.places.contains { place in
            finding.path == place || finding.detail?.contains(place) == true
              || place.hasSuffix("/") && finding.path?.hasPrefix(place) == true
          }
        }
    }
    let summary = new.prefix(4).map {
      "\($0.code.rawValue) path \($0.path?.split(separator: "/").suffix(2).joined(separator: "/") ?? "-") item \($0.item ?? "-") detail \($0.detail ?? "-")"
    }
    return (isLocated ? .noticed : .unlocated, "\(tampering.name): \(summary.joined(separator: "; "))")
  }
}
