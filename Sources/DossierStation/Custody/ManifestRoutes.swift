internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird

/// Manifests: what was announced, and what of it came.
struct ManifestRoutes {
  let services: StationServices

  func add(to router: Router<StationContext>) {
    services.pages.page("manifests", on: router, needs: .read) { try await list($0) }
    services.pages.page("manifests/:number", on: router, needs: .read) { try await manifest($0) }
  }

  private func list(_ request: PageRequest) async throws -> Page {
    let words = PageWords(query: request.query)
    let isOpen = try words.flag("open")
    let receiver = try words.read("receiver", expecting: "590100, H48.25") {
      try? OfficeCode.parse($0).get().text
    }
    let filter = ManifestFilter(receiver: receiver, isClosed: isOpen ? false : nil)
    let (limit, after) = (try words.limit(), try words.after())
    let (manifests, offices) = try await services.work {
      (try $0.manifests(matching: filter, after: after, limit: limit + 1), OfficeNames(try $0.offices()))
    }
    let shown = Array(manifests.prefix(limit))
    let wording = Wording(request.language)
    let open = isOpen ? "1" : nil
    var content: [String: any Sendable] = [
      "manifests": shown.map { row($0, offices, wording) }, "isEmpty": shown.isEmpty, "onlyOpen": isOpen,
      "receiverValue": receiver ?? "", "isContinued": after != nil,
      "firstPage": PageWords.address("/manifests", ["open": open, "receiver": receiver]),
      "hereAddress": PageWords.address("/manifests", ["open": "1", "receiver": request.visitor?.office]),
      "openAddress": PageWords.address("/manifests", ["open": "1"]),
    ]
    var page = Page(
      title: BilingualText(vi: "Bảng kê", en: "Manifests"), template: "manifests", content: [:],
      table: TabularDocument(columns: ManifestTable.columns, rows: shown.map(ManifestTable.row)),
      command: PageWords.command(
        "list manifests",
        ["open": open.map { _ in "" }, "receiver": receiver, "after": after, "limit": "\(limit)"]),
      styles: CustodyRoutes.styles)
    if manifests.count > limit, let last = shown.last {
      let next = PageWords.address(
        "/manifests",
        ["open": open, "receiver": receiver, "limit": words["limit"], "after": last.number])
      content["nextPage"] = next
      page.headers[PageWords.link] = "<\(next)>; rel=\"next\""
    }
    page.content = content
    return page
  }

  private func row(
    _ manifest: ManifestRecord, _ offices: OfficeNames, _ wording: Wording
  ) -> [String: any Sendable] {
    [
      "manifest": ItemTimeline.manifest(manifest.number), "legWord": wording.leg(manifest.leg),
      "giver": offices.content(manifest.giver) ?? [:], "receiver": offices.content(manifest.receiver) ?? [:],
      "dispatched": wording.time(manifest.dispatchedAt),
      "machineTime": MachineTime.text(manifest.dispatchedAt) ?? "", "items": manifest.items,
      "dossierCount": manifest.dossiers, "isClosed": manifest.closedEvent != nil,
    ]
  }

  // MARK: One manifest

  private func manifest(_ request: PageRequest) async throws -> Page {
    let number = request.parameters["number"] ?? ""
    let after = try PageWords(query: request.query).after()
    let office = request.visitor?.office
    return try await services.work { tracker in
      guard case .success(let canonical) = ManifestNumber.parse(number),
        let reconciliation = try tracker.reconciliation(ofManifest: canonical.text),
        case .manifest(let manifest, let items)? = try tracker.show(canonical.text)
      else { throw Problem(.notFound, Finding(.manifestUnknown, found: PageWords.short(number))) }
      let offices = try tracker.offices()
      let isSide = office.map { SigningDesk.isInvolved($0, in: manifest, offices: offices) } ?? false
      let content = ManifestContent(
        reconciliation: reconciliation, items: items, offices: OfficeNames(offices),
        wording: Wording(request.language), after: after)
      return Page(
        title: BilingualText(vi: "Bảng kê \(manifest.number)", en: "Manifest \(manifest.number)"),
        template: "manifest",
        content: try content.content(visitorsOffice: office, isSide: isSide),
        table: TabularDocument(columns: ItemTable.columns, rows: items.map { ItemTable.row($0) }),
        json: Shown.manifest(manifest, items).json(request.language),
        command: "dossier show \(PageWords.quoted(manifest.number))", scripts: ["live.js"],
        styles: CustodyRoutes.styles)
    }
  }
}

/// One manifest as its page shows it.
struct ManifestContent: Sendable {
  let reconciliation: ManifestReconciliation
  let items: [ItemSummary]
  let offices: OfficeNames
  let wording: Wording
  /// Number of the item after which the page of lines begins; nil for the first page.
  var after: String?

  /// Lines of one page, and discrepancies that stand before the first: more would weigh too much.
  private static let rows = 75
  private static let mostDiffering = 30

