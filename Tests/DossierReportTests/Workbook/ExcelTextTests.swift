import DossierCore
import Testing

@testable import DossierReport

@Suite struct ExcelTextTests {
  static func lines(_ table: TabularDocument, _ language: OutputLanguage = .vi) -> [String] {
    ExcelText(document: table, language: language).text().split(separator: "\r\n").map(String.init)
  }

  @Test func aRowIsWrittenAsVietnameseExcelReadsIt() {
    let lines = Self.lines(WorkbookSample.table)
    #expect(
      lines[0]
        == "\u{FEFF}Mã bưu cục;Tên bưu cục;Số lượng hồ sơ: Tiếp nhận trong kỳ;Số lượng hồ sơ: Thất lạc;"
        + "Tỷ lệ: Trên 100.000;Tỷ lệ: Đúng hạn;Ngày;Ghi lúc;Khớp;Ghi chú")
    #expect(
      lines[2]
        == "590230;Bưu điện huyện Phú Vang;16874;1;2,370509;78,95%;02/01/2026;02/01/2026 16:30:01+07:00;không;\"a; b\""
    )
    #expect(lines[3].hasPrefix("\"=\"\"0012\"\"\";\"'=HYPERLINK(\"\"http://x\"\")\";25311;"))
    #expect(lines[4].hasPrefix("\"=\"\"12345678901234567890\"\"\";"))
    #expect(lines.count == 6)
  }

  @Test(arguments: [
    ("0012", true), ("123456789012", true), ("12345678901", false), ("0", false), ("12E5", true),
    ("1-2", true),
    ("03/04", true), ("1.5", true), ("1,5", true), ("590110", false), ("BK-1", false), ("12a", false),
    ("12:30", true),
    ("H48.25", false), ("50%", true), ("1\"2", false),
  ])
  func onlyCodesThatExcelWouldChangeAreProtected(code: String, isProtected: Bool) {
    let column = Column("x", vi: "x", en: "x", kind: .code)
    let line = Self.lines(TabularDocument(columns: [column], rows: [[.text(code)]]))[1]
    #expect(line.hasPrefix("\"=\"\"") == isProtected)
  }

  @Test(arguments: ["=1+1", "+84 912", "-1", "@x", "\tx"])
  func formulasAreDisarmed(text: String) {
    let column = Column("x", vi: "x", en: "x")
    #expect(Self.lines(TabularDocument(columns: [column], rows: [[.text(text)]]))[1] == "'" + text)
  }
}
