internal import DossierCore

/// One worksheet: its rows as they are shown, from the values that its cells hold.
final class WorksheetPart: PartHandler {
  /// What the sheets of one workbook share.
  struct Surroundings {
    var file: String
    var limits: SheetLimits
    var texts: [SheetCell] = []
    var formats: [NumberFormat] = []
    var dates = SerialDate(countsFrom1904: false)
  }

  private(set) var rows: [SheetRow] = []
  /// Cells kept, empty ones before a filled one included.
  private(set) var cellCount: Int
  private let around: Surroundings
  private let sheet: String

  private var isInData = false
  private var row = 0
  private var column = 0
  private var cells: [SheetCell] = []
  private var isInCell = false
  private var type = ""
  private var style = 0
  private var hasFormula = false
  private var isInValue = false
  private var value: [UInt8] = []
  private var inlineText = TextCapture()
  private var merged: [(first: CellReference, last: CellReference)] = []

  /// - Parameter cellCount: cells of the sheets before.
  init(sheet: String, around: Surroundings, cellCount: Int) {
    self.sheet = sheet
    self.around = around
    self.cellCount = cellCount
  }

  // MARK: Markup

  func start(_ element: PartWord, _ attributes: PartAttributes) throws(SheetRefusal) {
    switch element {
    case .sheetData: isInData = true
    case .row where isInData: try startRow(attributes)
    case .cell where isInData: try startCell(attributes)
    case .value where isInCell: isInValue = true
    case .formula where isInCell: hasFormula = true
    case .phonetic, .text: inlineText.start(element)
    case .mergeCell: try startMerge(attributes)
    default: break
    }
  }

  func end(_ element: PartWord) throws(SheetRefusal) {
    switch element {
    case .sheetData: isInData = false
    case .row where isInData: try endRow()
    case .cell where isInCell: try endCell()
    case .value: isInValue = false
    case .phonetic, .text: inlineText.end(element)
    default: break
    }
  }

