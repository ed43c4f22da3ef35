internal import DossierCore

extension StoreContract {
  static let itemCases: [Case] = [
    Case("two numbers joined by a relabelling are one item", relabelled),
    Case("a new label with a journey of its own is a finding", relabelledToAnother),
    Case("a corrected relabelling parts its numbers again", relabellingTakenBack),
    Case("a repeated or circular relabelling counts an item once", repeatedRelabelling),
    Case("a correction takes its event back, whichever arrives first", corrected),
    Case("an event derived from a manifest can be corrected, even before it is known", correctedDerived),
    Case("an item found after a loss, or received after it was missing, is open again", foundAgain),
    Case("damage stays, and surplus opens nothing", damageAndSurplus),
    Case("any order of arrival gives the same states and counts", arrivalOrder),
    Case("random events and manifests give the same in any order", randomArrivalOrder),
  ]

  private static func relabelled(_ bench: Bench) throws {
    let store = try bench.withOffices()
    try record(manifest(), in: store)
    let old = TestValues.s10(1)
    let new = TestValues.s10(500)
    let receipts = try append(
      [
        TestValues.event("R1", .received, old, at: at(4), office: "TTHCC"),
        TestValues.event("L1", .relabelled, old, at: at(5), office: "TTHCC", newNumber: new),
        TestValues.event("D1", .dispatched, new, at: at(6), office: "TTHCC", to: "BC1"),
      ], to: store)
    try require(
      receipts.allSatisfy { if case .recorded = $0 { true } else { false } }, "a relabelling is not recorded")
    for number in [old, new] {
      let history = try requireValue(try store.history(ofItem: number), "history by \(number)")
      try requireEqual(history.numbers, [new, old], "numbers by \(number)")
      try requireEqual(
        history.events.map(\.identifier), ["BK-1+0", "BK-1+1", "R1", "L1", "D1"], "events by \(number)")
      try requireEqual(history.summary.state, .offered, "state by \(number)")
      try requireEqual(history.summary.number, new, "current number by \(number)")
      try requireEqual(history.summary.dossiers, 2, "dossiers by \(number)")
      try requireEqual(history.dossiers.count, 2, "dossiers of the history by \(number)")
    }
    let listed = try store.items(matching: ItemFilter(), after: 0, limit: 100)
    try requireEqual(listed.count, 3, "items after a relabelling")
    try requireEqual(listed.map(\.number), [new, "BG-2", TestValues.s10(3)], "current numbers in the list")
    try requireEqual(try store.items(ofManifest: "BK-1").map(\.number), listed.map(\.number), "by manifest")
    try checkLosses(store)
    try checkLog(store)
  }

  private static func relabelledToAnother(_ bench: Bench) throws {
    let store = try bench.withOffices()
    try record(manifest(), in: store)
    let old = TestValues.s10(1)
    func relabel(_ event: String, to new: String, _ more: [EventDraft] = []) throws -> [Finding] {
      let draft = TestValues.event(event, .relabelled, old, at: at(8), office: "TTHCC", newNumber: new)
      let outcome = try store.record(
        ArrayDocumentSource(feed: more + [draft]), recordedAt: at(9), dryRun: false)
      return outcome.findings.filter { $0.code != .unknownItem }
    }
    // What a feed says of the new label came before the relabelling, but happened after it.
    let later = TestValues.event("R1", .received, "BG-900", at: at(8, 9), office: "TTHCC")
    try requireEqual(try relabel("L1", to: "BG-900", [later]).map(\.code), [], "a label that is new")
    try requireEqual(try relabel("L2", to: "BG-900").map(\.code), [], "the same label again")
    let own = TestValues.event("A1", .accepted, "BG-901", at: at(4), office: "BC2")
    let findings = try relabel("L3", to: "BG-901", [own])
    try requireEqual(findings.map(\.code), [.relabelConflict], "a label of another item")
    try requireEqual(findings.map(\.item), [old], "the item that got it")
    try requireEqual(try relabel("L3", to: "BG-901").map(\.code), [], "the same event again")
    try checkLog(store)
  }

