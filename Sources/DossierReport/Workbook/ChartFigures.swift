internal import CXLSXWriter

/// The figures that the charts of a workbook draw, on a sheet of their own, one block a chart; and the charts that draw
/// them.
struct ChartFigures {
  /// One column of figures.
  struct Figures {
    var header: String
    var values: [SheetValue]

    init(_ header: String, _ values: [SheetValue]) {
      self.header = header
      self.values = values
    }

    init(_ header: String, numbers: [Double?]) {
      self.init(header, numbers.map { number in number.map { $0.isFinite ? .number($0) : .blank } ?? .blank })
    }

    init(_ header: String, texts: [String]) { self.init(header, texts.map { .text($0) }) }
  }

  /// Name of the sheet.
  let name: String
  let language: OutputLanguage
  private var blocks: [(title: String, columns: [Figures])] = []
  private var nextRow = 0

  init(name: String, language: OutputLanguage) {
    self.name = name
    self.language = language
  }

  var isEmpty: Bool { blocks.isEmpty }

  /// Makes the chart and notes its figures.
  /// - Returns: nil for a flow, which a spreadsheet cannot draw, and for a chart without a single figure.
  mutating func add(_ chart: ReportChart, to file: WorkbookFile) throws -> UnsafeMutablePointer<lxw_chart>? {
    let plan: NativeChart
    switch chart.kind {
    case .bars(let bars) where !bars.bars.isEmpty: plan = .init(bars, language: language)
    case .series(let series) where !series.points.isEmpty: plan = .init(series, language: language)
    case .funnel(let funnel) where !funnel.points.isEmpty: plan = .init(funnel, language: language)
    case .survival(let survival) where !survival.curves.isEmpty: plan = .init(survival, language: language)
    case .flow: return nil
    default: return nil
    }
    let header = note(chart.title[language], plan.columns)
    return try plan.make(in: file, title: chart.title[language], sheet: name, header: header)
  }

  /// - Returns: row of the headers.
  private mutating func note(_ title: String, _ columns: [Figures]) -> Int {
    blocks.append((title, columns))
    let header = nextRow + 1
    nextRow = header + columns.reduce(0) { max($0, $1.values.count) } + 2
    return header
  }

  func write(to sheet: WorkbookSheet) throws {
    try sheet.setPage(isLandscape: true)
    let columnCount = blocks.reduce(0) { max($0, $1.columns.count) }
    for column in 0..<columnCount { try sheet.setWidth(column == 0 ? 28 : 18, column: column) }
    let titleLook = CellLook(size: 13, isBold: true)
    let headerLook = CellLook(
      size: 11, isBold: true, side: .centre, wraps: true, borders: .box, isShaded: true)
    var row = 0
    for block in blocks {
      try sheet.write(.text(block.title), row: row, column: 0, look: titleLook)
      row += 1
      let height = block.columns.reduce(TextHeight.line(headerLook)) {
        max($0, TextHeight.points($1.header, width: 18, look: headerLook))
      }
      try sheet.setHeight(height, row: row)
      for (column, figures) in block.columns.enumerated() {
        try sheet.write(.text(figures.header), row: row, column: column, look: headerLook)
      }
      row += 1
      // Row by row, because rows may leave memory as they are written.
      for position in 0..<block.columns.reduce(0, { max($0, $1.values.count) }) {
        for (column, figures) in block.columns.enumerated() where position < figures.values.count {
          let value = figures.values[position]
          let look = CellLook(
            size: 11, borders: .box, numberFormat: isText(value) ? CellValues.textFormat : nil)
          try sheet.write(value, row: row, column: column, look: look)
        }
        row += 1
      }
      row += 1
    }
  }

  private func isText(_ value: SheetValue) -> Bool {
    if case .text = value { true } else { false }
  }

  // MARK: Flows

  /// The flows of a section as tables, who handed how much to whom: a spreadsheet cannot draw them.
  static func flows(of section: ReportSection) -> [ReportSection] {
    section.charts.compactMap { chart in
      guard case .flow(let flow) = chart.kind, !flow.links.isEmpty else { return nil }
      return ReportSection(
        id: String(section.id.prefix(26)) + "-flow", title: chart.title, text: [chart.description],
        table: chart.data ?? table(of: flow))
    }
  }

  private static func table(of flow: FlowChart) -> TabularDocument {
    // Names differ by language, cells do not: the Vietnamese name, as offices are called.
    func name(_ node: Int) -> Cell {
      flow.nodes.indices.contains(node) ? .text(flow.nodes[node].name.vi) : .none
    }
    return TabularDocument(
      columns: [
        Column("from", vi: "Từ", en: "From"), Column("to", vi: "Đến", en: "To"),
        Column("value", vi: "Số lượng", en: "Quantity", kind: .decimal(places: 0)),
      ], rows: flow.links.map { [name($0.from), name($0.to), .decimal($0.value)] })
  }
}
