import DossierCore
import Testing

@testable import DossierReport

@Suite struct CustodyReportTests {
  private func report(
    _ journeys: [ItemJourney], now: Double = 20, rules: CustodyRules = CustodyRules(),
    manifests: [SealedManifest] = [], sealReasons: Set<Int32> = [], heaps: Int = 1
  ) throws -> CustodyReport {
    let tally = Bench.fold(
      journeys, into: CustodyTally(now: Bench.day(now), rules: rules, sealReasons: sealReasons), heaps: heaps)
    let names = try ReportNames(
      Bench.names(), terms: tally.terms, items: tally.items, manifests: tally.manifests)
    return try CustodyReport(
      tally, manifests: manifests,
      offices: [
        Office(code: "O1", name: "Bưu cục", kind: .post), Office(code: "O2", name: "Một cửa", kind: .center),
      ], names: names)
  }

  private func journey(_ item: Int64, _ events: [JourneyEvent]) -> ItemJourney {
    ItemJourney(folding: events, item: item)
  }

  @Test func anOfferWithoutReceiptIsListedByAgeGiverAndReceiver() throws {
    let report = try report([
      journey(
        1,
        [
          Bench.event(10, .accepted, 0, Bench.post),
          Bench.event(11, .dispatched, 4, Bench.post, to: Bench.center, manifest: 7),
        ]),
      journey(
        2,
        [
          Bench.event(20, .accepted, 0, Bench.post),
          Bench.event(21, .dispatched, 18.5, Bench.post, to: Bench.center),
        ]),
      journey(
        3,
        [
          Bench.event(30, .accepted, 0, Bench.post),
          Bench.event(31, .dispatched, 4, Bench.post, to: Bench.center),
          Bench.event(32, .received, 5, Bench.center),
        ]),
    ])
    #expect(report.handOvers.map(\.item) == ["I1", "I2"])
    #expect(report.handOvers.map(\.days) == [16, 1])
    #expect(report.handOvers.map(\.isOverdue) == [true, false])
    #expect(report.handOvers[0].manifest == "BK-7")
    #expect(report.routes == [.init(from: "O1", to: "O2", open: 2, overdue: 1, oldestDays: 16)])
    #expect(report.agesTable.rows.map { $0[1] } == [1, 0, 0, 0, 1].map(Cell.integer))
    let flow = try #require(report.flows.first)
    #expect(report.flows.count == 1 && flow.from == .post && flow.to == .center)
    #expect(flow.count == .init(answered: 1, unannounced: 0, open: 2))
  }

  @Test func anAnsweredLimitIsNotOverdueOnItsLastDay() throws {
    let offer = [
      Bench.event(10, .accepted, 0, Bench.post),
      Bench.event(11, .dispatched, 0, Bench.post, to: Bench.center),
    ]
    let rules = CustodyRules(handOverDays: 3)
    #expect(try report([journey(1, offer)], now: 3.99, rules: rules).handOvers.map(\.isOverdue) == [false])
    #expect(try report([journey(1, offer)], now: 4, rules: rules).handOvers.map(\.isOverdue) == [true])
  }

  @Test func onlyScannedOrKeyedCustodyIsProven() throws {
    // Two days declared at the post office, three scanned at the center, one missing there, then delivered.
    let report = try report([
      journey(
        1,
        [
          Bench.event(10, .accepted, 0, Bench.post, grade: .declared),
          Bench.event(11, .dispatched, 1, Bench.post, to: Bench.center, grade: .declared),
          Bench.event(12, .received, 2, Bench.center),
          Bench.event(13, .missing, 5, Bench.center),
          Bench.event(14, .delivered, 6, Bench.center),
          // Beyond the end nobody answers any more.
          Bench.event(15, .damaged, 9, Bench.center),
        ])
    ])
    let day = Int128(86_400_000)
    #expect(report.time.map(\.office) == ["O1", "O2"])
    #expect(report.time[0].time.declared == 2 * day && report.time[0].time.sum == 2 * day)
    #expect(report.time[1].time.proven == 3 * day && report.time[1].time.missing == day)
    #expect(report.totalTime.sum == 6 * day)
  }

  @Test func aSecondAcceptanceWithoutReleaseProvesNothing() throws {
    let report = try report(
      [
        journey(
          1,
          [
            Bench.event(10, .accepted, 0, Bench.post), Bench.event(11, .accepted, 2, Bench.agency),
            Bench.event(12, .dispatched, 3, Bench.agency, to: Bench.center),
            Bench.event(13, .received, 5, Bench.center),
          ])
      ], now: 6)
    let day = Int128(86_400_000)
    #expect(report.totalTime.proven == 3 * day)
    #expect(report.totalTime.disputed == 3 * day)
    #expect(report.gaps.map(\.code) == [.acceptedTwice])
    #expect(report.gaps.map(\.office) == ["O3"])
    #expect(report.gaps.map(\.examples) == [["I1"]])
  }

