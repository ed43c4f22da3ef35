/// How many there are in all when two sources each saw a part (D. G. Chapman, 1951).
///
/// It holds only when being in one source says nothing about being in the other: whoever prints it prints that.
public struct CaptureRecapture: Equatable, Sendable {
  public let estimate: Double
  public let standardDeviation: Double

  /// N = (n1 + 1)(n2 + 1) / (m + 1) - 1.
  ///
  /// - Parameters:
  ///   - first: how many the first source has.
  ///   - second: how many the second has.
  ///   - both: how many stand in both.
  /// - Returns: nil for counts that cannot be.
  public init?(first: Int, second: Int, both: Int) {
    guard both >= 0, both <= first, both <= second else { return nil }
    let (a, b, m) = (Double(first), Double(second), Double(both))
    estimate = (a + 1) * (b + 1) / (m + 1) - 1
    let variance = (a + 1) * (b + 1) * (a - m) * (b - m) / ((m + 1) * (m + 1) * (m + 2))
    standardDeviation = variance.squareRoot()
  }
}
