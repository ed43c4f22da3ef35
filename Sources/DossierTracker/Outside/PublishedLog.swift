public import CustodyLog
internal import DossierCore
internal import Foundation

/// What the check of a published log found out.
public struct PublishedLogSummary: Hashable, Sendable {
  /// The folder's checkpoint.
  public var checkpoint: Checkpoint
  /// Good cosignatures of the policy's witnesses, and when there were as many as it asks for.
  public var cosignatures: [TrustPolicy.VerifiedCosignature] = []
  public var time: UInt64?
  public var asksForWitnesses = false
  /// Signature lines of keys that the reader does not know: they say nothing to him.
  public var unknownSignatures = 0
  /// Entries that were hashed again.
  public var entries: UInt64 = 0
  public var items = 0
  /// How many roots of the map were worked out anew.
  public var maps = 0
  /// The maps speak of all events before this one; nil without any.
  public var lastMap: UInt64?
  /// Sizes of the earlier checkpoints that the log extends: those of the folder, and the reader's own.
  public var earlier: [UInt64] = []
  /// Files, or ends of files, on which the verdict does not rest: the first hundred, and how many.
  public var unneeded: [String] = []
  public var unneededCount = 0
}

/// A log published as plain files (``Tracker/publish(to:progress:)``), or a mirror of one.
public enum PublishedLog {
  /// A verdict on a folder.
  public struct Verdict: Sendable {
    public var outcome: EvidenceOutcome
    /// nil when there is no checkpoint to speak of.
    public var summary: PublishedLogSummary?
  }

  /// Checks everything: every entry is hashed again, every tile and the root compared, signatures and quorum, the
  /// sequence of every item's events, every recorded root of the map, and the earlier checkpoints.
  ///
  /// Memory: about 100 bytes an item number (``ItemHistories``), whatever the number of events.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - policy: whom the reader trusts; nil when no key is known.
  ///   - since: a checkpoint that the reader kept: the log must extend it.
  ///   - progress: called with (entries done, all entries).
  /// - Throws: ``TrackerRefusal`` when a file cannot be read. One that is not there makes the verdict undecided.
  public static func verify(
    _ path: String, policy: TrustPolicy?, since: (name: String, note: [UInt8])? = nil,
    progress: ((_ done: UInt64, _ all: UInt64) -> Void)? = nil
  ) throws -> Verdict {
    let check = PublishedLogCheck(path, policy, progress)
    let outcome: EvidenceOutcome
    do {
      try check.run(since)
      outcome = policy == nil ? .undecided(.noKey) : .proven
    } catch let problem as EvidenceProblem {
      outcome = .refuted(problem)
    } catch let undecided as EvidenceOutcome.Undecided {
      // What is missing weighs less than what nobody vouches for.
      outcome = .undecided(policy == nil ? .noKey : undecided)
    }
    return Verdict(outcome: outcome, summary: check.summary)
  }
}

/// One check of one folder. What is wrong first, in a fixed order, decides: form, signatures, root, tiles, earlier
/// checkpoints, histories, quorum.
private final class PublishedLogCheck {
  private let path: String
  private let policy: TrustPolicy?
  private let progress: ((UInt64, UInt64) -> Void)?
  private(set) var summary: PublishedLogSummary?

  private var size: UInt64 = 0
  private var tree = CompactRange()
  /// Hashes of each level that no full tile has taken yet.
  private var levels: [[Digest]] = Array(repeating: [], count: 8)
  private var marks: [(head: LogHead, place: String)] = []
  private var nextMark = 0
  private var histories = ItemHistories()
  private var reader = LeafGistReader()
  /// Full files that stand for partial ones: what they hold beyond the checkpoint was not read.
  private var longer: Set<String> = []

  private var tileProblem: (any Error)?
  private var markProblem: EvidenceProblem?
  private var historyProblem: (any Error)?

  init(_ path: String, _ policy: TrustPolicy?, _ progress: ((UInt64, UInt64) -> Void)?) {
    self.path = path
    self.policy = policy
    self.progress = progress
  }

  func run(_ since: (name: String, note: [UInt8])?) throws {
    guard let bytes = try StoreFolder.read(path + "/checkpoint") else {
      throw EvidenceOutcome.Undecided.incomplete(place: "checkpoint")
    }
    let (checkpoint, verified) = try verify(bytes, "checkpoint")
    size = checkpoint.size
    var summary = PublishedLogSummary(checkpoint: checkpoint)
    if let verified {
      summary.cosignatures = verified.cosignatures
      summary.time = verified.time
      summary.asksForWitnesses = policy?.asksForWitnesses ?? false
      let lines = try SignedNote.parse(bytes).signatures.count
      summary.unknownSignatures = max(0, lines - 1 - verified.cosignatures.count)
    }
    self.summary = summary
    try collectMarks(since, checkpoint)
    try readEntries()
    guard tree.root == checkpoint.root else {
      throw EvidenceProblem(
        .root, place: (tileProblem as? EvidenceProblem)?.place ?? "", expected: checkpoint.root.base64,
        found: tree.root.base64)
    }
    checkRest()
    if let tileProblem { throw tileProblem }
    if let markProblem { throw markProblem }
    if let historyProblem { throw historyProblem }
    self.summary?.earlier = marks.map(\.head.size)
    self.summary?.items = histories.count
    listUnneeded()
    if let verified, !verified.isQuorum { throw EvidenceProblem(.quorum, place: "checkpoint") }
  }

