internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird

/// The audit: of the whole store on request, of one item at once.
struct AuditRoutes {
  let services: StationServices
  let desk: AuditDesk

  func add(to router: Router<StationContext>) {
    services.pages.page("audit", on: router, needs: .audit) { request in
      if let item = PageWords(query: request.query)["item"] { return try await audit(item, request) }
      return try await latest(request)
    }
    router.post("audit") { _, context in
      let visitor = try context.require(.audit)
      await desk.begin(by: visitor)
      await desk.settle()
      return Response.redirect(to: "/audit", adding: [.cacheControl: "no-store"])
    }
  }

  private func latest(_ request: PageRequest) async throws -> Page {
    let (outcome, failure, percent) = await (desk.latest, desk.failure, desk.percent)
    let head = try await services.work { try $0.head() }
    let wording = Wording(request.language)
    var content: [String: any Sendable] = ["isWhole": true]
    if let percent { content["running"] = ["percent": percent] }
    if let failure = failure ?? outcome?.unrecorded {
      content["failed"] = FindingContent(wording: wording).content(failure)
    }
    guard let outcome else {
      guard request.format == .html else {
        guard percent != nil else { throw Problem(.notFound, Finding(.noAuditYet)) }
        var problem = Problem(.serviceUnavailable, Finding(.auditBusy))
        problem.retryAfter = 5
        throw problem
      }
      return page(content, nil, "dossier audit", request)
    }
    content["result"] = AuditContent(report: outcome.report, wording: wording).content()
    content["ran"] = [
      "by": outcome.by, "when": wording.time(outcome.begun),
      "took": "\(max(outcome.ended - outcome.begun, 0)) ms",
    ]
    // That it ran is recorded after it.
    let audited = outcome.report.head.size + (outcome.unrecorded == nil ? 1 : 0)
    let grown = head.size - min(head.size, audited)
    content["grown"] = grown > 0 ? wording.count(grown) : nil
    return page(content, outcome.report, "dossier audit", request)
  }

  private func audit(_ item: String, _ request: PageRequest) async throws -> Page {
    guard item.utf8.count <= 64, let report = try await services.work({ try $0.audit(item: item) }) else {
      throw Problem(.notFound, Finding(.unknownCode, found: PageWords.short(item)))
    }
    let number = (try? ItemNumber.parse(item).get().text) ?? item
    let content: [String: any Sendable] = [
      "ofItem": ["number": number, "itemPath": "/items/" + PageWords.encoded(number)],
      "result": AuditContent(report: report, wording: Wording(request.language)).content(),
    ]
    return page(content, report, PageWords.command("audit", ["item": number]), request)
  }

  private func page(
    _ content: [String: any Sendable], _ report: AuditReport?, _ command: String, _ request: PageRequest
  ) -> Page {
    var page = Page(
      title: BilingualText(vi: "Kiểm tra chuỗi giao nhận", en: "Audit of the chain of custody"),
      template: "audit", content: content, command: command, styles: CustodyRoutes.styles)
    if let report {
      page.json = report.json(request.language)
      page.table = TabularDocument(
        columns: FindingTable.columns,
        rows: report.findings.map { FindingTable.row($0, language: request.language) })
    }
    return page
  }
}

/// The result of an audit as its page shows it.
struct AuditContent: Sendable {
  let report: AuditReport
  let wording: Wording

  /// Findings of one code that are shown; the others stand in the twin.
  private static let foldAfter = 10

  func content() -> [String: any Sendable] {
    let verdict = shape(report.verdict)
    let groups = Dictionary(grouping: report.findings, by: \.code)
    let sorted = groups.values.sorted { left, right in
      let (first, second) = (Self.rank(left), Self.rank(right))
      return first == second ? left[0].code.rawValue < right[0].code.rawValue : first < second
    }
    return [
      "verdictWord": verdict.word, "verdictShape": verdict.sign, "verdictClass": verdict.name,
      "verdictMeaning": meaning(report.verdict), "counts": counts,
      "size": wording.count(report.head.size), "root": report.head.root.base64,
      "checked": report.checked.map {
        ["what": $0.label(wording.language), "count": wording.count($0.count)] as [String: any Sendable]
      },
      "unchecked": report.unchecked.map { unchecked($0) },
      "allChecked": report.unchecked.isEmpty, "groups": sorted.map(group),
      "hasFindings": !report.findings.isEmpty, "leftOut": report.findingsLeftOut,
      "hasLeftOut": report.findingsLeftOut > 0,
    ]
  }

