internal import DossierCore

/// The report on fees as a document.
extension FeeReport {
  /// - Parameters:
  ///   - language: of words in cells; headers and sentences have both.
  ///   - limit: so many lines of each list are printed in tables for people; nil for all.
  ///   - note: state of the log and command; definitions are added to it.
  public func document(
    language: OutputLanguage, limit: Int?, heading: ReportHeading? = nil, note: ReportNote
  ) -> ReportDocument {
    var note = note
    note.lines += definitions
    return ReportDocument(
      kind: "fees", title: BilingualText(vi: "Báo cáo thu, nộp phí và lệ phí", en: "Report on fees"),
      heading: heading, lead: lead,
      sections: sections(WorkTables(language: language, limit: limit, whole: Self.whole)),
      note: note,
      flat: rowsTable, json: json, isLandscape: true)
  }

  /// The flat table is that of the groups.
  private static let whole = BilingualText(vi: "--by item --format csv", en: "--by item --format csv")

  private var lead: [BilingualText] {
    var lead = [BilingualText(vi: "Đơn vị tính: đồng", en: "Unit: đồng")]
    if from != nil || through != nil {
      let (first, last) = (from?.text ?? "…", through?.text ?? "…")
      lead.append(
        BilingualText(
          vi:
            "Bưu gửi nhận gửi từ \(HumanDate.text(first, language: .vi)) đến \(HumanDate.text(last, language: .vi))",
          en: "Items entrusted from \(first) to \(last)"))
      func dong(_ amount: Int128, _ language: OutputLanguage) -> String {
        NumberText.human(amount, language: language)
      }
      lead.append(
        BilingualText(
          vi:
            "Không tính vì nhận gửi ngoài kỳ hoặc chưa từng nhận gửi: \(dong(Int128(leftOut.items), .vi)) bưu gửi, đã thu "
            + "\(dong(leftOut.collected, .vi)), đã nộp \(dong(leftOut.remitted, .vi))",
          en:
            "Left out, entrusted outside the period or never: \(dong(Int128(leftOut.items), .en)) items, collected "
            + "\(dong(leftOut.collected, .en)), remitted \(dong(leftOut.remitted, .en))"))
    }
    return lead
  }

  private func sections(_ tables: WorkTables) -> [ReportSection] {
    let (table, remark) = grouping == .office ? (tables.totalled(rowsTable), []) : tables.capped(rowsTable)
    var sections = [
      ReportSection(
        id: "fees", title: BilingualText(vi: "Phải thu, đã thu, đã nộp", en: "Due, collected, remitted"),
        text: remark, table: table),
      ReportSection(
        id: "identities", title: BilingualText(vi: "Đối chiếu", en: "Identities"),
        table: identitiesTable(tables.language)),
      ReportSection(
        id: "two-facts",
        title: BilingualText(
          vi: "Phát xong và sạch nợ là hai việc", en: "Delivered and cleared are two facts"),
        table: factsTable(tables.language)),
      ReportSection(
        id: "held",
        title: BilingualText(vi: "Đã thu chưa nộp, theo tuổi", en: "Collected and not remitted, by age"),
        charts: total.toRemit > 0 ? [agesChart] : [], table: tables.totalled(agesTable)),
    ]
    let remarks: [(Task, BilingualText, BilingualText)] = [
      (
        .collect,
        BilingualText(
          vi: "Việc cần làm: đã phát, chưa thu đủ", en: "To do: delivered, not collected in full"),
        BilingualText(
          vi: "Bưu tá thu bổ sung, hoặc ghi sự kiện thu phí còn thiếu.",
          en: "The postman collects the rest, or records the collection that was left out.")
      ),
      (
        .remit, BilingualText(vi: "Việc cần làm: đã thu, chưa nộp", en: "To do: collected, not remitted"),
        BilingualText(
          vi: "Đơn vị thu nộp cho cơ quan có phí, rồi ghi sự kiện nộp phí.",
          en: "The office that collected pays it over to the authority and records that.")
      ),
      (
        .overCollected, BilingualText(vi: "Việc cần làm: thu quá mức", en: "To do: collected too much"),
        BilingualText(
          vi: "So với biên lai: trả lại người nộp, hoặc đính chính số tiền ghi nhầm.",
          en: "Compare the receipt: pay it back, or correct the amount.")
      ),
      (
        .overRemitted, BilingualText(vi: "Việc cần làm: nộp quá mức", en: "To do: remitted too much"),
        BilingualText(
          vi: "Nhận lại tiền nộp thừa, hoặc ghi bổ sung, đính chính.",
          en: "Take the surplus back, or record the collection that was left out.")
      ),
    ]
    for (task, title, remark) in remarks {
      sections += tables.section(
        "to-" + Self.anchor(task), vi: title.vi, en: title.en, text: [remark],
        workTable([task], tables.language))
    }
    return sections
  }

