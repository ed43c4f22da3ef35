import CustodyLog
import DossierCore
import DossierSQLite
import DossierTesting
import Foundation
import Synchronization
import Testing

@Suite struct ConcurrencyTests {
  /// Writers on connections of their own, each in its own thread, as a CLI beside a station.
  @Test(arguments: [2, 4])
  func writersNeitherLoseNorDoubleEvents(writers: Int) throws {
    let folder = try TemporaryFolder()
    _ = try newStore(folder, salts: TestSalts.constant())
    let count = 24
    let stores = try (0..<writers).map { _ in
      try SQLiteStore(path: folder.file(), options: SQLiteStore.Options(randomness: TestSalts.constant()))
    }
    let results = Mutex<[Int: [AppendReceipt]]>([:])
    let failures = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: writers) { writer in
      do {
        var receipts: [AppendReceipt] = []
        var rest = ConcurrencyContract.drafts(writer: writer, count: count)[...]
        while !rest.isEmpty {
          let batch = Array(rest.prefix(3))
          rest = rest.dropFirst(3)
          let outcome = try stores[writer].append(batch, recordedAt: TestValues.start, expecting: nil)
          guard case .appended(let more, _) = outcome else { continue }
          receipts += more
          // Another reader and writer between: master data and a page of the log.
          _ = try stores[writer].events(from: 0, limit: 5)
          _ = try stores[writer].record(
            offices: [Office(code: "W\(writer)", name: "n\(rest.count)", kind: .post)],
            recordedAt: TestValues.start)
        }
        results.withLock { $0[writer] = receipts }
      } catch { failures.withLock { $0.append("writer \(writer): \(error)") } }
    }
    #expect(failures.withLock { $0 } == [])
    let receipts = results.withLock { results in (0..<writers).map { results[$0] ?? [] } }
    for store in stores { try ConcurrencyContract.check(store, receipts: receipts, count: count) }
    #expect(try stores[0].offices().count == 1 + writers)
  }

  /// Of writers that expect one head, exactly one gets through.
  @Test func oneWriterGetsThroughAtAnExpectedHead() throws {
    let folder = try TemporaryFolder()
    let first = try newStore(folder, salts: TestSalts.constant())
    let stores = try [first] + (0..<3).map { _ in try SQLiteStore(path: folder.file()) }
    for round in 0..<5 {
      let head = try first.head()
      let through = Mutex(0)
      DispatchQueue.concurrentPerform(iterations: stores.count) { writer in
        let draft = TestValues.event(
          "E\(round)-\(writer)", .held, "BG-1", at: TestValues.start, office: "BC1")
        let outcome = try? stores[writer].append([draft], recordedAt: TestValues.start, expecting: head)
        if case .appended = outcome { through.withLock { $0 += 1 } }
      }
      #expect(through.withLock { $0 } == 1)
      #expect(try first.head().size == head.size + 1)
    }
  }
}
