import DossierTesting
import Foundation
import Testing

@testable import DossierReport
@testable import DossierTracker

/// The reports on custody and fees and the reconciliation, from a store filled with the sample province.
@Suite struct CustodyReportingTests {
  private func json(_ document: ReportDocument) throws -> [String: Any] {
    let bytes = try document.render(.json)
    return try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  }

  private func custody(_ tracker: Tracker, _ basis: ReportBasis) throws -> ReportDocument {
    try tracker.custody(at: basis).document(
      language: .vi, limit: 20, heading: basis.heading,
      note: ReportNote(log: basis.logHead, knownAt: basis.knownAt, command: "report custody"))
  }

  private func fees(_ tracker: Tracker, _ basis: ReportBasis) throws -> ReportDocument {
    try tracker.fees(at: basis).document(language: .vi, limit: 20, note: ReportNote(command: "report fees"))
  }

  private func reconciled(_ tracker: Tracker, _ basis: ReportBasis) throws -> ReconciliationReport {
    let name = "onestop/H48.24-202601.csv"
    return try tracker.reconcile(try Files.read(Repository.sample(name)), name: name, at: basis)
  }

  @Test func theSampleProvinceShowsItsStory() throws {
    let folder = try TemporaryFolder()
    let tracker = try Sample.create(folder.path("store"))
    try Sample.importOffices(tracker)
    _ = try Sample.importAll(tracker)
    _ = try Sample.receive(tracker, Sample.session, close: true)
    let basis = try tracker.basis()

    let custody = try tracker.custody(at: basis)
    // One manifest that nobody ever answered, and what is short of the one that was scanned.
    #expect(custody.routes.map(\.from).contains("590820"))
    #expect(custody.handOvers.allSatisfy { $0.isOverdue })
    let missing = try #require(custody.discrepancies.first)
    #expect(missing.opened == missing.closedTotal + missing.open && missing.closed[.declaredLost] == 2)
    #expect(custody.seals.total.applied == 15 && custody.seals.total.opened == 3)
    #expect(custody.signers.closings == 1)
    // Declared feeds prove nothing.
    #expect(custody.totalTime.declared > 0 && custody.time.first { $0.office == "590820" }?.time.proven == 0)

    let fees = try tracker.fees(at: basis)
    #expect(fees.total.items > 0 && fees.total.collectingCloses && fees.total.remittingCloses)
    #expect(try tracker.fees(at: basis, by: .item).total == fees.total)

    let counts = try #require(
      json(reconciled(tracker, basis).document(language: .en, limit: nil, note: ReportNote(command: "c")))[
        "counts"]
        as? [String: Int])
    #expect(
      counts == [
        "lines": 20, "unreadable": 1, "duplicates": 1, "outside": 0, "notByPost": 4, "matched": 13,
        "agreeing": 9, "deliveredNotTicked": 1, "tickedNotDelivered": 1, "tickedLate": 1, "statusDiffers": 1,
        "onlyInSoftware": 1, "onlyInCustody": 1, "foreign": 0, "erased": 0,
      ])
  }

  @Test func aReportAsOfASizeStaysTheSameWhileTheLogGrows() throws {
    let folder = try TemporaryFolder()
    let tracker = try Sample.create(folder.path("store"))
    try Sample.importOffices(tracker)
    _ = try Sample.importAll(tracker)
    let size = try tracker.head().size
    let before = try tracker.basis()
    func all(_ basis: ReportBasis) throws -> [[UInt8]] {
      [
        try custody(tracker, basis).render(.json), try fees(tracker, basis).render(.json),
        try reconciled(tracker, basis).document(language: .vi, limit: 9, note: ReportNote(command: "c"))
          .render(.json),
      ]
    }
    let first = try all(before)
    // Events, a closing with two signers, an office that changes its kind, and a manifest.
    _ = try Sample.receive(tracker, Sample.cleanSession, close: true)
    _ = try Sample.receive(tracker, Sample.session, close: true)
    _ = try tracker.record(offices: [Office(code: "590820", name: "Khác", kind: .agency)])
    #expect(try tracker.head().size > size)
    #expect(try all(tracker.basis(asOf: .size(size))) == first)
    #expect(try all(tracker.basis()) != first)
    #expect(try tracker.custody(at: tracker.basis(asOf: .size(0))).seals.total.manifests == 0)
  }

  @Test func tablesThatAreNoExportAreRefused() throws {
    let folder = try TemporaryFolder()
    let tracker = try Sample.create(folder.path("store"))
    let basis = try tracker.basis()
    for bytes in ["a;b\n1;2\n", "", "Họ tên\nNguyễn Văn A\n"] {
      #expect(throws: TrackerRefusal.self) {
        _ = try tracker.reconcile(Array(bytes.utf8), name: "x.csv", at: basis)
      }
    }
    let file = "Mã hồ sơ,Trạng thái\r\nH48.24-260105-0001,4\r\n"
    let report = try tracker.reconcile(Array(file.utf8), name: "x.csv", at: basis)
    #expect(report.hasDifferences && report.result.differences[.onlyInSoftware]?.count == 1)
  }
}
