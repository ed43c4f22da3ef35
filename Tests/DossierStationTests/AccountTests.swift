import DossierTracker
import Foundation
import HTTPTypes
import Testing

@testable import DossierStation

@Suite struct AccountTests {
  @Test(arguments: [
    "", "ngắn", "aaaaaaaaaaaaaaaa", "123456789012", "098765432109", "abcdefghijklmn", "abcabcabcabc",
    "12121212121212",
    "password12345", "Matkhau@123456", "a b c d e f", "GDV01GDV01", "gdv01-2026!!",
    "\u{0}hidden control here",
    "202611222026", String(repeating: "đ", count: 200),
  ]) func easyPasswordsAreRefused(text: String) {
    #expect(throws: TrackerRefusal.self) { _ = try SecretRules.password(text, code: "GDV01") }
  }

  @Test(arguments: [
    "bốn con mèo đi chợ", "mẹ đi chợ xa", "correct horse battery", "tQ9#vLp2!xRw", "ngày mai trời lại nắng",
    "2026 là năm nào nhỉ",
  ]) func othersAreTakenWhateverTheyConsistOf(text: String) throws {
    _ = try SecretRules.password(text, code: "GDV01")
  }

  @Test func howAKeyboardComposesLettersDoesNotMatter() throws {
    let hasher = SecretHasher(.init(kibibytes: 8, passes: 1))
    let composed = "b\u{1ED1}n con mèo con".precomposedStringWithCanonicalMapping
    let decomposed = composed.decomposedStringWithCanonicalMapping
    #expect(!composed.utf8.elementsEqual(decomposed.utf8))
    let hash = try hasher.hash(
      try SecretRules.password(composed, code: "X"), salt: [UInt8](repeating: 1, count: 16))
    #expect(hasher.verify(SecretRules.normalised(decomposed), against: hash))
    #expect(!hasher.verify("bon con meo", against: hash) && !hasher.verify("", against: hash))
    #expect(!hasher.verify(composed, against: nil) && !hasher.verify(composed, against: "$argon2id$"))
  }

  /// RFC 9106 has no vector without key and data; this one is of the reference implementation's own tests.
  @Test func hashesAreThoseOfTheReferenceImplementation() {
    let known =
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
    #expect(SecretHasher().verify("password", against: known))
    #expect(!SecretHasher().verify("Password", against: known))
  }

  @Test(arguments: [
    "", "12345", "1234567", "12345a", "111111", "123456", "654321", "012345", "890123", "121212", "123123",
    "１２３４５６",
  ])
  func easyPINsAreRefused(pin: String) {
    #expect(throws: TrackerRefusal.self) { _ = try SecretRules.pin(pin) }
  }

  @Test func whatIsGivenOutKeepsTheRules() throws {
    let randomness = Tracker.Environment.systemRandomness
    for _ in 0..<200 {
      let password = try SecretRules.newPassword(randomness)
      #expect(try SecretRules.password(password, code: "GDV01") == password && password.count == 17)
      _ = try SecretRules.pin(try SecretRules.newPIN(randomness))
    }
    #expect(Set(try (0..<200).map { _ in try SecretRules.newPassword(randomness) }).count == 200)
  }

  @Test func nobodySignsWithoutTheRightToIt() async throws {
    let station = try StationFixture(isFilled: false)
    let people = station.services.people
    for (number, role) in Role.allCases.enumerated() {
      try station.person("NV\(number)", role)
      do {
        let person = try await people.confirm(code: "NV\(number)", pin: StationFixture.pin)
        #expect(person.role == role && (role == .clerk || role == .shiftLead))
      } catch let problem as Problem {
        #expect(problem.status == .forbidden && problem.finding.code == .notPermitted)
        #expect(role != .clerk && role != .shiftLead)
      }
    }
    #expect(Role.administrator.permissions == [.administer])
    // Unknown codes take the same work.
    let before = people.hasher.made
    await #expect(throws: Problem.self) { _ = try await people.confirm(code: "NOBODY", pin: "135790") }
    await #expect(throws: Problem.self) { _ = try await people.confirm(code: "NV0", pin: "135791") }
    #expect(people.hasher.made - before == 2)
  }

