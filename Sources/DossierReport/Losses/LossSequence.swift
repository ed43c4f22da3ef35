public import DossierCore

/// The items of a cohort in the order of their entrusting: whether losses have become more frequent.
///
/// Within one day the order is not kept; its losses are taken as spread evenly over its items. Only counts a day are
/// needed for it, however many items there are.
public struct LossSequence: Equatable, Sendable {
  /// One loss.
  public struct Mark: Equatable, Sendable {
    /// Position among all items, from 1.
    public let position: Int
    public let day: CalendarDate
    /// z after it, before any reset.
    public let value: Double
    public let isSignal: Bool
    /// Items without loss since the one before; nil for the first.
    public let gap: Int?
    /// Whether the gap is longer than chance explains, or shorter.
    public let isLongGap: Bool
    public let isShortGap: Bool
  }

  public let items: Int
  public let marks: [Mark]
  /// p0, a share.
  public let expected: Double
  public let limit: Double
  /// z after the last item.
  public let last: Double
  /// Items since the last loss: not yet a gap, so no part of the g-chart's mean.
  public let since: Int
  /// nil with fewer than two losses.
  public let between: BetweenItemsChart?

  public static let oddsRatio = 2.0
  public static let falseSignal = 0.05

  public var signals: [Mark] { marks.filter(\.isSignal) }

  /// - Parameters:
  ///   - target: the rate to watch against, a share; nil for that of these very items.
  /// - Returns: nil when nothing was lost, or everything.
  public init?(_ days: [LossDay], target: Double?) {
    let items = days.reduce(0) { $0 + $1.items }
    let positions = Self.positions(days)
    guard items > 0, !positions.isEmpty else { return nil }
    let expected = target ?? Double(positions.count) / Double(items)
    guard
      let limit = BernoulliCusum.limit(
        expected: expected, oddsRatio: Self.oddsRatio, items: items, falseSignal: Self.falseSignal)?
        .tenDigits,
      var chart = BernoulliCusum(expected: expected, oddsRatio: Self.oddsRatio, limit: limit)
    else { return nil }
    let gaps = zip(positions.dropFirst(), positions).map { $0.position - $1.position - 1 }
    let between = BetweenItemsChart(gaps)
    var marks: [Mark] = []
    var before = 0
    for (number, (position, day)) in positions.enumerated() {
      chart.pass(position - before - 1)
      let step = chart.event()
      let gap = number == 0 ? nil : gaps[number - 1]
      marks.append(
        Mark(
          position: position, day: day, value: step.value.tenDigits, isSignal: step.isSignal, gap: gap,
          isLongGap: gap.map { $0 > (between?.upperLimit ?? .max) } ?? false,
          isShortGap: gap.map { $0 < (between?.lowerLimit ?? 0) } ?? false))
      before = position
    }
    chart.pass(items - before)
    self.items = items
    self.marks = marks
    self.expected = expected
    self.limit = limit
    last = chart.value.tenDigits
    since = items - before
    self.between = between
  }

  /// Positions of the losses: the j-th of k losses of a day of c items stands behind (2j + 1) c / 2k of them.
  static func positions(_ days: [LossDay]) -> [(position: Int, day: CalendarDate)] {
    var positions: [(Int, CalendarDate)] = []
    var before = 0
    for day in days {
      let date = CalendarDate(daysSince1970: Int(day.day))
      for place in 0..<day.lost {
        guard let date else { break }
        positions.append((before + (2 * place + 1) * day.items / (2 * day.lost) + 1, date))
      }
      before += day.items
    }
    return positions.map { (min($0.0, before), $0.1) }
  }
}
