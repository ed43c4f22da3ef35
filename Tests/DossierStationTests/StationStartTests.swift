import DossierTracker
import Foundation
import Testing

@testable import DossierStation

/// One station a store, and the same people after its store was put back from a backup.
@Suite struct StationStartTests {
  private func start(_ folder: String) throws -> Station {
    try Station(StationOptions(data: folder, program: "/bin/false"), environment: TestClock().environment)
  }

  @Test func aSecondStationOnAStoreIsRefusedUntilTheFirstIsGone() async throws {
    let fixture = try StationFixture(isFilled: false)
    _ = try await fixture.secret("GDV01", .clerk)
    let sessions = URL(fileURLWithPath: fixture.folder + "/station/sessions.json")
    let upload = fixture.folder + "/station/uploads/kept.xml"
    var first: Station? = try start(fixture.folder)
    let before = try Data(contentsOf: sessions)
    try FileManager.default.createDirectory(
      atPath: fixture.folder + "/station/uploads", withIntermediateDirectories: true)
    try Data("<a/>".utf8).write(to: URL(fileURLWithPath: upload))
    for _ in 0..<2 {
      do {
        _ = try start(fixture.folder)
        Issue.record("two stations on one store")
      } catch let refusal as TrackerRefusal {
        #expect(refusal.finding.code == .stationRunning)
        #expect(refusal.finding.path == fixture.folder + "/station/serving")
        #expect(refusal.finding.detail == "pid \(ProcessInfo.processInfo.processIdentifier)")
      }
    }
    // What the first one has is untouched.
    #expect(try Data(contentsOf: sessions) == before)
    #expect(FileManager.default.fileExists(atPath: upload))
    withExtendedLifetime(first) {}
    first = nil
    #expect(throws: Never.self) { _ = try start(fixture.folder) }
    // What a killed station noted is no lock.
    try Data("1\n".utf8).write(to: URL(fileURLWithPath: fixture.folder + "/station/serving.lock"))
    #expect(throws: Never.self) { _ = try start(fixture.folder) }
  }

  /// What it noted of itself may be anything: it is told only when it is a number.
  @Test func aNoteThatIsNoNumberIsNotTold() throws {
    let fixture = try StationFixture(isFilled: false)
    let first = try start(fixture.folder)
    try withExtendedLifetime(first) {
      let handle = try #require(FileHandle(forWritingAtPath: fixture.folder + "/station/serving.lock"))
      try handle.write(contentsOf: Data("x\u{1B}[31m".utf8))
      try handle.close()
      do {
        _ = try start(fixture.folder)
        Issue.record("two stations on one store")
      } catch let refusal as TrackerRefusal {
        #expect(refusal.finding.code == .stationRunning && refusal.finding.detail == nil)
      }
    }
  }

  @Test func everybodySignsInAgainAfterARestore() async throws {
    let fixture = try StationFixture(isFilled: false)
    let secret = try await fixture.secret("GDV01", .clerk)
    let issued = try fixture.services.people.register.addToken(
      code: "GDV01", label: "x", scopes: [.scan], days: 1, by: .init(fixture.services.work.tracker))
    let copy = fixture.folder + "-copy"
    let folder = fixture.folder + "-restored"
    defer {
      for path in [copy, copy + ".txt", copy + ".people.json", folder] {
        try? FileManager.default.removeItem(atPath: path)
      }
    }
    let backup = try Tracker(opening: fixture.folder, readOnly: true).backup(to: copy)
    #expect(backup.record.companions.keys.sorted { $0.rawValue < $1.rawValue } == [.people])
    let restored = try Tracker.restore(copy, to: folder, keys: fixture.folder + "/keys")
    #expect(restored.companions == [.people])

    let station = try start(folder)
    let people = station.services.people
    #expect(try await people.confirm(code: "GDV01", pin: StationFixture.pin).code == "GDV01")
    let accounts = try PeopleRegister(data: fixture.folder).accounts()
    #expect(try PeopleRegister(data: folder).accounts() == accounts)
    #expect(issued.token != nil)
    try people.current { state in
      #expect(state.content.tokens.count == 1)
      // The session did not come along.
      #expect(!state.memory.sessions.contains { $0.hash == PeopleRegister.fingerprint(secret) })
    }
  }
}
