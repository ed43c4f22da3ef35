public import DossierCore

/// Where custody is open, late, contradictory or unproven, as known at one state of the log.
///
/// Its sums are checked against each other when it is made: what does not close is a fault of the program and is never
/// printed.
public struct CustodyReport: Equatable, Sendable {
  /// An offer that nobody has answered, by whom it was made and to whom.
  struct HandOver: Equatable, Sendable {
    var item: String
    var from: String
    var to: String
    var manifest: String?
    var offeredAt: Int64
    var days: Int
    var isOverdue: Bool
  }

  struct RouteRow: Equatable, Sendable {
    var from: String
    var to: String
    var open = 0
    var overdue = 0
    var oldestDays = 0
  }

  struct Stuck: Equatable, Sendable {
    var item: String
    var custodian: String
    var state: StateWord
    var lastAt: Int64
    var days: Int
  }

  struct StuckRow: Equatable, Sendable {
    var custodian: String
    var state: StateWord
    var count = 0
    var oldestDays = 0
  }

  struct DiscrepancyRow: Equatable, Sendable {
    var kind: CustodyTally.Discrepancy
    var opened = 0
    var closed: [CustodyTally.Closure: Int] = [:]
    var open = 0
    var ages: [AgeBand: Int] = [:]
    /// Half of those closed were closed within so many days; nil when none was.
    var medianDays: Double?

    var closedTotal: Int { closed.values.reduce(0, +) }
  }

  struct OpenDiscrepancy: Equatable, Sendable {
    var item: String
    var kind: CustodyTally.Discrepancy
    var office: String
    var openedAt: Int64
    var days: Int
  }

  struct Gap: Equatable, Sendable {
    var code: FindingCode
    var office: String
    var count: Int
    var examples: [String]
  }

  struct TimeRow: Equatable, Sendable {
    var office: String
    var time: CustodyTally.CustodyTime
  }

  /// Hand-overs between two kinds of office; nil for an office that the master data does not name.
  struct Flow: Equatable, Sendable {
    var from: Office.Kind?
    var to: Office.Kind?
    var count: CustodyTally.RouteCount
  }

  /// Open hand-overs of one age.
  struct AgeCount: Equatable, Sendable {
    var open = 0
    var overdue = 0
  }

  let rules: CustodyRules
  /// Version of the calendar whose working days stuck items are counted by; nil for days of 24 hours.
  let calendarVersion: String?
  let entrusted: Int
  let open: Int
  /// How many lines the lists leave out, because they hold the oldest only (``CustodyTally/longestList``).
  let unlisted: Int
  private(set) var ages: [AgeBand: AgeCount] = [:]
  private(set) var handOvers: [HandOver] = []
  private(set) var routes: [RouteRow] = []
  private(set) var stuck: [Stuck] = []
  private(set) var stuckRows: [StuckRow] = []
  private(set) var discrepancies: [DiscrepancyRow] = []
  private(set) var openDiscrepancies: [OpenDiscrepancy] = []
  private(set) var gaps: [Gap] = []
  private(set) var time: [TimeRow] = []
  private(set) var totalTime = CustodyTally.CustodyTime()
  private(set) var flows: [Flow] = []
  let seals: SealRegister
  let signers: SignerPairs

  /// - Parameters:
  ///   - manifests: in the order of recording.
  ///   - offices: master data of the same state of the log.
  ///   - names: what the tally's ``CustodyTally/terms``, ``CustodyTally/items`` and ``CustodyTally/manifests`` mean.
  /// - Throws: when sums do not close.
  public init(
    _ tally: CustodyTally, manifests: [SealedManifest], offices: [Office], names: ReportNames
  ) throws(CustodyReportRefusal) {
    rules = tally.rules
    calendarVersion = tally.calendar?.version
    entrusted = tally.entrusted
    open = tally.open
    unlisted = [tally.handOvers.count, tally.stuck.count, tally.discrepancies.count]
      .reduce(0) { $0 + max(0, $1 - CustodyTally.longestList) }
    seals = SealRegister(manifests, broken: tally.brokenSeals)
    signers = SignerPairs(manifests)
    addHandOvers(tally, names)
    addStuck(tally, names)
    addDiscrepancies(tally, names)
    gaps = tally.gaps.map { key, count in
      Gap(
        code: key.code, office: names.office(key.office), count: count.count,
        examples: count.examples.map(names.item))
    }.sorted { left, right in
      if left.code != right.code { return left.code.rawValue < right.code.rawValue }
      if left.count != right.count { return left.count > right.count }
      return ReportValue.precedes(left.office, right.office)
    }
    time = tally.time.map { TimeRow(office: names.office($0), time: $1) }
      .sorted { ReportValue.precedes($0.office, $1.office) }
    for row in time { totalTime += row.time }
    addFlows(tally, offices, names)
    try check(tally)
  }

