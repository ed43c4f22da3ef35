internal import CustodyLog
internal import DossierCore

/// One event as journeys need it, in 64 bytes.
struct ShelvedEvent: Gathered {
  var number: Int64
  private var index: Int64
  private var at: Int64
  private var recordedAt: Int64
  /// `corrected`: the event that it names. Fees: the amount. A manifest's dispatch: the fee to collect.
  private var extra: Int64
  private var manifest: Int32
  private var office: Int32
  private var operatorCode: Int32
  private var to: Int32
  private var reason: Int32
  private var zone: Int16
  private var kind: UInt8
  /// Bits 0-2 grade, 3-5 damage, 6 reference, 7 consignment.
  private var facts: UInt8
  private static let nothing = Int64.min

  /// - Parameters:
  ///   - fee: what a manifest's dispatch states; nil for other events.
  /// - Returns: nil when a number is larger than any that a writer of this store puts there.
  init?(_ event: JourneyEvent, number: Int64, isConsignment: Bool, fee: Int64?) {
    guard let manifest = Int32(exactly: event.manifest) else { return nil }
    self.number = number
    index = event.index
    at = event.at
    recordedAt = event.recordedAt
    extra = event.kind == .corrected ? event.corrects : (isConsignment ? fee : event.amount) ?? Self.nothing
    self.manifest = manifest
    office = event.office
    operatorCode = event.operatorCode
    to = event.to
    reason = event.reason
    zone = event.zone
    kind = event.kind.rawValue
    facts =
      event.grade.rawValue | (event.damage?.rawValue ?? 0) << 3 | (event.hasReference ? 0x40 : 0)
      | (isConsignment ? 0x80 : 0)
  }

  var isConsignment: Bool { facts & 0x80 != 0 }

  /// What a manifest's dispatch states to be collected.
  var fee: Int64? { isConsignment && extra != Self.nothing ? extra : nil }

  var event: JourneyEvent {
    let kind = EventKind(rawValue: kind) ?? .accepted
    return JourneyEvent(
      index: index, kind: kind, grade: EventGrade(rawValue: facts & 7) ?? .declared, at: at, zone: zone,
      recordedAt: recordedAt, office: office, operatorCode: operatorCode, to: to, manifest: Int64(manifest),
      reason: reason, damage: DamageGrade(rawValue: facts >> 3 & 7), hasReference: facts & 0x40 != 0,
      amount: isConsignment || kind == .corrected || extra == Self.nothing ? nil : extra,
      corrects: kind == .corrected ? extra : -1)
  }
}

/// One dossier of an item, in 48 bytes.
struct ShelvedDossier: Gathered {
  var number: Int64
  private var id: Int64
  private var key: Int64
  private var procedure: Int32
  private var field: Int32
  private var agency: Int32
  private var received: Int32
  private var due: Int32
  private var result: Int32
  private static let noDay = Int32.min

  init(_ dossier: JourneyDossier, number: Int64) {
    self.number = number
    id = dossier.id
    key = dossier.key
    procedure = dossier.procedure
    field = dossier.field
    agency = dossier.agency
    received = dossier.received?.daysSince1970 ?? Self.noDay
    due = dossier.due?.daysSince1970 ?? Self.noDay
    result = dossier.result?.daysSince1970 ?? Self.noDay
  }

  var dossier: JourneyDossier {
    func day(_ days: Int32) -> CalendarDate? {
      days == Self.noDay ? nil : CalendarDate(daysSince1970: Int(days))
    }
    return JourneyDossier(
      id: id, key: key, procedure: procedure, field: field, agency: agency, received: day(received),
      due: day(due), result: day(result))
  }
}

/// What one pass over the log puts aside, to be taken up item by item: all about an item on one shelf, by its number.
final class JourneyShelving: Sendable {
  let events: Shelves<ShelvedEvent>
  let dossiers: Shelves<ShelvedDossier>
  let items: Shelves<GatheredItem>
  let key: ChainKey
  let sizes: GatheringSizes

  /// - Throws: when the store is large and no temporary file can be made.
  init(_ plan: JourneyPlan, key: ChainKey, sizes: GatheringSizes) throws(TemporaryFile.Failure) {
    self.key = key
    self.sizes = sizes
    var shelves = 1
    while shelves < 256, Int64(shelves) * sizes.eventsOnShelf < plan.size { shelves *= 2 }
    let (memory, fileSize) = (sizes.memory, sizes.fileSize)
    events = try Shelves(count: shelves, expecting: plan.size, memory: memory, fileSize: fileSize)
    dossiers = try Shelves(
      count: shelves, expecting: plan.query.withDossiers ? plan.dossiers : 0, memory: memory,
      fileSize: fileSize)
    items = try Shelves(count: shelves, expecting: plan.items, memory: memory, fileSize: fileSize)
  }

  func put(_ records: [ShelvedEvent], place: Int) { put(records, on: events, place) }
  func put(_ records: [ShelvedDossier], place: Int) { put(records, on: dossiers, place) }
  func put(_ records: [GatheredItem], place: Int) { put(records, on: items, place) }

  private func put<Record: Gathered>(_ records: [Record], on shelves: Shelves<Record>, _ place: Int) {
    shelves.put(records, place: place) { key.shelf(of: $0.number, count: shelves.count) }
  }
}
