internal import CustodyLog
public import DossierCore

/// One write to a store.
public enum StoreOperation: Sendable {
  case append([EventDraft], expectingCurrentHead: Bool?)
  case record(TestManifest, dryRun: Bool)
  case feed([EventDraft], dryRun: Bool, isValid: Bool)
  case close(ManifestClosing)
  case offices([Office])

  /// What a store answered.
  public enum Answer: Hashable, Sendable {
    case append(AppendOutcome)
    case document(DocumentOutcome)
    case close(AppendOutcome?)
    case offices(Int)
  }

  public func run(on store: any CustodyStore, now: Int64) throws -> Answer {
    switch self {
    case .append(let drafts, let expecting):
      let head = try store.head()
      let expected = expecting.map { $0 ? head : LogHead(size: head.size + 1, root: head.root) }
      return .append(try store.append(drafts, recordedAt: now, expecting: expected))
    case .record(let manifest, let dryRun):
      return .document(try store.record(ArrayDocumentSource(manifest), recordedAt: now, dryRun: dryRun))
    case .feed(let drafts, let dryRun, let isValid):
      let source = ArrayDocumentSource(feed: drafts, isValid: isValid)
      return .document(try store.record(source, recordedAt: now, dryRun: dryRun))
    case .close(let closing): return .close(try store.close(closing, recordedAt: now))
    case .offices(let offices): return .offices(try store.record(offices: offices, recordedAt: now))
    }
  }
}

/// Random writes over a handful of items and offices, so that they meet: repeats, conflicts, corrections of
/// anything, relabellings in circles, manifests that overlap.
public struct RandomOperations: Sendable {
  public var generator: SplitMix64
  private var drafts: [EventDraft] = []
  private var manifests: [TestManifest] = []
  private var identifiers = 0
  private let items: [String]
  private let offices = ["TTHCC", "BC1", "BC2", "VC1", "H12.34", "LẠ1"]
  private let codes: [String]

  public init(seed: UInt64) {
    generator = SplitMix64(seed: seed)
    items = (1...6).map { TestValues.s10($0) } + ["BG-1", "BG-2", "RE123456789XX"]
    codes = (1...8).map { "H12.34-25030\($0)-000\($0)" } + ["G22.99.01-250301-123456", "HS/1", "HS/2"]
  }

  public mutating func next() -> StoreOperation {
    switch Int.random(in: 0..<20, using: &generator) {
    case 0..<11:
      let count = Int.random(in: 1...4, using: &generator)
      let expecting: Bool? = generator.chance(1, in: 6) ? generator.chance(4, in: 5) : nil
      return .append((0..<count).map { _ in draft() }, expectingCurrentHead: expecting)
    case 11..<15: return .record(manifest(), dryRun: generator.chance(1, in: 6))
    case 15..<17:
      let count = Int.random(in: 0...5, using: &generator)
      return .feed(
        (0..<count).map { _ in draft() }, dryRun: generator.chance(1, in: 6),
        isValid: !generator.chance(1, in: 8))
    case 17..<19: return .close(closing())
    default: return .offices(someOffices())
    }
  }

  private mutating func pick(_ words: [String]) -> String { generator.pick(words) ?? "" }

  private mutating func time() -> Int64 {
    // Few instants, so that events share them.
    TestValues.at(
      day: Int.random(in: 1...40, using: &generator), Int.random(in: 8...9, using: &generator))
  }

