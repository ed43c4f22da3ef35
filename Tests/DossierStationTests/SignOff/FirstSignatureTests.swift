import CustodyLog
import DossierTracker
import Foundation
import HTTPTypes
import Testing

@testable import DossierStation

/// How long the first of two signatures counts, and whose it is.
@Suite struct FirstSignatureTests {
  private static let manifest = SignOffTests.manifest
  private static let giver = SignOffTests.giver
  private static let receiver = SignOffTests.receiver
  /// A colleague of the giver.
  private static let colleague = SignOffTests.visitor("GDV-081", "590230")

  private let clock = TestClock()

  private func station() throws -> StationFixture {
    let station = try StationFixture(environment: clock.environment)
    for person in [Self.giver, Self.receiver, Self.colleague] {
      try station.person(person.code, person.role, office: person.office)
    }
    return station
  }

  private func signature(_ side: HandOverSide, _ station: StationFixture) throws -> SigningDesk.Signature {
    let found = try #require(try station.services.work.tracker.reconciliation(ofManifest: Self.manifest))
    return .init(side: side, list: found.digest, isOffline: false)
  }

  private func problem(_ body: () async throws -> some Any) async -> Problem? {
    do {
      _ = try await body()
      return nil
    } catch { return Problem(explaining: error) }
  }

  @Test func itFallsAfterHalfAnHour() async throws {
    let station = try station()
    let desk = SigningDesk(station.services)
    _ = try await desk.sign(Self.manifest, signature(.giver, station), by: Self.giver)
    clock.advance(minutes: 29, seconds: 59)
    #expect(try await desk.sheet(Self.manifest).waiting?.by == "GDV-080")
    clock.advance(seconds: 1)
    #expect(try await desk.sheet(Self.manifest).waiting == nil)
    let alone = try await desk.sign(Self.manifest, signature(.receiver, station), by: Self.receiver)
    #expect(alone.found.closing == nil && alone.waiting?.side == .receiver)
    let both = try await desk.sign(Self.manifest, signature(.giver, station), by: Self.giver)
    #expect(both.found.closing != nil)
  }

  @Test func aTimeThatIsStillToComeIsNoTime() {
    let first = FirstSignature(
      manifest: "M", side: .giver, by: "A", at: 1_000_000, list: "", isOffline: false)
    #expect(first.counts(at: 1_000_000) && first.counts(at: 940_000))
    #expect(!first.counts(at: 939_999) && !first.counts(at: first.until))
  }

  @Test func aColleagueDoesNotTakeItsPlace() async throws {
    let station = try station()
    let desk = SigningDesk(station.services)
    _ = try await desk.sign(Self.manifest, signature(.giver, station), by: Self.giver)
    let refused = await problem {
      try await desk.sign(Self.manifest, signature(.giver, station), by: Self.colleague)
    }
    #expect(refused?.status == .conflict)
    #expect(refused?.finding == Finding(.sideSigned, expected: "590230", found: "GDV-080"))
    #expect(try await desk.sheet(Self.manifest).waiting?.by == "GDV-080")
    // Whoever signed may do so again, and has another half hour.
    clock.advance(minutes: 20)
    _ = try await desk.sign(
      Self.manifest, signature(.giver, station), by: SignOffTests.visitor("gdv-080", "590230"))
    clock.advance(minutes: 20)
    #expect(try await desk.sheet(Self.manifest).waiting != nil)
    // Another list is another signature.
    _ = try station.services.work.tracker.receive(manifest: Self.manifest, by: "GDV01").scan(["RM473195388VN"]
    )
    let other = try await desk.sign(Self.manifest, signature(.giver, station), by: Self.colleague)
    #expect(other.waiting?.by == "GDV-081")
  }

  @Test func onlyWhoeverSignedWithdraws() async throws {
    let station = try station()
    let desk = SigningDesk(station.services)
    _ = try await desk.sign(Self.manifest, signature(.giver, station), by: Self.giver)
    let refused = await problem { try await desk.withdraw(Self.manifest, .giver, by: Self.colleague) }
    #expect(refused?.finding.code == .sideSigned)
    #expect(try await desk.withdraw(Self.manifest, .receiver, by: Self.receiver).waiting?.by == "GDV-080")
    #expect(try await desk.withdraw(Self.manifest, .giver, by: Self.giver).waiting == nil)
    #expect(try await desk.sheet(Self.manifest).waiting == nil)
    let next = try await desk.sign(Self.manifest, signature(.giver, station), by: Self.colleague)
    #expect(next.waiting?.by == "GDV-081")
    #expect(try await station.accesses() == ["signed", "signatureWithdrawn", "signed"])
    _ = try await desk.sign(Self.manifest, signature(.receiver, station), by: Self.receiver)
    let late = await problem { try await desk.withdraw(Self.manifest, .giver, by: Self.colleague) }
    #expect(late?.finding.code == .alreadyClosed)
  }

  @Test func aSignatureThatTheLogCannotTakeDoesNotCount() async throws {
    let station = try station()
    let desk = SigningDesk(station.services)
    let frozen = station.folder + "/keys/frozen"
    #expect(FileManager.default.createFile(atPath: frozen, contents: Data()))
    let refused = await problem {
      try await desk.sign(Self.manifest, signature(.giver, station), by: Self.giver)
    }
    #expect(refused?.finding.code == .logFrozen)
    #expect(try await desk.sheet(Self.manifest).waiting == nil)
  }

  @Test func thePageSaysUntilWhenAndLetsTheSignerWithdraw() async throws {
    let station = try station()
    let address = "/manifests/\(Self.manifest)/sign"
    let list = try signature(.giver, station).list.hex
    func post(_ fields: String) async throws -> StationFixture.Answer {
      try await station.send(
        .post, address + "?lang=en", as: .clerk, body: "as=giver&pin=135790&list=\(list)&\(fields)",
        headers: [.accept: "text/html", .contentType: "application/x-www-form-urlencoded"])
    }
    #expect(try await post("by=GDV-080").status == .seeOther)
    let page = try await station.send(.get, address + "?lang=en", as: .clerk).text
    #expect(page.contains("Lapses at") && page.contains("name=\"withdraw\""))
    let waiting = try await station.send(.get, address + ".json", as: .clerk).json()["waiting"]
    #expect((waiting as? [String: Any])?["until"] as? String == "2026-02-02T08:30:00+07:00")
    let second = try await post("by=GDV-081")
    #expect(second.status == .conflict && second.text.contains("D-7095"))
    #expect(second.text.contains("GDV-080 has signed for this side"))
    #expect(try await post("by=GDV-080&withdraw=1").status == .seeOther)
    let json = try await station.send(.get, address + ".json", as: .clerk).json()
    #expect(json["waiting"] == nil)
  }
}
