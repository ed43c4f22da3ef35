/// A share per 100,000 with the limits it may lie between.
///
/// The limits are the exact two-sided 95 % interval; with no event at all, 0 and the exact **one-sided** 95 %
/// bound. All three are nil when nothing was entrusted. They are rounded to ten significant digits, so that a
/// report computed again at the same checkpoint is the same byte for byte on a processor whose logarithm
/// differs in the last bit.
public struct Rate: Equatable, Sendable {
  public let rate: Double?
  public let lower: Double?
  public let upper: Double?

  /// - Parameters:
  ///   - events: how many items had the event, 0...`trials`.
  ///   - trials: how many items were entrusted. Outside these ranges the rate is unknown, all three nil.
  public init(events: Int, trials: Int) {
    guard let interval = BinomialInterval.clopperPearson(events: events, trials: trials) else {
      rate = nil
      lower = nil
      upper = nil
      return
    }
    let bound = events == 0 ? BinomialInterval.upperBoundAtZero(trials: trials) : interval.upper
    rate = (Double(events) / Double(trials) * 100_000).tenDigits
    lower = (interval.lower * 100_000).tenDigits
    upper = bound.map { ($0 * 100_000).tenDigits }
  }
}
