internal import CustodyLog
internal import DossierCore
internal import DossierSQLite

/// What a group of scans comes to: the events to record, and the answers.
///
/// Each scan is judged by where its hand-over stands after those before it, as if they were recorded; the events are then
/// appended together, if the log still stands where the plan was made.
struct CounterPlan {
  private let tracker: Tracker
  private(set) var drafts: [EventDraft] = []
  private(set) var knownHeads: KnownHeads
  /// An answer, and the place in `drafts` of the event that it waits for.
  private var slots: [(result: CounterResult, draft: Int?)] = []
  private var states: [String: HandoverState] = [:]
  /// The scans of this plan that are answered with an event, by identifier.
  private var planned: [String: (scan: CounterScan, slot: Int)] = [:]
  private var offices: [Office]?

  /// A device's clock may be so much ahead of ours, in milliseconds; beyond it our time counts.
  static let greatestLead: Int64 = 120_000

  init(_ tracker: Tracker, knownHeads: KnownHeads) {
    self.tracker = tracker
    self.knownHeads = knownHeads
  }

  /// Whether all that was looked at is of this state of the log.
  func isOf(_ head: LogHead) -> Bool { states.values.allSatisfy { $0.head == head } }

  func results(_ receipts: [AppendReceipt]) -> [CounterResult] {
    slots.map { slot in
      guard let draft = slot.draft else { return slot.result }
      var result = slot.result
      result.index = receipts[draft].index
      return result
    }
  }

  /// An answer that was given before to the same identifier.
  mutating func repeated(_ earlier: CounterScan, _ result: CounterResult, by scan: CounterScan) {
    let fields = earlier.differences(from: scan)
    if fields.isEmpty { slots.append((result, nil)) } else { refuse(scan, conflict(scan, fields)) }
  }

  /// - Parameter load: where the hand-over of a manifest stands in the log; nil when there is none.
  mutating func take(_ scan: CounterScan, load: (String) throws -> HandoverState?) throws {
    guard case .success(let identifier) = EventIdentifier.parse(scan.id),
      identifier.text.utf8.elementsEqual(scan.id.utf8)
    else { return refuse(scan, Finding(.eventIdentifierForm, found: String(scan.id.prefix(64)))) }
    guard case .success(let number) = ManifestNumber.parse(scan.manifest) else {
      return refuse(scan, Finding(.manifestNumberForm))
    }
    guard case .success = OperatorCode.parse(scan.by) else { return refuse(scan, Finding(.operatorCodeForm)) }
    if let earlier = planned[scan.id] {
      let fields = earlier.scan.differences(from: scan)
      return fields.isEmpty ? slots.append(slots[earlier.slot]) : refuse(scan, conflict(scan, fields))
    }
    guard let state = try states[number.text] ?? load(number.text) else {
      return refuse(scan, Finding(.manifestUnknown, found: number.text))
    }
    states[number.text] = state
    if let recorded = try tracker.store.event(identifier: scan.id) {
      return try answer(scan, recorded, state)
    }
    guard state.office == scan.office else {
      return refuse(
        scan, Finding(.scanAtOtherOffice, expected: try name(state.office), found: state.number), state)
    }
    guard try !state.isClosed || wasWaiting(scan, state) else {
      return refuse(scan, Finding(.scanAfterClosing, found: state.number), state)
    }
    if scan.kind == .void { return try takeBack(scan, state) }
    switch try BarcodeMeaning(store: tracker.store).item(scanned: scan.raw, at: state) {
    case .refused(let finding): refuse(scan, finding, state)
    case .item(let item, let repaired):
      if scan.kind == .damaged {
        try damage(scan, item, repaired, state)
      } else {
        try receive(scan, item, repaired, state)
      }
    }
  }

  /// Whether a scan was made before its manifest was closed by people who signed that some were still waiting.
  private func wasWaiting(_ scan: CounterScan, _ state: HandoverState) throws -> Bool {
    guard scan.kind != .void, let closing = try state.offlineClosing(tracker.store) else { return false }
    return scan.at.milliseconds <= closing.at
  }

  // MARK: Kinds of scans

  private mutating func receive(
    _ scan: CounterScan, _ item: String, _ repaired: Bool, _ state: HandoverState
  ) throws {
    if let place = state.place(of: item), let sighting = state[place].sighting {
      var result = CounterResult(scan, .duplicate, .duplicate, item: item)
      result.isRepaired = repaired
      result.first = Self.first(sighting)
      result.damage = state[place].damage?.grade
      return add(result, state)
    }
    if state.place(of: item) != nil {
      return try record(scan, try draft(.received, scan, item, state, repaired), .accepted, repaired)
    }
    let history = try tracker.store.history(ofItem: item)
    var draft = try draft(.surplus, scan, item, state, repaired)
    let isElsewhere = history.flatMap { state.belonging($0) } != nil
    if isElsewhere { draft.reason = HandoverState.misrouted }
    try record(scan, draft, isElsewhere ? .misrouted : .surplus, repaired, history)
  }

