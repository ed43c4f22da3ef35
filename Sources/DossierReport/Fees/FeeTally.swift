public import DossierCore

/// What a report on fees is grouped by.
public enum FeeGrouping: String, Hashable, Sendable, CaseIterable {
  case item, manifest
  /// The office that collected; of an item whose fee nobody collected yet, the one that answers for it.
  case office
}

/// Amounts of a group in đồng, and how many of its items are delivered and how many cleared: two facts, never one.
struct FeeSum: Equatable, Sendable {
  /// Items with a fee to collect, or with money.
  var items = 0
  /// Fee that the manifests state.
  var due: Int128 = 0
  var collected: Int128 = 0
  var remitted: Int128 = 0
  /// Of delivered items: due and not collected.
  var toCollect: Int128 = 0
  /// Of items still open: due and not collected yet.
  var notYetDue: Int128 = 0
  /// Of items returned, lost or destroyed: due, and never to be collected.
  var lapsed: Int128 = 0
  /// Collected beyond what is due, or without any stated fee.
  var overCollected: Int128 = 0
  /// Collected and not remitted.
  var toRemit: Int128 = 0
  /// Remitted beyond what was collected.
  var overRemitted: Int128 = 0
  /// All that is due was collected, and all that was collected was remitted.
  var deliveredCleared = 0
  var deliveredUncleared = 0
  var otherCleared = 0
  var otherUncleared = 0

  static func += (left: inout Self, right: Self) {
    left.items += right.items
    left.due += right.due
    left.collected += right.collected
    left.remitted += right.remitted
    left.toCollect += right.toCollect
    left.notYetDue += right.notYetDue
    left.lapsed += right.lapsed
    left.overCollected += right.overCollected
    left.toRemit += right.toRemit
    left.overRemitted += right.overRemitted
    left.deliveredCleared += right.deliveredCleared
    left.deliveredUncleared += right.deliveredUncleared
    left.otherCleared += right.otherCleared
    left.otherUncleared += right.otherUncleared
  }

  var delivered: Int { deliveredCleared + deliveredUncleared }
  var cleared: Int { deliveredCleared + otherCleared }

  /// due + over-collected = collected + to collect + not yet due + lapsed.
  var collectingCloses: Bool { due + overCollected == collected + toCollect + notYetDue + lapsed }
  /// collected + over-remitted = remitted + to remit.
  var remittingCloses: Bool { collected + overRemitted == remitted + toRemit }
  var itemsClose: Bool { items == delivered + otherCleared + otherUncleared }
}

/// The money of one item.
struct FeeLine: Hashable, Sendable {
  var item: Int64
  var manifest: Int64
  var office: Int32
  /// Nil when its manifest states no fee.
  var due: Int64?
  var collected: Int128
  var remitted: Int128
  var outcome: Outcome
  /// When the oldest money was collected that is not remitted yet.
  var heldSince: Int64?

  var toRemit: Int128 { max(0, collected - remitted) }

  var isCleared: Bool { collected >= Int128(due ?? 0) && collected == remitted }

  /// What it adds to its group.
  var sum: FeeSum {
    var sum = FeeSum()
    let due = Int128(self.due ?? 0)
    sum.items = 1
    sum.due = due
    sum.collected = collected
    sum.remitted = remitted
    let outstanding = max(0, due - collected)
    switch outcome {
    case .delivered: sum.toCollect = outstanding
    case .open: sum.notYetDue = outstanding
    case .returned, .lost, .destroyed: sum.lapsed = outstanding
    }
    sum.overCollected = max(0, collected - due)
    sum.toRemit = toRemit
    sum.overRemitted = max(0, remitted - collected)
    switch (outcome == .delivered, isCleared) {
    case (true, true): sum.deliveredCleared = 1
    case (true, false): sum.deliveredUncleared = 1
    case (false, true): sum.otherCleared = 1
    case (false, false): sum.otherUncleared = 1
    }
    return sum
  }
}

