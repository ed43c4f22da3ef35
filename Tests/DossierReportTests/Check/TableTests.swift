import DossierCore
import Foundation
import Testing

@testable import DossierReport

/// Tables that others made.
@Suite struct TableTests {
  /// As the national form is printed: three header lines with merged cells, numbers of columns, roman headings.
  private let national = """
    Biểu số II.06a/VPCP/KSTT;;;;;;;;;;;;
    TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH;;;;;;;;;;;;
    TT;Lĩnh vực, công việc giải quyết theo cấp;Nhận giải quyết;;;;Đã giải quyết;;;;Đang giải quyết;;
    ;;Tổng số;Trong kỳ;;Từ kỳ trước;Tổng số;Trước hạn;Đúng hạn;Quá hạn;Tổng số;Trong hạn;Quá hạn
    ;;;Trực tuyến;Trực tiếp, dịch vụ\\nbưu chính;;;;;;;;
    (1);(2);(3)=(4)+(5)+(6);(4);(5);(6);(7)=(8)+(9)+(10);(8);(9);(10);(11)=(12)+(13);(12);(13)
    I;Lĩnh vực đất đai;30;10;15;5;20;10;5;5;10;8;2
    1;Đăng ký;20;10;5;5;15;10;3;2;5;4;1
    2;Chuyển mục đích;10;0;10;0;5;0;2;3;5;4;1
    II;Lĩnh vực tư pháp;7;7;0;0;7;7;0;0;0;0;0
    1;Hộ tịch;7;7;0;0;7;7;0;0;0;0;0
    ;Tổng cộng;37;17;15;5;27;17;5;5;10;8;2
    ;;;NGƯỜI LẬP BIỂU;;;;;;THỦ TRƯỞNG;;;
    """

