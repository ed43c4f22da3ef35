public import DossierCore

/// A file to be checked.
public struct CheckInput: Sendable {
  public enum Content: Sendable {
    /// A figures file (``CheckReport``'s text form).
    case figures([UInt8])
    case tables([SheetTable])
  }

  /// As it was given; findings name it.
  public var name: String
  public var content: Content

  public init(name: String, content: Content) {
    self.name = name
    self.content = content
  }

  /// Without folders: what figures files call it.
  var baseName: String { String(name.split(separator: "/").last ?? "") }
}

/// Whether the figures of somebody's report agree with each other: every identity with its residual, by exact arithmetic.
///
/// A table is read as a form of the II.06 family; loose figures come as lines of claims. A figure whose base is not stated
/// is never taken for right, and an unclear text is judged under each of its readings.
public struct CheckReport: Equatable, Sendable {
  /// One table of the run as it was understood.
  public struct Table: Equatable, Sendable {
    public var file: String
    public var sheet: String
    public var layout: FormLayout
    /// Whether its columns were found by their headers, not by position.
    public var isByHeader: Bool
    public var lines: [Line]
    /// Position of its first claim in ``CheckReport/claims``, and how many it has.
    public var claims: Range<Int>

    /// The file without its folders, and the sheet of a workbook.
    var title: String {
      let base = file.split(separator: "/").last.map { String($0) } ?? file
      return sheet == file ? base : "\(base), \(sheet)"
    }

    public struct Line: Equatable, Sendable {
      public var line: Int
      public var number: String?
      public var label: String
      public var values: [FormQuantity: Int]
      public var isTotal: Bool
      /// What each identity leaves over, in the form's order; nil where a figure is absent.
      public var residuals: [Int?]
    }
  }

  public private(set) var tables: [Table] = []
  /// Claims of tables and figures files, file by file.
  public private(set) var claims: [CheckedClaim] = []
  /// Lines and cells that could not be read, and files that could not be checked.
  public private(set) var findings: [Finding] = []
  /// Files of which nothing could be checked.
  public private(set) var refused: [String] = []
  public let style: NumberStyle
  public let edition: FormLayout.Edition?

  /// - Parameters:
  ///   - edition: the form of tables without known headers; nil when headers must say.
  ///   - style: how figures are written where the file does not say.
  public init(_ inputs: [CheckInput], edition: FormLayout.Edition? = nil, style: NumberStyle = .vi) {
    self.edition = edition
    self.style = style
    var checks: [String: TableCheck] = [:]
    for input in inputs {
      guard case .tables(let tables) = input.content else { continue }
      readTables(tables, of: input, &checks)
    }
    for input in inputs {
      guard case .figures(let bytes) = input.content else { continue }
      let file = FiguresFile(bytes, name: input.name, style: style)
      findings += file.findings
      if file.statements.isEmpty {
        refused.append(input.name)
        if file.findings.isEmpty { findings.append(Finding(.figuresNone, file: input.name)) }
      }
      var check = FiguresCheck(file, name: input.name, tables: checks)
      claims += check.claims()
    }
  }

  private mutating func readTables(
    _ tables: [SheetTable], of input: CheckInput, _ checks: inout [String: TableCheck]
  ) {
    var found = 0
    var refusals: [Finding] = []
    for table in tables {
      do {
        let reading = try TableReading(table, file: input.name, edition: edition, style: style)
        let check = TableCheck(reading)
        let start = claims.count
        claims += check.claims(file: input.name, table: tables.count > 1 ? table.name : nil)
        findings += reading.findings
        found += 1
        if checks[input.baseName] == nil { checks[input.baseName] = check }
        self.tables.append(
          Table(
            file: input.name, sheet: table.name, layout: reading.layout, isByHeader: reading.isByHeader,
            lines: reading.lines.map { Self.line($0, check) }, claims: start..<claims.count))
      } catch {
        refusals.append(error.finding)
      }
    }
    // A workbook's other sheets need not be forms; a file without any is not what was meant.
    if found == 0 {
      findings += refusals.isEmpty ? [Finding(.formWithoutRows, file: input.name)] : Array(refusals.prefix(1))
      refused.append(input.name)
    }
  }

  private static func line(_ line: TableLine, _ check: TableCheck) -> Table.Line {
    let isTotal =
      switch line.kind {
      case .detail: false
      case .total, .nestedTotal, .section: true
      }
    return Table.Line(
      line: line.line, number: line.number, label: line.label, values: line.values, isTotal: isTotal,
      residuals: check.layout.identities.map { check.residual($0, of: line)?.amount })
  }

  // MARK: Verdicts

  /// Whether anything should be looked at before the report is handed in: a claim that fails, readings that disagree, a
  /// figure that cannot be read. Rounding, warnings and what cannot be decided are said and are no problem by themselves.
  public var hasProblems: Bool {
    claims.contains(where: \.isProblem) || findings.contains { $0.severity == .error }
  }

  /// How many claims ended how, by the verdict over all readings.
  public func count(_ verdict: CheckVerdict, in file: String? = nil) -> Int {
    claims.count { $0.overall == verdict && (file == nil || $0.file == file) }
  }

  /// Files in the order in which their claims stand.
  var files: [String] {
    claims.reduce(into: []) { files, claim in if files.last != claim.file { files.append(claim.file) } }
  }
}
