public import DossierCore

/// Everything a loss report is computed from, in words instead of dictionary numbers.
public struct LossFigures: Equatable, Sendable {
  public struct Group: Equatable, Sendable {
    /// One text a grouping asked for; empty when the group has none.
    public var labels: [String]
    public var counts: LossCounts
    public var details: LossDetails

    public init(labels: [String], counts: LossCounts, details: LossDetails) {
      self.labels = labels
      self.counts = counts
      self.details = details
    }
  }

  /// By what was asked for, by office, and by month, each in the order of the labels' bytes.
  public var groups: [Group]
  public var offices: [Group]
  public var months: [Group]
  /// In order; days on which nothing was entrusted are left out.
  public var days: [LossDay]
  public var exclusions: LossExclusions

  /// What the store's counters know of the same cohort.
  public struct Counted: Sendable {
    public var groups: [LossGroup]
    public var offices: [LossGroup]
    public var months: [LossGroup]
    /// Items entrusted a day.
    public var days: [LossDay]
    public var exclusions: LossExclusions

    public init(
      groups: [LossGroup], offices: [LossGroup], months: [LossGroup], days: [LossDay],
      exclusions: LossExclusions
    ) {
      self.groups = groups
      self.offices = offices
      self.months = months
      self.days = days
      self.exclusions = exclusions
    }
  }

  /// From all journeys.
  public init(
    _ accumulator: LossAccumulator, by: [LossQuery.Grouping], texts: any JourneyTexts
  ) throws {
    let words = try LossWords(accumulator, texts)
    let isRuleKnown = accumulator.cohort.deadlines != nil
    func groups(_ by: [LossQuery.Grouping]) -> [Group] {
      words.projected(accumulator, by).map { labels, tally in
        Group(
          labels: labels, counts: LossCounts(tally.counts), details: words.details(tally, isRuleKnown))
      }.sorted { Self.precedes($0.labels, $1.labels) }
    }
    self.groups = groups(by)
    offices = groups([.office])
    months = groups([.month])
    days = accumulator.days.values.sorted { $0.day < $1.day }
    exclusions = accumulator.exclusions
  }

  /// From the store's counters and the exceptional journeys.
  public init(
    _ counted: Counted, _ exceptional: LossAccumulator, by: [LossQuery.Grouping], texts: any JourneyTexts
  ) throws {
    let words = try LossWords(exceptional, texts)
    let isRuleKnown = exceptional.cohort.deadlines != nil
    func joined(_ groups: [LossGroup], _ by: [LossQuery.Grouping]) -> [Group] {
      let details = words.projected(exceptional, by)
      return groups.map { group in
        Group(
          labels: group.labels, counts: LossCounts(group.counts),
          details: words.details(details[group.labels] ?? .init(), isRuleKnown))
      }.sorted { Self.precedes($0.labels, $1.labels) }
    }
    groups = joined(counted.groups, by)
    offices = joined(counted.offices, [.office])
    months = joined(counted.months, [.month])
    days = counted.days.map { day in
      LossDay(day: day.day, items: day.items, lost: exceptional.days[day.day]?.lost ?? 0)
    }
    exclusions = counted.exclusions
  }

  private static func precedes(_ left: [String], _ right: [String]) -> Bool {
    left.lexicographicallyPrecedes(right) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}

/// The texts of the dictionary numbers in an accumulator.
struct LossWords {
  private let words: [Int32: String]

  init(_ accumulator: LossAccumulator, _ texts: any JourneyTexts) throws {
    var terms: Set<Int32> = []
    for (key, tally) in accumulator.tallies {
      terms.formUnion([key.giver, key.receiver, key.field, key.agency])
      terms.formUnion(tally.causes.keys)
    }
    words = try texts.texts(ofTerms: terms.filter { $0 > 0 })
  }

  init(_ keys: some Sequence<LossKey>, _ texts: any JourneyTexts) throws {
    var terms: Set<Int32> = []
    for key in keys { terms.formUnion([key.giver, key.receiver, key.field, key.agency]) }
    words = try texts.texts(ofTerms: terms.filter { $0 > 0 })
  }

  /// The tallies added up by the labels of a grouping.
  func projected(
    _ accumulator: LossAccumulator, _ by: [LossQuery.Grouping]
  ) -> [[String]: LossAccumulator.Tally] {
    var projected: [[String]: LossAccumulator.Tally] = [:]
    for (key, tally) in accumulator.tallies {
      projected[labels(key, by), default: .init()].add(tally)
    }
    return projected
  }

  func labels(_ key: LossKey, _ by: [LossQuery.Grouping]) -> [String] { by.map { label(key, $0) } }

  private func label(_ key: LossKey, _ grouping: LossQuery.Grouping) -> String {
    switch grouping {
    case .office: return text(key.giver)
    case .route: return text(key.giver) + " → " + text(key.receiver)
    case .field: return key.field == LossKey.several ? "*" : text(key.field)
    case .agency: return key.agency == LossKey.several ? "*" : text(key.agency)
    case .leg: return Leg(rawValue: key.leg)?.word ?? ""
    case .month:
      let month = key.month % 100
      return "\(key.month / 100)-" + (month < 10 ? "0" : "") + "\(month)"
    }
  }

  private func text(_ term: Int32) -> String { words[term] ?? "" }

  func details(_ tally: LossAccumulator.Tally, _ isRuleKnown: Bool) -> LossDetails {
    var details = LossDetails(
      presumedLost: isRuleKnown ? Int(tally.presumedLost) : nil, damage: tally.damage.map(Int.init))
    for (reason, counts) in tally.causes {
      let word = words[reason] ?? ""
      let cause = LossCause(word: word)
      details[cause ?? .unknown] += counts
      if cause == nil {
        if word.isEmpty {
          details.withoutReason += counts.declared
        } else {
          details.otherReasons += counts.declared
        }
      }
    }
    return details
  }
}

extension LossCounts {
  public init(_ counts: OutcomeCounts) {
    self.init(
      entrusted: Int(counts.entrusted), delivered: Int(counts.delivered), returned: Int(counts.returned),
      lost: Int(counts.lost), destroyed: Int(counts.destroyed), open: Int(counts.open),
      missing: Int(counts.missing), found: Int(counts.found), damaged: Int(counts.damaged))
  }
}