  private static func relabellingTakenBack(_ bench: Bench) throws {
    // The correction may stand under the old number or the new one.
    for correctedUnder in [0, 1] {
      let store = try bench.withOffices()
      let numbers = [TestValues.s10(1), "BG-900"]
      try record(manifest(), in: store)
      try append(
        [
          TestValues.event("A2", .accepted, numbers[1], at: at(4, 7), office: "BC2"),
          TestValues.event("L1", .relabelled, numbers[0], at: at(5), office: "TTHCC", newNumber: numbers[1]),
        ], to: store)
      try requireEqual(try store.items(matching: ItemFilter(), after: 0, limit: 100).count, 3, "items joined")
      try append(
        [
          TestValues.event(
            "C1", .corrected, numbers[correctedUnder], at: at(6), office: "TTHCC", reason: "incorrect_data",
            corrects: "L1")
        ], to: store)
      let parted = try numbers.map { try requireValue(try store.history(ofItem: $0), "history of \($0)") }
      try requireEqual(parted.map(\.numbers), numbers.map { [$0] }, "numbers after parting")
      try requireEqual(parted.map(\.summary.state), [.offered, .inCustody], "states after parting")
      try requireEqual(parted.map(\.summary.custodian), ["BC1", "BC2"], "custodians after parting")
      try requireEqual(parted.map(\.summary.dossiers), [2, 0], "dossiers after parting")
      try requireEqual(try store.items(matching: ItemFilter(), after: 0, limit: 100).count, 4, "items parted")
      try checkLosses(store)
      // Joined anew by another event.
      try append(
        [TestValues.event("L2", .relabelled, numbers[0], at: at(7), office: "TTHCC", newNumber: numbers[1])],
        to: store)
      try requireEqual(
        try store.history(ofItem: numbers[0])?.numbers, [numbers[1], numbers[0]], "joined anew")
      try checkLosses(store)
    }
  }

  private static func repeatedRelabelling(_ bench: Bench) throws {
    let store = try bench.withOffices()
    try record(manifest(), in: store)
    let one = TestValues.s10(1)
    let pairs = [
      (one, "BG-900"), (one, "BG-900"), ("BG-900", one), ("BG-900", "BG-901"), ("BG-901", one), (one, one),
    ]
    for (position, (old, new)) in pairs.enumerated() {
      try append(
        [
          TestValues.event(
            "L\(position)", .relabelled, old, at: at(5, 8, position), office: "TTHCC", newNumber: new)
        ], to: store)
      try checkLosses(store)
      try requireEqual(
        try store.items(matching: ItemFilter(), after: 0, limit: 100).count, 3, "items after \(old) → \(new)")
      try requireEqual(try summary(one, in: store).number, new, "current number after \(old) → \(new)")
    }
    try checkLog(store)
  }

  private static func corrected(_ bench: Bench) throws {
    let item = "BG-1"
    let accepted = TestValues.event("A", .accepted, item, at: at(2), office: "BC1")
    let delivered = TestValues.event("D", .delivered, item, at: at(3), office: "BC1", reference: "K1")
    let correction = TestValues.event(
      "C", .corrected, item, at: at(4), office: "BC1", reason: "did_not_occur", corrects: "D")
    for order in [
      [accepted, delivered, correction], [correction, accepted, delivered],
      [delivered, correction, accepted],
    ] {
      let store = try bench.withOffices()
      for draft in order { try append([draft], to: store) }
      let history = try requireValue(try store.history(ofItem: item), "the item")
      try requireEqual(history.summary.state, .inCustody, "state after a corrected delivery")
      try requireEqual(history.events.count, 3, "events that stay visible")
      try requireEqual(history.findings, [], "findings after a correction")
      try checkLosses(store)
      // A correction cannot be corrected, and one that names nothing is a finding.
      try append(
        [
          TestValues.event("C2", .corrected, item, at: at(5), office: "BC1", corrects: "C"),
          TestValues.event("C3", .corrected, item, at: at(6), office: "BC1", corrects: "NOTHING"),
        ], to: store)
      let after = try requireValue(try store.history(ofItem: item), "the item")
      try requireEqual(after.summary.state, .inCustody, "state after a correction of a correction")
      try requireEqual(
        after.findings.map(\.code), [.correctionOfCorrection, .correctionTargetUnknown], "findings")
      try requireEqual(after.findings.map(\.events), [["C", "C2"], ["C3"]], "events of the findings")
    }
  }

