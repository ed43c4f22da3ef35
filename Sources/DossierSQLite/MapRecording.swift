internal import CustodyLog
internal import DossierCore

extension StoreWriter {
  /// Brings the map of all items up to date and records its root.
  ///
  /// - Returns: index of the event that records it: the one there was when nothing has been recorded since.
  func recordMap() throws -> Int64 {
    let map = StoredItemMap(connection)
    let known = try map.state()
    let size = log.nextIndex
    if let known, known.event + 1 == size { return known.event }
    let (entries, root) = try map.update(from: known?.size ?? 0, to: size)

    var details = EventDetails()
    details.map = root
    details.entries = Int(entries)
    var row = EventRow()
    // With `+`, which no reporter can write (EventIdentifier).
    row.identifier = Array("map+\(size)".utf8)
    row.kind = .mapRecorded
    row.grade = .assumed
    if let known {
      guard let previous = try items.event(known.event) else {
        throw StoreFault.malformedRow("event \(known.event)")
      }
      row.sequence = previous.sequence + 1
      row.previousEvent = previous.index
      row.previous = try coder.leafHash(previous)
    }
    row.at = log.recordedAt
    row.zone = OffsetDateTime.vietNamOffsetMinutes
    row.office = try terms.number(try OfficeRows.keeper(connection))
    row.more = try details.encoded()
    _ = try log.append(&row)

    let update = try connection.prepared(
      """
      INSERT INTO map_state VALUES(0, ?1, ?2, ?3, ?4)
      ON CONFLICT DO UPDATE SET size = excluded.size, event = excluded.event, entries = excluded.entries,
        root = excluded.root
      """)
    update.bind(1, size)
    update.bind(2, row.index)
    update.bind(3, entries)
    update.bind(4, root)
    try update.run()
    return row.index
  }
}

extension SQLiteStore {
  /// Records the root of the map of all items, unless nothing has been recorded since the last time.
  ///
  /// - Returns: index of the event that states it: the map says which events each item has up to it.
  public func recordMap(recordedAt: Int64) throws -> Int64 {
    try write(now: recordedAt) { writer in
      let before = writer.log.nextIndex
      let index = try writer.recordMap()
      return (index, writer.log.nextIndex != before)
    }
  }
}
