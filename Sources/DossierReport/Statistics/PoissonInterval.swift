/// The exact two-sided interval for the mean behind a count (F. Garwood, "Fiducial limits for the Poisson distribution",
/// Biometrika 28, 1936).
public struct PoissonInterval: Equatable, Sendable {
  public let lower: Double
  public let upper: Double

  /// lower = χ²(α/2; 2x) / 2, upper = χ²(1 - α/2; 2x + 2) / 2; lower is 0 at x = 0.
  ///
  /// - Parameters:
  ///   - count: what was counted, or an expected number whose limits are asked for; at least 0.
  ///   - confidence: two-sided coverage, strictly between 0 and 1.
  /// - Returns: nil outside these ranges.
  public init?(count: Double, confidence: Double = 0.95) {
    guard count >= 0, count.isFinite, confidence > 0, confidence < 1 else { return nil }
    let tail = (1 - confidence) / 2
    lower = count == 0 ? 0 : GammaDistribution.quantile(tail, tail: .lower, a: count)
    upper = GammaDistribution.quantile(tail, tail: .upper, a: count + 1)
  }
}
