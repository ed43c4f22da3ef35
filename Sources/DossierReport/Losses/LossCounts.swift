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