  private func check(_ tally: CustodyTally) throws(CustodyReportRefusal) {
    guard totalTime.sum == tally.entrustedTime else {
      throw .doesNotClose("custody time: parts \(totalTime.sum), entrusted \(tally.entrustedTime) ms")
    }
    for row in discrepancies where row.opened != row.closedTotal + row.open {
      throw .doesNotClose("discrepancies \(row.kind.word): \(row.opened) ≠ \(row.closedTotal) + \(row.open)")
    }
    let inRoutes = routes.reduce(0) { $0 + $1.open }
    let inFlows = flows.reduce(0) { $0 + $1.count.open }
    let offers = tally.handOvers.count
    guard inRoutes == offers, inFlows == offers, openHandOvers == offers, offers <= open else {
      throw .doesNotClose("open hand-overs: \(offers), by route \(inRoutes), by kind \(inFlows)")
    }
    let inRows = stuckRows.reduce(0) { $0 + $1.count }
    guard inRows == tally.stuck.count, inRows <= open, open <= entrusted else {
      throw .doesNotClose("stuck items: \(tally.stuck.count), by custodian \(inRows), open \(open)")
    }
  }

  // MARK: Lists

  private mutating func addHandOvers(_ tally: CustodyTally, _ names: ReportNames) {
    struct Route: Hashable {
      var from: String
      var to: String
    }
    var rows: [Route: RouteRow] = [:]
    for offer in tally.handOvers {
      let days = AgeBand.days(from: offer.offeredAt, to: tally.now)
      let overdue = days > rules.handOverDays ? 1 : 0
      let route = Route(from: names.office(offer.from), to: names.office(offer.to))
      var row = rows[route] ?? RouteRow(from: route.from, to: route.to)
      row.open += 1
      row.overdue += overdue
      row.oldestDays = max(row.oldestDays, days)
      rows[route] = row
      ages[AgeBand(days: days), default: AgeCount()].open += 1
      ages[AgeBand(days: days), default: AgeCount()].overdue += overdue
    }
    handOvers = tally.oldestHandOvers.map { offer in
      let days = AgeBand.days(from: offer.offeredAt, to: tally.now)
      return HandOver(
        item: names.item(offer.item), from: names.office(offer.from), to: names.office(offer.to),
        manifest: names.manifest(offer.manifest), offeredAt: offer.offeredAt, days: days,
        isOverdue: days > rules.handOverDays)
    }
    handOvers.sort {
      $0.offeredAt == $1.offeredAt ? ReportValue.precedes($0.item, $1.item) : $0.offeredAt < $1.offeredAt
    }
    routes = rows.values.sorted { left, right in
      if left.overdue != right.overdue { return left.overdue > right.overdue }
      if left.open != right.open { return left.open > right.open }
      return left.from == right.from
        ? ReportValue.precedes(left.to, right.to) : ReportValue.precedes(left.from, right.from)
    }
  }

  private mutating func addStuck(_ tally: CustodyTally, _ names: ReportNames) {
    struct Key: Hashable {
      var custodian: String
      var state: StateWord
    }
    var rows: [Key: StuckRow] = [:]
    for item in tally.stuck {
      let key = Key(custodian: names.office(item.custodian), state: item.state)
      var row = rows[key] ?? StuckRow(custodian: key.custodian, state: key.state)
      row.count += 1
      row.oldestDays = max(row.oldestDays, item.days)
      rows[key] = row
    }
    stuck = tally.oldestStuck.map { item in
      Stuck(
        item: names.item(item.item), custodian: names.office(item.custodian), state: item.state,
        lastAt: item.lastAt, days: item.days)
    }
    stuck.sort { $0.lastAt == $1.lastAt ? ReportValue.precedes($0.item, $1.item) : $0.lastAt < $1.lastAt }
    stuckRows = rows.values.sorted { left, right in
      if left.count != right.count { return left.count > right.count }
      return left.custodian == right.custodian
        ? left.state.rawValue < right.state.rawValue : ReportValue.precedes(left.custodian, right.custodian)
    }
  }

