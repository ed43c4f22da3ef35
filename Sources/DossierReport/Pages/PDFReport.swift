extension ReportDocument {
  /// Rows that a printed table may have; longer ones are an annex. WeasyPrint takes some ten milliseconds a row, and
  /// nobody reads forty pages of them on paper.
  static let printedRowLimit = 1_000

  /// The report as PDF: the page of ``ReportPage``, printed.
  ///
  /// - Parameter annexDigest: SHA-256, hexadecimal, of the workbook of this same report; asked for only when a table is
  ///   too long for paper.
  func pdf(
    language: OutputLanguage, engine: PrintEngine = PrintEngine(), annexDigest: () throws -> String? = { nil }
  ) throws -> [UInt8] {
    try engine.pdf(of: Array(printedPage(language: language, annexDigest: annexDigest).utf8))
  }

  /// The page that is printed: the one of ``ReportPage``, long tables replaced by their totals.
  func printedPage(language: OutputLanguage, annexDigest: () throws -> String?) throws -> String {
    let tables = sections.flatMap { section in
      [section.table].compactMap { $0 } + section.charts.compactMap(\.data)
    }
    let needsAnnex = tables.contains { $0.rows.count > Self.printedRowLimit }
    let annex = ReportPage.Annex(
      rowLimit: Self.printedRowLimit, digest: needsAnnex ? try annexDigest() : nil)
    return try ReportPage(document: self, language: language, annex: annex).html()
  }
}
