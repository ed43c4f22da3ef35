// How losses over time are written: by month, by CUSUM, and by the items between them.

internal import DossierCore

extension LossReport {
  /// Rate by month, CUSUM and items between losses.
  var timeSections: [ReportSection] {
    var sections: [ReportSection] = []
    if months.count > 1 { sections.append(monthSection) }
    guard let sequence else { return sections }
    return sections + [sequence.cusumSection, sequence.gapSection].compactMap(\.self)
  }

  var sequence: LossSequence? { LossSequence(days, target: frame.target.map { $0 / 100_000 }) }

  private var monthSection: ReportSection {
    let columns = [
      Column("month", vi: "Tháng", en: "Month", kind: .code),
      Column("entrusted", vi: "Nhận gửi", en: "Entrusted", kind: .integer),
      Column("lost", vi: "Thất lạc", en: "Lost", kind: .integer),
      Column("lostRate", vi: "Trên 100.000", en: "Per 100,000", kind: .decimal(places: 2)),
      Column("lostLower", vi: "Cận dưới 95\u{A0}%", en: "95\u{A0}% lower", kind: .decimal(places: 2)),
      Column("lostUpper", vi: "Cận trên 95\u{A0}%", en: "95\u{A0}% upper", kind: .decimal(places: 2)),
    ]
    func cells(_ row: LossRow, _ label: String) -> [Cell] {
      [.text(label), .integer(row.counts.entrusted), .integer(row.counts.lost)]
        + [row.lostPer100k.rate, row.lostPer100k.lower, row.lostPer100k.upper].map(Cell.decimal(orNone:))
    }
    let target = frame.target ?? total.lostPer100k.rate
    let chart = ReportChart(
      title: BilingualText(vi: "Tỷ lệ thất lạc theo tháng nhận gửi", en: "Loss rate by month of entrusting"),
      description: BilingualText(
        vi: "Mỗi điểm là một tháng với khoảng tin cậy chính xác 95 %.",
        en: "Each point is a month with its exact 95 % interval."),
      kind: .series(
        SeriesChart(
          points: months.map { row in
            .init(
              label: row.group, value: row.lostPer100k.rate, lower: row.lostPer100k.lower,
              upper: row.lostPer100k.upper)
          },
          levels: target.map {
            [.init(name: BilingualText(vi: "mức so sánh", en: "compared with"), value: $0)]
          } ?? [],
          xTitle: BilingualText(vi: "Tháng", en: "Month"),
          yTitle: BilingualText(vi: "Thất lạc trên 100.000", en: "Lost per 100,000"))))
    return ReportSection(
      id: "months", title: BilingualText(vi: "Theo tháng", en: "By month"),
      text: [
        BilingualText(
          vi: "Tháng gần đây còn nhiều bưu gửi chưa kết thúc: tỷ lệ của chúng còn có thể tăng.",
          en: "Recent months still hold open items: their rates may yet rise.")
      ],
      charts: [chart],
      table: TabularDocument(columns: columns, rows: months.map { cells($0, $0.group) }))
  }
}

extension LossSequence {
  /// So many points can be read in one chart.
  private static let greatestChart = 400

  var cusumSection: ReportSection {
    let shown = charted
    let chart = ReportChart(
      title: BilingualText(vi: "CUSUM Bernoulli của các mất mát", en: "Bernoulli CUSUM of losses"),
      description: BilingualText(
        vi: signals.isEmpty
          ? "Không có tín hiệu: tổng tích lũy luôn dưới giới hạn."
          : "\(signals.count) tín hiệu: tổng tích lũy chạm giới hạn và bắt đầu lại từ 0.",
        en: signals.isEmpty
          ? "No signal: the cumulative sum stays under its limit."
          : "\(signals.count) signals: the cumulative sum reached its limit and began anew from 0."),
      kind: .series(
        SeriesChart(
          points: shown.map { .init(label: $0.day.text, value: $0.value, isSignal: $0.isSignal) },
          levels: [.init(name: BilingualText(vi: "giới hạn", en: "limit"), value: limit)],
          xTitle: BilingualText(
            vi: "Ngày nhận gửi của bưu gửi thất lạc", en: "Day of entrusting of the lost item"),
          yTitle: BilingualText(vi: "Tổng tích lũy z", en: "Cumulative sum z"))))
    let columns = [
      Column("day", vi: "Ngày nhận gửi", en: "Entrusted on", kind: .date),
      Column("position", vi: "Bưu gửi thứ", en: "Item no.", kind: .integer),
      Column("value", vi: "z", en: "z", kind: .decimal(places: 3)),
    ]
    var text = [
      BilingualText(
        vi:
          "\(number(items, .vi)) bưu gửi theo thứ tự nhận gửi; mức mong đợi \(per100k(.vi)) trên 100.000; phát hiện "
          + "tỷ số chênh (odds) tăng gấp đôi; giới hạn \(decimal(limit, .vi)).",
        en:
          "\(number(items, .en)) items in order of entrusting; expected rate \(per100k(.en)) per 100,000; tuned to "
          + "doubled odds; limit \(decimal(limit, .en))."),
      BilingualText(
        vi:
          "Giới hạn: khi tỷ lệ không đổi, cả chuỗi cho tín hiệu giả với xác suất khoảng 5 % (xấp xỉ khuếch tán hiệu "
          + "chỉnh của Reynolds và Stoumbos 1999). z hiện nay: \(decimal(last, .vi)).",
        en:
          "Limit: while the rate stays as it is, the whole series gives a false signal with a chance of about 5 % "
          + "(corrected diffusion approximation, Reynolds and Stoumbos 1999). z now: \(decimal(last, .en))."),
    ]
    if marks.count > shown.count {
      text.append(
        BilingualText(
          vi: "Biểu đồ vẽ z cao nhất của mỗi đoạn, \(shown.count) trong \(number(marks.count, .vi)) mất mát.",
          en:
            "The chart shows the highest z of each stretch, \(shown.count) of \(number(marks.count, .en)) losses."
        ))
    }
    return ReportSection(
      id: "cusum",
      title: BilingualText(vi: "Mất mát theo thời gian: tín hiệu", en: "Losses over time: signals"),
      text: text,
      charts: [chart],
      table: TabularDocument(
        columns: columns,
        rows: signals.prefix(1000).map {
          [.text($0.day.text), .integer($0.position), .decimal($0.value)]
        }))
  }

