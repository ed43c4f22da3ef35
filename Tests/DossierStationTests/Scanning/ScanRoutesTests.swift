import DossierTracker
import Foundation
import HTTPTypes
import Testing

@testable import DossierStation

@Suite struct ScanRoutesTests {
  private static let manifest = "BK-590230-260112-001"
  private static let item = "RM473195374VN"
  private static let json: HTTPFields = [.contentType: "application/json"]

  private func scan(_ id: String, _ changes: [String: Any?] = [:]) -> [String: Any] {
    var scan: [String: Any] = [
      "id": id, "type": "received", "manifest": Self.manifest, "code": Self.item, "raw": Self.item,
      "at": "2026-01-12T17:00:00+07:00", "mono": 12.5, "repaired": false, "offline": false, "clerk": "GDV01",
    ]
    for (name, value) in changes { scan[name] = value }
    return scan
  }

  private func body(_ scans: [[String: Any]], _ more: [String: Any] = [:]) throws -> String {
    var body: [String: Any] = ["station": "quay-1", "scans": scans]
    body.merge(more) { $1 }
    return String(decoding: try JSONSerialization.data(withJSONObject: body), as: UTF8.self)
  }

  private func post(
    _ station: StationFixture, _ body: String, as role: Role? = .clerk, headers: HTTPFields = [:]
  ) async throws -> StationFixture.Answer {
    var all = Self.json
    for field in headers { all[field.name] = field.value }
    return try await station.send(.post, "/v1/scans", as: role, body: body, headers: all)
  }

  private func results(_ answer: StationFixture.Answer) throws -> [[String: Any]] {
    try #require(try answer.json()["results"] as? [[String: Any]])
  }

