/// What became of the items (or dossiers) of one group, as counts.
///
/// `delivered`, `returned`, `lost`, `destroyed` and `open` part the entrusted ones; `missing` is a part of
/// `open`; `found` and `damaged` say something more about items already counted.
public struct LossCounts: Equatable, Sendable {
  /// Accepted or dispatched in the period: the denominator of every rate.
  public var entrusted: Int
  public var delivered: Int
  public var returned: Int
  /// Declared lost and not found since.
  public var lost: Int
  public var destroyed: Int
  /// Without an outcome yet. Stays in the denominator.
  public var open: Int
  /// Of the open ones, those expected somewhere and not found there.
  public var missing: Int
  /// Declared missing or lost at some time and found again; counted under their present state above.
  public var found: Int
  /// Flagged damaged, whatever became of them.
  public var damaged: Int

  public init(
    entrusted: Int = 0, delivered: Int = 0, returned: Int = 0, lost: Int = 0, destroyed: Int = 0,
    open: Int = 0, missing: Int = 0, found: Int = 0, damaged: Int = 0
  ) {
    self.entrusted = entrusted
    self.delivered = delivered
    self.returned = returned
    self.lost = lost
    self.destroyed = destroyed
    self.open = open
    self.missing = missing
    self.found = found
    self.damaged = damaged
  }

  public static func + (left: LossCounts, right: LossCounts) -> LossCounts {
    LossCounts(
      entrusted: left.entrusted + right.entrusted, delivered: left.delivered + right.delivered,
      returned: left.returned + right.returned, lost: left.lost + right.lost,
      destroyed: left.destroyed + right.destroyed, open: left.open + right.open,
      missing: left.missing + right.missing, found: left.found + right.found,
      damaged: left.damaged + right.damaged)
  }

  /// Whether every entrusted item is accounted for once: entrusted = delivered + returned + lost + destroyed
  /// + open.
  public var balances: Bool {
    entrusted == delivered + returned + lost + destroyed + open
  }

  /// Whether the counts can describe any set of items at all: none negative, no part larger than its whole.
  public var arePossible: Bool {
    [entrusted, delivered, returned, lost, destroyed, open, missing, found, damaged].allSatisfy { $0 >= 0 }
      && missing <= open && lost <= entrusted && found <= entrusted && damaged <= entrusted
  }
}

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
    rate = Self.per100k(Double(events) / Double(trials))
    lower = Self.per100k(interval.lower)
    upper = bound.map(Self.per100k)
  }

  private static func per100k(_ share: Double) -> Double {
    let value = share * 100_000
    guard value > 0 else { return 0 }
    var scale = 1.0
    while value * scale < 1e9, scale < 1e22 { scale *= 10 }  // powers of ten are exact up to 10²²
    return (value * scale).rounded() / scale
  }
}

/// One group of a ``LossReport``.
public struct LossRow: Equatable, Sendable {
  /// The group's label, for example an office code; English `total` is reserved for the total.
  public let group: String
  public let counts: LossCounts
  public let lostPer100k: Rate
  public let damagedPer100k: Rate

  public init(group: String, counts: LossCounts) {
    self.group = group
    self.counts = counts
    lostPer100k = Rate(events: counts.lost, trials: counts.entrusted)
    damagedPer100k = Rate(events: counts.damaged, trials: counts.entrusted)
  }
}
