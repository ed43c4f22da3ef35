public import CustodyLog
public import DossierCore
internal import DossierSQLite

/// The running count of a hand-over.
public struct ReceivingCount: Hashable, Sendable {
  public var expected = 0
  public var received = 0
  public var surplus = 0
  public var misrouted = 0
  public var damaged = 0
  public var duplicates = 0
  public var refused = 0

  public var short: Int { expected - received }
}

/// How a session ended.
public struct ReceivingResult: Hashable, Sendable {
  public var manifest: String
  public var count: ReceivingCount
  /// Numbers of the items that were not found.
  public var short: [String]
  /// Whether this call closed the manifest.
  public var closedNow: Bool
  public var findings: [Finding]

  /// Whether expected and received differ in anything.
  public var hasDiscrepancy: Bool {
    count.short > 0 || count.surplus > 0 || count.misrouted > 0 || count.damaged > 0 || count.refused > 0
  }
}

/// One receiving session: a manifest's items are scanned one by one, then reconciled and signed by two people.
///
/// The identifiers of its events follow from manifest, item and office, so that the same list scanned again, at
/// any later time, changes nothing. What another session or a station recorded of the manifest counts here too.
public final class ReceivingSession {
  public let manifest: ManifestRecord
  private let tracker: Tracker
  private let by: String?
  /// The newest checkpoint that the scanning device had seen.
  private let seen: LogHead?
  private var state: HandoverState
  private var duplicates = 0
  private var refused = 0

  /// Begins or takes up again a session at the manifest's receiver.
  ///
  /// - Parameters:
  ///   - number: the manifest's number as typed.
  ///   - by: code of the person who scans.
  ///   - seen: the newest checkpoint that the scanning device had seen; the last one signed here if nil.
  /// - Throws: ``TrackerRefusal`` when the manifest is unknown.
  init(_ tracker: Tracker, manifest number: String, by: String?, seen: LogHead?) throws {
    self.tracker = tracker
    self.seen = seen ?? tracker.newestSeen()
    self.by = try by.map { try Self.person($0) }
    let canonical = (try? ManifestNumber.parse(number).get().text) ?? number
    guard let manifest = try tracker.store.manifest(canonical) else {
      throw TrackerRefusal(Finding(.manifestUnknown, found: canonical))
    }
    self.manifest = manifest
    state = try HandoverState(tracker.store, manifest: manifest)
  }

  /// What was found so far, in this session or another; duplicates and refused scans are this session's.
  public var count: ReceivingCount {
    var count = state.count
    count.duplicates = duplicates
    count.refused = refused
    return count
  }

  private static func person(_ code: String) throws -> String {
    switch OperatorCode.parse(code) {
    case .success(let code): return code.text
    case .failure: throw TrackerRefusal(Finding(.operatorCodeForm))
    }
  }

  /// Takes scans, one barcode a line, in one durable commit.
  ///
  /// - Parameter lines: `BARCODE`, or `BARCODE damaged GRADE [DOCUMENTS]`; the barcode may hold blanks. Empty
  ///   lines and lines that begin with `#` are passed over.
  /// - Returns: one receipt a scan, in order; two where a scan also states damage.
  public func scan(_ lines: [String]) throws -> [EventReceipt] {
    let scans = lines.compactMap { Scan($0) }
    return try tracker.explained {
      try tracker.whenHeadStays {
        try state.follow(tracker.store)
        var plan = SessionPlan(state: state)
        for scan in scans { try take(scan, &plan) }
        guard let receipts = try tracker.append(plan.drafts, expecting: state.head) else { return nil }
        duplicates += plan.duplicates
        refused += plan.refused
        try state.follow(tracker.store)
        return plan.answers(receipts)
      }
    }
  }

  private func take(_ scan: Scan, _ plan: inout SessionPlan) throws {
    guard !scan.isMalformed,
      let item = try BarcodeMeaning(store: tracker.store).item(scan.barcode, at: plan.state)
    else { return plan.refuse(scan.barcode) }
    if let place = plan.state.place(of: item) {
      if let sighting = plan.state[place].sighting {
        let kind: EventKind = if case .listed = place { .received } else { .surplus }
        plan.duplicate(kind, item, sighting)
      } else {
        plan.add(try draft(.received, item), .accepted)
      }
    } else {
      var draft = try draft(.surplus, item)
      let history = try tracker.store.history(ofItem: item)
      let isElsewhere = history.flatMap { plan.state.belonging($0) } != nil
      if isElsewhere { draft.reason = HandoverState.misrouted }
      plan.add(draft, isElsewhere ? .misrouted : .surplus, history)
    }
    guard let damage = scan.damage, let place = plan.state.place(of: item),
      plan.state[place].damage == nil
    else { return }
    var draft = try draft(.damaged, item)
    draft.damage = damage
    draft.documentsAffected = scan.documents
    plan.add(draft, .accepted)
  }

  private func draft(_ kind: EventKind, _ item: String) throws -> EventDraft {
    EventDraft(
      identifier: try identifier(kind, item), kind: kind, grade: .observed,
      item: item, at: tracker.now, zone: tracker.environment.zone, office: state.office, operatorCode: by,
      manifest: manifest.number, seen: seen)
  }

  /// An identifier that follows from what the event states. One that an event bears which does not count any more, since
  /// it was taken back, has a successor.
  private func identifier(_ kind: EventKind, _ item: String) throws -> String {
    for turn in 1... {
      let identifier = Self.identifier(kind, manifest.number, item, state.office, turn: turn)
      if try tracker.store.event(identifier: identifier) == nil { return identifier }
    }
    return try tracker.newIdentifier()
  }

