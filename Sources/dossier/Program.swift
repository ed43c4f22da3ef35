internal import ArgumentParser
internal import DossierTesting
internal import DossierTracker
internal import Glibc

/// From arguments to an exit code: 0 done, 1 done and something found, 2 could not be done, 64 wrong usage.
@main
enum Program {
  static let couldNot: Int32 = 2

  static func main() {
    // A reader that closes its end is told from the answer of write(2), see ResultOutput.
    signal(SIGPIPE, SIG_IGN)
    // So is a file that may not grow further (RLIMIT_FSIZE), which then is a full disk like any other.
    signal(SIGXFSZ, SIG_IGN)
    Tracker.keepProcessSmall()
    Interruption.begin()
    exit(run(Array(CommandLine.arguments.dropFirst())))
  }

  static func run(_ arguments: [String]) -> Int32 {
    let command: any ParsableCommand
    do { command = try Dossier.parseAsRoot(arguments) } catch { return answer(error, arguments) }
    guard let verb = command as? any Verb else {
      var command = command
      do { try command.run() } catch { return answer(error, arguments) }
      return 0
    }
    let session = Session(language: verb.talk.language, rows: verb.rows)
    do {
      let outcome = try verb.perform(session)
      try session.output.finish()
      return outcome.exitCode
    } catch {
      return explain(error, session)
    }
  }

  /// Says why a verb could not do its work; in the JSON formats also as the result, if nothing was printed yet.
  private static func explain(_ error: any Error, _ session: Session) -> Int32 {
    if let error = error as? ValidationError { return usage(error.message, session.format) }
    let language = session.language
    let finding = (error as? TrackerRefusal)?.finding
    let text: String
    if let finding {
      text = "\(finding.code.rawValue): \(finding.message(language))"
    } else {
      text = "\(error)"
    }
    let isTaken = session.output.occupiesStandardOutput
    session.output.abandon()
    Talk.error(text)
    if let detail = finding?.detail, !text.contains(detail) { Talk.line("  \(detail)") }
    if let hint = finding?.hint(language), !hint.isEmpty { Talk.line(Talk.hint(hint)) }
    if !isTaken { printError(finding?.json(language) ?? unnamed(text, code: nil), session.format) }
    return couldNot
  }

  /// Help, version and completion scripts are answers; everything else is wrong usage.
  private static func answer(_ error: any Error, _ arguments: [String]) -> Int32 {
    let text = Dossier.fullMessage(for: error)
    guard Dossier.exitCode(for: error) != .success else {
      let output = ResultOutput(file: nil)
      do {
        try output.write(text.hasSuffix("\n") ? text : text + "\n")
        try output.finish()
      } catch {
        return couldNot
      }
      return 0
    }
    let wantsJSON =
      arguments.contains("--format=json") || pairs(arguments).contains { $0 == ("--format", "json") }
    return usage(text, wantsJSON ? .json : .table)
  }

  private static func pairs(_ arguments: [String]) -> Zip2Sequence<[String], ArraySlice<String>> {
    zip(arguments, arguments.dropFirst())
  }

  private static func usage(_ text: String, _ format: OutputFormat) -> Int32 {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
    let first = lines.first.map { $0.hasPrefix("Error: ") ? String($0.dropFirst(7)) : String($0) } ?? ""
    Talk.error(first)
    for line in lines.dropFirst() {
      let trimmed = line.drop { $0 == " " }
      Talk.line(trimmed.hasPrefix("See '") ? Talk.hint(String(trimmed)) : String(line))
    }
    printError(unnamed(first, code: "usage"), format)
    return ExitCode.validationFailure.rawValue
  }

  private static func unnamed(_ text: String, code: String?) -> JSONOutput {
    .row(
      FindingTable.columns,
      [
        .text(orNone: code), .text("error"), .text(text), .none, .none, .none, .none, .none, .list([]), .none,
        .none,
      ])
  }

  private static func printError(_ finding: JSONOutput, _ format: OutputFormat) {
    guard format == .json || format == .ndjson else { return }
    let output = ResultOutput(file: nil)
    let object: JSONOutput = ["error": finding]
    try? output.write(object.text(pretty: format == .json) + "\n")
    try? output.finish()
  }
}
