internal import CustodyLog
public import DossierCore

extension StoreContract {
  static let appendingCases: [Case] = [
    Case("a new store holds its keeper", newStore),
    Case("appended events are read back as stated", appending),
    Case("the same event again is a duplicate, other content a conflict", idempotency),
    Case("an expected head guards an append", expecting),
    Case("the log's time never runs backwards", recordedTime),
    Case("leaves, chains and root are those of RFC 6962", logStructure),
    Case("a feed is recorded whole or not at all", feeds),
  ]

  private static func newStore(_ bench: Bench) throws {
    let store = try bench.make()
    let events = try store.events(from: 0, limit: 10)
    try requireEqual(events.map(\.kind), [.officesRecorded], "the events of a new store")
    try requireEqual(events.first?.office, TestValues.offices[0].code, "the office of its first event")
    try requireEqual(try store.offices(), [TestValues.offices[0]], "its offices")
    try requireEqual(try store.head().size, 1, "its log size")
    try requireEqual(try store.items(matching: ItemFilter(), after: 0, limit: 10), [], "its items")
    try require(try store.history(ofItem: TestValues.s10(1)) == nil, "a new store knows an item")
    try require(try store.manifest("BK-1") == nil, "a new store knows a manifest")
    try require(try store.event(identifier: "E1") == nil, "a new store knows an event")
    try requireEqual(try store.items(carrying: "H12.34-250301-0001"), [], "items carrying an unknown dossier")
  }

  private static func fullDraft() -> EventDraft {
    EventDraft(
      identifier: "E:1", kind: .damaged, grade: .keyed, item: TestValues.s10(7), at: at(2), zone: -210,
      office: "BC1", operatorCode: "NV07", to: "TTHCC", manifest: "BK-9", reason: "wet",
      amount: 25_000, damage: .partlyReadable, documentsAffected: 3, reference: "BB \"12\"/QĐ\\Sở",
      deviceTime: at(2) - 5,
      note: "Ướt góc\ndưới")
  }

  private static func appending(_ bench: Bench) throws {
    let store = try bench.make()
    let full = fullDraft()
    let plain = TestValues.event("E2", .accepted, "BG-1", at: at(2, 9), office: "BC2")
    let receipts = try append([full, plain], to: store, now: at(3))
    try requireEqual(receipts, [.recorded(1), .recorded(2)], "receipts of two new events")
    let events = try store.events(from: 1, limit: 10)
    try requireEqual(events.map(\.identifier), ["E:1", "E2"], "identifiers in log order")
    for (event, draft) in zip(events, [full, plain]) {
      try requireEqual(event.differences(from: draft), [], "fields of \(draft.identifier) that changed")
      try requireEqual(event.recordedAt, at(3), "the log's time of \(draft.identifier)")
      try requireEqual(try store.event(identifier: draft.identifier), event, "the event by its identifier")
      try requireEqual(
        try store.history(ofItem: draft.item)?.events, [event], "the history of \(draft.item)")
    }
    try require(events[0].content != nil, "a note is not committed to")
    try require(events[1].content == nil, "an event without a note commits to something")
    let leaf = String(decoding: try events[0].leaf(), as: UTF8.self)
    try require(!leaf.contains("góc"), "the note stands in the leaf")
  }

