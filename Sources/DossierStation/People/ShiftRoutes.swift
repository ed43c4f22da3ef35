internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird
internal import Synchronization

/// The shift: when somebody begins and ends his work, and what he leaves open.
struct ShiftRoutes {
  let services: StationServices
  private var people: People { services.people }
  /// So many open manifests are named; the next shift needs no more to begin with.
  private static let shown = 50

  func add(to router: Router<StationContext>) {
    router.get("shift") { request, context in
      guard let visitor = context.visitor else { throw Problem(.unauthorized, context.standing.finding) }
      return try await services.pages.renderer.response(
        to: PageRequest(request, context, format: .html), page: try await page(visitor, context.language))
    }
    router.post("shift/open") { _, context in
      let visitor = try context.require(.scan)
      if people.openShift(visitor) {
        try await people.save()
        try await people.record(.shiftOpened, by: visitor)
      }
      return Response.redirect(to: "/shift")
    }
    router.post("shift/close") { _, context in
      let visitor = try context.require(.scan)
      if people.closeShift(visitor) {
        let open = try await open(visitor).count
        try await people.save()
        // What stays open is the next shift's business: it is stated, not refused.
        try await people.record(.shiftClosed, by: visitor, reference: "open:\(open)")
      }
      return Response.redirect(to: "/shift")
    }
  }

  private func open(_ visitor: Visitor) async throws -> [ManifestRecord] {
    try await services.work { try $0.openManifests(receiver: visitor.office, limit: Self.shown) }
  }

  private func page(_ visitor: Visitor, _ language: Language) async throws -> Page {
    let since = people.shift(of: visitor)
    let manifests = visitor.permissions.contains(.read) ? try await open(visitor) : []
    let rows: [[String: any Sendable]] = manifests.map {
      [
        "number": $0.number, "giver": $0.giver, "items": $0.items,
        "dispatched": Wording(language).time($0.dispatchedAt),
      ]
    }
    var content: [String: any Sendable] = [
      "mayScan": visitor.permissions.contains(.scan), "manifests": rows, "count": rows.count,
      "isCut": rows.count == Self.shown, "hasManifests": !rows.isEmpty,
      "lockMinutes": Int(people.idleLimit / 60_000), "office": visitor.office,
    ]
    if let since { content["since"] = Wording(language).time(since) }
    return Page(
      title: BilingualText(vi: "Ca làm việc", en: "Shift"), template: "shift", content: content,
      styles: ["people.css"])
  }
}

extension People {
  /// Since when the visitor's shift is open; nil when it is not.
  func shift(of visitor: Visitor) -> Int64? { state.withLock { $0.memory.shifts[visitor.code] } }

  /// - Returns: false when it was open already.
  func openShift(_ visitor: Visitor) -> Bool {
    state.withLock { state in
      guard state.memory.shifts[visitor.code] == nil else { return false }
      state.memory.shifts[visitor.code] = now
      return true
    }
  }

  /// - Returns: false when there was none.
  func closeShift(_ visitor: Visitor) -> Bool {
    state.withLock { $0.memory.shifts.removeValue(forKey: visitor.code) != nil }
  }
}
