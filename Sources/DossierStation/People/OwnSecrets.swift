internal import DossierTracker
internal import HTTPTypes

extension People {
  /// Gives somebody the password and the PIN that he chose himself.
  ///
  /// - Parameters:
  ///   - current: his password now.
  ///   - password: the new one; empty when only the PIN changes.
  ///   - pin: the new PIN; empty when only the password changes.
  /// - Throws: ``Problem`` 403 when `current` is wrong; ``TrackerRefusal`` when a new secret is too easy, or the old one.
  func changeSecrets(_ visitor: Visitor, current: String, password: String, again: String, pin: String)
    async throws
  {
    try await confirm(visitor, password: current)
    guard let account = try self.current({ $0.content.account(visitor.code) }) else {
      throw Problem(.unauthorized, Finding(.signInNeeded))
    }
    let hasPassword = !password.isEmpty || account.mustChangePassword
    let hasPIN = !pin.isEmpty || account.mustChangePIN
    let unchanged = SecretRules.normalised(password) == SecretRules.normalised(current)
    if hasPassword {
      guard password == again, !unchanged else {
        throw TrackerRefusal(Finding(.passwordWeak, expected: "2 × ="))
      }
      _ = try SecretRules.password(password, code: account.code)
    }
    if hasPIN {
      _ = try SecretRules.pin(pin)
      let isOld = try await hasher.alone { $0.verify(pin, against: account.pin) }
      if isOld { throw TrackerRefusal(Finding(.pinWeak)) }
    }
    try await change(by: visitor) { register, actor in
      if hasPIN { _ = try register.setPIN(pin, code: account.code, by: actor) }
      if hasPassword { _ = try register.setPassword(password, code: account.code, by: actor) }
    }
  }
}
