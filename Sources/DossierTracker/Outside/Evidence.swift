public import CustodyLog
public import DossierCore
internal import DossierSQLite

/// What a file or folder turned out to be, and what checking it showed.
public struct EvidenceReport: Sendable {
  public enum Subject: Sendable {
    /// A proof of custody (``ProofBundle``); nil when it could not even be read.
    case bundle(BundleSummary?)
    /// Evidence that a log signed two histories (``ForkEvidence``): when proven, the log is not to be trusted.
    case fork(ForkEvidence.Verdict)
    /// A published log, or a mirror of one.
    case log(PublishedLogSummary?)
  }

  /// Name of the file or folder.
  public var name: String
  public var outcome: EvidenceOutcome
  public var subject: Subject

  public init(name: String, outcome: EvidenceOutcome, subject: Subject) {
    self.name = name
    self.outcome = outcome
    self.subject = subject
  }

  /// The stable word beside the verdict: what is wrong, what could not be checked, or `fork`.
  public var reason: String? {
    if case .fork = subject, outcome == .proven { return "fork" }
    return outcome == .proven ? nil : outcome.reasonWord
  }
}

/// What kinds of evidence there are.
public enum EvidenceFile: Hashable, Sendable {
  case checkpoint, bundle, fork

  /// Tells a file's kind by its content.
  public init(_ bytes: [UInt8]) {
    guard bytes.first == UInt8(ascii: "{") else {
      self = .checkpoint
      return
    }
    // Also where the file is damaged: then its own check says so.
    let form = Array(#""format":"\#(ForkEvidence.format)""#.utf8)
    self = bytes.prefix(1 << 20).holds(form) ? .fork : .bundle
  }

  /// Checks a proof of custody or evidence of a fork with the reader's keys alone.
  ///
  /// - Parameter policy: whom the reader trusts; nil when no key is known.
  /// - Returns: nil for a checkpoint, which proves nothing alone (``Tracker/verify(checkpoint:name:)``).
  public static func verify(_ bytes: [UInt8], name: String, policy: TrustPolicy?) -> EvidenceReport? {
    switch EvidenceFile(bytes) {
    case .checkpoint: return nil
    case .bundle:
      let verdict = ProofBundle.verify(bytes, policy: policy)
      return EvidenceReport(name: name, outcome: verdict.outcome, subject: .bundle(verdict.summary))
    case .fork:
      let verdict = ForkEvidence.verify(bytes, policy: policy)
      return EvidenceReport(name: name, outcome: verdict.outcome, subject: .fork(verdict))
    }
  }
}

extension ArraySlice<UInt8> {
  fileprivate func holds(_ part: [UInt8]) -> Bool {
    var rest = self
    while rest.count >= part.count, let first = part.first, let place = rest.firstIndex(of: first) {
      if rest[place...].starts(with: part) { return true }
      rest = rest[(place + 1)...]
    }
    return false
  }
}

/// What two checkpoints say together.
public struct CheckpointComparison: Sendable {
  public var first: Checkpoint
  public var second: Checkpoint
  /// nil when one extends the other; else the file that proves the fork to anybody (``ForkEvidence``).
  public var evidence: [UInt8]?
}

/// A log at hand, from which proofs between its checkpoints can be made.
public enum LogAtHand {
  case store(Tracker)
  /// A published folder, or a mirror.
  case folder(String)
}

extension CheckpointComparison {
  /// Compares two signed checkpoints of one log.
  ///
  /// - Parameters:
  ///   - first, second: name and bytes of each, in any order.
  ///   - policy: the keys that the reader trusts.
  ///   - logs: where the larger one's tree may be; asked only when the sizes differ.
  /// - Throws: ``TrackerRefusal`` when a checkpoint is not the log's, or the larger one's tree is not at hand.
  public static func make(
    _ first: (name: String, note: [UInt8]), _ second: (name: String, note: [UInt8]), policy: TrustPolicy,
    logs: [LogAtHand]
  ) throws -> CheckpointComparison {
    let notes = try [first, second].map { try open($0, policy) }
    let (small, large) =
      notes[0].head.size <= notes[1].head.size ? (notes[0], notes[1]) : (notes[1], notes[0])
    var comparison = CheckpointComparison(
      first: notes[0].checkpoint, second: notes[1].checkpoint, evidence: nil)
    guard small.checkpoint.origin.utf8.elementsEqual(large.checkpoint.origin.utf8) else {
      throw TrackerRefusal(
        Finding(
          .checkpointSignature, path: second.name, expected: small.checkpoint.origin,
          found: large.checkpoint.origin))
    }
    if small.head == large.head || small.head.size == 0 { return comparison }
    var exclusion: ForkEvidence.Exclusion?
    if small.head.size < large.head.size {
      for log in logs where exclusion == nil {
        exclusion = try log.history(of: large.head, at: small.head.size)
      }
      guard let exclusion else {
        throw TrackerRefusal(Finding(.forkUndecided, path: second.name, expected: "\(large.head.size)"))
      }
      if exclusion.root == small.head.root { return comparison }
    }
    let evidence = ForkEvidence.make(
      (small.note, small.head), (large.note, large.head), exclusion: { _ in exclusion })
    guard let evidence else {
      throw TrackerRefusal(Finding(.forkUndecided, path: second.name, expected: "\(large.head.size)"))
    }
    comparison.evidence = try evidence.encode()
    return comparison
  }

