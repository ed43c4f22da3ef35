internal import ArgumentParser
internal import DossierTracker

struct LogGroup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Điểm chốt đã ký của nhật ký · The log's signed checkpoints",
    discussion: """
      EXAMPLE
        dossier log checkpoint --output diem-chot.txt
        dossier log verify diem-chot.txt
      """,
    subcommands: [LogCheckpoint.self, LogVerify.self])
}

struct LogCheckpoint: Verb {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint",
    abstract: "Ký điểm chốt để gửi người khác giữ · Sign a checkpoint for others to keep",
    discussion: """
      Prints a signed note (C2SP tlog-checkpoint). Who keeps it can prove later that nothing before it was \
      changed.

      EXAMPLE
        dossier log checkpoint --output diem-chot.txt
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let tracker = try store.write()
    let note = try tracker.checkpoint()
    if session.format == .table {
      try session.output.write(note)
    } else {
      let head = try tracker.head()
      try session.print(
        LogVerify.columns + [Column("note", vi: "Điểm chốt", en: "Checkpoint", kind: .code)],
        [.text(tracker.origin), .integer(Int(head.size)), .text(head.root.base64), .text(note)])
    }
    return .clean
  }
}

struct LogVerify: Verb {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Đối chiếu một điểm chốt với kho · Check a kept checkpoint against the store",
    discussion: """
      The signature must be the log's, and the log must still begin with exactly what was signed.

      EXAMPLE
        dossier log verify diem-chot.txt
      """)

  @Argument(
    help: ArgumentHelp("The checkpoint, or - for standard input.", valueName: "file"), completion: .file())
  var file: String

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
    let note = try InputFile.read(file)
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
