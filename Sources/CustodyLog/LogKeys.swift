import Crypto

/// The Ed25519 key that signs a log's checkpoints. One key, one origin, one purpose.
public struct LogSigningKey: Sendable {
  /// Name of the key; for a log, its origin.
  public let name: String
  /// The public half.
  public let verifier: LogVerifierKey
  private let key: Curve25519.Signing.PrivateKey

  /// Makes a new key from the system's random numbers.
  ///
  /// - Parameter name: not empty, without white space, plus sign or control characters.
  /// - Throws: `malformedName`.
  public init(name: String) throws(LogKeyError) {
    try self.init(name: name, key: Curve25519.Signing.PrivateKey())
  }

  /// Restores a key from its secret.
  ///
  /// - Parameters:
  ///   - name: not empty, without white space, plus sign or control characters.
  ///   - seed: 32 secret bytes (RFC 8032 section 5.1.5).
  /// - Throws: `malformedName` or `malformedKey`.
  public init(name: String, seed: [UInt8]) throws(LogKeyError) {
    guard seed.count == 32, let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
      throw .malformedKey
    }
    try self.init(name: name, key: key)
  }

  /// Reads the form that ``encoded`` writes.
  ///
  /// - Throws: why the text is no key.
  public init(encoded text: String) throws(LogKeyError) {
    let prefix = "PRIVATE+KEY+"
    guard text.utf8.starts(with: prefix.utf8) else { throw .malformedKey }
    let fields = try KeyFields(text.utf8.dropFirst(prefix.utf8.count), algorithm: KeyFields.ed25519)
    try self.init(name: fields.name, seed: fields.key)
    guard verifier.keyID == fields.keyID else { throw .wrongKeyID }
  }

  private init(name: String, key: Curve25519.Signing.PrivateKey) throws(LogKeyError) {
    verifier = try LogVerifierKey(name: name, publicKey: Array(key.publicKey.rawRepresentation))
    self.name = name
    self.key = key
  }

  /// `PRIVATE+KEY+<name>+<key id>+<base64(0x01 || seed)>`, the form of Go's sumdb note package. A secret.
  public var encoded: String {
    "PRIVATE+KEY+"
      + KeyFields.encode(
        name: name, keyID: verifier.keyID, algorithm: KeyFields.ed25519, key: Array(key.rawRepresentation))
  }

  /// Signs a text, giving the signature line to put under it.
  ///
  /// - Parameter text: the note's text with its final newline.
  /// - Throws: `signingFailed`.
  public func sign(_ text: String) throws(SignedNoteError) -> SignedNote.Signature {
    guard let signature = try? key.signature(for: Array(text.utf8)) else { throw .signingFailed }
    return SignedNote.Signature(name: name, keyID: verifier.keyID, bytes: Array(signature))
  }
}

/// Shows the public half only, so that a key in a message gives nothing away.
extension LogSigningKey: CustomStringConvertible, CustomReflectable {
  public var description: String { "signing key of \(verifier.encoded)" }
  public var customMirror: Mirror { Mirror(self, children: ["verifier": verifier.encoded]) }
}

/// The public half of a log's key: what an auditor needs besides the log.
public struct LogVerifierKey: NoteVerifier, CustomStringConvertible {
  /// Name of the key.
  public let name: String
  /// The first four bytes of `SHA-256(name || 0x0A || 0x01 || public key)` as a big-endian number.
  public let keyID: UInt32
  /// The 32 bytes of the Ed25519 public key.
  public let publicKey: [UInt8]
  private let key: Curve25519.Signing.PublicKey

  /// Makes a verifier from a public key.
  ///
  /// - Parameters:
  ///   - name: not empty, without white space, plus sign or control characters.
  ///   - publicKey: 32 bytes (RFC 8032 section 5.1.5).
  /// - Throws: `malformedName` or `malformedKey`.
  public init(name: String, publicKey: [UInt8]) throws(LogKeyError) {
    guard SignedNote.isKeyName(name) else { throw .malformedName }
    guard publicKey.count == 32,
      let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
    else { throw .malformedKey }
    self.name = name
    self.publicKey = publicKey
    self.key = key
    keyID = KeyFields.keyID(name: name, algorithm: KeyFields.ed25519, publicKey: publicKey)
  }

  /// Reads a verifier key string, `<name>+<key id>+<base64(0x01 || public key)>`.
  ///
  /// - Throws: why the text is no verifier key.
  public init(encoded text: String) throws(LogKeyError) {
    let fields = try KeyFields(text.utf8[...], algorithm: KeyFields.ed25519)
    try self.init(name: fields.name, publicKey: fields.key)
    guard keyID == fields.keyID else { throw .wrongKeyID }
  }

  /// The verifier key string (c2sp.org/signed-note, "Verifier keys").
  public var encoded: String {
    KeyFields.encode(name: name, keyID: keyID, algorithm: KeyFields.ed25519, key: publicKey)
  }

  /// The verifier key string.
  public var description: String { encoded }

  public func isValid(signature: [UInt8], of text: [UInt8]) -> Bool {
    key.isValidSignature(signature, for: text)
  }
}

extension LogVerifierKey: Hashable {
  public static func == (left: LogVerifierKey, right: LogVerifierKey) -> Bool {
    left.publicKey == right.publicKey && left.name.hasSameBytes(as: right.name)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(publicKey)
  }
}

/// `<name>+<8 hexadecimal digits>+<base64(algorithm || key)>`, shared by both halves of logs' and witnesses' keys.
struct KeyFields {
  /// Ed25519 over a note's text.
  static let ed25519: UInt8 = 0x01
  /// Ed25519 over a time and a checkpoint: `cosignature/v1`.
  static let cosignature: UInt8 = 0x04

  let name: String
  let keyID: UInt32
  let key: [UInt8]

  init(_ text: Substring.UTF8View, algorithm: UInt8) throws(LogKeyError) {
    // Base64 may contain a plus sign, so only the first two separate.
    let parts = text.split(separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1].count == 8, let id = Hexadecimal.decode(parts[1]),
      let body = Base64.decodeStrict(parts[2]), let stated = body.first
    else { throw .malformedKey }
    guard stated == algorithm else { throw .unknownAlgorithm }
    name = String(decoding: parts[0], as: UTF8.self)
    keyID = UInt32(bigEndianBytes: id)
    key = Array(body.dropFirst())
  }

  static func encode(name: String, keyID: UInt32, algorithm: UInt8, key: [UInt8]) -> String {
    "\(name)+\(Hexadecimal.encode(keyID.bigEndianBytes))+\(Base64.encode([algorithm] + key))"
  }

  /// The first four bytes of `SHA-256(name || 0x0A || algorithm || public key)` as a big-endian number.
  static func keyID(name: String, algorithm: UInt8, publicKey: [UInt8]) -> UInt32 {
    let identity = MerkleHash.sha256(Array(name.utf8) + [UInt8(ascii: "\n"), algorithm] + publicKey)
    return UInt32(bigEndianBytes: identity.bytes.prefix(4))
  }
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
