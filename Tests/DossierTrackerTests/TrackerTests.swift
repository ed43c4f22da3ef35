import DossierTesting
import Foundation
import Synchronization
import Testing

@testable import DossierTracker

@Suite struct TrackerTests {
  @Test func sampleProvinceIsRecordedAsItsReadmeSays() throws {
    let folder = try TemporaryFolder()
    let tracker = try Sample.create(folder.path("store"))
    #expect(try Sample.importOffices(tracker) == 76)
    let report = try Sample.importAll(tracker)
    #expect(report.documents.count == 17)
    #expect(report.documents.allSatisfy { $0.outcome.status == .recorded })
    #expect(report.documents.map(\.outcome.items).reduce(0, +) >= 94)
    let scans = try Sample.receive(tracker, Sample.session, close: true)
    let tally = Dictionary(scans.map { ($0.verdict, 1) }, uniquingKeysWith: +)
    // 24 received and two damages; 2 repeated; one each that is surplus, misrouted and unreadable.
    #expect(tally == [.accepted: 26, .duplicate: 2, .surplus: 1, .misrouted: 1, .refused: 1])
    let clean = try Sample.receive(tracker, Sample.cleanSession, close: true)
    #expect(clean.map(\.verdict) == Array(repeating: .accepted, count: 10))
    let rejected = try tracker.importDocuments([Repository.sample("rejected")])
    #expect(rejected.documents.map(\.outcome.status) == [.conflict, .rejected, .rejected, .rejected])
    #expect(rejected.hasProblems)
  }

  @Test func repeatingEverythingChangesNothing() throws {
    let folder = try TemporaryFolder()
    let clock = FixedClock(Sample.now)
    let tracker = try Sample.create(folder.path("store"), clock: clock)
    try Sample.fill(tracker)
    let head = try tracker.head()
    let items = try tracker.items(limit: 10_000)
    let losses = try tracker.losses(by: [.leg, .office])
    clock.advance(by: 3_600_000)
    #expect(try Sample.importOffices(tracker) == 0)
    let again = try Sample.importAll(tracker)
    #expect(again.documents.allSatisfy { $0.outcome.events == 0 })
    #expect(Set(again.documents.prefix(12).map(\.outcome.status)) == [.alreadyRecorded])
    for manifest in [Sample.session, Sample.cleanSession] {
      let receipts = try Sample.receive(tracker, manifest, close: true)
      #expect(receipts.allSatisfy { $0.verdict == .duplicate || $0.verdict == .refused })
    }
    #expect(try tracker.head() == head)
    #expect(try tracker.items(limit: 10_000) == items)
    #expect(try tracker.losses(by: [.leg, .office]) == losses)
  }

  @Test func viewsAgreeWithEachOther() throws {
    let folder = try TemporaryFolder()
    let tracker = try Sample.create(folder.path("store"))
    try Sample.fill(tracker)
    let report = try tracker.audit()
    #expect(report.findings.filter { $0.severity == .error && $0.code.rawValue.hasPrefix("D-3") } == [])
    #expect(report.head == (try tracker.head()))
    #expect(report.isSigned)

    let items = try tracker.items(limit: 10_000)
    let events = try tracker.events(limit: 10_000)
    #expect(events.map(\.index) == Array(0..<Int64(report.head.size)))
    let manifests = try tracker.manifests(limit: 100)
    #expect(manifests.count == 12)
    var counted: [String: Int64] = [:]
    for checked in report.checked { counted[checked.what] = checked.count }
    #expect(counted["events"] == Int64(events.count))
    #expect(counted["manifests"] == 12)

    // Every item event belongs to one item's history, and every history to the log.
    var indexes: Set<Int64> = []
    for item in items {
      let history = try #require(try tracker.history(ofItem: item.number))
      #expect(history.summary == item)
      #expect(try tracker.show(item.number) == .item(history))
      for number in history.numbers { #expect(try tracker.history(ofItem: number) == history) }
      for event in history.events {
        #expect(indexes.insert(event.index).inserted)
        #expect(events[Int(event.index)] == event)
      }
      for code in history.dossiers.compactMap(\.code) {
        guard case .dossier(_, let carriers) = try tracker.show(code) else {
          Issue.record("\(code) is not shown")
          continue
        }
        #expect(carriers.contains(history))
      }
    }
    #expect(indexes == Set(events.filter(\.kind.concernsItem).map(\.index)))

    for unit in LossQuery.Unit.allCases {
      for grouping in LossQuery.Grouping.allCases.map({ [$0] }) + [[], [.leg, .month]] {
        let losses = try tracker.losses(unit: unit, by: grouping)
        let total = losses.total.counts
        #expect(total.entrusted == losses.rows.map(\.counts.entrusted).reduce(0, +))
        #expect(
          total.entrusted == total.delivered + total.returned + total.lost + total.destroyed + total.open)
        #expect(total.entrusted == (unit == .item ? 94 : 117), "\(unit) \(grouping)")
        #expect(total.lost == 1)
      }
    }
    #expect(items.filter { $0.state == .lost }.map(\.number) == ["EM473653477VN"])
  }

