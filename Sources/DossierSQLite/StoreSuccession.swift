public import CustodyLog
public import DossierCore

/// Events about the log itself: its key was replaced, it continues another log, a report on it was published.
extension SQLiteStore {
  /// Records an event about the log.
  ///
  /// They are a chain of their own, named `log+0`, `log+1`, …; with `+`, which no reporter can write.
  ///
  /// - Parameters:
  ///   - kind: `keyRotated`, `logSucceeded` or `reportPublished`.
  ///   - reason: a closed word.
  ///   - origin: when the log goes on under a new name; it replaces the store's.
  /// - Returns: the head with the event.
  @discardableResult
  public func recordAboutLog(
    _ kind: EventKind, _ details: EventDetails, reason: String?, origin: String? = nil, recordedAt: Int64
  ) throws -> LogHead {
    try write(now: recordedAt) { writer in
      try writer.appendAboutLog(kind, details, reason: reason)
      if let origin { try writer.rename(origin) }
      return (writer.log.head, true)
    }
  }

  /// The same unless others stated something about the log in the meantime.
  ///
  /// - Parameter count: how many events about the log there are, as the caller knows them.
  /// - Returns: whether it was recorded.
  public func recordAboutLog(
    _ kind: EventKind, _ details: EventDetails, after count: Int, recordedAt: Int64
  ) throws -> Bool {
    var isNext = false
    try write(now: recordedAt) { writer in
      isNext = try writer.items.index(ofIdentifier: StoreWriter.aboutLog(count)) == nil
      if isNext { try writer.appendAboutLog(kind, details, reason: nil) }
      return ((), isNext)
    }
    return isNext
  }

  /// The events about the log, oldest first.
  public func eventsAboutLog() throws -> [EventRecord] {
    try read { reader in
      var found: [EventRecord] = []
      while let event = try reader.event(identifier: StoreWriter.aboutLog(found.count)) {
        found.append(event)
      }
      return found
    }
  }

  /// Runs `body` with the head while no process can write; nothing is written.
  ///
  /// - Parameter now: the log's clock.
  public func whileNobodyWrites<T>(now: Int64, _ body: (LogHead) throws -> T) throws -> T {
    try write(now: now) { writer in (try body(writer.log.head), false) }
  }
}

extension StoreWriter {
  static func aboutLog(_ number: Int) -> String { "log+\(number)" }

  fileprivate func appendAboutLog(_ kind: EventKind, _ details: EventDetails, reason: String?) throws {
    var row = EventRow()
    var number = 0
    while let index = try items.index(ofIdentifier: Self.aboutLog(number)) {
      row.previousEvent = index
      number += 1
    }
    if let previous = row.previousEvent {
      guard let event = try items.event(previous) else { throw StoreFault.malformedRow("event \(previous)") }
      row.previous = try coder.leafHash(event)
    }
    row.identifier = Array(Self.aboutLog(number).utf8)
    row.kind = kind
    row.grade = .keyed
    row.sequence = Int64(number)
    row.at = log.recordedAt
    row.zone = OffsetDateTime.vietNamOffsetMinutes
    row.office = try terms.number(try OfficeRows.keeper(connection))
    if let reason { row.reason = try terms.number(reason) }
    row.more = try details.encoded()
    _ = try log.append(&row)
  }

  /// Gives the log another name: the one change that the trigger on `store` stands against, so it steps aside for it.
  fileprivate func rename(_ origin: String) throws {
    let select = try Statement(connection, "SELECT sql FROM sqlite_master WHERE name = 'store_no_update'")
    guard try select.step() else { throw StoreFault.malformedRow("trigger store_no_update") }
    let trigger = select.string(0)
    select.reset()
    try Statement(connection, "DROP TRIGGER store_no_update").run()
    let update = try Statement(connection, "UPDATE store SET origin = ?1 WHERE id = 0")
    update.bind(text: origin, 1)
    try update.run()
    try Statement(connection, trigger).run()
  }
}
