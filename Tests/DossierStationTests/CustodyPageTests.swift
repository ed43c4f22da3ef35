import DossierTesting
import DossierTracker
import Foundation
import HTTPTypes
import Testing

@testable import DossierStation

/// The pages on which custody is read: who may see them, what they show, what they refuse.
@Suite struct CustodyPageTests {
  static let html: HTTPFields = [.accept: "text/html"]
  /// Each page with the permission that it needs.
  static let pages: [(path: String, needs: Permission)] = [
    ("/items", .read), ("/items/RM473126705VN", .read), ("/items/RM473126705VN/evidence.json", .read),
    ("/dossiers/H48.25-260112-0035", .read), ("/manifests", .read),
    ("/manifests/BK-590230-260112-001", .read), ("/findings", .read), ("/find?code=D-2004", .read),
    ("/audit", .audit), ("/audit?item=RM473126705VN", .audit), ("/reports", .report),
    ("/reports/losses", .report), ("/reports/delays", .report), ("/reports/custody", .report),
    ("/reports/settlement", .report), ("/reports/fees", .report), ("/reports/fees/file/csv", .report),
  ]

  @Test func everyPageOpensForWhoeverMayAndForNobodyElse() async throws {
    let station = try StationFixture()
    for (path, needed) in Self.pages {
      let stranger = try await station.send(.get, path, headers: Self.html)
      let isFile = path.hasSuffix(".json")
      #expect(stranger.status == (isFile ? .unauthorized : .seeOther), "\(path)")
      #expect(isFile || stranger.headers[.location]?.hasPrefix("/sign-in?next=") == true, "\(path)")
      for role in Role.allCases {
        let answer = try await station.send(.get, path, as: role, headers: Self.html)
        if role.permissions.contains(needed) {
          #expect(answer.status == .ok || answer.status == .seeOther, "\(path) \(role)")
        } else {
          #expect(answer.status == .forbidden, "\(path) \(role)")
        }
      }
    }
  }

  @Test func theFirstPageShowsWorkToStaffAndTwoDoorsToThePublic() async throws {
    let station = try StationFixture()
    let clerk = try await station.send(.get, "/", as: .clerk).text
    #expect(clerk.contains("BK-590230-260112-001") && clerk.contains("/scan?manifest=BK-590230-260112-001"))
    // Manifests to other offices wait elsewhere.
    #expect(!clerk.contains("BK-590820-260119-001"))
    #expect(clerk.contains("EM473653477VN"))
    let stranger = try await station.send(.get, "/").text
    #expect(stranger.contains("href=\"/look-up\"") && stranger.contains("href=\"/sign-in\""))
    #expect(!stranger.contains("BK-590230-260112-001") && !stranger.contains("action=\"/find\""))
    #expect(try await station.send(.get, "/", as: .administrator).text.contains("BK-590230") == false)
  }

  @Test(arguments: [
    ("rm 473 126 705 vn", "/items/RM473126705VN"), ("d-2004", "/explain/D-2004"),
    ("2004", "/explain/D-2004"),
    ("BK-590230-260112-001", "/manifests/BK-590230-260112-001"),
    ("H48.25-260112-0035", "/dossiers/H48.25-260112-0035"), ("590230", "/items?custodian=590230"),
    // A number that was replaced leads to the item under its new one.
    ("RM473726506VN", "/items/RM473990015VN"),
  ]) func anyCodeLeadsToItsPage(code: String, address: String) async throws {
    let station = try StationFixture()
    // A form writes a blank as a plus.
    let typed = PageWords.encoded(code).replacing("%20", with: "+")
    let answer = try await station.send(.get, "/find?code=" + typed, as: .clerk)
    #expect(answer.status == .seeOther)
    #expect(answer.headers[.location] == address)
  }

  @Test(arguments: [
    "", "nothing", "../../etc/passwd", "%00", String(repeating: "9", count: 5_000),
    "<script>evil()</script>", "RM473126705VX", "'; DROP TABLE item; --",
  ]) func unknownCodesAreSaidToBe(code: String) async throws {
    let station = try StationFixture()
    let answer = try await station.send(.get, "/find?code=" + PageWords.encoded(code), as: .clerk)
    #expect(answer.status == .notFound)
    #expect(answer.text.contains("name=\"code\"") && !answer.text.contains("<script>evil"))
    #expect(answer.bytes.count < 10_000)
  }

  @Test func hostilePathsFindNothingAndBreakNothing() async throws {
    let station = try StationFixture()
    let long = String(repeating: "A", count: 10_000)
    for prefix in ["/items/", "/dossiers/", "/manifests/", "/explain/", "/reports/", "/reports/fees/file/"] {
      for name in [
        "nothing", long, "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "..", "%00", "%3Cscript%3Eevil()%3C%2Fscript%3E",
        "%FF%FE", "%E2%80%AE", "nothing.json", "nothing.csv", ".json", "%2F",
      ] {
        let answer = try await station.send(.get, prefix + name, as: .shiftLead, headers: Self.html)
        #expect((400..<500).contains(answer.status.code), "\(prefix)\(name.prefix(40)): \(answer.status)")
        #expect(!answer.text.contains("<script>evil"), "\(prefix)\(name)")
        #expect(answer.bytes.count < 20_000)
      }
    }
  }

