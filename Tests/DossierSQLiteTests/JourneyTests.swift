import DossierCore
import DossierTesting
import GRDB
import Testing

@testable import DossierSQLite

/// The pass over a store's journeys, done in one of its ways.
private struct Way: JourneySource, CustomStringConvertible {
  let store: SQLiteStore
  let pass: JourneyPass

  var description: String { "\(pass.threads) threads, \(pass.sizes.map { "\($0)" } ?? "look-ups")" }

  /// Sizes that make even a small store fill several shelves, batches and runs.
  static func all(_ store: SQLiteStore) -> [Way] {
    let small = GatheringSizes(eventsOnShelf: 20, eventsInBatch: 7)
    var inFile = small
    inFile.memory = 0
    var full = inFile
    full.fileSize = 3_000
    return [
      JourneyPass(threads: 1), JourneyPass(threads: 2, sizes: small, eventsInRun: 14),
      JourneyPass(threads: 3, sizes: inFile, eventsInRun: 9),
      JourneyPass(threads: 2, sizes: full, eventsInRun: 64), JourneyPass(threads: 2, sizes: nil),
    ].map { Way(store: store, pass: $0) }
  }

  func journeys<Accumulator: JourneyAccumulator>(
    _ query: JourneyQuery, into start: Accumulator
  ) throws -> (Accumulator, JourneyView) { try pass.fold(store, query, into: start) }

  func texts(ofTerms terms: Set<Int32>) throws -> [Int32: String] { try store.texts(ofTerms: terms) }
  func numbers(ofItems items: Set<Int64>) throws -> [Int64: String] { try store.numbers(ofItems: items) }
  func codes(ofDossiers dossiers: Set<Int64>) throws -> [Int64: String] {
    try store.codes(ofDossiers: dossiers)
  }
  func numbers(ofManifests manifests: Set<Int64>) throws -> [Int64: String] {
    try store.numbers(ofManifests: manifests)
  }
  func identifiers(ofEvents events: Set<Int64>) throws -> [Int64: String] {
    try store.identifiers(ofEvents: events)
  }
}

@Suite struct JourneyTests {
  private static let seeds = [11, UInt64.random(in: 0...UInt64.max)]

  /// Everything that can happen to a handful of items: repeats, conflicts, corrections of anything, relabellings in
  /// circles, manifests that overlap or come after the events that name them.
  private func stores(
    _ folder: TemporaryFolder, seed: UInt64, count: Int
  ) throws -> (SQLiteStore, InMemoryStore) {
    let store = try newStore(folder, salts: TestSalts.seeded(seed))
    let reference = try referenceStore(salts: TestSalts.seeded(seed))
    var operations = RandomOperations(seed: seed)
    for step in 0..<count {
      let operation = operations.next()
      let now = TestValues.at(day: 50) + Int64(step) * 1_000
      _ = try operation.run(on: reference, now: now)
      _ = try operation.run(on: store, now: now)
    }
    return (store, reference)
  }

  /// Items that nothing happened to since they were accepted, each a day later than the other.
  private func addQuiet(_ stores: [any CustodyStore]) throws {
    let drafts = (1...8).map { number in
      TestValues.event(
        "Q\(number)", .accepted, "YÊN-\(number)", at: TestValues.at(day: number * 5), office: "BC1")
    }
    for store in stores { _ = try store.append(drafts, recordedAt: TestValues.at(day: 60), expecting: nil) }
  }

  @Test(arguments: seeds)
  func everyWayTellsWhatTheReferenceTellsAtEverySize(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let (store, reference) = try stores(folder, seed: seed, count: 50)
    try JourneyContract.compare(reference: reference, sources: Way.all(store), place: "seed \(seed)")
  }

