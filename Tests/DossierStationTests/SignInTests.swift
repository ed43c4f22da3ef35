import DossierTracker
import Foundation
import HTTPTypes
import Synchronization
import Testing

@testable import DossierStation

extension StationFixture {
  func signIn(
    _ code: String, _ password: String = StationFixture.password, next: String = "/",
    headers: HTTPFields = [:]
  ) async throws -> Answer {
    var headers = headers
    headers[.contentType] = "application/x-www-form-urlencoded"
    let body =
      "code=\(PageWords.encoded(code))&password=\(PageWords.encoded(password))&next=\(PageWords.encoded(next))"
    return try await send(.post, "/sign-in", body: body, headers: headers)
  }

  /// Reasons of the events about the use of the station, oldest first.
  func accesses() async throws -> [String] {
    await services.people.state.withLock { $0.recording }?.value
    return try Tracker(opening: folder, readOnly: true).events(from: 0, limit: 10_000)
      .filter { $0.kind == .accessRecorded }.compactMap(\.reason)
  }
}

extension StationFixture.Answer {
  /// The cookie's secret that the answer sets.
  var secret: String? {
    headers[.setCookie]?.prefix { $0 != ";" }.split(separator: "=").dropFirst().first.map(String.init)
  }
  var code: String? { (try? json())?["code"] as? String }
}

