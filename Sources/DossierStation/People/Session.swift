/// Somebody who signed in: kept with the hash of the secret in his cookie, never the secret.
struct Session: Hashable, Sendable, Codable {
  /// What names it; not secret.
  var id: String
  /// SHA-256 of the cookie's secret in hexadecimal.
  var hash: String
  /// Code of the account.
  var code: String
  /// What the account's was when it began.
  var generation: Int
  /// Milliseconds since 1970 UTC.
  var startedAt: Int64
  var seenAt: Int64
  /// Locked until the PIN is given; what the browser holds is kept.
  var isLocked = false
  /// Wrong PINs since it was locked.
  var wrongPINs = 0

  /// A working day and some; whatever is done, it then ends.
  static let longest: Int64 = 12 * 3_600_000
  static let pinAttempts = 5
  static let limitOfAccount = 10
}

/// What a station remembers beside its accounts, so that a restart neither signs everybody out nor forgives a guesser:
/// `station/sessions.json`. Only the running station writes it.
struct StationMemory: Hashable, Sendable, Codable {
  var version = 1
  /// Makes the keys of failed attempts unguessable: what is typed as a code may be a password.
  var salt = ""
  var sessions: [Session] = []
  var failures = FailedAttempts()
  /// When each token was last used, by its identifier.
  var tokenUses: [String: Int64] = [:]
  /// Since when a shift is open, by operator code.
  var shifts: [String: Int64] = [:]
  /// When a lock-out was last recorded, by operator code.
  var lockOuts: [String: Int64] = [:]

  mutating func dropEnded(now: Int64) {
    sessions.removeAll { now - $0.startedAt >= Session.longest || $0.startedAt > now + 60_000 }
    lockOuts = lockOuts.filter { now - $0.value < FailedAttempts.longest }
  }
}
