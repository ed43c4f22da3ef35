public import DossierCore
public import DossierReport

/// Orders to erase as rows: one for each event, and for each original, of which something goes.
public enum ErasureTable {
  public static let columns = [
    Column("order", vi: "Lệnh", en: "Order", kind: .code),
    Column("status", vi: "Tình trạng", en: "Status", kind: .code),
    Column("erases", vi: "Sự kiện hoặc bảng kê", en: "Event or manifest", kind: .code),
    Column("fields", vi: "Trường", en: "Fields", kind: .code),
    Column("basis", vi: "Căn cứ", en: "Basis", kind: .code),
    Column("orderedAt", vi: "Ra lệnh lúc", en: "Ordered", kind: .time),
    Column("orderedBy", vi: "Người ra lệnh", en: "By", kind: .code),
    Column("carriedOutAt", vi: "Xóa lúc", en: "Carried out", kind: .time),
    Column("carriedOutBy", vi: "Người xóa", en: "Carried out by", kind: .code),
    Column("index", vi: "Số", en: "Index", kind: .integer),
  ]

  /// - Parameter labels: words of this language instead of the stable ones, for people.
  public static func row(_ record: ErasureRecord, labels: Language? = nil) -> [Cell] {
    let isDone = record.carriedOut != nil
    let status =
      labels == .vi ? (isDone ? "đã xóa" : "chưa xóa") : (isDone ? "carriedOut" : "open")
    return [
      .text(record.order), .text(status), .text(record.erases),
      .list(record.carriedOut?.fields ?? record.fields),
      .text(labels.flatMap { LegalBasis(rawValue: record.basis)?.label($0) } ?? record.basis),
      .time(record.at), .text(record.by), .time(record.carriedOut?.at), .text(orNone: record.carriedOut?.by),
      .integer(orNone: record.carriedOut.map { Int($0.index) }),
    ]
  }
}

/// What is due by a retention policy.
public enum RetentionTable {
  public static let columns = [
    Column("subject", vi: "Bưu gửi hoặc bảng kê", en: "Item or manifest", kind: .code),
    Column("after", vi: "Kết thúc", en: "After", kind: .code),
    Column("endedAt", vi: "Lúc", en: "Ended", kind: .time),
    Column("fields", vi: "Trường", en: "Fields", kind: .code),
    Column("basis", vi: "Căn cứ", en: "Basis", kind: .code),
  ]

  public static func row(_ due: RetentionDue, labels: Language? = nil) -> [Cell] {
    let subject =
      switch due.subject {
      case .item(let code), .dossier(let code), .manifest(let code), .event(let code): code
      }
    return [
      .text(subject), .text(labels.map { due.after.label($0) } ?? due.after.word), .time(due.endedAt),
      .list(due.fields.map(\.rawValue)), .text(labels.map { due.basis.label($0) } ?? due.basis.rawValue),
    ]
  }
}

extension ErasureRecord {
  /// `erased on …, basis …`, for people.
  public func sentence(_ language: Language) -> String {
    let time = { (at: Int64) in
      OffsetDateTime(milliseconds: at, offsetMinutes: OffsetDateTime.vietNamOffsetMinutes)?.text ?? "–"
    }
    let ground = LegalBasis(rawValue: basis)?.label(language) ?? basis
    let names = (carriedOut?.fields ?? fields).joined(separator: ", ")
    switch (carriedOut, language) {
    case (let deed?, .vi): return "\(names): đã xóa \(time(deed.at)), căn cứ: \(ground)"
    case (let deed?, .en): return "\(names): erased on \(time(deed.at)), basis: \(ground)"
    case (nil, .vi): return "\(names): có lệnh xóa \(order), chưa thực hiện"
    case (nil, .en): return "\(names): to be erased by order \(order), not carried out yet"
    }
  }

  public var json: JSONOutput { .row(ErasureTable.columns, ErasureTable.row(self)) }
}
