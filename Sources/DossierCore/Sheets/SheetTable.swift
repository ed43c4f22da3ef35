/// One cell of a table that somebody else made: what it shows and, in a workbook, what it holds.
public enum SheetCell: Hashable, Sendable {
  case empty
  /// Text in NFC, without white space at its ends.
  case text(String)
  /// A number of a workbook; `isPercent` when it is shown as a percentage, so that 0.7895 shows 78.95 %.
  /// `places`: the decimals that the cell's format shows; nil when the format does not say.
  case number(Double, isPercent: Bool, places: Int?)
  case date(CalendarDate)
  /// A date with a time of day in seconds; tables say no zone.
  case time(CalendarDate, seconds: Int)
  case flag(Bool)
}

/// One row of a table, with where it stands in the file.
public struct SheetRow: Hashable, Sendable {
  /// Line of the text file, or row of the worksheet, from 1.
  public var line: Int
  public var cells: [SheetCell]

  public init(line: Int, cells: [SheetCell]) {
    self.line = line
    self.cells = cells
  }

  /// The cell of a column, `empty` beyond the last one.
  public subscript(column: Int) -> SheetCell { cells.indices.contains(column) ? cells[column] : .empty }
}

/// A table as it stands in a text file or in one sheet of a workbook: untyped, nothing decided about headers.
public struct SheetTable: Hashable, Sendable {
  /// The sheet's name; the file's for a text file.
  public var name: String
  /// Rows without any content are left out; their lines are not.
  public var rows: [SheetRow]

  public init(name: String, rows: [SheetRow]) {
    self.name = name
    self.rows = rows
  }
}
