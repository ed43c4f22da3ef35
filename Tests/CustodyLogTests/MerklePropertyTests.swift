import CustodyLog
import Testing

@Suite struct MerklePropertyTests {
  @Test(arguments: [11] as [UInt64])
  func appendingEqualsTheDefinition(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let tree = ReferenceTree(count: 300, using: &generator)
    var range = CompactRange()
    for count in 0...300 {
      let expected = tree.head(count)
      #expect(range.head == expected)
      #expect(try MerkleProof.root(size: UInt64(count), subtree: tree.subtree) == expected.root)
      #expect(CompactRange(size: range.size, nodes: range.nodes) == range)
      #expect(CompactRange(size: range.size, nodes: range.nodes + [expected.root]) == nil)
      if count < 300 { range.append(try tree.subtree(0, UInt64(count))) }
    }
  }

  @Test(arguments: [21, 22] as [UInt64])
  func largeTreesEqualTheDefinition(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let count = Int.random(in: 2_000...5_000, using: &generator)
    let tree = ReferenceTree(count: count, using: &generator)
    var range = CompactRange()
    for leaf in tree.levels[0] { range.append(leaf) }
    #expect(range.head == tree.head(count))
  }

  @Test func completedReportsEveryEighthLevelOnce() throws {
    var generator = SeededGenerator(seed: 31)
    let tree = ReferenceTree(count: 66_000, using: &generator)
    var range = CompactRange()
    var counts: [Int: UInt64] = [:]
    for leaf in tree.levels[0] {
      range.append(leaf) { level, index, root in
        if index != counts[level, default: 0] { Issue.record("level \(level) index \(index)") }
        if (try? tree.subtree(level, index)) != root { Issue.record("level \(level) index \(index)") }
        counts[level, default: 0] += 1
      }
    }
    #expect(counts == [0: 66_000, 8: 257, 16: 1])
  }

