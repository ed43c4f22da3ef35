internal import CustodyLog
internal import DossierCore

extension StoreWriter {
  /// Appends one draft, or says that it is there already.
  ///
  /// - Returns: the receipt, and whether the item was not known before.
  func append(_ draft: EventDraft) throws -> AppendReceipt {
    if let index = try items.index(ofIdentifier: draft.identifier) {
      return try compare(draft, withEvent: index)
    }
    var row = try self.row(of: draft)
    content.reset()
    if let note = draft.note {
      try content.add(.note, json: Self.json(note))
      row.content = content.root
    }
    let hasContent = row.content != nil
    try appendToItem(&row, newNumber: draft.newNumber.map { Subject(number: $0) })
    if hasContent {
      try consignments.insertContent(event: row.index, ConsignmentFacts(), secrets: content.secrets[...])
    }
    return .recorded(row.index)
  }

  private func row(of draft: EventDraft) throws -> EventRow {
    var row = EventRow()
    row.identifier = Array(draft.identifier.utf8)
    row.kind = draft.kind
    row.grade = draft.grade
    row.subject = Subject(number: draft.item)
    row.at = draft.at
    row.zone = draft.zone
    row.office = try terms.number(draft.office)
    row.operatorCode = try terms.number(draft.operatorCode)
    row.to = try terms.number(draft.to)
    row.reason = try terms.number(draft.reason)
    if let manifest = draft.manifest {
      row.manifest = try manifestID(manifest) ?? -Int64(try terms.number(manifest))
    }
    var details = EventDetails()
    details.amount = draft.amount
    details.corrects = draft.corrects
    details.damage = draft.damage
    details.documentsAffected = draft.documentsAffected
    details.reference = draft.reference
    details.newNumber = draft.newNumber
    details.deviceTime = draft.deviceTime
    details.seen = draft.seen
    row.more = try details.encoded()
    return row
  }

  /// The same event again is a no-op; the same identifier with other content is a conflict, field by field.
  private func compare(_ draft: EventDraft, withEvent index: Int64) throws -> AppendReceipt {
    guard let row = try items.event(index) else { throw StoreFault.malformedRow("event \(index)") }
    var fields = try coder.record(row).differences(from: draft)
    let note = try note(ofEvent: index)
    // Of an erased note nobody can tell any more whether it is the same: the others decide.
    if note?.erased == nil, note?.json != draft.note.map(Self.json) { fields.append("note") }
    return fields.isEmpty ? .duplicate(index) : .conflict(index, fields: fields)
  }

  /// The note of an event; nil when it has none.
  private func note(ofEvent index: Int64) throws -> VaultEntry? {
    guard let secrets = try secrets(ofEvent: index) else { return nil }
    return VaultSecrets.entries(secrets)?.first { $0.field == .note }
  }

  private static func json(_ text: String) -> [UInt8] {
    var json: [UInt8] = []
    VaultJSON.string(ArraySlice(text.utf8), into: &json)
    return json
  }
}
