public import DossierCore
public import DossierReport

/// Events as rows. Times bear their offset: what happened in the offset it was stated in, what the log noted in
/// that of Viet Nam.
public enum EventTable {
  /// One item's events: the keys are the JSON contract's.
  public static let timeline = [
    Column("index", vi: "Số", en: "Index", kind: .integer),
    Column("id", vi: "Mã sự kiện", en: "Event", kind: .code),
    Column("kind", vi: "Việc", en: "Kind", kind: .code),
    Column("grade", vi: "Mức chứng", en: "Grade", kind: .code),
    Column("at", vi: "Xảy ra lúc", en: "At", kind: .time),
    Column("recordedAt", vi: "Ghi lúc", en: "Recorded", kind: .time),
    Column("office", vi: "Đơn vị", en: "Office", kind: .code),
    Column("operator", vi: "Người", en: "Operator", kind: .code),
    Column("to", vi: "Giao cho", en: "To", kind: .code),
    Column("manifest", vi: "Bảng kê", en: "Manifest", kind: .code),
    Column("reason", vi: "Lý do", en: "Reason", kind: .code),
    Column("corrects", vi: "Đính chính", en: "Corrects", kind: .code),
  ]

  /// The log: a timeline's keys, the item, and the attributes that few events have.
  public static let log =
    timeline + [
      Column("item", vi: "Bưu gửi", en: "Item", kind: .code),
      Column("amount", vi: "Số tiền", en: "Amount", kind: .integer),
      Column("damage", vi: "Mức hư hỏng", en: "Damage", kind: .code),
      Column("documents", vi: "Giấy tờ hỏng", en: "Documents", kind: .integer),
      Column("reference", vi: "Căn cứ", en: "Reference", kind: .code),
      Column("newNumber", vi: "Mã mới", en: "New number", kind: .code),
    ]

  /// - Parameter labels: words of this language instead of the stable ones, for people.
  public static func row(_ event: EventRecord, labels: Language? = nil) -> [Cell] {
    [
      .integer(Int(event.index)), .text(event.identifier),
      .text(labels.map { event.kind.label($0) } ?? event.kind.word),
      .text(labels.map { event.grade.label($0) } ?? event.grade.word),
      .time(event.at, zone: event.zone), .time(event.recordedAt), .text(event.office),
      .text(orNone: event.operatorCode), .text(orNone: event.to), .text(orNone: event.manifest),
      .text(orNone: event.reason), .text(orNone: event.details.corrects), .text(orNone: event.item),
      .integer(orNone: event.details.amount.map(Int.init)),
      .text(orNone: event.details.damage?.word), .integer(orNone: event.details.documentsAffected),
      .text(orNone: event.details.reference), .text(orNone: event.details.newNumber),
    ]
  }
}

extension Cell {
  public static func integer(orNone value: Int?) -> Cell { value.map(Cell.integer) ?? .none }

  /// RFC 3339 with offset.
  ///
  /// - Parameters:
  ///   - milliseconds: since 1970 UTC.
  ///   - zone: minutes east of UTC.
  public static func time(
    _ milliseconds: Int64?, zone: Int16 = OffsetDateTime.vietNamOffsetMinutes
  ) -> Cell {
    .text(
      orNone: milliseconds.flatMap { OffsetDateTime(milliseconds: $0, offsetMinutes: zone)?.text })
  }
}
