import DossierCore
import Testing

@testable import DossierSheets

@Suite(.enabled(if: Openpyxl.isAvailable, Comment(rawValue: Openpyxl.missing)))
struct WorkbookReaderTests {
  @Test func everyKindOfCellIsRead() throws {
    let tables = try workbook(
      """
      book = openpyxl.Workbook()
      sheet = book.active
      sheet.title = 'Thu & chi'
      sheet['A1'] = 'BÁO CÁO'
      sheet.merge_cells('A1:C1')
      sheet['A3'] = '  Bu\\u031bu cu\\u0323c '
      sheet['B3'] = 8437
      sheet['C3'] = 0.7895; sheet['C3'].number_format = '0.00%'
      sheet['D3'] = -1.5; sheet['D3'].number_format = '#,##0.000;[Red]-#,##0.0'
      sheet['E3'] = datetime.date(2026, 1, 5); sheet['E3'].number_format = 'dd/mm/yyyy'
      sheet['F3'] = datetime.datetime(2026, 1, 5, 16, 30, 1); sheet['F3'].number_format = 'dd/mm/yyyy hh:mm'
      sheet['G3'] = True
      sheet['H3'] = '#N/A'
      sheet['I3'] = '0012'
      sheet['J3'] = 3.5
      sheet['K3'] = datetime.time(6, 0)
      sheet['C5'] = 'dòng 5'
      book.create_sheet('Ẩn').sheet_state = 'hidden'
      book['Ẩn']['A1'] = 'x'
      book.create_sheet('Trống')
      book.create_sheet('Sau')['B2'] = 1
      book.save(path)
      """)
    #expect(tables.map(\.name) == ["Thu & chi", "Sau"])
    let expected: [SheetRow] = [
      SheetRow(line: 1, cells: [.text("BÁO CÁO")]),
      SheetRow(
        line: 3,
        cells: [
          .text("Bưu cục"), .number(8437, isPercent: false, places: nil),
          .number(0.7895, isPercent: true, places: 2), .number(-1.5, isPercent: false, places: 3),
          .date(try date(2026, 1, 5)), .time(try date(2026, 1, 5), seconds: 16 * 3600 + 30 * 60 + 1),
          .flag(true),
          .text("#N/A"), .text("0012"), .number(3.5, isPercent: false, places: nil),
          .number(0.25, isPercent: false, places: nil),
        ]),
      SheetRow(line: 5, cells: [.empty, .empty, .text("dòng 5")]),
    ]
    #expect(tables[0].rows == expected)
    #expect(
      tables[1].rows == [SheetRow(line: 2, cells: [.empty, .number(1, isPercent: false, places: nil)])])
  }

  /// What other programs write and openpyxl does not: runs, readings, texts in place, escapes, cells without reference.
  @Test(arguments: [
    ("MAIN", "REL"),
    (
      "'http://purl.oclc.org/ooxml/spreadsheetml/main'",
      "'http://purl.oclc.org/ooxml/officeDocument/relationships'"
    ),
  ])
  func rareMarkupIsRead(main: String, relationships: String) throws {
    let tables = try workbook(
      """
      package(path, minimal(main=\(main), rel=\(relationships), data='''
        <row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="inlineStr"><is><t>_x000D_in_x0041_ </t></is></c>
        <c t="str"><f>"a"</f><v>a&amp;#38;&lt;</v></c></row>
        <row r="4"><c r="B4" t="d"><v>2026-01-05T08:30:00</v></c><c t="d"><v>2026-01-05</v></c><c><v>1e3</v></c></row>
        <!-- a comment --><row r="6"><c r="A6" s="1"><v>45000.5</v></c><c r="C6" s="2"><v>0.5</v></c><c r="D6" s="9"/></row>
      ''', strings='<si><r><t>Bưu </t></r><r><rPr/><t>cục</t></r></si>'
        '<si><t><![CDATA[漢]]></t><rPh sb="0" eb="1"><t>かん</t></rPh></si>',
        styles='<numFmts><numFmt numFmtId="164" formatCode="[$-42A]d/m/yyyy;@"/></numFmts><cellStyleXfs><xf numFmtId="9"/>'
        '</cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="10"/></cellXfs>'))
      """)
    let expected: [SheetRow] = [
      SheetRow(line: 1, cells: [.text("Bưu cục"), .text("漢"), .text("inA"), .text("a&#38;<")]),
      SheetRow(
        line: 4,
        cells: [
          .empty, .time(try date(2026, 1, 5), seconds: 30_600), .date(try date(2026, 1, 5)),
          .number(1000, isPercent: false, places: nil),
        ]),
      SheetRow(
        line: 6, cells: [.date(try date(2023, 3, 15)), .empty, .number(0.5, isPercent: true, places: 2)]),
    ]
    #expect(tables[0].rows == expected)
  }

  @Test func daysAreCountedAsTheWorkbookSays() throws {
    for (properties, expected) in [("", (1900, 3, 1)), ("<workbookPr date1904=\"1\"/>", (1904, 3, 1))] {
      let serial = properties.isEmpty ? 61 : 60
      let tables = try workbook(
        """
        package(path, minimal(props='\(properties)', data='<row><c s="0"><v>\(serial)</v></c></row>',
          styles='<cellXfs><xf numFmtId="14"/></cellXfs>'))
        """)
      #expect(tables[0].rows[0].cells == [.date(try date(expected.0, expected.1, expected.2))])
    }
    let dates = SerialDate(countsFrom1904: false)
    #expect(dates.cell(1, format: .date) == .date(try date(1900, 1, 1)))
    #expect(dates.cell(59, format: .date) == .date(try date(1900, 2, 28)))
    // 29 February 1900 never was.
    #expect(dates.cell(60, format: .date) == .number(60, isPercent: false, places: nil))
    #expect(dates.cell(2_958_465, format: .date) == .date(try date(9999, 12, 31)))
    #expect(dates.cell(45_000.999999, format: .dateAndTime) == .time(try date(2023, 3, 16), seconds: 0))
  }

  @Test func mergedCellsHideWhatLiesUnderThem() throws {
    let tables = try workbook(
      """
      package(path, minimal(data='<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c><c r="C2"><v>3</v></c></row>'
        '<row r="3"><c r="B3"><v>4</v></c></row>', after='<mergeCells><mergeCell ref="A2:B3"/></mergeCells>'))
      """)
    let one = SheetCell.number(1, isPercent: false, places: nil)
    let three = SheetCell.number(3, isPercent: false, places: nil)
    #expect(tables[0].rows == [SheetRow(line: 2, cells: [one, .empty, three])])
  }

  @Test func aFormulaWithoutItsValueIsRefused() throws {
    let bytes = try Openpyxl.make(
      "book = openpyxl.Workbook(); book.active['B2'] = '=1+1'; book.save(path)")
    let finding = refusal(bytes)
    #expect(finding?.code == .sheetUncalculated)
    #expect(finding?.path == "Sheet!B2")
    #expect(finding?.line == 2)
  }

  @Test(arguments: [
    ("General", NumberFormat.general), ("@", .general), ("0", .number(isPercent: false, places: 0)),
    ("#,##0.00_);[Red](#,##0.00)", .number(isPercent: false, places: 2)),
    ("0.0%", .number(isPercent: true, places: 1)), ("0,000%", .number(isPercent: true, places: 0)),
    ("#,##0\\ \"đồng/ngày\"", .number(isPercent: false, places: 0)),
    ("0.00E+00", .number(isPercent: false, places: nil)), ("# ?/?", .number(isPercent: false, places: nil)),
    ("dd/mm/yyyy", .date), ("[$-42A]dddd, d mmmm yyyy", .date), ("mmm", .date), ("d/m/yy h:mm", .dateAndTime),
    ("dd/mm/yyyy hh:mm:ss\"+07:00\"", .dateAndTime), ("h:mm AM/PM", .time), ("[h]:mm:ss", .time),
    ("mm:ss.0", .time), ("[Blue]0.00;[Red]0.0", .number(isPercent: false, places: 2)),
    ("[$đ-42A]#,##0", .number(isPercent: false, places: 0)),
    ("\"ngày\" 0", .number(isPercent: false, places: 0)),
  ])
  func numberFormatsSayHowANumberIsShown(code: String, format: NumberFormat) {
    #expect(NumberFormat(code: code) == format)
  }

  @Test func aSheetOfManyRowsIsReadQuickly() throws {
    let bytes = try Openpyxl.make(
      """
      book = openpyxl.Workbook(write_only=True)
      sheet = book.create_sheet('x')
      for row in range(5000):
          sheet.append([row, 'Bưu cục %d' % row, row / 7, True])
      book.save(path)
      """)
    let tables = try SheetReader.read(bytes: bytes, name: "x")
    #expect(tables[0].rows.count == 5000)
    #expect(tables[0].rows[4999].cells[1] == .text("Bưu cục 4999"))
    #expect(tables[0].rows[4999].cells[2] == .number(4999.0 / 7, isPercent: false, places: nil))
  }
}
