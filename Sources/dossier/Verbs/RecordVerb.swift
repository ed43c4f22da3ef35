internal import ArgumentParser
internal import DossierTracker

struct RecordVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Ghi một sự kiện bằng tay · Record one event by hand",
    discussion: """
      KIND is one of \(EventKind.allCases.filter(\.concernsItem).map(\.word).joined(separator: ", ")). \
      An observation is never refused because it contradicts what is known; it is recorded and becomes a \
      finding. With --event the same command again is harmless. Names and reasons in free words belong in \
      --note, which is kept in the vault, apart from the log; --reason takes one word.

      EXAMPLE
        dossier record damaged RM473195480VN --damage readable --documents 2
        dossier record lost EM473653477VN --at "2026-01-19 16:30"
        dossier record feeCollected EM473653477VN --amount 50000
        dossier record corrected RM473195480VN --corrects ID --reason did_not_occur
      """)

  @Argument(help: "What happened.", completion: .list(EventKind.allCases.filter(\.concernsItem).map(\.word)))
  var kind: EventKind

  @Argument(help: "Item number.")
  var item: String

  @Option(
    help: ArgumentHelp(
      "When: 2026-01-05T16:30:00+07:00, or without offset in Viet Nam's; default now.", valueName: "time"))
  var at: TypedTime?

  @Option(help: ArgumentHelp("Where; default the store's office.", valueName: "code"))
  var office: String?

  @Option(help: ArgumentHelp("To which office (dispatched).", valueName: "code"))
  var to: String?

  @Option(help: ArgumentHelp("Code of the person who acted.", valueName: "id"))
  var by: String?

  @Option(
    help: ArgumentHelp(
      """
      A word; did_not_occur or incorrect_data for corrected; theft, loss, robbery, deterioration, wrongDelivery, \
      forceMajeure or unknown for lost; any for held and attemptFailed.
      """,
      valueName: "word"))
  var reason: String?

  @Option(help: "Free text; kept in the vault, not in the log.")
  var note: String?

  @Option(help: ArgumentHelp("Identifier of the event; default a new random one.", valueName: "id"))
  var event: String?

  @Option(help: ArgumentHelp("How much in đồng (feeCollected, feeRemitted).", valueName: "n"))
  var amount: Int64?

  @Option(help: ArgumentHelp("How badly (damaged).", valueName: "grade"))
  var damage: DamageGrade?

  @Option(help: ArgumentHelp("How many documents are affected (damaged).", valueName: "n"))
  var documents: Int?

  @Option(
    help: ArgumentHelp("Reference of the decision, or of the recipient's evidence.", valueName: "ref"))
  var reference: String?

  @Option(help: ArgumentHelp("Identifier of the event that this one corrects.", valueName: "event"))
  var corrects: String?

  @Option(help: ArgumentHelp("The number on the new label (relabelled).", valueName: "n"))
  var newNumber: String?

  @Option(help: ArgumentHelp("Number of the manifest it belongs to.", valueName: "n"))
  var manifest: String?

  @Option(help: SeenFile.help, completion: .file())
  var seen: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func validate() throws {
    if let amount, !(1...1_000_000_000_000).contains(amount) {
      throw ValidationError("--amount is in dong, from 1 to 1000000000000.")
    }
    if let documents, documents < 0 { throw ValidationError("--documents must not be negative.") }
  }

  func perform(_ session: Session) throws -> Outcome {
    let tracker = try store.write()
    let seen = try seen.map { try SeenFile.head($0, tracker) }
    let receipt = try tracker.record(
      EventRequest(
        kind, item: item, at: at?.time, office: office, to: to, by: by, manifest: manifest, reason: reason,
        amount: amount, damage: damage, documentsAffected: documents, reference: reference,
        corrects: corrects,
        newNumber: newNumber, note: note, event: event, seen: seen))
    let signing = Result { try tracker.checkpointIfPermitted() }
    try print(receipt, session)
    _ = try signing.get()
    if receipt.verdict != .refused, let item = try tracker.history(ofItem: receipt.item)?.summary {
      let state = item.state.label(session.language)
      session.say(
        vi: "\(item.number): \(state)" + (item.custodian.map { ", \($0) đang giữ" } ?? ""),
        en: "\(item.number): \(state)" + (item.custodian.map { ", held by \($0)" } ?? ""))
    }
    return Outcome(clean: receipt.verdict != .refused)
  }

  private func print(_ receipt: EventReceipt, _ session: Session) throws {
    let columns = ReceiptTable.columns
    guard case .object(let members) = receipt.json else { return }
    let json = JSONOutput.object(
      members + [.init(key: "findings", value: receipt.findings.json(session.language))])
    try session.print(columns, ReceiptTable.row(receipt, labels: session.labels), json: json)
    try session.output.flush()
    if session.format != .json { session.tell(receipt.findings) }
  }
}

/// A time as people type it.
struct TypedTime: ExpressibleByArgument {
  let time: OffsetDateTime

  init?(argument: String) {
    guard let time = OffsetDateTime.typed(argument) else { return nil }
    self.time = time
  }
}