  private static func correctedDerived(_ bench: Bench) throws {
    let item = TestValues.s10(1)
    let correction = TestValues.event("C", .corrected, item, at: at(9), office: "TTHCC", corrects: "BK-1+1")
    for correctionFirst in [false, true] {
      let store = try bench.withOffices()
      if correctionFirst { try append([correction], to: store) }
      try record(manifest(), in: store)
      if !correctionFirst { try append([correction], to: store) }
      let history = try requireValue(try store.history(ofItem: item), "the item")
      try requireEqual(history.summary.state, .inCustody, "state after its dispatch was corrected")
      try requireEqual(history.summary.leg, .intake, "leg after its dispatch was corrected")
      try requireEqual(history.findings, [], "findings after its dispatch was corrected")
      try requireEqual(
        try store.items(matching: ItemFilter(state: .inCustody), after: 0, limit: 9).map(\.number), [item],
        "items in custody")
      try checkLosses(store)
    }
  }

  private static func foundAgain(_ bench: Bench) throws {
    let store = try bench.withOffices()
    try record(manifest(), in: store)
    let items = manifest().items.map(\.number)
    try append(
      [
        TestValues.event("M1", .missing, items[0], at: at(4), office: "TTHCC", manifest: "BK-1"),
        TestValues.event("M2", .missing, items[1], at: at(4), office: "TTHCC", manifest: "BK-1"),
        TestValues.event("X2", .lost, items[1], at: at(5), office: "TTHCC", reference: "QĐ 5"),
      ], to: store)
    try requireEqual(try summary(items[0], in: store).state, .missing, "state of a missing item")
    try requireEqual(try summary(items[0], in: store).custodian, "BC1", "custodian of a missing item")
    try requireEqual(try summary(items[1], in: store).state, .lost, "state of a lost item")
    let counts = try total(store)
    try requireEqual(
      [counts.missing, counts.lost, counts.open, counts.found], [1, 1, 2, 0], "counts before")
    try append(
      [
        TestValues.event("R1", .received, items[0], at: at(6), office: "TTHCC"),
        TestValues.event("F2", .found, items[1], at: at(7), office: "VC1"),
        TestValues.event("R2", .received, items[1], at: at(8), office: "TTHCC"),
      ], to: store)
    for item in items[..<2] {
      let summary = try summary(item, in: store)
      try requireEqual(summary.state, .inCustody, "state of \(item) after it turned up")
      try requireEqual(summary.custodian, "TTHCC", "custodian of \(item) after it turned up")
      try require(!summary.missing, "\(item) is still missing")
    }
    let after = try total(store)
    try requireEqual([after.missing, after.lost, after.open, after.found], [0, 0, 3, 2], "counts after")
    try checkLosses(store)
  }

  private static func damageAndSurplus(_ bench: Bench) throws {
    let store = try bench.withOffices()
    try record(manifest(), in: store)
    let item = TestValues.s10(1)
    try append(
      [
        TestValues.event("G1", .damaged, item, at: at(4), office: "BC1", damage: .partlyReadable),
        TestValues.event("G2", .damaged, item, at: at(5), office: "BC1", damage: .wrapper),
        TestValues.event("R1", .received, item, at: at(6), office: "TTHCC"),
        TestValues.event("S1", .surplus, "BG-99", at: at(6), office: "TTHCC", manifest: "BK-1"),
      ], to: store)
    try requireEqual(try summary(item, in: store).damage, .partlyReadable, "the worst damage")
    try requireEqual(try summary(item, in: store).state, .inCustody, "state of a damaged item")
    let surplus = try summary("BG-99", in: store)
    try requireEqual(surplus.state, .announced, "state of a surplus item")
    try requireEqual(surplus.leg, .intake, "leg of a surplus item")
    let counts = try total(store)
    try requireEqual([counts.entrusted, counts.damaged], [3, 1], "entrusted and damaged")
    try checkLosses(store)
  }

  static func total(_ store: any CustodyStore) throws -> OutcomeCounts {
    let groups = try store.lossCounts(LossQuery(unit: .item, by: []))
    try requireEqual(groups.count, 1, "groups of a query without grouping")
    return groups.first?.counts ?? OutcomeCounts()
  }

  // MARK: Order of arrival

  private enum Arrival {
    case event(EventDraft)
    case manifest(TestManifest)
  }