  private static func idempotency(_ bench: Bench) throws {
    let store = try bench.make()
    let draft = fullDraft()
    try append([draft], to: store)
    let again = try unchanged("a repeated event", in: store) {
      try append([draft, draft], to: store, now: at(9))
    }
    try requireEqual(again, [.duplicate(1), .duplicate(1)], "receipts of a repeated event")

    var changed: [(String, EventDraft)] = []
    func change(_ field: String, _ body: (inout EventDraft) -> Void) {
      var other = draft
      body(&other)
      changed.append((field, other))
    }
    change("kind") { $0.kind = .held }
    change("grade") { $0.grade = .observed }
    change("item") { $0.item = TestValues.s10(8) }
    change("at") { $0.at += 1 }
    change("at") { $0.zone = 420 }
    change("office") { $0.office = "BC2" }
    change("operator") { $0.operatorCode = nil }
    change("to") { $0.to = "BC2" }
    change("manifest") { $0.manifest = nil }
    change("reason") { $0.reason = "torn" }
    change("amount") { $0.amount = 25_001 }
    change("damage") { $0.damage = .wrapper }
    change("documents") { $0.documentsAffected = nil }
    change("reference") { $0.reference = "BB 12" }
    change("corrects") { $0.corrects = "E2" }
    change("newNumber") { $0.newNumber = TestValues.s10(9) }
    change("deviceTime") { $0.deviceTime = nil }
    change("note") { $0.note = "Ướt góc trên" }
    change("note") { $0.note = nil }
    for (field, other) in changed {
      let receipts = try unchanged("a conflicting event", in: store) { try append([other], to: store) }
      try requireEqual(receipts, [.conflict(1, fields: [field])], "receipt when \(field) differs")
    }
    var several = draft
    several.at += 1
    several.office = "BC2"
    several.note = nil
    try requireEqual(
      try append([several], to: store), [.conflict(1, fields: ["at", "office", "note"])],
      "receipt when three fields differ")

    // Within one batch, and beside new events.
    let fresh = TestValues.event("E3", .accepted, "BG-3", at: at(2), office: "BC1")
    var other = fresh
    other.office = "BC2"
    let mixed = try append([several, fresh, draft, fresh, other], to: store)
    try requireEqual(
      mixed,
      [
        .conflict(1, fields: ["at", "office", "note"]), .recorded(2), .duplicate(1), .duplicate(2),
        .conflict(2, fields: ["office"]),
      ], "receipts of a mixed batch")
    try requireEqual(try store.head().size, 3, "log size after a mixed batch")
  }

  private static func expecting(_ bench: Bench) throws {
    let store = try bench.make()
    let head = try store.head()
    let draft = TestValues.event("E1", .accepted, "BG-1", at: at(2), office: "BC1")
    let stale = [
      LogHead(size: head.size + 1, root: head.root), LogHead(size: head.size, root: MerkleHash.emptyRoot),
    ]
    for wrong in stale {
      let outcome = try unchanged("an append at another head", in: store) {
        try store.append([draft], recordedAt: at(2), expecting: wrong)
      }
      try requireEqual(outcome, .headMoved(head), "the outcome at another head")
    }
    let outcome = try store.append([draft], recordedAt: at(2), expecting: head)
    try requireEqual(outcome, .appended([.recorded(1)], try store.head()), "the outcome at the right head")
    let moved = try store.append([draft], recordedAt: at(2), expecting: head)
    try requireEqual(moved, .headMoved(try store.head()), "the outcome at the head before")
  }

  private static func recordedTime(_ bench: Bench) throws {
    let store = try bench.make()
    for (position, now) in [at(5), at(4), at(6), 0, -5].enumerated() {
      try append(
        [TestValues.event("E\(position)", .accepted, "BG-1", at: at(2), office: "BC1")], to: store, now: now)
    }
    let times = try store.events(from: 1, limit: 10).map(\.recordedAt)
    try requireEqual(times, [at(5), at(5), at(6), at(6), at(6)], "the log's times")
    try requireEqual(try store.lastRecordedAt(), at(6), "the latest recorded time")
    _ = try unchanged("a repeat with a later clock", in: store) {
      try append(
        [TestValues.event("E0", .accepted, "BG-1", at: at(2), office: "BC1")], to: store, now: at(9))
    }
  }

  private static func logStructure(_ bench: Bench) throws {
    let store = try bench.withOffices()
    // More than 256 events, so that a store that keeps subtrees completes one.
    for number in 1...90 {
      let item = TestValues.s10(number % 30)
      try append(
        [
          TestValues.event("A\(number)", .accepted, item, at: at(2), office: "BC1", note: "n\(number)"),
          TestValues.event("D\(number)", .dispatched, item, at: at(3), office: "BC1", to: "TTHCC"),
          TestValues.event("R\(number)", .received, item, at: at(4), office: "TTHCC"),
        ], to: store)
    }
    try record(manifest(), in: store)
    try checkLog(store)
  }