  private mutating func addDiscrepancies(_ tally: CustodyTally, _ names: ReportNames) {
    for item in tally.oldestDiscrepancies {
      openDiscrepancies.append(
        OpenDiscrepancy(
          item: names.item(item.item), kind: item.kind, office: names.office(item.office),
          openedAt: item.openedAt, days: AgeBand.days(from: item.openedAt, to: tally.now)))
    }
    openDiscrepancies.sort { left, right in
      if left.openedAt != right.openedAt { return left.openedAt < right.openedAt }
      return left.item == right.item
        ? left.kind.rawValue < right.kind.rawValue : ReportValue.precedes(left.item, right.item)
    }
    for kind in CustodyTally.Discrepancy.allCases {
      var row = DiscrepancyRow(
        kind: kind, opened: tally.opened[kind] ?? 0, closed: tally.closed[kind] ?? [:],
        medianDays: Self.median(tally.hoursToClosure[kind] ?? [:]).map { ($0 / 24 * 10).rounded() / 10 })
      for item in tally.discrepancies where item.kind == kind {
        row.open += 1
        row.ages[AgeBand(days: AgeBand.days(from: item.openedAt, to: tally.now)), default: 0] += 1
      }
      discrepancies.append(row)
    }
  }

  /// The middle of whole numbers that occur so many times each; of two middles their mean.
  static func median(_ counts: [Int64: Int]) -> Double? {
    let total = counts.values.reduce(0, +)
    guard total > 0 else { return nil }
    let sorted = counts.sorted { $0.key < $1.key }
    func value(at position: Int) -> Double {
      var passed = 0
      for (value, count) in sorted {
        passed += count
        if position < passed { return Double(value) }
      }
      return 0
    }
    return (value(at: (total - 1) / 2) + value(at: total / 2)) / 2
  }

  private mutating func addFlows(_ tally: CustodyTally, _ offices: [Office], _ names: ReportNames) {
    struct Key: Hashable {
      var from: Office.Kind?
      var to: Office.Kind?
    }
    let kinds = Dictionary(offices.map { ($0.code, $0.kind) }, uniquingKeysWith: { first, _ in first })
    var flows: [Key: CustodyTally.RouteCount] = [:]
    for (route, count) in tally.routes {
      let key = Key(from: kinds[names.office(route.from)], to: kinds[names.office(route.to)])
      flows[key, default: CustodyTally.RouteCount()].answered += count.answered
      flows[key, default: CustodyTally.RouteCount()].unannounced += count.unannounced
      flows[key, default: CustodyTally.RouteCount()].open += count.open
    }
    self.flows = flows.map { Flow(from: $0.from, to: $0.to, count: $1) }.sorted { left, right in
      left.from == right.from
        ? Self.position(left.to) < Self.position(right.to)
        : Self.position(left.from) < Self.position(right.from)
    }
  }

  static func position(_ kind: Office.Kind?) -> Int {
    kind.flatMap { Office.Kind.allCases.firstIndex(of: $0) } ?? Office.Kind.allCases.count
  }

  var openHandOvers: Int { ages.values.reduce(0) { $0 + $1.open } }
  var overdueHandOvers: Int { ages.values.reduce(0) { $0 + $1.overdue } }

  /// Whether anything in it asks for work.
  public var hasWork: Bool {
    overdueHandOvers > 0 || !stuck.isEmpty || !openDiscrepancies.isEmpty || !gaps.isEmpty
      || !seals.reuses.isEmpty || seals.total.broken > 0 || !signers.flagged.isEmpty
  }
}

/// Why a report was not made: sums that must be equal are not. A fault of the program, not of the reader.
public enum CustodyReportRefusal: Error, Equatable, CustomStringConvertible {
  case doesNotClose(String)

  public var description: String {
    switch self {
    case .doesNotClose(let what): "the report does not close: \(what)"
    }
  }
}

extension CustodyTally.Discrepancy {
  var word: String {
    switch self {
    case .missing: "missing"
    case .surplus: "surplus"
    case .damaged: "damaged"
    }
  }

  var label: BilingualText {
    switch self {
    case .missing: BilingualText(vi: "thiếu", en: word)
    case .surplus: BilingualText(vi: "thừa", en: word)
    case .damaged: BilingualText(vi: "hư hỏng", en: word)
    }
  }
}
