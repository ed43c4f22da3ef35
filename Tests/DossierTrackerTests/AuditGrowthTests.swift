import DossierTesting
import Foundation
import GRDB
import Testing

@testable import DossierSQLite
@testable import DossierTracker

/// Audits from checkpoints that the auditor kept: only the growth, and where a log was changed.
@Suite struct AuditGrowthTests {
  private typealias Note = (name: String, note: [UInt8])

  private func draft(_ number: Int) -> EventDraft {
    TestValues.event(
      "e-\(number)", number % 3 == 0 ? .accepted : .held, "BG-\(number % 90)", at: Sample.now - 60_000,
      office: "H48.25", reason: number % 3 == 0 ? nil : "unclaimed", note: number % 5 == 0 ? "ghi chú" : nil)
  }

  /// A store that was signed after each hundred events, with the checkpoints.
  private func grown(_ path: String, rounds: Int = 6) throws -> [Note] {
    let tracker = try Sample.create(path)
    var notes: [Note] = []
    for round in 0..<rounds {
      _ = try tracker.append((0..<100).map { draft(round * 100 + $0) })
      notes.append(("kept-\(round)", Array(try tracker.checkpoint().utf8)))
    }
    try Sample.close(tracker)
    return notes
  }

  private func alter(_ path: String, _ sql: String) throws {
    try Attack.database(path) { db in try Attack.withoutTriggers(db) { try db.execute(sql: sql) } }
  }

  @Test func theGrowthAloneIsRead() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    let notes = try grown(path)
    let tracker = try Sample.open(path, readOnly: true)
    for (position, note) in notes.enumerated() {
      let report = try tracker.audit(since: note)
      #expect(report.findings.filter { $0.code != .noAcceptance && $0.code != .actedWithoutCustody } == [])
      let grown = Int64(500 - position * 100)
      #expect(report.checked.first { $0.what == "events" }?.count == grown)
      #expect(report.checked.first { $0.what == "disclosures" }?.count == grown / 5)
      #expect(report.unchecked.first?.count == Int64(101 + position * 100))
      #expect(report.head == (try tracker.head()))
      #expect(report.verdict != .contradiction && report.verdict != .unchecked)
    }
  }

  @Test func aChangeOfTheGrowthIsFoundAndOneBeforeItIsListedAsNotRead() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    let notes = try grown(path)
    try alter(path, "UPDATE event SET at = at - 1 WHERE idx = 30")
    var tracker = try Sample.open(path, readOnly: true)
    let before = try tracker.audit(since: notes[4])
    // Item 29's chain reaches back to it, by its links.
    #expect(before.findings.contains { $0.code == .leafMismatch && $0.path == "event/30" })
    #expect(before.findings.filter { $0.path != "event/30" && $0.code != .actedWithoutCustody } == [])
    // It is the item's first event: nobody is proven to have had it before.
    #expect(!before.findings.contains { $0.code == .lastProvenCustodian })
    #expect(before.unchecked.first?.count == 501)
    try alter(
      path, "UPDATE event SET at = at + 1 WHERE idx = 30; UPDATE event SET at = at - 1 WHERE idx = 550")
    tracker = try Sample.open(path, readOnly: true)
    let after = try tracker.audit(since: notes[4])
    #expect(after.verdict == .contradiction)
    #expect(after.findings.contains { $0.code == .rootMismatch })
    #expect(after.findings.contains { $0.code == .leafMismatch && $0.path == "event/550" })
    let last = after.findings.first { $0.code == .lastProvenCustodian }
    #expect(last?.path == "event/460" && last?.events == ["e-459"] && last?.found == "H48.25")
  }

  @Test(arguments: [
    ("UPDATE content SET secrets = zeroblob(length(secrets)) WHERE event = 556", "D-3104"),
    ("DELETE FROM content WHERE event = 556", "D-3105"),
    ("UPDATE item SET custodian = custodian + 1 WHERE number = 'BG-15'", "D-3101"),
    ("DELETE FROM event WHERE idx = 550", "D-3004"),
    ("UPDATE log_state SET frontier = zeroblob(length(frontier))", "D-3112"),
  ]) func everythingThatTheGrowthTouchesIsCompared(sql: String, code: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    let notes = try grown(path)
    try alter(path, sql)
    let report = try Sample.open(path, readOnly: true).audit(since: notes[4])
    #expect(report.findings.map(\.code.rawValue).contains(code), "\(report.findings.map(\.code.rawValue))")
    #expect(report.verdict != .intact)
  }

  @Test func aLogThatDoesNotExtendTheCheckpointIsRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    let notes = try grown(path)
    let tracker = try Sample.open(path, readOnly: true)
    var text = String(decoding: notes[2].note, as: UTF8.self)
    text.replace("\n301\n", with: "\n300\n")
    let forged = try tracker.audit(since: ("forged", Array(text.utf8)))
    #expect(forged.findings.map(\.code) == [.checkpointSignature])
    #expect(forged.verdict == .contradiction && forged.checked.isEmpty)
    // The kept roots no longer lead to it.
    try alter(path, "UPDATE subtree SET hash = zeroblob(32) WHERE level = 1 AND number = 0")
    let broken = try Sample.open(path, readOnly: true).audit(since: notes[2])
    #expect(broken.findings.map(\.code) == [.checkpointInconsistent])
    #expect(broken.findings.first?.path == "kept-2" && broken.verdict == .contradiction)
    #expect(broken.checked.isEmpty)
    // Another log under the same key: cut off, and grown differently.
    try alter(path, "DELETE FROM event WHERE idx > 99; UPDATE log_state SET size = 100")
    let cut = try Sample.open(path, readOnly: true).audit(since: notes[2])
    #expect(cut.verdict == .contradiction)
  }

  @Test(arguments: [
    (0, "kept-0", "0"), (100, "kept-0", "0"), (101, "kept-1", "101 (kept-0)"),
    (250, "kept-2", "201 (kept-1)"),
    (599, "kept-5", "501 (kept-4)"),
  ]) func theFirstCheckpointThatABrokenLogFailsIsNamed(event: Int, failed: String, kept: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    let notes = try grown(path)
    let whole = try Sample.open(path, readOnly: true).audit(bisecting: notes.shuffled())
    #expect(whole.findings == [] && whole.verdict == .intact)
    #expect(whole.checked.map(\.count) == [601, 6])
    try alter(path, "UPDATE event SET zone = zone + 1 WHERE idx = \(event)")
    let report = try Sample.open(path, readOnly: true).audit(bisecting: notes.shuffled())
    let finding = try #require(report.findings.first { $0.code == .brokenBetween })
    #expect(finding.expected == kept)
    #expect(finding.found?.hasSuffix("(\(failed))") == true)
    #expect(report.verdict == .contradiction)
    // A row that is gone stops the count: no later checkpoint passes for one that agrees.
    try alter(path, "DELETE FROM event WHERE idx = \(event)")
    let gap = try Sample.open(path, readOnly: true).audit(bisecting: notes)
    #expect(gap.findings.first { $0.code == .brokenBetween }?.expected == kept)
  }

  @Test func checkpointsThatAreNoneAreFindings() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    let notes = try grown(path, rounds: 2)
    let report = try Sample.open(path, readOnly: true).audit(
      bisecting: notes + [("paper", Array("x\n".utf8))])
    #expect(report.findings.map(\.code) == [.checkpointSignature])
    #expect(report.checked.last?.count == 2)
  }
}
