import DossierCore
import Foundation
import Testing

@testable import DossierReport

/// Opens what we write with openpyxl, an independent reader.
enum Openpyxl {
  static let isAvailable = (try? run("print(1)", on: [])) == "1\n"
  static let missing = "/usr/bin/python3 with openpyxl is not installed, so it cannot check our workbooks"

  struct Failure: Error { let status: Int32 }

  /// What a script prints that finds the file at `path`.
  static func run(_ script: String, on bytes: [UInt8]) throws -> String {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString + ".xlsx")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    process.arguments = [
      "-c", "import sys, zipfile, openpyxl\npath = sys.argv[1]\nload = openpyxl.load_workbook\n" + script,
      file.path,
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
    return String(decoding: data, as: UTF8.self)
  }

  static func lines(_ script: String, on bytes: [UInt8]) throws -> [String] {
    try run(script, on: bytes).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(
      String.init)
  }
}

@Suite(.enabled(if: Openpyxl.isAvailable, Comment(rawValue: Openpyxl.missing)))
struct WorkbookTests {
  static func bytes(_ language: OutputLanguage = .vi) throws -> [UInt8] {
    try WorkbookSample.document.workbook(language: language)
  }

  @Test func sheetsAreNamedForPeople() throws {
    let names = try Openpyxl.lines("for n in load(path).sheetnames: print(n)", on: Self.bytes())
    #expect(
      names == [
        "Theo bưu cục", "Biểu đồ Theo bưu cục", "Luồng giao nhận", "Danh sách hồ sơ hư hỏng trong…",
        "Số liệu biểu đồ", "Ghi chú",
      ])
    #expect(
      try Openpyxl.lines("for n in load(path).sheetnames: print(n)", on: Self.bytes(.en)).last == "Notes")
  }

  @Test func numbersAreNumbersAndCodesAreText() throws {
    let script = """
      sheet = load(path).worksheets[0]
      first = next(r for r in range(1, 40) if sheet.cell(r, 1).value == '590110')
      for row in (first + 1, first + 2, first + 3, first + 4):
          for cell in sheet[row]:
              print(cell.data_type, repr(cell.value), cell.number_format, sep='|')
      """
    let cells = try Openpyxl.lines(script, on: Self.bytes())
    let expected = [
      "s|'590230'|@", "s|'Bưu điện huyện Phú Vang'|General", "n|16874|#,##0", "n|1|#,##0",
      "n|2.370509|#,##0.00",
      "n|0.7895|0.00%", "d|datetime.datetime(2026, 1, 2, 0, 0)|dd/mm/yyyy",
      "d|datetime.datetime(2026, 1, 2, 16, 30, 1)|dd/mm/yyyy hh:mm:ss\"+07:00\"", "s|'không'|General",
      "s|'a; b'|General",
    ]
    #expect(Array(cells.prefix(10)) == expected)
    #expect(cells[10] == "s|'0012'|@")
    #expect(cells[11] == "s|'=HYPERLINK(\"http://x\")'|@")
    #expect(cells[20] == "s|'12345678901234567890'|@")
    #expect(cells[32] == "n|84370|#,##0")
    #expect(cells[34] == "n|7.11|#,##0.00")
  }

  @Test func headingHeadersAndPageAreAnOffices() throws {
    let script = """
      sheet = load(path).worksheets[0]
      print(sorted(str(m) for m in sheet.merged_cells.ranges if m.max_row > m.min_row))
      print(sorted(str(m) for m in sheet.merged_cells.ranges if m.min_row == 11))
      print(sheet.freeze_panes, sheet.print_title_rows, sheet.auto_filter.ref)
      print(sheet.page_setup.paperSize, sheet.page_setup.orientation, sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight)
      print(round(sheet.page_margins.left * 25.4, 6), round(sheet.page_margins.right * 25.4, 6), sheet.oddHeader.center.text)
      print([len(s._charts) for s in load(path).worksheets])
      for row in range(1, 14):
          print('/'.join(str(c.value) for c in sheet[row] if c.value is not None))
      """
    let lines = try Openpyxl.lines(script, on: Self.bytes())
    #expect(lines[0] == "['A11:A12', 'B11:B12', 'G11:G12', 'H11:H12', 'I11:I12', 'J11:J12']")
    #expect(
      lines[1] == "['A11:A12', 'B11:B12', 'C11:D11', 'E11:F11', 'G11:G12', 'H11:H12', 'I11:I12', 'J11:J12']")
    #expect(lines[2] == "B14 $11:$13 None")
    #expect(lines[3] == "9 landscape True 0")
    #expect(lines[4].hasPrefix("30.0 15.0") && lines[4].hasSuffix("&P"))
    #expect(lines[5] == "[0, 5, 0, 0, 0, 0]")
    #expect(lines[6] == "TỔNG CÔNG TY BƯU ĐIỆN VIỆT NAM/CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    #expect(lines[7] == "BƯU ĐIỆN THÀNH PHỐ HUẾ/Độc lập - Tự do - Hạnh phúc")
    #expect(lines[9] == "Huế, ngày 31 tháng 01 năm 2026")
    #expect(lines[16] == "Mã bưu cục/Tên bưu cục/Số lượng hồ sơ/Tỷ lệ/Ngày/Ghi lúc/Khớp/Ghi chú")
    #expect(lines[17] == "Tiếp nhận trong kỳ/Thất lạc/Trên 100.000/Đúng hạn")
    #expect(lines[18] == "(1)/(2)/(3)/(4)/(5)/(6)/(7)/(8)/(9)/(10)")
  }

  @Test func theNoteIsTheLastSheet() throws {
    let notes = try Openpyxl.run(
      "for row in load(path)['Ghi chú'].iter_rows(values_only=True): print(row[0])", on: Self.bytes())
    for expected in [
      "Nhận xét", "Không có gì khác.", "Nhật ký: 12.345 mục", "dossier report losses --as-of 12345",
    ] {
      #expect(notes.contains(expected))
    }
  }

  @Test func twoRunsGiveTheSameBytes() throws {
    #expect(try Self.bytes() == Self.bytes())
    #expect(try Self.bytes() != Self.bytes(.en))
    let long = WorkbookSample.long(rows: 300)
    var renderer = WorkbookRenderer(document: long, language: .vi)
    renderer.cellsKeptInMemory = 10
    #expect(try renderer.bytes() == renderer.bytes())
  }

  @Test func nothingOfTheMachineIsInTheFile() throws {
    let script = """
      book = load(path).properties
      print(book.creator, book.lastModifiedBy, book.created, book.title, sep='|')
      """
    #expect(
      try Openpyxl.lines(script, on: Self.bytes()) == [
        "None|None|2026-01-31 16:59:59|BÁO CÁO TÌNH HÌNH THẤT LẠC, HƯ HỎNG HỒ SƠ"
      ])
  }

  /// Whether rows stay in memory or leave it, the values are the same.
  @Test func rowsWrittenOnceHoldTheSameValues() throws {
    let long = WorkbookSample.long(rows: 50)
    let script = """
      sheet = load(path).worksheets[0]
      for row in sheet.iter_rows(min_row=12):
          print([(c.value, c.number_format) for c in row])
      """
    var renderer = WorkbookRenderer(document: long, language: .vi)
    let kept = try Openpyxl.lines(script, on: renderer.bytes())
    renderer.cellsKeptInMemory = 10
    let once = try Openpyxl.lines(script, on: renderer.bytes())
    #expect(kept.count > 50 && kept == once)
  }

  @Test func aTableTooLongGoesOnInTheNextSheet() throws {
    var renderer = WorkbookRenderer(document: WorkbookSample.long(rows: 25), language: .vi)
    renderer.greatestRowCount = 50
    let script = """
      book = load(path)
      print(book.sheetnames)
      for sheet in book.worksheets[:-1]:
          print([c.value for c in sheet['C'] if isinstance(c.value, (int, float))])
      """
    let lines = try Openpyxl.lines(script, on: renderer.bytes())
    #expect(lines[0] == "['Danh sách – phần 13', 'Danh sách – phần 23', 'Danh sách – phần 33', 'Ghi chú']")
    #expect(lines[1] == "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]")
    #expect(lines[3] == "[20, 21, 22, 23, 24, 84370]")
  }

  @Test func aTextTooLongForACellIsRefused() throws {
    var document = WorkbookSample.document
    let column = Column("x", vi: "x", en: "x")
    func report(_ text: String) -> ReportDocument {
      document.sections = [
        ReportSection(
          id: "x", title: column.header, table: TabularDocument(columns: [column], rows: [[.text(text)]]))
      ]
      return document
    }
    _ = try report(String(repeating: "ế", count: 32_767)).workbook(language: .vi)
    #expect(throws: RenderingRefusal.self) {
      try report(String(repeating: "ế", count: 32_768)).workbook(language: .vi)
    }
  }

  /// Texts that could break the markup, be taken for an escape, or for something else than text.
  @Test func awkwardTextsComeBack() throws {
    let seed = UInt64.random(in: .min ... .max)
    var generator = SeededGenerator(seed: seed)
    var texts = [
      "_x0041_", "_x005F_", "a_x000D_b", "\u{FFFE}", "a\u{0}b", "<&>\"'", "=1+1", "+84", "http://x", "\r\n",
    ]
    for _ in 0..<200 { texts.append(generator.awkwardText()) }
    let column = Column("x", vi: "x", en: "x", kind: .code)
    var document = WorkbookSample.document
    document.sections = [
      ReportSection(
        id: "x", title: column.header,
        table: TabularDocument(columns: [column], rows: texts.map { [.text($0)] }))
    ]
    // openpyxl undoes escapes in some texts and not in others, so the markup is read here, as ECMA-376 says.
    let script = """
      import re, xml.etree.ElementTree as ET
      archive = zipfile.ZipFile(path)
      n = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
      def joined(e): return ''.join(t.text or '' for t in e.iter(n + 't'))
      shared = [joined(e) for e in ET.fromstring(archive.read('xl/sharedStrings.xml'))] \
          if 'xl/sharedStrings.xml' in archive.namelist() else []
      cells = {c.get('r'): c for c in ET.fromstring(archive.read('xl/worksheets/sheet1.xml')).iter(n + 'c')}
      for row in range(11, 11 + \(texts.count)):
          c = cells['A%d' % row]
          kind = c.get('t')
          text = joined(c) if kind == 'inlineStr' else shared[int(c.find(n + 'v').text)] if kind == 's' else ''
          assert c.find(n + 'f') is None
          print('s' if kind else 'n', re.sub('_x([0-9A-Fa-f]{4})_', lambda m: chr(int(m[1], 16)), text).encode().hex())
      """
    for limit in [0, 1_000_000] {
      var renderer = WorkbookRenderer(document: document, language: .vi)
      renderer.cellsKeptInMemory = limit
      let read = try Openpyxl.lines(script, on: renderer.bytes())
      let expected = texts.map { text -> String in
        var scalars = String.UnicodeScalarView()
        for scalar in text.replacing("\r\n", with: "\n").unicodeScalars {
          let isLost =
            scalar.value < 0x20 && scalar != "\n" && scalar != "\t" && scalar != "\r" || scalar == "\u{FFFE}"
          scalars.append(isLost ? "\u{FFFD}" : scalar == "\r" ? "\n" : scalar)
        }
        return text.isEmpty ? "n " : "s " + hex(String(scalars))
      }
      #expect(read == expected, "seed \(seed)")
    }
  }

  @Test(arguments: [
    ("A", "A"), ("a", "a (2)"), ("'[x]'", "x"), ("", "id"), ("history", "history (2)"),
    ("Danh sách hồ sơ quá hạn chưa giải quyết", "Danh sách hồ sơ quá hạn chưa…"),
    (String(repeating: "x", count: 40), String(repeating: "x", count: 30) + "…"),
  ])
  func sheetNamesAreGoodAndUnique(title: String, expected: String) {
    var names = SheetNames()
    if title != "A" { _ = names.name(for: "A", fallback: "A") }
    #expect(names.name(for: title, fallback: "id") == expected)
  }

  @Test func sheetNamesStayShortWhenManyAreTheSame() {
    var names = SheetNames()
    let all = (0..<200).map { _ in names.name(for: "Danh sách hồ sơ quá hạn chưa giải quyết", fallback: "id")
    }
    #expect(Set(all.map { $0.lowercased() }).count == 200)
    #expect(all.allSatisfy { $0.utf16.count <= 31 })
  }

  /// libxlsxwriter does not notice that a disk is full; what it then leaves out must be noticed by us.
  @Test func whatIsMissingIsNoticed() throws {
    let bytes = try Self.bytes()
    let script = """
      archive = zipfile.ZipFile(path)
      sheets = ''.join(archive.read(n).decode() for n in archive.namelist() if n.startswith('xl/worksheets/sheet'))
      print(sheets.count('<c '), archive.read('xl/sharedStrings.xml').decode().count('<si>'))
      # The same archive with one part cut short, as a full disk leaves it, and right checksums.
      import io
      for name in ('xl/worksheets/sheet1.xml', 'xl/sharedStrings.xml', 'xl/styles.xml', 'xl/charts/chart1.xml'):
          out = io.BytesIO()
          with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as copy:
              for n in archive.namelist():
                  part = archive.read(n)
                  copy.writestr(n, part[:len(part) // 2] if n == name else part)
          print(out.getvalue().hex())
      # A row taken out of the middle: still well-formed.
      import re
      out = io.BytesIO()
      with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as copy:
          for n in archive.namelist():
              part = archive.read(n)
              copy.writestr(n, re.sub(b'<row r="14".*?</row>', b'', part) if n.endswith('sheet1.xml') else part)
      print(out.getvalue().hex())
      """
    let lines = try Openpyxl.lines(script, on: bytes)
    let counts = lines[0].split(separator: " ").compactMap { Int($0) }
    try #require(counts.count == 2 && lines.count == 6)
    func fault(_ bytes: [UInt8]) -> String? {
      WorkbookVerification(bytes: bytes, cellCount: counts[0], textCount: counts[1]).fault()
    }
    #expect(fault(bytes) == nil)
    #expect(fault(Array(bytes.dropLast())) != nil)
    for line in lines.dropFirst() {
      let digits = Array(line.utf8)
      let damaged = stride(from: 0, to: digits.count - 1, by: 2).compactMap { index in
        UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16)
      }
      #expect(fault(damaged) != nil)
    }
  }

  /// For people who want to look at what a spreadsheet program makes of it: names of the files to write.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["WORKBOOK_SAMPLE"] != nil))
  func theSampleIsWrittenForViewing() throws {
    let folder = try #require(ProcessInfo.processInfo.environment["WORKBOOK_SAMPLE"])
    for language in OutputLanguage.allCases {
      let file = URL(fileURLWithPath: "\(folder)/sample-\(language).xlsx")
      try Data(WorkbookSample.document.render(.xlsx, style: TableStyle(language: language))).write(to: file)
    }
    let text = try WorkbookSample.document.render(.csvExcel)
    try Data(text).write(to: URL(fileURLWithPath: folder + "/sample.csv"))
  }

  /// Seconds and memory for many rows, when asked: a release build says what counts.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["WORKBOOK_ROWS"] != nil))
  func manyRowsAreMeasured() throws {
    let count = try #require(ProcessInfo.processInfo.environment["WORKBOOK_ROWS"].flatMap { Int($0) })
    let document = WorkbookSample.long(rows: count)
    func resident() -> String {
      let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
      return status.split(separator: "\n").filter { $0.hasPrefix("VmHWM") || $0.hasPrefix("VmRSS") }
        .joined(separator: " ")
    }
    for limit in [0, Int.max] {
      var renderer = WorkbookRenderer(document: document, language: .vi)
      renderer.cellsKeptInMemory = limit
      print("before", resident())
      let time = try ContinuousClock().measure { print("bytes", try renderer.bytes().count) }
      print(limit == 0 ? "rows written once" : "rows in memory", time, resident())
    }
  }

  @Test func theFormatsWordsAreKnown() {
    #expect(ReportFormat(rawValue: "csv-excel") == .csvExcel)
    #expect(ReportFormat(fileName: "bao-cao.XLSX") == .xlsx)
    #expect(ReportFormat(fileName: "bao-cao.csv") == .csv)
  }
}