  private static func anchor(_ task: Task) -> String {
    switch task {
    case .collect: "collect"
    case .remit: "remit"
    case .overCollected: "pay-back"
    case .overRemitted: "take-back"
    }
  }

  // MARK: Tables

  private static func money(_ amount: Int128) -> Cell { .integer(Int(clamping: amount)) }

  private static func money(_ key: String, vi: String, en: String) -> Column {
    Column(key, vi: vi, en: en, kind: .integer)
  }

  var rowsTable: TabularDocument {
    let isByItem = grouping == .item
    var columns = [Column("group", vi: groupName.vi, en: groupName.en, kind: .code)]
    if isByItem {
      columns += [
        Column("manifest", vi: "Bảng kê", en: "Manifest", kind: .code),
        Column("office", vi: "Đơn vị", en: "Office", kind: .code),
        Column("outcome", vi: "Kết cục", en: "Outcome", kind: .code),
        Column("isCleared", vi: "Sạch nợ", en: "Cleared", kind: .flag),
      ]
    } else {
      columns.append(Column("items", vi: "Bưu gửi", en: "Items", kind: .integer))
    }
    columns += [
      Self.money("due", vi: "Phải thu", en: "Due"), Self.money("collected", vi: "Đã thu", en: "Collected"),
      Self.money("remitted", vi: "Đã nộp", en: "Remitted"),
      Self.money("toCollect", vi: "Còn phải thu", en: "To collect"),
      Self.money("notYetDue", vi: "Chưa đến lúc thu", en: "Not yet due"),
      Self.money("lapsed", vi: "Thôi thu", en: "Lapsed"),
      Self.money("overCollected", vi: "Thu quá", en: "Over-collected"),
      Self.money("toRemit", vi: "Còn phải nộp", en: "To remit"),
      Self.money("overRemitted", vi: "Nộp quá", en: "Over-remitted"),
    ]
    if !isByItem {
      columns += [
        Column("delivered", vi: "Đã phát", en: "Delivered", kind: .integer),
        Column("cleared", vi: "Sạch nợ", en: "Cleared", kind: .integer),
      ]
    }
    func cells(_ group: String, _ sum: FeeSum, _ line: Line?) -> [Cell] {
      var cells = [Cell.text(group)]
      if isByItem {
        cells += [
          .text(orNone: line?.manifest), .text(orNone: line?.office),
          .text(orNone: line.map { Self.word($0.money.outcome) }),
          line.map { .flag($0.money.isCleared) } ?? .none,
        ]
      } else {
        cells.append(.integer(sum.items))
      }
      cells += [
        sum.due, sum.collected, sum.remitted, sum.toCollect, sum.notYetDue, sum.lapsed, sum.overCollected,
        sum.toRemit, sum.overRemitted,
      ].map(Self.money)
      if !isByItem { cells += [.integer(sum.delivered), .integer(sum.cleared)] }
      return cells
    }
    return TabularDocument(
      columns: columns, rows: rows.map { cells($0.group, $0.sum, $0.line) }, total: cells("total", total, nil)
    )
  }

  private static func word(_ outcome: Outcome) -> String {
    switch outcome {
    case .open: "open"
    case .delivered: "delivered"
    case .returned: "returned"
    case .lost: "lost"
    case .destroyed: "destroyed"
    }
  }

