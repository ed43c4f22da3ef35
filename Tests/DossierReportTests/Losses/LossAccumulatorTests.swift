import DossierCore
import Testing

@testable import DossierReport

/// Words for hand-made dictionary numbers.
struct WordList: JourneyTexts {
  var words: [Int32: String]

  func texts(ofTerms terms: Set<Int32>) -> [Int32: String] { words.filter { terms.contains($0.key) } }
  func numbers(ofItems items: Set<Int64>) -> [Int64: String] {
    Dictionary(uniqueKeysWithValues: items.map { ($0, "I\($0)") })
  }
  func codes(ofDossiers dossiers: Set<Int64>) -> [Int64: String] { [:] }
  func numbers(ofManifests manifests: Set<Int64>) -> [Int64: String] { [:] }
  func identifiers(ofEvents events: Set<Int64>) -> [Int64: String] {
    Dictionary(uniqueKeysWithValues: events.map { ($0, "E\($0)") })
  }
}

@Suite struct LossAccumulatorTests {
  static let words = WordList(words: [
    1: "BC1", 2: "H48.25", 3: "theft", 4: "nonsense", 5: "unknown", 6: "Đất đai", 7: "Hộ tịch",
  ])
  static let day: Int64 = 86_400_000

  /// Entrusted at 08:00 of a day of Viet Nam, then one event a day.
  static func journey(
    _ item: Int64, day first: Int64 = 20_000, giver: Int32 = 1, leg: Leg? = .intake, dossiers: [Int32] = [6],
    _ events: [(EventKind, Int32)]
  ) -> ItemJourney {
    var list = [
      JourneyEvent(
        index: item * 100, kind: .accepted, grade: .observed, at: first * day + 3_600_000, recordedAt: 0,
        office: giver)
    ]
    for (place, event) in events.enumerated() {
      var next = JourneyEvent(
        index: item * 100 + Int64(place) + 1, kind: event.0, grade: .keyed,
        at: (first + Int64(place) + 1) * day + 3_600_000, recordedAt: 0, office: giver, reason: event.1,
        hasReference: true)
      if event.0 == .damaged { next.damage = DamageGrade(rawValue: UInt8(event.1)) }
      if event.0 == .corrected { next.corrects = item * 100 + Int64(event.1) }
      list.append(next)
    }
    return ItemJourney(
      folding: list, item: item, leg: leg,
      dossiers: dossiers.enumerated().map {
        JourneyDossier(id: item * 10 + Int64($0.offset), field: $0.element)
      })
  }

  static let journeys = [
    journey(1, [(.delivered, 0)]),
    journey(2, [(.lost, 3)]),
    journey(3, dossiers: [6, 7], [(.lost, 4), (.found, 0), (.delivered, 0)]),
    journey(4, day: 20_001, [(.delivered, 0), (.lost, 0)]),
    journey(5, day: 20_001, giver: 2, [(.lost, 3), (.corrected, 1)]),
    journey(6, day: 20_002, dossiers: [6, 6, 7], [(.damaged, 1), (.damaged, 3), (.damaged, 2)]),
    journey(7, day: 20_002, giver: 2, leg: nil, dossiers: [], [(.lost, 3), (.found, 0), (.lost, 5)]),
    journey(8, day: 19_000, [(.held, 0)]),
    journey(9, day: 20_003, [(.missing, 0)]),
  ]

  private static func figures(
    _ journeys: [ItemJourney], unit: LossQuery.Unit, by: [LossQuery.Grouping] = []
  ) throws -> LossFigures {
    var accumulator = LossAccumulator(LossCohort(unit: unit), .everything)
    for journey in journeys { accumulator.add(journey) }
    return try LossFigures(accumulator, by: by, texts: words)
  }

