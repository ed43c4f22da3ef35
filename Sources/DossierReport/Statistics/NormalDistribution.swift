internal import Glibc

/// The standard normal distribution.
enum NormalDistribution {
  /// P(Z > z), with relative accuracy in the far tail.
  static func upperTail(_ z: Double) -> Double { erfc(z / 2.0.squareRoot()) / 2 }

  /// The z with P(Z > z) = `tail`.
  ///
  /// - Parameter tail: strictly between 0 and 1.
  static func upperQuantile(_ tail: Double) -> Double {
    if tail > 0.5 { return -upperQuantile(1 - tail) }
    // Newton on the logarithm, which is concave, from the left: each step stays left of the root.
    var z = 0.0
    for _ in 0..<200 {
      let value = upperTail(z)
      let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
      let step = log(value / tail) * value / density
      z += step
      if abs(step) <= 1e-16 * max(z, 1) { break }
    }
    return z
  }

  /// The two-sided z of a confidence, 1.96 for 0.95.
  static func twoSided(_ confidence: Double) -> Double { upperQuantile((1 - confidence) / 2) }
}