  /// All marks, or the highest of as many stretches as a chart can hold.
  private var charted: [Mark] {
    guard marks.count > Self.greatestChart else { return marks }
    let length = (marks.count + Self.greatestChart - 1) / Self.greatestChart
    return stride(from: 0, to: marks.count, by: length).compactMap { start in
      let stretch = marks[start..<min(start + length, marks.count)]
      return stretch.first(where: \.isSignal) ?? stretch.max { $0.value < $1.value }
    }
  }

  var gapSection: ReportSection? {
    guard let between else { return nil }
    let gaps = marks.filter { $0.gap != nil }
    let shown = gaps.suffix(Self.greatestChart)
    let unusual = gaps.filter { $0.isLongGap || $0.isShortGap }
    let chart = ReportChart(
      title: BilingualText(vi: "Số bưu gửi giữa hai mất mát", en: "Items between losses"),
      description: BilingualText(
        vi: "Điểm càng cao, mất mát càng thưa. Ngoài giới hạn xác suất: \(unusual.count).",
        en:
          "The higher a point, the rarer losses have become. Outside the probability limits: \(unusual.count)."
      ),
      kind: .series(
        SeriesChart(
          points: shown.map {
            .init(
              label: $0.day.text, value: $0.gap.map(Double.init), isSignal: $0.isLongGap || $0.isShortGap)
          },
          levels: [
            .init(name: BilingualText(vi: "cận trên", en: "upper limit"), value: Double(between.upperLimit)),
            .init(name: BilingualText(vi: "trung vị", en: "median"), value: Double(between.centre)),
            .init(name: BilingualText(vi: "cận dưới", en: "lower limit"), value: Double(between.lowerLimit)),
          ],
          xTitle: BilingualText(
            vi: "Ngày nhận gửi của bưu gửi thất lạc", en: "Day of entrusting of the lost item"),
          yTitle: BilingualText(vi: "Bưu gửi không mất", en: "Items without loss"))))
    let columns = [
      Column("day", vi: "Ngày nhận gửi", en: "Entrusted on", kind: .date),
      Column("gap", vi: "Bưu gửi từ mất mát trước", en: "Items since the loss before", kind: .integer),
      Column("isLong", vi: "Dài bất thường", en: "Unusually long", kind: .flag),
    ]
    return ReportSection(
      id: "between", title: BilingualText(vi: "Khoảng cách giữa các mất mát", en: "Items between losses"),
      text: [
        BilingualText(
          vi:
            "Biểu đồ g: trung bình \(decimal(between.mean.tenDigits, .vi)) bưu gửi; giới hạn xác suất 0,135 % và "
            + "99,865 % của phân bố hình học: \(number(between.lowerLimit, .vi)) và \(number(between.upperLimit, .vi)). "
            + "Từ mất mát cuối: \(number(since, .vi)) bưu gửi.",
          en:
            "g-chart: mean \(decimal(between.mean.tenDigits, .en)) items; probability limits 0.135 % and 99.865 % of the "
            + "geometric distribution: \(number(between.lowerLimit, .en)) and \(number(between.upperLimit, .en)). Since "
            + "the last loss: \(number(since, .en)) items.")
      ],
      charts: [chart],
      table: TabularDocument(
        columns: columns,
        rows: unusual.prefix(1000).map {
          [.text($0.day.text), .integer($0.gap ?? 0), .flag($0.isLongGap)]
        }))
  }

  private func per100k(_ language: OutputLanguage) -> String {
    decimal((expected * 100_000).tenDigits, language)
  }

  private func decimal(_ value: Double, _ language: OutputLanguage) -> String {
    NumberText.human(value, places: 2, language: language) ?? ""
  }

  private func number(_ value: Int, _ language: OutputLanguage) -> String {
    NumberText.human(value, language: language)
  }

  var json: JSONOutput {
    [
      "items": .integer(items), "expectedPer100k": .decimal((expected * 100_000).tenDigits),
      "oddsRatio": .decimal(Self.oddsRatio), "limit": .decimal(limit),
      "falseSignal": .decimal(Self.falseSignal),
      "last": .decimal(last),
      "signals": .array(
        signals.map {
          ["day": .string($0.day.text), "item": .integer($0.position), "value": .decimal($0.value)]
        }),
      "losses": .array(
        marks.map {
          [
            "day": .string($0.day.text), "item": .integer($0.position), "value": .decimal($0.value),
            "between": $0.gap.map(JSONOutput.integer) ?? .null,
          ]
        }),
      "between": between.map {
        [
          "mean": .decimal($0.mean.tenDigits), "lowerLimit": .integer($0.lowerLimit),
          "centre": .integer($0.centre), "upperLimit": .integer($0.upperLimit), "since": .integer(since),
        ]
      } ?? .null,
    ]
  }
}