  @Test(arguments: [
    "/items?state=flying", "/items?limit=0", "/items?limit=-1", "/items?limit=1001", "/items?limit=9e9",
    "/items?custodian=%3Cscript%3E", "/items?findings=2", "/items?after=" + String(repeating: "9", count: 65),
    "/manifests?open=yes", "/findings?limit=a",
  ]) func wordsOfAnAddressAreChecked(path: String) async throws {
    let answer = try await StationFixture().send(.get, path, as: .clerk)
    #expect(answer.status == .badRequest)
    #expect(try answer.json()["code"] as? String == "D-7092")
  }

  @Test func aCursorThatNamesNothingIsUnknown() async throws {
    let station = try StationFixture()
    #expect(try await station.send(.get, "/items?after=RM000000000VN", as: .clerk).status == .notFound)
    #expect(try await station.send(.get, "/manifests?after=BK-0", as: .clerk).status == .notFound)
  }

  /// Follows the pages' own links, while something is recorded between them.
  @Test(arguments: [("/items.csv", "/items", 94), ("/manifests.csv", "/manifests", 12)])
  func pagesMeetEveryRowOnce(twin: String, page: String, count: Int) async throws {
    let station = try StationFixture()
    var address: String? = page + "?limit=7"
    var seen: [String] = []
    while let next = address {
      let rows = try await station.send(
        .get, next.replacing(page + "?", with: twin + "?"), as: .clerk)
      seen += rows.text.split(separator: "\r\n").dropFirst().map { String($0.prefix { $0 != "," }) }
      let link = rows.headers[PageWords.link]
      address = link.map { String($0.dropFirst().prefix { $0 != ">" }) }
      _ = try await station.services.work { tracker in
        try tracker.record(EventRequest(.held, item: "RM473481131VN", office: "590820"))
      }
    }
    #expect(Set(seen).count == seen.count)
    #expect(seen.count == count)
  }

  @Test func theTimelineShowsWhatIsMissingExtraAndTakenBack() async throws {
    let station = try StationFixture()
    let astray = try await station.send(.get, "/items/RM473126705VN", as: .auditor).text
    #expect(astray.contains("row-extra") && astray.contains("Đến nơi khác") && astray.contains("D-2004"))
    let corrected = try await station.send(.get, "/items/RM473113052VN", as: .auditor).text
    #expect(corrected.contains("<del>") && corrected.contains("row-correction"))
    let open = try await station.send(.get, "/items/RM473195374VN?lang=en", as: .auditor).text
    #expect(open.contains("row-pending") && open.contains("overdue +"))
    let offline = try await station.send(.get, "/items/RM473653485VN", as: .auditor).text
    #expect(offline.contains("đồng hồ máy") && offline.contains("vào nhật ký lúc"))
    let lost = try await station.send(.get, "/items/EM473653477VN", as: .auditor).text
    #expect(lost.contains("row-missing") && lost.contains("D-2012"))
  }

  @Test func noPersonStandsOnAnyPage() async throws {
    let station = try StationFixture()
    // The sender, an applicant and the giver's clerk of BK-590210-260105-001.
    let people = ["Đặng Quang Lộc", "0740438681", "Nguyễn Thu Oanh", "Nguyễn Đức Nghĩa"]
    for path in [
      "/items/RM473173175VN", "/items/RM473173175VN.json", "/dossiers/H48.24-260105-0001",
      "/manifests/BK-590210-260105-001", "/items/RM473173175VN/evidence.json", "/reports/delays",
    ] {
      let answer = try await station.send(.get, path, as: .auditor)
      for person in people { #expect(!answer.text.contains(person), "\(path)") }
    }
  }

  @Test func aManifestCountsWhatCame() async throws {
    let station = try StationFixture()
    let page = try await station.send(.get, "/manifests/BK-590110-260105-001", as: .clerk).text
    #expect(page.contains("/manifests/BK-590110-260105-001/record"))
    // It goes to another office, so nobody here scans or signs it.
    #expect(!page.contains("/scan?manifest="))
    let here = try await station.send(.get, "/manifests/BK-590230-260112-001", as: .clerk).text
    #expect(here.contains("/scan?manifest=BK-590230-260112-001") && here.contains("/sign\""))
    #expect(
      try await station.send(.get, "/manifests/BK-590230-260112-001", as: .auditor).text.contains("/sign\"")
        == false)
  }

  @Test func theVisitorsOfficeDecidesWhatWaitsAndWhoSigns() async throws {
    let station = try StationFixture()
    // The store is that of H48.25.
    let elsewhere = try await station.send(.get, "/", as: .clerk, office: "H48.21").text
    #expect(elsewhere.contains("/scan?manifest=BK-590110-260105-001"))
    #expect(!elsewhere.contains("/scan?manifest=BK-590230-260112-001"))
    let path = "/manifests/BK-590230-260112-001"
    let giver = try await station.send(.get, path, as: .clerk, office: "590230").text
    #expect(giver.contains("/sign\"") && !giver.contains("/scan?manifest="))
    let other = try await station.send(.get, path, as: .clerk, office: "H48.21").text
    #expect(!other.contains("/sign\"") && !other.contains("/scan?manifest="))
    // Who carries for the giver, and who is above it, signs for it.
    for office in ["590900", "590200", "590000"] {
      let signer = try await station.send(.get, path, as: .clerk, office: office).text
      #expect(signer.contains("/sign\"") && !signer.contains("/scan?manifest="), "\(office)")
    }
  }

