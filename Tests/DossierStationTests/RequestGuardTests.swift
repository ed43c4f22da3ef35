import DossierTracker
import Foundation
import HTTPTypes
import Testing

@testable import DossierStation

@Suite struct RequestGuardTests {
  private static let form = "application/x-www-form-urlencoded"

  private static func fields(_ given: [String: String]) -> HTTPFields {
    var fields = HTTPFields()
    for (name, value) in given { if let name = HTTPField.Name(name) { fields[name] = value } }
    return fields
  }

  /// What another site makes a browser send, and what scripts forget.
  @Test(arguments: [
    ["Origin": "https://evil.example"], ["Origin": "http://localhost.evil.example"],
    ["Origin": "http://localhost:8080"], ["Origin": "https://localhost"], ["Origin": "null"], [:],
    ["Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"], ["Sec-Fetch-Site": "same-site"],
    ["Sec-Fetch-Site": "none"], ["Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"],
    ["Sec-Fetch-Site": "SAME-ORIGIN"],
  ]) func requestsOfOtherSitesAreRefused(from: [String: String]) async throws {
    let station = try StationFixture(isFilled: false)
    let secret = try await station.secret("GDV01", .clerk)
    var headers = Self.fields(from)
    headers[.contentType] = Self.form
    let token = "csrf=\(SessionCookie.csrf(secret))"
    let posted = try await station.send(
      .post, "/shift/open", as: .clerk, body: token, headers: headers, isBare: true)
    #expect(posted.status == .forbidden && posted.code == "D-7039")
    headers[.contentType] = "application/json"
    let json = try await station.send(
      .post, "/v1/session/lock", as: .clerk, body: "{}", headers: headers, isBare: true)
    #expect(json.status == .forbidden)
    #expect(
      try await station.send(.delete, "/v1/session", as: .clerk, headers: Self.fields(from), isBare: true)
        .status
        == .forbidden)
    // Not even into a session that the other site chose.
    let entry = try await station.send(
      .post, "/sign-in", body: "code=GDV01&password=x", headers: headers, isBare: true)
    #expect(entry.status == .forbidden)
    #expect(try await station.accesses() == [])
  }

  @Test func aFormNeedsTheTokenOfItsOwnSession() async throws {
    let station = try StationFixture(isFilled: false)
    let secret = try await station.secret("GDV01", .clerk)
    let other = try await station.secret("GDV02", .clerk)
    let own: HTTPFields = Self.fields(["Origin": "http://localhost", "Content-Type": Self.form])
    for body in [
      "", "csrf=", "csrf=\(SessionCookie.csrf(other))", "csrf=\(secret)",
      "CSRF=\(SessionCookie.csrf(secret))",
      "csrf=x&csrf=\(SessionCookie.csrf(secret))",
    ] {
      let answer = try await station.send(
        .post, "/shift/open", as: .clerk, body: body, headers: own, isBare: true)
      #expect(answer.status == .forbidden, "\(body)")
    }
    for body in ["%zz=1", "a=%ff", "%", "csrf=%4"] {
      let answer = try await station.send(
        .post, "/shift/open", as: .clerk, body: body, headers: own, isBare: true)
      #expect(answer.status == .badRequest, "\(body)")
    }
    let long = try await station.send(
      .post, "/shift/open", as: .clerk, body: String(repeating: "a", count: 1_100_000), headers: own,
      isBare: true)
    #expect(long.status == .contentTooLarge)
    // A form that is called something else is refused where scripts send JSON.
    let plain = Self.fields(["Origin": "http://localhost", "Content-Type": "text/plain"])
    #expect(
      try await station.send(.post, "/shift/open", as: .clerk, body: "x", headers: plain, isBare: true).status
        == .forbidden)
    let right = try await station.send(
      .post, "/shift/open", as: .clerk, body: "csrf=\(SessionCookie.csrf(secret))", headers: own, isBare: true
    )
    #expect(right.status == .seeOther)
    // As browsers send it from pages that keep the referrer secret.
    let browser = Self.fields(["Origin": "null", "Sec-Fetch-Site": "same-origin", "Content-Type": Self.form])
    let closed = try await station.send(
      .post, "/shift/close", as: .clerk, body: "csrf=\(SessionCookie.csrf(secret))", headers: browser,
      isBare: true)
    #expect(closed.status == .seeOther)
    #expect(try await station.accesses() == ["shiftOpened", "shiftClosed"])
  }

  @Test func everyPagesFormsCarryTheToken() async throws {
    let station = try StationFixture(isFilled: false)
    try station.person("GDV05", .clerk)
    let secret = try await station.secret("QT01", .administrator)
    for path in ["/shift", "/tokens", "/people", "/people/GDV05", "/password"] {
      let page = try await station.send(.get, path, as: .administrator, code: "QT01")
      #expect(page.status == .ok)
      let forms = page.text.split(separator: "<form").dropFirst()
      #expect(!forms.isEmpty)
      for form in forms where form.contains("method=\"post\"") {
        #expect(form.contains("name=\"csrf\" value=\"\(SessionCookie.csrf(secret))\""), "\(path)")
      }
      #expect(!page.text.contains("style=") && !page.text.contains("<script>"))
    }
  }

  @Test(arguments: [
    "/", "/sign-in", "/nowhere", "/shift", "/assets/station.css", "/v1/session", "/people.csv",
  ])
  func everyAnswerTellsTheBrowserWhatNotToDo(path: String) async throws {
    let station = try StationFixture(isFilled: false)
    for accept in ["text/html", "application/json"] {
      let answer = try await station.send(.get, path, headers: [.accept: accept])
      #expect(
        answer.headers[.contentSecurityPolicy]?.contains("default-src 'self'; object-src 'none'") == true)
      #expect(answer.headers[.contentSecurityPolicy]?.contains("frame-ancestors 'none'") == true)
      #expect(answer.headers[.xContentTypeOptions] == "nosniff")
      for name in ["Referrer-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy"] {
        #expect(answer.headers.contains { $0.name.rawName == name })
      }
      #expect(answer.headers[.strictTransportSecurity] == nil)
    }
  }

  @Test func otherNamesOfTheStationGetNothing() {
    let plain = StationHosts(StationOptions(data: "", program: ""), certificate: nil)
    for name in ["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:80", "192.0.2.1", "LOCALHOST"] {
      #expect(plain.contains(name), "\(name)")
    }
    for name in [
      nil, "", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "[", "[::1",
      "localhost@evil",
      "evil.example:8080", ":8080",
    ] {
      #expect(!plain.contains(name), "\(name ?? "nil")")
    }
    let named = StationHosts(
      StationOptions(data: "", publicAddress: "https://hoso.example.vn", program: ""), certificate: nil)
    #expect(named.contains("hoso.example.vn") && named.contains("HOSO.example.vn:443"))
    #expect(!named.contains("example.vn") && !named.contains("x.hoso.example.vn"))
  }

  @Test func withoutEncryptionOnlyThisMachineIsServed() throws {
    for host in ["0.0.0.0", "192.0.2.1", "station.lan", "::", "127.0.0.1.evil.example", ""] {
      #expect { _ = try ServerCertificate(StationOptions(data: "", host: host, program: "")) } throws: {
        ($0 as? TrackerRefusal)?.finding.code == .plainConnection
      }
    }
    for host in ["127.0.0.1", "127.1.2.3", "::1", "localhost"] {
      #expect(try ServerCertificate(StationOptions(data: "", host: host, program: "")).tls == nil)
    }
    #expect {
      _ = try ServerCertificate(
        StationOptions(
          data: "", host: "0.0.0.0", certificate: "/nowhere", privateKey: "/nowhere", program: ""))
    } throws: {
      ($0 as? TrackerRefusal)?.finding.code == .certificateUnusable
    }
  }
}
