internal import CustodyLog
internal import HTTPTypes
internal import Hummingbird

/// The cookie that a browser shows to be known again.
struct SessionCookie: Sendable {
  /// Over TLS, where the browser then takes it from this very host only (`__Host-`).
  let isSecure: Bool

  var name: String { isSecure ? "__Host-dossier" : "dossier" }

  /// The secret in a request; nil when there is none, or more than one: somebody put another beside it.
  func secret(_ request: Request) -> String? {
    var found: [Substring] = []
    for field in request.headers[values: .cookie] {
      for part in field.split(separator: ";") {
        let cookie = part.drop { $0 == " " }
        if cookie.hasPrefix(name + "=") { found.append(cookie.dropFirst(name.count + 1)) }
      }
    }
    guard found.count == 1, let secret = found.first, secret.utf8.count == 64 else { return nil }
    return String(secret)
  }

  /// What sets the cookie; with nil, what takes it away.
  func header(_ secret: String?) -> String {
    "\(name)=\(secret ?? ""); Path=/; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "")
      + (secret == nil ? "; Max-Age=0" : "")
  }

  /// What forms repeat: worked out of the secret, so that it need not be kept and tells nothing of it.
  static func csrf(_ secret: String) -> String {
    PeopleRegister.hexadecimal(MerkleHash.sha256(Array("dossier form \(secret)".utf8)).bytes)
  }
}

/// Compares secrets in a time that tells nothing of where they differ.
func areSame(_ left: String, _ right: String) -> Bool {
  let left = Array(left.utf8)
  let right = Array(right.utf8)
  guard left.count == right.count else { return false }
  return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
}
