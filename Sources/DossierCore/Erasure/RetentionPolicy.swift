/// How long an office keeps which personal data: one rule a line, `field,after,months,basis`.
public struct RetentionPolicy: Hashable, Sendable {
  public struct Rule: Hashable, Sendable {
    public var field: ErasureField
    /// The kind of event with which an item's journey, or a manifest, ended.
    public var after: EventKind
    public var months: Int
    public var basis: LegalBasis

    public init(field: ErasureField, after: EventKind, months: Int, basis: LegalBasis) {
      self.field = field
      self.after = after
      self.months = months
      self.basis = basis
    }

    /// Whether it speaks of manifests; otherwise of items.
    public var concernsManifest: Bool { after == .manifestClosed }
  }

  public var rules: [Rule]

  public init(rules: [Rule]) { self.rules = rules }

  /// Kinds that end an item's journey.
  public static let endings: [EventKind] = [.delivered, .returned, .lost, .destroyed]

  /// Reads a policy: UTF-8, one rule a line after the heading `field,after,months,basis`; `#` begins a remark.
  ///
  /// - Parameter name: the file's name, for findings.
  /// - Returns: the rules, and a finding for every line that is none.
  public static func read(_ bytes: [UInt8], name: String) -> (policy: RetentionPolicy, findings: [Finding]) {
    var rules: [Rule] = []
    var findings: [Finding] = []
    var hasHeading = false
    let heading = "field,after,months,basis"
    let text = String(decoding: bytes, as: UTF8.self)
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      var plain = line.prefix { $0 != "#" }.filter { !$0.isWhitespace }
      if number == 0, plain.first == "\u{feff}" { plain.removeFirst() }
      if plain.isEmpty { continue }
      if !hasHeading {
        hasHeading = true
        if plain == heading { continue }
      }
      if let rule = rule(plain), !rules.contains(where: { $0.field == rule.field && $0.after == rule.after })
      {
        rules.append(rule)
      } else {
        findings.append(Finding(.retentionPolicyForm, file: name, line: number + 1, expected: heading))
      }
    }
    if rules.isEmpty && findings.isEmpty {
      findings.append(Finding(.retentionPolicyForm, file: name, expected: heading))
    }
    return (RetentionPolicy(rules: rules), findings)
  }

  private static func rule(_ line: String) -> Rule? {
    let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard cells.count == 4, let field = ErasureField(rawValue: cells[0]),
      let after = EventKind(word: cells[1]),
      let months = Int(cells[2]), (0...1_200).contains(months), let basis = LegalBasis(rawValue: cells[3])
    else { return nil }
    let isOfManifest = [.giver, .receiver, .document].contains(field)
    guard isOfManifest ? after == .manifestClosed : endings.contains(after) else { return nil }
    return Rule(field: field, after: after, months: months, basis: basis)
  }

  /// The last day whose endings are due: `months` calendar months before `day`, or the last day of that month when it
  /// has no such day.
  public static func cutoff(_ day: CalendarDate, months: Int) -> CalendarDate {
    let total = max(0, day.year * 12 + day.month - 1 - months)
    for candidate in stride(from: day.day, through: 1, by: -1) {
      if let date = CalendarDate(year: total / 12, month: total % 12 + 1, day: candidate) { return date }
    }
    return day.advanced(by: -31 * months)
  }

  /// What holds where an office names no policy of its own.
  public static let standardText = """
    # Thời hạn lưu giữ dữ liệu cá nhân · How long personal data are kept
    #
    # ĐƠN VỊ PHẢI TỰ ĐẶT THỜI HẠN CỦA MÌNH. Không tìm thấy văn bản nào nêu thời hạn cho dữ liệu này; 120 tháng dưới
    # đây chỉ là số tạm, cố ý để dài. Hỏi bộ phận lưu trữ và pháp chế, sửa tệp này rồi dùng --policy.
    # EVERY OFFICE MUST SET ITS OWN PERIODS. No law was found that states periods for these data; the 120 months below
    # are provisional, long on purpose. Ask records management and counsel, edit this file, and use --policy.
    #
    # Căn cứ · Sources: Luật 91/2025/QH15, điều 14 khoản 1 (hết thời hạn lưu giữ thì xóa · delete when retention ends);
    # Nghị định 356/2025/NĐ-CP. Chưa nên xóa khi còn thời hiệu khiếu nại bưu chính (Luật Bưu chính, điều 38) · do not
    # erase while a complaint to the post is still possible (Postal Law, article 38).
    #
    # field: sender recipient applicant code note (after: delivered returned lost destroyed)
    #        giver receiver document (after: manifestClosed)
    # basis: subject_request purpose_ended retention_ended authority_decision
    field,after,months,basis
    sender,delivered,120,retention_ended
    recipient,delivered,120,retention_ended
    applicant,delivered,120,retention_ended
    note,delivered,120,retention_ended
    sender,returned,120,retention_ended
    recipient,returned,120,retention_ended
    applicant,returned,120,retention_ended
    note,returned,120,retention_ended
    document,manifestClosed,120,retention_ended
    """ + "\n"
}

/// Something whose period is over.
public struct RetentionDue: Hashable, Sendable {
  public var subject: ErasureSubject
  /// The rule's kind of ending, and when it was: milliseconds since 1970 UTC.
  public var after: EventKind
  public var endedAt: Int64
  /// What is to go on that ground.
  public var fields: [ErasureField]
  public var basis: LegalBasis
  /// Row of the item or manifest in the store, for paging.
  public var id: Int64

  public init(
    subject: ErasureSubject, after: EventKind, endedAt: Int64, fields: [ErasureField], basis: LegalBasis,
    id: Int64
  ) {
    self.subject = subject
    self.after = after
    self.endedAt = endedAt
    self.fields = fields
    self.basis = basis
    self.id = id
  }
}
