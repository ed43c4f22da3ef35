internal import CXLSXWriter

/// A chart that the spreadsheet program draws itself, from cells that people can read and change.
///
/// Shapes, dashes and tones tell the parts apart, not colour alone, so that it survives a black-and-white printer.
struct NativeChart {
  enum Line { case none, solid, dashed, dotted, fine }
  enum Marker { case none, circle, diamond }

  /// One series: which columns of the figures it draws, and how.
  struct Series {
    /// Column of categories, or of x.
    var across: Int
    var values: Int
    var line = Line.none
    var marker = Marker.none
    /// Nil for lines and markers.
    var fill: Fill?
    var colour: lxw_color_t = Colour.blue
    /// Texts at its points.
    var labels: [String] = []
    var isInLegend = true

    enum Fill { case full, dark, pale, grey, hatched }
  }

  enum Colour {
    static let blue: lxw_color_t = 0x1F5A96
    static let grey: lxw_color_t = 0x6B6B6B
    static let red: lxw_color_t = 0xB3261E
    static let orange: lxw_color_t = 0xC55A11
    static let green: lxw_color_t = 0x2E7D32
    static let purple: lxw_color_t = 0x6A4C93
    static let all = [blue, orange, green, purple, grey, red]
  }

  var type: lxw_chart_type
  var columns: [ChartFigures.Figures]
  var series: [Series]
  var acrossTitle: String
  var upTitle: String
  /// Number format of the axis of values.
  var valueFormat: String?
  var greatestValue: Double?

  private var isBar: Bool { type == LXW_CHART_BAR || type == LXW_CHART_BAR_STACKED }

  // MARK: Making

  /// - Parameters:
  ///   - sheet: name of the sheet with the figures.
  ///   - header: row of their headers.
  func make(
    in file: WorkbookFile, title: String, sheet: String, header: Int
  ) throws -> UnsafeMutablePointer<lxw_chart> {
    let chart = try file.addChart(type)
    Self.withFont(size: 12, isBold: true) { font in
      chart_title_set_name(chart, SheetText.label(title))
      chart_title_set_name_font(chart, font)
    }
    chart_show_blanks_as(chart, UInt8(LXW_CHART_BLANKS_AS_GAP.rawValue))
    for one in series { try add(one, to: chart, sheet: sheet, header: header) }
    setAxes(of: chart)
    setLegend(of: chart)
    if isBar {
      chart_set_series_gap(chart, 60)
      if type == LXW_CHART_BAR_STACKED { chart_set_series_overlap(chart, 100) }
    }
    return chart
  }

  private func add(
    _ one: Series, to chart: UnsafeMutablePointer<lxw_chart>, sheet: String, header: Int
  ) throws {
    guard let series = chart_add_series(chart, nil, nil) else { throw RenderingRefusal.workbook("no memory") }
    let first = lxw_row_t(header + 1)
    let last = lxw_row_t(header + max(1, columns[one.values].values.count))
    let (across, values) = (lxw_col_t(one.across), lxw_col_t(one.values))
    chart_series_set_categories(series, sheet, first, across, last, across)
    chart_series_set_values(series, sheet, first, values, last, values)
    chart_series_set_name_range(series, sheet, lxw_row_t(header), values)
    if let fill = one.fill { return Self.setFill(fill, of: series) }
    Self.setLine(one, of: series)
    Self.setMarker(one, of: series)
    if !one.labels.isEmpty { try Self.setLabels(one.labels, of: series) }
  }

  private static func setFill(_ fill: Series.Fill, of series: UnsafeMutablePointer<lxw_chart_series>) {
    var edge = lxw_chart_line()
    edge.color = 0x404040
    edge.width = 0.5
    chart_series_set_line(series, &edge)
    if fill == .hatched {
      var pattern = lxw_chart_pattern()
      pattern.type = UInt8(LXW_CHART_PATTERN_WIDE_UPWARD_DIAGONAL.rawValue)
      pattern.fg_color = Colour.blue
      pattern.bg_color = 0xFFFFFF
      return chart_series_set_pattern(series, &pattern)
    }
    var area = lxw_chart_fill()
    switch fill {
    case .full, .hatched: area.color = 0x5B8DB8
    case .dark: area.color = Colour.blue
    case .pale: area.color = 0xCFE0EF
    case .grey: area.color = 0xA6A6A6
    }
    chart_series_set_fill(series, &area)
  }

  private static func setLine(_ one: Series, of series: UnsafeMutablePointer<lxw_chart_series>) {
    var line = lxw_chart_line()
    line.color = one.colour
    line.width = one.line == .solid ? 1.75 : one.line == .fine ? 0.75 : 1.25
    switch one.line {
    case .none: line.none = 1
    case .solid, .fine: break
    case .dashed: line.dash_type = UInt8(LXW_CHART_LINE_DASH_DASH.rawValue)
    case .dotted: line.dash_type = UInt8(LXW_CHART_LINE_DASH_ROUND_DOT.rawValue)
    }
    chart_series_set_line(series, &line)
  }

