internal import Glibc

/// Between which rates a group of a given size stays by chance alone when it is as good as the target.
public enum FunnelLimits {
  public enum Side: Sendable { case lower, upper }

  /// An exact binomial limit, interpolated between neighbouring counts (D. J. Spiegelhalter, "Funnel plots for comparing
  /// institutional performance", Statistics in Medicine 24, 2005, appendix A.1.1).
  ///
  /// r = smallest count with P(R ≤ r) ≥ q, a = (P(R ≤ r) - q) / P(R = r), limit = (r - a) / n.
  ///
  /// - Parameters:
  ///   - target: the rate all groups are compared with, a share strictly between 0 and 1.
  ///   - trials: the group's size, at least 1.
  ///   - tail: how much lies beyond the limit: 0.025 for the 95 % limits, 0.001 for the 99.8 % limits.
  /// - Returns: a share; nil for a lower limit below zero, which means that there is none, and for arguments out of
  ///   range.
  public static func exact(target: Double, trials: Int, tail: Double, side: Side) -> Double? {
    guard target > 0, target < 1, tail > 0, tail < 0.5,
      let binomial = BinomialDistribution(trials: trials, probability: target)
    else { return nil }
    let count: Int
    let excess: Double
    switch side {
    case .lower:
      count = binomial.quantile(tail)
      excess = binomial.tails(count).atMost - tail
    case .upper:
      count = binomial.upperQuantile(tail)
      excess = tail - binomial.tails(count).above
    }
    let limit = (Double(count) - excess / binomial.probability(of: count)) / Double(trials)
    return limit < 0 ? nil : min(limit, 1)
  }

  /// A limit widened for over-dispersion, on the arcsine scale: sin²(asin √target ± z √(1/(4n) + τ²)).
  ///
  /// - Parameters:
  ///   - betweenVariance: τ², see ``Overdispersion``.
  /// - Returns: a share; nil for a lower limit at or below zero, and for arguments out of range.
  public static func adjusted(
    target: Double, trials: Int, tail: Double, side: Side, betweenVariance: Double
  ) -> Double? {
    guard target > 0, target < 1, trials > 0, tail > 0, tail < 0.5, betweenVariance >= 0 else { return nil }
    let width =
      NormalDistribution.upperQuantile(tail) * (1 / (4 * Double(trials)) + betweenVariance).squareRoot()
    let centre = asin(target.squareRoot())
    switch side {
    case .lower:
      let angle = centre - width
      return angle <= 0 ? nil : sin(angle) * sin(angle)
    case .upper:
      let angle = min(centre + width, Double.pi / 2)
      return sin(angle) * sin(angle)
    }
  }
}

/// How much more groups differ than chance explains (Spiegelhalter 2005, section 5.2; DerSimonian and Laird's estimate).
///
/// The adjustment can hide real differences: whoever shows adjusted limits shows the exact ones beside them.
public struct Overdispersion: Equatable, Sendable {
  /// The rate of all groups together.
  public let target: Double
  /// φ: mean of the squared z scores, after winsorising.
  public let ratio: Double
  /// τ²: the variance between groups on the arcsine scale; 0 when chance explains the differences.
  public let betweenVariance: Double

  /// - Parameters:
  ///   - groups: events and trials of each group; those without trials are left out.
  ///   - winsorised: the share of the z scores at each end that is drawn in to the quantile there; 0 for none.
  /// - Returns: nil with fewer than two groups, or when no group or every item of all has the event.
  public init?(_ groups: [(events: Int, trials: Int)], winsorised: Double = 0.1) {
    let groups = groups.filter { $0.trials > 0 }
    let events = groups.reduce(0) { $0 + $1.events }
    let trials = groups.reduce(0) { $0 + $1.trials }
    guard groups.count > 1, events > 0, events < trials else { return nil }
    target = Double(events) / Double(trials)
    let centre = asin(target.squareRoot())
    var scores = groups.map { group in
      (asin((Double(group.events) / Double(group.trials)).squareRoot()) - centre) * 2
        * Double(group.trials).squareRoot()
    }
    if winsorised > 0 {
      let sorted = scores.sorted()
      let low = Self.quantile(sorted, winsorised)
      let high = Self.quantile(sorted, 1 - winsorised)
      scores = scores.map { min(max($0, low), high) }
    }
    let count = Double(groups.count)
    ratio = scores.reduce(0) { $0 + $1 * $1 } / count
    let weights = groups.map { 4 * Double($0.trials) }
    let sum = weights.reduce(0, +)
    let squares = weights.reduce(0) { $0 + $1 * $1 }
    let excess = ratio * count - (count - 1)
    betweenVariance = excess <= 0 ? 0 : excess / (sum - squares / sum)
  }

  /// Hyndman and Fan's type 7, the default of R.
  static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let place = share * Double(sorted.count - 1)
    let low = min(Int(place), sorted.count - 1)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
  }
}
