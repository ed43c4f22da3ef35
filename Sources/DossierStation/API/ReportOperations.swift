internal import CustodyLog
internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The reports of the command, by the same words.
struct ReportOperations {
  let services: StationServices

  /// The formats by their media types, the first for whoever does not say.
  private static let formats: [(type: String, format: ReportFormat)] = [
    ("application/json", .json), ("text/csv", .csv), ("application/pdf", .pdf),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", .xlsx), ("text/html", .html),
  ]

  var all: [APIOperation] { [report] }

  private var parameters: [APIParameter] {
    let kinds = APISchemas.words(ReportOrder.Kind.allCases.map(\.rawValue))
    let words = ReportOrder.Kind.allCases.flatMap(\.words)
    var known: [APIParameter] = [APIParameter("kind", .path, "Which report.", kinds)]
    for (index, word) in words.enumerated() where words.firstIndex(of: word) == index {
      let kinds = ReportOrder.Kind.allCases.filter { $0.words.contains(word) }.map(\.rawValue)
      known.append(
        APIParameter(
          word, .query, "As the option --\(word) of the command; of \(kinds.joined(separator: ", ")).")
      )
    }
    return known
  }

  private var report: APIOperation {
    APIOperation(
      .get, "/v1/reports/{kind}", "makeReport", "A report, as `dossier report` makes it", needs: .report,
      parameters: parameters,
      answers: [
        APIAnswer(
          .ok, "The report.",
          Self.formats.map {
            APIContent($0.type, $0.format == .json ? ["type": "object"] : APISchemas.string)
          })
      ]
    ) { request in
      guard let kind = ReportOrder.Kind(rawValue: request.path("kind")) else {
        throw Problem(.notFound, Finding(.pageUnknown))
      }
      let type = try MediaChoice.chosen(request.request.headers[.accept], of: Self.formats.map(\.type))
      let format = Self.formats.first { $0.type == type }?.format ?? .json
      var words: [String: String] = [:]
      for (name, value) in request.request.uri.queryParameters where words[String(name)] == nil {
        words[String(name)] = String(value)
      }
      let order = try ReportOrder(kind, words: words)
      let isWhole = format == .xlsx && (kind == .custody || kind == .fees)
      let made = try await services.reports.report(order, language: request.language, wholeLists: isWhole)
      let bytes = try await services.reports.render(made, format, language: request.language)
      if let visitor = request.visitor {
        try await services.people.record(
          .exported, by: visitor, reference: "report \(kind.rawValue) \(format.rawValue)",
          document: MerkleHash.sha256(bytes))
      }
      return Response(
        status: .ok,
        headers: [.contentType: type, .cacheControl: "no-store", .vary: "Accept, Accept-Language, Cookie"],
        body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
  }
}
