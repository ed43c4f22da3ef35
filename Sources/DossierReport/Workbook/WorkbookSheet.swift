internal import CXLSXWriter

/// What a cell of a workbook holds.
enum SheetValue: Equatable {
  case blank
  case number(Double)
  case text(String)
}

/// One sheet of a workbook that is being written. Rows and columns count from 0.
struct WorkbookSheet {
  let name: String
  let sheet: UnsafeMutablePointer<lxw_worksheet>
  let file: WorkbookFile

  /// Rows of a sheet in the format itself.
  static let greatestRowCount = 1_048_576
  /// Columns of a sheet.
  static let greatestColumnCount = 16_384
  /// UTF-16 units of a cell's text.
  static let greatestTextLength = 32_767

  /// Points of a row with one line of the usual letters.
  static let usualHeight = 17.0

  func write(_ value: SheetValue, row: Int, column: Int, look: CellLook) throws {
    try write(value, row: row, column: column, format: file.format(look))
  }

  func write(_ value: SheetValue, row: Int, column: Int, format: UnsafeMutablePointer<lxw_format>) throws {
    let (line, place) = (lxw_row_t(row), lxw_col_t(column))
    file.cellCount += 1
    switch value {
    case .blank: try WorkbookFile.check(worksheet_write_blank(sheet, line, place, format))
    case .number(let number):
      try WorkbookFile.check(worksheet_write_number(sheet, line, place, number, format))
    case .text(let text):
      let clean = try checked(text, row: row, column: column)
      // Always a string, whatever it begins with: never a formula, never a link.
      try WorkbookFile.check(worksheet_write_string(sheet, line, place, clean, format))
    }
  }

  /// Writes a text over several columns of one row.
  func write(_ text: String, row: Int, columns: ClosedRange<Int>, look: CellLook) throws {
    guard columns.count > 1 else {
      return try write(text.isEmpty ? .blank : .text(text), row: row, column: columns.lowerBound, look: look)
    }
    try merge(text, rows: row...row, columns: columns, look: look)
  }

  /// Writes a text over a block of cells; over several rows only where rows stay in memory.
  func merge(_ text: String, rows: ClosedRange<Int>, columns: ClosedRange<Int>, look: CellLook) throws {
    let clean = try checked(text, row: rows.lowerBound, column: columns.lowerBound)
    file.cellCount += rows.count * columns.count
    try WorkbookFile.check(
      worksheet_merge_range(
        sheet, lxw_row_t(rows.lowerBound), lxw_col_t(columns.lowerBound), lxw_row_t(rows.upperBound),
        lxw_col_t(columns.upperBound), clean, file.format(look)))
  }

  private func checked(_ text: String, row: Int, column: Int) throws -> String {
    let clean = SheetText.clean(text)
    // No text of fewer bytes can be too long.
    guard clean.utf8.count <= Self.greatestTextLength || clean.utf16.count <= Self.greatestTextLength else {
      throw RenderingRefusal.workbook(
        "\(name), row \(row + 1), column \(column + 1): \(clean.utf16.count) > \(Self.greatestTextLength) characters"
      )
    }
    return clean
  }

  /// - Parameter points: height of the row; before its first cell is written.
  func setHeight(_ points: Double, row: Int) throws {
    try WorkbookFile.check(worksheet_set_row(sheet, lxw_row_t(row), points, nil))
  }

  /// - Parameter width: in digits of the usual font.
  func setWidth(_ width: Double, column: Int) throws {
    try WorkbookFile.check(worksheet_set_column(sheet, lxw_col_t(column), lxw_col_t(column), width, nil))
  }

  /// A4 with the margins of administrative documents (20 mm above and below, 30 mm left, 15 mm right), as wide as the
  /// paper, the page's number in the top margin. The number stands on the first page too: libxlsxwriter cannot leave it
  /// out there alone.
  func setPage(isLandscape: Bool, isFitted: Bool = true) throws {
    worksheet_set_default_row(sheet, Self.usualHeight, 0)
    worksheet_set_paper(sheet, 9)
    if isLandscape { worksheet_set_landscape(sheet) } else { worksheet_set_portrait(sheet) }
    let millimetre = 1 / 25.4
    worksheet_set_margins(sheet, 30 * millimetre, 15 * millimetre, 20 * millimetre, 20 * millimetre)
    if isFitted { worksheet_fit_to_pages(sheet, 1, 0) }
    worksheet_gridlines(sheet, UInt8(LXW_HIDE_ALL_GRIDLINES.rawValue))
    var options = lxw_header_footer_options()
    options.margin = 10 * millimetre
    try WorkbookFile.check(worksheet_set_header_opt(sheet, "&C&\"\(CellLook.face),Regular\"&13&P", &options))
  }