  static func identifier(
    _ kind: EventKind, _ manifest: String, _ item: String, _ office: String, turn: Int = 1
  ) -> String {
    let again = turn > 1 ? "\n\(turn)" : ""
    let digest = MerkleHash.sha256(Array("\(kind.word)\n\(manifest)\n\(item)\n\(office)\(again)".utf8))
    // What a closing states of an item bears a `+`, which no reporter can write: nobody takes the name away beforehand.
    return kind.word + (kind == .missing ? "+" : "-") + digest.hex.prefix(32)
  }

  /// Where the session stands.
  public func result() -> ReceivingResult {
    ReceivingResult(
      manifest: manifest.number, count: count,
      short: state.listed.filter { $0.sighting == nil }.map(\.number).sorted(), closedNow: false, findings: []
    )
  }

  /// Reconciles expected and received, records `missing` for the short ones and closes the manifest.
  ///
  /// - Parameters:
  ///   - signer: code of the person who receives.
  ///   - witness: code of a second person.
  /// - Returns: the result; closing a closed manifest changes nothing and says so.
  /// - Throws: ``TrackerRefusal`` when the two are one person.
  public func close(signer: String?, witness: String?) throws -> ReceivingResult {
    guard let signer = signer ?? by, let witness else { throw TrackerRefusal(Finding(.signersRequired)) }
    let first = try Self.person(signer)
    let second = try Self.person(witness)
    guard Array(first.lowercased().utf8) != Array(second.lowercased().utf8) else {
      throw TrackerRefusal(Finding(.sameSigner, found: first))
    }
    return try tracker.explained {
      try state.follow(tracker.store)
      var result = result()
      var missing = try result.short.map { try draft(.missing, $0) }
      for position in missing.indices {
        missing[position].operatorCode = first
        missing[position].grade = .keyed
      }
      let closing = ManifestClosing(
        manifest: manifest.number, office: state.office, at: tracker.now, zone: tracker.environment.zone,
        signer: first, witness: second, received: count.received, surplus: count.surplus,
        damaged: count.damaged, misrouted: count.misrouted, missing: missing, seen: seen)
      result.closedNow = try tracker.store.close(closing, recordedAt: tracker.now) != nil
      if !result.closedNow { result.findings.append(Finding(.alreadyClosed, found: manifest.number)) }
      result.findings += result.short.map { Finding(.itemShort, item: $0) }
      return result
    }
  }
}

/// The events of some scans, before they are recorded, and the answers to all of them.
private struct SessionPlan {
  private(set) var state: HandoverState
  private(set) var drafts: [EventDraft] = []
  private(set) var duplicates = 0
  private(set) var refused = 0
  /// An answer, or the place in `drafts` of the event that it waits for.
  private var slots: [(answer: EventReceipt, draft: Int?)] = []

  init(state: HandoverState) { self.state = state }

  mutating func refuse(_ barcode: String) {
    refused += 1
    let answer = EventReceipt(
      event: nil, index: nil, item: barcode, kind: .received, verdict: .refused,
      findings: [Finding(.unreadableBarcode, found: barcode)])
    slots.append((answer, nil))
  }

  mutating func duplicate(_ kind: EventKind, _ item: String, _ sighting: HandoverState.Sighting) {
    duplicates += 1
    let answer = EventReceipt(
      event: sighting.event, index: sighting.index, item: item, kind: kind, verdict: .duplicate, findings: [])
    slots.append((answer, nil))
  }

  mutating func add(
    _ draft: EventDraft, _ verdict: EventReceipt.Verdict, _ history: ItemHistory? = nil
  ) {
    let answer = EventReceipt(
      event: draft.identifier, index: nil, item: draft.item, kind: draft.kind, verdict: verdict, findings: [])
    slots.append((answer, drafts.count))
    drafts.append(draft)
    state.plan(draft, history)
  }

  func answers(_ receipts: [AppendReceipt]) -> [EventReceipt] {
    slots.map { slot in
      guard let draft = slot.draft else { return slot.answer }
      var answer = slot.answer
      answer.index = receipts[draft].index
      return answer
    }
  }
}

/// One line of a scan list.
struct Scan {
  var barcode: String
  var damage: DamageGrade?
  var documents: Int?
  /// A damage that is none of the grades.
  var isMalformed = false

  /// - Returns: nil for a line without a scan.
  init?(_ line: String) {
    let words = line.split(whereSeparator: \.isWhitespace)
    guard let first = words.first, !first.hasPrefix("#") else { return nil }
    guard let split = words.firstIndex(of: "damaged"), split > 0 else {
      barcode = words.joined(separator: " ")
      return
    }
    barcode = words[..<split].joined(separator: " ")
    let rest = words[(split + 1)...]
    damage = rest.first.flatMap { DamageGrade(word: $0) }
    if rest.count > 1 { documents = Int(rest[split + 2]) }
    isMalformed = damage == nil || rest.count > 2 || rest.count == 2 && (documents ?? -1) < 0
  }
}

extension Tracker {
  /// Begins a receiving session, or takes one up again.
  ///
  /// - Parameters:
  ///   - manifest: the manifest's number.
  ///   - by: code of the person who scans.
  ///   - seen: the newest checkpoint that the scanning device had seen, for scans made offline; the last one signed
  ///     here if nil.
  /// - Throws: ``TrackerRefusal`` when the manifest is unknown.
  public func receive(manifest: String, by: String? = nil, seen: LogHead? = nil) throws -> ReceivingSession {
    try explained { try ReceivingSession(self, manifest: manifest, by: by, seen: seen) }
  }
}
