internal import DossierCore

/// The rows of a text file with separators: CSV with `,` or `;`, or tabs.
enum DelimitedText {
  static func read(
    _ bytes: [UInt8], name: String, limits: SheetLimits
  ) throws(SheetRefusal) -> [SheetRow] {
    let start = Start(bytes)
    var scanner = RecordScanner(
      bytes, delimiter: start.delimiter ?? likelyDelimiter(bytes), from: start.position, line: start.line,
      keptFields: limits.columns)
    var rows: [SheetRow] = []
    var cellCount = 0
    while let line = try next(&scanner, name: name) {
      // A line of nothing but separators is a row without content.
      guard scanner.filledCount > 0 else { continue }
      guard scanner.filledCount <= limits.columns else {
        throw .tooLarge(
          "columns", found: scanner.filledCount, limit: limits.columns, file: name, line: line)
      }
      var cells: [SheetCell] = []
      cells.reserveCapacity(scanner.filledCount)
      for field in scanner.fields.prefix(scanner.filledCount) {
        guard field.end - field.start <= limits.cellBytes else {
          throw .tooLarge(
            "cell", found: field.end - field.start, limit: limits.cellBytes, file: name, line: line)
        }
        cells.append(
          field.isEscaped
            ? SheetText.cell(scanner.content(field)) : SheetText.cell(bytes[field.start..<field.end]))
      }
      while cells.last == .empty { cells.removeLast() }
      if cells.isEmpty { continue }
      cellCount += cells.count
      rows.append(SheetRow(line: line, cells: cells))
      guard rows.count <= limits.rows else {
        throw .tooLarge("rows", found: rows.count, limit: limits.rows, file: name, line: line)
      }
      guard cellCount <= limits.cells else {
        throw .tooLarge("cells", found: cellCount, limit: limits.cells, file: name, line: line)
      }
    }
    return rows
  }

  private static func next(_ scanner: inout RecordScanner, name: String) throws(SheetRefusal) -> Int? {
    do { return try scanner.next() } catch {
      throw SheetRefusal(Finding(.sheetQuotes, file: name, line: error.line))
    }
  }

  // MARK: The separator

  /// Where the records begin. Excel understands a first line `sep=;` and names the separator in it.
  private struct Start {
    var position = 0
    var line = 1
    var delimiter: UInt8?

    init(_ bytes: [UInt8]) {
      guard bytes.count >= 6, String(decoding: bytes[..<4], as: UTF8.self).lowercased() == "sep=" else {
        return
      }
      let mark = bytes[4]
      let isSeparator = mark == 0x09 || (mark > 0x20 && mark < 0x7F && mark != 0x22)
      guard isSeparator, bytes[5] == 0x0A || bytes[5] == 0x0D else { return }
      delimiter = mark
      position = bytes[5] == 0x0D && bytes.count > 6 && bytes[6] == 0x0A ? 7 : 6
      line = 2
    }
  }

  /// A tab stands in no cell, a semicolon in few, a comma in every Vietnamese number: so they are asked in this order.
  private static let candidates: [UInt8] = [0x09, UInt8(ascii: ";"), UInt8(ascii: ",")]
  private static let sampledRecords = 200

  /// The separator that gives most of the first records the same number of fields, at least two. A tie goes to the first
  /// of tab, semicolon, comma: `A;1,5;2,5` has three fields either way, and its header has commas nowhere. A separator
  /// with which the quotation marks make no sense is none.
  private static func likelyDelimiter(_ bytes: [UInt8]) -> UInt8 {
    var best = UInt8(ascii: ",")
    var bestAgreement = 0
    for delimiter in candidates {
      let agreement = agreement(bytes, delimiter: delimiter)
      if agreement > bestAgreement {
        best = delimiter
        bestAgreement = agreement
      }
    }
    return best
  }

  /// How many of the first records have the commonest number of fields.
  private static func agreement(_ bytes: [UInt8], delimiter: UInt8) -> Int {
    var scanner = RecordScanner(bytes, delimiter: delimiter, from: 0, line: 1, keptFields: 0)
    var counts: [Int: Int] = [:]
    for _ in 0..<sampledRecords {
      do {
        guard try scanner.next() != nil else { break }
      } catch {
        return 0
      }
      if scanner.fieldCount > 1 { counts[scanner.fieldCount, default: 0] += 1 }
    }
    return counts.values.max() ?? 0
  }
}
