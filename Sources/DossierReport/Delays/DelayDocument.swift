internal import DossierCore

/// The delay report as a document.
extension DelayReport {
  /// - Parameters:
  ///   - language: of words in cells; headers and sentences have both.
  ///   - note: state of the log and command; definitions and calendars are added to it.
  public func document(
    language: OutputLanguage, heading: ReportHeading? = nil, note: ReportNote
  ) -> ReportDocument {
    var note = note
    note.lines += definitions
    note.versions += [
      .init("administrativeCalendar", calendars.administrative.version),
      .init("postalCalendar", calendars.postal.version),
    ]
    return ReportDocument(
      kind: "delays",
      title: BilingualText(vi: "Báo cáo thời gian và trễ hạn", en: "Report on time and delays"),
      heading: heading, lead: lead, sections: sections(language), note: note, flat: flat, json: json,
      isLandscape: true)
  }

  private var lead: [BilingualText] {
    func bound(_ asked: CalendarDate?, _ found: CalendarDate?) -> String { (asked ?? found)?.text ?? "" }
    let from = bound(figures.query.from, figures.days?.lowerBound)
    let to = bound(figures.query.through, figures.days?.upperBound)
    func number(_ count: Int, _ language: OutputLanguage) -> String {
      NumberText.human(count, language: language)
    }
    let total = figures.total
    return [
      BilingualText(
        vi:
          "Hồ sơ chấp nhận từ \(HumanDate.text(from, language: .vi)) đến \(HumanDate.text(to, language: .vi)): "
          + number(total.dossiers, .vi),
        en: "Dossiers accepted from \(from) to \(to): \(number(total.dossiers, .en))"),
      BilingualText(
        vi:
          "Có hạn trả: \(number(total.withDue, .vi)), trong đó phát trễ \(number(total.late, .vi)), đang đi mà đã quá "
          + "hạn \(number(total.openLate, .vi))",
        en:
          "With a due date: \(number(total.withDue, .en)), of which delivered late \(number(total.late, .en)), under "
          + "way past it \(number(total.openLate, .en))"),
    ]
  }

  // MARK: Sections

  private func sections(_ language: OutputLanguage) -> [ReportSection] {
    var sections = [
      ReportSection(
        id: "holders", title: BilingualText(vi: "Ai giữ bao lâu", en: "Who held them how long"),
        text: [
          BilingualText(
            vi: "Các bên cộng lại đúng bằng toàn bộ thời gian, đến từng mili giây.",
            en: "The holders sum to the whole time, to the millisecond.")
        ],
        charts: figures.total.dossiers == 0 ? [] : [holdersChart],
        table: totalled(holdersTable(language), language))
    ]
    if figures.query.by != nil {
      sections.append(
        ReportSection(
          id: "groups", title: BilingualText(vi: "Ai giữ bao lâu, theo nhóm", en: "Who held them, by group"),
          table: totalled(groupsTable(language), language)))
    }
    sections.append(
      ReportSection(
        id: "due", title: BilingualText(vi: "So với hạn trả", en: "Against the due date"),
        table: totalled(dueTable(language), language)))
    sections += lateSections(language)
    sections += transitSections(language)
    if let ticks { sections += tickSections(ticks, language) }
    sections.append(
      ReportSection(
        id: "exclusions", title: BilingualText(vi: "Không tính, và vì sao", en: "Left out, and why"),
        table: TabularDocument(
          columns: [
            Column("reason", vi: "Lý do", en: "Reason"),
            Column("count", vi: "Số lượng", en: "Count", kind: .integer),
          ],
          rows: exclusionRows.map { [.text($0.name[language]), .integer($0.count)] })))
    return sections
  }

  private func lateSections(_ language: OutputLanguage) -> [ReportSection] {
    let total = figures.total
    guard total.allLate > 0 else { return [] }
    func number(_ count: Int, _ language: OutputLanguage) -> String {
      NumberText.human(count, language: language)
    }
    let causes = ReportSection(
      id: "causes", title: BilingualText(vi: "Trễ vì ai", en: "Late because of whom"),
      text: [
        BilingualText(
          vi:
            "Trong \(number(total.allLate, .vi)) hồ sơ trễ hoặc đang quá hạn, \(number(total.postedLate, .vi)) được giao "
            + "cho bưu chính khi đã hết hạn.",
          en:
            "Of \(number(total.allLate, .en)) dossiers late or past due, \(number(total.postedLate, .en)) were given to "
            + "the post when the due date had passed already.")
      ],
      charts: [causesChart], table: totalled(causesTable(language), language))
    let list = listed(
      "late", BilingualText(vi: "Hồ sơ trễ, trễ nhiều trước", en: "Late dossiers, the latest first"),
      lateTable(language), of: figures.late.count)
    return [causes] + (list.map { [$0] } ?? [])
  }

