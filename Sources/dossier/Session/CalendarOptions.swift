internal import ArgumentParser
internal import DossierTracker

/// Working days other than the program's own.
struct CalendarOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Working days of further or other years, in the form of Schemas/calendars; may be given several times.",
      valueName: "file"),
    completion: .file())
  var calendar: [String] = []

  /// The program's calendars with the years of the files.
  ///
  /// - Throws: a refusal when a file is wrong; the other findings are told.
  func calendars(_ session: Session) throws -> WorkingCalendars {
    let files = try calendar.map {
      (name: $0, bytes: try InputFile.read($0, limit: CalendarData.greatestFile))
    }
    let (calendars, findings) = WorkingCalendars.extended(by: files)
    guard let first = findings.first else { return calendars }
    session.tell(Array(findings.dropFirst()))
    throw TrackerRefusal(first)
  }

  /// As it stands in a command.
  var words: String { calendar.map { " --calendar " + CommandWord.file($0) }.joined() }
}