  /// - Parameters:
  ///   - visitorsOffice: who receives scans.
  ///   - isSide: whether people of that office may sign for one of the sides.
  /// - Throws: ``Problem`` 404 when no line is of the item after which the page should begin.
  func content(visitorsOffice: String?, isSide: Bool) throws -> [String: any Sendable] {
    let manifest = reconciliation.manifest
    let lines = try page()
    let isPaged = lines.count < reconciliation.lines.count
    let isFirst = after == nil
    let isHere = manifest.receiver == visitorsOffice
    let count = reconciliation.count
    let number = PageWords.encoded(manifest.number)
    let states = Dictionary(items.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
    var content: [String: any Sendable] = [
      "number": manifest.number, "legWord": wording.leg(manifest.leg),
      "giver": offices.content(manifest.giver) ?? [:], "receiver": offices.content(manifest.receiver) ?? [:],
      "dispatched": wording.time(manifest.dispatchedAt),
      "machineTime": MachineTime.text(manifest.dispatchedAt) ?? "", "itemCount": manifest.items,
      "dossierCount": manifest.dossiers, "hash": manifest.sha256.base64,
      "list": reconciliation.shortDigest, "isHere": isHere, "isSide": isSide,
      "isOpen": reconciliation.closing == nil,
      "expected": count.expected, "received": count.received, "short": count.expected - count.received,
      "over": count.surplus + count.misrouted, "damaged": count.damaged,
      "lines": lines.map { line($0, states[$0.item]) }, "isPaged": isPaged,
      "isFirstOfSeveral": isPaged && isFirst,
      "firstLine": lines.startIndex + 1, "lastLine": lines.endIndex,
      "lineCount": reconciliation.lines.count, "isContinued": !isFirst,
      "firstPage": "/manifests/\(number)",
      "scanAddress": PageWords.address("/scan", ["manifest": manifest.number]),
      "signAddress": "/manifests/\(number)/sign", "recordAddress": "/manifests/\(number)/record",
      "labelsAddress": "/manifests/\(number)/labels.pdf",
    ]
    if let closing = reconciliation.closing {
      content["closing"] = [
        "signer": closing.signer, "witness": closing.witness, "closedAt": wording.time(closing.at),
      ]
    }
    if lines.endIndex < reconciliation.lines.count, let last = lines.last {
      content["nextPage"] = PageWords.address("/manifests/\(number)", ["after": last.item])
    }
    if isPaged, isFirst { content["differences"] = differences() }
    return content
  }

  /// The lines keep the manifest's order while items are scanned, so that paging misses none.
  private func page() throws -> ArraySlice<ManifestReconciliation.Line> {
    guard let after else { return reconciliation.lines.prefix(Self.rows) }
    guard let place = reconciliation.lines.firstIndex(where: { $0.item == after }) else {
      throw Problem(.notFound, Finding(.unknownCode, found: PageWords.short(after)))
    }
    return reconciliation.lines[(place + 1)...].prefix(Self.rows)
  }

  /// What differs, before the first page of a longer list. What is still to come differs only once nothing more can come.
  private func differences() -> [String: any Sendable]? {
    let isClosed = reconciliation.closing != nil
    let all = reconciliation.lines.filter { line in
      line.damage != nil || (line.outcome != .received && (isClosed || line.outcome != .short))
    }
    guard !all.isEmpty else { return nil }
    return [
      "differingCount": all.count, "hasMore": all.count > Self.mostDiffering,
      "differing": all.prefix(Self.mostDiffering).map(difference),
    ]
  }

  private func difference(_ line: ManifestReconciliation.Line) -> [String: any Sendable] {
    let (word, sign, name) = outcome(line.outcome)
    var content: [String: any Sendable] = [
      "item": line.item, "itemPath": "/items/" + PageWords.encoded(line.item), "outcomeWord": word,
      "outcomeShape": sign, "outcomeClass": name,
    ]
    content["damageWord"] = line.damage.map(wording.damage)
    return content
  }

  private func line(
    _ line: ManifestReconciliation.Line, _ summary: ItemSummary?
  ) -> [String: any Sendable] {
    let (word, sign, name) = outcome(line.outcome)
    var content: [String: any Sendable] = [
      "item": line.item, "itemPath": "/items/" + PageWords.encoded(line.item), "outcomeWord": word,
      "outcomeShape": sign, "outcomeClass": name,
      "dossierCodes": line.dossiers.map { ["code": $0, "path": "/dossiers/" + PageWords.encoded($0)] },
    ]
    if let at = line.at { content["scanned"] = ["when": wording.time(at), "by": line.by ?? "–"] }
    content["damageWord"] = line.damage.map(wording.damage)
    content["custodian"] = offices.content(line.custodian)
    if let other = line.belongsTo { content["belongsTo"] = ItemTimeline.manifest(other) }
    if let summary { content["stateWord"] = wording.state(summary.state) }
    return content
  }

  private func outcome(
    _ outcome: ManifestReconciliation.Outcome
  ) -> (word: String, sign: String, name: String) {
    switch outcome {
    case .received: (wording.text(vi: "đã nhận", en: "received"), "✓", "accepted")
    case .short: (wording.text(vi: "chưa nhận", en: "not received"), "○", "open")
    case .surplus: (wording.text(vi: "thừa", en: "over"), "+", "attention")
    case .misrouted: (wording.text(vi: "lạc hướng", en: "misrouted"), "↷", "attention")
    }
  }
}
