/// Two checkpoints that one log signed and that cannot both be true: proof, to anybody, that its keeper showed
/// different histories.
///
/// Either both have one size and different roots, or a consistency proof leads from *another* root of the smaller
/// size to the larger checkpoint, and so excludes the smaller one. The file is a ``SealedDocument``.
public struct ForkEvidence: Hashable, Sendable {
  /// Names form and version.
  public static let format = "postal-dossier-fork-evidence/v1"

  /// What excludes the smaller checkpoint.
  public struct Exclusion: Hashable, Sendable {
    /// Root that the larger checkpoint's tree has at the smaller size.
    public var root: Digest
    /// Consistency proof from that root to the larger checkpoint.
    public var proof: [Digest]

    public init(root: Digest, proof: [Digest]) {
      self.root = root
      self.proof = proof
    }
  }

  /// The signed notes, verbatim; the first is not larger than the second.
  public var first: String
  public var second: String
  /// With different sizes only.
  public var exclusion: Exclusion?

  public init(first: String, second: String, exclusion: Exclusion? = nil) {
    self.first = first
    self.second = second
    self.exclusion = exclusion
  }

  /// What two checkpoints prove, if anything.
  ///
  /// - Parameters:
  ///   - first, second: two verified checkpoints of one log with their notes, in any order.
  ///   - exclusion: asked for when their sizes differ: the root and consistency proof that the *larger* one's tree
  ///     gives for the smaller size. nil when that tree is not at hand.
  /// - Returns: nil when they do not contradict each other, or nothing shows that they do.
  public static func make(
    _ first: (note: SignedNote, head: LogHead), _ second: (note: SignedNote, head: LogHead),
    exclusion: (_ smaller: UInt64) -> Exclusion?
  ) -> ForkEvidence? {
    if first.head.size > second.head.size { return make(second, first, exclusion: exclusion) }
    var evidence = ForkEvidence(first: first.note.encoded, second: second.note.encoded)
    if first.head.size != second.head.size { evidence.exclusion = exclusion(first.head.size) }
    return evidence.isContradiction(first.head, second.head) ? evidence : nil
  }

  // MARK: - File

  /// The file.
  ///
  /// - Throws: nothing that occurs with notes that were read from text.
  public func encode() throws(CanonicalJSONError) -> [UInt8] {
    var members: [(String, JSONValue)] = [
      ("first", .string(first)), ("format", .string(Self.format)), ("second", .string(second)),
    ]
    if let exclusion {
      members.append(("proof", .array(exclusion.proof.map { .string($0.base64) })))
      members.append(("root", .string(exclusion.root.base64)))
    }
    return try SealedDocument.encode(.object(members))
  }

  /// Reads a file, accepting only what ``encode()`` could have written.
  ///
  /// - Throws: `digest` or `format`.
  public static func parse(_ file: [UInt8]) throws(EvidenceProblem) -> ForkEvidence {
    let document: JSONValue
    do { document = try SealedDocument.parse(file) } catch {
      throw EvidenceProblem(error == .digest ? .digest : .format, detail: error.description)
    }
    guard case .object(let members) = document, members.count == 3 || members.count == 5,
      document["format"]?.stringValue?.hasSameBytes(as: format) == true,
      let first = document["first"]?.stringValue, let second = document["second"]?.stringValue
    else { throw EvidenceProblem(.format) }
    var evidence = ForkEvidence(first: first, second: second)
    if members.count == 5 {
      guard let root = document["root"]?.stringValue.flatMap(Digest.init(base64:)),
        let elements = document["proof"]?.arrayValue
      else { throw EvidenceProblem(.format, place: "proof") }
      let proof = elements.compactMap { $0.stringValue.flatMap(Digest.init(base64:)) }
      guard proof.count == elements.count else { throw EvidenceProblem(.format, place: "proof") }
      evidence.exclusion = Exclusion(root: root, proof: proof)
    }
    return evidence
  }

  // MARK: - Verifying

  /// What a verifier found out.
  public struct Verdict: Hashable, Sendable {
    /// Proven means: the log misbehaved.
    public var outcome: EvidenceOutcome
    /// The two checkpoints, as far as their signatures have been verified; without a key, as they claim to be.
    public var first: Checkpoint?
    public var second: Checkpoint?
  }

  /// Reads and verifies a file.
  ///
  /// - Parameters:
  ///   - file: the whole file.
  ///   - policy: logs whose keys the reader knows; nil when none is known.
  ///   - origin: name of the log, where its key has another name.
  public static func verify(_ file: [UInt8], policy: TrustPolicy?, origin: String? = nil) -> Verdict {
    do { return try parse(file).verify(policy: policy, origin: origin) } catch {
      return Verdict(outcome: .refuted(error))
    }
  }

  /// Checks both signatures, and that the checkpoints exclude each other. Without a key everything else is checked.
  public func verify(policy: TrustPolicy?, origin: String? = nil) -> Verdict {
    var verdict = Verdict(outcome: policy == nil ? .undecided(.noKey) : .proven)
    do {
      let older = try checkpoint(first, policy, origin, "first")
      verdict.first = older
      let newer = try checkpoint(second, policy, origin, "second")
      verdict.second = newer
      guard older.origin.hasSameBytes(as: newer.origin) else {
        throw EvidenceProblem(.unknownLog, place: "second")
      }
      let (small, large) = (older.head, newer.head)
      guard small.size > 0, small.size <= large.size, (small.size == large.size) == (exclusion == nil) else {
        throw EvidenceProblem(.format, place: "second")
      }
      guard isContradiction(small, large) else { throw EvidenceProblem(.consistency) }
    } catch let problem as EvidenceProblem {
      verdict.outcome = .refuted(problem)
    } catch {
      verdict.outcome = .refuted(EvidenceProblem(.format))
    }
    return verdict
  }

  private func isContradiction(_ small: LogHead, _ large: LogHead) -> Bool {
    guard small.size > 0 else { return false }
    guard let exclusion else { return small.size == large.size && small.root != large.root }
    return small.size < large.size && exclusion.root != small.root
      && MerkleProof.verifyConsistency(
        from: LogHead(size: small.size, root: exclusion.root), to: large, proof: exclusion.proof)
  }

  private func checkpoint(
    _ text: String, _ policy: TrustPolicy?, _ origin: String?, _ place: String
  ) throws(EvidenceProblem) -> Checkpoint {
    let note: SignedNote
    do { note = try SignedNote.parse(text) } catch {
      throw EvidenceProblem(.format, place: place, detail: error.description)
    }
    do {
      if let policy { return try policy.verify(note, origin: origin).checkpoint }
    } catch { throw EvidenceProblem(error, place: place) }
    do { return try Checkpoint.parse(note.text) } catch {
      throw EvidenceProblem(.format, place: place, detail: error.description)
    }
  }
}
