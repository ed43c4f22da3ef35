import DossierTesting
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

/// A station on a new store with the sample province's January in it, asked without a network.
final class StationFixture: Sendable {
  let folder: String
  let services: StationServices
  /// Method and pattern of every route.
  let routes: [String]
  private let responder: RouterResponder<StationContext>

  /// Where the sample data lies.
  static let samples = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("SampleData").path

  /// Who sent something already, with the secret of his session.
  private let people = Mutex<[String: (role: Role, office: String, secret: String)]>([:])
  /// The PIN of everybody.
  static let pin = "135790"
  static let password = "bốn con mèo đi chợ"

  /// - Parameters:
  ///   - isFilled: whether the sample manifests and feeds are imported.
  ///   - environment: clock and randomness; unless told, the clock stands still.
  init(isFilled: Bool = true, environment: Tracker.Environment = TestClock().environment) throws {
    folder = NSTemporaryDirectory() + "station-\(UUID().uuidString)"
    let center = Office(code: "H48.25", name: "Trung tâm phường Lộc Thượng", kind: .center)
    let tracker = try Tracker.create(at: folder, office: center, environment: environment)
    let offices = try [UInt8](Data(contentsOf: URL(fileURLWithPath: Self.samples + "/offices.csv")))
    _ = try tracker.record(offices: OfficesFile.read(offices, name: "offices.csv").0)
    if isFilled {
      _ = try tracker.importDocuments([Self.samples + "/manifests", Self.samples + "/events"])
    }
    let station = try Self.station(folder, environment, "/bin/false")
    services = station.services
    let router = station.router()
    routes = router.routes.map { "\($0.method.rawValue) \($0.path.description)" }
    responder = router.buildResponder()
  }

  /// The same store served anew, as after a restart, or by a second station; its clock is the first one's.
  func another(program: String = "/bin/false") throws -> Station {
    try Self.station(folder, services.environment, program)
  }

  private static func station(
    _ folder: String, _ environment: Tracker.Environment, _ program: String
  ) throws -> Station {
    try Station(
      StationOptions(data: folder, program: program), environment: environment,
      hasher: SecretHasher(.init(kibibytes: 8, passes: 1)))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Makes an account with the password and the PIN of the fixture, or gives it another role or office.
  func person(_ code: String, _ role: Role, office: String = "H48.25") throws {
    try PeopleFile(data: folder).change { content in
      let now = services.environment.now()
      if let position = content.accounts.firstIndex(where: { $0.code == code }) {
        content.accounts[position].role = role
        content.accounts[position].office = office
        return
      }
      func hash(_ secret: String) throws -> String {
        try services.people.hasher.hash(secret, salt: [UInt8](repeating: 7, count: 16))
      }
      content.accounts.append(
        Account(
          code: code, name: "Người \(code)", office: office, role: role, isDisabled: false,
          mustChangePassword: false, mustChangePIN: false, createdAt: now, changedAt: now, generation: 0,
          password: try hash(Self.password), pin: try hash(Self.pin)))
    }
  }

  /// The secret of a session of that person, made the first time: without a password, and without an event in the log.
  func secret(_ code: String, _ role: Role, office: String = "H48.25") async throws -> String {
    if let known = people.withLock({ $0[code] }), known.role == role, known.office == office {
      return known.secret
    }
    try person(code, role, office: office)
    let account = try #require(try services.people.current { $0.content.account(code) })
    let secret = try await services.people.begin(account, insteadOf: nil).secret
    people.withLock { $0[code] = (role, office, secret) }
    return secret
  }

  /// Sends one request to the routes, as a person of that role or as the public. Unless `isBare`, it comes along with
  /// what a browser and the station's own pages send: the cookie, where it comes from, the form's token.
  func send(
    _ method: HTTPRequest.Method, _ path: String, as role: Role? = nil, code: String = "GDV01",
    office: String = "H48.25", body: String = "", headers: HTTPFields = [:], isBare: Bool = false
  ) async throws -> Answer {
    var headers = headers
    var body = body
    func add(_ name: HTTPField.Name, _ value: String) { if headers[name] == nil { headers[name] = value } }
    if let role {
      let secret = try await secret(code, role, office: office)
      add(.cookie, "\(services.people.cookies.name)=\(secret)")
      if !isBare && ![.get, .head].contains(method) {
        if !body.isEmpty {
          let isJSON = body.hasPrefix("{") || body.hasPrefix("[")
          add(.contentType, isJSON ? "application/json" : "application/x-www-form-urlencoded")
        }
        if headers[.contentType] == "application/x-www-form-urlencoded"
          || body.isEmpty && headers[.contentType] == nil,
          !body.contains("csrf=")
        {
          body += (body.isEmpty ? "" : "&") + "csrf=\(SessionCookie.csrf(secret))"
          add(.contentType, "application/x-www-form-urlencoded")
        }
      }
    }
    if !isBare && ![.get, .head].contains(method) { add(.origin, "http://localhost") }
    if !isBare && ![.get, .head].contains(method), let site = HTTPField.Name("Sec-Fetch-Site") {
      add(site, "same-origin")
    }
    let request = Request(
      head: HTTPRequest(
        method: method, scheme: "http", authority: "localhost", path: path, headerFields: headers),
      body: RequestBody(buffer: ByteBuffer(string: body)))
    let context = StationContext(
      source: ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: Logger(label: "test")))
    let response = try await responder.respond(to: request, context: context)
    let writer = CollectedBody()
    try await response.body.write(writer)
    return Answer(status: response.status, headers: response.headers, bytes: writer.bytes)
  }

  struct Answer: Sendable {
    var status: HTTPResponse.Status
    var headers: HTTPFields
    var bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }
    func json() throws -> [String: Any] {
      try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }
  }
}

/// What a response's body writes, in memory.
private final class CollectedBody: ResponseBodyWriter {
  private let buffer = NSMutableData()
  var bytes: [UInt8] { [UInt8](buffer as Data) }

  func write(_ part: ByteBuffer) async throws { buffer.append(Data(part.readableBytesView)) }
  func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
