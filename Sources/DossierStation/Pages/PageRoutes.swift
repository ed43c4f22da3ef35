internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird

/// Registers pages: each path answers as HTML, and with `.json` and `.csv` after it as its twins.
struct PageRoutes: Sendable {
  let renderer: PageRenderer

  /// - Parameters:
  ///   - path: Hummingbird's path pattern, such as `items/:number`.
  ///   - needs: what a visitor must be permitted to do; nil for the public.
  func page(
    _ path: String, on router: Router<StationContext>, needs permission: Permission?,
    _ make: @escaping @Sendable (PageRequest) async throws -> Page
  ) {
    let answer: @Sendable (Request, StationContext, PageRequest.Format) async throws -> Response = {
      request, context, format in
      if let permission { _ = try context.require(permission) }
      let asked = PageRequest(request, context, format: format)
      return try await renderer.response(to: asked, page: try await make(asked))
    }
    router.get(RouterPath(path)) { request, context in
      try await answer(request, context, PageRequest.Format(ending: request.uri.path) ?? .html)
    }
    // A path that ends in a parameter takes the twin's ending as part of it.
    guard let last = path.split(separator: "/").last, !last.hasPrefix(":") else { return }
    for format in [PageRequest.Format.json, .csv] {
      router.get(RouterPath("\(path).\(format.rawValue)")) { request, context in
        try await answer(request, context, format)
      }
    }
  }
}

extension PageRequest.Format {
  init?(ending path: String) {
    if path.hasSuffix(".json") {
      self = .json
    } else if path.hasSuffix(".csv") {
      self = .csv
    } else {
      return nil
    }
  }
}

extension PageRequest {
  init(_ request: Request, _ context: StationContext, format: Format) {
    self.format = format
    let ending = format == .html ? "" : ".\(format.rawValue)"
    func bare(_ text: some StringProtocol) -> String {
      text.hasSuffix(ending) ? String(text.dropLast(ending.count)) : String(text)
    }
    var parameters: [String: String] = [:]
    for (name, value) in context.parameters {
      let text = context.path(String(name))
      parameters[String(name)] = request.uri.path.hasSuffix(String(value)) ? bare(text) : text
    }
    self.parameters = parameters
    query = FormFields.words(ofQuery: request.uri.query ?? "")
    visitor = context.visitor
    language = context.language
    path = bare(request.uri.path)
    address = request.uri.query.map { "\(bare(request.uri.path))?\($0)" } ?? path
  }
}
