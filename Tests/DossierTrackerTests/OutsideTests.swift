import CustodyLog
import DossierSQLite
import DossierTesting
import Foundation
import Testing

@testable import DossierTracker

/// What outsiders get: proofs of custody, the published log, and what a verifier says of them after an attack.
@Suite struct OutsideTests {
  /// A filled store that goes on being used.
  private func filled(_ folder: TemporaryFolder, clock: FixedClock = FixedClock(Sample.now)) throws -> Tracker
  {
    let tracker = try Sample.create(folder.path("store"), clock: clock)
    try Sample.fill(tracker)
    return tracker
  }

  private func policy(_ tracker: Tracker) throws -> TrustPolicy {
    TrustPolicy(log: try LogVerifierKey(encoded: try tracker.verifierKey()))
  }

  // MARK: Proofs

  @Test func everyItemIsProvenWithAllItsEvents() throws {
    let folder = try TemporaryFolder()
    let tracker = try filled(folder)
    let policy = try policy(tracker)
    var hidden = 0
    var erasures = 0
    for item in try tracker.items(limit: 10_000) {
      let history = try #require(try tracker.history(ofItem: item.number))
      let proof = try tracker.prove(item.number, reveal: .all)
      let verdict = ProofBundle.verify(proof.file, policy: policy)
      #expect(verdict.outcome == .proven, "\(item.number)")
      let summary = try #require(verdict.summary)
      #expect(summary.items.map(\.number) == history.numbers.sorted())
      #expect(summary.events.map { Int64($0.index) } == history.events.map(\.index))
      #expect(summary.events.map(\.leaf.identifier) == history.events.map(\.identifier))
      erasures += summary.statements.count { $0.leaf?.kind == .erasureCarriedOut }
      // One checkpoint covers them all: nothing was recorded in between.
      #expect(proof.head == (try tracker.head()))
      for event in summary.events where event.leaf.content != nil {
        // Of an event whose only field was erased nothing is listed.
        #expect(event.revealed.isEmpty == (event.hidden == nil))
        hidden += event.hidden ?? 1
      }
    }
    // What was erased can no longer be shown; the proof holds all the same.
    #expect(hidden > 0 && erasures > 0)
  }

  @Test func onlyWhatIsAskedForIsRevealed() throws {
    let folder = try TemporaryFolder()
    let tracker = try filled(folder)
    var item = "RM473981177VN"
    _ = try tracker.record(EventRequest(.held, item: item, reason: "unclaimed", note: "Gọi lại sau"))
    let plain = String(decoding: try tracker.prove(item).file, as: UTF8.self)
    #expect(!plain.contains("disclosures") && !plain.contains("commitments"))
    func fields(_ names: [String]) throws -> Set<String> {
      let reveal = try #require(RevealedFields(names: names))
      let proof = try tracker.prove(item, reveal: reveal)
      let verdict = ProofBundle.verify(proof.file, policy: try policy(tracker))
      #expect(verdict.outcome == .proven)
      let shown =
        (verdict.summary?.events ?? []).flatMap(\.revealed)
        + (verdict.summary?.statements ?? []).flatMap(\.revealed)
      return Set(shown.map(\.field))
    }
    #expect(try fields(["note"]) == ["note"])
    #expect(try fields(["sender", "recipient"]).isSubset(of: ["sender", "recipient"]))
    #expect(try fields(["all"]).isSuperset(of: ["note", "giver.person", "contents"]))
    item = "EM473195428VN"
    #expect(try fields(["dossier.code"]) == ["dossier.1.code"])
    #expect(try fields(["all"]).isSuperset(of: ["contents", "dossier.1.code"]))
    #expect(RevealedFields(names: ["name"]) == nil)
  }