  /// Recomputes root, sequences and links from the events alone.
  public static func checkLog(_ store: any CustodyStore) throws {
    let head = try store.head()
    var events: [EventRecord] = []
    while true {
      let page = try store.events(from: Int64(events.count), limit: 37)
      if page.isEmpty { break }
      events += page
    }
    try requireEqual(UInt64(events.count), head.size, "the number of events")
    var hashes: [Digest] = []
    var last: [String: EventRecord] = [:]
    for event in events {
      try requireEqual(event.index, Int64(hashes.count), "the index of an event")
      let previous = last[subject(event)]
      try requireEqual(
        event.sequence, previous.map { $0.sequence + 1 } ?? 0, "sequence of \(event.identifier)")
      try requireEqual(
        event.previous, previous.map { hashes[Int($0.index)] }, "previous leaf of \(event.identifier)")
      if event.index > 0 {
        try require(
          events[Int(event.index) - 1].recordedAt <= event.recordedAt,
          "the log's time runs backwards at \(event.index)")
      }
      last[subject(event)] = event
      hashes.append(MerkleHash.leaf(try event.leaf()))
    }
    try requireEqual(Set(events.map(\.identifier)).count, events.count, "distinct identifiers")
    try requireEqual(MerkleTreeHash.root(hashes[...]), head.root, "the root over all leaves")
  }

  private static func subject(_ event: EventRecord) -> String {
    if let item = event.item { return "item " + item }
    return event.kind == .officesRecorded ? "offices" : "manifest " + (event.manifest ?? "")
  }

  private static func feeds(_ bench: Bench) throws {
    let store = try bench.withOffices()
    let feed = [
      TestValues.event("F1", .accepted, "BG-1", at: at(2), office: "BC1", grade: .declared),
      TestValues.event("F2", .dispatched, "BG-1", at: at(3), office: "BC1", to: "TTHCC", grade: .declared),
      TestValues.event("F3", .received, "BG-1", at: at(4), office: "TTHCC", grade: .declared, note: "đủ"),
    ]
    func run(_ drafts: [EventDraft], dryRun: Bool = false, isValid: Bool = true) throws -> DocumentOutcome {
      let source = ArrayDocumentSource(feed: drafts, isValid: isValid)
      return try store.record(source, recordedAt: at(5), dryRun: dryRun)
    }
    let dry = try unchanged("a dry run of a feed", in: store) { try run(feed, dryRun: true) }
    try requireEqual(dry.status, .valid, "status of a dry run")
    let invalid = try unchanged("an invalid feed", in: store) { try run(feed, isValid: false) }
    try requireEqual(invalid.status, .rejected, "status of an invalid feed")
    let first = try run(feed)
    try requireEqual(first.status, .recorded, "status of a feed")
    try requireEqual([first.events, first.duplicates], [3, 0], "events and duplicates of a feed")
    try requireEqual(first.manifest, nil, "the manifest of a feed")
    try requireEqual(first.findings, [], "findings of a feed in order")
    let again = try unchanged("a feed again", in: store) { try run(feed) }
    try requireEqual(again.status, .alreadyRecorded, "status of a feed again")
    try requireEqual([again.events, again.duplicates], [0, 3], "events and duplicates of a feed again")

    var conflicting = feed[1]
    conflicting.to = "BC2"
    let more = TestValues.event("F4", .delivered, "BG-1", at: at(5), office: "TTHCC", reference: "K1")
    let unknown = TestValues.event("F5", .received, "BG-77", at: at(5), office: "LẠ")
    let before = try store.head().size
    let outcome = try run([more, conflicting, unknown])
    let conflict = try requireValue(
      outcome.findings.first { $0.code == .eventConflict }, "the finding of a conflict")
    try requireEqual([conflict.line], [11], "the line of a conflict")
    try requireEqual(conflict.events + [conflict.found], ["F2", "to"], "event and field of a conflict")
    for code in [FindingCode.unknownItem, .unknownOffice] {
      let finding = try requireValue(outcome.findings.first { $0.code == code }, "the finding \(code)")
      try requireEqual(finding.line, 12, "the line of \(code)")
    }
    let refused = outcome.findings.contains { $0.severity == .error }
    try requireEqual(outcome.status, refused ? .rejected : .recorded, "status of a feed with a conflict")
    try requireEqual(
      try store.head().size, before + (refused ? 0 : 2), "log size after a feed with a conflict")
  }
}
