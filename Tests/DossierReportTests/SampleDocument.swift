import DossierCore
import DossierReport

/// A report made by hand with every kind of chart and a table of thirteen columns under two rows of headers: what the
/// renderers are tried on.
enum SampleDocument {
  static func text(_ vi: String, _ en: String) -> BilingualText { BilingualText(vi: vi, en: en) }

  /// - Parameter rows: of the table of thirteen columns.
  static func make(rows: Int = 12) -> ReportDocument {
    let table = wideTable(rows: rows)
    return ReportDocument(
      kind: "sample",
      title: text("Báo cáo thất lạc, hư hỏng và chậm hồ sơ", "Losses, damage and delays of dossiers"),
      heading: ReportHeading(
        superior: "Tổng công ty Bưu điện Việt Nam", office: "Bưu điện tỉnh Đắk Lắk", place: "Đắk Lắk",
        date: CalendarDate(year: 2026, month: 1, day: 5)),
      lead: [
        text("Kỳ: 01/10/2025 – 31/12/2025", "Period: 2025-10-01 to 2025-12-31"),
        text("Đơn vị tính: hồ sơ", "Unit: dossier"),
      ],
      sections: [
        ReportSection(
          id: "losses", title: text("Tỷ lệ thất lạc theo đơn vị", "Loss rate by office"),
          text: [
            text(
              "Trong kỳ có 44.120 hồ sơ nhận gửi, 22 hồ sơ thất lạc. Hai đơn vị nằm ngoài giới hạn 99,8 % và cần giải "
                + "trình; các đơn vị khác không khác biệt với tỷ lệ chung quá mức ngẫu nhiên.",
              "In the period 44,120 dossiers were entrusted and 22 were lost. Two offices lie outside the 99.8 % limits "
                + "and are asked for an explanation; the others do not differ from the overall rate beyond chance."
            )
          ],
          charts: [funnel(offices: 63), series()], table: smallTable()),
        ReportSection(
          id: "delays", title: text("Thời gian vận chuyển", "Transit times"),
          charts: [survival(), bars()]),
        ReportSection(
          id: "custody", title: text("Đường đi của hồ sơ", "Where dossiers went"), charts: [flow()]),
        ReportSection(
          id: "form", title: text("Tình hình giải quyết theo lĩnh vực", "Resolution by field"), table: table,
          numbersColumns: true),
      ],
      note: ReportNote(
        lines: [
          text(
            "Phương pháp: Clopper-Pearson chính xác 95 %; không có sự kiện: cận trên một phía 95 %.",
            "Method: exact Clopper-Pearson 95 %; no event: one-sided 95 % upper bound.")
        ],
        log: LossReport.LogHead(size: 61_204, root: "q1MKE+RZFJgrefm34/uplM/R8/si9xzqGvvwK0YMbR0="),
        knownAt: "2026-01-05T08:30:00+07:00", versions: [.init("administrativeCalendar", "2026.1")],
        command: "dossier report sample --from 2025-10-01 --to 2025-12-31 --as-of 61204"),
      flat: table, json: [.init(key: "rows", value: .integer(rows))], isLandscape: false)
  }

  // MARK: Charts

  static func funnel(offices: Int) -> ReportChart {
    let target = 50.0
    func limit(_ volume: Double, _ deviations: Double) -> Double {
      deviations * (target * 100_000 / volume).squareRoot()
    }
    var points = (0..<offices).map { index in
      let volume = 180 + Double((index * index * 37) % 9_400)
      let spread = Double((index * 7919) % 200) / 100 - 1
      return FunnelChart.Point(
        label: "Bưu cục \(index + 1)", x: volume, y: max(0, target + spread * limit(volume, 1.6)),
        isOutside: false)
    }
    points += [
      .init(label: "Xã Ea H’Leo", x: 9_120, y: 153.5, isOutside: true),
      .init(label: "Phường Buôn Ma Thuột", x: 6_034, y: 171.2, isOutside: true),
    ]
    func limits(_ name: String, _ line: FunnelChart.Limits.Line, _ deviations: Double) -> FunnelChart.Limits {
      let volumes = stride(from: 100.0, through: 10_000, by: 100)
      return .init(
        name: text(name, name.replacing(",", with: ".")), line: line,
        steps: volumes.map { volume in
          let width = limit(volume, deviations)
          return .init(x: volume, lower: target > width ? target - width : nil, upper: target + width)
        })
    }
    return ReportChart(
      title: text("Phễu tỷ lệ thất lạc theo số lượng", "Funnel of loss rates by volume"),
      description: text(
        "Mỗi vòng tròn là một đơn vị; hình thoi là đơn vị nằm ngoài giới hạn 99,8 %.",
        "Each ring is an office; a diamond is an office outside the 99.8 % limits."),
      kind: .funnel(
        FunnelChart(
          points: points, target: target,
          limits: [limits("95\u{A0}%", .dotted, 1.96), limits("99,8\u{A0}%", .dashed, 3.09)],
          xTitle: text("Số hồ sơ nhận gửi", "Dossiers entrusted"),
          yTitle: text("Thất lạc trên 100.000", "Lost per 100,000"))))
  }