  private static func arrivals() -> [Arrival] {
    let one = TestValues.s10(1)
    var second = manifest("BK-2", first: 1, day: 12)
    second.header.leg = .result
    second.items[0].dossiers[1].field = "Hộ tịch"
    second.items[2] = TestItem("BG-900", dossiers: [TestDossier("LEGACY/900", field: "Đất đai")])
    func event(
      _ identifier: String, _ kind: EventKind, _ item: String, _ day: Int, _ office: String,
      to: String? = nil,
      manifest: String? = nil, reference: String? = nil, corrects: String? = nil, newNumber: String? = nil
    ) -> Arrival {
      .event(
        TestValues.event(
          identifier, kind, item, at: at(day, 8), office: office, to: to, manifest: manifest,
          reference: reference, corrects: corrects, newNumber: newNumber))
    }
    return [
      .manifest(manifest()), .manifest(second),
      event("R1", .received, one, 4, "TTHCC", manifest: "BK-1"),
      event("G1", .damaged, one, 4, "TTHCC"),
      event("L1", .relabelled, one, 5, "TTHCC", newNumber: "BG-900"),
      event("D2", .dispatched, "BG-900", 6, "TTHCC", to: "VC1", manifest: "BK-8"),
      event("L2", .relabelled, "BG-900", 7, "VC1", newNumber: "BG-901"),
      event("R3", .received, "BG-901", 8, "VC1"),
      event("C1", .corrected, "BG-901", 9, "VC1", corrects: "L2"),
      event("C2", .corrected, "BG-2", 5, "BC1", corrects: "BK-1+2"),
      event("M2", .missing, "BG-2", 4, "TTHCC", manifest: "BK-1"),
      event("X2", .lost, "BG-2", 7, "TTHCC", reference: "QĐ 1"),
      event("X3", .delivered, TestValues.s10(3), 8, "TTHCC", reference: "K"),
      event("X4", .delivered, TestValues.s10(3), 8, "TTHCC", reference: "K"),
      event("S9", .surplus, "BG-77", 1, "TTHCC", manifest: "BK-2"),
      event("A9", .accepted, "BG-77", 2, "BC2"),
      event("T1", .held, "BG-77", 3, "BC2"), event("T2", .held, "BG-77", 3, "BC1"),
    ]
  }

  private static func arrivalOrder(_ bench: Bench) throws {
    try compareOrders(of: arrivals(), rounds: 8, seed: 20_250_301, bench)
  }

  private static func randomArrivalOrder(_ bench: Bench) throws {
    for seed in 1...6 as ClosedRange<UInt64> {
      var operations = RandomOperations(seed: 7_000 + seed)
      var identifiers: Set<String> = []
      var arrivals: [Arrival] = []
      for _ in 0..<25 {
        switch operations.next() {
        case .append(let drafts, _), .feed(let drafts, _, _):
          // Which of two conflicting reports holds is decided by arrival, and only that.
          for draft in drafts where identifiers.insert(draft.identifier).inserted {
            arrivals.append(.event(draft))
          }
        case .record(var manifest, _):
          let items = manifest.items.map(\.number)
          let codes = manifest.items.flatMap { $0.dossiers.map(\.code) }
          guard Set(items).count == items.count, Set(codes).count == codes.count,
            identifiers.insert(manifest.header.number).inserted
          else { continue }
          manifest.isValid = true
          manifest.header.containers = []
          for position in manifest.items.indices { manifest.items[position].container = nil }
          arrivals.append(.manifest(manifest))
        default: break
        }
      }
      try compareOrders(of: arrivals, rounds: 3, seed: seed, bench)
    }
  }

  private static func compareOrders(
    of arrivals: [Arrival], rounds: Int, seed: UInt64, _ bench: Bench
  ) throws {
    var generator = SplitMix64(seed: seed)
    var expected: ArrivalFreeView?
    var journeys: [String]?
    for round in 0..<rounds {
      let store = try bench.withOffices()
      let arrivals = round == 0 ? arrivals : arrivals.shuffled(using: &generator)
      for arrival in arrivals {
        switch arrival {
        case .event(let draft): try append([draft], to: store)
        case .manifest(let manifest):
          try requireEqual(try record(manifest, in: store).status, .recorded, "status in round \(round)")
        }
      }
      let view = ArrivalFreeView(try StoreSnapshot(of: store))
      if let expected, let difference = expected.difference(from: view) {
        throw ContractViolation("seed \(seed): arrival in order \(round) gives something else: \(difference)")
      }
      expected = expected ?? view
      if let source = store as? any JourneySource {
        let told = try SpelledJourneys.arrivalFree(source)
        try requireEqual(told, journeys ?? told, "seed \(seed): journeys after arrival in order \(round)")
        journeys = told
      }
      try checkLosses(store)
      try checkLog(store)
    }
  }
}
