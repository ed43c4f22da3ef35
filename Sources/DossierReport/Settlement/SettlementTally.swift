public import DossierCore

/// Everything that a settlement report asks of a dossier, gathered over all items that carried it.
///
/// Whatever the order of journeys: of several statements the earliest day of reception and the earliest due date count,
/// and the last day on a result.
public struct SettlementTally: JourneyAccumulator {
  /// One dossier in days since 1970; what is not known has a value that no merging prefers.
  struct Dossier: Hashable, Sendable {
    static let never = Int32.max
    static let unknown = Int32.min

    var field: Int32 = 0
    /// The day of reception at the one-stop desk, as stated.
    var received = never
    /// The day on which the post accepted it for the desk.
    var accepted = never
    var due = never
    var latestDue = unknown
    /// The day on its result, as stated.
    var result = unknown
    /// The day on which its result was entrusted to the post.
    var handedOver = never
    /// The day on which its result was delivered.
    var delivered = never
    var isPostalIntake = false
    var isPostalResult = false

    mutating func merge(_ other: Dossier) {
      field = max(field, other.field)
      received = min(received, other.received)
      accepted = min(accepted, other.accepted)
      due = min(due, other.due)
      latestDue = max(latestDue, other.latestDue)
      result = max(result, other.result)
      handedOver = min(handedOver, other.handedOver)
      delivered = min(delivered, other.delivered)
      isPostalIntake = isPostalIntake || other.isPostalIntake
      isPostalResult = isPostalResult || other.isPostalResult
    }
  }

  /// By ``JourneyDossier/key``.
  private(set) var dossiers: [Int64: Dossier] = [:]
  /// Dossiers whose code was erased, so that their items cannot be joined.
  public private(set) var erased = 0
  /// Dossiers of items that nobody accepted or dispatched.
  public private(set) var neverEntrusted = 0

  public init() {}

  public mutating func add(_ journey: borrowing ItemJourney) {
    if journey.dossiers.isEmpty { return }
    guard journey.custody.isEntrusted else {
      neverEntrusted += journey.dossiers.count
      return
    }
    let entrusted = OffsetDateTime(
      milliseconds: journey.custody.entrustedAt, offsetMinutes: journey.custody.entrustedZone)?.localDate
    var facts = Dossier()
    switch journey.leg {
    case .intake:
      facts.isPostalIntake = true
      facts.accepted = entrusted?.daysSince1970 ?? Dossier.never
    case .result:
      facts.isPostalResult = true
      facts.handedOver = entrusted?.daysSince1970 ?? Dossier.never
      if journey.custody.outcome == .delivered,
        let delivery = journey.events.first(where: { $0.kind == .delivered && !$0.isVoid })
      {
        facts.delivered = delivery.day?.daysSince1970 ?? Dossier.never
      }
    default: break
    }
    for stated in journey.dossiers {
      guard stated.key != 0 else {
        erased += 1
        continue
      }
      var dossier = facts
      dossier.field = stated.field
      dossier.received = stated.received?.daysSince1970 ?? Dossier.never
      dossier.due = stated.due?.daysSince1970 ?? Dossier.never
      dossier.latestDue = stated.due?.daysSince1970 ?? Dossier.unknown
      dossier.result = stated.result?.daysSince1970 ?? Dossier.unknown
      dossiers[stated.key, default: Dossier()].merge(dossier)
    }
  }

  public mutating func merge(_ other: SettlementTally) {
    erased += other.erased
    neverEntrusted += other.neverEntrusted
    if dossiers.isEmpty {
      dossiers = other.dossiers
    } else {
      dossiers.merge(other.dossiers) { mine, theirs in
        var merged = mine
        merged.merge(theirs)
        return merged
      }
    }
  }

  /// Dictionary numbers of the fields, for their names.
  public var fields: Set<Int32> { Set(dossiers.values.map(\.field)) }
}

/// Which day settles a dossier: that decides whether it was late.
public enum SettlementReading: String, Hashable, Sendable, CaseIterable {
  /// The end of processing: the day on its result.
  case processing
  /// The return of the result: the day of its delivery.
  case returned
}

extension SettlementTally.Dossier {
  /// The day it came in: as stated; for one that the post brought, the day of acceptance when nothing is stated.
  var receivedDay: Int32? {
    if received != Self.never { return received }
    return accepted == Self.never ? nil : accepted
  }

  var dueDay: Int32? { due == Self.never ? nil : due }

  /// The day that settles it, nil while nothing does.
  func settledDay(_ reading: SettlementReading) -> Int32? {
    switch reading {
    case .processing:
      // A result that the post has was ready by then.
      if result != Self.unknown { return result }
      return handedOver == Self.never ? nil : handedOver
    case .returned: return delivered == Self.never ? nil : delivered
    }
  }

  var isResultDayAssumed: Bool { result == Self.unknown && handedOver != Self.never }
}
