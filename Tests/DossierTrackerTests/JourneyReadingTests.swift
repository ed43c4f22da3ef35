import CustodyLog
import DossierSQLite
import DossierTesting
import Testing

@testable import DossierTracker

/// What a report speaks of: a state of the log that can be named again later.
@Suite struct JourneyReadingTests {
  private struct Desk {
    let folder: TemporaryFolder
    let tracker: Tracker
    let clock = FixedClock(Sample.now)
    let item = TestValues.s10(1)

    init() throws {
      folder = try TemporaryFolder()
      tracker = try Sample.create(folder.path("store"), clock: clock)
    }

    func name(_ name: String, parent: String = "", province: String = "59") throws {
      clock.advance(by: 60_000)
      let keeper = Office(
        code: Sample.keeper.code, name: name, kind: .center, province: province, parent: parent)
      let above = Office(code: "H48", name: "UBND tỉnh \(province)", kind: .agency)
      #expect(try tracker.record(offices: [keeper, above]) > 0)
    }

    func record(_ number: String, day: Int, fee: Int64?) throws {
      clock.advance(by: 60_000)
      let item = TestItem(
        item, fee: fee, dossiers: [TestDossier("H48.25-260112-0042"), TestDossier("HS/RIÊNG/77")])
      let outcome = try tracker.store.record(
        ArrayDocumentSource(
          TestManifest(number, from: "BC1", to: "H48.25", at: TestValues.at(day: day), items: [item])),
        recordedAt: clock.now(), dryRun: false)
      #expect(outcome.status == .recorded, "\(outcome.findings)")
    }

    func journey(_ basis: ReportBasis) throws -> ItemJourney {
      let found = try tracker.journeys(at: basis, withDossiers: true, withFees: true, into: JourneyList())
      return try #require(found.journeys.first)
    }

    func refusal(_ asOf: AsOf) -> FindingCode? {
      do { _ = try tracker.basis(asOf: asOf) } catch { return (error as? TrackerRefusal)?.finding.code }
      return nil
    }
  }

  @Test func anEmptyLogHasNoTime() throws {
    let desk = try Desk()
    let basis = try desk.tracker.basis(asOf: .size(0))
    #expect(basis.logHead.size == 0)
    #expect(basis.logHead.root == MerkleHash.emptyRoot.base64)
    #expect(basis.knownAt == nil)
    #expect(basis.heading.date == nil)
    #expect(basis.heading.office == "H48.25")
    #expect(!basis.isCurrent)
    let journeys = try desk.tracker.journeys(at: basis, into: JourneyCount())
    #expect(journeys == JourneyCount())
  }

  @Test func aReportSpeaksOfTheStateThatItNames() throws {
    let desk = try Desk()
    try desk.name("Trung tâm cũ", province: "59")
    try desk.record("BK-1", day: 3, fee: 15_000)
    let early = try desk.tracker.basis(asOf: nil)
    let note = Array(try desk.tracker.checkpoint().utf8)
    #expect(early.isCurrent)
    #expect(early.knownAt == "2026-02-02T08:02:00+07:00")
    #expect(early.heading.office == "Trung tâm cũ")
    #expect(early.heading.superior == nil)
    // A province's code is no place.
    #expect(early.heading.place == nil)
    #expect(early.heading.date == CalendarDate(year: 2026, month: 2, day: 2))

    try desk.name("Trung tâm mới", parent: "H48", province: "Sông Trà")
    // An earlier manifest that arrives later.
    try desk.record("BK-0", day: 2, fee: 9_000)
    let now = try desk.tracker.basis(asOf: nil)
    #expect(now.heading.superior == "UBND tỉnh Sông Trà")
    #expect(now.heading.place == "Sông Trà")

    for asOf in [AsOf.size(early.logHead.size), .checkpoint(note)] {
      let again = try desk.tracker.basis(asOf: asOf)
      #expect(again.view == early.view)
      #expect(again.heading == early.heading)
      #expect(!again.isCurrent)
      #expect(try desk.journey(again).fee == 15_000)
      #expect(try desk.journey(again).events.count == 1)
    }
    #expect(try desk.journey(now).fee == 9_000)
    #expect(try desk.journey(now).events.count == 2)
    #expect(try desk.journey(now).dossiers.count == 2)
    let number = try desk.tracker.texts.numbers(ofItems: [try desk.journey(early).item])
    #expect(number.values.first == desk.item)
  }

