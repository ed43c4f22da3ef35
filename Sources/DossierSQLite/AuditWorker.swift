internal import DossierCore

/// What all threads of an audit know.
struct AuditTask: Sendable {
  let key: ChainKey
  /// Size of the log.
  let size: Int64
  /// Sizes at which the log's root is wanted.
  let marks: [Int64]
  /// Nil when events are looked up one by one.
  var gathering: AuditGathering?
  var rules: ItemRules
}

/// What is asked of items beside their chains.
struct ItemRules: Sendable {
  var limits = AuditRules()
  /// The newest time of recording, against which the age of offers is counted.
  var newestRecording: Int64
  /// The event that recorded the newest map: its entries say what the items' chains were before it.
  var map: Int64?
}

/// One piece of an audit, done by one thread.
enum AuditPiece: Sendable {
  case structure
  /// The stored map, against itself.
  case map
  case manifests(ClosedRange<Int64>)
  /// The run of the log that begins with an event.
  case log(Int64)
  /// The numbers of the items in a range of rows, for the shelves.
  case numbers(Range<Int64>)
  case contents(Range<Int64>)
  /// The items of one shelf with their events.
  case shelf(Int)
  /// The items in a range of rows, each event looked up.
  case items(Range<Int64>)
  /// The same, to find out where the chains' sums break.
  case locate(Range<Int64>)

  var stage: AuditStage {
    switch self {
    case .structure: .structure
    case .map: .map
    case .log: .log
    case .numbers, .shelf, .items, .locate: .items
    case .contents: .contents
    case .manifests: .manifests
    }
  }
}

enum AuditStage: Sendable { case structure, map, log, items, contents, manifests }

/// What threads have found. It can be added up in any order.
struct AuditYield: Sendable {
  var structure: StructureRun?
  var map: MapRun?
  var logs: [LogRun] = []
  var items = ItemRun()
  /// Without gathering, the items of each range in the order of their rows.
  var orders: [Int64: ItemOrder] = [:]
  var located: [Int64: [Finding]] = [:]
  var contents = ContentRun()
  var manifests = ManifestRun()
  var usedTerms: Set<Int32> = []
  fileprivate var failures: [AuditStage: any Error] = [:]

  mutating func add(_ other: AuditYield) {
    structure = structure ?? other.structure
    map = map ?? other.map
    logs += other.logs
    items.add(other.items)
    orders.merge(other.orders) { first, _ in first }
    located.merge(other.located) { first, _ in first }
    contents.add(other.contents)
    manifests.add(other.manifests)
    usedTerms.formUnion(other.usedTerms)
    failures.merge(other.failures) { first, _ in first }
  }

  /// - Throws: what kept a stage from being done completely.
  func complete(_ stage: AuditStage) throws {
    if let failure = failures[stage] { throw failure }
  }

  mutating func forgetItems() {
    items = ItemRun()
    failures[.items] = nil
  }
}

/// Does pieces of one audit on one connection.
final class AuditWorker {
  private let reader: StoreReader
  private let task: AuditTask
  private var yield = AuditYield()
  private var log: LogAudit?
  private var items: ItemAudit?
  private var contents: ContentAudit?
  private var manifests: ManifestAudit?

  init(_ reader: StoreReader, _ task: AuditTask) {
    self.reader = reader
    self.task = task
  }

  func run(_ piece: AuditPiece) {
    do { try check(piece) } catch { yield.failures[piece.stage] = error }
  }

  func finished() -> AuditYield {
    yield.usedTerms = reader.terms.used
    return yield
  }

  private func check(_ piece: AuditPiece) throws {
    switch piece {
    case .structure: yield.structure = StructureRun(reader, size: task.size)
    case .map:
      yield.map = try MapAudit(reader, key: task.key).check()
    case .manifests(let range):
      let audit = try kept(&manifests) { try ManifestAudit(reader) }
      try audit.run(range, into: &yield.manifests)
    case .log(let start):
      let audit = try kept(&log) { try LogAudit(reader, key: task.key, gathering: task.gathering) }
      yield.logs.append(try audit.run(from: start, end: task.size, marks: task.marks))
    case .numbers(let range): try gatherNumbers(range)
    case .contents(let range):
      let audit = try kept(&contents) { try ContentAudit(reader, gathering: task.gathering) }
      try audit.run(range, into: &yield.contents)
    case .shelf(let shelf):
      guard let gathering = task.gathering else { return }
      let audit = try kept(&items) { try ItemAudit(reader, key: task.key, rules: task.rules) }
      let births = try audit.run(try ShelvedItems(gathering, shelf), into: &yield.items)
      gathering.put(births, place: shelf)
    case .items(let range):
      let audit = try kept(&items) { try ItemAudit(reader, key: task.key, rules: task.rules) }
      yield.orders[range.lowerBound] = try audit.run(range, into: &yield.items)
    case .locate(let range):
      let audit = try kept(&items) { try ItemAudit(reader, key: task.key, rules: task.rules) }
      yield.located[range.lowerBound] = try audit.locate(range)
    }
  }

  private func gatherNumbers(_ range: Range<Int64>) throws {
    guard let gathering = task.gathering else { return }
    let select = try reader.connection.prepared(
      "SELECT id, number FROM item WHERE id >= ?1 AND id < ?2 ORDER BY id")
    select.bind(1, range.lowerBound)
    select.bind(2, range.upperBound)
    var items: [GatheredItem] = []
    while try select.step() {
      items.append(GatheredItem(number: task.key.number(of: Subject.read(select, 1)), id: select.int(0)))
    }
    gathering.put(items, place: Int(range.lowerBound))
  }

  private func kept<Audit>(_ audit: inout Audit?, _ make: () throws -> Audit) throws -> Audit {
    if let audit { return audit }
    let made = try make()
    audit = made
    return made
  }
}
