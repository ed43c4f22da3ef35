internal import Glibc

/// Fisher's exact test: whether two groups may have the same rate.
public enum TwoGroups {
  /// The two-sided p value: the probability, with all margins fixed, of tables no more probable than this one.
  ///
  /// - Returns: nil when a group has more events than trials, or there are no trials.
  public static func fisherExact(
    events: Int, trials: Int, otherEvents: Int, otherTrials: Int
  ) -> Double? {
    guard events >= 0, otherEvents >= 0, trials >= events, otherTrials >= otherEvents,
      trials + otherTrials > 0
    else { return nil }
    let total = events + otherEvents
    guard total > 0, total < trials + otherTrials,
      let first = BinomialDistribution(
        trials: max(trials, 1), probability: share(total, trials + otherTrials)),
      let second = BinomialDistribution(
        trials: max(otherTrials, 1), probability: share(total, trials + otherTrials)),
      let whole = BinomialDistribution(
        trials: trials + otherTrials, probability: share(total, trials + otherTrials)),
      trials > 0, otherTrials > 0
    else { return 1 }
    // Hypergeometric probabilities as a quotient of binomial ones, which keep their digits.
    let base = whole.probability(of: total)
    func probability(_ x: Int) -> Double {
      first.probability(of: x) * second.probability(of: total - x) / base
    }
    let least = max(0, total - otherTrials)
    let most = min(total, trials)
    let own = probability(events) * (1 + 1e-7)
    // Unimodal: from each end up to the first table that is more probable.
    var sum = 0.0
    var low = least
    while low <= most {
      let value = probability(low)
      if value > own { break }
      sum += value
      low += 1
    }
    var high = most
    while high > low {
      let value = probability(high)
      if value > own { break }
      sum += value
      high -= 1
    }
    return min(sum, 1)
  }

  private static func share(_ events: Int, _ trials: Int) -> Double { Double(events) / Double(trials) }
}
