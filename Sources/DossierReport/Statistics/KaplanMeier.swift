internal import Glibc

/// Which share is still without the event after a time, when some are followed only for a while
/// (E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete observations", 1958).
public struct KaplanMeier: Equatable, Sendable {
  /// A time at which events happened.
  public struct Step: Equatable, Sendable {
    public let time: Int64
    /// How many were still followed and without the event just before.
    public let atRisk: Int
    public let events: Int
    /// S(time): the share without the event after this time.
    public let survival: Double
    /// Pointwise interval on the log-log scale; nil where S is 0 and the scale ends.
    public let lower: Double?
    public let upper: Double?
  }

  /// In order of time; S is 1 before the first.
  public let steps: [Step]
  /// Σ d / (n (n - d)) after each step: Greenwood's sum; infinite where S is 0.
  let greenwood: [Double]
  /// How many were followed.
  public let count: Int

  /// - Parameters:
  ///   - rows: how many had the event and how many were followed no longer at each time; in any order, one time may
  ///     come twice. Whoever is censored at a time was at risk of the events at that time.
  ///   - confidence: of the pointwise intervals.
  public init(_ rows: [(time: Int64, events: Int, censored: Int)], confidence: Double = 0.95) {
    let z = NormalDistribution.twoSided(confidence)
    count = rows.reduce(0) { $0 + $1.events + $1.censored }
    var atRisk = count
    var survival = 1.0
    var sum = 0.0
    var steps: [Step] = []
    var sums: [Double] = []
    for (time, events, censored) in Self.grouped(rows) {
      if events > 0 {
        let n = Double(atRisk)
        survival *= Double(atRisk - events) / n
        sum += events == atRisk ? .infinity : Double(events) / (n * Double(atRisk - events))
        var lower: Double?
        var upper: Double?
        if survival > 0 {
          // S^exp(±z √V / |log S|), V Greenwood's sum.
          let width = z * sum.squareRoot() / -log(survival)
          lower = pow(survival, exp(width))
          upper = pow(survival, exp(-width))
        }
        steps.append(
          Step(time: time, atRisk: atRisk, events: events, survival: survival, lower: lower, upper: upper))
        sums.append(sum)
      }
      atRisk -= events + censored
    }
    self.steps = steps
    greenwood = sums
  }

  private static func grouped(
    _ rows: [(time: Int64, events: Int, censored: Int)]
  ) -> [(Int64, Int, Int)] {
    var byTime: [Int64: (Int, Int)] = [:]
    for row in rows {
      byTime[row.time, default: (0, 0)].0 += row.events
      byTime[row.time, default: (0, 0)].1 += row.censored
    }
    return byTime.map { ($0.key, $0.value.0, $0.value.1) }.sorted { $0.0 < $1.0 }
  }

  /// S(`time`).
  public func survival(at time: Int64) -> Double { step(at: time)?.survival ?? 1 }

  /// The step in force at a time; nil before the first.
  public func step(at time: Int64) -> Step? { steps.last { $0.time <= time } }

  /// The first time at which at least the share `share` has had the event, S ≤ 1 - share; nil when that was never
  /// reached.
  public func quantile(_ share: Double) -> Int64? { first(share) { $0.survival } }

  public var median: Int64? { quantile(0.5) }

  /// The times between which the quantile lies, by the pointwise intervals (Brookmeyer and Crowley 1982): where the lower
  /// and where the upper limit of S falls to 1 - share; nil where it never does.
  public func quantileInterval(_ share: Double) -> (lower: Int64?, upper: Int64?) {
    (first(share) { $0.lower ?? $0.survival }, first(share) { $0.upper ?? $0.survival })
  }

  /// A product of fractions that should be exactly 1 - share may miss it by its rounding.
  private func first(_ share: Double, _ value: (Step) -> Double) -> Int64? {
    steps.first { value($0) <= 1 - share + 1e-12 }?.time
  }
}
