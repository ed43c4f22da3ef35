/// Puts the items of one dossier together, by the key that the store gives its code.
struct DossierJoiner {
  struct Entry {
    var part: Int
    /// Position in the part's dossiers.
    var position: Int
  }

  private struct Place {
    var key: Int64
    /// Part and position in one word: 16 bytes a dossier are sorted, not 40.
    var place: UInt64
  }

  private let parts: [DelayAccumulator.Part]
  private var places: [Place] = []
  private var next = 0

  init(_ gathered: DelayAccumulator) {
    parts = gathered.parts
    places.reserveCapacity(parts.reduce(0) { $0 + $1.dossiers.count })
    for (part, content) in parts.enumerated() {
      for position in content.dossiers.indices {
        places.append(
          Place(key: content.dossiers[position].key, place: UInt64(part) << 40 | UInt64(position)))
      }
    }
    places.sort { $0.key < $1.key }
  }

  /// The items of the next dossier, in order of their beginnings and then of their rows, whatever order they were
  /// gathered in. An erased code joins nothing.
  mutating func next(_ group: inout [Entry]) -> Bool {
    guard next < places.count else { return false }
    group.removeAll(keepingCapacity: true)
    let key = places[next].key
    repeat {
      let place = places[next].place
      group.append(Entry(part: Int(place >> 40), position: Int(place & (1 << 40 - 1))))
      next += 1
    } while key != 0 && next < places.count && places[next].key == key
    if group.count > 1 { group.sort { order($0) < order($1) } }
    return true
  }

  private func order(_ entry: Entry) -> (Int64, Int64, Int64) {
    let part = parts[entry.part]
    let dossier = part.dossiers[entry.position]
    let item = part.items[Int(dossier.item)]
    return (item.count > 0 ? part.time(Int(item.first)) : .max, item.row, dossier.row)
  }
}
