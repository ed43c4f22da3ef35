internal import ArgumentParser
internal import DossierTracker

struct ReceiveVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "receive",
    abstract:
      "Nhận bưu gửi theo bảng kê, mỗi dòng một mã vạch · Receive a manifest's items, one barcode a line",
    discussion: """
      A line is BARCODE, or BARCODE damaged GRADE [DOCUMENTS] with a grade of wrapper, readable, \
      partlyReadable, unreadable. From standard input each line is recorded at once; from a file up to 32 \
      together. Scanning the same list again changes nothing.

      EXAMPLE
        dossier receive BK-590230-260112-001 --scans quet.txt
        dossier receive BK-590230-260112-001 --close --by GDV01 --witness GDV02
      """)

  @Argument(help: "Number of the manifest.")
  var manifest: String

  @Option(
    help: ArgumentHelp(
      "File of scans, or - for standard input; without --close the default is standard input.",
      valueName: "file"),
    completion: .file())
  var scans: String?

  @Flag(help: "Close the manifest: record what is missing, signed by two people.")
  var close = false

  @Option(help: ArgumentHelp("Code of the person who scans and signs.", valueName: "id"))
  var by: String?

  @Option(help: ArgumentHelp("Code of the second person who signs.", valueName: "id"))
  var witness: String?

  @Option(help: SeenFile.help, completion: .file())
  var seen: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    // Said before the first scan, not after the last.
    if close && (by == nil || witness == nil) { throw TrackerRefusal(Finding(.signersRequired)) }
    let tracker = try store.write()
    let head = try seen.map { try SeenFile.head($0, tracker) }
    let receiving = try Receiving(tracker, manifest: manifest, by: by, seen: head, session)
    if let name = scans ?? (close ? nil : "-") {
      do { try receiving.scan(InputFile(name)) } catch {
        // What was scanned before the accident is recorded, so it is signed too.
        _ = try? tracker.checkpointIfPermitted()
        throw error
      }
    }
    let result = close ? try receiving.close(witness: witness) : receiving.session.result()
    let signing = Result { try tracker.checkpointIfPermitted() }
    try receiving.print(result, log: try tracker.head())
    _ = try signing.get()
    return Outcome(clean: !result.hasDiscrepancy)
  }
}

/// A checkpoint that an offline device had seen.
enum SeenFile {
  static let help = ArgumentHelp(
    "The newest checkpoint that the reporting device had seen, when it was offline; default the last one signed here.",
    valueName: "file")

  /// - Throws: a refusal when it is none of this log.
  static func head(_ file: String, _ tracker: Tracker) throws -> LogHead {
    try tracker.verify(checkpoint: try InputFile.read(file), name: file).head
  }
}

/// A receiving session at the terminal: each scan's answer as it comes, the count in the end.
final class Receiving {
  let session: ReceivingSession
  private let output: Session
  private(set) var receipts: [EventReceipt] = []
  private let by: String?

  init(_ tracker: Tracker, manifest: String, by: String?, seen: LogHead? = nil, _ output: Session) throws {
    session = try tracker.receive(manifest: manifest, by: by, seen: seen)
    self.by = by
    self.output = output
  }

  func scan(_ file: InputFile) throws {
    defer { file.close() }
    let language = output.language
    Interruption.explain { [number = session.manifest.number] in Self.stopped(number, language) }
    defer { Interruption.explain { nil } }
    if let lineFormat { try output.output.write(lineFormat.header()) }
    let isInput = file.name == "-"
    try file.forEachGroup(of: isInput ? 1 : 32) { lines in
      let scans = lines.filter { Self.isScan($0.text) }
      let receipts = try session.scan(scans.map(\.text))
      try answer(receipts, scans.map(\.number), file)
      if isInput && !scans.isEmpty { sayCount() }
    }
  }

  func close(witness: String?) throws -> ReceivingResult { try session.close(signer: by, witness: witness) }

  private static func stopped(_ manifest: String, _ language: Language) -> String {
    language == .vi
      ? "dossier: đã ngừng; mọi mã đã được trả lời đều đã ghi cho bảng kê \(manifest). Quét lại không bị trùng."
      : "dossier: stopped; every scan that was answered is recorded for manifest \(manifest). "
        + "Scanning again does no harm."
  }

  /// Blank lines and remarks get no answer.
  private static func isScan(_ line: String) -> Bool {
    guard let first = line.first(where: { !$0.isWhitespace }) else { return false }
    return first != "#"
  }

  private var lineFormat: RowWriter? {
    output.format.lineFormat.map { RowWriter(columns: ReceiptTable.columns, format: $0) }
  }

  /// - Parameter numbers: the lines of the scans; a scan has one receipt, and one more for its damage.
  private func answer(_ receipts: [EventReceipt], _ numbers: [Int], _ file: InputFile) throws {
    var scan = -1
    for receipt in receipts {
      if receipt.kind != .damaged { scan += 1 }
      if let lineFormat {
        try output.output.write(lineFormat.line(ReceiptTable.row(receipt)))
      } else {
        self.receipts.append(receipt)
      }
      if output.format != .json && output.format != .ndjson { tell(receipt, file, numbers[max(0, scan)]) }
    }
    if lineFormat != nil { try output.output.flush() }
  }

  private func tell(_ receipt: EventReceipt, _ file: InputFile, _ line: Int) {
    guard receipt.verdict != .accepted else { return }
    if receipt.findings.isEmpty {
      Talk.line("\(file.name):\(line): \(receipt.item): \(receipt.verdict.label(output.language))")
    }
    for var finding in receipt.findings {
      finding.file = file.name
      finding.line = line
      output.tell([finding])
    }
  }

  private func sayCount() {
    let count = session.count
    output.say(
      vi: "đã nhận \(count.received)/\(count.expected), còn thiếu \(count.short), thừa \(count.surplus)",
      en: "received \(count.received) of \(count.expected), \(count.short) short, \(count.surplus) surplus")
  }

  func print(_ result: ReceivingResult, log: LogHead) throws {
    switch output.format {
    case .json: try output.print(result.json(events: receipts, log: log, output.language))
    case .table:
      try output.print(
        TabularDocument(
          columns: CountTable.columns, rows: [CountTable.row(result.count)],
          title: BilingualText(vi: "Bảng kê \(result.manifest)", en: "Manifest \(result.manifest)"),
          notes: [closedNote(result), Importing.logNote(log)]))
    case .ndjson, .csv, .tsv:
      Talk.line(
        zip(CountTable.columns, CountTable.row(result.count)).map { column, cell in
          guard case .integer(let number) = cell else { return "" }
          return "\(column.header[output.language == .vi ? .vi : .en]) \(number)"
        }.joined(separator: " · "))
    }
    try output.output.flush()
    if output.format != .json { output.tell(result.findings) }
  }

  private func closedNote(_ result: ReceivingResult) -> BilingualText {
    result.closedNow
      ? BilingualText(vi: "Đã chốt, hai người ký.", en: "Closed, signed by two.")
      : BilingualText(vi: "Lần này không chốt.", en: "Not closed by this session.")
  }
}
