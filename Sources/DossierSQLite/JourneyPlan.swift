internal import CustodyLog
internal import DossierCore

/// What all threads know that read journeys, as known at one size of the log.
struct JourneyPlan: Sendable {
  let query: JourneyQuery
  let view: JourneyView
  let manifests: JourneyManifests
  /// Rows of numbers that were ever joined to others: their items are put together by look-ups.
  private(set) var joined: Set<Int64> = []
  /// Of each set of numbers that were ever joined, the first.
  private(set) var joinedFirst: [Int64] = []
  /// Rows of numbers and of dossiers, at most.
  let items: Int64
  let dossiers: Int64

  /// Events of the log that count.
  var size: Int64 { Int64(view.log.size) }

  init(_ reader: StoreReader, _ query: JourneyQuery) throws {
    self.query = query
    view = try reader.journeyView(at: query.size)
    let size = Int64(view.log.size)
    manifests = try JourneyManifests(reader.connection, before: size)
    func number(_ sql: String) throws -> Int64 {
      let select = try Statement(reader.connection, sql)
      return try select.step() ? select.int(0) : 0
    }
    // More rows than this the file cannot hold: an altered number must not make a report endless.
    let limit = try number("SELECT page_count * page_size / 8 FROM pragma_page_count, pragma_page_size")
    items = min(try number("SELECT COALESCE(MAX(id), 0) FROM item"), limit)
    dossiers = min(try number("SELECT COALESCE(MAX(id), 0) FROM dossier"), limit)
    try findJoined(reader.connection, before: size)
  }

  private mutating func findJoined(_ connection: Connection, before size: Int64) throws {
    var neighbours: [Int64: [Int64]] = [:]
    let select = try Statement(connection, "SELECT old_item, new_item FROM relabelling WHERE event < ?1")
    select.bind(1, size)
    while try select.step() {
      let (old, new) = (select.int(0), select.int(1))
      neighbours[old, default: []].append(new)
      neighbours[new, default: []].append(old)
    }
    for first in neighbours.keys.sorted() where joined.insert(first).inserted {
      joinedFirst.append(first)
      var open = [first]
      while let next = open.popLast() {
        for neighbour in neighbours[next] ?? [] where joined.insert(neighbour).inserted {
          open.append(neighbour)
        }
      }
    }
  }
}
