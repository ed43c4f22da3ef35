extension FunnelChart {
  /// At most so many points are drawn; those outside the limits first.
  private static let pointLimit = 2_000
  private static let labelLimit = 24

  func drawn(_ language: OutputLanguage) -> ChartCanvas {
    let drawable = points.filter { Drawable.isDrawable($0.x) && Drawable.isDrawable($0.y) && $0.x >= 0 }
    guard !drawable.isEmpty else { return .empty(language) }
    let outside = drawable.filter(\.isOutside)
    let inside = drawable.filter { !$0.isOutside }
    let shownOutside = outside.prefix(Self.pointLimit)
    let shownInside = inside.prefix(Self.pointLimit - shownOutside.count)

    var canvas = ChartCanvas(language: language, height: 400)
    let lines = limits.map { limits in
      limits.steps.filter { Drawable.isDrawable($0.x) && $0.x >= 0 && Drawable.isDrawable($0.upper) }
        .sorted { $0.x < $1.x }
    }
    let volumes = drawable.map(\.x)
    let xs = xTicks(volumes + lines.flatMap { $0.map(\.x) })
    let ys = yTicks(drawable, lines: lines, x: xs.scale)

    let names = limits.map { $0.name[language] } + [targetName(language, ys)]
    let room = names.reduce(0) { max($0, ChartText.width($1, size: ChartCanvas.smallSize)) } + 14
    let frame = PlotFrame(
      canvas: canvas, labels: ys.values.map { ys.label($0, language: language) },
      rightRoom: min(max(room, 16), 150))
    let x = frame.x(xs.ticks, isLogarithmic: xs.isLogarithmic)
    let y = frame.y(ys)

    frame.drawY(ys, title: yTitle[language], on: &canvas)
    frame.drawX(
      xs.ticks, title: xTitle[language] + (xs.isLogarithmic ? logarithmic[language] : ""),
      isLogarithmic: xs.isLogarithmic, on: &canvas)
    drawLines(lines, frame: frame, x: x, y: y, ticks: ys, on: &canvas)

    for point in shownInside {
      canvas.ring(
        at: Place(x: x.position(point.x), y: y.position(point.y)), tooltip: tooltip(point, ys, language))
    }
    for point in shownOutside {
      canvas.diamond(
        at: Place(x: x.position(point.x), y: y.position(point.y)), tooltip: tooltip(point, ys, language))
    }
    label(Array(shownOutside), frame: frame, x: x, y: y, on: &canvas)
    canvas.remark(drawn: shownOutside.count + shownInside.count, of: drawable.count)
    canvas.remark(undrawn: points.count - drawable.count)
    return canvas
  }

  private var logarithmic: BilingualText {
    BilingualText(vi: " (thang lôgarit)", en: " (logarithmic scale)")
  }

  /// Volumes that differ a hundredfold stand on a logarithmic scale; otherwise the small offices would all stick to
  /// the axis.
  private func xTicks(_ volumes: [Double]) -> (ticks: Ticks, isLogarithmic: Bool, scale: ChartScale) {
    let positive = volumes.filter { $0 > 0 }
    let smallest = positive.min() ?? 1
    let largest = positive.max() ?? 1
    let isLogarithmic = smallest >= 1 && largest / smallest > 100 && positive.count == volumes.count
    let ticks =
      isLogarithmic
      ? Ticks(logarithmicFrom: smallest, through: largest)
      : Ticks(from: 0, through: largest, count: 6, isWhole: largest >= 5)
    let scale = ChartScale(
      lower: ticks.lower, upper: ticks.upper, start: 0, end: 1, isLogarithmic: isLogarithmic)
    return (ticks, isLogarithmic, scale)
  }

  /// High enough for every point and for the limits right of the first quarter. Further left they leave the picture,
  /// where every rate is possible.
  private func yTicks(_ points: [Point], lines: [[Limits.Step]], x: ChartScale) -> Ticks {
    let highest = points.reduce(0) { max($0, $1.y) }
    let lowest = points.reduce(0) { min($0, $1.y) }
    let goal = Drawable.value(target) ?? 0
    let limit = lines.joined().filter { x.position($0.x) >= 0.25 }.reduce(0) { max($0, $1.upper) }
    let most = max(highest, goal)
    return Ticks(from: lowest, through: max(most * 1.08, min(limit, most * 3)), count: 5)
  }

  private func drawLines(
    _ lines: [[Limits.Step]], frame: PlotFrame, x: ChartScale, y: ChartScale, ticks: Ticks,
    on canvas: inout ChartCanvas
  ) {
    var names: [(height: Double, text: String)] = []
    for (limits, steps) in zip(limits, lines) {
      let dash: String? =
        switch limits.line {
        case .solid: nil
        case .dashed: "7 4"
        case .dotted: "2 3"
        }
      let upper = steps.map { Place(x: x.position($0.x), y: y.position($0.upper)) }
      // A gap where there is no lower limit.
      let lower = steps.split { Drawable.value($0.lower) == nil }.map { run in
        run.map { Place(x: x.position($0.x), y: y.position($0.lower ?? 0)) }
      }
      for run in [upper] + lower {
        for piece in Self.clipped(run, top: frame.top, bottom: frame.bottom) {
          canvas.line(through: piece, stroke: Ink.axis, width: 1.3, dash: dash)
        }
      }
      if let end = upper.last, end.y >= frame.top { names.append((end.y, limits.name[canvas.language])) }
    }
    if let target = Drawable.value(target), target >= ticks.lower, target <= ticks.upper {
      let height = y.position(target)
      canvas.line(
        from: Place(x: frame.left, y: height), to: Place(x: frame.right, y: height), stroke: Ink.main,
        width: 1.3)
      names.append((height, targetName(canvas.language, ticks)))
    }
    let heights = LabelPlaces.spread(
      names.map(\.height), gap: 14, from: frame.top, through: frame.bottom - 2)
    for (name, height) in zip(names, heights) {
      canvas.text(
        ChartText.cut(name.text, to: ChartCanvas.width - frame.right - 8, size: ChartCanvas.smallSize),
        at: Place(x: frame.right + 6, y: height + 4), size: ChartCanvas.smallSize)
    }
  }

  private func targetName(_ language: OutputLanguage, _ ticks: Ticks) -> String {
    let value = ChartNumber.text(
      Drawable.value(target) ?? 0, atMost: min(ticks.places + 2, 6), language: language)
    return (language == .vi ? "chung " : "overall ") + value
  }

  /// The parts of a line between two heights, cut where it crosses them.
  static func clipped(_ places: [Place], top: Double, bottom: Double) -> [[Place]] {
    func isInside(_ place: Place) -> Bool { place.y >= top && place.y <= bottom }
    func crossing(_ from: Place, _ to: Place, _ height: Double) -> Place {
      let share = (height - from.y) / (to.y - from.y)
      return Place(x: from.x + share * (to.x - from.x), y: height)
    }
    var pieces: [[Place]] = []
    var piece: [Place] = places.first.map { isInside($0) ? [$0] : [] } ?? []
    for (from, to) in zip(places, places.dropFirst()) {
      let crossings = [top, bottom].filter { ($0 - from.y) * ($0 - to.y) < 0 }.map { crossing(from, to, $0) }
      switch (isInside(from), isInside(to)) {
      case (true, true): piece.append(to)
      case (true, false):
        pieces.append(piece + crossings.prefix(1))
        piece = []
      case (false, true): piece = crossings.prefix(1) + [to]
      case (false, false):
        // Right through, from above to below or back.
        if crossings.count == 2 { pieces.append(crossings.sorted { $0.x < $1.x }) }
      }
    }
    pieces.append(piece)
    return pieces.filter { $0.count > 1 }
  }

  private func tooltip(_ point: Point, _ ticks: Ticks, _ language: OutputLanguage) -> String {
    let rate = NumberText.human(point.y, places: min(ticks.places + 2, 6), language: language) ?? ""
    let volume =
      NumberText.human(point.x, places: point.x == point.x.rounded() ? 0 : 1, language: language) ?? ""
    return "\(point.label): \(rate) (\(volume))"
  }

  /// Names the points outside the limits where there is room, the most extreme first.
  private func label(
    _ points: [Point], frame: PlotFrame, x: ChartScale, y: ChartScale, on canvas: inout ChartCanvas
  ) {
    var room = LabelPlaces(
      frame: .init(left: frame.left, top: 16, right: ChartCanvas.width, bottom: frame.bottom))
    let spots = points.map { Place(x: x.position($0.x), y: y.position($0.y)) }
    for spot in spots {
      room.take(.init(left: spot.x - 5, top: spot.y - 5, right: spot.x + 5, bottom: spot.y + 5))
    }
    let order = points.indices.sorted { left, right in
      let apart = (abs(points[left].y - target), abs(points[right].y - target))
      return apart.0 == apart.1 ? left < right : apart.0 > apart.1
    }
    for index in order.prefix(Self.labelLimit) {
      let text = ChartText.cut(points[index].label, to: 170, size: ChartCanvas.smallSize)
      let width = ChartText.width(text, size: ChartCanvas.smallSize)
      let spot = spots[index]
      // Right, left, above, below.
      let corners = [
        (spot.x + 9, spot.y - 6), (spot.x - 9 - width, spot.y - 6), (spot.x - width / 2, spot.y - 20),
        (spot.x - width / 2, spot.y + 8), (spot.x + 6, spot.y - 19), (spot.x + 6, spot.y + 7),
      ]
      let boxes = corners.map {
        LabelPlaces.Box(left: $0.0, top: $0.1, right: $0.0 + width, bottom: $0.1 + 12)
      }
      guard let chosen = room.firstFree(boxes) else { continue }
      canvas.text(
        text, at: Place(x: boxes[chosen].left, y: boxes[chosen].top + 10), size: ChartCanvas.smallSize,
        isBold: true)
    }
  }
}
