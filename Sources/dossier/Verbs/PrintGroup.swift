internal import ArgumentParser
internal import DossierTracker

struct PrintGroup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "print",
    abstract: "In biên bản, phiếu, nhãn, tờ lệnh · Records, slips, labels and command sheets on paper",
    discussion: """
      EXAMPLE
        dossier print record BK-590230-260112-001 --output bien-ban.pdf
      """,
    subcommands: [PrintRecord.self, PrintSlip.self, PrintLabels.self, PrintCommands.self])
}

/// What every sheet takes: format and file.
struct PaperOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("html or pdf; default by the ending of --output, else html.", valueName: "format"),
    completion: .list(PaperFormat.allCases.map(\.rawValue)))
  var format: PaperFormat?

  @Option(
    help: ArgumentHelp("File for the sheet instead of standard output.", valueName: "file"),
    completion: .file(extensions: ["html", "pdf"]))
  var output: String?

  var rows: RowOptions {
    var rows = RowOptions()
    (rows.format, rows.output) = (.table, output)
    return rows
  }

  /// - Throws: a refusal when a code or the print engine fails.
  func deliver(_ sheet: (OutputLanguage) throws -> PaperDocument, _ session: Session) throws {
    let format = format ?? output.flatMap(PaperFormat.init(fileName:)) ?? .html
    if format == .pdf, output == nil, Surroundings.isTerminal(1) {
      throw ValidationError(
        session.text(
          vi: "Dạng pdf không in ra màn hình được: thêm --output TỆP.",
          en: "The format pdf cannot be shown on a terminal: add --output FILE."))
    }
    do {
      try session.output.write(bytes: sheet(session.style.language).render(format))
    } catch let refusal as RenderingRefusal {
      throw TrackerRefusal(refusal.finding)
    }
  }
}

/// Verbs that put something on paper.
protocol PaperVerb: Verb {
  var paper: PaperOptions { get }
}

extension PaperVerb {
  var rows: RowOptions { paper.rows }
}

/// How citizens and other offices reach the station.
struct AddressOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Public address of the station, printed as QR code; without it there is none.", valueName: "url"))
  var address: String?

  func validate() throws {
    guard let address else { return }
    let isPlain = address.utf8.count <= 200 && address.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    guard isPlain, address.hasPrefix("https://") || address.hasPrefix("http://") else {
      throw ValidationError("--address is an http or https address.")
    }
  }
}

struct PrintRecord: PaperVerb {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Biên bản giao nhận của một bảng kê · The hand-over record of a manifest",
    discussion: """
      Discrepancies first, every item, list digest, checkpoint of the log, both signers. Before the manifest is closed \
      it is a draft and says so.

      EXAMPLE
        dossier print record BK-590230-260112-001 --output bien-ban.pdf
        dossier print record BK-590230-260112-001 --reprint 1 --format pdf --output lan-1.pdf
      """)

  @Argument(help: "Number of the manifest.")
  var manifest: String

  @Option(help: ArgumentHelp("The sheet is the n-th one printed again, and says so.", valueName: "n"))
  var reprint = 0

  @OptionGroup var address: AddressOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var paper: PaperOptions
  @OptionGroup var talk: TalkOptions

  func validate() throws {
    guard (0...9_999).contains(reprint) else {
      throw ValidationError("--reprint is a number from 0 to 9999.")
    }
  }

  func perform(_ session: Session) throws -> Outcome {
    let record = try store.read().handOverRecord(ofManifest: manifest)
    let link = address.address.map { HandOverRecord.address(of: record.manifest, at: $0) }
    try paper.deliver(
      {
        try record.document(copy: reprint == 0 ? .original : .reprint(reprint), address: link, language: $0)
      },
      session)
    return .clean
  }
}

struct PrintSlip: PaperVerb {
  static let configuration = CommandConfiguration(
    commandName: "slip",
    abstract: "Phiếu tra cứu cho công dân, không ghi tên · The citizen's slip, without names",
    discussion: """
      EXAMPLE
        dossier print slip EM473653477VN --address https://hoso.example.vn --output phieu.pdf
      """)

  @Argument(help: "Item number.")
  var item: String

  @OptionGroup var address: AddressOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var paper: PaperOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let slip = try store.read().slip(ofItem: item, address: address.address)
    try paper.deliver({ try slip.document(language: $0) }, session)
    return .clean
  }
}

struct PrintLabels: PaperVerb {
  static let configuration = CommandConfiguration(
    commandName: "labels",
    abstract: "Nhãn 60 × 30 mm của từng bưu gửi · A label of 60 × 30 mm for each item",
    discussion: """
      EXAMPLE
        dossier print labels BK-590230-260112-001 --output nhan.pdf
      """)

  @Argument(help: "Number of the manifest.")
  var manifest: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var paper: PaperOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let labels = try store.read().labels(ofManifest: manifest)
    try paper.deliver({ try labels.document(language: $0) }, session)
    return .clean
  }
}