  /// A list of accounts that is not whole is never "nobody".
  @Test func aDamagedFileOfAccountsStopsTheStation() async throws {
    let station = try StationFixture(isFilled: false)
    let secret = try await station.secret("QT01", .administrator)
    let path = station.folder + "/station/people.json"
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    let text = String(decoding: whole, as: UTF8.self)
    let damaged: [Data] = [
      Data(), whole.prefix(whole.count / 2), whole.dropLast(3), Data("null".utf8), Data("{}".utf8),
      Data([0xFF, 0, 1]),
      Data(text.replacing("administrator", with: "emperor").utf8),
      Data(text.replacing("$argon2id$", with: "plain").utf8),
      Data(text.replacing("\"version\" : 1", with: "\"version\" : 2").utf8),
    ]
    for bytes in damaged {
      try bytes.write(to: URL(fileURLWithPath: path))
      #expect { _ = try station.another() } throws: {
        ($0 as? TrackerRefusal)?.finding.code == .peopleFileDamaged
      }
      #expect(throws: TrackerRefusal.self) {
        _ = try PeopleRegister(data: station.folder).add(
          code: "X1", name: "x", office: "H48.25", role: .clerk,
          by: .init(try Tracker(opening: station.folder)))
      }
      // The running one lets nobody in, and the file stays as it is for whoever repairs it.
      let answer = try await station.send(.get, "/v1/session", headers: [.cookie: "dossier=\(secret)"])
      #expect(answer.status == .serviceUnavailable && answer.code == "D-7034")
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
    }
    try whole.write(to: URL(fileURLWithPath: path))
    #expect(
      try await station.send(.get, "/v1/session", headers: [.cookie: "dossier=\(secret)"]).status == .ok)
  }

  @Test func manyWhoEditAtOnceLoseNothing() async throws {
    let station = try StationFixture(isFilled: false)
    let folder = station.folder
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<24 {
        group.addTask {
          // As so many processes: each with its own store and its own view of the file.
          let register = PeopleRegister(
            data: folder, environment: .init(), hasher: SecretHasher(.init(kibibytes: 8, passes: 1)))
          let tracker = try Tracker(opening: folder)
          _ = try register.add(
            code: "NV\(number)", name: "Người \(number)", office: "H48.25", role: .clerk, by: .init(tracker))
          try register.setRole(.auditor, code: "nv\(number)", by: .init(tracker))
        }
      }
      try await group.waitForAll()
    }
    let accounts = try PeopleRegister(data: folder).accounts()
    #expect(Set(accounts.map(\.code)) == Set((0..<24).map { "NV\($0)" }))
    #expect(accounts.allSatisfy { $0.role == .auditor })
    #expect(try await station.accesses().count == 48)
    let report = try Tracker(opening: folder).audit()
    #expect(report.findings == [])
  }

  @Test func anAdministratorManagesOthersButNotHimself() async throws {
    let station = try StationFixture(isFilled: false)
    func post(_ path: String, _ body: String = "x=1") async throws -> StationFixture.Answer {
      try await station.send(.post, path, as: .administrator, code: "QT01", body: body)
    }
    let added = try await post("/people", "code=GDV77&name=%C4%90%E1%BB%97%20Y&office=H48.25&role=clerk")
    #expect(added.headers[.location] == "/issued")
    let shown = try await station.send(.get, "/issued", as: .administrator, code: "QT01")
    #expect(shown.text.contains("class=\"code secret\""))
    let again = try await station.send(.get, "/issued", as: .administrator, code: "QT01")
    #expect(!again.text.contains("class=\"code secret\""))
    for (path, body) in [
      ("/people", "code=gdv77&name=Z&office=H48.25&role=clerk"),
      ("/people", "code=a%20b&name=Z&office=H48.25&role=clerk"),
      ("/people", "code=A1&name=%00&office=H48.25&role=clerk"),
      ("/people", "code=A1&name=&office=H48.25&role=clerk"),
      ("/people", "code=A1&name=Z&office=%2E%2E%2F&role=clerk"),
    ] {
      #expect(try await post(path, body).status == .unprocessableContent, "\(body)")
    }
    #expect(try await post("/people", "code=A1&name=Z&office=H48.25&role=emperor").status == .badRequest)
    #expect(try await post("/people/NOBODY/disable").status == .notFound)
    #expect(try await post("/people/GDV77/explode").status == .notFound)
    for action in ["disable", "role", "pin", "password"] {
      #expect(try await post("/people/QT01/\(action)", "role=clerk").status == .conflict)
    }
    #expect(try await post("/people/GDV77/role", "role=auditor").status == .seeOther)
    #expect(try await post("/people/GDV77/disable").status == .seeOther)
    let accounts = try PeopleRegister(data: station.folder).accounts()
    let account = try #require(accounts.first { $0.code == "GDV77" })
    #expect(account.role == .auditor && account.isDisabled && account.name == "Đỗ Y")
    for role in Role.allCases where role != .administrator {
      let answer = try await station.send(
        .post, "/people/GDV77/enable", as: role, code: "V-\(role.rawValue)", body: "x=1")
      #expect(answer.status == .forbidden)
      #expect(
        try await station.send(.get, "/people", as: role, code: "V-\(role.rawValue)").status == .forbidden)
    }
    // Names do not reach the log.
    let log = try Tracker(opening: station.folder, readOnly: true).events(from: 0, limit: 1000)
    #expect(!log.contains { String(decoding: (try? $0.leaf()) ?? [], as: UTF8.self).contains("Đỗ") })
    #expect(log.filter { $0.kind == .accessRecorded }.allSatisfy { $0.operatorCode == "QT01" })
  }
}

