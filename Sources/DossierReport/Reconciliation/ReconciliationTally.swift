public import DossierCore

/// What custody knows of one dossier, gathered from all items that carried it.
struct DossierCustody: Hashable, Sendable {
  /// One item as it stands.
  struct Carriage: Hashable, Sendable {
    var item: Int64
    var leg: Leg?
    var state: StateWord
    var outcome: Outcome
    var custodian: Int32
    /// Whether its first named receiver has it.
    var isWithReceiver: Bool
    /// When it was delivered, returned or destroyed.
    var endedAt: Int64?
    var lastAt: Int64

    /// Of two items on one leg the later one counts.
    func isLater(than other: Carriage) -> Bool {
      (lastAt, item) > (other.lastAt, other.item)
    }
  }

  /// Row of the dossier whose code is asked for.
  var id: Int64
  var field: Int32
  /// Row of the dossier that names the field.
  private var fieldRow: Int64
  var received: CalendarDate?
  var due: CalendarDate?
  /// The newest carriage on the result leg, and on any leg.
  var result: Carriage?
  var latest: Carriage?

  init(_ dossier: JourneyDossier, _ carriage: Carriage) {
    id = dossier.id
    field = dossier.field
    fieldRow = dossier.id
    received = dossier.received
    due = dossier.due
    merge(carriage)
  }

  private mutating func merge(_ carriage: Carriage) {
    if carriage.leg == .result, result.map({ carriage.isLater(than: $0) }) ?? true { result = carriage }
    if latest.map({ carriage.isLater(than: $0) }) ?? true { latest = carriage }
  }

  mutating func merge(_ other: Self) {
    // What the smallest row with a field says holds, whatever order the journeys come in.
    if other.field != 0, field == 0 || other.fieldRow < fieldRow {
      field = other.field
      fieldRow = other.fieldRow
    }
    id = min(id, other.id)
    received = Self.earlier(received, other.received)
    due = Self.earlier(due, other.due)
    for carriage in [other.result, other.latest] { if let carriage { merge(carriage) } }
  }

  private static func earlier(_ left: CalendarDate?, _ right: CalendarDate?) -> CalendarDate? {
    guard let left, let right else { return left ?? right }
    return min(left, right)
  }

  /// Where it is.
  var place: DossierPlace {
    guard let latest else { return .unknown }
    switch latest.state {
    case .announced: return .unknown
    case .missing: return .missing
    case .lost: return .lost
    case .destroyed: return .destroyed
    case .disputed: return .disputed
    case .delivered:
      return latest.leg == .result || latest.leg == .return ? .delivered : .atOffice
    case .returned: return latest.leg == .result ? .backAtCenter : .backAtSender
    case .inCustody, .offered, .outForDelivery, .held:
      switch latest.leg {
      case .result, .return: return .toCitizen
      case .circulation: return latest.isWithReceiver ? .atOffice : .betweenOffices
      case .intake, .supplement: return latest.isWithReceiver ? .atOffice : .toCenter
      case nil: return .unknown
      }
    }
  }
}

/// Gathers what custody knows of the dossiers of an export, and of those in its scope that it lacks.
public struct ReconciliationTally: JourneyAccumulator {
  /// Position in the export by row of the dossier.
  let wanted: [Int64: Int32]
  let from: CalendarDate?
  let through: CalendarDate?
  /// By position in the export.
  var known: [Int32: DossierCustody] = [:]
  /// Dossiers of the period that the export lacks, by ``JourneyDossier/key``.
  var others: [Int64: DossierCustody] = [:]
  /// Dossiers of the period whose codes were erased: they cannot be compared.
  var erased = 0

  /// - Parameters:
  ///   - wanted: rows of the export's dossiers, each with its position in ``SoftwareFile/codes``.
  ///   - from: first day of reception of dossiers that the export should have; nil for no bound.
  ///   - through: the last such day.
  public init(wanted: [Int64: Int32], from: CalendarDate? = nil, through: CalendarDate? = nil) {
    self.wanted = wanted
    self.from = from
    self.through = through
  }

  public mutating func add(_ journey: borrowing ItemJourney) {
    let journey = copy journey
    guard !journey.dossiers.isEmpty else { return }
    let carriage = Self.carriage(journey)
    for dossier in journey.dossiers {
      let one = DossierCustody(dossier, carriage)
      if let position = wanted[dossier.id] {
        if known[position]?.merge(one) == nil { known[position] = one }
      } else if isInPeriod(dossier, journey.custody) {
        if dossier.key == 0 {
          erased += 1
        } else if others[dossier.key]?.merge(one) == nil {
          others[dossier.key] = one
        }
      }
    }
  }

  /// By the day of reception, else by the day on which the item was entrusted.
  private func isInPeriod(_ dossier: JourneyDossier, _ custody: CustodyState) -> Bool {
    if from == nil && through == nil { return true }
    let entrusted = OffsetDateTime(
      milliseconds: custody.entrustedAt, offsetMinutes: custody.entrustedZone)?.localDate
    guard let day = dossier.received ?? entrusted else { return false }
    return from.map { $0 <= day } ?? true && through.map { day <= $0 } ?? true
  }

  private static func carriage(_ journey: ItemJourney) -> DossierCustody.Carriage {
    let custody = journey.custody
    let endings: [EventKind] = [.delivered, .returned, .destroyed]
    return DossierCustody.Carriage(
      item: journey.item, leg: journey.leg, state: custody.word, outcome: custody.outcome,
      custodian: custody.custodian,
      isWithReceiver: custody.firstReceiver != 0 && custody.custodian == custody.firstReceiver,
      endedAt: custody.outcome == .open || custody.outcome == .lost
        ? nil : journey.events.first { !$0.isVoid && endings.contains($0.kind) }?.at,
      lastAt: custody.lastAt)
  }

  public mutating func merge(_ other: Self) {
    known.merge(other.known) { mine, theirs in
      var both = mine
      both.merge(theirs)
      return both
    }
    others.merge(other.others) { mine, theirs in
      var both = mine
      both.merge(theirs)
      return both
    }
    erased += other.erased
  }

  /// Rows of dossiers that the export lacks, whose codes the comparison needs.
  public var dossiers: Set<Int64> { Set(others.values.map(\.id)) }

  /// Dictionary numbers whose words the report prints.
  public var terms: Set<Int32> {
    var terms: Set<Int32> = []
    for custody in known.values { terms.formUnion([custody.field, custody.latest?.custodian ?? 0]) }
    for custody in others.values { terms.formUnion([custody.field, custody.latest?.custodian ?? 0]) }
    return terms
  }
}
