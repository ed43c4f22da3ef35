import DossierTracker
import Foundation
import HTTPTypes
import Testing

@testable import DossierStation

@Suite struct SessionTests {
  private static func cookie(_ secret: String) -> HTTPFields { [.cookie: "dossier=\(secret)"] }

  @Test func aSessionLocksItselfAndThePINOpensIt() async throws {
    let clock = TestClock()
    let station = try StationFixture(isFilled: false, environment: clock.environment)
    _ = try await station.secret("GDV01", .clerk)
    clock.advance(minutes: 4)
    #expect(try await station.send(.get, "/shift", as: .clerk).status == .ok)
    clock.advance(minutes: 4)
    // A page that follows the log keeps nobody's session awake.
    let background = try #require(HTTPField.Name("Dossier-Background"))
    #expect(try await station.send(.get, "/shift", as: .clerk, headers: [background: "1"]).status == .ok)
    clock.advance(minutes: 1, seconds: 1)
    let locked = try await station.send(.get, "/shift", as: .clerk)
    #expect(locked.status == .unauthorized && locked.code == "D-7031")
    let page = try await station.send(.get, "/shift", as: .clerk, headers: [.accept: "text/html"])
    #expect(page.headers[.location] == "/unlock?next=/shift")
    let wrong = try await station.send(.post, "/v1/session/unlock", as: .clerk, body: #"{"pin":"000000"}"#)
    #expect(wrong.status == .forbidden && wrong.code == "D-7030")
    #expect(try await station.send(.get, "/shift", as: .clerk).status == .unauthorized)
    for body in ["{}", "[]", #"{"pin":135790}"#, "{", "{" + String(repeating: " ", count: 9000)] {
      let answer = try await station.send(.post, "/v1/session/unlock", as: .clerk, body: body)
      #expect([.badRequest, .contentTooLarge].contains(answer.status))
    }
    let right = try await station.send(.post, "/v1/session/unlock", as: .clerk, body: #"{"pin":"135790"}"#)
    let state = try right.json()
    #expect(right.status == .ok && state["locked"] as? Bool == false)
    #expect(try await station.send(.get, "/shift", as: .clerk).status == .ok)
  }

  @Test func fiveWrongPINsEndTheSession() async throws {
    let station = try StationFixture(isFilled: false)
    let secret = try await station.secret("GDV01", .clerk)
    _ = try await station.send(.post, "/lock", as: .clerk)
    for attempt in 1...5 {
      let answer = try await station.send(.post, "/v1/session/unlock", as: .clerk, body: #"{"pin":"999999"}"#)
      #expect(answer.status == (attempt < 5 ? .forbidden : .unauthorized))
    }
    let after = try await station.send(.get, "/v1/session", headers: Self.cookie(secret))
    #expect(after.status == .unauthorized && after.code == "D-7001")
    // The right PIN waits too now: at the counter as at a signature.
    await #expect { _ = try await station.services.people.confirm(code: "GDV01", pin: "135790") } throws: {
      ($0 as? Problem)?.status == .tooManyRequests
    }
    #expect(try await station.accesses() == ["lockOut"])
  }

  @Test func aSessionEndsAfterTwelveHoursWhateverIsDone() async throws {
    let clock = TestClock()
    let station = try StationFixture(isFilled: false, environment: clock.environment)
    let secret = try await station.secret("GDV01", .clerk)
    for _ in 0..<(12 * 15 - 1) {
      clock.advance(minutes: 4)
      #expect(try await station.send(.get, "/v1/session", headers: Self.cookie(secret)).status == .ok)
    }
    clock.advance(minutes: 4)
    let ended = try await station.send(.get, "/v1/session", headers: Self.cookie(secret))
    #expect(ended.status == .unauthorized && ended.code == "D-7001")
  }

  @Test func aRestartSignsNobodyOutAndUnlocksNothing() async throws {
    let station = try StationFixture(isFilled: false)
    let open = try await station.secret("GDV01", .clerk)
    let locked = try await station.secret("GDV02", .clerk)
    _ = try await station.send(.post, "/lock", as: .clerk, code: "GDV02")
    let restarted = try station.another()
    func standing(_ secret: String) throws -> Standing {
      try restarted.services.people.current { state in
        let hash = PeopleRegister.fingerprint(secret)
        let session = try #require(state.memory.sessions.first { $0.hash == hash })
        let visitor = Visitor(try #require(state.content.account(session.code)), .session(session.id))
        return session.isLocked ? .locked(visitor) : .present(visitor)
      }
    }
    #expect(try standing(open).known?.code == "GDV01")
    if case .locked = try standing(locked) {} else { Issue.record("unlocked by a restart") }
  }

  @Test func anAccountThatIsDisabledIsOutAtOnceAndItsSessionsStayEnded() async throws {
    let station = try StationFixture(isFilled: false)
    let secret = try await station.secret("GDV01", .clerk)
    #expect(try await station.send(.get, "/v1/session", headers: Self.cookie(secret)).status == .ok)
    // A second browser, which asks for nothing while the account is disabled.
    let account = try #require(try station.services.people.current { $0.content.account("GDV01") })
    let idle = try await station.services.people.begin(account, insteadOf: nil).secret
    #expect(try await station.send(.get, "/v1/session", headers: Self.cookie(idle)).status == .ok)
    let tracker = try Tracker(opening: station.folder)
    // As another process does it.
    let register = PeopleRegister(data: station.folder)
    try register.setDisabled(true, code: "GDV01", by: .init(tracker))
    #expect(try await station.send(.get, "/v1/session", headers: Self.cookie(secret)).status == .unauthorized)
    await #expect(throws: Problem.self) {
      _ = try await station.services.people.confirm(code: "GDV01", pin: StationFixture.pin)
    }
    try register.setDisabled(false, code: "GDV01", by: .init(tracker))
    #expect(try await station.send(.get, "/v1/session", headers: Self.cookie(secret)).status == .unauthorized)
    #expect(try await station.send(.get, "/v1/session", headers: Self.cookie(idle)).status == .unauthorized)
    #expect(try await station.signIn("GDV01").status == .seeOther)
  }

  @Test func aShiftIsOpenedAndClosedOnceAndSaysWhatStaysOpen() async throws {
    let station = try StationFixture()
    for _ in 0..<2 { #expect(try await station.send(.post, "/shift/open", as: .clerk).status == .seeOther) }
    let page = try await station.send(.get, "/shift", as: .clerk)
    #expect(page.text.contains("Ca của bạn mở từ"))
    let open = try Tracker(opening: station.folder, readOnly: true).openManifests(
      receiver: "H48.25", limit: 50)
    #expect(!open.isEmpty && open.allSatisfy { $0.receiver == "H48.25" && $0.closedEvent == nil })
    for manifest in open { #expect(page.text.contains(manifest.number)) }
    for _ in 0..<2 { #expect(try await station.send(.post, "/shift/close", as: .clerk).status == .seeOther) }
    let events = try Tracker(opening: station.folder, readOnly: true).events(from: 0, limit: 100_000)
      .filter { $0.kind == .accessRecorded }
    #expect(events.map(\.reason) == ["shiftOpened", "shiftClosed"])
    #expect(events.last?.details.reference == "open:\(open.count)" && events.last?.operatorCode == "GDV01")
    #expect(
      try await station.send(.post, "/shift/open", as: .administrator, code: "QT01").status == .forbidden)
  }

  @Test func scansOfAColleagueAreTakenAndTheLogSaysWhoSentThem() async throws {
    let station = try StationFixture(isFilled: false)
    let people = station.services.people
    for code in ["GDV01", "GDV02"] { try station.person(code, .clerk) }
    let account = try #require(try people.current { $0.content.account("GDV01") })
    let visitor = Visitor(account, .session("x"))
    try await people.requireClerks(["GDV01"], sentBy: visitor)
    #expect(try await station.accesses() == [])
    for _ in 0..<3 { try await people.requireClerks(["GDV01", "GDV02"], sentBy: visitor) }
    #expect(try await station.accesses() == ["handedIn"])
    for (clerk, means) in [
      ("NOBODY", Visitor.Means.session("x")), ("gdv02", .session("x")), ("GDV02", .token("t")),
    ] {
      await #expect(throws: Problem.self) {
        try await people.requireClerks([clerk], sentBy: Visitor(account, means))
      }
    }
  }
}
