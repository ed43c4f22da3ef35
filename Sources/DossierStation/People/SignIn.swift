internal import DossierTracker
internal import HTTPTypes
internal import Synchronization

/// Signing in, unlocking, signing: wherever a secret is asked for.
extension People {
  /// Wrong secrets for one account that cost nothing.
  private static let freeForAccount = 5
  /// The same from one address, behind which a whole office may sit.
  private static let freeForAddress = 30

  /// Lets somebody in.
  ///
  /// - Parameters:
  ///   - address: where the request came from; nil when it came from this machine, where a proxy may stand for everybody.
  ///   - presented: the secret of the cookie that came along: whatever session it belongs to ends.
  /// - Returns: the person, and the secret of a new session.
  /// - Throws: ``Problem``: 401 for a wrong code or password, whichever; 429 while the account or the address waits.
  func signIn(code: String, password: String, address: String?, presented: String? = nil) async throws -> (
    visitor: Visitor, secret: String
  ) {
    let account = try current { $0.content.account(code) }
    let isRight = try await check(
      password: password, of: account, typed: code, address: address, key: "code")
    guard isRight, let account, !account.isDisabled else {
      throw Problem(.unauthorized, Finding(.signInFailed))
    }
    // Recorded before anything can be done with it.
    try await record(.signIn, code: account.code, office: account.office)
    return try await begin(account, insteadOf: presented)
  }

  /// Begins a session with a secret that nobody knew before.
  ///
  /// - Parameter presented: the secret of a session that ends with it.
  func begin(_ account: Account, insteadOf presented: String?) async throws -> (
    visitor: Visitor, secret: String
  ) {
    let secret = PeopleRegister.hexadecimal(try environment.randomness(32))
    let session = Session(
      id: PeopleRegister.hexadecimal(try environment.randomness(8)), hash: PeopleRegister.fingerprint(secret),
      code: account.code, generation: account.generation, startedAt: now, seenAt: now)
    state.withLock { state in
      state.memory.dropEnded(now: now)
      if let presented {
        let hash = PeopleRegister.fingerprint(presented)
        state.memory.sessions.removeAll { areSame($0.hash, hash) }
      }
      // More than anybody uses; the oldest ends.
      let own = state.memory.sessions.filter { $0.code == account.code }
      if own.count >= Session.limitOfAccount, let oldest = own.min(by: { $0.startedAt < $1.startedAt }) {
        state.memory.sessions.removeAll { $0.id == oldest.id }
      }
      state.memory.sessions.append(session)
    }
    try await save()
    var visitor = Visitor(account, .session(session.id))
    visitor.csrf = SessionCookie.csrf(secret)
    return (visitor, secret)
  }

  /// Opens a locked session again.
  ///
  /// - Throws: ``Problem``: 403 for a wrong PIN, after five of which the session ends; 429 while the account waits.
  func unlock(_ visitor: Visitor, pin: String) async throws {
    guard case .session(let id) = visitor.means else { throw Problem(.forbidden, Finding(.tokenScope)) }
    let account = try current { $0.content.account(visitor.code) }
    let isRight = try await check(pin: pin, of: account, typed: visitor.code)
    let isOver = state.withLock { state in
      guard let position = state.memory.sessions.firstIndex(where: { $0.id == id }) else { return true }
      if isRight {
        state.memory.sessions[position].isLocked = false
        state.memory.sessions[position].seenAt = now
        state.memory.sessions[position].wrongPINs = 0
        return false
      }
      state.memory.sessions[position].wrongPINs += 1
      guard state.memory.sessions[position].wrongPINs >= Session.pinAttempts else { return false }
      state.memory.sessions.remove(at: position)
      return true
    }
    try await save()
    if isOver { throw Problem(.unauthorized, Finding(.signInNeeded)) }
    guard isRight else { throw Problem(.forbidden, Finding(.signInFailed)) }
  }

  /// Locks a session at once.
  func lock(_ visitor: Visitor) async throws {
    guard case .session(let id) = visitor.means else { return }
    state.withLock { state in
      guard let position = state.memory.sessions.firstIndex(where: { $0.id == id }) else { return }
      state.memory.sessions[position].isLocked = true
    }
    try await save()
  }

  func signOut(_ visitor: Visitor) async throws {
    guard case .session(let id) = visitor.means else { return }
    state.withLock { $0.memory.sessions.removeAll { $0.id == id } }
    try await save()
    try await record(.signOut, by: visitor)
  }

