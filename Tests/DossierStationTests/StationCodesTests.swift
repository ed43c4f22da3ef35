import CustodyLog
import Dispatch
import DossierTracker
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import DossierStation

/// What is asked wrongly, and the finding that says so. Not here: D-7072, D-7078 and D-7079, which need a network, or a
/// worker at its limits; D-7071 and D-7080 have tests of their own.
@Suite struct StationCodesTests {
  struct Asked: Sendable, CustomTestStringConvertible {
    var code: String
    var status: HTTPResponse.Status
    var method: HTTPRequest.Method
    var path: String
    var role: Role?
    var body = ""
    var headers: HTTPFields = [:]

    var testDescription: String { "\(code) \(method) \(path)" }
  }

  @Test(arguments: [
    Asked(code: "D-7005", status: .badRequest, method: .get, path: "/%00"),
    Asked(code: "D-7005", status: .badRequest, method: .post, path: "/v1/events", role: .clerk, body: "[]"),
    Asked(
      code: "D-7035", status: .notFound, method: .post, path: "/people/NOBODY/disable", role: .administrator,
      body: "x=1"),
    Asked(
      code: "D-7046", status: .unprocessableContent, method: .post, path: "/tokens/00000000/revoke",
      role: .clerk, body: "x=1"),
    // The fixture's person is GDV01.
    Asked(
      code: "D-7047", status: .conflict, method: .post, path: "/people/gdv01/disable", role: .administrator,
      body: "x=1"),
    Asked(code: "D-7073", status: .methodNotAllowed, method: .put, path: "/"),
    Asked(
      code: "D-7074", status: .notAcceptable, method: .get, path: "/v1/events", role: .auditor,
      headers: [.accept: "image/png"]),
    Asked(
      code: "D-7075", status: .unsupportedMediaType, method: .post, path: "/v1/events", role: .clerk,
      body: "{}", headers: [.contentEncoding: "gzip"]),
    Asked(
      code: "D-7076", status: .unsupportedMediaType, method: .post, path: "/v1/events", role: .clerk,
      body: "{}", headers: [.contentType: "application/xml"]),
    Asked(
      code: "D-7077", status: .badRequest, method: .get, path: "/v1/items?limit=0", role: .auditor),
    Asked(
      code: "D-7077", status: .badRequest, method: .get, path: "/v1/events/live?after=-2", role: .auditor),
    Asked(
      code: "D-7082", status: .badRequest, method: .post, path: "/v1/manifests", role: .shiftLead,
      headers: [.contentType: "application/xml"]),
  ])
  func aWrongRequestGetsItsFinding(asked: Asked) async throws {
    let station = try StationFixture(isFilled: false)
    let answer = try await station.send(
      asked.method, asked.path, as: asked.role, body: asked.body, headers: asked.headers)
    #expect(answer.status == asked.status && answer.code == asked.code, "\(answer.text)")
    #expect(answer.headers[.contentType] == "application/problem+json")
    #expect(try answer.json()["type"] as? String == "/explain/\(asked.code)")
    #expect(try answer.json()["status"] as? Int == asked.status.code)
  }

