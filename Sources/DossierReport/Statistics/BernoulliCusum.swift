internal import Glibc

/// Watches a rare event item by item and says when its rate seems to have grown.
///
/// z = max(0, z + w) with w = ln(p1/p0) at an event and ln((1-p1)/(1-p0)) otherwise, where p1 has `oddsRatio` times the
/// odds of the expected rate p0; z ≥ `limit` is a signal, after which z starts from 0 again (M. R. Reynolds and
/// Z. G. Stoumbos, "A CUSUM chart for monitoring a proportion when inspecting continuously", J. Quality Technology 31,
/// 1999; J. Neuburger et al., BMJ Quality & Safety 26, 2017).
public struct BernoulliCusum: Equatable, Sendable {
  public let expected: Double
  public let oddsRatio: Double
  public let limit: Double
  /// p1: the rate that the chart is tuned to find.
  public let raised: Double
  /// What an event adds, and what any other item adds (negative).
  public let eventWeight: Double
  public let otherWeight: Double
  public private(set) var value = 0.0

  /// - Parameters:
  ///   - expected: p0, strictly between 0 and 1.
  ///   - oddsRatio: above 1.
  ///   - limit: above 0.
  /// - Returns: nil outside these ranges.
  public init?(expected: Double, oddsRatio: Double = 2, limit: Double) {
    guard expected > 0, expected < 1, oddsRatio > 1, oddsRatio.isFinite, limit > 0 else { return nil }
    self.expected = expected
    self.oddsRatio = oddsRatio
    self.limit = limit
    raised = oddsRatio * expected / (1 - expected + oddsRatio * expected)
    eventWeight = log(raised / expected)
    otherWeight = log1p(-raised) - log1p(-expected)
  }

  /// Takes items without the event.
  public mutating func pass(_ items: Int) { value = max(0, value + Double(items) * otherWeight) }

  /// Takes an item with the event.
  ///
  /// - Returns: z after it, before any reset, and whether that is a signal.
  public mutating func event() -> (value: Double, isSignal: Bool) {
    let reached = value + eventWeight
    let isSignal = reached >= limit
    value = isSignal ? 0 : reached
    return (reached, isSignal)
  }

  /// The limit at which, while the rate stays as expected, a series of `items` gives a false signal with about the chance
  /// `falseSignal`.
  ///
  /// The run length is taken as exponential, so that chance asks for an average of items / -ln(1 - falseSignal) items
  /// between false signals; the limit follows from that average by Reynolds and Stoumbos' corrected diffusion
  /// approximation (1999, equations 8 to 10).
  public static func limit(
    expected p: Double, oddsRatio: Double = 2, items: Int, falseSignal: Double = 0.05
  ) -> Double? {
    guard let weights = BernoulliCusum(expected: p, oddsRatio: oddsRatio, limit: 1), items > 0,
      falseSignal > 0, falseSignal < 1
    else { return nil }
    let average = Double(items) / -log1p(-falseSignal)
    let perEvent = weights.eventWeight - weights.otherWeight
    let drift = abs(perEvent * p + weights.otherWeight)
    // (e^x - x - 1) / drift = average, solved for x by Newton from the right, where it is convex.
    let goal = average * drift
    var x = log(goal + 2) + 2
    for _ in 0..<200 {
      let step = (expm1(x) - x - goal) / expm1(x)
      x -= step
      if abs(step) <= 1e-15 * x { break }
    }
    return max(x - overshoot(p) * (p * (1 - p)).squareRoot() * perEvent, weights.eventWeight)
  }

  /// ε(p) of the corrected diffusion approximation: how far a jump carries beyond the limit on average.
  private static func overshoot(_ p: Double) -> Double {
    guard p >= 0.01, p <= 0.5 else {
      let odds = (1 - p) / p
      return (odds.squareRoot() - (1 / odds).squareRoot()) / 3
    }
    let l = log(p)
    let cube = l * l * l
    return 0.410 - 0.0842 * l - 0.0391 * cube - 0.00376 * cube * l - 0.000008 * cube * cube * l
  }
}
