internal import ArgumentParser
internal import DossierTracker

struct AuditVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Kiểm tra toàn bộ chuỗi giao nhận · Verify the whole chain of custody",
    discussion: """
      Reads every event again, hashes it, follows every item's custody, and compares log, checkpoints, vault \
      and counters. The first line is the verdict: intact, gap, contradiction or unchecked.

      EXAMPLE
        dossier audit --checkpoint diem-chot-2026-01.txt
        dossier audit --item EM473653477VN --format json
      """)

  @Option(help: ArgumentHelp("Verify one item only.", valueName: "n"))
  var item: String?

  @Option(
    help: ArgumentHelp("A checkpoint that you kept: the log must extend it.", valueName: "file"),
    completion: .file())
  var checkpoint: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func validate() throws {
    guard item == nil || checkpoint == nil else {
      throw ValidationError("--item and --checkpoint cannot be given together.")
    }
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
    if let item {
      guard let report = try tracker.audit(item: item) else {
        throw TrackerRefusal(Finding(.unknownCode, found: item))
      }
      return report
    }
    let kept = try checkpoint.map { (name: $0, note: try InputFile.read($0)) }
    let progress = Progress()
    defer { progress.clear() }
    return try tracker.audit(checkpoint: kept) { done, all in
      progress.show("\(all == 0 ? 100 : done * 100 / all) %")
    }
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