@Suite struct SignInTests {
  @Test func aSessionBeginsWithASecretThatNobodyKnewBefore() async throws {
    let station = try StationFixture(isFilled: false)
    try station.person("GDV01", .clerk)
    let planted = String(repeating: "a", count: 64)
    let answer = try await station.signIn("gdv01", next: "/shift", headers: [.cookie: "dossier=\(planted)"])
    #expect(answer.status == .seeOther && answer.headers[.location] == "/shift")
    let cookie = try #require(answer.headers[.setCookie])
    for part in ["dossier=", "; Path=/", "; HttpOnly", "; SameSite=Strict"] { #expect(cookie.contains(part)) }
    let secret = try #require(answer.secret)
    #expect(secret != planted && secret.count == 64)
    #expect(
      try await station.send(.get, "/v1/session", headers: [.cookie: "dossier=\(planted)"]).status
        == .unauthorized)
    let session = try await station.send(.get, "/v1/session", headers: [.cookie: "dossier=\(secret)"])
    #expect(session.status == .ok && session.code == "GDV01")

    // Signing in again in the same browser ends the session before.
    let again = try await station.signIn("GDV01", headers: [.cookie: "dossier=\(secret)"])
    #expect(again.secret != nil && again.secret != secret)
    #expect(
      try await station.send(.get, "/v1/session", headers: [.cookie: "dossier=\(secret)"]).status
        == .unauthorized)
    #expect(try await station.accesses() == ["signIn", "signIn"])
    // On the disk are hashes only.
    let files = try ["people.json", "sessions.json"].map {
      try String(contentsOfFile: station.folder + "/station/" + $0, encoding: .utf8)
    }.joined()
    let newest = try #require(again.secret)
    #expect(!files.contains(newest) && !files.contains(StationFixture.password))
    for file in ["people.json", "sessions.json"] {
      let mode = try FileManager.default.attributesOfItem(atPath: station.folder + "/station/" + file)
      #expect(mode[.posixPermissions] as? Int == 0o600)
    }
  }

  @Test func anAccountHasOnlySoManySessions() async throws {
    let clock = TestClock()
    let station = try StationFixture(isFilled: false, environment: clock.environment)
    try station.person("GDV01", .clerk)
    var secrets: [String] = []
    for _ in 0..<12 {
      clock.advance(seconds: 1)
      let answer = try await station.signIn("GDV01")
      secrets.append(try #require(answer.secret))
    }
    var open = 0
    for secret in secrets {
      let answer = try await station.send(.get, "/v1/session", headers: [.cookie: "dossier=\(secret)"])
      if answer.status == .ok { open += 1 }
    }
    #expect(open == 10 && Set(secrets).count == 12)
  }

  @Test func twoCookiesOfOneNameAreNobody() async throws {
    let station = try StationFixture(isFilled: false)
    let secret = try await station.secret("GDV01", .clerk)
    let both: HTTPFields = [.cookie: "dossier=\(secret); dossier=\(String(repeating: "b", count: 64))"]
    #expect(try await station.send(.get, "/v1/session", headers: both).status == .unauthorized)
    #expect(
      try await station.send(.get, "/v1/session", headers: [.cookie: "x=1; dossier=\(secret)"]).status == .ok)
    #expect(
      try await station.send(.get, "/v1/session", headers: [.cookie: "__Host-dossier=\(secret)"]).status
        == .unauthorized)
  }

  @Test func unknownAndDisabledAccountsTakeTheSameWorkAndGetTheSameAnswer() async throws {
    let station = try StationFixture(isFilled: false)
    try station.person("GDV01", .clerk)
    try station.person("GDV02", .clerk)
    let tracker = try Tracker(opening: station.folder)
    try station.services.people.register.setDisabled(true, code: "GDV02", by: .init(tracker))
    var answers: [(Int, HTTPResponse.Status, String)] = []
    for (code, password) in [
      ("GDV01", "wrong"), ("NOBODY", "wrong"), ("GDV02", "wrong"), ("GDV02", StationFixture.password),
      ("", ""), (String(repeating: "A", count: 4000), String(repeating: "B", count: 40_000)),
      ("<script>", "\u{0}"),
    ] {
      let before = station.services.people.hasher.made
      let answer = try await station.signIn(code, password)
      answers.append((station.services.people.hasher.made - before, answer.status, answer.text))
      #expect(!answer.text.contains("<script>"))
    }
    for answer in answers { #expect(answer.0 == 1 && answer.1 == .unauthorized) }
    #expect(answers[0].2.replacing("GDV01", with: "NOBODY") == answers[1].2)
  }

  @Test func whoGuessesWaitsTwiceAsLongEachTimeAndNobodyIsShutOutForGood() async throws {
    let clock = TestClock()
    let station = try StationFixture(isFilled: false, environment: clock.environment)
    try station.person("GDV01", .clerk)
    let before = station.services.people.hasher.made
    var refused = 0
    for _ in 0..<200 {
      let answer = try await station.signIn("GDV01", "wrong password")
      if answer.status == .tooManyRequests {
        refused += 1
        #expect(answer.headers[.retryAfter] == "5")
      }
    }
    #expect(refused == 195 && station.services.people.hasher.made - before == 5)
    // The right password waits as well; the log got one event of all this.
    #expect(try await station.signIn("GDV01").status == .tooManyRequests)
    #expect(try await station.accesses() == ["lockOut"])

    // A restart forgives nothing.
    let restarted = try station.another()
    await #expect(throws: Problem.self) {
      _ = try await restarted.services.people.signIn(
        code: "GDV01", password: StationFixture.password, address: nil)
    }

    var waited: [Int] = []
    for _ in 0..<12 {
      let answer = try await station.signIn("GDV01", "wrong password")
      if answer.status == .tooManyRequests {
        let seconds = Int(answer.headers[.retryAfter] ?? "") ?? 0
        waited.append(seconds)
        clock.advance(seconds: Int64(seconds))
      }
      _ = try await station.signIn("GDV01", "wrong password")
    }
    #expect(waited.max() == 900 && waited.prefix(4) == [5, 10, 20, 40])
    clock.advance(minutes: 15)
    #expect(try await station.signIn("GDV01").status == .seeOther)
    // One lock-out event a quarter of an hour at most.
    #expect(
      try await station.accesses().count(where: { $0 == "lockOut" }) <= 1 + waited.reduce(0, +) / 900 + 1)
  }

  @Test func anAddressThatTriesManyAccountsWaits() async throws {
    let station = try StationFixture(isFilled: false)
    let people = station.services.people
    var delayed = 0
    for number in 0..<40 {
      do { _ = try await people.signIn(code: "X\(number)", password: "wrong", address: "192.0.2.7") } catch {
        if (error as? Problem)?.status == .tooManyRequests { delayed += 1 }
      }
    }
    #expect(delayed == 10)
    // Another address, and this very machine behind whose proxy everybody may sit, do not.
    for address in ["192.0.2.8", nil] {
      await #expect { _ = try await people.signIn(code: "Y", password: "wrong", address: address) } throws: {
        ($0 as? Problem)?.status == .unauthorized
      }
    }
    #expect(People.network("192.0.2.7") == "192.0.2.0/24" && People.network(nil) == "local")
  }

  @Test func manyGuessesAtOnceGetNoFurther() async throws {
    let station = try StationFixture(isFilled: false)
    try station.person("GDV01", .clerk)
    let statuses = try await withThrowingTaskGroup(of: HTTPResponse.Status.self) { group in
      for _ in 0..<40 { group.addTask { try await station.signIn("GDV01", "wrong password").status } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(statuses.count(where: { $0 == .unauthorized }) == 5)
    #expect(statuses.count(where: { $0 == .tooManyRequests }) == 35)
  }

  @Test(arguments: [
    "//evil.example/", "https://evil.example", "/\\evil.example", "\\\\evil", "javascript:alert(1)", "",
    "/x\r\nSet-Cookie: a=b", "evil", "/\u{0}", "/" + String(repeating: "a", count: 600), "///evil",
  ]) func afterSigningInNobodyIsSentElsewhere(next: String) async throws {
    let station = try StationFixture(isFilled: false)
    try station.person("GDV01", .clerk)
    let answer = try await station.signIn("GDV01", next: next)
    #expect(answer.status == .seeOther && answer.headers[.location] == "/")
  }

  @Test func whatNeedsSomebodyLeadsPeopleToTheDoorAndTellsPrograms() async throws {
    let station = try StationFixture(isFilled: false)
    let page = try await station.send(.get, "/shift?x=a%20b", headers: [.accept: "text/html"])
    #expect(page.status == .seeOther && page.headers[.location] == "/sign-in?next=/shift%3Fx%3Da%2520b")
    let program = try await station.send(.get, "/shift")
    #expect(program.status == .unauthorized && program.code == "D-7001")
    let twin = try await station.send(.get, "/people.csv", headers: [.accept: "text/html"])
    #expect(twin.status == .unauthorized)
    let door = try await station.send(.get, "/sign-in", headers: [.accept: "text/html"])
    #expect(door.text.contains("dossier people add"))
  }

  @Test func secretsGivenOutMustBeChangedFirst() async throws {
    let station = try StationFixture(isFilled: false)
    let tracker = try Tracker(opening: station.folder)
    let issued = try station.services.people.register.add(
      code: "GDV09", name: "Người Mới", office: "H48.25", role: .clerk, by: .init(tracker))
    let given = try #require(issued.password)
    let entered = try await station.signIn("GDV09", given)
    let secret = try #require(entered.secret)
    let cookie: HTTPFields = [
      .cookie: "dossier=\(secret)", .contentType: "application/x-www-form-urlencoded",
    ]
    let barred = try await station.send(
      .post, "/shift/open", body: "csrf=\(SessionCookie.csrf(secret))", headers: cookie)
    #expect(barred.status == .unauthorized && barred.code == "D-7043")
    let pin = try #require(issued.pin)
    await #expect(throws: Problem.self) {
      _ = try await station.services.people.confirm(code: "GDV09", pin: pin)
    }
    func change(_ current: String, _ password: String, _ again: String, _ pin: String) async throws
      -> StationFixture.Answer
    {
      let fields = [("current", current), ("password", password), ("again", again), ("pin", pin)]
      let body = fields.map { "\($0)=\(PageWords.encoded($1))" }.joined(separator: "&")
      return try await station.send(
        .post, "/password", body: body + "&csrf=\(SessionCookie.csrf(secret))", headers: cookie)
    }
    let old = given
    #expect(
      try await change("wrong", "con trâu đi trước", "con trâu đi trước", "864209").status == .forbidden)
    #expect(try await change(old, old, old, "864209").status == .unprocessableContent)
    #expect(try await change(old, "ngắn", "ngắn", "864209").status == .unprocessableContent)
    #expect(try await change(old, "con trâu đi trước", "khác", "864209").status == .unprocessableContent)
    #expect(
      try await change(old, "con trâu đi trước", "con trâu đi trước", pin).status == .unprocessableContent)
    let changed = try await change(old, "con trâu đi trước", "con trâu đi trước", "864209")
    #expect(changed.status == .seeOther)
    #expect(try await station.send(.get, "/v1/session", headers: cookie).status == .unauthorized)
    let fresh = try #require(changed.secret)
    #expect(try await station.send(.get, "/v1/session", headers: [.cookie: "dossier=\(fresh)"]).status == .ok)
    #expect(try await station.services.people.confirm(code: "GDV09", pin: "864209").code == "GDV09")
  }
}
