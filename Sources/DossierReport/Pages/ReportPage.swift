internal import DossierCore
internal import Mustache

/// The report as one HTML page that needs nothing else: style and pictures stand in it, no script, no address.
///
/// The same page is shown on a screen, printed by a browser, and made into a PDF. It is well-formed XML too, so that
/// any strict reader can check it. Layout follows Nghị định 30/2020/NĐ-CP, annex I. Header block and signature stay
/// Vietnamese in an English report: they are parts of an official form whose names exist in Vietnamese only.
struct ReportPage {
  /// What stands in for the rows of a table that is too long for paper.
  struct Annex {
    /// Rows that a table may have at most.
    var rowLimit: Int
    /// SHA-256 of the workbook with all rows, hexadecimal; nil when there is no workbook.
    var digest: String?
  }

  let document: ReportDocument
  let language: OutputLanguage
  var annex: Annex?

  /// - Throws: when the page's template is not one, which is a fault of the program.
  func html() throws -> String {
    let template = try MustacheTemplate(
      string: String(decoding: PackageResources.report_mustache, as: UTF8.self))
    return template.render(context())
  }

  // MARK: What the template is filled with

  /// Every text in it is escaped here already. The template engine would escape character by character, see
  /// ``Markup``, so the template is set to leave texts alone.
  private func context() -> [String: Any] {
    let (word, subject) = titleParts
    var numbering = Numbering()
    let sections = document.sections.enumerated().map { index, section in
      self.section(section, index: index, numbering: &numbering)
    }
    var context: [String: Any] = [
      "language": language.rawValue,
      "title": Markup.escaped(document.title[language]),
      "titleWord": word, "titleSubject": Markup.escaped(subject),
      "style": String(decoding: PackageResources.report_css, as: UTF8.self),
      "paper": document.isLandscape ? "A4 landscape" : "A4",
      "orientation": document.isLandscape ? "landscape" : "portrait",
      "lead": document.lead.map { Markup.escaped($0[language]) },
      "sections": sections,
      "noteTitle": words(vi: "Ghi chú và cách tính", en: "Notes and method"),
      "note": document.note.text.map { Markup.escaped($0[language]) },
    ]
    if let heading = document.heading {
      context["author"] = Markup.escaped(heading.office)
      context["heading"] = self.heading(heading)
    }
    if let known = document.note.knownAt, known.utf8.allSatisfy({ "0123456789-:.+TZ".utf8.contains($0) }) {
      context["created"] = known
    }
    if document.sections.count > 2 {
      context["contents"] = [
        "contentsWord": words(vi: "Các phần của báo cáo", en: "Parts of the report"),
        "entries": sections.map { ["id": $0["id"] ?? "", "title": $0["title"] ?? ""] },
      ]
    }
    return context
  }

  private func words(vi: String, en: String) -> String { language == .vi ? vi : en }

  /// The word that national reports begin with on a line of its own, and what the report is about.
  private var titleParts: (word: String, subject: String) {
    let title = document.title[language]
    switch language {
    case .vi:
      guard title.lowercased().hasPrefix("báo cáo ") else { return ("BÁO CÁO", title) }
      let subject = title.dropFirst("báo cáo ".count)
      return ("BÁO CÁO", subject.prefix(1).uppercased() + subject.dropFirst())
    case .en:
      guard title.lowercased().hasSuffix(" report") else { return ("REPORT", title) }
      return ("REPORT", String(title.dropLast(" report".count)))
    }
  }

  private func heading(_ heading: ReportHeading) -> [String: Any] {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let date =
      heading.date.map { date in
        // Days below 10 and the months 1 and 2 take a leading zero, so that no figure can be put before them.
        "ngày \(two(date.day)) tháng \(date.month < 3 ? "0" : "")\(date.month) năm \(date.year)"
      } ?? "ngày …… tháng …… năm ………"
    var context: [String: Any] = [
      "office": Markup.escaped(heading.office.uppercased()),
      "place": Markup.escaped(heading.place ?? "……………"), "date": date,
    ]
    if let superior = heading.superior { context["superior"] = Markup.escaped(superior.uppercased()) }
    return context
  }

  // MARK: Sections

  /// Figures and tables are numbered through the whole report.
  private struct Numbering {
    var figure = 0
    var table = 0
  }

  private func section(
    _ section: ReportSection, index: Int, numbering: inout Numbering
  ) -> [String: Any] {
    let title = section.title[language]
    var context: [String: Any] = [
      "id": Markup.identifier(section.id) + "-\(index + 1)",
      "title": Markup.escaped(document.sections.count > 1 ? Self.roman(index + 1) + ". " + title : title),
      "text": section.text.map { Markup.escaped($0[language]) },
    ]
    context["charts"] = section.charts.map { chart in
      numbering.figure += 1
      return self.chart(chart, number: numbering.figure)
    }
    if let table = section.table {
      numbering.table += 1
      let caption = words(vi: "Bảng", en: "Table") + " \(numbering.table). " + title
      let (markup, annex) = self.table(
        table, caption: caption, hidesCaption: section.text.isEmpty && section.charts.isEmpty,
        numbersColumns: section.numbersColumns)
      context["table"] = markup
      context["annex"] = annex
    }
    return context
  }

  private func chart(_ chart: ReportChart, number: Int) -> [String: Any] {
    let word = words(vi: "Hình", en: "Figure") + " \(number)"
    var context: [String: Any] = [
      "caption": Markup.escaped(word + ". " + chart.title[language]),
      "svg": chart.svg(id: "figure-\(number)", language: language),
      "description": Markup.escaped(chart.description[language]),
    ]
    if let data = chart.data {
      let caption = words(vi: "Số liệu của hình \(number)", en: "Data of figure \(number)")
      let (markup, annex) = table(data, caption: caption, hidesCaption: true, numbersColumns: false)
      context["data"] = ["title": caption, "table": markup, "annex": annex]
    }
    return context
  }

  /// The table, or its total and a sentence about where its rows are.
  private func table(
    _ table: TabularDocument, caption: String, hidesCaption: Bool, numbersColumns: Bool
  ) -> (table: String, annex: String) {
    var shown = table
    var sentence = ""
    if let annex, table.rows.count > annex.rowLimit {
      sentence = "<p class=\"annex\">\(annexSentence(rows: table.rows.count, annex))</p>"
      guard table.total != nil else { return ("", sentence) }
      shown.rows = []
    }
    let markup = TableMarkup(
      table: shown, caption: caption, hidesCaption: hidesCaption, numbersColumns: numbersColumns,
      language: language, paperWidth: document.isLandscape ? 714 : 467)
    return (markup.html(), sentence)
  }

  private func annexSentence(rows: Int, _ annex: Annex) -> String {
    let count = NumberText.human(rows, language: language)
    guard let digest = annex.digest else {
      return words(
        vi: "Bảng có \(count) dòng, quá dài để in; các dòng có trong báo cáo dạng HTML và CSV.",
        en: "The table has \(count) rows, too many to print; they are in the report as HTML and CSV.")
    }
    return words(
      vi: "Bảng có \(count) dòng, nằm ở phụ lục là chính báo cáo này dạng XLSX, SHA-256 \(digest).",
      en:
        "The table has \(count) rows; they are in the annex, which is this report as XLSX, SHA-256 \(digest)."
    )
  }

  static func roman(_ number: Int) -> String {
    let signs = [(50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
    var rest = number
    return signs.reduce(into: "") { text, sign in
      while rest >= sign.0 {
        text += sign.1
        rest -= sign.0
      }
    }
  }
}