  private mutating func draft() -> EventDraft {
    if generator.chance(1, in: 8), var known = generator.pick(drafts) {
      if generator.chance(1, in: 3) { known.office = pick(offices) }
      if generator.chance(1, in: 6) { known.note = "khác" }
      return known
    }
    identifiers += 1
    let kinds = EventKind.allCases.filter(\.concernsItem)
    var kind = generator.pick(kinds) ?? .accepted
    if generator.chance(1, in: 3) { kind = generator.pick([.accepted, .dispatched, .received]) ?? kind }
    var draft = EventDraft(
      identifier: "E\(identifiers)", kind: kind, grade: generator.pick(EventGrade.allCases) ?? .keyed,
      item: pick(items), at: time(), zone: generator.pick([420, 0, 540]) ?? 420, office: pick(offices))
    if generator.chance(1, in: 2) { draft.operatorCode = "NV\(Int.random(in: 1...3, using: &generator))" }
    if kind == .dispatched || generator.chance(1, in: 8) { draft.to = pick(offices) }
    if generator.chance(1, in: 3) { draft.manifest = "BK-\(Int.random(in: 1...9, using: &generator))" }
    if generator.chance(1, in: 4) { draft.reason = pick(["wet", "refused", "did_not_occur"]) }
    if kind.isAboutFee { draft.amount = Int64(generator.pick([1, 2, 5, 25]) ?? 1) * 10_000 }
    if kind == .damaged { draft.damage = generator.pick(DamageGrade.allCases) }
    if generator.chance(1, in: 2) { draft.reference = "QĐ \(identifiers)" }
    if kind == .feeCollected || kind == .feeRemitted, generator.chance(4, in: 5) {
      draft.amount = Int64.random(in: 0...90_000, using: &generator)
    }
    if kind == .relabelled { draft.newNumber = pick(items) }
    if kind == .corrected { draft.corrects = target() }
    if generator.chance(1, in: 6) { draft.note = "ghi chú \(identifiers)" }
    if generator.chance(1, in: 6) { draft.deviceTime = time() }
    drafts.append(draft)
    // Mostly a correction stands under the number of what it corrects.
    if kind == .corrected, generator.chance(3, in: 4),
      let known = drafts.first(where: { $0.identifier == draft.corrects })
    {
      draft.item = known.item
      drafts[drafts.count - 1] = draft
    }
    return draft
  }

