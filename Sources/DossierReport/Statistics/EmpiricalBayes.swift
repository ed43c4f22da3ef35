/// Rates of groups drawn towards their common mean, the more the smaller the group (R. J. Marshall, "Mapping disease and
/// mortality rates using empirical Bayes estimators", Applied Statistics 40, 1991; the global estimator).
///
/// r = m + (x/n - m) · A / (A + m/n), m = Σx / Σn, A = max(0, Σn(x/n - m)² / Σn - m / mean n).
public struct EmpiricalBayes: Equatable, Sendable {
  /// m: the rate of all groups together.
  public let mean: Double
  /// A: the variance between groups beyond chance; 0 draws every group onto the mean.
  public let variance: Double
  /// One a group, in their order; the mean for a group without trials.
  public let rates: [Double]

  /// - Returns: nil when no group has any trials.
  public init?(_ groups: [(events: Int, trials: Int)]) {
    let used = groups.filter { $0.trials > 0 }
    let trials = Double(used.reduce(0) { $0 + $1.trials })
    guard trials > 0 else { return nil }
    let mean = Double(used.reduce(0) { $0 + $1.events }) / trials
    let spread = used.reduce(0.0) { sum, group in
      let difference = Double(group.events) / Double(group.trials) - mean
      return sum + Double(group.trials) * difference * difference
    }
    let variance = max(0, spread / trials - mean / (trials / Double(used.count)))
    rates = groups.map { group in
      guard group.trials > 0, variance > 0 else { return mean }
      let n = Double(group.trials)
      return mean + (Double(group.events) / n - mean) * variance / (variance + mean / n)
    }
    self.mean = mean
    self.variance = variance
  }
}
