internal import ArgumentParser
internal import DossierTracker
internal import Synchronization

struct ImportVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Nhập bảng kê và luồng sự kiện · Import manifests and event feeds",
    discussion: """
      Each document is recorded whole or not at all, with every finding; one bad document does not stop the \
      others, and the same document again changes nothing. Folders are taken with everything below them.

      EXAMPLE
        dossier import bangke.xml thang-01/ --dry-run
        zcat bangke.xml.gz | dossier import - --format json
      """)

  @Argument(
    help: ArgumentHelp("Files .xml or .xml.gz, folders, or - for standard input.", valueName: "path"),
    completion: .file(extensions: ["xml", "gz"]))
  var paths: [String]

  @Flag(help: "Check everything and record nothing.")
  var dryRun = false

  @Flag(help: "Say on stderr where the CPU time went.")
  var timings = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func validate() throws {
    guard paths.filter({ $0 == "-" }).count <= 1 else {
      throw ValidationError("Standard input can be read only once.")
    }
  }

  func perform(_ session: Session) throws -> Outcome {
    let tracker = try store.write()
    let report = try Importing(session).run(tracker, paths, dryRun: dryRun)
    let signing = Result { if !dryRun { try tracker.checkpointIfPermitted() } }
    try Importing.print(report, session)
    if timings {
      let stages = [
        ("reading: gate, parser, schema, rules", report.times.reading),
        ("committing: salted commitments", report.times.committing),
        ("storing: rows, leaves, tree, kept document, commit", report.times.storing),
      ]
      let all = stages.map(\.1).reduce(0, +)
      for (name, seconds) in stages {
        let share = all > 0 ? Int((100 * seconds / all).rounded()) : 0
        Talk.line("\(share) % \(Int((seconds * 1000).rounded())) ms \(name)")
      }
    }
    _ = try signing.get()
    return Outcome(clean: !report.hasProblems)
  }
}

/// An import with progress, and with a sentence for whoever interrupts it.
struct Importing {
  private let session: Session

  init(_ session: Session) { self.session = session }

  func run(_ tracker: Tracker, _ paths: [String], dryRun: Bool = false) throws -> ImportReport {
    let progress = Progress()
    let done = DoneCount()
    let language = session.language
    if !dryRun { Interruption.explain { done.sentence(language) } }
    defer {
      progress.clear()
      Interruption.explain { nil }
    }
    return try tracker.importDocuments(paths, dryRun: dryRun) { state in
      done.set(state.document, of: state.documents)
      progress.show("\(state.document + 1)/\(state.documents)  \(state.file)  \(state.bytes >> 20) MiB")
    }
  }

  /// Prints what became of each document; findings stand in the JSON formats and are talk beside the others.
  static func print(_ report: ImportReport, _ session: Session) throws {
    switch session.format {
    case .json: try session.print(report.json(session.language))
    case .ndjson: for document in report.documents { try session.print(document.json(session.language)) }
    case .table, .csv, .tsv:
      try session.print(
        TabularDocument(
          columns: DocumentTable.columns,
          rows: report.documents.map { DocumentTable.row($0, labels: session.labels) },
          notes: [logNote(report.log)]))
      try session.output.flush()
      for document in report.documents { session.tell(document.outcome.findings) }
    }
    if report.documents.isEmpty {
      session.say(
        vi: Talk.hint("không có tệp .xml hay .xml.gz nào ở đó"),
        en: Talk.hint("no .xml or .xml.gz file there"))
    }
  }

  static func logNote(_ log: LogHead) -> BilingualText {
    BilingualText(
      vi: "Nhật ký: \(log.size) sự kiện, gốc \(log.root.base64)",
      en: "Log: \(log.size) events, root \(log.root.base64)")
  }
}

/// How many documents are finished, for the thread that answers Ctrl-C.
private final class DoneCount: Sendable {
  private let state = Mutex((done: 0, all: 0))

  func set(_ done: Int, of all: Int) { state.withLock { $0 = (done, all) } }

  func sentence(_ language: Language) -> String {
    let (done, all) = state.withLock { $0 }
    return language == .vi
      ? "dossier: đã ngừng; \(done)/\(all) tài liệu đã xử lý xong và còn nguyên trong kho, tài liệu đang đọc "
        + "không được ghi. Nhập lại không bị trùng."
      : "dossier: stopped; \(done) of \(all) documents are done and safe in the store, the one being read is "
        + "not recorded. Importing again does no harm."
  }
}
