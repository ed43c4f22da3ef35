public import DossierCore

/// Gathers the figures of a loss report from journeys.
///
/// Either from all of them, or only what the exceptional ones add to the counters of the store: both ways lead to the
/// same figures, because an item to which nothing happened adds nothing but its outcome.
public struct LossAccumulator: JourneyAccumulator {
  /// Which journeys come.
  public enum Scope: Sendable {
    /// Every item's: outcomes are counted here.
    case everything
    /// Those of items that were ever lost, missing, found or damaged, or may be presumed lost: the store's counters
    /// give the outcomes.
    case exceptional
  }

  struct Tally: Sendable {
    var counts = OutcomeCounts()
    var presumedLost: Int64 = 0
    /// By grade, from 1.
    var damage: [Int64] = [0, 0, 0, 0]
    /// By the dictionary number of the reason.
    var causes: [Int32: CauseCounts] = [:]

    mutating func add(_ other: Tally) {
      counts += other.counts
      presumedLost += other.presumedLost
      for position in damage.indices { damage[position] += other.damage[position] }
      causes.merge(other.causes) { left, right in
        var sum = left
        sum += right
        return sum
      }
    }
  }

  let cohort: LossCohort
  let scope: Scope
  private(set) var tallies: [LossKey: Tally] = [:]
  /// Items entrusted a day, and those of them that are lost, by days since 1970.
  private(set) var days: [Int32: LossDay] = [:]
  private var neverEntrusted = JourneyExclusions()
  private var outsidePeriod = 0
  private var withoutDossiers = 0

  var exclusions: LossExclusions {
    LossExclusions(neverEntrusted, outsidePeriod: outsidePeriod, withoutDossiers: withoutDossiers)
  }

  public init(_ cohort: LossCohort, _ scope: Scope) {
    self.cohort = cohort
    self.scope = scope
  }

  public mutating func add(_ journey: borrowing ItemJourney) {
    guard let facts = LossFacts(journey, cohort.deadlines) else {
      if scope == .everything { neverEntrusted.add(journey) }
      return
    }
    guard cohort.contains(day: facts.entrustedDay) else {
      if scope == .everything { outsidePeriod += 1 }
      return
    }
    let isLost = facts.counts.lost > 0
    if scope == .everything || isLost {
      var day = days[facts.entrustedDay] ?? LossDay(day: facts.entrustedDay)
      if scope == .everything { day.items += 1 }
      if isLost { day.lost += 1 }
      days[facts.entrustedDay] = day
    }
    if scope == .everything, cohort.unit == .dossier, journey.dossiers.isEmpty {
      withoutDossiers += 1
    }
    let isPlain = facts.lossReason == nil && facts.damage == nil && !facts.presumedLost
    if isPlain, scope == .exceptional { return }
    cohort.forEachKey(journey, facts) { key in
      tallies[key, default: Tally()].add(facts, countsOutcomes: scope == .everything)
    }
  }

  public mutating func merge(_ other: LossAccumulator) {
    tallies.merge(other.tallies) { left, right in
      var sum = left
      sum.add(right)
      return sum
    }
    days.merge(other.days) { LossDay(day: $0.day, items: $0.items + $1.items, lost: $0.lost + $1.lost) }
    neverEntrusted.merge(other.neverEntrusted)
    outsidePeriod += other.outsidePeriod
    withoutDossiers += other.withoutDossiers
  }
}

extension LossAccumulator.Tally {
  fileprivate mutating func add(_ facts: LossFacts, countsOutcomes: Bool) {
    if countsOutcomes { counts += facts.counts }
    if facts.presumedLost { presumedLost += 1 }
    if let grade = facts.damage { damage[Int(grade.rawValue) - 1] += 1 }
    if let reason = facts.lossReason { causes[reason, default: CauseCounts()] += facts.fate }
  }
}

/// A day of entrusting.
public struct LossDay: Hashable, Sendable {
  /// Days since 1970.
  public var day: Int32
  /// Items entrusted.
  public var items: Int
  /// Of these, lost as known now.
  public var lost: Int

  public init(day: Int32, items: Int = 0, lost: Int = 0) {
    self.day = day
    self.items = items
    self.lost = lost
  }
}

/// What a loss report leaves out, each counted.
public struct LossExclusions: Hashable, Sendable {
  /// Items of which something is known, but neither an acceptance nor a dispatch: found without being expected, spoken
  /// of, and handled by somebody.
  public var surplus: Int
  public var announced: Int
  public var handled: Int
  /// Items entrusted on days outside the period.
  public var outsidePeriod: Int
  /// Items of the period that state no dossier; they count nothing where dossiers are counted. 0 where items are.
  public var withoutDossiers: Int

  public init(
    surplus: Int = 0, announced: Int = 0, handled: Int = 0, outsidePeriod: Int = 0, withoutDossiers: Int = 0
  ) {
    self.surplus = surplus
    self.announced = announced
    self.handled = handled
    self.outsidePeriod = outsidePeriod
    self.withoutDossiers = withoutDossiers
  }

  public init(_ never: JourneyExclusions, outsidePeriod: Int, withoutDossiers: Int) {
    self.init(
      surplus: Int(never.surplus), announced: Int(never.announced), handled: Int(never.handled),
      outsidePeriod: outsidePeriod, withoutDossiers: withoutDossiers)
  }
}
