internal import DossierTracker
internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// `/scan`: which manifest, and the page on which its items are scanned.
struct ScanPageRoutes {
  let services: StationServices

  /// Manifests that the first page offers, newest first.
  private static let mostOffered = 40

  func add(to router: Router<StationContext>) {
    services.pages.page("scan", on: router, needs: .scan) { request in
      let office = request.visitor?.office ?? ""
      let offered = try await services.work {
        try $0.openManifests(receiver: office, limit: Self.mostOffered)
      }
      guard let asked = request.query["manifest"], !asked.isEmpty else {
        return choice(offered, refused: nil, language: request.language)
      }
      let (shown, offices) = try await services.work {
        (try $0.show(ScanText(raw: String(asked.prefix(64))).text), try $0.offices())
      }
      guard case .manifest(let manifest, _) = shown else {
        return choice(offered, refused: Refused(asked: asked, shown: shown), language: request.language)
      }
      // Every scan would be refused with this finding, only later.
      guard manifest.receiver == office else {
        let name = offices.first { $0.code == manifest.receiver }?.name
        let finding = Finding(
          .scanAtOtherOffice, expected: name.map { "\($0) (\(manifest.receiver))" } ?? manifest.receiver,
          found: manifest.number)
        return choice(
          offered, refused: Refused(asked: manifest.number, finding: finding), language: request.language)
      }
      return counter(manifest, offered: offered, request)
    }
  }

  // MARK: Which manifest

  /// What somebody scanned that is not a manifest here.
  private struct Refused {
    var asked: String
    /// The manifest of the item that it is.
    var manifest: String?
    /// Why the manifest that it is cannot be scanned by this office.
    var finding: Finding?

    init(asked: String, finding: Finding) {
      self.asked = asked
      self.finding = finding
    }

    init(asked: String, shown: Shown?) {
      self.asked = String(asked.prefix(64))
      guard case .item(let history) = shown else { return }
      manifest = history.summary.manifest
    }
  }

  private func choice(_ offered: [ManifestRecord], refused: Refused?, language: Language) -> Page {
    let wording = Wording(language)
    var content: [String: any Sendable] = [
      "manifests": offered.map { manifest -> [String: any Sendable] in
        [
          "number": manifest.number, "giver": manifest.giver, "items": manifest.items,
          "dispatched": wording.time(manifest.dispatchedAt),
        ]
      },
      "hasManifests": !offered.isEmpty,
    ]
    if let finding = refused?.finding {
      content["elsewhere"] = [
        "code": finding.code.rawValue, "message": finding.message(language), "hint": finding.hint(language),
      ]
    } else if let refused {
      content["refused"] = refused.asked
      if let manifest = refused.manifest { content["refusedManifest"] = manifest }
    }
    var page = Page(
      title: BilingualText(vi: "Quét nhận", en: "Scan"), template: "scan_choose", content: content,
      json: .object([
        .init(
          key: "manifests",
          value: .array(
            offered.map {
              [
                "manifest": .string($0.number), "giver": .string($0.giver),
                "receiver": .string($0.receiver), "items": .integer($0.items),
              ]
            }))
      ]),
      command: "dossier list manifests", scripts: ["outbox.js"], styles: ["scan.css"])
    if let refused { page.status = refused.finding == nil ? .notFound : .forbidden }
    return page
  }

  // MARK: The counter

  private func counter(_ manifest: ManifestRecord, offered: [ManifestRecord], _ request: PageRequest) -> Page
  {
    let language = request.language
    let settings = ScanSettings(
      manifest: manifest.number, others: offered.map(\.number), clerk: request.visitor?.code ?? "",
      language: language)
    return Page(
      title: BilingualText(vi: "Quét \(manifest.number)", en: "Scan \(manifest.number)"), template: "scan",
      content: [
        "manifest": manifest.number, "giver": manifest.giver, "receiver": manifest.receiver,
        "expected": manifest.items,
        "settings": settings.json.text(pretty: false),
        "grades": ScanSettings.choices(ScanCommand.allCases.filter { $0.damage != nil }, language),
        "causes": ScanSettings.choices(ScanCommand.allCases.filter { $0.cause != nil }, language),
        "commands": ScanSettings.sheet(language),
      ],
      command: "dossier receive \(manifest.number)", scripts: ["scan.js"], styles: ["scan.css"])
  }
}
