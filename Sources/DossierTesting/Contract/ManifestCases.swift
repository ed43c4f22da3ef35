internal import CustodyLog
internal import DossierCore

extension StoreContract {
  static let manifestCases: [Case] = [
    Case("a manifest is recorded whole", recordedManifest),
    Case("a refused, repeated or tried manifest changes nothing", refusedManifests),
    Case("an item or dossier twice in a manifest is refused with its line", duplicatesInManifest),
    Case("a reading that fails leaves nothing", failedReading),
    Case("a seal used before is a finding", seals),
    Case("an item known before goes on with its chain", knownItems),
    Case("a number that names another item than before is a finding", reusedNumbers),
  ]

  private static func recordedManifest(_ bench: Bench) throws {
    let store = try bench.withOffices()
    let first = Int64(try store.head().size)
    var manifest = manifest(containers: [
      Container(number: "T1", seal: "S1"), Container(number: "T2", seal: nil),
    ])
    manifest.header.giver.operatorCode = "NV1"
    manifest.header.giver.personName = "Trần Thị B"
    manifest.header.receiver.personName = "Lê Văn C"
    let outcome = try record(manifest, in: store, now: at(4))
    try requireEqual(outcome.status, .recorded, "status")
    try requireEqual(outcome.manifest, "BK-1", "manifest number")
    try requireEqual(outcome.findings, [], "findings")
    try requireEqual(
      [outcome.items, outcome.dossiers, outcome.events], [3, 3, 6], "items, dossiers, events")

    let events = try store.events(from: first, limit: 10)
    try requireEqual(
      events.map(\.kind),
      [.accepted, .dispatched, .accepted, .dispatched, .dispatched, .manifestRecorded], "kinds in order")
    try requireEqual(events.map(\.identifier), (0..<6).map { "BK-1+\($0)" }, "derived identifiers")
    try requireEqual(Set(events.map(\.grade)), [.declared], "grades")
    try requireEqual(Set(events.map(\.office)), ["BC1"], "offices")
    try requireEqual(
      events.map(\.operatorCode), [nil, "NV1", nil, "NV1", "NV1", "NV1"], "the giver's operator")
    try requireEqual(
      events.map(\.at), [at(3, 9), at(3, 17), at(3, 10), at(3, 17), at(3, 17), at(3, 17)], "times")
    try requireEqual(
      events.map { $0.content != nil }, [false, true, false, true, true, true], "which events commit")
    for event in events {
      try requireEqual(try store.event(identifier: event.identifier), event, "event by derived identifier")
    }
    for absent in ["BK-1+6", "BK-1+00", "BK-1+-1", "BK-1+", "BK-2+0"] {
      try require(try store.event(identifier: absent) == nil, "there is an event \(absent)")
    }
    let record = try requireValue(try store.manifest("BK-1"), "the manifest")
    try requireEqual([record.firstEvent, record.recordedEvent], [first, first + 5], "its place in the log")
    try requireEqual([record.items, record.dossiers, record.weight], [3, 3, 200], "its totals")
    try requireEqual([record.giver, record.receiver], ["BC1", "TTHCC"], "its parties")
    try requireEqual(record.closedEvent, nil, "its closing")
    try requireEqual(
      [record.recordedAt, record.byteCount], [at(4), Int64(manifest.bytes.count)], "time and size")
    try requireEqual(events.last?.details.document, record.sha256, "the digest in the log")
    try requireEqual(events.last?.details.events, 5, "the count of events in the log")

    let items = try store.items(ofManifest: "BK-1")
    try requireEqual(items.map(\.number), manifest.items.map(\.number), "items in order")
    try requireEqual(items.map(\.state), [.offered, .offered, .announced], "states of items")
    try requireEqual(items.map(\.dossiers), [2, 1, 0], "dossiers of items")
    let history = try requireValue(try store.history(ofItem: TestValues.s10(1)), "the first item")
    try requireEqual(history.summary.custodian, "BC1", "custodian")
    try requireEqual(history.summary.offeredTo, "TTHCC", "offered to")
    try requireEqual(history.summary.leg, .intake, "leg")
    let dossier = try requireValue(history.dossiers.first, "the first dossier")
    try requireEqual(dossier.documents, manifest.items[0].dossiers[0].documents, "its documents")
    try requireEqual(dossier.due, manifest.items[0].dossiers[0].due, "its due date")
    for item in manifest.items {
      for dossier in item.dossiers {
        try requireEqual(try store.items(carrying: dossier.code), [item.number], "carrier of a dossier")
      }
    }
  }

