internal import CustodyLog
internal import DossierCore

/// Something about an item, to be met by everything else about it on one shelf.
protocol Gathered: BitwiseCopyable, Sendable {
  /// ``ChainKey/number(of:)`` of the item's number.
  var number: Int64 { get }
}

/// An item's row.
struct GatheredItem: Gathered {
  var number: Int64
  var id: Int64
}

extension ChainKey {
  /// A subject as one integer: a packed number itself, another one by a negative hash under this run's secret.
  func number(of subject: Subject) -> Int64 {
    switch subject {
    case .none: 0
    case .packed(let packed): packed
    case .text: Int64(bitPattern: mix(subject, 0, MerkleHash.emptyRoot).0 | 1 << 63)
    }
  }

  /// A number spread under the run's secret, so that no choice of numbers makes them meet in one place.
  func spread(_ number: Int64) -> UInt64 {
    let (high, low) = (UInt64(bitPattern: number) ^ salt).multipliedFullWidth(by: multiplier)
    return high ^ low
  }

  /// - Parameter count: number of shelves, a power of two.
  func shelf(of number: Int64, count: Int) -> Int {
    Int(truncatingIfNeeded: spread(number) & UInt64(count - 1))
  }
}

/// Records of one shelf sorted to its items, by counting: in time proportional to their number, and each item's in
/// the order in which they lay.
struct RecordGroups<Record: Gathered> {
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

  /// Records of numbers that no item has.
  var strays: Int { records.count - order.count }

  /// The same as going through `self[position]`, without an iterator: millions of records are asked for.
  @inline(__always)
  func forEach(at position: Int, _ body: (Record) -> Void) {
    for place in Int(starts[position])..<Int(starts[position + 1]) { body(records[Int(order[place])]) }
  }

  subscript(position: Int) -> some Sequence<Record> {
    (Int(starts[position])..<Int(starts[position + 1])).lazy.map { records[Int(order[$0])] }
  }
}

/// From an item's number to its position on the shelf: an open-addressing table.
struct NumberTable {
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
