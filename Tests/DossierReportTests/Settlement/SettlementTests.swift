import DossierCore
import Testing

@testable import DossierReport

/// Days of 2026 by their number in the year, from 1.
private func day(_ number: Int) throws -> CalendarDate {
  try #require(CalendarDate(year: 2026, month: 1, day: 1)).advanced(by: number - 1)
}

/// Noon in Viet Nam on a day.
private func noon(_ date: CalendarDate) -> Int64 { Int64(date.daysSince1970) * 86_400_000 + 5 * 3_600_000 }

private enum Journeys {
  static let post: Int32 = 1
  static let center: Int32 = 2

  /// An item that travelled from its acceptance to its delivery, or not so far.
  static func make(
    _ item: Int64, _ leg: Leg, accepted: CalendarDate?, delivered: CalendarDate? = nil, void: Bool = false,
    _ dossiers: [JourneyDossier]
  ) -> ItemJourney {
    var events: [JourneyEvent] = []
    func add(_ kind: EventKind, _ date: CalendarDate, corrects: Int64 = -1) {
      events.append(
        JourneyEvent(
          index: item * 10 + Int64(events.count), kind: kind, grade: .observed, at: noon(date),
          recordedAt: noon(date),
          office: post, hasReference: true, corrects: corrects))
    }
    if let accepted { add(.accepted, accepted) }
    if let delivered {
      add(.delivered, delivered)
      if void { add(.corrected, delivered, corrects: item * 10 + Int64(events.count) - 1) }
    }
    return ItemJourney(folding: events, item: item, leg: leg, dossiers: dossiers)
  }

  /// Many dossiers with intake and result items in every state of completeness.
  static func random(_ random: inout SeededGenerator, dossiers: Int) throws -> [ItemJourney] {
    var journeys: [ItemJourney] = []
    for key in 1...dossiers {
      func maybe(_ range: ClosedRange<Int>, _ chance: Double) throws -> CalendarDate? {
        Double.random(in: 0...1, using: &random) < chance
          ? try day(Int.random(in: range, using: &random)) : nil
      }
      let start = Int.random(in: 1...300, using: &random)
      let received = try maybe(start...start + 5, 0.8)
      let due = try maybe(start + 5...start + 40, 0.9)
      let result = try maybe(start - 5...start + 60, 0.5)
      let field = Int32.random(in: 0...3, using: &random)
      let code = Int64(Int.random(in: 0...40, using: &random) == 0 ? 0 : key)
      func dossier(_ id: Int, due: CalendarDate?) -> JourneyDossier {
        JourneyDossier(id: Int64(id), key: code, field: field, received: received, due: due, result: result)
      }
      if Bool.random(using: &random) {
        journeys.append(
          make(
            Int64(key * 4), .intake, accepted: try maybe(start - 3...start, 0.95),
            [dossier(key * 4, due: due)]))
      }
      if Bool.random(using: &random) {
        let later = Int.random(in: 0...9, using: &random) == 0 ? due?.advanced(by: 7) : due
        journeys.append(
          make(
            Int64(key * 4 + 1), .result, accepted: try day(start + 30),
            delivered: try maybe(start + 20...start + 50, 0.7),
            void: Int.random(in: 0...9, using: &random) == 0, [dossier(key * 4 + 1, due: later)]))
      }
      if Int.random(in: 0...9, using: &random) == 0 {
        journeys.append(
          make(Int64(key * 4 + 2), .return, accepted: try day(start + 60), [dossier(key * 4 + 2, due: nil)]))
      }
    }
    return journeys
  }

  static func tally(_ journeys: [ItemJourney]) -> SettlementTally {
    var tally = SettlementTally()
    for journey in journeys { tally.add(journey) }
    return tally
  }
}

@Suite struct SettlementTests {
  private let names: [Int32: String] = [1: "H48-DD", 2: "H48-HT", 3: "H48-XD"]

  private func report(
    _ journeys: [ItemJourney], _ from: Int, _ through: Int, known: Int = 1_000,
    _ edition: FormLayout.Edition? = nil
  ) throws -> SettlementReport {
    try SettlementReport(
      Journeys.tally(journeys), from: day(from), through: day(through), known: day(known),
      layout: edition.map(FormLayout.edition), names: names)
  }

