internal import ArgumentParser
internal import DossierTracker

struct LogGroup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract:
      "Điểm chốt, bằng chứng, công bố, khóa và sự nối tiếp của nhật ký · Checkpoints, proofs, publication, key",
    discussion: """
      EXAMPLE
        dossier log checkpoint --output diem-chot.txt
        dossier log verify diem-chot.txt
        dossier log prove RM473195480VN --output RM473195480VN.custody.json
      """,
    subcommands: [
      LogCheckpoint.self, LogVerify.self, LogProve.self, LogPublish.self, LogCompare.self,
      LogWitnessRequest.self, LogAddCosignature.self,
      LogRotateKey.self, LogFreeze.self, LogSucceed.self, LogAdopt.self,
    ])
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
