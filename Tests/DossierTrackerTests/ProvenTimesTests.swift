import DossierSQLite
import DossierTesting
import Foundation
import Testing

@testable import DossierTracker

/// Between which checkpoints an event is proven to have been stated.
@Suite struct ProvenTimesTests {
  private static let bag = "BK-590230-260112-001"

  @Test func recordedAndScannedEventsNameTheLastCheckpoint() throws {
    let folder = try TemporaryFolder()
    let clock = FixedClock(Sample.now)
    let tracker = try Sample.create(folder.path("store"), clock: clock)
    try Sample.importOffices(tracker)
    _ = try Sample.importAll(tracker)
    try tracker.checkpoint()
    let first = try tracker.head()
    _ = try Sample.receive(tracker, Self.bag, close: true)
    try tracker.checkpoint()
    let second = try tracker.head()
    _ = try tracker.record(EventRequest(.held, item: "BG-7", reason: "unclaimed", event: "h-1"))
    _ = try tracker.record(EventRequest(.held, item: "BG-7", reason: "unclaimed", event: "h-2", seen: first))
    try tracker.checkpoint()
    let third = try tracker.head()

    let imported = try tracker.events(from: 0, limit: Int(first.size))
    #expect(imported.allSatisfy { $0.details.seen == nil })
    let scanned = try tracker.events(from: Int64(first.size), limit: Int(second.size - first.size))
    #expect(scanned.allSatisfy { $0.details.seen == first })
    #expect(scanned.contains { $0.kind == .manifestClosed } && scanned.contains { $0.kind == .missing })
    let held = try #require(try tracker.history(ofItem: "BG-7")).events
    #expect(held.map(\.details.seen) == [second, first])

    let times = try tracker.provenTimes(of: [imported[0], scanned[0]] + held)
    #expect(times.map { $0.notBefore?.size } == [nil, first.size, second.size, first.size])
    // Only the last one is kept on this machine.
    #expect(times.map { $0.notAfter?.size } == [third.size, third.size, third.size, third.size])
    let kept = folder.path("store") + "/checkpoints"
    try FileManager.default.createDirectory(atPath: kept, withIntermediateDirectories: true)
    let note = try WitnessedCheckpoint.note(tracker, size: second.size)
    try Files.write(note.note, kept + "/\(second.size)")
    try Files.write(Array("x\n".utf8), kept + "/\(first.size)")
    let more = try tracker.provenTimes(of: [imported[0], scanned[0]] + held)
    #expect(more.map { $0.notAfter?.size } == [second.size, second.size, third.size, third.size])
    #expect(more[0].notAfter?.cosignedAt == note.time)
    // The same scan again changes nothing, whatever checkpoint is newest now.
    let before = try tracker.head()
    let again = try Sample.receive(tracker, Self.bag, close: false)
    #expect(again.contains { $0.verdict == .duplicate })
    #expect(try tracker.head() == before)
    #expect(try tracker.audit().verdict != .contradiction)
  }

  @Test func whatStandsOutIsMarked() throws {
    let folder = try TemporaryFolder()
    let tracker = try Sample.create(folder.path("store"))
    let head = try tracker.head()
    func draft(_ name: String, _ minutes: Int64, _ grade: EventGrade = .observed, seen: Bool = false)
      -> EventDraft
    {
      var draft = TestValues.event(
        name, .held, "BG-1", at: Sample.now + minutes * 60_000, office: "H48.25", grade: grade,
        reason: "unclaimed")
      if seen { draft.seen = head }
      return draft
    }
    let drafts = [
      draft("now", 0), draft("offline", -30), draft("keyed", -30, .keyed), draft("late", -73 * 60),
      draft("ahead", 6), draft("back", -10, .keyed, seen: true), draft("declared", -73 * 60, .declared),
    ]
    _ = try tracker.append(drafts)
    let events = try tracker.events(from: 1, limit: 100)
    #expect(
      try tracker.provenTimes(of: events).map(\.mark) == [
        nil, .offline, nil, .late, .ahead, .backDated, nil,
      ])
    #expect(try tracker.provenTimes(of: events).map { $0.notAfter?.size } == Array(repeating: nil, count: 7))
    for mark in ProvenInterval.Mark.allCases {
      #expect(mark.label(.vi) != mark.label(.en))
    }
  }
}

/// A checkpoint of an earlier size with a witness's line under it.
private enum WitnessedCheckpoint {
  static func note(_ tracker: Tracker, size: UInt64) throws -> (note: [UInt8], time: Int64) {
    let root = try #require(try tracker.store.root(atSize: size))
    let checkpoint = try Checkpoint(origin: tracker.origin, size: size, root: root)
    let seconds: UInt64 = 1_769_994_600
    let witness = try WitnessSigningKey(name: "witness.example")
    let note = try checkpoint.sign(with: try tracker.signer.key())
      .adding([try witness.cosign(checkpoint, time: seconds)])
    return (note.encode(), Int64(seconds) * 1000)
  }
}
