import CustodyLog
import DossierTracker
import Foundation
import HTTPTypes
import Testing

@testable import DossierStation

/// Two people sign one list, over HTTP and behind it.
@Suite struct SignOffTests {
  static let manifest = "BK-590230-260112-001"
  /// What the given people of this hand-over are, once their PIN was right.
  static let giver = visitor("GDV-080", "590230")
  static let receiver = visitor("GDV01", "H48.25")

  static func visitor(_ code: String, _ office: String, _ role: Role = .clerk) -> Visitor {
    Visitor(
      code: code, name: "", office: office, role: role, permissions: role.permissions, means: .session(""))
  }

  /// A station where both have an account.
  static func station() throws -> StationFixture {
    let station = try StationFixture()
    for person in [giver, receiver] { try station.person(person.code, person.role, office: person.office) }
    return station
  }

  private func list(_ station: StationFixture) throws -> Digest {
    try #require(try station.services.work.tracker.reconciliation(ofManifest: Self.manifest)).digest
  }

  private func scan(_ station: StationFixture, _ lines: [String] = ["RM473195388VN"]) throws {
    _ = try station.services.work.tracker.receive(manifest: Self.manifest, by: "GDV01").scan(lines)
  }

  private func signature(
    _ side: HandOverSide, _ list: Digest, isOffline: Bool = false
  ) -> SigningDesk.Signature { .init(side: side, list: list, isOffline: isOffline) }

  private func problem(_ body: () async throws -> some Any) async -> Problem? {
    do {
      _ = try await body()
      return nil
    } catch { return Problem(explaining: error) }
  }

  private func body(_ fields: [String: Any]) throws -> String {
    String(decoding: try JSONSerialization.data(withJSONObject: fields), as: UTF8.self)
  }

  private let path = "/v1/manifests/\(manifest)/signatures"

  private func post(
    _ station: StationFixture, _ fields: [String: Any], match: String?, as role: Role? = .clerk
  ) async throws -> StationFixture.Answer {
    var headers: HTTPFields = [.contentType: "application/json"]
    if let match { headers[.ifMatch] = match }
    return try await station.send(.post, path, as: role, body: body(fields), headers: headers)
  }

  // MARK: Over HTTP

  @Test func theReconciliationCarriesItsListAsTag() async throws {
    let station = try SignOffTests.station()
    try scan(station)
    let address = "/v1/manifests/\(Self.manifest)/reconciliation"
    let answer = try await station.send(.get, address, as: .auditor)
    let list = try list(station)
    #expect(answer.status == .ok)
    #expect(answer.headers[.eTag] == "\"\(list.hex)\"")
    let json = try answer.json()
    #expect(json["list"] as? String == list.hex)
    #expect(json["closed"] as? Bool == false)
    #expect((json["count"] as? [String: Int])?["received"] == 1)
    #expect((json["lines"] as? [[String: Any]])?.count == 25)
    // The list is the same, but who has signed may be others by now.
    let again = try await station.send(
      .get, address, as: .auditor, headers: [.ifNoneMatch: "\"\(list.hex)\""])
    #expect(again.status == .ok && again.bytes == answer.bytes)
    #expect(try await station.send(.get, address).status == .unauthorized)
    #expect(try await station.send(.get, "/v1/manifests/NONE/reconciliation", as: .clerk).status == .notFound)
  }

  @Test func aSignatureStatesItsList() async throws {
    let station = try SignOffTests.station()
    try scan(station)
    let list = try list(station)
    let fields: [String: Any] = ["as": "receiver", "by": "GDV01", "pin": "135790", "list": list.hex]
    let missing = try await post(station, fields, match: nil)
    #expect(missing.status == .preconditionRequired)
    #expect(try missing.json()["code"] as? String == "D-7051")
    for match in ["\"\(String(repeating: "0", count: 64))\"", "W/\"\(list.hex)\"", list.hex, "*"] {
      let changed = try await post(station, fields, match: match)
      #expect(changed.status == .preconditionFailed, "\(match)")
      #expect(try changed.json()["code"] as? String == "D-7050")
    }
    var other = fields
    other["list"] = String(repeating: "ab", count: 32)
    #expect(try await post(station, other, match: "\"\(list.hex)\"").status == .preconditionFailed)
    #expect(try SignatureFolder(data: station.folder).waiting(for: Self.manifest, list: list) == nil)

    let signed = try await post(station, fields, match: "\"x\", \"\(list.hex)\"")
    #expect(signed.status == .ok, "\(signed.text)")
    #expect((try signed.json()["waiting"] as? [String: Any])?["by"] as? String == "GDV01")
  }

