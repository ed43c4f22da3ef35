import DossierCore
import Foundation
import Testing

@testable import DossierSheets

/// Python with openpyxl as an independent writer of what we read.
enum Openpyxl {
  static let isAvailable = (try? make("open(path, 'w').write('1')")) == [0x31]
  static let missing = "/usr/bin/python3 with openpyxl is not installed, so it cannot write workbooks for us"

  struct Failure: Error { let status: Int32 }

  /// The file that a script writes at `path`.
  static func make(_ script: String) throws -> [UInt8] {
    try inFolder { folder in
      try run(script, arguments: [folder + "/made.xlsx"])
      return [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/made.xlsx")))
    }
  }

  /// All files that a script writes into the folder `path`, in order of their names.
  static func makeMany(_ script: String) throws -> [(name: String, bytes: [UInt8])] {
    try inFolder { folder in
      try run(script, arguments: [folder])
      return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { name in
        (name, [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))))
      }
    }
  }

  private static func inFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
  }

  private static func run(_ script: String, arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    process.arguments = ["-c", prelude + script] + arguments
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
  }

  /// `package(path, parts)` writes an archive; `minimal(sheet, …)` the parts of a workbook around one sheet's markup.
  private static let prelude = """
    import sys, random, zipfile, datetime, openpyxl
    path = sys.argv[1]
    MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
    REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
    PKG = 'http://schemas.openxmlformats.org/package/2006/relationships'
    CT = 'application/vnd.openxmlformats-officedocument.spreadsheetml.'
    def minimal(data='', after='', strings=None, styles=None, props='', main=MAIN, rel=REL, type=CT + 'sheet.main+xml',
                sheets='<sheet name="Bảng" sheetId="1" r:id="rId1"/>', head='<?xml version="1.0" encoding="UTF-8"?>'):
        parts = {
            '[Content_Types].xml': head + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                '<Override PartName="/xl/workbook.xml" ContentType="' + type + '"/></Types>',
            '_rels/.rels': head + '<Relationships xmlns="' + PKG + '"><Relationship Id="r1" Type="' + rel
                + '/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            'xl/workbook.xml': head + '<workbook xmlns="' + main + '" xmlns:r="' + rel + '">' + props
                + '<sheets>' + sheets + '</sheets></workbook>',
            'xl/_rels/workbook.xml.rels': head + '<Relationships xmlns="' + PKG + '">'
                '<Relationship Id="rId1" Type="' + rel + '/worksheet" Target="worksheets/sheet1.xml"/>'
                '<Relationship Id="rId2" Type="' + rel + '/sharedStrings" Target="/xl/sharedStrings.xml"/>'
                '<Relationship Id="rId3" Type="' + rel + '/styles" Target="../xl/styles.xml"/></Relationships>',
            'xl/worksheets/sheet1.xml': head + '<worksheet xmlns="' + main + '"><sheetData>' + data + '</sheetData>'
                + after + '</worksheet>',
            'xl/sharedStrings.xml': head + '<sst xmlns="' + main + '">' + (strings or '') + '</sst>',
            'xl/styles.xml': head + '<styleSheet xmlns="' + main + '">' + (styles or '') + '</styleSheet>',
        }
        return parts
    def package(path, parts, method=zipfile.ZIP_DEFLATED):
        with zipfile.ZipFile(path, 'w', method) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)

    """
}

/// SplitMix64: a random test that fails can be run again with the seed it printed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

func workbook(_ script: String, limits: SheetLimits = .init()) throws -> [SheetTable] {
  try SheetReader.read(bytes: Openpyxl.make(script), name: "bang.xlsx", limits: limits)
}

func date(_ year: Int, _ month: Int, _ day: Int) throws -> CalendarDate {
  try #require(CalendarDate(year: year, month: month, day: day))
}
