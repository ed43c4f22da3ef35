import CustodyLog
import DossierCore
import DossierSQLite
import DossierTesting
import Testing

@testable import DossierTracker

@Suite struct AccessRecordingTests {
  @Test func eventsAboutTheUseOfTheStationFormAChainOfTheirOwn() throws {
    let folder = try TemporaryFolder()
    let tracker = try Sample.create(folder.path("store"))
    for number in 0..<70 {
      try tracker.recordAccess(
        "signIn", by: "GDV\(number % 3)", office: number % 2 == 0 ? "590100" : nil,
        reference: "BK-1/\(number)",
        document: MerkleHash.sha256([UInt8(number)]))
      if number % 10 == 0 { _ = try tracker.store.recordMap(recordedAt: Sample.now) }
    }
    let events = try tracker.events(from: 0, limit: 1_000).filter { $0.kind == .accessRecorded }
    #expect(events.map(\.identifier) == (0..<70).map { "access+\($0)" })
    #expect(events.map(\.sequence) == (0..<70).map(Int64.init))
    for (event, next) in zip(events, events.dropFirst()) {
      #expect(next.previous == MerkleHash.leaf(try event.leaf()))
    }
    #expect(events[0].previous == nil && events[1].office == tracker.office && events[2].office == "590100")
    #expect(events[69].operatorCode == "GDV0" && events[69].item == nil && events[69].manifest == nil)
    #expect(try tracker.audit().findings == [])
  }

  @Test func anAuditIsRecordedWithItsVerdictAndCounts() throws {
    let folder = try TemporaryFolder()
    let tracker = try Sample.create(folder.path("store"))
    let many = [Finding](repeating: Finding(.acceptedTwice), count: 1_000_001)
    let report = AuditReport(
      head: LogHead(size: 7, root: MerkleHash.emptyRoot), checked: [], unchecked: [],
      findings: many + [Finding(.noAcceptance)], findingsLeftOut: 3, isSigned: true)
    try tracker.recordAudit("audited", verdict: report, by: "KT001", office: "H48.25")
    let event = try #require(try tracker.events(limit: 100).last)
    #expect(event.details.reference == "contradiction/contradiction:999999/gap:1/remark:0")
    #expect(event.details.events == 7 && event.details.count == 1_000_005)
    #expect(event.reason == "audited" && event.operatorCode == "KT001")
    #expect(try tracker.audit().findings == [])
    #expect(throws: TrackerRefusal.self) {
      try tracker.recordAudit("audited", verdict: report, by: "Phan Kim Nhung")
    }
  }

  @Test func whatIsNoCodeDoesNotReachTheLog() throws {
    let folder = try TemporaryFolder()
    let tracker = try Sample.create(folder.path("store"))
    let before = try tracker.head()
    for (what, code, office, reference) in [
      ("sign in", "GDV01", "H48.25", "x"), ("signIn", "Nguyễn Văn An", "H48.25", "x"),
      ("signIn", "GDV01", "../..", "x"), ("signIn", "GDV01", "H48.25", "Nguyễn"),
      ("", "GDV01", "H48.25", "x"),
    ] {
      #expect(throws: TrackerRefusal.self) {
        try tracker.recordAccess(what, by: code, office: office, reference: reference)
      }
    }
    #expect(try tracker.head() == before)
  }
}
