internal import CustodyLog
internal import DossierCore

/// The columns of an event's row where SQLite keeps them, for readers of millions of rows that need no copy.
///
/// The pointers are valid until the statement is stepped or reset, or during the call that lends the bytes: a
/// value of this type never outlives the row it was read from.
struct EventColumns {
  var index: Int64
  /// The client's identifier; nil when it is derived from the manifest and the position.
  var identifier: UnsafeBufferPointer<UInt8>?
  var kind: EventKind
  var grade: EventGrade
  var subject: Subject
  var sequence: Int64
  var previousEvent: Int64?
  var previous: Digest?
  var at: Int64
  var zone: Int16
  var recordedAt: Int64
  var office: Int32
  var operatorCode: Int32
  var to: Int32
  var manifest: Int64
  var reason: Int32
  var content: Digest?
  var more: UnsafeBufferPointer<UInt8>

  /// Reads ``EventRow/columns``, beginning at column 0.
  ///
  /// - Returns: nil when a column holds what no writer of this store puts there.
  init?(_ row: Statement) {
    guard let kind = EventKind(rawValue: UInt8(exactly: row.int(2)) ?? 0),
      let grade = EventGrade(rawValue: UInt8(exactly: row.int(3)) ?? 0),
      let zone = Int16(exactly: row.int(9)), let subject = Subject.canonical(row, 4)
    else { return nil }
    self.kind = kind
    self.grade = grade
    self.zone = zone
    self.subject = subject
    // What no writer stores would pass unseen through an encoding that leaves absent values out.
    manifest = row.int(14)
    if manifest <= Int64(Int32.min) || manifest == 0 && !row.isNull(14) { return nil }
    more = row.view(17)
    if more.isEmpty && !row.isNull(17) { return nil }
    index = row.int(0)
    sequence = row.int(5)
    previousEvent = row.optionalInt(6)
    previous = row.digest(7)
    content = row.digest(16)
    if previous == nil && !row.isNull(7) || content == nil && !row.isNull(16) { return nil }
    guard index >= 0, sequence >= 0, previousEvent ?? 0 >= 0 else { return nil }
    let identifier = row.view(1)
    self.identifier = identifier.isEmpty && row.isNull(1) ? nil : identifier
    at = row.int(8)
    recordedAt = row.int(10)
    office = row.term(11)
    operatorCode = row.term(12)
    to = row.term(13)
    reason = row.term(15)
  }

  /// A row with the bytes that the caller lends.
  init(_ row: EventRow, identifier: UnsafeBufferPointer<UInt8>?, more: UnsafeBufferPointer<UInt8>) {
    index = row.index
    self.identifier = identifier
    kind = row.kind
    grade = row.grade
    subject = row.subject
    sequence = row.sequence
    previousEvent = row.previousEvent
    previous = row.previous
    at = row.at
    zone = row.zone
    recordedAt = row.recordedAt
    office = row.office
    operatorCode = row.operatorCode
    to = row.to
    manifest = row.manifest
    reason = row.reason
    content = row.content
    self.more = more
  }

  /// Whether a manifest entrusts the item by it (``EventRow/isConsignment``).
  var isConsignment: Bool { kind == .dispatched && identifier == nil }
}