  private var groupName: BilingualText {
    switch grouping {
    case .item: BilingualText(vi: "Bưu gửi", en: "Item")
    case .manifest: BilingualText(vi: "Bảng kê", en: "Manifest")
    case .office: BilingualText(vi: "Đơn vị thu", en: "Collecting office")
    }
  }

  private func identitiesTable(_ labels: OutputLanguage?) -> TabularDocument {
    let isVietnamese = labels == .vi
    func row(_ name: String, _ left: Int128, _ right: Int128) -> [Cell] {
      [.text(name), Self.money(left), Self.money(right), .flag(left == right)]
    }
    return TabularDocument(
      columns: [
        Column("identity", vi: "Đẳng thức", en: "Identity"), Self.money("left", vi: "Vế trái", en: "Left"),
        Self.money("right", vi: "Vế phải", en: "Right"),
        Column("holds", vi: "Khớp", en: "Holds", kind: .flag),
      ],
      rows: [
        row(
          isVietnamese
            ? "phải thu + thu quá = đã thu + còn phải thu + chưa đến lúc thu + thôi thu"
            : "due + overCollected = collected + toCollect + notYetDue + lapsed",
          total.due + total.overCollected,
          total.collected + total.toCollect + total.notYetDue + total.lapsed),
        row(
          isVietnamese
            ? "đã thu + nộp quá = đã nộp + còn phải nộp" : "collected + overRemitted = remitted + toRemit",
          total.collected + total.overRemitted,
          total.remitted + total.toRemit),
      ])
  }

  private func factsTable(_ labels: OutputLanguage?) -> TabularDocument {
    let name = { (vi: String, en: String, word: String) in labels.map { $0 == .vi ? vi : en } ?? word }
    return TabularDocument(
      columns: [
        Column("fact", vi: "Bưu gửi có phí", en: "Items with a fee"),
        Column("cleared", vi: "Sạch nợ", en: "Cleared", kind: .integer),
        Column("uncleared", vi: "Chưa sạch nợ", en: "Not cleared", kind: .integer),
      ],
      rows: [
        [
          .text(name("đã phát", "delivered", "delivered")), .integer(total.deliveredCleared),
          .integer(total.deliveredUncleared),
        ],
        [
          .text(name("chưa phát hoặc kết thúc cách khác", "open, or ended otherwise", "other")),
          .integer(total.otherCleared), .integer(total.otherUncleared),
        ],
      ])
  }

  private var agesTable: TabularDocument {
    TabularDocument(
      columns: [
        Column("days", vi: "Số ngày giữ tiền", en: "Days held", kind: .code),
        Column("items", vi: "Bưu gửi", en: "Items", kind: .integer),
        Self.money("amount", vi: "Số tiền", en: "Amount"),
      ],
      rows: AgeBand.allCases.map {
        [.text($0.word), .integer(bands[$0]?.items ?? 0), Self.money(bands[$0]?.amount ?? 0)]
      },
      total: [
        .text("total"), .integer(bands.values.reduce(0) { $0 + $1.items }), Self.money(total.toRemit),
      ])
  }

  private var agesChart: ReportChart {
    ReportChart(
      title: BilingualText(vi: "Đã thu chưa nộp", en: "Collected and not remitted"),
      description: BilingualText(
        vi: "Số tiền theo số ngày kể từ lúc thu khoản cũ nhất chưa nộp.",
        en: "Amounts by days since the oldest money that is not remitted was collected."),
      kind: .bars(
        BarChart(
          series: [BilingualText(vi: "đồng", en: "đồng")],
          bars: AgeBand.allCases.map {
            BarChart.Bar(label: $0.label, values: [Double(Int(clamping: bands[$0]?.amount ?? 0))])
          }, xTitle: BilingualText(vi: "đồng", en: "đồng"))))
  }

