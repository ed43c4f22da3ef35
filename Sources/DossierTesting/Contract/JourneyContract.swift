internal import CustodyLog
public import DossierCore

/// What every source of journeys must do.
public enum JourneyContract {
  /// Compares two stores that hold the same at every size that the log ever had.
  ///
  /// - Parameters:
  ///   - reference: the store that is right.
  ///   - sources: ways to read the journeys of the store under test, taken in turn.
  ///   - place: what was written to both, for the sentence.
  public static func compare(
    reference: any CustodyStore & JourneySource, sources: [any JourneySource], place: String
  ) throws {
    let head = try reference.head()
    for size in 0...head.size {
      let source = sources[Int(size) % sources.count]
      let query = JourneyQuery(size: size)
      let expected = try reference.journeys(query, into: JourneyCount())
      let found = try source.journeys(query, into: JourneyCount())
      try requireEqual(found.1, expected.1, "\(place), size \(size): view")
      try requireEqual(found.0, expected.0, "\(place), size \(size): counts without dossiers")
      let journeys = try SpelledJourneys.all(source, size: size)
      for (one, other) in zip(journeys, try SpelledJourneys.all(reference, size: size)) {
        try requireEqual(one, other, "\(place), size \(size): a journey")
      }
      try requireEqual(Int64(journeys.count), expected.0.items, "\(place), size \(size): number of journeys")
    }
    for source in sources {
      try requireEqual(
        try SpelledJourneys.all(source), try SpelledJourneys.all(reference), "\(place): journeys")
      var refused = false
      do { _ = try source.journeys(JourneyQuery(size: head.size + 1), into: JourneyCount()) } catch {
        refused = true
      }
      try require(refused, "\(place): a size that the log never had is answered")
    }
  }

  /// Checks that the journeys of all items add up to what the store's counters say, and that dossiers are told apart by
  /// their keys.
  public static func checkSums(_ store: any CustodyStore & JourneySource, place: String) throws {
    let (count, view) = try store.journeys(JourneyQuery(withDossiers: true), into: JourneyCount())
    try requireEqual(view.log, try store.head(), "\(place): the head that journeys speak of")
    try requireEqual(
      view.recordedAt, try store.lastRecordedAt() ?? 0, "\(place): the newest time of recording")
    for (unit, counts) in [(LossQuery.Unit.item, count.outcomes), (.dossier, count.dossiers)] {
      let expected = try store.lossCounts(LossQuery(unit: unit, by: [])).first?.counts ?? OutcomeCounts()
      try requireEqual(counts, expected, "\(place): outcomes of journeys by \(unit.word)")
    }
    let dossiers = try store.journeys(JourneyQuery(withDossiers: true), into: JourneyList()).0.journeys
      .flatMap(\.dossiers)
    let codes = try store.codes(ofDossiers: Set(dossiers.map(\.id)))
    let pairs = Set(dossiers.filter { $0.key != 0 }.map { [codes[$0.id] ?? "?", "\($0.key)"] })
    try requireEqual(Set(pairs.map { $0[0] }).count, pairs.count, "\(place): keys of one code")
    try requireEqual(Set(pairs.map { $0[1] }).count, pairs.count, "\(place): codes of one key")
  }
}

/// Sums over journeys that need no order.
public struct JourneyCount: JourneyAccumulator, Hashable {
  public private(set) var items: Int64 = 0
  public private(set) var events: Int64 = 0
  public private(set) var outcomes = OutcomeCounts()
  /// Each item's outcome once for every dossier of it.
  public private(set) var dossiers = OutcomeCounts()

  public init() {}

  public mutating func add(_ journey: borrowing ItemJourney) {
    items += 1
    events += Int64(journey.events.count)
    let one = OutcomeCounts(journey.custody)
    outcomes += one
    dossiers.add(one, times: Int64(journey.dossiers.count))
  }

  public mutating func merge(_ other: JourneyCount) {
    items += other.items
    events += other.events
    outcomes += other.outcomes
    dossiers += other.dossiers
  }
}
