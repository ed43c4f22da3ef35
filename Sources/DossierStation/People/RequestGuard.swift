internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Finds out who asks, and refuses what another site made a browser send.
struct PeopleMiddleware: RouterMiddleware {
  typealias Context = StationContext
  let services: StationServices
  /// The longest form that is read to look for its token.
  private static let formLimit = 1 << 20

  func handle(
    _ request: Request, context: StationContext,
    next: (Request, StationContext) async throws -> Response
  ) async throws -> Response {
    var context = context
    var request = request
    guard services.hosts.contains(request.head.authority) else {
      throw Problem(.misdirectedRequest, Finding(.hostForeign))
    }
    do { context.standing = try services.people.standing(request) } catch let refusal as TrackerRefusal {
      // A damaged list of accounts lets nobody in.
      throw Problem(.serviceUnavailable, refusal.finding)
    }
    if case .present(let visitor) = context.standing { context.visitor = visitor }
    do {
      try await requireOwnPage(&request, context)
      return try await next(request, context)
    } catch let problem as Problem where problem.status == .unauthorized {
      return try redirected(request, context, problem)
    }
  }

  /// Unsafe requests in the name of a browser's session must come from a page of this station.
  private func requireOwnPage(_ request: inout Request, _ context: StationContext) async throws {
    if [.get, .head, .options].contains(request.method) { return }
    // The public's forms change nothing, and are the same for whoever is signed in.
    if ["/look-up", "/kiosk"].contains(request.uri.path) { return }
    let isSession =
      context.standing.known.map { if case .session = $0.means { true } else { false } } ?? false
    // Signing in is guarded as well: nobody is to work in a session that another made for him.
    guard isSession || request.uri.path == "/sign-in" else { return }
    let foreign = Problem(.forbidden, Finding(.requestForeign))
    guard isSameOrigin(request) else { throw foreign }
    let type = (request.headers[.contentType] ?? "").lowercased().prefix { $0 != ";" }
    switch type.filter({ $0 != " " }) {
    case "application/x-www-form-urlencoded":
      // That form is public: it was made for nobody's session.
      guard isSession, request.uri.path != "/sign-in" else { return }
      let form = try await FormFields(&request, limit: Self.formLimit)
      guard let token = form["csrf"], areSame(token, context.standing.known?.csrf ?? "") else {
        throw foreign
      }
    case "multipart/form-data":
      // Too large to be read here; the route that takes it asks `requireOwnForm`.
      return
    case "text/plain": throw foreign
    default: return
    }
  }

  /// `Sec-Fetch-Site` is the browser's own word. `Origin` is what older ones send; it is `null` where the referrer is
  /// kept secret, as this station's pages ask, and then says nothing.
  private func isSameOrigin(_ request: Request) -> Bool {
    let site = request.headers.first("sec-fetch-site")
    if let site, site != "same-origin" { return false }
    switch request.headers.first("origin") {
    case nil, "null": return site != nil
    case .some(let origin): return isOwn(origin: origin, request)
    }
  }

  private func isOwn(origin: String, _ request: Request) -> Bool {
    if let address = services.options.publicAddress, origin == address { return true }
    guard let authority = request.head.authority else { return false }
    let scheme = services.options.certificate == nil ? "http" : "https"
    return origin.lowercased() == "\(scheme)://\(authority.lowercased())"
  }

  /// People are shown where to sign in; programs get the problem.
  private func redirected(_ request: Request, _ context: StationContext, _ problem: Problem) throws
    -> Response
  {
    let path = request.uri.path
    guard [.get, .head].contains(request.method), request.headers[.accept]?.contains("text/html") == true,
      !path.hasPrefix("/v1/"), !path.hasSuffix(".json"), !path.hasSuffix(".csv")
    else { throw problem }
    let address = request.uri.query.map { "\(path)?\($0)" } ?? path
    return .redirect(
      to: "\(context.standing.remedy)?next=\(PageWords.encoded(path: address))",
      adding: [.cacheControl: "no-store"]
    )
  }
}

extension Response {
  /// To another page of the station, which the browser gets with GET.
  static func redirect(to address: String, adding headers: HTTPFields) -> Response {
    var response = Response.redirect(to: address)
    for field in headers { response.headers.append(field) }
    return response
  }
}

extension HTTPFields {
  /// The one field of a name in small letters; nil when there is none.
  func first(_ name: String) -> String? { first { $0.name.canonicalName == name }?.value }
}

extension StationContext {
  /// For forms with files, whose token the guard cannot see: to be asked with the field `csrf` before anything is done.
  func requireOwnForm(_ token: String?) throws {
    guard let token, let visitor = standing.known, areSame(token, visitor.csrf) else {
      throw Problem(.forbidden, Finding(.requestForeign))
    }
  }
}
