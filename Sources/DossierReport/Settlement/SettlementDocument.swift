internal import DossierCore

extension SettlementReport {
  /// The report as it is handed in.
  ///
  /// - Parameters:
  ///   - language: of words in cells; headers and sentences have both.
  ///   - note: state of the log and command; definitions are added to it.
  ///   - remarks: lines about publishing; they stand in the note and never in the JSON, so that the JSON's hash does not
  ///     depend on when it is printed.
  ///   - published: what was published of the same period, to show what has changed since.
  public func document(
    language: OutputLanguage, heading: ReportHeading? = nil, note: ReportNote, remarks: [BilingualText] = [],
    published: SettlementReport? = nil
  ) -> ReportDocument {
    var note = note
    note.lines = remarks + definitions + note.lines
    note.versions.append(.init("settlement", Self.rulesVersion))
    note.versions.append(.init("form", layout.edition.rawValue))
    var sections = [summary(language)] + tables.map { section($0, language) } + [differences(language)]
    if let published { sections.insert(changes(since: published, language), at: 1) }
    return ReportDocument(
      kind: "settlement",
      title: BilingualText(
        vi: "Tình hình giải quyết hồ sơ gửi qua bưu chính", en: "Settlement of dossiers carried by the post"),
      heading: heading, lead: lead, sections: sections, note: note, flat: flat, json: json, isLandscape: true)
  }

  /// Changes when the same log would give other figures.
  static let rulesVersion = "1"

  private var lead: [BilingualText] {
    var lead = [
      BilingualText(
        vi:
          "Kỳ: \(HumanDate.text(from.text, language: .vi)) – \(HumanDate.text(through.text, language: .vi))",
        en: "Period: \(from.text) to \(through.text)"),
      BilingualText(vi: layout.vi, en: layout.en),
    ]
    if !isOver {
      lead.append(
        BilingualText(
          vi: "Kỳ chưa hết: hồ sơ chưa xong xét theo ngày \(HumanDate.text(judged.text, language: .vi)).",
          en: "The period is not over: open dossiers are judged by \(judged.text)."))
    }
    return lead
  }

  // MARK: Tables

  private static func title(_ reading: SettlementReading) -> BilingualText {
    switch reading {
    case .processing:
      BilingualText(
        vi: "Theo ngày kết thúc xử lý (ngày trên kết quả)", en: "By end of processing (the day on the result)"
      )
    case .returned:
      BilingualText(
        vi: "Theo ngày trả kết quả (ngày phát)", en: "By return of the result (the day of delivery)")
    }
  }

  private static let fieldColumn = Column("field", vi: "Lĩnh vực", en: "Field", kind: .code)

  /// What the form merges: the post's part of it.
  private static let extraColumns = [
    Column("postalIntake", vi: "Mới: do bưu điện mang đến", en: "New: brought by the post", kind: .integer),
    Column(
      "postalResults", vi: "Đã giải quyết: trả qua bưu điện", en: "Resolved: returned by post",
      kind: .integer),
  ]

  private func cells(_ field: String, _ counts: SettlementCounts) -> [Cell] {
    [.text(field)] + layout.columns.map { .integer(counts[$0.quantity]) }
      + [.integer(counts.newPostal), .integer(counts.postalResults)]
  }

  private func section(_ table: Table, _ language: OutputLanguage) -> ReportSection {
    let identities = layout.identities.map { layout.text(of: $0) }.joined(separator: "; ")
    return ReportSection(
      id: table.reading.rawValue, title: Self.title(table.reading),
      text: [
        BilingualText(
          vi: "Đẳng thức: \(identities); mọi dòng lệch 0.",
          en: "Identities: \(identities); every row is off by 0.")
      ],
      table: TabularDocument(
        columns: [Self.fieldColumn] + layout.tableColumns() + Self.extraColumns,
        rows: table.rows.map { cells($0.field, $0.counts) },
        total: cells(language == .vi ? "Tổng cộng" : "Total", table.total)))
  }

