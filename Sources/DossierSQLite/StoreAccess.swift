public import CustodyLog
public import DossierCore

/// What the log keeps of the people who used the station.
extension SQLiteStore {
  /// Records that somebody used the station.
  ///
  /// These events are a chain of their own, named `access+0`, `access+1`, …; with `+`, which no reporter can write.
  ///
  /// - Parameters:
  ///   - reason: a closed word that says what was done.
  ///   - operatorCode: who; nil when it was done at the machine itself.
  ///   - office: where that person works; the store's keeper if nil.
  /// - Returns: the head with the event.
  @discardableResult
  public func recordAccess(
    reason: String, operatorCode: String?, office: String?, details: EventDetails, recordedAt: Int64
  ) throws -> LogHead {
    try write(now: recordedAt) { writer in
      try writer.appendAccess(reason: reason, operatorCode: operatorCode, office: office, details: details)
      return (writer.log.head, true)
    }
  }

  /// Closes a manifest like ``close(_:recordedAt:)`` and records in the same transaction that somebody used the station for
  /// it: no closing stands in the log without.
  ///
  /// - Returns: as ``close(_:recordedAt:)``; when nothing is closed, nothing is recorded.
  public func close(
    _ closing: ManifestClosing, recording reason: String, operatorCode: String?, office: String?,
    details: EventDetails, recordedAt: Int64
  ) throws -> AppendOutcome? {
    try write(now: recordedAt) { writer in
      let outcome = try writer.close(closing)
      guard case .appended(let receipts, _) = outcome else { return (outcome, false) }
      try writer.appendAccess(reason: reason, operatorCode: operatorCode, office: office, details: details)
      return (.appended(receipts, writer.log.head), true)
    }
  }
}

extension StoreWriter {
  static func access(_ number: Int64) -> String { "access+\(number)" }

  fileprivate func appendAccess(
    reason: String, operatorCode: String?, office: String?, details: EventDetails
  ) throws {
    var row = EventRow()
    let number = try accessCount()
    if number > 0 {
      guard let index = try items.index(ofIdentifier: Self.access(number - 1)),
        let event = try items.event(index)
      else { throw StoreFault.malformedRow("event \(Self.access(number - 1))") }
      row.previousEvent = index
      row.previous = try coder.leafHash(event)
    }
    row.identifier = Array(Self.access(number).utf8)
    row.kind = .accessRecorded
    row.grade = .keyed
    row.sequence = number
    row.at = log.recordedAt
    row.zone = OffsetDateTime.vietNamOffsetMinutes
    row.office = try terms.number(try office ?? OfficeRows.keeper(connection))
    row.operatorCode = try terms.number(operatorCode)
    row.reason = try terms.number(reason)
    row.more = try details.encoded()
    _ = try log.append(&row)
  }

  /// How long the chain is: its numbers have no gaps, so that doubling and halving finds the end in a few looks
  /// however many there are.
  private func accessCount() throws -> Int64 {
    func exists(_ number: Int64) throws -> Bool {
      try items.index(ofIdentifier: Self.access(number)) != nil
    }
    guard try exists(0) else { return 0 }
    var known: Int64 = 0
    var free: Int64 = 1
    while try exists(free) {
      known = free
      free *= 2
    }
    while free - known > 1 {
      let middle = known + (free - known) / 2
      if try exists(middle) { known = middle } else { free = middle }
    }
    return free
  }
}
