internal import ArgumentParser
internal import DossierTracker

struct ShowVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Hành trình của một bưu gửi, hồ sơ hoặc bảng kê · Timeline of an item, dossier or manifest",
    discussion: """
      Beside the time that an event claims stands what is proven of it: it was stated after the checkpoint that it \
      names as seen, and recorded before the next one that was signed. What is offline, late, back-dated or ahead of \
      the log's clock is marked.

      EXAMPLE
        dossier show EM473653477VN
        dossier show BK-590230-260112-001 --format json
      """)

  @Argument(help: "Item number, dossier code or manifest number, as typed or scanned.")
  var code: String

  @Flag(help: "In JSON, add to each event between which checkpoints it is proven: notBefore, notAfter.")
  var times = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let tracker = try store.read()
    guard let shown = try tracker.show(code) else {
      throw TrackerRefusal(Finding(.unknownCode, found: code))
    }
    if session.format == .json {
      try session.print(
        shown.json(session.language, times: times ? { try tracker.provenTimes(of: $0) } : nil))
    } else {
      switch shown {
      case .item(let item): try print(item, tracker, session)
      case .dossier(_, let items): for item in items { try print(item, tracker, session) }
      case .manifest(let manifest, let items):
        try print(manifest, items, try tracker.erasures(ofManifest: manifest.number), session)
      }
    }
    return .clean
  }

  private func print(_ item: ItemHistory, _ tracker: Tracker, _ session: Session) throws {
    let isTable = session.format == .table
    let rows =
      isTable
      ? zip(item.events, try tracker.provenTimes(of: item.events)).map {
        ProvenTable.row($0, $1, labels: session.language)
      } : item.events.map { EventTable.row($0) }
    try session.print(
      TabularDocument(
        columns: isTable ? ProvenTable.timeline : EventTable.log, rows: rows,
        title: BilingualText(
          vi: "\(item.summary.number) · \(item.summary.state.label(.vi))",
          en: "\(item.summary.number) · \(item.summary.state.label(.en))"),
        lead: ItemText.lead(item)))
    guard session.format == .table else { return }
    for finding in item.findings {
      try session.output.write(Talk.safe(FindingText.lines(finding, session.language)) + "\n")
    }
  }

  private func print(
    _ manifest: ManifestRecord, _ items: [ItemSummary], _ erasures: [ErasureRecord], _ session: Session
  ) throws {
    try session.print(
      TabularDocument(
        columns: ItemTable.columns, rows: items.map { ItemTable.row($0, labels: session.labels) },
        title: BilingualText(
          vi: "Bảng kê \(manifest.number)" + (manifest.closedEvent == nil ? "" : " · đã chốt"),
          en: "Manifest \(manifest.number)" + (manifest.closedEvent == nil ? "" : " · closed")),
        lead: ItemText.lead(manifest) + ItemText.lines(erasures)))
  }
}

/// What stands above a timeline or a manifest's items.
enum ItemText {
  static func lead(_ item: ItemHistory) -> [BilingualText] {
    let summary = item.summary
    var lines: [BilingualText] = []
    func add(_ vi: String, _ en: String, _ value: String?) {
      if let value, !value.isEmpty {
        lines.append(BilingualText(vi: "\(vi): \(value)", en: "\(en): \(value)"))
      }
    }
    add("Đang giữ", "Custodian", summary.custodian)
    add("Giao cho", "Offered to", summary.offeredTo)
    add("Bảng kê", "Manifest", summary.manifest)
    add("Chiều", "Leg", summary.leg?.word)
    if item.numbers.count > 1 { add("Các mã", "Numbers", item.numbers.joined(separator: ", ")) }
    add("Hư hỏng", "Damage", summary.damage?.word)
    for dossier in item.dossiers {
      let documents = dossier.documents.count
      lines.append(
        BilingualText(
          vi: "Hồ sơ: \(dossier.code ?? "(đã xóa)")  \(dossier.procedure ?? "")  hạn "
            + "\(dossier.due?.text ?? "–")  \(documents) loại giấy tờ",
          en: "Dossier: \(dossier.code ?? "(erased)")  \(dossier.procedure ?? "")  due "
            + "\(dossier.due?.text ?? "–")  \(documents) kinds of papers"))
    }
    return lines + Self.lines(item.erasures)
  }

  static func lines(_ erasures: [ErasureRecord]) -> [BilingualText] {
    erasures.map {
      BilingualText(vi: "\($0.erases) \($0.sentence(.vi))", en: "\($0.erases) \($0.sentence(.en))")
    }
  }

  static func lead(_ manifest: ManifestRecord) -> [BilingualText] {
    let dispatched =
      OffsetDateTime(milliseconds: manifest.dispatchedAt, offsetMinutes: manifest.dispatchedZone)?.text ?? "–"
    return [
      BilingualText(
        vi: "\(manifest.leg.word): \(manifest.giver) → \(manifest.receiver), giao lúc \(dispatched)",
        en: "\(manifest.leg.word): \(manifest.giver) → \(manifest.receiver), dispatched \(dispatched)"),
      BilingualText(
        vi: "\(manifest.items) bưu gửi, \(manifest.dossiers) hồ sơ, SHA-256 \(manifest.sha256.base64)",
        en: "\(manifest.items) items, \(manifest.dossiers) dossiers, SHA-256 \(manifest.sha256.base64)"),
    ]
  }
}
