extension SeriesChart {
  /// Beyond this many, points are no longer marked one by one, and the line goes through the lowest and the highest
  /// of each part of the axis.
  private static let markLimit = 160
  private static let lineLimit = 1_200
  private static let signalLimit = 200

  func drawn(_ language: OutputLanguage) -> ChartCanvas {
    let values = points.map { Drawable.value($0.value) }
    let known = values.compactMap { $0 }
    guard !known.isEmpty else { return .empty(language) }
    let ends = points.flatMap { [Drawable.value($0.lower), Drawable.value($0.upper)] }.compactMap { $0 }
    let shownLevels = levels.filter { Drawable.isDrawable($0.value) }
    let all = known + ends + shownLevels.map(\.value)
    let isWhole = all.allSatisfy { $0 == $0.rounded() }
    let ticks = Ticks(
      from: all.reduce(0, min), through: all.reduce(0, max), count: 5, isWhole: isWhole)

    var canvas = ChartCanvas(language: language, height: 330)
    let room = shownLevels.reduce(0) {
      max($0, ChartText.width($1.name[language], size: ChartCanvas.smallSize))
    }
    let frame = PlotFrame(
      canvas: canvas, labels: ticks.values.map { ticks.label($0, language: language) },
      rightRoom: min(room + 16, 170))
    let y = frame.y(ticks)
    let slot = (frame.right - frame.left) / Double(points.count)
    let xs = points.indices.map { frame.left + (Double($0) + 0.5) * slot }

    frame.drawY(ticks, title: yTitle[language], on: &canvas)
    frame.drawX(labels: points.map(\.label), at: xs, title: xTitle[language], on: &canvas)
    draw(shownLevels, frame: frame, y: y, on: &canvas)
    drawIntervals(xs: xs, y: y, on: &canvas)
    let places = zip(xs, values).map { x, value in value.map { Place(x: x, y: y.position($0)) } }
    if isJoined { join(places, on: &canvas) }
    mark(places, ticks: ticks, frame: frame, on: &canvas)
    let undrawn = points.filter { $0.value.map(Drawable.isDrawable) == false }.count
    canvas.remark(undrawn: undrawn)
    return canvas
  }

  private func draw(
    _ levels: [Level], frame: PlotFrame, y: ChartScale, on canvas: inout ChartCanvas
  ) {
    let heights = levels.map { y.position($0.value) }
    let labels = LabelPlaces.spread(heights, gap: 14, from: frame.top, through: frame.bottom - 2)
    for (index, level) in levels.enumerated() {
      canvas.line(
        from: Place(x: frame.left, y: heights[index]), to: Place(x: frame.right, y: heights[index]),
        stroke: Ink.axis, width: 1.3, dash: ["7 4", "2 3", "10 3 2 3"][index % 3])
      canvas.text(
        ChartText.cut(
          level.name[canvas.language], to: ChartCanvas.width - frame.right - 8, size: ChartCanvas.smallSize),
        at: Place(x: frame.right + 6, y: labels[index] + 4), size: ChartCanvas.smallSize)
    }
  }

  /// A line with caps for each interval, or one band when there are too many to tell apart.
  private func drawIntervals(xs: [Double], y: ChartScale, on canvas: inout ChartCanvas) {
    let intervals = points.indices.compactMap { index -> (x: Double, lower: Double, upper: Double)? in
      guard let lower = Drawable.value(points[index].lower), let upper = Drawable.value(points[index].upper)
      else { return nil }
      return (xs[index], y.position(lower), y.position(upper))
    }
    if intervals.count <= 60 {
      for interval in intervals {
        canvas.whisker(
          from: Place(x: interval.x, y: interval.lower), to: Place(x: interval.x, y: interval.upper),
          stroke: Ink.main)
      }
    } else {
      let step = max(1, intervals.count / Self.lineLimit)
      let kept = stride(from: 0, to: intervals.count, by: step).map { intervals[$0] }
      canvas.area(
        kept.map { Place(x: $0.x, y: $0.upper) } + kept.reversed().map { Place(x: $0.x, y: $0.lower) },
        fill: Ink.band, opacity: 0.5)
    }
  }

  private func join(_ places: [Place?], on canvas: inout ChartCanvas) {
    for run in places.split(separator: nil) {
      canvas.line(through: Self.thinned(run.compactMap { $0 }), stroke: Ink.main, width: 1.6)
    }
  }

  /// The lowest and the highest of each part when there are more points than the paper can show.
  static func thinned(_ places: [Place]) -> [Place] {
    guard places.count > lineLimit else { return places }
    let parts = lineLimit / 2
    return (0..<parts).flatMap { part -> [Place] in
      let slice = places[(part * places.count / parts)..<((part + 1) * places.count / parts)]
      guard let low = slice.indices.min(by: { slice[$0].y < slice[$1].y }),
        let high = slice.indices.max(by: { slice[$0].y < slice[$1].y })
      else { return [] }
      return low == high ? [slice[low]] : [slice[min(low, high)], slice[max(low, high)]]
    }
  }

  private func mark(_ places: [Place?], ticks: Ticks, frame: PlotFrame, on canvas: inout ChartCanvas) {
    func number(_ index: Int) -> String {
      ChartNumber.text(
        points[index].value ?? 0, atMost: min(ticks.places + 1, 6), language: canvas.language)
    }
    let signals = points.indices.filter { points[$0].isSignal && places[$0] != nil }.prefix(Self.signalLimit)
    if points.count <= Self.markLimit {
      for index in points.indices where !points[index].isSignal {
        guard let place = places[index] else { continue }
        canvas.ring(at: place, tooltip: "\(points[index].label): \(number(index))")
      }
    }
    for index in signals {
      guard let place = places[index] else { continue }
      canvas.diamond(at: place, tooltip: "\(points[index].label): \(number(index))")
      guard signals.count <= 12 else { continue }
      // Beside the mark, where no interval's line runs through it.
      let width = ChartText.width(number(index), size: ChartCanvas.smallSize)
      let isLast = place.x + 9 + width > frame.right
      canvas.text(
        number(index), at: Place(x: place.x + (isLast ? -9 : 9), y: place.y - 3), size: ChartCanvas.smallSize,
        anchor: isLast ? .end : .start, isBold: true)
    }
  }
}
