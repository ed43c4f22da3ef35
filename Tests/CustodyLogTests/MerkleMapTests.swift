import CustodyLog
import Foundation
import Testing

@Suite struct MerkleMapVectorTests {
  struct Vectors: Decodable {
    struct Tree: Decodable { let kv: [[String]], hash: String }
    struct Lookup: Decodable { let snap: String, key: String, val: String?, proof: String, ok: Bool }
    struct Prefix: Decodable { let snap: String, prefix: String, hash: String, proof: String, ok: Bool }
    let treehash: [Tree], lookup: [Lookup], prefix: [Prefix]
  }

  @Test func rootsOfPublishedMaps() throws {
    let published: Vectors = try vectors("mpt_map")
    #expect(published.treehash.count == 14)
    for tree in published.treehash {
      let entries = try tree.kv.map { MerkleMap.Entry(key: try hexBytes($0[0]), value: try hexBytes($0[1])) }
      let root = MerkleMap.root(of: entries.sorted(by: NaiveMap.precedes)) ?? MerkleMap.emptyRoot
      #expect(root.hex == tree.hash)
      #expect(NaiveMap.root(entries) == root)
    }
  }

  @Test func publishedLookups() throws {
    let published: Vectors = try vectors("mpt_map")
    #expect(published.lookup.count == 25)
    for vector in published.lookup {
      let (key, root) = (try hexBytes(vector.key), try hexDigest(vector.snap))
      var proof = PublishedProof(try hexBytes(vector.proof))
      let holds: Bool
      if let value = try vector.val.map(hexBytes) {
        holds =
          proof.path().map { MerkleMap.verifyInclusion(key: key, value: value, path: $0, root: root) }
          ?? false
      } else {
        let other = proof.isAtEnd ? nil : proof.entry()
        let isWhole = other != nil || proof.isAtEnd
        holds =
          isWhole
          && proof.path().map { MerkleMap.verifyAbsence(of: key, other: other, path: $0, root: root) }
            ?? false
      }
      #expect(holds == vector.ok, "\(vector)")
    }
  }

  @Test func publishedPrefixes() throws {
    let published: Vectors = try vectors("mpt_map")
    #expect(published.prefix.count == 17)
    for vector in published.prefix {
      let (prefix, root) = (try hexBytes(vector.prefix), try hexDigest(vector.snap))
      let subtree = try hexDigest(vector.hash)
      var proof = PublishedProof(try hexBytes(vector.proof))
      let holds: Bool
      if subtree == MerkleMap.emptyRoot {
        let other = proof.isAtEnd ? nil : proof.entry()
        let isWhole = other != nil || proof.isAtEnd
        holds =
          isWhole
          && proof.path().map { MerkleMap.verifyEmptyPrefix(prefix, other: other, path: $0, root: root) }
            ?? false
      } else {
        holds =
          proof.path().map { MerkleMap.verifyPrefix(prefix, subtree: subtree, path: $0, root: root) } ?? false
      }
      #expect(holds == vector.ok, "\(vector)")
    }
  }

  /// The published byte form: LEB128 numbers of at most 32 bits, lengths before bytes, hashes of 32 bytes.
  struct PublishedProof {
    private var rest: ArraySlice<UInt8>
    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    private mutating func number() -> Int? {
      var value: UInt64 = 0
      for shift in stride(from: 0, to: 35, by: 7) {
        guard let byte = rest.popFirst() else { return nil }
        value |= UInt64(byte & 0x7F) << UInt64(shift)
        if byte < 0x80 { return value <= UInt64(UInt32.max) ? Int(value) : nil }
      }
      return nil
    }

    private mutating func bytes(_ count: Int) -> [UInt8]? {
      guard rest.count >= count else { return nil }
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }

    mutating func entry() -> MerkleMap.Entry? {
      guard let keyLength = number(), let key = bytes(keyLength), let length = number(),
        let value = bytes(length)
      else { return nil }
      return MerkleMap.Entry(key: key, value: value)
    }

