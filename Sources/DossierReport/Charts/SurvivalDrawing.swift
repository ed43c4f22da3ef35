extension SurvivalChart {
  private static let curveLimit = 8
  /// More bands than this hide each other.
  private static let bandLimit = 3

  func drawn(_ language: OutputLanguage) -> ChartCanvas {
    let drawable = curves.map { curve in
      var kept = curve
      kept.steps = curve.steps.filter {
        Drawable.isDrawable($0.time) && $0.time >= 0 && Drawable.isDrawable($0.value)
      }.sorted { $0.time < $1.time }
      kept.start = Drawable.value(curve.start) ?? 1
      return kept
    }
    let known = drawable.filter { !$0.steps.isEmpty }
    guard !known.isEmpty else { return .empty(language) }
    let shown = Array(known.prefix(Self.curveLimit))
    let hasBands = shown.count <= Self.bandLimit

    var canvas = ChartCanvas(language: language, height: 360)
    let steps = shown.flatMap(\.steps)
    let tops =
      shown.map(\.start) + steps.map(\.value)
      + (hasBands ? steps.compactMap { Drawable.value($0.upper) } : [])
    let highest = tops.reduce(0, max)
    let ys = Ticks(from: min(0, tops.reduce(0, min)), through: highest, count: 5)
    let longest = steps.reduce(0) { max($0, $1.time) }
    let xs = Ticks(from: 0, through: longest, count: 7, isWhole: longest >= 7)
    let names = shown.map { $0.name[language] }
    let room =
      shown.count == 1
      ? 0 : names.reduce(0) { max($0, ChartText.width($1, size: ChartCanvas.smallSize)) } + 20
    let frame = PlotFrame(
      canvas: canvas, labels: ys.values.map { ys.label($0, language: language, isShare: true) },
      rightRoom: min(max(room, 20), 200))
    let x = frame.x(xs)
    let y = frame.y(ys)

    frame.drawY(ys, title: yTitle[language], isShare: true, on: &canvas)
    frame.drawX(xs, title: xTitle[language], on: &canvas)
    if hasBands {
      for (index, curve) in shown.enumerated() {
        drawBand(curve, fill: Ink.curves[index % Ink.curves.count], x: x, y: y, on: &canvas)
      }
    }
    var ends: [Place] = []
    for (index, curve) in shown.enumerated() {
      let places = Self.stairs(
        [Place(x: x.position(0), y: y.position(curve.start))]
          + curve.steps.map { Place(x: x.position($0.time), y: y.position($0.value)) })
      canvas.line(
        through: places, stroke: Ink.curves[index % Ink.curves.count], width: 1.8,
        dash: Ink.dashes[index % Ink.dashes.count])
      ends.append(places.last ?? Place(x: frame.left, y: frame.bottom))
    }
    if shown.count > 1 { label(names, ends: ends, frame: frame, on: &canvas) }
    canvas.remark(drawn: shown.count, of: known.count)
    canvas.remark(
      undrawn: curves.reduce(0) { $0 + $1.steps.count } - drawable.reduce(0) { $0 + $1.steps.count })
    return canvas
  }

  /// Each curve's name in the margin beside its end, with a thin line where they stand apart.
  private func label(_ names: [String], ends: [Place], frame: PlotFrame, on canvas: inout ChartCanvas) {
    let heights = LabelPlaces.spread(ends.map(\.y), gap: 15, from: frame.top, through: frame.bottom - 3)
    for (index, name) in names.enumerated() {
      let colour = Ink.curves[index % Ink.curves.count]
      let label = Place(x: frame.right + 14, y: heights[index])
      canvas.line(
        from: Place(x: ends[index].x + 2, y: ends[index].y), to: Place(x: label.x - 3, y: label.y),
        stroke: colour, width: 0.7)
      canvas.text(
        ChartText.cut(name, to: ChartCanvas.width - label.x - 2, size: ChartCanvas.smallSize),
        at: Place(x: label.x, y: label.y + 4), size: ChartCanvas.smallSize, fill: colour, isBold: true)
    }
  }

  private func drawBand(
    _ curve: Curve, fill: String, x: ChartScale, y: ChartScale, on canvas: inout ChartCanvas
  ) {
    let runs = curve.steps.split { Drawable.value($0.lower) == nil || Drawable.value($0.upper) == nil }
    for run in runs {
      let upper = Self.stairs(
        run.map { Place(x: x.position($0.time), y: y.position(Drawable.value($0.upper) ?? 0)) })
      let lower = Self.stairs(
        run.map { Place(x: x.position($0.time), y: y.position(Drawable.value($0.lower) ?? 0)) })
      canvas.area(upper + lower.reversed(), fill: fill, opacity: 0.16)
    }
  }

  /// Level until the next place, then straight up or down. Steps too small for the paper are joined, so that a million
  /// of them make a line of some thousand corners.
  static func stairs(_ places: [Place]) -> [Place] {
    guard var last = places.first else { return [] }
    var corners = [last]
    for (index, place) in places.enumerated().dropFirst() {
      let isLast = index == places.count - 1
      guard isLast || abs(place.x - last.x) >= 0.25 || abs(place.y - last.y) >= 0.25 else { continue }
      if place.x != last.x { corners.append(Place(x: place.x, y: last.y)) }
      if place.y != last.y { corners.append(place) }
      last = place
    }
    return corners
  }
}
