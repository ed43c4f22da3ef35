import DossierTracker
import Foundation
import HTTPTypes
import Testing

@testable import DossierStation

@Suite struct AuditPageTests {
  /// Asks for an audit and waits until it has run; the answer comes after some time also while it still runs.
  private func run(_ station: StationFixture, by code: String = "GDV01") async throws -> StationFixture.Answer
  {
    let answer = try await station.send(.post, "/audit", as: .auditor, code: code)
    try await hasRun(station)
    return answer
  }

  private func hasRun(_ station: StationFixture) async throws {
    for _ in 0..<6000 {
      guard try await station.send(.get, "/audit.json", as: .auditor).status == .serviceUnavailable else {
        return
      }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  @Test func anAuditRunsOnRequestAndIsKept() async throws {
    let station = try StationFixture()
    let before = try await station.send(.get, "/audit", as: .auditor)
    #expect(before.text.contains("Kiểm tra ngay") && !before.text.contains("class=\"verdict"))
    #expect(try await station.send(.get, "/audit.json", as: .auditor).status == .notFound)
    let same = try station.services.work.tracker.audit().json(.vi).text(pretty: true) + "\n"
    let answer = try await run(station, by: "KT002")
    #expect(answer.status == .seeOther && answer.headers[.location] == "/audit")
    let after = try await station.send(.get, "/audit", as: .shiftLead).text
    #expect(after.contains("verdict intact") && after.contains("NGUYÊN VẸN") && after.contains("KT002"))
    #expect(!after.contains("chưa kiểm.</strong>"), "its own event is nothing that came since")
    #expect(after.contains("Chưa kiểm") && after.contains("khai báo sau hơn 72 giờ"))
    let twin = try await station.send(.get, "/audit.json", as: .auditor)
    #expect(twin.text == same)
  }

  /// What the log has of audits, oldest first.
  private func recorded(_ station: StationFixture) throws -> [EventRecord] {
    try station.services.work.tracker.events(limit: 100_000).filter { $0.reason == "audited" }
  }

  private func ended(_ desk: AuditDesk) async throws {
    while await desk.runningSince != nil { try await Task.sleep(for: .milliseconds(5)) }
  }

  @Test func aRunIsOneEventThatNamesWhoBeganItAndTheVerdict() async throws {
    let station = try StationFixture()
    let gate = DispatchSemaphore(value: 0)
    let desk = AuditDesk(
      work: station.services.work, live: station.services.live, now: station.services.environment.now
    ) { tracker, progress in
      gate.wait()
      return try tracker.audit(progress: progress)
    }
    let size = try station.services.work.tracker.head().size
    for code in ["KT001", "KT002", "KT003"] {
      await desk.begin(by: SignOffTests.visitor(code, "590230", .auditor))
    }
    #expect(try recorded(station).isEmpty, "nothing is known yet")
    gate.signal()
    try await ended(desk)
    let event = try #require(try recorded(station).first)
    #expect(try recorded(station).count == 1)
    #expect(event.kind == .accessRecorded && event.operatorCode == "KT001" && event.office == "590230")
    let report = try #require(await desk.latest?.report)
    #expect(event.details.reference?.hasPrefix("intact/contradiction:0/gap:0/remark:") == true)
    #expect(event.details.count == report.findings.count && event.details.events == Int(size))
    // The next run is the next event, and finds nothing wrong with the first.
    gate.signal()
    await desk.begin(by: SignOffTests.visitor("KT002", "590230", .auditor))
    try await ended(desk)
    #expect(try recorded(station).compactMap(\.operatorCode) == ["KT001", "KT002"])
    #expect(await desk.latest?.report.verdict == .intact)
  }

  @Test func aRunThatFailsIsRecordedToo() async throws {
    let station = try StationFixture(isFilled: false)
    let desk = AuditDesk(
      work: station.services.work, live: station.services.live, now: station.services.environment.now
    ) { _, _ in throw TrackerRefusal(Finding(.databaseDamaged)) }
    await desk.begin(by: SignOffTests.visitor("KT001", "H48.25", .auditor))
    try await ended(desk)
    let code = FindingCode.databaseDamaged
    #expect(try recorded(station).map(\.details.reference) == ["failed/\(code.rawValue)"])
    #expect(await desk.failure?.code == code)
    #expect(await desk.latest == nil)
  }

  @Test func aVerdictThatTheLogCannotTakeIsShownWithWhy() async throws {
    let station = try StationFixture(isFilled: false)
    _ = try await station.secret("GDV01", .auditor)
    let frozen = station.folder + "/keys/frozen"
    #expect(FileManager.default.createFile(atPath: frozen, contents: Data()))
    #expect(try await run(station).status == .seeOther)
    let page = try await station.send(.get, "/audit?lang=en", as: .auditor).text
    #expect(page.contains("class=\"verdict") && page.contains(FindingCode.logFrozen.rawValue))
    let told = try await station.send(.get, "/v1/audit", as: .auditor).json()
    #expect(told["state"] as? String == "done" && told["report"] is [String: Any])
    #expect(told["unrecorded"] as? String == FindingCode.logFrozen.rawValue)
    #expect(try recorded(station).isEmpty)
  }

  @Test func onlyWhoeverMayAuditsBegins() async throws {
    let station = try StationFixture(isFilled: false)
    #expect(try await station.send(.post, "/audit").status == .unauthorized)
    for role in Role.allCases where !role.permissions.contains(.audit) {
      #expect(try await station.send(.post, "/audit", as: role).status == .forbidden)
    }
  }

  @Test func manyWhoAskAtOnceGetOneRun() async throws {
    let station = try StationFixture()
    _ = try await station.secret("GDV01", .auditor)
    try await withThrowingTaskGroup(of: HTTPResponse.Status.self) { group in
      for _ in 0..<20 { group.addTask { try await station.send(.post, "/audit", as: .auditor).status } }
      for try await status in group { #expect(status == .seeOther) }
    }
    try await hasRun(station)
    #expect(try await station.send(.get, "/audit.json", as: .auditor).status == .ok)
  }

  @Test func duringTheFirstRunTheTwinSaysThatItRuns() async throws {
    let station = try StationFixture()
    _ = try await station.secret("GDV01", .auditor)
    // Whatever takes long waits until the gate is open.
    let gate = DispatchSemaphore(value: 0)
    let work = station.services.work
    let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
    let guards = (0..<2).map { _ in
      Task {
        try await work.lengthily { _ in
          arrival.yield()
          gate.wait()
        }
      }
    }
    defer { for _ in guards { gate.signal() } }
    var arrived = arrivals.makeAsyncIterator()
    for _ in guards { await arrived.next() }
    let run = Task { try await station.send(.post, "/audit", as: .auditor).status }
    var page = ""
    for _ in 0..<6000 where !page.contains("Đang kiểm") {
      try await Task.sleep(for: .milliseconds(20))
      page = try await station.send(.get, "/audit", as: .auditor).text
    }
    #expect(page.contains("Đang kiểm"))
    let twin = try await station.send(.get, "/audit.json", as: .auditor)
    #expect(twin.status == .serviceUnavailable && twin.headers[.retryAfter] == "5")
    #expect(try twin.json()["code"] as? String == "D-7093")
    for _ in guards { gate.signal() }
    #expect(try await run.value == .seeOther)
    try await hasRun(station)
    #expect(try await station.send(.get, "/audit.json", as: .auditor).status == .ok)
  }

  @Test func aResultSaysWhenTheLogHasGrown() async throws {
    let station = try StationFixture()
    _ = try await run(station)
    let recorded = try await station.services.work { tracker in
      try tracker.record(EventRequest(.surplus, item: "RM473981177VN"))
    }
    #expect(recorded.event != nil)
    #expect(try await station.send(.get, "/audit?lang=en", as: .auditor).text.contains("1 events since then"))
  }

  /// Nothing that was not vouched for is ever green.
  @Test(arguments: [
    (true, [Finding](), "intact"), (false, [], "unchecked"),
    (true, [Finding(.noAcceptance, item: "X")], "gap"), (false, [Finding(.noAcceptance)], "gap"),
    (true, [Finding(.acceptedTwice), Finding(.noAcceptance)], "contradiction"),
  ]) func fourVerdicts(isSigned: Bool, findings: [Finding], name: String) throws {
    let report = AuditReport(
      head: LogHead(size: 0, root: MerkleHash.emptyRoot), checked: [], unchecked: [], findings: findings,
      findingsLeftOut: 0, isSigned: isSigned)
    let content = AuditContent(report: report, wording: Wording(.en)).content()
    #expect(content["verdictClass"] as? String == name)
    #expect((content["verdictShape"] as? String == "✓") == (name == "intact"))
  }

  @Test func oneItemIsAuditedAtOnce() async throws {
    let station = try StationFixture()
    let page = try await station.send(.get, "/audit?item=rm473126705vn", as: .auditor)
    #expect(page.text.contains("dossier audit --item RM473126705VN") && page.text.contains("class=\"verdict"))
    #expect(try await station.send(.get, "/audit?item=RM999999999VN", as: .auditor).status == .notFound)
    let long = String(repeating: "9", count: 4_000)
    #expect(try await station.send(.get, "/audit?item=\(long)", as: .auditor).status == .notFound)
  }
}
