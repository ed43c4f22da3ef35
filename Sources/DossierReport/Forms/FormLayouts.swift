public import DossierCore

extension FormLayout {
  /// All editions, oldest first.
  public static let all: [FormLayout] = [old10, local12, current13]

  public static func edition(_ edition: Edition) -> FormLayout {
    switch edition {
    case .old10: old10
    case .local12: local12
    case .current13: current13
    }
  }

  /// The national form for a period, by the day on which it ends.
  public static func national(forPeriodEnding day: CalendarDate) -> FormLayout {
    all.first { layout in
      layout.isNational && (layout.validFrom.map { $0 <= day } ?? true)
        && (layout.validThrough.map { day <= $0 } ?? true)
    } ?? current13
  }

  /// What a reader must know about a form used for a period: what was not verified, and that a newer circular exists.
  public func remarks(forPeriodEnding day: CalendarDate) -> [FormRemark] {
    let isSuperseded =
      edition == .current13 && CalendarDate(year: 2026, month: 2, day: 15).map { day >= $0 } ?? false
    return unverified + (isSuperseded ? [Self.successor] : [])
  }

  // MARK: Groups

  private static let receiving = FormGroup(vi: "Nhận giải quyết", en: "Received for processing")
  private static let inPeriod = FormGroup(vi: "Trong kỳ", en: "In the period")
  private static let done = FormGroup(vi: "Đã giải quyết", en: "Resolved")
  private static let open = FormGroup(vi: "Đang giải quyết", en: "In progress")

  // MARK: Words by which headers are known

  private static let receivedWords = [
    ["nhan giai quyet", "tong so"], ["tiep nhan", "tong so"], ["tong so nhan"],
  ]
  private static let carriedWords = [["ky truoc"]]
  private static let resolvedWords = [["da giai quyet", "tong so"], ["da giai quyet", "tong cong"]]
  private static let lateWords = [["da giai quyet", "qua han"], ["da giai quyet", "tre han"]]
  private static let inProgressWords = [["dang giai quyet", "tong so"], ["dang giai quyet", "tong cong"]]
  private static let inTermWords = [["dang giai quyet", "trong han"], ["dang giai quyet", "chua den han"]]
  private static let overdueWords = [["dang giai quyet", "qua han"], ["dang giai quyet", "tre han"]]

  private static func column(
    _ quantity: FormQuantity, _ number: Int? = nil, vi: String, en: String, _ groups: [FormGroup],
    _ phrases: [[String]]
  ) -> FormColumn {
    FormColumn(quantity: quantity, number: number, vi: vi, en: en, groups: groups, phrases: phrases)
  }

  // MARK: Editions

  /// Thông tư 02/2017/TT-VPCP, form II.06a: ten columns of figures.
  public static let old10 = FormLayout(
    edition: .old10,
    vi: "Biểu II.06a, 10 cột (Thông tư 02/2017/TT-VPCP)",
    en: "Form II.06a, 10 columns (Circular 02/2017/TT-VPCP)",
    columns: tenColumns,
    identities: [
      identityA,
      FormIdentity(id: "B", total: .resolved, parts: [.inTime, .late]),
      identityC,
      FormIdentity(id: "D", total: .received, parts: [.resolved, .inProgress]),
    ],
    sourceVi: "Thông tư 02/2017/TT-VPCP, biểu II.06a",
    sourceEn: "Circular 02/2017/TT-VPCP, form II.06a",
    validFrom: nil, validThrough: CalendarDate(year: 2020, month: 10, day: 20), isNational: true,
    unverified: [
      FormRemark(
        vi: "Các cột của biểu này được suy từ một phụ lục đã công bố (huyện Bình Sơn, 6 tháng đầu năm 2021), "
          + "chưa đối chiếu với văn bản.",
        en:
          "The columns of this form are deduced from a published annex (Bình Sơn district, first half of 2021), not "
          + "read in the circular.")
    ])

  /// The same with two columns more that one province added: withdrawn and sent back stand apart.
  public static let local12 = FormLayout(
    edition: .local12,
    vi: "Biểu II.06a mở rộng tại địa phương, 12 cột",
    en: "Form II.06a as extended locally, 12 columns",
    columns: tenColumns + [
      column(
        .withdrawn, vi: "Hồ sơ rút", en: "Withdrawn", [],
        [["ho so rut"], ["xin rut"], ["rut ho so"]]),
      column(
        .sentBack, vi: "Hồ sơ trả lại, không giải quyết", en: "Sent back, not resolved", [],
        [["tra lai"], ["khong giai quyet"]]),
    ],
    identities: [
      identityA,
      FormIdentity(id: "B", total: .resolved, parts: [.inTime, .late]),
      identityC,
      FormIdentity(
        id: "D", total: .received, parts: [.resolved, .inProgress, .withdrawn, .sentBack],
        replaces: "received = resolved + inProgress"),
    ],
    sourceVi: "Phụ lục báo cáo của huyện Bình Sơn, Quảng Ngãi, 6 tháng đầu năm 2021",
    sourceEn: "Annex to a report of Bình Sơn district, Quảng Ngãi, first half of 2021",
    validFrom: nil, validThrough: nil, isNational: false,
    unverified: [
      FormRemark(
        vi:
          "Phụ lục được công bố không còn tiêu đề cột; ý nghĩa các cột suy từ đẳng thức và lời văn. Cột nào là hồ "
          + "sơ rút, cột nào là hồ sơ trả lại thì không phân định được.",
        en:
          "The annex was published without its header; what the columns mean follows from the identities and the "
          + "text. Which of the last two is withdrawn and which sent back cannot be decided.")
    ])

