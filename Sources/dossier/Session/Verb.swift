internal import ArgumentParser
internal import DossierTracker

/// How a verb that did its work ended.
enum Outcome {
  /// Done and clean: exit code 0.
  case clean
  /// Done, and something needs a look: exit code 1.
  case problems
  /// Done as far as it could be, and the question stays open: exit code 2.
  case undecided

  var exitCode: Int32 {
    switch self {
    case .clean: 0
    case .problems: 1
    case .undecided: Program.couldNot
    }
  }

  init(clean: Bool) { self = clean ? .clean : .problems }
}

/// One verb of the command. What it throws means that it could not be done: exit code 2.
protocol Verb: ParsableCommand {
  var talk: TalkOptions { get }
  /// Where the result goes, for verbs that produce rows.
  var rows: RowOptions { get }
  func perform(_ session: Session) throws -> Outcome
}

/// Every verb: the language of its texts.
struct TalkOptions: ParsableArguments {
  @Option(help: "Language of texts; default from LC_ALL, LC_MESSAGES, LANG.")
  var lang: Language?

  var language: Language { lang ?? Surroundings.language }
}

/// Verbs on a store.
struct StoreOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Folder of the store; default $DOSSIER_DATA, else dossier-data.", valueName: "dir"),
    completion: .directory)
  var data: String?

  var path: String { data ?? Surroundings.dataFolder ?? "dossier-data" }
  /// Whether someone chose the folder, rather than the default.
  var isChosen: Bool { data != nil || Surroundings.dataFolder != nil }

  /// Opens the store to read. Nothing is written, not even a repair.
  func read() throws -> Tracker { try Tracker(opening: path, readOnly: true) }
  /// Opens the store to write, which refuses one that is not what was signed last.
  func write() throws -> Tracker { try Tracker(opening: path) }
}

/// Verbs that produce rows.
struct RowOptions: ParsableArguments {
  @Option(help: "How the result is written.")
  var format: OutputFormat = .table

  @Option(
    help: ArgumentHelp("File for the result instead of standard output.", valueName: "file"),
    completion: .file())
  var output: String?
}
