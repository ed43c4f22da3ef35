internal import ArgumentParser
internal import DossierTracker

struct InitVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Tạo kho dữ liệu, khóa ký và điểm chốt đầu tiên · Create a store, its key and first checkpoint",
    discussion: """
      The signer's store (key and last signed checkpoint) is keys in the store's folder; --keys puts it on another \
      disk. With --after the log continues another one, whose name and last head its second event states: a log a \
      year, or a new one after a log was frozen.

      EXAMPLE
        dossier init --office H48.25 --name "Trung tâm PVHCC phường Lộc Thượng"
        dossier init --after diem-chot-cuoi.txt --office H48.25 --name "Trung tâm" --data nam-2027
      """)

  @Option(help: ArgumentHelp("Code of the office that keeps the store.", valueName: "code"))
  var office: String

  @Option(help: "Its name.")
  var name: String

  @Option(help: "What it is; the master data may say otherwise later.")
  var kind: Office.Kind = .center

  @Option(help: ArgumentHelp("Code of its province.", valueName: "code"))
  var province: String = ""

  @Option(
    help: ArgumentHelp("Folder for the signer's store, on another disk; keys links to it.", valueName: "dir"),
    completion: .directory)
  var keys: String?

  @Option(
    help: ArgumentHelp("The final checkpoint of the log that this one continues.", valueName: "file"),
    completion: .file())
  var after: String?

  @Option(
    help: ArgumentHelp("Public key (log.pub) of that log, to check it with.", valueName: "file"),
    completion: .file())
  var afterKey: String?

  @Option(help: ArgumentHelp("Why another log goes on, in one word.", valueName: "word"))
  var reason: String = "new_year"

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func validate() throws {
    if after == nil && afterKey != nil { throw ValidationError("--after-key needs --after.") }
  }

  func perform(_ session: Session) throws -> Outcome {
    let office = Office(code: office, name: name, kind: kind, province: province)
    let predecessor = try after.map { file in
      let key = try afterKey.map { try InputFile.read($0) }
        .map { String(String(decoding: $0, as: UTF8.self).prefix { $0 != "\n" }) }
      return try Predecessor(note: try InputFile.read(file), name: file, key: key, reason: reason)
    }
    let tracker = try Tracker.create(at: store.path, office: office, keys: keys, after: predecessor)
    let head = try tracker.head()
    let columns = [
      Column("path", vi: "Thư mục", en: "Folder", kind: .code),
      Column("office", vi: "Đơn vị", en: "Office", kind: .code),
      Column("origin", vi: "Nhật ký", en: "Log", kind: .code),
      Column("size", vi: "Số sự kiện", en: "Events", kind: .integer),
      Column("root", vi: "Gốc", en: "Root", kind: .code),
      Column("verifierKey", vi: "Khóa công khai", en: "Public key", kind: .code),
    ]
    try session.print(
      columns,
      [
        .text(tracker.path), .text(tracker.office), .text(tracker.origin), .integer(Int(head.size)),
        .text(head.root.base64), .text(try tracker.verifierKey()),
      ])
    if let predecessor, afterKey == nil {
      session.say(
        vi: Talk.hint(
          "chữ ký của \(predecessor.checkpoint.origin) chưa được kiểm tra, vì không có --after-key"),
        en: Talk.hint(
          "the signature of \(predecessor.checkpoint.origin) was not checked: there was no --after-key"))
    }
    session.say(
      vi: Talk.hint(
        "cất riêng một bản của \(tracker.path)/keys/log.key; tiếp theo: dossier offices import TỆP.csv"),
      en: Talk.hint(
        "keep a copy of \(tracker.path)/keys/log.key elsewhere; next: dossier offices import FILE.csv"))
    return .clean
  }
}
