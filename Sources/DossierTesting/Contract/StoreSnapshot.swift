public import CustodyLog
public import DossierCore

/// Everything that a store answers, at one moment: two stores that hold the same give the same.
public struct StoreSnapshot: Equatable, Sendable {
  public var head: LogHead
  public var lastRecordedAt: Int64?
  public var offices: [Office]
  public var events: [EventRecord]
  public var manifests: [ManifestRecord]
  public var manifestItems: [String: [ItemSummary]] = [:]
  public var items: [ItemSummary]
  public var histories: [String: ItemHistory] = [:]
  public var carriers: [String: [String]] = [:]
  public var losses: [LossQuery: [LossGroup]] = [:]

  public init(of store: any CustodyStore) throws {
    head = try store.head()
    lastRecordedAt = try store.lastRecordedAt()
    offices = try store.offices()
    events = try store.events(from: 0, limit: .max)
    manifests = try store.manifests(after: 0, limit: .max)
    items = try store.items(matching: ItemFilter(), after: 0, limit: .max)
    for manifest in manifests {
      manifestItems[manifest.number] = try store.items(ofManifest: manifest.number)
    }
    let numbers = Set(events.flatMap { [$0.item, $0.details.newNumber] }.compactMap(\.self))
    for number in numbers { histories[number] = try store.history(ofItem: number) }
    let codes = Set(histories.values.flatMap(\.dossiers).compactMap(\.code))
    for code in codes { carriers[code] = try store.items(carrying: code) }
    for query in Self.queries { losses[query] = try store.lossCounts(query) }
  }

  /// Queries by every grouping and unit, over whole months and over days.
  public static let queries: [LossQuery] = {
    let days: [(CalendarDate?, CalendarDate?)] = [
      (nil, nil), (day(2025, 3, 1), day(2025, 3, 31)), (day(2025, 3, 3), nil),
      (day(2025, 2, 27), day(2025, 4, 29)),
    ]
    let groupings: [[LossQuery.Grouping]] =
      [[]] + LossQuery.Grouping.allCases.map { [$0] } + [[.month, .route], [.leg, .field, .office]]
    var queries: [LossQuery] = []
    for (from, through) in days {
      for unit in LossQuery.Unit.allCases {
        for by in groupings { queries.append(LossQuery(from: from, through: through, unit: unit, by: by)) }
      }
    }
    return queries
  }()

  private static func day(_ year: Int, _ month: Int, _ day: Int) -> CalendarDate? {
    CalendarDate(year: year, month: month, day: day)
  }

  /// The first thing in which another store differs; nil when they agree.
  public func difference(from other: StoreSnapshot) -> String? {
    func compare<Value: Equatable>(_ what: String, _ mine: Value, _ theirs: Value) -> String? {
      mine == theirs ? nil : "\(what): \(mine) against \(theirs)"
    }
    for (mine, theirs) in zip(events, other.events) {
      if let found = compare("event \(mine.index)", mine, theirs) { return found }
    }
    for number in histories.keys.sorted() {
      if let found = compare("history of \(number)", histories[number], other.histories[number]) {
        return found
      }
    }
    for (mine, theirs) in zip(items, other.items) {
      if let found = compare("item \(mine.number)", mine, theirs) { return found }
    }
    for query in Self.queries {
      if let found = compare("\(query)", losses[query], other.losses[query]) { return found }
    }
    return compare("manifests", manifests, other.manifests)
      ?? compare("items of manifests", manifestItems, other.manifestItems)
      ?? compare("items", items, other.items) ?? compare("histories", histories, other.histories)
      ?? compare("carriers", carriers, other.carriers) ?? compare("offices", offices, other.offices)
      ?? compare("last recorded time", lastRecordedAt, other.lastRecordedAt)
      ?? compare("events", events, other.events) ?? compare("head", head, other.head)
  }
}

/// What of a store must not depend on the order in which events arrived.
public struct ArrivalFreeView: Equatable, Sendable {
  struct Item: Equatable, Sendable {
    var summary: ItemSummary
    var numbers: Set<String>
    var dossiers: [DossierSummary]
    var findings: [Finding]
    var events: Set<String>
  }

  var items: [String: Item] = [:]
  var losses: [LossQuery: [LossGroup]]
  var carriers: [String: Set<String>]

  public init(_ snapshot: StoreSnapshot) {
    losses = snapshot.losses
    carriers = snapshot.carriers.mapValues { Set($0) }
    for (number, history) in snapshot.histories {
      var summary = history.summary
      summary.id = 0
      items[number] = Item(
        summary: summary, numbers: Set(history.numbers), dossiers: history.dossiers,
        findings: history.findings, events: Set(history.events.map(\.identifier)))
    }
  }

  /// The first thing in which another view differs; nil when they agree.
  public func difference(from other: ArrivalFreeView) -> String? {
    for number in Set(items.keys).union(other.items.keys).sorted() where items[number] != other.items[number]
    {
      return "item \(number): \(String(describing: items[number])) "
        + "against \(String(describing: other.items[number]))"
    }
    for query in StoreSnapshot.queries where losses[query] != other.losses[query] {
      return "\(query): \(losses[query] ?? []) against \(other.losses[query] ?? [])"
    }
    return carriers == other.carriers ? nil : "carriers: \(carriers) against \(other.carriers)"
  }
}
