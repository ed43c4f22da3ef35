internal import DossierCore

/// A report as a workbook (XLSX): a sheet for every section with a table, another for its charts, then the figures that
/// the charts draw, then the notes.
///
/// The same document and language give the same bytes: the time of making is that of the newest event in the report, and
/// nothing comes from the machine.
struct WorkbookRenderer {
  let document: ReportDocument
  let language: OutputLanguage
  /// Rows of one sheet; a longer table goes on in the next sheet.
  var greatestRowCount = WorkbookSheet.greatestRowCount
  /// Beyond so many cells rows leave memory as they are written.
  var cellsKeptInMemory = 200_000

  func bytes() throws -> [UInt8] {
    let cells = document.sections.reduce(0) { $0 + ($1.table.map { $0.rows.count * $0.columns.count } ?? 0) }
    let file = try WorkbookFile(writesRowsOnce: cells > cellsKeptInMemory)
    try file.describe(title: document.title[language], created: created)

    var names = SheetNames()
    let notesName = names.name(for: BilingualText(vi: "Ghi chú", en: "Notes")[language], fallback: "Notes")
    let figures = BilingualText(vi: "Số liệu biểu đồ", en: "Chart figures")[language]
    var charts = ChartFigures(name: names.name(for: figures, fallback: "Figures"), language: language)

    var isFirst = true
    for section in document.sections {
      for part in ([section] + ChartFigures.flows(of: section)).flatMap(parts) {
        let name = names.name(for: part.title[language], fallback: part.id)
        let page = SectionSheet(
          sheet: try file.addSheet(name), document: document, section: part, language: language,
          isFirst: isFirst)
        try page.write()
        if isFirst { page.sheet.activate() }
        isFirst = false
      }
      guard ChartSheet.isNeeded(for: section) else { continue }
      let title = BilingualText(vi: "Biểu đồ: \(section.title.vi)", en: "Charts: \(section.title.en)")
      let name = names.name(for: title[language], fallback: "charts-\(section.id)")
      try ChartSheet(sheet: file.addSheet(name), section: section, language: language).write(&charts)
    }
    if !charts.isEmpty { try charts.write(to: file.addSheet(charts.name)) }
    try NotesSheet(
      sheet: file.addSheet(notesName), document: document, language: language, isFirst: isFirst
    ).write()
    return try file.finish()
  }

  /// Seconds since 1970 of the newest event; without one the day zip archives count from, because 0 means now to
  /// libxlsxwriter.
  private var created: Int {
    document.note.knownAt.flatMap { OffsetDateTime($0) }.map { Int($0.milliseconds / 1000) } ?? 315_532_800
  }

  /// The section as often as its table needs sheets; not at all when it has none.
  private func parts(of section: ReportSection) -> [ReportSection] {
    guard let table = section.table else { return [] }
    // Room for what stands above the rows, the total, and the texts below.
    let room = max(1, greatestRowCount - 40 - section.text.count)
    guard table.rows.count > room else { return [section] }
    let count = (table.rows.count + room - 1) / room
    return (0..<count).map { number in
      var part = section
      part.title = BilingualText(
        vi: "\(section.title.vi) – phần \(number + 1)/\(count)",
        en: "\(section.title.en) – part \(number + 1)/\(count)")
      part.table?.rows = Array(table.rows[(number * room)..<min((number + 1) * room, table.rows.count)])
      if number < count - 1 {
        part.table?.total = nil
        part.text = []
      }
      return part
    }
  }
}

extension ReportDocument {
  /// The report as a workbook.
  /// - Throws: ``RenderingRefusal`` when it does not fit, or cannot be written.
  func workbook(language: OutputLanguage) throws -> [UInt8] {
    try WorkbookRenderer(document: self, language: language).bytes()
  }
}

/// Heights of rows with texts that wrap: programs find them out for single cells, never for merged ones.
enum TextHeight {
  /// Points of a text in a width of so many digits of the usual font.
  static func points(_ text: String, width: Double, look: CellLook) -> Double {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).reduce(0) { lines, line in
      lines + max(1, Int((units(String(line), look: look) / max(width - 1, 1)).rounded(.up)))
    }
    return Double(lines) * line(look)
  }

  static func line(_ look: CellLook) -> Double { (look.size * 1.3).rounded(.up) + 1 }

  /// Width of a text in digits of the usual font: letters of this face are narrower than digits, capitals wider.
  static func units(_ text: String, look: CellLook) -> Double {
    let capitals = text.unicodeScalars.filter(\.properties.isUppercase).count
    let scale = look.size / 12 * (look.isBold ? 1.06 : 1)
    return (Double(DisplayWidth.of(text)) * 0.92 + Double(capitals) * 0.42) * scale
  }
}