  private func transitSections(_ language: OutputLanguage) -> [ReportSection] {
    guard figures.transit.items > 0 else { return [] }
    let legs = ReportSection(
      id: "transit", title: BilingualText(vi: "Thời gian vận chuyển theo chiều", en: "Transit times by leg"),
      charts: [transitChart] + (lossChart.map { [$0] } ?? []), table: legsTable(language))
    let rest = figures.transit.otherRoutes
    let remark =
      rest == 0
      ? []
      : [
        BilingualText(
          vi: "Còn \(NumberText.human(rest, language: .vi)) tuyến ít bưu gửi hơn, cộng "
            + "\(NumberText.human(figures.transit.itemsOnOtherRoutes, language: .vi)) bưu gửi; thêm bằng --limit.",
          en: "\(NumberText.human(rest, language: .en)) more routes with fewer items, "
            + "\(NumberText.human(figures.transit.itemsOnOtherRoutes, language: .en)) items together; --limit shows more."
        )
      ]
    let routes = ReportSection(
      id: "routes", title: BilingualText(vi: "Thời gian vận chuyển theo tuyến", en: "Transit times by route"),
      text: remark, table: routesTable)
    return self.routes.isEmpty ? [legs] : [legs, routes]
  }

  /// A list with the count of what it leaves out; nil when there is nothing.
  func listed(
    _ id: String, _ title: BilingualText, _ table: TabularDocument, of count: Int
  ) -> ReportSection? {
    if count == 0 { return nil }
    let rest = count - table.rows.count
    let remark = BilingualText(
      vi: "Còn \(NumberText.human(rest, language: .vi)) hồ sơ nữa không in; thêm bằng --limit.",
      en: "\(NumberText.human(rest, language: .en)) more are not printed; --limit shows more.")
    return ReportSection(id: id, title: title, text: rest > 0 ? [remark] : [], table: table)
  }

  /// The total's name in the reader's language.
  func totalled(_ table: TabularDocument, _ language: OutputLanguage) -> TabularDocument {
    var table = table
    table.total?[0] = .text(language == .vi ? "Tổng cộng" : "Total")
    return table
  }

  var exclusionRows: [(key: String, name: BilingualText, count: Int)] {
    let out = figures.exclusions
    return [
      (
        "outsidePeriod",
        BilingualText(vi: "Hồ sơ chấp nhận ngoài kỳ", en: "Dossiers accepted outside the period"),
        out.outsidePeriod
      ),
      (
        "itemsOutsidePeriod",
        BilingualText(vi: "Bưu gửi chấp nhận ngoài kỳ", en: "Items accepted outside the period"),
        out.itemsOutsidePeriod
      ),
      (
        "itemsNotEntrusted",
        BilingualText(
          vi: "Bưu gửi chưa ai chấp nhận hay giao đi", en: "Items that nobody accepted or dispatched"),
        out.itemsNotEntrusted
      ),
      (
        "withoutDue",
        BilingualText(
          vi: "Hồ sơ không có hạn: có trong thời gian, không xét trễ",
          en: "Dossiers without a due date: timed, not judged"),
        out.withoutDue
      ),
      (
        "dueDiffers",
        BilingualText(
          vi: "Hồ sơ có các hạn khác nhau: lấy hạn ghi sau cùng",
          en: "Dossiers with differing due dates: that of the last item counts"), out.dueDiffers
      ),
      (
        "outsideCalendar",
        BilingualText(
          vi: "Hồ sơ chạm năm không có lịch: không tính",
          en: "Dossiers in a year without a calendar: left out"),
        out.outsideCalendar
      ),
      (
        "codeErased",
        BilingualText(
          vi: "Hồ sơ đã xóa mã: mỗi lần gửi tính riêng", en: "Dossiers whose code was erased: each item apart"
        ),
        out.codeErased
      ),
    ]
  }
}
