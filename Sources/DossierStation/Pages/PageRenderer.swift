internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird
internal import Mustache

/// Makes pages of templates, and twins of tables.
struct PageRenderer: Sendable {
  private let library: MustacheLibrary
  private let assets: Assets

  /// - Throws: when a template is not one, which is a fault of the program: the station does not start.
  init(assets: Assets) throws {
    self.assets = assets
    PageEscaping.register()
    library = MustacheLibrary(
      templates: try StationTemplates.all.mapValues {
        try MustacheTemplate(string: PageEscaping.pragma + String(decoding: $0, as: UTF8.self))
      })
  }

  func response(to request: PageRequest, page: Page) async throws -> Response {
    var headers = page.headers
    let body: String
    switch request.format {
    case .html:
      headers[.contentType] = "text/html; charset=utf-8"
      body = try html(page, request)
    case .json:
      guard page.json != nil || page.table != nil else { throw Problem(.notFound, Finding(.pageUnknown)) }
      headers[.contentType] = "application/json"
      body = page.json.map { $0.text(pretty: true) + "\n" } ?? page.table?.render(.json) ?? ""
    case .csv:
      guard let table = page.table else { throw Problem(.notFound, Finding(.pageUnknown)) }
      headers[.contentType] = "text/csv; charset=utf-8"
      headers[.contentDisposition] = "attachment; filename=\"\(Self.fileName(request.path)).csv\""
      body = table.render(.csv)
    }
    headers[.cacheControl] = headers[.cacheControl] ?? "no-store"
    headers[.vary] = "Cookie, Accept-Language"
    return Response(status: page.status, headers: headers, body: .init(byteBuffer: .init(string: body)))
  }

  /// The page alone, for whoever does not answer a page's request.
  func html(_ page: Page, _ request: PageRequest) throws -> String {
    var context: [String: Any] = page.content
    context["vi"] = request.language == .vi
    context["en"] = request.language == .en
    context["language"] = request.language.rawValue
    context["title"] = page.title[request.language == .vi ? .vi : .en]
    context["styles"] = (["station.css"] + page.styles).map { assets.address($0) }
    context["scripts"] = page.scripts.map { assets.address($0) }
    context["path"] = request.path
    let query =
      request.address.utf8.count > request.path.utf8.count
      ? String(request.address.utf8.dropFirst(request.path.utf8.count)) ?? "" : ""
    if page.json != nil || page.table != nil { context["jsonTwin"] = request.path + ".json" + query }
    if page.table != nil { context["csvTwin"] = request.path + ".csv" + query }
    context["command"] = page.command
    context["otherLanguage"] = Self.switching(request)
    if let visitor = request.visitor {
      context["visitor"] = [
        "code": visitor.code, "name": visitor.name, "role": visitor.role.label(request.language),
        "office": visitor.office, "csrf": visitor.csrf,
      ]
      context["may"] = Dictionary(
        uniqueKeysWithValues: Permission.allCases.map { ($0.rawValue, visitor.permissions.contains($0)) })
    }
    guard let text = library.render(context, withTemplate: page.template) else {
      throw Problem(.internalServerError, Finding(.stationFault))
    }
    return text
  }

  /// The same page in the other language.
  private static func switching(_ request: PageRequest) -> String {
    let rest = request.address.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
    let kept = rest.split(separator: "&").filter { !$0.hasPrefix("lang=") }
    return request.path + "?"
      + (kept + ["lang=\(request.language == .vi ? "en" : "vi")"]).joined(separator: "&")
  }

  private static func fileName(_ path: String) -> String {
    let name = path.split(separator: "/").joined(separator: "-").utf8.map { byte -> UInt8 in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E: byte
      default: 0x5F
      }
    }
    return name.isEmpty ? "dossier" : String(decoding: name, as: UTF8.self)
  }
}