  @Test func timeAfterALossCountsOnlyWhenTheItemTurnsUp() throws {
    let lost = [
      Bench.event(10, .accepted, 0, Bench.post), Bench.event(11, .missing, 2, Bench.post),
      Bench.event(12, .lost, 5, Bench.post),
    ]
    let found = lost + [Bench.event(13, .found, 8, Bench.post), Bench.event(14, .delivered, 10, Bench.post)]
    let day = Int128(86_400_000)
    let gone = try report([journey(1, lost)])
    #expect(gone.totalTime.sum == 5 * day && gone.totalTime.missing == 3 * day)
    let back = try report([journey(1, found)])
    #expect(back.totalTime.sum == 10 * day && back.totalTime.missing == 6 * day)
  }

  @Test func discrepanciesAreFollowedToTheirClosure() throws {
    let report = try report([
      journey(
        1,
        [
          Bench.event(10, .accepted, 0, Bench.post), Bench.event(11, .missing, 1, Bench.post),
          Bench.event(12, .found, 3, Bench.post),
        ]),
      journey(
        2,
        [
          Bench.event(20, .accepted, 0, Bench.post), Bench.event(21, .missing, 1, Bench.post),
          Bench.event(22, .outForDelivery, 2, Bench.post),
        ]),
      journey(
        3,
        [
          Bench.event(30, .accepted, 0, Bench.post), Bench.event(31, .missing, 1, Bench.post),
          Bench.event(32, .lost, 7, Bench.post),
        ]),
      journey(
        4,
        [
          Bench.event(40, .accepted, 0, Bench.post), Bench.event(41, .missing, 14, Bench.post),
          Bench.event(42, .missing, 15, Bench.post),
        ]),
      journey(5, [Bench.event(50, .surplus, 1, Bench.center)]),
      journey(
        6,
        [
          Bench.event(60, .accepted, 0, Bench.post), Bench.event(61, .damaged, 1, Bench.post),
          Bench.event(62, .delivered, 1.5, Bench.post),
        ]),
    ])
    let missing = report.discrepancies[0]
    #expect(missing.opened == 4 && missing.open == 1)
    #expect(missing.closed == [.found: 1, .handled: 1, .declaredLost: 1])
    #expect(missing.medianDays == 2)
    #expect(missing.ages == [.upTo7: 1])
    #expect(report.discrepancies[1].open == 1)
    #expect(report.discrepancies[2].closed == [.ended: 1])
    #expect(report.openDiscrepancies.map(\.item) == ["I5", "I4"])
  }

