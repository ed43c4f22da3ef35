internal import DossierCore

/// The report on custody as a document.
extension CustodyReport {
  /// - Parameters:
  ///   - language: of words in cells; headers and sentences have both.
  ///   - limit: so many lines of each list are printed in tables for people; nil for all. The flat table and the JSON
  ///     have every line.
  ///   - note: state of the log and command; definitions are added to it.
  public func document(
    language: OutputLanguage, limit: Int?, heading: ReportHeading? = nil, note: ReportNote
  ) -> ReportDocument {
    var note = note
    note.lines += definitions
    if unlisted > 0 {
      note.lines.append(
        BilingualText(
          vi:
            "Mỗi danh sách giữ \(NumberText.human(CustodyTally.longestList, language: .vi)) dòng cũ nhất; còn "
            + "\(NumberText.human(unlisted, language: .vi)) dòng chỉ được đếm.",
          en:
            "Every list holds its oldest \(NumberText.human(CustodyTally.longestList, language: .en)) lines; "
            + "\(NumberText.human(unlisted, language: .en)) more are counted only."))
    }
    if let calendarVersion {
      note.versions.append(ReportNote.Version("administrativeCalendar", calendarVersion))
    }
    return ReportDocument(
      kind: "custody", title: BilingualText(vi: "Báo cáo giữ và giao nhận bưu gửi", en: "Report on custody"),
      heading: heading, lead: lead, sections: sections(WorkTables(language: language, limit: limit)),
      note: note, flat: flat, json: json, isLandscape: true)
  }

  private var lead: [BilingualText] {
    func counts(_ language: OutputLanguage) -> (String, String) {
      (NumberText.human(entrusted, language: language), NumberText.human(open, language: language))
    }
    let (vi, en) = (counts(.vi), counts(.en))
    return [
      BilingualText(
        vi: "Bưu gửi đã nhận gửi: \(vi.0), chưa kết thúc: \(vi.1)",
        en: "Items entrusted: \(en.0), still open: \(en.1)")
    ]
  }

  // MARK: Sections

  private func sections(_ tables: WorkTables) -> [ReportSection] {
    let labels = tables.language
    var sections = [
      ReportSection(
        id: "ages",
        title: BilingualText(
          vi: "Giao mà chưa ai ký nhận, theo tuổi", en: "Unacknowledged hand-overs by age"),
        text: [
          BilingualText(
            vi: "Quá hạn: treo hơn \(rules.handOverDays) ngày.",
            en: "Overdue: open for more than \(rules.handOverDays) days.")
        ],
        charts: handOvers.isEmpty ? [] : [agesChart], table: tables.totalled(agesTable))
    ]
    sections += tables.section(
      "routes", vi: "Bên giao và bên nhận", en: "Givers and receivers", routesTable)
    sections += tables.section(
      "hand-overs", vi: "Việc cần làm: hỏi bên nhận, cũ nhất trước",
      en: "To do: ask the receiver, oldest first",
      text: [
        BilingualText(
          vi:
            "Đã nhận thì bên nhận ghi sự kiện nhận với đúng giờ; chưa nhận thì bên giao vẫn chịu trách nhiệm và phải tìm.",
          en:
            "If it is there, the receiver records the receipt with its true time; if not, the giver still answers and "
            + "has to search.")
      ], handOversTable)
    sections += tables.section(
      "stuck", vi: "Bưu gửi nằm im", en: "Stuck items",
      text: [
        BilingualText(
          vi: "Chưa kết thúc và không có sự kiện nào từ \(stuckLimit.vi) trở lên.",
          en: "Open, and without any event for \(stuckLimit.en) or more.")
      ], stuckRowsTable(labels))
    sections += tables.section(
      "stuck-items", vi: "Việc cần làm: tìm bưu gửi nằm im", en: "To do: look for stuck items",
      stuckTable(labels))
    sections.append(
      ReportSection(
        id: "discrepancies",
        title: BilingualText(vi: "Sai lệch, từ lúc báo đến lúc đóng", en: "Discrepancies to their closure"),
        table: discrepanciesTable(labels)))
    sections += tables.section(
      "discrepancy-items", vi: "Sai lệch còn mở", en: "Open discrepancies", openDiscrepanciesTable(labels))
    sections += tables.section(
      "gaps", vi: "Chỗ đứt của chuỗi giao nhận", en: "Gaps in the chain",
      text: [
        BilingualText(
          vi:
            "“dossier explain MÃ” nói phải làm gì; “dossier list items --with-findings” liệt kê mọi bưu gửi.",
          en: "“dossier explain CODE” says what to do; “dossier list items --with-findings” lists every item."
        )
      ], gapsTable(labels))
    sections.append(timeSection(tables))
    sections += sealSections(tables)
    sections += tables.section(
      "signers", vi: "Ai ký cùng ai", en: "Who signs with whom",
      text: [
        BilingualText(
          vi:
            "Cần xem: cùng ký từ \(SignerPairs.least) lần và từ \(SignerPairs.percent)\u{A0}% số lần ký của mỗi người.",
          en:
            "Flagged: signed together \(SignerPairs.least) times or more, and \(SignerPairs.percent) % or more of what "
            + "each of them signed.")
      ], signersTable)
    if !flows.isEmpty {
      sections.append(
        ReportSection(
          id: "flow", title: BilingualText(vi: "Dòng giao nhận", en: "Custody flow"), charts: [flowChart],
          table: flowsTable(labels)))
    }
    return sections
  }

