internal import ArgumentParser
internal import DossierTracker

struct ReportGroup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Báo cáo · Reports",
    discussion: """
      EXAMPLE
        dossier report losses --by leg
      """,
    subcommands: [ReportLosses.self])
}

struct ReportLosses: Verb {
  static let configuration = CommandConfiguration(
    commandName: "losses",
    abstract: "Tỷ lệ thất lạc và hư hỏng, kèm khoảng tin cậy · Rates of loss and damage with intervals",
    discussion: """
      Counts what was entrusted in the period, as known now; every rate bears an exact 95 % interval and the \
      balance closes in every row.

      EXAMPLE
        dossier report losses --from 2026-01-01 --to 2026-01-31 --by office
        dossier report losses --by leg,month --unit item --format csv
      """)

  @Option(help: ArgumentHelp("First day of the period.", valueName: "yyyy-mm-dd"))
  var from: CalendarDate?

  @Option(help: ArgumentHelp("Last day, included.", valueName: "yyyy-mm-dd"))
  var to: CalendarDate?

  @Option(
    help: ArgumentHelp(
      "Groups, one or several with commas.", valueName: "office|route|field|agency|leg|month"),
    completion: .list(LossQuery.Grouping.allCases.map(\.rawValue)))
  var by: Groupings?

  @Option(help: "What is counted.")
  var unit: LossQuery.Unit = .dossier

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func validate() throws {
    if let from, let to, to < from { throw ValidationError("--to lies before --from.") }
  }

  func perform(_ session: Session) throws -> Outcome {
    let report = try store.read().losses(from: from, through: to, unit: unit, by: by?.columns ?? [])
    try session.output.write(report.render(session.format, style: session.style))
    return .clean
  }
}

/// `leg,month`
struct Groupings: ExpressibleByArgument {
  let columns: [LossQuery.Grouping]

  init?(argument: String) {
    let words = argument.split(separator: ",", omittingEmptySubsequences: false)
    let columns = words.compactMap { LossQuery.Grouping(rawValue: String($0)) }
    guard columns.count == words.count, Set(columns).count == columns.count else { return nil }
    self.columns = columns
  }
}