  /// A store of which only manifests are recorded: every item an open hand-over, and the lists stay short.
  @Test func longListsKeepTheOldestAndCountTheRest() throws {
    let count = CustodyTally.longestList + 7
    let journeys = (1...count).map { item in
      journey(
        Int64(item),
        [
          Bench.event(Int64(2 * item), .accepted, 0, Bench.post),
          Bench.event(
            Int64(2 * item + 1), .dispatched, 1 + Double(count - item) / 1e6, Bench.post, to: Bench.center),
        ])
    }
    let report = try report(journeys, rules: CustodyRules(stuckDays: 7))
    #expect(report.openHandOvers == count && report.routes.map(\.open) == [count])
    #expect(
      report.handOvers.count == CustodyTally.longestList && report.stuck.count == CustodyTally.longestList)
    #expect(report.handOvers.first?.item == "I\(count)" && !report.handOvers.contains { $0.item == "I7" })
    #expect(report.stuckRows.map(\.count) == [count] && report.unlisted == 14)
  }

  @Test func stuckItemsAreOpenAndSilent() throws {
    let report = try report(
      [
        journey(1, [Bench.event(10, .accepted, 0, Bench.post)]),
        journey(2, [Bench.event(20, .accepted, 0, Bench.post), Bench.event(21, .held, 13.1, Bench.post)]),
        journey(3, [Bench.event(30, .accepted, 0, Bench.post), Bench.event(31, .delivered, 1, Bench.post)]),
        // A correction is not news of the item, and what it takes back is none either.
        journey(
          4,
          [
            Bench.event(40, .accepted, 0, Bench.post), Bench.event(41, .held, 15, Bench.post),
            Bench.event(42, .corrected, 16, Bench.post, corrects: 41),
          ]),
      ], rules: CustodyRules(stuckDays: 7))
    #expect(report.stuck.map(\.item) == ["I1", "I4"])
    #expect(report.stuck.map(\.days) == [20, 20])
    #expect(
      report.stuckRows == [
        CustodyReport.StuckRow(custodian: "O1", state: .inCustody, count: 2, oldestDays: 20)
      ])
  }

  /// From 5 January over Tết to 24 February 2026: 50 days, and fewer on which offices work.
  @Test func stuckItemsCanBeCountedInWorkingDays() throws {
    let journeys = [journey(1, [Bench.event(10, .accepted, 0.4, Bench.post)])]
    let calendar = WorkingCalendars.standard.administrative
    let first = try #require(CalendarDate("2026-01-05"))
    let working = try calendar.workingDays(after: first, through: first.advanced(by: 50))
    #expect(working < 50)
    func tally(_ days: Int, now: Double) -> CustodyTally {
      Bench.fold(
        journeys,
        into: CustodyTally(now: Bench.day(now), rules: CustodyRules(stuckDays: days), calendar: calendar))
    }
    #expect(tally(working, now: 50.5).stuck.map(\.days) == [working])
    #expect(tally(working + 1, now: 50.5).stuck.isEmpty)
    // A year that nobody has laid down is no year without days off.
    #expect(tally(5, now: 20_000).yearMissing != nil && tally(5, now: 50.5).yearMissing == nil)
  }

  // MARK: Seals and signers

  private func manifest(
    _ id: Int64, _ giver: String, _ seals: [String], signers: (String, String)? = nil
  ) -> SealedManifest {
    SealedManifest(
      id: id, number: "BK-\(id)", giver: giver, receiver: "R", dispatchedAt: Bench.day(0), seals: seals,
      closing: signers.map {
        SealedManifest.Closing(at: Bench.day(1), office: "R", signer: $0.0, witness: $0.1)
      })
  }

  @Test func sealsAreCountedAndAbsentNumbersFound() {
    let register = SealRegister(
      [
        manifest(1, "A", ["VN041", "VN042"], signers: ("X", "Y")), manifest(2, "A", ["VN047", "VN9041"]),
        manifest(3, "B", ["VN044", "VN042"]), manifest(4, "B", ["VN3000", "VN1500", "ohne"]),
      ], broken: [2: 3])
    #expect(register.total.applied == 9 && register.total.opened == 2 && register.total.broken == 3)
    #expect(register.reuses.map(\.seal) == ["VN042"])
    #expect(register.reuses.map(\.manifests) == [["BK-1", "BK-3"]])
    #expect(register.reuses.map(\.offices) == [["A", "B"]])
    // VN044 is another office's; VN1500 and VN3000 are of different boxes.
    #expect(
      register.absences == [
        SealRegister.Absence(office: "A", first: "VN043", last: "VN043", count: 1),
        SealRegister.Absence(office: "A", first: "VN045", last: "VN046", count: 2),
        SealRegister.Absence(office: "B", first: "VN043", last: "VN043", count: 1),
      ])
    #expect(register.offices.map(\.absent) == [3, 1])
  }

  @Test func longAndEmptySealNumbersAreNoSequence() {
    let long = String(repeating: "9", count: 24)
    let register = SealRegister([manifest(1, "A", [long, "-", "999999999999999999", "999999999999999997"])])
    #expect(register.absences.map(\.first) == ["999999999999999998"])
  }

  @Test func onlyPairsWithoutRotationAreFlagged() throws {
    var manifests: [SealedManifest] = []
    for number in 0..<9 { manifests.append(manifest(Int64(number), "A", [], signers: ("an", "BINH"))) }
    manifests.append(manifest(9, "A", [], signers: ("Binh", "AN")))
    for number in 10..<16 { manifests.append(manifest(Int64(number), "A", [], signers: ("chi", "dung"))) }
    for number in 16..<20 { manifests.append(manifest(Int64(number), "A", [], signers: ("chi", "em"))) }
    let pairs = SignerPairs(manifests)
    #expect(pairs.closings == 20)
    #expect(pairs.flagged.map(\.first) == ["AN"])
    #expect(pairs.flagged.map(\.second) == ["BINH"])
    #expect(pairs.pairs.map(\.together) == [10, 6, 4])
    #expect(pairs.pairs[1].firstTotal == 10 && pairs.pairs[1].secondTotal == 6 && pairs.pairs[1].others == 3)
    #expect(pairs.pairs[1].share == 0.6)
  }

  // MARK: Any journeys

  @Test(arguments: 1...20) func sumsCloseInAnyOrderAndInAnyHeaps(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let journeys = (1...60).map { Bench.journey(Int64($0), &generator) }
    let forward = try report(journeys, now: 25)
    #expect(try report(journeys.shuffled(using: &generator), now: 25) == forward)
    #expect(try report(journeys.reversed(), now: 25, heaps: 4) == forward)
    let note = ReportNote(command: "dossier report custody")
    let document = forward.document(language: .vi, limit: 5, note: note)
    #expect(document.flat.rows.count >= forward.handOvers.count + forward.stuck.count)
    for section in document.sections {
      let table = try #require(section.table)
      #expect(table.rows.allSatisfy { $0.count == table.columns.count }, "\(section.id)")
    }
    #expect(try document.render(.json).count > 100)
  }

  @Test func anEmptyStoreHasAnEmptyReport() throws {
    let report = try report([])
    #expect(!report.hasWork)
    let document = report.document(language: .en, limit: 20, note: ReportNote(command: "c"))
    #expect(document.flat.rows.isEmpty)
    #expect(document.sections.map(\.id) == ["ages", "discrepancies", "completeness"])
  }
}
