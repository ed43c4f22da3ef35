internal import CustodyLog
internal import DossierCore

/// Reads runs of the log from one connection, with the dossiers and fees that its manifests state, and puts all on
/// their shelves.
final class JourneyCollector {
  private let reader: StoreReader
  private let plan: JourneyPlan
  private let shelving: JourneyShelving
  private let selectEvents: Statement
  private let selectFees: Statement
  private let selectDossiers: Statement
  private let selectDossier: Statement
  private var events: [ShelvedEvent] = []
  private var dossiers: [ShelvedDossier] = []
  private var hasFee = false
  private var hasDossier = false

  init(_ reader: StoreReader, _ plan: JourneyPlan, _ shelving: JourneyShelving) throws {
    self.reader = reader
    self.plan = plan
    self.shelving = shelving
    selectEvents = try Statement(
      reader.connection,
      """
      SELECT idx, kind, grade, subject, at, zone, recorded_at, office, operator, destination, manifest, reason, more,
        id IS NULL
      FROM event WHERE idx >= ?1 AND idx < ?2 ORDER BY idx
      """)
    selectFees = try Statement(
      reader.connection,
      "SELECT event, fee FROM content WHERE event >= ?1 AND event < ?2 ORDER BY event")
    selectDossiers = try Statement(
      reader.connection,
      "SELECT \(JourneyDossier.columns), d.event FROM dossier d WHERE d.id >= ?1 ORDER BY d.id")
    selectDossier = try Statement(
      reader.connection, "SELECT id, event FROM dossier WHERE id >= ?1 ORDER BY id LIMIT 1")
  }

  /// Reads the numbers of all items. Their index is smaller than the table, and holds all of it that is wanted.
  func numbers() throws {
    let select = try Statement(reader.connection, "SELECT id, number FROM item")
    var items: [GatheredItem] = []
    var place = 0
    while try select.step() {
      items.append(
        GatheredItem(number: shelving.key.number(of: Subject.read(select, 1)), id: select.int(0)))
      if items.count >= shelving.sizes.eventsInBatch {
        shelving.put(items, place: place)
        items.removeAll(keepingCapacity: true)
        place += 1
      }
    }
    shelving.put(items, place: place)
  }

  /// Reads the events in a range.
  ///
  /// - Throws: ``StoreFault`` when one of them is missing or is not what a writer of this store puts there.
  func run(_ range: Range<Int64>) throws {
    selectEvents.bind(1, range.lowerBound)
    selectEvents.bind(2, range.upperBound)
    defer { leave() }
    try beginContents(range)
    var expected = range.lowerBound
    while try selectEvents.step() {
      guard selectEvents.int(0) == expected else { throw StoreFault.malformedRow("event \(expected)") }
      try take(expected)
      expected += 1
      if events.count >= shelving.sizes.eventsInBatch { put(expected) }
    }
    guard expected == range.upperBound else { throw StoreFault.malformedRow("event \(expected)") }
    put(expected)
  }

  private func leave() {
    selectEvents.reset()
    selectFees.reset()
    selectDossiers.reset()
    events.removeAll(keepingCapacity: true)
    dossiers.removeAll(keepingCapacity: true)
  }

  /// - Parameter end: of the events read so far, which no other batch has.
  private func put(_ end: Int64) {
    // Every place is taken once: the end of the range may have been reached by the batch before.
    if events.isEmpty { return }
    shelving.put(events, place: Int(end))
    events.removeAll(keepingCapacity: true)
    if plan.query.withDossiers { shelving.put(dossiers, place: Int(end)) }
    dossiers.removeAll(keepingCapacity: true)
  }

  private func take(_ index: Int64) throws {
    let subject = Subject.read(selectEvents, 3)
    if subject == .none { return }
    guard let event = try event() else { throw StoreFault.malformedRow("event \(index)") }
    let number = shelving.key.number(of: subject)
    let isConsignment = event.kind == .dispatched && selectEvents.int(13) != 0
    var fee: Int64?
    if isConsignment {
      if plan.query.withFees { fee = try self.fee(index) }
      if plan.query.withDossiers { try addDossiers(index, number) }
    }
    guard let shelved = ShelvedEvent(event, number: number, isConsignment: isConsignment, fee: fee) else {
      throw StoreFault.malformedRow("event \(index)")
    }
    events.append(shelved)
  }

  /// The event on which the statement stands; nil when a column holds what no writer of this store puts there.
  private func event() throws -> JourneyEvent? {
    let row = selectEvents
    guard let kind = EventKind(rawValue: UInt8(exactly: row.int(1)) ?? 0),
      let grade = EventGrade(rawValue: UInt8(exactly: row.int(2)) ?? 0), let zone = Int16(exactly: row.int(5))
    else { return nil }
    var event = JourneyEvent(
      index: row.int(0), kind: kind, grade: grade, at: row.int(4), zone: zone, recordedAt: row.int(6),
      office: row.term(7), operatorCode: row.term(8), to: row.term(9),
      manifest: plan.manifests.resolved(row.int(10)), reason: row.term(11))
    let more = row.view(12)
    if more.isEmpty { return event }
    let corrects = event.take(more: Array(more))
    if let corrects {
      event.corrects = try reader.items.index(ofIdentifier: corrects, before: plan.size) ?? -1
    }
    return event
  }

  // MARK: What manifests state

  /// Brings the readers of fees and dossiers to where the range begins.
  private func beginContents(_ range: Range<Int64>) throws {
    hasFee = false
    hasDossier = false
    if plan.query.withFees {
      selectFees.bind(1, range.lowerBound)
      selectFees.bind(2, range.upperBound)
      hasFee = try selectFees.step()
    }
    if plan.query.withDossiers {
      selectDossiers.bind(1, try firstDossier(range.lowerBound))
      hasDossier = try selectDossiers.step()
    }
  }

  private func fee(_ index: Int64) throws -> Int64? {
    while hasFee, selectFees.int(0) < index { hasFee = try selectFees.step() }
    return hasFee && selectFees.int(0) == index ? selectFees.optionalInt(1) : nil
  }

  private func addDossiers(_ index: Int64, _ number: Int64) throws {
    let column = JourneyDossier.columnCount
    while hasDossier, selectDossiers.int(column) < index { hasDossier = try selectDossiers.step() }
    while hasDossier, selectDossiers.int(column) == index {
      dossiers.append(ShelvedDossier(JourneyDossier(selectDossiers), number: number))
      hasDossier = try selectDossiers.step()
    }
  }

  /// Row of the first dossier of an event from `event` on: dossiers are numbered in the order of their events, so halving
  /// finds it.
  private func firstDossier(_ event: Int64) throws -> Int64 {
    var (low, high) = (Int64(1), plan.dossiers + 1)
    while low < high {
      let middle = low + (high - low) / 2
      selectDossier.bind(1, middle)
      let isBefore = try selectDossier.step() && selectDossier.int(1) < event
      selectDossier.reset()
      if isBefore { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