  private mutating func damage(
    _ scan: CounterScan, _ item: String, _ repaired: Bool, _ state: HandoverState
  ) throws {
    guard let place = state.place(of: item) else {
      return refuse(scan, Finding(.damageOfUnscanned, item: item), state)
    }
    if let known = state[place].damage, known.grade == scan.damage, known.cause == scan.cause?.rawValue,
      known.documents == scan.documents
    {
      var result = CounterResult(scan, .duplicate, .duplicate, item: item)
      result.event = nil
      result.damage = known.grade
      return add(result, state)
    }
    var draft = try draft(.damaged, scan, item, state, repaired)
    draft.reason = scan.cause?.rawValue ?? draft.reason
    draft.damage = scan.damage
    draft.documentsAffected = scan.documents
    try record(scan, draft, .accepted, repaired)
  }

  private mutating func takeBack(_ scan: CounterScan, _ state: HandoverState) throws {
    let target = scan.target ?? ""
    guard let standing = state.entry(ofEvent: target) else {
      return refuse(scan, try whyNotStanding(target, state), state)
    }
    let recorded = try tracker.store.event(identifier: target)
    // A receipt that a feed stated without naming the manifest counts here, and is not ours to take back.
    if let recorded, recorded.manifest != state.number || recorded.item == nil {
      return refuse(scan, Finding(.voidOfOther, found: target), state)
    }
    var draft = try draft(.corrected, scan, recorded?.item ?? standing.number, state, false)
    draft.corrects = target
    draft.reason = "did_not_occur"
    try record(scan, draft, .accepted, false)
  }

  private func whyNotStanding(_ target: String, _ state: HandoverState) throws -> Finding {
    if drafts.contains(where: { $0.corrects == target }) { return Finding(.voidedAlready, found: target) }
    guard let event = try tracker.store.event(identifier: target) else {
      return Finding(.voidUnknown, found: String(target.prefix(64)))
    }
    guard event.manifest == state.number, event.office == state.office, let item = event.item,
      [.received, .surplus, .damaged].contains(event.kind)
    else { return Finding(.voidOfOther, found: target) }
    let corrections = try tracker.store.history(ofItem: item)?.events.filter {
      $0.details.corrects.map { $0.utf8.elementsEqual(target.utf8) } ?? false
    }
    return Finding(corrections?.isEmpty == false ? .voidedAlready : .voidOfOther, found: target)
  }

  // MARK: Answers

  /// The answer to a scan whose event is recorded, as it was given first.
  private mutating func answer(_ scan: CounterScan, _ event: EventRecord, _ state: HandoverState) throws {
    let fields = try differences(of: scan, from: event, state)
    guard fields.isEmpty else { return refuse(scan, conflict(scan, fields), state) }
    var verdict = EventReceipt.Verdict.accepted
    if event.kind == .surplus {
      verdict = event.reason == HandoverState.misrouted ? .misrouted : .surplus
    }
    var result = CounterResult(scan, .accepted, verdict, item: event.item)
    result.event = event.identifier
    result.index = event.index
    result.damage = event.details.damage
    result.isRepaired = event.reason == Self.repaired
    if let item = event.item, let place = state.place(of: item) {
      result.item = state[place].number
      if verdict == .misrouted { result.belongsTo = try state[place].belonging.map { try named($0) } }
    }
    add(result, state)
  }

  /// The members in which a scan says something else than the event with its identifier.
  private func differences(
    of scan: CounterScan, from event: EventRecord, _ state: HandoverState
  ) throws -> [String] {
    var fields: [String] = []
    func compare(_ name: String, _ same: Bool) { if !same { fields.append(name) } }
    let kinds: [EventKind] =
      switch scan.kind {
      case .received: [.received, .surplus]
      case .damaged: [.damaged]
      case .void: [.corrected]
      }
    compare("type", kinds.contains(event.kind))
    compare("manifest", event.manifest == state.number)
    if scan.kind != .void {
      var isSame = false
      if case .item(let item, _) = try BarcodeMeaning(store: tracker.store).item(scanned: scan.raw, at: state),
        let told = event.item
      {
        let numbers = try tracker.store.history(ofItem: told)?.numbers ?? []
        isSame = item == told || numbers.contains(item)
      }
      compare("raw", isSame)
    }
    compare("at", (event.details.deviceTime ?? event.at) == scan.at.milliseconds)
    compare("clerk", event.operatorCode == scan.by)
    compare("target", event.details.corrects == scan.target)
    compare("grade", event.details.damage == scan.damage)
    compare("cause", scan.cause == nil || event.reason == scan.cause?.rawValue)
    compare("documents", event.details.documentsAffected == scan.documents)
    return fields
  }

