internal import DossierCore

/// Puts journeys together on one thread.
final class JourneyAssembler {
  typealias Take = (borrowing ItemJourney) -> Void

  private let plan: JourneyPlan
  private let items: ItemReader
  private let lookUps: JourneyReader
  private var folding = JourneyFolding()
  /// Used again for item after item.
  private var journey = ItemJourney(folding: [])

  init(_ reader: StoreReader, _ plan: JourneyPlan) throws {
    self.plan = plan
    items = reader.items
    lookUps = try JourneyReader(reader, plan.manifests, plan.query, size: plan.size)
  }

  /// The items of one shelf, but for those whose numbers were ever joined to others.
  ///
  /// - Throws: ``StoreFault`` also when an event there is about an item that has no row.
  func forEach(on shelf: ShelvedJourneys, _ take: Take) throws {
    guard shelf.events.strays == 0 else { throw StoreFault.malformedRow("item") }
    for (position, item) in shelf.items.enumerated() where !plan.joined.contains(item.id) {
      if shelf.doubtful.contains(position) {
        try lookUp(item.id, take)
      } else if try assemble(item.id, shelf, position) {
        take(journey)
      }
    }
  }

  /// - Returns: false when no event is about the item.
  private func assemble(_ item: Int64, _ shelf: ShelvedJourneys, _ position: Int) throws -> Bool {
    journey.item = item
    journey.fee = nil
    journey.events.removeAll(keepingCapacity: true)
    journey.dossiers.removeAll(keepingCapacity: true)
    var consignments = 0
    shelf.events.forEach(at: position) { event in
      journey.events.append(event.event)
      if event.isConsignment {
        consignments += 1
        journey.fee = event.fee
      }
    }
    if journey.events.isEmpty { return false }
    try folding.fold(&journey, plan.manifests, items)
    if consignments > 1 {
      journey.fee = nil
      try lookUps.addContents(of: item, to: &journey)
    } else {
      shelf.dossiers.forEach(at: position) { journey.dossiers.append($0.dossier) }
    }
    return true
  }

  /// Items with rows in a range, but for those whose numbers were ever joined to others.
  func forEach(in range: Range<Int64>, _ take: Take) throws {
    for id in range where !plan.joined.contains(id) { try lookUp(id, take) }
  }

  /// The items of some of the sets of numbers that were ever joined.
  func forEachJoined(_ piece: Int, _ take: Take) throws {
    let first = piece * JourneyPlan.joinedInPiece
    for id in plan.joinedFirst[first...].prefix(JourneyPlan.joinedInPiece) {
      for journey in try lookUps.journeys(joinedTo: id) { take(journey) }
    }
  }

  /// The item that stands in a row.
  func lookUp(_ item: Int64, _ take: Take) throws {
    let journey =
      try plan.joined.contains(item) ? lookUps.journey(bearing: item) : lookUps.journey(alone: item)
    if let journey { take(journey) }
  }

  /// Whether any event is about the item in a row, under any of its numbers.
  func hasEvents(_ item: Int64) throws -> Bool {
    guard let row = try items.item(id: item) else { return false }
    return try items.group(of: row).contains { $0.headEvent >= 0 }
  }
}
