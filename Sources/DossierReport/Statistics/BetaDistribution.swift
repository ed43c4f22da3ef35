import Glibc

/// The beta distribution for shapes of at least ½, accurate in the tails and for shapes up to 10⁹.
///
/// The obvious formula, `exp(lgamma(a+b) - lgamma(a) - lgamma(b) + …)`, subtracts numbers of the size of `a +
/// b` and loses seven digits at 10⁸ items, and a probability near 10⁻⁸ loses eight digits when it is carried
/// as its complement. So the front factor uses Loader's saddle-point form (C. Loader, "Fast and Accurate
/// Computation of Binomial Probabilities", 2000), every function takes a point together with its complement,
/// and the continued fraction is the one of DiDonato and Morris (ACM TOMS 18, 1992, algorithm 708), which
/// needs both.
enum BetaDistribution {
  /// The two tail probabilities at `point`.
  ///
  /// - Parameters:
  ///   - point: where to cut, in 0...1.
  ///   - complement: 1 - `point`, passed on its own so that neither is rounded away.
  ///   - a: first shape, at least ½.
  ///   - b: second shape, at least ½.
  /// - Returns: `lower` is the regularised incomplete beta I(point; a, b), `upper` is 1 - `lower`; the
  ///   smaller of the two is computed directly and keeps its relative accuracy.
  static func tails(
    at point: Double, complement: Double, a: Double, b: Double
  ) -> (lower: Double, upper: Double) {
    if point <= 0 { return (0, 1) }
    if complement <= 0 { return (1, 0) }
    let belowMean = a * complement - b * point > 0
    let direct =
      belowMean
      ? frontFactor(at: point, complement: complement, a: a, b: b)
        / continuedFraction(at: point, complement: complement, a: a, b: b)
      : frontFactor(at: complement, complement: point, a: b, b: a)
        / continuedFraction(at: complement, complement: point, a: b, b: a)
    let bounded = min(max(direct, 0), 1)
    return belowMean ? (bounded, 1 - bounded) : (1 - bounded, bounded)
  }

  enum Tail { case lower, upper }

  /// The point whose `tail` has probability `probability`: the inverse of ``tails(at:complement:a:b:)``.
  ///
  /// - Parameters:
  ///   - probability: strictly between 0 and 1.
  ///   - tail: on which side of the answer that probability lies.
  ///   - a: first shape, at least ½.
  ///   - b: second shape, at least ½.
  static func quantile(_ probability: Double, tail: Tail, a: Double, b: Double) -> Double {
    // Solving on the side of the small shape keeps the answer's relative accuracy, and makes the intervals of
    // x and n - x exact mirror images.
    if a > b { return 1 - quantile(probability, tail: tail == .lower ? .upper : .lower, a: b, b: a) }
    var below = 0.0
    var above = 1.0
    var point = a / (a + b)
    // Newton on log(tail) against log(point), where a power law, the shape of the far tail, is a straight
    // line. The bracket decides whenever Newton would leave it.
    for _ in 0..<200 {
      let complement = 1 - point
      let both = tails(at: point, complement: complement, a: a, b: b)
      let value = tail == .lower ? both.lower : both.upper
      let pointIsLow = tail == .lower ? value < probability : value > probability
      if pointIsLow { below = point } else { above = point }

      let density = frontFactor(at: point, complement: complement, a: a, b: b) / (point * complement)
      let slope = (tail == .lower ? density : -density) * point / value
      var next = point * exp(-log(value / probability) / slope)
      if !(next > below && next < above) {
        next = below > 0 ? (below * above).squareRoot() : above / 2
      }
      let step = abs(next - point)
      point = next
      if step <= 2 * point.ulp || above - below <= 2 * point.ulp { break }
    }
    return point
  }

  /// x^a (1-x)^b / B(a, b).
  private static func frontFactor(at x: Double, complement y: Double, a: Double, b: Double) -> Double {
    let n = a + b
    let exponent =
      SaddlePoint.stirlingError(n) - SaddlePoint.stirlingError(a) - SaddlePoint.stirlingError(b)
      - SaddlePoint.deviance(a, n * x) - SaddlePoint.deviance(b, n * y)
    return (a * b / (2 * Double.pi * n)).squareRoot() * exp(exponent)
  }

  /// The denominator under the front factor, by the modified Lentz method. Left of the mean every term is
  /// positive until the fraction ends, so nothing cancels; it needs some √(a + b) terms near the mean.
  private static func continuedFraction(
    at x: Double, complement y: Double, a: Double, b: Double
  ) -> Double {
    let excess = a * y - b * x
    let tiny = Double.leastNormalMagnitude * 16
    var value = a * (excess + 1) / (a + 1)
    if value == 0 { value = tiny }
    var c = value
    var d = 0.0
    for index in 1..<1_000_000 {
      let m = Double(index)
      let width = a + 2 * m - 1
      let numerator = ((a + m - 1) / width) * ((a + b + m - 1) / width) * m * (b - m) * x * x
      let denominator =
        m + m * (b - m) * x / width + (a + m) * (excess + 1 + m * (2 - x)) / (a + 2 * m + 1)
      d = denominator + numerator * d
      if d == 0 { d = tiny }
      c = denominator + numerator / c
      if c == 0 { c = tiny }
      d = 1 / d
      let factor = c * d
      value *= factor
      if abs(factor - 1) <= Double.ulpOfOne { break }
    }
    return value
  }
}
