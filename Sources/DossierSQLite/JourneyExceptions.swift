public import DossierCore

/// Journeys of the few items to which something happened, as known now: found by the projection `item` and put together
/// by look-ups, in a small part of the time that going through all journeys takes.
extension SQLiteStore {
  /// Folds the journeys of a selection, as known now: the same as those that ``SelectedJourneys`` lets through.
  ///
  /// - Parameters:
  ///   - threads: how many go through the items at once.
  /// - Returns: also the state of the log that they speak of.
  public func journeys<Accumulator: JourneyAccumulator>(
    selecting selection: JourneySelection, withDossiers: Bool = false, withFees: Bool = false,
    into start: Accumulator, threads: Int
  ) throws -> (Accumulator, JourneyView) {
    let query = JourneyQuery(withDossiers: withDossiers, withFees: withFees)
    let scan = try ItemScan(self, query, threads: threads)
    let selected = SelectedJourneys(selection, into: start)
    let found = try scan.run(Self.condition(selection), into: selected) { journeys, row, accumulator in
      try journeys.lookUp(row.int(0)) { accumulator.add($0) }
    }
    return (found.inner, scan.plan.view)
  }

  /// Counts the items that stand in no balance, as known now.
  public func exclusions(threads: Int) throws -> (JourneyExclusions, JourneyView) {
    let scan = try ItemScan(self, JourneyQuery(), threads: threads)
    let found = try scan.run("entrusted_day IS NULL", into: JourneyExclusions()) {
      journeys, row, accumulator in
      // A number may be known from a relabelling alone, which says nothing of an item.
      guard try row.int(1) >= 0 || journeys.hasEvents(row.int(0)) else { return }
      let state = StateWord(rawValue: UInt8(exactly: row.int(2)) ?? 0) ?? .announced
      accumulator.add(state, isSurplus: row.int(3) & ItemRow.flagSurplus != 0)
    }
    return (found, scan.plan.view)
  }

  /// What the projection says of a selection's items.
  private static func condition(_ selection: JourneySelection) -> String {
    var any: [String] = []
    if selection.lost { any.append("outcome = \(Outcome.lost.rawValue)") }
    if selection.damaged { any.append("damage > 0") }
    if selection.found { any.append("flags & \(ItemRow.flagFound) <> 0") }
    let open = "outcome = \(Outcome.open.rawValue)"
    if selection.missing { any.append("(\(open) AND flags & \(ItemRow.flagMissing) <> 0)") }
    if selection.disputed { any.append("flags & \(ItemRow.flagDisputed) <> 0") }
    if let instant = selection.silentSince { any.append("(\(open) AND last_at < \(instant))") }
    if any.isEmpty { return "0" }
    var all = ["(\(any.joined(separator: " OR ")))", "entrusted_day IS NOT NULL"]
    if let from = selection.from { all.append("entrusted_day >= \(from.daysSince1970)") }
    if let through = selection.through { all.append("entrusted_day <= \(through.daysSince1970)") }
    return all.joined(separator: " AND ")
  }
}

/// Goes through the rows that stand for items, on several threads.
private struct ItemScan {
  let plan: JourneyPlan
  private let connections: StoreConnections
  private static let range: Int64 = 16_384
  /// More would take longer to begin than to scan.
  private static let threads = 4

  init(_ store: SQLiteStore, _ query: JourneyQuery, threads: Int) throws {
    try store.requireOpen()
    connections = try StoreConnections(path: store.path, count: max(1, min(threads, Self.threads)))
    plan = try connections.use(0) { try JourneyPlan($0, query) }
  }

  /// - Parameters:
  ///   - condition: SQL over the columns of `item`.
  ///   - take: given the row: id, head_event, state, flags.
  func run<Accumulator: JourneyAccumulator>(
    _ condition: String, into start: Accumulator,
    _ take: @Sendable (JourneyAssembler, Statement, inout Accumulator) throws -> Void
  ) throws -> Accumulator {
    let sql = """
      SELECT id, head_event, state, flags FROM item
      WHERE id >= ?1 AND id < ?2 AND same_as IS NULL AND \(condition) ORDER BY id
      """
    let ranges = stride(from: Int64(1), through: plan.items, by: Int(Self.range)).map {
      $0..<min($0 + Self.range, plan.items + 1)
    }
    let found = try connections.share(ranges.count) { reader in
      (
        select: try Statement(reader.connection, sql), journeys: try JourneyAssembler(reader, plan),
        accumulator: start
      )
    } piece: { worker, piece in
      let select = worker.select
      select.bind(1, ranges[piece].lowerBound)
      select.bind(2, ranges[piece].upperBound)
      defer { select.reset() }
      while try select.step() { try take(worker.journeys, select, &worker.accumulator) }
    } end: {
      $0.accumulator
    }
    guard var sum = found.first else { return start }
    for other in found.dropFirst() { sum.merge(other) }
    return sum
  }
}
