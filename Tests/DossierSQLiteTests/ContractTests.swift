import DossierCore
import DossierSQLite
import DossierTesting
import Foundation
import Testing

/// A folder that is removed when the last store in it is gone.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "dossier-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String = "store.sqlite") -> String { path + "/" + name }
}

func newStore(
  _ folder: TemporaryFolder, name: String = "store.sqlite", salts: @escaping @Sendable (Int) throws -> [UInt8]
) throws -> SQLiteStore {
  try SQLiteStore.create(
    path: folder.file(name), origin: "example.vn/dossiers", office: TestValues.offices[0],
    at: TestValues.start, options: SQLiteStore.Options(randomness: salts))
}

func referenceStore(salts: @escaping @Sendable (Int) throws -> [UInt8]) throws -> InMemoryStore {
  try InMemoryStore(office: TestValues.offices[0], at: TestValues.start, randomness: salts)
}

@Suite struct ContractTests {
  @Test(arguments: StoreContract.cases)
  func referenceKeeps(contract: StoreContract.Case) throws {
    try contract.run(StoreContract.Bench { try referenceStore(salts: TestSalts.seeded(1)) })
  }

  @Test(arguments: StoreContract.cases)
  func sqliteKeeps(contract: StoreContract.Case) throws {
    let folder = try TemporaryFolder()
    try contract.run(
      StoreContract.Bench {
        try newStore(folder, name: UUID().uuidString, salts: TestSalts.seeded(1))
      })
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func sqliteAnswersAsTheReference(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let store = try newStore(folder, salts: TestSalts.seeded(seed))
    try StoreDifferential.run(
      seed: seed, count: 60, reference: referenceStore(salts: TestSalts.seeded(seed)), store: store)
    // The audit works everything out once more, its own way. What it may find is what people did.
    let report = try StoreAudit(threads: 1).run(store, marks: [], isSigned: false)
    let damage = report.findings.filter { $0.code.rawValue >= "D-3" }
    #expect(damage == [], "seed \(seed)")
  }

  @Test(arguments: [501] as [UInt64])
  func faultsLeaveNothingHalfWritten(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    _ = try newStore(folder, salts: TestSalts.constant())
    let faults = try FaultContract.run(
      seed: seed, reference: referenceStore(salts: TestSalts.constant())
    ) { plan in
      try SQLiteStore(
        path: folder.file(),
        options: SQLiteStore.Options(randomness: TestSalts.constant(), fault: plan.fault))
    }
    #expect(faults > 50, "too few places where a write was broken: \(faults)")
  }
}
