import DossierCore

@testable import DossierReport

/// A report with everything that a workbook has to show.
enum WorkbookSample {
  static func text(_ vi: String, _ en: String) -> BilingualText { BilingualText(vi: vi, en: en) }

  static let rows: [[Cell]] = [
    ["590110", "Bưu cục Huế"], ["590230", "Bưu điện huyện Phú Vang"], ["0012", "=HYPERLINK(\"http://x\")"],
    ["12345678901234567890", "Bưu cục với một cái tên dài, dài đến mức phải xuống dòng trong ô của nó"],
  ].enumerated().map { index, names in
    [
      .text(names[0]), .text(names[1]), .integer(8_437 * (index + 1)), .integer(index),
      .decimal(2.370509 * Double(index)), .decimal(0.7895), .text("2026-01-0\(index + 1)"),
      .text("2026-01-0\(index + 1)T16:30:0\(index)+07:00"), .flag(index % 2 == 0), .list(["a", "b"]),
    ]
  }

  static let table = TabularDocument(
    columns: [
      Column("office", vi: "Mã bưu cục", en: "Office code", kind: .code),
      Column("name", vi: "Tên bưu cục", en: "Name"),
      Column(
        "entrusted", vi: "Tiếp nhận trong kỳ", en: "Accepted", kind: .integer,
        group: text("Số lượng hồ sơ", "Dossiers")),
      Column("lost", vi: "Thất lạc", en: "Lost", kind: .integer, group: text("Số lượng hồ sơ", "Dossiers")),
      Column(
        "rate", vi: "Trên 100.000", en: "Per 100,000", kind: .decimal(places: 2), group: text("Tỷ lệ", "Rate")
      ),
      Column("share", vi: "Đúng hạn", en: "On time", kind: .percent(places: 2), group: text("Tỷ lệ", "Rate")),
      Column("day", vi: "Ngày", en: "Day", kind: .date),
      Column("time", vi: "Ghi lúc", en: "Recorded", kind: .time),
      Column("flag", vi: "Khớp", en: "Matches", kind: .flag), Column("list", vi: "Ghi chú", en: "Remarks"),
    ], rows: rows,
    total: [.text("total"), .text("Cộng"), .integer(84_370), .integer(6), .decimal(7.11), .decimal(0.7895)])

  static let charts = [intervals, causes, months, funnel, survival]

  static let intervals = ReportChart(
    title: text("Tỷ lệ thất lạc theo bưu cục", "Lost by office"),
    description: text("Mỗi thanh là một bưu cục, phần nhạt là khoảng tin cậy 95 %.", "One bar an office."),
    kind: .bars(
      BarChart(
        series: [text("Thất lạc trên 100.000", "Lost per 100,000")],
        bars: [
          BarChart.Bar(label: text("Huế", "Hue"), values: [12], lower: 7, upper: 21),
          BarChart.Bar(label: text("Phú Vang", "Phu Vang"), values: [30], lower: 11, upper: 66),
          BarChart.Bar(label: text("A Lưới", "A Luoi"), values: [0], lower: 0, upper: 40),
        ], xTitle: text("Hồ sơ thất lạc trên 100.000", "Lost dossiers per 100,000"))))

  static let causes = ReportChart(
    title: text("Nguyên nhân chậm", "Causes of delay"), description: text("Theo tháng.", "By month."),
    kind: .bars(
      BarChart(
        series: [text("Bưu điện", "Post"), text("Một cửa", "Center"), text("Cơ quan", "Agency")],
        bars: (1...4).map { month -> BarChart.Bar in
          BarChart.Bar(label: text("Tháng \(month)", "Month \(month)"), values: [3, 5, Double(month)])
        }, xTitle: text("Số hồ sơ", "Dossiers"))))

  static let months = ReportChart(
    title: text("Thất lạc theo tháng", "Lost by month"), description: text("Đường liền.", "Line."),
    kind: .series(
      SeriesChart(
        points: (1...12).map(month),
        levels: [SeriesChart.Level(name: text("Mức chung", "Overall"), value: 13)],
        xTitle: text("Tháng", "Month"), yTitle: text("Trên 100.000", "Per 100,000"))))

  private static func month(_ month: Int) -> SeriesChart.Point {
    let isKnown = month != 6
    let value = Double(10 + month * month % 7)
    return SeriesChart.Point(
      label: "2026-\(month)", value: isKnown ? value : nil, lower: isKnown ? 6 : nil,
      upper: isKnown ? 22 : nil,
      isSignal: month == 9)
  }

