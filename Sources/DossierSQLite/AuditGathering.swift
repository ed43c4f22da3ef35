internal import CustodyLog
internal import DossierCore

/// What an item's fold needs of one of its events, in 48 bytes. The audit reads every event once, in the order of
/// the log; with these it can go through them again item by item without looking up a million rows.
struct GatheredEvent: Gathered {
  var number: Int64
  var index: Int64
  var at: Int64
  /// How far back the previous event of the chain lies; 0 for the first one.
  var back: UInt32
  var sequence: UInt32
  var manifest: Int32
  var office: Int32
  var to: Int32
  var zone: Int16
  var kind: UInt8
  /// Bits 0-2 grade, 3-5 damage, 6 reference, 7 consignment.
  private var facts: UInt8

  /// - Returns: nil when the event does not fit, or means something only together with others: its item is then
  ///   read by look-ups.
  init?(_ row: EventColumns, number: Int64) {
    let back = row.previousEvent.map { row.index - $0 } ?? 0
    guard row.kind != .corrected, (row.previousEvent == nil) == (back == 0), let back = UInt32(exactly: back),
      let sequence = UInt32(exactly: row.sequence), let manifest = Int32(exactly: row.manifest)
    else { return nil }
    self.number = number
    index = row.index
    at = row.at
    self.back = back
    self.sequence = sequence
    self.manifest = manifest
    office = row.office
    to = row.to
    zone = row.zone
    kind = row.kind.rawValue
    facts = row.grade.rawValue
    switch row.kind {
    case .damaged, .delivered, .lost, .destroyed:
      let (damage, hasReference) = CustodyEvent.details(row.kind, Array(row.more))
      facts |= (damage?.rawValue ?? 0) << 3 | (hasReference ? 0x40 : 0)
    default: break
    }
    if row.isConsignment { facts |= 0x80 }
  }

  var isConsignment: Bool { facts & 0x80 != 0 }

  var custody: CustodyEvent {
    CustodyEvent(
      index: index, kind: EventKind(rawValue: kind) ?? .accepted,
      grade: EventGrade(rawValue: facts & 7) ?? .declared, at: at, zone: zone, office: office, to: to,
      manifest: Int64(manifest), damage: DamageGrade(rawValue: facts >> 3 & 7),
      hasReference: facts & 0x40 != 0)
  }
}

/// One dossier of a consignment of which every dossier's row is there.
struct GatheredDossier: Gathered {
  var number: Int64
  var id: Int64
  /// Index of the consignment.
  var event: Int64
  var field: Int32
  var agency: Int32
}

/// The first event of an item, to be met by its neighbours.
struct ItemBirth: BitwiseCopyable {
  var id: Int64
  var event: Int64
}

/// How much is put aside where. Tests make it small; findings do not depend on it.
struct GatheringSizes: Sendable {
  /// Bytes of events that may stay in memory; of other records a quarter of that. More goes to a temporary file.
  var memory: Int64 = 4 << 20
  /// Bytes that a temporary file may take.
  var fileSize = Int64.max
  /// About as many events are taken up at a time.
  var eventsOnShelf: Int64 = 32_768
  /// Events that one thread collects before it puts them on their shelves.
  var eventsInBatch = 16_384
  var birthsOnShelf: Int64 = 65_536
}

/// What the passes over log and contents put aside for the pass over items: all about an item on one shelf, by its
/// number; births by row.
final class AuditGathering: Sendable {
  let events: Shelves<GatheredEvent>
  let dossiers: Shelves<GatheredDossier>
  let items: Shelves<GatheredItem>
  let births: Shelves<ItemBirth>
  let key: ChainKey
  let sizes: GatheringSizes

  /// - Throws: when the store is large and no temporary file can be made.
  init(_ facts: StoreFacts, key: ChainKey, sizes: GatheringSizes) throws(TemporaryFile.Failure) {
    self.key = key
    self.sizes = sizes
    var shelves = 1
    while shelves < 256, Int64(shelves) * sizes.eventsOnShelf < facts.size { shelves *= 2 }
    let items = facts.itemRanges.last?.upperBound ?? 1
    let (memory, fileSize) = (sizes.memory, sizes.fileSize)
    events = try Shelves(count: shelves, expecting: facts.size, memory: memory, fileSize: fileSize)
    dossiers = try Shelves(
      count: shelves, expecting: facts.dossiers, memory: memory / 4, fileSize: fileSize)
    self.items = try Shelves(count: shelves, expecting: items, memory: memory / 4, fileSize: fileSize)
    births = try Shelves(
      count: Int(items / sizes.birthsOnShelf) + 1, expecting: items, memory: memory / 4, fileSize: fileSize)
  }

  func put(_ records: [GatheredEvent], place: Int) { put(records, on: events, place) }
  func put(_ records: [GatheredDossier], place: Int) { put(records, on: dossiers, place) }
  func put(_ records: [GatheredItem], place: Int) { put(records, on: items, place) }

  private func put<Record: Gathered>(_ records: [Record], on shelves: Shelves<Record>, _ place: Int) {
    shelves.put(records, place: place) { key.shelf(of: $0.number, count: shelves.count) }
  }

  func put(_ records: [ItemBirth], place: Int) {
    births.put(records, place: place) { Int($0.id / sizes.birthsOnShelf) }
  }

  /// The births of all items in the order of their rows.
  func order() throws(TemporaryFile.Failure) -> ItemOrder {
    var order = ItemOrder()
    for shelf in 0..<births.count {
      let first = Int64(shelf) * sizes.birthsOnShelf
      var births = [Int64?](repeating: nil, count: Int(sizes.birthsOnShelf))
      for birth in try self.births.take(shelf) { births[Int(birth.id - first)] = birth.event }
      for (position, birth) in births.enumerated() {
        if let birth { order.append(id: first + Int64(position), birth: birth) }
      }
    }
    return order
  }
}
