internal import CustodyLog
internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The scanning API: what a counter's page asks and sends.
struct ScanRoutes {
  let services: StationServices
  private let replies = IdempotentReplies()

  /// A post of fifty scans with long notes is a quarter of this.
  private static let greatestBody = 256 << 10

  init(services: StationServices) { self.services = services }

  func add(to router: Router<StationContext>) {
    router.get("v1/manifests/:number/session") { request, context in
      let visitor = try context.require(.scan)
      return try await session(context, visitor)
    }
    router.post("v1/scans") { request, context in
      let visitor = try context.require(.scan)
      let type = request.headers[.contentType]?.split(separator: ";").first.map { $0.lowercased() }
      switch type {
      case "application/json": return Self.naming(visitor, try await post(request, context, visitor))
      case "application/x-ndjson":
        return BulkScans(services: services, visitor: visitor, language: context.language).response(
          to: request)
      default:
        throw Problem(
          .unsupportedMediaType,
          Finding(.requestMalformed, expected: "application/json, application/x-ndjson", found: type))
      }
    }
  }

  /// Says who is signed in: an open page learns from it that somebody else is now.
  private static func naming(_ visitor: Visitor, _ response: Response) -> Response {
    var response = response
    if let name = HTTPField.Name("Dossier-Clerk") { response.headers[name] = visitor.code }
    return response
  }

  private func session(_ context: StationContext, _ visitor: Visitor) async throws -> Response {
    let number = context.path("number")
    guard let session = try await services.scans.handover(number) else {
      throw Problem(.notFound, Finding(.manifestUnknown, found: String(number.prefix(40))))
    }
    let receiver = session.manifest.receiver
    guard receiver == visitor.office else {
      throw Problem(
        .forbidden,
        Finding(
          .scanAtOtherOffice, expected: session.receiver.map { "\($0.name) (\(receiver))" } ?? receiver,
          found: session.manifest.number))
    }
    let offices = try await services.work { try $0.offices() }
    let names = Dictionary(offices.map { ($0.code, $0.name) }, uniquingKeysWith: { first, _ in first })
    let json = ScanJSON.session(session, time: services.time, offices: names)
    return Self.response(Array((json.text(pretty: false) + "\n").utf8))
  }

  private func post(
    _ request: Request, _ context: StationContext, _ visitor: Visitor
  ) async throws -> Response {
    let body = Array(try await request.wholeBody(upTo: Self.greatestBody).readableBytesView)
    guard let key = try Self.key(request, visitor) else {
      return Self.response(try await answer(body, context, visitor))
    }
    let digest = MerkleHash.sha256(body)
    switch replies.begin(key, digest) {
    case .same(let reply): return Self.response(reply, isReplayed: true)
    case .other: throw Problem(.unprocessableContent, Finding(.idempotencyKeyReused))
    case .running:
      var problem = Problem(.conflict, Finding(.requestRunning))
      problem.retryAfter = 1
      throw problem
    case .no:
      do {
        let reply = try await answer(body, context, visitor)
        replies.keep(reply, key, digest)
        return Self.response(reply)
      } catch {
        replies.forget(key)
        throw error
      }
    }
  }

  /// The request's key, apart from those of other people; nil when it has none.
  private static func key(_ request: Request, _ visitor: Visitor) throws -> String? {
    guard let name = HTTPField.Name("Idempotency-Key"), let key = request.headers[name] else { return nil }
    guard (1...128).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw Problem(
        .badRequest, Finding(.memberForm, path: "Idempotency-Key", expected: "1-128 visible characters"))
    }
    return "\(visitor.code) \(key)"
  }

  private func answer(
    _ body: [UInt8], _ context: StationContext, _ visitor: Visitor
  ) async throws -> [UInt8] {
    let parts = try ScanBody(body, by: visitor).parts
    let results: [JSONOutput]
    let log: LogHead
    do {
      (results, log) = try await services.answers(to: parts, sentBy: visitor, context.language)
    } catch let refusal as TrackerRefusal {
      // Not one of these scans is at fault: all of them are to come again.
      var problem = Problem(.serviceUnavailable, refusal.finding)
      problem.retryAfter = 5
      throw problem
    }
    let json = ScanJSON.reply(results, log: log, time: services.time)
    return Array((json.text(pretty: false) + "\n").utf8)
  }

  private static func response(_ bytes: [UInt8], isReplayed: Bool = false) -> Response {
    var headers: HTTPFields = [.contentType: "application/json", .cacheControl: "no-store"]
    if isReplayed, let name = HTTPField.Name("Idempotency-Replayed") { headers[name] = "true" }
    return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}

extension StationServices {
  /// The answers to what somebody sent, for himself or for colleagues whose outbox he found.
  func answers(
    to parts: [ScanBody.Part], sentBy visitor: Visitor, _ language: Language
  ) async throws -> (results: [JSONOutput], log: LogHead) {
    let offices = try await people.requireClerks(ScanBody.clerks(of: parts), sentBy: visitor)
    return try await scans.answers(to: ScanBody.parts(parts, at: offices), language)
  }
}

extension ScanIntake {
  /// The answers to what was sent, in order: what is no scan is refused by itself.
  func answers(
    to parts: [ScanBody.Part], _ language: Language
  ) async throws -> (results: [JSONOutput], log: LogHead) {
    let scans = parts.compactMap { if case .scan(let scan) = $0 { scan } else { nil } }
    let reply = try await take(scans)
    var rest = reply.results[...]
    let results = parts.map { part in
      switch part {
      case .malformed(let id, let problem): ScanJSON.malformed(id, problem, language)
      case .scan: rest.popFirst().map { ScanJSON.result($0, language) } ?? .null
      }
    }
    return (results, reply.log)
  }
}
