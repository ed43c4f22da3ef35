import DossierCore
import DossierTracker
import Foundation
import HTTPTypes
import Testing

@testable import DossierStation

@Suite("Scan page")
struct ScanPageTests {
  static let manifest = "BK-590110-260105-001"

  @Test("whoever may not scan sees no scan page", arguments: [Role.auditor, .reporter, .administrator])
  func permission(_ role: Role) async throws {
    let station = try StationFixture()
    #expect(try await station.send(.get, "/scan").status.code == 401)
    #expect(try await station.send(.get, "/scan", as: role).status.code == 403)
    #expect(try await station.send(.get, "/scan?manifest=\(Self.manifest)", as: role).status.code == 403)
  }

  @Test("the first page offers the open manifests of the visitor's office, and no others")
  func choice() async throws {
    let station = try StationFixture()
    let own = try await station.send(.get, "/scan", as: .clerk, office: "H48.21")
    #expect(own.status == .ok)
    #expect(own.text.contains(Self.manifest))
    // Whoever hands it over does not receive it.
    for office in ["590110", "590620"] {
      let other = try await station.send(.get, "/scan", as: .clerk, office: office)
      #expect(!other.text.contains(Self.manifest), "\(office)")
    }
    let twin = try await station.send(.get, "/scan.json", as: .clerk, office: "H48.21").json()
    let offered = try #require(twin["manifests"] as? [[String: Any]])
    #expect(offered.contains { $0["manifest"] as? String == Self.manifest })
  }

  @Test(
    "a manifest to another office is not opened, and its scans are not begun",
    arguments: ["H48.25", "590110"])
  func elsewhere(_ office: String) async throws {
    let station = try StationFixture()
    let page = try await station.send(
      .get, "/scan?manifest=\(Self.manifest)", as: .clerk, office: office)
    #expect(page.status == .forbidden)
    #expect(page.text.contains("D-7016") && page.text.contains("(H48.21)"))
    #expect(page.text.contains("name=\"manifest\"") && !page.text.contains("data-settings"))
    let session = try await station.send(
      .get, "/v1/manifests/\(Self.manifest)/session", as: .clerk, office: office)
    #expect(session.status == .forbidden)
    #expect(try session.json()["code"] as? String == "D-7016")
  }

  @Test(
    "what is no manifest opens nothing, and is shown as text",
    arguments: ["%3Cscript%3E", "..%2F..%2Fetc", "%00", "BK-", String(repeating: "9", count: 300)])
  func unknown(_ text: String) async throws {
    let station = try StationFixture()
    let answer = try await station.send(.get, "/scan?manifest=\(text)", as: .clerk)
    #expect(answer.status.code == (text == "%00" ? 400 : 404))
    #expect(!answer.text.contains("<script>") && answer.text.utf8.count < 60_000)
  }

  @Test("the barcode of an item leads to its manifest")
  func itemInstead() async throws {
    let station = try StationFixture()
    let answer = try await station.send(.get, "/scan?manifest=EM473126665VN", as: .clerk)
    #expect(answer.status.code == 404)
    #expect(answer.text.contains("/scan?manifest=\(Self.manifest)"))
  }

  @Test("the count begins at zero, and the settings survive being written into the page")
  func counter() async throws {
    let station = try StationFixture()
    let page = try await station.send(
      .get, "/scan?manifest=%5DC1\(Self.manifest.lowercased())%1D", as: .clerk, office: "H48.21")
    #expect(page.status == .ok)
    #expect(page.text.contains("<dd id=\"count-received\">0</dd>"))
    let settings = try Self.settings(page.text)
    #expect(settings["manifest"] as? String == Self.manifest)
    #expect(settings["session"] as? String == "/v1/manifests/\(Self.manifest)/session")
    #expect(settings["clerk"] as? String == "GDV01")
    let texts = try #require(settings["texts"] as? [String: String])
    #expect(texts["accepted"] == "ĐÃ NHẬN")
    #expect(page.text.utf8.count < 60_000)
  }

  @Test("every command of the sheet does something on the page, by code and by key")
  func commands() async throws {
    let station = try StationFixture()
    let settings = try Self.settings(
      try await station.send(.get, "/scan?manifest=\(Self.manifest)", as: .clerk, office: "H48.21").text)
    let commands = try #require(settings["commands"] as? [String: String])
    let keys = try #require(settings["keys"] as? [String: String])
    for command in ScanCommand.allCases {
      let number = command.code.dropFirst(3).dropLast()
      #expect(commands[String(number)] != nil, "\(command)")
      if let key = command.key, key.utf8.count > 1 { #expect(keys[key] == commands[String(number)]) }
    }
    #expect(commands.count == ScanCommand.allCases.count)
  }

  @Test("every text that a script asks for is there, in both languages, and every module that one imports")
  func scripts() async throws {
    let station = try StationFixture(isFilled: false)
    let web = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources/DossierStation/Web")
    for name in [
      "bag", "choices", "closing", "codes", "feedback", "keys", "lists", "outbox", "pinned", "queue", "scan",
      "session", "stops", "verdicts",
    ] {
      let script = try String(contentsOf: web.appendingPathComponent("\(name).js"), encoding: .utf8)
      #expect(try await station.send(.get, "/assets/\(name).js").text == script)
      for found in script.matches(of: /[tT]ext\("(\w+)"/) {
        let text = try #require(ScanTexts.all[String(found.1)], "\(name).js asks for \(found.1)")
        #expect(!text.vi.isEmpty && !text.en.isEmpty)
      }
      for found in script.matches(of: /from "\.\/([\w.]+)"/) {
        #expect(try await station.send(.get, "/assets/\(found.1)").status == .ok)
      }
    }
    for kind in ["badCheckDigit", "shortened", "rewritten", "damagedOwn", "lookup", "unknown"] {
      #expect(ScanTexts.all["wrong_\(kind)"] != nil)
    }
    for fault in ["telex", "vni", "capsLock", "AZERTY", "QWERTZ", "layout", "lost", "other"] {
      #expect(ScanTexts.all["fault_\(fault)"] != nil)
    }
  }

  /// The settings as the browser reads them out of the attribute.
  private static func settings(_ page: String) throws -> [String: Any] {
    let found = try #require(page.firstMatch(of: /data-settings="([^"]*)"/))
    var text = String(found.1)
    for (escaped, plain) in [("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&#39;", "'"), ("&amp;", "&")] {
      text = text.replacing(escaped, with: plain)
    }
    return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }
}
