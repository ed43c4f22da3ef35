public import CustodyLog

/// One event as its sender states it, before the log gives it an index: canonical identifiers, no personal
/// data except `note`, which goes to the vault.
public struct EventDraft: Hashable, Sendable {
  /// Chosen by the client; the same event again is a no-op, the same identifier with other content a conflict.
  public var identifier: String
  public var kind: EventKind
  public var grade: EventGrade
  /// Canonical item number.
  public var item: String
  /// When it happened: milliseconds since 1970 UTC.
  public var at: Int64
  /// Offset of `at` from UTC in minutes.
  public var zone: Int16
  /// Canonical code of the office where it happened.
  public var office: String
  /// Code of the person who acted; never a name.
  public var operatorCode: String?
  /// Canonical code of the office it goes to (`dispatched`).
  public var to: String?
  /// Number of the manifest it belongs to.
  public var manifest: String?
  /// A closed word (`attemptFailed`, `held`, `corrected`, `missing` …), never free text.
  public var reason: String?
  /// How much was collected or remitted, in đồng (`feeCollected`, `feeRemitted`).
  public var amount: Int64?
  public var damage: DamageGrade?
  /// Number of documents affected (`damaged`).
  public var documentsAffected: Int?
  /// Reference of the decision (`lost`, `destroyed`) or of the recipient's evidence (`delivered`).
  public var reference: String?
  /// Identifier of the event that this one corrects.
  public var corrects: String?
  /// The new item number (`relabelled`).
  public var newNumber: String?
  /// The sending device's own clock, when there is one: milliseconds since 1970 UTC.
  public var deviceTime: Int64?
  /// Free text: may hold personal data, so it is committed to in the log and kept in the vault.
  public var note: String?
  /// The newest checkpoint that whoever states it had seen. The same event again may name another: it stays as it was
  /// recorded first.
  public var seen: LogHead?

  public init(
    identifier: String, kind: EventKind, grade: EventGrade, item: String, at: Int64, zone: Int16,
    office: String, operatorCode: String? = nil, to: String? = nil, manifest: String? = nil,
    reason: String? = nil, amount: Int64? = nil, damage: DamageGrade? = nil, documentsAffected: Int? = nil,
    reference: String? = nil, corrects: String? = nil, newNumber: String? = nil,
    deviceTime: Int64? = nil, note: String? = nil, seen: LogHead? = nil
  ) {
    self.identifier = identifier
    self.kind = kind
    self.grade = grade
    self.item = item
    self.at = at
    self.zone = zone
    self.office = office
    self.operatorCode = operatorCode
    self.to = to
    self.manifest = manifest
    self.reason = reason
    self.amount = amount
    self.damage = damage
    self.documentsAffected = documentsAffected
    self.reference = reference
    self.corrects = corrects
    self.newNumber = newNumber
    self.deviceTime = deviceTime
    self.note = note
    self.seen = seen
  }
}
