import DossierTracker
import Foundation
import HTTPTypes
import Testing

@testable import DossierStation

/// `POST /v1/events` about a manifest: who may state what, and until when.
@Suite struct StatedEventTests {
  private static let manifest = SignOffTests.manifest
  private static let item = "RM473195388VN"

  private func state(
    _ station: StationFixture, _ members: String, _ role: Role = .clerk, code: String = "GDV01",
    office: String = "H48.25"
  ) async throws -> StationFixture.Answer {
    try await station.send(
      .post, "/v1/events", as: role, code: code, office: office,
      body: #"{"item":"\#(Self.item)","manifest":"\#(Self.manifest)",\#(members)}"#,
      headers: [.contentType: "application/json"])
  }

  private func close(_ station: StationFixture) throws {
    let tracker = station.services.work.tracker
    let list = try #require(try tracker.reconciliation(ofManifest: Self.manifest)).digest
    _ = try tracker.signOff(manifest: Self.manifest, list: list, receiver: "GDV01", giver: "GDV-080")
  }

  @Test func nothingIsAddedToAClosedManifest() async throws {
    let station = try StationFixture()
    let first = #""kind":"received","event":"e-1""#
    #expect(try await state(station, first).status == .created)
    try close(station)
    let size = try station.services.work.tracker.head().size
    for members in [
      #""kind":"received","event":"e-2""#, #""kind":"damaged","damage":"readable""#, #""kind":"surplus""#,
    ] {
      let refused = try await state(station, members)
      #expect(refused.status == .conflict && refused.code == "D-7015", "\(members): \(refused.text)")
      let errors = try #require(try refused.json()["errors"] as? [[String: Any]])
      #expect(errors.map { $0["pointer"] as? String } == ["/manifest"])
    }
    // What the log has is only told again.
    #expect(try await state(station, first).status == .ok)
    #expect(try station.services.work.tracker.head().size == size)
    #expect(try await state(station, #""kind":"received","event":"e-1","note":"x""#).status != .created)
  }

  @Test func whoLeadsTheShiftMayStillDecide() async throws {
    let station = try StationFixture()
    #expect(try await state(station, #""kind":"received","event":"e-1""#).status == .created)
    try close(station)
    func decide(_ members: String, _ role: Role, _ code: String) async throws -> Int {
      try await state(station, members, role, code: code).status.code
    }
    let wrong = #""kind":"corrected","corrects":"e-1","reason":"did_not_occur""#
    #expect(try await decide(wrong, .clerk, "GDV01") == 403)
    #expect(try await decide(wrong, .shiftLead, "TC01") == 201)
    #expect(try await decide(#""kind":"found","event":"f-1""#, .shiftLead, "TC01") == 201)
  }

  @Test func anOfficeThatHasNoPartInItStatesNothingAboutIt() async throws {
    let station = try StationFixture()
    let held = #""kind":"held","reason":"absent""#
    let refused = try await state(station, held, code: "GDV24", office: "H48.24")
    #expect(refused.status == .forbidden && refused.code == "D-7016", "\(refused.text)")
    // Giver, an office above it, and a carrier have.
    for (code, office) in [("BC01", "590230"), ("TT01", "590200"), ("VC01", "590900")] {
      #expect(try await state(station, held, code: code, office: office).status == .created, "\(office)")
    }
    // Nor does it take back what was stated, though it names no manifest.
    #expect(try await state(station, #""kind":"received","event":"e-1""#).status == .created)
    let body =
      #"{"kind":"corrected","item":"\#(Self.item)","corrects":"e-1","reason":"did_not_occur"}"#
    func correct(_ code: String, _ office: String) async throws -> Int {
      try await station.send(
        .post, "/v1/events", as: .shiftLead, code: code, office: office, body: body,
        headers: [.contentType: "application/json"]
      ).status.code
    }
    #expect(try await correct("TC24", "H48.24") == 403)
    // Nor does the giver, who has a part in the manifest.
    #expect(try await correct("BC02", "590230") == 403)
    #expect(try await correct("TC25", "H48.25") == 201)
  }

  /// Naming another manifest, or none that is known, opens no way to what others stated.
  @Test func whatOthersStatedIsNotTakenBackUnderAnotherName() async throws {
    let station = try StationFixture()
    #expect(try await state(station, #""kind":"received","event":"e-1""#).status == .created)
    func correct(
      _ target: String, naming manifest: String?, _ code: String, _ office: String
    ) async throws -> StationFixture.Answer {
      let named = manifest.map { #","manifest":"\#($0)""# } ?? ""
      return try await station.send(
        .post, "/v1/events", as: .shiftLead, code: code, office: office,
        body:
          #"{"kind":"corrected","item":"\#(Self.item)","corrects":"\#(target)","reason":"did_not_occur"\#(named)}"#,
        headers: [.contentType: "application/json"])
    }
    for manifest in ["BK-590210-260105-001", "BK-590230-260301-001", "ZZZ", nil] {
      let answer = try await correct("e-1", naming: manifest, "TC24", "H48.24")
      #expect(answer.status.code >= 400, "\(manifest ?? "none"): \(answer.text)")
    }
    // One that is not there yet, and one without a manifest that another office stated.
    let early = try await correct("e-later", naming: Self.manifest, "TC25", "H48.25")
    #expect(early.status == .unprocessableContent && early.code == "D-7018")
    let body = #"{"kind":"held","item":"\#(Self.item)","reason":"absent","event":"h-1"}"#
    let held = try await station.send(
      .post, "/v1/events", as: .clerk, code: "BC01", office: "590230", body: body,
      headers: [.contentType: "application/json"])
    #expect(held.status == .created)
    let foreign = try await correct("h-1", naming: nil, "TC25", "H48.25")
    #expect(foreign.status == .forbidden && foreign.code == "D-7020")
    #expect(try await correct("h-1", naming: nil, "TC26", "590230").status == .created)
    let reconciliation = try station.services.work.tracker.reconciliation(ofManifest: Self.manifest)
    #expect(reconciliation?.count.received == 1)
  }

  @Test func aManifestThatIsNotKnownYetMayBeNamed() async throws {
    let station = try StationFixture()
    let answer = try await station.send(
      .post, "/v1/events", as: .clerk,
      body: #"{"kind":"held","item":"\#(Self.item)","reason":"absent","manifest":"BK-590230-260301-001"}"#,
      headers: [.contentType: "application/json"])
    #expect(answer.status == .created, "\(answer.text)")
  }
}
