internal import ArgumentParser
internal import DossierTracker

struct ReportLosses: ReportVerb {
  static let configuration = CommandConfiguration(
    commandName: "losses",
    abstract: "Tỷ lệ thất lạc và hư hỏng, kèm khoảng tin cậy · Rates of loss and damage with intervals",
    discussion: """
      Counts what was entrusted in the period, as known now or at an earlier state of the log; every rate bears an \
      exact 95 % interval and the balance closes in every row. Causes, damage by grade, offices on a funnel, losses \
      over time, and what is left out follow the overview.

      EXAMPLE
        dossier report losses --from 2026-01-01 --to 2026-01-31 --by office
        dossier report losses --by leg,month --unit item --format csv
        dossier report losses --period 2026-Q1 --as-of 51204 --compare now
        dossier report losses --why total.lost
      """)

  @OptionGroup var period: PeriodOptions

  @Option(
    help: ArgumentHelp(
      "Groups, one or several with commas.", valueName: "office|route|field|agency|leg|month"),
    completion: .list(LossQuery.Grouping.allCases.map(\.rawValue)))
  var by: Groupings?

  @Option(help: "What is counted.")
  var unit: LossReport.Unit = .dossier

  @Option(help: "Order of offices that are compared; never by their raw rates.")
  var sort: LossReport.OfficeOrder = .code

  @Option(
    help: ArgumentHelp(
      "Rate per 100,000 to compare offices and months with; default that of the period itself.",
      valueName: "rate"))
  var target: Double?

  @Option(
    help: ArgumentHelp(
      "When an open item is presumed lost, instead of the program's own rule (Schemas/presumed-loss.txt).",
      valueName: "file"),
    completion: .file())
  var rules: String?

  @Option(
    help: ArgumentHelp(
      "Add how the numbers look at a later state of the log: a checkpoint file, a number of events, or now.",
      valueName: "checkpoint|size|now"))
  var compare: String?

  @Option(
    help: ArgumentHelp(
      "List the items and events behind one number instead, for example total.lost or H48.25.damaged.",
      valueName: "row.column"))
  var why: String?

  @Option(help: ArgumentHelp("With --why: how many items are listed.", valueName: "n"))
  var limit = 1000

  @OptionGroup var calendar: CalendarOptions
  @OptionGroup var report: ReportOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var talk: TalkOptions

  func validate() throws {
    if let target, !(target > 0 && target < 100_000) {
      throw ValidationError("--target is a rate per 100,000, above 0 and below 100000.")
    }
    if limit < 0 { throw ValidationError("--limit cannot be negative.") }
    if why != nil, compare != nil || report.verify != nil {
      throw ValidationError("--why goes neither with --compare nor with --verify.")
    }
    if why != nil, OutputFormat(rawValue: report.chosenFormat.rawValue) == nil {
      throw ValidationError("--why is written as table, json, ndjson, csv or tsv.")
    }
  }

  func perform(_ session: Session) throws -> Outcome {
    let tracker = try store.read()
    let basis = try report.basis(tracker)
    guard let request = try request(session) else { return .undecided }
    if let why { return try explain(why, tracker, request, basis, session) }
    let later = try compare.map { argument in
      try tracker.basis(asOf: argument == "now" ? nil : try AsOf(argument: argument))
    }
    if let later, later.view.log.size < basis.view.log.size {
      throw ValidationError("--compare names an earlier state than the report's; swap it with --as-of.")
    }
    return try deliver(try tracker.losses(request, at: basis, comparedWith: later).document, session)
  }

  /// nil when the rules cannot be read, which was said.
  private func request(_ session: Session) throws -> LossRequest? {
    var request = LossRequest(
      from: period.first, through: period.last, unit: unit == .item ? .item : .dossier, by: by?.columns ?? [],
      target: target,
      officeOrder: sort)
    if sort != .code { request.commandWords += ["--sort", sort.rawValue] }
    if let target { request.commandWords += ["--target", "\(target)"] }
    if let rules {
      let bytes = try InputFile.read(rules, limit: PresumedLossRules.greatestFile)
      let (read, findings) = PresumedLossRules.read(bytes, file: rules)
      session.tell(findings)
      guard let read else { return nil }
      request.rules = read
      request.commandWords += ["--rules", CommandWord.file(rules)]
    }
    request.calendar = try calendar.calendars(session).administrative
    for file in calendar.calendar { request.commandWords += ["--calendar", CommandWord.file(file)] }
    return request
  }

  private func explain(
    _ why: String, _ tracker: Tracker, _ request: LossRequest, _ basis: ReportBasis, _ session: Session
  ) throws -> Outcome {
    guard let question = LossQuestion(why) else {
      throw TrackerRefusal(
        Finding(
          .noSuchNumber, expected: LossColumn.all.map(\.key).joined(separator: " "), found: why))
    }
    let losses = try tracker.losses(request, at: basis)
    let evidence = try tracker.lossEvidence(question, of: losses, request, at: basis, limit: limit)
    try session.print(evidence.table)
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
