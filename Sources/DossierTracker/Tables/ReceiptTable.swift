public import DossierCore
public import DossierReport

/// Receipts of recorded and scanned events; the keys are the JSON contract's.
public enum ReceiptTable {
  public static let columns = [
    Column("event", vi: "Mã sự kiện", en: "Event", kind: .code),
    Column("index", vi: "Số", en: "Index", kind: .integer),
    Column("item", vi: "Bưu gửi", en: "Item", kind: .code),
    Column("kind", vi: "Việc", en: "Kind", kind: .code),
    Column("verdict", vi: "Kết quả", en: "Verdict", kind: .code),
  ]

  /// - Parameter labels: words of this language instead of the stable ones, for people.
  public static func row(_ receipt: EventReceipt, labels: Language? = nil) -> [Cell] {
    [
      .text(orNone: receipt.event), .integer(orNone: receipt.index.map(Int.init)), .text(receipt.item),
      .text(labels.map { receipt.kind.label($0) } ?? receipt.kind.word),
      .text(labels.map { receipt.verdict.label($0) } ?? receipt.verdict.rawValue),
    ]
  }
}

extension EventReceipt {
  public var json: JSONOutput { .row(ReceiptTable.columns, ReceiptTable.row(self)) }
}

extension EventReceipt.Verdict {
  public func label(_ language: Language) -> String {
    switch (self, language) {
    case (_, .en): rawValue
    case (.accepted, .vi): "đã ghi"
    case (.duplicate, .vi): "đã ghi từ trước"
    case (.surplus, .vi): "thừa"
    case (.misrouted, .vi): "lạc hướng"
    case (.refused, .vi): "từ chối"
    }
  }
}

/// The count of a receiving session.
public enum CountTable {
  public static let columns = [
    Column("expected", vi: "Dự kiến", en: "Expected", kind: .integer),
    Column("received", vi: "Đã nhận", en: "Received", kind: .integer),
    Column("short", vi: "Thiếu", en: "Short", kind: .integer),
    Column("surplus", vi: "Thừa", en: "Surplus", kind: .integer),
    Column("misrouted", vi: "Lạc hướng", en: "Misrouted", kind: .integer),
    Column("damaged", vi: "Hư hỏng", en: "Damaged", kind: .integer),
    Column("duplicate", vi: "Lặp", en: "Duplicate", kind: .integer),
    Column("refused", vi: "Không đọc được", en: "Refused", kind: .integer),
  ]

  public static func row(_ count: ReceivingCount) -> [Cell] {
    [
      count.expected, count.received, count.short, count.surplus, count.misrouted, count.damaged,
      count.duplicates, count.refused,
    ].map(Cell.integer)
  }
}

extension ReceivingResult {
  /// The session's result. `short` lists the items that were not found.
  public func json(events: [EventReceipt], log: LogHead, _ language: Language) -> JSONOutput {
    [
      "manifest": .string(manifest), "closed": .bool(closedNow),
      "count": .row(CountTable.columns, CountTable.row(count)),
      "short": .array(short.map(JSONOutput.string)), "events": .array(events.map(\.json)),
      "findings": findings.json(language), "log": log.json,
    ]
  }
}
