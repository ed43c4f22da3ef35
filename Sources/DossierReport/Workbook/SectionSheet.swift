/// The table of one section as a sheet: heading, title, the table with its headers, then sentences.
struct SectionSheet {
  let sheet: WorkbookSheet
  let document: ReportDocument
  let section: ReportSection
  let language: OutputLanguage
  let isFirst: Bool

  private var columns: [Column] { section.table?.columns ?? [] }
  /// The sheet is laid out over at least two columns, so that the heading has a left and a right side.
  private var columnCount: Int { max(columns.count, 2) }
  private var all: ClosedRange<Int> { 0...(columnCount - 1) }

  func write() throws {
    guard columns.count <= WorkbookSheet.greatestColumnCount else {
      throw RenderingRefusal.workbook("\(columns.count) > \(WorkbookSheet.greatestColumnCount) columns")
    }
    let widths = ColumnWidths(
      section.table, language: language, columnCount: columnCount,
      narrowest: !isFirst ? 60 : document.isLandscape ? 110 : 78)
    for (column, width) in widths.widths.enumerated() { try sheet.setWidth(width, column: column) }
    try sheet.setPage(isLandscape: document.isLandscape)

    var row = 0
    if isFirst, let heading = document.heading {
      try HeadingBlock(sheet: sheet, heading: heading, widths: widths.widths, language: language).write(
        from: &row)
    }
    try writeTitles(&row, width: widths.total)
    if let table = section.table {
      try writeTable(table, &row, widths: widths, aboveHeight: Double(row) * 18)
    }
    for text in section.text {
      if row > 0, text == section.text.first { row += 1 }
      try paragraph(text[language], CellLook(wraps: true, isTop: true), &row, width: widths.total)
    }
  }

  private func writeTitles(_ row: inout Int, width: Double) throws {
    let title = CellLook(size: 14, isBold: true, side: .centre, wraps: true)
    let lead = CellLook(isItalic: true, side: .centre, wraps: true)
    if isFirst {
      try paragraph(document.title[language], title, &row, width: width)
      for line in document.lead { try paragraph(line[language], lead, &row, width: width) }
      if section.title != document.title, document.sections.count > 1 {
        let subtitle = CellLook(size: 13, isBold: true, side: .centre, wraps: true)
        try paragraph(section.title[language], subtitle, &row, width: width)
      }
    } else {
      try paragraph(section.title[language], title, &row, width: width)
      try paragraph(document.title[language], lead, &row, width: width)
    }
    row += 1
  }

  /// A text over the whole width, in a row high enough for it.
  private func paragraph(_ text: String, _ look: CellLook, _ row: inout Int, width: Double) throws {
    try sheet.setHeight(TextHeight.points(text, width: width, look: look), row: row)
    try sheet.write(text, row: row, columns: all, look: look)
    row += 1
  }

  // MARK: The table

  private func writeTable(
    _ table: TabularDocument, _ row: inout Int, widths: ColumnWidths, aboveHeight: Double
  ) throws {
    guard !table.columns.isEmpty else { return }
    let first = row
    try HeaderRows(sheet: sheet, columns: table.columns, widths: widths.widths, language: language)
      .write(from: &row, numbers: section.numbersColumns)
    let header = first...(row - 1)
    if aboveHeight <= 300 {
      let isNamed = table.columns[0].kind == .text || table.columns[0].kind == .code
      try sheet.freeze(
        above: header.upperBound + 1, leftOf: isNamed && table.columns.count > 6 ? 1 : 0, repeating: header)
    } else {
      try sheet.freeze(above: 0, leftOf: 0, repeating: header)
    }
    // A filter is worth its buttons where rows are many; on the row of column numbers they would hide the numbers.
    if table.rows.count > 20, !section.numbersColumns {
      try sheet.addFilter(
        rows: header.upperBound...(header.upperBound + table.rows.count),
        columns: 0...(table.columns.count - 1))
    }
    try writeRows(table, &row, widths: widths.widths)
  }

