import CustodyLog
import DossierCore
import DossierTesting
import Foundation
import GRDB
import Testing

@testable import DossierSQLite

@Suite struct StoredItemMapTests {
  /// A store's map, whatever was recorded in whatever portions, is the one that all entries together make.
  @Test(arguments: [11 as UInt64, 12, 13]) func portionsMakeTheSameMapAsTheWhole(seed: UInt64) throws {
    let database = try MapDatabase()
    var random = SeededRandom(seed: seed)
    var expected: [String: (count: Int64, head: Digest)] = [:]
    var index: Int64 = 0
    for round in 0..<6 {
      let first = index
      for _ in 0..<[1, 300, 2_000, 1, 17, 900][round] {
        let number = "BG-\(random.below(2_500))"
        let head = MerkleHash.sha256(Array("\(seed)/\(index)".utf8))
        let count = (expected[number]?.count ?? 0) + 1
        expected[number] = (count, head)
        try database.record(number, event: index, count: count, head: head)
        index += 1
      }
      let (entries, root) = try database.update(from: first, to: index)
      let leaves = expected.map { ItemMap.leaf(item: $0, count: $1.count, head: $1.head) }
        .sorted { $0.key.precedes($1.key) }
      #expect(entries == Int64(expected.count), "seed \(seed), round \(round)")
      #expect(root == MerkleMap.root(of: leaves), "seed \(seed), round \(round)")
      for (number, entry) in expected.prefix(10) {
        let quick = ItemMap.leaf(key: ItemMap.key(item: number), count: entry.count, head: entry.head)
        #expect(quick == ItemMap.leaf(item: number, count: entry.count, head: entry.head))
      }
      for (number, entry) in expected.sorted(by: { $0.key < $1.key }).prefix(40) {
        let proof = try database.proof(of: number)
        #expect(proof.count == entry.count)
        #expect(
          MerkleMap.verifyInclusion(
            key: ItemMap.key(item: number).bytes,
            value: ItemMap.value(count: entry.count, head: entry.head), path: proof.path, root: root))
      }
      for absent in 0..<40 {
        let number = "KHONG-\(absent)"
        let proof = try database.proof(of: number)
        #expect(proof.count == 0)
        #expect(
          MerkleMap.verifyAbsence(
            of: ItemMap.key(item: number).bytes, other: proof.other, path: proof.path, root: root))
      }
    }
  }

  @Test func theEmptyMapHasNoEntry() throws {
    let database = try MapDatabase()
    let (entries, root) = try database.update(from: 0, to: 0)
    #expect(entries == 0 && root == MerkleMap.emptyRoot)
    let proof = try database.proof(of: "BG-1")
    #expect(proof.count == 0 && proof.path.isEmpty && proof.other == nil)
  }
}

/// A database with the store's tables and no store around it.
private final class MapDatabase {
  private let map: StoredItemMap
  private let queue: DatabaseQueue
  private var items: [String: Int64] = [:]

  init() throws {
    queue = try DatabaseQueue()
    try Schema.migrator.migrate(queue)
    // Used within the queue's accesses only.
    map = StoredItemMap(Connection(handle: try queue.unsafeRead { try SQLiteStore.handle($0) }))
  }

  func update(from first: Int64, to size: Int64) throws -> (entries: Int64, root: Digest) {
    try queue.writeWithoutTransaction { _ in try map.update(from: first, to: size) }
  }

  func proof(of number: String) throws -> ProofBundle.Item {
    try queue.unsafeRead { _ in try map.proof(of: number) }
  }

  /// An item's newest event, as far as the map looks at it.
  func record(_ number: String, event: Int64, count: Int64, head: Digest) throws {
    let id = items[number] ?? Int64(items.count + 1)
    items[number] = id
    try queue.write { db in
      try db.execute(
        sql: """
          INSERT INTO event VALUES(?, NULL, 7, 1, ?, ?, NULL, NULL, 0, 0, 0, 1, NULL, NULL, NULL, NULL, NULL, NULL)
          """, arguments: [event, number, count - 1])
      try db.execute(
        sql: """
          INSERT INTO item VALUES(?, ?, NULL, ?, ?, ?, 2, 1, 0, 0, 0, 0, 0, NULL, 0, 0, 0, 0, 0, 0, 0, 0)
          ON CONFLICT(number) DO UPDATE SET head_event = excluded.head_event, head_seq = excluded.head_seq,
            head_hash = excluded.head_hash
          """, arguments: [id, number, event, count - 1, Data(head.bytes)])
    }
  }
}
