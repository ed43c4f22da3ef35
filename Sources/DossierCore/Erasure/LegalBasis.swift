/// Why personal data may or must be erased. The raw value stands in the log; it never changes and is never reused.
///
/// The grounds are those of article 14(1) of Law 91/2025/QH15 on the protection of personal data, in force since
/// 1 January 2026 together with Decree 356/2025/ND-CP.
public enum LegalBasis: String, Hashable, Sendable, CaseIterable {
  /// The person whose data they are asks for it.
  case subjectRequest = "subject_request"
  /// What the data were collected for is done.
  case purposeEnded = "purpose_ended"
  /// The period for which they had to be kept is over.
  case retentionEnded = "retention_ended"
  /// A competent authority has decided it.
  case authorityDecision = "authority_decision"

  public func label(_ language: Language) -> String {
    switch (self, language) {
    case (.subjectRequest, .vi): "chủ thể dữ liệu yêu cầu"
    case (.subjectRequest, .en): "the data subject's request"
    case (.purposeEnded, .vi): "mục đích đã hoàn thành"
    case (.purposeEnded, .en): "the purpose has ended"
    case (.retentionEnded, .vi): "hết thời hạn lưu giữ"
    case (.retentionEnded, .en): "the retention period is over"
    case (.authorityDecision, .vi): "quyết định của cơ quan có thẩm quyền"
    case (.authorityDecision, .en): "an authority's decision"
    }
  }

  /// Where the ground is stated.
  public func source(_ language: Language) -> String {
    language == .vi ? "Luật 91/2025/QH15, điều 14 khoản 1" : "Law 91/2025/QH15, article 14(1)"
  }
}
