public import DossierCore
public import DossierReport

/// Findings as rows; the keys are the JSON contract's.
public enum FindingTable {
  public static let columns = [
    Column("code", vi: "Mã", en: "Code", kind: .code),
    Column("severity", vi: "Mức", en: "Severity", kind: .code),
    Column("message", vi: "Phát hiện", en: "Finding"),
    Column("hint", vi: "Nên làm", en: "What to do"),
    Column("file", vi: "Tệp", en: "File"),
    Column("line", vi: "Dòng", en: "Line", kind: .integer),
    Column("path", vi: "Vị trí", en: "Place"),
    Column("item", vi: "Bưu gửi", en: "Item", kind: .code),
    Column("events", vi: "Sự kiện", en: "Events"),
    Column("expected", vi: "Phải là", en: "Expected"),
    Column("found", vi: "Đang là", en: "Found"),
  ]

  public static func row(_ finding: Finding, language: Language) -> [Cell] {
    [
      .text(finding.code.rawValue), .text(finding.severity.rawValue), .text(finding.message(language)),
      .text(finding.hint(language)), .text(orNone: finding.file),
      finding.line.map(Cell.integer) ?? .none, .text(orNone: finding.path), .text(orNone: finding.item),
      .list(finding.events), .text(orNone: finding.expected), .text(orNone: finding.found),
    ]
  }
}

extension Finding {
  /// The finding as others rely on it: code, severity, place and values are the same in every language.
  public func json(_ language: Language) -> JSONOutput {
    .row(FindingTable.columns, FindingTable.row(self, language: language))
  }
}

extension [Finding] {
  public func json(_ language: Language) -> JSONOutput { .array(map { $0.json(language) }) }
}