  @Test func eventRepeatedWithItsIdentifierIsADuplicateAtAnyTime() throws {
    let folder = try TemporaryFolder()
    let clock = FixedClock(Sample.now)
    let tracker = try Sample.create(folder.path("store"), clock: clock)
    let request = EventRequest(
      .held, item: "EM473195516VN", reason: "unclaimed", note: "gọi lại", event: "E-1")
    let first = try tracker.record(request)
    #expect(first.verdict == .accepted)
    clock.advance(by: 60_000)
    let head = try tracker.head()
    let second = try tracker.record(request)
    #expect(second.verdict == .duplicate)
    #expect(second.index == first.index)
    // Without an identifier it is another event.
    var other = request
    other.event = nil
    #expect(try tracker.record(other).verdict == .accepted)
    // The same identifier with other content is a conflict that names what differs.
    var changed = request
    changed.reason = "refused"
    let conflict = try tracker.record(changed)
    #expect(conflict.verdict == .refused)
    #expect(conflict.findings.contains { $0.code == .eventConflict && $0.found?.contains("reason") == true })
    var renoted = request
    renoted.note = "gọi lại lần hai"
    #expect(try tracker.record(renoted).verdict == .refused)
    #expect(try tracker.head().size == head.size + 1)
  }

  @Test func aLabelOfAnotherItemIsRecordedAndSaid() throws {
    let folder = try TemporaryFolder()
    let tracker = try Sample.create(folder.path("store"))
    let yesterday = OffsetDateTime(milliseconds: Sample.now - 86_400_000, offsetMinutes: 420)
    for item in ["BG-1", "BG-2"] {
      _ = try tracker.record(EventRequest(.accepted, item: item, at: yesterday))
    }
    func relabel(_ item: String, to new: String, _ event: String) throws -> EventReceipt {
      try tracker.record(EventRequest(.relabelled, item: item, newNumber: new, event: event))
    }
    #expect(try relabel("BG-1", to: "BG-3", "L1").findings == [])
    for verdict in [EventReceipt.Verdict.accepted, .duplicate] {
      let receipt = try relabel("BG-1", to: "BG-2", "L2")
      #expect(receipt.verdict == verdict)
      #expect(receipt.findings.map(\.code) == (verdict == .accepted ? [.relabelConflict] : []))
    }
    #expect(try tracker.history(ofItem: "BG-1")?.numbers.count == 3)
  }

  @Test func twoTrackersOnOneFolderLoseAndDoubleNothing() throws {
    let folder = try TemporaryFolder()
    _ = try Sample.create(folder.path("store"))
    let trackers = try (0..<2).map { _ in try Sample.open(folder.path("store")) }
    let receipts = Mutex<[EventReceipt]>([])
    let failures = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 2) { thread in
      for number in 0..<40 {
        do {
          // Every second event is stated by both.
          let name = number % 2 == 0 ? "both-\(number)" : "own-\(thread)-\(number)"
          let receipt = try trackers[thread].record(
            EventRequest(
              .held, item: "BG-\(number % 5)",
              at: OffsetDateTime(milliseconds: Sample.now + Int64(number), offsetMinutes: 420),
              reason: "unclaimed", event: name))
          receipts.withLock { $0.append(receipt) }
          if number % 10 == 9 { try trackers[thread].checkpoint() }
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
    }
    #expect(failures.withLock { $0 } == [])
    let all = receipts.withLock { $0 }
    #expect(all.count == 80)
    #expect(all.filter { $0.verdict == .accepted }.count == 60)
    #expect(all.filter { $0.verdict == .duplicate }.count == 20)
    #expect(Set(all.compactMap(\.index)).count == 60)
    #expect(try trackers[0].head() == (try trackers[1].head()))
    _ = try trackers[1].checkpoint()
    let report = try trackers[0].audit()
    #expect(report.findings.filter { $0.code.rawValue.hasPrefix("D-3") } == [])
    #expect(report.unchecked == [])
  }
}
