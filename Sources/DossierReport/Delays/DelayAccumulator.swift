public import DossierCore

/// Gathers what the delay report needs of every item: who held it from when on, and which dossiers it carries.
///
/// Whole numbers only, 32 bytes a dossier and 32 an item with 8 for each change of custody: the dossiers of different
/// items are joined when all have been read. Parts of several threads are put side by side, never copied.
public struct DelayAccumulator: JourneyAccumulator {
  /// How an item's own journey ended.
  enum Ending: UInt8 {
    case open, delivered, returned, lost, destroyed
  }

  struct Item {
    /// Row in the store: orders items that begin at one instant.
    var row: Int64
    /// Its changes of custody in `Part.stations`; when the item has ended, the last one is the end.
    var first: UInt32
    var count: UInt32
    /// Terms of the store: who accepted or first dispatched it, and the named receiver of the first dispatch.
    var giver: Int32
    var receiver: Int32
    var leg: Leg?
    var ending: Ending
  }

  struct Dossier {
    var key: Int64
    var row: Int64
    /// Position in `Part.items`.
    var item: UInt32
    /// Days since 1970; `Int32.min` without a due date.
    var due: Int32
    var field: Int32
    var agency: Int32
  }

  /// What one thread has gathered.
  struct Part {
    /// Time in milliseconds since 1970 UTC, shifted left by `officeBits`, and the position in `offices`.
    var stations: [Int64] = []
    var items: [Item] = []
    var dossiers: [Dossier] = []
    /// Terms of offices.
    var offices: [Int32] = []
    fileprivate var positions: [Int32: Int64] = [:]
    fileprivate var latest: (term: Int32, position: Int64) = (0, -1)

    static let officeBits: Int64 = 20

    func time(_ station: Int) -> Int64 { stations[station] >> Self.officeBits }
    func office(_ station: Int) -> Int { Int(stations[station] & (1 << Self.officeBits - 1)) }

    fileprivate mutating func position(_ office: Int32) -> Int64 {
      if latest.position >= 0, latest.term == office { return latest.position }
      let position = positions[office] ?? Int64(offices.count)
      if position == offices.count {
        offices.append(office)
        positions[office] = position
      }
      latest = (office, position)
      return position
    }
  }

  private(set) var parts: [Part] = [Part()]
  /// Items that were never accepted nor dispatched.
  private(set) var notEntrusted = 0

  public init() {}

  /// Terms of all offices, whose kinds the figures need.
  public var offices: Set<Int32> {
    var offices: Set<Int32> = []
    for part in parts {
      offices.formUnion(part.offices)
      for item in part.items { offices.formUnion([item.giver, item.receiver]) }
    }
    return offices.subtracting([0])
  }

  public mutating func add(_ journey: borrowing ItemJourney) {
    guard journey.custody.isEntrusted else {
      notEntrusted += 1
      return
    }
    let last = parts.count - 1
    var part = Part()
    swap(&part, &parts[last])
    defer { swap(&part, &parts[last]) }
    let first = part.stations.count
    let ending = Self.append(journey.events, from: journey.custody.entrustedAt, to: &part)
    let item = UInt32(truncatingIfNeeded: part.items.count)
    part.items.append(
      Item(
        row: journey.item, first: UInt32(truncatingIfNeeded: first),
        count: UInt32(truncatingIfNeeded: part.stations.count - first), giver: journey.custody.entrustedBy,
        receiver: journey.custody.firstReceiver, leg: journey.leg, ending: ending))
    for dossier in journey.dossiers {
      part.dossiers.append(
        Dossier(
          key: dossier.key, row: dossier.id, item: item, due: dossier.due?.daysSince1970 ?? .min,
          field: dossier.field, agency: dossier.agency))
    }
  }

  public mutating func merge(_ other: DelayAccumulator) {
    parts += other.parts
    notEntrusted += other.notEntrusted
  }

  /// The changes of custody since the item was entrusted, by the rules of ``CustodyState``: whoever accepted last
  /// answers; what a correction took back, and what contradicts an ending, changes nothing. Whoever dispatches an item
  /// that nobody accepted answers from then on.
  private static func append(_ events: [JourneyEvent], from start: Int64, to part: inout Part) -> Ending {
    let first = part.stations.count
    var holder: Int32 = 0
    var ending = Ending.open
    func add(_ time: Int64, _ office: Int32) {
      holder = office
      // Before the item was entrusted nobody answered for it: only who held it at that instant counts.
      if time < start { part.stations.removeLast(part.stations.count - first) }
      let instant = min(max(time, start, 0), 1 << 42)
      part.stations.append(instant << Part.officeBits | part.position(office))
    }
    for event in events where !event.isVoid {
      if ending == .lost {
        guard event.kind == .found else { continue }
        ending = .open
        add(event.at, holder)
        continue
      }
      if ending != .open { break }
      switch event.kind {
      case .accepted, .received: add(event.at, event.office)
      case .dispatched: if holder == 0 { add(event.at, event.office) }
      case .delivered, .returned, .destroyed:
        ending = event.kind == .delivered ? .delivered : event.kind == .returned ? .returned : .destroyed
        add(event.at, event.office)
      case .lost:
        ending = .lost
        add(event.at, holder)
      default: break
      }
    }
    return ending
  }
}
