/// One column of a ``TabularDocument``.
public struct Column: Equatable, Sendable {
  /// What a column holds, which decides how people see it.
  public enum Kind: Equatable, Sendable {
    /// Prose; cut with an ellipsis where a terminal is too narrow.
    case text
    /// An identifier; never cut, never grouped.
    case code
    case integer
    /// A number shown to people with this many decimals; machines get every digit.
    case decimal(places: Int)
    /// A share, 0.25 shown to people as 25 % with this many decimals; machines get the share.
    case percent(places: Int)
    /// `yyyy-mm-dd`, shown as `dd/mm/yyyy` in Vietnamese.
    case date
    /// RFC 3339 with offset, shown with the date as above.
    case time
    case flag
  }

  public enum Alignment: Equatable, Sendable { case left, right }

  /// The stable English key: JSON member, CSV and TSV header.
  public let key: String
  /// What people read above the column.
  public let header: BilingualText
  public let kind: Kind
  public let alignment: Alignment
  /// A header that stands over this column and its neighbours with the same one, as in the national forms.
  public var group: BilingualText?

  /// Without an `alignment`, numbers stand right and everything else left.
  public init(
    key: String, header: BilingualText, kind: Kind = .text, alignment: Alignment? = nil,
    group: BilingualText? = nil
  ) {
    self.key = key
    self.header = header
    self.kind = kind
    self.group = group
    switch kind {
    case .integer, .decimal, .percent: self.alignment = alignment ?? .right
    default: self.alignment = alignment ?? .left
    }
  }

  /// A column with both headers spelt out.
  public init(
    _ key: String, vi: String, en: String, kind: Kind = .text, alignment: Alignment? = nil,
    group: BilingualText? = nil
  ) {
    self.init(
      key: key, header: BilingualText(vi: vi, en: en), kind: kind, alignment: alignment, group: group)
  }
}

/// One value of a row. `none` is `null` in JSON and empty elsewhere.
public enum Cell: Equatable, Sendable {
  case none
  case text(String)
  case integer(Int)
  case decimal(Double)
  case flag(Bool)
  /// Several short texts: an array in JSON, joined by `; ` elsewhere.
  case list([String])
  /// Words of the program's own, which people read in their language and machines in English.
  indirect case words(BilingualText)

  /// The text, or `none` for nil.
  public static func text(orNone value: String?) -> Cell { value.map(Cell.text) ?? .none }

  /// The number, or `none` for nil.
  public static func decimal(orNone value: Double?) -> Cell { value.map(Cell.decimal) ?? .none }
}

/// The rows of one verb, and how to write them in every format the CLI offers.
///
/// People get an aligned table in their language; machines get stable English keys and plain numbers whatever
/// the language. A verb that has more rows than memory writes the line formats with ``RowWriter`` instead.
public struct TabularDocument: Equatable, Sendable {
  public var columns: [Column]
  public var rows: [[Cell]]
  /// A last row set off by a rule in the table; a row like the others in the line formats and the JSON array.
  public var total: [Cell]?
  /// Table only: the line above everything.
  public var title: BilingualText?
  /// Table only: lines between title and header.
  public var lead: [BilingualText]
  /// Table only: lines under the rows.
  public var notes: [BilingualText]
  /// What `json` writes instead of an array of the rows.
  public var json: JSONOutput?

  /// A row has one cell a column, in the order of `columns`; a shorter row is filled with `none`.
  public init(
    columns: [Column], rows: [[Cell]], total: [Cell]? = nil, title: BilingualText? = nil,
    lead: [BilingualText] = [], notes: [BilingualText] = [], json: JSONOutput? = nil
  ) {
    self.columns = columns
    self.rows = rows
    self.total = total
    self.title = title
    self.lead = lead
    self.notes = notes
    self.json = json
  }

  /// The whole document as text, final newline included.
  /// - Parameters:
  ///   - format: what to write.
  ///   - style: for `table` only; no other format changes with language, width or colour.
  public func render(_ format: OutputFormat, style: TableStyle = TableStyle()) -> String {
    let allRows = rows + (total.map { [$0] } ?? [])
    if let lineFormat = format.lineFormat {
      let writer = RowWriter(columns: columns, format: lineFormat)
      return allRows.reduce(into: writer.header()) { $0 += writer.line($1) }
    }
    guard format == .json else { return TableText(document: self, style: style).text() }
    let value = json ?? .array(allRows.map { RowWriter.object($0, columns: columns) })
    return value.text(pretty: true) + "\n"
  }
}
