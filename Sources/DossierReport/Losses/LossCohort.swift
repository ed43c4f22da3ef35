public import DossierCore

/// Which items a loss report is about, and how it tells groups apart: what an item adds to which group.
public struct LossCohort: Hashable, Sendable {
  public var unit: LossQuery.Unit
  /// First and last day of entrusting, both included; nil for no bound.
  public var from: CalendarDate?
  public var through: CalendarDate?
  /// nil when no rule can be applied.
  public var deadlines: PresumedLossDeadlines?

  public init(
    unit: LossQuery.Unit, from: CalendarDate? = nil, through: CalendarDate? = nil,
    deadlines: PresumedLossDeadlines? = nil
  ) {
    self.unit = unit
    self.from = from
    self.through = through
    self.deadlines = deadlines
  }

  /// Whether what was entrusted on a day belongs to it.
  public func contains(_ day: CalendarDate) -> Bool { contains(day: day.daysSince1970) }

  func contains(day: Int32) -> Bool {
    (from.map { $0.daysSince1970 <= day } ?? true) && (through.map { day <= $0.daysSince1970 } ?? true)
  }
}

/// A group as dictionary numbers: everything that a report may group by.
struct LossKey: Hashable, Sendable {
  /// `yyyymm` of the local day of entrusting.
  var month: Int32
  var giver: Int32
  var receiver: Int32
  var leg: UInt8
  /// 0 none; ``several`` when one item holds dossiers of different fields.
  var field: Int32
  var agency: Int32

  static let several: Int32 = -1

  /// Only what a grouping tells apart, so that one label is one key.
  func masked(_ by: [LossQuery.Grouping]) -> LossKey {
    var key = LossKey(month: 0, giver: 0, receiver: 0, leg: 0, field: 0, agency: 0)
    for grouping in by {
      switch grouping {
      case .office: key.giver = giver
      case .route: (key.giver, key.receiver) = (giver, receiver)
      case .field: key.field = field
      case .agency: key.agency = agency
      case .leg: key.leg = leg
      case .month: key.month = month
      }
    }
    return key
  }
}

/// What one entrusted item says for a loss report, told from its journey.
struct LossFacts {
  /// Days since 1970 on the local clock at the time of entrusting.
  var entrustedDay: Int32
  var lastDay: Int32
  var isOpen: Bool
  var counts: OutcomeCounts
  var presumedLost: Bool
  var damage: DamageGrade?
  /// Reason of the last declaration of loss that counts; nil when it was never declared lost.
  var lossReason: Int32?
  var fate: CauseCounts

  /// nil for an item that was never entrusted.
  init?(_ journey: borrowing ItemJourney, _ deadlines: PresumedLossDeadlines?) {
    let custody = journey.custody
    guard custody.isEntrusted else { return nil }
    entrustedDay = Self.day(custody.entrustedAt, custody.entrustedZone)
    // The zone of the last event is not kept; a rule counts days of Viet Nam.
    lastDay = Self.day(custody.lastAt, OffsetDateTime.vietNamOffsetMinutes)
    isOpen = custody.outcome == .open
    counts = OutcomeCounts(custody)
    damage = custody.damage
    presumedLost =
      isOpen
      && (deadlines?.arePassed(leg: journey.leg, entrusted: entrustedDay, last: lastDay) ?? false)
    lossReason = nil
    for event in journey.events where event.kind == .lost && !event.isVoid { lossReason = event.reason }
    fate = CauseCounts()
    if lossReason != nil {
      fate.declared = 1
      if custody.outcome == .lost {
        fate.lost = 1
      } else if custody.found {
        fate.foundAgain = 1
      } else {
        fate.contested = 1
      }
    }
  }

  static func day(_ at: Int64, _ zone: Int16) -> Int32 {
    let (local, overflow) = at.addingReportingOverflow(Int64(zone) * 60_000)
    let length: Int64 = 86_400_000
    let whole = overflow ? at : local
    return Int32(clamping: whole >= 0 ? whole / length : (whole - length + 1) / length)
  }
}

extension LossCohort {
  /// Calls `body` with each group that the item adds to: once for an item, once a dossier for dossiers.
  func forEachKey(_ journey: borrowing ItemJourney, _ facts: LossFacts, _ body: (LossKey) -> Void) {
    let month = CalendarDate(daysSince1970: Int(facts.entrustedDay))?.monthKey ?? 0
    let custody = journey.custody
    var key = LossKey(
      month: Int32(month), giver: custody.entrustedBy, receiver: custody.firstReceiver,
      leg: journey.leg?.rawValue ?? 0, field: journey.dossiers.first?.field ?? 0,
      agency: journey.dossiers.first?.agency ?? 0)
    switch unit {
    case .item:
      for dossier in journey.dossiers {
        if dossier.field != key.field { key.field = LossKey.several }
        if dossier.agency != key.agency { key.agency = LossKey.several }
      }
      body(key)
    case .dossier:
      for dossier in journey.dossiers {
        key.field = dossier.field
        key.agency = dossier.agency
        body(key)
      }
    }
  }
}
