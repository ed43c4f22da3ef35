internal import DossierCore

/// CSV that Vietnamese Excel opens by a double click: UTF-8 with byte order mark, semicolons, decimal commas, CRLF.
///
/// - Headers are the words that people read. There is no line `sep=;`: with it Excel overlooks the byte order mark.
/// - Days are `dd/MM/yyyy`; times keep their offset and so stay text. Shares are percentages with the column's decimals.
/// - A text that begins like a formula gets an apostrophe before it, as in ``RowWriter``.
/// - A text that Excel would change (leading zeros, more than eleven digits, something like a date) is written
///   `="0012"`. An apostrophe would be shown, a blank would become part of the code; the formula shows the code as it is
///   and cannot do anything else, because only texts of digits and `. , / - : %` and `E` are ever put inside.
/// - Whoever wants to calculate with the file, or read it by a program, takes XLSX, CSV or JSON.
struct ExcelText {
  let document: TabularDocument
  let language: OutputLanguage

  func text() -> String {
    var lines = "\u{FEFF}"
    append(document.columns.map { Self.quoted(Self.guarded(header($0))) }, to: &lines)
    for row in document.rows + (document.total.map { [$0] } ?? []) {
      append(
        document.columns.enumerated().map { index, column in
          index < row.count ? cell(row[index], column: column) : ""
        }, to: &lines)
    }
    return lines
  }

  private func append(_ cells: [String], to lines: inout String) {
    lines += cells.joined(separator: ";")
    lines += "\r\n"
  }

  /// The header with the group that stands over it.
  private func header(_ column: Column) -> String {
    column.group.map { "\($0[language]): \(column.header[language])" } ?? column.header[language]
  }

  private func cell(_ cell: Cell, column: Column) -> String {
    switch cell {
    case .none: return ""
    case .integer(let value):
      return column.kind == .code || value.magnitude > 999_999_999_999_999
        ? Self.protected(String(value)) : String(value)
    case .decimal(let value):
      if case .percent(let places) = column.kind {
        return (NumberText.human(value * 100, places: places, language: .vi) ?? "")
          .filter { $0 != "." } + (value.isFinite ? "%" : "")
      }
      return String((NumberText.plain(value) ?? "").map { $0 == "." ? "," : $0 })
    case .flag(let value):
      return language == .vi ? (value ? "có" : "không") : (value ? "yes" : "no")
    case .list(let values): return Self.protected(values.joined(separator: "; "))
    case .words(let text): return Self.protected(text[language])
    case .text(let value):
      switch column.kind {
      case .date where CalendarDate(value) != nil, .time where OffsetDateTime(value) != nil:
        return HumanDate.text(value, language: .vi)
      default: return Self.protected(value)
      }
    }
  }

  private static func protected(_ text: String) -> String {
    isMangled(text) ? quoted("=\"\(text)\"") : quoted(guarded(text))
  }

  private static func guarded(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) else {
      return text
    }
    return "'" + text
  }

  /// Whether Excel would take the text for a number or a date and show something else.
  private static func isMangled(_ text: String) -> Bool {
    let bytes = text.utf8
    guard let first = bytes.first, (0x30...0x39).contains(first), bytes.count <= 255 else { return false }
    guard bytes.allSatisfy({ (0x30...0x39).contains($0) || "./,-:%eE".utf8.contains($0) }) else {
      return false
    }
    let isPlainNumber = bytes.allSatisfy { (0x30...0x39).contains($0) } && bytes.count <= 11
    return !(isPlainNumber && (first != 0x30 || bytes.count == 1))
  }

  /// By scalar: to Swift "\r\n" is one Character, and so is a quotation mark with a combining mark.
  private static func quoted(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { ";\"\r\n".unicodeScalars.contains($0) }) else { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}
