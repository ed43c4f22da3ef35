/// Somebody who may use the station, as `people.json` keeps him.
public struct Account: Hashable, Sendable, Codable {
  /// Operator code, as events name it.
  public internal(set) var code: String
  /// For greeting only; never goes into the log.
  public internal(set) var name: String
  /// Code of the office where the person works.
  public internal(set) var office: String
  public internal(set) var role: Role
  public internal(set) var isDisabled: Bool
  /// Whether the password was given out by somebody else.
  public internal(set) var mustChangePassword: Bool
  /// The same of the PIN: nobody signs with one that another person knows.
  public internal(set) var mustChangePIN: Bool
  /// Milliseconds since 1970 UTC.
  public internal(set) var createdAt: Int64
  public internal(set) var changedAt: Int64
  /// Counts what ends all sessions: another password or role, or that the account was disabled.
  var generation: Int
  /// Argon2id, encoded.
  var password: String
  var pin: String

  /// Two codes that differ in capitals only would be one to whoever reads them.
  var foldedCode: String { code.lowercased() }
}

/// A secret for a program, as `people.json` keeps it: hashed.
public struct ProgramToken: Hashable, Sendable, Codable {
  /// What names it; not secret.
  public internal(set) var id: String
  /// What it is for, in its owner's words.
  public internal(set) var label: String
  /// Code of the account in whose name the program acts.
  public internal(set) var code: String
  public internal(set) var scopes: [Permission]
  public internal(set) var createdAt: Int64
  public internal(set) var expiresAt: Int64
  public internal(set) var revokedAt: Int64?
  /// SHA-256 of the whole token in hexadecimal: 256 random bits need no slow hash.
  var hash: String

  public func isUsable(at now: Int64) -> Bool { revokedAt == nil && now < expiresAt }
}
