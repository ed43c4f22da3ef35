import DossierSQLite
import DossierTesting
import Testing

@testable import DossierTracker

/// The loss report over random histories: the quick way against the long one, then against now, and each number against
/// the items behind it.
@Suite struct LossesTests {
  private static let seeds = [7, UInt64.random(in: 0...UInt64.max)]

  /// A tracker with a random history, in which things are also lost for every cause, before and after their endings.
  private struct Desk {
    let folder = try? TemporaryFolder()
    let tracker: Tracker
    private var operations: RandomOperations
    private var generator: SeededRandom
    private var step: Int64 = 0

    init(seed: UInt64) throws {
      let folder = try #require(folder)
      tracker = try Sample.create(folder.path("store"), clock: FixedClock(TestValues.at(day: 50)))
      operations = RandomOperations(seed: seed)
      generator = SeededRandom(seed: seed)
    }

    mutating func run(_ count: Int) throws {
      for _ in 0..<count {
        step += 1
        let now = TestValues.at(day: 50) + step * 1_000
        _ = try operations.next().run(on: tracker.store, now: now)
        guard step.isMultiple(of: 3) else { continue }
        let items = try tracker.store.items(matching: ItemFilter(), after: 0, limit: .max)
        guard let item = items.randomElement(using: &generator) else { continue }
        let kind = [EventKind.lost, .lost, .found, .delivered, .damaged].randomElement(using: &generator)
        var draft = TestValues.event(
          "X\(step)", kind ?? .lost, item.number,
          at: TestValues.at(day: Int.random(in: 1...30, using: &generator)), office: "BC1", reference: "QĐ")
        draft.reason =
          (LossCause.allCases.map(\.word) + ["theftX", nil]).randomElement(using: &generator) ?? nil
        _ = try tracker.store.append([draft], recordedAt: now, expecting: nil)
      }
    }

    /// The newest state, but read the long way.
    func slow() throws -> ReportBasis {
      let basis = try tracker.basis()
      return ReportBasis(view: basis.view, heading: basis.heading, isCurrent: false)
    }
  }

  /// Short limits, so that something is presumed lost.
  private static let rules = PresumedLossRules.read(
    Array("rule;t;2000-01-01\nlimit;intake;2\nlimit;other;1\nsilence;3\n".utf8), file: nil
  ).rules

  private static func requests() throws -> [LossRequest] {
    let rules = try #require(rules)
    let day = { (day: Int) in
      JourneyEvent(
        index: 0, kind: .lost, grade: .keyed, at: TestValues.at(day: day), recordedAt: 0, office: 0
      ).day
    }
    var requests: [LossRequest] = []
    for unit in LossQuery.Unit.allCases {
      for by in LossQuery.Grouping.allCases.map({ [$0] }) + [[], [.leg, .month], [.field, .office]] {
        requests.append(LossRequest(unit: unit, by: by, rules: rules))
      }
      requests.append(LossRequest(from: day(5), through: day(22), unit: unit, by: [.office], rules: rules))
      requests.append(LossRequest(from: day(12), unit: unit, by: [.agency], target: 900, rules: rules))
    }
    return requests
  }

  private static func bytes(_ report: LossReport) throws -> [[UInt8]] {
    try [ReportFormat.table, .json, .csv].map { try report.document.render($0) }
  }

  @Test(arguments: seeds)
  func countersAndJourneysGiveOneReport(seed: UInt64) throws {
    var desk = try Desk(seed: seed)
    var seen = LossDetails()
    for steps in [24, 70] {
      try desk.run(steps)
      let (quick, slow) = (try desk.tracker.basis(), try desk.slow())
      #expect(quick.isCurrent)
      for request in try Self.requests() {
        let report = try desk.tracker.losses(request, at: quick)
        let long = try desk.tracker.losses(request, at: slow)
        #expect(report == long, "seed \(seed), \(request.unit) by \(request.by)")
        if request.by.count != 1 { #expect(try Self.bytes(report) == Self.bytes(long), "seed \(seed)") }
        seen = seen + report.total.details
      }
    }
    guard seed == Self.seeds[0] else { return }
    // The comparison is worth something only if there was something to compare.
    #expect(seen.declared.lost > 0 && seen.declared.foundAgain > 0, "seed \(seed)")
    #expect(seen.damage.reduce(0, +) > 0 && (seen.presumedLost ?? 0) > 0, "seed \(seed)")
  }

  @Test(arguments: seeds)
  func aReportIsMadeAgainByteForByte(seed: UInt64) throws {
    var desk = try Desk(seed: seed)
    let requests = try Self.requests()
    var kept: [(size: UInt64, request: LossRequest, bytes: [[UInt8]])] = []
    for round in 0..<6 {
      try desk.run(15)
      let basis = try desk.tracker.basis()
      let request = requests[(round * 5 + 3) % requests.count]
      kept.append(
        (basis.view.log.size, request, try Self.bytes(try desk.tracker.losses(request, at: basis))))
    }
    for (size, request, bytes) in kept {
      let basis = try desk.tracker.basis(asOf: .size(size))
      #expect(
        try Self.bytes(try desk.tracker.losses(request, at: basis)) == bytes, "seed \(seed), size \(size)")
    }
  }

