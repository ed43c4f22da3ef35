public import DossierTracker

/// Changes of accounts and tokens, by the command or by an administrator at the station. Each is recorded in the log
/// before it is made.
public struct PeopleRegister: Sendable {
  private let file: PeopleFile
  private let environment: Tracker.Environment
  private let hasher: SecretHasher

  /// Who changes something.
  public struct Actor: Sendable {
    let tracker: Tracker
    let code: String?
    let office: String?

    /// Somebody at the machine itself, who needs no account.
    public init(_ tracker: Tracker) {
      self.tracker = tracker
      code = nil
      office = nil
    }

    init(_ tracker: Tracker, _ visitor: Visitor) {
      self.tracker = tracker
      code = visitor.code
      office = visitor.office
    }

    fileprivate func record(_ access: People.Access, _ reference: String) throws {
      try tracker.recordAccess(access.rawValue, by: code, office: office, reference: reference)
    }
  }

  /// Secrets that were made up here: shown once, kept nowhere.
  public struct Issued: Sendable {
    public var code: String
    public var password: String?
    public var pin: String?
    public var token: String?
  }

  public init(data: String, environment: Tracker.Environment = .init()) {
    self.init(data: data, environment: environment, hasher: SecretHasher())
  }

  init(data: String, environment: Tracker.Environment, hasher: SecretHasher) {
    file = PeopleFile(data: data)
    self.environment = environment
    self.hasher = hasher
  }

  public func accounts() throws -> [Account] { try file.read().accounts }
  public func tokens() throws -> [ProgramToken] { try file.read().tokens }

  /// Secrets for whoever tries the station out.
  public static func madeUpSecrets(
    _ randomness: (Int) throws -> [UInt8] = Tracker.Environment.systemRandomness
  ) throws -> (password: String, pin: String) {
    (try SecretRules.newPassword(randomness), try SecretRules.newPIN(randomness))
  }

  /// Makes an account.
  ///
  /// - Parameters:
  ///   - password: one that the person chose; without, one is made that must be changed at the first sign-in.
  ///   - pin: the same.
  public func add(
    code: String, name: String, office: String, role: Role, password: String? = nil, pin: String? = nil,
    by actor: Actor
  ) throws -> Issued {
    guard let code = OperatorCode(code)?.text else {
      throw TrackerRefusal(Finding(.operatorCodeForm, path: "code"))
    }
    guard let office = OfficeCode(office)?.text else {
      throw TrackerRefusal(Finding(.officeCodeForm, path: "office"))
    }
    let name = try Self.label(name)
    // Told before the work of hashing; decided under the lock.
    if try file.read().account(code) != nil { throw TrackerRefusal(Finding(.accountExists, found: code)) }
    let (passwordHash, newPassword) = try passwordHash(password, code: code)
    let (pinHash, newPIN) = try pinHash(pin)
    let now = environment.now()
    let account = Account(
      code: code, name: name, office: office, role: role, isDisabled: false,
      mustChangePassword: password == nil,
      mustChangePIN: pin == nil, createdAt: now, changedAt: now, generation: 0, password: passwordHash,
      pin: pinHash)
    try file.change { content in
      guard content.account(code) == nil else { throw TrackerRefusal(Finding(.accountExists, found: code)) }
      try actor.record(.accountChanged, "\(code):added:\(role.rawValue)")
      content.accounts.append(account)
    }
    return Issued(code: code, password: newPassword, pin: newPIN)
  }

  public func setDisabled(_ isDisabled: Bool, code: String, by actor: Actor) throws {
    try change(code, isDisabled ? "disabled" : "enabled", by: actor, endsSessions: isDisabled) {
      $0.isDisabled = isDisabled
    }
  }

  public func setRole(_ role: Role, code: String, by actor: Actor) throws {
    try change(code, role.rawValue, by: actor, endsSessions: true) { $0.role = role }
  }

  /// Gives an account another password; its sessions end.
  ///
  /// - Parameter password: without, one is made that must be changed at the next sign-in.
  public func setPassword(_ password: String? = nil, code: String, by actor: Actor) throws -> Issued {
    let (hash, made) = try passwordHash(password, code: code)
    try change(code, "password", by: actor, endsSessions: true) {
      $0.password = hash
      $0.mustChangePassword = password == nil
    }
    return Issued(code: code, password: made)
  }