  private static func refusedManifests(_ bench: Bench) throws {
    let store = try bench.withOffices()
    let manifest = manifest()
    let dry = try unchanged("a dry run", in: store) { try record(manifest, in: store, dryRun: true) }
    try requireEqual(dry.status, .valid, "status of a dry run")
    try requireEqual(dry.events, 6, "events that a dry run would add")

    var invalid = manifest
    invalid.isValid = false
    invalid.findings = [Finding(.schemaViolation, severity: .error, line: 4)]
    let rejected = try unchanged("an invalid manifest", in: store) { try record(invalid, in: store) }
    try requireEqual(rejected.status, .rejected, "status of an invalid manifest")
    try requireEqual(rejected.findings.map(\.code), [.schemaViolation], "its findings")
    try requireEqual(rejected.manifest, "BK-1", "its number")

    try requireEqual(try record(manifest, in: store).status, .recorded, "status after refusals")
    for dryRun in [false, true] {
      let again = try unchanged("the same manifest again", in: store) {
        try record(manifest, in: store, now: at(9), dryRun: dryRun)
      }
      try requireEqual(again.status, .alreadyRecorded, "status of the same bytes again")
      try requireEqual(again.findings.map(\.code), [.alreadyRecorded], "findings of the same bytes again")
      var other = manifest
      other.items.removeLast()
      let conflict = try unchanged("another manifest of the same number", in: store) {
        try record(other, in: store, now: at(9), dryRun: dryRun)
      }
      try requireEqual(conflict.status, .conflict, "status of other bytes")
      try require(conflict.findings.contains { $0.code == .manifestConflict }, "a conflict without a finding")
    }

    let nothing = try unchanged("an unreadable document", in: store) {
      try store.record(
        ArrayDocumentSource(
          name: "x.xml",
          parts: [
            .original([1, 2]),
            .end(
              DocumentSummary(
                isValid: false, sha256: try requireValue(try store.manifest("BK-1"), "BK-1").sha256,
                byteCount: 2, items: 0, dossiers: 0, weight: 0, findings: [])),
          ]), recordedAt: at(9), dryRun: false)
    }
    try requireEqual(nothing.status, .rejected, "status of an unreadable document")
  }

  private static func duplicatesInManifest(_ bench: Bench) throws {
    let store = try bench.withOffices()
    var items = manifest(first: 1)
    items.items.append(TestItem(items.items[0].number, dossiers: [TestDossier("LEGACY/9")]))
    let outcome = try unchanged("an item twice", in: store) { try record(items, in: store) }
    try requireEqual(outcome.status, .rejected, "status with an item twice")
    try requireEqual(outcome.findings.map(\.code), [.duplicateItem], "findings with an item twice")
    try requireEqual(outcome.findings.map(\.line), [16], "line of an item twice")
    try requireEqual(outcome.findings.map(\.item), [items.items[0].number], "number of an item twice")

    for code in ["H12.34-250301-1001", "LEGACY/1"] {
      var dossiers = manifest(first: 1)
      dossiers.items.append(TestItem("BG-50", dossiers: [TestDossier("LEGACY/9"), TestDossier(code)]))
      let outcome = try unchanged("a dossier twice", in: store) { try record(dossiers, in: store) }
      try requireEqual(outcome.status, .rejected, "status with a dossier twice")
      try requireEqual(outcome.findings.map(\.code), [.duplicateDossier], "findings with a dossier twice")
      try requireEqual(outcome.findings.map(\.line), [18], "line of a dossier twice")
      try require(
        !outcome.findings.contains { "\($0)".contains(code) }, "a finding repeats a dossier code")
    }

    // Every duplicate is reported, not the first.
    var many = manifest(first: 1)
    many.items.append(TestItem("BG-50", dossiers: [TestDossier("LEGACY/1"), TestDossier("LEGACY/1")]))
    many.items.append(many.items[1])
    try requireEqual(
      try record(many, in: store).findings.map(\.line), [17, 18, 19], "lines of several duplicates")
    try requireEqual(try record(manifest(), in: store).status, .recorded, "status after refusals")
  }

  private static func failedReading(_ bench: Bench) throws {
    let store = try bench.withOffices()
    for part in 0..<5 {
      var failed = false
      try unchanged("a reading that failed at part \(part)", in: store) {
        var manifest = manifest()
        manifest.batchSize = 1
        do {
          _ = try store.record(
            ArrayDocumentSource(manifest, failingAt: part), recordedAt: at(4), dryRun: false)
        } catch is ArrayDocumentSource.ReadFailure { failed = true }
      }
      try require(failed, "a failed reading was not thrown on")
    }
    try requireEqual(try record(manifest(), in: store).status, .recorded, "status after failed readings")
    try checkLog(store)
  }

