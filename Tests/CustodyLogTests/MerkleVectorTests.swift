import CustodyLog
import Foundation
import Testing

@Suite struct MerkleVectorTests {
  struct Probes<Vector: Decodable & Sendable>: Decodable {
    let count: Int
    let vectors: [Vector]
  }

  struct InclusionProbe: Decodable, Sendable {
    let id: String, leafIdx: UInt64, treeSize: UInt64
    let root: String, leafHash: String, proof: [String]?, wantErr: Bool
  }

  struct ConsistencyProbe: Decodable, Sendable {
    let id: String, size1: UInt64, size2: UInt64
    let root1: String, root2: String, proof: [String]?, wantErr: Bool
  }

  /// Some probes hold values that are not 32 bytes, which `Digest` cannot express. A hash of the value and its
  /// role takes its place: equal roots stay equal, all else differs, and the verdict must still come out.
  func digest(_ base64: String, role: String) throws -> Digest {
    let bytes = try #require(Data(base64Encoded: base64))
    return Digest(bytes) ?? MerkleHash.sha256(Array(role.utf8) + bytes)
  }

  @Test func inclusionProbes() throws {
    let probes: Probes<InclusionProbe> = try vectors("merkle_inclusion_probes")
    #expect(probes.vectors.count == probes.count && probes.count == 98)
    for probe in probes.vectors {
      let isAccepted = MerkleProof.verifyInclusion(
        leafHash: try digest(probe.leafHash, role: "leaf"), index: probe.leafIdx, size: probe.treeSize,
        proof: try (probe.proof ?? []).map { try digest($0, role: "proof") },
        root: try digest(probe.root, role: "root"))
      #expect(isAccepted == !probe.wantErr, "\(probe.id)")
    }
  }

  @Test func consistencyProbes() throws {
    let probes: Probes<ConsistencyProbe> = try vectors("merkle_consistency_probes")
    #expect(probes.vectors.count == probes.count && probes.count == 98)
    for probe in probes.vectors {
      let isAccepted = MerkleProof.verifyConsistency(
        from: LogHead(size: probe.size1, root: try digest(probe.root1, role: "root")),
        to: LogHead(size: probe.size2, root: try digest(probe.root2, role: "root")),
        proof: try (probe.proof ?? []).map { try digest($0, role: "proof") })
      #expect(isAccepted == !probe.wantErr, "\(probe.id)")
    }
  }

  struct Reference: Decodable {
    struct Hash: Decodable {
      let what: String, op: String, data: String?, left: String?, right: String?, hash: String
    }
    struct Consistency: Decodable {
      let size1: UInt64, size2: UInt64, root1: String, root2: String, proof: [String]
    }
    let leaves: [String], nodesByLevel: [[String]], rootsBySize: [String]
    let hasher: [Hash], consistency: [Consistency]
  }

  @Test func referenceTree() throws {
    let reference: Reference = try vectors("rfc6962_reference_tree")
    let tree = ReferenceTree(leafHashes: try reference.leaves.map { MerkleHash.leaf(try hexBytes($0)) })
    for (level, nodes) in reference.nodesByLevel.enumerated() {
      for (index, node) in nodes.enumerated() {
        #expect(try tree.subtree(level, UInt64(index)).hex == node)
      }
    }
    var range = CompactRange()
    #expect(range.root.hex == reference.rootsBySize[0])
    for (leaf, root) in zip(reference.leaves, reference.rootsBySize.dropFirst()) {
      range.append(MerkleHash.leaf(try hexBytes(leaf)))
      #expect(range.root.hex == root)
      #expect(try MerkleProof.root(size: range.size, subtree: tree.subtree).hex == root)
    }
    #expect(range.size == 8)
    for published in reference.consistency {
      let made = try MerkleProof.consistency(
        from: published.size1, to: published.size2, subtree: tree.subtree)
      #expect(made.map(\.hex) == published.proof)
      #expect(
        MerkleProof.verifyConsistency(
          from: LogHead(size: published.size1, root: try hexDigest(published.root1)),
          to: LogHead(size: published.size2, root: try hexDigest(published.root2)), proof: made))
    }
  }

  @Test func hashPrimitives() throws {
    let reference: Reference = try vectors("rfc6962_reference_tree")
    #expect(reference.hasher.count == 6)
    for vector in reference.hasher {
      let computed: Digest
      switch vector.op {
      case "empty": computed = MerkleHash.emptyRoot
      case "leaf": computed = MerkleHash.leaf(try hexBytes(try #require(vector.data)))
      case "node":
        let left = try hexBytes(try #require(vector.left))
        let right = try hexBytes(try #require(vector.right))
        if let left = Digest(left), let right = Digest(right) {
          computed = MerkleHash.node(left, right)
        } else {
          computed = MerkleHash.sha256([1] + left + right)
        }
      default: throw Malformed()
      }
      #expect(computed.hex == vector.hash, "\(vector.what)")
    }
  }

  struct ProductionEntry: Decodable {
    let leaf: String, leafHash: String, leafIndex: UInt64, treeSize: UInt64
    let root: String, auditPath: [String]
  }

  @Test func certificateTransparencyEntry() throws {
    let entry: ProductionEntry = try vectors("ct_production_inclusion")
    let leafHash = MerkleHash.leaf(try hexBytes(entry.leaf))
    #expect(leafHash.hex == entry.leafHash)
    #expect(
      MerkleProof.verifyInclusion(
        leafHash: leafHash, index: entry.leafIndex, size: entry.treeSize,
        proof: try entry.auditPath.map(hexDigest), root: try hexDigest(entry.root)))
  }

  struct Tiles: Decodable {
    struct Log: Decodable { let id: String, size: UInt64, root: String, files: [String: Data] }
    let logs: [Log]
  }

  /// The published level-1 tile holds what `completed` reports at level 8 over the level-0 tiles.
  @Test func tilesOfThreeHundredLeaves() throws {
    let tiles: Tiles = try vectors("tlog_tiles")
    let log = try #require(tiles.logs.first { $0.id == "C" })
    let hashes = try ["tile/0/000", "tile/0/001.p/44"].flatMap { name in
      let bytes = Array(try #require(log.files[name]))
      return try stride(from: 0, to: bytes.count, by: 32).map { start in
        try #require(Digest(bytes[start..<start + 32]))
      }
    }
    var range = CompactRange()
    var reported: [Int: [Digest]] = [:]
    for hash in hashes {
      range.append(hash) { level, index, root in
        #expect(index == UInt64(reported[level, default: []].count))
        reported[level, default: []].append(root)
      }
    }
    #expect(range.size == log.size)
    #expect(range.root.base64 == log.root)
    #expect(reported[0] == hashes)
    #expect(reported[8]?.flatMap(\.bytes) == Array(try #require(log.files["tile/1/000.p/1"])))
    #expect(reported.count == 2)
  }
}
