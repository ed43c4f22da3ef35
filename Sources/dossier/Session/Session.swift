internal import DossierTracker

/// One run of a verb: its language, where its result goes, and what it says beside the result.
final class Session {
  let language: Language
  let format: OutputFormat
  let output: ResultOutput
  let style: TableStyle

  init(language: Language, rows: RowOptions) {
    self.language = language
    format = rows.format
    output = ResultOutput(file: rows.output)
    let isScreen = rows.output == nil
    style = TableStyle(
      language: language == .vi ? .vi : .en, width: isScreen ? Surroundings.width(1) : nil,
      colour: isScreen && Surroundings.takesColour(1))
  }

  /// Words for people in tables; the stable words everywhere else.
  var labels: Language? { format == .table ? language : nil }

  /// A sentence beside the result, in the reader's language.
  func say(vi: String, en: String) { Talk.line(language == .vi ? vi : en) }

  func text(vi: String, en: String) -> String { language == .vi ? vi : en }

  /// Prints rows in the format asked for.
  func print(_ document: TabularDocument) throws {
    try output.write(document.render(format, style: style))
  }

  /// Prints one object: `json` as it is, and as one row in the other formats.
  func print(_ columns: [Column], _ row: [Cell], json: JSONOutput? = nil) throws {
    try print(TabularDocument(columns: columns, rows: [row], json: json ?? .row(columns, row)))
  }

  func print(_ json: JSONOutput) throws {
    try output.write(json.text(pretty: format == .json) + "\n")
  }

  /// Findings as talk, for formats whose result does not carry them.
  func tell(_ findings: [Finding]) {
    for finding in findings { Talk.line(FindingText.lines(finding, language)) }
  }
}

/// A finding as a compiler would say it.
enum FindingText {
  /// `file:line: error D-1204: sentence`, and a hint on the next line.
  static func lines(_ finding: Finding, _ language: Language) -> String {
    var place = finding.file ?? finding.item ?? finding.path ?? "dossier"
    if finding.file != nil, let line = finding.line { place += ":\(line)" }
    var text =
      "\(place): \(finding.severity.rawValue) \(finding.code.rawValue): \(finding.message(language))"
    // The sentence quotes the values that it needs; of a document's form only the tool's own words tell more.
    if finding.file != nil, let detail = finding.detail, !text.utf8.contains(detail.utf8) {
      text += "\n  \(detail)"
    }
    let hint = finding.hint(language)
    return hint.isEmpty ? text : text + "\n" + Talk.hint(hint)
  }
}

extension String.UTF8View {
  fileprivate func contains(_ part: String.UTF8View) -> Bool {
    let part = Array(part)
    let whole = Array(self)
    guard !part.isEmpty, whole.count >= part.count else { return part.isEmpty }
    return (0...(whole.count - part.count)).contains { whole[$0..<($0 + part.count)].elementsEqual(part) }
  }
}
