import DossierCore
import Testing

@testable import DossierReport

@Suite struct FeeReportTests {
  private func report(
    _ journeys: [ItemJourney], by: FeeGrouping = .office, now: Double = 20, from: String? = nil,
    through: String? = nil, heaps: Int = 1
  ) throws -> FeeReport {
    let tally = Bench.fold(
      journeys,
      into: FeeTally(
        now: Bench.day(now), by: by, from: from.flatMap { CalendarDate($0) },
        through: through.flatMap { CalendarDate($0) }), heaps: heaps)
    return try FeeReport(
      tally,
      names: ReportNames(Bench.names(), terms: tally.terms, items: tally.items, manifests: tally.manifests))
  }

  private func journey(
    _ item: Int64, fee: Int64?, _ money: [(EventKind, Double, Int64, Int32)], end: EventKind? = .delivered,
    manifest: Int64 = 7
  ) -> ItemJourney {
    var events = [
      Bench.event(item * 100, .accepted, 0, Bench.post, manifest: manifest),
      Bench.event(item * 100 + 1, .dispatched, 0.5, Bench.post, to: Bench.center, manifest: manifest),
    ]
    if let end { events.append(Bench.event(item * 100 + 2, end, 5, Bench.center)) }
    for (position, (kind, days, amount, office)) in money.enumerated() {
      events.append(Bench.event(item * 100 + 10 + Int64(position), kind, days, office, amount: amount))
    }
    return ItemJourney(folding: events, item: item, fee: fee)
  }

