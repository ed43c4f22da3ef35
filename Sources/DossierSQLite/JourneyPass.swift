internal import CustodyLog
internal import DossierCore

/// Goes through the journeys of all items: reads the log once from one end to the other and puts every event on a shelf
/// by its item's number; then takes up shelf after shelf and folds what lies there. Items of several numbers are put
/// together by look-ups.
///
/// Threads have a connection each, and see one moment of the store.
struct JourneyPass {
  var threads: Int
  /// How events are put aside; nil to look each one up, which gives the same and takes longer.
  var sizes: GatheringSizes? = GatheringSizes(
    memory: 16 << 20, eventsOnShelf: 32_768, eventsInBatch: 16_384)

  /// Events that a thread reads before it takes the next run. Tests make it small.
  var eventsInRun: Int64 = 65_536

  private static let itemsInRange: Int64 = 4_096

  func fold<Accumulator: JourneyAccumulator>(
    _ store: SQLiteStore, _ query: JourneyQuery, into start: Accumulator
  ) throws -> (Accumulator, JourneyView) {
    try store.requireOpen()
    let connections = try StoreConnections(path: store.path, count: max(1, threads))
    let plan = try connections.use(0) { try JourneyPlan($0, query) }
    let shelved = try sizes.flatMap { try self.shelved(connections, plan, $0, into: start) }
    return (try shelved ?? lookedUp(connections, plan, into: start), plan.view)
  }

  /// - Returns: nil when what was put aside could not be kept, be it that the disk is full.
  private func shelved<Accumulator: JourneyAccumulator>(
    _ connections: StoreConnections, _ plan: JourneyPlan, _ sizes: GatheringSizes, into start: Accumulator
  ) throws -> Accumulator? {
    let key = ChainKey(try systemRandomBytes(32))
    do {
      let shelving = try JourneyShelving(plan, key: key, sizes: sizes)
      let runs = stride(from: Int64(0), to: plan.size, by: Int(eventsInRun)).map {
        $0..<min($0 + eventsInRun, plan.size)
      }
      _ = try connections.share(runs.count + 1) {
        try JourneyCollector($0, plan, shelving)
      } piece: { collector, piece in
        // The numbers take longest and come first, so that the threads end together.
        if piece == 0 { try collector.numbers() } else { try collector.run(runs[piece - 1]) }
      } end: { _ in
      }
      let shelves = shelving.events.count
      return try gather(connections, plan, shelves + joinedPieces(plan), into: start) {
        journeys, piece, take in
        if piece < shelves {
          try journeys.forEach(on: ShelvedJourneys(shelving, piece), take)
        } else {
          try journeys.forEachJoined(piece - shelves, take)
        }
      }
    } catch is TemporaryFile.Failure { return nil }
  }

  private func lookedUp<Accumulator: JourneyAccumulator>(
    _ connections: StoreConnections, _ plan: JourneyPlan, into start: Accumulator
  ) throws -> Accumulator {
    let ranges = stride(from: Int64(1), through: plan.items, by: Int(Self.itemsInRange)).map {
      $0..<min($0 + Self.itemsInRange, plan.items + 1)
    }
    return try gather(connections, plan, ranges.count + joinedPieces(plan), into: start) {
      journeys, piece, take in
      if piece < ranges.count {
        try journeys.forEach(in: ranges[piece], take)
      } else {
        try journeys.forEachJoined(piece - ranges.count, take)
      }
    }
  }

  private func gather<Accumulator: JourneyAccumulator>(
    _ connections: StoreConnections, _ plan: JourneyPlan, _ pieces: Int, into start: Accumulator,
    _ piece: @Sendable (JourneyAssembler, Int, _ take: JourneyAssembler.Take) throws -> Void
  ) throws -> Accumulator {
    let found = try connections.share(pieces) {
      (journeys: try JourneyAssembler($0, plan), accumulator: start)
    } piece: { worker, number in
      try piece(worker.journeys, number) { worker.accumulator.add($0) }
    } end: {
      $0.accumulator
    }
    guard var sum = found.first else { return start }
    for other in found.dropFirst() { sum.merge(other) }
    return sum
  }

  private func joinedPieces(_ plan: JourneyPlan) -> Int {
    (plan.joinedFirst.count + JourneyPlan.joinedInPiece - 1) / JourneyPlan.joinedInPiece
  }
}

extension JourneyPlan {
  static let joinedInPiece = 32
}

/// One shelf as it is taken up.
struct ShelvedJourneys {
  let items: [GatheredItem]
  let events: RecordGroups<ShelvedEvent>
  let dossiers: RecordGroups<ShelvedDossier>
  /// Positions of items that share their number with another one.
  let doubtful: Set<Int>

  /// - Throws: when what was put aside could not be kept.
  init(_ shelving: JourneyShelving, _ shelf: Int) throws(TemporaryFile.Failure) {
    items = try shelving.items.take(shelf)
    let table = NumberTable(items, shelving.key)
    doubtful = table.doubtful
    events = RecordGroups(try shelving.events.take(shelf), table, count: items.count)
    dossiers = RecordGroups(try shelving.dossiers.take(shelf), table, count: items.count)
  }
}