  static let funnel = ReportChart(
    title: text("Biểu đồ phễu", "Funnel"), description: text("Ngoài giới hạn có tên.", "Outside are named."),
    kind: .funnel(
      FunnelChart(
        points: [
          FunnelChart.Point(label: "590110", x: 8_000, y: 12, isOutside: false),
          FunnelChart.Point(label: "590230", x: 3_000, y: 30, isOutside: false),
          FunnelChart.Point(label: "=A1", x: 5_000, y: 90, isOutside: true),
        ], target: 15,
        limits: [
          FunnelChart.Limits(
            name: text("95 %", "95 %"), line: .dashed, steps: (1...20).map { limit($0, 60, 200) }),
          FunnelChart.Limits(
            name: text("99,8 %", "99.8 %"), line: .solid, steps: (1...20).map { limit($0, 100, 0) }),
        ], xTitle: text("Số hồ sơ", "Dossiers"), yTitle: text("Thất lạc trên 100.000", "Lost per 100,000"))))

  private static func limit(_ step: Int, _ up: Double, _ down: Double) -> FunnelChart.Limits.Step {
    let x = Double(step * 500)
    let width = 12 / x.squareRoot()
    let lower: Double? = down > 0 && step >= 4 ? 15 - width * 20 : nil
    return FunnelChart.Limits.Step(x: x, lower: lower, upper: 15 + width * up)
  }

  static let survival = ReportChart(
    title: text("Thời gian phát", "Time to delivery"),
    description: text("Chưa phát còn lại.", "Not yet delivered."),
    kind: .survival(
      SurvivalChart(
        curves: [
          SurvivalChart.Curve(
            name: text("Nội tỉnh", "Within"), steps: (1...8).map { step($0, 0.12, 1, true) }),
          SurvivalChart.Curve(
            name: text("Liên tỉnh", "Between"), steps: (1...8).map { step($0, 0.08, 1.5, false) }),
        ], xTitle: text("Ngày làm việc", "Working days"),
        yTitle: text("Tỷ lệ chưa phát", "Share not delivered"))))

  private static func step(_ number: Int, _ fall: Double, _ pace: Double, _ hasLimits: Bool)
    -> SurvivalChart.Step
  {
    let value = 1 - Double(number) * fall
    return SurvivalChart.Step(
      time: Double(number) * pace, value: value, lower: hasLimits ? max(0, value - 0.06) : nil,
      upper: hasLimits ? min(1, value + 0.05) : nil)
  }

  static let flow = ReportChart(
    title: text("Luồng giao nhận", "Flow"), description: text("Ai giao cho ai.", "Who gave to whom."),
    kind: .flow(
      FlowChart(
        nodes: [
          .init(name: text("Bưu cục", "Post office"), column: 0),
          .init(name: text("Một cửa", "Center"), column: 1),
        ],
        links: [.init(from: 0, to: 1, value: 120)])))

  static let document = ReportDocument(
    kind: "losses",
    title: text("BÁO CÁO TÌNH HÌNH THẤT LẠC, HƯ HỎNG HỒ SƠ", "REPORT ON LOST AND DAMAGED DOSSIERS"),
    heading: ReportHeading(
      superior: "Tổng công ty Bưu điện Việt Nam", office: "Bưu điện thành phố Huế", place: "Huế",
      date: CalendarDate("2026-01-31")),
    lead: [
      text("Từ 01/01/2026 đến 31/01/2026", "From 2026-01-01 to 2026-01-31"),
      text("Đơn vị: hồ sơ", "Unit: dossier"),
    ],
    sections: [
      ReportSection(
        id: "byOffice", title: text("Theo bưu cục", "By office"),
        text: [text("Tỷ lệ kèm khoảng tin cậy chính xác 95 %.", "Rates have exact 95 % intervals.")],
        charts: charts,
        table: table, numbersColumns: true),
      ReportSection(id: "flow", title: text("Luồng: giao/nhận [tháng]?", "Flow"), charts: [flow]),
      ReportSection(
        id: "words", title: text("Nhận xét", "Remarks"), text: [text("Không có gì khác.", "Nothing else.")]),
      ReportSection(
        id: "empty",
        title: text("Danh sách hồ sơ hư hỏng trong kỳ báo cáo", "Damaged dossiers of the period"),
        table: TabularDocument(columns: Array(table.columns.prefix(3)), rows: [])),
    ],
    note: ReportNote(
      lines: [text("Tỷ lệ tính trên số hồ sơ tiếp nhận.", "Rates are of the dossiers accepted.")],
      log: LossReport.LogHead(size: 12_345, root: "cm9vdA=="), knownAt: "2026-01-31T23:59:59+07:00",
      versions: [.init("calendar", "2026-1")], command: "dossier report losses --as-of 12345"),
    flat: table, json: [.init(key: "rows", value: .array([]))], isLandscape: true)

  /// One section of many rows.
  static func long(rows count: Int) -> ReportDocument {
    var document = document
    var long = table
    long.rows = (0..<count).map { index in
      var row = rows[index % rows.count]
      row[2] = .integer(index)
      return row
    }
    document.sections = [ReportSection(id: "long", title: text("Danh sách", "List"), table: long)]
    return document
  }
}