  private func writeRows(_ table: TabularDocument, _ row: inout Int, widths: [Double]) throws {
    let values = table.columns.map { CellValues(column: $0, language: language) }
    let looks = values.map { look(of: $0) }
    let formats = try looks.map(sheet.file.format)
    let prose = values.indices.filter { looks[$0].wraps }
    for cells in table.rows {
      if let height = height(of: cells, prose: prose, widths: widths) {
        try sheet.setHeight(height, row: row)
      }
      for column in values.indices {
        let shown = values[column].shown(column < cells.count ? cells[column] : .none)
        if let format = shown.format, format != looks[column].numberFormat {
          var look = looks[column]
          look.numberFormat = format
          try sheet.write(shown.value, row: row, column: column, look: look)
        } else {
          try sheet.write(shown.value, row: row, column: column, format: formats[column])
        }
      }
      row += 1
    }
    if table.rows.isEmpty {
      let nothing = language == .vi ? "(không có dòng nào)" : "(no rows)"
      try sheet.write(
        nothing, row: row, columns: 0...(table.columns.count - 1),
        look: CellLook(isItalic: true, side: .centre, borders: .box))
      row += 1
    }
    guard let total = table.total else { return }
    for column in values.indices {
      var look = looks[column]
      look.isBold = true
      look.isShaded = true
      look.borders = [.heavyTop, .bottom, .sides]
      let shown = values[column].shown(column < total.count ? total[column] : .none)
      look.numberFormat = shown.format ?? look.numberFormat
      try sheet.write(shown.value, row: row, column: column, look: look)
    }
    row += 1
  }

  /// Points of a row with a text too long for its column; nil for a row of the usual height.
  private func height(of cells: [Cell], prose: [Int], widths: [Double]) -> Double? {
    var highest: Double?
    for column in prose where column < cells.count {
      let text: String
      switch cells[column] {
      case .text(let value): text = value
      case .list(let values): text = values.joined(separator: "; ")
      case .words(let words): text = words[language]
      default: continue
      }
      // Few bytes fit on one line for sure.
      let isShort = Double(text.utf8.count) * 1.5 < widths[column] - 1 && !text.utf8.contains(0x0A)
      if isShort { continue }
      let height = TextHeight.points(text, width: widths[column], look: CellLook())
      if height > WorkbookSheet.usualHeight { highest = max(highest ?? 0, height) }
    }
    return highest
  }

  private func look(of values: CellValues) -> CellLook {
    var look = CellLook(borders: .box)
    look.side = values.column.alignment == .right ? .right : .left
    if values.column.kind == .date || values.column.kind == .time { look.side = .centre }
    look.wraps = values.column.kind == .text
    look.numberFormat = values.format
    return look
  }
}

/// The rows of headers above a table: groups over their columns, the columns' headers, and their numbers.
struct HeaderRows {
  let sheet: WorkbookSheet
  let columns: [Column]
  let widths: [Double]
  let language: OutputLanguage

  private static let look = CellLook(isBold: true, side: .centre, wraps: true, borders: .box, isShaded: true)

  func write(from row: inout Int, numbers: Bool) throws {
    if columns.contains(where: { $0.group != nil }) { try writeGroups(&row) } else { try writeHeaders(&row) }
    guard numbers else { return }
    let look = CellLook(size: 10, isItalic: true, side: .centre, borders: .box)
    for column in columns.indices {
      try sheet.write(.text("(\(column + 1))"), row: row, column: column, look: look)
    }
    row += 1
  }

  private func writeHeaders(_ row: inout Int) throws {
    try sheet.setHeight(height(of: columns.indices), row: row)
    for (column, header) in columns.enumerated() {
      try sheet.write(.text(header.header[language]), row: row, column: column, look: Self.look)
    }
    row += 1
  }

