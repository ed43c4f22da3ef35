internal import ArgumentParser
internal import DossierTracker

struct ReportCustody: ReportVerb {
  static let configuration = CommandConfiguration(
    commandName: "custody",
    abstract:
      "Giao nhận còn treo, chỗ đứt, niêm phong, bưu gửi nằm im · Open hand-overs, gaps, seals, stuck items",
    discussion: """
      Who handed what to whom without a receipt and for how long, which items nobody has touched for days, \
      discrepancies to their closure, gaps in the chain, seals, who always signs with whom, and how much of the \
      entrusted time has a custodian who is proven.

      EXAMPLE
        dossier report custody
        dossier report custody --overdue 2 --stuck 5 --limit 50
        dossier report custody --format csv --output to-do.csv
      """)

  @Option(help: ArgumentHelp("A hand-over open for more days than this is overdue.", valueName: "days"))
  var overdue = 3

  @Option(help: ArgumentHelp("An open item without an event for so many days is stuck.", valueName: "days"))
  var stuck = 7

  @Flag(help: "Count the days of --stuck as administrative working days.")
  var workingDays = false

  @OptionGroup var calendar: CalendarOptions
  @OptionGroup var lists: WorkListOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var report: ReportOptions
  @OptionGroup var talk: TalkOptions

  func validate() throws {
    guard (0...36_500).contains(overdue) else { throw ValidationError("--overdue is a number of days.") }
    guard (1...36_500).contains(stuck) else { throw ValidationError("--stuck is a number of days from 1.") }
  }

  func perform(_ session: Session) throws -> Outcome {
    let tracker = try store.read()
    let basis = try report.basis(tracker)
    let custody = try tracker.custody(
      at: basis, rules: CustodyRules(handOverDays: overdue, stuckDays: stuck),
      calendar: workingDays ? try calendar.calendars(session).administrative : nil)
    let days = workingDays ? " --working-days" + calendar.words : ""
    let note = lists.note(basis, "report custody --overdue \(overdue) --stuck \(stuck)\(days)")
    return try deliver(
      custody.document(
        language: session.style.language, limit: lists.limit(report), heading: basis.heading, note: note),
      session)
  }
}

/// Reports with lists that somebody works off.
struct WorkListOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "So many lines of each list in tables for people; csv, json and xlsx have more (of custody the oldest 20000).",
      valueName: "lines"))
  var limit = 20

  func validate() throws {
    guard limit >= 0 else { throw ValidationError("--limit is a number of lines from 0.") }
  }

  /// A workbook is for working, so it holds every line.
  func limit(_ report: ReportOptions) -> Int? { report.chosenFormat.rawValue == "xlsx" ? nil : limit }

  /// The state of the log, and the command that makes the report again.
  func note(_ basis: ReportBasis, _ command: String) -> ReportNote {
    ReportNote(
      log: basis.logHead, knownAt: basis.knownAt,
      command: "dossier \(command) --limit \(limit) --as-of \(basis.view.log.size)")
  }
}
