internal import CXLSXWriter

/// The charts of one section on a sheet of their own, two on a page: beside a table they would be cut by its pages and
/// crossed by its repeated headers.
struct ChartSheet {
  let sheet: WorkbookSheet
  let section: ReportSection
  let language: OutputLanguage

  /// Pixels of a chart.
  private static let size = (width: 540.0, height: 400.0)
  /// Digits between the margins of a portrait page. libxlsxwriter takes them for narrower than they are, 7 pixels each; a
  /// chart that fits into what it reckons lies in this one column and keeps its size.
  private static let width = 77.0

  /// - Parameter charts: makes the charts.
  func write(_ charts: inout ChartFigures) throws {
    try sheet.setWidth(Self.width, column: 0)
    // Not fitted to the page's width, because programs then overlook page breaks; it fits as it is.
    try sheet.setPage(isLandscape: false, isFitted: false)
    var row = 0
    let title = CellLook(size: 14, isBold: true, side: .centre, wraps: true)
    try line(section.title[language], title, &row)
    var count = 0
    var breaks: [lxw_row_t] = []
    for chart in section.charts {
      guard let picture = try charts.add(chart, to: sheet.file) else { continue }
      if count > 0, count.isMultiple(of: 2) { breaks.append(lxw_row_t(row)) }
      try insert(picture, chart, &row)
      count += 1
    }
    guard !breaks.isEmpty else { return }
    breaks.append(0)
    try WorkbookFile.check(worksheet_set_h_pagebreaks(sheet.sheet, &breaks))
  }

  private func insert(_ picture: UnsafeMutablePointer<lxw_chart>, _ chart: ReportChart, _ row: inout Int)
    throws
  {
    // The row itself is as high as the chart, so that rows in between need no counting.
    try sheet.setHeight(Self.size.height * 0.75 + 6, row: row)
    try sheet.write(.blank, row: row, column: 0, look: CellLook())
    var options = lxw_chart_options()
    options.x_scale = Self.size.width / 480  // of the default chart, 480 x 288 pixels
    options.y_scale = Self.size.height / 288
    options.y_offset = 4  // its upper edge belongs to this page, not to the one before
    let description = SheetText.clean(chart.description[language])
    try WorkbookFile.check(
      description.withCString { text in
        options.description = UnsafeMutablePointer(mutating: text)
        return worksheet_insert_chart_opt(sheet.sheet, lxw_row_t(row), 0, picture, &options)
      })
    row += 1
    try line(chart.description[language], CellLook(size: 11, isItalic: true, wraps: true, isTop: true), &row)
    row += 1
  }

  private func line(_ text: String, _ look: CellLook, _ row: inout Int) throws {
    try sheet.setHeight(TextHeight.points(text, width: Self.width, look: look) + 4, row: row)
    try sheet.write(text.isEmpty ? .blank : .text(text), row: row, column: 0, look: look)
    row += 1
  }

  /// Whether a section has a chart that can be drawn.
  static func isNeeded(for section: ReportSection) -> Bool {
    section.charts.contains { chart in
      switch chart.kind {
      case .flow: false
      case .bars(let bars): !bars.bars.isEmpty
      case .series(let series): !series.points.isEmpty
      case .funnel(let funnel): !funnel.points.isEmpty
      case .survival(let survival): !survival.curves.isEmpty
      }
    }
  }
}
