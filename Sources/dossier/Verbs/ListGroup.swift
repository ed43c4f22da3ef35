internal import ArgumentParser
internal import DossierTracker

struct ListGroup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Liệt kê bảng kê, bưu gửi, sự kiện, phát hiện · List manifests, items, events, findings",
    discussion: """
      EXAMPLE
        dossier list items --state missing
        dossier list events --format ndjson | head
      """,
    subcommands: [ListManifests.self, ListItems.self, ListEvents.self, ListFindings.self])
}

/// How many rows a listing asks the store for at a time.
private let pageSize = 1_000

/// What all listings share.
struct ListOptions: ParsableArguments {
  @Option(help: ArgumentHelp("At most so many rows.", valueName: "n"))
  var limit: Int?

  @OptionGroup var store: StoreOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var talk: TalkOptions

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit must not be negative.") }
  }

  /// Walks pages until they end, the limit is reached or nobody reads any more.
  ///
  /// - Parameters:
  ///   - page: the rows after the one before; how many to ask for.
  ///   - cells: one or more rows; none when a filter drops the element.
  func list<Element>(
    _ columns: [Column], _ session: Session, page: (Element?, Int) throws -> [Element],
    cells: (Element) throws -> [[Cell]]
  ) throws {
    let stream = RowStream(columns, session)
    var left = limit ?? Int.max
    var last: Element?
    while left > 0 && !session.output.isClosed {
      let elements = try page(last, pageSize)
      for element in elements {
        for row in try cells(element) where left > 0 {
          try stream.add(row)
          left -= 1
        }
      }
      guard elements.count == pageSize else { break }
      last = elements.last
    }
    try stream.end()
  }
}

struct ListManifests: Verb {
  static let configuration = CommandConfiguration(
    commandName: "manifests",
    abstract: "Bảng kê theo thứ tự đã ghi · Manifests in the order they were recorded",
    discussion: """
      EXAMPLE
        dossier list manifests --format csv --output bangke.csv
        dossier list manifests --open --receiver H48.25
      """)

  @Flag(help: "Only manifests that are not closed.")
  var open = false

  @Option(help: ArgumentHelp("Only manifests to this office.", valueName: "code"))
  var receiver: String?

  @Option(help: ArgumentHelp("Go on after this manifest.", valueName: "n"))
  var after: String?

  @OptionGroup var list: ListOptions
  var rows: RowOptions { list.rows }
  var talk: TalkOptions { list.talk }

  func perform(_ session: Session) throws -> Outcome {
    let tracker = try list.store.read()
    let filter = ManifestFilter(
      receiver: receiver.map(ListItems.canonical), isClosed: open ? false : nil)
    try list.list(ManifestTable.columns, session) { last, count in
      try tracker.manifests(matching: filter, after: last?.number ?? after, limit: count)
    } cells: {
      [ManifestTable.row($0)]
    }
    return .clean
  }
}

struct ListItems: Verb {
  static let configuration = CommandConfiguration(
    commandName: "items",
    abstract: "Bưu gửi và nơi đang giữ · Items and where they stand",
    discussion: """
      EXAMPLE
        dossier list items --state offered --custodian 590230
        dossier list items --manifest BK-590230-260112-001 --format csv
      """)

  @Option(help: ArgumentHelp("Only items in this state.", valueName: "state"))
  var state: StateWord?

  @Option(help: ArgumentHelp("Only items that this office answers for.", valueName: "code"))
  var custodian: String?

  @Option(help: ArgumentHelp("Only items of this manifest, in its order.", valueName: "n"))
  var manifest: String?

  @Flag(help: "Only items with findings.")
  var withFindings = false

  @Option(help: ArgumentHelp("Go on after this item; not with --manifest.", valueName: "n"))
  var after: String?

  @OptionGroup var list: ListOptions
  var rows: RowOptions { list.rows }
  var talk: TalkOptions { list.talk }

  func validate() throws {
    if manifest != nil, after != nil { throw ValidationError("--after does not go with --manifest.") }
  }

  func perform(_ session: Session) throws -> Outcome {
    let tracker = try list.store.read()
    let filter = ItemFilter(
      state: state, custodian: custodian.map(Self.canonical), withFindings: withFindings)
    let start = try tracker.row(ofItem: after)
    var ofManifest = try manifest.map { number in
      guard let items = try tracker.items(ofManifest: number) else {
        throw TrackerRefusal(Finding(.manifestUnknown, found: number))
      }
      return items.filter { item in
        (state == nil || item.state == state)
          && (filter.custodian == nil || item.custodian == filter.custodian)
          && (!withFindings || item.findings > 0)
      }[...]
    }
    try list.list(ItemTable.columns, session) { last, count in
      guard let items = ofManifest else {
        return try tracker.items(matching: filter, after: last?.id ?? start, limit: count)
      }
      ofManifest = items.dropFirst(count)
      return Array(items.prefix(count))
    } cells: {
      [ItemTable.row($0, labels: session.labels)]
    }
    return .clean
  }

  static func canonical(_ code: String) -> String { (try? OfficeCode.parse(code).get().text) ?? code }
}

struct ListEvents: Verb {
  static let configuration = CommandConfiguration(
    commandName: "events",
    abstract: "Nhật ký theo thứ tự · The log in its order",
    discussion: """
      Streams: memory stays the same however long the log is.

      EXAMPLE
        dossier list events --from 1000 --limit 50
        dossier list events --format ndjson | jq -c 'select(.kind == "lost")'
      """)

  @Option(help: ArgumentHelp("First position in the log, from 0.", valueName: "index"))
  var from: Int64 = 0

  @Option(help: ArgumentHelp("Only events that name this manifest.", valueName: "n"))
  var manifest: String?

  @OptionGroup var list: ListOptions
  var rows: RowOptions { list.rows }
  var talk: TalkOptions { list.talk }

  func validate() throws {
    guard from >= 0 else { throw ValidationError("--from must not be negative.") }
  }

  func perform(_ session: Session) throws -> Outcome {
    let tracker = try list.store.read()
    let manifest = manifest.map { (try? ManifestNumber.parse($0).get().text) ?? $0 }
    try list.list(EventTable.log, session) { last, count in
      try tracker.events(from: last.map { $0.index + 1 } ?? from, limit: count)
    } cells: { event in
      manifest == nil || event.manifest == manifest ? [EventTable.row(event, labels: session.labels)] : []
    }
    return .clean
  }
}

struct ListFindings: Verb {
  static let configuration = CommandConfiguration(
    commandName: "findings",
    abstract: "Những chỗ chuỗi giao nhận có vấn đề · Where custody has a problem, item by item",
    discussion: """
      EXAMPLE
        dossier list findings --format csv --output phat-hien.csv
      """)

  @Option(help: ArgumentHelp("Go on after this item.", valueName: "n"))
  var after: String?

  @OptionGroup var list: ListOptions
  var rows: RowOptions { list.rows }
  var talk: TalkOptions { list.talk }

  func perform(_ session: Session) throws -> Outcome {
    let tracker = try list.store.read()
    let start = try tracker.row(ofItem: after)
    try list.list(FindingTable.columns, session) { last, count in
      try tracker.items(matching: ItemFilter(withFindings: true), after: last?.id ?? start, limit: count)
    } cells: { item in
      try tracker.history(ofItem: item.number)?.findings.map {
        FindingTable.row($0, language: session.language)
      } ?? []
    }
    return .clean
  }
}
