/// The Ed25519 key that signs a log's checkpoints. One key, one origin, one purpose.
public struct LogSigningKey: Sendable {
  private let key: NamedSigningKey
  /// The public half.
  public let verifier: LogVerifierKey
  /// Name of the key; for a log, its origin.
  public var name: String { verifier.name }

  /// Makes a new key from the system's random numbers.
  ///
  /// - Parameter name: not empty, without white space, plus sign or control characters.
  /// - Throws: `malformedName`.
  public init(name: String) throws(LogKeyError) {
    self.init(try NamedSigningKey(name: name, purpose: .note))
  }

  /// Restores a key from its secret.
  ///
  /// - Parameters:
  ///   - name: not empty, without white space, plus sign or control characters.
  ///   - seed: 32 secret bytes (RFC 8032 section 5.1.5).
  /// - Throws: `malformedName` or `malformedKey`.
  public init(name: String, seed: [UInt8]) throws(LogKeyError) {
    self.init(try NamedSigningKey(name: name, purpose: .note, seed: seed))
  }

  /// Reads the form that ``encoded`` writes.
  ///
  /// - Throws: why the text is no key.
  public init(encoded text: String) throws(LogKeyError) {
    self.init(try NamedSigningKey(encoded: text, purpose: .note))
  }

  private init(_ key: NamedSigningKey) {
    self.key = key
    verifier = LogVerifierKey(key.verifier)
  }

  /// `PRIVATE+KEY+<name>+<key id>+<base64(0x01 || seed)>`, the form of Go's sumdb note package. A secret.
  public var encoded: String { key.encoded }

  /// Signs a text, giving the signature line to put under it.
  ///
  /// - Parameter text: the note's text with its final newline.
  /// - Throws: `signingFailed`.
  public func sign(_ text: String) throws(SignedNoteError) -> SignedNote.Signature {
    SignedNote.Signature(
      name: name, keyID: verifier.keyID, bytes: try key.signature(of: Array(text.utf8)))
  }
}

/// Shows the public half only, so that a key in a message gives nothing away.
extension LogSigningKey: CustomStringConvertible, CustomReflectable {
  public var description: String { "signing key of \(verifier.encoded)" }
  public var customMirror: Mirror { Mirror(self, children: ["verifier": verifier.encoded]) }
}

/// The public half of a log's key: what an auditor needs besides the log.
public struct LogVerifierKey: NoteVerifier, Hashable, CustomStringConvertible {
  private let key: NamedVerifierKey
  /// Name of the key.
  public var name: String { key.name }
  /// The first four bytes of `SHA-256(name || 0x0A || 0x01 || public key)` as a big-endian number.
  public var keyID: UInt32 { key.keyID }
  /// The 32 bytes of the Ed25519 public key.
  public var publicKey: [UInt8] { key.publicKey }

  /// Makes a verifier from a public key.
  ///
  /// - Parameters:
  ///   - name: not empty, without white space, plus sign or control characters.
  ///   - publicKey: 32 bytes (RFC 8032 section 5.1.5).
  /// - Throws: `malformedName` or `malformedKey`.
  public init(name: String, publicKey: [UInt8]) throws(LogKeyError) {
    self.init(try NamedVerifierKey(name: name, purpose: .note, publicKey: publicKey))
  }

  /// Reads a verifier key string, `<name>+<key id>+<base64(0x01 || public key)>`.
  ///
  /// - Throws: why the text is no verifier key.
  public init(encoded text: String) throws(LogKeyError) {
    self.init(try NamedVerifierKey(encoded: text, purpose: .note))
  }

  init(_ key: NamedVerifierKey) { self.key = key }

  /// The verifier key string (c2sp.org/signed-note, "Verifier keys").
  public var encoded: String { key.encoded }

  /// The verifier key string.
  public var description: String { encoded }

  public func isValid(signature: [UInt8], of text: [UInt8]) -> Bool { key.isValid(signature, of: text) }
}

/// Why a text or bytes are no key. The text itself is not repeated: it may be a secret.
public enum LogKeyError: Error, Hashable, CustomStringConvertible {
  case malformedName
  case malformedKey
  case unknownAlgorithm
  case wrongKeyID

  public var description: String {
    switch self {
    case .malformedName: "The key name is empty or has white space, a plus sign or a control character."
    case .malformedKey: "The key is malformed."
    case .unknownAlgorithm: "The key is not an Ed25519 key of the kind that is needed here."
    case .wrongKeyID: "The key id does not belong to this name and key."
    }
  }
}
