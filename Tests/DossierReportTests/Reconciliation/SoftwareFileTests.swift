import DossierCore
import Testing

@testable import DossierReport

@Suite struct SoftwareFileTests {
  @Test(arguments: [
    ("20260105083015", "2026-01-05T08:30:15+07:00"), ("202601050830", "2026-01-05T08:30:00+07:00"),
    ("20260105", "2026-01-05"), ("05/01/2026", "2026-01-05"), ("5/1/2026", "2026-01-05"),
    ("05-01-2026", "2026-01-05"), ("05.01.2026", "2026-01-05"),
    ("05/01/2026 08:30", "2026-01-05T08:30:00+07:00"), ("05/01/2026 08:30:15", "2026-01-05T08:30:15+07:00"),
    ("08:30 05/01/2026", "2026-01-05T08:30:00+07:00"), ("08:30:15 - 05/01/2026", "2026-01-05T08:30:15+07:00"),
    ("05/01/2026 02:30:15 CH", "2026-01-05T14:30:15+07:00"), ("2026-01-05", "2026-01-05"),
    ("2026-01-05 08:30:15.123", "2026-01-05T08:30:15+07:00"),
    ("2026-01-05T08:30:15", "2026-01-05T08:30:15+07:00"),
    ("2026-01-05T01:30:15Z", "2026-01-05T08:30:15+07:00"),
    ("2026-01-05T23:30:00Z", "2026-01-06T06:30:00+07:00"),
  ])
  func datesAreReadAsSoftwareWritesThem(text: String, expected: String) {
    #expect(SoftwareValue.time(.text(text))?.text == expected)
  }

  @Test(arguments: [
    "31/02/2026", "01/13/2026", "2026", "32/01/2026", "05/01/26", "20260230", "20260105256060", "08:30",
    "05/01/2026 25:00", "05/01/2026 x", "05/01/2026 06/01/2026", "1899-12-31", "99999999", "-", "", "/", "::",
    "05/01/2026 08:30 09:00", "５/1/2026", "0/0/0000", "+5/1/2026", String(repeating: "1", count: 400),
  ])
  func whatIsNoDateIsNone(text: String) {
    #expect(SoftwareValue.time(.text(text)) == nil)
  }

  @Test func workbookDatesAndNumbersAreRead() throws {
    let day = try #require(CalendarDate("2026-01-05"))
    #expect(SoftwareValue.time(.date(day))?.text == "2026-01-05")
    #expect(SoftwareValue.time(.time(day, seconds: 30_615))?.text == "2026-01-05T08:30:15+07:00")
    let number = SheetCell.number(20_260_105_083_015, isPercent: false, places: 0)
    #expect(SoftwareValue.time(number)?.text == "2026-01-05T08:30:15+07:00")
    #expect(SoftwareValue.time(.number(.infinity, isPercent: false, places: nil)) == nil)
    #expect(SoftwareValue.time(.number(46_027.35, isPercent: false, places: nil)) == nil)
  }

  @Test(arguments: [
    ("10", 10), ("10 - Đã trả kết quả", 10), ("Đã trả kết quả", 10), ("ĐÃ TRẢ KẾT QUẢ", 10),
    ("da tra ket qua", 10),
    ("Đang xử lý", 4), ("4", 4), ("Yêu cầu bổ sung giấy tờ", 5), ("Mới đăng ký", 1), ("Đã xử lý xong", 9),
    ("0", 0),
  ])
  func statesAreNumbersOrWords(text: String, expected: Int) {
    #expect(NationalStatus(.text(text))?.rawValue == Int8(expected))
  }

  @Test(arguments: ["11", "-1", "999999999999999999999", "Nguyễn Văn A", "", "10.5", "4/5", "١٠"])
  func otherWordsAreNoState(text: String) {
    #expect(NationalStatus(text.isEmpty ? .empty : .text(text)) == nil)
  }

  // MARK: Tables

  static func table(_ lines: [[String]]) -> SheetTable {
    SheetTable(
      name: "t",
      rows: lines.enumerated().map { line, cells in
        SheetRow(line: line + 1, cells: cells.map { $0.isEmpty ? .empty : .text($0) })
      })
  }

