import Crypto

/// What a named key signs. Its number stands before the key in the key's text and goes into the key id, so that a key of one
/// purpose is never taken for one of another.
enum KeyPurpose: UInt8, Hashable, Sendable {
  /// Ed25519 over a note's text.
  case note = 0x01
  /// Ed25519 over a time and a checkpoint: `cosignature/v1`.
  case cosignature = 0x04
}

/// The secret half of a named Ed25519 key; keys of logs and of witnesses are this with a purpose each.
struct NamedSigningKey: Sendable {
  let verifier: NamedVerifierKey
  private let key: Curve25519.Signing.PrivateKey

  private static let prefix = "PRIVATE+KEY+"

  /// Makes a new key from the system's random numbers.
  init(name: String, purpose: KeyPurpose) throws(LogKeyError) {
    try self.init(name: name, purpose: purpose, key: Curve25519.Signing.PrivateKey())
  }

  /// - Parameter seed: 32 secret bytes (RFC 8032 section 5.1.5).
  init(name: String, purpose: KeyPurpose, seed: [UInt8]) throws(LogKeyError) {
    guard seed.count == 32, let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
      throw .malformedKey
    }
    try self.init(name: name, purpose: purpose, key: key)
  }

  init(encoded text: String, purpose: KeyPurpose) throws(LogKeyError) {
    guard text.utf8.starts(with: Self.prefix.utf8) else { throw .malformedKey }
    let fields = try KeyFields(text.utf8.dropFirst(Self.prefix.utf8.count), purpose)
    try self.init(name: fields.name, purpose: purpose, seed: fields.key)
    guard verifier.keyID == fields.keyID else { throw .wrongKeyID }
  }

  private init(
    name: String, purpose: KeyPurpose, key: Curve25519.Signing.PrivateKey
  ) throws(LogKeyError) {
    let publicKey = Array(key.publicKey.rawRepresentation)
    verifier = try NamedVerifierKey(name: name, purpose: purpose, publicKey: publicKey)
    self.key = key
  }

  /// `PRIVATE+KEY+<name>+<key id>+<base64(purpose || seed)>`. A secret.
  var encoded: String { Self.prefix + verifier.encode(Array(key.rawRepresentation)) }

  func signature(of message: [UInt8]) throws(SignedNoteError) -> [UInt8] {
    guard let signature = try? key.signature(for: message) else { throw .signingFailed }
    return Array(signature)
  }
}

/// The public half of a named Ed25519 key.
struct NamedVerifierKey: Sendable {
  let name: String
  let purpose: KeyPurpose
  /// The first four bytes of `SHA-256(name || 0x0A || purpose || public key)` as a big-endian number.
  let keyID: UInt32
  /// 32 bytes.
  let publicKey: [UInt8]
  private let key: Curve25519.Signing.PublicKey

  init(name: String, purpose: KeyPurpose, publicKey: [UInt8]) throws(LogKeyError) {
    guard SignedNote.isKeyName(name) else { throw .malformedName }
    guard publicKey.count == 32, let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
    else { throw .malformedKey }
    let identity = Array(name.utf8) + [UInt8(ascii: "\n"), purpose.rawValue] + publicKey
    keyID = UInt32(bigEndianBytes: MerkleHash.sha256(identity).bytes.prefix(4))
    self.name = name
    self.purpose = purpose
    self.publicKey = publicKey
    self.key = key
  }

  init(encoded text: String, purpose: KeyPurpose) throws(LogKeyError) {
    let fields = try KeyFields(text.utf8[...], purpose)
    try self.init(name: fields.name, purpose: purpose, publicKey: fields.key)
    guard keyID == fields.keyID else { throw .wrongKeyID }
  }

  /// `<name>+<key id>+<base64(purpose || public key)>`.
  var encoded: String { encode(publicKey) }

  /// One of the halves, under the name and the id of the public one.
  fileprivate func encode(_ half: [UInt8]) -> String {
    "\(name)+\(Hexadecimal.encode(keyID.bigEndianBytes))+\(Base64.encode([purpose.rawValue] + half))"
  }

  func isValid(_ signature: some Sequence<UInt8>, of message: [UInt8]) -> Bool {
    key.isValidSignature(Array(signature), for: message)
  }
}

extension NamedVerifierKey: Hashable {
  static func == (left: NamedVerifierKey, right: NamedVerifierKey) -> Bool {
    left.publicKey == right.publicKey && left.purpose == right.purpose
      && left.name.hasSameBytes(as: right.name)
  }

  func hash(into hasher: inout Hasher) { hasher.combine(publicKey) }
}

/// `<name>+<8 hexadecimal digits>+<base64(purpose || key)>`, the form of both halves.
private struct KeyFields {
  let name: String
  let keyID: UInt32
  let key: [UInt8]

  init(_ text: Substring.UTF8View, _ purpose: KeyPurpose) throws(LogKeyError) {
    // Base64 may contain a plus sign, so only the first two separate.
    let parts = text.split(separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1].count == 8, let id = Hexadecimal.decode(parts[1]),
      let body = Base64.decodeStrict(parts[2]), let stated = body.first
    else { throw .malformedKey }
    guard stated == purpose.rawValue else { throw .unknownAlgorithm }
    name = String(decoding: parts[0], as: UTF8.self)
    keyID = UInt32(bigEndianBytes: id)
    key = Array(body.dropFirst())
  }
}
