internal import Glibc

/// The two corrections of Loader's saddle-point form of binomial and Poisson probabilities (C. Loader, "Fast and Accurate
/// Computation of Binomial Probabilities", 2000), which keep their digits where differences of `lgamma` lose them.
enum SaddlePoint {
  /// log Γ(n + 1) minus Stirling's approximation of it (Loader 2000, equation 5).
  static func stirlingError(_ n: Double) -> Double {
    if n <= 15 {
      return lgamma(n + 1).0 - (n + 0.5) * log(n) + n - 0.5 * log(2 * Double.pi)
    }
    let square = n * n
    let tail = 1 / 1260.0 - (1 / 1680.0 - 1 / 1188.0 / square) / square
    return (1 / 12.0 - (1 / 360.0 - tail / square) / square) / n
  }

  /// observed · log(observed / expected) + expected - observed, without cancellation near equality
  /// (Loader 2000, section 2).
  static func deviance(_ observed: Double, _ expected: Double) -> Double {
    let difference = observed - expected
    guard abs(difference) < 0.1 * (observed + expected) else {
      return observed * log(observed / expected) - difference
    }
    let ratio = difference / (observed + expected)
    var sum = difference * ratio
    var power = 2 * observed * ratio
    for index in 1..<1000 {
      power *= ratio * ratio
      let next = sum + power / Double(2 * index + 1)
      if next == sum { break }
      sum = next
    }
    return sum
  }
}