  /// Two rows. A column without a group takes both; where rows are written once and cannot be merged, it takes the lower
  /// one and the rule between them is left out.
  private func writeGroups(_ row: inout Int) throws {
    let upper = row
    let lower = row + 1
    let mergesRows = !sheet.file.writesRowsOnce
    var upperHeight = TextHeight.line(Self.look)
    for run in runs {
      guard let group = columns[run.lowerBound].group else { continue }
      let width = widths[run].reduce(0, +)
      upperHeight = max(upperHeight, TextHeight.points(group[language], width: width, look: Self.look))
    }
    let single = columns.indices.filter { columns[$0].group == nil }
    let grouped = columns.indices.filter { columns[$0].group != nil }
    let lowerHeight = max(height(of: grouped), height(of: single) - (mergesRows ? upperHeight : 0))

    try sheet.setHeight(upperHeight, row: upper)
    for run in runs {
      if let group = columns[run.lowerBound].group {
        try sheet.write(group[language], row: upper, columns: run, look: Self.look)
      } else if mergesRows {
        try sheet.merge(
          columns[run.lowerBound].header[language], rows: upper...lower, columns: run, look: Self.look)
      } else {
        var look = Self.look
        look.borders = [.top, .sides]
        try sheet.write(.blank, row: upper, column: run.lowerBound, look: look)
      }
    }
    try sheet.setHeight(lowerHeight, row: lower)
    for column in columns.indices where columns[column].group != nil || !mergesRows {
      var look = Self.look
      if columns[column].group == nil { look.borders = [.bottom, .sides] }
      try sheet.write(.text(columns[column].header[language]), row: lower, column: column, look: look)
    }
    row += 2
  }

  /// Neighbouring columns with the same group; every column without one by itself.
  private var runs: [ClosedRange<Int>] {
    var runs: [ClosedRange<Int>] = []
    for column in columns.indices {
      if let last = runs.last, let group = columns[column].group, columns[last.lowerBound].group == group {
        runs[runs.count - 1] = last.lowerBound...column
      } else {
        runs.append(column...column)
      }
    }
    return runs
  }

  private func height(of some: some Sequence<Int>) -> Double {
    some.reduce(TextHeight.line(Self.look)) { height, column in
      max(height, TextHeight.points(columns[column].header[language], width: widths[column], look: Self.look))
    }
  }
}

/// How wide the columns of a sheet are, in digits of the usual font.
struct ColumnWidths {
  private(set) var widths: [Double]

  var total: Double { widths.reduce(0, +) }

  private static let measuredRows = 1_000
  private static let widestProse = 42
  private static let widestCode = 60

  /// - Parameter narrowest: what all columns are together at least.
  init(_ table: TabularDocument?, language: OutputLanguage, columnCount: Int, narrowest: Double) {
    let columns = table?.columns ?? []
    widths = columns.enumerated().map { index, column in
      let values = CellValues(column: column, language: language)
      let rows = (table?.rows.prefix(Self.measuredRows)).map(Array.init) ?? []
      let cells = (rows + (table?.total.map { [$0] } ?? [])).compactMap { index < $0.count ? $0[index] : nil }
      let content = cells.reduce(0) { max($0, values.width($1)) }
      let shown = min(content, column.kind == .text ? Self.widestProse : Self.widestCode)
      let header = column.header[language]
      let longestWord = header.split(separator: " ").reduce(0) { max($0, DisplayWidth.of(String($1))) }
      let wrapped = max(longestWord, (DisplayWidth.of(header) + 2) / 3)
      return max(Double(shown) + 1.6, Double(wrapped) * 1.06 + 1.6, 6)
    }
    while widths.count < columnCount { widths.append(20) }
    let missing = narrowest - total
    if missing > 0 {
      // Prose takes what is left over; without prose all columns share it.
      let prose = columns.indices.filter { columns[$0].kind == .text }
      let takers = prose.isEmpty ? Array(widths.indices) : prose
      for column in takers { widths[column] += missing / Double(takers.count) }
    }
  }
}
