public import DossierCore

/// Whole-number figures of the dossiers of one group. Sums are exact and do not depend on the order of adding.
public struct DelayCounts: Equatable, Sendable {
  public var dossiers = 0
  /// Milliseconds from the first item's acceptance to the end, and the same by holder, in the order of
  /// ``Holder/allCases``.
  public var elapsed: Int64 = 0
  public var clock = [Int64](repeating: 0, count: Holder.count)
  public var working = [Int64](repeating: 0, count: Holder.count)
  /// How many dossiers each held for some time.
  public var visits = [Int](repeating: 0, count: Holder.count)

  // Against the due date; dossiers without one are not among them.
  public var withDue = 0
  public var inTime = 0
  public var late = 0
  /// Under way, the due date past or not.
  public var openLate = 0
  public var openInTime = 0
  /// Reached a center or agency, no result under way.
  public var deskLate = 0
  public var deskInTime = 0
  /// Returned, lost or destroyed.
  public var otherEnding = 0

  // Of `late` and `openLate`.
  /// Calendar days and working days after the due date, through the delivery or so far.
  public var overrunDays = 0
  public var overrunWorkingDays = 0
  /// The working days among them by who held the dossier as the day began; the last place is the time before the first
  /// record.
  public var charged = [Int](repeating: 0, count: Holder.count + 1)
  /// How many each held as the due date passed.
  public var heldAtDue = [Int](repeating: 0, count: Holder.count + 1)
  /// The result was entrusted to the post after the due date; of the others it was by then under way.
  public var postedLate = 0

  /// Position of the time before the first record in `charged` and `heldAtDue`.
  static let beforeRecord = Holder.count

  public var allLate: Int { late + openLate }

  /// Back to nothing, keeping its memory: one value serves all dossiers one after the other.
  mutating func reset() {
    for position in clock.indices {
      clock[position] = 0
      working[position] = 0
      visits[position] = 0
    }
    for position in charged.indices {
      charged[position] = 0
      heldAtDue[position] = 0
    }
    (dossiers, elapsed, postedLate, overrunDays, overrunWorkingDays) = (0, 0, 0, 0, 0)
    (withDue, inTime, late, openLate, openInTime, deskLate, deskInTime, otherEnding) = (
      0, 0, 0, 0, 0, 0, 0, 0
    )
  }

  mutating func add(_ other: DelayCounts) {
    dossiers += other.dossiers
    elapsed += other.elapsed
    for position in clock.indices {
      clock[position] += other.clock[position]
      working[position] += other.working[position]
      visits[position] += other.visits[position]
    }
    withDue += other.withDue
    inTime += other.inTime
    late += other.late
    openLate += other.openLate
    openInTime += other.openInTime
    deskLate += other.deskLate
    deskInTime += other.deskInTime
    otherEnding += other.otherEnding
    overrunDays += other.overrunDays
    overrunWorkingDays += other.overrunWorkingDays
    for position in charged.indices {
      charged[position] += other.charged[position]
      heldAtDue[position] += other.heldAtDue[position]
    }
    postedLate += other.postedLate
  }

  /// Whether every split sums to its whole.
  public var balances: Bool {
    clock.reduce(0, +) == elapsed
      && withDue == inTime + late + openLate + openInTime + deskLate + deskInTime + otherEnding
      && withDue <= dossiers && charged.reduce(0, +) == overrunWorkingDays
      && heldAtDue.reduce(0, +) == allLate && visits.allSatisfy { $0 <= dossiers } && postedLate <= allLate
  }
}

/// A dossier that was late, or is.
public struct LateDossier: Equatable, Sendable {
  /// Row of the dossier in the store.
  public var row: Int64
  public var leg: Leg?
  public var due: CalendarDate
  /// The day of delivery; nil while it is under way.
  public var delivered: CalendarDate?
  public var overrunDays: Int
  public var overrunWorkingDays: Int
  /// Who held it as the due date passed; nil before the first record.
  public var heldAtDue: Holder?
}

/// What dossiers are grouped by: that of their first item, or of the dossier.
struct DelayGroup: Hashable {
  var first: Int32 = 0
  var second: Int32 = 0
}