  /// Both readings side by side: the totals that people ask for first.
  private func summary(_ language: OutputLanguage) -> ReportSection {
    let columns = layout.tableColumns()
    return ReportSection(
      id: "summary", title: BilingualText(vi: "Hai cách tính trễ hạn", en: "Two readings of late"),
      table: TabularDocument(
        columns: [
          Column("column", vi: "Cột của biểu", en: "Column of the form", kind: .code),
          Column("processing", vi: "Theo ngày xử lý", en: "By end of processing", kind: .integer),
          Column("returned", vi: "Theo ngày trả", en: "By return", kind: .integer),
          Column("difference", vi: "Chênh lệch", en: "Difference", kind: .integer),
        ],
        rows: zip(layout.columns, columns).map { form, column in
          let (processing, returned) = (tables[0].total[form.quantity], tables[1].total[form.quantity])
          let group = column.group.map { $0[language] + ": " } ?? ""
          return [
            .text(group + column.header[language]), .integer(processing), .integer(returned),
            .integer(returned - processing),
          ]
        }))
  }

  /// Figures of which the two readings may differ.
  private static let compared: [(FormQuantity, String, String)] = [
    (.resolved, "Đã giải quyết", "Resolved"), (.late, "Quá hạn", "Late"),
    (.inProgress, "Đang giải quyết", "In progress"),
    (.overdue, "Đang giải quyết, quá hạn", "In progress, overdue"),
  ]

  private func differences(_ language: OutputLanguage) -> ReportSection {
    let processing = tables[0]
    let returned = tables[1]
    var names = processing.rows.map(\.field)
    for row in returned.rows where !names.contains(row.field) { names.append(row.field) }
    func counts(_ table: Table, _ field: String) -> SettlementCounts {
      table.rows.first { $0.field == field }?.counts ?? SettlementCounts()
    }
    func cells(_ name: String, _ left: SettlementCounts, _ right: SettlementCounts) -> [Cell] {
      [.text(name)]
        + Self.compared.flatMap { quantity, _, _ in
          [
            Cell.integer(left[quantity]), .integer(right[quantity]),
            .integer(right[quantity] - left[quantity]),
          ]
        }
    }
    let columns = Self.compared.flatMap { quantity, vi, en in
      [
        Column("\(quantity.rawValue)Processing", vi: "\(vi): xử lý", en: "\(en): processing", kind: .integer),
        Column("\(quantity.rawValue)Returned", vi: "\(vi): trả", en: "\(en): return", kind: .integer),
        Column("\(quantity.rawValue)Difference", vi: "\(vi): chênh", en: "\(en): difference", kind: .integer),
      ]
    }
    return ReportSection(
      id: "difference",
      title: BilingualText(
        vi: "Chênh lệch giữa hai cách tính (trả kết quả − xử lý)",
        en: "Difference of the two readings (return − processing)"),
      text: moves.map { move in
        BilingualText(
          vi:
            "\(NumberText.human(move.count, language: .vi)) hồ sơ: \(Self.word(move.processing).vi) theo xử lý, "
            + "\(Self.word(move.returned).vi) theo ngày trả",
          en:
            "\(NumberText.human(move.count, language: .en)) dossiers: \(Self.word(move.processing).en) by processing, "
            + "\(Self.word(move.returned).en) by return")
      },
      table: TabularDocument(
        columns: [Self.fieldColumn] + columns,
        rows: names.map { cells($0, counts(processing, $0), counts(returned, $0)) },
        total: cells(language == .vi ? "Tổng cộng" : "Total", processing.total, returned.total)))
  }

  private static func word(_ standing: SettlementCounts.Standing) -> BilingualText {
    switch standing {
    case .early: BilingualText(vi: "trước hạn", en: "early")
    case .onTime: BilingualText(vi: "đúng hạn", en: "on time")
    case .late: BilingualText(vi: "quá hạn", en: "late")
    case .inTerm: BilingualText(vi: "đang giải quyết, trong hạn", en: "in progress, in term")
    case .overdue: BilingualText(vi: "đang giải quyết, quá hạn", en: "in progress, overdue")
    case .earlier: BilingualText(vi: "đã xong trước kỳ", en: "settled before the period")
    }
  }