  @Test(arguments: [
    ["MaHoSo", "NgayTiepNhan", "NgayHenTra", "TrangThaiHoSo", "NgayTra", "KenhThucHien", "TenLinhVuc"],
    [
      "Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Trạng thái", "Ngày trả kết quả", "Hình thức nộp",
      "Lĩnh vực",
    ],
    ["MÃ HỒ SƠ", "ngay tiep nhan", "Hẹn trả", "Tình trạng hồ sơ", "NGÀY TRẢ", "Kênh", "Lĩnh  vực"],
    [
      "Số hồ sơ", "Ngày nhận", "Ngày hẹn trả KQ", "Trạng thái hồ sơ", "Ngày trả KQ", "Kênh tiếp nhận",
      "Tên lĩnh vực",
    ],
  ])
  func headingsOfManyProvincesAreKnown(headings: [String]) throws {
    let table = Self.table([
      ["SỞ NỘI VỤ"], ["Mã hồ sơ của tháng 1"], headings, ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
      ["h48.24-260105-0001", "05/01/2026", "12/01/2026", "10", "10/01/2026", "3", "Hộ tịch"],
      ["Tổng cộng", "1", "", "", "", "", ""],
    ])
    let file = try #require(SoftwareFile([table]))
    #expect(file.lines == 1 && file.unreadable.isEmpty)
    let row = try #require(file.rows.first)
    #expect(row.code == "H48.24-260105-0001" && row.line == 5 && row.status == .returned && row.channel == 3)
    #expect(row.received?.text == "2026-01-05" && row.due?.text == "2026-01-12")
    #expect(row.returned?.text == "2026-01-10" && file.fields[Int(row.field)] == "Hộ tịch")
  }

  @Test func tablesWithoutACodeColumnAreNone() {
    #expect(SoftwareFile([]) == nil)
    #expect(SoftwareFile([Self.table([["Họ tên", "Ngày tiếp nhận"], ["A", "05/01/2026"]])]) == nil)
    let late = (0..<31).map { ["\($0)"] } + [["Mã hồ sơ"]]
    #expect(SoftwareFile([Self.table(late)]) == nil)
  }

  @Test func repeatedAndUnreadableLinesAreTold() throws {
    let file = try #require(
      SoftwareFile([
        Self.table([
          ["Mã hồ sơ", "Trạng thái", "Ngày tiếp nhận"], ["000.00.24.H48-260105-0001", "4", "05/01/2026"],
          ["H48.24-260105-0001", "4", "05/01/2026"], ["H48.24-260105-0001", "9", "05/01/2026"],
          ["H48.24-260230-0001", "4", ""], ["", "4", ""], ["H48.24-260105-0002", "lạ", "31/02/2026"],
          ["BCT-2026/77", "4", ""],
        ])
      ]))
    #expect(file.codes == ["H48.24-260105-0001", "H48.24-260105-0002", "BCT-2026/77"])
    #expect(file.duplicates.map(\.line) == [3, 4])
    #expect(file.duplicates.map(\.isSame) == [true, false])
    #expect(file.unreadable.filter(\.isWholeLine).map(\.line) == [5, 6])
    #expect(file.unreadable.filter { !$0.isWholeLine }.map(\.column) == [.received, .status])
    #expect(file.rows.map(\.isForeign) == [false, false, true])
  }

  @Test func hostileTablesAreBounded() throws {
    let long = String(repeating: "x", count: 30_000)
    var lines = [["Mã hồ sơ", "Lĩnh vực", "Trạng thái", "Mã hồ sơ"]]
    for number in 0..<3_000 {
      lines.append(["H48.24-260105-\(1000 + number)", "lĩnh vực \(number)", long, long])
    }
    let file = try #require(SoftwareFile([Self.table(lines), Self.table([[long]])]))
    #expect(file.rows.count == 3_000 && file.fields.count <= 1_001)
    #expect(file.rows.allSatisfy { $0.status == nil })
    // A row shorter than the headings, and one longer.
    let ragged = try #require(
      SoftwareFile([Self.table([["Trạng thái", "Mã hồ sơ"], ["4"], ["4", "H48.24-260105-0001", "z", "z"]])]))
    #expect(ragged.rows.count == 1 && ragged.unreadable.count == 1)
  }

  @Test func codesThatCouldBeAnythingAreNotPrinted() {
    func row(_ code: String) -> SoftwareFile.Row { .init(code: code, isForeign: true, line: 1) }
    #expect(SoftwareFile.printable(row("0912345678")) == nil)
    #expect(SoftwareFile.printable(row("0912-345-678")) == nil)
    #expect(SoftwareFile.printable(row("TRANVANAN")) == nil)
    #expect(SoftwareFile.printable(row("BCT-2026/77")) == "BCT-2026/77")
  }
}