  /// Keeps rows in sight on the screen, and repeats some of them on every printed page.
  func freeze(above row: Int, leftOf column: Int, repeating header: ClosedRange<Int>) throws {
    if row > 0 || column > 0 { worksheet_freeze_panes(sheet, lxw_row_t(row), lxw_col_t(column)) }
    try WorkbookFile.check(
      worksheet_repeat_rows(sheet, lxw_row_t(header.lowerBound), lxw_row_t(header.upperBound)))
  }

  func addFilter(rows: ClosedRange<Int>, columns: ClosedRange<Int>) throws {
    try WorkbookFile.check(
      worksheet_autofilter(
        sheet, lxw_row_t(rows.lowerBound), lxw_col_t(columns.lowerBound), lxw_row_t(rows.upperBound),
        lxw_col_t(columns.upperBound)))
  }

  func activate() { worksheet_activate(sheet) }
}

/// Texts as a workbook can hold them.
enum SheetText {
  /// Line ends as line feeds; characters that XML cannot carry as U+FFFD; `_x0041_`, which a spreadsheet would read as an
  /// escape, escaped itself (ECMA-376 part 1, 22.9.2.19).
  static func clean(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x5F && $0 != 0xEF }) { return text }
    var scalars = String.UnicodeScalarView()
    var isAfterReturn = false
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\r": scalars.append("\n")
      case "\n": if !isAfterReturn { scalars.append(scalar) }
      case "\t": scalars.append(scalar)
      case "\u{0}"..<"\u{20}", "\u{FFFE}", "\u{FFFF}": scalars.append("\u{FFFD}")
      case "_" where isEscape(rest): scalars.append(contentsOf: "_x005F_".unicodeScalars)
      default: scalars.append(scalar)
      }
      isAfterReturn = scalar == "\r"
    }
    return String(scalars)
  }

  /// Whether `xHHHH_` comes next.
  private static func isEscape(_ rest: Substring.UnicodeScalarView) -> Bool {
    let next = Array(rest.prefix(6))
    return next.count == 6 && next[0] == "x" && next[5] == "_"
      && next[1...4].allSatisfy { $0.isASCII && $0.properties.isASCIIHexDigit }
  }

  /// A text for a place where libxlsxwriter would take one that begins with `=` for a reference.
  static func label(_ text: String) -> String {
    let clean = clean(text)
    return clean.hasPrefix("=") ? " " + clean : clean
  }
}

/// Names of sheets: at most 31 characters, none of `[]:*?/\`, no apostrophe at the ends, no two the same.
struct SheetNames {
  private var taken: Set<String> = ["history"]  // reserved by Excel
  static let greatestLength = 31

  /// A good name as near to the title as possible, cut between words.
  /// - Parameter fallback: when the title has no character that a name may have.
  mutating func name(for title: String, fallback: String) -> String {
    let allowed = DisplayWidth.safe(title).filter { !"[]:*?/\\".contains($0) }
    let words = allowed.split(separator: " ").joined(separator: " ")
    let trimmed = Self.trimmed(words[...])
    let base = trimmed.isEmpty ? fallback : String(trimmed)
    var candidate = Self.cut(base, to: Self.greatestLength)
    var number = 2
    while !taken.insert(candidate.lowercased()).inserted {
      let suffix = " (\(number))"
      candidate = Self.cut(base, to: Self.greatestLength - suffix.utf16.count) + suffix
      number += 1
    }
    return candidate
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while let first = text.first, first == "'" || first == " " { text.removeFirst() }
    while let last = text.last, "' ,;.-–".contains(last) { text.removeLast() }
    return text
  }

  private static func cut(_ text: String, to length: Int) -> String {
    guard text.utf16.count > length else { return text }
    var kept = text[...]
    while kept.utf16.count > length - 1 { kept.removeLast() }
    // Not in the middle of a word, unless it is the only one.
    let next = text[kept.endIndex...].first
    if next != " ", let space = kept.lastIndex(of: " "), space > kept.startIndex { kept = kept[..<space] }
    return String(trimmed(kept)) + "…"
  }
}
