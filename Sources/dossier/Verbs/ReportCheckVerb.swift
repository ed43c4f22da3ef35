internal import ArgumentParser
internal import DossierTracker

struct ReportCheck: ReportVerb {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Kiểm tra số liệu báo cáo của người khác · Check the figures of somebody's report",
    discussion: """
      Takes tables (CSV, XLSX) of the II.06 family and .figures files with loose figures, and says of every identity \
      whether it holds, with the signed residual. Needs no store. Exit code 1: a claim fails, readings of a text \
      disagree, or a figure cannot be read; shares that hold under one way of rounding only, warnings and what cannot \
      be decided are said and leave 0. Exit code 2: a file could not be checked at all.

      EXAMPLE
        dossier report check bieu-II06.xlsx
        dossier report check --layout current13 khong-tieu-de.csv
        dossier report check SampleData/seeds/*
      """)

  @Argument(help: ArgumentHelp("Tables and figures files.", valueName: "file"), completion: .file())
  var files: [String]

  @Option(
    help: ArgumentHelp("The form of tables whose headers do not say it.", valueName: "form"),
    completion: .list(FormLayout.Edition.allCases.map(\.rawValue)))
  var layout: FormLayout.Edition?

  @Option(help: "How numbers are written: 15.256 and 78,95 (vi), or 15,256 and 78.95 (en).")
  var numbers: NumberStyle = .vi

  @OptionGroup var report: ReportOptions
  @OptionGroup var talk: TalkOptions

  func validate() throws {
    if report.asOf != nil { throw ValidationError("check reads no store; --as-of says nothing here.") }
  }

  func perform(_ session: Session) throws -> Outcome {
    var contents: [(name: String, bytes: [UInt8])] = []
    for file in files {
      if ReportChecking.isDescription(file) {
        session.say(
          vi: "\(file): không phải bảng hay tệp số liệu, bỏ qua.",
          en: "\(file): neither a table nor a figures file, passed over.")
      } else {
        contents.append((file, try InputFile.read(file, limit: 64 << 20)))
      }
    }
    let (checked, unreadable) = ReportChecking.check(contents, edition: layout, style: numbers)
    let delivered: Outcome =
      checked.claims.isEmpty
      ? .clean : try deliver(checked.document(language: session.style.language, command: command), session)
    try session.output.flush()
    session.tell(unreadable + checked.findings)
    if !unreadable.isEmpty || !checked.refused.isEmpty || checked.claims.isEmpty { return .undecided }
    return checked.hasProblems ? .problems : delivered
  }

  private var command: String {
    var words = ["dossier report check"]
    if let layout { words.append("--layout \(layout.rawValue)") }
    if numbers != .vi { words.append("--numbers \(numbers.rawValue)") }
    return (words + files.map(CommandWord.file)).joined(separator: " ")
  }
}
