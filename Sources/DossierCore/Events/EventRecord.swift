public import CustodyLog

/// One event as the log holds it: what ``EventDraft`` said, plus what the log added.
public struct EventRecord: Hashable, Sendable {
  /// Position in the log, from 0.
  public var index: Int64
  public var identifier: String
  public var kind: EventKind
  public var grade: EventGrade
  /// Item number; nil for events about a manifest or master data.
  public var item: String?
  /// The subject's own count of its events, from 0.
  public var sequence: Int64
  /// Leaf hash of the subject's previous event.
  public var previous: Digest?
  /// Milliseconds since 1970 UTC; `zone` in minutes.
  public var at: Int64
  public var zone: Int16
  public var recordedAt: Int64
  public var office: String
  public var operatorCode: String?
  public var to: String?
  public var manifest: String?
  public var reason: String?
  public var content: Digest?
  public var details: EventDetails

  public init(
    index: Int64, identifier: String, kind: EventKind, grade: EventGrade, item: String?, sequence: Int64,
    previous: Digest?, at: Int64, zone: Int16, recordedAt: Int64, office: String,
    operatorCode: String? = nil, to: String? = nil, manifest: String? = nil, reason: String? = nil,
    content: Digest? = nil, details: EventDetails = EventDetails()
  ) {
    self.index = index
    self.identifier = identifier
    self.kind = kind
    self.grade = grade
    self.item = item
    self.sequence = sequence
    self.previous = previous
    self.at = at
    self.zone = zone
    self.recordedAt = recordedAt
    self.office = office
    self.operatorCode = operatorCode
    self.to = to
    self.manifest = manifest
    self.reason = reason
    self.content = content
    self.details = details
  }

  /// The canonical bytes whose hash is this event's leaf.
  ///
  /// - Throws: when a text is not allowed in a leaf.
  public func leaf() throws(CanonicalJSONError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(512)
    let more = try details.encoded()
    let identifier = Array(self.identifier.utf8)
    let item = Array((self.item ?? "").utf8)
    let office = Array(self.office.utf8)
    let operatorCode = Array((self.operatorCode ?? "").utf8)
    let to = Array((self.to ?? "").utf8)
    let manifest = Array((self.manifest ?? "").utf8)
    let reason = Array((self.reason ?? "").utf8)
    EventLeaf.append(
      to: &bytes, kind: kind, grade: grade, at: at, zone: zone, recordedAt: recordedAt, sequence: sequence,
      previous: previous, content: content, identifier: identifier.span, item: item.span,
      office: office.span, operatorCode: operatorCode.span, to: to.span, manifest: manifest.span,
      reason: reason.span, more: more.span)
    return bytes
  }

  /// The fields in which a draft with this event's identifier says something else: empty when it is the same
  /// event again. The note is compared by the caller, since the log holds only a commitment to it.
  public func differences(from draft: EventDraft) -> [String] {
    var fields: [String] = []
    func compare(_ name: String, _ same: Bool) { if !same { fields.append(name) } }
    compare("kind", kind == draft.kind)
    compare("grade", grade == draft.grade)
    compare("item", item == draft.item)
    compare("at", at == draft.at && zone == draft.zone)
    compare("office", office == draft.office)
    compare("operator", operatorCode == draft.operatorCode)
    compare("to", to == draft.to)
    compare("manifest", manifest == draft.manifest)
    compare("reason", reason == draft.reason)
    compare("amount", details.amount == draft.amount)
    compare("damage", details.damage == draft.damage)
    compare("documents", details.documentsAffected == draft.documentsAffected)
    compare("reference", details.reference == draft.reference)
    compare("corrects", details.corrects == draft.corrects)
    compare("newNumber", details.newNumber == draft.newNumber)
    compare("deviceTime", details.deviceTime == draft.deviceTime)
    return fields
  }
}
