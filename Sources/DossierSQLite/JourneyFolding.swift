internal import DossierCore

/// Folds one journey after another, in memory that is used again.
struct JourneyFolding {
  private var custody: [CustodyEvent] = []
  private var sorted: [JourneyEvent] = []
  /// From so many events on, a table finds one of them sooner than a search.
  private static let searchLimit = 16

  /// Works out the custody and leg of a journey from its events, puts them in order of time, and marks those that were
  /// taken back.
  mutating func fold(
    _ journey: inout ItemJourney, _ manifests: JourneyManifests, _ items: ItemReader
  ) throws {
    custody.removeAll(keepingCapacity: true)
    for event in journey.events { custody.append(event.custody) }
    journey.custody = try items.fold(&custody) { _ in }
    journey.leg = manifests.leg(journey.custody.firstManifest)
    sort(&journey.events)
    guard journey.events.contains(where: { $0.kind == .corrected }) else { return }
    let void = CustodyState.voided(custody)
    for position in journey.events.indices {
      journey.events[position].isVoid = void.contains(journey.events[position].index)
    }
  }

  /// Brings the events into the order in which the fold has put what it read of them.
  private mutating func sort(_ events: inout [JourneyEvent]) {
    let isSorted = zip(custody, events).allSatisfy { $0.index == $1.index }
    if isSorted { return }
    sorted.removeAll(keepingCapacity: true)
    if events.count <= Self.searchLimit {
      for wanted in custody {
        if let event = events.first(where: { $0.index == wanted.index }) { sorted.append(event) }
      }
    } else {
      let positions = Dictionary(
        events.indices.map { (events[$0].index, $0) }, uniquingKeysWith: { first, _ in first })
      for wanted in custody {
        if let position = positions[wanted.index] { sorted.append(events[position]) }
      }
    }
    swap(&events, &sorted)
  }
}

extension JourneyEvent {
  /// - Parameters:
  ///   - manifest: resolved (``JourneyManifests``).
  ///   - corrects: index of the event that a `corrected` names, or -1.
  init(_ row: EventRow, manifest: Int64, corrects: Int64) {
    self.init(
      index: row.index, kind: row.kind, grade: row.grade, at: row.at, zone: row.zone,
      recordedAt: row.recordedAt, office: row.office, operatorCode: row.operatorCode, to: row.to,
      manifest: manifest, reason: row.reason, corrects: corrects)
    _ = take(more: row.more)
  }

  /// Takes over what an event's rare attributes say.
  ///
  /// - Returns: identifier of the event that a `corrected` names.
  mutating func take(more: [UInt8]) -> String? {
    if more.isEmpty { return nil }
    hasReference = EventDetails.mentionsReference(more)
    switch kind {
    case .damaged: damage = EventDetails(encoded: more)?.damage
    case .feeCollected, .feeRemitted: amount = EventDetails(encoded: more)?.amount
    case .corrected: return EventDetails(encoded: more)?.corrects
    default: break
    }
    return nil
  }
}
