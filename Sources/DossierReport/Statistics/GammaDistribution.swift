internal import Glibc

/// The gamma distribution of scale 1, which ties Poisson counts to chi-squared quantiles.
enum GammaDistribution {
  /// The regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 - P; the smaller one is worked out directly.
  ///
  /// - Parameters:
  ///   - x: at least 0.
  ///   - a: shape, above 0.
  static func tails(at x: Double, a: Double) -> (lower: Double, upper: Double) {
    if x <= 0 { return (0, 1) }
    // x^a e^-x / Γ(a + 1)
    let front =
      exp(-SaddlePoint.stirlingError(a) - SaddlePoint.deviance(a, x)) / (2 * Double.pi * a).squareRoot()
    if x < a + 1 {
      let lower = min(front * series(at: x, a: a), 1)
      return (lower, 1 - lower)
    }
    let upper = min(front * a * continuedFraction(at: x, a: a), 1)
    return (1 - upper, upper)
  }

  /// The x whose `tail` has probability `probability`, strictly between 0 and 1.
  static func quantile(_ probability: Double, tail: BetaDistribution.Tail, a: Double) -> Double {
    var below = 0.0
    var above = Double.infinity
    var point = a
    for _ in 0..<400 {
      let both = tails(at: point, a: a)
      let value = tail == .lower ? both.lower : both.upper
      let pointIsLow = tail == .lower ? value < probability : value > probability
      if pointIsLow { below = point } else { above = point }
      let density =
        exp(-SaddlePoint.stirlingError(a) - SaddlePoint.deviance(a, point)) / (2 * Double.pi * a).squareRoot()
        * a / point
      // Newton on log(tail): against log(point) in the lower tail, where a power law is a straight line, against the
      // point itself in the upper one, which is exponential.
      var next =
        tail == .lower
        ? point * exp(-log(value / probability) * value / (density * point))
        : point + log(value / probability) * value / density
      if !(next > below && next < above) {
        next = above == .infinity ? point * 2 : below > 0 ? (below * above).squareRoot() : above / 2
      }
      let step = abs(next - point)
      point = next
      if step <= 2 * point.ulp { break }
    }
    return point
  }

  private static func series(at x: Double, a: Double) -> Double {
    var sum = 1.0
    var term = 1.0
    for index in 1..<10_000_000 {
      term *= x / (a + Double(index))
      sum += term
      if term <= sum * Double.ulpOfOne / 4 { break }
    }
    return sum
  }

  /// Legendre's continued fraction by the modified Lentz method.
  private static func continuedFraction(at x: Double, a: Double) -> Double {
    let tiny = Double.leastNormalMagnitude * 16
    var b = x + 1 - a
    var c = 1 / tiny
    var d = 1 / b
    var value = d
    for index in 1..<10_000_000 {
      let i = Double(index)
      let numerator = i * (a - i)
      b += 2
      d = numerator * d + b
      if d == 0 { d = tiny }
      c = b + numerator / c
      if c == 0 { c = tiny }
      d = 1 / d
      let factor = c * d
      value *= factor
      if abs(factor - 1) <= Double.ulpOfOne { break }
    }
    return value
  }
}
