public import DossierReport

extension JSONOutput {
  /// A row as a JSON object: one member a column, `null` where the row has nothing.
  public static func row(_ columns: [Column], _ cells: [Cell]) -> JSONOutput {
    .object(
      columns.enumerated().map { index, column in
        .init(key: column.key, value: index < cells.count ? value(cells[index]) : .null)
      })
  }

  private static func value(_ cell: Cell) -> JSONOutput {
    switch cell {
    case .none: .null
    case .text(let text): .string(text)
    case .integer(let number): .integer(number)
    case .decimal(let number): .decimal(number)
    case .flag(let flag): .bool(flag)
    case .list(let texts): .array(texts.map(JSONOutput.string))
    case .words(let text): .string(text.en)
    }
  }
}