  private static func seals(_ bench: Bench) throws {
    let store = try bench.withOffices()
    let first = manifest("BK-1", containers: [Container(number: "T1", seal: "S1", line: 5)])
    try requireEqual(try record(first, in: store).findings, [], "findings of a new seal")
    let second = manifest("BK-2", first: 11, containers: [Container(number: "T9", seal: "S1", line: 6)])
    let outcome = try record(second, in: store)
    try requireEqual(outcome.findings.map(\.code), [.sealReused], "findings of a seal used before")
    try requireEqual(outcome.findings.map(\.line), [6], "line of a seal used before")
    try requireEqual(outcome.findings.map(\.found), ["S1"], "number of a seal used before")
  }

  private static func knownItems(_ bench: Bench) throws {
    let store = try bench.withOffices()
    let scanned = TestValues.s10(1)
    try append([TestValues.event("E1", .accepted, scanned, at: at(3, 7), office: "BC2")], to: store)
    try record(manifest(), in: store)
    let history = try requireValue(try store.history(ofItem: scanned), "an item scanned before its manifest")
    try requireEqual(history.events.map(\.identifier), ["E1", "BK-1+0", "BK-1+1"], "its events")
    try requireEqual(history.summary.leg, .intake, "leg of an item scanned before its manifest")
    try requireEqual(history.summary.manifest, "BK-1", "manifest of an item scanned before it")
    try requireEqual(history.summary.dossiers, 2, "its dossiers")
    try requireEqual(history.findings.map(\.code), [.acceptedTwice], "its findings")

    // A second manifest brings the result back: one journey, dossiers each once.
    var back = TestManifest(
      "BK-2", leg: .result, from: "TTHCC", to: "BC1", at: at(20),
      items: [
        TestItem(scanned, dossiers: [TestDossier("H12.34-250301-1001"), TestDossier("H12.34-250301-7777")])
      ])
    back.items.append(TestItem("BG-60", dossiers: [TestDossier("H12.34-250301-2001")]))
    let second = try record(back, in: store)
    try requireEqual(second.status, .recorded, "status of a second manifest")
    try requireEqual(second.findings.map(\.code), [.dossiersDiffer], "findings of other dossiers than before")
    try requireEqual(second.findings.map(\.item), [scanned], "the item with other dossiers")
    let after = try requireValue(try store.history(ofItem: scanned), "the item after two manifests")
    try requireEqual(after.summary.dossiers, 3, "dossiers after two manifests")
    try requireEqual(
      after.dossiers.compactMap(\.code),
      ["H12.34-250301-1001", "H12.34-250301-2001", "H12.34-250301-7777"], "codes after two manifests")
    try requireEqual(after.summary.leg, .intake, "leg after two manifests")
    try requireEqual(after.events.map(\.sequence), [0, 1, 2, 3], "sequence over manifests")
    try requireEqual(try store.items(carrying: "H12.34-250301-2001"), [scanned, "BG-60"], "carriers")
    try checkLosses(store)
    try checkLog(store)
  }

  private static func reusedNumbers(_ bench: Bench) throws {
    let store = try bench.withOffices()
    let item = TestItem(TestValues.s10(1), dossiers: [TestDossier("H12.34-250301-1001")])
    func hand(_ number: String, day: Int, acceptedAt: Int64? = nil) throws -> [FindingCode] {
      var item = item
      item.acceptedAt = acceptedAt
      let manifest = TestManifest(number, from: "BC1", to: "TTHCC", at: at(day), items: [item])
      let outcome = try record(manifest, in: store)
      try requireEqual(outcome.status, .recorded, "status of \(number)")
      try require(outcome.findings.allSatisfy { $0.item == item.number }, "the item that is found")
      return outcome.findings.map(\.code)
    }
    try requireEqual(try hand("BK-1", day: 3), [], "findings of a new number")
    try requireEqual(try hand("BK-2", day: 5), [], "findings of the same dossiers again")
    try append(
      [
        TestValues.event("E1", .received, item.number, at: at(6), office: "TTHCC"),
        TestValues.event("E2", .delivered, item.number, at: at(7), office: "TTHCC", reference: "K1"),
      ], to: store)
    // A manifest that comes late speaks of the time before.
    try requireEqual(try hand("BK-3", day: 6), [], "findings of a manifest that comes late")
    try requireEqual(
      try hand("BK-4", day: 9, acceptedAt: at(6)), [], "findings of an acceptance before the end")
    try requireEqual(try hand("BK-5", day: 20), [.itemNumberReused], "findings of a number used again")
    try checkLog(store)
  }
}
