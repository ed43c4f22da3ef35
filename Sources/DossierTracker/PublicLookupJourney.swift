internal import DossierCore
internal import DossierSQLite

/// One dossier on its way through the mail, in the items that carried it: there with the first, back with the last.
struct PublicJourney {
  var days: [PublicStatus.Step: CalendarDate] = [:]
  var step = PublicStatus.Step.handedIn
  /// The item that carries it now.
  var carrier: ItemSummary?
  private var last = Int64.min

  /// - Parameter items: all that carried the dossier.
  init(_ items: [ItemHistory], _ offices: PublicOffices) {
    for item in items { add(item, offices) }
    step = PublicStatus.Step.allCases.last { days[$0] != nil } ?? .handedIn
  }

  private mutating func add(_ item: ItemHistory, _ offices: PublicOffices) {
    let events = item.standingEvents
    let isOutward = Self.isOutward(item, events, offices)
    for event in events {
      switch (event.kind, isOutward) {
      case (.accepted, false): reached(.handedIn, event)
      case (.dispatched, false):
        reached(.handedIn, event)
        // Between offices that decide it is no longer on its way to them.
        reached(offices.decides(event.office) ? .atCenter : .onItsWay, event)
      case (.received, false), (.delivered, false):
        if offices.decides(event.office) { reached(.atCenter, event) }
      case (.accepted, true):
        if offices.decides(event.office) { reached(.atCenter, event) }
      case (.dispatched, true), (.received, true), (.outForDelivery, true): reached(.resultOnItsWay, event)
      case (.delivered, true): reached(.delivered, event)
      default: break
      }
    }
    // A result on its way comes after whatever still happens to the item that brought the dossier in.
    let rank = (item.summary.lastAt ?? Int64.min + 1) / 2 + (isOutward ? Int64.max / 4 : 0)
    if carrier == nil || rank > last {
      carrier = item.summary
      last = rank
    }
  }

  private mutating func reached(_ step: PublicStatus.Step, _ event: EventRecord) {
    let day = CalendarDate(vietNamInstant: event.at)
    if days[step].map({ day < $0 }) ?? true { days[step] = day }
  }

  /// Whether the item brings a result, or something back, to a citizen.
  private static func isOutward(
    _ item: ItemHistory, _ events: [EventRecord], _ offices: PublicOffices
  ) -> Bool {
    switch item.summary.leg {
    case .intake, .supplement, .circulation: false
    case .result: true
    case .return, nil: offices.decides(events.first?.office)
    }
  }
}

extension ItemHistory {
  /// Its events in order of time, without those that were taken back.
  var standingEvents: [EventRecord] {
    let void = Set(events.filter { $0.kind == .corrected }.compactMap(\.details.corrects))
    return events.filter { $0.kind != .corrected && !void.contains($0.identifier) }
      .sorted { ($0.at, $0.index) < ($1.at, $1.index) }
  }

  /// What went wrong with it, oldest first.
  var troubles: [PublicStatus.Trouble] {
    let events = standingEvents
    let hasArrived = summary.state == .delivered
    var troubles: [PublicStatus.Trouble] = []
    func add(
      _ kind: PublicStatus.Trouble.Kind, _ at: Int64?, isSettled: Bool = false, _ damage: DamageGrade? = nil
    ) {
      let day = at.map { CalendarDate(vietNamInstant: $0) }
      troubles.append(PublicStatus.Trouble(kind: kind, day: day, isSettled: isSettled, damage: damage))
    }
    func last(_ kind: EventKind) -> EventRecord? { events.last { $0.kind == kind } }
    if let event = last(.missing) { add(.missing, event.at, isSettled: !summary.missing) }
    if let event = last(.lost) { add(.lost, event.at, isSettled: summary.state != .lost) }
    if let event = last(.damaged) { add(.damaged, event.at, summary.damage) }
    if let event = last(.destroyed) { add(.destroyed, event.at) }
    if let event = last(.returned) { add(.returned, event.at) }
    if let finding = findings.last(where: { $0.code == .misrouted }) {
      let event = events.last { finding.events.contains($0.identifier) }
      // It is settled once somebody else has taken it over.
      let isSettled =
        hasArrived
        || events.contains { $0.kind == .received && $0.at > event?.at ?? .max && $0.office != event?.office }
      add(.misrouted, event?.at, isSettled: isSettled)
    }
    if let event = last(.attemptFailed) { add(.notDelivered, event.at, isSettled: hasArrived) }
    if summary.state == .disputed { add(.disputed, summary.lastAt) }
    return troubles.sorted { ($0.day?.daysSince1970 ?? 0) < ($1.day?.daysSince1970 ?? 0) }
  }
}

