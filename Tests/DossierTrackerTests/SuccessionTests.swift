import CustodyLog
import DossierCore
import DossierSQLite
import DossierTesting
import Foundation
import GRDB
import Testing

@testable import DossierTracker

/// A log that ends, and the one that goes on.
@Suite struct SuccessionTests {
  private func event(_ name: String) -> EventRequest {
    EventRequest(.held, item: "BG-1", reason: "unclaimed", event: name)
  }

  private func contradictions(_ path: String) throws -> [Finding] {
    try Sample.open(path, readOnly: true).audit().findings.filter { $0.code.rawValue.hasPrefix("D-3") }
  }

  /// A store whose database is older than what was signed: 3 events of 6.
  private func rolledBack(_ path: String) throws -> (kept: [UInt8], newest: [UInt8]) {
    let tracker = try Sample.create(path)
    for number in 0..<2 { _ = try tracker.record(event("E-\(number)")) }
    let kept = Array(try tracker.checkpoint().utf8)
    try Sample.close(tracker)
    let old = try Files.read(path + "/store.sqlite")
    let later = try Sample.open(path)
    for number in 2..<5 { _ = try later.record(event("E-\(number)")) }
    let newest = Array(try later.checkpoint().utf8)
    try Sample.close(later)
    try Files.restore(old, in: path)
    return (kept, newest)
  }

