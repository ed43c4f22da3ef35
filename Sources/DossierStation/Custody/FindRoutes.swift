internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird

/// `/find?code=`: any code that stands on paper, on a screen or in a report leads to its page.
struct FindRoutes {
  let services: StationServices

  func add(to router: Router<StationContext>) {
    router.get("find") { request, context in
      _ = try context.require(.read)
      let asked = PageRequest(request, context, format: .html)
      let code = asked.query["code"] ?? ""
      let places = try await services.work { try FoundPlaces($0, code) }
      if let only = places.found.first, places.found.count == 1 {
        return Response.redirect(to: only.address, adding: [.cacheControl: "no-store"])
      }
      return try await services.pages.renderer.response(
        to: asked, page: page(code, places.found, asked.language))
    }
  }

  private func page(_ code: String, _ found: [FoundPlaces.Place], _ language: Language) -> Page {
    let finding = Finding(.unknownCode, found: PageWords.short(code))
    var page = Page(
      title: found.isEmpty
        ? BilingualText(vi: "Không tìm thấy mã này", en: "Nothing is known by this code")
        : BilingualText(vi: "Mã này ứng với nhiều mục", en: "This code names several things"),
      template: "find",
      content: [
        "asked": PageWords.short(code), "places": found.map { $0.content(Wording(language)) },
        "isUnknown": found.isEmpty, "hint": finding.hint(language),
      ], styles: CustodyRoutes.styles)
    if found.isEmpty { page.status = .notFound }
    return page
  }
}

/// All that a code can mean here.
struct FoundPlaces: Sendable {
  enum Kind: Sendable { case item, manifest, dossier, finding, office }

  struct Place: Sendable {
    var kind: Kind
    var code: String
    var address: String

    func content(_ wording: Wording) -> [String: any Sendable] {
      let word =
        switch kind {
        case .item: wording.text(vi: "bưu gửi", en: "item")
        case .manifest: wording.text(vi: "bảng kê", en: "manifest")
        case .dossier: wording.text(vi: "hồ sơ", en: "dossier")
        case .finding: wording.text(vi: "mã phát hiện", en: "finding code")
        case .office: wording.text(vi: "đơn vị", en: "office")
        }
      return ["kindWord": word, "foundCode": code, "foundAddress": address]
    }
  }

  private(set) var found: [Place] = []

  /// Codes are short; what is longer is none.
  private static let longest = 200

  init(_ tracker: Tracker, _ text: String) throws {
    guard text.utf8.count <= Self.longest else { return }
    if let entry = ExplainTable.entry(text) {
      add(.finding, entry.code.rawValue, "/explain/")
    }
    if case .success(let number) = ItemNumber.parse(text), let item = try tracker.history(ofItem: number.text)
    {
      add(.item, item.summary.number, "/items/")
    }
    if case .success(let number) = ManifestNumber.parse(text),
      try tracker.items(ofManifest: number.text) != nil
    {
      add(.manifest, number.text, "/manifests/")
    }
    if case .success(let code) = DossierCode.parse(text), try isDossier(code.text, tracker) {
      add(.dossier, code.text, "/dossiers/")
    }
    if case .success(let office) = OfficeCode.parse(text),
      try tracker.offices().contains(where: { $0.code == office.text })
    {
      found.append(
        Place(
          kind: .office, code: office.text,
          address: PageWords.address("/items", ["custodian": office.text])))
    }
  }

  /// The tracker's own search prefers an item or a manifest of the same code.
  private func isDossier(_ code: String, _ tracker: Tracker) throws -> Bool {
    if case .dossier? = try tracker.show(code) { return true }
    return false
  }

  private mutating func add(_ kind: Kind, _ code: String, _ path: String) {
    found.append(Place(kind: kind, code: code, address: path + PageWords.encoded(code)))
  }
}
