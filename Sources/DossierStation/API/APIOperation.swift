internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird

/// One verb of the HTTP interface: how it is asked, who may, what it answers. The same value registers the route and
/// describes it in `/openapi.json`.
struct APIOperation: Sendable {
  var method: HTTPRequest.Method
  /// Such as `/v1/items/{number}`.
  var path: String
  /// Its name in clients that are generated.
  var name: String
  var summary: String
  /// nil for the public.
  var needs: Permission?
  var parameters: [APIParameter] = []
  var body: [APIContent] = []
  var answers: [APIAnswer]
  /// nil when another part of the station serves it.
  var handler: (@Sendable (APIRequest) async throws -> Response)?

  init(
    _ method: HTTPRequest.Method, _ path: String, _ name: String, _ summary: String, needs: Permission?,
    parameters: [APIParameter] = [], body: [APIContent] = [], answers: [APIAnswer],
    handler: (@Sendable (APIRequest) async throws -> Response)? = nil
  ) {
    self.method = method
    self.path = path
    self.name = name
    self.summary = summary
    self.needs = needs
    self.parameters = parameters
    self.body = body
    self.answers = answers
    self.handler = handler
  }
}

struct APIParameter: Sendable {
  enum Place: String, Sendable { case path, query, header }

  var name: String
  var place: Place
  var summary: String
  /// A JSON schema.
  var schema: JSONOutput
  var isRequired: Bool

  init(
    _ name: String, _ place: Place, _ summary: String, _ schema: JSONOutput = ["type": "string"],
    isRequired: Bool = false
  ) {
    self.name = name
    self.place = place
    self.summary = summary
    self.schema = schema
    self.isRequired = isRequired || place == .path
  }
}

/// A media type and the schema of what comes in it.
struct APIContent: Sendable {
  var type: String
  var schema: JSONOutput

  init(_ type: String, _ schema: JSONOutput) {
    self.type = type
    self.schema = schema
  }

  static func json(_ name: String) -> APIContent {
    APIContent("application/json", APISchemas.reference(name))
  }
  static func list(_ name: String) -> APIContent {
    APIContent("application/json", ["type": "array", "items": APISchemas.reference(name)])
  }
  static func lines(_ name: String) -> APIContent {
    APIContent("application/x-ndjson", APISchemas.reference(name))
  }
  static let csv = APIContent("text/csv", ["type": "string"])
}

struct APIAnswer: Sendable {
  var status: HTTPResponse.Status
  var summary: String
  var content: [APIContent]
  /// Name and meaning of headers.
  var headers: [(String, String)] = []

  init(
    _ status: HTTPResponse.Status, _ summary: String, _ content: [APIContent] = [],
    headers: [(String, String)] = []
  ) {
    self.status = status
    self.summary = summary
    self.content = content
    self.headers = headers
  }
}

/// A request to a verb, and who asks.
struct APIRequest: Sendable {
  var request: Request
  var context: StationContext
  /// nil where the public may ask.
  var visitor: Visitor?

  var language: Language { context.language }

  /// A part of the path, its percent encoding undone.
  func path(_ name: String) -> String { context.path(name) }

  func query(_ name: String) -> String? {
    request.uri.queryParameters[Substring(name)].map(String.init)
  }

  /// A whole number of the query.
  ///
  /// - Throws: ``Problem`` 400 when it is none, or outside the range.
  func number(_ name: String, _ range: ClosedRange<Int64>) throws -> Int64? {
    guard let text = query(name) else { return nil }
    guard let number = Int64(text), range.contains(number) else { throw Self.malformed(name) }
    return number
  }

  static func malformed(_ name: String) -> Problem {
    Problem(.badRequest, Finding(.parameterMalformed, path: name))
  }
}
