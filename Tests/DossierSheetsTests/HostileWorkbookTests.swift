import DossierCore
import Testing

@testable import DossierSheets

/// Workbooks that somebody made to harm, or that broke on the way.
@Suite(.enabled(if: Openpyxl.isAvailable, Comment(rawValue: Openpyxl.missing)))
struct HostileWorkbookTests {
  static let cases: [(String, FindingCode, String)] = [
    ("a bomb", .sheetHostile, "package(path, minimal(data=('<a>' + ' ' * 1000 + '</a>') * 60_000))"),
    (
      "a bomb of comments", .sheetHostile,
      "package(path, minimal(data=('<!--' + ' ' * 1000 + '-->') * 20_000))"
    ),
    ("one long text", .sheetHostile, "package(path, minimal(data=' ' * 2_000_000))"),
    (
      "a path out of the archive", .sheetHostile,
      "package(path, dict(minimal('<row><c><v>1</v></c></row>'), **{'../x': ''}))"
    ),
    (
      "an absolute path", .sheetHostile,
      "package(path, dict(minimal('<row><c><v>1</v></c></row>'), **{'/etc/x': ''}))"
    ),
    (
      "a part twice", .sheetHostile,
      "package(path, dict(minimal('<row><c><v>1</v></c></row>'), **{'XL/workbook.xml': ''}))"
    ),
    (
      "a DOCTYPE", .sheetHostile,
      "package(path, minimal('<row/>', head='<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"b\">]>'))"
    ),
    (
      "a DOCTYPE in UTF-16", .sheetHostile,
      "p = minimal('<row/>'); p['xl/workbook.xml'] = '<!DOCTYPE a []><workbook/>'.encode('utf-16'); package(path, p)"
    ),
    (
      "very many attributes", .sheetHostile,
      "package(path, minimal('<row ' + ' '.join('a%d=\"\"' % i for i in range(40000)) + '/>'))"
    ),
    (
      "very many namespaces", .sheetHostile,
      "package(path, minimal('<row ' + ' '.join('xmlns:a%d=\"u\"' % i for i in range(40000)) + '/>'))"
    ),
    ("very deep", .sheetHostile, "package(path, minimal('<row>' * 1000 + '</row>' * 1000))"),
    (
      "a column beyond the last", .sheetDamaged,
      "package(path, minimal('<row><c r=\"XFE1\"><v>1</v></c></row>'))"
    ),
    ("a row beyond the last", .sheetDamaged, "package(path, minimal('<row r=\"1048577\"/>'))"),
    (
      "the very last cell", .sheetTooLarge,
      "package(path, minimal('<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>'))"
    ),
    (
      "a column without end", .sheetDamaged,
      "package(path, minimal('<row><c r=\"' + 'A' * 9999 + '1\"/></row>'))"
    ),
    ("rows backwards", .sheetDamaged, "package(path, minimal('<row r=\"2\"/><row r=\"1\"/>'))"),
    (
      "cells backwards", .sheetDamaged,
      "package(path, minimal('<row><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>'))"
    ),
    ("a cell of another row", .sheetDamaged, "package(path, minimal('<row r=\"1\"><c r=\"B2\"/></row>'))"),
    ("no such shared text", .sheetDamaged, "package(path, minimal('<row><c t=\"s\"><v>7</v></c></row>'))"),
    ("no number", .sheetDamaged, "package(path, minimal('<row><c><v>nan</v></c></row>'))"),
    ("an infinite number", .sheetDamaged, "package(path, minimal('<row><c><v>1e999</v></c></row>'))"),
    ("no such day", .sheetDamaged, "package(path, minimal('<row><c t=\"d\"><v>2026-02-30</v></c></row>'))"),
    (
      "a text too long", .sheetTooLarge,
      "package(path, minimal('<row><c t=\"str\"><v>' + 'x' * 40_000 + '</v></c></row>'))"
    ),
    ("an undeclared entity", .sheetDamaged, "package(path, minimal('<row><c><v>&a;</v></c></row>'))"),
    ("not well-formed", .sheetDamaged, "package(path, minimal('<row><c></row>'))"),
    (
      "a second root", .sheetDamaged,
      "p = minimal('<row/>'); p['xl/workbook.xml'] += '<a/>'; package(path, p)"
    ),
    ("no workbook", .sheetDamaged, "p = minimal(); del p['xl/workbook.xml']; package(path, p)"),
    ("no sheet", .sheetDamaged, "p = minimal(); del p['xl/worksheets/sheet1.xml']; package(path, p)"),
    ("no shared texts", .sheetDamaged, "p = minimal(); del p['xl/sharedStrings.xml']; package(path, p)"),
    (
      "a sheet elsewhere", .sheetDamaged,
      "p = minimal(); p['xl/_rels/workbook.xml.rels'] = p['xl/_rels/workbook.xml.rels'].replace("
        + "'worksheets/sheet1.xml\"', 'http://example.invalid/x\" TargetMode=\"External\"'); package(path, p)"
    ),
    (
      "a path above the archive", .sheetDamaged,
      "p = minimal(); p['xl/_rels/workbook.xml.rels'] = p['xl/_rels/workbook.xml.rels'].replace("
        + "'worksheets/sheet1.xml', '../../../../etc/passwd'); package(path, p)"
    ),
    (
      "a relationship to itself", .sheetDamaged,
      "p = minimal(); p['xl/_rels/workbook.xml.rels'] = p['xl/_rels/workbook.xml.rels'].replace("
        + "'worksheets/sheet1.xml', '/[Content_Types].xml/x'); package(path, p)"
    ),
    (
      "macros", .sheetMacros,
      "package(path, minimal(type='application/vnd.ms-excel.sheet.macroEnabled.main+xml'))"
    ),
    (
      "hidden macros", .sheetMacros,
      "package(path, dict(minimal(), **{'xl/vbaProject.bin': 'x'}))"
    ),
    (
      "a binary workbook", .sheetFormat,
      "package(path, minimal(type='application/vnd.ms-excel.sheet.binary.macroEnabled.main'))"
    ),
    ("an OpenDocument", .sheetFormat, "package(path, {'mimetype': 'x', 'content.xml': '<x/>'})"),
    (
      "a text document", .sheetFormat,
      "package(path, {'[Content_Types].xml': '<x/>', 'word/document.xml': '<x/>'})"
    ),
    ("any archive", .sheetFormat, "package(path, {'a.txt': 'x'})"),
    ("nothing in it", .emptyInput, "package(path, minimal())"),
    (
      "cut off", .sheetDamaged,
      "package(path, minimal('<row/>')); b = open(path, 'rb').read(); open(path, 'wb').write(b[:len(b) // 2])"
    ),
    (
      "too many parts", .sheetTooLarge,
      "package(path, dict(minimal(), **{'x%d' % i: '' for i in range(5000)}))"
    ),
    (
      "a checksum that is wrong", .sheetDamaged,
      "package(path, minimal('<row><c><v>12345</v></c></row>'), zipfile.ZIP_STORED); b = open(path, 'rb').read(); "
        + "open(path, 'wb').write(b.replace(b'12345', b'12346'))"
    ),
    (
      "merged without end", .sheetDamaged,
      "package(path, minimal(''.join('<row><c><v>1</v></c></row>' for i in range(3000)), after='<mergeCells>'"
        + " + '<mergeCell ref=\"B1:XFD1048576\"/>' * 50_000 + '</mergeCells>'), zipfile.ZIP_STORED)"
    ),
  ]