  @Test(arguments: [41, 42, 43] as [UInt64])
  func wholeSubtreesEqualTheirLeaves(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let tree = ReferenceTree(count: 700, using: &generator)
    var range = CompactRange()
    while range.size < tree.size {
      let level = Int.random(in: 0...9, using: &generator)
      let before = range
      let fits = range.size % (1 << UInt64(level)) == 0
      guard let root = try? tree.subtree(level, range.size >> UInt64(level)) else { continue }
      let isAppended = range.appendSubtree(root, level: level)
      #expect(isAppended == fits)
      if !fits { #expect(range == before) }
    }
    #expect(range.head == tree.head(700))
  }

  @Test func absurdSubtreesAreRefused() throws {
    var range = try #require(CompactRange(size: 1 << 62, nodes: [MerkleHash.emptyRoot]))
    for level in [-1, 62, 63, 64, Int.max] {
      let isAppended = range.appendSubtree(MerkleHash.emptyRoot, level: level)
      #expect(!isAppended)
    }
    #expect(CompactRange(size: .max, nodes: Array(repeating: MerkleHash.emptyRoot, count: 64)) == nil)
  }

  @Test func everyInclusionProofOfSmallTrees() throws {
    var generator = SeededGenerator(seed: 51)
    let tree = ReferenceTree(count: 40, using: &generator)
    for size in 1...40 {
      let head = tree.head(size)
      for index in 0..<UInt64(size) {
        let proof = try MerkleProof.inclusion(index: index, size: head.size, subtree: tree.subtree)
        for other in 0..<head.size + 2 {
          let isAccepted = MerkleProof.verifyInclusion(
            leafHash: tree.levels[0][Int(index)], index: other, size: head.size, proof: proof,
            root: head.root)
          #expect(isAccepted == (other == index), "size \(size) index \(index) shown as \(other)")
        }
      }
    }
  }

  @Test func everyConsistencyProofOfSmallTrees() throws {
    var generator = SeededGenerator(seed: 52)
    let tree = ReferenceTree(count: 40, using: &generator)
    let heads = (0...40).map(tree.head)
    for new in 1...40 {
      for old in 1...new {
        let proof = try MerkleProof.consistency(
          from: UInt64(old), to: UInt64(new), subtree: tree.subtree)
        #expect(MerkleProof.verifyConsistency(from: heads[old], to: heads[new], proof: proof))
        #expect(!MerkleProof.verifyConsistency(from: heads[0], to: heads[new], proof: proof))
        for extra in [MerkleHash.emptyRoot, heads[old].root, heads[new].root] {
          #expect(!MerkleProof.verifyConsistency(from: heads[old], to: heads[new], proof: proof + [extra]))
          #expect(!MerkleProof.verifyConsistency(from: heads[old], to: heads[new], proof: [extra] + proof))
        }
        if let last = proof.indices.last {
          let short = Array(proof[..<last])
          #expect(!MerkleProof.verifyConsistency(from: heads[old], to: heads[new], proof: short))
        }
      }
    }
  }

  @Test(arguments: [61, 62, 63] as [UInt64])
  func oneFlippedBitBreaksAnInclusionProof(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let size = Int.random(in: 1_000...4_000, using: &generator)
    let tree = ReferenceTree(count: size, using: &generator)
    let head = tree.head(size)
    for _ in 0..<4 {
      let index = UInt64.random(in: 0..<head.size, using: &generator)
      let leaf = tree.levels[0][Int(index)]
      let proof = try MerkleProof.inclusion(index: index, size: head.size, subtree: tree.subtree)
      func verify(_ leaf: Digest, _ proof: [Digest], _ root: Digest) -> Bool {
        MerkleProof.verifyInclusion(leafHash: leaf, index: index, size: head.size, proof: proof, root: root)
      }
      #expect(verify(leaf, proof, head.root))
      for byte in 0..<32 {
        let bit = Int.random(in: 0..<8, using: &generator)
        #expect(!verify(leaf.flipped(byte: byte, bit: bit), proof, head.root))
        #expect(!verify(leaf, proof, head.root.flipped(byte: byte, bit: bit)))
        for position in proof.indices {
          var changed = proof
          changed[position] = proof[position].flipped(byte: byte, bit: bit)
          #expect(!verify(leaf, changed, head.root))
        }
      }
      #expect(!verify(leaf, proof + [head.root], head.root))
      #expect(!verify(leaf, Array(proof.dropLast()), head.root))
    }
  }

  @Test(arguments: [71, 72, 73] as [UInt64])
  func oneFlippedBitBreaksAConsistencyProof(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let size = Int.random(in: 1_000...4_000, using: &generator)
    let tree = ReferenceTree(count: size, using: &generator)
    let new = tree.head(size)
    for _ in 0..<4 {
      let old = tree.head(Int.random(in: 1..<size, using: &generator))
      let proof = try MerkleProof.consistency(from: old.size, to: new.size, subtree: tree.subtree)
      #expect(MerkleProof.verifyConsistency(from: old, to: new, proof: proof))
      for byte in 0..<32 {
        let bit = Int.random(in: 0..<8, using: &generator)
        let badOld = LogHead(size: old.size, root: old.root.flipped(byte: byte, bit: bit))
        let badNew = LogHead(size: new.size, root: new.root.flipped(byte: byte, bit: bit))
        #expect(!MerkleProof.verifyConsistency(from: badOld, to: new, proof: proof))
        #expect(!MerkleProof.verifyConsistency(from: old, to: badNew, proof: proof))
        for position in proof.indices {
          var changed = proof
          changed[position] = proof[position].flipped(byte: byte, bit: bit)
          #expect(!MerkleProof.verifyConsistency(from: old, to: new, proof: changed))
        }
      }
    }
  }

  /// A subtree function that cannot throw needs no `try`, and indices outside the tree make no proof.
  @Test func nothingIsProvenOutsideTheTree() {
    let subtree = { (level: Int, index: UInt64) in MerkleHash.emptyRoot }
    #expect(MerkleProof.inclusion(index: 5, size: 5, subtree: subtree).isEmpty)
    #expect(MerkleProof.inclusion(index: 0, size: 0, subtree: subtree).isEmpty)
    #expect(MerkleProof.consistency(from: 0, to: 5, subtree: subtree).isEmpty)
    #expect(MerkleProof.consistency(from: 6, to: 5, subtree: subtree).isEmpty)
    #expect(MerkleProof.root(size: 0, subtree: subtree) == MerkleHash.emptyRoot)
    #expect(MerkleProof.inclusion(index: .max - 1, size: .max, subtree: subtree).count == 63)
  }

  @Test(arguments: [0, 1, 54, 55, 56, 63, 64, 300, 1_022, 1_023, 1_024, 5_000])
  func leafHashIsTheSameHoweverItIsFed(count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let bytes = generator.bytes(count)
    let expected = MerkleHash.sha256([0] + bytes)
    #expect(MerkleHash.leaf(bytes) == expected)
    var stream = StreamingSHA256()
    stream.update([0])
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(Int.random(in: 1...70, using: &generator)))
      stream.update(piece)
      rest = rest.dropFirst(piece.count)
    }
    #expect(stream.finalized() == expected)
    #expect(stream.finalized() == expected)
  }
}
