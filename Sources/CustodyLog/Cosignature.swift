/// The Ed25519 key with which a witness cosigns checkpoints (c2sp.org/tlog-cosignature, `cosignature/v1`).
///
/// A cosignature says: at this time this was the largest consistent head of that log which the witness had seen.
/// It may be made only after the witness has checked consistency and stored the new head
/// (``WitnessRequest/decide(logs:stored:)``).
public struct WitnessSigningKey: Sendable {
  private let key: NamedSigningKey
  /// The public half.
  public let verifier: WitnessVerifierKey
  /// Name of the witness.
  public var name: String { verifier.name }

  /// Makes a new key from the system's random numbers.
  ///
  /// - Parameter name: not empty, without white space, plus sign or control characters.
  /// - Throws: `malformedName`.
  public init(name: String) throws(LogKeyError) {
    self.init(try NamedSigningKey(name: name, purpose: .cosignature))
  }

  /// Restores a key from its secret.
  ///
  /// - Parameters:
  ///   - name: not empty, without white space, plus sign or control characters.
  ///   - seed: 32 secret bytes (RFC 8032 section 5.1.5).
  /// - Throws: `malformedName` or `malformedKey`.
  public init(name: String, seed: [UInt8]) throws(LogKeyError) {
    self.init(try NamedSigningKey(name: name, purpose: .cosignature, seed: seed))
  }

  /// Reads the form that ``encoded`` writes.
  ///
  /// - Throws: why the text is no witness's key.
  public init(encoded text: String) throws(LogKeyError) {
    self.init(try NamedSigningKey(encoded: text, purpose: .cosignature))
  }

  private init(_ key: NamedSigningKey) {
    self.key = key
    verifier = WitnessVerifierKey(key.verifier)
  }

  /// `PRIVATE+KEY+<name>+<key id>+<base64(0x04 || seed)>`. A secret.
  public var encoded: String { key.encoded }

  /// Cosigns a checkpoint, giving the signature line to put under it.
  ///
  /// - Parameters:
  ///   - checkpoint: consistent with everything this witness has cosigned for its origin, and already stored.
  ///   - time: seconds since 1970 UTC.
  /// - Throws: `signingFailed`.
  public func cosign(_ checkpoint: Checkpoint, time: UInt64) throws(SignedNoteError) -> SignedNote.Signature {
    let message = Cosignature.message(of: Array(checkpoint.text.utf8), time: time)
    let bytes = Cosignature.timeBytes(time) + (try key.signature(of: message))
    return SignedNote.Signature(name: name, keyID: verifier.keyID, bytes: bytes)
  }
}

/// Shows the public half only, so that a key in a message gives nothing away.
extension WitnessSigningKey: CustomStringConvertible, CustomReflectable {
  public var description: String { "signing key of \(verifier.encoded)" }
  public var customMirror: Mirror { Mirror(self, children: ["verifier": verifier.encoded]) }
}

/// The public half of a witness's key.
public struct WitnessVerifierKey: NoteVerifier, Hashable, CustomStringConvertible {
  private let key: NamedVerifierKey
  /// Name of the witness.
  public var name: String { key.name }
  /// The first four bytes of `SHA-256(name || 0x0A || 0x04 || public key)` as a big-endian number.
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
    self.init(try NamedVerifierKey(name: name, purpose: .cosignature, publicKey: publicKey))
  }

  /// Reads a verifier key string, `<name>+<key id>+<base64(0x04 || public key)>`.
  ///
  /// - Throws: why the text is no witness's verifier key.
  public init(encoded text: String) throws(LogKeyError) {
    self.init(try NamedVerifierKey(encoded: text, purpose: .cosignature))
  }

  init(_ key: NamedVerifierKey) { self.key = key }

  /// The verifier key string.
  public var encoded: String { key.encoded }

  /// The verifier key string.
  public var description: String { encoded }

  public func isValid(signature: [UInt8], of text: [UInt8]) -> Bool {
    guard let time = Cosignature.time(of: signature) else { return false }
    return key.isValid(signature.dropFirst(8), of: Cosignature.message(of: text, time: time))
  }
}

/// The bytes of `cosignature/v1`: eight bytes of time, big-endian, and 64 bytes of Ed25519 signature.
public enum Cosignature {
  /// The time that a cosignature states, in seconds since 1970 UTC; nil when the bytes are not 72.
  ///
  /// - Parameter signature: of a signature line, without key id. The time is true only if the signature verifies.
  public static func time(of signature: [UInt8]) -> UInt64? {
    guard signature.count == 72 else { return nil }
    return signature.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// What is signed: a line naming the purpose, a line with the time, and the checkpoint's text.
  static func message(of text: [UInt8], time: UInt64) -> [UInt8] {
    Array("cosignature/v1\ntime \(time)\n".utf8) + text
  }

  static func timeBytes(_ time: UInt64) -> [UInt8] {
    stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: time >> UInt64($0)) }
  }
}
