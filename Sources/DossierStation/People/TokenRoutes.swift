internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird
internal import Synchronization

/// Tokens for programs: everybody makes and revokes his own, the administrator revokes any.
struct TokenRoutes {
  let services: StationServices
  private var people: People { services.people }
  private static let days = [30, 90, 180, 366]

  func add(to router: Router<StationContext>) {
    services.pages.page("tokens", on: router, needs: nil) { request in
      guard let visitor = request.visitor else { throw Problem(.unauthorized, Finding(.signInNeeded)) }
      return try page(visitor, request.language)
    }
    router.post("tokens") { request, context in
      let visitor = try owner(context)
      let form = try await FormFields.of(request)
      let scopes = Permission.allCases.filter { form["scope-\($0.rawValue)"] != nil }
      do {
        let issued = try await people.change(by: visitor) { register, actor in
          try register.addToken(
            code: visitor.code, label: form["label"] ?? "", scopes: scopes,
            days: form["days"].flatMap(Int.init) ?? 0, by: actor)
        }
        if case .session(let session) = visitor.means {
          people.state.withLock { $0.shown[session] = issued }
        }
        return Response.redirect(to: "/issued")
      } catch let refusal as TrackerRefusal {
        var page = try page(visitor, context.language)
        page.content["typed"] = ["label": form["label"] ?? ""]
        page.add(Problem(.unprocessableContent, refusal.finding), context.language)
        return try await services.pages.renderer.response(
          to: PageRequest(request, context, format: .html), page: page)
      }
    }
    router.post("tokens/:id/revoke") { _, context in
      let visitor = try owner(context)
      let id = context.parameters.get("id") ?? ""
      let owner = visitor.permissions.contains(.administer) ? nil : visitor.code
      try await people.change(by: visitor) { try $0.revokeToken(id, owner: owner, by: $1) }
      return Response.redirect(to: "/tokens")
    }
  }

  /// A token makes no tokens: whoever finds one must not be able to keep it alive.
  private func owner(_ context: StationContext) throws -> Visitor {
    guard let visitor = context.visitor else { throw Problem(.unauthorized, context.standing.finding) }
    guard case .session = visitor.means else {
      throw Problem(.forbidden, Finding(.tokenScope, found: "token"))
    }
    return visitor
  }

  private func page(_ visitor: Visitor, _ language: Language) throws -> Page {
    let isAdministrator = visitor.permissions.contains(.administer)
    let now = people.now
    let (tokens, uses) = try people.current { ($0.content.tokens, $0.memory.tokenUses) }
    let shown = tokens.filter { isAdministrator || $0.code == visitor.code }
    let rows = shown.map { token -> [String: any Sendable] in
      [
        "id": token.id, "code": token.code, "label": token.label,
        "scopes": token.scopes.map { $0.label(language) }.joined(separator: ", "),
        "expires": Wording(language).time(token.expiresAt),
        "used": Wording(language).time(uses[token.id]),
        "state": AccountTable.state(token, now, language), "isUsable": token.isUsable(at: now),
      ]
    }
    let scopes: [[String: any Sendable]] = Permission.allCases
      .filter { $0 != .sign && visitor.role.permissions.contains($0) }
      .map { ["word": $0.rawValue, "label": $0.label(language)] }
    let days: [[String: any Sendable]] = Self.days.map { ["count": $0, "isChosen": $0 == 90] }
    return Page(
      title: BilingualText(vi: "Token cho chương trình", en: "Tokens for programs"), template: "tokens",
      content: ["tokens": rows, "hasTokens": !rows.isEmpty, "scopes": scopes, "days": days],
      table: TabularDocument(
        columns: AccountTable.tokenColumns,
        rows: shown.map { AccountTable.row($0, usedAt: uses[$0.id], now: now) }),
      command: "dossier people token list", styles: ["people.css"])
  }
}