  // MARK: Checkpoints

  private func verify(
    _ bytes: [UInt8], _ place: String
  ) throws -> (checkpoint: Checkpoint, verified: TrustPolicy.Verified?) {
    let note: SignedNote
    let checkpoint: Checkpoint
    do {
      note = try SignedNote.parse(bytes)
      checkpoint = try Checkpoint.parse(note.text)
    } catch { throw EvidenceProblem(.format, place: place, detail: "\(error)") }
    guard let policy else { return (checkpoint, nil) }
    do { return (checkpoint, try policy.verify(note)) } catch { throw EvidenceProblem(error, place: place) }
  }

  /// The earlier checkpoints of which the log must be an extension.
  private func collectMarks(_ since: (name: String, note: [UInt8])?, _ main: Checkpoint) throws {
    var notes = since.map { [(place: $0.name, note: $0.note)] } ?? []
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path + "/checkpoints")) ?? []
    for name in names.sorted() {
      guard let size = UInt64(name), "\(size)" == name else { continue }
      let place = "checkpoints/" + name
      guard let bytes = try StoreFolder.read("\(path)/\(place)") else { continue }
      let (checkpoint, _) = try verify(bytes, place)
      guard checkpoint.size == size else { throw EvidenceProblem(.format, place: place) }
      notes.append((place, bytes))
    }
    for (place, bytes) in notes {
      let (checkpoint, _) = try verify(bytes, place)
      guard checkpoint.origin.utf8.elementsEqual(main.origin.utf8) else {
        throw EvidenceProblem(.unknownLog, place: place, expected: main.origin, found: checkpoint.origin)
      }
      guard checkpoint.size <= main.size else {
        throw EvidenceProblem(
          .consistency, place: place, expected: "\(checkpoint.size)", found: "\(main.size)",
          detail: "The folder is shorter than an earlier checkpoint.")
      }
      marks.append((checkpoint.head, place))
    }
    marks.sort { $0.head.size < $1.head.size }
  }

  private func passMarks() {
    while nextMark < marks.count, marks[nextMark].head.size == tree.size {
      let (head, place) = marks[nextMark]
      nextMark += 1
      if tree.root != head.root, markProblem == nil {
        markProblem = EvidenceProblem(
          .consistency, place: place, expected: head.root.base64, found: tree.root.base64)
      }
    }
  }

  // MARK: Entries and tiles

  private func readEntries() throws {
    passMarks()
    var number: UInt64 = 0
    while number << 8 < size {
      let width = Int(min(256, size - number << 8))
      guard let tile = LogTile(.entries, index: number, width: width) else { break }
      guard let (bytes, isLonger) = try read(tile) else {
        throw EvidenceOutcome.Undecided.incomplete(place: tile.path)
      }
      let whole = isLonger ? LogTile(.entries, index: number) : tile
      guard let entries = whole?.parseEntries(bytes) else {
        throw EvidenceProblem(.format, place: tile.path)
      }
      for entry in entries.prefix(width) {
        let index = tree.size
        let hash = MerkleHash.leaf(entry)
        tree.append(hash) { level, _, root in if level % 8 == 0 { levels[level / 8].append(root) } }
        if historyProblem == nil {
          do { try follow(entry, hash, index) } catch { historyProblem = error }
        }
        passMarks()
        summary?.entries = tree.size
      }
      checkFullTiles()
      number += 1
      progress?(tree.size, size)
    }
  }

  /// Compares the tiles that the last entries have filled.
  private func checkFullTiles() {
    for level in levels.indices where levels[level].count == LogTile.greatestWidth {
      let last = (tree.size >> UInt64(8 * level)) - 1
      check(level, last >> 8, levels[level])
      levels[level].removeAll(keepingCapacity: true)
    }
  }

  /// Compares the tiles at the right edge.
  private func checkRest() {
    for level in levels.indices where !levels[level].isEmpty {
      check(level, (size >> UInt64(8 * level)) >> 8, levels[level])
    }
  }

  private func check(_ level: Int, _ index: UInt64, _ hashes: [Digest]) {
    guard tileProblem == nil, let tile = LogTile(.hashes(level: level), index: index, width: hashes.count)
    else { return }
    do {
      guard let (bytes, isLonger) = try read(tile) else {
        throw EvidenceOutcome.Undecided.incomplete(place: tile.path)
      }
      let expected = LogTile.encode(hashes)
      guard isLonger ? bytes.starts(with: expected) : bytes == expected else {
        let first = zip(bytes, expected).enumerated().first { $1.0 != $1.1 }?.offset ?? 0
        let position = index << 8 + UInt64(first / Digest.byteCount)
        throw EvidenceProblem(
          .tile, place: tile.path, detail: level == 0 ? "index \(position)" : "hash \(position)")
      }
    } catch { tileProblem = error }
  }

  /// The bytes of a file; a full one stands for the partial one that was removed when it came.
  private func read(_ tile: LogTile) throws -> (bytes: [UInt8], isLonger: Bool)? {
    if let bytes = try StoreFolder.read("\(path)/\(tile.path)", limit: 32 << 20) { return (bytes, false) }
    guard !tile.isFull, let full = LogTile(tile.content, index: tile.index),
      let bytes = try StoreFolder.read("\(path)/\(full.path)", limit: 32 << 20)
    else { return nil }
    longer.insert(full.path)
    return (bytes, true)
  }

  // MARK: Histories

  private func follow(_ entry: [UInt8], _ hash: Digest, _ index: UInt64) throws {
    let place = "index \(index)"
    let leaf: LeafGist
    do { leaf = try reader.read(entry) } catch {
      switch error {
      case .format(let what): throw EvidenceProblem(.format, place: place, found: what)
      case .version(let version):
        throw EvidenceOutcome.Undecided.leafVersion(place: place, version: version)
      }
    }
    if leaf.kind == nil {
      throw EvidenceOutcome.Undecided.leafKind(place: place, kind: leaf.text?.kindWord ?? "")
    }
    if let text = leaf.text { try checkSeen(text, index, place) }
    if let item = leaf.item {
      let problem = histories.add(
        item: item, sequence: leaf.sequence, previous: leaf.previous, hash: hash)
      if let problem {
        throw EvidenceProblem(problem, place: place, detail: String(decoding: item, as: UTF8.self))
      }
    } else if leaf.kind == .mapRecorded {
      let root = leaf.text?.more?["map"]?.stringValue.flatMap(Digest.init(base64URL:))
      let entries = leaf.text?.more?["entries"]?.integerValue
      let own = histories.root()
      guard root == own, entries == Int64(histories.count) else {
        throw EvidenceProblem(.map, place: place, expected: own.base64URL, found: root?.base64URL)
      }
      summary?.maps += 1
      summary?.lastMap = index
    }
  }

  /// An event cannot know of what came after it, nor of another history.
  private func checkSeen(_ leaf: LeafText, _ index: UInt64, _ place: String) throws {
    let seen: LogHead?
    do { seen = try leaf.seen() } catch { throw EvidenceProblem(.format, place: place, found: "more/seen") }
    // The head in `logSucceeded` is that of the log before this one, which may have been longer.
    guard let seen, leaf.kind != .logSucceeded else { return }
    guard seen.size <= index else { throw EvidenceProblem(.consistency, place: place) }
    let root = try MerkleProof.root(size: seen.size) { level, index in
      let root = try LogTile.subtree(level: level, index: index, size: size) { tile in
        guard let (bytes, isLonger) = try read(tile) else {
          throw EvidenceOutcome.Undecided.incomplete(place: tile.path)
        }
        return tile.parseHashes(isLonger ? Array(bytes.prefix(tile.width * Digest.byteCount)) : bytes) ?? []
      }
      guard let root else { throw EvidenceProblem(.tile, place: place) }
      return root
    }
    guard root == seen.root else {
      throw EvidenceProblem(.consistency, place: place, expected: root.base64, found: seen.root.base64)
    }
  }

  // MARK: What the verdict does not rest on

  private func listUnneeded() {
    var names: [String] = []
    let files = FileManager.default.enumerator(atPath: path)
    while let name = files?.nextObject() as? String {
      let kind = files?.fileAttributes?[.type] as? FileAttributeType
      if kind == .typeDirectory || isNeeded(name) { continue }
      names.append(name)
    }
    names.sort()
    summary?.unneededCount = names.count
    summary?.unneeded = Array(names.prefix(100))
  }

  private func isNeeded(_ name: String) -> Bool {
    if name == "checkpoint" { return true }
    if let digits = name.split(separator: "/").last, name == "checkpoints/\(digits)",
      let size = UInt64(digits)
    {
      return "\(size)" == digits
    }
    guard let tile = LogTile(path: name) else { return false }
    if longer.contains(name) { return false }
    let first = tile.index << 8
    return LogTile.holding(tile.content, position: first, size: size) == tile
  }
}
