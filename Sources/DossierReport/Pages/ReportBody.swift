/// The parts of a report as markup for a page that has its own header, style sheet and a content policy without inline
/// styles: every text is escaped, and there is no style attribute, no style element, no script and no address but those
/// inside the page.
public struct ReportBody: Sendable {
  /// One part: its heading's anchor and title, and the markup below the heading.
  public struct Part: Sendable {
    public var id: String
    public var title: String
    public var markup: String
  }

  private let document: ReportDocument
  private let language: OutputLanguage
  /// Rows of a table that are written; the others are counted and stand in the downloads.
  private let rowLimit: Int
  private var figures = 0
  private var tables = 0

  private init(_ document: ReportDocument, _ language: OutputLanguage, _ rowLimit: Int) {
    self.document = document
    self.language = language
    self.rowLimit = rowLimit
  }

  /// - Parameter rowLimit: rows of each table; a chart's figures get half of that.
  public static func parts(
    of document: ReportDocument, language: OutputLanguage, rowLimit: Int
  ) -> [Part] {
    var body = ReportBody(document, language, max(rowLimit, 2))
    return document.sections.enumerated().map { body.part($1, position: $0) }
  }

  private mutating func part(_ section: ReportSection, position: Int) -> Part {
    let plain = section.title[language]
    let title = document.sections.count > 1 ? ReportPage.roman(position + 1) + ". " + plain : plain
    var markup = section.text.map { "<p>\(Markup.escaped($0[language]))</p>\n" }.joined()
    for chart in section.charts { markup += figure(chart) }
    if let table = section.table {
      tables += 1
      markup += self.table(
        table, caption: words(vi: "Bảng", en: "Table") + " \(tables). " + plain,
        hidesCaption: section.text.isEmpty && section.charts.isEmpty, numbersColumns: section.numbersColumns,
        limit: rowLimit)
    }
    return Part(id: Markup.identifier(section.id) + "-\(position + 1)", title: title, markup: markup)
  }

  private mutating func figure(_ chart: ReportChart) -> String {
    figures += 1
    let caption = words(vi: "Hình", en: "Figure") + " \(figures). " + chart.title[language]
    var markup = """
      <figure>
      <figcaption>\(Markup.escaped(caption))</figcaption>
      <div class="chart">\(chart.svg(id: "figure-\(figures)", language: language))</div>
      <p class="description" aria-hidden="true">\(Markup.escaped(chart.description[language]))</p>
      </figure>

      """
    if let data = chart.data {
      let caption = words(vi: "Số liệu của hình \(figures)", en: "Data of figure \(figures)")
      markup += "<details>\n<summary>\(caption)</summary>\n"
      markup += table(
        data, caption: caption, hidesCaption: true, numbersColumns: false, limit: rowLimit / 2)
      markup += "</details>\n"
    }
    return markup
  }

  private func table(
    _ table: TabularDocument, caption: String, hidesCaption: Bool, numbersColumns: Bool, limit: Int
  ) -> String {
    var markup = TableMarkup(
      table: table, caption: caption, hidesCaption: hidesCaption, numbersColumns: numbersColumns,
      language: language, paperWidth: document.isLandscape ? 714 : 467)
    markup.setsWidths = false
    markup.rowLimit = limit
    let left = table.rows.count - limit
    guard left > 0 else { return markup.html() + "\n" }
    let count = NumberText.human(left, language: language)
    let sentence = words(
      vi: "Còn \(count) dòng nữa; tải báo cáo để xem đủ.",
      en: "\(count) more rows; the downloads have them all.")
    return markup.html() + "\n<p class=\"more\">\(sentence)</p>\n"
  }

  private func words(vi: String, en: String) -> String { language == .vi ? vi : en }
}
