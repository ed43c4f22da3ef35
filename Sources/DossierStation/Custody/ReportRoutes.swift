internal import CustodyLog
internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird

/// Reports: the same documents as those of the command, on pages with a form above and downloads below.
struct ReportRoutes {
  let services: StationServices
  let desk: ReportDesk

  /// Formats for taking along, and the endings of their files.
  private static let files: [(format: ReportFormat, name: String, ending: String, type: String)] = [
    (.pdf, "PDF", "pdf", "application/pdf"),
    (.xlsx, "XLSX", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (.csvExcel, "CSV (Excel)", "excel.csv", "text/csv; charset=utf-8"),
    (.csv, "CSV", "csv", "text/csv; charset=utf-8"),
    (.html, "HTML", "html", "text/html; charset=utf-8"),
    (.json, "JSON", "json", "application/json"),
  ]

  func add(to router: Router<StationContext>) {
    services.pages.page("reports", on: router, needs: .report) { index($0) }
    for kind in ReportOrder.Kind.allCases {
      services.pages.page("reports/\(kind.rawValue)", on: router, needs: .report) {
        try await report(kind, $0)
      }
      router.get("reports/\(kind.rawValue)/file/:format") { request, context in
        let visitor = try context.require(.report)
        return try await file(kind, PageRequest(request, context, format: .html), visitor)
      }
    }
  }

  private func index(_ request: PageRequest) -> Page {
    Page(
      title: BilingualText(vi: "Báo cáo", en: "Reports"), template: "reports",
      content: [
        "reports": ReportOrder.Kind.allCases.map { kind in
          let words = ReportForm.words(kind)
          return [
            "kind": kind.rawValue, "reportName": words.name[request.language.output],
            "reportAbout": words.about[request.language.output],
          ]
        }
      ],
      table: TabularDocument(
        columns: [
          Column("report", vi: "Báo cáo", en: "Report", kind: .code),
          Column("name", vi: "Tên", en: "Name"), Column("about", vi: "Nội dung", en: "About"),
        ],
        rows: ReportOrder.Kind.allCases.map { kind in
          let words = ReportForm.words(kind)
          return [.text(kind.rawValue), .words(words.name), .words(words.about)]
        }), styles: CustodyRoutes.styles)
  }

  // MARK: One report

  private func report(_ kind: ReportOrder.Kind, _ request: PageRequest) async throws -> Page {
    let order = try await self.order(kind, request)
    let made = try await desk.report(order, language: request.language)
    let document = made.document
    let language = request.language.output
    // Charts and tables of the longest reports are cut to what a page may weigh.
    let parts = ReportBody.parts(of: document, language: language, rowLimit: 15)
    var content: [String: any Sendable] = [
      "form": ReportForm(order: order, language: request.language, asked: request.query).content(
        knownAt: document.note.knownAt),
      "lead": document.lead.map { $0[language] }, "note": document.note.text.map { $0[language] },
      "parts": parts.map { ["id": $0.id, "heading": $0.title, "markup": $0.markup] },
      "hasContents": parts.count > 2, "kind": kind.rawValue,
      "files": Self.files.map { file in
        [
          "fileName": file.name,
          "fileAddress": "/reports/\(kind.rawValue)/file/\(file.format.rawValue)" + Self.query(request),
        ]
      },
    ]
    if let heading = document.heading { content["office"] = heading.office }
    return Page(
      title: document.title, template: "report", content: content, table: document.flat,
      json: .object(document.json + [.init(key: "note", value: document.note.json)]),
      command: document.note.command, styles: CustodyRoutes.styles)
  }

  /// The report that an address names. Of the settlement, which needs a period, the year of the newest event unless
  /// another is given.
  private func order(_ kind: ReportOrder.Kind, _ request: PageRequest) async throws -> ReportOrder {
    var words = request.query
    let isPeriodGiven = ["period", "from", "to"].contains { words[$0]?.isEmpty == false }
    if kind == .settlement, !isPeriodGiven {
      let newest = try await services.work { try $0.signedState().newest }
      words["period"] = "\(CalendarDate(vietNamInstant: newest ?? services.environment.now()).year)"
    }
    return try ReportOrder(kind, words: words)
  }

  private static func query(_ request: PageRequest) -> String {
    request.address.utf8.count > request.path.utf8.count
      ? String(request.address.dropFirst(request.path.count)) : ""
  }

  // MARK: Files

  private func file(
    _ kind: ReportOrder.Kind, _ request: PageRequest, _ visitor: Visitor
  ) async throws -> Response {
    guard let file = Self.files.first(where: { $0.format.rawValue == request.parameters["format"] }) else {
      throw Problem(.notFound, Finding(.pageUnknown))
    }
    let order = try await self.order(kind, request)
    // A workbook is for working, so its lists are whole.
    let isWhole = file.format == .xlsx && (kind == .custody || kind == .fees)
    let made = try await desk.report(order, language: request.language, wholeLists: isWhole)
    let bytes = try await desk.render(made, file.format, language: request.language)
    try await services.people.record(
      .exported, by: visitor, reference: "report \(kind.rawValue) \(file.format.rawValue)",
      document: MerkleHash.sha256(bytes))
    let size = made.document.note.log.map { "-\($0.size)" } ?? ""
    return Response(
      status: .ok,
      headers: [
        .contentType: file.type, .cacheControl: "no-store",
        .contentDisposition: "attachment; filename=\"\(kind.rawValue)\(size).\(file.ending)\"",
      ], body: .init(byteBuffer: .init(bytes: bytes)))
  }
}
