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

  func perform(_ session: Session) throws -> Outcome {
    let language = session.language
    guard let code else {
      try session.print(
        TabularDocument(
          columns: ExplainTable.columns,
          rows: FindingCatalogue.entries.map { ExplainTable.row($0, language: language) }))
      return .clean
    }
    guard let entry = ExplainTable.entry(code) else {
      throw TrackerRefusal(Finding(.unknownCode, found: code))
    }
    if session.format == .table {
      let head = "\(entry.code.rawValue) \(entry.severity.rawValue)"
      try session.output.write(
        "\(head)\n\(ExplainTable.sentence(entry, language))\n\(entry.hint(language))\n")
    } else {
      try session.print(ExplainTable.columns, ExplainTable.row(entry, language: language))
    }
    return .clean
  }
}
