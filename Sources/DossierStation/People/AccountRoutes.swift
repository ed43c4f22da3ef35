internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird
internal import Synchronization

/// The administrator's pages: who has an account, and what it may do.
struct AccountRoutes {
  let services: StationServices
  private var people: People { services.people }

  func add(to router: Router<StationContext>) {
    services.pages.page("people", on: router, needs: .administer) { request in try list(request) }
    services.pages.page("people/:code", on: router, needs: .administer) { request in try account(request) }
    router.post("people") { request, context in try await add(request, context) }
    router.post("people/:code/:action") { request, context in
      let visitor = try context.require(.administer)
      let code = context.path("code")
      let form = try await FormFields.of(request)
      let issued = try await change(code, context.path("action"), form, visitor)
      return show(issued, visitor, otherwise: "/people/\(code)")
    }
    router.get("issued") { request, context in
      guard let visitor = context.visitor else { throw Problem(.unauthorized, context.standing.finding) }
      return try await services.pages.renderer.response(
        to: PageRequest(request, context, format: .html), page: issued(visitor))
    }
  }

  // MARK: The list

  static let columns = [
    Column("code", vi: "Mã nhân viên", en: "Operator code", kind: .code),
    Column("name", vi: "Tên", en: "Name"),
    Column("office", vi: "Đơn vị", en: "Office", kind: .code),
    Column("role", vi: "Vai trò", en: "Role", kind: .code),
    Column("state", vi: "Trạng thái", en: "State", kind: .code),
    Column("changedAt", vi: "Đổi lúc", en: "Changed", kind: .time),
  ]

  private func list(_ request: PageRequest) throws -> Page {
    let accounts = try people.current { $0.content.accounts }.sorted { $0.code < $1.code }
    let rows = accounts.map { account -> [String: any Sendable] in
      [
        "code": account.code, "name": account.name, "office": account.office,
        "role": account.role.label(request.language), "isDisabled": account.isDisabled,
        "isFresh": !account.isDisabled && (account.mustChangePassword || account.mustChangePIN),
        "changed": Wording(request.language).time(account.changedAt),
      ]
    }
    let table = TabularDocument(columns: Self.columns, rows: accounts.map { AccountTable.row($0) })
    return Page(
      title: BilingualText(vi: "Tài khoản", en: "Accounts"), template: "people",
      content: ["accounts": rows, "roles": Self.roles(.clerk, request.language)], table: table,
      command: "dossier people list", styles: ["people.css"])
  }

  private static func roles(_ chosen: Role, _ language: Language) -> [[String: any Sendable]] {
    Role.allCases.map { ["word": $0.rawValue, "label": $0.label(language), "isChosen": $0 == chosen] }
  }

  private func add(_ request: Request, _ context: StationContext) async throws -> Response {
    let visitor = try context.require(.administer)
    let form = try await FormFields.of(request)
    guard let role = form["role"].flatMap(Role.init(rawValue:)) else {
      throw Problem(.badRequest, Finding(.requestMalformed))
    }
    do {
      let issued = try await people.change(by: visitor) { register, actor in
        try register.add(
          code: form["code"] ?? "", name: form["name"] ?? "", office: form["office"] ?? "", role: role,
          by: actor)
      }
      return show(issued, visitor, otherwise: "/people")
    } catch let refusal as TrackerRefusal {
      let asked = PageRequest(request, context, format: .html)
      var page = try list(asked)
      page.content["roles"] = Self.roles(role, context.language)
      page.content["typed"] = [
        "code": form["code"] ?? "", "name": form["name"] ?? "", "office": form["office"] ?? "",
      ]
      page.add(Problem(.unprocessableContent, refusal.finding), context.language)
      return try await services.pages.renderer.response(to: asked, page: page)
    }
  }

  // MARK: One account

