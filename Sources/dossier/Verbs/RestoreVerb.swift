internal import ArgumentParser
internal import DossierTracker

struct RestoreVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Khôi phục kho từ bản sao lưu · Put a store back from a backup",
    discussion: """
      Verifies the backup against its record and every event in it, and never overwrites a store. The signer's store \
      is not in a backup: it is keys in the store's folder, or the folder of --keys. The station's accounts and the key \
      of look-up codes come back, unless the folder has its own; everybody signs in again. Exit code 1 when the store can be \
      read but not written as it stands: the hint says what to do.

      EXAMPLE
        dossier restore thu-2026-02-02.sqlite --data thu-moi --keys /mnt/signer/thu
      """)

  @Argument(help: ArgumentHelp("The backup; its record (.txt) lies beside it.", valueName: "file"))
  var file: String

  @Option(
    help: ArgumentHelp("Folder of the signer's store, which becomes keys by a link.", valueName: "dir"),
    completion: .directory)
  var keys: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let restored = try Tracker.restore(file, to: store.path, keys: keys) { Interruption.remember($0) }
    let record = restored.record
    try session.print(
      [
        Column("path", vi: "Thư mục", en: "Folder", kind: .code),
        Column("origin", vi: "Nhật ký", en: "Log", kind: .code),
        Column("office", vi: "Đơn vị", en: "Office", kind: .code),
        Column("taken", vi: "Sao lưu lúc", en: "Backed up", kind: .time),
        Column("size", vi: "Số sự kiện", en: "Events", kind: .integer),
        Column("root", vi: "Gốc", en: "Root", kind: .code),
        Column("writable", vi: "Ghi được", en: "Can be written", kind: .flag),
        Column("people", vi: "Tài khoản về lại", en: "Accounts put back", kind: .flag),
        Column("lookup", vi: "Khóa tra cứu về lại", en: "Look-up key put back", kind: .flag),
      ],
      [
        .text(restored.path), .text(record.origin), .text(record.office), .text(record.taken),
        .integer(Int(record.head.size)), .text(record.head.root.base64), .flag(restored.finding == nil),
        .flag(restored.companions.contains(.people)), .flag(restored.companions.contains(.lookup)),
      ])
    try session.output.flush()
    if restored.companions.contains(.people) {
      session.say(
        vi: Talk.hint(
          "tài khoản và token như lúc sao lưu: khóa lại ai đã nghỉ, thu hồi lại token (dossier people)"),
        en: Talk.hint(
          "accounts and tokens are those of the backup: disable again who left since, revoke again (dossier people)"
        ))
    }
    if let finding = restored.finding { session.tell([finding]) }
    session.say(
      vi: Talk.hint("tiếp theo: dossier audit --data \(restored.path)"),
      en: Talk.hint("next: dossier audit --data \(restored.path)"))
    return Outcome(clean: restored.finding == nil)
  }
}