  /// What has become known since the period was published, figure by figure.
  private func changes(since published: SettlementReport, _ language: OutputLanguage) -> ReportSection {
    var rows: [[Cell]] = []
    for (now, then) in zip(tables, published.tables) {
      var names = then.rows.map(\.field)
      for row in now.rows where !names.contains(row.field) { names.append(row.field) }
      func counts(_ table: Table, _ field: String) -> SettlementCounts {
        table.rows.first { $0.field == field }?.counts ?? SettlementCounts()
      }
      for name in names {
        let (left, right) = (counts(then, name), counts(now, name))
        for column in layout.columns where left[column.quantity] != right[column.quantity] {
          rows.append([
            .text(now.reading.rawValue), .text(name),
            .text(layout.label(of: column.quantity) + " " + column.key),
            .integer(left[column.quantity]), .integer(right[column.quantity]),
            .integer(right[column.quantity] - left[column.quantity]),
          ])
        }
      }
    }
    return ReportSection(
      id: "since-published",
      title: BilingualText(vi: "Thay đổi so với bản đã công bố", en: "Changes since it was published"),
      text: [
        rows.isEmpty
          ? BilingualText(vi: "Không có số nào thay đổi.", en: "No figure has changed.")
          : BilingualText(
            vi: "\(rows.count) số đã thay đổi vì những gì được ghi sau khi công bố.",
            en: "\(rows.count) figures changed by what was recorded since.")
      ],
      table: TabularDocument(
        columns: [
          Column("reading", vi: "Cách tính", en: "Reading", kind: .code), Self.fieldColumn,
          Column("column", vi: "Cột", en: "Column", kind: .code),
          Column("published", vi: "Đã công bố", en: "Published", kind: .integer),
          Column("current", vi: "Hiện biết", en: "Known now", kind: .integer),
          Column("difference", vi: "Chênh", en: "Difference", kind: .integer),
        ], rows: rows))
  }

  // MARK: Definitions

  private var definitions: [BilingualText] {
    var lines = [
      BilingualText(
        vi: "Phạm vi: hồ sơ mà bưu chính đã nhận chuyển, mỗi hồ sơ một lần dù đi bao nhiêu bưu gửi.",
        en: "Scope: dossiers that the post was entrusted with, each once however many items carried it."),
      BilingualText(
        vi:
          "Ngày tiếp nhận: ngày ghi trong bảng kê; hồ sơ bưu chính mang đến mà không ghi thì là ngày bưu chính chấp nhận.",
        en:
          "Day of reception: as the manifest states; of one that the post brought without such a day, that of acceptance."
      ),
      BilingualText(
        vi:
          "Trước hạn, đúng hạn, quá hạn: so ngày xong với ngày hẹn trả như đã ghi, không dời hạn rơi vào ngày nghỉ (báo cáo "
          + "delays có dời); còn lại xét đến hết ngày cuối kỳ.",
        en:
          "Early, on time, late: the settling day against the due date as stated, not moved off days off as the report delays "
          + "moves it; open ones at the end of the period."
      ),
      BilingualText(
        vi:
          "Hồ sơ không do bưu chính mang đến được tính vào cột trực tiếp, bưu chính; không biết hồ sơ nào nộp trực tuyến, "
          + "rút, trả lại hay tạm dừng chờ bổ sung.",
        en:
          "Dossiers that the post did not bring are counted as direct; which came online, were withdrawn, sent back or "
          + "paused for supplement is not known here."),
    ]
    func count(_ number: Int, vi: String, en: String) {
      if number > 0 {
        lines.append(
          BilingualText(
            vi: "\(NumberText.human(number, language: .vi)) hồ sơ \(vi).",
            en: "\(NumberText.human(number, language: .en)) dossiers \(en)."))
      }
    }
    count(
      excluded.noReceivedDay, vi: "bị loại vì không rõ ngày tiếp nhận", en: "left out: no day of reception")
    count(excluded.noDueDate, vi: "bị loại vì không có ngày hẹn trả", en: "left out: no due date")
    count(
      excluded.contradictory[.processing] ?? 0,
      vi: "bị loại khỏi bảng theo xử lý vì kết quả có trước khi tiếp nhận",
      en: "left out of the table by processing: the result is older than the reception")
    count(
      excluded.contradictory[.returned] ?? 0,
      vi: "bị loại khỏi bảng theo ngày trả vì phát trước khi tiếp nhận",
      en: "left out of the table by return: delivered before the reception")
    count(excluded.erased, vi: "bị loại vì mã hồ sơ đã xóa", en: "left out: the code was erased")
    count(
      excluded.neverEntrusted, vi: "bị loại vì bưu gửi mới được báo, chưa ai nhận",
      en: "left out: the item was announced and never accepted")
    count(
      differingDueDates, vi: "có các bảng kê ghi ngày hẹn trả khác nhau; lấy ngày sớm nhất",
      en: "have different due dates in their manifests; the earliest counts")
    count(
      assumedResultDays, vi: "không ghi ngày kết quả; lấy ngày bưu chính nhận kết quả",
      en: "have no day on the result; the day on which the post got it stands for it")
    count(
      withoutPostalResult, vi: "chưa có kết quả gửi qua bưu chính, nên theo ngày trả là đang giải quyết",
      en: "have had no result sent by post, and are in progress by return")
    return lines + layout.remarks(forPeriodEnding: through).map(\.bilingual)
  }

