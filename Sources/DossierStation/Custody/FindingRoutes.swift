internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird

/// Where custody has a problem, and what the codes mean.
struct FindingRoutes {
  let services: StationServices

  func add(to router: Router<StationContext>) {
    services.pages.page("findings", on: router, needs: .read) { try await list($0) }
    services.pages.page("explain", on: router, needs: nil) { explain($0) }
    services.pages.page("explain/:code", on: router, needs: nil) { try explainOne($0) }
  }

  /// A page ends with an item, so that the findings of one never stand on two.
  private func list(_ request: PageRequest) async throws -> Page {
    let words = PageWords(query: request.query)
    let (limit, after) = (try words.limit(), try words.after())
    let (items, findings) = try await services.work { tracker in
      let items = try tracker.items(matching: ItemFilter(withFindings: true), after: after, limit: limit + 1)
      let findings = try items.prefix(limit).flatMap {
        try tracker.history(ofItem: $0.number)?.findings ?? []
      }
      return (items, findings)
    }
    let shower = FindingContent(wording: Wording(request.language))
    var content: [String: any Sendable] = [
      "findings": findings.map { shower.content($0) }, "isEmpty": findings.isEmpty,
      "isContinued": after != nil,
    ]
    var page = Page(
      title: BilingualText(vi: "Phát hiện về giao nhận", en: "Findings about custody"), template: "findings",
      content: [:],
      table: TabularDocument(
        columns: FindingTable.columns,
        rows: findings.map { FindingTable.row($0, language: request.language) }),
      command: PageWords.command("list findings", ["after": after, "limit": "\(findings.count)"]),
      styles: CustodyRoutes.styles)
    if items.count > limit, let last = items.prefix(limit).last {
      let next = PageWords.address("/findings", ["limit": words["limit"], "after": last.number])
      content["nextPage"] = next
      page.headers[PageWords.link] = "<\(next)>; rel=\"next\""
    }
    page.content = content
    return page
  }

  // MARK: Codes

  private func explain(_ request: PageRequest) -> Page {
    let wording = Wording(request.language)
    return Page(
      title: BilingualText(vi: "Các mã phát hiện", en: "Codes of findings"), template: "explain",
      content: [
        "groups": Self.groups(request.language).map { title, entries in
          ["group": title, "entries": entries.map { Self.entry($0, wording) }] as [String: any Sendable]
        }
      ],
      table: TabularDocument(
        columns: ExplainTable.columns,
        rows: FindingCatalogue.entries.map { ExplainTable.row($0, language: request.language) }),
      command: "dossier explain", styles: CustodyRoutes.styles)
  }

  private func explainOne(_ request: PageRequest) throws -> Page {
    let code = request.parameters["code"] ?? ""
    guard let entry = ExplainTable.entry(code) else {
      throw Problem(.notFound, Finding(.unknownCode, found: PageWords.short(code)))
    }
    let row = ExplainTable.row(entry, language: request.language)
    return Page(
      title: BilingualText(vi: "Mã \(entry.code.rawValue)", en: "Code \(entry.code.rawValue)"),
      template: "explain-one", content: ["entry": Self.entry(entry, Wording(request.language))],
      table: TabularDocument(columns: ExplainTable.columns, rows: [row]),
      json: .row(ExplainTable.columns, row), command: "dossier explain \(entry.code.rawValue)",
      styles: CustodyRoutes.styles)
  }

  private static func entry(
    _ entry: FindingCatalogue.Entry, _ wording: Wording
  ) -> [String: any Sendable] {
    let shape = FindingContent.shape(entry.severity)
    return [
      "findingCode": entry.code.rawValue, "severityWord": wording.severity(entry.severity),
      "severityClass": shape.name, "severityShape": shape.sign,
      "sentence": ExplainTable.sentence(entry, wording.language), "advice": entry.hint(wording.language),
    ]
  }

  /// The codes by their hundreds, with what each hundred is about.
  private static func groups(
    _ language: Language
  ) -> [(title: String, entries: [FindingCatalogue.Entry])] {
    let grouped = Dictionary(grouping: FindingCatalogue.entries) { $0.code.rawValue.dropFirst(2).prefix(2) }
    let wording = Wording(language)
    return grouped.keys.sorted().map { hundred in
      let title =
        switch hundred {
        case "10", "11", "12", "14":
          wording.text(vi: "Tệp bảng kê và luồng sự kiện", en: "Manifests and feeds")
        case "13": wording.text(vi: "Mã số", en: "Identifiers")
        case "20": wording.text(vi: "Giao nhận", en: "Custody")
        case "21": wording.text(vi: "Phiên nhận", en: "Receiving")
        case "30", "31", "32": wording.text(vi: "Nhật ký và chứng cứ", en: "Log and evidence")
        case "33": wording.text(vi: "Xóa và lưu giữ", en: "Erasing and retention")
        case "40": wording.text(vi: "Vận hành", en: "Operation")
        case "60", "61": wording.text(vi: "Báo cáo", en: "Reports")
        case "70": wording.text(vi: "Trạm", en: "Station")
        default: wording.text(vi: "Khác", en: "Others")
        }
      return ("\(title) · D-\(hundred)xx", grouped[hundred] ?? [])
    }
  }
}
