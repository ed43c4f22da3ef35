internal import DossierCore

/// One shelf as it is taken up: its items, and for each what else was gathered about it.
struct ShelvedItems {
  let items: [GatheredItem]
  private let events: Groups<GatheredEvent>
  private let dossiers: Groups<GatheredDossier>
  /// Positions of items that share their number with another one.
  private let doubtful: Set<Int>

  /// - Throws: when what was gathered could not be kept.
  init(_ gathering: AuditGathering, _ shelf: Int) throws(TemporaryFile.Failure) {
    items = try gathering.items.take(shelf)
    let table = NumberTable(items, gathering.key)
    doubtful = table.doubtful
    events = Groups(try gathering.events.take(shelf), table, count: items.count)
    dossiers = Groups(try gathering.dossiers.take(shelf), table, count: items.count)
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

/// Records of one shelf sorted to its items, by counting: in time proportional to their number, and each item's in
/// the order in which they lay.
private struct Groups<Record: Gathered> {
  private let records: [Record]
  /// Positions in `records`, item by item.
  private var order: [Int32]
  /// Where the records of each item begin in `order`, and where the last one's end.
  private let starts: [Int32]

  init(_ records: [Record], _ table: NumberTable, count: Int) {
    self.records = records
    var next = [Int32](repeating: 0, count: count + 1)
    var owners = [Int32](repeating: -1, count: records.count)
    for (position, record) in records.enumerated() {
      let owner = table.position(of: record.number)
      owners[position] = owner
      if owner >= 0 { next[Int(owner) + 1] += 1 }
    }
    for position in 0..<count { next[position + 1] += next[position] }
    starts = next
    order = [Int32](repeating: 0, count: Int(next[count]))
    for (position, owner) in owners.enumerated() where owner >= 0 {
      order[Int(next[Int(owner)])] = Int32(position)
      next[Int(owner)] += 1
    }
  }

  subscript(position: Int) -> some Sequence<Record> {
    (Int(starts[position])..<Int(starts[position + 1])).lazy.map { records[Int(order[$0])] }
  }
}

/// From an item's number to its position on the shelf: an open-addressing table.
private struct NumberTable {
  private var numbers: [Int64]
  private var positions: [Int32]
  private let mask: Int
  private let key: ChainKey
  /// Positions of items that share their number with another one.
  private(set) var doubtful: Set<Int> = []

  init(_ items: [GatheredItem], _ key: ChainKey) {
    self.key = key
    var size = 16
    while size < items.count * 2 { size *= 2 }
    mask = size - 1
    numbers = [Int64](repeating: 0, count: size)
    positions = [Int32](repeating: -1, count: size)
    for (position, item) in items.enumerated() {
      var slot = self.slot(item.number)
      while positions[slot] >= 0, numbers[slot] != item.number { slot = (slot + 1) & mask }
      if positions[slot] >= 0 {
        doubtful.formUnion([Int(positions[slot]), position])
      } else {
        numbers[slot] = item.number
        positions[slot] = Int32(position)
      }
    }
  }

  func position(of number: Int64) -> Int32 {
    var slot = self.slot(number)
    while positions[slot] >= 0, numbers[slot] != number { slot = (slot + 1) & mask }
    return positions[slot]
  }

  /// Other bits than those that chose the shelf.
  private func slot(_ number: Int64) -> Int {
    Int(truncatingIfNeeded: key.spread(number) >> 32) & mask
  }
}