  @Test func aLongManifestIsLightAndItsPagesMeetEveryLineOnce() async throws {
    let station = try StationFixture(isFilled: false)
    let tracker = station.services.work.tracker
    let numbers = (1...300).map { TestValues.s10(47_900_000 + $0, prefix: "RM") }
    let items = numbers.enumerated().map { place, number in
      """
      <item number="\(number)"><acceptedAt>2026-01-05T07:35:42+07:00</acceptedAt>\
      <sender><name>An</name><phone>0740438681</phone><address>1</address></sender>\
      <dossier code="H48.25-260105-\(1_000 + place)"><field>Đất đai</field><agency>H48.25</agency>\
      <applicant>An</applicant><document originals="1">Đơn</document></dossier></item>
      """
    }
    let manifest = "BK-590210-260105-300"
    let file = station.folder + "/long.xml"
    try """
    <?xml version="1.0" encoding="UTF-8"?>
    <manifest xmlns="urn:postal-dossier:manifest:1" version="1" number="\(manifest)" leg="intake" \
    dispatchedAt="2026-01-05T15:30:00+07:00"><giver office="590210"><person code="GDV-046">An</person></giver>\
    <receiver office="H48.25"/><declared items="300" dossiers="300"/><items>\(items.joined())</items></manifest>
    """.write(toFile: file, atomically: true, encoding: .utf8)
    let status = try tracker.importDocuments([file]).documents.map(\.outcome.status)
    #expect(status == [.recorded])
    _ = try tracker.receive(manifest: manifest, by: "GDV01").scan([
      "\(numbers[0])", "\(numbers[299]) damaged wrapper",
    ])
    var address: String? = "/manifests/\(manifest)"
    var seen: [String] = []
    while let next = address {
      let page = try await station.send(.get, next, as: .clerk)
      #expect(page.status == .ok && page.bytes.count < 60_000, "\(next): \(page.bytes.count)")
      // What differs stands before the first page, wherever its line is.
      #expect(page.text.contains("Sai lệch (1)") == seen.isEmpty)
      seen += page.text.matches(of: #/<th scope="row"><a class="code" lang="en" href="/items/(\w+)"/#).map {
        String($0.1)
      }
      address = page.text.firstMatch(of: #/rel="next" href="([^"]+)"/#).map { String($0.1) }
    }
    #expect(seen == numbers)
    #expect(
      try await station.send(.get, "/manifests/\(manifest)?after=RM0", as: .clerk).status == .notFound)
    for name in ["sign", "record"] {
      let page = try await station.send(.get, "/manifests/\(manifest)/\(name)", as: .clerk)
      #expect(page.status == .ok && page.bytes.count < 60_000, "\(name): \(page.bytes.count)")
    }
  }

  @Test func theTimelineSaysWhatWasErased() async throws {
    let station = try StationFixture()
    let tracker = station.services.work.tracker
    let path = "/items/RM473173175VN"
    #expect(try await station.send(.get, path, as: .auditor).text.contains("có lệnh xóa") == false)
    let order = try #require(
      try tracker.orderErasure(
        ErasureRequest(
          target: "RM473173175VN", fields: [.sender], basis: .subjectRequest, by: "QT01")
      ).first
    ).order
    #expect(try await station.send(.get, path, as: .auditor).text.contains("chưa thực hiện"))
    _ = try tracker.carryOutErasure(order: order, by: "QT02")
    let page = try await station.send(.get, path, as: .auditor).text
    #expect(page.contains("đã xóa lúc") && page.contains("căn cứ: chủ thể dữ liệu yêu cầu"))
  }

  @Test func theEvidenceOfAnItemVerifies() async throws {
    let station = try StationFixture()
    let answer = try await station.send(.get, "/items/rm473126705vn/evidence.json", as: .clerk)
    #expect(answer.headers[.contentDisposition]?.contains("evidence-RM473126705VN.json") == true)
    #expect(answer.status == .ok && answer.text.contains("RM473126705VN"))
    #expect(
      try await station.send(.get, "/items/RM999999999VN/evidence.json", as: .clerk).status == .notFound)
  }

  @Test func codesAreExplainedToEverybody() async throws {
    let station = try StationFixture()
    for code in FindingCatalogue.entries.map(\.code.rawValue) {
      let answer = try await station.send(.get, "/explain/\(code)?lang=en")
      #expect(answer.status == .ok, "\(code)")
    }
    #expect(try await station.send(.get, "/explain/D-9999").status == .notFound)
    #expect(try await station.send(.get, "/explain.csv").text.contains("D-7090"))
  }
}