  @Test func aStateThatTheLogNeverHadIsRefused() throws {
    let desk = try Desk()
    try desk.record("BK-1", day: 3, fee: nil)
    let head = try desk.tracker.head()
    #expect(desk.refusal(.size(head.size)) == nil)
    #expect(desk.refusal(.size(head.size + 1)) == .asOfUnknown)
    #expect(desk.refusal(.size(.max)) == .asOfUnknown)
    let text = try Checkpoint(origin: "any", size: head.size, root: head.root).text
    #expect(desk.refusal(.checkpoint(Array(text.utf8))) == nil)
    let other = try Checkpoint(origin: "any", size: head.size, root: MerkleHash.emptyRoot).text
    #expect(desk.refusal(.checkpoint(Array(other.utf8))) == .asOfUnknown)
    let beyond = try Checkpoint(origin: "any", size: head.size + 1, root: head.root).text
    #expect(desk.refusal(.checkpoint(Array(beyond.utf8))) == .asOfUnknown)
    for bytes in [[], [0xff], Array("any\n\(head.size)\n".utf8)] as [[UInt8]] {
      #expect(desk.refusal(.checkpoint(bytes)) == .asOfUnreadable)
    }
  }

  /// Also of several consignments, whose dossiers stay one each when their codes are gone.
  @Test func anErasedCodeLeavesItsDossierWithoutAKey() throws {
    let desk = try Desk()
    try desk.record("BK-1", day: 3, fee: nil)
    try desk.record("BK-2", day: 5, fee: nil)
    let before = try desk.journey(try desk.tracker.basis())
    #expect(before.dossiers.count == 2)
    #expect(before.dossiers.map { $0.key > 0 } == [true, false])
    #expect(!before.dossiers.contains { $0.key == 0 })
    let order = try desk.tracker.orderErasure(
      ErasureRequest(target: desk.item, fields: [.code], basis: .subjectRequest, by: "CB01")
    ).first?.order
    #expect(try desk.tracker.carryOutErasure(order: try #require(order), by: "CB02").findings == [])
    let basis = try desk.tracker.basis()
    let after = try desk.journey(basis)
    #expect(after.dossiers.map(\.key) == [0, 0])
    #expect(try desk.tracker.texts.codes(ofDossiers: Set(after.dossiers.map(\.id))).isEmpty)
    try JourneyContract.checkSums(desk.tracker.store, place: "after an erasure")
  }

  @Test func aSelectionIsTheSameAtAnyBasisOfOneState() throws {
    let folder = try TemporaryFolder()
    try Sample.filled(folder.path("store"))
    let tracker = try Sample.open(folder.path("store"))
    let basis = try tracker.basis()
    let selection = JourneySelection(lost: true, damaged: true, found: true, missing: true)
    let quick = try tracker.journeys(at: basis, selecting: selection, into: JourneyCount())
    let exclusions = try tracker.exclusions(at: basis)
    #expect(quick.items > 0)
    #expect(exclusions.total > 0)
    try JourneyContract.checkSums(tracker.store, place: "the sample")
    // When the log has grown, the same basis is read the long way.
    let more = EventRequest(.damaged, item: "RM473195388VN", damage: .readable, event: "later-1")
    #expect(try tracker.record(more).verdict == .accepted)
    let old = try tracker.basis(asOf: .size(basis.logHead.size))
    #expect(try tracker.journeys(at: basis, selecting: selection, into: JourneyCount()) == quick)
    #expect(try tracker.journeys(at: old, selecting: selection, into: JourneyCount()) == quick)
    #expect(try tracker.exclusions(at: old) == exclusions)
  }
}