  /// Thông tư 01/2020/TT-VPCP, form II.06: columns (1) to (13), of which (3) to (13) are figures.
  public static let current13 = FormLayout(
    edition: .current13,
    vi: "Biểu II.06, cột (1)–(13) (Thông tư 01/2020/TT-VPCP)",
    en: "Form II.06, columns (1)–(13) (Circular 01/2020/TT-VPCP)",
    columns: [
      column(.received, 3, vi: "Tổng số", en: "Total", [receiving], receivedWords),
      column(.newOnline, 4, vi: "Trực tuyến", en: "Online", [receiving, inPeriod], [["truc tuyen"]]),
      column(
        .newDirect, 5, vi: "Trực tiếp, dịch vụ bưu chính", en: "At the counter or by post",
        [receiving, inPeriod],
        [["truc tiep"], ["buu chinh"]]),
      column(.carried, 6, vi: "Từ kỳ trước", en: "From the period before", [receiving], carriedWords),
      column(.resolved, 7, vi: "Tổng số", en: "Total", [done], resolvedWords),
      column(.early, 8, vi: "Trước hạn", en: "Early", [done], [["truoc han"], ["som han"]]),
      column(.onTime, 9, vi: "Đúng hạn", en: "On time", [done], [["dung han"]]),
      column(.late, 10, vi: "Quá hạn", en: "Late", [done], lateWords),
      column(.inProgress, 11, vi: "Tổng số", en: "Total", [open], inProgressWords),
      column(.inTerm, 12, vi: "Trong hạn", en: "In term", [open], inTermWords),
      column(.overdue, 13, vi: "Quá hạn", en: "Overdue", [open], overdueWords),
    ],
    identities: [
      identityA,
      FormIdentity(id: "B", total: .resolved, parts: [.early, .onTime, .late]),
      identityC,
      FormIdentity(id: "D", total: .received, parts: [.resolved, .inProgress]),
    ],
    sourceVi: "Thông tư 01/2020/TT-VPCP ngày 21/10/2020, biểu II.06",
    sourceEn: "Circular 01/2020/TT-VPCP of 21 October 2020, form II.06",
    validFrom: CalendarDate(year: 2020, month: 10, day: 21), validThrough: nil, isNational: true,
    unverified: [
      FormRemark(
        vi:
          "Số cột và tên cột lấy từ các mẫu đã in; ngày áp dụng tính từ ngày ký vì chưa đọc được ngày hiệu lực; "
          + "đẳng thức (3) = (7) + (11) đúng trên các mẫu có số liệu, chưa đọc được trong văn bản.",
        en:
          "Numbers and names of the columns are those of printed templates; the day of signing stands for the day of "
          + "effect, which was not read; (3) = (7) + (11) holds on filled samples and was not read in the circular."
      ),
      FormRemark(
        vi: "Có bản in tính hồ sơ chờ bổ sung, trả lại và xin rút vào cột (9); ở đây không tính như vậy.",
        en:
          "Some prints count dossiers awaiting supplement, sent back or withdrawn in column (9); this does not."
      ),
    ])

  private static let successor = FormRemark(
    vi:
      "Thông tư 05/2025/TT-VPCP có hiệu lực từ 15/02/2026; chưa đọc được các cột của mẫu mới, nên vẫn dùng mẫu của "
      + "Thông tư 01/2020/TT-VPCP.",
    en:
      "Circular 05/2025/TT-VPCP is in effect from 15 February 2026; the columns of its form could not be read, so "
      + "that of Circular 01/2020/TT-VPCP is still used.")

  private static let identityA = FormIdentity(
    id: "A", total: .received, parts: [.newOnline, .newDirect, .carried])
  private static let identityC = FormIdentity(id: "C", total: .inProgress, parts: [.inTerm, .overdue])

  private static let tenColumns: [FormColumn] = [
    column(.received, vi: "Tổng số", en: "Total", [receiving], receivedWords),
    column(.newOnline, vi: "Mới, trực tuyến", en: "New, online", [receiving], [["truc tuyen"]]),
    column(.carried, vi: "Kỳ trước chuyển qua", en: "From the period before", [receiving], carriedWords),
    column(
      .newDirect, vi: "Mới, trực tiếp hoặc bưu chính", en: "New, at the counter or by post", [receiving],
      [["truc tiep"], ["buu chinh"], ["moi tiep nhan"]]),
    column(.resolved, vi: "Tổng số", en: "Total", [done], resolvedWords),
    column(
      .inTime, vi: "Đúng hạn", en: "In time", [done], [["dung han"], ["dung thoi han"]]),
    column(.late, vi: "Quá hạn", en: "Late", [done], lateWords),
    column(.inProgress, vi: "Tổng số", en: "Total", [open], inProgressWords),
    column(.inTerm, vi: "Trong hạn", en: "In term", [open], inTermWords),
    column(.overdue, vi: "Quá hạn", en: "Overdue", [open], overdueWords),
  ]
}