  private func workTable(_ tasks: Set<Task>, _ labels: OutputLanguage?) -> TabularDocument {
    TabularDocument(
      columns: [
        Column("task", vi: "Việc", en: "Task"), Column("item", vi: "Bưu gửi", en: "Item", kind: .code),
        Column("manifest", vi: "Bảng kê", en: "Manifest", kind: .code),
        Column("office", vi: "Đơn vị", en: "Office", kind: .code),
        Self.money("due", vi: "Phải thu", en: "Due"), Self.money("collected", vi: "Đã thu", en: "Collected"),
        Self.money("remitted", vi: "Đã nộp", en: "Remitted"), Self.money("amount", vi: "Lệch", en: "Amount"),
        Column("since", vi: "Thu lúc", en: "Collected at", kind: .time),
        Column("days", vi: "Số ngày", en: "Days", kind: .integer),
      ],
      rows: work.filter { tasks.contains($0.task) }.map { work in
        let money = work.line.money
        return [
          .text(labels.map { Self.label(work.task)[$0] } ?? work.task.rawValue), .text(work.line.item),
          .text(orNone: work.line.manifest), .text(work.line.office),
          money.due.map { Self.money(Int128($0)) } ?? .none, Self.money(money.collected),
          Self.money(money.remitted), Self.money(work.amount),
          work.task == .remit ? money.heldSince.map(ReportValue.time) ?? .none : .none,
          work.task == .remit ? work.line.days.map(Cell.integer) ?? .none : .none,
        ]
      })
  }

  private static func label(_ task: Task) -> BilingualText {
    switch task {
    case .collect: BilingualText(vi: "thu", en: "collect")
    case .remit: BilingualText(vi: "nộp", en: "remit")
    case .overCollected: BilingualText(vi: "trả lại", en: "pay back")
    case .overRemitted: BilingualText(vi: "nhận lại", en: "take back")
    }
  }

  // MARK: For machines

  private var json: [JSONOutput.Member] {
    [
      .init(
        key: "period", value: ["from": .string(orNull: from?.text), "to": .string(orNull: through?.text)]),
      .init(key: "unit", value: "VND"), .init(key: "by", value: .string(grouping.rawValue)),
      .init(key: "rows", value: rowsTable.jsonRows), .init(key: "total", value: rowsTable.jsonTotal),
      .init(
        key: "exclusions",
        value: [
          "items": .integer(leftOut.items), "collected": .integer(Int(clamping: leftOut.collected)),
          "remitted": .integer(Int(clamping: leftOut.remitted)),
        ]),
      .init(key: "identities", value: identitiesTable(nil).jsonRows),
      .init(key: "facts", value: factsTable(nil).jsonRows), .init(key: "held", value: agesTable.jsonRows),
      .init(key: "work", value: workTable(Set(Task.allCases), nil).jsonRows),
    ]
  }

  private var definitions: [BilingualText] {
    [
      BilingualText(
        vi:
          "Phải thu: phí ghi trên bảng kê. Đã thu, đã nộp: sự kiện thu phí, nộp phí; sự kiện đã đính chính không tính.",
        en:
          "Due: the fee that the manifest states. Collected, remitted: events of these kinds; corrected ones do not "
          + "count."),
      BilingualText(
        vi:
          "Còn phải thu chỉ tính bưu gửi đã phát; chưa kết thúc thì chưa đến lúc thu; hoàn, thất lạc, tiêu hủy thì thôi thu.",
        en:
          "To collect: delivered items only; open ones are not yet due; of returned, lost and destroyed ones it lapses."
      ),
      BilingualText(
        vi: "Sạch nợ: đã thu đủ và đã nộp đúng số đã thu. Đã phát không có nghĩa là sạch nợ.",
        en:
          "Cleared: all that is due was collected, and exactly that was remitted. Delivered does not mean cleared."
      ),
      BilingualText(
        vi:
          "Một bưu gửi thuộc trọn về đơn vị thu lần đầu; chưa ai thu thì thuộc đơn vị nộp, hoặc bên đang giữ.",
        en:
          "An item belongs whole to the office that collected first; else to the one that remitted, or its custodian."
      ),
      BilingualText(
        vi:
          "Tiền nộp trừ vào khoản thu cũ nhất trước. Ngày là 24 giờ, tính đến lúc ghi sự kiện mới nhất của sổ.",
        en:
          "What is remitted covers the oldest collection first. Days have 24 hours and are counted to the recording of "
          + "the log's newest event."),
    ]
  }
}
