public import DossierCore
public import DossierReport

/// Items as rows: where each one stands.
public enum ItemTable {
  public static let columns = [
    Column("item", vi: "Bưu gửi", en: "Item", kind: .code),
    Column("state", vi: "Trạng thái", en: "State", kind: .code),
    Column("custodian", vi: "Đang giữ", en: "Custodian", kind: .code),
    Column("offeredTo", vi: "Giao cho", en: "Offered to", kind: .code),
    Column("leg", vi: "Chiều", en: "Leg", kind: .code),
    Column("manifest", vi: "Bảng kê", en: "Manifest", kind: .code),
    Column("damage", vi: "Hư hỏng", en: "Damage", kind: .code),
    Column("missing", vi: "Thiếu", en: "Missing", kind: .flag),
    Column("lastAt", vi: "Lần cuối", en: "Last seen", kind: .time),
    Column("dossiers", vi: "Hồ sơ", en: "Dossiers", kind: .integer),
    Column("findings", vi: "Phát hiện", en: "Findings", kind: .integer),
  ]

  /// - Parameter labels: words of this language instead of the stable ones, for people.
  public static func row(_ item: ItemSummary, labels: Language? = nil) -> [Cell] {
    [
      .text(item.number), .text(labels.map { item.state.label($0) } ?? item.state.word),
      .text(orNone: item.custodian), .text(orNone: item.offeredTo), .text(orNone: item.leg?.word),
      .text(orNone: item.manifest), .text(orNone: item.damage?.word), .flag(item.missing),
      .time(item.lastAt), .integer(item.dossiers), .integer(item.findings),
    ]
  }
}

/// Manifests as rows.
public enum ManifestTable {
  public static let columns = [
    Column("manifest", vi: "Bảng kê", en: "Manifest", kind: .code),
    Column("leg", vi: "Chiều", en: "Leg", kind: .code),
    Column("giver", vi: "Bên giao", en: "Giver", kind: .code),
    Column("receiver", vi: "Bên nhận", en: "Receiver", kind: .code),
    Column("dispatchedAt", vi: "Giao lúc", en: "Dispatched", kind: .time),
    Column("items", vi: "Bưu gửi", en: "Items", kind: .integer),
    Column("dossiers", vi: "Hồ sơ", en: "Dossiers", kind: .integer),
    Column("sha256", vi: "SHA-256", en: "SHA-256", kind: .code),
    Column("closed", vi: "Đã chốt", en: "Closed", kind: .flag),
  ]

  public static func row(_ manifest: ManifestRecord) -> [Cell] {
    [
      .text(manifest.number), .text(manifest.leg.word), .text(manifest.giver), .text(manifest.receiver),
      .time(manifest.dispatchedAt, zone: manifest.dispatchedZone), .integer(manifest.items),
      .integer(manifest.dossiers), .text(manifest.sha256.base64), .flag(manifest.closedEvent != nil),
    ]
  }
}

/// Master data as rows; the keys are those of the file it came from.
public enum OfficeTable {
  public static let columns = [
    Column("code", vi: "Mã", en: "Code", kind: .code),
    Column("name", vi: "Tên", en: "Name"),
    Column("kind", vi: "Loại", en: "Kind", kind: .code),
    Column("province", vi: "Tỉnh", en: "Province", kind: .code),
    Column("parent", vi: "Trực thuộc", en: "Parent", kind: .code),
  ]

  public static func row(_ office: Office) -> [Cell] {
    [
      .text(office.code), .text(office.name), .text(office.kind.rawValue), .text(office.province),
      .text(office.parent),
    ]
  }
}
