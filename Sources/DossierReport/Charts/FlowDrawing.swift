extension FlowChart {
  private static let nodeLimit = 60
  private static let linkLimit = 400
  private static let nodeWidth = 14.0
  /// Room that a node's two lines of text take.
  private static let labelHeight = 31.0

  private struct Block {
    var column: Int
    var value: Double
    var top = 0.0
    var height = 0.0
    /// How much of it is taken by ribbons, on each side.
    var arrived = 0.0
    var left = 0.0
  }

  func drawn(_ language: OutputLanguage) -> ChartCanvas {
    let nodes = Array(nodes.prefix(Self.nodeLimit))
    let valid = links.filter { link in
      nodes.indices.contains(link.from) && nodes.indices.contains(link.to)
        && nodes[link.from].column < nodes[link.to].column && Drawable.isDrawable(link.value)
        && link.value > 0
    }
    let shown = Array(valid.prefix(Self.linkLimit))
    guard !shown.isEmpty else { return .empty(language) }

    // Columns without a node take no room.
    let columns = Set(nodes.map(\.column)).sorted()
    var blocks = nodes.enumerated().map { index, node in
      let leaving = shown.filter { $0.from == index }.reduce(0) { $0 + $1.value }
      let arriving = shown.filter { $0.to == index }.reduce(0) { $0 + $1.value }
      return Block(column: columns.firstIndex(of: node.column) ?? 0, value: max(leaving, arriving))
    }
    let height = stack(&blocks, columns: columns.count)
    var canvas = ChartCanvas(language: language, height: height)

    let names = nodes.map { ChartText.cut($0.name[language], to: 150, size: ChartCanvas.textSize) }
    let numbers = blocks.map { Self.number($0.value, language) }
    func room(_ column: Int) -> Double {
      nodes.indices.filter { blocks[$0].column == column }.reduce(0) {
        max(
          $0, ChartText.width(names[$1], size: ChartCanvas.textSize),
          ChartText.width(numbers[$1], size: ChartCanvas.smallSize))
      } + 12
    }
    let left = room(0)
    let right = ChartCanvas.width - Self.nodeWidth - (columns.count > 1 ? room(columns.count - 1) : 0)
    let xs = columns.indices.map { column in
      columns.count == 1 ? left : left + (right - left) * Double(column) / Double(columns.count - 1)
    }

    drawRibbons(shown, &blocks, xs: xs, on: &canvas)
    for index in nodes.indices where blocks[index].value > 0 {
      let block = blocks[index]
      let x = xs[block.column]
      canvas.rectangle(
        from: Place(x: x, y: block.top), to: Place(x: x + Self.nodeWidth, y: block.top + block.height),
        fill: Ink.parts[0], tooltip: "\(nodes[index].name[language]): \(numbers[index])")
      label(names[index], numbers[index], block: block, x: x, columns: columns.count, on: &canvas)
    }
    canvas.remark(drawn: nodes.count, of: self.nodes.count)
    canvas.remark(drawn: shown.count, of: valid.count)
    canvas.remark(undrawn: links.count - valid.count)
    return canvas
  }

  private static func number(_ value: Double, _ language: OutputLanguage) -> String {
    ChartNumber.text(value, atMost: 1, language: language)
  }

  /// Gives every node its height and place; all columns share one scale and stand centred.
  private func stack(_ blocks: inout [Block], columns: Int) -> Double {
    let rows = (0..<columns).map { column in
      blocks.indices.filter { blocks[$0].column == column && blocks[$0].value > 0 }
    }
    let most = rows.reduce(0) { max($0, $1.count) }
    let room = min(max(260, Double(most) * 64), 760)
    // A node with little in it still needs the height of its label, so the scale is what the fullest column leaves.
    var scale = Double.infinity
    for row in rows where !row.isEmpty {
      let total = row.reduce(0) { $0 + blocks[$1].value }
      scale = min(scale, max(room - Double(row.count) * Self.labelHeight, room * 0.3) / total)
    }
    func pitch(_ index: Int) -> Double { max(blocks[index].value * scale, 2) + Self.labelHeight }
    let tallest = rows.reduce(0) { max($0, $1.reduce(0) { $0 + pitch($1) }) }
    for row in rows {
      let extent = row.reduce(0) { $0 + pitch($1) }
      var next = 8 + (tallest - extent) / 2
      for index in row {
        blocks[index].height = max(blocks[index].value * scale, 2)
        blocks[index].top = next + Self.labelHeight / 2
        next += pitch(index)
      }
    }
    return tallest + 16
  }

  /// Ribbons in the order in which their ends stand, so that they cross as little as the order of the nodes allows.
  private func drawRibbons(
    _ links: [Link], _ blocks: inout [Block], xs: [Double], on canvas: inout ChartCanvas
  ) {
    var starts = [Double](repeating: 0, count: links.count)
    var ends = starts
    let byEnd = links.indices.sorted { (blocks[links[$0].to].top, $0) < (blocks[links[$1].to].top, $1) }
    for index in byEnd {
      starts[index] = blocks[links[index].from].left
      blocks[links[index].from].left += links[index].value
    }
    let byStart = links.indices.sorted { (blocks[links[$0].from].top, $0) < (blocks[links[$1].from].top, $1) }
    for index in byStart {
      ends[index] = blocks[links[index].to].arrived
      blocks[links[index].to].arrived += links[index].value
    }
    // Those that matter stand on top.
    let order = links.indices.filter { !links[$0].isProblem } + links.indices.filter { links[$0].isProblem }
    for index in order {
      let link = links[index]
      let (from, to) = (blocks[link.from], blocks[link.to])
      let thickness = max(link.value / from.value * from.height, 1.2)
      let endThickness = max(link.value / to.value * to.height, 1.2)
      let x0 = xs[from.column] + Self.nodeWidth
      let x1 = xs[to.column]
      let y0 = from.top + starts[index] / from.value * from.height
      let y1 = to.top + ends[index] / to.value * to.height
      let middle = (x0 + x1) / 2
      func place(_ x: Double, _ y: Double) -> String { ChartCanvas.text(Place(x: x, y: y)) }
      let path =
        "M\(place(x0, y0))C\(place(middle, y0)) \(place(middle, y1)) \(place(x1, y1))"
        + "L\(place(x1, y1 + endThickness))C\(place(middle, y1 + endThickness)) "
        + "\(place(middle, y0 + thickness)) \(place(x0, y0 + thickness))Z"
      let names = [link.from, link.to].map { nodes[$0].name[canvas.language] }.joined(separator: " → ")
      canvas.path(
        path, fill: link.isProblem ? Ink.problem : Ink.band, opacity: link.isProblem ? 0.75 : 0.55,
        tooltip: "\(names): \(Self.number(link.value, canvas.language))")
    }
  }

  /// Left of the first column, right of the last, and over a light ground right of those between.
  private func label(
    _ name: String, _ number: String, block: Block, x: Double, columns: Int, on canvas: inout ChartCanvas
  ) {
    let middle = block.top + block.height / 2
    let isFirst = block.column == 0
    let isBetween = !isFirst && block.column < columns - 1
    let at = isFirst ? x - 7 : x + Self.nodeWidth + 7
    if isBetween {
      let width = max(
        ChartText.width(name, size: ChartCanvas.textSize),
        ChartText.width(number, size: ChartCanvas.smallSize))
      canvas.rectangle(
        from: Place(x: at - 3, y: middle - 15), to: Place(x: at + width, y: middle + 15), fill: Ink.paper,
        opacity: 0.8)
    }
    let anchor = isFirst ? ChartCanvas.Anchor.end : .start
    canvas.text(name, at: Place(x: at, y: middle - 2), anchor: anchor)
    canvas.text(
      number, at: Place(x: at, y: middle + 12), size: ChartCanvas.smallSize, anchor: anchor, fill: Ink.quiet)
  }
}
