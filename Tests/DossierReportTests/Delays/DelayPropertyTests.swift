import DossierCore
import Testing

@testable import DossierReport

@Suite struct DelayPropertyTests {
  static let kinds: [EventKind] = [
    .accepted, .dispatched, .dispatched, .received, .received, .received, .outForDelivery, .held,
    .attemptFailed, .missing, .delivered, .returned, .destroyed, .lost, .found, .damaged, .surplus,
  ]
  static let legs: [Leg?] = [.intake, .result, .supplement, .circulation, .return, nil]
  static let start: Int64 = 1_772_400_000_000  // 2 March 2026

  /// Items with all kinds of events in any order at any office, and dossiers that share some of them.
  static func history(_ random: inout SeededGenerator) -> [ItemJourney] {
    (1...Int.random(in: 1...12, using: &random)).map { item in
      var at = start + Int64.random(in: 0..<30, using: &random) * 24 * hour
      let steps = (0...Int.random(in: 0...9, using: &random)).map { position in
        at += Int64.random(in: 0..<40, using: &random) * hour / 2
        let kind =
          position == 0 && Bool.random(using: &random) ? .accepted : kinds.randomElement(using: &random)
        return (
          kind ?? .held, at, Int32.random(in: 0...6, using: &random), Int32.random(in: 1...6, using: &random)
        )
      }
      let dossiers = (0..<Int.random(in: 0...3, using: &random)).map { position in
        let due = CalendarDate(vietNamInstant: start).advanced(by: Int.random(in: -5...60, using: &random))
        return JourneyDossier(
          id: Int64(item * 10 + position), key: Int64.random(in: 0...6, using: &random),
          field: Int32.random(in: 0...2, using: &random), agency: Int32.random(in: 0...2, using: &random),
          due: Bool.random(using: &random) ? due : nil)
      }
      return journey(Int64(item), legs.randomElement(using: &random) ?? nil, dossiers, steps)
    }
  }

  @Test func theSplitIsExactWhateverHappened() {
    for seed in UInt64(1)...400 {
      var random = SeededGenerator(seed: seed)
      let history = Self.history(&random)
      let by = LossQuery.Grouping.allCases.randomElement(using: &random)
      let figures = figures(history, DelayQuery(by: by), now: Self.start + 40 * 24 * hour)
      #expect(figures.total.balances, "seed \(seed)")
      #expect(!figures.groups.values.contains { !$0.balances }, "seed \(seed)")
      #expect(figures.late.count == figures.total.allLate, "seed \(seed)")
      // Every key is one dossier, but for those that were erased.
      let entrusted = history.filter { $0.custody.isEntrusted }.flatMap(\.dossiers)
      let keys = Set(entrusted.map(\.key).filter { $0 != 0 }).count + entrusted.count { $0.key == 0 }
      #expect(figures.total.dossiers == keys, "seed \(seed)")
      #expect(figures.transit.items == history.count { $0.custody.isEntrusted }, "seed \(seed)")
      // One calendar for all would sum to the working time of the whole.
      #expect(figures.total.working[0...1] == figures.total.clock[0...1], "seed \(seed)")
    }
  }

  @Test func neitherOrderNorThreadsMatter() throws {
    for seed in UInt64(1)...100 {
      var random = SeededGenerator(seed: seed)
      let history = Self.history(&random)
      let query = DelayQuery(by: .route, limit: 3)
      let now = Self.start + 40 * 24 * hour
      let expected = try Self.text(figures(history, query, now: now))
      var accumulators = [DelayAccumulator(), DelayAccumulator(), DelayAccumulator()]
      for journey in history.shuffled(using: &random) {
        accumulators[Int.random(in: 0..<3, using: &random)].add(journey)
      }
      var merged = accumulators[2]
      merged.merge(accumulators[0])
      merged.merge(accumulators[1])
      let figures = DelayFigures(
        merged, query: query, now: now, calendars: .standard, kinds: Place.kinds)
      #expect(try Self.text(figures) == expected, "seed \(seed)")
    }
  }

  static func text(_ figures: DelayFigures) throws -> [UInt8] {
    let report = try DelayReport(figures, calendars: .standard, texts: PlainTexts())
    return try report.document(language: .en, note: ReportNote(command: "")).render(.json)
  }

  /// The custody state machine, folded over what had happened by then, is the witness of who held an item.
  @Test func holdersAgreeWithTheStateMachine() {
    for seed in UInt64(1)...200 {
      var random = SeededGenerator(seed: seed)
      var at = Self.start
      var steps: [(EventKind, Int64, Int32, Int32)] = [(.accepted, at, 1, 0)]
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        at += Int64.random(in: 1..<40, using: &random) * hour
        steps.append(
          (
            Self.kinds.randomElement(using: &random) ?? .held, at, Int32.random(in: 1...6, using: &random),
            Int32.random(in: 1...6, using: &random)
          ))
      }
      let whole = journey(1, .circulation, [JourneyDossier(id: 1, key: 1)], steps)
      var gathered = DelayAccumulator()
      gathered.add(whole)
      let part = gathered.parts[0]
      var timeline = DossierTimeline()
      timeline.add(
        part.items[0], part, part.offices.map { DelayFigures.holder($0, Place.kinds) }, receiver: .nobody,
        giver: .nobody, now: at + 48 * hour)
      for _ in 0..<20 {
        let time = Int64.random(in: timeline.start..<max(timeline.end, timeline.start + 1), using: &random)
        let past = whole.events.filter { $0.at <= time }
        let custodian = ItemJourney(folding: past, item: 1).custody.custodian
        #expect(
          timeline.holder(at: time) == DelayFigures.holder(custodian, Place.kinds), "seed \(seed) at \(time)")
      }
    }
  }
}
