internal import ArgumentParser
internal import DossierTracker

struct LogVerify: Verb {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract:
      "Kiểm tra điểm chốt, bằng chứng hoặc nhật ký đã công bố · Check a checkpoint, a proof or a published log",
    discussion: """
      A proof of custody or evidence of a fork needs the log's public key only; a published folder is read whole: \
      every entry, every tile, the root, signatures, each item's sequence, every recorded map. A checkpoint is compared \
      with the store. Exit code 0 proven, 1 refuted, 2 undecided.

      EXAMPLE
        dossier log verify RM473195480VN.custody.json --key log.pub
        dossier log verify cong-bo/ --policy tin-cay.txt --since diem-chot.txt
        dossier log verify diem-chot.txt
      """)

  @Argument(
    help: ArgumentHelp("A file, - for standard input, or a published folder.", valueName: "path"),
    completion: .file())
  var file: String

  @Option(
    help: ArgumentHelp("With a folder: a checkpoint that you kept, which it must extend.", valueName: "file"),
    completion: .file())
  var since: String?

  @OptionGroup var trust: TrustOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  static let columns = [
    Column("origin", vi: "Nhật ký", en: "Log", kind: .code),
    Column("size", vi: "Số sự kiện", en: "Events", kind: .integer),
    Column("root", vi: "Gốc", en: "Root", kind: .code),
  ]

  private static let disagreements: Set<FindingCode> = [
    .checkpointSignature, .checkpointInconsistent, .rolledBack,
  ]

  func perform(_ session: Session) throws -> Outcome {
    let policy = try trust.read(orOf: store)
    if Surroundings.isFolder(file) { return try report(folder(policy), session) }
    guard since == nil else { throw ValidationError("--since goes with a folder.") }
    let bytes = try InputFile.read(file, limit: SealedDocument.greatestByteCount)
    if let evidence = EvidenceFile.verify(bytes, name: file, policy: policy) {
      return try report(evidence, session)
    }
    return try verify(checkpoint: bytes, session)
  }

  private func folder(_ policy: TrustPolicy?) throws -> EvidenceReport {
    let kept = try since.map { (name: $0, note: try InputFile.read($0)) }
    let progress = Progress()
    defer { progress.clear() }
    let verdict = try PublishedLog.verify(file, policy: policy, since: kept) { done, all in
      progress.show("\(all == 0 ? 100 : done * 100 / all) %")
    }
    return EvidenceReport(name: file, outcome: verdict.outcome, subject: .log(verdict.summary))
  }

  private func report(_ report: EvidenceReport, _ session: Session) throws -> Outcome {
    switch session.format {
    case .table: try EvidenceText(report, session).print()
    case .json: try session.print(report.json(session.language))
    case .ndjson, .csv, .tsv: try session.print(EvidenceTable.columns, EvidenceTable.row(report))
    }
    switch report.outcome {
    case .proven: return .clean
    case .refuted: return .problems
    case .undecided: return .undecided
    }
  }

  private func verify(checkpoint note: [UInt8], _ session: Session) throws -> Outcome {
    let tracker = try store.read()
    var row: [Cell] = [.none, .none, .none]
    var findings: [Finding] = []
    do {
      let checkpoint = try tracker.verify(checkpoint: note, name: file)
      row = [.text(checkpoint.origin), .integer(Int(checkpoint.size)), .text(checkpoint.root.base64)]
    } catch let refusal as TrackerRefusal where Self.disagreements.contains(refusal.finding.code) {
      findings = [refusal.finding]
    }
    let verdict = findings.isEmpty ? "consistent" : "contradiction"
    let columns = Self.columns + [Column("verdict", vi: "Kết luận", en: "Verdict", kind: .code)]
    guard case .object(let members) = JSONOutput.row(columns, row + [.text(verdict)]) else {
      return .problems
    }
    try session.print(
      columns, row + [.text(verdict)],
      json: .object(members + [.init(key: "findings", value: findings.json(session.language))]))
    try session.output.flush()
    if session.format != .json { session.tell(findings) }
    return Outcome(clean: findings.isEmpty)
  }
}
