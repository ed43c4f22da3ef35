/// Which journeys a report wants one by one: those of the few items to which something happened.
///
/// Only items that were entrusted to somebody are selected, as in every balance (``CustodyState/entrustedDay``). An item
/// for which any of the conditions holds is selected once.
public struct JourneySelection: Hashable, Sendable {
  /// First and last local day of entrusting, both included; nil for no bound.
  public var from: CalendarDate?
  public var through: CalendarDate?
  /// Declared lost, and not found since.
  public var lost: Bool
  /// Damaged, whatever became of it.
  public var damaged: Bool
  /// Missing or lost once, and turned up.
  public var found: Bool
  /// On its way, expected somewhere and not found there.
  public var missing: Bool
  /// With events that contradict its ending, for example declared lost after its delivery.
  public var disputed: Bool
  /// On its way, and its last event happened before this instant (milliseconds since 1970 UTC); nil for no such items.
  public var silentSince: Int64?

  public init(
    from: CalendarDate? = nil, through: CalendarDate? = nil, lost: Bool = false, damaged: Bool = false,
    found: Bool = false, missing: Bool = false, disputed: Bool = false, silentSince: Int64? = nil
  ) {
    self.from = from
    self.through = through
    self.lost = lost
    self.damaged = damaged
    self.found = found
    self.missing = missing
    self.disputed = disputed
    self.silentSince = silentSince
  }

  public func contains(_ custody: CustodyState) -> Bool {
    guard let day = custody.entrustedDay else { return false }
    if let from, day < from { return false }
    if let through, through < day { return false }
    let isOpen = custody.outcome == .open
    return lost && custody.outcome == .lost || damaged && custody.damage != nil || found && custody.found
      || missing && isOpen && custody.missing || disputed && custody.disputed
      || isOpen && silentSince.map { custody.lastAt < $0 } ?? false
  }
}

/// Hands on only the journeys of a selection.
public struct SelectedJourneys<Inner: JourneyAccumulator>: JourneyAccumulator {
  private let selection: JourneySelection
  public private(set) var inner: Inner

  public init(_ selection: JourneySelection, into inner: Inner) {
    self.selection = selection
    self.inner = inner
  }

  public mutating func add(_ journey: borrowing ItemJourney) {
    if selection.contains(journey.custody) { inner.add(journey) }
  }

  public mutating func merge(_ other: Self) { inner.merge(other.inner) }
}

/// How many items the log speaks of that stand in no balance, because nobody ever accepted or dispatched them.
public struct JourneyExclusions: JourneyAccumulator, Hashable {
  /// Found somewhere without being expected.
  public var surplus: Int64 = 0
  /// Nothing that moves custody happened to them: they are spoken of, and that is all, or what was said of them was
  /// taken back.
  public var announced: Int64 = 0
  /// Handled by somebody, though no acceptance and no dispatch is on record.
  public var handled: Int64 = 0

  public init() {}

  public var total: Int64 { surplus + announced + handled }

  public mutating func add(_ journey: borrowing ItemJourney) {
    if journey.custody.entrustedDay != nil { return }
    add(journey.custody.word, isSurplus: journey.custody.surplus)
  }

  /// Counts an item that was never entrusted.
  public mutating func add(_ state: StateWord, isSurplus: Bool) {
    if isSurplus {
      surplus += 1
    } else if state == .announced {
      announced += 1
    } else {
      handled += 1
    }
  }

  public mutating func merge(_ other: JourneyExclusions) {
    surplus += other.surplus
    announced += other.announced
    handled += other.handled
  }
}

extension CustodyState {
  /// The local day on which the item was entrusted: its place among the cohorts. Nil when it never was.
  public var entrustedDay: CalendarDate? {
    isEntrusted
      ? OffsetDateTime(milliseconds: entrustedAt, offsetMinutes: entrustedZone)?.localDate : nil
  }
}