  func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    if isInValue {
      if value.count <= around.limits.cellBytes { value.append(contentsOf: bytes) }
    } else if isInCell {
      inlineText.append(bytes, limit: around.limits.cellBytes)
    }
  }

  // MARK: Rows and cells

  /// Rows and cells stand in order; one without its number follows the one before.
  private func startRow(_ attributes: PartAttributes) throws(SheetRefusal) {
    let number = attributes.bytes(.run) == nil ? row + 1 : attributes.number(.run) ?? 0
    guard number > row, number <= CellReference.greatestRow else { throw damaged("row after \(row)") }
    row = number
    column = 0
    cells.removeAll(keepingCapacity: true)
  }

  private func startCell(_ attributes: PartAttributes) throws(SheetRefusal) {
    var next = column + 1
    if let reference = attributes.bytes(.run) {
      guard let place = CellReference(reference), place.row == row, place.column > column else {
        throw damaged("cell after \(CellReference.text(column: max(column, 1), row: row))")
      }
      next = place.column
    }
    guard next <= CellReference.greatestColumn else { throw damaged("row \(row)") }
    column = next
    isInCell = true
    type = attributes.text(.text) ?? "n"
    style = attributes.number(.style) ?? 0
    hasFormula = false
    value.removeAll(keepingCapacity: true)
    inlineText.begin()
  }

  private func endCell() throws(SheetRefusal) {
    isInCell = false
    isInValue = false
    // A formula may well give an empty text, and says so; openpyxl writes an empty value because it calculates nothing.
    guard !hasFormula || !value.isEmpty || type == "str" else {
      throw SheetRefusal(
        Finding(
          .sheetUncalculated, file: around.file, line: row,
          path: "\(sheet)!\(CellReference.text(column: column, row: row))"))
    }
    let cell = try content()
    if cell == .empty { return }
    guard column <= around.limits.columns else {
      throw .tooLarge(
        "columns", found: column, limit: around.limits.columns, file: around.file, line: row)
    }
    cellCount += column - cells.count
    guard cellCount <= around.limits.cells else {
      throw .tooLarge("cells", found: cellCount, limit: around.limits.cells, file: around.file, line: row)
    }
    while cells.count < column - 1 { cells.append(.empty) }
    cells.append(cell)
  }

  private func endRow() throws(SheetRefusal) {
    if cells.isEmpty { return }
    rows.append(SheetRow(line: row, cells: cells))
    guard rows.count <= around.limits.rows else {
      throw .tooLarge("rows", found: rows.count, limit: around.limits.rows, file: around.file, line: row)
    }
  }

  private func damaged(_ detail: String) -> SheetRefusal {
    SheetRefusal(
      Finding(.sheetDamaged, file: around.file, line: row > 0 ? row : nil, path: sheet, detail: detail))
  }

  // MARK: Values

  private func content() throws(SheetRefusal) -> SheetCell {
    let bytes = type == "inlineStr" ? inlineText.bytes : value
    guard bytes.count <= around.limits.cellBytes else {
      throw .tooLarge(
        "cell", found: bytes.count, limit: around.limits.cellBytes, file: around.file, line: row)
    }
    if bytes.isEmpty { return .empty }
    switch type {
    case "inlineStr", "str", "e": return SheetText.cell(EscapedText.decode(bytes))
    case "s":
      guard let position = Int(String(decoding: bytes, as: UTF8.self)),
        around.texts.indices.contains(position)
      else { throw damaged(place) }
      return around.texts[position]
    case "b": return .flag(bytes == Array("1".utf8) || bytes == Array("true".utf8))
    case "d":
      guard let cell = SerialDate.written(String(decoding: bytes, as: UTF8.self)) else {
        throw damaged(place)
      }
      return cell
    case "n":
      guard let number = Self.number(bytes) else { throw damaged(place) }
      return shown(number)
    default: throw damaged(place)
    }
  }

  private var place: String { CellReference.text(column: column, row: row) }

  private func shown(_ number: Double) -> SheetCell {
    let format = around.formats.indices.contains(style) ? around.formats[style] : .general
    switch format {
    case .number(let isPercent, let places): return .number(number, isPercent: isPercent, places: places)
    case .date, .dateAndTime, .time: return around.dates.cell(number, format: format)
    }
  }

  /// A finite number in decimal notation; Swift would read `nan` and hexadecimal too.
  private static func number(_ bytes: [UInt8]) -> Double? {
    let isDecimal = bytes.allSatisfy { byte in
      (0x30...0x39).contains(byte) || byte == 0x2B || byte == 0x2D || byte == 0x2E || byte | 0x20 == 0x65
    }
    guard isDecimal, let number = Double(String(decoding: bytes, as: UTF8.self)), number.isFinite else {
      return nil
    }
    return number
  }

  // MARK: Merged cells

  private static let greatestMergeCount = 100_000
  private static let greatestMergeWork = 4_000_000

  private func startMerge(_ attributes: PartAttributes) throws(SheetRefusal) {
    guard let range = attributes.bytes(.reference) else { return }
    let ends = range.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard let first = ends.first.flatMap({ CellReference($0) }),
      let last = ends.last.flatMap({ CellReference($0) }),
      ends.count <= 2, merged.count < Self.greatestMergeCount
    else { throw damaged("mergeCell") }
    merged.append((first, last))
  }

  /// Takes away what lies hidden under merged cells: only the cell at the top left is shown.
  func hideMerged() throws(SheetRefusal) {
    var work = 0
    for (first, last) in merged {
      var index = firstRow(from: first.row)
      while index < rows.count, rows[index].line <= last.row {
        let from = rows[index].line == first.row ? first.column + 1 : first.column
        let to = min(last.column, rows[index].cells.count)
        if from <= to { for column in from...to { rows[index].cells[column - 1] = .empty } }
        work += max(1, to - from)
        guard work <= Self.greatestMergeWork else { throw damaged("mergeCell") }
        index += 1
      }
    }
    guard !merged.isEmpty else { return }
    for index in rows.indices {
      while rows[index].cells.last == .empty { rows[index].cells.removeLast() }
    }
    rows.removeAll { $0.cells.isEmpty }
  }

  /// Position of the first row that is not above a line.
  private func firstRow(from line: Int) -> Int {
    var low = 0
    var high = rows.count
    while low < high {
      let middle = (low + high) / 2
      if rows[middle].line < line { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
