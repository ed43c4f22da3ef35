internal import ArgumentParser
internal import DossierTracker

struct AuditVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Kiểm tra toàn bộ chuỗi giao nhận · Verify the whole chain of custody",
    discussion: """
      Reads every event again, hashes it, follows every item's custody, and compares log, checkpoints, vault \
      and counters. The first line is the verdict: intact, gap, contradiction or unchecked.

      With --since only what was recorded after a checkpoint that you kept is read, in time proportional to it; what \
      lies before is listed as not checked. With --bisect the log is compared with every checkpoint given, and the \
      answer names the first one that it fails.

      EXAMPLE
        dossier audit --checkpoint diem-chot-2026-01.txt
        dossier audit --since diem-chot-2026-01.txt
        dossier audit --bisect dossier-data/checkpoints
        dossier audit --item EM473653477VN --format json
      """)

  @Option(help: ArgumentHelp("Verify one item only.", valueName: "n"))
  var item: String?

  @Option(
    help: ArgumentHelp("A checkpoint that you kept: the log must extend it.", valueName: "file"),
    completion: .file())
  var checkpoint: String?

  @Option(
    help: ArgumentHelp(
      "Verify only what was recorded after this checkpoint that you kept.", valueName: "file"),
    completion: .file())
  var since: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Kept checkpoints, or folders of them: name the first one that the log fails.", valueName: "path"),
    completion: .file())
  var bisect: [String] = []

  @Option(help: ArgumentHelp("Report offers that nobody accepted for so many days.", valueName: "days"))
  var offerDays = AuditRules().offerDays

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func validate() throws {
    let ways = [item, checkpoint, since, bisect.first].compactMap(\.self).count
    guard ways <= 1 else {
      throw ValidationError("Only one of --item, --checkpoint, --since and --bisect can be given.")
    }
    if offerDays < 0 { throw ValidationError("--offer-days must not be negative.") }
  }

  func perform(_ session: Session) throws -> Outcome {
    let report = try audit(store.read())
    switch session.format {
    case .json: try session.print(report.json(session.language))
    case .table: try session.output.write(Talk.safe(AuditText.text(report, session)))
    case .ndjson, .csv, .tsv:
      let rows = report.findings.map { FindingTable.row($0, language: session.language) }
      try session.print(TabularDocument(columns: FindingTable.columns, rows: rows))
      try session.output.flush()
      Talk.line("\(report.verdict.rawValue): \(report.verdict.label(session.language))")
    }
    if report.findingsLeftOut > 0 {
      session.say(
        vi: "còn \(report.findingsLeftOut) phát hiện nữa không in ra",
        en: "\(report.findingsLeftOut) more findings are not printed")
    }
    return Outcome(clean: report.verdict == .intact)
  }

  private func audit(_ tracker: Tracker) throws -> AuditReport {
    let rules = AuditRules(offerDays: offerDays)
    if let since {
      return try tracker.audit(since: (name: since, note: try InputFile.read(since)), rules: rules)
    }
    if let item {
      guard let report = try tracker.audit(item: item, rules: rules) else {
        throw TrackerRefusal(Finding(.unknownCode, found: item))
      }
      return report
    }
    let kept = try checkpoint.map { (name: $0, note: try InputFile.read($0)) }
    let progress = Progress()
    defer { progress.clear() }
    let show: @Sendable (Int, Int) -> Void = { done, all in
      progress.show("\(all == 0 ? 100 : done * 100 / all) %")
    }
    if !bisect.isEmpty {
      let files = bisect.flatMap(Tracker.checkpointFiles)
      return try tracker.audit(
        bisecting: try files.map { (name: $0, note: try InputFile.read($0)) }, progress: show)
    }
    return try tracker.audit(checkpoint: kept, rules: rules, progress: show)
  }
}

/// An audit for people: verdict, what was checked, what was not, and every finding.
enum AuditText {
  static func text(_ report: AuditReport, _ session: Session) -> String {
    let language = session.language
    var lines = ["\(report.verdict.rawValue): \(report.verdict.label(language))", ""]
    lines.append(session.text(vi: "Nhật ký", en: "Log") + ": \(report.head.size)  \(report.head.root.base64)")
    lines.append(session.text(vi: "Đã kiểm", en: "Checked") + ":")
    lines += report.checked.map { "  \($0.count)  \($0.label(language))" }
    lines.append(session.text(vi: "Chưa kiểm", en: "Not checked") + ":")
    lines += report.unchecked.map { "  \($0.count)  \($0.what): \($0.why)" }
    if report.unchecked.isEmpty { lines.append(session.text(vi: "  (không có gì)", en: "  (nothing)")) }
    lines.append(session.text(vi: "Phát hiện", en: "Findings") + ": \(report.findings.count)")
    lines += report.findings.map { FindingText.lines($0, language) }
    return lines.joined(separator: "\n") + "\n"
  }
}