  /// Every number of every row is the sum of what is listed behind it, by both ways of looking.
  @Test(arguments: seeds)
  func everyNumberHasItsItems(seed: UInt64) throws {
    var desk = try Desk(seed: seed)
    try desk.run(90)
    let bases = [try desk.tracker.basis(), try desk.slow()]
    for (unit, by) in [(LossQuery.Unit.item, [LossQuery.Grouping.leg]), (.dossier, [.field, .leg])] {
      let request = LossRequest(unit: unit, by: by, rules: try #require(Self.rules))
      let report = try desk.tracker.losses(request, at: bases[0])
      for row in report.rows + [report.total] {
        for column in LossColumn.all {
          let question = LossQuestion(row: row.group, column: column)
          let place: Comment = "seed \(seed), \(row.group).\(column.key), \(unit)"
          // The long way is long: it is asked about the total and one row.
          let isChecked = row.group == report.total.group || row.group == report.rows.first?.group
          let found = try bases.prefix(isChecked ? 2 : 1).map {
            try desk.tracker.lossEvidence(question, of: report, request, at: $0)
          }
          #expect(found.last == found[0], place)
          #expect(found[0].count == column.value(row), place)
          #expect(found[0].items.map(\.weight).reduce(0, +) == found[0].count, place)
          #expect(found[0].unlisted == 0 && found[0].items.allSatisfy { !$0.events.isEmpty }, place)
          #expect(Set(found[0].items.map(\.number)).count == found[0].items.count, place)
          if unit == .item { #expect(found[0].itemCount == found[0].count, place) }
          guard row.group == report.total.group else { continue }
          let few = try desk.tracker.lossEvidence(question, of: report, request, at: bases[0], limit: 2)
          #expect(few.items == Array(found[0].items.prefix(2)) && few.count == found[0].count, place)
          #expect(few.unlisted == max(0, found[0].itemCount - 2), place)
        }
      }
    }
  }

  @Test(arguments: seeds)
  func whatChangedSinceIsSaidRowByRow(seed: UInt64) throws {
    var desk = try Desk(seed: seed)
    let request = LossRequest(unit: .item, by: [.office], rules: try #require(Self.rules))
    try desk.run(60)
    let early = try desk.tracker.basis()
    let before = try desk.tracker.losses(request, at: early)
    try desk.run(60)
    let later = try desk.tracker.basis()
    let now = try desk.tracker.losses(request, at: later)
    let report = try desk.tracker.losses(
      request, at: try desk.tracker.basis(asOf: .size(early.view.log.size)), comparedWith: later)
    let changes = try #require(report.comparison).changes
    #expect(report.rows == before.rows && !changes.isEmpty, "seed \(seed)")
    for column in LossColumn.all {
      let change = changes.first { $0.group == "total" && $0.column == column.key }
      let (then, after) = (column.value(before.total), column.value(now.total))
      #expect(change?.then == (then == after ? nil : then), "seed \(seed), \(column.key)")
      #expect(change?.later == (then == after ? nil : after), "seed \(seed), \(column.key)")
      let sum = changes.filter { $0.group != "total" && $0.column == column.key }
        .reduce(0) { $0 + ($1.later ?? 0) - ($1.then ?? 0) }
      #expect(sum == (after ?? 0) - (then ?? 0), "seed \(seed), \(column.key)")
    }
    let command = report.document.note.command
    #expect(command.hasSuffix("--as-of \(early.view.log.size) --compare \(later.view.log.size)"))
  }

  @Test func aNumberThatIsNotThereIsRefused() throws {
    let folder = try TemporaryFolder()
    try Sample.filled(folder.path("store"))
    let tracker = try Sample.open(folder.path("store"), readOnly: true)
    let basis = try tracker.basis()
    let request = LossRequest(by: [.office])
    let report = try tracker.losses(request, at: basis)
    let found = try refusal {
      try tracker.lossEvidence(LossQuestion(row: "nowhere", column: .lost), of: report, request, at: basis)
    }
    #expect(found?.code == .noSuchNumber)
    let lost = try tracker.lossEvidence(
      LossQuestion(row: "total", column: .lost), of: report, request, at: basis)
    #expect(lost.items.map(\.number) == ["EM473653477VN"])
    #expect(lost.items.first?.events.map(\.kind) == ["lost"])
  }
}