    mutating func path() -> [MerkleMap.Step]? {
      var path: [MerkleMap.Step] = []
      while !isAtEnd {
        guard let bit = number(), let sibling = bytes(32).flatMap({ Digest($0) }) else { return nil }
        path.append(MerkleMap.Step(bit: bit, sibling: sibling))
      }
      return path
    }
  }
}

/// The definition word by word: a binary trie whose nodes with one child are left out.
enum NaiveMap {
  static func bits(_ key: [UInt8], _ count: Int) -> [Bool] {
    let padded = key + [0] + Array(repeating: 0xFF, count: count / 8 + 1)
    return (0..<count).map { padded[$0 / 8] >> UInt8(7 - $0 % 8) & 1 == 1 }
  }

  static func precedes(_ first: MerkleMap.Entry, _ second: MerkleMap.Entry) -> Bool {
    let length = (max(first.key.count, second.key.count) + 2) * 8
    return bits(first.key, length).lexicographicallyPrecedes(bits(second.key, length)) { !$0 && $1 }
  }

  static func root(_ entries: [MerkleMap.Entry]) -> Digest {
    let length = ((entries.map(\.key.count).max() ?? 0) + 2) * 8
    return node(entries.map { ($0, bits($0.key, length)) }, 0) ?? MerkleMap.emptyRoot
  }

  private static func node(_ entries: [(MerkleMap.Entry, [Bool])], _ depth: Int) -> Digest? {
    guard let first = entries.first else { return nil }
    if entries.count == 1 { return leaf(first.0) }
    let left = node(entries.filter { !$0.1[depth] }, depth + 1)
    let right = node(entries.filter { $0.1[depth] }, depth + 1)
    guard let left else { return right }
    guard let right else { return left }
    return MerkleHash.sha256([1] + number(depth) + left.bytes + right.bytes)
  }

  static func leaf(_ entry: MerkleMap.Entry) -> Digest {
    MerkleHash.sha256([0] + number(entry.key.count) + entry.key + number(entry.value.count) + entry.value)
  }

  private static func number(_ value: Int) -> [UInt8] {
    value < 128 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + number(value >> 7)
  }
}

