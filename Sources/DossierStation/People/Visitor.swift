internal import DossierTracker

/// Somebody whom the station knows: a person who signed in, or a program with a token.
struct Visitor: Hashable, Sendable {
  enum Means: Hashable, Sendable {
    /// Identifier of the session, which is not the secret in the cookie.
    case session(String)
    /// Identifier of the token, which is not the token.
    case token(String)
  }

  /// Operator code, as events name it.
  var code: String
  /// For greeting only; never goes into the log.
  var name: String
  /// Code of the office where the person works.
  var office: String
  var role: Role
  var permissions: Set<Permission>
  var means: Means
  /// What every form of a page repeats, so that no other site can send it; empty for programs.
  var csrf = ""
}