  @Test func twoPeopleCloseOverHTTP() async throws {
    let station = try SignOffTests.station()
    try scan(station)
    try station.person("GDV-080", .clerk, office: "590230")
    let list = try list(station)
    func fields(_ side: String, _ by: String) -> [String: Any] {
      ["as": side, "by": by, "pin": "135790", "list": list.hex, "offline": side == "giver"]
    }
    let tag = "\"\(list.hex)\""
    #expect(try await post(station, fields("receiver", "GDV01"), match: tag).status == .ok)
    // The same person under another spelling is the same person.
    for code in ["GDV01", "gdv01", " GDV01", "GDV01 "] {
      let again = try await post(station, fields("giver", code), match: tag)
      #expect(again.status.code >= 400, "\(code): \(again.text)")
    }
    let second = try await post(station, fields("giver", "GDV-080"), match: tag)
    #expect(second.status == .ok, "\(second.text)")
    let closing = try #require(try second.json()["closing"] as? [String: Any])
    #expect(closing["giver"] as? String == "GDV-080" && closing["receiver"] as? String == "GDV01")
    #expect(closing["list"] as? String == list.hex && closing["offline"] as? Bool == true)
    let head = try station.services.work.tracker.head()
    let events = try station.services.work.tracker.events(limit: Int(head.size))
    let signed = events.filter { $0.details.document == list && $0.kind != .manifestClosed }
    #expect(signed.compactMap(\.operatorCode) == ["GDV01", "GDV-080"])
    #expect(try station.services.work.tracker.audit().findings.filter { $0.severity == .error } == [])
  }

  @Test func hostileSignaturesAreAnsweredAndChangeNothing() async throws {
    let station = try SignOffTests.station()
    try scan(station)
    let list = try list(station)
    let good: [String: Any] = ["as": "receiver", "by": "GDV01", "pin": "135790", "list": list.hex]
    let match = "\"\(list.hex)\""
    func status(_ key: String, _ value: Any) async throws -> Int {
      var fields = good
      fields[key] = value
      return try await post(station, fields, match: match).status.code
    }
    #expect(try await status("as", "both") == 400)
    #expect(try await status("as", 1) == 400)
    #expect(try await status("by", "") == 400)
    #expect(try await status("by", String(repeating: "A", count: 65)) == 400)
    #expect(try await status("pin", ["135790"]) == 400)
    #expect(try await status("pin", "000000") == 403)
    #expect(try await status("list", "../x") == 400)
    #expect(try await status("list", list.hex.prefix(63)) == 400)
    for text in ["", "[]", "{", "null", "\u{0}", String(repeating: "{\"a\":", count: 3_000)] {
      let answer = try await station.send(
        .post, path, as: .clerk, body: text, headers: [.ifMatch: match, .contentType: "application/json"])
      #expect(answer.status == .badRequest, "\(text.prefix(20))")
    }
    let long = try await station.send(
      .post, path, as: .clerk, body: String(repeating: " ", count: 20_000), headers: [.ifMatch: match])
    #expect(long.status == .contentTooLarge)
    for role in [Role.auditor, .reporter, .administrator] {
      #expect(try await post(station, good, match: match, as: role).status == .forbidden)
    }
    #expect(try await post(station, good, match: match, as: nil).status == .unauthorized)
    #expect(try SignatureFolder(data: station.folder).waiting(for: Self.manifest, list: list) == nil)
  }