@Suite struct MerkleMapPropertyTests {
  /// Few distinct bytes, so that keys share beginnings and some are beginnings of others.
  private func entries(_ generator: inout SeededGenerator, lengths: ClosedRange<Int>) -> [MerkleMap.Entry] {
    var byKey: [[UInt8]: [UInt8]] = [:]
    for _ in 0..<Int.random(in: 0...40, using: &generator) {
      let count = Int.random(in: lengths, using: &generator)
      let key: [UInt8] = (0..<count).map { _ in [0, 0xFF, 0x80, 1][Int.random(in: 0...3, using: &generator)] }
      byKey[key] = generator.bytes(Int.random(in: 0...200, using: &generator))
    }
    return byKey.map { MerkleMap.Entry(key: $0.key, value: $0.value) }
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func rootsAgreeWithTheDefinition(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<60 {
      let entries = entries(&generator, lengths: 0...5)
      let root = MerkleMap.root(of: entries.sorted(by: NaiveMap.precedes)) ?? MerkleMap.emptyRoot
      #expect(root == NaiveMap.root(entries), "seed \(seed)")
    }
  }

  private func leaves(_ count: Int, _ generator: inout SeededGenerator) -> [MerkleMap.Leaf] {
    let shared = Int.random(in: 0...31, using: &generator)
    var keys: Set<[UInt8]> = []
    while keys.count < count {
      keys.insert(Array(repeating: 7, count: shared) + generator.bytes(32 - shared).map { $0 & 0x83 })
      if shared > 29, keys.count > 3 { break }
    }
    return keys.sorted { $0.lexicographicallyPrecedes($1) }.compactMap { key in
      Digest(key).map { MerkleMap.Leaf(key: $0, value: Array(key.prefix(4))) }
    }
  }

  /// Every key of a map is found with its path, every other key is shown to be absent, and neither can be turned
  /// into the other claim; kept in buckets of any prefix length it is the same map.
  @Test(arguments: 11...18 as ClosedRange<UInt64>)
  func pathsProve(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<12 {
      let leaves = leaves(Int.random(in: 0...30, using: &generator), &generator)
      let root = MerkleMap.root(of: leaves) ?? MerkleMap.emptyRoot
      let entries = leaves.map { MerkleMap.Entry(key: $0.key.bytes, value: Array($0.key.bytes.prefix(4))) }
      #expect(root == NaiveMap.root(entries), "seed \(seed)")
      var probes = leaves.map(\.key)
      for leaf in leaves {
        probes.append(leaf.key.flipped(byte: .random(in: 0..<32, using: &generator), bit: 0))
      }
      probes.append(try #require(Digest(generator.bytes(32))))
      for prefixBits in [0, 1, 7, 8, 13] {
        for key in probes {
          let found = search(key, prefixBits, leaves)
          #expect(found == MerkleMap.search(for: key, in: leaves), "seed \(seed)")
          guard let found else {
            #expect(leaves.isEmpty)
            #expect(MerkleMap.verifyAbsence(of: key.bytes, other: nil, path: [], root: root))
            continue
          }
          let entry = MerkleMap.Entry(key: found.leaf.key.bytes, value: Array(found.leaf.key.bytes.prefix(4)))
          #expect(
            MerkleMap.verifyInclusion(key: entry.key, value: entry.value, path: found.path, root: root))
          #expect(
            MerkleMap.verifyAbsence(of: key.bytes, other: entry, path: found.path, root: root)
              == (found.leaf.key != key))
          #expect(found.leaf.key == key || !leaves.contains { $0.key == key })
          // No entry of another place shows the absence of a key that is there.
          for other in leaves where other.key != key && found.leaf.key == key {
            let elsewhere = try #require(MerkleMap.search(for: other.key, in: leaves))
            let entry = MerkleMap.Entry(key: other.key.bytes, value: Array(other.key.bytes.prefix(4)))
            #expect(!MerkleMap.verifyAbsence(of: key.bytes, other: entry, path: elsewhere.path, root: root))
          }
        }
      }
    }
  }

  /// A store's view: buckets by the first bits, hashes of all shorter prefixes combined from their halves.
  private func search(_ key: Digest, _ prefixBits: Int, _ leaves: [MerkleMap.Leaf]) -> MerkleMap.Found? {
    func bucket(_ bits: Int, _ index: UInt64) -> [MerkleMap.Leaf] {
      leaves.filter { MerkleMap.prefix(of: $0.key, bits: bits) == index }
    }
    func subtree(_ bits: Int, _ index: UInt64) -> Digest? {
      if bits == prefixBits { return MerkleMap.root(of: bucket(bits, index)) }
      return MerkleMap.combine(
        bit: bits, left: subtree(bits + 1, index * 2), right: subtree(bits + 1, index * 2 + 1))
    }
    if prefixBits < 9 { #expect(subtree(0, 0) == MerkleMap.root(of: leaves)) }
    return MerkleMap.search(
      for: key, prefixBits: prefixBits, subtree: { MerkleMap.root(of: bucket($0, $1)) },
      bucket: { bucket(prefixBits, $0) })
  }

  @Test func pathsOfHostileBitsAreRefused() {
    let entry = MerkleMap.Entry(key: [1], value: [2])
    for bit in [-1, .min, .max, 9, 8] {
      let path = [
        MerkleMap.Step(bit: 8, sibling: MerkleMap.emptyRoot), .init(bit: bit, sibling: MerkleMap.emptyRoot),
      ]
      #expect(!MerkleMap.verifyInclusion(key: [1], value: [2], path: path, root: MerkleMap.emptyRoot))
      #expect(!MerkleMap.verifyAbsence(of: [2], other: entry, path: path, root: MerkleMap.emptyRoot))
      #expect(
        !MerkleMap.verifyPrefix([1], subtree: MerkleMap.emptyRoot, path: path, root: MerkleMap.emptyRoot))
    }
  }
}
