/// Why evidence is refuted: stable words, the same in every verifier.
public enum EvidenceReason: String, Hashable, Sendable, CaseIterable {
  /// The file does not have the form that it claims.
  case format
  /// The file's own digest does not match: it was changed after it was made.
  case digest
  /// A signature of a known log or witness is bad.
  case signature
  /// No known log signed the checkpoint, or it is another log's.
  case unknownLog = "unknown-log"
  /// A leaf is not at its place in the log.
  case inclusion
  /// The map does not say what is claimed.
  case map
  /// An item's events are not numbered without a gap, or come after the map.
  case sequence
  /// An event does not name the hash of the one before it.
  case previous
  /// There are more or fewer events than the map counts.
  case count
  /// The commitments shown are not those of the leaf.
  case commitment
  /// A disclosed field is not among the commitments.
  case disclosure
  /// Two checkpoints do not belong to one growing log; in evidence of a fork: they do.
  case consistency
  /// Fewer witnesses than the policy asks for.
  case quorum
  /// A published tile is not what its entries hash to.
  case tile
  /// The published entries do not hash to the checkpoint's root.
  case root
}

/// The first thing that is wrong with a piece of evidence, or that cannot be decided.
public struct EvidenceProblem: Error, Hashable, Sendable {
  public var reason: EvidenceReason
  /// Where in the file, such as `events/3`; empty for the whole file.
  public var place: String
  /// What should be there, where one thing should.
  public var expected: String?
  /// What is there instead.
  public var found: String?
  /// A sentence in English that says more.
  public var detail: String?

  public init(
    _ reason: EvidenceReason, place: String = "", expected: String? = nil, found: String? = nil,
    detail: String? = nil
  ) {
    self.reason = reason
    self.place = place
    self.expected = expected
    self.found = found
    self.detail = detail
  }

  /// What a policy's refusal of a checkpoint means for the evidence.
  ///
  /// - Parameter place: where the checkpoint stands.
  public init(_ error: TrustError, place: String) {
    let reason: EvidenceReason =
      switch error {
      case .unknownLog: .unknownLog
      case .checkpoint(.note(.invalidSignature)): .signature
      case .checkpoint: .format
      }
    self.init(reason, place: place, detail: error.description)
  }
}

/// What a verifier says: three values, and never yes for what it could not check.
public enum EvidenceOutcome: Hashable, Sendable {
  /// Everything was checked and holds.
  case proven
  /// Something is false.
  case refuted(EvidenceProblem)
  /// Something could not be checked: neither proven nor false.
  case undecided(Undecided)

  /// What could not be checked.
  public enum Undecided: Error, Hashable, Sendable {
    /// The reader named no key to trust.
    case noKey
    /// A leaf has a version that this verifier does not know.
    case leafVersion(place: String, version: Int64)
    /// A leaf states a kind of event that this verifier does not know.
    case leafKind(place: String, kind: String)
    /// A file of a published log is not there.
    case incomplete(place: String)

    /// `no-key`, `unknown-leaf` or `incomplete`: the same in every verifier.
    public var word: String {
      switch self {
      case .noKey: "no-key"
      case .leafVersion, .leafKind: "unknown-leaf"
      case .incomplete: "incomplete"
      }
    }
  }

  /// The word of the reason, `-` when proven: for comparing verifiers.
  public var reasonWord: String {
    switch self {
    case .proven: "-"
    case .refuted(let problem): problem.reason.rawValue
    case .undecided(let what): what.word
    }
  }

  /// `proven`, `refuted` or `undecided`.
  public var word: String {
    switch self {
    case .proven: "proven"
    case .refuted: "refuted"
    case .undecided: "undecided"
    }
  }

  /// 0, 1 or 2.
  public var exitCode: Int32 {
    switch self {
    case .proven: 0
    case .refuted: 1
    case .undecided: 2
    }
  }
}
