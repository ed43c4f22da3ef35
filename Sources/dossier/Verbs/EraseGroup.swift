internal import ArgumentParser
internal import DossierTracker

struct EraseGroup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase",
    abstract: "Xóa dữ liệu cá nhân, hai người làm · Erase personal data, by two people",
    discussion: """
      One person orders, another carries out. What is erased cannot be brought back; the log, its proofs and \
      what counts items stay as they are. Where a dossier's code is erased, reports that join items by it (delays, \
      settlement, reconcile) can no longer, at earlier states too. Backups are not reached: keep them for a short time only.

      EXAMPLE
        dossier erase order RM473195374VN --fields sender,applicant --basis subject_request --by CB01
        dossier erase carry-out erase+540 --by CB02
        dossier erase list
      """,
    subcommands: [EraseOrder.self, EraseCarryOut.self, EraseList.self, EraseScrub.self])
}

/// Fields as typed: `sender,applicant`.
struct FieldList: ExpressibleByArgument {
  let fields: Set<ErasureField>

  init?(argument: String) {
    let words = argument.split(separator: ",", omittingEmptySubsequences: false)
    let fields = words.compactMap { ErasureField(rawValue: String($0)) }
    guard !words.isEmpty, fields.count == words.count else { return nil }
    self.fields = Set(fields)
  }
}

struct EraseOrder: Verb {
  static let configuration = CommandConfiguration(
    commandName: "order",
    abstract: "Ra lệnh xóa, chưa xóa gì · Order an erasure; nothing is erased yet",
    discussion: """
      FIELDS, with commas between: \(ErasureField.allCases.map(\.rawValue).joined(separator: ", ")). Whatever a \
      manifest's original states as well takes the original of that manifest with it; other dossiers of the \
      manifest keep their rows. A manifest is meant with all that it entrusts, a dossier in every item that \
      carried it.

      BASIS (Law 91/2025/QH15, article 14(1); time limits in Decree 356/2025/ND-CP):
      \(LegalBasis.allCases.map { "  \($0.rawValue): \($0.label(.vi)) · \($0.label(.en))" }.joined(separator: "\n"))

      EXAMPLE
        dossier erase order RM473195374VN --fields sender,applicant --basis subject_request --by CB01
        dossier erase order H48.25-260112-0001 --fields code,applicant --basis authority_decision --by CB01
      """)

  @Argument(help: ArgumentHelp("Item, dossier, manifest or event.", valueName: "code"))
  var target: String

  @Option(help: ArgumentHelp("What is to go, with commas between.", valueName: "f,…"))
  var fields: FieldList

  @Option(help: ArgumentHelp("Legal basis.", valueName: "code"))
  var basis: LegalBasis

  @Option(help: ArgumentHelp("Code of the person who orders it.", valueName: "id"))
  var by: String

  @Option(help: "Free text; kept in the vault, not in the log.")
  var note: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let tracker = try store.write()
    let records = try tracker.orderErasure(
      ErasureRequest(target: target, fields: fields.fields, basis: basis, by: by, note: note))
    let signing = Result { try tracker.checkpoint() }
    try session.print(ErasurePrinting.document(records, session))
    try session.output.flush()
    ErasurePrinting.sayOriginals(records, session)
    if let order = records.first?.order {
      session.say(
        vi: "chưa xóa gì; người khác thực hiện: dossier erase carry-out \(order) --by …",
        en: "nothing is erased yet; somebody else carries it out: dossier erase carry-out \(order) --by …")
    }
    _ = try signing.get()
    return .clean
  }
}

struct EraseCarryOut: Verb {
  static let configuration = CommandConfiguration(
    commandName: "carry-out",
    abstract: "Thực hiện lệnh xóa, do người khác · Carry an order out, by another person",
    discussion: """
      Salts, values and originals are destroyed and the file is written anew, so that no copy is left in it; \
      that takes time and free space in proportion to the store.

      EXAMPLE
        dossier erase carry-out erase+540 --by CB02
      """)

  @Argument(help: "Name of the order.")
  var order: String

  @Option(
    help: ArgumentHelp("Code of the person who carries it out: not the one who ordered.", valueName: "id"))
  var by: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let tracker = try store.write()
    let result = try tracker.carryOutErasure(order: order, by: by)
    let signing = Result { try tracker.checkpoint() }
    try session.print(ErasurePrinting.document(result.records, session))
    try session.output.flush()
    ErasurePrinting.sayOriginals(result.records, session)
    session.say(
      vi: "bản sao lưu cũ vẫn còn dữ liệu này: hủy chúng theo chu kỳ sao lưu",
      en: "older backups still hold these data: destroy them as their cycle ends")
    session.tell(result.findings)
    _ = try signing.get()
    return Outcome(clean: result.findings.isEmpty)
  }
}

struct EraseList: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Các lệnh xóa, đã và chưa thực hiện · Orders to erase, open and carried out",
    discussion: """
      EXAMPLE
        dossier erase list
        dossier erase list --open --format csv
      """)

  @Flag(help: "Only orders that were not carried out.")
  var open = false

  @OptionGroup var list: ListOptions
  var rows: RowOptions { list.rows }
  var talk: TalkOptions { list.talk }

  func perform(_ session: Session) throws -> Outcome {
    let tracker = try list.store.read()
    try list.list(ErasureTable.columns, session) { last, count in
      try tracker.erasures(after: last?.index ?? -1, limit: count)
    } cells: {
      open && $0.carriedOut != nil ? [] : [ErasureTable.row($0, labels: session.labels)]
    }
    return .clean
  }
}

struct EraseScrub: Verb {
  static let configuration = CommandConfiguration(
    commandName: "scrub",
    abstract:
      "Viết lại tệp sau khi xóa, nếu còn nợ · Write the file anew after an erasure, if that is still due",
    discussion: """
      Carrying an order out does this by itself. It stays due when another program was reading the store, or the \
      disk was full; every opening to write tries again, and so does this.

      EXAMPLE
        dossier erase scrub
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let findings = try store.write().scrub()
    let column = Column("scrubbed", vi: "Tệp sạch", en: "File is clean", kind: .flag)
    try session.print([column], [.flag(findings.isEmpty)])
    session.tell(findings)
    return Outcome(clean: findings.isEmpty)
  }
}

enum ErasurePrinting {
  static func document(_ records: [ErasureRecord], _ session: Session) -> TabularDocument {
    TabularDocument(
      columns: ErasureTable.columns, rows: records.map { ErasureTable.row($0, labels: session.labels) })
  }

  /// Whoever orders a person's fields must know that the manifests' originals go too.
  static func sayOriginals(_ records: [ErasureRecord], _ session: Session) {
    let originals = records.filter(\.concernsDocument).map(\.erases)
    if originals.isEmpty { return }
    let names = originals.prefix(5).joined(separator: ", ") + (originals.count > 5 ? ", …" : "")
    session.say(
      vi:
        "kèm bản gốc của \(originals.count) bảng kê nêu tên những người này (\(names)); các hồ sơ khác trong đó "
        + "vẫn giữ dòng của mình",
      en:
        "with the originals of \(originals.count) manifests that name these people (\(names)); the other dossiers "
        + "in them keep their rows")
  }
}