@Suite struct TokenTests {
  private static func bearer(_ token: String) -> HTTPFields { [.authorization: "Bearer \(token)"] }

  @Test func aTokenDoesWhatItsScopesSayAndNothingElse() async throws {
    let clock = TestClock()
    let station = try StationFixture(isFilled: false, environment: clock.environment)
    try station.person("TC01", .shiftLead)
    let register = station.services.people.register
    let actor = PeopleRegister.Actor(try Tracker(opening: station.folder, environment: clock.environment))
    func token(_ scopes: Permission...) throws -> String {
      let made = try register.addToken(code: "TC01", label: "thử", scopes: scopes, days: 30, by: actor)
      return try #require(made.token)
    }
    let scanning = try token(.scan)
    // Without cookie, origin and form token: a program is nobody's browser.
    let opened = try await station.send(.post, "/shift/open", headers: Self.bearer(scanning), isBare: true)
    #expect(opened.status == .seeOther)
    let reading = try token(.read, .report)
    let refused = try await station.send(.post, "/shift/open", headers: Self.bearer(reading), isBare: true)
    #expect(refused.status == .forbidden && refused.code == "D-7002")
    #expect(try await station.send(.get, "/people", headers: Self.bearer(reading)).status == .forbidden)
    for scopes in [[Permission.sign], [.read, .sign], [.administer], []] {
      #expect(throws: TrackerRefusal.self) {
        _ = try register.addToken(code: "TC01", label: "thử", scopes: scopes, days: 30, by: actor)
      }
    }
    for days in [0, -1, 367, Int.max] {
      #expect(throws: TrackerRefusal.self) {
        _ = try register.addToken(code: "TC01", label: "thử", scopes: [.read], days: days, by: actor)
      }
    }
    // It cannot prolong its own life, nor change secrets.
    for path in ["/tokens", "/password", "/people"] {
      let answer = try await station.send(
        .post, path, body: "label=x&scope-read=1&days=30", headers: Self.bearer(reading), isBare: true)
      #expect(answer.status == .forbidden, "\(path)")
    }
    let used = try station.services.people.current { $0.memory.tokenUses.count }
    #expect(used == 2)

    clock.advance(minutes: 30 * 24 * 60)
    let late = try await station.send(.get, "/v1/session", headers: Self.bearer(reading))
    #expect(late.status == .unauthorized && late.code == "D-7041")
  }

  @Test(arguments: [
    "", "Bearer", "Bearer x", "Basic R0RWMDE6eA==", "Bearer dossier_1_2 extra", "bearer  ", "Bearer \u{7F}",
  ])
  func whatIsNoTokenIsNobodyEvenBesideASession(authorization: String) async throws {
    let station = try StationFixture(isFilled: false)
    let secret = try await station.secret("GDV01", .clerk)
    let answer = try await station.send(
      .get, "/v1/session", headers: [.authorization: authorization, .cookie: "dossier=\(secret)"])
    #expect(answer.status == .unauthorized && answer.code == "D-7041")
  }

  @Test func aTokenEndsWithItsAccountItsRoleAndItsRevocation() async throws {
    let station = try StationFixture(isFilled: false)
    try station.person("TC01", .shiftLead)
    let register = station.services.people.register
    let actor = PeopleRegister.Actor(try Tracker(opening: station.folder))
    let made = try register.addToken(
      code: "TC01", label: "thử", scopes: [.scan, .audit], days: 30, by: actor)
    let token = try #require(made.token)
    func permissions() async throws -> [String]? {
      try await station.send(.get, "/v1/session", headers: Self.bearer(token)).json()["permissions"]
        as? [String]
    }
    #expect(try await permissions() == ["scan", "audit"])
    try register.setRole(.auditor, code: "TC01", by: actor)
    #expect(try await permissions() == ["audit"])
    try register.setDisabled(true, code: "TC01", by: actor)
    #expect(try await permissions() == nil)
    try register.setDisabled(false, code: "TC01", by: actor)
    #expect(try await permissions() == ["audit"])

    // Another's token is not there for him; for the administrator it is.
    let tokens = try register.tokens()
    let id = try #require(tokens.first?.id)
    #expect(
      try await station.send(.post, "/tokens/\(id)/revoke", as: .clerk, body: "x=1").status
        == .unprocessableContent)
    #expect(try await permissions() == ["audit"])
    #expect(
      try await station.send(.post, "/tokens/\(id)/revoke", as: .administrator, code: "QT01", body: "x=1")
        .status
        == .seeOther)
    #expect(try await permissions() == nil)
    let file = try String(contentsOfFile: station.folder + "/station/people.json", encoding: .utf8)
    #expect(!file.contains(token))
    let accesses = try await station.accesses()
    #expect(accesses.first == "tokenMade" && accesses.last == "tokenRevoked")
  }
}
