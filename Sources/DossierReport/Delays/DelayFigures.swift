public import DossierCore

/// What the delay report is asked for.
public struct DelayQuery: Sendable {
  /// First and last day of acceptance, both included; nil for no bound.
  public var from: CalendarDate?
  public var through: CalendarDate?
  public var by: LossQuery.Grouping?
  /// How many late dossiers, routes and ticks are listed.
  public var limit: Int

  public init(
    from: CalendarDate? = nil, through: CalendarDate? = nil, by: LossQuery.Grouping? = nil, limit: Int = 100
  ) {
    self.from = from
    self.through = through
    self.by = by
    self.limit = limit
  }

  func includes(_ day: CalendarDate) -> Bool {
    from.map { $0 <= day } ?? true && through.map { day <= $0 } ?? true
  }
}

/// What was left out and why; each is counted.
public struct DelayExclusions: Equatable, Sendable {
  /// Items that nobody accepted or dispatched.
  public var itemsNotEntrusted = 0
  /// Items accepted outside the period: not in the transit times.
  public var itemsOutsidePeriod = 0
  /// Dossiers accepted outside the period.
  public var outsidePeriod = 0
  /// Consignments whose dossier code was erased: each stands for a dossier of its own.
  public var codeErased = 0
  /// Dossiers without a due date: in the times, not in the judgement.
  public var withoutDue = 0
  /// Dossiers whose time or due date lies in a year without a calendar: nowhere in the figures.
  public var outsideCalendar = 0
  /// Dossiers whose items state different due dates; that of the item begun last counts.
  public var dueDiffers = 0
}

/// The figures of the delay report: who held the dossiers how long, and because of whom they were late.
public struct DelayFigures: Sendable {
  public let query: DelayQuery
  /// One group each, in no order; a single one when nothing is grouped by.
  private(set) var groups: [DelayGroup: DelayCounts] = [:]
  public private(set) var total = DelayCounts()
  public private(set) var exclusions = DelayExclusions()
  /// Years that a calendar should have had.
  public private(set) var missing: Set<CalendarYearMissing> = []
  /// All late dossiers, the longest overrun first.
  public private(set) var late: [LateDossier] = []
  /// First and last day of acceptance among the dossiers.
  public private(set) var days: ClosedRange<CalendarDate>?
  /// What was delivered when, for the comparison with ticks: row of the dossier, and where it stands.
  var deliveries: [DossierDelivery] = []
  public private(set) var transit = TransitFigures()

  /// - Parameters:
  ///   - gathered: all journeys of the log.
  ///   - now: the log's newest time of recording, at which everything open is cut off.
  ///   - kinds: what the master data say that offices are, by terms of the store.
  ///   - keepsDeliveries: whether a comparison with ticks follows.
  public init(
    _ gathered: DelayAccumulator, query: DelayQuery, now: Int64, calendars: WorkingCalendars,
    kinds: [Int32: Office.Kind], keepsDeliveries: Bool = false
  ) {
    self.query = query
    exclusions.itemsNotEntrusted = gathered.notEntrusted
    let holders = gathered.parts.map { part in
      part.offices.map { Self.holder($0, kinds) }
    }
    let judge = DueJudge(calendar: calendars.administrative, now: now)
    var joiner = DossierJoiner(gathered)
    var timeline = DossierTimeline()
    var group: [DossierJoiner.Entry] = []
    var row = DelayCounts()
    let parts = gathered.parts
    while joiner.next(&group) {
      timeline.reset()
      var due: Int32 = .min
      var differs = false
      for entry in group {
        let dossier = parts[entry.part].dossiers[entry.position]
        let item = parts[entry.part].items[Int(dossier.item)]
        timeline.add(
          item, parts[entry.part], holders[entry.part], receiver: Self.holder(item.receiver, kinds),
          giver: Self.holder(item.giver, kinds), now: now)
        if dossier.due != .min {
          if due != .min, due != dossier.due { differs = true }
          due = dossier.due
        }
      }
      if differs { exclusions.dueDiffers += 1 }
      guard let first = group.first, !timeline.stations.isEmpty else { continue }
      let dossier = parts[first.part].dossiers[first.position]
      let item = parts[first.part].items[Int(dossier.item)]
      if dossier.key == 0 { exclusions.codeErased += 1 }
      let day = CalendarDate(vietNamInstant: timeline.start)
      guard query.includes(day) else {
        exclusions.outsidePeriod += 1
        continue
      }
      days = days.map { min($0.lowerBound, day)...max($0.upperBound, day) } ?? day...day
      do {
        try count(timeline, due: due, dossier, judge, calendars, item.leg, into: &row)
        groups[self.group(of: dossier, item, day), default: DelayCounts()].add(row)
      } catch {
        exclusions.outsideCalendar += 1
        missing.insert(error)
      }
      if keepsDeliveries {
        deliveries.append(DossierDelivery(row: dossier.row, timeline, due: due))
      }
    }
    total = groups.values.reduce(into: DelayCounts()) { $0.add($1) }
    late.sort {
      ($1.overrunWorkingDays, $1.overrunDays, $0.row) < ($0.overrunWorkingDays, $0.overrunDays, $1.row)
    }
    transit = TransitFigures(gathered, holders, query: query, now: now)
    exclusions.itemsOutsidePeriod = transit.outsidePeriod
  }

  /// One dossier's figures.
  private mutating func count(
    _ timeline: DossierTimeline, due: Int32, _ dossier: DelayAccumulator.Dossier, _ judge: DueJudge,
    _ calendars: WorkingCalendars, _ leg: Leg?, into row: inout DelayCounts
  ) throws(CalendarYearMissing) {
    row.reset()
    row.dossiers = 1
    row.elapsed = timeline.end - timeline.start
    try timeline.add(to: &row, calendars)
    guard let due = CalendarDate(daysSince1970: Int(due)) else {
      exclusions.withoutDue += 1
      return
    }
    row.withDue = 1
    if let overrun = try judge.judge(timeline, due: due, &row) {
      late.append(
        LateDossier(
          row: dossier.row, leg: leg, due: due,
          delivered: timeline.state == .delivered ? CalendarDate(vietNamInstant: timeline.end) : nil,
          overrunDays: overrun.days, overrunWorkingDays: overrun.workingDays, heldAtDue: overrun.heldAtDue))
    }
  }

  private func group(
    of dossier: DelayAccumulator.Dossier, _ item: DelayAccumulator.Item, _ day: CalendarDate
  ) -> DelayGroup {
    switch query.by {
    case nil: DelayGroup()
    case .leg: DelayGroup(first: Int32(item.leg?.rawValue ?? 0))
    case .office: DelayGroup(first: item.giver)
    case .route: DelayGroup(first: item.giver, second: item.receiver)
    case .field: DelayGroup(first: dossier.field)
    case .agency: DelayGroup(first: dossier.agency)
    case .month: DelayGroup(first: Int32(truncatingIfNeeded: day.monthKey))
    }
  }

  static func holder(_ office: Int32, _ kinds: [Int32: Office.Kind]) -> Holder {
    office == 0 ? .nobody : kinds[office].map(Holder.init) ?? .unknown
  }
}
