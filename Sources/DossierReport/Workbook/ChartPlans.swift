internal import CXLSXWriter

// Which figures each kind of chart needs in cells, and what is drawn from them.
extension NativeChart {
  /// Bars. libxlsxwriter has error bars of one length for a whole series and both directions, and exact intervals are
  /// neither: so an interval is drawn as the last part of its bar, dark up to the value and pale beyond it.
  init(_ chart: BarChart, language: OutputLanguage) {
    let labels = ChartFigures.Figures("", texts: chart.bars.map { $0.label[language] })
    let isSingle = chart.series.count <= 1
    let values = chart.bars.map { $0.values.reduce(0, +) }
    if isSingle, chart.bars.contains(where: { $0.lower != nil || $0.upper != nil }) {
      let name = chart.series.first?[language] ?? chart.xTitle[language]
      let lower = zip(chart.bars, values).map { min(max($0.lower ?? $1, 0), $1) }
      let upper = zip(chart.bars, values).map { max($0.upper ?? $1, $1) }
      let texts = [
        BilingualText(vi: "Đến cận dưới", en: "Up to the lower limit"),
        BilingualText(vi: "Từ cận dưới đến giá trị", en: "Lower limit to value"),
        BilingualText(vi: "Từ giá trị đến cận trên", en: "Value to upper limit"),
      ]
      columns = [
        labels, .init(name, numbers: values), .init(texts[0][language], numbers: lower),
        .init(texts[1][language], numbers: zip(values, lower).map(-)),
        .init(texts[2][language], numbers: zip(upper, values).map(-)),
      ]
      series = [
        Series(across: 0, values: 2, fill: .full), Series(across: 0, values: 3, fill: .dark),
        Series(across: 0, values: 4, fill: .pale),
      ]
      type = LXW_CHART_BAR_STACKED
    } else {
      let fills: [Series.Fill] = [.dark, .pale, .hatched, .grey, .full]
      columns =
        [labels]
        + chart.series.enumerated().map { position, name in
          .init(
            name[language], numbers: chart.bars.map { position < $0.values.count ? $0.values[position] : nil }
          )
        }
      series = chart.series.indices.map {
        Series(across: 0, values: $0 + 1, fill: isSingle ? .full : fills[$0 % fills.count])
      }
      type = isSingle ? LXW_CHART_BAR : LXW_CHART_BAR_STACKED
    }
    acrossTitle = ""
    upTitle = chart.xTitle[language]
  }

  /// Values in order as a line, limits as lines of their own, signals as larger marks of another shape.
  init(_ chart: SeriesChart, language: OutputLanguage) {
    type = LXW_CHART_LINE
    acrossTitle = chart.xTitle[language]
    upTitle = chart.yTitle[language]
    let labels = chart.points.map(\.label)
    columns = [
      .init(chart.xTitle[language], texts: labels),
      .init(chart.yTitle[language], numbers: chart.points.map(\.value)),
    ]
    series = [Series(across: 0, values: 1, line: chart.isJoined ? .solid : .none, marker: .circle)]
    func add(_ name: String, _ numbers: [Double?], _ line: Line, _ marker: Marker, _ colour: lxw_color_t) {
      columns.append(.init(name, numbers: numbers))
      series.append(Series(across: 0, values: columns.count - 1, line: line, marker: marker, colour: colour))
    }
    if chart.points.contains(where: { $0.lower != nil }) {
      let name = BilingualText(vi: "Cận dưới", en: "Lower limit")
      add(name[language], chart.points.map(\.lower), .fine, .none, Colour.grey)
    }
    if chart.points.contains(where: { $0.upper != nil }) {
      let name = BilingualText(vi: "Cận trên", en: "Upper limit")
      add(name[language], chart.points.map(\.upper), .fine, .none, Colour.grey)
    }
    for (position, level) in chart.levels.enumerated() {
      let lines: [Line] = [.dashed, .dotted, .fine]
      add(
        level.name[language], chart.points.map { _ in level.value }, lines[position % lines.count], .none,
        position == 0 ? Colour.grey : Colour.orange)
    }
    if chart.points.contains(where: \.isSignal) {
      let name = BilingualText(vi: "Tín hiệu", en: "Signal")
      add(name[language], chart.points.map { $0.isSignal ? $0.value : nil }, .none, .diamond, Colour.red)
    }
  }

