internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Refuses what no route wants to see: unknown methods, packed bodies, broken addresses, bodies beyond their route's size.
struct RequestGate: RouterMiddleware {
  typealias Context = StationContext
  let limits: StationLimits

  private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

  func handle(
    _ request: Request, context: StationContext,
    next: (Request, StationContext) async throws -> Response
  ) async throws -> Response {
    guard Self.methods.contains(request.method.rawValue) else {
      throw Problem(.methodNotAllowed, Finding(.methodRefused, expected: "GET, POST", found: "?"))
    }
    if let encoding = request.headers[.contentEncoding], encoding.lowercased() != "identity" {
      var problem = Problem(.unsupportedMediaType, Finding(.packedBody))
      problem.headers[.acceptEncoding] = "identity"
      throw problem
    }
    guard Self.isSound(request.uri.string) else {
      throw Problem(.badRequest, Finding(.requestMalformed))
    }
    let limit = bodyLimit(context.endpointPath ?? "", request.headers[.contentType] ?? "")
    if let stated = request.headers[.contentLength], (Int(stated) ?? Int.max) > limit {
      throw Self.tooLarge
    }
    var request = request
    // The length may not be stated, and is not believed for what comes in pieces.
    if request.headers[.contentLength] == nil, request.headers[.transferEncoding] != nil {
      request.body = RequestBody(asyncSequence: LimitedBody(base: request.body, limit: limit))
    }
    return try await next(request, context)
  }

  static var tooLarge: Problem { Problem(.contentTooLarge, Finding(.requestTooLarge)) }

  /// Bytes that a route takes.
  private func bodyLimit(_ route: String, _ type: String) -> Int {
    switch route {
    case "/v1/manifests": limits.uploadBytes
    // Several files in one form, with what stands between them.
    case "/import": 4 * limits.uploadBytes
    case "/v1/scans": type.hasPrefix("application/x-ndjson") ? 16 << 20 : 256 << 10
    // Checkpoints and sheets that somebody kept.
    case "/audit", "/v1/audit": 1 << 20
    default: StationLimits.bodyBytes
    }
  }

  /// Whether an address is made of visible characters and whole escapes, none of which is NUL.
  static func isSound(_ address: String) -> Bool {
    var bytes = Array(address.utf8)[...]
    while let byte = bytes.popFirst() {
      guard (0x21...0x7E).contains(byte) else { return false }
      guard byte == UInt8(ascii: "%") else { continue }
      guard let first = bytes.popFirst(), let second = bytes.popFirst(), isHexadecimal(first),
        isHexadecimal(second), !(first == UInt8(ascii: "0") && second == UInt8(ascii: "0"))
      else { return false }
    }
    return true
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
  }
}

/// A body that fails as soon as it is longer than it may be.
private struct LimitedBody: AsyncSequence, Sendable {
  let base: RequestBody
  let limit: Int

  func makeAsyncIterator() -> Iterator { Iterator(base: base.makeAsyncIterator(), left: limit) }

  struct Iterator: AsyncIteratorProtocol {
    var base: RequestBody.AsyncIterator
    var left: Int

    mutating func next() async throws -> ByteBuffer? {
      guard let part = try await base.next() else { return nil }
      left -= part.readableBytes
      guard left >= 0 else { throw RequestGate.tooLarge }
      return part
    }
  }
}
