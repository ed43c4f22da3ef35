internal import ArgumentParser
internal import DossierTracker

/// The days that a report covers: `--from` and `--to`, or `--period` for a month, a quarter or a year.
struct PeriodOptions: ParsableArguments {
  @Option(help: ArgumentHelp("First day of the period.", valueName: "yyyy-mm-dd"))
  var from: CalendarDate?

  @Option(help: ArgumentHelp("Last day, included.", valueName: "yyyy-mm-dd"))
  var to: CalendarDate?

  @Option(
    help: ArgumentHelp("A whole year, quarter or month instead.", valueName: "yyyy|yyyy-Qn|yyyy-mm"))
  var period: NamedPeriod?

  func validate() throws {
    if period != nil, from != nil || to != nil {
      throw ValidationError("--period stands instead of --from and --to.")
    }
    if let from, let to, to < from { throw ValidationError("--to lies before --from.") }
  }

  /// As it stands in a command.
  var words: String {
    (first.map { " --from \($0.text)" } ?? "") + (last.map { " --to \($0.text)" } ?? "")
  }

  /// The first day; nil when the period has no beginning.
  var first: CalendarDate? { period?.first ?? from }
  /// The last day, included; nil when the period has no end.
  var last: CalendarDate? { period?.last ?? to }
}
