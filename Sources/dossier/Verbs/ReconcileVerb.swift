internal import ArgumentParser
internal import DossierTracker

struct ReconcileVerb: ReportVerb {
  static let configuration = CommandConfiguration(
    commandName: "reconcile",
    abstract:
      "Đối soát tệp xuất của phần mềm một cửa với sổ giao nhận · The one-stop software's export against custody",
    discussion: """
      Reads a CSV or XLSX file with a heading for dossier codes (MaHoSo, "Mã hồ sơ", …) and compares it dossier by \
      dossier: what only one side has, different states, delivered but not ticked, ticked but not delivered, ticked \
      late though delivered on time, and signed differences by unit and field. The period is that of reception, by \
      default the file's own. Columns that name people are never read. Exit code 1 when there are differences.

      EXAMPLE
        dossier reconcile SampleData/onestop/H48.24-202601.csv
        dossier reconcile export.xlsx --office H48.24 --from 2026-01-01 --to 2026-01-31
        dossier reconcile export.csv --format csv --output to-do.csv
      """)

  @Argument(help: ArgumentHelp("The export; - for standard input.", valueName: "file"), completion: .file())
  var file: String

  @OptionGroup var period: PeriodOptions

  @Option(
    help: ArgumentHelp(
      "Only dossiers whose codes begin with this unit; default the units in the file.", valueName: "code"))
  var office: String?

  @OptionGroup var lists: WorkListOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var report: ReportOptions
  @OptionGroup var talk: TalkOptions

  func validate() throws {
    if let office, OfficeCode(office) == nil {
      throw ValidationError("--office is a unit code such as H48.24.")
    }
  }

  func perform(_ session: Session) throws -> Outcome {
    let tracker = try store.read()
    let basis = try report.basis(tracker)
    let scope = ReconciliationScope(
      from: period.first, through: period.last, office: office.flatMap { OfficeCode($0)?.text })
    let reconciliation = try tracker.reconcile(
      try InputFile.read(file, limit: 64 << 20), name: file, at: basis, scope: scope)
    var command = "reconcile \(CommandWord.file(file))"
    command += period.words
    if let office = scope.office { command += " --office \(office)" }
    let delivered = try deliver(
      reconciliation.document(
        language: session.style.language, limit: lists.limit(report), heading: basis.heading,
        note: lists.note(basis, command)), session)
    if case .clean = delivered {
      return Outcome(clean: !reconciliation.hasDifferences || report.verify != nil)
    }
    return delivered
  }
}