  @Test(arguments: [
    (#"{"scans":[],"scan":1}"#, "/scan", "D-7022"), (#"{"station":"x"}"#, "/scans", "D-7023"),
    (#"{"scans":[],"a/b~c":1}"#, "/a~1b~0c", "D-7022"),
  ])
  func membersThatDoNotFitAreNamed(body: String, pointer: String, code: String) async throws {
    let station = try StationFixture(isFilled: false)
    let answer = try await station.send(.post, "/v1/scans", as: .clerk, body: body)
    #expect(answer.status == .unprocessableContent && answer.code == "D-7010")
    let errors = try #require(try answer.json()["errors"] as? [[String: Any]])
    #expect(errors.map { $0["pointer"] as? String } == [pointer])
    #expect(errors.map { $0["code"] as? String } == [code])
  }

  /// Pages say it in words, above the form that was not accepted.
  @Test func aFormThatIsRefusedSaysWhy() async throws {
    let station = try StationFixture(isFilled: false)
    try station.person("GDV77", .clerk)
    let current = "current=\(PageWords.encoded(StationFixture.password))"
    let easy = "password=aaaaaaaaaaaa&again=aaaaaaaaaaaa"
    for (path, body, finding) in [
      ("/people", "code=GDV77&name=Z&office=H48.25&role=clerk", Finding(.accountExists, found: "GDV77")),
      ("/people", "code=A1&name=%00&office=H48.25&role=clerk", Finding(.accountNameForm)),
      ("/tokens", "label=&scope-administer=1&days=30", Finding(.accountNameForm)),
      ("/tokens", "label=x&scope-administer=1&days=367", Finding(.tokenScope, found: "367")),
      ("/password", "\(current)&\(easy)&pin=", Finding(.passwordWeak)),
      ("/password", "\(current)&password=&again=&pin=111111", Finding(.pinWeak)),
    ] {
      let answer = try await station.send(
        .post, path + "?lang=vi", as: .administrator, code: "QT01", body: body)
      #expect(answer.status == .unprocessableContent, "\(path) \(body)")
      #expect(answer.text.contains(finding.message(.vi)), "\(finding.code) \(answer.text)")
    }
  }

  @Test func aTokenKeepsAwayFromSecrets() async throws {
    let station = try StationFixture(isFilled: false)
    try station.person("GDV01", .clerk)
    let token = try station.services.people.register.addToken(
      code: "GDV01", label: "x", scopes: [.scan], days: 1, by: .init(try Tracker(opening: station.folder))
    ).token
    let headers: HTTPFields = [.authorization: "Bearer \(try #require(token))"]
    for path in ["/tokens", "/password"] {
      let answer = try await station.send(.post, path, headers: headers, isBare: true)
      #expect(answer.status == .forbidden && answer.code == "D-7042", "\(path): \(answer.text)")
    }
  }

  // MARK: Too often

  @Test func wrongPINsMakeTheNextOneWait() async throws {
    let station = try StationFixture()
    let number = SignOffTests.manifest
    let list = try #require(try station.services.work.tracker.reconciliation(ofManifest: number)).digest.hex
    func sign() async throws -> StationFixture.Answer {
      try await station.send(
        .post, "/v1/manifests/\(number)/signatures", as: .clerk,
        body: #"{"as":"receiver","by":"GDV01","pin":"000000","list":"\#(list)"}"#,
        headers: [.ifMatch: "\"\(list)\""])
    }
    for _ in 0..<5 {
      let wrong = try await sign()
      #expect(wrong.status == .forbidden && wrong.code == "D-7030")
    }
    let waits = try await sign()
    #expect(waits.status == .tooManyRequests && waits.code == "D-7032", "\(waits.text)")
    #expect(waits.headers[.retryAfter] == "5")
  }

  @Test func codesThatOpenNothingAreLimited() async throws {
    let station = try StationFixture(isFilled: false)
    let path = "/v/QCHHHHHHHHHHHHHHHHHHHHHH.json"
    for _ in 0..<20 { #expect(try await station.send(.get, path).code == "D-7060") }
    let limited = try await station.send(.get, path)
    #expect(limited.status == .tooManyRequests && limited.code == "D-7061")
    #expect(Int(limited.headers[.retryAfter] ?? "") ?? 0 > 0)
  }

  @Test func aNumberClosesAfterWrongDigits() async throws {
    let station = try StationFixture(isFilled: false)
    func ask() async throws -> StationFixture.Answer {
      try await station.send(
        .post, "/look-up?lang=vi", body: "code=EM473112922VN&digits=0000",
        headers: [.contentType: "application/x-www-form-urlencoded"])
    }
    for _ in 0..<4 { #expect(try await ask().status == .notFound) }
    let closed = try await ask()
    #expect(closed.status == .tooManyRequests)
    #expect(closed.text.contains(Finding(.lookupNumberClosed).message(.vi)))
  }

  // MARK: Too much at once

  @Test func whoWouldWaitBehindTooManySecretsIsSentAway() async throws {
    let station = try StationFixture(isFilled: false)
    _ = try await station.send(.post, "/v1/session/lock", as: .clerk, body: "{}")
    let hasher = station.services.people.hasher
    let gate = DispatchSemaphore(value: 0)
    let latest = DispatchTime.now() + 600
    let answer = try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<65 {
        group.addTask {
          do {
            try await hasher.alone { _ in _ = gate.wait(timeout: latest) }
            return true
          } catch is Problem {
            return false
          }
        }
      }
      // The one too many is the first that ends: all the others wait.
      let wasTaken = try await group.next()
      #expect(wasTaken == false)
      let answer = try? await station.send(
        .post, "/v1/session/unlock", as: .clerk, body: #"{"pin":"135790"}"#)
      for _ in 0..<65 { gate.signal() }
      try await group.waitForAll()
      return answer
    }
    #expect(answer?.status == .serviceUnavailable && answer?.code == "D-7033")
    #expect(answer?.headers[.retryAfter] == "5")
    let later = try await station.send(
      .post, "/v1/session/unlock", as: .clerk, body: #"{"pin":"135790"}"#)
    #expect(later.status == .ok)
  }

  @Test func moreDocumentsThanMayWaitAreSentAway() async throws {
    let station = try StationFixture(isFilled: false)
    let cookie = "\(station.services.people.cookies.name)=\(try await station.secret("TC01", .shiftLead))"
    // A worker that waits until it may go on, and then says nothing.
    let program = station.folder + "/worker"
    let signal = station.folder + "/go"
    let script =
      "#!/bin/sh\nn=0\nwhile [ ! -e '\(signal)' ] && [ $n -lt 1100 ]; do sleep 0.05; n=$((n+1)); done\n"
    try Data(script.utf8).write(to: URL(fileURLWithPath: program))
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program)
    let neighbour = try Neighbour(station, program: program)
    let answers = try await withThrowingTaskGroup(of: Neighbour.Answer.self) { group in
      for _ in 0..<10 {
        group.addTask {
          try await neighbour.send(
            .post, "/v1/manifests", body: "<x/>",
            headers: [
              .contentType: "application/xml", .cookie: cookie, .origin: "http://localhost",
            ])
        }
      }
      // One works, eight wait.
      var answers = [try await group.next()]
      _ = FileManager.default.createFile(atPath: signal, contents: nil)
      for try await answer in group { answers.append(answer) }
      return answers.compactMap(\.self)
    }
    #expect(answers.first?.status == .serviceUnavailable && answers.first?.code == "D-7081")
    #expect(answers.dropFirst().map(\.code) == Array(repeating: "D-7080", count: 9))
  }

  // MARK: Accidents and strangers

  /// An error that nobody expected is told without its words, which may be about a dossier.
  @Test func anUnexpectedErrorIsAFaultOfTheStation() async throws {
    let source = FailingRandomness()
    let station = try StationFixture(
      isFilled: false, environment: .init(randomness: { try source.bytes($0) }))
    #expect(try await station.send(.get, "/look-up").status == .ok)
    source.fail()
    let answer = try await station.send(.get, "/look-up")
    #expect(answer.status == .internalServerError && answer.code == "D-7006")
    #expect(answer.headers[.contentType] == "application/problem+json")
    #expect(!answer.text.contains("Phan Kim Nhung") && !answer.text.contains("Exhausted"))
  }

  @Test func anotherNameOfTheStationGetsNothing() async throws {
    let neighbour = try Neighbour(try StationFixture(isFilled: false))
    for name in ["evil.example", "localhost.evil.example:8080"] {
      for path in ["/", "/health", "/v1/session"] {
        let answer = try await neighbour.send(.get, path, authority: name)
        #expect(answer.status == .misdirectedRequest && answer.code == "D-7040", "\(name)\(path)")
      }
    }
    #expect(try await neighbour.send(.get, "/health").status == .ok)
  }
}

/// Randomness that ends.
private final class FailingRandomness: Sendable {
  struct Exhausted: Error { let whose = "Phan Kim Nhung" }

  private let isExhausted = Mutex(false)
  func fail() { isExhausted.withLock { $0 = true } }

  func bytes(_ count: Int) throws -> [UInt8] {
    if isExhausted.withLock({ $0 }) { throw Exhausted() }
    return try Tracker.Environment.systemRandomness(count)
  }
}

/// A second station on the store of a first one, asked under any name and with another program.
private struct Neighbour: Sendable {
  struct Answer: Sendable {
    var status: HTTPResponse.Status
    var code: String?
  }

  private let responder: RouterResponder<StationContext>
  /// Keeps the store.
  private let first: StationFixture

  init(_ first: StationFixture, program: String = "/bin/false") throws {
    self.first = first
    responder = try first.another(program: program).router().buildResponder()
  }

  func send(
    _ method: HTTPRequest.Method, _ path: String, authority: String = "localhost", body: String = "",
    headers: HTTPFields = [:]
  ) async throws -> Answer {
    let request = Request(
      head: HTTPRequest(
        method: method, scheme: "http", authority: authority, path: path, headerFields: headers),
      body: RequestBody(buffer: ByteBuffer(string: body)))
    let context = StationContext(
      source: ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: Logger(label: "test")))
    let response = try await responder.respond(to: request, context: context)
    let writer = Collected()
    try await response.body.write(writer)
    let json = try? JSONSerialization.jsonObject(with: writer.data as Data) as? [String: Any]
    return Answer(status: response.status, code: json?["code"] as? String)
  }

  private final class Collected: ResponseBodyWriter {
    let data = NSMutableData()
    func write(_ part: ByteBuffer) async throws { data.append(Data(part.readableBytesView)) }
    func finish(_ trailingHeaders: HTTPFields?) async throws {}
  }
}