  @Test func theNationalFormIsKnownByItsHeaders() throws {
    let report = Sheets.check(national)
    let table = try #require(report.tables.first)
    #expect(table.layout == .current13 && table.isByHeader)
    #expect(table.lines.map(\.label).count == 6)
    #expect(report.findings == [])
    #expect(
      report.claims.allSatisfy { $0.verdict == .pass }, "\(report.claims.filter { $0.verdict != .pass })")
    // Sections against their rows, the total against the sections.
    #expect(
      report.claims.map(\.id).filter { $0.hasSuffix("/rows") } == [
        "Tổng cộng/rows", "I Lĩnh vực đất đai/rows", "II Lĩnh vực tư pháp/rows",
      ])
  }

  @Test func headersAreKnownWithoutDiacriticsAndInCapitals() throws {
    let bare = String(national.decomposed.filter { !$0.isMark }.uppercasedLetters)
      .replacingMarks()
    #expect(Sheets.check(bare).tables.first?.layout == .current13)
  }

  @Test func aWrongSumIsNamedColumnByColumn() throws {
    let report = Sheets.check(
      national.replacingText(
        "2;Chuyển mục đích;10;0;10;0;5;0;2;3;5;4;1", "2;Chuyển mục đích;11;0;11;0;6;0;3;3;5;4;1"))
    let failing = report.claims.filter { $0.verdict == .fail }
    #expect(failing.map(\.id) == ["I Lĩnh vực đất đai/rows"])
    #expect(failing.first?.remarks.map(\.vi) == ["tổng trừ các dòng: (3) -1; (5) -1; (7) -1; (9) -1"])
    #expect(report.hasProblems)
  }

  @Test func columnNumbersDoWhereHeadersDoNot() throws {
    var lines = national.split(separator: "\n", omittingEmptySubsequences: false)
    lines.removeSubrange(2...4)
    let report = Sheets.check(lines.joined(separator: "\n"))
    #expect(report.tables.first?.layout == .current13)
    #expect(report.claims.allSatisfy { $0.verdict == .pass })
  }

  @Test func anEmptyFirstColumnShiftsNothing() {
    let shifted = national.split(separator: "\n", omittingEmptySubsequences: false).map { ";" + $0 }
    let report = Sheets.check(shifted.joined(separator: "\n"))
    #expect(report.tables.first?.layout == .current13 && report.claims.allSatisfy { $0.verdict == .pass })
  }

  private func row(_ text: String) -> String { "TT;Tên\n" + text }

  @Test func missingRowsAreWorkedOutAndTwoTotalsMustAgree() throws {
    let report = Sheets.check(
      """
      1;Lĩnh vực hộ tịch;5;1;2;2;3;1;1;1;2;1;1
      3;Lĩnh vực chứng thực;1;1;0;0;1;1;0;0;0;0;0
      ;Tổng;10;3;4;3;7;4;2;1;3;2;1
      ;Cộng;10;3;4;3;7;4;2;1;3;2;2
      """, .current13)
    let rows = try #require(report.claims.first { $0.id == "Tổng/rows" })
    #expect(rows.verdict == .undecidable)
    #expect(
      rows.remarks.first?.vi == "thiếu các dòng 2; cộng lại phải là 4 · 1 · 2 · 1 · 3 · 2 · 1 · 0 · 1 · 1 · 0"
    )
    #expect(
      report.claims.filter { $0.verdict == .fail }.map(\.id)
        == ["Cộng/C", "Cộng/rows", "Cộng/again"].filter { $0 != "Cộng/rows" })
  }

  @Test func fieldsThatBeginLikeTotalsAreFields() {
    let report = Sheets.check(
      """
      1;Công thương;5;1;2;2;3;1;1;1;2;1;1
      2;Tổng hợp;1;1;0;0;1;1;0;0;0;0;0
      ;Cộng;6;2;2;2;4;2;1;1;2;1;1
      """, .current13)
    #expect(report.tables.first?.lines.map(\.isTotal) == [false, false, true])
    #expect(report.claims.allSatisfy { $0.verdict == .pass })
  }

  @Test func unreadableCellsAreFindingsAndDecideNothing() {
    let report = Sheets.check(
      """
      1;Lĩnh vực hộ tịch;=SUM(D1:F1);1;2;2;3;1;1;1;2;1;1
      2;Lĩnh vực đất đai;１２;x;0;0;1;1;0;0;0;0;0
      3;Lĩnh vực y tế;99999999999999999999;1;0;0;-1;1;0;0;-;;0
      """, .current13)
    #expect(report.findings.map(\.code) == [.figureForm, .figureForm, .figureForm, .figureForm])
    #expect(report.findings.map(\.line) == [1, 2, 2, 3])
    #expect(
      report.claims.filter { $0.verdict == .fail }.map(\.id) == ["3 Lĩnh vực y tế/B", "3 Lĩnh vực y tế/≥0"])
    #expect(report.hasProblems)
  }

  @Test func tablesWithoutFiguresAreRefused() {
    let header = national.split(separator: "\n", omittingEmptySubsequences: false).prefix(6).joined(
      separator: "\n")
    #expect(Sheets.check(header).findings.map(\.code) == [.formWithoutRows])
    #expect(Sheets.check("").refused == ["bang.csv"])
    #expect(Sheets.check("a;b;c\n1;2;3").findings.map(\.code) == [.formUnknown])
    let cells = [SheetCell.text("1"), .text("x"), .text("1")]
    let rows = (1...1_000_000).map { SheetRow(line: $0, cells: cells) }
    let huge = CheckReport(
      [CheckInput(name: "h.csv", content: .tables([SheetTable(name: "h", rows: rows)]))], edition: .current13)
    #expect(huge.findings.map(\.code) == [.figuresTooMany] && huge.claims.isEmpty)
  }

  @Test func manyNestedAndDuplicatedTotalsEndSoon() {
    var lines = (1...600).map { "\($0);Lĩnh vực \($0 % 7);1;1;0;0;1;1;0;0;0;0;0" }
    lines += (0..<600).map { _ in ";Tổng lĩnh vực 3;9;1;0;0;1;1;0;0;0;0;0" }
    lines += (0..<100).map { _ in ";Tổng;9;1;0;0;1;1;0;0;0;0;0" }
    let report = Sheets.check(lines.joined(separator: "\n"), .current13)
    #expect(report.tables.first?.lines.count == 1_300 && report.hasProblems)
  }

  /// A form filled with any counts that satisfy it passes; one altered count fails exactly the identities it stands in.
  @Test(arguments: FormLayout.Edition.allCases)
  func alteredCountsFailTheirIdentities(edition: FormLayout.Edition) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    let layout = FormLayout.edition(edition)
    for _ in 0..<200 {
      var values: [FormQuantity: Int] = [:]
      for column in layout.columns { values[column.quantity] = Int.random(in: 0...50, using: &random) }
      // Balanced by the parts first, then by the totals that depend on them.
      func sum(_ id: String) -> Int {
        let identity = layout.identities.first { $0.id == id }
        return identity?.parts.reduce(0) { $0 + (values[$1] ?? 0) } ?? 0
      }
      values[.resolved] = sum("B")
      values[.inProgress] = sum("C")
      values[.received] = sum("D")
      values[.newOnline] = 0
      values[.carried] = 0
      values[.newDirect] = values[.received]
      func verdicts() -> [CheckVerdict] {
        let cells = layout.columns.map { "\(values[$0.quantity] ?? 0)" }.joined(separator: ";")
        return Sheets.check("1;Lĩnh vực hộ tịch;\(cells)", edition).claims.prefix(4).map(\.verdict)
      }
      #expect(verdicts() == [.pass, .pass, .pass, .pass], "seed \(seed)")
      let altered = try #require(layout.columns.randomElement(using: &random)).quantity
      values[altered, default: 0] += Int.random(in: 1...9, using: &random)
      let expected = layout.identities.map { identity in
        identity.total == altered || identity.parts.contains(altered) ? CheckVerdict.fail : .pass
      }
      #expect(verdicts() == expected, "\(altered), seed \(seed)")
    }
  }
}