  private func conflict(_ scan: CounterScan, _ fields: [String]) -> Finding {
    Finding(.eventConflict, events: [scan.id], found: fields.joined(separator: ", "))
  }

  private mutating func refuse(_ scan: CounterScan, _ finding: Finding, _ state: HandoverState? = nil) {
    var result = CounterResult(scan, .refused, .refused, item: finding.item, finding: finding)
    result.count = state?.count
    slots.append((result, nil))
  }

  private mutating func add(_ result: CounterResult, _ state: HandoverState) {
    var result = result
    result.count = state.count
    slots.append((result, nil))
  }

  private mutating func record(
    _ scan: CounterScan, _ draft: EventDraft, _ verdict: EventReceipt.Verdict, _ repaired: Bool,
    _ history: ItemHistory? = nil
  ) throws {
    guard let number = draft.manifest else { return }
    states[number]?.plan(draft, history)
    var result = CounterResult(scan, .accepted, verdict, item: draft.item)
    result.event = draft.identifier
    result.isRepaired = repaired
    result.belongsTo = try states[number]?.place(of: draft.item)
      .flatMap { states[number]?[$0].belonging }.map { try named($0) }
    result.damage = draft.damage
    result.count = states[number]?.count
    planned[scan.id] = (scan, slots.count)
    slots.append((result, drafts.count))
    drafts.append(draft)
  }

  // MARK: Drafts

  static let repaired = "repaired"

  private mutating func draft(
    _ kind: EventKind, _ scan: CounterScan, _ item: String, _ state: HandoverState, _ isRepaired: Bool
  ) throws -> EventDraft {
    let now = tracker.now
    let isAhead = scan.at.milliseconds - now > Self.greatestLead
    var draft = EventDraft(
      identifier: scan.id, kind: kind, grade: scan.isKeyed ? .keyed : .observed, item: item,
      at: isAhead ? now : scan.at.milliseconds,
      zone: isAhead ? tracker.environment.zone : scan.at.offsetMinutes, office: state.office,
      operatorCode: scan.by, manifest: state.number, deviceTime: scan.at.milliseconds)
    // The closing has reported the item missing meanwhile: that it is here comes after that.
    if state.isClosed, let closing = try state.offlineClosing(tracker.store), draft.at <= closing.at {
      draft.at = closing.at + 1
    }
    draft.seen = try scan.seen.flatMap { try isOurs($0) ? $0 : nil }
    if isRepaired { draft.reason = Self.repaired }
    draft.note = Self.note(scan, isRepaired)
    return draft
  }

  /// A note, and of a number that was repaired what the reader had typed.
  private static func note(_ scan: CounterScan, _ isRepaired: Bool) -> String? {
    let raw = isRepaired ? ScanText(raw: scan.raw).text : nil
    let text = [scan.note, raw].compactMap { $0 }.joined(separator: " · ")
    let field = String(decoding: NormalizedText.field(Array(text.utf8)), as: UTF8.self)
    return field.isEmpty ? nil : field
  }

  /// Whether the log had this root at that size. A device that claims another one must not make the audit find a fork.
  private mutating func isOurs(_ head: LogHead) throws -> Bool {
    guard head.size > 0 else { return false }
    if knownHeads.contains(head) { return true }
    guard try tracker.store.root(atSize: head.size) == head.root else { return false }
    knownHeads.insert(head)
    return true
  }

  private static func first(_ sighting: HandoverState.Sighting) -> CounterResult.First? {
    OffsetDateTime(milliseconds: sighting.at, offsetMinutes: sighting.zone)
      .map { CounterResult.First(at: $0, by: sighting.by, event: sighting.event) }
  }

  private mutating func named(_ belonging: HandoverState.Belonging) throws -> CounterResult.Belonging {
    CounterResult.Belonging(
      manifest: belonging.manifest, office: belonging.office,
      name: try belonging.office.flatMap { try office($0)?.name })
  }

  private mutating func name(_ code: String) throws -> String {
    try office(code).map { "\($0.name) (\(code))" } ?? code
  }

  private mutating func office(_ code: String) throws -> Office? {
    let known = try offices ?? tracker.store.offices()
    offices = known
    return known.first { $0.code == code }
  }
}