  private typealias Opened = (note: SignedNote, checkpoint: Checkpoint, head: LogHead)

  private static func open(_ file: (name: String, note: [UInt8]), _ policy: TrustPolicy) throws -> Opened {
    do {
      let note = try SignedNote.parse(file.note)
      let checkpoint = try policy.verify(note).checkpoint
      return (note, checkpoint, checkpoint.head)
    } catch {
      throw TrackerRefusal(Finding(.checkpointSignature, path: file.name, detail: "\(error)"))
    }
  }
}

extension LogAtHand {
  /// What the tree of `head` was at a smaller size; nil when this log does not have that tree.
  fileprivate func history(of head: LogHead, at size: UInt64) throws -> ForkEvidence.Exclusion? {
    switch self {
    case .store(let tracker):
      let store = tracker.store
      guard try store.root(atSize: head.size) == head.root, let root = try store.root(atSize: size) else {
        return nil
      }
      return ForkEvidence.Exclusion(root: root, proof: try store.consistencyProof(from: size, to: head.size))
    case .folder(let path):
      let tiles = PublishedTiles(path: path)
      do {
        guard try tiles.root(head.size) == head.root else { return nil }
        return ForkEvidence.Exclusion(
          root: try tiles.root(size), proof: try tiles.consistency(from: size, to: head.size))
      } catch is PublishedTiles.Absent { return nil }
    }
  }
}

/// Proofs from the tiles of a published log. What they yield is only as true as the root it is compared with.
struct PublishedTiles {
  let path: String

  struct Absent: Error {}

  func root(_ size: UInt64) throws -> Digest {
    try MerkleProof.root(size: size) { try subtree($0, $1) }
  }

  func consistency(from old: UInt64, to new: UInt64) throws -> [Digest] {
    try MerkleProof.consistency(from: old, to: new) { try subtree($0, $1) }
  }

  /// A tile of hashes is asked for by the hashes it must hold at least: whichever width is there will do.
  private func subtree(_ level: Int, _ index: UInt64) throws -> Digest {
    let end = (index + 1) << UInt64(level % 8)
    let first = ((index << UInt64(level % 8)) >> 8) << 8
    let needed = Int(end - first)
    for width in [256] + Array((needed..<256).reversed()) where width >= needed {
      guard let tile = LogTile(.hashes(level: level / 8), index: first >> 8, width: width),
        let bytes = try StoreFolder.read("\(path)/\(tile.path)"), let hashes = tile.parseHashes(bytes)
      else { continue }
      var nodes = Array(hashes[(needed - (1 << (level % 8)))..<needed])
      while nodes.count > 1 {
        nodes = stride(from: 0, to: nodes.count, by: 2).map { MerkleHash.node(nodes[$0], nodes[$0 + 1]) }
      }
      if let root = nodes.first { return root }
    }
    throw Absent()
  }
}