  private func account(_ request: PageRequest) throws -> Page {
    let code = request.parameters["code"] ?? ""
    let (found, sessions, shift) = try people.current { state in
      (
        state.content.account(code),
        state.memory.sessions.filter { $0.code.lowercased() == code.lowercased() },
        state.memory.shifts[code]
      )
    }
    guard let account = found else { throw Problem(.notFound, Finding(.accountUnknown, found: code)) }
    let rows: [[String: any Sendable]] = sessions.sorted { $0.startedAt < $1.startedAt }.map {
      [
        "id": $0.id, "started": Wording(request.language).time($0.startedAt),
        "seen": Wording(request.language).time($0.seenAt), "isLocked": $0.isLocked,
      ]
    }
    var content: [String: any Sendable] = [
      "account": ["code": account.code, "name": account.name, "office": account.office], "sessions": rows,
      "hasSessions": !rows.isEmpty, "isDisabled": account.isDisabled,
      "isOwn": account.code == request.visitor?.code,
      "mustChange": account.mustChangePassword || account.mustChangePIN,
      "role": account.role.label(request.language), "roles": Self.roles(account.role, request.language),
    ]
    if let shift { content["shift"] = Wording(request.language).time(shift) }
    return Page(
      title: BilingualText(vi: "Tài khoản \(account.code)", en: "Account \(account.code)"),
      template: "people-account", content: content,
      table: TabularDocument(columns: Self.columns, rows: [AccountTable.row(account)]),
      styles: ["people.css"])
  }

  private func change(_ code: String, _ action: String, _ form: FormFields, _ visitor: Visitor) async throws
    -> PeopleRegister.Issued?
  {
    guard let account = try people.current({ $0.content.account(code) }) else {
      throw Problem(.notFound, Finding(.accountUnknown, found: code))
    }
    // Nobody shuts himself out, or gives himself another role.
    if account.code == visitor.code { throw Problem(.conflict, Finding(.ownAccount)) }
    switch action {
    case "role":
      guard let role = form["role"].flatMap(Role.init(rawValue:)) else {
        throw Problem(.badRequest, Finding(.requestMalformed))
      }
      try await people.change(by: visitor) { try $0.setRole(role, code: account.code, by: $1) }
    case "disable", "enable":
      let isDisabled = action == "disable"
      try await people.change(by: visitor) { try $0.setDisabled(isDisabled, code: account.code, by: $1) }
    case "password":
      return try await people.change(by: visitor) { try $0.setPassword(code: account.code, by: $1) }
    case "pin":
      return try await people.change(by: visitor) { try $0.setPIN(code: account.code, by: $1) }
    case "end":
      try await people.end(session: form["session"] ?? "", of: account.code)
    default: throw Problem(.notFound, Finding(.pageUnknown))
    }
    return nil
  }

  // MARK: Secrets shown once

  private func show(_ issued: PeopleRegister.Issued?, _ visitor: Visitor, otherwise: String) -> Response {
    guard let issued, case .session(let session) = visitor.means else {
      return .redirect(to: otherwise)
    }
    people.state.withLock { $0.shown[session] = issued }
    return .redirect(to: "/issued")
  }

  private func issued(_ visitor: Visitor) -> Page {
    var content: [String: any Sendable] = [:]
    if case .session(let session) = visitor.means,
      let issued = people.state.withLock({ $0.shown.removeValue(forKey: session) })
    {
      content["issued"] = [
        "code": issued.code, "password": issued.password, "pin": issued.pin, "token": issued.token,
      ].compactMapValues { $0 }
    }
    return Page(
      title: BilingualText(vi: "Chỉ hiện một lần", en: "Shown once"), template: "people-issued",
      content: content,
      styles: ["people.css"])
  }
}

extension People {
  /// Ends somebody's session from outside.
  func end(session id: String, of code: String) async throws {
    state.withLock { $0.memory.sessions.removeAll { $0.id == id && $0.code == code } }
    try await save()
  }
}
