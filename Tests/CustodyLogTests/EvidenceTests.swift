import CustodyLog
import Foundation
import Testing

@Suite struct TlogProofTests {
  struct Vectors: Decodable {
    struct Valid: Decodable {
      let index: UInt64, hashes: [String], extra: String?, checkpoint: String, text: String
    }
    let valid: [Valid], invalid: [String]
  }

  @Test func publishedFiles() throws {
    let published: Vectors = try vectors("tlog_proof")
    #expect(published.valid.count == 3 && published.invalid.count == 7)
    for vector in published.valid {
      let proof = TlogProof(
        index: vector.index, hashes: try vector.hashes.map { try #require(Digest(base64: $0)) },
        extra: vector.extra.flatMap { Base64.decodeStrict($0) }, checkpoint: vector.checkpoint)
      #expect(proof.encoded == vector.text)
      #expect(TlogProof.parse(vector.text) == proof)
    }
    for text in published.invalid { #expect(TlogProof.parse(text) == nil, "\(text)") }
  }

  @Test func aProofIsOfOneLeaf() throws {
    var generator = SeededGenerator(seed: 3)
    let tree = ReferenceTree(count: 11, using: &generator)
    let key = try LogSigningKey(name: "log.example")
    let policy = TrustPolicy(log: key.verifier)
    let note = try Checkpoint(origin: key.name, head: tree.head(11)).sign(with: key)
    for index in 0..<11 {
      let hashes = try MerkleProof.inclusion(index: UInt64(index), size: 11, subtree: tree.subtree)
      let made = TlogProof(index: UInt64(index), hashes: hashes, checkpoint: note.encoded)
      let proof = try #require(TlogProof.parse(made.encoded))
      for leaf in 0..<11 {
        let verified = try proof.verify(leafHash: tree.levels[0][leaf], policy: policy)
        #expect((verified != nil) == (leaf == index))
      }
    }
    let stranger = TrustPolicy(log: try LogSigningKey(name: "log.example").verifier)
    let proof = TlogProof(index: 0, hashes: [], checkpoint: note.encoded)
    #expect(throws: TrustError.unknownLog) {
      try proof.verify(leafHash: tree.levels[0][0], policy: stranger)
    }
  }
}

@Suite struct ForkEvidenceTests {
  struct Fork: Decodable { let vkey: String, old: String, new: String, proofOfMisbehavior: [String] }

