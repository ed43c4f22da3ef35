internal import ArgumentParser
internal import DossierTesting
internal import DossierTracker

struct SampleVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Tạo dữ liệu mẫu như thật, lặp lại được · Write realistic sample data, the same every time",
    discussion: """
      EXAMPLE
        dossier sample --seed 1 --items 10000 --out mau
        dossier sample --items 1000000 --single-file --only manifests --out lon
      """)

  @Option(help: "Same seed and options, same bytes.")
  var seed: UInt64 = 1

  @Option(help: "Postal items over all manifests.")
  var items: Int = 1_000

  @Option(
    help: ArgumentHelp("Folder to write to; files of the same name are replaced.", valueName: "dir"),
    completion: .directory)
  var out: String

  @Option(help: ArgumentHelp("Items in a manifest.", valueName: "n"))
  var itemsPerManifest: Int = 120

  @Option(help: "Working days that the manifests spread over.")
  var days: Int = 20

  @Option(help: ArgumentHelp("Further events an item, on average.", valueName: "x"))
  var eventsPerItem: Double = 3

  @Flag(help: "One manifest with all items, one feed with all events.")
  var singleFile = false

  @Option(help: "Write only these.")
  var only: SamplePart?

  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func perform(_ session: Session) throws -> Outcome {
    let options = SampleOptions(
      seed: seed, items: items, itemsPerManifest: itemsPerManifest, days: days,
      eventsPerItem: eventsPerItem, singleFile: singleFile, contents: only?.contents ?? .all)
    let summary: SampleSummary
    do { summary = try SampleData.write(options, to: SampleDirectory(out)) } catch let error as SampleError {
      switch error {
      case .invalidOption: throw ValidationError(error.description)
      case .cannotWrite(let path, let number):
        throw TrackerRefusal(Finding(.outputUnwritable, path: path, detail: Surroundings.reason(number)))
      }
    }
    let columns = [
      Column("manifests", vi: "Bảng kê", en: "Manifests", kind: .integer),
      Column("items", vi: "Bưu gửi", en: "Items", kind: .integer),
      Column("dossiers", vi: "Hồ sơ", en: "Dossiers", kind: .integer),
      Column("documents", vi: "Giấy tờ", en: "Documents", kind: .integer),
      Column("feeds", vi: "Luồng sự kiện", en: "Feeds", kind: .integer),
      Column("events", vi: "Sự kiện", en: "Events", kind: .integer),
      Column("lost", vi: "Thất lạc", en: "Lost", kind: .integer),
      Column("found", vi: "Tìm thấy", en: "Found", kind: .integer),
      Column("damaged", vi: "Hư hỏng", en: "Damaged", kind: .integer),
      Column("bytes", vi: "Byte", en: "Bytes", kind: .integer),
    ]
    try session.print(
      columns,
      [
        summary.manifests, summary.items, summary.dossiers, summary.documents, summary.feeds, summary.events,
        summary.lost, summary.found, summary.damaged, summary.bytes,
      ].map(Cell.integer))
    return .clean
  }
}

enum SamplePart: String, ExpressibleByArgument, CaseIterable {
  case manifests, feeds, offices

  var contents: SampleOptions.Contents {
    switch self {
    case .manifests: .manifests
    case .feeds: .feeds
    case .offices: .offices
    }
  }
}
