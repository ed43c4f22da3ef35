internal import ArgumentParser
internal import DossierTracker

struct BackupVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Sao lưu kho khi đang dùng, có đối chiếu · Back up the store while it is in use, verified",
    discussion: """
      Writes a copy of the database as of one moment and a record beside it (.txt): SHA-256, size and root of the \
      log, the last signed checkpoint. The copy is read back and every event hashed again before it gets its name; a \
      file that is there is never overwritten. Beside it go the station's accounts (.people.json) and the key of look-up \
      codes (.lookup.key), if there are any. The keys that sign are not in it: they must not be kept where the backups \
      are.

      EXAMPLE
        dossier backup /mnt/usb/
        dossier backup thu-2026-02-02.sqlite --data thu
      """)

  @Argument(
    help: ArgumentHelp("New file, or a folder in which it is named by office and time.", valueName: "path"),
    completion: .file())
  var target: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  static let columns = [
    Column("file", vi: "Bản sao lưu", en: "Backup", kind: .code),
    Column("record", vi: "Bản ghi", en: "Record", kind: .code),
    Column("bytes", vi: "Số byte", en: "Bytes", kind: .integer),
    Column("sha256", vi: "SHA-256", en: "SHA-256", kind: .code),
    Column("origin", vi: "Nhật ký", en: "Log", kind: .code),
    Column("size", vi: "Số sự kiện", en: "Events", kind: .integer),
    Column("root", vi: "Gốc", en: "Root", kind: .code),
    Column("people", vi: "Có tài khoản", en: "With accounts", kind: .flag),
    Column("lookup", vi: "Có khóa tra cứu", en: "With look-up key", kind: .flag),
  ]

  func perform(_ session: Session) throws -> Outcome {
    let tracker = try store.read()
    let backup = try tracker.backup(to: target) { Interruption.remember($0) }
    let record = backup.record
    try session.print(
      Self.columns,
      [
        .text(backup.file), .text(BackupRecord.path(of: backup.file)), .integer(Int(record.bytes)),
        .text(record.sha256.hex), .text(record.origin), .integer(Int(record.head.size)),
        .text(record.head.root.base64), .flag(record.companions[.people] != nil),
        .flag(record.companions[.lookup] != nil),
      ])
    try session.output.flush()
    session.say(
      vi: Talk.hint(
        "bản sao lưu có dữ liệu cá nhân, kể cả những gì sau này bị xóa, và không có khóa ký: cất riêng "
          + "\(tracker.path)/keys/log.key"),
      en: Talk.hint(
        "the backup holds personal data, also what is erased later, and no signing key: keep a copy of "
          + "\(tracker.path)/keys/log.key elsewhere"))
    if let finding = backup.finding { session.tell([finding]) }
    return Outcome(clean: backup.finding == nil)
  }
}
