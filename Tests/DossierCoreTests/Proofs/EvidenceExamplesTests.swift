import CustodyLog
import DossierCore
import Foundation
import Testing

/// `Tests/Vectors/evidence`: bundles and fork evidence, good and bad, with the verdict that every verifier must give.
///
/// The files are made from fixed keys and salts, so they are compared byte for byte (Ed25519 here is deterministic).
/// `EVIDENCE_EXAMPLES=<folder> swift test --filter EvidenceExamples` writes them anew.
@Suite struct EvidenceExamplesTests {
  struct Example {
    var name: String
    var file: [UInt8]
    /// File of whom to trust.
    var trust = "policy.txt"
    var outcome: String
    var reason = "-"
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Vectors/evidence")

  @Test func examplesGiveTheirVerdicts() throws {
    let log = try ProofLog.example()
    let examples = try Self.bundles(log) + Self.forks(log)
    var files: [(name: String, bytes: [UInt8])] = examples.map { ($0.name, $0.file) }
    files.append(("policy.txt", Array(log.policyText.utf8)))
    files.append(("log.vkey", Array((log.key.verifier.encoded + "\n").utf8)))
    let rows = examples.map {
      "\($0.name)\t\($0.trust)\t\($0.outcome)\t\($0.reason)\n"
    }
    files.append(("expected.tsv", Array(rows.joined().utf8)))
    if let target = ProcessInfo.processInfo.environment["EVIDENCE_EXAMPLES"] {
      for file in files { try Data(file.bytes).write(to: URL(filePath: target).appending(path: file.name)) }
    }
    for file in files {
      let kept = try Data(contentsOf: Self.folder.appending(path: file.name))
      #expect(Array(kept) == file.bytes, "\(file.name)")
    }
    for example in examples {
      let policy = example.trust == "log.vkey" ? TrustPolicy(log: log.key.verifier) : try log.policy()
      let outcome =
        example.name.hasSuffix(".evidence.json")
        ? ForkEvidence.verify(example.file, policy: policy).outcome
        : ProofBundle.verify(example.file, policy: policy).outcome
      #expect(outcome.word == example.outcome, "\(example.name): \(outcome)")
      #expect(outcome.reasonWord == example.reason, "\(example.name): \(outcome)")
    }
  }

  private static func bundles(_ log: ProofLog) throws -> [Example] {
    let both = ["EE123456785VN", "RM473195374VN"]
    let full = try log.bundle(
      both, reveal: [2: [1, 2], 4: []], statements: [5],
      times: [(6, [(log.archive, 1_768_210_000)]), (8, [])])
    var examples: [Example] = []
    func add(_ name: String, _ bundle: ProofBundle, _ outcome: String, _ reason: String = "-") throws {
      examples.append(
        Example(name: name + ".custody.json", file: try bundle.encode(), outcome: outcome, reason: reason))
    }
    try add("full", full, "proven")
    try add("plain", try log.bundle(["EE123456785VN"]), "proven")
    try add("one-known-one-unknown-number", try log.bundle(["LOCAL/7", "NO-SUCH/1"]), "proven")
    var empty = try ProofLog()
    try empty.append(.officesRecorded, item: nil)
    try empty.recordMap()
    try add("empty-map", try empty.bundle(["LOCAL/7"]), "proven")
    let unwitnessed = try log.bundle(["LOCAL/7"], cosigned: [])
    try add("no-witness", unwitnessed, "refuted", "quorum")
    examples.append(
      Example(
        name: "no-witness-asked.custody.json", file: try unwitnessed.encode(), trust: "log.vkey",
        outcome: "proven"))

    var flipped = try full.encode()
    flipped[flipped.count / 2] ^= 1
    examples.append(
      Example(name: "one-bit.custody.json", file: flipped, outcome: "refuted", reason: "digest"))
    var bundle = full
    bundle.events.remove(at: 5)
    try add("event-missing", bundle, "refuted", "count")
    bundle.items[0].count = 3
    try add("last-event-missing-count-lowered", bundle, "refuted", "map")
    bundle = full
    bundle.events.remove(at: 1)
    bundle.items[0].count = 3
    try add("middle-event-missing-count-lowered", bundle, "refuted", "sequence")
    bundle = full
    bundle.events[5] = ProofBundle.Leaf(
      index: 8, text: bundle.events[5].text.replacing("wrapper", with: "readable"),
      proof: bundle.events[5].proof)
    try add("event-altered", bundle, "refuted", "inclusion")
    bundle = full
    bundle.events[1].disclosures[0] = Base64.encodeURL(Array(#"["AA","sender","x"]"#.utf8))
    try add("disclosure-forged", bundle, "refuted", "disclosure")
    bundle = full
    bundle.events[1].commitments.swapAt(0, 1)
    try add("commitments-rearranged", bundle, "refuted", "commitment")
    bundle = try log.bundle(["LOCAL/7"])
    let hidden = bundle
    bundle.events = []
    bundle.items[0].count = 0
    bundle.items[0].path = full.items[0].path
    bundle.items[0].other = MerkleMap.Entry(
      key: ItemMap.key(item: "EE123456785VN").bytes,
      value: ItemMap.value(count: 4, head: full.events[5].hash))
    try add("known-number-called-unknown", bundle, "refuted", "map")
    bundle = hidden
    bundle.checkpoint = try Checkpoint(origin: ProofLog.origin, head: log.head())
      .sign(with: ProofLog(seed: 9).key).encoded
    try add("foreign-signature", bundle, "refuted", "unknown-log")
    bundle = full
    bundle.times[0].consistency.swapAt(0, 1)
    try add("earlier-checkpoint-does-not-fit", bundle, "refuted", "consistency")
    var later = try ProofLog()
    later.append(
      leaf: hidden.events[0].text.replacing(#""kind":"accepted""#, with: #""kind":"teleported""#))
    try later.recordMap()
    try add("kind-of-a-later-version", try later.bundle(["LOCAL/7"]), "undecided", "unknown-leaf")
    return examples
  }

  private static func forks(_ log: ProofLog) throws -> [Example] {
    var other = try ProofLog()
    for _ in 0..<9 { try other.append(.accepted, item: "LOCAL/9") }
    func evidence(
      _ first: SignedNote, _ second: SignedNote, _ exclusion: ForkEvidence.Exclusion? = nil
    ) throws -> [UInt8] {
      try ForkEvidence(first: first.encoded, second: second.encoded, exclusion: exclusion).encode()
    }
    func example(_ name: String, _ file: [UInt8], _ outcome: String, _ reason: String = "-") -> Example {
      Example(name: name + ".evidence.json", file: file, outcome: outcome, reason: reason)
    }
    let exclusion = ForkEvidence.Exclusion(root: log.head(9).root, proof: log.consistency(from: 9))
    return [
      example("fork-one-size", try evidence(log.checkpoint(9), other.checkpoint()), "proven"),
      example("fork-two-sizes", try evidence(other.checkpoint(), log.checkpoint(), exclusion), "proven"),
      example(
        "no-fork", try evidence(log.checkpoint(9), log.checkpoint(), exclusion), "refuted", "consistency"),
      example(
        "no-fork-same", try evidence(log.checkpoint(9), log.checkpoint(9)), "refuted", "consistency"),
      example(
        "fork-of-a-stranger",
        try evidence(
          log.checkpoint(9),
          Checkpoint(origin: ProofLog.origin, head: other.head()).sign(with: ProofLog(seed: 9).key)),
        "refuted", "unknown-log"),
    ]
  }
}
