import DossierCore
import Foundation
import Testing

@testable import DossierReport

/// What each published figure is worth, id by id.
@Suite struct SeedVerdictTests {
  /// Verdicts of an id's lines, and of all readings together where that differs.
  struct Expected {
    var verdicts: [CheckVerdict]
    var overall: CheckVerdict?
    var residual: String?
    var remark: String?

    init(
      _ verdicts: [CheckVerdict], overall: CheckVerdict? = nil, residual: String? = nil, remark: String? = nil
    ) {
      self.verdicts = verdicts
      self.overall = overall
      self.residual = residual
      self.remark = remark
    }
  }

  static let expected: [String: Expected] = [
    "000-01": Expected([.pass], residual: "0"),
    "000-02": Expected([.fail], residual: "1.047"),
    "000-03": Expected([.rounding], remark: "78,96"),
    "000-04": Expected([.pass]),
    "000-05": Expected([.fail], residual: "-0,01\u{A0}%", remark: "do 000-03"),
    "000-06": Expected([.pass]),
    "000-07": Expected([.pass]),
    "000-08": Expected([.derived]),
    "000-09": Expected([.pass, .pass]),
    "000-10": Expected([.undecidable, .undecidable, .derived]),
    "000-11": Expected([.pass, .derived]),
    "000-12": Expected([.warning]),
    "000-13": Expected([.derived]),
    "000-14": Expected([.undecidable], remark: "survey_base"),
    "001-01": Expected([.pass]),
    "001-02": Expected([.rounding], remark: "84,1"),
    "001-03": Expected([.pass]),
    "001-04": Expected([.pass]),
    "001-05": Expected([.pass], remark: "100,1"),
    "001-06": Expected([.fail], overall: .ambiguous, residual: "40.615"),
    "001-07": Expected([.pass], overall: .ambiguous, residual: "-12.174"),
    "001-08": Expected([.pass], overall: .ambiguous, residual: "-20.611"),
    "001-09": Expected([.pass]),
    "001-10": Expected([.pass]),
    "001-11": Expected([.pass, .pass, .pass]),
    "001-12": Expected([.derived, .derived, .derived], overall: .ambiguous),
    "001-13": Expected([.undecidable, .derived]),
    "002-01": Expected([.pass, .pass, .pass]),
    "002-02": Expected([.pass]),
    "002-03": Expected([.undecidable, .undecidable, .undecidable]),
    "002-04": Expected([.pass]),
    "002-05": Expected([.pass, .pass, .pass]),
    "003-01": Expected([.pass]),
    "003-02": Expected([.pass]),
    "003-03": Expected([.derived]),
    "003-04": Expected(
      [.pass, .pass], remark: "25 là số nguyên duy nhất khớp; 24 cho 99,74\u{A0}%; 26 cho 99,72\u{A0}%"),
    "003-05": Expected([.fail], remark: "bác bỏ"),
    "003-06": Expected([.derived]),
    "003-07": Expected([.derived, .derived]),
    "003-08": Expected([.derived, .derived, .derived, .derived, .derived]),
    "003-09": Expected(
      [.undecidable, .undecidable, .undecidable] + [CheckVerdict](repeating: .derived, count: 6)),
    "004-01": Expected(
      [.derived],
      remark: "13.243 · 0 · 1.341 · 11.902 · 10.404 · 7.918 · 2.486 · 2.143 · 1.498 · 645 · 51 · 599"),
    "004-02": Expected(
      [.undecidable],
      remark: "thiếu các dòng 1–7; cộng lại phải là 2.013 · 0 · 50 · 1.963 · 2.059 · 1.987 · 72 · 0 · 0"),
    "004-03": Expected([.fail], remark: "1.399 · 0 · 8 · 1.391 · 1.445 · 1.373 · 72 · 0 · 0 · 0 · 0 · 0"),
    "004-04": Expected([.pass], remark: "627 · 0 · 43 · 584 · 627 · 627 · 0 · 0 · 0 · 0 · 0 · 0"),
    "004-05": Expected([.pass, .pass, .warning]),
    "004-06": Expected([.pass]),
    "004-07": Expected([.pass]),
    "004-08": Expected([.pass]),
    "004-09": Expected([.pass]),
    "004-10": Expected([.pass]),
    "004-11": Expected([.pass]),
    "004-12": Expected([.pass]),
    "004-13": Expected([.pass, .pass]),
    "004-14": Expected([.pass]),
    "004-15": Expected([.pass]),
    "004-16": Expected([.derived, .derived]),
    "004-17": Expected([.derived]),
    "004-18": Expected([.pass]),
    "004-19": Expected([.derived]),
    "004-20": Expected([CheckVerdict](repeating: .pass, count: 10)),
  ]

