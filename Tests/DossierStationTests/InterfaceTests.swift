import DossierTesting
import DossierTracker
import Foundation
import HTTPTypes
import Testing

@testable import DossierStation

@Suite struct InterfaceTests {
  @Test func everyRouteIsDescribedAndEveryDescriptionIsARoute() async throws {
    let station = try StationFixture(isFilled: false)
    let registered = Set(station.routes.filter { $0.contains(" /v1/") })
    let described = Set(
      APIRoutes(services: station.services).operations.map { "\($0.method.rawValue) \($0.path)" })
    #expect(registered.subtracting(described).isEmpty)
    #expect(described.subtracting(registered).isEmpty)
    let names = APIRoutes(services: station.services).operations.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test func listsGoOnWithTheirLinkUntilTheEnd() async throws {
    let station = try StationFixture()
    var address: String? = "/v1/items?limit=20"
    var items: [String] = []
    while let current = address {
      let answer = try await station.send(.get, current, as: .auditor)
      let rows = try #require(try JSONSerialization.jsonObject(with: Data(answer.bytes)) as? [[String: Any]])
      items += rows.compactMap { $0["item"] as? String }
      address = answer.headers[try #require(HTTPField.Name("Link"))].map {
        String($0.dropFirst().prefix { $0 != ">" })
      }
    }
    let all = try await station.services.work { try $0.items(limit: 10_000) }
    #expect(items == all.map(\.number))
  }

  @Test func formatsAreChosenByAccept() async throws {
    let station = try StationFixture()
    func type(_ accept: String) async throws -> String? {
      try await station.send(.get, "/v1/events?limit=3", as: .auditor, headers: [.accept: accept])
        .headers[.contentType]
    }
    #expect(try await type("*/*") == "application/json")
    #expect(try await type("text/csv") == "text/csv; charset=utf-8")
    #expect(try await type("application/json;q=0.1, application/x-ndjson") == "application/x-ndjson")
    let refused = try await station.send(
      .get, "/v1/events", as: .auditor, headers: [.accept: "image/png, */*;q=0"])
    #expect(refused.status == .notAcceptable)
    let stream = try await station.send(
      .get, "/v1/events", as: .auditor, headers: [.accept: "application/x-ndjson"])
    let size = try await station.services.work { try Int($0.head().size) }
    #expect(stream.text.split(separator: "\n").count == size)
  }

  @Test func anEventIsRecordedOnceAndRefusedWithPointers() async throws {
    let station = try StationFixture()
    let json: HTTPFields = [.contentType: "application/json"]
    let body = #"{"kind":"held","item":"EM473653477VN","reason":"absent","event":"own-1"}"#
    let first = try await station.send(.post, "/v1/events", as: .clerk, body: body, headers: json)
    #expect(first.status == .created)
    let again = try await station.send(.post, "/v1/events", as: .clerk, body: body, headers: json)
    #expect(again.status == .ok)
    #expect(try again.json()["index"] as? Int == first.json()["index"] as? Int)
    let recorded = try await station.services.work {
      try $0.events(from: Int64($0.head().size) - 1, limit: 1)
    }
    #expect(recorded.first?.operatorCode == "GDV01")
    let other = body.replacingOccurrences(of: "absent", with: "closed")
    #expect(
      try await station.send(.post, "/v1/events", as: .clerk, body: other, headers: json).status == .conflict)
    let wrong = try await station.send(
      .post, "/v1/events", as: .clerk, body: #"{"kind":"held","item":7,"reson":"x"}"#, headers: json)
    #expect(wrong.status == .unprocessableContent)
    let errors = try #require(try wrong.json()["errors"] as? [[String: Any]])
    #expect(Set(errors.compactMap { $0["pointer"] as? String }) == ["/item", "/reson"])
    #expect(
      try await station.send(.post, "/v1/events", as: .auditor, body: body, headers: json).status
        == .forbidden)
    #expect(
      try await station.send(
        .post, "/v1/events", as: .clerk, body: body, headers: [.contentType: "application/xml"]
      ).status == .unsupportedMediaType)
    let twice = #"{"kind":"held","item":"EM473653477VN","reason":"absent","reason":"closed"}"#
    for broken in ["", "[]", "{", "\u{0}", #"{"kind":"#, #"{"kind":"held",}"#, twice] {
      let answer = try await station.send(.post, "/v1/events", as: .clerk, body: broken, headers: json)
      #expect(answer.status == .badRequest)
    }
  }

  @Test(arguments: [
    ("1", 201), ("3.0", 201), ("null", 201), ("true", 422), ("1.5", 422), ("\"1\"", 422), ("-1", 422),
  ])
  func countsAreWholeNumbers(documents: String, status: Int) async throws {
    let station = try StationFixture()
    let members = #""kind":"damaged","item":"EM473653477VN","damage":"readable","documents":"#
    let answer = try await station.send(
      .post, "/v1/events", as: .clerk, body: "{\(members)\(documents)}",
      headers: [.contentType: "application/json"])
    #expect(answer.status.code == status, "\(answer.text)")
  }

  @Test(arguments: [
    "after=-2", "after=x", "limit=0", "limit=1001", "limit=9999999999999999999999", "state=nowhere",
  ])
  func parametersAreChecked(query: String) async throws {
    let station = try StationFixture(isFilled: false)
    #expect(try await station.send(.get, "/v1/items?" + query, as: .auditor).status == .badRequest)
  }

  @Test func anAuditRunsAndIsShown() async throws {
    let station = try StationFixture()
    #expect(try await station.send(.get, "/v1/audit", as: .clerk).status == .forbidden)
    #expect(try await station.send(.post, "/v1/audit", as: .auditor).status == .accepted)
    var state = "running"
    for _ in 0..<6000 where state == "running" {
      try await Task.sleep(for: .milliseconds(50))
      state = try await station.send(.get, "/v1/audit", as: .auditor).json()["state"] as? String ?? ""
    }
    #expect(state == "done")
  }

  @Test func aWorkerThatFailsSaysSoAndLeavesNoFile() async throws {
    // The fixture's program is /bin/false.
    let station = try StationFixture()
    let answer = try await station.send(
      .post, "/v1/manifests", as: .shiftLead, body: "<x/>", headers: [.contentType: "application/xml"])
    #expect(answer.status == .internalServerError)
    #expect(try answer.json()["code"] as? String == "D-7080")
    let empty = try await station.send(
      .post, "/v1/manifests", as: .shiftLead, headers: [.contentType: "application/xml"])
    #expect(empty.status == .badRequest)
  }

  @Test func aFilesNameIsALabel() {
    #expect(Upload.plain("../../etc/passwd") == "../../etc/passwd")
    #expect(Upload.plain("a\n\u{202E}b\u{0}") == "a\u{FFFD}\u{FFFD}b\u{FFFD}")
    #expect(Upload.plain(String(repeating: "x", count: 500)).count == 120)
  }
}