  @Test func causesAndFates() throws {
    let total = try #require(try Self.figures(Self.journeys, unit: .item).groups.first)
    #expect(total.counts.entrusted == 9 && total.counts.lost == 2 && total.counts.found == 2)
    #expect(total.details[.theft] == CauseCounts(declared: 1, lost: 1))
    // The last declaration counts: it was theft first, then unknown.
    #expect(
      total.details[.unknown] == CauseCounts(declared: 3, foundAgain: 1, contested: 1, lost: 1))
    #expect(total.details.otherReasons == 1 && total.details.withoutReason == 1)
    #expect(total.details.damage == [0, 0, 1, 0])
    #expect(total.details.agree(with: total.counts))
  }

  @Test func dossiersCountWithTheirItem() throws {
    let figures = try Self.figures(Self.journeys, unit: .dossier, by: [.field])
    #expect(figures.groups.map(\.labels) == [["Hộ tịch"], ["Đất đai"]])
    #expect(figures.groups.map(\.counts.entrusted) == [2, 9])
    #expect(figures.groups.map(\.counts.damaged) == [1, 2])
    #expect(figures.exclusions.withoutDossiers == 1)
    #expect(figures.days.map(\.items) == [1, 3, 2, 2, 1])
    #expect(figures.days.map(\.lost) == [0, 1, 0, 1, 0])
  }

  @Test func anyOrderGivesTheSame() throws {
    let seed = UInt64.random(in: .min ... .max)
    var generator = SeededGenerator(seed: seed)
    let deadlines = try PresumedLossDeadlines(
      PresumedLossRule(
        version: "t", validFrom: #require(CalendarDate(daysSince1970: 0)), limits: [:], otherLimit: 3,
        silence: 2), today: #require(CalendarDate(daysSince1970: 20_010))
    ) { count, day in day.advanced(by: -count) }
    for unit in LossQuery.Unit.allCases {
      let cohort = LossCohort(
        unit: unit, from: CalendarDate(daysSince1970: 19_500), through: CalendarDate(daysSince1970: 20_002),
        deadlines: deadlines)
      func fold(_ journeys: [ItemJourney]) -> LossAccumulator {
        journeys.reduce(into: LossAccumulator(cohort, .everything)) { $0.add($1) }
      }
      let whole = try LossFigures(fold(Self.journeys), by: [.office, .leg], texts: Self.words)
      #expect(whole.exclusions.outsidePeriod == 2)
      for _ in 0..<50 {
        let shuffled = Self.journeys.shuffled(using: &generator)
        let cut = Int.random(in: 0...shuffled.count, using: &generator)
        var left = fold(Array(shuffled[..<cut]))
        var right = fold(Array(shuffled[cut...]))
        let mirrored = right
        right.merge(left)
        left.merge(mirrored)
        #expect(try LossFigures(left, by: [.office, .leg], texts: Self.words) == whole, "seed \(seed)")
        #expect(try LossFigures(right, by: [.office, .leg], texts: Self.words) == whole, "seed \(seed)")
      }
    }
  }
}

@Suite struct PresumedLossRuleTests {
  private static func date(_ day: Int) -> CalendarDate? { CalendarDate(daysSince1970: day) }

  @Test func theProgramsOwnRuleIsRead() throws {
    let rule = try #require(PresumedLossRules.standard.rules.first)
    #expect(rule.version == "2026-1" && rule.validFrom.text == "2019-01-01" && rule.silence == 10)
    #expect(Leg.allCases.allSatisfy { rule.limits[$0] != nil })
    #expect(PresumedLossRules.standard.remarks.count == 1)
    #expect(PresumedLossRules.standard.rule(on: try #require(CalendarDate("2018-12-31"))) == nil)
  }

