internal import ArgumentParser
internal import DossierTracker

struct InitVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Tạo kho dữ liệu, khóa ký và điểm chốt đầu tiên · Create a store, its key and first checkpoint",
    discussion: """
      EXAMPLE
        dossier init --office H48.25 --name "Trung tâm PVHCC phường Lộc Thượng"
      """)

  @Option(help: ArgumentHelp("Code of the office that keeps the store.", valueName: "code"))
  var office: String

  @Option(help: "Its name.")
  var name: String

  @Option(help: "What it is; the master data may say otherwise later.")
  var kind: Office.Kind = .center

  @Option(help: ArgumentHelp("Code of its province.", valueName: "code"))
  var province: String = ""

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let office = Office(code: office, name: name, kind: kind, province: province)
    let tracker = try Tracker.create(at: store.path, office: office)
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
    session.say(
      vi: Talk.hint("cất riêng một bản của \(tracker.path)/keys; tiếp theo: dossier offices import TỆP.csv"),
      en: Talk.hint("keep a copy of \(tracker.path)/keys elsewhere; next: dossier offices import FILE.csv"))
    return .clean
  }
}
