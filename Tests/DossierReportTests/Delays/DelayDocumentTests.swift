import DossierCore
import Testing

@testable import DossierReport

@Suite struct DelayDocumentTests {
  private func document(
    _ language: OutputLanguage, by: LossQuery.Grouping? = nil, limit: Int = 100
  ) throws -> ReportDocument {
    let story = try DossierTimelineTests.story(due: "2026-03-06")
    let figures = try figures(story, DelayQuery(by: by, limit: limit), now: DossierTimelineTests.now())
    let report = try DelayReport(figures, calendars: .standard, texts: PlainTexts())
    return report.document(language: language, note: ReportNote(command: "dossier report delays --as-of 10"))
  }

  @Test func bothLanguagesSayWhoHeldIt() throws {
    let vi = String(decoding: try document(.vi).render(.table), as: UTF8.self)
    for text in ["Bưu cục", "Trung tâm", "Trễ vì ai"] { #expect(vi.contains(text)) }
    #expect(vi.contains("H48.25-260301-0011"))
    #expect(vi.contains("06/03/2026"))
    let style = TableStyle(language: .en)
    let en = String(decoding: try document(.en).render(.table, style: style), as: UTF8.self)
    #expect(en.contains("Late because of whom"))
    #expect(en.contains("administrative 2019-2027 (2027 provisional)"))
    #expect(!en.contains("Bưu cục"))
  }

  @Test func machinesGetWholeNumbersThatSum() throws {
    let flat = try document(.en, by: .agency).flat
    let total = try #require(flat.total)
    func value(_ key: String) throws -> Int {
      let column = try #require(flat.columns.firstIndex { $0.key == key })
      guard case .integer(let value) = total[column] else { return -1 }
      return value
    }
    #expect(flat.rows.map(\.first) == [.text("T31")])
    let parts = try Holder.allCases.map { try value($0.word + "ClockMs") }
    #expect(parts.reduce(0, +) == Int(242 * hour))
    #expect(try value("elapsedMs") == Int(242 * hour))
    #expect(try value("centerWorkingMs") == Int(39 * hour))
    #expect(try value("postCharged") == 2)
    #expect(try value("centerHeldAtDue") == 1)
  }

  @Test(arguments: [
    (LossQuery.Grouping.leg, "intake"), (.route, "T1 → T3"), (.office, "T1"), (.field, "T21"),
    (.agency, "T31"), (.month, "2026-03"),
  ])
  func groupsAreThoseOfTheFirstItem(by: LossQuery.Grouping, label: String) throws {
    #expect(try document(.vi, by: by).flat.rows.map(\.first) == [.text(label)])
  }

  @Test func aListThatIsCutSaysHowMuch() throws {
    let section = try #require(document(.en, limit: 0).sections.first { $0.id == "late" })
    #expect(section.table?.rows.isEmpty ?? false)
    #expect(section.text.map(\.en) == ["1 more are not printed; --limit shows more."])
  }

  @Test func anEmptyLogHasAReport() throws {
    let report = try DelayReport(figures([], now: 0), calendars: .standard, texts: PlainTexts())
    let document = report.document(language: .vi, note: ReportNote(command: ""))
    #expect(try document.render(.table).count > 500)
    #expect(try document.render(.json).count > 500)
  }
}
