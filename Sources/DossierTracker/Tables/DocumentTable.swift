internal import CustodyLog
public import DossierCore
public import DossierReport

/// What became of imported documents, as rows.
public enum DocumentTable {
  public static let columns = [
    Column("file", vi: "Tệp", en: "File", kind: .code),
    Column("manifest", vi: "Bảng kê", en: "Manifest", kind: .code),
    Column("status", vi: "Kết quả", en: "Status", kind: .code),
    Column("items", vi: "Bưu gửi", en: "Items", kind: .integer),
    Column("dossiers", vi: "Hồ sơ", en: "Dossiers", kind: .integer),
    Column("events", vi: "Sự kiện", en: "Events", kind: .integer),
  ]

  /// - Parameter labels: words of this language instead of the stable ones, for people.
  public static func row(_ document: ImportReport.Document, labels: Language? = nil) -> [Cell] {
    let outcome = document.outcome
    return [
      .text(document.file), .text(orNone: outcome.manifest),
      .text(labels.map { outcome.status.label($0) } ?? outcome.status.rawValue), .integer(outcome.items),
      .integer(outcome.dossiers), .integer(outcome.events),
    ]
  }
}

extension DocumentOutcome.Status {
  public func label(_ language: Language) -> String {
    switch (self, language) {
    case (_, .en): rawValue
    case (.recorded, .vi): "đã ghi"
    case (.alreadyRecorded, .vi): "đã ghi từ trước"
    case (.conflict, .vi): "mâu thuẫn"
    case (.rejected, .vi): "từ chối"
    case (.valid, .vi): "hợp lệ"
    }
  }
}

extension ImportReport.Document {
  public func json(_ language: Language) -> JSONOutput {
    guard case .object(let members) = JSONOutput.row(DocumentTable.columns, DocumentTable.row(self)) else {
      return .null
    }
    return .object(members + [.init(key: "findings", value: outcome.findings.json(language))])
  }
}

extension ImportReport {
  /// The import as others rely on it. An event feed stands among the manifests with no manifest number.
  public func json(_ language: Language) -> JSONOutput {
    ["manifests": .array(documents.map { $0.json(language) }), "log": log.json]
  }
}

extension LogHead {
  public var json: JSONOutput { ["size": .unsigned(size), "root": .string(root.base64)] }
}
