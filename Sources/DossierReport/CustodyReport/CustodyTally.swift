public import DossierCore

/// The limits that a report on custody judges by. They are printed with it.
public struct CustodyRules: Hashable, Sendable {
  /// A hand-over that stays open for more whole days of 24 hours than this is overdue.
  public var handOverDays: Int
  /// An open item without any event for so many days is stuck: whole days of 24 hours, or working days where a tally has a
  /// calendar.
  public var stuckDays: Int

  public init(handOverDays: Int = 3, stuckDays: Int = 7) {
    self.handOverDays = handOverDays
    self.stuckDays = stuckDays
  }
}

/// What a report on custody counts in journeys: whole numbers, and lists that are sorted in the end.
public struct CustodyTally: JourneyAccumulator {
  /// A discrepancy between what was expected and what was found.
  public enum Discrepancy: Int, Hashable, Sendable, CaseIterable {
    case missing = 0
    case surplus, damaged
  }

  /// How a discrepancy came to its end.
  public enum Closure: Int, Hashable, Sendable, CaseIterable {
    /// Reported found.
    case found = 0
    /// Handled again without such a report: scanned on, received, accepted or delivered.
    case handled
    /// Declared lost.
    case declaredLost
    /// The journey ended: damage goes with the item to its end.
    case ended
  }

  /// An offer that nobody has answered.
  struct HandOver: Hashable, Sendable {
    var item: Int64
    var from: Int32
    var to: Int32
    var manifest: Int64
    var offeredAt: Int64
  }

  struct StuckItem: Hashable, Sendable {
    var item: Int64
    var custodian: Int32
    var state: StateWord
    var lastAt: Int64
    var days: Int
  }

  struct OpenDiscrepancy: Hashable, Sendable {
    var item: Int64
    var kind: Discrepancy
    var office: Int32
    var openedAt: Int64
  }

  struct GapKey: Hashable, Sendable {
    var code: FindingCode
    /// Where the event happened that broke the chain.
    var office: Int32
  }

  struct GapCount: Hashable, Sendable {
    var count = 0
    /// The items with the smallest rows, in their order.
    var examples: [Int64] = []

    static let examplesKept = 3

    mutating func note(_ item: Int64) {
      guard !examples.contains(item) else { return }
      examples.append(item)
      examples.sort()
      if examples.count > Self.examplesKept { examples.removeLast() }
    }
  }

  struct Route: Hashable, Sendable {
    var from: Int32
    var to: Int32
  }

  /// How hand-overs between two offices went.
  struct RouteCount: Hashable, Sendable {
    /// Offered and received.
    var answered = 0
    /// Received without an offer.
    var unannounced = 0
    /// Offered and not received yet.
    var open = 0
  }

  /// Milliseconds for which an office answered for items, by how well that is known.
  struct CustodyTime: Hashable, Sendable {
    /// Custody opened by an acceptance or receipt that was scanned or keyed.
    var proven: Int128 = 0
    /// Opened by one that is only declared or derived.
    var declared: Int128 = 0
    /// While the item was missing or declared lost.
    var missing: Int128 = 0
    /// Two offices claim it, or its journey contradicts itself.
    var disputed: Int128 = 0
    /// Entrusted, but accepted by nobody.
    var nobody: Int128 = 0

    var sum: Int128 { proven + declared + missing + disputed + nobody }

    static func += (left: inout Self, right: Self) {
      left.proven += right.proven
      left.declared += right.declared
      left.missing += right.missing
      left.disputed += right.disputed
      left.nobody += right.nobody
    }
  }

  let now: Int64
  let rules: CustodyRules
  /// The dictionary's numbers of words that say a seal was not whole.
  let sealReasons: Set<Int32>
  let calendar: WorkingCalendar?
  /// Why silent days could not be counted: a year that the calendar lacks, the first of them.
  public private(set) var yearMissing: CalendarYearMissing?

  var entrusted = 0
  var open = 0
  var handOvers: [HandOver] = []
  var stuck: [StuckItem] = []
  var discrepancies: [OpenDiscrepancy] = []
  var opened: [Discrepancy: Int] = [:]
  var closed: [Discrepancy: [Closure: Int]] = [:]
  /// How many discrepancies were open for so many whole hours before they were closed.
  var hoursToClosure: [Discrepancy: [Int64: Int]] = [:]
  var gaps: [GapKey: GapCount] = [:]
  var routes: [Route: RouteCount] = [:]
  var time: [Int32: CustodyTime] = [:]
  /// Sum of all entrusted time, reckoned from beginning and end of each journey alone: what the parts must add up to.
  var entrustedTime: Int128 = 0
  /// Events by manifest that say a seal was not whole.
  var brokenSeals: [Int64: Int] = [:]

  /// - Parameters:
  ///   - now: the report's instant, ``JourneyView/recordedAt``.
  ///   - sealReasons: the dictionary's numbers of ``brokenSealReasons``.
  ///   - calendar: whose working days are counted for stuck items; nil for days of 24 hours. When it lacks a year, no report
  ///     may be made (``yearMissing``).
  public init(
    now: Int64, rules: CustodyRules = CustodyRules(), sealReasons: Set<Int32> = [],
    calendar: WorkingCalendar? = nil
  ) {
    self.calendar = calendar
    self.now = now
    self.rules = rules
    self.sealReasons = sealReasons
  }

  /// Reasons of events that say a seal was not whole.
  public static let brokenSealReasons: Set<String> = [
    "sealBroken", "sealMissing", "sealMismatch", "tampered",
  ]

