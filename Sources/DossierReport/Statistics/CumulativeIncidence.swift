internal import Glibc

/// Which share has had an event after a time, when another event may come first and end the waiting: the Aalen-Johansen
/// estimate for two competing outcomes. 1 - Kaplan-Meier, which takes the other outcome for "not yet", says too much.
public struct CumulativeIncidence: Equatable, Sendable {
  /// A time at which events of either kind happened.
  public struct Step: Equatable, Sendable {
    public let time: Int64
    /// How many had had neither and were still followed just before.
    public let atRisk: Int
    /// How many had the event here.
    public let events: Int
    /// How many had the competing one here.
    public let competing: Int
    /// The share that has had the event by now.
    public let incidence: Double
    /// The share that has had the competing one by now.
    public let competingIncidence: Double
    /// The share that has had neither.
    public let eventFree: Double
    /// Standard error of `incidence` by the delta method (Marubini and Valsecchi 1995, equation 10.12).
    public let error: Double
    /// Pointwise interval of `incidence` on the log-log scale; nil where the scale ends.
    public let lower: Double?
    public let upper: Double?
  }

  /// In order of time; both shares are 0 before the first.
  public let steps: [Step]
  public let count: Int

  /// - Parameters:
  ///   - rows: how many had the event, the competing one, and how many were followed no longer at each time; in any
  ///     order, one time may come twice.
  ///   - confidence: of the pointwise intervals.
  public init(
    _ rows: [(time: Int64, events: Int, competing: Int, censored: Int)], confidence: Double = 0.95
  ) {
    let z = NormalDistribution.twoSided(confidence)
    var byTime: [Int64: (events: Int, competing: Int, censored: Int)] = [:]
    for row in rows {
      byTime[row.time, default: (0, 0, 0)].events += row.events
      byTime[row.time, default: (0, 0, 0)].competing += row.competing
      byTime[row.time, default: (0, 0, 0)].censored += row.censored
    }
    count = rows.reduce(0) { $0 + $1.events + $1.competing + $1.censored }
    var atRisk = count
    var free = 1.0
    var incidence = 0.0
    var competingIncidence = 0.0
    var variance = VarianceSums()
    var steps: [Step] = []
    for (time, row) in byTime.sorted(by: { $0.key < $1.key }) {
      let ended = row.events + row.competing
      if ended > 0 {
        let n = Double(atRisk)
        let before = free
        incidence += before * Double(row.events) / n
        competingIncidence += before * Double(row.competing) / n
        free *= Double(atRisk - ended) / n
        variance.add(
          incidence: incidence, before: before, atRisk: n, events: Double(row.events), ended: Double(ended))
        let error = max(0, variance.value(incidence)).squareRoot()
        var limits: (lower: Double?, upper: Double?)
        if incidence > 0, incidence < 1, error.isFinite {
          let width = z * error / (incidence * -log(incidence))
          limits = (pow(incidence, exp(width)), pow(incidence, exp(-width)))
        }
        steps.append(
          Step(
            time: time, atRisk: atRisk, events: row.events, competing: row.competing, incidence: incidence,
            competingIncidence: competingIncidence, eventFree: free, error: error, lower: limits.lower,
            upper: limits.upper))
      }
      atRisk -= ended + row.censored
    }
    self.steps = steps
  }

  /// The share that has had the event by `time`.
  public func incidence(at time: Int64) -> Double { steps.last { $0.time <= time }?.incidence ?? 0 }

  /// The sums that the variance at every later time needs, so that one pass is enough:
  /// Σ (I(t) - I(i))² d/(n(n-d)) + Σ S(i-)² e(n-e)/n³ - 2 Σ (I(t) - I(i)) S(i-) e/n².
  private struct VarianceSums {
    private var weight = 0.0
    private var first = 0.0
    private var second = 0.0
    private var own = 0.0
    private var cross = 0.0
    private var crossFirst = 0.0

    mutating func add(incidence: Double, before: Double, atRisk n: Double, events e: Double, ended d: Double)
    {
      // Nobody is left after d = n: no later time will need the term.
      let w = d < n ? d / (n * (n - d)) : 0
      weight += w
      first += w * incidence
      second += w * incidence * incidence
      own += before * before * e * (n - e) / (n * n * n)
      let c = before * e / (n * n)
      cross += c
      crossFirst += c * incidence
    }

    func value(_ t: Double) -> Double {
      t * t * weight - 2 * t * first + second + own - 2 * (t * cross - crossFirst)
    }
  }
}