  @Test func theFormsWorkWithoutScriptAndSayWhatIsWrong() async throws {
    let station = try SignOffTests.station()
    try scan(station)
    let list = try list(station)
    let address = "/manifests/\(Self.manifest)/sign"
    let html: HTTPFields = [.accept: "text/html", .contentType: "application/x-www-form-urlencoded"]
    let page = try await station.send(.get, address, as: .clerk, headers: html)
    #expect(page.status == .ok)
    for text in [
      "action=\"\(address)\"", "name=\"csrf\"", "value=\"\(list.hex)\"", "name=\"pin\" type=\"password\"",
      "THIẾU",
    ] {
      #expect(page.text.contains(text), "\(text)")
    }
    #expect(try await station.send(.get, address + ".json", as: .clerk).json()["list"] as? String == list.hex)
    #expect(try await station.send(.get, address + ".csv", as: .clerk).text.hasPrefix("item,outcome,"))
    #expect(try await station.send(.get, address, as: .auditor).text.contains("name=\"pin\"") == false)

    let wrong = try await station.send(
      .post, address, as: .clerk, body: "as=receiver&by=GDV01&pin=1&list=\(list.hex)", headers: html)
    #expect(
      wrong.status == .forbidden && wrong.text.contains("D-7030") && wrong.text.contains("name=\"pin\""))
    let stale = try await station.send(
      .post, address, as: .clerk,
      body: "as=receiver&by=GDV01&pin=135790&list=\(String(repeating: "00", count: 32))", headers: html)
    #expect(stale.status == .preconditionFailed && stale.text.contains("D-7050"))
    let bait = try await station.send(
      .post, address, as: .clerk, body: "as=receiver&by=%3Cscript%3E&pin=%00&list=\(list.hex)", headers: html)
    #expect(!bait.text.contains("<script>x") && bait.status.code >= 400)
    let done = try await station.send(
      .post, address, as: .clerk, body: "as=receiver&by=GDV01&pin=135790&list=\(list.hex)", headers: html)
    #expect(done.status == .seeOther && done.headers[.location] == address)
    let signed = try await station.send(.get, address + "?lang=en", as: .clerk, headers: html)
    #expect(signed.text.contains("GDV01 signed"))
  }

  // MARK: Behind it

  @Test func theSecondSignatureClosesWithTheList() async throws {
    let station = try SignOffTests.station()
    try scan(station, ["RM473195388VN damaged wrapper"])
    let list = try list(station)
    let desk = SigningDesk(station.services)
    let first = try await desk.sign(Self.manifest, signature(.giver, list), by: Self.giver)
    #expect(first.waiting?.by == "GDV-080" && first.found.closing == nil)
    let second = try await desk.sign(
      Self.manifest, signature(.receiver, list, isOffline: true), by: Self.receiver)
    let closing = try #require(second.found.closing)
    #expect([closing.signer, closing.witness] == ["GDV01", "GDV-080"])
    #expect(closing.list == list && closing.isOffline)
    let tracker = station.services.work.tracker
    #expect(try tracker.audit().findings.filter { $0.severity == .error } == [])
    #expect(try tracker.handOverRecord(ofManifest: Self.manifest).checkpoint != nil)
    let again = await problem {
      try await desk.sign(Self.manifest, signature(.giver, list), by: Self.giver)
    }
    #expect(again?.status == .conflict && again?.finding.code == .alreadyClosed)
    let late = try await post(
      station, ["as": "giver", "by": "GDV01", "pin": "135790", "list": list.hex], match: "\"\(list.hex)\"")
    #expect(late.status == .conflict)
    let page = try await station.send(.get, "/manifests/\(Self.manifest)/sign", as: .clerk)
    #expect(page.text.contains("Đã chốt") && !page.text.contains("name=\"pin\""))
  }

  @Test func aFirstSignatureEndsWithItsAccount() async throws {
    let station = try Self.station()
    let list = try list(station)
    let desk = SigningDesk(station.services)
    _ = try await desk.sign(Self.manifest, signature(.giver, list), by: Self.giver)
    try station.person("GDV-080", .auditor, office: "590230")
    let second = try await desk.sign(Self.manifest, signature(.receiver, list), by: Self.receiver)
    #expect(second.found.closing == nil && second.waiting?.by == "GDV01")
  }

  @Test func onePersonIsNotTwo() async throws {
    let station = try SignOffTests.station()
    let list = try list(station)
    let desk = SigningDesk(station.services)
    _ = try await desk.sign(Self.manifest, signature(.giver, list), by: Self.giver)
    for code in ["GDV-080", "gdv-080", "Gdv-080"] {
      let refused = await problem {
        try await desk.sign(Self.manifest, signature(.receiver, list), by: Self.visitor(code, "H48.25"))
      }
      #expect(refused?.finding.code == .sameSigner, "\(code)")
    }
    #expect(try await desk.sheet(Self.manifest).waiting?.side == .giver)
    #expect(try await desk.sheet(Self.manifest).found.closing == nil)
  }

  @Test func whoMaySignForWhom() async throws {
    let station = try SignOffTests.station()
    let list = try list(station)
    let desk = SigningDesk(station.services)
    func refusal(_ side: HandOverSide, _ office: String, _ role: Role = .clerk) async -> FindingCode? {
      let refused = await problem {
        try await desk.sign(Self.manifest, signature(side, list), by: Self.visitor("X1", office, role))
      }
      return refused?.finding.code
    }
    for office in ["590230", "590200", "590000", "590900"] { #expect(await refusal(.giver, office) == nil) }
    for office in ["H48.25", "590110", "H48", ""] { #expect(await refusal(.giver, office) == .signerOffice) }
    for office in ["590230", "H48.24", "H48", "590900"] {
      #expect(await refusal(.receiver, office) == .signerOffice)
    }
    for role in [Role.administrator, .auditor, .reporter] {
      #expect(await refusal(.receiver, "H48.25", role) == .notPermitted)
    }
    #expect(try await desk.sheet(Self.manifest).found.closing == nil)
  }

  @Test func aChangedListTakesTheFirstSignatureAway() async throws {
    let station = try SignOffTests.station()
    let list = try list(station)
    let desk = SigningDesk(station.services)
    _ = try await desk.sign(Self.manifest, signature(.giver, list), by: Self.giver)
    try scan(station)
    #expect(try await desk.sheet(Self.manifest).waiting == nil)
    let stale = await problem {
      try await desk.sign(Self.manifest, signature(.receiver, list), by: Self.receiver)
    }
    #expect(stale?.status == .preconditionFailed && stale?.finding.code == .listChanged)
    let new = try self.list(station)
    let sheet = try await desk.sign(Self.manifest, signature(.receiver, new), by: Self.receiver)
    #expect(sheet.found.closing == nil && sheet.waiting?.side == .receiver)
    let closed = try await desk.sign(Self.manifest, signature(.giver, new), by: Self.giver)
    #expect(closed.found.closing?.list == new)
  }

  @Test func aStationThatEndedInBetweenStillHasTheFirstSignature() async throws {
    let station = try SignOffTests.station()
    let list = try list(station)
    _ = try await SigningDesk(station.services).sign(Self.manifest, signature(.giver, list), by: Self.giver)
    // Another process on the same store.
    let next = try station.another()
    let desk = SigningDesk(next.services)
    #expect(try await desk.sheet(Self.manifest).waiting?.by == "GDV-080")
    #expect(
      try await desk.sign(Self.manifest, signature(.receiver, list), by: Self.receiver).found.closing != nil)
    #expect(try await SigningDesk(station.services).sheet(Self.manifest).found.closing?.list == list)
  }

  @Test func aDamagedOrForeignFileIsNoSignature() async throws {
    let station = try SignOffTests.station()
    let list = try list(station)
    let desk = SigningDesk(station.services)
    _ = try await desk.sign(Self.manifest, signature(.giver, list), by: Self.giver)
    let folder = station.folder + "/station/signatures/"
    let file = folder + SignatureFolder.name(Self.manifest)
    let good = try Data(contentsOf: URL(fileURLWithPath: file))
    for bytes in [
      Data(), Data("{}".utf8), good.dropLast(3), Data(String(repeating: "[", count: 70_000).utf8),
      Data(String(decoding: good, as: UTF8.self).replacing(Self.manifest, with: "BK-1").utf8),
    ] {
      try bytes.write(to: URL(fileURLWithPath: file))
      #expect(try await desk.sheet(Self.manifest).waiting == nil)
    }
    try good.write(to: URL(fileURLWithPath: file))
    #expect(try await desk.sheet(Self.manifest).waiting != nil)
    // A draft that was left behind by a process that was killed is in nobody's way.
    try Data("half".utf8).write(to: URL(fileURLWithPath: file + ".new"))
    #expect(
      try await desk.sign(Self.manifest, signature(.receiver, list), by: Self.receiver).found.closing != nil)
    #expect(SignatureFolder.name("../../etc/x").allSatisfy { $0.isHexDigit || ".json".contains($0) })
  }

  @Test func twoStationsThatSignAtOnceCloseOnce() async throws {
    let station = try SignOffTests.station()
    let list = try list(station)
    let other = try station.another()
    let before = try station.services.work.tracker.head().size
    await withTaskGroup(of: Void.self) { group in
      for turn in 0..<12 {
        let desk = SigningDesk(turn % 2 == 0 ? station.services : other.services)
        let side = turn % 3 == 0 ? HandOverSide.giver : .receiver
        group.addTask {
          _ = try? await desk.sign(
            Self.manifest, .init(side: side, list: list, isOffline: false),
            by: side == .giver ? Self.giver : Self.receiver)
        }
      }
    }
    let events = try station.services.work.tracker.events(from: Int64(before), limit: 100)
    #expect(events.count { $0.kind == .manifestClosed } == 1)
    #expect(events.count { $0.kind == .missing } == 25)
    #expect(try station.services.work.tracker.audit().findings.filter { $0.severity == .error } == [])
  }
}
