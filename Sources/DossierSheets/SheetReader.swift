public import DossierCore

/// Reads tables that others made: text with separators (CSV, TSV) and workbooks (XLSX).
///
/// What a file is, is decided by its content, never by its name. Nothing is guessed about values: a text file gives
/// texts, a workbook gives what its cells hold and how they are shown. The first thing that is wrong ends the reading:
/// half a table is worse than none.
public enum SheetReader {
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - name: the file's name, for findings; the name of a text file's table.
  /// - Returns: one table of a text file; of a workbook the visible worksheets with content, in the order of their tabs.
  /// - Throws: ``SheetRefusal`` with a finding that names the line where one is known.
  public static func read(
    bytes: [UInt8], name: String, limits: SheetLimits = .init()
  ) throws(SheetRefusal) -> [SheetTable] {
    guard !bytes.isEmpty else { throw SheetRefusal(Finding(.emptyInput, file: name)) }
    guard bytes.count <= limits.fileBytes else {
      throw .tooLarge("bytes", found: bytes.count, limit: limits.fileBytes, file: name)
    }
    let tables: [SheetTable]
    switch SheetFormat(bytes) {
    case .workbook:
      tables = try WorkbookReader.read(bytes, name: name, limits: limits)
    case .text:
      let text = try PlainText.decode(bytes, name: name)
      let rows = try DelimitedText.read(text, name: name, limits: limits)
      tables = [SheetTable(name: name, rows: rows)]
    case .protectedWorkbook:
      throw SheetRefusal(Finding(.sheetProtected, file: name))
    case .other(let word):
      throw SheetRefusal(Finding(.sheetFormat, file: name, found: word))
    }
    let filled = tables.filter { !$0.rows.isEmpty }
    guard !filled.isEmpty else { throw SheetRefusal(Finding(.emptyInput, file: name)) }
    return filled
  }
}

/// What the first bytes of a file say that it is.
enum SheetFormat: Equatable {
  case text
  /// A zip archive: whether it holds a workbook is seen inside.
  case workbook
  /// A workbook encrypted inside the container of the old formats.
  case protectedWorkbook
  /// Something else, in a word that is the same in both languages.
  case other(String)

  init(_ bytes: [UInt8]) {
    let start = bytes.prefix(8)
    if start.starts(with: [0x50, 0x4B, 3, 4]) || start.starts(with: [0x50, 0x4B, 5, 6]) {
      self = .workbook
    } else if start.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
      self = Self.names("EncryptedPackage", in: bytes) ? .protectedWorkbook : .other("XLS/DOC (97-2003)")
    } else if start.starts(with: "%PDF".utf8) {
      self = .other("PDF")
    } else if start.starts(with: [0x1F, 0x8B]) {
      self = .other("GZIP")
    } else if start.starts(with: "{\\rtf".utf8) {
      self = .other("RTF")
    } else {
      self = Self.isMarkup(bytes) ? .other("HTML/XML") : .text
    }
  }

  /// Whether the first character is `<`, after a byte order mark, zero bytes of UTF-16, and white space.
  private static func isMarkup(_ bytes: [UInt8]) -> Bool {
    let skipped: Set<UInt8> = [0xEF, 0xBB, 0xBF, 0xFE, 0xFF, 0x00, 0x20, 0x09, 0x0A, 0x0D]
    return bytes.prefix(256).first { !skipped.contains($0) } == UInt8(ascii: "<")
  }

  /// Whether the directory of an OLE container names a stream; its names are UTF-16.
  private static func names(_ name: String, in bytes: [UInt8]) -> Bool {
    var wanted: [UInt8] = []
    for byte in name.utf8 { wanted += [byte, 0] }
    // Directory entries are 128 bytes long and begin at multiples of that.
    var start = 0
    while start + wanted.count <= bytes.count {
      if bytes[start] == wanted[0], bytes[start..<(start + wanted.count)].elementsEqual(wanted) {
        return true
      }
      start += 128
    }
    return false
  }
}
