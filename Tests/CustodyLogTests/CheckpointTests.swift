import CustodyLog
import Testing

@Suite struct CheckpointVectorTests {
  struct Vectors: Decodable {
    struct Signed: Decodable {
      let id: String, kind: String, vkey: String, origin: String, size: UInt64, root: String
      let checkpoint: String, ok: Bool
    }
    struct Text: Decodable { let text: String, ok: Bool, extensions: [String]?, why: String? }
    struct Leaf: Decodable { let leaf: String, leafHashHex: String }
    let signed: [Signed], parse: [Text], sumdbLeaf: Leaf
  }

  @Test func checkpointsOfPublicLogs() throws {
    let published: Vectors = try vectors("checkpoints")
    var counts: [String: Int] = [:]
    for vector in published.signed {
      counts[vector.kind, default: 0] += 1
      let bytes = Array(vector.checkpoint.utf8)
      guard vector.kind == "ed25519" else {
        // Other algorithms: the key is refused by name, yet the text can be read.
        #expect(throws: LogKeyError.unknownAlgorithm) { try LogVerifierKey(encoded: vector.vkey) }
        let checkpoint = try Checkpoint.parse(SignedNote.parse(bytes).text)
        #expect(checkpoint.size == vector.size, "\(vector.id)")
        continue
      }
      let key = try LogVerifierKey(encoded: vector.vkey)
      #expect(vector.ok)
      let checkpoint = try Checkpoint.open(bytes, verifier: key, origin: vector.origin)
      #expect(checkpoint.origin == vector.origin, "\(vector.id)")
      #expect(checkpoint.size == vector.size, "\(vector.id)")
      #expect(checkpoint.root.base64 == vector.root, "\(vector.id)")
      #expect(vector.checkpoint.hasPrefix(checkpoint.text + "\n— "), "\(vector.id)")
      #expect(throws: CheckpointError.wrongOrigin, "\(vector.id)") {
        try Checkpoint.open(bytes, verifier: key, origin: "another log")
      }
    }
    #expect(counts == ["ed25519": 26, "ecdsa-p256": 2, "rfc6962": 1])
  }

  /// The published texts come from a library that takes a root of any length and extension lines; each has a
  /// root of another length or an error, so this stricter reader refuses all ten.
  @Test func texts() throws {
    let published: Vectors = try vectors("checkpoints")
    let refusals: [CheckpointError] = [
      .malformedRoot, .malformedRoot, .extensionLine, .missingLine, .malformedOrigin, .missingLine,
      .malformedSize, .malformedSize, .malformedSize, .malformedRoot,
    ]
    #expect(published.parse.count == refusals.count)
    for (vector, refusal) in zip(published.parse, refusals) {
      guard vector.why != "empty origin" else {
        // Its root is also too long; with a good root the origin is what is left to refuse.
        let text = "\n9944\n\(MerkleHash.emptyRoot.base64)\n"
        #expect(throws: refusal) { try Checkpoint.parse(text) }
        continue
      }
      #expect(throws: refusal) { try Checkpoint.parse(vector.text) }
    }
  }

  @Test func leafOfThePublicChecksumDatabase() throws {
    let published: Vectors = try vectors("checkpoints")
    let leaf = published.sumdbLeaf
    #expect(MerkleHash.leaf(Array(leaf.leaf.utf8)).hex == leaf.leafHashHex)
  }

  struct Fork: Decodable {
    let vkey: String, old: String, new: String, proofOfMisbehavior: [String]
  }

  /// Both heads are signed by one key; the new head's own proof leads to another root for the old size.
  @Test func forkIsEvidence() throws {
    let fork: Fork = try vectors("fork_evidence")
    let key = try LogVerifierKey(encoded: fork.vkey)
    let old = try Checkpoint.open(Array(fork.old.utf8), verifier: key, origin: "go.sum database tree")
    let new = try Checkpoint.open(Array(fork.new.utf8), verifier: key, origin: "go.sum database tree")
    #expect(old.size == 5 && new.size == 6)
    let hashes = try fork.proofOfMisbehavior.map { try #require(Digest(base64: $0)) }
    // The evidence: the root that the new tree has at size 5, and the proof that leads from it to the new head.
    #expect(hashes.count == 4)
    let proof = Array(hashes.dropFirst())
    let implied = LogHead(size: old.size, root: hashes[0])
    #expect(MerkleProof.verifyConsistency(from: implied, to: new.head, proof: proof))
    #expect(!MerkleProof.verifyConsistency(from: old.head, to: new.head, proof: proof))
  }
}

@Suite struct CheckpointTests {
  let key: LogSigningKey

  init() throws {
    key = try LogSigningKey(name: "log.example/2027", seed: Array(repeating: 9, count: 32))
  }

  @Test(arguments: [81, 82] as [UInt64])
  func signedCheckpointsReadBack(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<20 {
      let size = UInt64.random(in: 1...UInt64.max, using: &generator)
      let root = try #require(Digest(generator.bytes(32)))
      let checkpoint = try Checkpoint(origin: key.name, size: size, root: root)
      let note = try checkpoint.sign(with: key)
      #expect(try Checkpoint.open(note.encode(), verifier: key.verifier, origin: key.name) == checkpoint)
      #expect(try Checkpoint.parse(checkpoint.text) == checkpoint)
    }
  }

  @Test func onlyTheLogsOwnKeySigns() throws {
    let checkpoint = try Checkpoint(origin: "another.example", size: 0, root: MerkleHash.emptyRoot)
    #expect(throws: CheckpointError.wrongOrigin) { try checkpoint.sign(with: key) }
    let stranger = try LogSigningKey(name: key.name)
    let note = try Checkpoint(origin: key.name, head: CompactRange().head).sign(with: stranger)
    #expect(throws: CheckpointError.note(.noKnownSignature)) {
      try Checkpoint.open(note.encode(), verifier: key.verifier, origin: key.name)
    }
  }

  @Test(arguments: ["01", "00", "+1", "-0", "1 ", " 1", "", "１", "18446744073709551616", "1e3"])
  func onlyPlainSizesAreRead(size: String) {
    let text = "log.example\n\(size)\n\(MerkleHash.emptyRoot.base64)\n"
    #expect(throws: CheckpointError.malformedSize) { try Checkpoint.parse(text) }
  }

  @Test func anEmptyLogHasOneRoot() throws {
    let root = MerkleHash.leaf([])
    #expect(throws: CheckpointError.wrongEmptyRoot) {
      try Checkpoint(origin: "log.example", size: 0, root: root)
    }
  }

  /// Composed and decomposed names look the same and are different logs.
  @Test func originsAreComparedByBytes() throws {
    let composed = try Checkpoint(origin: "\u{1ED9}", size: 1, root: MerkleHash.emptyRoot)
    let decomposed = try Checkpoint(origin: "o\u{323}\u{302}", size: 1, root: MerkleHash.emptyRoot)
    #expect(composed != decomposed)
    let signer = try LogSigningKey(name: "\u{1ED9}")
    #expect(throws: CheckpointError.wrongOrigin) { try decomposed.sign(with: signer) }
  }
}
