internal import CustodyLog
internal import DossierCore

/// Puts journeys together by look-ups, from one connection, as known at one size of the log.
///
/// The pass over the whole log (``JourneyPass``) does so only for the few items whose events mean something together
/// with those of other numbers, or whose dossiers stand in several consignments.
final class JourneyReader {
  private let reader: StoreReader
  private let manifests: JourneyManifests
  private let query: JourneyQuery
  private let size: Int64
  private let selectDossiers: Statement
  private var folding = JourneyFolding()

  /// - Parameter size: events of the log that count.
  init(_ reader: StoreReader, _ manifests: JourneyManifests, _ query: JourneyQuery, size: Int64) throws {
    self.reader = reader
    self.manifests = manifests
    self.query = query
    self.size = size
    selectDossiers = try Statement(
      reader.connection,
      """
      SELECT \(JourneyDossier.columns), \(try DossierTwins.key(reader.connection, "d")) FROM dossier d
      WHERE d.id >= ?1 AND d.id < ?2 ORDER BY d.id
      """)
  }

  /// The journey of a number that no other was ever joined to; nil when no event is about it.
  func journey(alone id: Int64) throws -> ItemJourney? {
    try reader.items.item(id: id).flatMap { try journey(of: [$0]) }
  }

  /// The journey of the item that bears a number.
  func journey(bearing id: Int64) throws -> ItemJourney? {
    try reader.items.item(id: id).flatMap { try journey(of: try reader.items.group(of: $0, before: size)) }
  }

  /// The journeys of all items whose numbers were ever joined to one.
  func journeys(joinedTo id: Int64) throws -> [ItemJourney] {
    guard let row = try reader.items.item(id: id) else { return [] }
    return try reader.items.groups(joinedTo: row, before: size).compactMap { try journey(of: $0) }
  }

  /// The journey of an item with all its numbers; nil when no event is about it.
  private func journey(of group: [ItemRow]) throws -> ItemJourney? {
    var rows: [EventRow] = []
    for member in group { rows += try reader.items.chain(member, before: size) }
    guard !rows.isEmpty else { return nil }
    rows.sort { $0.index < $1.index }
    var journey = ItemJourney(folding: [], item: try current(group, rows))
    journey.events = try rows.map { row in
      JourneyEvent(
        row, manifest: manifests.resolved(row.manifest),
        corrects: try reader.items.correctedIndex(row, before: size))
    }
    try folding.fold(&journey, manifests, reader.items)
    if query.withDossiers || query.withFees { try addContents(rows, to: &journey) }
    return journey
  }

  /// Adds what the item's manifests state of it, for a journey that has its events.
  ///
  /// - Parameter item: the row of its one number.
  func addContents(of item: Int64, to journey: inout ItemJourney) throws {
    guard let row = try reader.items.item(id: item) else { throw StoreFault.malformedRow("item \(item)") }
    try addContents(try reader.items.chain(row, before: size), to: &journey)
  }

  private func addContents(_ rows: [EventRow], to journey: inout ItemJourney) throws {
    var seen: Set<Subject> = []
    for consignment in try reader.items.consignments(rows) {
      if query.withFees, journey.fee == nil { journey.fee = consignment.fee }
      guard query.withDossiers, !consignment.dossiers.isEmpty else { continue }
      selectDossiers.bind(1, consignment.dossiers.lowerBound)
      selectDossiers.bind(2, consignment.dossiers.upperBound)
      while try selectDossiers.step() {
        let twin = Subject.read(selectDossiers, JourneyDossier.columnCount)
        if seen.insert(twin).inserted { journey.dossiers.append(JourneyDossier(selectDossiers)) }
      }
    }
  }

  /// The row of the number that the item bears now.
  private func current(_ group: [ItemRow], _ rows: [EventRow]) throws -> Int64 {
    let first = group.map(\.id).min() ?? 0
    if group.count == 1 { return first }
    let numbers = group.map(\.subject.string)
    guard let latest = try reader.items.latestNumber(among: numbers, rows),
      let position = numbers.firstIndex(of: latest)
    else { return first }
    return group[position].id
  }
}

extension JourneyDossier {
  static let columns = "d.id, d.code, d.procedure, d.field, d.agency, d.received, d.due, d.result"
  static let columnCount: Int32 = 8

  /// Reads ``columns``, beginning at column 0.
  init(_ row: Statement) {
    func day(_ column: Int32) -> CalendarDate? {
      row.optionalInt(column).flatMap { CalendarDate(daysSince1970: Int($0)) }
    }
    self.init(
      id: row.int(0), key: Self.key(row, 1), procedure: row.term(2), field: row.term(3), agency: row.term(4),
      received: day(5), due: day(6), result: day(7))
  }

  /// A code that is kept packed is its own key; of another one the key is the negative beginning of its SHA-256, which
  /// is the same in every run.
  static func key(_ row: Statement, _ column: Int32) -> Int64 {
    if row.isInteger(column) { return row.int(column) }
    if row.isNull(column) { return 0 }
    let digest = MerkleHash.sha256(row.bytes(column))
    let word = digest.bytes.prefix(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    return Int64(bitPattern: word | 1 << 63)
  }
}
