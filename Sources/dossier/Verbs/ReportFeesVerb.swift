internal import ArgumentParser
internal import DossierTracker

struct ReportFees: ReportVerb {
  static let configuration = CommandConfiguration(
    commandName: "fees",
    abstract: "Phí phải thu, đã thu, đã nộp, còn treo · Fees due, collected, remitted, outstanding",
    discussion: """
      Fees that manifests state against what was collected and remitted, in đồng. That an item is delivered and that \
      its money is cleared are two facts, and both are shown. A period is that of the entrusting.

      EXAMPLE
        dossier report fees
        dossier report fees --by manifest --period 2026-01
        dossier report fees --by item --format csv --output fees.csv
      """)

  @Option(
    help: "What is grouped by; an office is the one that collected.",
    completion: .list(FeeGrouping.allCases.map(\.rawValue)))
  var by: FeeGrouping = .office

  @OptionGroup var period: PeriodOptions

  @OptionGroup var lists: WorkListOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var report: ReportOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let tracker = try store.read()
    let basis = try report.basis(tracker)
    let fees = try tracker.fees(at: basis, by: by, from: period.first, through: period.last)
    let command = "report fees --by \(by.rawValue)" + period.words
    return try deliver(
      fees.document(
        language: session.style.language, limit: lists.limit(report), heading: basis.heading,
        note: lists.note(basis, command)), session)
  }
}
