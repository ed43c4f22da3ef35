import CustodyLog
import DossierCore
import DossierTesting
import Foundation
import GRDB
import Testing

@testable import DossierSQLite

/// Carrying an order out breaks at every write in turn: all of it is done, or nothing.
@Suite struct ErasureFaultTests {
  @Test func anErasureIsWholeOrNotAtAll() throws {
    let folder = try TemporaryFolder()
    let plan = FaultPlan()
    let store = try SQLiteStore.create(
      path: folder.file(), origin: "example.vn/dossiers", office: TestValues.offices[0], at: TestValues.start,
      options: SQLiteStore.Options(randomness: TestSalts.seeded(3), fault: plan.fault))
    let item = TestItem(
      TestValues.s10(1), sender: TestContact(name: "Nguyễn Văn A"),
      dossiers: [TestDossier("HS/1", applicant: "Nguyễn Văn A"), TestDossier("H12.34-250301-0001")])
    for number in ["BK-1", "BK-2"] {
      let manifest = TestManifest(number, from: "BC1", to: "TTHCC", at: TestValues.at(day: 3), items: [item])
      _ = try store.record(ArrayDocumentSource(manifest), recordedAt: TestValues.start, dryRun: false)
    }
    let order = try #require(
      try store.orderErasure(
        [(.item(item.number), [.sender, .applicant, .code])], basis: "subject_request", by: "A", note: nil,
        recordedAt: TestValues.start
      ).first?.order)
    func content() throws -> [Row] {
      let columns = [
        "event, secrets FROM content", "id, code FROM dossier", "manifest, bytes FROM document_part",
        "* FROM erasure", "* FROM erasing", "* FROM scrub", "* FROM dossier_twin", "size FROM log_state",
      ]
      return try store.queue.read { db in
        var rows: [Row] = []
        for text in columns { rows += try Row.fetchAll(db, sql: "SELECT \(text)") }
        return rows
      }
    }
    let before = try content()
    var call = 1
    while true {
      plan.arm(failingAt: call)
      do {
        let outcome = try store.carryOutErasure(order: order, by: "B", recordedAt: TestValues.start)
        guard case .done(let records) = outcome else {
          Issue.record("\(outcome)")
          return
        }
        #expect(records.count == 4)
        break
      } catch is FaultPlan.Injected {
        #expect(try content() == before, "broken at write \(call)")
        call += 1
      }
    }
    plan.arm(failingAt: nil)
    #expect(call > 20)
    #expect(try store.isScrubDue())
    try store.scrub()
    #expect(try store.isScrubDue() == false)
    let report = try StoreAudit(threads: 1).run(store, marks: [], isSigned: false)
    #expect(report.findings.filter { $0.code.rawValue >= "D-3" }.map(\.code) == [.disclosureErased])
    let facts = try store.lossCounts(LossQuery(unit: .dossier, by: []))
    #expect(facts.first?.counts.entrusted == 2)
  }
}