  static func series() -> ReportChart {
    let values: [Double?] = [41, 52, 38, 60, 47, nil, 55, 49, 44, 118, 58, 46]
    let points = values.enumerated().map { index, value in
      SeriesChart.Point(
        label: index < 9 ? "0\(index + 1)/2025" : "\(index + 1)/2025", value: value,
        lower: value.map { $0 * 0.7 },
        upper: value.map { $0 * 1.35 }, isSignal: index == 9)
    }
    let data = TabularDocument(
      columns: [
        Column("month", vi: "Tháng", en: "Month", kind: .code),
        Column("rate", vi: "Tỷ lệ", en: "Rate", kind: .decimal(places: 1)),
      ], rows: points.map { [.text($0.label), .decimal(orNone: $0.value)] })
    return ReportChart(
      title: text("Tỷ lệ thất lạc theo tháng", "Loss rate by month"),
      description: text(
        "Tháng 10 vượt giới hạn trên; tháng 6 không có số liệu.",
        "October lies above the upper limit; June has no data."),
      kind: .series(
        SeriesChart(
          points: points,
          levels: [
            .init(name: text("trung bình 50,8", "mean 50.8"), value: 50.8),
            .init(name: text("giới hạn trên", "upper limit"), value: 95),
          ],
          xTitle: text("Tháng", "Month"), yTitle: text("Thất lạc trên 100.000", "Lost per 100,000"))),
      data: data)
  }

  static func survival() -> ReportChart {
    func curve(_ vi: String, _ en: String, _ pace: Double) -> SurvivalChart.Curve {
      var value = 1.0
      return .init(
        name: text(vi, en),
        steps: (1...28).map { day in
          value *= 1 - pace * Double(day % 5 + 1) / 3
          let width = 0.02 + 0.002 * Double(day)
          return .init(
            time: Double(day) * 0.5, value: value, lower: max(0, value - width), upper: min(1, value + width))
        })
    }
    return ReportChart(
      title: text("Tỷ lệ hồ sơ chưa đến theo thời gian", "Share of dossiers not yet arrived"),
      description: text(
        "Chiều trả kết quả chậm hơn chiều tiếp nhận.", "The result leg is slower than the intake leg."),
      kind: .survival(
        SurvivalChart(
          curves: [
            curve("Tiếp nhận", "Intake", 0.16), curve("Trả kết quả", "Result", 0.09),
            curve("Bổ sung", "Supplement", 0.05),
          ],
          xTitle: text("Ngày làm việc kể từ khi chấp nhận", "Working days since acceptance"),
          yTitle: text("Chưa đến", "Not yet arrived"))))
  }

  static func flow() -> ReportChart {
    let names = [
      ("Bưu cục", "Post offices", 0), ("Tổ thu gom", "Collectors", 0), ("Khai thác tỉnh", "Province hub", 1),
      ("Vận chuyển", "Transport", 2), ("Trung tâm HCC", "Service center", 3), ("Chuyển hoàn", "Returned", 3),
      ("Thất lạc", "Lost", 3), ("Chưa kết thúc", "Open", 3),
    ]
    let links: [(Int, Int, Double, Bool)] = [
      (0, 2, 31_000, false), (1, 2, 9_500, false), (0, 3, 3_620, false), (2, 3, 39_800, false),
      (2, 7, 660, false),
      (2, 6, 8, true), (3, 4, 42_100, false), (3, 5, 1_090, false), (3, 6, 14, true), (3, 7, 216, false),
    ]
    return ReportChart(
      title: text("Dòng bàn giao hồ sơ", "Flow of dossiers"),
      description: text(
        "Bề rộng của dải tỷ lệ với số hồ sơ; dải đậm là thất lạc.",
        "A ribbon is as wide as its dossiers are many; the dark ones are losses."),
      kind: .flow(
        FlowChart(
          nodes: names.map { .init(name: text($0.0, $0.1), column: $0.2) },
          links: links.map { .init(from: $0.0, to: $0.1, value: $0.2, isProblem: $0.3) })))
  }

  static func bars() -> ReportChart {
    let offices = [
      ("Phường Trúc Bạch", [11_980.0, 40, 14]), ("Xã Ea H’Leo", [8_700, 380, 40]),
      ("Trung tâm Phục vụ hành chính công phường Buôn Ma Thuột, cơ sở số hai", [5_610, 320, 104]),
      ("Xã Krông Pắc", [3_120, 800, 12]),
    ]
    return ReportChart(
      title: text("Hồ sơ theo kết quả", "Dossiers by outcome"),
      description: text("Phần chậm lớn nhất ở xã Krông Pắc.", "The late part is largest in Krông Pắc."),
      kind: .bars(
        BarChart(
          series: [text("Đúng hạn", "On time"), text("Chậm", "Late"), text("Chưa kết thúc", "Open")],
          bars: offices.map { .init(label: text($0.0, $0.0), values: $0.1) },
          xTitle: text("Số hồ sơ", "Dossiers"))))
  }

