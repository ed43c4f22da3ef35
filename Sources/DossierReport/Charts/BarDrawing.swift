extension BarChart {
  private static let barLimit = 40
  private static let labelRoom = 210.0

  func drawn(_ language: OutputLanguage) -> ChartCanvas {
    let shown = Array(bars.prefix(Self.barLimit))
    guard !shown.isEmpty, !series.isEmpty else { return .empty(language) }
    let values = shown.map { bar in
      series.indices.map { index in
        index < bar.values.count ? Drawable.value(bar.values[index]) ?? 0 : 0
      }
    }
    let isStacked = series.count > 1
    let ends =
      values.flatMap { [$0.filter { $0 > 0 }.reduce(0, +), $0.filter { $0 < 0 }.reduce(0, +)] }
      + shown.flatMap { [Drawable.value($0.lower), Drawable.value($0.upper)].compactMap { $0 } }
    let isWhole = ends.allSatisfy { $0 == $0.rounded() }
    let ticks = Ticks(from: ends.reduce(0, min), through: ends.reduce(0, max), count: 6, isWhole: isWhole)
    let places = isWhole ? 0 : min(ticks.places + 1, 6)
    func number(_ value: Double) -> String {
      NumberText.human(value, places: places, language: language) ?? ""
    }

    let labels = shown.map {
      ChartText.wrapped($0.label[language], to: Self.labelRoom, size: ChartCanvas.textSize, lines: 2)
    }
    let pitch = labels.contains { $0.count > 1 } ? 32.0 : shown.count > 20 ? 20 : 25
    let legend = isStacked ? legendRows(language) : []
    let top = 8 + Double(legend.count) * 20
    var canvas = ChartCanvas(language: language, height: top + Double(shown.count) * pitch + 50)
    let sums = values.map { number($0.reduce(0, +)) }
    var frame = PlotFrame(
      canvas: canvas, labels: [],
      rightRoom: 14 + sums.reduce(0) { max($0, ChartText.width($1, size: ChartCanvas.textSize)) }, top: top)
    frame.left = 10 + labels.joined().reduce(30) { max($0, ChartText.width($1, size: ChartCanvas.textSize)) }
    frame.right = max(frame.right, frame.left + 120)
    let x = frame.x(ticks)

    draw(legend, on: &canvas)
    for value in ticks.values {
      canvas.line(
        from: Place(x: x.position(value), y: frame.top), to: Place(x: x.position(value), y: frame.bottom),
        stroke: Ink.grid)
    }
    for (index, bar) in shown.enumerated() {
      let middle = frame.top + (Double(index) + 0.5) * pitch
      let half = min(pitch * 0.34, 9)
      label(labels[index], at: Place(x: frame.left - 8, y: middle), on: &canvas)
      draw(values[index], of: bar, x: x, middle: middle, half: half, number: number, on: &canvas)
      var end = max(x.position(0), x.position(values[index].filter { $0 > 0 }.reduce(0, +)))
      if let lower = Drawable.value(bar.lower), let upper = Drawable.value(bar.upper) {
        canvas.whisker(
          from: Place(x: x.position(lower), y: middle), to: Place(x: x.position(upper), y: middle),
          stroke: Ink.text)
        end = max(end, x.position(upper) + 3)
      }
      canvas.text(sums[index], at: Place(x: end + 6, y: middle + 4.5))
    }
    canvas.line(
      from: Place(x: x.position(0), y: frame.top), to: Place(x: x.position(0), y: frame.bottom),
      stroke: Ink.axis)
    frame.drawX(ticks, title: xTitle[language], on: &canvas)
    canvas.remark(drawn: shown.count, of: bars.count)
    canvas.remark(undrawn: shown.reduce(0) { $0 + $1.values.filter { !Drawable.isDrawable($0) }.count })
    return canvas
  }

  private func label(_ lines: [String], at place: Place, on canvas: inout ChartCanvas) {
    let first = place.y + 4.5 - Double(lines.count - 1) * 7
    for (row, line) in lines.enumerated() {
      canvas.text(line, at: Place(x: place.x, y: first + Double(row) * 14), anchor: .end)
    }
  }

  /// The parts of one bar from zero outwards, each with its number where it fits.
  private func draw(
    _ values: [Double], of bar: Bar, x: ChartScale, middle: Double, half: Double,
    number: (Double) -> String, on canvas: inout ChartCanvas
  ) {
    var above = 0.0
    var below = 0.0
    for (index, value) in values.enumerated() where value != 0 {
      let start = value > 0 ? above : below
      let end = start + value
      if value > 0 { above = end } else { below = end }
      let (left, right) = (min(x.position(start), x.position(end)), max(x.position(start), x.position(end)))
      let fill = values.count == 1 ? Ink.parts[2] : Ink.parts[index % Ink.parts.count]
      let name = (values.count > 1 ? [bar.label, series[index]] : [bar.label]).map { $0[canvas.language] }
      canvas.rectangle(
        from: Place(x: left, y: middle - half), to: Place(x: right, y: middle + half), fill: fill,
        stroke: values.count > 1 ? Ink.axis : nil,
        tooltip: name.joined(separator: ", ") + ": " + number(value))
      texture(index, from: left, to: right, middle: middle, half: half, on: &canvas)
      let text = number(value)
      guard values.count > 1, index < Ink.parts.count,
        right - left > ChartText.width(text, size: ChartCanvas.smallSize) + 8
      else {
        continue
      }
      canvas.text(
        text, at: Place(x: (left + right) / 2, y: middle + 4), size: ChartCanvas.smallSize, anchor: .middle,
        fill: Ink.lightParts.contains(fill) ? Ink.text : Ink.paper)
    }
  }

  /// From the fifth part on the shades come again, told apart by upright lines.
  private func texture(
    _ index: Int, from left: Double, to right: Double, middle: Double, half: Double,
    on canvas: inout ChartCanvas
  ) {
    guard index >= Ink.parts.count else { return }
    for position in stride(from: left + 3, to: right, by: Double(3 + index / Ink.parts.count * 2)) {
      canvas.line(
        from: Place(x: position, y: middle - half), to: Place(x: position, y: middle + half),
        stroke: Ink.paper, width: 1.2)
    }
  }

  /// Names of the parts in rows, each with its place.
  private func legendRows(_ language: OutputLanguage) -> [[(index: Int, x: Double, text: String)]] {
    var rows: [[(index: Int, x: Double, text: String)]] = [[]]
    var x = 4.0
    for (index, name) in series.prefix(12).enumerated() {
      let text = ChartText.cut(name[language], to: 200, size: ChartCanvas.textSize)
      let width = ChartText.width(text, size: ChartCanvas.textSize) + 38
      if x + width > ChartCanvas.width, x > 4 {
        rows.append([])
        x = 4
      }
      rows[rows.count - 1].append((index, x, text))
      x += width
    }
    return rows
  }

  private func draw(_ rows: [[(index: Int, x: Double, text: String)]], on canvas: inout ChartCanvas) {
    for (row, entries) in rows.enumerated() {
      let middle = 9 + Double(row) * 20
      for entry in entries {
        canvas.rectangle(
          from: Place(x: entry.x, y: middle - 6), to: Place(x: entry.x + 16, y: middle + 6),
          fill: Ink.parts[entry.index % Ink.parts.count], stroke: Ink.axis)
        texture(entry.index, from: entry.x, to: entry.x + 16, middle: middle, half: 6, on: &canvas)
        canvas.text(entry.text, at: Place(x: entry.x + 22, y: middle + 4.5))
      }
    }
  }
}