  /// The two days before which an item must lie, against the definition counted out.
  @Test func deadlinesAreTheDefinition() throws {
    let calendar = WorkingCalendars.standard.administrative
    let seed = UInt64.random(in: .min ... .max)
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<300 {
      let rule = PresumedLossRule(
        version: "t", validFrom: try #require(Self.date(0)),
        limits: [.result: Int.random(in: 1...9, using: &generator)],
        otherLimit: Int.random(in: 1...30, using: &generator),
        silence: Int.random(in: 0...15, using: &generator))
      let today = try #require(Self.date(Int.random(in: 19_000...20_400, using: &generator)))
      let deadlines = try PresumedLossDeadlines(rule, today: today) { count, day in
        try calendar.date(workingDays: -count, after: day)
      }
      for _ in 0..<20 {
        let entrusted = today.advanced(by: -Int.random(in: -3...70, using: &generator))
        let last = entrusted.advanced(by: Int.random(in: 0...70, using: &generator))
        let leg = [Leg.result, .intake, nil].randomElement(using: &generator) ?? nil
        // The limit's last day, then silence since the later of it and the last event.
        let due = try calendar.date(workingDays: rule.limit(leg), after: entrusted)
        let since = max(due, last)
        let silent = since <= today ? try calendar.workingDays(after: since, through: today) : -1
        let expected = silent >= rule.silence
        #expect(
          deadlines.arePassed(leg: leg, entrusted: entrusted.daysSince1970, last: last.daysSince1970)
            == expected,
          "seed \(seed): \(rule) \(entrusted.text) \(last.text) \(today.text)")
      }
    }
  }

  @Test(arguments: [
    ("", 1), ("rule;a;2020-01-01", 1), ("limit;other;3", 1),
    ("rule;a;2020-02-30\nlimit;other;3\nsilence;1", 1),
    ("rule;a;2020-01-01\nlimit;other;0\nsilence;1", 2),
    ("rule;a;2020-01-01\nlimit;post;3\nlimit;other;3\nsilence;1", 2),
    ("rule;a;2020-01-01\nlimit;other;3\nlimit;other;3\nsilence;1", 3),
    ("rule;a;2020-01-01\nlimit;other;3", 2),
    ("rule;a;2020-01-01\nlimit;other;3\nsilence;-1", 3),
    ("rule;a;2020-01-01\nlimit;other;3\nsilence;9999", 3),
    ("rule;a;2020-01-01\nlimit;other;3\nsilence;1\nremark;one", 4),
    ("rule;a;2020-01-01\nlimit;other;3\nsilence;1\nx", 4),
    ("rule;a;2020-01-01\nlimit;other;3\nsilence;1\nrule;b;2020-01-01", 4),
  ])
  func aWrongLineIsNamed(text: String, line: Int) {
    let (rules, findings) = PresumedLossRules.read(Array(text.utf8), file: "r.txt")
    #expect(
      rules == nil && findings.first?.code == .ruleFileForm && findings.first?.line == line, "\(findings)")
  }

  @Test func theRuleInForceIsTakenByItsDay() throws {
    let text =
      "\u{feff}rule;b;2022-01-01\r\nlimit;other;3\r\nsilence;1\r\n# x\r\nrule;a;2020-01-01\r\nlimit;other;9\r\nsilence;2\r\n"
    let rules = try #require(PresumedLossRules.read(Array(text.utf8), file: nil).rules)
    #expect(rules.rule(on: try #require(CalendarDate("2021-12-31")))?.version == "a")
    #expect(rules.rule(on: try #require(CalendarDate("2022-01-01")))?.version == "b")
    #expect(PresumedLossRules.read([0xff], file: nil).rules == nil)
    #expect(
      PresumedLossRules.read([UInt8](repeating: 35, count: PresumedLossRules.greatestFile + 1), file: nil)
        .findings.first?.code == .tooLarge)
  }
}

@Suite struct LossSequenceTests {
  private static func days(_ rows: [(items: Int, lost: Int)]) -> [LossDay] {
    rows.enumerated().map {
      LossDay(day: 20_000 + Int32($0.offset), items: $0.element.items, lost: $0.element.lost)
    }
  }

  @Test func lossesOfADayAreSpreadOverIt() {
    let positions = LossSequence.positions(Self.days([(10, 1), (4, 2), (3, 3), (5, 0), (1, 1)])).map(
      \.position)
    #expect(positions == [6, 12, 14, 15, 16, 17, 23])
  }

  @Test func positionsAreDistinctAndInTheirDays() {
    let seed = UInt64.random(in: .min ... .max)
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      let rows = (0..<20).map { _ in
        let items = Int.random(in: 0...50, using: &generator)
        return (items, Int.random(in: 0...items, using: &generator))
      }
      let positions = LossSequence.positions(Self.days(rows)).map(\.position)
      #expect(positions.count == rows.reduce(0) { $0 + $1.1 }, "seed \(seed)")
      #expect(zip(positions.dropFirst(), positions).allSatisfy { $0 > $1 }, "seed \(seed)")
      var before = 0
      var place = 0
      for (items, lost) in rows {
        let own = positions[place..<place + lost]
        #expect(own.allSatisfy { (before + 1...before + max(items, 1)).contains($0) }, "seed \(seed)")
        before += items
        place += lost
      }
    }
  }

  @Test func aRateThatTriplesGivesASignal() throws {
    let steady = (0..<40).map { (500, $0.isMultiple(of: 4) ? 1 : 0) }
    let calm = try #require(LossSequence(Self.days(steady), target: nil))
    #expect(calm.signals.isEmpty && calm.items == 20_000 && calm.marks.count == 10)
    let worse = (0..<40).map { (500, $0 < 30 ? ($0.isMultiple(of: 4) ? 1 : 0) : 2) }
    let alarm = try #require(LossSequence(Self.days(worse), target: 0.0005))
    #expect(alarm.signals.isEmpty == false)
    #expect(alarm.signals.allSatisfy { $0.position > 15_000 })
  }

  @Test func nothingLostIsNoSequence() {
    #expect(LossSequence(Self.days([(10, 0), (5, 0)]), target: nil) == nil)
    #expect(LossSequence([], target: nil) == nil)
    #expect(LossSequence(Self.days([(3, 3)]), target: nil) == nil)
  }
}

