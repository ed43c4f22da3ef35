internal import DossierCore

/// One shelf as it is taken up: its items, and for each what else was gathered about it.
struct ShelvedItems {
  let items: [GatheredItem]
  private let events: RecordGroups<GatheredEvent>
  private let dossiers: RecordGroups<GatheredDossier>
  /// Positions of items that share their number with another one.
  private let doubtful: Set<Int>

  /// - Throws: when what was gathered could not be kept.
  init(_ gathering: AuditGathering, _ shelf: Int) throws(TemporaryFile.Failure) {
    items = try gathering.items.take(shelf)
    let table = NumberTable(items, gathering.key)
    doubtful = table.doubtful
    events = RecordGroups(try gathering.events.take(shelf), table, count: items.count)
    dossiers = RecordGroups(try gathering.dossiers.take(shelf), table, count: items.count)
  }

  /// Fills `chain` with what was gathered about an item.
  ///
  /// - Parameter position: of the item on the shelf.
  /// - Returns: false when that is not the chain that its row leads to.
  func take(_ position: Int, of row: ItemRow, into chain: inout ItemChain) -> Bool {
    if doubtful.contains(position) || !chain.take(events[position], of: row) { return false }
    chain.take(dossiers[position], of: row)
    return true
  }
}
