/// Whom a verifier trusts: logs, witnesses, and how many cosignatures make a checkpoint worth believing
/// (c2sp.org/tlog-policy).
///
/// It comes from the reader, never from the evidence that it judges.
public struct TrustPolicy: Sendable {
  /// A witness under the name that the policy gives it.
  public struct Witness: Hashable, Sendable {
    /// Name within the policy only.
    public let name: String
    public let key: WitnessVerifierKey
  }

  /// What a checkpoint's signatures amount to.
  public struct Verified: Hashable, Sendable {
    public let checkpoint: Checkpoint
    /// The key of the log that signed it.
    public let log: LogVerifierKey
    /// Good cosignatures of the policy's witnesses, in the policy's order, each witness once.
    public let cosignatures: [VerifiedCosignature]
    /// Whether they are as many as the policy asks for.
    public let isQuorum: Bool
    /// From when on enough witnesses for the policy had seen this head, in seconds since 1970 UTC: one witness alone
    /// cannot date it back. Without a quorum to meet, the earliest cosignature's time; nil when never.
    public let time: UInt64?
  }

  /// A witness's cosignature that verified.
  public struct VerifiedCosignature: Hashable, Sendable {
    /// The witness's name in the policy.
    public let witness: String
    /// The name of its key.
    public let keyName: String
    /// Seconds since 1970 UTC.
    public let time: UInt64
  }

  /// Keys of the logs, in the order of the lines.
  public let logs: [LogVerifierKey]
  /// Witnesses, in the order of the lines.
  public let witnesses: [Witness]
  let quorum: Rule

  /// What has to have seen a checkpoint.
  indirect enum Rule: Sendable {
    case none
    /// Position in ``witnesses``.
    case witness(Int)
    case group(threshold: Int, members: [Rule])

    func holds(_ seen: Set<Int>) -> Bool {
      switch self {
      case .none: true
      case .witness(let position): seen.contains(position)
      case .group(let threshold, let members): members.count { $0.holds(seen) } >= threshold
      }
    }
  }

  init(logs: [LogVerifierKey], witnesses: [Witness], quorum: Rule) {
    self.logs = logs
    self.witnesses = witnesses
    self.quorum = quorum
  }

  /// Trusts what one log's key signed, without asking any witness.
  public init(log: LogVerifierKey) {
    self.init(logs: [log], witnesses: [], quorum: .none)
  }

  /// Whether a checkpoint needs any witness. If not, all that is shown is what the log's keeper signed.
  public var asksForWitnesses: Bool {
    if case .none = quorum { false } else { true }
  }

  /// Checks the signatures of a checkpoint.
  ///
  /// - Parameters:
  ///   - note: a signed checkpoint.
  ///   - origin: name of the log, where its key has another name; nil when the key's name is the origin.
  /// - Returns: what verified. Too few cosignatures are reported, not thrown.
  /// - Throws: `note(.invalidSignature)` for one bad signature of a known log or witness, `unknownLog` when none of
  ///   the logs has signed, else why it is no checkpoint.
  public func verify(_ note: SignedNote, origin: String? = nil) throws(TrustError) -> Verified {
    let checkpoint: Checkpoint
    do { checkpoint = try Checkpoint.parse(note.text) } catch { throw .checkpoint(error) }
    let own = logs.filter { (origin ?? $0.name).hasSameBytes(as: checkpoint.origin) }
    guard let log = own.first(where: { key in note.signatures.contains { key.isNamed(in: $0) } }) else {
      throw .unknownLog
    }
    let message = Array(note.text.utf8)
    for key in own { _ = try Self.time(key, note, message) { _ in 0 } }

    var cosignatures: [VerifiedCosignature] = []
    var seen: Set<Int> = []
    for (position, witness) in witnesses.enumerated() {
      let time = try Self.time(witness.key, note, message) { Cosignature.time(of: $0.bytes) ?? 0 }
      guard let time else { continue }
      seen.insert(position)
      cosignatures.append(
        VerifiedCosignature(witness: witness.name, keyName: witness.key.name, time: time))
    }
    return Verified(
      checkpoint: checkpoint, log: log, cosignatures: cosignatures, isQuorum: quorum.holds(seen),
      time: time(of: cosignatures))
  }

  private func time(of cosignatures: [VerifiedCosignature]) -> UInt64? {
    var seen: Set<Int> = []
    for cosignature in cosignatures.sorted(by: { $0.time < $1.time }) {
      if let position = witnesses.firstIndex(where: { $0.name.hasSameBytes(as: cosignature.witness) }) {
        seen.insert(position)
      }
      if quorum.holds(seen) { return cosignature.time }
    }
    return nil
  }

  /// The smallest time of a key's signatures, nil when it has none.
  private static func time(
    _ key: some NoteVerifier, _ note: SignedNote, _ message: [UInt8],
    of timeOf: (SignedNote.Signature) -> UInt64
  ) throws(TrustError) -> UInt64? {
    var smallest: UInt64?
    for signature in note.signatures where key.isNamed(in: signature) {
      guard key.isValid(signature: signature.bytes, of: message) else {
        throw .checkpoint(.note(.invalidSignature(name: key.name)))
      }
      smallest = min(smallest ?? .max, timeOf(signature))
    }
    return smallest
  }
}

extension NoteVerifier {
  /// Whether a signature line names this key.
  func isNamed(in signature: SignedNote.Signature) -> Bool {
    keyID == signature.keyID && name.hasSameBytes(as: signature.name)
  }
}

/// Why a checkpoint is not one to trust.
public enum TrustError: Error, Hashable, CustomStringConvertible {
  /// None of the policy's logs has signed it under its own name.
  case unknownLog
  case checkpoint(CheckpointError)

  public var description: String {
    switch self {
    case .unknownLog: "No log of the policy has signed the checkpoint."
    case .checkpoint(let error): error.description
    }
  }
}
