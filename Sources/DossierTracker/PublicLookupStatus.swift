public import DossierCore

/// What the public may know of an item: coarse facts, no person, no street, no procedure, no hour.
public struct PublicStatus: Hashable, Sendable {
  /// The five steps of a dossier that travels by mail, in order.
  public enum Step: String, Hashable, Sendable, CaseIterable {
    case handedIn, onItsWay, atCenter, resultOnItsWay, delivered
  }

  /// What a number alone is answered with.
  public enum Coarse: String, Hashable, Sendable, CaseIterable {
    case inTransit, arrived
    /// Somebody should ask; also the answer to a number that the store does not know.
    case contact
  }

  /// Where something is, no nearer than a postal area or the kind of an office.
  public struct Place: Hashable, Sendable {
    /// Nil for an office that the master data do not have.
    public var kind: Office.Kind?
    /// Name of the postal area, such as a district's post; nil when there is none to tell.
    public var area: String?
  }

  /// Something that should not have happened, and whether it has been settled.
  public struct Trouble: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
      case missing, lost, damaged, misrouted, destroyed, returned, disputed, notDelivered
    }

    public var kind: Kind
    public var day: CalendarDate?
    /// Found again, brought to the right place, delivered after all.
    public var isSettled: Bool
    public var damage: DamageGrade?
  }

  /// What comes next.
  public enum Next: String, Hashable, Sendable, CaseIterable {
    case willBeSent, willArrive, willBeDecided, willBeDelivered, isOutForDelivery, waitsToBeCollected,
      nothing,
      askTheOffice
  }

  /// The end of the item's number, by which its holder knows it again: `…2940VN`.
  public var ending: String
  public var step: Step
  /// The day on which each step reached was reached, where the log says.
  public var days: [Step: CalendarDate]
  /// Where it is now; nil once it is delivered.
  public var place: Place?
  /// The day by which the result was promised.
  public var promised: CalendarDate?
  public var isLate: Bool
  public var next: Next
  /// Oldest first.
  public var troubles: [Trouble]
  /// How many dossiers it holds, and of how many the result has been delivered.
  public var dossiers: Int
  public var dossiersDelivered: Int
  /// Number of the item that was asked after.
  public var item: String
}

/// Offices as the public may hear of them.
struct PublicOffices {
  private let offices: [String: Office]

  init(_ offices: [Office]) {
    self.offices = Dictionary(offices.map { ($0.code, $0) }, uniquingKeysWith: { _, newer in newer })
  }

  func kind(_ code: String?) -> Office.Kind? { code.flatMap { offices[$0]?.kind } }

  /// Whether dossiers are decided there, and results come from there.
  func decides(_ code: String?) -> Bool {
    let kind = kind(code)
    return kind == .center || kind == .agency
  }

  /// Of a post office the area above it, as far up as names an area of the province and not the whole; of any other
  /// office only what kind it is.
  func place(_ code: String) -> PublicStatus.Place {
    guard let office = offices[code] else { return PublicStatus.Place(kind: nil, area: nil) }
    guard office.kind == .post || office.kind == .transport else {
      return PublicStatus.Place(kind: office.kind, area: nil)
    }
    var line = [office]
    // Master data come from a file: a circle in it must not hold anybody up.
    while line.count < 8, let parent = line.last?.parent, let above = offices[parent],
      !line.contains(where: { $0.code == above.code })
    {
      line.append(above)
    }
    // A single office without anything above it would be named exactly.
    let area = line.count > 1 ? line[max(1, line.count - 2)] : nil
    return PublicStatus.Place(kind: office.kind, area: area?.name)
  }
}

extension PublicStatus.Coarse {
  init(_ item: ItemSummary, _ offices: PublicOffices) {
    switch item.state {
    case .delivered, .held: self = .arrived
    case .missing, .lost, .destroyed, .disputed, .returned, .announced: self = .contact
    case .inCustody:
      let isInward = item.leg != .result && item.leg != .return
      self = isInward && offices.decides(item.custodian) ? .arrived : .inTransit
    case .offered, .outForDelivery: self = .inTransit
    }
  }
}
