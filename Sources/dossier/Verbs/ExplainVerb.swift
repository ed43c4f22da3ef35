internal import ArgumentParser
internal import DossierTracker

struct ExplainVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Một mã phát hiện nghĩa là gì · What a finding's code means",
    discussion: """
      EXAMPLE
        dossier explain D-1204
        dossier explain --format csv
      """)

  @Argument(
    help: "Code of a finding, such as D-1204; without it, all of them.",
    completion: .list(FindingCatalogue.entries.map(\.code.rawValue)))
  var code: String?

  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  private static let columns = ["code", "severity", "message", "hint"].compactMap { key in
    FindingTable.columns.first { $0.key == key }
  }

  func perform(_ session: Session) throws -> Outcome {
    let language = session.language
    guard let code else {
      try session.print(
        TabularDocument(
          columns: Self.columns, rows: FindingCatalogue.entries.map { Self.row($0, language) }))
      return .clean
    }
    let wanted = code.uppercased()
    guard
      let entry = FindingCatalogue.entries.first(where: {
        [wanted, "D-" + wanted].contains($0.code.rawValue)
      })
    else { throw TrackerRefusal(Finding(.unknownCode, found: code)) }
    if session.format == .table {
      let head = "\(entry.code.rawValue) \(entry.severity.rawValue)"
      try session.output.write("\(head)\n\(Self.sentence(entry, language))\n\(entry.hint(language))\n")
    } else {
      try session.print(Self.columns, Self.row(entry, language))
    }
    return .clean
  }

  private static func row(_ entry: FindingCatalogue.Entry, _ language: Language) -> [Cell] {
    [
      .text(entry.code.rawValue), .text(entry.severity.rawValue), .text(sentence(entry, language)),
      .text(entry.hint(language)),
    ]
  }

  /// The sentence with a mark where a finding puts its values.
  private static func sentence(_ entry: FindingCatalogue.Entry, _ language: Language) -> String {
    ["expected", "found", "item", "path", "file", "detail"].reduce(entry.message(language)) { text, name in
      text.split(separator: "{\(name)}", omittingEmptySubsequences: false).joined(separator: "…")
    }
  }
}
