public import DossierCore

/// What was entrusted on one local day.
public struct EntrustedDay: Hashable, Sendable {
  public var day: CalendarDate
  public var items: Int
  /// Of these, items whose manifests state no dossier.
  public var withoutDossiers: Int
}

extension SQLiteStore {
  /// Items by the day on which they were entrusted, as known now, in order of the days; all days, so that what a period
  /// leaves out can be counted.
  ///
  /// - Parameter threads: how many go through the items at once.
  public func entrustedDays(threads: Int) throws -> [EntrustedDay] {
    try requireOpen()
    let connections = try StoreConnections(path: path, count: max(1, threads))
    let last = try connections.use(0) { reader in
      let select = try Statement(reader.connection, "SELECT COALESCE(MAX(id), 0) FROM item")
      defer { select.reset() }
      return try select.step() ? select.int(0) : 0
    }
    let length: Int64 = 65_536
    let starts = Array(stride(from: Int64(1), through: last, by: Int(length)))
    let parts = try connections.share(starts.count) { reader in
      try DayCounter(reader)
    } piece: { counter, piece in
      try counter.count(starts[piece], starts[piece] + length)
    } end: {
      $0.days
    }
    var days: [Int32: DayCounter.Day] = [:]
    for part in parts { days.merge(part) { ($0.items + $1.items, $0.bare + $1.bare) } }
    return days.sorted { $0.key < $1.key }.compactMap { day, counts in
      CalendarDate(daysSince1970: Int(day)).map {
        EntrustedDay(day: $0, items: counts.items, withoutDossiers: counts.bare)
      }
    }
  }
}

/// Counts the rows of the projection day by day.
private struct DayCounter {
  typealias Day = (items: Int, bare: Int)

  private let reader: StoreReader
  private let select: Statement
  private(set) var days: [Int32: Day] = [:]

  init(_ reader: StoreReader) throws {
    self.reader = reader
    // Where several consignments or numbers stand for one item, its row does not tell whether it has dossiers.
    select = try Statement(
      reader.connection,
      """
      SELECT entrusted_day,
        CASE WHEN dossiers > 0 THEN 0
          WHEN flags & \(ItemRow.flagSeveralConsignments) <> 0 OR id IN (
            SELECT old_item FROM relabelling UNION SELECT new_item FROM relabelling) THEN id
          ELSE -1 END
      FROM item WHERE id >= ?1 AND id < ?2 AND same_as IS NULL AND entrusted_day IS NOT NULL
      """)
  }

  mutating func count(_ first: Int64, _ end: Int64) throws {
    select.bind(1, first)
    select.bind(2, end)
    defer { select.reset() }
    // Neighbours were mostly entrusted on one day.
    var day: Int32 = 0
    var run: Day = (0, 0)
    while try select.step() {
      let next = select.int32(0)
      if next != day {
        add(run, to: day)
        day = next
        run = (0, 0)
      }
      run.items += 1
      let doubt = select.int(1)
      if doubt < 0 { run.bare += 1 } else if doubt > 0, try isBare(doubt) { run.bare += 1 }
    }
    add(run, to: day)
  }

  private func isBare(_ id: Int64) throws -> Bool {
    guard let row = try reader.items.item(id: id) else { throw StoreFault.malformedRow("item \(id)") }
    return try reader.items.dossierCount(of: try reader.items.group(of: row)) == 0
  }

  private mutating func add(_ run: Day, to day: Int32) {
    guard run.items > 0 else { return }
    days[day, default: (0, 0)].items += run.items
    days[day, default: (0, 0)].bare += run.bare
  }
}
