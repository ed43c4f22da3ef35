import DossierCore
import Testing

@testable import DossierSheets

func texts(_ rows: [SheetRow]) -> [[String]] {
  rows.map { row in
    row.cells.map { cell in
      if case .text(let text) = cell { text } else { "" }
    }
  }
}

func rows(_ text: String) throws -> [SheetRow] {
  try SheetReader.read(bytes: Array(text.utf8), name: "bang.csv")[0].rows
}

func refusal(_ bytes: [UInt8], limits: SheetLimits = .init()) -> Finding? {
  do {
    _ = try SheetReader.read(bytes: bytes, name: "bang.csv", limits: limits)
    return nil
  } catch {
    return error.finding
  }
}

@Suite struct DelimitedTextTests {
  @Test(arguments: [
    ("a,b\n1,2\n", "comma"), ("a;b\n1;2\n", "semicolon"), ("a\tb\n1\t2\n", "tab"),
    ("sep=|\r\na|b\r\n1|2\r\n", "named"),
  ])
  func separatorsAreFoundOut(text: String, name: String) throws {
    #expect(try texts(rows(text)) == [["a", "b"], ["1", "2"]], "\(name)")
  }

  @Test func decimalCommasDoNotMakeACommaFile() throws {
    #expect(
      try texts(rows("Bưu cục;Tỷ lệ;Giờ\nA;1,5;2,5\nB;2,5;3,5\n")) == [
        ["Bưu cục", "Tỷ lệ", "Giờ"], ["A", "1,5", "2,5"], ["B", "2,5", "3,5"],
      ])
    #expect(try texts(rows("1,5;2,5\n3,5;4,5\n")) == [["1,5", "2,5"], ["3,5", "4,5"]])
  }

  @Test func listsInACommaFileDoNotMakeASemicolonFile() throws {
    #expect(
      try texts(rows("mã,danh mục,số\nA,x; y,1\nB,x; z,2\n")) == [
        ["mã", "danh mục", "số"], ["A", "x; y", "1"], ["B", "x; z", "2"],
      ])
  }

  @Test func aTitleAboveTheTableDoesNotMislead() throws {
    let table = try rows("BÁO CÁO, tháng 1, năm 2026\n\nMã;Số\nA;1\nB;2\nC;3\n")
    #expect(table.map(\.line) == [1, 3, 4, 5, 6])
    #expect(texts(table)[1] == ["Mã", "Số"])
  }

  /// RFC 4180 section 2, and what spreadsheets do beyond it.
  @Test func quotesAreRead() throws {
    #expect(
      try texts(rows("\"a,b\",\"c\"\"d\",e\"f\n\"1\n2\",\"\",3\n")) == [
        ["a,b", "c\"d", "e\"f"], ["1\n2", "", "3"],
      ])
    #expect(try texts(rows("\"a\";\"b\"\n\"1\";\"2\"\n")) == [["a", "b"], ["1", "2"]])
    #expect(try texts(rows("\"a\" ,b\n")) == [["a", "b"]])
    #expect(try texts(rows("\"a\"\"\",b\n1,2")) == [["a\"", "b"], ["1", "2"]])
  }

  /// A quotation mark under a combining mark is one Character to Swift and two to every CSV reader.
  @Test func fieldsAreCutByBytes() throws {
    #expect(try texts(rows("\"a\"\"\u{301}b\",c\r\n")) == [["a\"\u{301}b", "c"]])
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func linesAreCountedWhateverEndsThem(end: String) throws {
    let text = ["a,b", "\"x", "y\",1", "", ",", "c,2"].joined(separator: end)
    let table = try rows(text)
    #expect(table.map(\.line) == [1, 2, 6])
    #expect(texts(table) == [["a", "b"], ["x\ny", "1"], ["c", "2"]])
  }

  @Test func textIsComposedAndTrimmed() throws {
    let table = try rows("  Bu\u{31B}u cu\u{323}c\u{A0},\u{FEFF} \n\u{3000}x ,\t1\n")
    #expect(
      texts(table).map { $0.map { Array($0.utf8) } } == [
        [Array("Bưu cục".utf8)], ["x", "1"].map { Array($0.utf8) },
      ])
  }

  @Test func allEncodingsGiveTheSame() throws {
    let text = "Mã;Tên\r\nA;Bưu cục 𠮷\r\n"
    let expected = try rows(text)
    var little: [UInt8] = [0xFF, 0xFE]
    var big: [UInt8] = [0xFE, 0xFF]
    for unit in text.utf16 {
      little += [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      big += [UInt8(unit >> 8), UInt8(unit & 0xFF)]
    }
    let marked: [UInt8] = [0xEF, 0xBB, 0xBF] + Array(text.utf8)
    for bytes in [marked, little, big] {
      #expect(try SheetReader.read(bytes: bytes, name: "x")[0].rows == expected)
    }
  }

  @Test(
    arguments: [
      (Array("a,b\n1,\u{1}\n".utf8), 2), (Array("a,b\n".utf8) + [0xE1, 0xBA], 2),
      ([0x61, 0x0A, 0x0A, 0xFF], 3),
      ([0xFF, 0xFE, 0x00, 0xD8], 1), ([0x61, 0x00, 0x2C, 0x00], 1),
    ] as [([UInt8], Int)])
  func otherEncodingsAreRefusedWithTheirLine(bytes: [UInt8], line: Int) {
    let finding = refusal(bytes)
    #expect(finding?.code == .sheetEncoding)
    #expect(finding?.line == line)
    #expect(finding?.file == "bang.csv")
  }

  @Test(arguments: [("a,b\n\"1,2\n3,4\n", 2), ("a,b\n\"1\"x,2\n", 2), ("a,b\n1,\"x\ny\"z\n", 3)])
  func misplacedQuotesAreRefusedWithTheirLine(text: String, line: Int) {
    let finding = refusal(Array(text.utf8))
    #expect(finding?.code == .sheetQuotes)
    #expect(finding?.line == line)
  }

  @Test func limitsHold() {
    var limits = SheetLimits()
    limits.rows = 2
    #expect(refusal(Array("a\nb\n\n,\n".utf8), limits: limits) == nil)
    #expect(refusal(Array("a\nb\n\nc\n".utf8), limits: limits)?.line == 4)
    limits = SheetLimits()
    limits.columns = 3
    #expect(refusal(Array("a,b,c,,,\n".utf8), limits: limits) == nil)
    #expect(refusal(Array("a\na,b,c,d\n".utf8), limits: limits)?.path == "columns")
    limits = SheetLimits()
    limits.cellBytes = 4
    #expect(refusal(Array("abcd\n\"abc\"\n".utf8), limits: limits) == nil)
    #expect(refusal(Array("ab\nabcde\n".utf8), limits: limits)?.line == 2)
    limits = SheetLimits()
    limits.cells = 5
    #expect(refusal(Array(",,a\n,,b\n".utf8), limits: limits)?.path == "cells")
    limits = SheetLimits()
    limits.fileBytes = 3
    #expect(refusal(Array("abcd".utf8), limits: limits)?.code == .sheetTooLarge)
  }

  @Test(arguments: ["", "\n\n", ";;\n", "\u{FEFF}", " \n"])
  func aFileWithoutContentIsRefused(text: String) {
    #expect(refusal(Array(text.utf8))?.code == .emptyInput)
  }

  @Test(arguments: [
    ("<html><table>", "HTML/XML"), ("\u{FEFF} <?xml version=\"1.0\"?>", "HTML/XML"), ("%PDF-1.7", "PDF"),
    ("{\\rtf1", "RTF"),
  ])
  func otherFormatsAreNamed(text: String, word: String) {
    let finding = refusal(Array(text.utf8))
    #expect(finding?.code == .sheetFormat)
    #expect(finding?.found == word)
  }

  @Test func oldWorkbooksAreNamed() {
    let ole: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
    #expect(refusal(ole + [UInt8](repeating: 0, count: 1024))?.code == .sheetFormat)
    var directory = [UInt8](repeating: 0, count: 1016)
    for byte in "EncryptedPackage".utf8 { directory += [byte, 0] }
    #expect(refusal(ole + directory + [UInt8](repeating: 0, count: 96))?.code == .sheetProtected)
  }
}
