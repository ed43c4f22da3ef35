import DossierTesting
import GRDB
import Testing

@testable import DossierSQLite
@testable import DossierTracker

/// Stores from before there was an index of what came besides.
@Suite struct StrayIndexTests {
  @Test func anOlderStoreIsReadAsItIsAndGetsTheIndexWhenItIsWritten() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    let first = try Sample.create(path)
    try Sample.fill(first)
    let told = try #require(try first.reconciliation(ofManifest: Sample.session))
    #expect(told.count.surplus == 1 && told.count.misrouted == 1 && told.count.short == 1)
    try first.store.queue.writeWithoutTransaction { db in
      try db.execute(sql: "DROP INDEX event_surplus")
      try db.execute(sql: "DELETE FROM grdb_migrations WHERE identifier = '4 strays'")
    }
    try first.store.closeFile()

    let reader = try Sample.open(path, readOnly: true)
    #expect(try reader.reconciliation(ofManifest: Sample.session)?.lines == told.lines)
    #expect(try reader.audit().findings.contains { $0.code == .schemaAltered })
    try reader.store.closeFile()

    let writer = try Sample.open(path)
    #expect(try writer.reconciliation(ofManifest: Sample.session)?.lines == told.lines)
    #expect(try writer.audit().findings.filter { $0.code == .schemaAltered } == [])
    let plan = try writer.store.queue.read { db in
      try Row.fetchAll(
        db,
        sql: "EXPLAIN QUERY PLAN SELECT idx FROM event WHERE kind = 10 AND manifest IN (1, -1) ORDER BY idx")
    }
    #expect(plan.contains { ($0["detail"] as String?)?.contains("event_surplus") == true })
  }
}
