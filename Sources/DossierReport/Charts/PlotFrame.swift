/// The axes of a chart: a place for the values, tick marks, and titles that stand level.
struct PlotFrame {
  var left: Double
  var right: Double
  var top: Double
  var bottom: Double

  /// Leaves room for the marks' labels on the left and for direct labels on the right.
  init(canvas: ChartCanvas, labels: [String], rightRoom: Double = 16, top: Double = 30, below: Double = 44) {
    let widest = labels.reduce(0) { max($0, ChartText.width($1, size: ChartCanvas.smallSize)) }
    left = min(widest + 12, 150)
    right = ChartCanvas.width - rightRoom
    self.top = top
    bottom = canvas.height - below
  }

  func y(_ ticks: Ticks) -> ChartScale {
    ChartScale(lower: ticks.lower, upper: ticks.upper, start: bottom, end: top)
  }

  func x(_ ticks: Ticks, isLogarithmic: Bool = false) -> ChartScale {
    ChartScale(
      lower: ticks.lower, upper: ticks.upper, start: left, end: right, isLogarithmic: isLogarithmic)
  }

  /// Grid, labels and title of the upright axis.
  func drawY(
    _ ticks: Ticks, title: String, isShare: Bool = false, on canvas: inout ChartCanvas
  ) {
    let scale = y(ticks)
    for value in ticks.values {
      let height = scale.position(value)
      canvas.line(from: Place(x: left, y: height), to: Place(x: right, y: height), stroke: Ink.grid)
      canvas.text(
        ticks.label(value, language: canvas.language, isShare: isShare),
        at: Place(x: left - 7, y: height + 4), size: ChartCanvas.smallSize, anchor: .end, fill: Ink.quiet)
    }
    canvas.text(
      ChartText.cut(title, to: ChartCanvas.width - 8, size: ChartCanvas.textSize),
      at: Place(x: 4, y: 14), fill: Ink.quiet)
  }

  /// Line, marks and title of the level axis. Labels that would touch their neighbours are left out.
  func drawX(
    _ ticks: Ticks, title: String, isLogarithmic: Bool = false, on canvas: inout ChartCanvas
  ) {
    let scale = x(ticks, isLogarithmic: isLogarithmic)
    let labels = ticks.values.map { ticks.label($0, language: canvas.language) }
    drawX(labels: labels, at: ticks.values.map(scale.position), title: title, on: &canvas)
  }

  func drawX(labels: [String], at places: [Double], title: String, on canvas: inout ChartCanvas) {
    canvas.line(from: Place(x: left, y: bottom), to: Place(x: right, y: bottom))
    let labels = labels.map { ChartText.cut($0, to: 120, size: ChartCanvas.smallSize) }
    let widest = labels.reduce(0) { max($0, ChartText.width($1, size: ChartCanvas.smallSize)) }
    let slot =
      places.count > 1 ? (places[places.count - 1] - places[0]) / Double(places.count - 1) : widest + 10
    let every = max(1, Int(((widest + 10) / max(slot, 0.01)).rounded(.up)))
    for index in stride(from: 0, to: places.count, by: every) {
      canvas.line(from: Place(x: places[index], y: bottom), to: Place(x: places[index], y: bottom + 4))
      // Kept inside the picture at both ends.
      let half = ChartText.width(labels[index], size: ChartCanvas.smallSize) / 2
      let x = min(max(places[index], half + 2), ChartCanvas.width - half - 2)
      canvas.text(
        labels[index], at: Place(x: x, y: bottom + 17), size: ChartCanvas.smallSize, anchor: .middle,
        fill: Ink.quiet)
    }
    canvas.text(
      ChartText.cut(title, to: right - left, size: ChartCanvas.textSize),
      at: Place(x: (left + right) / 2, y: bottom + 36), anchor: .middle, fill: Ink.quiet)
  }
}
