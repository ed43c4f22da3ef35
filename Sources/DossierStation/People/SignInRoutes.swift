internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The doors: signing in and out, locking and unlocking, changing one's own password and PIN.
struct SignInRoutes {
  let services: StationServices
  private var people: People { services.people }

  func add(to router: Router<StationContext>) {
    router.get("sign-in") { request, context in
      try await signIn(request, context, next: next(request))
    }
    router.post("sign-in") { request, context in try await signIn(request, context) }
    router.post("sign-out") { request, context in
      if let visitor = context.standing.known { try await people.signOut(visitor) }
      return redirect("/sign-in", cookie: people.cookies.header(nil))
    }
    router.get("unlock") { request, context in
      guard case .locked(let visitor) = context.standing else { return redirect(next(request)) }
      return try await unlock(request, context, visitor, next: next(request))
    }
    router.post("unlock") { request, context in try await unlock(request, context) }
    router.post("lock") { request, context in
      if let visitor = context.visitor { try await people.lock(visitor) }
      return redirect("/unlock?next=/shift")
    }
    router.get("password") { request, context in
      try await password(request, context, try owner(context))
    }
    router.post("password") { request, context in try await changePassword(request, context) }
  }

  private func next(_ request: Request) -> String {
    FormFields.localPath(request.uri.queryParameters["next"].map(String.init))
  }

  private func redirect(_ address: String, cookie: String? = nil) -> Response {
    var headers: HTTPFields = [.cacheControl: "no-store"]
    if let cookie { headers[.setCookie] = cookie }
    return .redirect(to: address, adding: headers)
  }

  private func answer(_ request: Request, _ context: StationContext, _ page: Page) async throws -> Response {
    try await services.pages.renderer.response(to: PageRequest(request, context, format: .html), page: page)
  }

  // MARK: Signing in

  private func signIn(
    _ request: Request, _ context: StationContext, next: String, code: String = "", problem: Problem? = nil
  ) async throws -> Response {
    let isEmpty = try people.current { $0.content.accounts.isEmpty }
    var page = Page(
      title: BilingualText(vi: "Đăng nhập", en: "Sign in"), template: "signin",
      content: ["next": next, "typed": code, "noAccounts": isEmpty, "isEntry": true])
    page.styles = ["people.css"]
    page.add(problem, context.language)
    return try await answer(request, context, page)
  }

  private func signIn(_ request: Request, _ context: StationContext) async throws -> Response {
    let form = try await FormFields.of(request)
    let next = FormFields.localPath(form["next"])
    let code = (form["code"] ?? "").filter { !$0.isWhitespace }
    do {
      let (_, secret) = try await people.signIn(
        code: code, password: form["password"] ?? "", address: address(request, context.peer),
        presented: people.cookies.secret(request))
      return redirect(next, cookie: people.cookies.header(secret))
    } catch let problem as Problem {
      return try await signIn(request, context, next: next, code: String(code.prefix(32)), problem: problem)
    }
  }

  /// Whom attempts are counted for. This machine itself is nobody: a proxy may stand for everybody, unless it is one
  /// whose word about whom it speaks for is believed.
  private func address(_ request: Request, _ peer: SocketAddress?) -> String? {
    let trusted = services.options.trustedProxies
    if let own = peer?.ipAddress, StationHosts.isLoopback(own), trusted.isEmpty { return nil }
    let bytes = ClientAddress(request, peer: peer, trusting: trusted).bytes
    return bytes.isEmpty ? nil : PeopleRegister.hexadecimal(bytes)
  }

  // MARK: Unlocking

  private func unlock(
    _ request: Request, _ context: StationContext, _ visitor: Visitor, next: String, problem: Problem? = nil
  ) async throws -> Response {
    var page = Page(
      title: BilingualText(vi: "Mở khóa", en: "Unlock"), template: "signin-unlock",
      content: [
        "next": next, "csrf": visitor.csrf, "who": "\(visitor.code) \(visitor.name)", "isEntry": true,
      ])
    page.styles = ["people.css"]
    page.add(problem, context.language)
    return try await answer(request, context, page)
  }

  private func unlock(_ request: Request, _ context: StationContext) async throws -> Response {
    let form = try await FormFields.of(request)
    let next = FormFields.localPath(form["next"])
    guard case .locked(let visitor) = context.standing else { return redirect(next) }
    do {
      try await people.unlock(visitor, pin: form["pin"] ?? "")
      return redirect(next)
    } catch let problem as Problem where problem.status != .unauthorized {
      return try await unlock(request, context, visitor, next: next, problem: problem)
    } catch is Problem {
      return redirect("/sign-in?next=\(PageWords.encoded(path: next))", cookie: people.cookies.header(nil))
    }
  }

  // MARK: One's own secrets

  /// Who may change his secrets: whoever signed in, even with those that he must change, but nobody who is locked out.
  private func owner(_ context: StationContext) throws -> Visitor {
    switch context.standing {
    case .present(let visitor), .mustChange(let visitor):
      if case .session = visitor.means { return visitor }
      throw Problem(.forbidden, Finding(.tokenScope, found: "password"))
    case .locked, .unknown, .refused: throw Problem(.unauthorized, context.standing.finding)
    }
  }

  private func password(
    _ request: Request, _ context: StationContext, _ visitor: Visitor, problem: Problem? = nil
  ) async throws -> Response {
    let account = try people.current { $0.content.account(visitor.code) }
    var page = Page(
      title: BilingualText(vi: "Đổi mật khẩu và mã PIN", en: "Change password and PIN"),
      template: "signin-password",
      content: [
        "csrf": visitor.csrf, "typed": visitor.code, "isEntry": true, "next": next(request),
        "mustChangePassword": account?.mustChangePassword ?? false,
        "mustChangePIN": account?.mustChangePIN ?? false,
      ])
    page.styles = ["people.css"]
    page.add(problem, context.language)
    return try await answer(request, context, page)
  }

  private func changePassword(_ request: Request, _ context: StationContext) async throws -> Response {
    let visitor = try owner(context)
    let form = try await FormFields.of(request)
    do {
      try await people.changeSecrets(
        visitor, current: form["current"] ?? "", password: form["password"] ?? "",
        again: form["again"] ?? "", pin: form["pin"] ?? "")
    } catch let problem as Problem where problem.status != .unauthorized {
      return try await password(request, context, visitor, problem: problem)
    } catch let refusal as TrackerRefusal {
      return try await password(
        request, context, visitor, problem: Problem(.unprocessableContent, refusal.finding))
    }
    guard let account = try people.current({ $0.content.account(visitor.code) }) else {
      throw Problem(.unauthorized, Finding(.signInNeeded))
    }
    let (_, secret) = try await people.begin(account, insteadOf: people.cookies.secret(request))
    return redirect(FormFields.localPath(form["next"]), cookie: people.cookies.header(secret))
  }
}

extension Page {
  /// Says above the form why it was not accepted.
  mutating func add(_ problem: Problem?, _ language: Language) {
    guard let problem else { return }
    content["error"] = problem.finding.message(language)
    content["hint"] = problem.finding.hint(language)
    status = problem.status
    headers.append(contentsOf: problem.headers)
    if let seconds = problem.retryAfter { headers[.retryAfter] = "\(seconds)" }
  }
}
