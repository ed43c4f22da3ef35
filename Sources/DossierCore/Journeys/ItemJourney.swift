/// One event of an item as reports read it, in the store's dictionary numbers (0 = none).
///
/// Numbers instead of texts, so that a report over millions of events touches no string; what a number means is asked
/// for in the end, for the few that are printed (``JourneyTexts``).
public struct JourneyEvent: Hashable, Sendable {
  /// Index in the log.
  public var index: Int64
  public var kind: EventKind
  public var grade: EventGrade
  /// When it happened: milliseconds since 1970 UTC; `zone` its offset from UTC in minutes.
  public var at: Int64
  public var zone: Int16
  /// When the log took it.
  public var recordedAt: Int64
  public var office: Int32
  public var operatorCode: Int32
  public var to: Int32
  /// Number of the manifest's row, the negated term of a manifest that is not recorded here, or 0.
  public var manifest: Int64
  public var reason: Int32
  public var damage: DamageGrade?
  public var hasReference: Bool
  /// `feeCollected`, `feeRemitted`: đồng.
  public var amount: Int64?
  /// Index of the event that a `corrected` names; -1 otherwise, or when that event is unknown.
  public var corrects: Int64
  /// Whether a correction took it back: it no longer counts, and stays visible.
  public var isVoid: Bool

  public init(
    index: Int64, kind: EventKind, grade: EventGrade, at: Int64, zone: Int16 = 420, recordedAt: Int64,
    office: Int32, operatorCode: Int32 = 0, to: Int32 = 0, manifest: Int64 = 0, reason: Int32 = 0,
    damage: DamageGrade? = nil, hasReference: Bool = false, amount: Int64? = nil, corrects: Int64 = -1,
    isVoid: Bool = false
  ) {
    self.index = index
    self.kind = kind
    self.grade = grade
    self.at = at
    self.zone = zone
    self.recordedAt = recordedAt
    self.office = office
    self.operatorCode = operatorCode
    self.to = to
    self.manifest = manifest
    self.reason = reason
    self.damage = damage
    self.hasReference = hasReference
    self.amount = amount
    self.corrects = corrects
    self.isVoid = isVoid
  }
}

/// One dossier of an item, each once: as its earliest manifest states it.
public struct JourneyDossier: Hashable, Sendable {
  /// Row of the store; ``JourneyTexts`` gives its code.
  public var id: Int64
  /// The same for all rows of one dossier code, whatever item carries it, and for no other code; 0 when the code was
  /// erased.
  public var key: Int64
  public var procedure: Int32
  public var field: Int32
  public var agency: Int32
  /// The day it was received at the one-stop desk, the day it is due, and the day on its result, as the manifest states
  /// them.
  public var received: CalendarDate?
  public var due: CalendarDate?
  public var result: CalendarDate?

  public init(
    id: Int64, key: Int64 = 0, procedure: Int32 = 0, field: Int32 = 0, agency: Int32 = 0,
    received: CalendarDate? = nil,
    due: CalendarDate? = nil, result: CalendarDate? = nil
  ) {
    self.id = id
    self.key = key
    self.procedure = procedure
    self.field = field
    self.agency = agency
    self.received = received
    self.due = due
    self.result = result
  }
}

/// Everything that happened to one postal item, under all its numbers, as known at one size of the log.
public struct ItemJourney: Sendable {
  /// Row of the number that the item bore last, as known at that size; ``JourneyTexts`` gives it.
  public var item: Int64
  public var leg: Leg?
  /// At least one, in order of time as ``CustodyState`` sorts them, void ones and corrections included.
  public var events: [JourneyEvent]
  /// Where all this leaves the item.
  public var custody: CustodyState
  public var dossiers: [JourneyDossier]
  /// The fee to collect that its manifest states, in đồng; nil when it states none.
  public var fee: Int64?

  public init(
    item: Int64, leg: Leg?, events: [JourneyEvent], custody: CustodyState, dossiers: [JourneyDossier] = [],
    fee: Int64? = nil
  ) {
    self.item = item
    self.leg = leg
    self.events = events
    self.custody = custody
    self.dossiers = dossiers
    self.fee = fee
  }

  /// A journey of hand-made events, folded as the store folds them.
  ///
  /// - Parameter events: in any order; which of them are void is worked out here.
  public init(
    folding events: [JourneyEvent], item: Int64 = 1, leg: Leg? = nil, dossiers: [JourneyDossier] = [],
    fee: Int64? = nil, identifier: (Int64) -> String = { String($0) }
  ) {
    var custodyEvents = events.map(\.custody)
    let state = CustodyState(folding: &custodyEvents, identifier: identifier)
    let void = CustodyState.voided(custodyEvents)
    let byIndex = Dictionary(events.map { ($0.index, $0) }, uniquingKeysWith: { first, _ in first })
    var sorted = custodyEvents.compactMap { byIndex[$0.index] }
    for position in sorted.indices { sorted[position].isVoid = void.contains(sorted[position].index) }
    self.init(item: item, leg: leg, events: sorted, custody: state, dossiers: dossiers, fee: fee)
  }
}

extension JourneyEvent {
  /// What the state machine reads of it.
  public var custody: CustodyEvent {
    CustodyEvent(
      index: index, kind: kind, grade: grade, at: at, zone: zone, office: office, to: to, manifest: manifest,
      damage: damage, hasReference: hasReference, corrects: corrects)
  }

  /// The local day on which it happened.
  public var day: CalendarDate? {
    OffsetDateTime(milliseconds: at, offsetMinutes: zone)?.localDate
  }
}
