internal import ArgumentParser
internal import DossierTracker

struct LogRotateKey: Verb {
  static let configuration = CommandConfiguration(
    commandName: "rotate-key",
    abstract: "Thay khóa ký của nhật ký · Replace the log's signing key",
    discussion: """
      The log states the new key; from then on the old and the new one both sign every checkpoint, so that whoever \
      knows only the old one verifies as before. Give the new public key to all of them, then end it with --finish: \
      the old key is destroyed, and what it signed stays good.

      EXAMPLE
        dossier log rotate-key
        dossier log rotate-key --finish
      """)

  @Flag(help: "End the replacement: the new key signs alone.")
  var finish = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let tracker = try store.write()
    let rotation = try finish ? tracker.finishRotation() : tracker.rotateKey()
    try session.print(
      [
        Column("origin", vi: "Nhật ký", en: "Log", kind: .code),
        Column("oldKey", vi: "Khóa cũ", en: "Old key", kind: .code),
        Column("newKey", vi: "Khóa mới", en: "New key", kind: .code),
        Column("finished", vi: "Đã xong", en: "Finished", kind: .flag),
        Column("note", vi: "Điểm chốt", en: "Checkpoint", kind: .code),
      ],
      [
        .text(tracker.origin), .text(rotation.oldKey), .text(rotation.newKey), .flag(rotation.isFinished),
        .text(rotation.checkpoint),
      ])
    try session.output.flush()
    if !rotation.isFinished {
      session.say(
        vi: Talk.hint(
          "gửi khóa mới cho mọi bên giữ khóa cũ; khi đã nhận đủ: dossier log rotate-key --finish"),
        en: Talk.hint(
          "give the new key to everyone who has the old one; when all have it: dossier log rotate-key --finish"
        ))
    }
    return .clean
  }
}

struct LogFreeze: Verb {
  static let configuration = CommandConfiguration(
    commandName: "freeze",
    abstract:
      "Đóng băng nhật ký: điểm chốt cuối, không ghi thêm · End a log: final checkpoint, no more writes",
    discussion: """
      Prints the final checkpoint. A store that is not what was signed last is frozen too: then the last checkpoint \
      that was signed is the final one, and exit code 1 says so. Nothing undoes it; the store can still be read and \
      audited.

      EXAMPLE
        dossier log freeze --output diem-chot-cuoi.txt
        dossier init --after diem-chot-cuoi.txt --office H48.25 --name "Trung tâm" --data nam-2027
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let frozen = try Tracker.freeze(at: store.path)
    if session.format == .table {
      try session.output.write(frozen.checkpoint ?? "")
    } else {
      try session.print(
        LogVerify.columns + [Column("note", vi: "Điểm chốt", en: "Checkpoint", kind: .code)],
        [
          .text(frozen.origin), .integer(Int(frozen.head.size)), .text(frozen.head.root.base64),
          .text(orNone: frozen.checkpoint),
        ])
    }
    try session.output.flush()
    if let finding = frozen.finding { session.tell([finding]) }
    session.say(
      vi: "\(frozen.origin): đã đóng băng.", en: "\(frozen.origin): frozen.")
    return Outcome(clean: frozen.finding == nil)
  }
}

struct LogSucceed: Verb {
  static let configuration = CommandConfiguration(
    commandName: "succeed",
    abstract: "Mở nhật ký kế tiếp trên kho này · Let a successor log go on from what this store holds",
    discussion: """
      For a store that is older than what was signed, a signer's store that is lost, a clock that ran ahead. The log \
      goes on under a new name and a new key; its next event states the name and last head of the log it continues, \
      and what is left of it. Items, reports and history stay as the store has them; what is missing stays missing, and \
      whoever kept a later checkpoint can tell. A store whose past was rewritten is not continued: see init --after.

      EXAMPLE
        dossier log succeed --reason restored
      """)

  @Option(help: ArgumentHelp("Why, in one word: restored, signer_lost, clock …", valueName: "word"))
  var reason: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let log = try Tracker.succeed(at: store.path, reason: reason)
    try session.print(
      [
        Column("origin", vi: "Nhật ký", en: "Log", kind: .code),
        Column("verifierKey", vi: "Khóa công khai", en: "Public key", kind: .code),
        Column("predecessor", vi: "Nối tiếp", en: "Continues", kind: .code),
        Column("signedSize", vi: "Đã ký đến", en: "Signed up to", kind: .integer),
        Column("keptSize", vi: "Còn giữ", en: "Kept", kind: .integer),
        Column("note", vi: "Điểm chốt", en: "Checkpoint", kind: .code),
      ],
      [
        .text(log.origin), .text(log.verifierKey), .text(log.predecessor),
        log.signed.map { .integer(Int($0.size)) } ?? .none, .integer(Int(log.kept.size)),
        .text(log.checkpoint),
      ])
    try session.output.flush()
    if let signed = log.signed, signed.size > log.kept.size {
      let missing = signed.size - log.kept.size
      session.say(
        vi: Talk.hint(
          "\(missing) sự kiện đã ký không còn: nhập lại bảng kê và ghi lại các lần quét sau thời điểm đó"),
        en: Talk.hint(
          "\(missing) signed events are gone: import the manifests and record the scans since then again"))
    }
    session.say(
      vi: Talk.hint("gửi khóa công khai mới và điểm chốt cho mọi bên giữ điểm chốt cũ"),
      en: Talk.hint("give the new public key and checkpoint to everyone who keeps checkpoints"))
    return .clean
  }
}

struct LogAdopt: Verb {
  static let configuration = CommandConfiguration(
    commandName: "adopt",
    abstract:
      "Nhận điểm chốt người khác giữ làm trí nhớ của bộ ký · Begin the signer's memory from a kept checkpoint",
    discussion: """
      For a signer's store whose head is lost while its key is not. The checkpoint must be signed by the log's key, and \
      the store must still contain what it states. Take the newest that anybody kept: what came after it can no longer \
      be told from what never was.

      EXAMPLE
        dossier log adopt diem-chot.txt
      """)

  @Argument(
    help: ArgumentHelp("The checkpoint, or - for standard input.", valueName: "file"), completion: .file())
  var file: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let checkpoint = try Tracker.adopt(checkpoint: try InputFile.read(file), name: file, at: store.path)
    try session.print(
      LogVerify.columns,
      [.text(checkpoint.origin), .integer(Int(checkpoint.size)), .text(checkpoint.root.base64)])
    return .clean
  }
}
