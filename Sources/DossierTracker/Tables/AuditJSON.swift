public import DossierCore
public import DossierReport

extension AuditReport {
  /// An audit as others rely on it.
  public func json(_ language: Language) -> JSONOutput {
    [
      "verdict": .string(verdict.rawValue),
      "log": head.json,
      "checked": .array(
        checked.map { ["what": .string($0.what), "count": .integer(Int($0.count))] }),
      "unchecked": .array(
        unchecked.map {
          ["what": .string($0.what), "why": .string($0.why), "count": .integer(Int($0.count))]
        }),
      "findings": findings.json(language),
    ]
  }
}

extension AuditReport.Verdict {
  public func label(_ language: Language) -> String {
    switch (self, language) {
    case (.intact, .vi): "nguyên vẹn"
    case (.intact, .en): "everything checked agrees"
    case (.gap, .vi): "có khoảng trống"
    case (.gap, .en): "a hand-over lacks one side"
    case (.contradiction, .vi): "mâu thuẫn"
    case (.contradiction, .en): "something contradicts the log"
    case (.unchecked, .vi): "chưa kiểm được"
    case (.unchecked, .en): "nothing vouches for the log"
    }
  }
}

extension AuditReport.Checked {
  /// What was checked, for people; a word without a translation stays itself.
  public func label(_ language: Language) -> String {
    guard language == .vi else { return what }
    return Self.vietnamese[what] ?? what
  }

  private static let vietnamese = [
    "events": "sự kiện", "items": "bưu gửi", "dossiers": "hồ sơ", "disclosures": "dữ liệu đã cam kết",
    "manifests": "bảng kê", "counters": "số đếm", "offices": "đơn vị", "terms": "mã và từ",
    "checkpoints": "điểm chốt", "inclusionProofs": "chứng minh có trong nhật ký",
    "mapEntries": "dòng mục lục bưu gửi", "seenCheckpoints": "điểm chốt mà sự kiện nêu",
    "times": "thời điểm", "maps": "mục lục bưu gửi", "documents": "bản gốc bảng kê",
    "file": "tệp cơ sở dữ liệu",
    "checkpoint": "điểm chốt",
  ]
}

extension AuditReport.Unchecked {
  /// Why it was not checked, for people; a reason without a translation stays itself.
  public func reason(_ language: Language) -> String {
    if let code = FindingCode(rawValue: why) { return FindingCatalogue.entry(code).message(language) }
    guard language == .vi else { return why }
    return Self.vietnamese[why] ?? why
  }

  private static let vietnamese = [
    "declared more than 72 hours afterwards: nothing but the document speaks for the time":
      "khai báo sau hơn 72 giờ: ngoài chứng từ không có gì xác nhận thời điểm",
    "earlier roots of the map of items: only the newest is worked out again":
      "các mục lục cũ: chỉ tính lại mục lục mới nhất",
    "more different checkpoints named than are looked up": "sự kiện nêu nhiều điểm chốt hơn mức tra cứu",
    "recorded after the last signed checkpoint": "ghi sau điểm chốt đã ký cuối cùng",
    "the checkpoint is none of this log": "điểm chốt không phải của nhật ký này",
    "erased": "đã xóa theo quy định",
  ]
}
