internal import Glibc

/// The g-chart: how many items pass between two rare events.
///
/// The numbers follow a geometric distribution, which is skewed: three standard deviations are no honest limits for it,
/// so the limits are its own quantiles.
public struct BetweenItemsChart: Equatable, Sendable {
  public let mean: Double
  public let standardDeviation: Double
  /// mean + 3 standard deviations, as many programs draw it.
  public let conventionalUpper: Double
  public let median: Double
  /// Quantiles 0.00135, 0.5 and 0.99865 of the geometric distribution (counted from 0) with this mean.
  public let lowerLimit: Int
  public let centre: Int
  public let upperLimit: Int

  /// - Parameter gaps: items without the event between two events, each at least 0.
  /// - Returns: nil without gaps, or when no item lies between any.
  public init?(_ gaps: [Int]) {
    guard !gaps.isEmpty, gaps.allSatisfy({ $0 >= 0 }), gaps.contains(where: { $0 > 0 }) else { return nil }
    let mean = Double(gaps.reduce(0, +)) / Double(gaps.count)
    self.mean = mean
    standardDeviation = (mean * (mean + 1)).squareRoot()
    conventionalUpper = mean + 3 * standardDeviation
    let sorted = gaps.sorted()
    let middle = sorted.count / 2
    median =
      sorted.count.isMultiple(of: 2)
      ? Double(sorted[middle - 1] + sorted[middle]) / 2 : Double(sorted[middle])
    lowerLimit = Self.quantile(log1p(-0.00135), mean: mean)
    centre = Self.quantile(-log(2), mean: mean)
    upperLimit = Self.quantile(log(0.00135), mean: mean)
  }

  /// The smallest k with (1 - p)^(k + 1) ≤ e^`logTail`, p = 1 / (mean + 1).
  private static func quantile(_ logTail: Double, mean: Double) -> Int {
    let k = (logTail / log1p(-1 / (mean + 1)) - 1).rounded(.up)
    return k <= 0 ? 0 : k < 9e15 ? Int(k) : Int.max
  }
}

/// The t-chart: how much time passes between two rare events. Times are brought near the normal distribution by the
/// power 1/3.6 (L. S. Nelson 1994), charted by the mean of their moving ranges, and the limits are brought back.
public struct BetweenTimesChart: Equatable, Sendable {
  public let centre: Double
  /// 0 when the limit lies below every time.
  public let lowerLimit: Double
  public let upperLimit: Double
  public let meanMovingRange: Double

  /// - Parameter times: at least two, none negative, in order.
  public init?(_ times: [Double]) {
    guard times.count > 1, times.allSatisfy({ $0 >= 0 && $0.isFinite }) else { return nil }
    let bent = times.map { pow($0, 1 / 3.6) }
    let mean = bent.reduce(0, +) / Double(bent.count)
    let ranges = zip(bent.dropFirst(), bent).map { abs($0 - $1) }
    meanMovingRange = ranges.reduce(0, +) / Double(ranges.count)
    let width = 3 * meanMovingRange / 1.128
    centre = pow(mean, 3.6)
    lowerLimit = mean > width ? pow(mean - width, 3.6) : 0
    upperLimit = pow(mean + width, 3.6)
  }
}
