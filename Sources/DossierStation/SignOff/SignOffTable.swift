internal import DossierTracker

/// A hand-over as JSON and as a table: what both sides compare before they sign.
struct SignOffTable {
  let sheet: SigningDesk.Sheet

  private var found: ManifestReconciliation { sheet.found }

  /// Absent values are left out.
  private static func object(_ members: [(String, JSONOutput?)]) -> JSONOutput {
    .object(members.compactMap { key, value in value.map { .init(key: key, value: $0) } })
  }

  var json: JSONOutput {
    let manifest = found.manifest
    let count = found.count
    return Self.object([
      ("manifest", .string(manifest.number)), ("leg", .string(manifest.leg.word)),
      ("giver", .string(manifest.giver)), ("giverName", found.giver.map { .string($0.name) }),
      ("receiver", .string(manifest.receiver)), ("receiverName", found.receiver.map { .string($0.name) }),
      (
        "dispatchedAt",
        MachineTime.text(manifest.dispatchedAt, zone: manifest.dispatchedZone).map(JSONOutput.string)
      ),
      ("list", .string(found.digest.hex)), ("shortList", .string(found.shortDigest)),
      ("closed", .bool(found.closing != nil)), ("closing", found.closing.map(Self.closing)),
      ("waiting", sheet.waiting.map { self.waiting($0) }),
      (
        "count",
        [
          "expected": .integer(count.expected), "received": .integer(count.received),
          "short": .integer(count.short), "surplus": .integer(count.surplus),
          "misrouted": .integer(count.misrouted), "damaged": .integer(count.damaged),
        ]
      ),
      ("lines", .array(found.lines.map(Self.line))),
      ("log", ["size": .unsigned(found.log.size), "root": .string(found.log.root.base64)]),
    ])
  }

  private func waiting(_ first: FirstSignature) -> JSONOutput {
    Self.object([
      ("as", .string(first.side.rawValue)), ("by", .string(first.by)),
      ("at", MachineTime.text(first.at).map(JSONOutput.string)),
      ("until", MachineTime.text(first.until).map(JSONOutput.string)),
      ("offline", first.isOffline ? .bool(true) : nil),
    ])
  }

  private static func closing(_ closing: ManifestReconciliation.Closing) -> JSONOutput {
    object([
      ("receiver", .string(closing.signer)), ("giver", .string(closing.witness)),
      ("at", MachineTime.text(closing.at, zone: closing.zone).map(JSONOutput.string)),
      ("index", .integer(Int(closing.index))),
      ("list", closing.list.map { .string($0.hex) }), ("offline", closing.isOffline ? .bool(true) : nil),
    ])
  }

  private static func line(_ line: ManifestReconciliation.Line) -> JSONOutput {
    object([
      ("item", .string(line.item)), ("outcome", .string(line.outcome.rawValue)),
      ("event", line.event.map(JSONOutput.string)),
      ("at", line.at.flatMap { MachineTime.text($0, zone: line.zone) }.map(JSONOutput.string)),
      ("by", line.by.map(JSONOutput.string)), ("damage", line.damage.map { .string($0.word) }),
      ("cause", line.cause.map(JSONOutput.string)),
      ("dossiers", line.dossiers.isEmpty ? nil : .array(line.dossiers.map(JSONOutput.string))),
      ("custodian", line.custodian.map(JSONOutput.string)),
      ("belongsTo", line.belongsTo.map(JSONOutput.string)),
      ("belongsToOffice", line.belongsToOffice.map(JSONOutput.string)),
    ])
  }

  private static let columns: [Column] = [
    Column("item", vi: "Mã bưu gửi", en: "Item", kind: .code),
    Column("outcome", vi: "Kết quả", en: "Outcome"),
    Column("at", vi: "Quét lúc", en: "Scanned", kind: .time),
    Column("by", vi: "Người quét", en: "By", kind: .code),
    Column("damage", vi: "Hư hỏng", en: "Damage"), Column("cause", vi: "Nguyên nhân", en: "Cause"),
    Column("custodian", vi: "Giữ cuối", en: "Last custodian", kind: .code),
    Column("belongsTo", vi: "Thuộc bảng kê", en: "Belongs to", kind: .code),
    Column("belongsToOffice", vi: "Thuộc đơn vị", en: "Belongs to office", kind: .code),
  ]

  var table: TabularDocument {
    TabularDocument(
      columns: Self.columns,
      rows: found.lines.map { line in
        [
          .text(line.item), .text(line.outcome.rawValue),
          .text(orNone: line.at.flatMap { MachineTime.text($0, zone: line.zone) }), .text(orNone: line.by),
          .text(orNone: line.damage?.word), .text(orNone: line.cause), .text(orNone: line.custodian),
          .text(orNone: line.belongsTo), .text(orNone: line.belongsToOffice),
        ]
      }, json: json)
  }
}