  /// One dossier, processed in time and delivered late; both days in the period.
  @Test func theReadingDecidesWhatIsLate() throws {
    let dossier = JourneyDossier(
      id: 1, key: 1, field: 1, received: try day(10), due: try day(20), result: try day(19))
    let journeys = [
      Journeys.make(1, .intake, accepted: try day(9), [dossier]),
      Journeys.make(2, .result, accepted: try day(19), delivered: try day(23), [dossier]),
    ]
    let report = try report(journeys, 1, 31)
    #expect(report.layout == .current13 && report.isOver)
    #expect(report.tables.map(\.rows.count) == [1, 1])
    let (processing, returned) = (report.tables[0].total, report.tables[1].total)
    #expect(
      processing.received == 1 && processing.newPostal == 1 && processing.early == 1 && processing.late == 0)
    #expect(returned.received == 1 && returned.late == 1 && returned.early == 0)
    #expect(processing.postalResults == 1 && returned.postalResults == 1)
    #expect(report.moves == [.init(processing: .early, returned: .late, count: 1)])
    #expect(report.tables[0].rows.map(\.field) == ["H48-DD"])
    // Between processing and delivery a period ends: settled by one reading, open and overdue by the other.
    let half = try self.report(journeys, 1, 21)
    #expect(half.tables[0].total.resolved == 1 && half.tables[1].total.overdue == 1)
    // In the next period it is carried by return, and nowhere by processing.
    let next = try self.report(journeys, 22, 31)
    #expect(next.tables[0].total.received == 0 && next.tables[1].total.carried == 1)
    #expect(next.moves == [.init(processing: .earlier, returned: .late, count: 1)])
  }

  @Test func daysOnTheBoundariesCount() throws {
    func standing(received: Int, due: Int, settled: Int?, _ from: Int, _ through: Int) throws
      -> SettlementCounts
    {
      let dossier = JourneyDossier(
        id: 1, key: 1, received: try day(received), due: try day(due), result: try settled.map { try day($0) }
      )
      let made = try report(
        [Journeys.make(1, .intake, accepted: try day(received), [dossier])], from, through)
      #expect(made.tables[0].rows.map(\.field) == (made.tables[0].total.received == 0 ? [] : ["-"]))
      return made.tables[0].total
    }
    #expect(try standing(received: 10, due: 20, settled: 20, 10, 20).onTime == 1)
    #expect(try standing(received: 10, due: 20, settled: 21, 10, 21).late == 1)
    #expect(try standing(received: 9, due: 20, settled: 10, 10, 20).carried == 1)
    #expect(try standing(received: 9, due: 20, settled: 9, 10, 20).received == 0)
    #expect(try standing(received: 20, due: 20, settled: nil, 10, 20).inTerm == 1)
    #expect(try standing(received: 19, due: 19, settled: nil, 10, 20).overdue == 1)
    #expect(try standing(received: 21, due: 30, settled: nil, 10, 20).received == 0)
    #expect(try standing(received: 10, due: 30, settled: 21, 10, 20).inProgress == 1)
  }

  @Test func whatIsLeftOutIsCounted() throws {
    func item(_ number: Int64, _ dossier: JourneyDossier, leg: Leg = .intake, accepted: Int? = 10) throws
      -> ItemJourney
    {
      Journeys.make(number, leg, accepted: try accepted.map { try day($0) }, [dossier])
    }
    let whole = JourneyDossier(id: 1, key: 1, received: try day(10), due: try day(20))
    var noDue = whole
    noDue.key = 2
    noDue.due = nil
    var erased = whole
    erased.key = 0
    var announced = whole
    announced.key = 3
    var contradictory = whole
    contradictory.key = 4
    contradictory.result = try day(9)
    var unreceived = whole
    unreceived.key = 5
    unreceived.received = nil
    var differing = whole
    differing.key = 1
    differing.due = try day(25)
    let made = try report(
      [
        item(1, whole), item(2, noDue), item(3, erased), item(4, announced, accepted: nil),
        item(5, contradictory),
        item(6, unreceived, leg: .result), item(7, differing, leg: .result),
      ], 1, 31)
    #expect(made.excluded.noDueDate == 1 && made.excluded.erased == 1 && made.excluded.neverEntrusted == 1)
    #expect(made.excluded.noReceivedDay == 1 && made.excluded.contradictory == [.processing: 1])
    #expect(made.differingDueDates == 1 && made.assumedResultDays == 1)
    // By processing only the first is left; by return the one with the impossible result day too.
    #expect(made.tables.map(\.total.received) == [1, 2])
    #expect(made.withoutPostalResult == 1)
    // Brought by the post, nothing stated: the day of acceptance.
    var silent = unreceived
    silent.key = 6
    #expect(try report([item(8, silent)], 1, 31).tables[0].total.newPostal == 1)
  }

  @Test(arguments: FormLayout.Edition.allCases)
  func identitiesHoldForEveryPeriodAndForm(edition: FormLayout.Edition) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<10 {
      let journeys = try Journeys.random(&random, dossiers: 120)
      let tally = Journeys.tally(journeys)
      for _ in 0..<10 {
        let from = Int.random(in: 1...350, using: &random)
        let through = from + Int.random(in: 0...100, using: &random)
        let next = through + 1 + Int.random(in: 0...60, using: &random)
        func made(_ from: Int, _ through: Int) throws -> SettlementReport {
          // Made at all, so every identity holds.
          try SettlementReport(
            tally, from: day(from), through: day(through), known: day(1_000), layout: .edition(edition),
            names: names)
        }
        let first = try made(from, through)
        let second = try made(through + 1, next)
        let whole = try made(from, next)
        for reading in 0..<2 {
          let (a, b, c) = (first.tables[reading], second.tables[reading], whole.tables[reading])
          #expect(b.total.carried == a.total.inProgress, "seed \(seed)")
          for row in a.rows {
            let carried = b.rows.first { $0.field == row.field }?.counts.carried ?? 0
            #expect(carried == row.counts.inProgress, "\(row.field), seed \(seed)")
          }
          // Two periods together are the period from the first day to the last.
          #expect(a.total.resolved + b.total.resolved == c.total.resolved, "seed \(seed)")
          #expect(a.total.late + b.total.late == c.total.late, "seed \(seed)")
          #expect(
            b.total.inProgress == c.total.inProgress && b.total.overdue == c.total.overdue, "seed \(seed)")
          #expect(c.total.newPostal == a.total.newPostal + b.total.newPostal, "seed \(seed)")
        }
        let json = try first.document(language: .vi, note: ReportNote(command: "x")).render(.json)
        #expect(try first.document(language: .en, note: ReportNote(command: "x")).render(.json) == json)
      }
    }
  }

  /// Reports of random histories, written as CSV and read as somebody's table, pass the checker.
  @Test func whatWeMakePassesOurOwnCheck() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    let tally = Journeys.tally(try Journeys.random(&random, dossiers: 300))
    for edition in FormLayout.Edition.allCases {
      let made = try SettlementReport(
        tally, from: day(60), through: day(150), known: day(1_000), layout: .edition(edition), names: names)
      let document = made.document(language: .vi, note: ReportNote(command: "x"))
      let table = try #require(document.sections.first { $0.id == "returned" }?.table)
      let rows = (table.rows + [try #require(table.total)]).map { row in
        row.map { cell in
          if case .integer(let value) = cell {
            String(value)
          } else if case .text(let text) = cell {
            text
          } else {
            ""
          }
        }
      }
      let header = [table.columns.map { $0.group?.vi ?? "" }, table.columns.map(\.header.vi)]
      let sheet = Sheets.table((header + rows).map { $0.joined(separator: ";") }.joined(separator: "\n"))
      let report = CheckReport([CheckInput(name: "b.csv", content: .tables([sheet]))])
      #expect(report.tables.first?.layout.edition == edition, "\(header), seed \(seed)")
      #expect(report.findings == [] && !report.claims.isEmpty)
      #expect(report.claims.allSatisfy { $0.verdict == .pass }, "seed \(seed)")
    }
  }

  @Test func accumulatorsMergeInAnyOrder() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<20 {
      let journeys = try Journeys.random(&random, dossiers: 60)
      let expected = Journeys.tally(journeys)
      var parts = [SettlementTally](repeating: SettlementTally(), count: 4)
      for journey in journeys.shuffled(using: &random) {
        parts[Int.random(in: 0..<4, using: &random)].add(journey)
      }
      parts.shuffle(using: &random)
      var merged = parts.removeFirst()
      for part in parts { merged.merge(part) }
      #expect(merged.dossiers == expected.dossiers, "seed \(seed)")
      #expect(
        merged.erased == expected.erased && merged.neverEntrusted == expected.neverEntrusted, "seed \(seed)")
    }
  }

  @Test func aPeriodThatIsNotOverIsJudgedByWhatIsKnown() throws {
    let dossier = JourneyDossier(id: 1, key: 1, received: try day(10), due: try day(20))
    let journeys = [Journeys.make(1, .intake, accepted: try day(10), [dossier])]
    let early = try report(journeys, 1, 90, known: 15)
    #expect(!early.isOver && early.tables[0].total.inTerm == 1)
    #expect(try report(journeys, 1, 90, known: 21).tables[0].total.overdue == 1)
  }
}
