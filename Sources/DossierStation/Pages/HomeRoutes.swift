internal import DossierTracker
internal import Hummingbird

/// The first page: what is open here, and a field that finds anything by its code.
struct HomeRoutes {
  let services: StationServices

  /// Rows of each of its lists.
  private static let rows = 8

  func add(to router: Router<StationContext>) {
    services.pages.page("/", on: router, needs: nil) { request in
      var content: [String: any Sendable] = [:]
      if let visitor = request.visitor, visitor.permissions.contains(.read) {
        content["desk"] = try await services.work {
          try Self.desk($0, office: visitor.office, Wording(request.language))
        }
      } else if request.visitor == nil {
        content["isPublic"] = true
      }
      return Page(
        title: BilingualText(
          vi: "Sổ giao nhận hồ sơ qua bưu chính", en: "Chain of custody for dossiers in the mail"),
        template: "home", content: content, scripts: content["desk"] == nil ? [] : ["live.js"],
        styles: CustodyRoutes.styles)
    }
  }

  /// - Parameter office: where the visitor works, which need not be the office that keeps the store.
  private static func desk(
    _ tracker: Tracker, office: String, _ wording: Wording
  ) throws -> [String: any Sendable] {
    let offices = OfficeNames(try tracker.offices())
    let manifests = try tracker.openManifests(receiver: office, limit: rows)
    let open = try tracker.count(ManifestFilter(receiver: office, isClosed: false))
    let troubled = try tracker.troubledItems(limit: rows)
    let signed = try tracker.signedState()
    return [
      "here": offices.content(office) ?? [:],
      "manifests": manifests.map { manifest($0, offices, wording) }, "openCount": open,
      "hasManifests": !manifests.isEmpty, "hasMore": open > manifests.count,
      "openAddress": PageWords.address("/manifests", ["open": "1", "receiver": office]),
      "troubled": troubled.map { item($0, wording) }, "hasTroubled": !troubled.isEmpty,
      "log": log(signed, wording),
    ]
  }

  private static func manifest(
    _ manifest: ManifestRecord, _ offices: OfficeNames, _ wording: Wording
  ) -> [String: any Sendable] {
    [
      "manifest": ItemTimeline.manifest(manifest.number), "giver": offices.name(manifest.giver),
      "legWord": wording.leg(manifest.leg), "dispatched": wording.time(manifest.dispatchedAt),
      "machineTime": MachineTime.text(manifest.dispatchedAt) ?? "", "items": manifest.items,
      "scanAddress": PageWords.address("/scan", ["manifest": manifest.number]),
    ]
  }

  private static func item(_ item: ItemSummary, _ wording: Wording) -> [String: any Sendable] {
    var content: [String: any Sendable] = [
      "number": item.number, "itemPath": "/items/" + PageWords.encoded(item.number),
      "stateWord": wording.state(item.state), "stateClass": ItemTimeline.stateClass(item),
      "last": wording.time(item.lastAt),
    ]
    content["damageWord"] = item.damage.map(wording.damage)
    return content
  }

  private static func log(_ state: Tracker.SignedState, _ wording: Wording) -> [String: any Sendable] {
    var content: [String: any Sendable] = [
      "size": wording.count(state.head.size), "unsigned": wording.count(state.unsigned),
      "isBehind": state.unsigned > 0, "newest": wording.time(state.newest),
    ]
    if let checkpoint = state.checkpoint {
      content["checkpoint"] = [
        "signedSize": wording.count(checkpoint.size), "signedAt": wording.time(state.recordedAt),
      ]
    }
    return content
  }
}
