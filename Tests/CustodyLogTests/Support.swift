import CustodyLog
import Foundation

/// A published vector file of `Tests/Vectors/tlog`.
func vectors<Content: Decodable>(_ name: String, as type: Content.Type = Content.self) throws -> Content {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  let file = folder.appending(path: "Vectors/tlog/\(name).json")
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  return try decoder.decode(Content.self, from: Data(contentsOf: file))
}

/// SplitMix64: the same seed gives the same test on every machine.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
  }
}

struct Malformed: Error {}

func hexBytes(_ text: String) throws -> [UInt8] {
  var bytes: [UInt8] = []
  var rest = text[...]
  while !rest.isEmpty {
    guard let byte = UInt8(rest.prefix(2), radix: 16) else { throw Malformed() }
    bytes.append(byte)
    rest = rest.dropFirst(2)
  }
  return bytes
}

func hexDigest(_ text: String) throws -> Digest {
  guard let digest = Digest(try hexBytes(text)) else { throw Malformed() }
  return digest
}

/// A tree that remembers the root of each complete subtree, by level and index.
struct ReferenceTree {
  private(set) var levels: [[Digest]] = [[]]

  var size: UInt64 { UInt64(levels[0].count) }

  init(leafHashes: some Sequence<Digest>) {
    levels = [Array(leafHashes)]
    while let lower = levels.last, lower.count > 1 {
      levels.append(
        stride(from: 0, to: lower.count - 1, by: 2).map { MerkleHash.node(lower[$0], lower[$0 + 1]) })
    }
  }

  /// A tree of `count` distinct leaves.
  init(count: Int, using generator: inout SeededGenerator) {
    self.init(leafHashes: (0..<count).map { _ in MerkleHash.leaf(generator.bytes(12)) })
  }

  /// Fails for a subtree that is not complete within the tree.
  func subtree(_ level: Int, _ index: UInt64) throws -> Digest {
    guard levels.indices.contains(level), index < UInt64(levels[level].count) else { throw Malformed() }
    return levels[level][Int(index)]
  }

  /// RFC 6962 section 2.1, word by word.
  func naiveRoot(_ leaves: ArraySlice<Digest>) -> Digest {
    if leaves.isEmpty { return MerkleHash.emptyRoot }
    if leaves.count == 1 { return leaves[leaves.startIndex] }
    var half = 1
    while half * 2 < leaves.count { half *= 2 }
    let middle = leaves.startIndex + half
    return MerkleHash.node(naiveRoot(leaves[..<middle]), naiveRoot(leaves[middle...]))
  }

  func head(_ size: Int) -> LogHead {
    LogHead(size: UInt64(size), root: naiveRoot(levels[0][..<size]))
  }
}

extension Digest {
  /// The same digest with one bit of one byte changed.
  func flipped(byte: Int, bit: Int) -> Digest {
    var changed = bytes
    changed[byte] ^= 1 << UInt8(bit)
    return Digest(changed) ?? self
  }
}