  /// The fork that the Go module's tests print, in this log's form of evidence.
  @Test func publishedFork() throws {
    let fork: Fork = try vectors("fork_evidence")
    let policy = TrustPolicy(log: try LogVerifierKey(encoded: fork.vkey))
    let origin = "go.sum database tree"
    let hashes = try fork.proofOfMisbehavior.map { try #require(Digest(base64: $0)) }
    let notes = (try SignedNote.parse(fork.old), try SignedNote.parse(fork.new))
    let heads = (try Checkpoint.parse(notes.0.text).head, try Checkpoint.parse(notes.1.text).head)
    let exclusion = ForkEvidence.Exclusion(root: hashes[0], proof: Array(hashes.dropFirst()))
    let made = ForkEvidence.make((notes.1, heads.1), (notes.0, heads.0)) { size in
      size == 5 ? exclusion : nil
    }
    let evidence = try #require(made)
    #expect(evidence == ForkEvidence(first: fork.old, second: fork.new, exclusion: exclusion))
    let file = try evidence.encode()
    #expect(try ForkEvidence.parse(file) == evidence)
    let verdict = ForkEvidence.verify(file, policy: policy, origin: origin)
    #expect(verdict.outcome == .proven)
    #expect(verdict.first?.size == 5 && verdict.second?.size == 6)
    // The key's name is not this log's, which a reader has to know.
    #expect(reason(ForkEvidence.verify(file, policy: policy)) == .unknownLog)
    #expect(ForkEvidence.verify(file, policy: nil).outcome == .undecided(.noKey))

    var honest = evidence
    honest.exclusion?.root = heads.0.root
    #expect(reason(honest.verify(policy: policy, origin: origin)) == .consistency)
    var broken = evidence
    broken.exclusion?.proof.swapAt(0, 1)
    #expect(reason(broken.verify(policy: policy, origin: origin)) == .consistency)
    broken.exclusion = nil
    #expect(reason(broken.verify(policy: policy, origin: origin)) == .format)
    broken = ForkEvidence(first: fork.new, second: fork.old, exclusion: exclusion)
    #expect(reason(broken.verify(policy: policy, origin: origin)) == .format)
    broken = ForkEvidence(
      first: fork.old.replacing("\n5\n", with: "\n4\n"), second: fork.new, exclusion: exclusion)
    #expect(reason(broken.verify(policy: policy, origin: origin)) == .signature)
    for position in file.indices {
      var changed = file
      changed[position] ^= 1 << UInt8(position % 8)
      #expect(ForkEvidence.verify(changed, policy: policy, origin: origin).outcome != .proven)
    }
  }

  private func reason(_ verdict: ForkEvidence.Verdict) -> EvidenceReason? {
    if case .refuted(let problem) = verdict.outcome { problem.reason } else { nil }
  }

  /// Two trees that part at some leaf are a fork at every pair of sizes beyond it, and never before.
  @Test(arguments: [7, 8] as [UInt64])
  func forksAreFoundAndHonestLogsAreNot(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let key = try LogSigningKey(name: "log.example")
    let policy = TrustPolicy(log: key.verifier)
    let common = (0..<6).map { _ in MerkleHash.leaf(generator.bytes(4)) }
    let trees = (0..<2).map { _ in
      ReferenceTree(leafHashes: common + (0..<6).map { _ in MerkleHash.leaf(generator.bytes(4)) })
    }
    func signed(_ tree: Int, _ size: Int) throws -> (note: SignedNote, head: LogHead) {
      let head = trees[tree].head(size)
      return (try Checkpoint(origin: key.name, head: head).sign(with: key), head)
    }
    for first in 1...12 {
      for second in first...12 {
        for other in 0...1 {
          let evidence = ForkEvidence.make(try signed(0, first), try signed(other, second)) { size in
            (try? MerkleProof.consistency(from: size, to: UInt64(second), subtree: trees[other].subtree))
              .map { ForkEvidence.Exclusion(root: trees[other].head(Int(size)).root, proof: $0) }
          }
          #expect((evidence != nil) == (other == 1 && first > 6), "seed \(seed): \(first) \(second)")
          guard let evidence else { continue }
          #expect(ForkEvidence.verify(try evidence.encode(), policy: policy).outcome == .proven)
        }
      }
    }
  }

  @Test(arguments: ["{}", #"{"first":"","format":"postal-dossier-fork-evidence/v1","second":1}"#, "[]"])
  func otherObjectsAreRefused(text: String) {
    let line = Array(text.utf8)
    let file = line + [10] + Array(MerkleHash.sha256(line).hex.utf8) + [10]
    #expect(throws: EvidenceProblem.self) { try ForkEvidence.parse(file) }
  }

  /// The values of many disclosures are not texts.
  @Test func disclosedValuesAreAnyJSON() throws {
    let salt = Base64.encodeURL(Array(repeating: UInt8(1), count: 32))
    for value in [#""x""#, "7", #"{"a":[1,"ồ"]}"#, "true", "[]"] {
      let text = Base64.encodeURL(Array(#"["\#(salt)","field",\#(value)]"#.utf8))
      let field = try DisclosedField.parse(text)
      #expect(field.field == "field" && field.json == Array(value.utf8))
    }
    for bad in [
      #"["\#(salt)","f"]"#, #"["AA","f",1]"#, #"["\#(salt)","f",null]"#, #"["\#(salt)", "f",1]"#, "{}",
    ] {
      #expect(throws: DisclosureError.self) { try DisclosedField.parse(Base64.encodeURL(Array(bad.utf8))) }
    }
    #expect(throws: DisclosureError.notBase64) { try DisclosedField.parse("=") }
  }
}