  static func plainBars() -> ReportChart {
    ReportChart(
      title: text("Tỷ lệ hư hỏng", "Damage rate"),
      description: text("Với khoảng 95 %.", "With 95 % intervals."),
      kind: .bars(
        BarChart(
          series: [text("Hư hỏng", "Damaged")],
          bars: (1...6).map { index in
            let value = Double(index * index) * 1.7
            return .init(
              label: text("Tuyến \(index)", "Route \(index)"), values: [value], lower: value * 0.5,
              upper: value * 1.8)
          },
          xTitle: text("Trên 100.000", "Per 100,000"))))
  }

  static let everyChart = [
    funnel(offices: 63), series(), survival(), flow(), bars(), plainBars(),
  ]

  // MARK: Tables

  static func smallTable() -> TabularDocument {
    TabularDocument(
      columns: [
        Column("office", vi: "Đơn vị", en: "Office"),
        Column("entrusted", vi: "Nhận gửi", en: "Entrusted", kind: .integer),
        Column("lost", vi: "Thất lạc", en: "Lost", kind: .integer),
        Column("share", vi: "Tỷ lệ", en: "Share", kind: .percent(places: 3)),
        Column("since", vi: "Từ ngày", en: "Since", kind: .date),
        Column("explain", vi: "Cần giải trình", en: "To explain", kind: .flag),
      ],
      rows: [
        [
          .text("Phường Trúc Bạch"), .integer(12_034), .integer(3), .decimal(0.000_249), .text("2026-01-05"),
          .flag(false),
        ],
        [
          .text("Xã Ea H’Leo"), .integer(9_120), .integer(14), .decimal(0.001_535), .text("2025-10-01"),
          .flag(true),
        ],
        [.text("Xã <Krông & Pắc>"), .integer(0), .integer(0), .none, .none, .flag(false)],
      ],
      total: [.text("Tổng cộng"), .integer(21_154), .integer(17), .decimal(0.000_804), .none, .none])
  }

  /// Columns as in the national form of dossiers received, resolved and open.
  static func wideTable(rows: Int) -> TabularDocument {
    let received = text("Tiếp nhận trong kỳ", "Received in the period")
    let resolved = text("Đã giải quyết", "Resolved")
    let open = text("Đang giải quyết", "Being resolved")
    func count(_ key: String, _ vi: String, _ en: String, _ group: BilingualText? = nil) -> Column {
      Column(key, vi: vi, en: en, kind: .integer, group: group)
    }
    let columns = [
      count("no", "STT", "No."), Column("field", vi: "Lĩnh vực, thủ tục", en: "Field, procedure"),
      count("total", "Tổng số", "Total", received), count("online", "Trực tuyến", "Online", received),
      count("direct", "Trực tiếp, bưu chính", "In person, post", received),
      count("before", "Từ kỳ trước", "Carried over", received),
      count("resolved", "Tổng số", "Total", resolved), count("early", "Trước hạn", "Early", resolved),
      count("onTime", "Đúng hạn", "On time", resolved), count("late", "Quá hạn", "Late", resolved),
      count("open", "Tổng số", "Total", open), count("openInTime", "Trong hạn", "In time", open),
      count("openLate", "Quá hạn", "Late", open),
    ]
    let fields = [
      "Đất đai", "Hộ tịch", "Chứng thực", "Bảo trợ xã hội", "Đường bộ",
      "Thành lập và hoạt động của hộ kinh doanh",
      "Lý lịch tư pháp", "Nuôi con nuôi", "Đăng ký biện pháp bảo đảm",
    ]
    let body = (0..<rows).map { index -> [Int] in
      let online = 120 + (index * 7_919) % 3_000
      let direct = 40 + (index * 104_729) % 900
      let before = index % 17
      let total = online + direct + before
      let late = index % 5
      let open = (index * 31) % 40
      let early = (total - open - late) * 2 / 3
      return [
        total, online, direct, before, total - open, early, total - open - late - early, late, open,
        open - open / 9,
        open / 9,
      ]
    }
    let sums = (0..<11).map { column in body.reduce(0) { $0 + $1[column] } }
    return TabularDocument(
      columns: columns,
      rows: body.enumerated().map { index, counts in
        [.integer(index + 1), .text(fields[index % fields.count])] + counts.map(Cell.integer)
      },
      total: [.none, .text("Tổng cộng")] + sums.map(Cell.integer))
  }
}