  /// Points over their volume, those outside as larger marks with their names, the target and the limits as lines.
  init(_ chart: FunnelChart, language: OutputLanguage) {
    type = LXW_CHART_SCATTER_STRAIGHT_WITH_MARKERS
    let inside = BilingualText(vi: "Trong giới hạn", en: "Within the limits")
    let outside = BilingualText(vi: "Ngoài giới hạn", en: "Outside the limits")
    let target = BilingualText(vi: "Mức chung", en: "Overall")
    let xs = chart.points.map(\.x) + chart.limits.flatMap { $0.steps.map(\.x) }
    columns = [
      .init("", texts: chart.points.map(\.label)),
      .init(chart.xTitle[language], numbers: chart.points.map(\.x)),
      .init(inside[language], numbers: chart.points.map { $0.isOutside ? nil : $0.y }),
      .init(outside[language], numbers: chart.points.map { $0.isOutside ? $0.y : nil }),
      .init(chart.xTitle[language], numbers: [xs.min() ?? 0, xs.max() ?? 0]),
      .init(target[language], numbers: [chart.target, chart.target]),
    ]
    series = [
      Series(across: 1, values: 2, marker: .circle),
      Series(
        across: 1, values: 3, marker: .diamond, colour: Colour.red,
        labels: chart.points.map { $0.isOutside ? $0.label : "" }),
      Series(across: 4, values: 5, line: .solid, colour: Colour.grey),
    ]
    for limits in chart.limits {
      let line: Line =
        switch limits.line {
        case .solid: .fine
        case .dashed: .dashed
        case .dotted: .dotted
        }
      let across = columns.count
      columns += [
        .init(chart.xTitle[language], numbers: limits.steps.map(\.x)),
        .init(limits.name[language], numbers: limits.steps.map(\.upper)),
        .init(limits.name[language], numbers: limits.steps.map(\.lower)),
      ]
      series.append(Series(across: across, values: across + 1, line: line, colour: Colour.orange))
      series.append(
        Series(across: across, values: across + 2, line: line, colour: Colour.orange, isInLegend: false))
    }
    acrossTitle = chart.xTitle[language]
    upTitle = chart.yTitle[language]
  }

  /// Step curves: every step is a level piece and a fall, two points each.
  init(_ chart: SurvivalChart, language: OutputLanguage) {
    type = LXW_CHART_SCATTER_STRAIGHT
    columns = []
    series = []
    for (position, curve) in chart.curves.enumerated() {
      let across = columns.count
      let colour = Colour.all[position % Colour.all.count]
      let lines: [Line] = [.solid, .dashed, .dotted]
      let times: [Double?] = [0] + curve.steps.flatMap { [$0.time, $0.time] }
      columns += [
        .init(chart.xTitle[language], numbers: times),
        .init(curve.name[language], numbers: Self.steps(curve.steps.map(\.value), start: curve.start)),
      ]
      series.append(
        Series(across: across, values: across + 1, line: lines[position % lines.count], colour: colour))
      guard curve.steps.contains(where: { $0.lower != nil || $0.upper != nil }) else { continue }
      let limits = BilingualText(vi: "khoảng tin cậy", en: "interval")
      let name = "\(curve.name[language]), \(limits[language])"
      columns += [
        .init(name, numbers: Self.steps(curve.steps.map(\.lower), start: curve.start)),
        .init(name, numbers: Self.steps(curve.steps.map(\.upper), start: curve.start)),
      ]
      series.append(Series(across: across, values: across + 2, line: .fine, colour: colour))
      series.append(
        Series(across: across, values: across + 3, line: .fine, colour: colour, isInLegend: false))
    }
    let isShare = chart.curves.allSatisfy { curve in
      (0...1).contains(curve.start) && curve.steps.allSatisfy { (0...1).contains($0.value) }
    }
    valueFormat = isShare ? "0%" : nil
    greatestValue = isShare ? 1 : nil
    acrossTitle = chart.xTitle[language]
    upTitle = chart.yTitle[language]
  }

  /// The start, then for every step the value before and the value after it.
  private static func steps(_ values: [Double?], start: Double) -> [Double?] {
    var points: [Double?] = [start]
    var before: Double? = start
    for value in values {
      points += [before, value]
      before = value
    }
    return points
  }
}
