internal import DossierCore

/// Transit times as tables and curves.
extension DelayReport {
  private static let milestones = [1, 3, 7, 14]

  private static let transitColumns =
    [
      Column("items", vi: "Bưu gửi", en: "Items", kind: .integer),
      Column("arrived", vi: "Đã đến", en: "Arrived", kind: .integer),
      Column("lost", vi: "Thất lạc", en: "Lost", kind: .integer),
      Column("other", vi: "Hoàn, hủy", en: "Returned, destroyed", kind: .integer),
      Column("open", vi: "Đang đi", en: "Under way", kind: .integer),
      Column("medianDays", vi: "Trung vị", en: "Median", kind: .decimal(places: 2), group: days),
      Column("medianLower", vi: "Trung vị từ", en: "Median from", kind: .decimal(places: 2), group: days),
      Column("medianUpper", vi: "Trung vị đến", en: "Median to", kind: .decimal(places: 2), group: days),
      Column("days90", vi: "90\u{A0}% đến", en: "90\u{A0}% arrived", kind: .decimal(places: 2), group: days),
      Column("days95", vi: "95\u{A0}% đến", en: "95\u{A0}% arrived", kind: .decimal(places: 2), group: days),
    ]
    + milestones.map {
      Column(
        "waitingAfter\($0)", vi: "Chưa đến sau \($0) ngày", en: "Not arrived after \($0) d",
        kind: .percent(places: 1))
    } + [
      Column("lossIncidence", vi: "Thất lạc tích lũy", en: "Incidence of loss", kind: .percent(places: 3))
    ]

  private static let days = BilingualText(vi: "Ngày cho đến khi đến nơi", en: "Days until arrival")

  private static func cells(_ summary: TransitSummary) -> [Cell] {
    let interval = summary.arrival.quantileInterval(0.5)
    let counts = [summary.items, summary.arrived, summary.lost, summary.other, summary.open]
    let days = [
      summary.quantile(0.5), TransitSummary.days(interval.lower), TransitSummary.days(interval.upper),
      summary.quantile(0.9), summary.quantile(0.95),
    ]
    let waiting = milestones.map { Cell.decimal(summary.waiting(days: $0)) }
    return counts.map(Cell.integer) + days.map(Cell.decimal(orNone:)) + waiting
      + [.decimal((summary.loss.steps.last?.incidence ?? 0).tenDigits)]
  }

  /// - Parameter language: nil for stable English words.
  func legsTable(_ language: OutputLanguage?) -> TabularDocument {
    TabularDocument(
      columns: [Column("leg", vi: "Chiều", en: "Leg")] + Self.transitColumns,
      rows: legs.map { leg, summary in
        [.text(language.map { Self.name(leg)[$0] } ?? leg?.word ?? "-")] + Self.cells(summary)
      })
  }

  var routesTable: TabularDocument {
    TabularDocument(
      columns: [Column("route", vi: "Tuyến", en: "Route", kind: .code)] + Self.transitColumns,
      rows: routes.map { [.text($0.label)] + Self.cells($0.summary) })
  }

  var transitChart: ReportChart {
    ReportChart(
      title: BilingualText(vi: "Tỷ lệ chưa đến nơi theo thời gian", en: "Share not arrived by time"),
      description: BilingualText(
        vi: "Đường Kaplan-Meier theo chiều, với khoảng tin cậy 95 %: càng xuống nhanh càng đến sớm.",
        en: "Kaplan-Meier curves by leg with 95 % limits: the faster a curve falls, the sooner items arrive."),
      kind: .survival(
        SurvivalChart(
          curves: legs.map { leg, summary in
            .init(
              name: Self.name(leg),
              steps: Self.thinned(summary.arrival.steps.map { ($0.time, $0.survival, $0.lower, $0.upper) }))
          },
          xTitle: BilingualText(vi: "Ngày từ khi chấp nhận", en: "Days since acceptance"),
          yTitle: BilingualText(vi: "Tỷ lệ chưa đến", en: "Share not arrived"))))
  }

  var lossChart: ReportChart? {
    let curves = legs.filter { $0.summary.lost > 0 }.map { leg, summary in
      SurvivalChart.Curve(
        name: Self.name(leg), start: 0,
        steps: Self.thinned(
          summary.loss.steps.filter { $0.events > 0 }.map { ($0.time, $0.incidence, $0.lower, $0.upper) }))
    }
    if curves.isEmpty { return nil }
    return ReportChart(
      title: BilingualText(vi: "Thất lạc tích lũy theo thời gian", en: "Incidence of loss by time"),
      description: BilingualText(
        vi: "Phần bưu gửi đã khai thất lạc sau mỗi số ngày (Aalen-Johansen, đến nơi là kết cục cạnh tranh).",
        en: "Share declared lost after so many days (Aalen-Johansen; arrival is the competing outcome)."),
      kind: .survival(
        SurvivalChart(
          curves: curves, xTitle: BilingualText(vi: "Ngày từ khi chấp nhận", en: "Days since acceptance"),
          yTitle: BilingualText(vi: "Tỷ lệ thất lạc", en: "Share lost"))))
  }

  /// At most some hundred steps, the last of each stretch of time: no picture shows more.
  static func thinned(
    _ steps: [(time: Int64, value: Double, lower: Double?, upper: Double?)]
  ) -> [SurvivalChart.Step] {
    guard let last = steps.last else { return [] }
    let stretch = max(1, last.time / 400)
    var thinned: [SurvivalChart.Step] = []
    for (position, step) in steps.enumerated() {
      let isLastOfStretch =
        position + 1 == steps.count || steps[position + 1].time / stretch != step.time / stretch
      if isLastOfStretch {
        thinned.append(
          .init(
            time: (Double(step.time) / 1440).tenDigits, value: step.value.tenDigits,
            lower: step.lower?.tenDigits, upper: step.upper?.tenDigits))
      }
    }
    return thinned
  }
}
