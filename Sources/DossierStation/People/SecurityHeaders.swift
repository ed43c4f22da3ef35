internal import HTTPTypes
internal import Hummingbird

/// What every answer tells the browser not to do.
struct SecurityHeaders: RouterMiddleware {
  typealias Context = StationContext
  let isEncrypted: Bool

  private static let fields: [(String, String)] = [
    (
      "Content-Security-Policy",
      "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    (
      "Permissions-Policy",
      "camera=(self), geolocation=(), microphone=(), payment=(), usb=(), display-capture=()"
    ),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
  ]

  func handle(
    _ request: Request, context: StationContext,
    next: (Request, StationContext) async throws -> Response
  ) async throws -> Response {
    var response = try await next(request, context)
    let given = Set(response.headers.map(\.name.canonicalName))
    for (name, value) in Self.fields where !given.contains(name.lowercased()) {
      if let name = HTTPField.Name(name) { response.headers[name] = value }
    }
    if isEncrypted { response.headers[.strictTransportSecurity] = "max-age=31536000" }
    return response
  }
}
