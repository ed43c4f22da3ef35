import DossierTracker
import Foundation
import HTTPTypes
import Testing

@testable import DossierStation

/// What a browser sends.
extension StationFixture {
  fileprivate func ask(
    _ code: String, _ digits: String? = nil, at path: String = "/look-up?lang=en", ticket: String? = nil
  ) async throws -> Answer {
    func field(_ name: String, _ value: String) -> String {
      name + "=" + (value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")
    }
    var fields = [field("code", code)]
    if let digits { fields.append(field("digits", digits)) }
    if let ticket { fields.append(field("ticket", ticket)) }
    return try await send(
      .post, path, body: fields.joined(separator: "&"),
      headers: [.contentType: "application/x-www-form-urlencoded", .accept: "text/html"])
  }

  fileprivate func lookupCode(_ item: String) async throws -> String {
    try #require(try await services.work { try $0.lookupCode(ofItem: item) })
  }

  fileprivate func ticket() async throws -> String {
    let form = try await send(.get, "/kiosk").text
    let found = try #require(form.firstMatch(of: /name="ticket" value="([^"]+)"/))
    return String(found.1)
  }
}

/// Items of the sample province: delivered in January, and their senders' and recipients' telephones.
private let item = "EM473112922VN"
private let digits = "1169"
private let dossier = "H48.20-260107-0001"
private let unknown = "EM999999992VN"
private let personal = [
  "Phan Kim Nhung", "0740631169", "1169", "Xuân Hòa", "2.000488", "Lý lịch", "GDV-041", "BT-0",
]

@Suite struct PublicLookupPageTests {
  @Test func pagesAreSmallKeptByNobodyAndWithoutScript() async throws {
    let station = try StationFixture()
    let code = try await station.lookupCode(item)
    let sheet = try await station.send(.get, station.services.assets.address("lookup.css")).bytes.count
    for path in ["/look-up", "/look-up?lang=en", "/kiosk", "/v/\(code)", "/v/\(code)?lang=en", "/v/QC0"] {
      let page = try await station.send(.get, path, headers: [.accept: "text/html"])
      #expect(page.headers[.cacheControl]?.contains("no-store") == true)
      #expect(page.headers[try #require(.init("X-Robots-Tag"))] == "noindex, nofollow")
      #expect(page.headers[try #require(.init("Referrer-Policy"))] == "no-referrer")
      #expect(page.text.contains("<meta name=\"robots\" content=\"noindex, nofollow\">"))
      #expect(!page.text.contains("<script"))
      #expect(!page.text.contains("style="))
      #expect(page.bytes.count + sheet < 50_000)
      #expect(personal.allSatisfy { !page.text.contains($0) })
    }
  }

  @Test func theCodeOpensThePageAndItsTwin() async throws {
    let station = try StationFixture()
    let code = try await station.lookupCode(item)
    let page = try await station.send(.get, "/v/\(code)?lang=en")
    #expect(page.status == .ok)
    #expect(page.text.contains("Result delivered"))
    #expect(page.text.contains("/v/\(code).json"))
    let twin = try await station.send(.get, "/v/\(code).json").json()
    #expect(twin["step"] as? String == "delivered")
    #expect(twin["item"] as? String == "…2922VN")
    #expect((twin["steps"] as? [[String: Any]])?.count == 5)
    #expect(try await station.send(.get, "/v/\(code.lowercased())").status == .ok)
    #expect(try await station.ask(code).text.contains("Result delivered"))
    #expect(try await station.ask("https://hoso.example.vn/v/\(code)").text.contains("Result delivered"))
    let table = try await station.send(.get, "/v/\(code).csv")
    #expect(table.status == .notFound)
  }

