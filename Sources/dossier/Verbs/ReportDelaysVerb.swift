internal import ArgumentParser
internal import DossierTracker

struct ReportDelays: ReportVerb {
  static let configuration = CommandConfiguration(
    commandName: "delays",
    abstract: "Ai giữ bao lâu, trễ vì ai, thời gian vận chuyển · Who held it how long, and why it was late",
    discussion: """
      Parts every dossier's time among the post, transport, the center and the agency, over all items that carried it; \
      judges it against its due date and says who held it on the days after; transit times with those under way. \
      --ticks compares with an export of the one-stop software (columns MaHoSo, NgayHenTra, NgayTra, \
      NgayKetThucXuLy): late ticks apart from late deliveries.

      EXAMPLE
        dossier report delays --period 2026-Q1 --by agency
        dossier report delays --ticks mot-cua.xlsx --output tre-han.pdf
        dossier report delays --calendar ngay-lam-viec-2028.txt
      """)

  @OptionGroup var period: PeriodOptions

  @Option(
    help: "What the dossiers are grouped by.", completion: .list(LossQuery.Grouping.allCases.map(\.rawValue)))
  var by: LossQuery.Grouping?

  @Option(
    help: ArgumentHelp("Export of the one-stop software, CSV or XLSX.", valueName: "file"),
    completion: .file(extensions: ["csv", "xlsx"]))
  var ticks: String?

  @Option(
    help: ArgumentHelp(
      "So many lines of each list, in every format; the others are counted.", valueName: "lines"))
  var limit = 100

  @OptionGroup var calendar: CalendarOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var report: ReportOptions
  @OptionGroup var talk: TalkOptions

  func validate() throws {
    guard limit >= 0 else { throw ValidationError("--limit is a number of lines from 0.") }
  }

  func perform(_ session: Session) throws -> Outcome {
    let calendars = try calendar.calendars(session)
    let bytes = try ticks.map { try InputFile.read($0, limit: 64 << 20) }
    let sheet = try ticks.map { try TickSheet.read(bytes ?? [], file: $0) }
    let tracker = try store.read()
    let basis = try report.basis(tracker)
    let query = DelayQuery(from: period.first, through: period.last, by: by, limit: limit)
    let delays = try tracker.delays(at: basis, query, calendars: calendars, sheet: sheet)
    var note = ReportNote(
      log: basis.logHead, knownAt: basis.knownAt,
      command: "dossier \(command) --limit \(limit) --as-of \(basis.view.log.size)")
    if let ticks, let bytes {
      note.versions.append(
        .init("ticks", "\(CommandWord.file(ticks)) \(MerkleHash.sha256(bytes).hex.prefix(12))"))
    }
    let outcome = try deliver(
      delays.document(language: session.style.language, heading: basis.heading, note: note), session)
    let findings = delays.findings + (sheet?.findings ?? [])
    session.tell(findings)
    return findings.isEmpty ? outcome : .problems
  }

  private var command: String {
    var words = "report delays"
    words += period.words
    if let by { words += " --by \(by.rawValue)" }
    if let ticks { words += " --ticks " + CommandWord.file(ticks) }
    return words + calendar.words
  }
}
