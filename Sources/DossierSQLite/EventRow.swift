internal import CustodyLog
internal import DossierCore

/// Whom a row of the log is about: a postal item by its number. An S10 number is packed into an integer, so
/// that rows and indexes stay small; every other number is text.
enum Subject: Hashable {
  case none
  case packed(Int64)
  case text([UInt8])

  /// - Parameter number: canonical item number.
  init(number: ArraySlice<UInt8>) {
    if number.count == 13, let packed = number.span.withItemNumber({ $0.packed }) {
      self = .packed(packed)
    } else {
      self = .text(Array(number))
    }
  }

  init(number: String) { self.init(number: ArraySlice(number.utf8)) }

  func append(to bytes: inout [UInt8]) {
    switch self {
    case .none: break
    case .packed(let packed): ItemNumber(packed: packed)?.append(to: &bytes)
    case .text(let text): bytes.append(contentsOf: text)
    }
  }

  var string: String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  func bind(_ statement: Statement, _ position: Int32) {
    switch self {
    case .none: statement.bindNull(position)
    case .packed(let packed): statement.bind(position, packed)
    case .text(let text): statement.bind(text: text, position)
    }
  }

  /// The subject in a column, as a writer puts it there: a number that can be packed is packed.
  ///
  /// - Returns: nil when the column holds anything else.
  static func canonical(_ statement: Statement, _ column: Int32) -> Subject? {
    if statement.isInteger(column) {
      let packed = statement.int(column)
      return ItemNumber(packed: packed) == nil ? nil : .packed(packed)
    }
    if statement.isNull(column) { return Subject.none }
    guard statement.isText(column) else { return nil }
    let subject = Subject(number: statement.bytes(column)[...])
    if case .text(let text) = subject { return text.isEmpty ? nil : subject }
    return nil
  }

  static func read(_ statement: Statement, _ column: Int32) -> Subject {
    if statement.isNull(column) { return .none }
    return statement.isInteger(column) ? .packed(statement.int(column)) : .text(statement.bytes(column))
  }
}

extension Span where Element == UInt8 {
  fileprivate func withItemNumber<R>(_ body: (ItemNumber) -> R?) -> R? {
    guard let number = try? ItemNumber.read(self) else { return nil }
    return body(number)
  }
}

/// One row of the `event` table, in dictionary numbers (0 = none).
struct EventRow {
  var index: Int64 = 0
  /// The client's identifier; nil when it is derived from the manifest and the position.
  var identifier: [UInt8]?
  var kind = EventKind.accepted
  var grade = EventGrade.declared
  var subject = Subject.none
  var sequence: Int64 = 0
  var previousEvent: Int64?
  var previous: Digest?
  var at: Int64 = 0
  var zone: Int16 = 0
  var recordedAt: Int64 = 0
  var office: Int32 = 0
  var operatorCode: Int32 = 0
  var to: Int32 = 0
  /// A manifest's id, the negated term of a number that is not recorded here, or 0.
  var manifest: Int64 = 0
  var reason: Int32 = 0
  var content: Digest?
  var more: [UInt8] = []

  static let columns =
    """
    idx, id, kind, grade, subject, seq, prev_event, prev, at, zone, recorded_at, office, operator, destination, \
    manifest, reason, content, more
    """

  init() {}

  /// Whether a manifest entrusts the item by it. A reporter's dispatch may commit to a note, but not to dossiers.
  var isConsignment: Bool { kind == .dispatched && identifier == nil }

  /// Reads the columns of ``columns``, beginning at column 0.
  ///
  /// - Returns: nil when a column holds what no writer of this store puts there.
  init?(_ row: Statement) {
    guard let columns = EventColumns(row) else { return nil }
    self.init(columns)
  }

  /// Copies what a statement stands on.
  init(_ columns: EventColumns) {
    index = columns.index
    identifier = columns.identifier.map { Array($0) }
    kind = columns.kind
    grade = columns.grade
    subject = columns.subject
    sequence = columns.sequence
    previousEvent = columns.previousEvent
    previous = columns.previous
    at = columns.at
    zone = columns.zone
    recordedAt = columns.recordedAt
    office = columns.office
    operatorCode = columns.operatorCode
    to = columns.to
    manifest = columns.manifest
    reason = columns.reason
    content = columns.content
    more = Array(columns.more)
  }
}
