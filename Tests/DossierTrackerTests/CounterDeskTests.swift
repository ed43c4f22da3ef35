import DossierTesting
import Foundation
import GRDB
import Synchronization
import Testing

@testable import DossierSQLite
@testable import DossierTracker

extension SQLiteStore {
  /// The file may grow to so many pages, or to as many as it has.
  fileprivate func limit(pages: Int) throws {
    try queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA max_page_count = \(pages)") }
  }
}

/// A store with the sample province's January, copied for each test, and a desk on it.
struct DeskBench {
  let folder: TemporaryFolder
  let clock = FixedClock(Sample.now)
  private(set) var tracker: Tracker
  private(set) var desk: CounterDesk
  private var number = 0

  private static let filled = Result {
    let folder = try TemporaryFolder()
    let tracker = try Sample.create(folder.path("store"))
    try Sample.importOffices(tracker)
    _ = try Sample.importAll(tracker)
    try tracker.store.closeFile()
    return folder
  }

  init() throws {
    folder = try TemporaryFolder()
    try Files.copy(try Self.filled.get().path("store"), to: folder.path("store"))
    tracker = try Tracker(opening: folder.path("store"), environment: Sample.environment(clock: clock))
    desk = CounterDesk(tracker)
  }

  /// The station is started again.
  mutating func restart(fault: (@Sendable () throws -> Void)? = nil) throws {
    try tracker.store.closeFile()
    tracker = try Tracker(folder.path("store"), .writing, Sample.environment(clock: clock), fault: fault)
    desk = CounterDesk(tracker)
  }

  /// A scan with an identifier of its own, a second after the one before.
  mutating func scan(
    _ kind: CounterScan.Kind = .received, _ raw: String = "", manifest: String = Sample.session,
    by: String = "GDV01", office: String = "H48.25", target: String? = nil, damage: DamageGrade? = nil,
    cause: DamageCause? = nil
  ) throws -> CounterScan {
    number += 1
    let at = try #require(
      OffsetDateTime(milliseconds: clock.now() + Int64(number) * 1_000, offsetMinutes: 420))
    return CounterScan(
      id: "desk-\(number)", kind: kind, manifest: manifest, raw: raw, at: at, by: by, office: office,
      target: target, damage: damage, cause: cause)
  }

  func take(_ scan: CounterScan) throws -> CounterResult { try #require(try desk.take([scan]).results.first) }

  func count(_ kinds: EventKind...) throws -> Int {
    try tracker.events(limit: 100_000).filter { kinds.contains($0.kind) && $0.identifier.hasPrefix("desk-") }
      .count
  }
}

@Suite struct CounterDeskTests {
  private static let item = "RM473195374VN"
  private static let other = "RM473195388VN"

  @Test func anItemIsReceivedOnceAndTheSecondScanTellsWhoWasFirst() throws {
    var bench = try DeskBench()
    let first = try bench.scan(.received, Self.item)
    let result = try bench.take(first)
    #expect(result.status == .accepted && result.verdict == .accepted)
    #expect(result.event == first.id && result.item == Self.item)
    let event = try #require(try bench.tracker.events(from: result.index ?? -1, limit: 1).first)
    #expect(event.identifier == first.id && event.kind == .received && event.operatorCode == "GDV01")
    #expect(event.details.deviceTime == first.at.milliseconds && event.at == first.at.milliseconds)
    #expect(event.manifest == Sample.session && event.office == "H48.25" && event.grade == .observed)
    let again = try bench.take(try bench.scan(.received, "]C1" + Self.item.lowercased(), by: "GDV02"))
    #expect(again.status == .duplicate && again.verdict == .duplicate && again.event == nil)
    #expect(again.first == .init(at: first.at, by: "GDV01", event: first.id))
    #expect(again.count?.received == 1 && again.count?.short == 24)
    #expect(try bench.count(.received) == 1)
  }

