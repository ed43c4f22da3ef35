internal import CustodyLog
internal import DossierCore

extension StoreContract {
  static let closingCases: [Case] = [
    Case("closing a manifest records what was missing, once", closing),
    Case("a closing names the list that was signed, at the head that its signers expect", signedClosing),
    Case("no reporter can take an identifier that the store will need", reservedIdentifiers),
    Case("offices are replaced one by one and each change is an event", offices),
  ]

  static func closing(of number: String, missing: [EventDraft] = []) -> ManifestClosing {
    ManifestClosing(
      manifest: number, office: "TTHCC", at: at(4), zone: 420, signer: "NV1", witness: "NV2", received: 2,
      surplus: 0, damaged: 1, misrouted: 0, missing: missing)
  }

  private static func closing(_ bench: Bench) throws {
    let store = try bench.withOffices()
    let unknown = try unchanged("closing an unknown manifest", in: store) {
      try store.close(closing(of: "BK-1"), recordedAt: at(4))
    }
    try requireEqual(unknown, nil, "the outcome of closing an unknown manifest")
    try record(manifest(), in: store)
    let item = "BG-2"
    let missing = TestValues.event("M1", .missing, item, at: at(4), office: "TTHCC", manifest: "BK-1")
    let size = Int64(try store.head().size)
    let outcome = try store.close(closing(of: "BK-1", missing: [missing]), recordedAt: at(4))
    try requireEqual(
      outcome, .appended([.recorded(size), .recorded(size + 1)], try store.head()), "the outcome of closing")
    try requireEqual(try summary(item, in: store).state, .missing, "state of the item not found")
    let record = try requireValue(try store.manifest("BK-1"), "the manifest")
    try requireEqual(record.closedEvent, size + 1, "the event that closes it")
    let event = try requireValue(try store.events(from: size + 1, limit: 1).first, "the closing event")
    try requireEqual(event.kind, .manifestClosed, "its kind")
    try requireEqual([event.operatorCode, event.details.witness], ["NV1", "NV2"], "its signers")
    try requireEqual(
      [event.details.received, event.details.short, event.details.damaged], [2, 1, 1], "its counts")
    let again = try unchanged("closing again", in: store) {
      try store.close(closing(of: "BK-1", missing: [missing]), recordedAt: at(9))
    }
    try requireEqual(again, nil, "the outcome of closing again")
    try checkLosses(store)
    try checkLog(store)
  }

  private static func signedClosing(_ bench: Bench) throws {
    let store = try bench.withOffices()
    try record(manifest(), in: store)
    let list = MerkleHash.sha256(Array("list".utf8))
    let before = try store.head()
    try append([TestValues.event("H1", .held, "BG-2", at: at(3), office: "BC1")], to: store)
    var closing = closing(of: "BK-1")
    (closing.list, closing.reason, closing.expecting) = (list, "offline", before)
    let late = try unchanged("closing at a head that moved", in: store) {
      try store.close(closing, recordedAt: at(4))
    }
    try requireEqual(late, .headMoved(try store.head()), "the outcome of closing at a head that moved")
    closing.expecting = try store.head()
    let index = Int64(try store.head().size)
    try requireEqual(
      try store.close(closing, recordedAt: at(4)), .appended([.recorded(index)], try store.head()),
      "the outcome of closing")
    let event = try requireValue(try store.events(from: index, limit: 1).first, "the closing event")
    try requireEqual(event.details.document, list, "the list that was signed")
    try requireEqual(event.reason, "offline", "its reason")
    // Whoever comes second is told that it is closed, not that the head moved.
    closing.expecting = before
    try requireEqual(try store.close(closing, recordedAt: at(5)), nil, "the outcome of closing again")
    try checkLog(store)
  }

  private static func reservedIdentifiers(_ bench: Bench) throws {
    let store = try bench.withOffices()
    try record(manifest(), in: store)
    // Whatever a reporter may choose (EventIdentifier), closing and master data go on.
    let size = try store.head().size
    let chosen =
      ["close:BK-1", "closed:BK-1", "BK-1", "close-BK-1"] + (0..<20).map { "offices:\(Int(size) + $0)" }
    try append(
      chosen.map { TestValues.event($0, .held, "BG-2", at: at(4), office: "BC1") }, to: store)
    try require(
      try store.close(closing(of: "BK-1"), recordedAt: at(4)) != nil, "a reporter's identifier blocks closing"
    )
    var office = TestValues.offices[1]
    office.name = "Bưu cục Một"
    try requireEqual(try store.record(offices: [office], recordedAt: at(4)), 1, "a changed office")
    let events = try store.events(from: 0, limit: 1_000)
    for event in events where !event.kind.concernsItem {
      try require(
        EventIdentifier(event.identifier) == nil, "a reporter could choose the identifier \(event.identifier)"
      )
    }
  }

  private static func offices(_ bench: Bench) throws {
    let store = try bench.make()
    let offices = TestValues.offices
    try requireEqual(try store.record(offices: offices, recordedAt: at(2)), offices.count - 1, "new offices")
    try requireEqual(try store.offices(), offices.sorted { $0.code.precedes($1.code) }, "offices by code")
    let same = try unchanged("the same offices", in: store) {
      try store.record(offices: offices.reversed(), recordedAt: at(9))
    }
    try requireEqual(same, 0, "changed offices the second time")
    var renamed = offices[1]
    renamed.name = "Bưu cục Một"
    let size = try store.head().size
    try requireEqual(
      try store.record(offices: [offices[2], renamed], recordedAt: at(3)), 1, "changed offices")
    try requireEqual(try store.head().size, size + 1, "log size after a change")
    try requireEqual(
      try store.offices().first { $0.code == renamed.code }, renamed, "the office after a change")
    try requireEqual(try store.offices().count, offices.count, "the number of offices after a change")
    // Of several entries of one code in one list the last holds.
    let twice = try unchanged("a list whose last entry is what is known", in: store) {
      try store.record(offices: [offices[1], renamed], recordedAt: at(3))
    }
    try requireEqual(twice, 0, "changed offices when the last entry is what is known")
    try requireEqual(try store.record(offices: [renamed, offices[1]], recordedAt: at(3)), 1, "changed back")
    try requireEqual(try store.offices().first { $0.code == "BC1" }, offices[1], "the office changed back")
    try checkLog(store)
  }
}