  public mutating func add(_ journey: borrowing ItemJourney) {
    let journey = copy journey
    let state = journey.custody
    CustodyWalk.follow(journey, into: &self)
    if state.findings > 0 { addGaps(journey) }
    if !sealReasons.isEmpty {
      for event in journey.events where !event.isVoid && sealReasons.contains(event.reason) {
        brokenSeals[event.manifest, default: 0] += 1
      }
    }
    guard state.isEntrusted else { return }
    entrusted += 1
    guard state.outcome == .open else { return }
    open += 1
    if state.offeredTo != 0, let offer = journey.events.first(where: { $0.index == state.offerIndex }) {
      handOvers.append(
        HandOver(
          item: journey.item, from: offer.office, to: offer.to, manifest: offer.manifest, offeredAt: offer.at)
      )
      routes[Route(from: offer.office, to: offer.to), default: RouteCount()].open += 1
    }
    let silent = silentDays(since: state.lastAt)
    if silent >= max(1, rules.stuckDays) {
      stuck.append(
        StuckItem(
          item: journey.item, custodian: state.custodian, state: state.word, lastAt: state.lastAt,
          days: silent))
    }
  }

  private mutating func silentDays(since instant: Int64) -> Int {
    guard let calendar else { return AgeBand.days(from: instant, to: now) }
    guard let start = OffsetDateTime(milliseconds: instant, offsetMinutes: 420)?.localDate,
      let today = OffsetDateTime(milliseconds: now, offsetMinutes: 420)?.localDate, start < today
    else { return 0 }
    do { return try calendar.workingDays(after: start, through: today) } catch {
      note(error)
      return 0
    }
  }

  private mutating func note(_ missing: CalendarYearMissing) {
    if yearMissing.map({ missing.year < $0.year }) ?? true { yearMissing = missing }
  }

  /// Findings about the chain itself; what is missing, surplus, damaged or lost is counted as a discrepancy.
  private mutating func addGaps(_ journey: ItemJourney) {
    var events = journey.events.map(\.custody)
    // The journey's own order is right already; between events of one instant it decides.
    let identifier = { (index: Int64) -> String in
      let digits = String(journey.events.firstIndex { $0.index == index } ?? 0)
      return String(repeating: "0", count: max(0, 20 - digits.count)) + digits
    }
    var found: [CustodyFinding] = []
    _ = CustodyState(folding: &events, identifier: identifier) { found.append($0) }
    for finding in found where Self.isGap(finding.code) {
      let place = finding.events.last.flatMap { index in journey.events.first { $0.index == index } }
      let key = GapKey(code: finding.code, office: place?.office ?? finding.expectedOffice)
      gaps[key, default: GapCount()].count += 1
      gaps[key, default: GapCount()].note(journey.item)
    }
  }

  static func isGap(_ code: FindingCode) -> Bool {
    switch code {
    case .itemMissing, .itemLost, .itemDamaged, .itemSurplus: false
    default: FindingCatalogue.entry(code).severity != .info
    }
  }

  public mutating func merge(_ other: Self) {
    entrusted += other.entrusted
    open += other.open
    handOvers += other.handOvers
    stuck += other.stuck
    discrepancies += other.discrepancies
    opened.merge(other.opened, uniquingKeysWith: +)
    closed.merge(other.closed) { $0.merging($1, uniquingKeysWith: +) }
    hoursToClosure.merge(other.hoursToClosure) { $0.merging($1, uniquingKeysWith: +) }
    gaps.merge(other.gaps) { mine, theirs in
      var both = mine
      both.count += theirs.count
      for item in theirs.examples { both.note(item) }
      return both
    }
    routes.merge(other.routes) { mine, theirs in
      RouteCount(
        answered: mine.answered + theirs.answered, unannounced: mine.unannounced + theirs.unannounced,
        open: mine.open + theirs.open)
    }
    time.merge(other.time) { mine, theirs in
      var both = mine
      both += theirs
      return both
    }
    entrustedTime += other.entrustedTime
    brokenSeals.merge(other.brokenSeals, uniquingKeysWith: +)
    if let missing = other.yearMissing { note(missing) }
  }

  /// Dictionary numbers whose words the report prints.
  public var terms: Set<Int32> {
    var terms: Set<Int32> = []
    for offer in handOvers { terms.formUnion([offer.from, offer.to]) }
    for item in stuck { terms.insert(item.custodian) }
    for discrepancy in discrepancies { terms.insert(discrepancy.office) }
    for key in gaps.keys { terms.insert(key.office) }
    for route in routes.keys { terms.formUnion([route.from, route.to]) }
    terms.formUnion(time.keys)
    return terms
  }

  // MARK: Lists

  /// So many lines a list holds, the oldest; the others are counted. Where only manifests are recorded and nobody ever
  /// receives, every item is an open hand-over.
  static let longestList = 20_000

  var oldestHandOvers: [HandOver] { Self.oldest(handOvers) { ($0.offeredAt, $0.item) } }
  var oldestStuck: [StuckItem] { Self.oldest(stuck) { ($0.lastAt, $0.item) } }
  var oldestDiscrepancies: [OpenDiscrepancy] {
    Self.oldest(discrepancies) { ($0.openedAt, $0.item) }
  }

  private static func oldest<Line>(_ lines: [Line], _ key: (Line) -> (Int64, Int64)) -> [Line] {
    guard lines.count > longestList else { return lines }
    return Array(lines.sorted { key($0) < key($1) }.prefix(longestList))
  }

  /// Rows of items whose numbers it prints.
  public var items: Set<Int64> {
    Set(oldestHandOvers.map(\.item)).union(oldestStuck.map(\.item))
      .union(oldestDiscrepancies.map(\.item)).union(gaps.values.flatMap(\.examples))
  }

  /// Rows of manifests whose numbers it prints.
  public var manifests: Set<Int64> { Set(oldestHandOvers.map(\.manifest)) }
}
