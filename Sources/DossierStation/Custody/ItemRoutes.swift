internal import CustodyLog
internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird

/// Items and dossiers: where they stand, and the way that they came.
struct ItemRoutes {
  let services: StationServices

  func add(to router: Router<StationContext>) {
    services.pages.page("items", on: router, needs: .read) { try await list($0) }
    services.pages.page("items/:number", on: router, needs: .read) { try await item($0) }
    services.pages.page("dossiers/:code", on: router, needs: .read) { try await dossier($0) }
    router.get("items/:number/evidence.json") { request, context in
      let visitor = try context.require(.read)
      let asked = PageRequest(request, context, format: .html)
      return try await evidence(asked.parameters["number"] ?? "", visitor)
    }
  }

  // MARK: The list

  private func list(_ request: PageRequest) async throws -> Page {
    let words = PageWords(query: request.query)
    let state = try words.read("state", expecting: StateWord.allCases.map(\.word).joined(separator: " ")) {
      StateWord(word: $0)
    }
    let custodian = try words.read("custodian", expecting: "590100, H48.25") {
      try? OfficeCode.parse($0).get().text
    }
    let filter = ItemFilter(
      state: state, custodian: custodian, withFindings: try words.flag("findings"))
    let (limit, after) = (try words.limit(), try words.after())
    let (items, offices) = try await services.work {
      (try $0.items(matching: filter, after: after, limit: limit + 1), OfficeNames(try $0.offices()))
    }
    let shown = Array(items.prefix(limit))
    let next = items.count > limit ? shown.last?.number : nil
    let findings = filter.withFindings ? "1" : nil
    var content: [String: any Sendable] = [
      "items": shown.map { Self.row($0, offices, Wording(request.language)) }, "isEmpty": shown.isEmpty,
      "states": StateWord.allCases.map {
        [
          "stateValue": $0.word, "stateWord": Wording(request.language).state($0), "isChosen": $0 == state,
        ] as [String: any Sendable]
      },
      "custodianValue": custodian ?? "", "onlyFindings": filter.withFindings, "isContinued": after != nil,
      "firstPage": PageWords.address(
        "/items", ["state": state?.word, "custodian": custodian, "findings": findings]),
    ]
    if let next {
      content["nextPage"] = PageWords.address(
        "/items",
        [
          "state": state?.word, "custodian": custodian, "findings": findings, "limit": words["limit"],
          "after": next,
        ])
    }
    var page = Page(
      title: BilingualText(vi: "Bưu gửi", en: "Items"), template: "items", content: content,
      table: TabularDocument(columns: ItemTable.columns, rows: shown.map { ItemTable.row($0) }),
      command: PageWords.command(
        "list items",
        [
          "state": state?.word, "custodian": custodian, "with-findings": findings.map { _ in "" },
          "after": after, "limit": "\(limit)",
        ]), styles: CustodyRoutes.styles)
    if let next = content["nextPage"] as? String { page.headers[PageWords.link] = "<\(next)>; rel=\"next\"" }
    return page
  }

  static func row(_ item: ItemSummary, _ offices: OfficeNames, _ wording: Wording) -> [String: any Sendable] {
    var content: [String: any Sendable] = [
      "number": item.number, "itemPath": "/items/" + PageWords.encoded(item.number),
      "stateWord": wording.state(item.state), "stateClass": ItemTimeline.stateClass(item),
      "last": wording.time(item.lastAt), "dossierCount": item.dossiers, "findingCount": item.findings,
      "hasFindings": item.findings > 0,
    ]
    content["custodian"] = offices.content(item.custodian)
    content["offeredTo"] = offices.content(item.offeredTo)
    content["legWord"] = item.leg.map(wording.leg)
    content["damageWord"] = item.damage.map(wording.damage)
    if let manifest = item.manifest { content["ofManifest"] = ItemTimeline.manifest(manifest) }
    return content
  }

  // MARK: One item, one dossier

  private func item(_ request: PageRequest) async throws -> Page {
    let number = request.parameters["number"] ?? ""
    return try await services.work { tracker in
      guard case .success(let canonical) = ItemNumber.parse(number),
        let item = try tracker.history(ofItem: canonical.text)
      else { throw Problem(.notFound, Finding(.unknownCode, found: PageWords.short(number))) }
      let timeline = try ItemTimeline(item, tracker, offices: tracker.offices(), language: request.language)
      let state = item.summary.state
      let shown = item.summary.number
      return Page(
        title: BilingualText(
          vi: "\(shown) · \(Wording(.vi).state(state))", en: "\(shown) · \(Wording(.en).state(state))"),
        template: "item", content: ["journeys": [timeline.content()]],
        table: Self.events([item]),
        json: try Shown.item(item).json(request.language) { try tracker.provenTimes(of: $0) },
        command: "dossier show \(PageWords.quoted(shown)) --times", styles: CustodyRoutes.styles)
    }
  }

  private func dossier(_ request: PageRequest) async throws -> Page {
    let code = request.parameters["code"] ?? ""
    return try await services.work { tracker in
      guard code.utf8.count <= 200, case .dossier(let canonical, let items)? = try tracker.show(code) else {
        throw Problem(.notFound, Finding(.unknownCode, found: PageWords.short(code)))
      }
      let offices = try tracker.offices()
      let journeys = try items.map {
        try ItemTimeline($0, tracker, offices: offices, language: request.language).content()
      }
      return Page(
        title: BilingualText(vi: "Hồ sơ \(canonical)", en: "Dossier \(canonical)"), template: "dossier",
        content: ["journeys": journeys, "itemCount": items.count, "isSeveral": items.count > 1],
        table: Self.events(items),
        json: try Shown.dossier(canonical, items).json(request.language) { try tracker.provenTimes(of: $0) },
        command: "dossier show \(PageWords.quoted(canonical)) --times", styles: CustodyRoutes.styles)
    }
  }

  /// The events as the command writes them in rows.
  private static func events(_ items: [ItemHistory]) -> TabularDocument {
    TabularDocument(columns: EventTable.log, rows: items.flatMap(\.events).map { EventTable.row($0) })
  }

  // MARK: Evidence

  /// One file from which anybody can check the item's whole custody. Personal data stay closed in it.
  private func evidence(_ number: String, _ visitor: Visitor) async throws -> Response {
    let (canonical, proof) = try await services.work { tracker in
      guard case .success(let canonical) = ItemNumber.parse(number),
        try tracker.history(ofItem: canonical.text) != nil
      else { throw Problem(.notFound, Finding(.unknownCode, found: PageWords.short(number))) }
      return (canonical.text, try tracker.prove(canonical.text))
    }
    try await services.people.record(
      .exported, by: visitor, reference: "evidence \(canonical)", document: MerkleHash.sha256(proof.file))
    return Response(
      status: .ok,
      headers: [
        .contentType: "application/json", .cacheControl: "no-store",
        .contentDisposition: "attachment; filename=\"evidence-\(canonical).json\"",
      ], body: .init(byteBuffer: .init(bytes: proof.file)))
  }
}
