internal import ArgumentParser
internal import DossierTracker

struct ReceiptVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "receipt",
    abstract: "Biên nhận XML của một bảng kê đã chốt · The receipt of a closed manifest, as XML",
    discussion: """
      What the receiver tells the giver's system (Schemas/receipt-1.xsd): the outcome of each item, both signers, the \
      list's digest, the log's checkpoint. The same manifest always gives the same bytes.

      EXAMPLE
        dossier receipt BK-590230-260112-001 --output bien-nhan.xml
      """)

  @Argument(help: "Number of the manifest.")
  var manifest: String

  @Option(
    help: ArgumentHelp("File for the receipt instead of standard output.", valueName: "file"),
    completion: .file(extensions: ["xml"]))
  var output: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var talk: TalkOptions

  var rows: RowOptions {
    var rows = RowOptions()
    (rows.format, rows.output) = (.table, output)
    return rows
  }

  func perform(_ session: Session) throws -> Outcome {
    let tracker = try store.read()
    try tracker.receipt(ofManifest: manifest) { try session.output.write(bytes: $0) }
    return .clean
  }
}
