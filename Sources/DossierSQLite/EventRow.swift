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

  /// Whether a column holds a subject as a writer puts it there: a number that can be packed is packed.
  static func isCanonical(_ statement: Statement, _ column: Int32) -> Bool {
    if statement.isInteger(column) { return ItemNumber(packed: statement.int(column)) != nil }
    if statement.isNull(column) { return true }
    guard statement.isText(column) else { return false }
    if case .text(let text) = Subject(number: statement.bytes(column)[...]) { return !text.isEmpty }
    return false
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
    guard let kind = EventKind(rawValue: UInt8(exactly: row.int(2)) ?? 0),
      let grade = EventGrade(rawValue: UInt8(exactly: row.int(3)) ?? 0),
      let zone = Int16(exactly: row.int(9))
    else { return nil }
    // What no writer stores would pass unseen through an encoding that leaves absent values out.
    manifest = row.int(14)
    if manifest <= Int64(Int32.min) || manifest == 0 && !row.isNull(14) { return nil }
    more = row.bytes(17)
    if more.isEmpty && !row.isNull(17) { return nil }
    index = row.int(0)
    sequence = row.int(5)
    previousEvent = row.optionalInt(6)
    previous = row.digest(7)
    content = row.digest(16)
    if previous == nil && !row.isNull(7) || content == nil && !row.isNull(16) { return nil }
    guard index >= 0, sequence >= 0, previousEvent ?? 0 >= 0, Subject.isCanonical(row, 4) else { return nil }
    identifier = row.isNull(1) ? nil : row.bytes(1)
    self.kind = kind
    self.grade = grade
    subject = Subject.read(row, 4)
    at = row.int(8)
    self.zone = zone
    recordedAt = row.int(10)
    office = row.term(11)
    operatorCode = row.term(12)
    to = row.term(13)
    reason = row.term(15)
  }
}

/// Turns rows into leaves and records, from one connection: knows the texts behind the numbers.
final class EventCoder {
  let terms: Terms
  private let selectManifest: Statement
  private var manifests: [Int64: KnownManifest] = [:]
  /// Neighbouring events are mostly of one manifest.
  private var latest: (id: Int64, manifest: KnownManifest)?
  /// The manifest being recorded, whose row is written last.
  private(set) var pending: PendingManifest?
  private(set) var leaf: [UInt8] = []
  private var identifier: [UInt8] = []
  private var item: [UInt8] = []
  private static let cacheLimit = 4_096

  init(_ connection: Connection, terms: Terms) throws {
    self.terms = terms
    selectManifest = try Statement(connection, "SELECT number, first_event, leg FROM manifest WHERE id = ?1")
    leaf.reserveCapacity(1024)
  }

  struct KnownManifest {
    var number: [UInt8] = []
    var firstEvent: Int64 = 0
    /// 0 for a manifest that is not recorded here.
    var leg: UInt8 = 0
  }

  struct PendingManifest {
    var id: Int64
    var number: String
    var firstEvent: Int64
    var leg: Leg
  }

  func forget() {
    pending = nil
    terms.forget()
    latest = nil
    manifests.removeAll(keepingCapacity: true)
  }

  /// Makes a manifest known whose row is not yet written.
  func announce(_ manifest: PendingManifest) {
    pending = manifest
    latest = nil
    manifests[manifest.id] = KnownManifest(
      number: Array(manifest.number.utf8), firstEvent: manifest.firstEvent, leg: manifest.leg.rawValue)
  }

  /// The row of the manifest that was announced is written.
  func settle() { pending = nil }

  func manifestNumber(_ manifest: Int64) throws -> [UInt8] {
    if manifest == 0 { return [] }
    if manifest < 0 { return try terms.bytes(Int32(exactly: 0 &- manifest) ?? Int32.min) }
    return try known(manifest).number
  }

  /// What is known of a recorded manifest, or the one being recorded.
  func known(_ manifest: Int64) throws -> KnownManifest {
    if let latest, latest.id == manifest { return latest.manifest }
    let found = try manifests[manifest] ?? read(manifest)
    latest = (manifest, found)
    return found
  }

  private func read(_ manifest: Int64) throws -> KnownManifest {
    selectManifest.bind(1, manifest)
    guard try selectManifest.step() else { return KnownManifest() }
    let found = KnownManifest(
      number: selectManifest.bytes(0), firstEvent: selectManifest.int(1),
      leg: UInt8(exactly: selectManifest.int(2)) ?? 0)
    selectManifest.reset()
    if manifests.count >= Self.cacheLimit { manifests.removeAll(keepingCapacity: true) }
    manifests[manifest] = found
    return found
  }

  /// The client's identifier, or `<manifest number>+<offset of the event in its manifest>`.
  func identifier(of row: EventRow) throws -> String {
    try setIdentifier(row)
    return String(decoding: identifier, as: UTF8.self)
  }

  private func setIdentifier(_ row: EventRow) throws {
    if let given = row.identifier {
      identifier = given
      return
    }
    let manifest = try known(row.manifest)
    identifier.removeAll(keepingCapacity: true)
    identifier.append(contentsOf: manifest.number)
    identifier.append(UInt8(ascii: "+"))
    CanonicalJSON.appendInteger(row.index &- manifest.firstEvent, to: &identifier)
  }

  /// Encodes the row's leaf (left in `leaf`) and hashes it.
  func leafHash(_ row: EventRow) throws -> Digest {
    try setIdentifier(row)
    item.removeAll(keepingCapacity: true)
    row.subject.append(to: &item)
    leaf.removeAll(keepingCapacity: true)
    let office = try terms.bytes(row.office)
    let operatorCode = try terms.bytes(row.operatorCode)
    let to = try terms.bytes(row.to)
    let manifest = try manifestNumber(row.manifest)
    let reason = try terms.bytes(row.reason)
    EventLeaf.append(
      to: &leaf, kind: row.kind, grade: row.grade, at: row.at, zone: row.zone, recordedAt: row.recordedAt,
      sequence: row.sequence, previous: row.previous, content: row.content, identifier: identifier.span,
      item: item.span, office: office.span, operatorCode: operatorCode.span, to: to.span,
      manifest: manifest.span, reason: reason.span, more: row.more.span)
    return MerkleHash.leaf(leaf)
  }

  func record(_ row: EventRow) throws -> EventRecord {
    let manifest = try manifestNumber(row.manifest)
    return EventRecord(
      index: row.index, identifier: try identifier(of: row), kind: row.kind, grade: row.grade,
      item: row.subject == .none ? nil : row.subject.string, sequence: row.sequence, previous: row.previous,
      at: row.at, zone: row.zone, recordedAt: row.recordedAt, office: try terms.string(row.office),
      operatorCode: try terms.optionalString(row.operatorCode), to: try terms.optionalString(row.to),
      manifest: manifest.isEmpty ? nil : String(decoding: manifest, as: UTF8.self),
      reason: try terms.optionalString(row.reason), content: row.content,
      details: EventDetails(encoded: row.more) ?? EventDetails())
  }
}
