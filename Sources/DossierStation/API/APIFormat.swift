internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The forms in which the interface gives rows.
enum APIFormat: String, Sendable, CaseIterable {
  case json = "application/json"
  case ndjson = "application/x-ndjson"
  case csv = "text/csv"

  /// The one that the request likes best.
  ///
  /// - Throws: ``Problem`` 406 when it likes none of them.
  static func chosen(_ request: Request, of offered: [APIFormat] = allCases) throws -> APIFormat {
    let names = try MediaChoice.chosen(request.headers[.accept], of: offered.map(\.rawValue))
    return APIFormat(rawValue: names) ?? .json
  }
}

/// What an `Accept` header asks for (RFC 9110, 12.5.1).
enum MediaChoice {
  /// - Returns: the media type of `offered` that is liked best; the first for whoever says nothing.
  static func chosen(_ accept: String?, of offered: [String]) throws -> String {
    guard let first = offered.first else { return "" }
    guard let accept, !accept.allSatisfy({ $0 == " " }) else { return first }
    let ranges = accept.split(separator: ",").prefix(64).map(range)
    let best =
      offered.enumerated().map { index, type in (type: type, index: index, liking: liking(type, ranges)) }
      .filter { $0.liking > 0 }
      .max { ($0.liking, -$0.index) < ($1.liking, -$1.index) }
    guard let best else {
      throw Problem(
        .notAcceptable, Finding(.formatRefused, expected: offered.joined(separator: ", ")))
    }
    return best.type
  }

  private static func range(_ text: Substring) -> (type: String, quality: Double) {
    let parts = text.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
    let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
    return (parts.first ?? "", quality.isFinite ? min(max(quality, 0), 1) : 0)
  }

  /// The most exact range decides.
  private static func liking(_ type: String, _ ranges: [(type: String, quality: Double)]) -> Double {
    let family = type.prefix { $0 != "/" } + "/*"
    for wanted in [type, String(family), "*/*"] {
      if let found = ranges.first(where: { $0.type == wanted }) { return found.quality }
    }
    return 0
  }
}

extension HTTPField {
  /// RFC 8288
  static let linkName = HTTPField.Name(parsed: "link") ?? .location
}

extension Response {
  static func json(
    _ value: JSONOutput, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
  ) -> Response {
    var headers = headers
    headers[.contentType] = "application/json"
    headers[.cacheControl] = headers[.cacheControl] ?? "no-store"
    return Response(
      status: status, headers: headers,
      body: .init(byteBuffer: ByteBuffer(string: value.text(pretty: true) + "\n")))
  }

  /// Rows in the form asked for.
  ///
  /// - Parameter next: address of the rows after these; nil at the end.
  static func rows(
    _ columns: [Column], _ rows: [[Cell]], _ format: APIFormat, next: String?
  ) -> Response {
    let document = TabularDocument(columns: columns, rows: rows)
    let text =
      switch format {
      case .json: document.render(.json)
      case .ndjson: document.render(.ndjson)
      case .csv: document.render(.csv)
      }
    var headers: HTTPFields = [.cacheControl: "no-store", .vary: "Accept, Accept-Language, Cookie"]
    headers[.contentType] = format == .csv ? "text/csv; charset=utf-8" : format.rawValue
    if let next { headers[HTTPField.linkName] = "<\(next)>; rel=\"next\"" }
    return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
  }
}
