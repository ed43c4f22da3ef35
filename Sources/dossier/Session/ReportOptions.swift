internal import ArgumentParser
internal import DossierTracker

/// What every report takes: the state of the log, format, file, and what to compare with.
struct ReportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Report as known at an earlier state of the log: a checkpoint file, or a number of events.",
      valueName: "checkpoint|size"))
  var asOf: String?

  @Option(
    help: ArgumentHelp("How the result is written; default by the ending of --output.", valueName: "format"),
    completion: .list(ReportFormat.allCases.map(\.rawValue)))
  var format: ReportFormat?

  @Option(
    help: ArgumentHelp("File for the result instead of standard output.", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Make the report again and compare it with this file, byte for byte; nothing is written.",
      valueName: "file"),
    completion: .file())
  var verify: String?

  /// The state of the log that the report speaks of: what --as-of names, or all that there is.
  func basis(_ tracker: Tracker) throws -> ReportBasis {
    try tracker.basis(asOf: try asOf.map(AsOf.init(argument:)))
  }

  /// The format asked for, else the one that the file's name says.
  var chosenFormat: ReportFormat {
    format ?? (output ?? verify).flatMap(ReportFormat.init(fileName:)) ?? .table
  }

  /// The same for a session, which knows the formats of rows.
  var rows: RowOptions {
    var rows = RowOptions()
    rows.format = OutputFormat(rawValue: chosenFormat.rawValue) ?? .table
    rows.output = verify == nil ? output : nil
    return rows
  }
}

extension AsOf {
  /// A number of events, else the name of a checkpoint's file (`-` for standard input).
  ///
  /// - Throws: a refusal when the file cannot be read.
  init(argument: String) throws {
    let isNumber = !argument.isEmpty && argument.utf8.allSatisfy { (0x30...0x39).contains($0) }
    // A number that is too large for any log is one that this log has not reached.
    self =
      isNumber
      ? .size(UInt64(argument) ?? .max) : .checkpoint(try InputFile.read(argument, limit: 1 << 20))
  }
}

/// A report: made from a store, written in any format, or compared with a file that was made before.
protocol ReportVerb: Verb {
  var report: ReportOptions { get }
}

extension ReportVerb {
  var rows: RowOptions { report.rows }

  /// Writes the report, or compares it with the file named by `--verify`.
  ///
  /// - Returns: `clean`; `problems` when the file holds other bytes.
  func deliver(_ document: ReportDocument, _ session: Session) throws -> Outcome {
    let format = report.chosenFormat
    guard let verified = report.verify else {
      if format.isBinary, report.output == nil, Surroundings.isTerminal(1) {
        throw ValidationError(
          session.text(
            vi: "Dạng \(format.rawValue) không in ra màn hình được: thêm --output TỆP.",
            en: "The format \(format.rawValue) cannot be shown on a terminal: add --output FILE."))
      }
      try session.output.write(bytes: render(document, format, session.style))
      return .clean
    }
    var style = session.style
    style.width = nil
    style.colour = false
    let made = try render(document, format, style)
    let given = try InputFile.read(verified, limit: max(made.count + 1, 64 << 20))
    if made == given {
      session.say(
        vi: "\(verified): đúng từng byte với báo cáo lập lại.",
        en: "\(verified): the report made again has the same bytes.")
      return .clean
    }
    session.tell([Finding(.reportDiffers, file: verified)])
    return .problems
  }

  /// A format's refusal becomes the command's.
  private func render(
    _ document: ReportDocument, _ format: ReportFormat, _ style: TableStyle
  ) throws -> [UInt8] {
    do {
      return try document.render(format, style: style)
    } catch let refusal as RenderingRefusal {
      throw TrackerRefusal(refusal.finding)
    }
  }
}