  @Test func whatOpensNothingIsToldInTheFormThatWasAskedFor() async throws {
    let station = try StationFixture()
    let other = try await station.send(.get, "/v/QCHHHHHHHHHHHHHHHHHHHHHH?lang=en")
    #expect(other.status == .notFound)
    #expect(other.text.contains("Nothing was found"))
    let twin = try await station.send(.get, "/v/QCHHHHHHHHHHHHHHHHHHHHHH.json")
    #expect(twin.status == .notFound)
    #expect(try twin.json()["code"] as? String == "D-7060")
    for code in [
      item, "..%2f..%2fkeys", "%00", "%ff%fe", "<script>", String(repeating: "Q", count: 4_000), ".",
    ] {
      let path =
        "/v/"
        + (code.contains("%")
          ? code : code.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")
      let answer = try await station.send(.get, path, headers: [.accept: "text/html"])
      #expect(answer.status == (code == "%00" ? .badRequest : .notFound), "\(code.prefix(20))")
      #expect(!answer.text.contains("<script>"))
    }
  }

  @Test func aNumberNeedsTheDigitsOfItsTelephone() async throws {
    let station = try StationFixture()
    for number in [item, item.lowercased(), dossier] {
      let found = try await station.ask(number, digits)
      #expect(found.status == .ok)
      #expect(found.text.contains("Result delivered"))
      #expect(personal.allSatisfy { !found.text.contains($0) })
    }
    let wrong = try await station.ask(item, "1168")
    let stranger = try await station.ask(unknown, "1168")
    let manifest = try await station.ask("BK-590100-260107-001", "1168")
    #expect(wrong.status == .notFound)
    #expect(wrong.bytes == stranger.bytes)
    #expect(wrong.bytes == manifest.bytes)
    #expect(wrong.headers == stranger.headers)
  }

  @Test func aNumberAloneIsAnsweredWithOneOfThreeWords() async throws {
    let station = try StationFixture()
    let known = try await station.ask(item).text
    #expect(known.contains("Arrived"))
    #expect(!known.contains("2026") && !known.contains("Result") && !known.contains("/v/QC"))
    // One that was declared lost and one that nobody knows read alike.
    let missing = "RM473112936VN"
    let receipt = try await station.services.work {
      try $0.record(EventRequest(.missing, item: missing, by: "GDV01"))
    }
    #expect(receipt.verdict == .accepted)
    let one = try await station.ask(missing).text.replacing(missing, with: "X")
    let other = try await station.ask(unknown).text.replacing(unknown, with: "X")
    #expect(one.contains("Please ask"))
    #expect(one == other)
  }

  @Test func afterAFewWrongDigitsOnlyTheCodeOpensIt() async throws {
    let station = try StationFixture()
    for guess in 0..<4 { #expect(try await station.ask(item, "000\(guess)").status == .notFound) }
    let closed = try await station.ask(item, digits)
    #expect(closed.status == .tooManyRequests)
    #expect(Int(closed.headers[.retryAfter] ?? "") ?? 0 > 3_600)
    #expect(closed.text.contains("begins with QC"))
    #expect(try await station.ask(item.lowercased(), digits).status == .tooManyRequests)
    #expect(try await station.send(.get, "/v/\(try await station.lookupCode(item))").status == .ok)
    #expect(try await station.ask("RM473112936VN", "0000").status == .notFound)
  }

  /// Guessing through the numbers of a service meets the limiter, and what comes through says one of three words.
  @Test func aThousandGuessesRevealNothingMore() async throws {
    let station = try StationFixture()
    var statuses: [Int: Int] = [:]
    for serial in 0..<1_000 {
      let digits = String(47_311_292 + serial)
      let number = "EM\(digits)\(Self.checkDigit(digits))VN"
      let answer = try await station.ask(number, serial % 2 == 0 ? nil : "0000")
      statuses[answer.status.code, default: 0] += 1
      #expect(personal.allSatisfy { !answer.text.contains($0) })
      #expect(!answer.text.contains("/v/QC") && !answer.text.contains("2026"))
    }
    #expect(statuses[429] ?? 0 >= 970, "\(statuses)")
    #expect(Set(statuses.keys).isSubset(of: [200, 404, 429]))
  }

  private static func checkDigit(_ digits: String) -> Int {
    let sum = zip(digits.utf8, [8, 6, 4, 2, 3, 5, 9, 7]).reduce(0) { $0 + Int($1.0 - 0x30) * $1.1 }
    let rest = 11 - sum % 11
    return rest == 10 ? 0 : rest == 11 ? 5 : rest
  }

  @Test func hostileFormsAreRefusedWithoutHarm() async throws {
    let station = try StationFixture(isFilled: false)
    let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded", .accept: "text/html"]
    for body in [
      "", "code", "code=", "code=%00", "code=%ff%fe", "code=a&code=b", "code[]=a", "code=%", "&&&&", "=",
      "{\"code\":1}",
      "code=<script>alert(1)</script>", "code=%3Cscript%3E&digits=%3Cscript%3E", "digits=1169",
      "code=" + String(repeating: "A", count: 3_000), "code=EM473112922VN&digits=12a4",
    ] {
      let answer = try await station.send(.post, "/look-up", body: body, headers: form)
      #expect([400, 404, 200].contains(answer.status.code), "\(body.prefix(30)): \(answer.status)")
      #expect(!answer.text.contains("<script"))
    }
    #expect(
      try await station.send(.post, "/look-up", body: "code=a&code=b", headers: form).status == .badRequest)
    let long = try await station.send(
      .post, "/look-up", body: String(repeating: "a", count: 5_000), headers: form)
    #expect(long.status == .contentTooLarge)
  }

  @Test func theProofIsOfTheItemAloneAndVerifies() async throws {
    let station = try StationFixture()
    let code = try await station.lookupCode(item)
    let proof = try await station.send(.get, "/v/\(code)/proof")
    #expect(proof.status == .ok)
    #expect(proof.headers[.contentDisposition] == "attachment; filename=\"proof.custody.json\"")
    #expect(proof.text.contains(item))
    #expect(["Phan Kim Nhung", "0740631169", dossier].allSatisfy { !proof.text.contains($0) })
    #expect(try await station.send(.get, "/v/\(item)/proof").status == .notFound)
    #expect(try await station.send(.get, "/v/QC0/proof").status == .notFound)
    // Costs more than a page, so that fewer are given.
    var refused = 0
    for _ in 0..<12 where try await station.send(.get, "/v/\(code)/proof").status == .tooManyRequests {
      refused += 1
    }
    #expect(refused >= 6)
  }

  @Test func theCheckingPageIsTheOneThatIsKeptAsAFile() async throws {
    let station = try StationFixture(isFilled: false)
    let page = try await station.send(.get, "/verify")
    let file = URL(fileURLWithPath: StationFixture.samples + "/../Scripts/verify.html")
    #expect(page.bytes == [UInt8](try Data(contentsOf: file)))
    let policy = try #require(page.headers[.contentSecurityPolicy])
    #expect(policy.contains("default-src 'none'") && policy.contains("script-src 'sha256-"))
    #expect(!policy.contains("unsafe"))
  }
}

@Suite struct PublicLookupKioskTests {
  @Test func theScreenClearsItself() async throws {
    let station = try StationFixture()
    let code = try await station.lookupCode(item)
    let refresh = try #require(HTTPField.Name("Refresh"))
    let found = try await station.ask(code, at: "/kiosk?lang=en", ticket: try await station.ticket())
    #expect(found.text.contains("Result delivered"))
    #expect(found.headers[refresh] == "60; url=/kiosk?lang=en")
    #expect(!found.text.contains("/proof"))
    let coarse = try await station.ask(item, at: "/kiosk?lang=en", ticket: try await station.ticket())
    #expect(coarse.headers[refresh] == "60; url=/kiosk?lang=en")
    #expect(coarse.text.contains("Arrived"))
  }

  /// Who goes back and sends a form again sees the empty form and not what the person before him saw.
  @Test func aFormIsGoodForOneSending() async throws {
    let station = try StationFixture()
    let ticket = try await station.ticket()
    #expect(try await station.ask(item, digits, at: "/kiosk", ticket: ticket).status == .ok)
    for again in [ticket, "", String(repeating: "x", count: 1_000)] {
      let answer = try await station.ask(item, digits, at: "/kiosk", ticket: again)
      #expect(answer.status == .seeOther)
      #expect(answer.headers[.location]?.hasPrefix("/kiosk") == true)
      #expect(answer.bytes.isEmpty)
    }
    #expect(try await station.ask(item, digits, at: "/kiosk").status == .seeOther)
  }

  @Test func whatIsScannedIntoTheFieldForDigitsIsTheNextCode() async throws {
    let station = try StationFixture()
    let code = try await station.lookupCode(item)
    let page = try await station.ask(unknown, code, at: "/kiosk?lang=en", ticket: try await station.ticket())
    #expect(page.text.contains("Result delivered"))
    let number = try await station.ask(
      unknown, item, at: "/kiosk?lang=en", ticket: try await station.ticket())
    #expect(number.text.contains("Arrived"))
  }
}
