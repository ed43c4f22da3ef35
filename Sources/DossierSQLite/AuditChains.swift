internal import DossierCore

/// All events of one item, oldest first, as the audit goes through them: from what pass 1 put aside, or looked up
/// one by one. One value is used again for item after item.
struct ItemChain {
  var events: [CustodyEvent] = []
  private var sequences: [Int64] = []
  /// Index of the first event by which a manifest entrusts the item, and how many there are.
  private(set) var firstConsignment: Int64?
  private(set) var consignments = 0
  /// Index of the first event; `Int64.max` when there is none.
  private(set) var first = Int64.max
  /// The dossiers of this number alone; nil when they have to be looked up.
  private(set) var dossiers: [DossierFacts]?

  var count: Int { sequences.count }

  private mutating func empty() {
    events.removeAll(keepingCapacity: true)
    sequences.removeAll(keepingCapacity: true)
    firstConsignment = nil
    consignments = 0
    first = Int64.max
    dossiers = nil
  }

  private mutating func append(_ event: CustodyEvent, sequence: Int64, isConsignment: Bool) {
    if events.isEmpty { first = event.index }
    events.append(event)
    sequences.append(sequence)
    if isConsignment {
      if consignments == 0 { firstConsignment = event.index }
      consignments += 1
    }
  }

  /// Takes the gathered events of an item's number, if they are exactly the chain that its row leads to: each one
  /// the previous event of the next, the last one the row's head.
  ///
  /// - Returns: false, when they are not or some were not gathered. Only looking them up tells what is wrong.
  mutating func take(_ group: some Sequence<GatheredEvent>, of row: ItemRow) -> Bool {
    empty()
    var latest: Int64 = -1
    for event in group {
      if event.back == 0 ? latest != -1 : event.index - Int64(event.back) != latest || latest < 0 {
        return false
      }
      latest = event.index
      append(event.custody, sequence: Int64(event.sequence), isConsignment: event.isConsignment)
    }
    return latest == row.headEvent
  }

  /// Takes the gathered dossiers of an item's number, if they are those of its only consignment and those that its
  /// row states. Otherwise ``dossiers`` stays nil, and they are looked up.
  mutating func take(_ group: some Sequence<GatheredDossier>, of row: ItemRow) {
    guard consignments == 1, row.flags & ItemRow.flagSeveralConsignments == 0 else { return }
    var facts: [DossierFacts] = []
    for dossier in group {
      guard dossier.event == firstConsignment, dossier.id == row.firstDossier + Int64(facts.count) else {
        return
      }
      facts.append(DossierFacts(field: dossier.field, agency: dossier.agency))
    }
    if !facts.isEmpty && facts.count == row.dossiers { dossiers = facts }
  }

  /// Looks the item's events up, from its head backwards.
  mutating func read(_ row: ItemRow, _ items: ItemReader) throws {
    empty()
    for event in try items.chain(row).reversed() {
      append(
        try items.custodyEvent(event), sequence: event.sequence, isConsignment: event.isConsignment)
    }
  }

  /// Looks up the events of all numbers of an item for its fold.
  mutating func read(_ group: [ItemRow], _ items: ItemReader) throws {
    var rows: [EventRow] = []
    for member in group { rows += try items.chain(member) }
    rows.sort { $0.index < $1.index }
    events = try rows.map(items.custodyEvent)
  }

  /// The event at which the sequence does not go down by one from the head to 0.
  func brokenSequence(_ row: ItemRow) -> Int64? {
    var expected = row.headSequence
    for (position, sequence) in sequences.enumerated().reversed() {
      if sequence != expected { return events[position].index }
      expected -= 1
    }
    return expected == -1 ? nil : row.headEvent
  }
}

/// Which items may have been joined to others by a relabelling: a set of bits by row, so that asking costs nothing
/// and memory stays the same however many there are. It may say yes to an item that was not; never no to one that was.
struct RelabelledItems {
  private var words = [UInt64](repeating: 0, count: 16_384)

  init(_ connection: Connection) throws {
    let select = try Statement(connection, "SELECT old_item, new_item FROM relabelling")
    while try select.step() {
      for column in [0, 1] as [Int32] {
        let (word, bit) = place(select.int(column))
        words[word] |= bit
      }
    }
  }

  func mayHold(_ id: Int64) -> Bool {
    let (word, bit) = place(id)
    return words[word] & bit != 0
  }

  private func place(_ id: Int64) -> (Int, UInt64) {
    let position = UInt64(bitPattern: id)
    return (Int(position >> 6 & UInt64(words.count - 1)), 1 << (position & 63))
  }
}