  private var stuckLimit: BilingualText {
    let days = max(1, rules.stuckDays)
    return calendarVersion == nil
      ? BilingualText(vi: "\(days) ngày", en: "\(days) days")
      : BilingualText(vi: "\(days) ngày làm việc hành chính", en: "\(days) administrative working days")
  }

  private func timeSection(_ tables: WorkTables) -> ReportSection {
    ReportSection(
      id: "completeness",
      title: BilingualText(vi: "Thời gian có đúng một bên giữ được chứng minh", en: "Custody completeness"),
      text: [
        BilingualText(
          vi:
            "Có chứng: bên giữ tự quét hoặc gõ lúc chấp nhận hay nhận, bưu gửi không thiếu, không tranh chấp.",
          en:
            "Proven: the custodian scanned or keyed the acceptance or receipt, and the item is neither missing nor "
            + "disputed.")
      ], table: tables.totalled(timeTable))
  }

  private func sealSections(_ tables: WorkTables) -> [ReportSection] {
    var sections = tables.section(
      "seals", vi: "Niêm phong theo đơn vị giao", en: "Seals by giver", sealsTable)
    sections += tables.section(
      "seals-reused", vi: "Niêm phong dùng nhiều lần", en: "Seals used more than once", reusesTable)
    sections += tables.section(
      "seals-absent", vi: "Số niêm phong vắng trong dãy", en: "Absent seal numbers",
      text: [
        BilingualText(
          vi:
            "Sổ không biết đơn vị được cấp những số nào; đây là các số nằm giữa hai số đã dùng mà không bảng kê nào có.",
          en:
            "Which numbers an office was issued is not known here: these lie between two that it used, and stand on no "
            + "manifest.")
      ], absencesTable)
    return sections
  }

  // MARK: Charts

  private var agesChart: ReportChart {
    let bars = AgeBand.allCases.map { band in
      let count = ages[band] ?? AgeCount()
      return BarChart.Bar(
        label: band.label, values: [Double(count.open - count.overdue), Double(count.overdue)])
    }
    return ReportChart(
      title: BilingualText(vi: "Giao mà chưa ai ký nhận", en: "Unacknowledged hand-overs"),
      description: BilingualText(
        vi: "Số bưu gửi đã giao mà bên nhận chưa ký, theo số ngày chờ.",
        en: "Items offered whose receiver has not signed, by days of waiting."),
      kind: .bars(
        BarChart(
          series: [
            BilingualText(vi: "trong hạn", en: "within the limit"),
            BilingualText(vi: "quá hạn", en: "overdue"),
          ], bars: bars, xTitle: BilingualText(vi: "Bưu gửi", en: "Items"))))
  }

