internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird
internal import Synchronization

/// What a request's cookie or token says about who sent it.
enum Standing: Hashable, Sendable {
  /// The public.
  case unknown
  case present(Visitor)
  /// Signed in, but away for too long: the PIN first.
  case locked(Visitor)
  /// Signed in with secrets that somebody else gave out: others first.
  case mustChange(Visitor)
  /// A token that is none.
  case refused

  /// Who has the session, whatever he may do with it just now.
  var known: Visitor? {
    switch self {
    case .unknown, .refused: nil
    case .present(let visitor), .locked(let visitor), .mustChange(let visitor): visitor
    }
  }

  /// Why a request that needs somebody is turned away.
  var finding: Finding {
    switch self {
    case .unknown, .present: Finding(.signInNeeded)
    case .locked: Finding(.sessionLocked)
    case .mustChange: Finding(.secretMustChange)
    case .refused: Finding(.tokenUnusable)
    }
  }

  /// Where a person goes to put that right.
  var remedy: String {
    switch self {
    case .locked: "/unlock"
    case .mustChange: "/password"
    case .unknown, .present, .refused: "/sign-in"
    }
  }
}

extension People {
  /// Who sent a request.
  ///
  /// - Throws: ``TrackerRefusal`` when the file of accounts is damaged.
  func standing(_ request: Request) throws -> Standing {
    if let authorization = request.headers[.authorization] {
      return try standing(authorization: authorization)
    }
    guard let secret = cookies.secret(request) else { return .unknown }
    let hash = PeopleRegister.fingerprint(secret)
    let now = now
    let isFromPerson = Self.isFromPerson(request)
    let standing: Standing = try current { state in
      guard let position = state.memory.sessions.firstIndex(where: { areSame($0.hash, hash) }) else {
        return .unknown
      }
      var session = state.memory.sessions[position]
      guard let account = state.content.account(session.code), !account.isDisabled,
        session.generation == account.generation, now - session.startedAt < Session.longest
      else {
        state.memory.sessions.remove(at: position)
        return .unknown
      }
      if now - session.seenAt > idleLimit { session.isLocked = true }
      if isFromPerson && !session.isLocked { session.seenAt = max(now, session.seenAt) }
      state.memory.sessions[position] = session
      var visitor = Visitor(account, .session(session.id))
      visitor.csrf = SessionCookie.csrf(secret)
      if session.isLocked { return .locked(visitor) }
      return account.mustChangePassword || account.mustChangePIN ? .mustChange(visitor) : .present(visitor)
    }
    saveSometimes()
    return standing
  }

  /// Pages that follow the log and queues that try again do so with nobody there: they keep no session open.
  private static func isFromPerson(_ request: Request) -> Bool {
    request.headers.first("dossier-background") == nil
      && request.headers[.accept]?.contains("text/event-stream") != true
  }

  private func standing(authorization: String) throws -> Standing {
    let parts = authorization.split(separator: " ", omittingEmptySubsequences: true)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return .refused }
    let hash = PeopleRegister.fingerprint(String(parts[1]))
    let now = now
    let standing: Standing = try current { state in
      guard let token = state.content.tokens.first(where: { areSame($0.hash, hash) }),
        token.isUsable(at: now),
        let account = state.content.account(token.code), !account.isDisabled
      else { return .refused }
      state.memory.tokenUses[token.id] = now
      var visitor = Visitor(account, .token(token.id))
      visitor.permissions = account.role.permissions.intersection(token.scopes).subtracting([.sign])
      return .present(visitor)
    }
    saveSometimes()
    return standing
  }
}

extension Visitor {
  init(_ account: Account, _ means: Means) {
    self.init(
      code: account.code, name: account.name, office: account.office, role: account.role,
      permissions: account.role.permissions, means: means)
  }
}
