internal import Glibc

/// How many of `trials` items have an event that each has with probability `probability`.
///
/// Probabilities come from the regularised incomplete beta function, so that ten million trials cost what ten do, and
/// both tails keep their relative accuracy however small they are.
public struct BinomialDistribution: Equatable, Sendable {
  public let trials: Int
  public let probability: Double
  private let complement: Double

  /// - Parameters:
  ///   - trials: at least 1.
  ///   - probability: within 0...1.
  /// - Returns: nil outside these ranges.
  public init?(trials: Int, probability: Double) {
    guard trials > 0, probability >= 0, probability <= 1 else { return nil }
    self.trials = trials
    self.probability = probability
    complement = 1 - probability
  }

  /// P(R = `events`), by Loader's saddle-point form.
  public func probability(of events: Int) -> Double {
    guard (0...trials).contains(events) else { return 0 }
    if probability == 0 { return events == 0 ? 1 : 0 }
    if complement == 0 { return events == trials ? 1 : 0 }
    let n = Double(trials)
    if events == 0 { return exp(n * log1p(-probability)) }
    if events == trials { return exp(n * log(probability)) }
    let x = Double(events)
    let y = Double(trials - events)
    let exponent =
      SaddlePoint.stirlingError(n) - SaddlePoint.stirlingError(x) - SaddlePoint.stirlingError(y)
      - SaddlePoint.deviance(x, n * probability) - SaddlePoint.deviance(y, n * complement)
    return (n / (2 * Double.pi * x * y)).squareRoot() * exp(exponent)
  }

  /// P(R ≤ `events`) and P(R > `events`); the smaller of them is worked out directly.
  public func tails(_ events: Int) -> (atMost: Double, above: Double) {
    if events < 0 { return (0, 1) }
    if events >= trials { return (1, 0) }
    let beta = BetaDistribution.tails(
      at: probability, complement: complement, a: Double(events + 1), b: Double(trials - events))
    return (beta.upper, beta.lower)
  }

  /// P(R ≤ `events`).
  public func cumulative(_ events: Int) -> Double { tails(events).atMost }

  /// The smallest r with P(R ≤ r) ≥ `tail`.
  ///
  /// - Parameter tail: strictly between 0 and 1; for a quantile near 1 ``upperQuantile(_:)`` is exact.
  public func quantile(_ tail: Double) -> Int { smallest { tails($0).atMost >= tail } }

  /// The smallest r with P(R > r) ≤ `tail`: the quantile of 1 - `tail`.
  public func upperQuantile(_ tail: Double) -> Int { smallest { tails($0).above <= tail } }

  /// The smallest r that fulfils a condition which holds from some r on, and for `trials` surely.
  private func smallest(_ condition: (Int) -> Bool) -> Int {
    let mean = Double(trials) * probability
    let spread = 10 * (mean * complement).squareRoot() + 20
    var low = max(0, Int(mean - spread))
    var high = min(trials, Int(mean + spread))
    if low > 0, condition(low - 1) { low = 0 }
    if high < trials, !condition(high) { high = trials }
    while low < high {
      let middle = low + (high - low) / 2
      if condition(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
