/// The last sheet: sections that are sentences only, then the note: definitions, methods, the log's state, the command.
struct NotesSheet {
  let sheet: WorkbookSheet
  let document: ReportDocument
  let language: OutputLanguage
  /// Whether the report has no other sheet.
  let isFirst: Bool

  private static let width = 100.0

  func write() throws {
    try sheet.setWidth(Self.width, column: 0)
    try sheet.setPage(isLandscape: false)
    var row = 0
    let title = CellLook(size: 14, isBold: true, wraps: true)
    let subtitle = CellLook(size: 13, isBold: true, wraps: true)
    try paragraph(document.title[language], title, &row)
    if isFirst {
      for line in document.lead { try paragraph(line[language], CellLook(isItalic: true, wraps: true), &row) }
    }
    for section in document.sections where section.table == nil && !section.text.isEmpty {
      row += 1
      try paragraph(section.title[language], subtitle, &row)
      for text in section.text { try paragraph(text[language], Self.body, &row) }
    }
    row += 1
    try paragraph(language == .vi ? "Ghi chú" : "Notes", subtitle, &row)
    for line in document.note.text { try paragraph(line[language], Self.body, &row) }
  }

  private static let body = CellLook(wraps: true, isTop: true)

  private func paragraph(_ text: String, _ look: CellLook, _ row: inout Int) throws {
    try sheet.setHeight(TextHeight.points(text, width: Self.width, look: look), row: row)
    try sheet.write(text.isEmpty ? .blank : .text(text), row: row, column: 0, look: look)
    row += 1
  }
}
