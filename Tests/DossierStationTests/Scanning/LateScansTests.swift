import DossierTracker
import Foundation
import HTTPTypes
import Testing

@testable import DossierStation

/// Scans that come late, from somebody else, or while the store takes nothing: what a browser keeps must find its way.
@Suite struct LateScansTests {
  private static let manifest = "BK-590230-260112-001"
  private static let items = ["RM473195374VN", "EM473195431VN"]
  private static let json: HTTPFields = [.contentType: "application/json"]

  private func body(
    _ id: String, _ item: String, at: String = "2026-01-12T17:00:00+07:00", clerk: String = "GDV01"
  )
    -> String
  {
    #"{"station":"q","scans":[{"id":"\#(id)","type":"received","manifest":"\#(Self.manifest)","raw":"\#(item)","#
      + #""code":"\#(item)","at":"\#(at)","clerk":"\#(clerk)"}]}"#
  }

  private func result(_ answer: StationFixture.Answer) throws -> [String: Any] {
    try #require((try answer.json()["results"] as? [[String: Any]])?.first)
  }

  private func sign(
    _ station: StationFixture, _ side: String, by code: String, offline: Bool = false
  ) async throws -> StationFixture.Answer {
    let path = "/v1/manifests/\(Self.manifest)"
    let list = try #require(
      try await station.send(.get, path + "/session", as: .clerk).json()["list"] as? String)
    return try await station.send(
      .post, path + "/signatures", as: .clerk,
      body:
        #"{"as":"\#(side)","by":"\#(code)","pin":"\#(StationFixture.pin)","list":"\#(list)","offline":\#(offline)}"#,
      headers: [.contentType: "application/json", .ifMatch: "\"\(list)\""])
  }

  @Test func whatWasWaitingWhenTwoSignedOfflineIsTakenAfterwards() async throws {
    for offline in [true, false] {
      let station = try StationFixture()
      try station.person("BC01", .clerk, office: "590230")
      #expect(
        try await station.send(.post, "/v1/scans", as: .clerk, body: body("a", Self.items[0])).status == .ok)
      #expect(try await sign(station, "receiver", by: "GDV01", offline: offline).status == .ok)
      #expect(try await sign(station, "giver", by: "BC01").status == .ok)
      let late = try result(
        try await station.send(.post, "/v1/scans", as: .clerk, body: body("b", Self.items[1])))
      #expect(late["status"] as? String == (offline ? "accepted" : "refused"))
      let item = try #require(try await station.services.work { try $0.history(ofItem: Self.items[1]) })
      #expect(item.summary.missing == !offline)
      #expect(item.summary.custodian == (offline ? "H48.25" : "590230"))
      #expect(try await station.services.work { try $0.audit().verdict } != .contradiction)
    }
  }

  @Test func aStoreThatTakesNothingSendsNoScanAwayForGood() async throws {
    let station = try StationFixture()
    _ = try await station.secret("GDV01", .clerk)
    let frozen = station.folder + "/keys/frozen"
    #expect(FileManager.default.createFile(atPath: frozen, contents: Data()))
    let refused = try await station.send(.post, "/v1/scans", as: .clerk, body: body("a", Self.items[0]))
    #expect(refused.status == .serviceUnavailable && refused.headers[.retryAfter] != nil)
    try FileManager.default.removeItem(atPath: frozen)
    let taken = try await station.send(.post, "/v1/scans", as: .clerk, body: body("a", Self.items[0]))
    #expect(try result(taken)["status"] as? String == "accepted")
  }

  @Test func aColleagueOfAnotherOfficeHandsScansInForTheClerkWhoMadeThem() async throws {
    let station = try StationFixture()
    try station.person("GDV01", .clerk)
    try station.person("KT01", .auditor)
    let driver = { (text: String) in
      try await station.send(.post, "/v1/scans", as: .clerk, code: "VC01", office: "590900", body: text)
    }
    let handed = try await driver(body("a", Self.items[0]))
    #expect(try result(handed)["status"] as? String == "accepted")
    #expect(handed.headers[try #require(HTTPField.Name("Dossier-Clerk"))] == "VC01")
    let own = try await driver(body("b", Self.items[1], clerk: "VC01"))
    #expect(try result(own)["status"] as? String == "refused")
    let foreign = try await driver(body("c", Self.items[1], clerk: "KT01"))
    #expect(try foreign.json()["code"] as? String == "D-7049")
    let recorded = try await station.services.work { try $0.events(from: 0, limit: 100_000) }
    #expect(recorded.count { $0.kind == .accessRecorded && $0.reason == "handedIn" } == 1)
  }

  @Test func nobodyTakesTheNameOfWhatAClosingStates() async throws {
    let station = try StationFixture()
    for id in ["missing+0", "close+\(Self.manifest)", "access+0", "log+0"] {
      let answer = try await station.send(.post, "/v1/scans", as: .clerk, body: body(id, Self.items[0]))
      #expect(try result(answer)["status"] as? String == "refused", "\(id)")
    }
  }

  @Test func anEventIsStatedInOnesOwnOfficeAndWithinOnesOffice() async throws {
    let station = try StationFixture()
    try station.person("KT01", .auditor)
    func status(_ members: String, _ role: Role = .clerk, code: String = "GDV01") async throws -> Int {
      try await station.send(
        .post, "/v1/events", as: role, code: code, body: #"{"item":"EM473653477VN","# + members + "}",
        headers: Self.json
      ).status.code
    }
    #expect(try await status(#""kind":"held","reason":"absent""#) == 201)
    #expect(try await status(#""kind":"held","reason":"absent","office":"590230""#) == 403)
    #expect(try await status(#""kind":"held","reason":"absent","by":"KT01""#) == 403)
    #expect(try await status(#""kind":"lost","reference":"QD-1""#) == 403)
    #expect(try await status(#""kind":"lost","reference":"QD-1""#, .shiftLead, code: "TC01") == 201)
    #expect(try await status(#""kind":"accessRecorded""#) == 422)
  }
}