  @Test func aSessionSaysEverythingThatACounterNeeds() async throws {
    let station = try StationFixture()
    let answer = try await station.send(.get, "/v1/manifests/\(Self.manifest)/session", as: .clerk)
    #expect(answer.status == .ok && answer.headers[.contentType] == "application/json")
    let session = try answer.json()
    #expect(session["manifest"] as? String == Self.manifest && session["closed"] as? Bool == false)
    #expect(session["giver"] as? String == "590230" && session["receiver"] as? String == "H48.25")
    for name in ["leg", "giverName", "receiverName", "dispatchedAt", "time", "list"] {
      #expect(session[name] is String, "\(name)")
    }
    // Dispatched on Monday, 12 January 2026; five working days on the way end with Monday, the 19th.
    #expect(session["lateFrom"] as? String == "2026-01-20T00:00:00+07:00")
    let log = try #require(session["log"] as? [String: Any])
    #expect(log["size"] is Int && log["root"] is String)
    let items = try #require(session["items"] as? [[String: Any]])
    #expect(items.count == 25 && items.allSatisfy { $0["outcome"] as? String == "short" })
    #expect(items[0]["numbers"] as? [String] == [Self.item] && items[0]["dossiers"] is [String])
    #expect(
      session["count"] as? [String: Int]
        == ["expected": 25, "received": 0, "short": 25, "surplus": 0, "misrouted": 0, "damaged": 0])
    #expect(try await station.send(.get, "/v1/manifests/BK-0/session", as: .clerk).status == .notFound)
    #expect(try await station.send(.get, "/v1/manifests/%2e%2e%2f/session", as: .clerk).status == .notFound)
    #expect(try await station.send(.get, "/v1/manifests/\(Self.manifest)/session").status == .unauthorized)
    #expect(
      try await station.send(.get, "/v1/manifests/\(Self.manifest)/session", as: .auditor).status
        == .forbidden)
  }

  @Test func scansAreAnsweredInOrderAndShownInTheSession() async throws {
    let station = try StationFixture()
    try station.person("GDV02", .clerk)
    let foreign = try await post(station, body([scan("a-0", ["clerk": "NOBODY"])]))
    #expect(try foreign.json()["code"] as? String == "D-7049")
    let answer = try await post(
      station,
      body([
        scan("a-1"), scan("a-2", ["clerk": "GDV02"]),
        scan(
          "a-3", ["type": "damaged", "grade": "readable", "cause": "wet", "documents": 2, "note": "ướt góc"]),
        scan("a-4", ["raw": "EM473481114VN"]), scan("a-5", ["raw": "RR123456785VN"]),
        scan("a-6", ["raw": "???"]),
        scan("a-7", ["type": "void", "raw": nil as Any?, "code": nil as Any?, "target": "a-5"]),
      ]))
    #expect(answer.status == .ok)
    let results = try results(answer)
    #expect(results.map { $0["id"] as? String } == (1...7).map { "a-\($0)" })
    #expect(
      results.map { $0["status"] as? String }
        == ["accepted", "duplicate", "accepted", "accepted", "accepted", "refused", "accepted"])
    #expect(
      results.map { $0["verdict"] as? String }
        == ["accepted", "duplicate", "accepted", "misrouted", "surplus", "refused", "accepted"])
    #expect(
      results.map { $0["kind"] as? String }
        == ["received", "received", "damaged", "surplus", "surplus", "received", "corrected"])
    #expect(results[0]["event"] as? String == "a-1" && results[0]["index"] is Int)
    #expect(
      results[1]["first"] as? [String: String]
        == ["at": "2026-01-12T17:00:00+07:00", "by": "GDV01", "event": "a-1"])
    #expect(results[2]["damage"] as? String == "readable")
    #expect((results[3]["belongsTo"] as? [String: String])?["manifest"] == "BK-590820-260119-001")
    #expect((results[3]["belongsTo"] as? [String: String])?["name"]?.isEmpty == false)
    let problem = try #require(results[5]["problem"] as? [String: Any])
    #expect(problem["code"] as? String == "D-2102" && problem["type"] as? String == "/explain/D-2102")
    #expect((results[6]["count"] as? [String: Int])?["surplus"] == 0)

    let session = try await station.send(.get, "/v1/manifests/\(Self.manifest)/session", as: .clerk).json()
    let items = try #require(session["items"] as? [[String: Any]])
    #expect(items[0]["outcome"] as? String == "received" && items[0]["event"] as? String == "a-1")
    #expect(items[0]["damage"] as? String == "readable" && items[0]["cause"] as? String == "wet")
    #expect(items[0]["damageEvent"] as? String == "a-3" && items[0]["by"] as? String == "GDV01")
    let strays = try #require(session["strays"] as? [[String: Any]])
    #expect(strays.map { $0["item"] as? String } == ["EM473481114VN"])
    #expect(strays[0]["outcome"] as? String == "misrouted" && strays[0]["belongsToName"] is String)
  }

  @Test func oneScanThatIsNoneDoesNotStopTheOthers() async throws {
    let station = try StationFixture()
    let wrong: [(String, Any?, String)] = [
      ("raw", 7, "/raw"), ("raw", nil as Any?, "/raw"), ("at", "2026-01-12T17:00:00", "/at"),
      ("type", "stolen", "/type"), ("manifest", "", "/manifest"), ("manifest", "<script>", "/manifest"),
      ("clerk", "Trần", "/clerk"), ("note", String(repeating: "n", count: 2_001), "/note"),
      ("note", "a\u{0}b", "/note"), ("raw", String(repeating: "9", count: 1_025), "/raw"),
      ("seen", ["size": -1, "root": "x"], "/seen/size"), ("seen", ["size": 1], "/seen/root"),
      ("seen", [1], "/seen"), ("mono", "1", "/mono"), ("documents", 1.5, "/documents"),
      ("offline", "yes", "/offline"), ("a/b~c", 1, "/a~1b~0c"), ("id", 9, "/id"), ("id", "a b", "/id"),
      ("id", "BK-1+0", "/id"), ("id", nil as Any?, "/id"), ("cause", "fire", "/cause"),
    ]
    for (name, value, pointer) in wrong {
      let answer = try await post(
        station, body([scan("good-1"), scan("bad", [name: value ?? NSNull()]), scan("good-2")]))
      #expect(answer.status == .ok, "\(pointer)")
      let results = try results(answer)
      #expect(results[0]["status"] as? String == "accepted" && results[2]["status"] as? String == "duplicate")
      #expect(results[1]["status"] as? String == "refused", "\(pointer)")
      let problem = try #require(results[1]["problem"] as? [String: Any])
      #expect(problem["code"] as? String == "D-7010")
      let pointers = (problem["errors"] as? [[String: String]])?.compactMap { $0["pointer"] }
      #expect(pointers?.contains("/scans/1" + pointer) == true, "\(pointer) \(pointers ?? [])")
      #expect(!answer.text.contains("\u{0}"))
    }
    let needs = try await results(
      post(
        station,
        body([
          scan("d", ["type": "damaged"]), scan("v", ["type": "void"]),
          scan("x", ["type": "void", "target": "+"]),
        ])))
    #expect(needs.allSatisfy { $0["status"] as? String == "refused" })
    let size = try await station.services.work { try $0.head().size }
    _ = try await post(station, body([]))
    #expect(try await station.services.work { try $0.head().size } == size)
  }

  @Test func aBodyThatIsNoneIsRefusedWhole() async throws {
    let station = try StationFixture()
    let good = try body([scan("a-1")])
    let bodies: [(String, HTTPResponse.Status, String)] = [
      ("", .badRequest, "D-7021"), ("[]", .badRequest, "D-7024"), ("null", .badRequest, "D-7024"),
      (good + "x", .badRequest, "D-7021"), (String(good.dropLast()), .badRequest, "D-7021"),
      (#"{"scans":[],"scans":[]}"#, .badRequest, "D-7021"), (#"{"scans":[1e999]}"#, .badRequest, "D-7021"),
      (#"{"scans":[],"admin":true}"#, .unprocessableContent, "D-7010"),
      (#"{"station":"q"}"#, .unprocessableContent, "D-7010"),
      (#"{"scans":{}}"#, .unprocessableContent, "D-7010"), (#"{"scans":"\ud800"}"#, .badRequest, "D-7021"),
      (#"{"station":"\u0000","scans":[]}"#, .unprocessableContent, "D-7010"),
      (String(repeating: "[", count: 10_000), .badRequest, "D-7021"),
      (try body((0...50).map { scan("m-\($0)") }), .unprocessableContent, "D-7025"),
      (String(repeating: " ", count: 300_000), .contentTooLarge, "D-7004"),
    ]
    for (body, status, code) in bodies {
      let answer = try await post(station, body)
      #expect(answer.status == status, "\(body.prefix(40))")
      #expect(answer.headers[.contentType] == "application/problem+json")
      #expect(try answer.json()["code"] as? String == code, "\(body.prefix(40))")
    }
    #expect(
      try await station.send(
        .post, "/v1/scans", as: .clerk, body: good, headers: [.contentType: "application/xml"]
      )
      .status == .unsupportedMediaType)
    #expect(try await post(station, good, as: nil).status == .unauthorized)
    #expect(try await post(station, good, as: .administrator).status == .forbidden)
    let session = try await station.send(.get, "/v1/manifests/\(Self.manifest)/session", as: .clerk).json()
    #expect((session["count"] as? [String: Int])?["received"] == 0)
  }

  @Test func aKeyGivesTheSameBytesAgain() async throws {
    let station = try StationFixture()
    let name = try #require(HTTPField.Name("Idempotency-Key"))
    let replayed = try #require(HTTPField.Name("Idempotency-Replayed"))
    let sent = try body([scan("k-1"), scan("k-2", ["raw": "?"])])
    let first = try await post(station, sent, headers: [name: "k-1"])
    #expect(first.headers[replayed] == nil)
    for _ in 0..<2 {
      let again = try await post(station, sent, headers: [name: "k-1"])
      #expect(again.bytes == first.bytes && again.headers[replayed] == "true")
    }
    let other = try await post(station, body([scan("k-3")]), headers: [name: "k-1"])
    #expect(other.status == .unprocessableContent)
    #expect(try other.json()["code"] as? String == "D-7026")
    // Without the key the identifiers do it.
    let bare = try await results(post(station, sent))
    #expect(NSDictionary(dictionary: bare[0]) == NSDictionary(dictionary: try results(first)[0]))
    #expect(try await post(station, sent, headers: [name: "a b"]).status == .badRequest)
  }

  @Test func theOfficeOfWhoSendsDecides() async throws {
    let station = try StationFixture()
    let answer = try await station.send(
      .post, "/v1/scans", as: .clerk, office: "590230", body: body([scan("o-1")]), headers: Self.json)
    let problem = try #require(try results(answer)[0]["problem"] as? [String: Any])
    #expect(problem["code"] as? String == "D-7016")
    #expect((problem["title"] as? String)?.contains("Lộc Thượng") == true)
  }

  @Test func aBulkIsAnsweredLineByLine() async throws {
    let station = try StationFixture()
    let session = try await station.send(.get, "/v1/manifests/\(Self.manifest)/session", as: .clerk).json()
    let items = try #require(session["items"] as? [[String: Any]]).compactMap { $0["item"] as? String }
    var lines: [String] = []
    for turn in 0..<3 {
      for (position, item) in items.enumerated() {
        let data = try JSONSerialization.data(withJSONObject: scan("b-\(turn)-\(position)", ["raw": item]))
        lines.append(String(decoding: data, as: UTF8.self))
      }
    }
    lines.insert("{not json", at: 10)
    lines.insert("", at: 20)
    lines.insert(#"{"id":"long","raw":""# + String(repeating: "9", count: 20_000) + #""}"#, at: 30)
    let answer = try await station.send(
      .post, "/v1/scans", as: .clerk, body: lines.joined(separator: "\r\n"),
      headers: [.contentType: "application/x-ndjson"])
    #expect(answer.headers[.contentType] == "application/x-ndjson")
    let results = try answer.text.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(results.count == 77)
    #expect(results.filter { $0["status"] as? String == "accepted" }.count == 25)
    #expect(results.filter { $0["status"] as? String == "duplicate" }.count == 50)
    #expect(results.filter { $0["status"] as? String == "refused" }.count == 2)
    #expect(results[10]["status"] as? String == "refused" && results[11]["id"] as? String == "b-0-10")
  }

  @Test func manyPostsAtOnceAreEachRecordedOnce() async throws {
    let station = try StationFixture()
    let bodies = try (0..<60).map { number in
      try body([scan("c-\(number)", ["raw": "XX-\(number % 20)"])])
    }
    _ = try await station.secret("GDV01", .clerk)
    let statuses = try await withThrowingTaskGroup(of: String?.self) { group in
      for sent in bodies {
        group.addTask {
          let answer = try await station.send(
            .post, "/v1/scans", as: .clerk, body: sent, headers: [.contentType: "application/json"])
          return (try answer.json()["results"] as? [[String: Any]])?.first?["status"] as? String
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(statuses.filter { $0 == "accepted" }.count == 20)
    #expect(statuses.filter { $0 == "duplicate" }.count == 40)
    let load = await station.services.scans.load
    #expect(load == 0)
  }

  @Test func aQueueThatIsFullSendsAway() async throws {
    let station = try StationFixture()
    let intake = ScanIntake(work: station.services.work, live: station.services.live, capacity: 2)
    let at = try #require(OffsetDateTime("2026-01-12T17:00:00+07:00"))
    let scans = (0..<3).map {
      CounterScan(
        id: "f-\($0)", kind: .received, manifest: Self.manifest, raw: "XX-\($0)", at: at, by: "GDV01",
        office: "H48.25")
    }
    await #expect(throws: Problem.self) { try await intake.take(scans) }
    do { _ = try await intake.take(scans) } catch let problem as Problem {
      #expect(problem.status == .serviceUnavailable && problem.retryAfter == 1)
      #expect(problem.finding.code == .scanQueueFull)
    }
    #expect(try await intake.take(Array(scans.prefix(2))).results.map(\.status) == [.accepted, .accepted])
  }
}

@Suite struct JSONInputTests {
  private func read(_ text: String) -> JSONInput? { try? JSONInput(Array(text.utf8)) }

  @Test func readsWhatIsJSON() {
    #expect(
      read(" {\"a\" : [1, -2.5, true, null, \"\\u00e9\\ud83d\\ude00\\n\"]} ")
        == .object(["a": .array([.integer(1), .decimal(-2.5), .bool(true), .null, .string("é😀\n")])]))
    #expect(read("9223372036854775807") == .integer(.max))
    #expect(read("9223372036854775808") == .decimal(9_223_372_036_854_775_808))
    #expect(read("{}") == .object([:]))
  }

  @Test(arguments: [
    "", " ", "{", "}", "[1,]", "{\"a\":1,}", "01", "-", "1.", ".5", "1e", "+1", "NaN", "tru", "'a'", "\"\t\"",
    "\"\\x\"", "\"\\u12\"", "\"\\udc00\"", "\"\\ud800a\"", "{\"a\":1,\"a\":2}", "{a:1}", "[1 2]", "\"", "1 2",
    "\u{FEFF}1", "[" + String(repeating: "[", count: 40) + "]", "// x\n1", "1e400",
  ])
  func refusesWhatIsNot(_ text: String) { #expect(read(text) == nil, "\(text)") }

  @Test func refusesWhatIsNotUTF8() {
    #expect((try? JSONInput([0x22, 0xFF, 0x22])) == nil)
    #expect((try? JSONInput([0x22, 0xC0, 0x80, 0x22])) == nil)
  }

  @Test func linesAreCutWhateverThePortions() {
    let text = Array("a\r\n\nbb\n  \ncccccc\nd".utf8)
    for size in 1...text.count {
      var splitter = LineSplitter(greatestLine: 5)
      var lines: [LineSplitter.Line] = []
      for start in stride(from: 0, to: text.count, by: size) {
        lines += splitter.append(Array(text[start..<min(start + size, text.count)]))
      }
      if let last = splitter.finish() { lines.append(last) }
      #expect(lines == [.whole([0x61]), .whole([0x62, 0x62]), .tooLong, .whole([0x64])], "\(size)")
    }
  }
}