/// Adds up what journeys say of fees: whole đồng only.
public struct FeeTally: JourneyAccumulator {
  let now: Int64
  let grouping: FeeGrouping
  let from: CalendarDate?
  let through: CalendarDate?
  var groups: [Int64: FeeSum] = [:]
  /// Items that somebody has to do something about; every item when they are what is grouped by.
  var lines: [FeeLine] = []
  /// Items with a fee or money that were not entrusted in the period, and theirs.
  private(set) var leftOut = FeeSum()

  /// - Parameters:
  ///   - now: the report's instant, ``JourneyView/recordedAt``.
  ///   - from: first day on which an item of the report was entrusted; nil for no bound.
  ///   - through: the last such day.
  public init(
    now: Int64, by grouping: FeeGrouping, from: CalendarDate? = nil, through: CalendarDate? = nil
  ) {
    self.now = now
    self.grouping = grouping
    self.from = from
    self.through = through
  }

  public mutating func add(_ journey: borrowing ItemJourney) {
    guard let line = Self.line(copy journey) else { return }
    guard isInPeriod(journey.custody) else { return leftOut += line.sum }
    let key: Int64 =
      switch grouping {
      case .item: line.item
      case .manifest: line.manifest
      case .office: Int64(line.office)
      }
    let sum = line.sum
    groups[key, default: FeeSum()] += sum
    let needsWork = sum.toCollect > 0 || sum.overCollected > 0 || sum.toRemit > 0 || sum.overRemitted > 0
    if grouping == .item || needsWork { lines.append(line) }
  }

  private func isInPeriod(_ custody: CustodyState) -> Bool {
    if from == nil && through == nil { return true }
    guard
      let day = OffsetDateTime(
        milliseconds: custody.entrustedAt, offsetMinutes: custody.entrustedZone)?.localDate
    else { return false }
    return from.map { $0 <= day } ?? true && through.map { day <= $0 } ?? true
  }

  /// - Returns: nil for an item without a fee and without money.
  static func line(_ journey: ItemJourney) -> FeeLine? {
    var line = FeeLine(
      item: journey.item, manifest: journey.custody.firstManifest, office: 0, due: journey.fee, collected: 0,
      remitted: 0, outcome: journey.custody.outcome)
    var collector: Int32 = 0
    var remitter: Int32 = 0
    for event in journey.events where !event.isVoid {
      let amount = Int128(max(0, event.amount ?? 0))
      switch event.kind {
      case .feeCollected:
        line.collected += amount
        if collector == 0 { collector = event.office }
      case .feeRemitted:
        line.remitted += amount
        if remitter == 0 { remitter = event.office }
      default: break
      }
    }
    if line.due ?? 0 == 0 && line.collected == 0 && line.remitted == 0 { return nil }
    let holder = journey.custody.custodian == 0 ? journey.custody.entrustedBy : journey.custody.custodian
    line.office = collector != 0 ? collector : remitter != 0 ? remitter : holder
    line.heldSince = heldSince(journey.events, remitted: line.remitted)
    return line
  }

  /// What is remitted covers the oldest money first; the instant of the first that it does not cover whole.
  private static func heldSince(_ events: [JourneyEvent], remitted: Int128) -> Int64? {
    var covered = remitted
    for event in events where event.kind == .feeCollected && !event.isVoid {
      covered -= Int128(max(0, event.amount ?? 0))
      if covered < 0 { return event.at }
    }
    return nil
  }

  public mutating func merge(_ other: Self) {
    groups.merge(other.groups) { mine, theirs in
      var both = mine
      both += theirs
      return both
    }
    lines += other.lines
    leftOut += other.leftOut
  }

  /// Dictionary numbers whose words the report prints.
  public var terms: Set<Int32> {
    Set(lines.map(\.office))
      .union(grouping == .office ? groups.keys.map { Int32(truncatingIfNeeded: $0) } : [])
  }

  public var items: Set<Int64> { Set(lines.map(\.item)) }

  public var manifests: Set<Int64> {
    Set(lines.map(\.manifest)).union(grouping == .manifest ? groups.keys : [:].keys)
  }
}