  private static func setMarker(_ one: Series, of series: UnsafeMutablePointer<lxw_chart_series>) {
    guard one.marker != .none else {
      return chart_series_set_marker_type(series, UInt8(LXW_CHART_MARKER_NONE.rawValue))
    }
    let isCircle = one.marker == .circle
    chart_series_set_marker_type(
      series, UInt8((isCircle ? LXW_CHART_MARKER_CIRCLE : LXW_CHART_MARKER_DIAMOND).rawValue))
    chart_series_set_marker_size(series, isCircle ? 6 : 10)
    var fill = lxw_chart_fill()
    fill.color = one.colour
    chart_series_set_marker_fill(series, &fill)
    var edge = lxw_chart_line()
    edge.color = one.colour
    chart_series_set_marker_line(series, &edge)
  }

  /// A text at each point; an empty one hides it.
  private static func setLabels(
    _ texts: [String], of series: UnsafeMutablePointer<lxw_chart_series>
  ) throws {
    chart_series_set_labels(series)
    chart_series_set_labels_position(series, UInt8(LXW_CHART_LABEL_POSITION_RIGHT.rawValue))
    let labels = UnsafeMutablePointer<lxw_chart_data_label>.allocate(capacity: texts.count)
    let list = UnsafeMutablePointer<UnsafeMutablePointer<lxw_chart_data_label>?>.allocate(
      capacity: texts.count + 1)
    var copies: [UnsafeMutablePointer<CChar>] = []
    defer {
      for copy in copies { copy.deallocate() }
      labels.deallocate()
      list.deallocate()
    }
    for (index, text) in texts.enumerated() {
      var label = lxw_chart_data_label()
      if text.isEmpty {
        label.hide = 1
      } else {
        let bytes = SheetText.label(text).utf8CString
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        for (offset, byte) in bytes.enumerated() { copy[offset] = byte }
        copies.append(copy)
        label.value = copy
      }
      (labels + index).initialize(to: label)
      (list + index).initialize(to: labels + index)
    }
    (list + texts.count).initialize(to: nil)
    try WorkbookFile.check(chart_series_set_labels_custom(series, list))
  }

  private func setAxes(of chart: UnsafeMutablePointer<lxw_chart>) {
    // The axes are named as they lie: categories of lying bars stand on the y axis.
    let across = isBar ? chart.pointee.y_axis : chart.pointee.x_axis
    let up = isBar ? chart.pointee.x_axis : chart.pointee.y_axis
    for (axis, title) in [(across, acrossTitle), (up, upTitle)] {
      if !title.isEmpty { chart_axis_set_name(axis, SheetText.label(title)) }
      Self.withFont(size: 11, isBold: false) { font in
        chart_axis_set_name_font(axis, font)
        chart_axis_set_num_font(axis, font)
      }
    }
    var grid = lxw_chart_line()
    grid.color = 0xD9D9D9
    grid.width = 0.5
    chart_axis_major_gridlines_set_visible(across, 0)
    chart_axis_major_gridlines_set_visible(up, 1)
    chart_axis_major_gridlines_set_line(up, &grid)
    if let valueFormat { chart_axis_set_num_format(up, valueFormat) }
    if let greatestValue {
      chart_axis_set_min(up, 0)
      chart_axis_set_max(up, greatestValue)
    }
    if isBar {
      // The first bar on top, the axis of values below all of them.
      chart_axis_set_reverse(across)
      chart_axis_set_label_position(up, UInt8(LXW_CHART_AXIS_LABEL_POSITION_HIGH.rawValue))
    }
  }

  private func setLegend(of chart: UnsafeMutablePointer<lxw_chart>) {
    guard series.count > 1 else {
      return chart_legend_set_position(chart, UInt8(LXW_CHART_LEGEND_NONE.rawValue))
    }
    chart_legend_set_position(chart, UInt8(LXW_CHART_LEGEND_BOTTOM.rawValue))
    Self.withFont(size: 11, isBold: false) { chart_legend_set_font(chart, $0) }
    var hidden = series.indices.filter { !series[$0].isInLegend }.map { Int16($0) }
    guard !hidden.isEmpty else { return }
    hidden.append(-1)
    chart_legend_delete_series(chart, &hidden)
  }

  private static func withFont(
    size: Double, isBold: Bool, _ body: (UnsafeMutablePointer<lxw_chart_font>) -> Void
  ) {
    CellLook.face.withCString { face in
      var font = lxw_chart_font()
      font.name = UnsafeMutablePointer(mutating: face)
      font.size = size
      font.bold = isBold ? 1 : 0
      body(&font)
    }
  }
}