  /// A correction may come before what it corrects, be that a report or a manifest's event.
  @Test func aCorrectionNamesNothingBeforeItsTargetIsThere() throws {
    let folder = try TemporaryFolder()
    let store = try newStore(folder, salts: TestSalts.seeded(5))
    let reference = try referenceStore(salts: TestSalts.seeded(5))
    let number = TestValues.s10(1)
    func event(_ identifier: String, _ kind: EventKind, corrects: String? = nil) -> EventDraft {
      TestValues.event(
        identifier, kind, number, at: TestValues.at(day: 4), office: "BC1", corrects: corrects)
    }
    let manifest = TestManifest(
      "BK-1", from: "BC1", to: "TTHCC", at: TestValues.at(day: 3),
      items: [TestItem(number, acceptedAt: TestValues.at(day: 2), fee: 7, dossiers: [TestDossier("HS/1")])])
    for store in [store, reference] as [any CustodyStore] {
      let early = [event("C1", .corrected, corrects: "E9"), event("C2", .corrected, corrects: "BK-1+0")]
      _ = try store.append(early, recordedAt: TestValues.at(day: 5), expecting: nil)
      _ = try store.append([event("E9", .lost)], recordedAt: TestValues.at(day: 6), expecting: nil)
      let outcome = try store.record(
        ArrayDocumentSource(manifest), recordedAt: TestValues.at(day: 7), dryRun: false)
      #expect(outcome.status == .recorded)
    }
    try JourneyContract.compare(reference: reference, sources: Way.all(store), place: "corrections")
    for way in Way.all(store).dropFirst() {
      try JourneyContract.compare(reference: reference, sources: [way], place: "corrections, \(way)")
    }
    let journeys = try store.journeys(JourneyQuery(), into: JourneyList()).0.journeys
    #expect(journeys.first?.events.filter(\.isVoid).map(\.kind) == [.accepted, .lost])
  }

  @Test(arguments: seeds)
  func journeysAddUpToTheCounters(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let (store, reference) = try stores(folder, seed: seed, count: 80)
    try JourneyContract.checkSums(store, place: "seed \(seed)")
    try JourneyContract.checkSums(reference, place: "the reference, seed \(seed)")
  }

  /// What the projection leads to is what going through all journeys leads to.
  @Test(arguments: seeds)
  func aSelectionGivesTheSameByProjectionAndByAllJourneys(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let (store, reference) = try stores(folder, seed: seed, count: 120)
    try addQuiet([store, reference])
    var random = SplitMix64(seed: seed)
    var found = 0
    for _ in 0..<60 {
      var selection = JourneySelection()
      for condition in [\JourneySelection.lost, \.damaged, \.found, \.missing] {
        selection[keyPath: condition] = random.chance(1, in: 3)
      }
      func day() -> Int { Int.random(in: 1...40, using: &random) }
      func date() -> CalendarDate? { CalendarDate(year: 2025, month: 3, day: 1)?.advanced(by: day()) }
      if random.chance(1, in: 3) { selection.silentSince = TestValues.at(day: day()) }
      if random.chance(1, in: 4) { selection.from = date() }
      if random.chance(1, in: 4) { selection.through = date() }
      let query = JourneyQuery(withDossiers: true, withFees: true)
      let selected = try store.journeys(
        selecting: selection, withDossiers: true, withFees: true, into: JourneyList(), threads: 2
      ).0
      let all = try reference.journeys(query, into: SelectedJourneys(selection, into: JourneyList())).0
      let expected = try SpelledJourneys.spell(all.inner.journeys, reference)
      let place = "seed \(seed), \(selection)"
      #expect(try SpelledJourneys.spell(selected.journeys, store) == expected, "\(place)")
      found += expected.count
    }
    #expect(found > 0, "seed \(seed)")
    let exclusions = try store.exclusions(threads: 2).0
    #expect(try reference.journeys(JourneyQuery(), into: JourneyExclusions()).0 == exclusions, "seed \(seed)")
  }

  /// A store with a hole gives no figures, in whatever way they are asked for.
  @Test func aMissingEventIsNoJourney() throws {
    let folder = try TemporaryFolder()
    let (store, _) = try stores(folder, seed: 11, count: 30)
    try store.queue.write { db in
      try db.execute(sql: "DROP TRIGGER event_no_delete; DELETE FROM event WHERE idx = 7")
    }
    for way in Way.all(store) {
      #expect(throws: StoreFault.self, "\(way)") { try way.journeys(JourneyQuery(), into: JourneyCount()) }
    }
  }

  @Test func anItemThatIsGoneIsNotLeftOut() throws {
    let folder = try TemporaryFolder()
    let (store, _) = try stores(folder, seed: 11, count: 10)
    try addQuiet([store])
    try store.queue.write { db in
      try db.execute(
        sql: "DROP TRIGGER item_no_delete; DELETE FROM item WHERE id = (SELECT MAX(id) FROM item)")
    }
    for way in Way.all(store) where way.pass.sizes?.fileSize == .max {
      #expect(throws: StoreFault.self, "\(way)") { try way.journeys(JourneyQuery(), into: JourneyCount()) }
    }
  }
}
