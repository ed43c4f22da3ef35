internal import DossierCore

/// Items are numbered as they become known, without a gap: an item whose id was changed, or that was put among
/// the others, stands out. Kept as runs' ends, so that memory does not grow with the store.
struct ItemOrder: Sendable {
  private(set) var firstID: Int64?
  private(set) var firstBirth: Int64 = 0
  private var lastID: Int64 = 0
  private var lastBirth: Int64 = 0
  private(set) var strays: [Int64] = []

  mutating func append(id: Int64, birth: Int64) {
    if firstID == nil {
      (firstID, firstBirth) = (id, birth)
    } else if id != lastID + 1 || birth < lastBirth {
      if strays.count < 100 { strays.append(id) }
    }
    (lastID, lastBirth) = (id, birth)
  }

  /// Adds the items of the next range.
  mutating func append(contentsOf next: ItemOrder) {
    guard let id = next.firstID else { return }
    append(id: id, birth: next.firstBirth)
    strays = Array((strays + next.strays).prefix(100))
    (lastID, lastBirth) = (next.lastID, next.lastBirth)
  }

  static func findings(_ order: ItemOrder) -> [Finding] {
    var strays = order.strays
    if let first = order.firstID, first != 1 { strays.insert(first, at: 0) }
    return strays.map { Finding(.itemProjection, path: "item/\($0)", expected: "-", found: "id") }
  }
}