extension Tracker {
  /// Dossiers of one item, and items of one dossier, that are followed.
  private static var most: Int { 16 }

  /// What the public may know of items.
  ///
  /// - Parameters:
  ///   - opened: the item that was asked after, or all that carried a dossier.
  ///   - dossier: the dossier's code when it was asked after.
  func status(of opened: [ItemHistory], dossier: String?) throws -> PublicStatus? {
    guard let asked = opened.last else { return nil }
    let offices = PublicOffices(try store.offices())
    var known: [String: ItemHistory] = [:]
    for item in opened { for number in item.numbers { known[number] = item } }
    func history(_ number: String) throws -> ItemHistory? {
      if let item = known[number] { return item }
      let item = try store.history(ofItem: number)
      for name in item?.numbers ?? [] { known[name] = item }
      return item
    }

    let stated = dossier == nil ? asked.dossiers : opened.flatMap(\.dossiers).filter { $0.code == dossier }
    var journeys: [PublicJourney] = []
    var carriers: [ItemHistory] = []
    for code in stated.prefix(Self.most).map(\.code) {
      var items = try code.map { try store.items(carrying: $0).prefix(Self.most).compactMap(history) } ?? []
      if items.isEmpty { items = [asked] }
      items = items.uniqued
      journeys.append(PublicJourney(items, offices))
      carriers = (carriers + items).uniqued
    }
    if journeys.isEmpty {
      journeys = [PublicJourney([asked], offices)]
      carriers = [asked]
    }
    return status(of: asked, journeys, carriers, promised: stated.compactMap(\.due).max(), offices)
  }

  private func status(
    of asked: ItemHistory, _ journeys: [PublicJourney], _ carriers: [ItemHistory], promised: CalendarDate?,
    _ offices: PublicOffices
  ) -> PublicStatus {
    // Nothing is claimed that does not hold for all dossiers of the item.
    let slowest = journeys.min { $0.step < $1.step } ?? PublicJourney([asked], offices)
    var days: [PublicStatus.Step: CalendarDate] = [:]
    for step in PublicStatus.Step.allCases where step <= slowest.step {
      days[step] = journeys.compactMap { $0.days[step] }.max()
    }
    let troubles = carriers.flatMap(\.troubles).sorted {
      ($0.day?.daysSince1970 ?? 0) < ($1.day?.daysSince1970 ?? 0)
    }
    let carrier = slowest.carrier ?? asked.summary
    let today = CalendarDate(vietNamInstant: now)
    let delivered = journeys.count { $0.step == .delivered }
    return PublicStatus(
      ending: "…" + asked.summary.number.suffix(6), step: slowest.step, days: days,
      place: slowest.step == .delivered ? nil : carrier.custodian.map(offices.place), promised: promised,
      isLate: slowest.step != .delivered && promised.map { today > $0 } ?? false,
      next: Self.next(slowest.step, carrier, troubles), troubles: troubles, dossiers: journeys.count,
      dossiersDelivered: delivered, item: asked.summary.number)
  }

  private static func next(
    _ step: PublicStatus.Step, _ carrier: ItemSummary, _ troubles: [PublicStatus.Trouble]
  ) -> PublicStatus.Next {
    switch carrier.state {
    case .missing, .lost, .destroyed, .returned, .disputed: return .askTheOffice
    case .outForDelivery: return .isOutForDelivery
    case .held where step == .resultOnItsWay: return .waitsToBeCollected
    default: break
    }
    return switch step {
    case .handedIn: .willBeSent
    case .onItsWay: .willArrive
    case .atCenter: .willBeDecided
    case .resultOnItsWay: .willBeDelivered
    case .delivered: .nothing
    }
  }
}

extension PublicStatus.Step: Comparable {
  public static func < (left: Self, right: Self) -> Bool {
    (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
  }
}

extension Array where Element: Hashable {
  /// Each once, the first of its kind.
  fileprivate var uniqued: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
