public import DossierCore

/// What the one-stop software says of one dossier.
public struct Tick: Equatable, Sendable {
  /// Line or row of the file.
  public var line: Int
  /// `NgayHenTra`: the due date.
  public var due: CalendarDate?
  /// `NgayTra`: the day on which the result was ticked as returned; nil when it was not.
  public var ticked: CalendarDate?
  /// `NgayKetThucXuLy`: the day on which processing ended.
  public var processed: CalendarDate?

  public init(line: Int, due: CalendarDate?, ticked: CalendarDate?, processed: CalendarDate?) {
    self.line = line
    self.due = due
    self.ticked = ticked
    self.processed = processed
  }
}

/// An export of the one-stop software: one dossier a row, columns found by their names, `MaHoSo`, `NgayHenTra`,
/// `NgayTra`, `NgayKetThucXuLy` or the same in Vietnamese words.
public struct TickSheet: Sendable {
  /// By the dossier code as this program writes it.
  public private(set) var ticks: [String: Tick] = [:]
  /// Rows that repeat a code; the first one counts.
  public private(set) var repeated = 0
  /// Rows without a code that could be read, or with a date that could not.
  public private(set) var unreadable = 0
  /// An error when the table has no such columns; otherwise a warning for each of the first hundred rows that could not
  /// be read.
  public private(set) var findings: [Finding] = []

  /// - Parameters:
  ///   - table: as it was read; the header stands in one of its first 30 rows.
  ///   - file: its name, for findings.
  public init(_ table: SheetTable, file: String) {
    guard let header = SoftwareHeader(table), let code = header.columns[.code],
      header.columns[.returned] != nil
    else {
      findings = [Finding(.tickSheetForm, file: file, line: table.rows.first?.line)]
      return
    }
    for row in table.rows.dropFirst(header.row + 1) {
      var isReadable = true
      func day(_ field: SoftwareColumn) -> CalendarDate? {
        guard let column = header.columns[field], row[column] != .empty else { return nil }
        let day = Self.day(row[column])
        if day == nil { isReadable = false }
        return day
      }
      let tick = Tick(line: row.line, due: day(.due), ticked: day(.returned), processed: day(.finished))
      guard isReadable, case .success(let dossier) = DossierCode.parse(Self.text(row[code])) else {
        unreadable += 1
        if findings.count < 100 { findings.append(Finding(.tickUnreadable, file: file, line: row.line)) }
        continue
      }
      if ticks[dossier.text] == nil { ticks[dossier.text] = tick } else { repeated += 1 }
    }
  }

  private static func text(_ cell: SheetCell) -> String {
    if case .text(let text) = cell { text } else { "" }
  }

  /// A day as the software writes it (``SoftwareValue``).
  static func day(_ cell: SheetCell) -> CalendarDate? { SoftwareValue.time(cell)?.day }
}