  // MARK: For machines

  private var flat: TabularDocument {
    let reading = Column("reading", vi: "Cách tính", en: "Reading", kind: .code)
    return TabularDocument(
      columns: [reading, Self.fieldColumn] + layout.tableColumns() + Self.extraColumns,
      rows: tables.flatMap { table in
        table.rows.map { [.text(table.reading.rawValue)] + cells($0.field, $0.counts) } + [
          [.text(table.reading.rawValue)] + cells("total", table.total)
        ]
      })
  }

  private var json: [JSONOutput.Member] {
    func row(_ field: String, _ counts: SettlementCounts) -> JSONOutput {
      .object(
        [.init(key: "field", value: .string(field))]
          + layout.columns.map { .init(key: $0.key, value: .integer(counts[$0.quantity])) } + [
            .init(key: "postalIntake", value: .integer(counts.newPostal)),
            .init(key: "postalResults", value: .integer(counts.postalResults)),
          ])
    }
    return [
      .init(key: "period", value: ["from": .string(from.text), "to": .string(through.text)]),
      .init(key: "judged", value: .string(judged.text)),
      .init(key: "layout", value: .string(layout.edition.rawValue)),
      .init(
        key: "identities", value: .array(layout.identities.map { .string(layout.text(of: $0)) })),
      .init(
        key: "tables",
        value: .array(
          tables.map { table in
            [
              "reading": .string(table.reading.rawValue),
              "rows": .array(table.rows.map { row($0.field, $0.counts) }), "total": row("total", table.total),
            ]
          })),
      .init(
        key: "moves",
        value: .array(
          moves.map { move in
            [
              "processing": .string(move.processing.rawValue), "returned": .string(move.returned.rawValue),
              "count": .integer(move.count),
            ]
          })),
      .init(
        key: "excluded",
        value: [
          "noReceivedDay": .integer(excluded.noReceivedDay), "noDueDate": .integer(excluded.noDueDate),
          "contradictoryProcessing": .integer(excluded.contradictory[.processing] ?? 0),
          "contradictoryReturned": .integer(excluded.contradictory[.returned] ?? 0),
          "erased": .integer(excluded.erased), "neverEntrusted": .integer(excluded.neverEntrusted),
        ]),
      .init(key: "differingDueDates", value: .integer(differingDueDates)),
      .init(key: "assumedResultDays", value: .integer(assumedResultDays)),
      .init(key: "withoutPostalResult", value: .integer(withoutPostalResult)),
    ]
  }
}