  @Test func theSameBatchThreeTimesIsOneRecordAScan() throws {
    var bench = try DeskBench()
    let scans = try [
      bench.scan(.received, Self.item), bench.scan(.received, Self.item),
      bench.scan(.damaged, Self.item, damage: .wrapper, cause: .wet), bench.scan(.received, "XX-77"),
      bench.scan(.void, target: "desk-1"), bench.scan(.received, Self.item),
      bench.scan(.received, "rubbish!"),
      bench.scan(.void, target: "nothing"),
    ]
    let first = try bench.desk.take(scans)
    #expect(
      first.results.map(\.status)
        == [.accepted, .duplicate, .accepted, .accepted, .accepted, .accepted, .refused, .refused])
    let size = try bench.tracker.head().size
    for _ in 0..<2 {
      let again = try bench.desk.take(scans)
      #expect(again.results == first.results)
      #expect(!again.hasGrown)
    }
    // After a restart the log alone answers; only what the hand-over counts may have gone on since.
    try bench.restart()
    let later = try bench.desk.take(scans)
    for (one, two) in zip(first.results, later.results) where one.status == .accepted {
      #expect(one.event == two.event && one.index == two.index && one.verdict == two.verdict)
      #expect(one.item == two.item && two.status == .accepted)
    }
    #expect(try bench.tracker.head().size == size)
  }

  @Test func anIdentifierWithOtherContentIsAConflictThatNamesIt() throws {
    var bench = try DeskBench()
    let first = try bench.scan(.received, Self.item)
    let duplicate = try bench.scan(.received, Self.item)
    _ = try bench.desk.take([first, duplicate])
    for isRestarted in [false, true] {
      if isRestarted { try bench.restart() }
      var changed = first
      changed.raw = Self.other
      changed.by = "GDV09"
      let result = try bench.take(changed)
      #expect(result.status == .refused && result.finding?.code == .eventConflict)
      #expect(result.finding?.found == "raw, clerk")
      changed = first
      changed.at = try #require(OffsetDateTime("2026-01-12T16:30:00+07:00"))
      #expect(try bench.take(changed).finding?.found == "at")
      changed = first
      changed.kind = .damaged
      changed.damage = .wrapper
      #expect(try bench.take(changed).finding?.found == "type, grade")
      #expect(try bench.take(first).status == .accepted)
    }
    // Within one batch as well.
    let fresh = try bench.scan(.received, Self.other)
    var twin = fresh
    twin.by = "GDV05"
    let results = try bench.desk.take([fresh, twin, fresh]).results
    #expect(results.map(\.status) == [.accepted, .refused, .accepted])
    #expect(results[0] == results[2])
    #expect(try bench.count(.received) == 2)
  }

  @Test func whatIsTakenBackIsShortAgainAndCanBeReceivedAgain() throws {
    var bench = try DeskBench()
    let first = try bench.scan(.received, Self.item)
    _ = try bench.take(first)
    let void = try bench.scan(.void, target: first.id)
    let result = try bench.take(void)
    #expect(result.status == .accepted && result.count?.received == 0)
    #expect(try bench.take(try bench.scan(.void, target: first.id)).finding?.code == .voidedAlready)
    #expect(try bench.take(try bench.scan(.void, target: void.id)).finding?.code == .voidOfOther)
    #expect(try bench.take(try bench.scan(.void, target: "unheard-of")).finding?.code == .voidUnknown)
    #expect(
      try bench.take(try bench.scan(.void, target: "\(Sample.session)+0")).finding?.code == .voidOfOther)
    let second = try bench.take(try bench.scan(.received, Self.item))
    #expect(second.status == .accepted && second.count?.received == 1)
    let history = try #require(try bench.tracker.history(ofItem: Self.item))
    #expect(history.summary.custodian == "H48.25")

    let stray = try bench.scan(.received, "XX-77")
    #expect(try bench.take(stray).verdict == .surplus)
    let damage = try bench.scan(.damaged, "XX-77", damage: .readable)
    #expect(try bench.take(damage).count?.damaged == 1)
    #expect(try bench.take(try bench.scan(.void, target: damage.id)).count?.damaged == 0)
    #expect(try bench.take(try bench.scan(.void, target: stray.id)).count?.surplus == 0)
    #expect(try bench.tracker.reconciliation(ofManifest: Sample.session)?.lines.count == 25)
  }

  @Test func theCommandAndTheStationAgree() throws {
    var bench = try DeskBench()
    let other = try Tracker(
      opening: bench.folder.path("store"), environment: Sample.environment(clock: bench.clock))
    let session = try other.receive(manifest: Sample.session, by: "GDV07")
    #expect(try bench.take(try bench.scan(.received, Self.item)).status == .accepted)
    #expect(try session.scan([Self.item]).map(\.verdict) == [.duplicate])
    let receipt = try #require(try session.scan([Self.other]).first)
    #expect(receipt.verdict == .accepted)
    let seen = try bench.take(try bench.scan(.received, Self.other))
    #expect(seen.status == .duplicate && seen.first?.by == "GDV07" && seen.first?.event == receipt.event)
    // What the station takes back, the command can receive again, and the other way round.
    #expect(try bench.take(try bench.scan(.void, target: receipt.event)).status == .accepted)
    let again = try #require(try session.scan([Self.other]).first)
    #expect(again.verdict == .accepted && again.event != receipt.event)
    #expect(try session.scan([Self.other, "XX-77"]).map(\.verdict) == [.duplicate, .surplus])
    #expect(session.count.received == 2 && session.count.surplus == 1)
    #expect(try bench.take(try bench.scan(.received, "XX-77")).status == .duplicate)
    let one = try bench.desk.handover(Sample.session)
    let two = try other.reconciliation(ofManifest: Sample.session)
    #expect(one?.lines == two?.lines && one?.digest == two?.digest)
    #expect(one?.count.received == 2)
  }

  @Test func strangersSayWhereTheyBelong() throws {
    var bench = try DeskBench()
    let misrouted = try bench.take(try bench.scan(.received, "EM473481114VN"))
    #expect(misrouted.verdict == .misrouted && misrouted.status == .accepted)
    #expect(misrouted.belongsTo?.manifest == "BK-590820-260119-001")
    let name = try bench.tracker.offices().first { $0.code == misrouted.belongsTo?.office }?.name
    #expect(name != nil && misrouted.belongsTo?.name == name)
    let line = try #require(
      try bench.tracker.reconciliation(ofManifest: Sample.session)?.lines.first { $0.outcome == .misrouted })
    #expect(line.belongsTo == "BK-590820-260119-001" && line.belongsToOffice == misrouted.belongsTo?.office)
    // An item that nobody knows belongs nowhere, also once it stands in the log.
    let surplus = try bench.take(try bench.scan(.received, "RR123456785VN"))
    #expect(surplus.verdict == .surplus && surplus.belongsTo == nil)
    let stray = try bench.tracker.reconciliation(ofManifest: Sample.session)?.lines.first {
      $0.outcome == .surplus
    }
    #expect(stray?.item == "RR123456785VN" && stray?.belongsTo == nil)
  }

  @Test func whatCannotBeTakenIsRefusedWithItsReason() throws {
    var bench = try DeskBench()
    let foreign = try bench.take(try bench.scan(.received, Self.item, office: "590230"))
    #expect(foreign.finding?.code == .scanAtOtherOffice)
    #expect(foreign.finding?.expected?.contains("Lộc Thượng") == true)
    let reasons: [(String, FindingCode)] = [
      ("RM473195375VN", .itemCheckDigit), ("RM47319537VN", .barcodeIncomplete),
      ("ẸE6785VN", .inputMethodDamage),
      ("AC0798459VN", .inputMethodDamage), (Sample.session, .manifestAsItem), ("???", .unreadableBarcode),
      (ScanCommand.close.code, .ownCodeAsItem), ("", .unreadableBarcode),
      (String(repeating: "9", count: 10_000), .unreadableBarcode), ("\u{0}\u{1}", .unreadableBarcode),
    ]
    for (raw, code) in reasons {
      let result = try bench.take(try bench.scan(.received, raw))
      #expect(result.status == .refused && result.finding?.code == code, "\(raw.prefix(20)) \(result)")
    }
    #expect(
      try bench.take(try bench.scan(.received, Self.item, manifest: "BK-0")).finding?.code == .manifestUnknown
    )
    #expect(
      try bench.take(try bench.scan(.received, Self.item, by: "Trần Văn A")).finding?.code
        == .operatorCodeForm)
    let unseen = try bench.scan(.damaged, "XX-78", damage: .wrapper)
    #expect(try bench.take(unseen).finding?.code == .damageOfUnscanned)
    for id in ["", "a b", "BK-1+0", String(repeating: "x", count: 65), "é"] {
      var scan = try bench.scan(.received, Self.item)
      scan.id = id
      #expect(try bench.take(scan).finding?.code == .eventIdentifierForm, "\(id)")
    }
    let head = try bench.tracker.head()
    _ = try bench.tracker.receive(manifest: Sample.session).close(signer: "A", witness: "B")
    #expect(try bench.take(try bench.scan(.received, Self.item)).finding?.code == .scanAfterClosing)
    #expect(try bench.tracker.events(from: Int64(head.size), limit: 100).allSatisfy { $0.kind != .received })
    #expect(try bench.desk.handover(Sample.session)?.manifest.closedEvent != nil)
  }

  @Test func repairedNumbersAreMarkedAndKeepWhatWasTyped() throws {
    var bench = try DeskBench()
    let result = try bench.take(try bench.scan(.received, "Ê120002480VN"))
    #expect(result.verdict == .surplus && result.item == "EE120002480VN" && result.isRepaired)
    let history = try #require(try bench.tracker.history(ofItem: "EE120002480VN"))
    #expect(history.events.last?.reason == "repaired")
    #expect(history.events.last?.content != nil)
    // The same scan again, after a restart, is the same.
    var scan = try bench.scan(.received, "Ê120002480VN")
    scan.id = result.id
    scan.at = try #require(OffsetDateTime(milliseconds: Sample.now + 1_000, offsetMinutes: 420))
    try bench.restart()
    #expect(try bench.take(scan).isRepaired)
    #expect(try bench.take(scan).status == .accepted)
  }

  @Test func aClockThatIsWrongIsKeptBesideOurs() throws {
    var bench = try DeskBench()
    var ahead = try bench.scan(.received, Self.item)
    ahead.at = try #require(OffsetDateTime(milliseconds: Sample.now + 121_000, offsetMinutes: 420))
    var little = try bench.scan(.received, Self.other)
    little.at = try #require(OffsetDateTime(milliseconds: Sample.now + 119_000, offsetMinutes: 0))
    var old = try bench.scan(.received, "EM473195391VN")
    old.at = try #require(OffsetDateTime("2019-01-01T00:00:00Z"))
    let results = try bench.desk.take([ahead, little, old]).results
    #expect(results.map(\.status) == [.accepted, .accepted, .accepted])
    let events = try results.map {
      try #require(try bench.tracker.events(from: $0.index ?? -1, limit: 1).first)
    }
    #expect(events.map(\.at) == [Sample.now, little.at.milliseconds, old.at.milliseconds])
    #expect(events.map(\.details.deviceTime) == [ahead, little, old].map(\.at.milliseconds))
    #expect(events.map(\.zone) == [420, 0, 0])
    // It counts whatever its clock said, and it is the same scan again.
    #expect(results.last?.count?.received == 3)
    try bench.restart()
    #expect(try bench.desk.take([ahead, little, old]).results.map(\.status) == results.map(\.status))
    #expect(try bench.desk.handover(Sample.session)?.count.received == 3)
  }

  @Test func onlyWhatThisLogWasIsKeptAsSeen() throws {
    var bench = try DeskBench()
    let head = try bench.tracker.head()
    var honest = try bench.scan(.received, Self.item)
    honest.seen = head
    var lying = try bench.scan(.received, Self.other)
    lying.seen = LogHead(size: head.size, root: MerkleHash.sha256([1]))
    var future = try bench.scan(.received, "EM473195391VN")
    future.seen = LogHead(size: 1 << 50, root: head.root)
    let results = try bench.desk.take([honest, lying, future]).results
    let seen = try results.map {
      try bench.tracker.events(from: $0.index ?? -1, limit: 1).first?.details.seen
    }
    #expect(seen == [head, nil, nil])
    try bench.tracker.checkpoint()
    #expect(try bench.tracker.audit().findings.allSatisfy { $0.severity != .error })
  }

  @Test func aRelabelledItemIsOneItem() throws {
    var bench = try DeskBench()
    _ = try bench.tracker.record(EventRequest(.relabelled, item: Self.item, newNumber: "KG-2026-5"))
    let result = try bench.take(try bench.scan(.received, "KG-2026-5"))
    #expect(result.verdict == .accepted && result.item == Self.item)
    #expect(try bench.take(try bench.scan(.received, Self.item)).status == .duplicate)
    // One that was found before anybody knew that it is on the list stays visible until it is received.
    #expect(try bench.take(try bench.scan(.received, "KG-2026-6")).verdict == .surplus)
    _ = try bench.tracker.record(EventRequest(.relabelled, item: Self.other, newNumber: "KG-2026-6"))
    var list = try #require(try bench.tracker.reconciliation(ofManifest: Sample.session))
    #expect(list.count.received == 1 && list.count.surplus == 1)
    #expect(try bench.desk.handover(Sample.session)?.lines == list.lines)
    let found = try bench.take(try bench.scan(.received, "KG-2026-6"))
    #expect(found.verdict == .accepted && found.item == Self.other)
    list = try #require(try bench.tracker.reconciliation(ofManifest: Sample.session))
    #expect(list.count.received == 2 && list.count.surplus == 0)
    #expect(try bench.desk.handover(Sample.session)?.lines == list.lines)
    #expect(list.lines.first { $0.item == Self.item }?.numbers == ["KG-2026-5", Self.item])
  }

  /// A failing store answers nothing and changes nothing, at whatever statement it fails.
  @Test func nothingIsAnsweredThatIsNotRecorded() throws {
    let faults = FaultPlan()
    var bench = try DeskBench()
    try bench.restart(fault: faults.fault)
    let items = try #require(try bench.tracker.reconciliation(ofManifest: Sample.session)).lines.map(\.item)
    let scans = try items.prefix(3).map { try bench.scan(.received, $0) } + [bench.scan(.received, "XX-1")]
    let head = try bench.tracker.head()
    var call = 1
    while true {
      faults.arm(failingAt: call)
      guard let reply = try? bench.desk.take(scans) else {
        faults.arm(failingAt: nil)
        #expect(try bench.tracker.head() == head, "call \(call)")
        #expect(try bench.desk.handover(Sample.session)?.count.received == 0)
        call += 1
        continue
      }
      #expect(reply.results.map(\.status) == [.accepted, .accepted, .accepted, .accepted])
      break
    }
    #expect(call > 10)
    faults.arm(failingAt: nil)
    #expect(try bench.tracker.head().size == head.size + 4)
    #expect(try bench.desk.take(scans).results.allSatisfy { $0.status == .accepted })
    #expect(try bench.tracker.head().size == head.size + 4)
  }

  @Test func aFullDiskIsSaidAndForgottenWhenThereIsRoomAgain() throws {
    var bench = try DeskBench()
    var refusals = 0
    let head = try bench.tracker.head()
    try bench.tracker.store.limit(pages: 1)
    for turn in 0..<400 {
      do { _ = try bench.take(try bench.scan(.received, "XX-\(turn)")) } catch let refusal as TrackerRefusal {
        #expect(refusal.finding.code == .storeUnwritable)
        refusals += 1
        break
      }
    }
    #expect(refusals == 1)
    let recorded = try bench.tracker.head().size - head.size
    #expect(try bench.desk.handover(Sample.session)?.count.surplus == Int(recorded))
    try bench.tracker.store.limit(pages: 1 << 30)
    #expect(try bench.take(try bench.scan(.received, Self.item)).status == .accepted)
  }

  @Test func twoClerksAndTwoProcessesAtOnceReceiveEachItemOnce() throws {
    let bench = try DeskBench()
    let second = CounterDesk(
      try Tracker(opening: bench.folder.path("store"), environment: Sample.environment(clock: bench.clock)))
    let desks = [bench.desk, bench.desk, second, second]
    let items = try #require(try bench.desk.handover(Sample.session)).lines.map(\.item)
    let results = Mutex<[CounterResult]>([])
    let failures = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 4) { clerk in
      for (position, item) in items.enumerated() {
        do {
          let at = try #require(
            OffsetDateTime(milliseconds: Sample.now + Int64(position), offsetMinutes: 420))
          let scan = CounterScan(
            id: "desk-\(clerk)-\(position)", kind: .received, manifest: Sample.session, raw: item, at: at,
            by: "GDV0\(clerk)", office: "H48.25")
          let result = try desks[clerk].take([scan]).results
          results.withLock { $0 += result }
        } catch { failures.withLock { $0.append("\(error)") } }
      }
    }
    #expect(failures.withLock { $0 } == [])
    let all = results.withLock { $0 }
    #expect(all.count == 100)
    #expect(all.filter { $0.status == .accepted }.count == 25)
    let first = Dictionary(
      uniqueKeysWithValues: all.filter { $0.status == .accepted }.map { ($0.item, $0.event) })
    for result in all where result.status == .duplicate { #expect(result.first?.event == first[result.item]) }
    #expect(try bench.count(.received) == 25)
  }
}