  /// The person with this code, if the account may sign; the PIN is not asked.
  func signer(_ code: String) throws -> Visitor? {
    guard let account = try current({ $0.content.account(code) }), !account.isDisabled,
      !account.mustChangePIN,
      account.role.permissions.contains(.sign)
    else { return nil }
    return Visitor(account, .session(""))
  }

  /// Makes sure that the person with this code is here and signs: the PIN is asked again at every signature.
  ///
  /// - Returns: the person.
  /// - Throws: ``Problem`` when code or PIN is wrong, the account waits, or it may not sign.
  func confirm(code: String, pin: String) async throws -> Visitor {
    let account = try current { $0.content.account(code) }
    guard try await check(pin: pin, of: account, typed: code), let account, !account.isDisabled else {
      throw Problem(.forbidden, Finding(.signInFailed))
    }
    guard account.role.permissions.contains(.sign) else {
      throw Problem(
        .forbidden,
        Finding(.notPermitted, expected: Permission.sign.rawValue, found: account.role.rawValue))
    }
    if account.mustChangePIN { throw Problem(.forbidden, Finding(.secretMustChange)) }
    return Visitor(account, .session(""))
  }

  /// Makes sure that somebody knows his own password, before he gets another.
  func confirm(_ visitor: Visitor, password: String) async throws {
    let account = try current { $0.content.account(visitor.code) }
    guard
      try await check(password: password, of: account, typed: visitor.code, address: nil, key: "code")
    else { throw Problem(.forbidden, Finding(.signInFailed)) }
  }

  private func check(pin: String, of account: Account?, typed: String) async throws -> Bool {
    try await check(account, typed: typed, address: nil, key: "pin") { hasher in
      hasher.verify(String(pin.prefix(64)), against: account?.pin)
    }
  }

  private func check(password: String, of account: Account?, typed: String, address: String?, key: String)
    async throws -> Bool
  {
    // Longer than any password can be: cut, so that the work stays the same.
    let secret = SecretRules.normalised(String(decoding: password.utf8.prefix(1024), as: UTF8.self))
    return try await check(account, typed: typed, address: address, key: key) { hasher in
      hasher.verify(secret, against: account?.password)
    }
  }

  /// Does the work of one attempt and counts it when it failed, for accounts that exist and for those that do not.
  private func check(
    _ account: Account?, typed: String, address: String?, key kind: String,
    _ verify: @escaping @Sendable (SecretHasher) -> Bool
  ) async throws -> Bool {
    let (key, place) = state.withLock { state in
      (
        Self.key(kind, account?.foldedCode ?? typed.lowercased(), state.memory.salt),
        address.map { Self.key("from", $0, state.memory.salt) }
      )
    }
    // One at a time: nobody gets in many guesses before the first of them counts.
    let (isRight, isLocked) = try await hasher.alone { [self] hasher in
      try requireFree(key, place)
      if verify(hasher), account?.isDisabled == false {
        state.withLock { $0.memory.failures.succeeded(key) }
        return (true, false)
      }
      let now = now
      return state.withLock { state in
        if let place { _ = state.memory.failures.failed(place, free: Self.freeForAddress, now: now) }
        return (false, state.memory.failures.failed(key, free: Self.freeForAccount, now: now))
      }
    }
    if isRight { return true }
    note(failureFrom: address)
    try await save()
    if isLocked, let account { recordLockOut(account) }
    return false
  }

  private func requireFree(_ keys: String?...) throws {
    let now = now
    let waiting = state.withLock { state in
      keys.compactMap { $0.flatMap { state.memory.failures.waiting($0, now: now) } }.max()
    }
    guard let waiting else { return }
    let seconds = Int((waiting + 999) / 1000)
    var problem = Problem(.tooManyRequests, Finding(.signInDelayed, expected: "\(seconds)"))
    problem.retryAfter = seconds
    throw problem
  }

  /// A flood of wrong secrets does not grow the log: one event an account and quarter of an hour. Nobody waits for it, so
  /// that the answer comes no later for an account that exists.
  private func recordLockOut(_ account: Account) {
    let now = now
    state.withLock { state in
      if let last = state.memory.lockOuts[account.code], now - last < FailedAttempts.longest, last <= now {
        return
      }
      state.memory.lockOuts[account.code] = now
      state.recording = Task { [self] in
        do {
          try await save()
          try await record(.lockOut, code: account.code, office: account.office)
        } catch { noteUnrecorded() }
      }
    }
  }

  /// What somebody typed as a code may be his password: kept is only a salted hash.
  private static func key(_ kind: String, _ text: String, _ salt: String) -> String {
    String(PeopleRegister.fingerprint("\(salt) \(kind) \(text)").prefix(32))
  }
}