@Suite struct LossFunnelTests {
  private static func office(_ code: String, _ lost: Int, _ entrusted: Int) -> LossRow {
    LossRow(
      group: code, counts: LossCounts(entrusted: entrusted, delivered: entrusted - lost, lost: lost))
  }

  static let offices = [
    office("A", 3, 1000), office("B", 30, 2000), office("C", 0, 3), office("D", 12, 8000), office("E", 0, 0),
  ]

  @Test func anOfficeBeyondTheLimitsIsMarked() throws {
    let funnel = try #require(LossFunnel(Self.offices, target: nil, order: .code))
    #expect(funnel.points.map(\.office) == ["A", "B", "C", "D"])
    #expect(funnel.points.map(\.place) == [.within, .farAbove, .within, .farBelow])
    #expect(funnel.target == 45.0 / 11_003)
    // However small, an office keeps its interval, and is drawn towards the others.
    #expect(funnel.points[2].rate.upper ?? 0 > 60_000)
    #expect(abs(funnel.points[2].shrunk - funnel.target) < 2e-4)
    let section = funnel.section(.item)
    #expect(section.charts.count == 1)
    guard case .funnel(let chart) = section.charts.first?.kind else {
      Issue.record("no funnel")
      return
    }
    #expect(chart.limits.count == 3 && chart.points.filter(\.isOutside).map(\.label) == ["B", "D"])
    #expect(chart.limits.allSatisfy { $0.steps.count > 60 })
  }

  @Test func volumeIsAnOrderAndRatesAreNone() throws {
    let funnel = try #require(LossFunnel(Self.offices, target: nil, order: .volume))
    #expect(funnel.points.map(\.office) == ["D", "B", "A", "C"])
  }

  @Test func oneOfficeIsNotCompared() {
    #expect(LossFunnel([Self.offices[0]], target: nil, order: .code) == nil)
    #expect(LossFunnel([Self.offices[0], Self.offices[4]], target: nil, order: .code) == nil)
  }

  @Test func withoutLossesThereAreNoLimits() throws {
    let funnel = try #require(
      LossFunnel([Self.office("A", 0, 10), Self.office("B", 0, 20)], target: nil, order: .code))
    #expect(funnel.points.allSatisfy { $0.outer == nil && $0.place == .within })
    #expect(funnel.section(.item).charts.isEmpty)
  }
}

@Suite struct LossQuestionTests {
  @Test(arguments: [
    ("H48.25.lost", "H48.25", LossColumn.lost), ("total.damaged", "total", .damaged),
    ("BC1 → H48.25 | 2026-01.theft", "BC1 → H48.25 | 2026-01", .cause(.theft)),
    ("-.partlyReadable", "-", .grade(.partlyReadable)), ("a.b.c.open", "a.b.c", .open),
  ])
  func theLastPointParts(text: String, row: String, column: LossColumn) {
    #expect(LossQuestion(text) == LossQuestion(row: row, column: column))
  }

  @Test(arguments: ["", "lost", ".lost", "total.", "total.Lost", "total.nothing", "total lost"])
  func whatIsNoNumberIsNil(text: String) {
    #expect(LossQuestion(text) == nil)
  }

  @Test func everyColumnHasItsOwnKey() {
    #expect(Set(LossColumn.all.map(\.key)).count == LossColumn.all.count)
    #expect(LossColumn.all.count == 24)
  }
}