  @Test func amountsOutstandingAreToldApart() throws {
    let report = try report([
      journey(1, fee: 100_000, [(.feeCollected, 1, 100_000, 1), (.feeRemitted, 2, 100_000, 1)]),
      journey(2, fee: 100_000, [(.feeCollected, 1, 60_000, 1)]),
      journey(3, fee: 100_000, []),
      journey(4, fee: 100_000, [], end: nil),
      journey(5, fee: 100_000, [], end: .returned),
      journey(6, fee: 20_000, [(.feeCollected, 18, 50_000, 1), (.feeRemitted, 19, 80_000, 1)]),
      journey(7, fee: nil, [(.feeCollected, 19, 5_000, 1)], end: nil),
      journey(8, fee: nil, []),
      journey(9, fee: 0, []),
    ])
    let total = report.total
    #expect(total.items == 7)
    #expect(total.due == 520_000)
    #expect(total.collected == 215_000)
    #expect(total.remitted == 180_000)
    #expect(total.toCollect == 140_000)
    #expect(total.notYetDue == 100_000)
    #expect(total.lapsed == 100_000)
    #expect(total.overCollected == 35_000)
    #expect(total.toRemit == 65_000)
    #expect(total.overRemitted == 30_000)
    #expect(total.deliveredCleared == 1 && total.deliveredUncleared == 3)
    #expect(total.otherCleared == 0 && total.otherUncleared == 3)
    #expect(
      report.work.map { "\($0.task) \($0.line.item) \($0.amount)" } == [
        "collect I3 100000", "collect I2 40000", "remit I2 60000", "remit I7 5000",
        "overCollected I6 30000", "overCollected I7 5000", "overRemitted I6 30000",
      ])
    #expect(
      report.bands == [.longer: .init(items: 1, amount: 60_000), .upTo1: .init(items: 1, amount: 5_000)])
  }

  @Test func theOldestMoneyIsRemittedFirst() throws {
    let report = try report([
      journey(
        1, fee: 90_000,
        [
          (.feeCollected, 2, 40_000, 1), (.feeCollected, 6, 50_000, 1), (.feeRemitted, 7, 40_000, 1),
        ])
    ])
    #expect(report.work.map(\.line.days) == [14])
    // One đồng less, and the first collection is still held.
    let short = try self.report([
      journey(
        1, fee: 90_000,
        [
          (.feeCollected, 2, 40_000, 1), (.feeCollected, 6, 50_000, 1), (.feeRemitted, 7, 39_999, 1),
        ])
    ])
    #expect(short.work.map(\.line.days) == [18])
  }

  @Test func correctedMoneyDoesNotCount() throws {
    var wrong = journey(1, fee: 50_000, [(.feeCollected, 1, 500_000, 1)])
    wrong = ItemJourney(
      folding: wrong.events + [
        Bench.event(190, .corrected, 2, Bench.post, corrects: 110),
        Bench.event(191, .feeCollected, 1, Bench.post, amount: 50_000),
      ], item: 1, fee: 50_000)
    #expect(try report([wrong]).total.collected == 50_000)
    #expect(try report([wrong]).total.overCollected == 0)
  }

  @Test func anItemBelongsToTheOfficeThatCollected() throws {
    let journeys = [
      journey(1, fee: 10, [(.feeCollected, 1, 4, 4), (.feeCollected, 2, 6, 1)], manifest: 7),
      journey(2, fee: 10, [], manifest: 7), journey(3, fee: 10, [], end: nil, manifest: 8),
    ]
    #expect(try report(journeys).rows.map(\.group) == ["O1", "O2", "O4"])
    #expect(try report(journeys).rows.map(\.sum.collected) == [0, 0, 10])
    #expect(try report(journeys, by: .manifest).rows.map(\.group) == ["BK-7", "BK-8"])
    #expect(try report(journeys, by: .item).rows.map(\.group) == ["I1", "I2", "I3"])
  }

  @Test func onlyItemsEntrustedInThePeriodCount() throws {
    let journeys = [journey(1, fee: 10, [])]
    #expect(try report(journeys, from: "2026-01-05", through: "2026-01-05").total.items == 1)
    #expect(try report(journeys, from: "2026-01-06").total.items == 0)
    #expect(try report(journeys, through: "2026-01-04").total.items == 0)
  }

  /// Money is never dropped without a word: what a period leaves out is counted, entrusted at another time or never.
  @Test(arguments: [1, 3])
  func moneyOutsideThePeriodIsCountedApart(heaps: Int) throws {
    let stray = ItemJourney(
      folding: [Bench.event(900, .feeCollected, 1, Bench.post, amount: 70_000)], item: 9)
    let journeys = [
      journey(1, fee: 10, [(.feeCollected, 1, 10, 1), (.feeRemitted, 2, 4, 1)]), stray,
      journey(2, fee: nil, []),
    ]
    let whole = try report(journeys, heaps: heaps)
    #expect(whole.total.items == 2 && whole.leftOut == FeeSum())
    let day = try report(journeys, from: "2026-01-05", through: "2026-01-05", heaps: heaps)
    #expect(day.total.items == 1 && day.leftOut.items == 1 && day.leftOut.collected == 70_000)
    let later = try report(journeys, from: "2026-01-06", heaps: heaps)
    #expect(later.total.items == 0 && later.leftOut.items == 2)
    #expect(later.leftOut.collected == 70_010 && later.leftOut.remitted == 4)
  }

  @Test func amountsBeyondAnyColumnStillClose() throws {
    let report = try report([
      journey(1, fee: Int64.max, [(.feeCollected, 1, Int64.max, 1), (.feeCollected, 2, Int64.max, 1)]),
      journey(2, fee: Int64.max, [(.feeRemitted, 1, Int64.max, 1)]),
    ])
    #expect(report.total.collected == 2 * Int128(Int64.max))
    #expect(
      try report.document(language: .en, limit: 5, note: ReportNote(command: "c")).render(.json).count > 0)
  }

  @Test(arguments: FeeGrouping.allCases, 1...8) func identitiesHoldInAnyOrder(by: FeeGrouping, seed: Int)
    throws
  {
    var generator = SeededGenerator(seed: UInt64(seed))
    let journeys = (1...80).map { Bench.journey(Int64($0), &generator) }
    let forward = try report(journeys, by: by, now: 25)
    #expect(try report(journeys.shuffled(using: &generator), by: by, now: 25, heaps: 3) == forward)
    // Whatever the grouping, it is the same money.
    #expect(forward.total == (try report(journeys, by: .office, now: 25).total))
    let document = forward.document(language: .vi, limit: 3, note: ReportNote(command: "c"))
    for section in document.sections {
      let table = try #require(section.table)
      #expect(table.rows.allSatisfy { $0.count == table.columns.count }, "\(section.id)")
    }
  }
}