  private mutating func target() -> String {
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: "E\(identifiers + Int.random(in: 0...3, using: &generator))"
    case 1, 2:
      "BK-\(Int.random(in: 1...9, using: &generator))+\(Int.random(in: 0...9, using: &generator))"
    case 3: drafts.last { $0.kind == .relabelled }?.identifier ?? "E1"
    default: generator.pick(drafts)?.identifier ?? "E1"
    }
  }

  private mutating func manifest() -> TestManifest {
    if generator.chance(1, in: 5), var known = generator.pick(manifests) {
      if generator.chance(1, in: 2) { known.items.append(TestItem("BG-9")) }
      return known
    }
    let dispatchedAt = time()
    var items = self.items.shuffled(using: &generator).prefix(Int.random(in: 0...4, using: &generator))
      .map { TestItem($0) }
    if generator.chance(1, in: 8), let again = items.first { items.append(again) }
    var codes = self.codes.shuffled(using: &generator)
    for position in items.indices {
      for _ in 0..<Int.random(in: 0...3, using: &generator) {
        guard let code = codes.popLast() else { break }
        items[position].dossiers.append(dossier(code))
        if generator.chance(1, in: 30) { codes.append(code) }
      }
      if generator.chance(2, in: 3) {
        items[position].acceptedAt = dispatchedAt - Int64.random(in: 0...20, using: &generator) * 3_600_000
        items[position].acceptedZone = generator.pick([420, 0]) ?? 420
      }
      if generator.chance(1, in: 2) { items[position].weight = Int32.random(in: 1...900, using: &generator) }
      if generator.chance(1, in: 2) { items[position].fee = Int64.random(in: 0...9, using: &generator) }
      if generator.chance(1, in: 2) { items[position].sender = TestContact(name: "Nguyễn \(position)") }
    }
    var manifest = TestManifest(
      "BK-\(Int.random(in: 1...9, using: &generator))", leg: generator.pick(Leg.allCases) ?? .intake,
      from: pick(offices), to: pick(offices), at: dispatchedAt, items: items)
    if generator.chance(1, in: 3) {
      manifest.header.containers = [
        Container(number: "T1", seal: "S\(Int.random(in: 1...9, using: &generator))", line: 5)
      ]
      if !manifest.items.isEmpty { manifest.items[0].container = 0 }
    }
    if generator.chance(1, in: 2) { manifest.header.giver.operatorCode = "NV1" }
    if generator.chance(1, in: 2) { manifest.header.receiver.personName = "Lê Văn C" }
    if generator.chance(1, in: 10) { manifest.isValid = false }
    manifests.append(manifest)
    return manifest
  }

  private mutating func dossier(_ code: String) -> TestDossier {
    var dossier = TestDossier(code, field: pick(["", "Hộ tịch", "Đất đai"]), agency: pick(["", "H12.34"]))
    if generator.chance(1, in: 3) { dossier.applicant = "Trần \(code)" }
    if generator.chance(1, in: 3) { dossier.due = CalendarDate(year: 2025, month: 4, day: 2) }
    if generator.chance(1, in: 3) {
      dossier.documents = [
        DocumentSummaryLine(name: "Đơn", originals: 1, certifiedCopies: 0, photocopies: 200)
      ]
    }
    return dossier
  }

  private mutating func closing() -> ManifestClosing {
    let number = "BK-\(Int.random(in: 1...9, using: &generator))"
    let at = time()
    var missing: [EventDraft] = []
    for _ in 0..<Int.random(in: 0...2, using: &generator) {
      identifiers += 1
      missing.append(
        TestValues.event(
          "M\(identifiers)", .missing, pick(items), at: at, office: pick(offices), manifest: number))
    }
    return ManifestClosing(
      manifest: number, office: pick(offices), at: at, zone: 420, signer: "NV1", witness: "NV2", received: 3,
      surplus: 1, damaged: 0, misrouted: 2, missing: missing,
      list: Bool.random(using: &generator) ? MerkleHash.sha256(Array(number.utf8)) : nil,
      reason: Bool.random(using: &generator) ? "offline" : nil)
  }

  private mutating func someOffices() -> [Office] {
    (0..<Int.random(in: 0...3, using: &generator)).map { _ in
      Office(
        code: pick(offices), name: pick(["Một", "Hai"]), kind: generator.pick(Office.Kind.allCases) ?? .post)
    }
  }
}

/// Two stores given the same random writes must answer alike and hold alike after each.
public enum StoreDifferential {
  /// - Parameters:
  ///   - seed: printed by the caller when this throws.
  ///   - count: number of writes.
  ///   - reference: the store that is right.
  ///   - store: the store under test, with the same salts.
  public static func run(
    seed: UInt64, count: Int, reference: any CustodyStore, store: any CustodyStore
  ) throws {
    var operations = RandomOperations(seed: seed)
    for step in 0..<count {
      let operation = operations.next()
      let now = TestValues.at(day: 50) + Int64(step) * 1_000
      let place = "seed \(seed), step \(step), \(operation)"
      let expected = try operation.run(on: reference, now: now)
      let found = try operation.run(on: store, now: now)
      try requireEqual(found, expected, place)
      // The heads in the answers already tell whether the leaves agree.
      guard step % 4 == 0 || step == count - 1 else { continue }
      let snapshot = try StoreSnapshot(of: store)
      if let difference = snapshot.difference(from: try StoreSnapshot(of: reference)) {
        throw ContractViolation("\(place): \(difference)")
      }
      for event in snapshot.events {
        let same = try reference.events(from: event.index, limit: 1).first
        try requireEqual(try event.leaf(), try requireValue(same, "event \(event.index)").leaf(), place)
      }
      if step % 12 == 0 {
        try StoreContract.checkLosses(store)
        try StoreContract.checkLog(store)
      }
    }
  }
}