  @Test func frozenLogTakesNothingMore() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    let tracker = try Sample.create(path)
    _ = try tracker.record(event("E-1"))
    let frozen = try Tracker.freeze(at: path, environment: Sample.environment())
    #expect(frozen.finding == nil)
    #expect(frozen.head.size == 2)
    let note = try #require(frozen.checkpoint)
    #expect(try tracker.verify(checkpoint: Array(note.utf8), name: "final").size == 2)
    // The one who had it open, and the one who comes now.
    #expect(try refusal { try tracker.record(event("E-2")) }?.code == .logFrozen)
    #expect(try refusal { try tracker.importDocuments([Repository.sample("manifests")]) }?.code == .logFrozen)
    #expect(try refusal { try Sample.open(path) }?.code == .logFrozen)
    #expect(try refusal { try tracker.rotateKey() }?.code == .logFrozen)
    #expect(try tracker.checkpoint() == note)
    #expect(try Sample.open(path, readOnly: true).audit().isSigned)
    #expect(try contradictions(path) == [])
    #expect(try Tracker.freeze(at: path, environment: Sample.environment()) == frozen)
    let doctor = Health.examine(path, environment: Sample.environment())
    #expect(doctor.first { $0.subject == .frozen }?.finding?.code == .logFrozen)
    #expect(doctor.allSatisfy { $0.finding?.severity ?? .info == .info || $0.subject == .space })
  }

  @Test func freezingWhileOthersWriteLosesNothing() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    _ = try Sample.create(path)
    try await withThrowingTaskGroup(of: Int.self) { group in
      for writer in 0..<3 {
        group.addTask {
          let tracker = try Sample.open(path)
          for number in 0..<10_000 {
            let request = EventRequest(
              .held, item: "W-\(writer)-\(number)", reason: "unclaimed", event: "\(writer)-\(number)")
            do { _ = try tracker.record(request) } catch let refusal as TrackerRefusal {
              #expect(refusal.finding.code == .logFrozen)
              return number
            }
            try await Task.sleep(for: .milliseconds(1))
          }
          return 10_000
        }
      }
      group.addTask {
        try await Task.sleep(for: .milliseconds(50))
        let frozen = try Tracker.freeze(at: path, environment: Sample.environment())
        let note = try SignedNote.parse(frozen.checkpoint ?? "")
        #expect(try Checkpoint.parse(note.text).head == frozen.head)
        return 0
      }
      let acknowledged = try await group.reduce(0, +)
      // The final checkpoint is of everything that was ever acknowledged.
      let reading = try Sample.open(path, readOnly: true)
      #expect(try reading.head().size == UInt64(acknowledged + 1))
      #expect(try reading.audit().unchecked.isEmpty)
    }
  }

  @Test func logOfTheNextYearNamesTheLast() throws {
    let folder = try TemporaryFolder()
    let last = try Sample.create(folder.path("2026"))
    _ = try last.record(event("E-1"))
    let final = try #require(
      try Tracker.freeze(at: folder.path("2026"), environment: Sample.environment()).checkpoint)
    let note = Array(final.utf8)
    let key = try last.verifierKey()
    let wrong = try Sample.create(folder.path("other")).verifierKey()
    func predecessor(_ note: [UInt8], _ key: String?, _ reason: String = "new_year") throws -> Predecessor {
      try Predecessor(note: note, name: "final", key: key, reason: reason)
    }
    #expect(try refusal { try predecessor(note, wrong) }?.code == .checkpointSignature)
    #expect(try refusal { try predecessor(Array(note.dropFirst()), nil) }?.code == .checkpointSignature)
    #expect(try refusal { try predecessor(note, key, "a year") }?.code == .missingReason)
    let path = folder.path("2027")
    let tracker = try Tracker.create(
      at: path, office: Sample.keeper, after: try predecessor(note, key), environment: Sample.environment())
    #expect(tracker.origin != last.origin)
    let first = try #require(try tracker.store.events(from: 0, limit: 1).first)
    #expect(first.index == 0)
    #expect(first.kind == .logSucceeded && first.identifier == "log+0" && first.reason == "new_year")
    #expect(first.details.reference == last.origin)
    #expect(first.details.seen == (try last.head()))
    #expect(first.details.newKey == (try LogVerifierKey(encoded: try tracker.verifierKey())).fingerprint)
    #expect(try contradictions(path) == [])
    #expect(try Sample.open(path, readOnly: true).audit().verdict == .intact)
    _ = try tracker.rotateKey()
    _ = try tracker.finishRotation()
    #expect(try contradictions(path) == [])
  }

  @Test func rolledBackStoreGoesOnAsASuccessorOnly() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    let (kept, newest) = try rolledBack(path)
    let origin = try Sample.open(path, readOnly: true).origin
    #expect(try refusal { try Sample.open(path) }?.code == .rolledBack)
    let frozen = try Tracker.freeze(at: path, environment: Sample.environment())
    #expect(frozen.finding?.code == .rolledBack)
    #expect(frozen.checkpoint.map { Array($0.utf8) } == newest)
    #expect(try refusal { try Tracker.succeed(at: path, reason: "two words") }?.code == .missingReason)

    let log = try Tracker.succeed(at: path, reason: "restored", environment: Sample.environment())
    #expect(log.predecessor == origin && log.origin != origin)
    #expect(log.signed?.size == 6 && log.kept.size == 3)
    let tracker = try Sample.open(path)
    #expect(tracker.origin == log.origin)
    _ = try tracker.record(event("after"))
    try tracker.checkpoint()
    let stated = try #require(try tracker.store.event(identifier: "log+0"))
    #expect(stated.index == 3 && stated.reason == "restored" && stated.details.reference == origin)
    #expect(stated.details.seen == log.signed && stated.details.kept == log.kept)
    // Items go on where they were.
    #expect(try tracker.history(ofItem: "BG-1")?.events.count == 3)
    #expect(try contradictions(path) == [])
    #expect(try tracker.audit().isSigned)
    // What the old log signed and is still here verifies; what is gone does not.
    #expect(try tracker.verify(checkpoint: kept, name: "kept").size == 3)
    let gone = try refusal { try tracker.verify(checkpoint: newest, name: "newest") }
    #expect(gone?.code == .rolledBack && gone?.expected == "6" && gone?.found == "3")
    #expect(try Files.read(path + "/keys/former-6.checkpoint") == newest)
  }

  @Test func pastThatWasRewrittenIsNotContinued() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    let tracker = try Sample.create(path)
    for number in 0..<3 { _ = try tracker.record(event("E-\(number)")) }
    try tracker.checkpoint()
    try Sample.close(tracker)
    try Attack.database(path) { db in
      try Attack.withoutTriggers(db) { try db.execute(sql: "UPDATE event SET at = at + 1 WHERE idx = 2") }
    }
    #expect(try refusal { try Sample.open(path) }?.code == .checkpointInconsistent)
    #expect(
      try refusal { try Tracker.succeed(at: path, reason: "restored") }?.code == .checkpointInconsistent)
    #expect(
      try Tracker.freeze(at: path, environment: Sample.environment()).finding?.code == .checkpointInconsistent
    )
    #expect(
      try refusal { try Tracker.succeed(at: path, reason: "restored") }?.code == .checkpointInconsistent)
    #expect(try Sample.open(path, readOnly: true).audit().verdict == .contradiction)
  }

  @Test func lostSignerIsReplacedOnlyOnDemand() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    let tracker = try Sample.create(path)
    _ = try tracker.record(event("E-1"))
    try Sample.close(tracker)
    try FileManager.default.removeItem(atPath: path + "/keys")
    #expect(try refusal { try Sample.open(path) }?.code == .checkpointMissing)
    let log = try Tracker.succeed(at: path, reason: "signer_lost", environment: Sample.environment())
    #expect(log.signed == nil && log.kept.size == 2)
    _ = try Sample.open(path).record(event("E-2"))
    #expect(try contradictions(path) == [])
    #expect(StoreFolder.mode(of: path + "/keys") == 0o700)
  }

  @Test func interruptedSuccessionGoesOn() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    let keys = path + "/keys"
    let (kept, _) = try rolledBack(path)
    _ = try Tracker.freeze(at: path, environment: Sample.environment())
    // A key was made, and then the power went.
    let origin = try Tracker.newOrigin(office: "H48.25", Sample.environment())
    let key = try Signer.createKey(
      origin: origin, key: keys + "/successor.key", verifier: keys + "/successor.pub")
    #expect(try refusal { try Sample.open(path) } != nil)
    try Files.copy(keys, to: folder.path("before"))
    let log = try Tracker.succeed(at: path, reason: "restored", environment: Sample.environment())
    #expect(log.origin == origin && log.verifierKey == key.verifier.encoded)
    try Files.copy(keys, to: folder.path("after"))
    // The event is recorded; the files of the signer's store are replaced one by one.
    let order = ["former.pub", "former-6.checkpoint", "head", "log.key", "log.pub"]
    for count in 0...order.count {
      try Files.copy(folder.path("before"), to: keys)
      for name in order.prefix(count) {
        try Files.copy(folder.path("after") + "/" + name, to: keys + "/" + name)
      }
      #expect(try refusal { try Sample.open(path) } != nil, "\(count)")
      let again = try Tracker.succeed(at: path, reason: "other", environment: Sample.environment())
      #expect(again == log, "\(count)")
      #expect(!Files.exists(keys + "/successor.key") && !Files.exists(keys + "/frozen"))
      let tracker = try Sample.open(path)
      #expect(try tracker.store.eventsAboutLog().count == 1)
      #expect(try tracker.verify(checkpoint: kept, name: "kept").size == 3)
      #expect(try contradictions(path) == [], "\(count)")
    }
  }
}
