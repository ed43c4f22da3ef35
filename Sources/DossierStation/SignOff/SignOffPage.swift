internal import DossierTracker

/// The page on which two people sign: discrepancies first, the digest that both compare, a form for each side.
struct SignOffPage {
  let sheet: SigningDesk.Sheet
  let language: Language
  /// What was wrong with the signature that was just tried.
  var problem: Problem?

  private var found: ManifestReconciliation { sheet.found }

  func page() -> Page {
    let number = found.manifest.number
    let twin = SignOffTable(sheet: sheet)
    var page = Page(
      title: BilingualText(vi: "Chốt bảng kê \(number)", en: "Sign off manifest \(number)"),
      template: "signoff",
      content: content, table: twin.table, json: twin.json,
      command: "dossier receive \(number) --close --by CODE1 --witness CODE2", scripts: ["outbox.js"],
      styles: ["signoff.css"])
    if let problem { page.status = problem.status }
    return page
  }

  private func words(_ vi: String, _ en: String) -> String { language == .vi ? vi : en }

  private var content: [String: any Sendable] {
    let (manifest, count) = (found.manifest, found.count)
    let differing = found.lines.filter { $0.outcome != .received || $0.damage != nil }
    var content: [String: any Sendable] = [
      "manifest": manifest.number, "sheetPath": Self.path(manifest.number),
      "expected": count.expected, "received": count.received, "short": count.short,
      "surplus": count.surplus, "misrouted": count.misrouted, "damaged": count.damaged,
      "differing": differing.map(row), "differs": !differing.isEmpty,
      "matching": found.lines.filter { $0.outcome == .received && $0.damage == nil }.map(row),
      "matches": count.received - found.lines.count { $0.outcome == .received && $0.damage != nil },
      "short16": found.shortDigest, "list": found.digest.hex,
    ]
    if let closing = found.closing {
      content["closed"] =
        [
          "receiver": closing.signer, "giver": closing.witness, "at": Wording(language).time(closing.at),
          "offline": closing.isOffline,
        ] as [String: any Sendable]
    } else {
      content["sides"] = HandOverSide.allCases.map(side)
    }
    if let problem {
      content["problem"] = [
        "message": problem.finding.message(language), "hint": problem.finding.hint(language),
        "code": problem.finding.code.rawValue,
      ]
    }
    return content
  }

  private func side(_ side: HandOverSide) -> [String: any Sendable] {
    let office = side == .giver ? found.giver : found.receiver
    var content: [String: any Sendable] = [
      "side": side.rawValue, "giver": side == .giver,
      "office": side == .giver ? found.manifest.giver : found.manifest.receiver, "name": office?.name ?? "",
    ]
    if let waiting = sheet.waiting, waiting.side == side {
      content["signed"] =
        [
          "by": waiting.by, "at": Wording(language).time(waiting.at),
          "until": Wording(language).time(waiting.until), "offline": waiting.isOffline,
        ] as [String: any Sendable]
    } else {
      content["unsigned"] = true
    }
    return content
  }

  private func row(_ line: ManifestReconciliation.Line) -> [String: any Sendable] {
    var what: [String] = []
    let sign: String
    switch line.outcome {
    case .short:
      sign = "−"
      what = [
        words("THIẾU", "SHORT"), words("giữ cuối: ", "last custodian: ") + (line.custodian ?? "?"),
      ]
    case .surplus, .misrouted:
      sign = "+"
      what = [line.outcome == .surplus ? words("THỪA", "OVER") : words("LẠC HƯỚNG", "MISROUTED")]
      let belonging = [line.belongsTo, line.belongsToOffice].compactMap(\.self).joined(separator: ", ")
      if !belonging.isEmpty { what.append(words("thuộc ", "belongs to ") + belonging) }
    case .received: sign = line.damage == nil ? "✓" : "~"
    }
    if let damage = line.damage {
      let cause = line.cause.map { DamageCause(rawValue: $0)?.label(language) ?? $0 }
      let detail = [damage.label(language), cause].compactMap(\.self).joined(separator: ", ")
      what.append(words("HƯ HỎNG: ", "DAMAGED: ") + detail)
    }
    let scanned = line.at.map { Wording(language).time($0) + (line.by.map { " · \($0)" } ?? "") }
    return [
      "sign": sign, "item": line.item, "isExpected": line.outcome == .received || line.outcome == .short,
      "scanned": scanned ?? words("không quét", "not scanned"), "what": what.joined(separator: " · "),
    ]
  }

  /// The manifest's page.
  static func path(_ manifest: String) -> String { "/manifests/" + PageWords.encoded(manifest) }
}