  /// All made by one run of Python. What grows with the square of a size would take hours.
  @Test(.timeLimit(.minutes(15))) func areRefused() throws {
    let script = Self.cases.enumerated().map { number, hostile in
      "path = folder + '/\(100 + number)'\n\(hostile.2)\n"
    }
    let files = try Openpyxl.makeMany("folder = path\n" + script.joined())
    try #require(files.count == Self.cases.count)
    for (file, (name, code, _)) in zip(files, Self.cases) {
      #expect(refusal(file.bytes)?.code == code, "\(name)")
    }
  }

  /// A password on the archive itself, which Python can write only by hand: the flag of encryption is set.
  @Test func aPasswordIsNamed() throws {
    let bytes = try Openpyxl.make(
      """
      package(path, minimal('<row/>'), zipfile.ZIP_STORED)
      b = bytearray(open(path, 'rb').read())
      for mark, offset in ((b'PK\\x03\\x04', 6), (b'PK\\x01\\x02', 8)):
          at = b.find(mark)
          while at >= 0:
              b[at + offset] |= 1
              at = b.find(mark, at + 4)
      open(path, 'wb').write(b)
      """)
    #expect(refusal(bytes)?.code == .sheetProtected)
  }

  @Test func flippedBitsNeverCrash() throws {
    let seed = UInt64.random(in: .min ... .max)
    var generator = SeededGenerator(seed: seed)
    let sound = try Openpyxl.make(
      """
      book = openpyxl.Workbook(); sheet = book.active
      for row in range(40):
          sheet.append([row, 'Bưu cục %d' % row, row / 7, datetime.date(2026, 1, 5)])
      book.save(path)
      """)
    let expected = try SheetReader.read(bytes: sound, name: "x")
    var refused = 0
    for _ in 0..<400 {
      var bytes = sound
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let position = Int.random(in: 0..<bytes.count, using: &generator)
        bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      }
      if Bool.random(using: &generator) { bytes.removeLast(Int.random(in: 0..<200, using: &generator)) }
      do {
        let tables = try SheetReader.read(bytes: bytes, name: "x")
        // Checksums guard the parts: what is still read is what was written, but for the names in the archive's lists.
        #expect(tables == expected || tables.count == expected.count, "seed \(seed)")
      } catch {
        refused += 1
      }
    }
    #expect(refused > 0, "seed \(seed)")
  }

  /// The parts themselves changed, with right checksums.
  @Test func changedPartsNeverCrash() throws {
    let seed = UInt64.random(in: 0...1 << 32)
    let files = try Openpyxl.makeMany(
      """
      import os
      r = random.Random(\(seed))
      base = {k: v.encode() for k, v in minimal('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>45000.5</v></c>'
          '<c r="C1" t="inlineStr"><is><t>x</t></is></c><c r="D1" t="str"><f>1</f><v>y</v></c></row>',
          after='<mergeCells><mergeCell ref="A1:B2"/></mergeCells>', strings='<si><t>Bưu cục</t></si>',
          styles='<numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>'
          '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>').items()}
      for n in range(300):
          parts = dict(base)
          for _ in range(r.randint(1, 3)):
              name = r.choice(list(parts))
              b = bytearray(parts[name])
              kind = r.randrange(4)
              at = r.randrange(len(b))
              if kind == 0: b[at] ^= 1 << r.randrange(8)
              elif kind == 1: del b[at:at + r.randint(1, 20)]
              elif kind == 2: b[at:at] = b[max(0, at - r.randint(1, 60)):at]
              else: b[at:at] = r.choice([b'-1', b'999999999999999999999', b'</row>', b'<c>', b'&amp;', b'_x0000_', b'e', b'.'])
              parts[name] = bytes(b)
          package(path + '/%03d.xlsx' % n, parts)
      """)
    #expect(files.count == 300)
    var read = 0
    for file in files {
      if (try? SheetReader.read(bytes: file.bytes, name: file.name)) != nil { read += 1 }
    }
    #expect(read > 0 && read < files.count, "seed \(seed)")
  }
}