@Suite struct FormLayoutTests {
  @Test func theFormFollowsThePeriod() throws {
    func edition(_ day: String) throws -> FormLayout.Edition {
      FormLayout.national(forPeriodEnding: try #require(CalendarDate(day))).edition
    }
    #expect(try edition("2019-06-30") == .old10 && edition("2020-10-20") == .old10)
    #expect(try edition("2020-10-21") == .current13 && edition("2026-03-31") == .current13)
    let march = try #require(CalendarDate("2026-03-31"))
    #expect(FormLayout.current13.remarks(forPeriodEnding: march).contains { $0.en.contains("05/2025") })
    let earlier = try #require(CalendarDate("2025-12-31"))
    #expect(!FormLayout.current13.remarks(forPeriodEnding: earlier).contains { $0.en.contains("05/2025") })
  }

  @Test func identitiesNameColumnsOfTheirForm() {
    for layout in FormLayout.all {
      #expect(Set(layout.columns.map(\.quantity)).count == layout.columns.count)
      #expect(layout.identities.map(\.id) == ["A", "B", "C", "D"])
      for identity in layout.identities {
        #expect(([identity.total] + identity.parts).allSatisfy { layout.position(of: $0) != nil })
      }
    }
    #expect(FormLayout.current13.columns.map(\.number) == Array(3...13))
    #expect(
      FormLayout.current13.identities.map { FormLayout.current13.text(of: $0) } == [
        "(3) = (4) + (5) + (6)", "(7) = (8) + (9) + (10)", "(11) = (12) + (13)", "(3) = (7) + (11)",
      ])
    #expect(
      FormLayout.local12.identities.map { FormLayout.local12.text(of: $0) } == [
        "c1 = c2 + c3 + c4", "c5 = c6 + c7", "c8 = c9 + c10", "c1 = c5 + c8 + c11 + c12",
      ])
    #expect(FormLayout.old10.columns.count == 10 && FormLayout.local12.columns.count == 12)
  }
}

extension String {
  fileprivate var decomposed: [Unicode.Scalar] { Array(decomposedStringWithCanonicalMapping.unicodeScalars) }
  fileprivate func replacingText(_ text: String, _ other: String) -> String {
    replacingOccurrences(of: text, with: other)
  }
  fileprivate func replacingMarks() -> String {
    replacingOccurrences(of: "Đ", with: "D").replacingOccurrences(of: "\\N", with: "\\n")
  }
}

extension Unicode.Scalar {
  fileprivate var isMark: Bool { (0x300...0x36F).contains(value) }
}

extension [Unicode.Scalar] {
  fileprivate var uppercasedLetters: String {
    reduce(into: String.UnicodeScalarView()) { $0.append($1) }.description.uppercased()
  }
}