  /// Four verdicts; `unchecked` is never green.
  private func shape(_ verdict: AuditReport.Verdict) -> (name: String, sign: String, word: String) {
    switch verdict {
    case .intact: ("intact", "✓", wording.text(vi: "NGUYÊN VẸN", en: "INTACT"))
    case .gap: ("gap", "◇", wording.text(vi: "CÓ KHOẢNG TRỐNG", en: "GAP"))
    case .contradiction: ("contradiction", "✗", wording.text(vi: "MÂU THUẪN", en: "CONTRADICTION"))
    case .unchecked: ("unchecked", "?", wording.text(vi: "CHƯA KIỂM ĐƯỢC", en: "NOT CHECKED"))
    }
  }

  private func meaning(_ verdict: AuditReport.Verdict) -> String {
    switch verdict {
    case .intact:
      wording.text(
        vi: "Mọi thứ đã kiểm đều khớp với nhật ký đã ký.",
        en: "Everything that was checked agrees with the signed log.")
    case .gap:
      wording.text(
        vi: "Có lượt bàn giao thiếu một bên; nhật ký không bị sửa.",
        en: "Some hand-over lacks one side; the log was not altered.")
    case .contradiction:
      wording.text(
        vi: "Có chỗ trái với nhật ký đã ký, hoặc tự mâu thuẫn.",
        en: "Something contradicts the signed log, or itself.")
    case .unchecked:
      wording.text(
        vi: "Không thấy gì sai, nhưng cũng không có chữ ký nào bảo đảm.",
        en: "Nothing wrong was seen, but no signature vouches for the log.")
    }
  }

  /// How many findings of each bearing, in words.
  private var counts: String {
    let bearings = report.findings.map(AuditReport.bearing)
    func part(_ bearing: AuditReport.Bearing, _ vi: String, _ en: String) -> String? {
      let count = bearings.count { $0 == bearing }
      return count == 0 ? nil : "\(wording.count(count)) \(wording.text(vi: vi, en: en))"
    }
    return [
      part(.contradiction, "mâu thuẫn", "contradictions"), part(.gap, "khoảng trống", "gaps"),
      part(.remark, "điều cần xem", "remarks"),
    ].compactMap(\.self).joined(separator: " · ")
  }

  private func unchecked(_ unchecked: AuditReport.Unchecked) -> [String: any Sendable] {
    [
      "what": AuditReport.Checked(unchecked.what, unchecked.count).label(wording.language),
      "why": unchecked.reason(wording.language), "count": wording.count(unchecked.count),
    ]
  }

  // MARK: Findings by code

  private static func rank(_ findings: [Finding]) -> Int {
    findings.map { AuditReport.bearing($0).rawValue }.min() ?? 9
  }

  private func group(_ findings: [Finding]) -> [String: any Sendable] {
    let shower = FindingContent(wording: wording)
    let bearing = findings.map(AuditReport.bearing).min { $0.rawValue < $1.rawValue } ?? .remark
    let (sign, name) =
      switch bearing {
      case .contradiction: ("✗", "contradiction")
      case .gap: ("◇", "gap")
      case .remark: ("•", "remark")
      }
    let entry = FindingCatalogue.entry(findings[0].code)
    let shown = findings.prefix(bearing == .remark ? 5 : Self.foldAfter)
    let left = findings.count - shown.count
    return [
      "groupCode": findings[0].code.rawValue, "groupSign": sign, "groupClass": name,
      "groupSentence": ExplainTable.sentence(entry, wording.language),
      "groupAdvice": entry.hint(wording.language), "groupCount": wording.count(findings.count),
      "findings": shown.map { shower.content($0, withValues: bearing != .remark) }, "hasLeft": left > 0,
      "left": wording.count(left),
    ]
  }
}