  @Test func everyIdOfTheFiveTextsHasItsVerdict() throws {
    let report = try Seeds.report()
    #expect(report.findings == [] && report.refused == [])
    let loose = report.claims.filter { $0.file.hasSuffix(".figures") }
    #expect(Set(loose.map(\.id)) == Set(Self.expected.keys))
    for (id, expected) in Self.expected {
      let claims = loose.filter { $0.id == id }
      #expect(claims.map(\.verdict) == expected.verdicts, "\(id)")
      if let overall = expected.overall { #expect(claims.allSatisfy { $0.overall == overall }, "\(id)") }
      if let residual = expected.residual {
        #expect(claims.first.flatMap { $0.text($0.residual, .vi) } == residual, "\(id)")
      }
      if let remark = expected.remark {
        let remarks = claims.flatMap { $0.remarks.map(\.vi) }.joined(separator: "\n")
        #expect(remarks.contains(remark), "\(id): \(remarks)")
      }
    }
  }

  @Test func derivedFiguresAreThoseWorkedOutByHand() throws {
    let report = try Seeds.report()
    func derived(_ id: String) -> [String] {
      report.claims.filter { $0.id == id && $0.verdict == .derived }.compactMap { $0.text($0.left, .vi) }
    }
    #expect(derived("000-08") == ["36.628"])
    #expect(derived("000-10") == ["2.784"])
    #expect(derived("000-11") == ["9,75\u{A0}%"])
    #expect(derived("000-13") == ["1.044"])
    #expect(derived("001-12") == ["4,08\u{A0}%", "3,25\u{A0}%", "3,15\u{A0}%"])
    #expect(derived("001-13") == ["355"])
    #expect(derived("003-03") == ["25"])
    #expect(derived("003-06") == ["592"])
    #expect(derived("003-07") == ["39,66\u{A0}%", "2,29\u{A0}%"])
    #expect(derived("003-08") == ["36.537", "28.610", "7.927", "21,70\u{A0}%", "99,93\u{A0}%"])
    #expect(
      derived("003-09") == [
        "3,25\u{A0}%", "3,46\u{A0}%", "10,85\u{A0}%", "0,81\u{A0}%", "0,86\u{A0}%", "2,72\u{A0}%",
      ])
    #expect(derived("004-16") == ["8.975", "69,98\u{A0}%"])
    #expect(derived("004-17") == ["498"])
    #expect(derived("004-19") == ["79,48\u{A0}%"])
    let open = report.claims.filter { $0.id == "000-10" && $0.verdict == .undecidable }
    #expect(open.map { $0.text($0.right, .vi) } == ["3.831", "2.784"])
    let wrong = try #require(report.claims.first { $0.id == "003-05" })
    #expect(wrong.left?.multiplied(by: ExactNumber(100))?.text(places: 2, language: .vi) == "76,37")
    #expect(!wrong.isProblem && wrong.isAgainst)
  }

  @Test func theAnnexIsShortBy46InOneRowAndOverBy46InTheRowsItDoesNotShow() throws {
    let report = try Seeds.report()
    let table = try #require(report.tables.first)
    #expect(table.layout == .local12 && table.isByHeader)
    #expect(table.lines.map(\.number) == ["8", "9", "10", "11", "12", "13", nil, nil])
    #expect(table.lines.map(\.isTotal) == [false, false, false, false, false, false, true, true])
    for (position, line) in table.lines.enumerated() {
      #expect(line.residuals == [0, 0, 0, position == 5 ? 46 : 0], "\(line.label)")
    }
    let own = report.claims[table.claims]
    #expect(
      own.filter { $0.verdict == .fail }.map(\.id) == ["13 Lĩnh vực đất đai/D", "Tổng lĩnh vực đất đai/rest"])
    let row = try #require(own.first { $0.id == "13 Lĩnh vực đất đai/D" })
    #expect(row.text(row.left, .vi) == "13.230" && row.text(row.right, .vi) == "13.184")
    let cancelling = """
      bù trừ nhau ở D: "13 Lĩnh vực đất đai" lệch +46, "Tổng lĩnh vực đất đai − 13 Lĩnh vực đất đai" lệch -46
      """
    #expect(row.remarks.map(\.vi) == [cancelling])
    let hidden = try #require(own.first { $0.id == "Tổng lĩnh vực đất đai/rest" })
    #expect(
      hidden.remarks.map(\.vi) == [
        "các dòng không thể hiện: 1.399 · 0 · 8 · 1.391 · 1.445 · 1.373 · 72 · 0 · 0 · 0 · 0 · 0",
        "D sai: 1.399 so với 1.445, lệch -46", "A, B, C đúng", cancelling,
      ])
    let outside = try #require(own.first { $0.id == "Tổng lĩnh vực đất đai/outside" })
    #expect(outside.verdict == .pass)
    let rows = try #require(own.first { $0.id == "Tổng/rows" })
    #expect(rows.verdict == .undecidable)
    #expect(rows.remarks.dropFirst().map(\.vi) == ["D sai: 2.013 so với 2.059, lệch -46", "A, B, C đúng"])
  }

  @Test func theSameTableWithoutHeadersNeedsItsForm() throws {
    let text = try String(contentsOfFile: Seeds.folder + "004-phu-luc.csv", encoding: .utf8)
    let bare = text.split(separator: "\n").dropFirst(2).joined(separator: "\n")
    let unnamed = Sheets.check(bare)
    #expect(unnamed.findings.map(\.code) == [.formUnknown] && unnamed.refused == ["bang.csv"])
    let named = Sheets.check(bare, .local12)
    #expect(named.tables.first?.isByHeader == false)
    let whole = Sheets.check(text)
    #expect(named.claims.map(\.verdict) == whole.claims.map(\.verdict))
    #expect(named.claims.map(\.remarks) == whole.claims.map(\.remarks))
  }

  @Test func theDocumentIsTheSameInBothLanguagesForMachines() throws {
    let report = try Seeds.report()
    #expect(report.hasProblems)
    let vi = report.document(language: .vi, command: "dossier report check")
    let en = report.document(language: .en, command: "dossier report check")
    for format in [ReportFormat.json, .csv, .ndjson] {
      #expect(try vi.render(format) == en.render(format))
    }
    let table = String(decoding: try en.render(.table, style: TableStyle(language: .en)), as: UTF8.self)
    #expect(
      table.contains("25 is the only whole number that fits; 24 gives 99.74\u{A0}% and")
        || table.contains("25 is the only"))
    #expect(table.contains("they cancel in D"))
  }
}