  public func setPIN(_ pin: String? = nil, code: String, by actor: Actor) throws -> Issued {
    let (hash, made) = try pinHash(pin)
    try change(code, "pin", by: actor, endsSessions: pin == nil) {
      $0.pin = hash
      $0.mustChangePIN = pin == nil
    }
    return Issued(code: code, pin: made)
  }

  /// Makes a token in the name of an account.
  ///
  /// - Parameters:
  ///   - days: after which it expires, at most 366.
  public func addToken(code: String, label: String, scopes: [Permission], days: Int, by actor: Actor) throws
    -> Issued
  {
    let label = try Self.label(label)
    guard (1...366).contains(days) else { throw TrackerRefusal(Finding(.tokenScope, found: "\(days)")) }
    let id = Self.hexadecimal(try environment.randomness(4))
    let secret = "dossier_\(id)_\(Self.hexadecimal(try environment.randomness(32)))"
    let now = environment.now()
    return try file.change { content in
      guard let account = content.account(code) else {
        throw TrackerRefusal(Finding(.accountUnknown, found: code))
      }
      // Only people sign, and no program may do what its owner may not.
      let scopes = Set(scopes)
      for scope in Permission.allCases
      where scopes.contains(scope) && (scope == .sign || !account.role.permissions.contains(scope)) {
        throw TrackerRefusal(Finding(.tokenScope, found: scope.rawValue))
      }
      guard !scopes.isEmpty else { throw TrackerRefusal(Finding(.tokenScope, found: "-")) }
      try actor.record(.tokenMade, "\(account.code):\(id)")
      content.tokens.append(
        ProgramToken(
          id: id, label: label, code: account.code, scopes: Permission.allCases.filter(scopes.contains),
          createdAt: now, expiresAt: now + Int64(days) * 86_400_000, revokedAt: nil,
          hash: Self.fingerprint(secret)))
      return Issued(code: account.code, token: secret)
    }
  }

  /// Ends a token; one that ended already stays as it is.
  ///
  /// - Parameter owner: whose token it must be; anybody's if nil.
  public func revokeToken(_ id: String, owner: String? = nil, by actor: Actor) throws {
    try file.change { content in
      guard let position = content.tokens.firstIndex(where: { $0.id == id }),
        owner == nil || content.tokens[position].code == owner
      else { throw TrackerRefusal(Finding(.tokenUnknown, found: id)) }
      guard content.tokens[position].revokedAt == nil else { return }
      try actor.record(.tokenRevoked, "\(content.tokens[position].code):\(id)")
      content.tokens[position].revokedAt = environment.now()
    }
  }

  private func change(
    _ code: String, _ what: String, by actor: Actor, endsSessions: Bool, _ body: (inout Account) -> Void
  ) throws {
    try file.change { content in
      let folded = code.lowercased()
      guard let position = content.accounts.firstIndex(where: { $0.foldedCode == folded }) else {
        throw TrackerRefusal(Finding(.accountUnknown, found: code))
      }
      try actor.record(.accountChanged, "\(content.accounts[position].code):\(what)")
      body(&content.accounts[position])
      content.accounts[position].changedAt = environment.now()
      if endsSessions { content.accounts[position].generation += 1 }
    }
  }

  private func passwordHash(_ password: String?, code: String) throws -> (hash: String, made: String?) {
    let made = password == nil ? try SecretRules.newPassword(environment.randomness) : nil
    let secret = try password.map { try SecretRules.password($0, code: code) } ?? made ?? ""
    return (try hasher.hash(secret, salt: try environment.randomness(16)), made)
  }

  private func pinHash(_ pin: String?) throws -> (hash: String, made: String?) {
    let made = pin == nil ? try SecretRules.newPIN(environment.randomness) : nil
    let secret = try pin.map { try SecretRules.pin($0) } ?? made ?? ""
    return (try hasher.hash(secret, salt: try environment.randomness(16)), made)
  }

  /// A name or label as it is kept: one line, NFC.
  private static func label(_ text: String) throws -> String {
    let label = String(decoding: NormalizedText.field(Array(text.utf8)), as: UTF8.self)
    guard (1...100).contains(label.count), label.utf8.count <= 400,
      label.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
    else { throw TrackerRefusal(Finding(.accountNameForm)) }
    return label
  }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// SHA-256 of a random secret: what is kept of it.
  static func fingerprint(_ secret: String) -> String {
    hexadecimal(MerkleHash.sha256(Array(secret.utf8)).bytes)
  }
}
