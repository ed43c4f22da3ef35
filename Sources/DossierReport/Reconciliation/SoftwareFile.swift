public import DossierCore

/// The one-stop software's export: one row a dossier, and what could not be read.
///
/// Columns that name people (owner, phone, e-mail, address) are never looked at, so nothing of them can be printed.
public struct SoftwareFile: Equatable, Sendable {
  /// One dossier as the software has it.
  struct Row: Equatable, Sendable {
    /// Normalised code.
    var code: String
    var isForeign: Bool
    /// Line of the file, or row of the worksheet.
    var line: Int32
    /// Position in ``SoftwareFile/fields``; 0 for none.
    var field: Int32 = 0
    var received: SoftwareTime?
    var due: SoftwareTime?
    var returned: SoftwareTime?
    var finished: SoftwareTime?
    var status: NationalStatus?
    /// 1 at the counter, 2 online, 3 by post.
    var channel: Int8?
    var isReturnedByPost: Bool?

    /// When the software was told that the result was returned.
    var tickedAt: SoftwareTime? { returned ?? (status == .returned ? finished : nil) }
    var isTicked: Bool { status == .returned || status == nil && returned != nil }

    /// The same but for the line.
    func states(theSameAs other: Row) -> Bool {
      var other = other
      other.line = line
      return self == other
    }
  }

  /// A line with a code that an earlier line has.
  struct Duplicate: Equatable, Sendable {
    var code: String
    var line: Int32
    var first: Int32
    /// Whether both lines say the same of the dossier.
    var isSame: Bool
  }

  /// A line that is not compared, or a cell that counts as empty.
  struct Unreadable: Equatable, Sendable {
    var line: Int32
    var column: SoftwareColumn
    /// Whether the whole line is left out: it has no code that can be read.
    var isWholeLine: Bool
  }

  private(set) var rows: [Row] = []
  private(set) var duplicates: [Duplicate] = []
  private(set) var unreadable: [Unreadable] = []
  /// Names of fields, the empty one first.
  private(set) var fields = [""]
  /// Columns that were found in any of its tables.
  private(set) var columns: Set<SoftwareColumn> = []
  private(set) var lines = 0

  /// Normalised codes of its dossiers, in the order of their lines: what the store is asked for.
  public var codes: [String] { rows.map(\.code) }

  /// Reads tables that have a heading for dossier codes; others are passed over.
  ///
  /// - Returns: nil when no table has one.
  public init?(_ tables: [SheetTable]) {
    var reading = Reading()
    for table in tables {
      guard let header = SoftwareHeader(table) else { continue }
      columns.formUnion(header.columns.keys)
      for (position, row) in table.rows.dropFirst(header.row + 1).enumerated() {
        if position == 0 && Self.isNumbering(row) || Self.isSum(row) { continue }
        lines += 1
        add(row, header.columns, &reading)
      }
    }
    guard columns.contains(.code) else { return nil }
  }

  private struct Reading {
    var known: [String: Int] = [:]
    var fields: [String: Int32] = [:]
    var states: [SheetCell: NationalStatus?] = [:]
  }

  private mutating func add(_ row: SheetRow, _ columns: [SoftwareColumn: Int], _ reading: inout Reading) {
    let line = Int32(clamping: row.line)
    func cell(_ column: SoftwareColumn) -> SheetCell { columns[column].map { row[$0] } ?? .empty }
    guard let text = SoftwareValue.text(cell(.code)), let code = DossierCode(text) else {
      unreadable.append(Unreadable(line: line, column: .code, isWholeLine: true))
      return
    }
    var entry = Row(code: code.text, isForeign: code.isForeign, line: line)
    func time(_ column: SoftwareColumn) -> SoftwareTime? {
      let cell = cell(column)
      if cell == .empty { return nil }
      if let time = SoftwareValue.time(cell) { return time }
      unreadable.append(Unreadable(line: line, column: column, isWholeLine: false))
      return nil
    }
    entry.received = time(.received)
    entry.due = time(.due)
    entry.returned = time(.returned)
    entry.finished = time(.finished)
    entry.status = status(cell(.status), line, &reading)
    entry.channel = SoftwareValue.channel(cell(.channel))
    entry.isReturnedByPost = SoftwareValue.isReturnedByPost(cell(.returnMode))
    entry.field = field(cell(.field), cell(.fieldCode), &reading)
    if let first = reading.known[entry.code] {
      duplicates.append(
        Duplicate(
          code: entry.code, line: line, first: rows[first].line, isSame: rows[first].states(theSameAs: entry))
      )
    } else {
      reading.known[entry.code] = rows.count
      rows.append(entry)
    }
  }

  private mutating func status(
    _ cell: SheetCell, _ line: Int32, _ reading: inout Reading
  ) -> NationalStatus? {
    if cell == .empty { return nil }
    // A file has a handful of states; one with ever new ones is not worth remembering.
    if let known = reading.states[cell] {
      if known == nil { unreadable.append(Unreadable(line: line, column: .status, isWholeLine: false)) }
      return known
    }
    let status = NationalStatus(cell)
    if reading.states.count < 1_000 { reading.states[cell] = .some(status) }
    if status == nil { unreadable.append(Unreadable(line: line, column: .status, isWholeLine: false)) }
    return status
  }

  private mutating func field(_ name: SheetCell, _ code: SheetCell, _ reading: inout Reading) -> Int32 {
    guard let text = [name, code].lazy.compactMap(SoftwareValue.text).first(where: Self.isFieldName) else {
      return 0
    }
    if let known = reading.fields[text] { return known }
    guard fields.count < Self.fieldsKept else { return 0 }
    fields.append(text)
    let position = Int32(fields.count - 1)
    reading.fields[text] = position
    return position
  }

  /// So many fields are told apart; a file with more has something else in that column.
  private static let fieldsKept = 1_000

  /// Short, and without what telephone numbers, identity numbers and e-mail addresses are made of.
  private static func isFieldName(_ text: String) -> Bool {
    guard text.utf8.count <= 160, !text.utf8.contains(UInt8(ascii: "@")) else { return false }
    var digits = 0
    for byte in text.utf8 {
      digits = (0x30...0x39).contains(byte) ? digits + 1 : 0
      if digits > 4 { return false }
    }
    return true
  }

  /// `(1) (2) (3)` under the headings, as the national forms have it.
  private static func isNumbering(_ row: SheetRow) -> Bool {
    let filled = row.cells.compactMap(SoftwareValue.text)
    return filled.count > 1
      && filled.allSatisfy { $0.utf8.count <= 4 && Int(SoftwareColumn.key($0)) != nil }
  }

  /// A line of sums at the end.
  private static func isSum(_ row: SheetRow) -> Bool {
    guard case .text(let text)? = row.cells.first(where: { $0 != .empty }), text.utf8.count <= 60 else {
      return false
    }
    let key = SoftwareColumn.key(text)
    return key.hasPrefix("tongcong") || key.hasPrefix("tongso") || key == "tong" || key == "cong"
  }

  /// What may be printed of a code that custody does not know: one of a ministry's own form could be anything that was
  /// written into the column, so it must look like a number of a dossier.
  static func printable(_ row: Row) -> String? {
    guard row.isForeign else { return row.code }
    let digits = row.code.utf8.count { (0x30...0x39).contains($0) }
    let letters = row.code.utf8.count { (0x41...0x5A).contains($0) }
    return digits >= 4 && letters >= 1 ? row.code : nil
  }
}