  @Test func aDossierIsProvenWithEveryItemThatCarriedIt() throws {
    let folder = try TemporaryFolder()
    let tracker = try filled(folder)
    let history = try #require(try tracker.history(ofItem: "EM473195428VN"))
    let code = try #require(history.dossiers.first?.code)
    let proof = try tracker.prove(code)
    #expect(Set(proof.bundle.items.map(\.number)).isSuperset(of: ["EM473195428VN", "BG-2026-77"]))
    #expect(ProofBundle.verify(proof.file, policy: try policy(tracker)).outcome == .proven)
    #expect(try refusal { try tracker.prove("NO-SUCH") }?.code == .unknownCode)
    #expect(try refusal { try tracker.prove(Sample.session) }?.code == .unknownCode)
  }

  @Test func aProofLeadsToTheNewestCosignedCheckpointThatCoversIt() throws {
    let folder = try TemporaryFolder()
    let clock = FixedClock(Sample.now)
    let tracker = try filled(folder, clock: clock)
    let witness = try WitnessFolder.create(
      at: folder.path("witness"), name: "inspectorate", now: { clock.now() })
    let log = try LogVerifierKey(encoded: try tracker.verifierKey())
    try witness.trust(log)
    let key = try WitnessVerifierKey(encoded: try witness.verifierKey())
    let trust = try TrustPolicy.parse(
      "log \(log.encoded)\nwitness w \(key.encoded)\nquorum w\n")
    #expect(try refusal { try tracker.prove("BG-1", publishing: false) }?.code == .proofNotCovered)
    let before = try tracker.prove("BG-1")
    #expect(ProofBundle.verify(before.file, policy: trust).outcome.reasonWord == "quorum")

    clock.advance(by: 60_000)
    let request = try tracker.witnessRequest(for: key)
    #expect(request.oldSize == 0)
    guard case .cosigned(let lines) = try witness.answer(request.bytes).reply else {
      Issue.record("not cosigned")
      return
    }
    let added = try tracker.addCosignatures(
      Array(lines.map(\.line).joined().utf8), of: [key], name: "reply")
    #expect(
      added == [
        AddedCosignature(size: request.head.size, witness: "inspectorate", time: UInt64(clock.now() / 1000))
      ])
    // Events of other items change nothing for this one.
    _ = try tracker.record(EventRequest(.held, item: "BG-99", reason: "unclaimed", event: "later"))
    let proof = try tracker.prove("BG-1", publishing: false)
    #expect(proof.isCosigned && proof.head == request.head)
    let verdict = ProofBundle.verify(proof.file, policy: trust)
    #expect(verdict.outcome == .proven)
    #expect(verdict.summary?.checkpoint.time == UInt64(clock.now() / 1000))
    // A later event of its own needs a newer checkpoint; the cosigned one tells when the earlier ones were there.
    _ = try tracker.record(EventRequest(.outForDelivery, item: "BG-1", event: "own"))
    let later = try tracker.prove("BG-1")
    #expect(!later.isCosigned && later.head.size > request.head.size)
    let summary = try #require(ProofBundle.verify(later.file, policy: TrustPolicy(log: log)).summary)
    #expect(summary.times.map(\.head) == [request.head])
    #expect(summary.events.dropLast().allSatisfy { $0.notAfter.head == request.head })
    #expect(summary.events.last?.notAfter.head == later.head)
    #expect(try tracker.witnessRequest(for: key).oldSize == request.head.size)
    #expect(try tracker.witnessRequest(oldSize: 3).oldSize == 3)
  }

  // MARK: The published log

  private func verify(_ path: String, _ policy: TrustPolicy?, since: String? = nil) throws
    -> PublishedLog.Verdict
  {
    try PublishedLog.verify(path, policy: policy, since: since.map { ("since", Array($0.utf8)) })
  }

  @Test func theLogIsPublishedInPortionsAndVerified() throws {
    let folder = try TemporaryFolder()
    let tracker = try Sample.create(folder.path("store"))
    try Sample.importOffices(tracker)
    let first = try tracker.publish(to: folder.path("log"))
    #expect(first.newEntries == first.head.size)
    #expect(try tracker.publish(to: folder.path("log")).newFiles == 0)
    try Sample.fill(tracker)
    let second = try tracker.publish(to: folder.path("log"))
    #expect(second.newEntries == second.head.size - first.head.size)
    _ = try tracker.publish(to: folder.path("at once"))
    let trust = try policy(tracker)
    let verdict = try verify(folder.path("log"), trust, since: first.checkpoint)
    #expect(verdict.outcome == .proven)
    let summary = try #require(verdict.summary)
    #expect(summary.entries == second.head.size)
    let maps = try tracker.events(limit: 10_000).count { $0.kind == .mapRecorded }
    #expect(maps >= 2 && summary.maps == maps)
    #expect(summary.unneeded == ["log.pub"])
    #expect(summary.items > 100 && summary.earlier == [first.head.size])
    for name in try files(folder.path("at once")) {
      #expect(
        try Files.read(folder.path("log") + "/" + name) == Files.read(folder.path("at once") + "/" + name),
        "\(name)")
    }
    #expect(try verify(folder.path("log"), nil).outcome == .undecided(.noKey))
    #expect(try verify(folder.path("nothing"), trust).outcome.reasonWord == "incomplete")
    // A shorter mirror is no lie, and not what the reader saw.
    try Files.copy(folder.path("log"), to: folder.path("mirror"))
    _ = try tracker.record(EventRequest(.held, item: "BG-1", reason: "unclaimed", event: "later"))
    let third = try tracker.publish(to: folder.path("log"))
    #expect(try verify(folder.path("mirror"), trust).outcome == .proven)
    #expect(
      try verify(folder.path("mirror"), trust, since: third.checkpoint).outcome.reasonWord == "consistency")
  }

  private func files(_ path: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path).filter {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: path + "/" + $0, isDirectory: &isFolder)
        && !isFolder.boolValue
    }.sorted()
  }

  /// A log of a handful of events, published.
  private func small(_ folder: TemporaryFolder) throws -> Tracker {
    let tracker = try Sample.create(folder.path("store"))
    for number in 0..<3 {
      _ = try tracker.record(
        EventRequest(.held, item: "BG-\(number % 2)", reason: "unclaimed", event: "E-\(number)"))
    }
    _ = try tracker.publish(to: folder.path("log"))
    return tracker
  }

  @Test func noByteOfAPublishedLogIsAlteredUnnoticed() throws {
    let folder = try TemporaryFolder()
    let trust = try policy(try small(folder))
    let log = folder.path("log")
    var altered = 0
    for name in try files(log) {
      let bytes = try Files.read(log + "/" + name)
      for position in bytes.indices {
        var changed = bytes
        changed[position] ^= 1 << UInt8(position % 8)
        try Files.write(changed, log + "/" + name)
        let verdict = try verify(log, trust)
        let isNamed = verdict.summary?.unneeded.contains(name) == true
        #expect(verdict.outcome != .proven || isNamed, "\(name), byte \(position)")
        #expect(isNamed == (name == "log.pub") || verdict.outcome != .proven)
        altered += 1
      }
      try Files.write(bytes, log + "/" + name)
    }
    #expect(try verify(log, trust).outcome == .proven)
    #expect(altered > 1400)
  }

  @Test func whatIsMissingFromAPublishedLogIsNotProven() throws {
    let folder = try TemporaryFolder()
    let trust = try policy(try small(folder))
    let log = folder.path("log")
    for name in try files(log) where name != "log.pub" {
      let bytes = try Files.read(log + "/" + name)
      try FileManager.default.removeItem(atPath: log + "/" + name)
      #expect(try verify(log, trust).outcome.reasonWord == "incomplete", "\(name)")
      try Files.write(Array(bytes.dropLast()), log + "/" + name)
      #expect(try verify(log, trust).outcome != .proven, "\(name) cut short")
      try Files.write(bytes, log + "/" + name)
    }
  }

  @Test func aFolderThatWasAlteredIsNotPublishedInto() throws {
    let folder = try TemporaryFolder()
    let tracker = try filled(folder)
    let log = folder.path("log")
    _ = try tracker.publish(to: log)
    let other = try Sample.create(folder.path("other"))
    #expect(try refusal { try other.publish(to: log) }?.code == .publishedForeign)
    // A full tile of the growth that is there with other bytes is left as it is.
    let size = Int(try tracker.head().size)
    let tile = size / 256
    #expect(tile < 10)
    let next = log + "/tile/entries/00\(tile)"
    try Files.write([1, 2, 3], next)
    for number in size..<((tile + 1) * 256 + 2) {
      _ = try tracker.record(EventRequest(.held, item: "BG-1", reason: "unclaimed", event: "F-\(number)"))
    }
    let finding = try refusal { try tracker.publish(to: log) }
    #expect(finding?.code == .publishedAltered && finding?.path == next)
    #expect(try Files.read(next) == [1, 2, 3])
    try FileManager.default.removeItem(atPath: next)
    _ = try tracker.publish(to: log)
    #expect(try verify(log, try policy(tracker)).outcome == .proven)
    #expect(!Files.exists(next + ".p"))
    var note = try Files.read(log + "/checkpoint")
    note[note.count - 5] ^= 1
    try Files.write(note, log + "/checkpoint")
    #expect(try refusal { try tracker.publish(to: log) }?.code == .checkpointSignature)
  }

  // MARK: Attacks

  /// Entries of a small published log, changed by whoever holds it; hashes are made to fit, the signature cannot be.
  private func rewrite(_ log: String, _ change: (inout [[UInt8]]) -> Void) throws {
    let name = try #require(try files(log).first { $0.hasPrefix("tile/entries/") })
    let tile = try #require(LogTile(path: name))
    var entries = try #require(tile.parseEntries(try Files.read(log + "/" + name)))
    change(&entries)
    try Files.write(try #require(LogTile.encode(entries: entries)), log + "/" + name)
    let hashes = LogTile.encode(entries.map { MerkleHash.leaf($0) })
    try Files.write(hashes, log + "/tile/0/000.p/\(tile.width)")
  }

  @Test func entriesWithTilesMadeToFitDoNotHashToTheSignedRoot() throws {
    let folder = try TemporaryFolder()
    let trust = try policy(try small(folder))
    let log = folder.path("log")
    try rewrite(log) { $0.swapAt(1, 2) }
    #expect(try verify(log, trust).outcome.reasonWord == "root")
    try rewrite(log) { $0.swapAt(1, 2) }
    #expect(try verify(log, trust).outcome == .proven)
    try rewrite(log) { entries in
      entries[1] = Array(
        String(decoding: entries[1], as: UTF8.self).replacing("unclaimed", with: "refused").utf8)
    }
    #expect(try verify(log, trust).outcome.reasonWord == "root")
  }

  /// Whoever has the log's key can sign anything: the order of an item's events and the recorded map convict him.
  @Test(arguments: ["omitted", "repeated", "map", "none"])
  func aSignedLogThatLiesAboutAnItemIsRefuted(lie: String) throws {
    let folder = try TemporaryFolder()
    let tracker = try small(folder)
    let log = folder.path("log")
    var leaves = try tracker.store.leaves(from: 0, limit: 100).map(\.bytes)
    let expected: String
    switch lie {
    case "omitted":
      // The item's first event: its second one follows nothing.
      leaves.remove(at: 1)
      expected = "sequence"
    case "repeated":
      leaves.insert(leaves[1], at: 2)
      expected = "sequence"
    case "map":
      // The last event of an item is left out; nothing but the map shows it.
      leaves.remove(at: 3)
      expected = "map"
    default: expected = "-"
    }
    let key = try tracker.signer.key()
    try publish(leaves, log, key)
    #expect(try verify(log, TrustPolicy(log: key.verifier)).outcome.reasonWord == expected)
  }

  private func publish(_ leaves: [[UInt8]], _ path: String, _ key: LogSigningKey) throws {
    try? FileManager.default.removeItem(atPath: path)
    var tree = CompactRange()
    for leaf in leaves { tree.append(MerkleHash.leaf(leaf)) }
    let files = try PublishedFiles(path)
    for tile in LogTile.all(size: tree.size) {
      try files.add(
        tile.path,
        tile.content == .entries
          ? try #require(LogTile.encode(entries: leaves)) : LogTile.encode(leaves.map { MerkleHash.leaf($0) })
      )
    }
    let note = try Checkpoint(origin: key.name, head: tree.head).sign(with: key)
    try files.replace("checkpoint", with: note.encode())
  }

  /// Two processes, or a thief, sign two histories with one key.
  private func forked(
    _ folder: TemporaryFolder, equalSizes: Bool
  ) throws -> (tracker: Tracker, other: Tracker, first: String, second: String) {
    let tracker = try small(folder)
    try Files.copy(folder.path("store"), to: folder.path("fork"))
    let other = try Sample.open(folder.path("fork"))
    _ = try tracker.record(EventRequest(.held, item: "BG-7", reason: "unclaimed", event: "here"))
    _ = try other.record(EventRequest(.held, item: "BG-7", reason: "refused", event: "there"))
    if !equalSizes { _ = try other.record(EventRequest(.outForDelivery, item: "BG-7", event: "more")) }
    return (tracker, other, try tracker.publishedCheckpoint(), try other.publishedCheckpoint())
  }

  @Test(arguments: [true, false]) func aForkIsProvenToAnybody(equalSizes: Bool) throws {
    let folder = try TemporaryFolder()
    let (tracker, other, first, second) = try forked(folder, equalSizes: equalSizes)
    let trust = try policy(tracker)
    _ = try other.publish(to: folder.path("other log"))
    for logs: [LogAtHand] in [[.store(tracker), .store(other)], [.folder(folder.path("other log"))]] {
      let comparison = try CheckpointComparison.make(
        ("a", Array(first.utf8)), ("b", Array(second.utf8)), policy: trust, logs: logs)
      let evidence = try #require(comparison.evidence)
      let report = try #require(EvidenceFile.verify(evidence, name: "e", policy: trust))
      #expect(report.outcome == .proven && report.reason == "fork")
      #expect(EvidenceFile(evidence) == .fork)
    }
    if !equalSizes {
      let finding = try refusal {
        try CheckpointComparison.make(
          ("a", Array(first.utf8)), ("b", Array(second.utf8)), policy: trust, logs: [.store(tracker)])
      }
      #expect(finding?.code == .forkUndecided)
    }
    // A mirror of one history does not extend the other's checkpoint.
    #expect(
      try verify(folder.path("other log"), trust, since: first).outcome.reasonWord == "consistency")
    // Nor does the store take the folder of the other for its own.
    #expect(
      try refusal { try tracker.publish(to: folder.path("other log")) }.map {
        [.checkpointInconsistent, .rolledBack].contains($0.code)
      } == true)
    let same = try CheckpointComparison.make(
      ("a", Array(first.utf8)), ("b", Array(first.utf8)), policy: trust, logs: [])
    #expect(same.evidence == nil)
  }

  @Test func aWitnessCosignsOneHistoryOnly() throws {
    let folder = try TemporaryFolder()
    let (tracker, other, _, _) = try forked(folder, equalSizes: true)
    let witness = try WitnessFolder.create(at: folder.path("witness"), name: "w")
    #expect(try witness.answer(try tracker.witnessRequest().bytes).reply.status == 404)
    let log = try LogVerifierKey(encoded: try tracker.verifierKey())
    try witness.trust(log)
    #expect(try witness.answer(Array("old 0\n\n".utf8)).reply.status == 400)
    #expect(try witness.answer(try tracker.witnessRequest().bytes).reply.status == 200)
    let answer = try witness.answer(try other.witnessRequest(oldSize: 0).bytes)
    #expect(answer.reply.status == 409)
    let size = try tracker.head().size
    let equal = try witness.answer(try other.witnessRequest(oldSize: size).bytes)
    #expect(equal.reply.status == 422)
    // Two roots of one size: the witness has the proof.
    let evidence = try Files.read(try #require(equal.evidence))
    #expect(ForkEvidence.verify(evidence, policy: TrustPolicy(log: log)).outcome == .proven)
    _ = try other.record(EventRequest(.outForDelivery, item: "BG-7", event: "more"))
    #expect(try witness.answer(try other.witnessRequest(oldSize: size).bytes).reply.status == 422)
    #expect(try witness.answer(try tracker.witnessRequest(oldSize: size).bytes).reply.status == 200)
    // An older head again, as after a restored backup.
    let last = try #require(try witness.lastCosigned(origin: tracker.origin))
    #expect(last.hasPrefix("\(tracker.origin)\n\(size)\n"))
    // Without its memory a witness would vouch for anything.
    let head = folder.path("witness") + "/heads/" + MerkleHash.sha256(Array(tracker.origin.utf8)).hex
    try Files.write(Array("damaged".utf8), head)
    #expect(
      try refusal { try witness.answer(try tracker.witnessRequest(oldSize: 0).bytes) }?.code
        == .checkpointSignature)
  }

  @Test func anothersCheckpointOrKeyIsNotTaken() throws {
    let folder = try TemporaryFolder()
    let tracker = try small(folder)
    let other = try Sample.create(folder.path("other"))
    let witness = try WitnessFolder.create(at: folder.path("witness"), name: "w")
    let log = try LogVerifierKey(encoded: try tracker.verifierKey())
    try witness.trust(log)
    #expect(
      try refusal {
        try witness.trust(
          try LogVerifierKey(name: tracker.origin, publicKey: try policy(other).logs[0].publicKey))
      }?.code == .witnessKeyConflict)
    // Replay: the other log's key under this one's origin.
    let key = try other.signer.key()
    let forged = try SignedNote.sign(
      try Checkpoint(origin: tracker.origin, head: try tracker.head()).text, with: [key])
    #expect(
      try witness.answer(WitnessRequest(oldSize: 0, proof: [], note: forged).encode()).reply.status == 403)
    try Files.write(forged.encode(), folder.path("log") + "/checkpoint")
    #expect(try verify(folder.path("log"), TrustPolicy(log: log)).outcome.reasonWord == "unknown-log")
    // A cosignature of a witness that nobody named, or for another checkpoint.
    let mine = try WitnessVerifierKey(encoded: try witness.verifierKey())
    let stranger = try WitnessFolder.create(at: folder.path("stranger"), name: "w")
    try stranger.trust(log)
    let reply = try stranger.answer(try tracker.witnessRequest().bytes).reply
    #expect(
      try refusal { try tracker.addCosignatures(reply.body, of: [mine], name: "r") }?.code
        == .cosignatureUnknown)
    #expect(
      try refusal { try tracker.addCosignatures(Array("17\n".utf8), of: [mine], name: "r") }?.code
        == .witnessElsewhere)
    #expect(
      try refusal { try WitnessFolder.create(at: folder.path("witness"), name: "w") }?.code == .witnessExists)
  }

  @Test func aStoreThatWasRolledBackGivesNoProof() throws {
    let folder = try TemporaryFolder()
    let tracker = try small(folder)
    try Sample.close(tracker)
    let old = try Files.read(folder.path("store") + "/store.sqlite")
    let later = try Sample.open(folder.path("store"))
    _ = try later.record(EventRequest(.held, item: "BG-0", reason: "unclaimed", event: "later"))
    _ = try later.publish(to: folder.path("log"))
    try Sample.close(later)
    try Files.restore(old, in: folder.path("store"))
    #expect(try refusal { try Sample.open(folder.path("store")) }?.code == .rolledBack)
    // What it can still prove is what was published before; never that nothing came after.
    let reading = try Sample.open(folder.path("store"), readOnly: true)
    let proof = try reading.prove("BG-0", publishing: false)
    #expect(proof.head.size < 7)
  }
}
