import CustodyLog
import Foundation
import Testing

@Suite struct LogTilesTests {
  struct Vectors: Decodable {
    struct Log: Decodable {
      let id: String, size: UInt64, root: String, entries: [String]?, files: [String: Data]
    }
    struct Path: Decodable { let index: UInt64, path: String }
    struct Widths: Decodable {
      struct Level: Decodable { let full: Int, partial: Int }
      let size: UInt64, tiles: [String: Level]
    }
    let logs: [Log], indexPaths: [Path], partialWidths: [Widths]
  }

  @Test func publishedPathsAndWidths() throws {
    let published: Vectors = try vectors("tlog_tiles")
    for vector in published.indexPaths {
      #expect(LogTile(.entries, index: vector.index)?.path == "tile/entries/\(vector.path)")
      #expect(
        LogTile(.hashes(level: 2), index: vector.index, width: 7)?.path == "tile/2/\(vector.path).p/7")
    }
    for vector in published.partialWidths {
      let tiles = LogTile.all(size: vector.size)
      for (level, expected) in vector.tiles {
        let own = tiles.filter { $0.content == .hashes(level: Int(level) ?? -1) }
        #expect(own.count { $0.isFull } == expected.full)
        #expect(own.filter { !$0.isFull }.map(\.width) == (expected.partial == 0 ? [] : [expected.partial]))
      }
      #expect(!tiles.contains { $0.content == .hashes(level: vector.tiles.count) })
    }
  }

  /// Each published file is what its name says, in every state of the log as it grew.
  @Test func publishedFiles() throws {
    let published: Vectors = try vectors("tlog_tiles")
    for log in published.logs {
      var leaves: [Digest] = []
      if let entries = log.entries {
        leaves = entries.map { MerkleHash.leaf(Array($0.utf8)) }
        for count in 1...entries.count {
          let tile = try #require(LogTile(.entries, index: 0, width: count))
          let bytes = Array(try #require(log.files[tile.path]))
          let own = entries.prefix(count).map { Array($0.utf8) }
          #expect(LogTile.encode(entries: own) == bytes)
          #expect(tile.parseEntries(bytes) == own)
        }
      } else {
        for path in ["tile/0/000", "tile/0/001.p/44"] {
          let tile = try #require(LogTile(path: path))
          leaves += try hashes(tile, of: log)
        }
      }
      let tree = ReferenceTree(leafHashes: leaves)
      for (path, bytes) in log.files {
        let tile = try #require(LogTile(path: path))
        #expect(tile.path == path)
        guard case .hashes = tile.content else { continue }
        #expect(LogTile.encode(try tile.hashes(subtree: tree.subtree)) == Array(bytes), "\(path)")
        #expect(tile.parseHashes(Array(bytes)).map(LogTile.encode) == Array(bytes))
      }
      let root = try MerkleProof.root(size: log.size) { level, index in
        let found = try LogTile.subtree(level: level, index: index, size: log.size) { tile in
          try hashes(tile, of: log)
        }
        return try #require(found)
      }
      #expect(root.base64 == log.root)
    }
  }

  private func hashes(_ tile: LogTile, of log: Vectors.Log) throws -> [Digest] {
    let bytes = try #require(log.files[tile.path])
    return try #require(tile.parseHashes(Array(bytes)))
  }

  @Test(arguments: [
    "tile/0/000/", "tile/0/0", "tile/0/00", "tile/0/0000", "tile/0/x000/000", "tile/0/x001/x234",
    "tile/00/000", "tile/8/000", "tile/-1/000", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01",
    "tile/0/000.p/", "tile/0/001/234", "tile/0/x001", "tile/0", "tile//000", "tile/Entries/000", "Tile/0/000",
    "tile/0/x01/000", "tile/0/000.p", "tile/0/xx001/000", "tile/0/+01", "tile/entries/000.p/1/2", "",
    "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
  ])
  func otherPathsAreRefused(path: String) {
    #expect(LogTile(path: path) == nil)
  }

  /// Published step by step in random strides, the files are those of the whole log; a full one is written once.
  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func growthWritesEachFullFileOnce(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var size: UInt64 = 0
    var written: Set<LogTile> = []
    while size < 200_000 {
      let next =
        size + UInt64.random(in: 1...(Bool.random(using: &generator) ? 700 : 70_000), using: &generator)
      for tile in LogTile.growth(from: size, to: next) {
        #expect(written.insert(tile).inserted, "seed \(seed): \(tile.path) twice")
      }
      size = next
      #expect(LogTile.growth(from: size, to: size).isEmpty)
    }
    let all = Set(LogTile.all(size: size))
    #expect(all.isSubset(of: written))
    #expect(written.filter(\.isFull) == all.filter(\.isFull))
    for tile in all { #expect(LogTile(path: tile.path) == tile) }
  }

  /// Proofs made from files alone are those made from the tree.
  @Test(arguments: [1, 2, 255, 256, 257, 700, 66_000] as [UInt64])
  func proofsFromFiles(size: UInt64) throws {
    var generator = SeededGenerator(seed: size)
    let tree = ReferenceTree(count: Int(size), using: &generator)
    var files: [LogTile: [Digest]] = [:]
    for tile in LogTile.all(size: size) where tile.content != .entries {
      files[tile] = try tile.hashes(subtree: tree.subtree)
    }
    func subtree(_ level: Int, _ index: UInt64) throws -> Digest {
      let found = try LogTile.subtree(level: level, index: index, size: size) { try #require(files[$0]) }
      return try #require(found)
    }
    let root = try MerkleProof.root(size: size, subtree: subtree)
    #expect(try root == MerkleProof.root(size: size, subtree: tree.subtree))
    for _ in 0..<20 {
      let index = UInt64.random(in: 0..<size, using: &generator)
      let proof = try MerkleProof.inclusion(index: index, size: size, subtree: subtree)
      #expect(
        MerkleProof.verifyInclusion(
          leafHash: tree.levels[0][Int(index)], index: index, size: size, proof: proof, root: root))
    }
    let nothing: (LogTile) -> [Digest] = { _ in [] }
    #expect(LogTile.subtree(level: 0, index: size, size: size, read: nothing) == nil)
    #expect(LogTile.subtree(level: 0, index: 0, size: size, read: nothing) == nil)
    #expect(LogTile.subtree(level: 64, index: 0, size: size, read: nothing) == nil)
  }

  @Test func otherBytesAreNoEntries() throws {
    let tile = try #require(LogTile(.entries, index: 0, width: 2))
    let good: [UInt8] = [0, 1, 7, 0, 0]
    #expect(tile.parseEntries(good) == [[7], []])
    for bad in [[], [0], [0, 1, 7], [0, 1, 7, 0], [0, 1, 7, 0, 1], good + [0], good + [0, 0]] as [[UInt8]] {
      #expect(tile.parseEntries(bad) == nil)
    }
    #expect(tile.parseHashes([]) == nil)
    #expect(LogTile.encode(entries: [Array(repeating: 0, count: 65_536)]) == nil)
    #expect(LogTile.encode(entries: [Array(repeating: 0, count: 65_535)])?.count == 65_537)
    #expect(LogTile(.entries, index: 0, width: 0) == nil && LogTile(.entries, index: 0, width: 257) == nil)
  }
}
