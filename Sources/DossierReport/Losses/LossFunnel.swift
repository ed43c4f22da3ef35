/// Offices against the limits within which chance alone would keep them (Spiegelhalter 2005): whether one differs from
/// the others, without ranking them.
public struct LossFunnel: Equatable, Sendable {
  /// Where an office lies.
  public enum Place: String, Sendable {
    /// Beyond the 99.8 % limits: one in a thousand on each side by chance.
    case farAbove, farBelow
    /// Beyond the 95 % limits only: one in forty on each side by chance.
    case above, below
    case within
  }

  /// Limits as shares; a lower one is nil where there is none.
  public struct Limits: Equatable, Sendable {
    public let lower: Double?
    public let upper: Double

    init?(lower: Double?, upper: Double?) {
      guard let upper else { return nil }
      self.lower = lower
      self.upper = upper
    }
  }

  public struct Point: Equatable, Sendable {
    public let office: String
    public let lost: Int
    public let entrusted: Int
    public let rate: Rate
    /// Exact binomial limits: 95 % and 99.8 %.
    public let inner: Limits?
    public let outer: Limits?
    /// The same widened for over-dispersion.
    public let adjustedInner: Limits?
    public let adjustedOuter: Limits?
    /// Drawn towards the common rate (empirical Bayes, Marshall), a share.
    public let shrunk: Double
    /// By the exact limits, and by the adjusted ones.
    public let place: Place
    public let adjustedPlace: Place
  }

  /// What offices are compared with, a share.
  public let target: Double
  public let overdispersion: Overdispersion?
  /// In the order asked for; offices to which nothing was entrusted are left out.
  public let points: [Point]

  /// - Parameters:
  ///   - target: a share to compare with; nil for the common rate.
  /// - Returns: nil with fewer than two offices.
  public init?(_ offices: [LossRow], target: Double?, order: LossReport.OfficeOrder) {
    var used = offices.filter { $0.counts.entrusted > 0 }
    guard used.count > 1 else { return nil }
    if order == .volume {
      // Stable: offices of one volume stay in the order of their codes.
      used = used.enumerated().sorted {
        ($1.element.counts.entrusted, $0.offset) < ($0.element.counts.entrusted, $1.offset)
      }.map(\.element)
    }
    let groups = used.map { (events: $0.counts.lost, trials: $0.counts.entrusted) }
    let lost = groups.reduce(0) { $0 + $1.events }
    let entrusted = groups.reduce(0) { $0 + $1.trials }
    let centre = target ?? Double(lost) / Double(entrusted)
    let spread = Overdispersion(groups)
    let bayes = EmpiricalBayes(groups)
    self.target = centre
    overdispersion = spread
    points = zip(used, bayes?.rates ?? []).map { office, shrunk in
      let n = office.counts.entrusted
      let exact = { (tail: Double) in Self.exact(centre, n, tail) }
      let adjusted = { (tail: Double) in
        spread.flatMap { Self.adjusted(centre, n, tail, $0.betweenVariance) }
      }
      let (inner, outer) = (exact(0.025), exact(0.001))
      let (adjustedInner, adjustedOuter) = (adjusted(0.025), adjusted(0.001))
      let share = Double(office.counts.lost) / Double(n)
      return Point(
        office: office.group, lost: office.counts.lost, entrusted: n, rate: office.lostPer100k, inner: inner,
        outer: outer, adjustedInner: adjustedInner, adjustedOuter: adjustedOuter, shrunk: shrunk,
        place: Self.place(share, inner, outer), adjustedPlace: Self.place(share, adjustedInner, adjustedOuter)
      )
    }
  }

  static func exact(_ target: Double, _ trials: Int, _ tail: Double) -> Limits? {
    Limits(
      lower: FunnelLimits.exact(target: target, trials: trials, tail: tail, side: .lower),
      upper: FunnelLimits.exact(target: target, trials: trials, tail: tail, side: .upper))
  }

  static func adjusted(_ target: Double, _ trials: Int, _ tail: Double, _ variance: Double) -> Limits? {
    func limit(_ side: FunnelLimits.Side) -> Double? {
      FunnelLimits.adjusted(
        target: target, trials: trials, tail: tail, side: side, betweenVariance: variance)
    }
    return Limits(lower: limit(.lower), upper: limit(.upper))
  }

  private static func place(_ share: Double, _ inner: Limits?, _ outer: Limits?) -> Place {
    guard let inner, let outer else { return .within }
    if share > outer.upper { return .farAbove }
    if let lower = outer.lower, share < lower { return .farBelow }
    if share > inner.upper { return .above }
    if let lower = inner.lower, share < lower { return .below }
    return .within
  }
}