  private var flowChart: ReportChart {
    let givers = flows.reduce(into: [Office.Kind?]()) { if !$0.contains($1.from) { $0.append($1.from) } }
    let receivers = flows.reduce(into: [Office.Kind?]()) { if !$0.contains($1.to) { $0.append($1.to) } }
      .sorted { Self.position($0) < Self.position($1) }
    let open = BilingualText(vi: "chưa ai ký nhận", en: "unacknowledged")
    var nodes = givers.map { FlowChart.Node(name: Self.name($0), column: 0) }
    nodes += receivers.map { FlowChart.Node(name: Self.name($0), column: 1) }
    var links: [FlowChart.Link] = []
    for (position, giver) in givers.enumerated() {
      let own = flows.filter { $0.from == giver }
      for flow in own {
        guard let receiver = receivers.firstIndex(of: flow.to) else { continue }
        let to = givers.count + receiver
        if flow.count.answered > 0 {
          links.append(FlowChart.Link(from: position, to: to, value: Double(flow.count.answered)))
        }
        if flow.count.unannounced > 0 {
          links.append(
            FlowChart.Link(from: position, to: to, value: Double(flow.count.unannounced), isProblem: true))
        }
      }
      let waiting = own.reduce(0) { $0 + $1.count.open }
      guard waiting > 0 else { continue }
      let node = nodes.firstIndex { $0.column == 1 && $0.name == open } ?? nodes.count
      if node == nodes.count { nodes.append(FlowChart.Node(name: open, column: 1)) }
      links.append(FlowChart.Link(from: position, to: node, value: Double(waiting), isProblem: true))
    }
    // A kind of office that receives nothing but what is still open has no link to stand at.
    let used = nodes.indices.filter { node in links.contains { $0.from == node || $0.to == node } }
    let moved = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, $0) })
    return ReportChart(
      title: BilingualText(vi: "Ai giao cho ai", en: "Who handed to whom"),
      description: BilingualText(
        vi:
          "Số lần giao nhận giữa các loại đơn vị; màu cảnh báo: chưa ai ký nhận, hoặc nhận mà không ai giao.",
        en:
          "Hand-overs between kinds of office; in the colour of a warning: unacknowledged, or received without "
          + "dispatch."),
      kind: .flow(
        FlowChart(
          nodes: used.map { nodes[$0] },
          links: links.map { link in
            var link = link
            link.from = moved[link.from] ?? 0
            link.to = moved[link.to] ?? 0
            return link
          })))
  }

  // MARK: For machines

  private var json: [JSONOutput.Member] {
    func member(_ key: String, _ value: JSONOutput) -> JSONOutput.Member { .init(key: key, value: value) }
    return [
      member(
        "rules", ["handOverDays": .integer(rules.handOverDays), "stuckDays": .integer(rules.stuckDays)]),
      member("entrusted", .integer(entrusted)), member("open", .integer(open)),
      member("unlisted", .integer(unlisted)),
      member(
        "handOvers",
        [
          "open": .integer(openHandOvers), "overdue": .integer(overdueHandOvers), "ages": agesTable.jsonRows,
          "routes": routesTable.jsonRows, "items": handOversTable.jsonRows,
        ]),
      member("stuck", ["groups": stuckRowsTable(nil).jsonRows, "items": stuckTable(nil).jsonRows]),
      member(
        "discrepancies",
        ["kinds": discrepanciesTable(nil).jsonRows, "items": openDiscrepanciesTable(nil).jsonRows]),
      member("gaps", gapsTable(nil).jsonRows),
      member("custodyTime", ["offices": timeTable.jsonRows, "total": timeTable.jsonTotal]),
      member(
        "seals",
        [
          "offices": sealsTable.jsonRows, "total": sealsTable.jsonTotal, "reused": reusesTable.jsonRows,
          "absent": absencesTable.jsonRows,
        ]),
      member("signers", ["closings": .integer(signers.closings), "pairs": signersTable.jsonRows]),
      member("flows", flowsTable(nil).jsonRows),
    ]
  }

  /// Every line that somebody can work off, whatever list it is from.
  var flat: TabularDocument {
    let columns = [
      Column("list", vi: "Danh sách", en: "List", kind: .code),
      Column("subject", vi: "Bưu gửi hoặc niêm phong", en: "Item or seal", kind: .code),
      Column("detail", vi: "Chi tiết", en: "Detail", kind: .code),
      Column("office", vi: "Đơn vị", en: "Office", kind: .code),
      Column("to", vi: "Bên nhận", en: "To", kind: .code),
      Column("manifest", vi: "Bảng kê", en: "Manifest", kind: .code),
      Column("since", vi: "Từ lúc", en: "Since", kind: .time),
      Column("days", vi: "Số ngày", en: "Days", kind: .integer),
      Column("count", vi: "Số lần", en: "Count", kind: .integer),
      Column("overdue", vi: "Quá hạn", en: "Overdue", kind: .flag),
    ]
    var rows: [[Cell]] = handOvers.map {
      [
        .text("handOver"), .text($0.item), .none, .text($0.from), .text($0.to), .text(orNone: $0.manifest),
        ReportValue.time($0.offeredAt), .integer($0.days), .none, .flag($0.isOverdue),
      ]
    }
    rows += stuck.map {
      [
        .text("stuck"), .text($0.item), .text($0.state.word), .text($0.custodian), .none, .none,
        ReportValue.time($0.lastAt), .integer($0.days),
      ]
    }
    rows += openDiscrepancies.map {
      [
        .text("discrepancy"), .text($0.item), .text($0.kind.word), .text($0.office), .none, .none,
        ReportValue.time($0.openedAt), .integer($0.days),
      ]
    }
    rows += gaps.map {
      [
        .text("gap"), .list($0.examples), .text($0.code.rawValue), .text($0.office), .none, .none, .none,
        .none,
        .integer($0.count),
      ]
    }
    rows += seals.reuses.map {
      [.text("sealReused"), .text($0.seal), .none, .list($0.offices), .none, .list($0.manifests)]
    }
    rows += seals.absences.map {
      [
        .text("sealAbsent"), .text($0.first), .text($0.last), .text($0.office), .none, .none, .none, .none,
        .integer($0.count),
      ]
    }
    rows += signers.flagged.map {
      [
        .text("signers"), .text($0.first), .text($0.second), .text($0.office), .none, .none, .none, .none,
        .integer($0.together),
      ]
    }
    return TabularDocument(columns: columns, rows: rows)
  }

  private var definitions: [BilingualText] {
    [
      BilingualText(
        vi:
          "Ngày là 24 giờ, tính đến lúc ghi sự kiện mới nhất của sổ; sự kiện đã đính chính không tính"
          + (calendarVersion == nil ? "." : "; ngày nằm im là ngày làm việc hành chính."),
        en:
          "Days have 24 hours and are counted to the recording of the log's newest event; corrected events do not count"
          + (calendarVersion == nil ? "." : "; silent days are administrative working days.")),
      BilingualText(
        vi:
          "Chưa ký nhận: bên giao đã giao cho một bên nhận nêu tên, bên đó chưa ghi nhận; bên giao vẫn chịu trách nhiệm.",
        en:
          "Unacknowledged: offered to a named receiver who has recorded no receipt; the giver still answers."),
      BilingualText(
        vi:
          "Sai lệch đóng khi có sự kiện tìm thấy, khi bưu gửi được xử lý tiếp, khi tuyên bố thất lạc, hoặc khi hết hành "
          + "trình; đã mở = đã đóng + còn mở.",
        en:
          "A discrepancy is closed by a finding again, by handling the item on, by a declared loss, or by the journey's end; "
          + "opened = closed + open."),
      BilingualText(
        vi:
          "Thời gian nhận gửi tính từ lúc chấp nhận đến lúc kết thúc, tuyên bố thất lạc, hoặc đến nay; tổng = có chứng + "
          + "khai báo + thiếu + tranh chấp + không ai nhận. Bưu gửi tranh chấp không có giờ nào là có chứng.",
        en:
          "Entrusted time runs from acceptance to the end, the declared loss, or now; total = proven + declared + "
          + "missing + disputed + nobody. Of a disputed item no hour is proven."),
      BilingualText(
        vi: "Niêm phong báo hỏng: sự kiện có lý do \(Self.reasons). Đã mở: bảng kê đã chốt với hai chữ ký.",
        en:
          "Seals reported broken: events with the reason \(Self.reasons). Opened: the manifest was closed by two signers."
      ),
      BilingualText(
        vi:
          "Số cách nhau quá \(SealRegister.seriesGap) thuộc dãy khác; số đơn vị khác đã dùng không tính là vắng.",
        en:
          "Numbers more than \(SealRegister.seriesGap) apart belong to different series; one that another office used is "
          + "not absent."),
    ]
  }

  private static var reasons: String {
    CustodyTally.brokenSealReasons.sorted().joined(separator: ", ")
  }
}
