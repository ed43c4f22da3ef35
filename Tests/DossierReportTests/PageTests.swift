import DossierCore
import Foundation
import Testing

@testable import DossierReport

@Suite struct PageTests {
  private static func page(_ document: ReportDocument, _ language: OutputLanguage = .vi) throws -> String {
    String(decoding: try document.render(.html, style: TableStyle(language: language)), as: UTF8.self)
  }

  private static func tree(
    _ document: ReportDocument, _ language: OutputLanguage = .vi
  ) throws -> MarkupTree.Element {
    try MarkupTree.read(try page(document, language))
  }

  private func text(_ text: String) -> BilingualText { BilingualText(vi: text, en: text) }

  // MARK: Structure

  @Test(arguments: OutputLanguage.allCases) func thePageIsWellFormedAndOrdered(language: OutputLanguage)
    throws
  {
    let page = try Self.tree(SampleDocument.make(), language)
    #expect(page.children.first?.attributes["lang"] == language.rawValue)
    for landmark in ["header", "main", "footer", "h1"] {
      #expect(page.all(landmark).count == 1, "\(landmark)")
    }
    #expect(page.all("svg").count == 5)
    let ids = page.descendants.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
    let named = page.descendants.compactMap { $0.attributes["aria-labelledby"] }
      .flatMap { $0.split(separator: " ").map(String.init) }
    #expect(Set(named).isSubset(of: ids))
    let targets = page.all("a").compactMap { $0.attributes["href"]?.dropFirst().description }
    #expect(targets.count == 4 && Set(targets).isSubset(of: ids))
  }

  @Test func theSameReportGivesTheSamePage() throws {
    #expect(try Self.page(SampleDocument.make()) == Self.page(SampleDocument.make()))
  }

