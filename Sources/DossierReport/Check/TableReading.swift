internal import DossierCore

/// One row of a report's table with the figures of its form.
struct TableLine: Equatable {
  enum Kind: Equatable {
    case detail
    /// The sum of everything.
    case total
    /// The sum of the rows that name this, folded: "Tổng lĩnh vực đất đai" is `linh vuc dat dai`.
    case nestedTotal(String)
    /// A heading with the sum of the numbered rows under it: I, II, A, B.
    case section
  }

  /// Line of the file or row of the sheet; 0 for a row that is computed.
  var line: Int
  /// The row's own number as printed.
  var number: String?
  var label: String
  var values: [FormQuantity: Int]
  var kind: Kind

  /// Number and name, as a message quotes it.
  var name: String { number.map { label.isEmpty ? $0 : "\($0) \(label)" } ?? label }
}

/// Finds the form in somebody's table: which column is which, which rows are figures, which are totals.
struct TableReading {
  private let table: SheetTable
  private let file: String
  private let style: NumberStyle
  private(set) var layout: FormLayout
  private(set) var lines: [TableLine] = []
  private(set) var findings: [Finding] = []
  /// Whether columns were found by their headers, not by position.
  private(set) var isByHeader: Bool
  private var columns: [FormQuantity: Int]
  private var labelColumn = 0
  private var numberColumn: Int?
  private var firstRow: Int

  /// More rows than any province has fields and procedures.
  static let rowLimit = 20_000
  private static let headerRows = 60
  private static let findingLimit = 100
  private static let labelLength = 300

  /// - Parameter edition: the form, when it is said; else it is found by the headers.
  /// - Throws: a refusal as a finding: nothing of a form in it.
  init(
    _ table: SheetTable, file: String, edition: FormLayout.Edition?, style: NumberStyle
  ) throws(CheckRefusal) {
    self.table = table
    self.file = file
    self.style = style
    guard table.rows.count <= Self.rowLimit else {
      throw CheckRefusal(
        Finding(
          .figuresTooMany, file: file, expected: "≤ \(Self.rowLimit)", found: "\(table.rows.count)"))
    }
    let candidates = edition.map { [FormLayout.edition($0)] } ?? FormLayout.all
    let header = TableHeader(table.rows.prefix(Self.headerRows), style: style)
    if let match = header.match(candidates) {
      layout = match.layout
      columns = match.columns
      isByHeader = true
      firstRow = match.firstRow
    } else if let edition {
      layout = FormLayout.edition(edition)
      columns = [:]
      isByHeader = false
      firstRow = 0
    } else {
      throw CheckRefusal(Finding(.formUnknown, file: file, path: table.name))
    }
    placeColumns()
    for row in table.rows.dropFirst(firstRow) { read(row) }
    guard !lines.isEmpty else { throw CheckRefusal(Finding(.formWithoutRows, file: file, path: table.name)) }
  }

  // MARK: Columns

  /// The names stand left of the figures, the numbers of rows left of the names. Without headers the figures are the
  /// columns after the names, in the form's order.
  private mutating func placeColumns() {
    let firstFigure = columns.values.min()
    let rows = table.rows.dropFirst(firstRow)
    let width = firstFigure ?? rows.reduce(0) { max($0, $1.cells.count) }
    var texts = [Int](repeating: 0, count: min(width, 32))
    for row in rows.prefix(2_000) {
      for column in texts.indices where Self.isName(row[column], style) { texts[column] += 1 }
    }
    // The rightmost of those with most names: a column of numbers beside it may hold a roman one.
    let most = texts.max() ?? 0
    labelColumn = most == 0 ? max(0, min(1, width - 1)) : texts.lastIndex(of: most) ?? 0
    numberColumn = labelColumn > 0 ? labelColumn - 1 : nil
    if columns.isEmpty {
      for (offset, column) in layout.columns.enumerated() {
        columns[column.quantity] = labelColumn + 1 + offset
      }
    }
  }

