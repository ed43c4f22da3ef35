internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// Turns whatever went wrong into an answer that a person or a program can act on, and finds out the language.
struct ProblemMiddleware: RouterMiddleware {
  typealias Context = StationContext
  let services: StationServices

  func handle(
    _ request: Request, context: StationContext,
    next: (Request, StationContext) async throws -> Response
  ) async throws -> Response {
    var context = context
    context.language = RequestLanguage.of(request, otherwise: services.options.language)
    do {
      return RequestLanguage.keeping(try await next(request, context), request)
    } catch {
      let problem = refine(Problem(explaining: error), request, context)
      if problem.status.code >= 500 {
        context.logger.error(
          "problem",
          metadata: ["code": "\(problem.finding.code.rawValue)", "error": "\(type(of: error))"])
      }
      return try answer(problem, request, context)
    }
  }

  /// An address that exists, but not for this method, is another mistake than one that does not exist.
  private func refine(_ problem: Problem, _ request: Request, _ context: StationContext) -> Problem {
    let isUnknownRoute = problem.finding.code == .pageUnknown && context.endpointPath == "NotFound"
    guard isUnknownRoute || problem.finding.code == .methodRefused else { return problem }
    let methods = services.routes.methods(for: request.uri.path)
    guard !methods.isEmpty else { return problem }
    let allowed = methods.map(\.rawValue).joined(separator: ", ")
    var refined = Problem(.methodNotAllowed, Finding(.methodRefused, expected: allowed))
    refined.headers[.allow] = allowed
    return refined
  }

  private func answer(_ problem: Problem, _ request: Request, _ context: StationContext) throws -> Response {
    let language = context.language
    var headers = problem.headers
    headers[.cacheControl] = "no-store"
    if let seconds = problem.retryAfter { headers[.retryAfter] = "\(seconds)" }
    let isForPeople =
      request.headers[.accept]?.contains("text/html") == true && !request.uri.path.hasPrefix("/v1/")
    let body: String
    if isForPeople {
      headers[.contentType] = "text/html; charset=utf-8"
      var page = Page(
        title: BilingualText(vi: problem.finding.message(.vi), en: problem.finding.message(.en)),
        template: "problem",
        content: ["hint": problem.finding.hint(language), "code": problem.finding.code.rawValue])
      page.status = problem.status
      body = try services.pages.renderer.html(page, PageRequest(request, context, format: .html))
    } else {
      headers[.contentType] = "application/problem+json"
      body = problem.json(language, instance: request.uri.path).text(pretty: true) + "\n"
    }
    return Response(status: problem.status, headers: headers, body: .init(byteBuffer: .init(string: body)))
  }
}

/// The language that a request asks for: `?lang=`, else the cookie, else the browser's first that we speak.
enum RequestLanguage {
  static func of(_ request: Request, otherwise: Language) -> Language {
    if let asked = request.uri.queryParameters["lang"], let language = Language(rawValue: String(asked)) {
      return language
    }
    if let kept = request.cookies[cookie], let language = Language(rawValue: kept.value) { return language }
    for part in (request.headers[.acceptLanguage] ?? "").split(separator: ",") {
      let word = part.drop { $0 == " " }.prefix(2).lowercased()
      if let language = Language(rawValue: word) { return language }
    }
    return otherwise
  }

  private static let cookie = "lang"

  /// Whoever asked for a language gets the next pages in it too.
  static func keeping(_ response: Response, _ request: Request) -> Response {
    guard let asked = request.uri.queryParameters["lang"], let language = Language(rawValue: String(asked)),
      response.headers[.contentType]?.hasPrefix("text/html") == true
    else { return response }
    var response = response
    response.headers.append(
      HTTPField(
        name: .setCookie,
        value: "\(cookie)=\(language.rawValue); Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000"))
    return response
  }
}