  @Test func thePageNamesNothingOutsideItself() throws {
    let html = try Self.page(SampleDocument.make())
    for word in [
      "url(", "@import", "<link", "<img", "<image", "<script", "<iframe", "<object", "<base", "src=",
    ] {
      #expect(!html.contains(word), "\(word)")
    }
    let page = try MarkupTree.read(html)
    for element in page.descendants {
      for (key, value) in element.attributes where key.hasSuffix("href") { #expect(value.hasPrefix("#")) }
    }
    let policy = page.all("meta").first { $0.attributes["http-equiv"] == "Content-Security-Policy" }
    #expect(policy?.attributes["content"]?.hasPrefix("default-src 'none'; style-src 'unsafe-inline'") == true)
  }

  // MARK: The national header

  @Test func theHeaderBlockStandsInTheNationalForm() throws {
    let header = try #require(try Self.tree(SampleDocument.make(), .en).all("header").first)
    #expect(header.attributes["lang"] == "vi")
    for line in [
      "TỔNG CÔNG TY BƯU ĐIỆN VIỆT NAM", "BƯU ĐIỆN TỈNH ĐẮK LẮK", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
      "Độc lập - Tự do - Hạnh phúc", "Đắk Lắk, ngày 05 tháng 01 năm 2026",
    ] {
      #expect(header.text.contains(line), "\(line)")
    }
  }

  @Test(arguments: [
    (2026, 1, 5, "ngày 05 tháng 01 năm 2026"), (2026, 2, 28, "ngày 28 tháng 02 năm 2026"),
    (2026, 3, 9, "ngày 09 tháng 3 năm 2026"), (2025, 12, 10, "ngày 10 tháng 12 năm 2025"),
  ])
  func onlySmallDaysAndTheFirstTwoMonthsTakeAZero(year: Int, month: Int, day: Int, line: String) throws {
    var document = SampleDocument.make(rows: 1)
    document.heading?.date = CalendarDate(year: year, month: month, day: day)
    #expect(try Self.page(document).contains("Đắk Lắk, \(line)</p>"))
  }

  @Test func aReportWithoutAnOfficeHasNoHeaderAndNoSignature() throws {
    var document = SampleDocument.make(rows: 1)
    document.heading = nil
    let page = try Self.tree(document)
    #expect(page.all("header").isEmpty && page.all("footer").isEmpty)
    document.heading = ReportHeading(superior: nil, office: "Bưu cục 1", place: nil, date: nil)
    #expect(try Self.page(document).contains("……………, ngày …… tháng …… năm ………"))
  }

  @Test func theTitleBeginsWithTheWordOfTheForm() throws {
    let title = try #require(try Self.tree(SampleDocument.make()).all("h1").first)
    #expect(title.children.map(\.text) == ["BÁO CÁO", "Thất lạc, hư hỏng và chậm hồ sơ"])
  }

  // MARK: Tables

  @Test func headersInTwoRowsCoverEveryColumn() throws {
    let table = try #require(try Self.tree(SampleDocument.make()).all("table").last)
    #expect(table.all("caption").first?.text == "Bảng 2. Tình hình giải quyết theo lĩnh vực")
    let rows = try #require(table.all("thead").first).all("tr")
    #expect(rows.count == 3)
    let upper = rows[0].all("th")
    #expect(upper.map { Int($0.attributes["colspan"] ?? "1") ?? 0 } == [1, 1, 4, 4, 3])
    #expect(upper.map { $0.attributes["scope"] } == ["col", "col", "colgroup", "colgroup", "colgroup"])
    #expect(rows[1].all("th").count == 11)
    #expect(rows[2].all("td").map(\.text) == (1...13).map { "(\($0))" })
    #expect(table.all("col").count == 13)
    let shares = table.all("col").compactMap { $0.attributes["style"]?.dropFirst(6).dropLast() }.compactMap {
      Double($0)
    }
    #expect(abs(shares.reduce(0, +) - 100) < 0.2)
    let body = try #require(table.all("tbody").first).all("tr")
    #expect(body.count == 13)
    #expect(body.allSatisfy { $0.children.count == 13 && $0.all("th").first?.attributes["scope"] == "row" })
    #expect(body.last?.attributes["class"] == "total")
  }

  @Test func numbersAndDatesStandInTheReadersLanguage() throws {
    func cells(_ language: OutputLanguage) throws -> [String] {
      let table = try #require(try Self.tree(SampleDocument.make(), language).all("table").dropFirst().first)
      return try #require(table.all("tbody").first).all("tr")[0].children.map(\.text)
    }
    #expect(try cells(.vi) == ["Phường Trúc Bạch", "12.034", "3", "0,025\u{A0}%", "05/01/2026", "không"])
    #expect(try cells(.en) == ["Phường Trúc Bạch", "12,034", "3", "0.025\u{A0}%", "2026-01-05", "no"])
  }

  @Test func figuresOfAChartStandBeneathItForPaperToo() throws {
    let page = try Self.tree(SampleDocument.make())
    let details = page.all("details")
    #expect(details.count == 1)
    #expect(details[0].attributes["open"] != nil)
    #expect(details[0].all("tr").count == 13)
  }

  @Test func anEmptyTableSaysSo() throws {
    let table = TabularDocument(columns: [Column("a", vi: "A", en: "A")], rows: [])
    var document = SampleDocument.make(rows: 1)
    document.sections = [ReportSection(id: "a", title: text("Trống"), table: table)]
    #expect(try Self.page(document).contains("<td class=\"none\" colspan=\"1\">(không có dòng nào)</td>"))
  }

  // MARK: Hostile text

  @Test func everyTextIsEscapedWhereverItStands() throws {
    let hostile =
      "\"\u{301} onload=\"x\" </style></title><script>alert(1)</script>{{style}}{{{svg}}}\u{0}\u{FFFF}\u{202E}&amp;]]>"
    let seen = "\"\u{301} onload=\"x\" </style></title><script>alert(1)</script>{{style}}{{{svg}}}"
    let both = text(hostile)
    let table = TabularDocument(
      columns: [
        Column(key: "a", header: both, group: both), Column(key: "b", header: both, kind: .date, group: both),
        Column(key: "c", header: both, kind: .code, alignment: .right),
      ],
      rows: [[.text(hostile), .text(hostile), .list([hostile, hostile])]], total: [.text(hostile)])
    let chart = ReportChart(
      title: both, description: both,
      kind: .bars(BarChart(series: [both, both], bars: [.init(label: both, values: [1, 2])], xTitle: both)),
      data: table)
    let document = ReportDocument(
      kind: hostile, title: both,
      heading: ReportHeading(superior: hostile, office: hostile, place: hostile, date: nil), lead: [both],
      sections: (0..<3).map { _ in
        ReportSection(
          id: hostile, title: both, text: [both], charts: [chart], table: table, numbersColumns: true)
      },
      note: ReportNote(
        lines: [both], log: .init(size: 1, root: hostile), knownAt: hostile,
        versions: [.init(hostile, hostile)],
        command: hostile),
      flat: table, json: [])
    let page = try Self.tree(document)
    #expect(page.all("script").isEmpty && page.all("style").count == 1)
    #expect(page.descendants.flatMap(\.attributes.keys).allSatisfy { !$0.hasPrefix("on") })
    #expect(page.all("title").first?.text.hasPrefix(seen) == true)
    #expect(page.all("h2").dropLast().allSatisfy { $0.text.contains(seen) })
    #expect(page.all("svg").count == 3)
    let ids = page.descendants.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
  }

  @Test func randomTextNeverBreaksThePage() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<40 {
      var document = SampleDocument.make(rows: 2)
      document.title = text(random.awkwardText())
      document.sections[0].text = [text(random.awkwardText())]
      document.sections[3].table?.rows[0][1] = .text(random.awkwardText())
      document.note.command = random.awkwardText()
      #expect(throws: Never.self, "seed \(seed)") { try Self.tree(document) }
    }
  }
}
