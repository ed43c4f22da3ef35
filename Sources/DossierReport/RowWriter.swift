/// Writes rows one by one as NDJSON, CSV or TSV, for results that do not fit in memory.
///
/// - NDJSON: one compact object a line, keys in column order, `\n`.
/// - CSV: RFC 4180, `\r\n` after every line, the keys as header. A text cell that begins with `=`, `+`, `-`,
///   `@`, tab or carriage return gets a leading apostrophe, because spreadsheets would run it as a formula.
///   That is not reversible, a phone number `+84…` shows it: programs that need the exact text read JSON,
///   NDJSON or TSV. Numbers are never guarded.
/// - TSV: `\n` after every line, the keys as header; backslash, tab, line feed and carriage return inside a
///   cell are written `\\`, `\t`, `\n` and `\r`, so that a line is always a row.
public struct RowWriter: Sendable {
  public let columns: [Column]
  public let format: LineFormat

  public init(columns: [Column], format: LineFormat) {
    self.columns = columns
    self.format = format
  }

  /// The header line with its line end; empty for NDJSON.
  public func header() -> String {
    format == .ndjson ? "" : separated(columns.map { .text($0.key) })
  }

  /// One row with its line end. Missing cells at the end are `none`; cells beyond the last column are not
  /// written.
  public func line(_ row: [Cell]) -> String {
    switch format {
    case .ndjson: Self.object(row, columns: columns).text(pretty: false) + "\n"
    case .csv, .tsv: separated(columns.indices.map { $0 < row.count ? row[$0] : .none })
    }
  }

  static func object(_ row: [Cell], columns: [Column]) -> JSONOutput {
    .object(
      columns.enumerated().map { index, column in
        .init(key: column.key, value: index < row.count ? json(row[index]) : .null)
      })
  }

  private static func json(_ cell: Cell) -> JSONOutput {
    switch cell {
    case .none: .null
    case .text(let value): .string(value)
    case .integer(let value): .integer(value)
    case .decimal(let value): .decimal(value)
    case .flag(let value): .bool(value)
    case .list(let values): .array(values.map(JSONOutput.string))
    case .words(let text): .string(text.en)
    }
  }

  private func separated(_ cells: [Cell]) -> String {
    format == .csv
      ? cells.map(Self.csv).joined(separator: ",") + "\r\n"
      : cells.map(Self.tsv).joined(separator: "\t") + "\n"
  }

  /// The cell without quoting; `isText` where a person or another system chose the characters.
  private static func plain(_ cell: Cell) -> (text: String, isText: Bool) {
    switch cell {
    case .none: ("", false)
    case .text(let value): (value, true)
    case .integer(let value): (String(value), false)
    case .decimal(let value): (NumberText.plain(value) ?? "", false)
    case .flag(let value): (value ? "true" : "false", false)
    case .list(let values): (values.joined(separator: "; "), true)
    case .words(let text): (text.en, true)
    }
  }

  // Both escape by scalar: to Swift "\r\n" is one Character, and so is a quotation mark with a combining
  // mark.
  private static func csv(_ cell: Cell) -> String {
    var (text, isText) = plain(cell)
    if isText, let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) {
      text = "'" + text
    }
    guard text.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }

  private static func tsv(_ cell: Cell) -> String {
    var escaped = ""
    for scalar in plain(cell).text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\t": escaped += "\\t"
      case "\n": escaped += "\\n"
      case "\r": escaped += "\\r"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