  private static func isName(_ cell: SheetCell, _ style: NumberStyle) -> Bool {
    guard case .text(let text) = cell else { return false }
    return (try? StatedNumber.read(text, style: style)) == nil && FoldedText.fold(text).utf8.count > 3
  }

  // MARK: Rows

  private mutating func read(_ row: SheetRow) {
    let label = Self.text(row[labelColumn])
    let number = numberColumn.flatMap { Self.text(row[$0]) }
    if isColumnNumbers(row) { return }
    var values: [FormQuantity: Int] = [:]
    var unreadable: [Finding] = []
    for column in layout.columns {
      guard let position = columns[column.quantity], row[position] != .empty else { continue }
      if let value = Self.count(row[position], style) {
        values[column.quantity] = value
      } else {
        unreadable.append(
          Finding(
            .figureForm, file: file, line: row.line, path: "\(table.name)/\(column.key)",
            found: Self.text(row[position]).map { String($0.prefix(40)) } ?? "-"))
      }
    }
    // Headings, signatures and notes bear no figures.
    guard !values.isEmpty || unreadable.count >= 3 else { return }
    findings += unreadable.prefix(max(0, Self.findingLimit - findings.count))
    let name = String((label ?? "").prefix(Self.labelLength))
    lines.append(
      TableLine(
        line: row.line, number: number.map { String($0.prefix(20)) }, label: name, values: values,
        kind: Self.kind(label: name, number: number)))
  }

  /// `(1) (2) (3) …` or `1 2 3 …` under the headers.
  private func isColumnNumbers(_ row: SheetRow) -> Bool {
    TableHeader.columnNumbers(row) != nil
  }

  private static func kind(label: String, number: String?) -> TableLine.Kind {
    let folded = FoldedText.fold(label.isEmpty ? number ?? "" : label)
    // "Cộng" alone; "Công thương" and "Tổng hợp" are fields.
    if folded == "cong" { return .total }
    for word in ["tong cong", "tong so", "tong"] where folded == word || folded.hasPrefix(word + " ") {
      if folded.hasPrefix("tong hop") || folded.hasPrefix("tong cuc") { break }
      let rest = folded.dropFirst(word.utf8.count).drop { $0 == " " }
      // "Tổng số hồ sơ", "Tổng (I+II)" are totals of everything.
      let isWhole =
        ["ho so", "toan huyen", "toan tinh", "toan xa", "toan phuong"].contains(String(rest))
        || rest.allSatisfy { "ivx abc 0123456789".contains($0) }
      return isWhole ? .total : .nestedTotal(String(rest))
    }
    if let number, label.isEmpty == false {
      let mark = FoldedText.fold(number)
      if !mark.isEmpty,
        mark.allSatisfy({ "ivx".contains($0) }) || (mark.count == 1 && "abcdeh".contains(mark))
      {
        return .section
      }
    }
    return .detail
  }

  private static func text(_ cell: SheetCell) -> String? {
    switch cell {
    case .empty: nil
    case .text(let text): text.isEmpty ? nil : text
    case .number(let value, _, _): Int(exactly: value).map { String($0) } ?? String(value)
    case .date(let date), .time(let date, _): date.text
    case .flag(let flag): String(flag)
    }
  }

  /// A count: a whole number, as text or as a cell of a workbook.
  static func count(_ cell: SheetCell, _ style: NumberStyle) -> Int? {
    switch cell {
    case .number(let value, false, _):
      Int(exactly: value).flatMap { abs($0) < 1_000_000_000_000_000 ? $0 : nil }
    case .text(let text):
      if ["-", "–", "—"].contains(text) {
        0
      } else if let number = try? StatedNumber.read(text, style: style), !number.isPercent {
        number.value.integer
      } else {
        nil
      }
    default: nil
    }
  }
}

/// Why a file cannot be checked at all.
struct CheckRefusal: Error, Hashable {
  var finding: Finding
  init(_ finding: Finding) { self.finding = finding }
}
