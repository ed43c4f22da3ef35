public import CustodyLog
public import DossierCore
internal import Synchronization

/// The reference store: arrays and dictionaries, every answer worked out anew from the events. Slow and
/// plainly right; other stores are compared with it.
public final class InMemoryStore: CustodyStore {
  private struct Confined {
    var state: MemoryState
    /// Commitments of single events, and those of a manifest's items: each with salts of its own.
    var content: ContentBuilder
    var items: ContentBuilder
    /// Worked out from `state` when first asked for.
    var view: MemoryView?
  }

  private let confined: Mutex<Confined>

  /// A store whose first event states the office that keeps it.
  ///
  /// - Parameters:
  ///   - now: milliseconds since 1970 UTC.
  ///   - randomness: returns that many bytes for salts.
  public init(
    office: Office, at now: Int64, randomness: @escaping @Sendable (Int) throws -> [UInt8]
  ) throws {
    confined = Mutex(
      Confined(
        state: MemoryState(keeper: office.code), content: ContentBuilder(salts: SaltSource(randomness)),
        items: ContentBuilder(salts: SaltSource(randomness)),
        view: nil))
    _ = try record(offices: [office], recordedAt: now)
  }

  /// Runs `body` on a copy, which takes the place of the state if `body` says so.
  private func write<T: Sendable>(
    now: Int64, _ body: (inout MemoryState, inout ContentBuilder) throws -> (T, commit: Bool)
  ) throws -> T {
    try confined.withLock { confined in
      var state = confined.state
      state.recordedAt = max(state.recordedAt, now)
      let (value, commit) = try body(&state, &confined.content)
      if commit {
        confined.state = state
        confined.view = nil
      }
      return value
    }
  }

  func read<T: Sendable>(_ body: (MemoryState) throws -> T) rethrows -> T {
    try confined.withLock { try body($0.state) }
  }

  private func view<T: Sendable>(_ body: (MemoryView) throws -> T) rethrows -> T {
    try confined.withLock { confined in
      let view = confined.view ?? MemoryView(confined.state)
      confined.view = view
      return try body(view)
    }
  }

  // MARK: Writing

  public func append(_ drafts: [EventDraft], recordedAt: Int64, expecting: LogHead?) throws -> AppendOutcome {
    try write(now: recordedAt) { state, content in
      if let expecting, state.head != expecting { return (.headMoved(state.head), false) }
      var receipts: [AppendReceipt] = []
      for draft in drafts { receipts.append(try state.append(draft, &content)) }
      let changed = receipts.contains { if case .recorded = $0 { true } else { false } }
      return (.appended(receipts, state.head), changed)
    }
  }

  public func record(_ source: some DocumentSource, recordedAt: Int64, dryRun: Bool) throws -> DocumentOutcome
  {
    try confined.withLock { confined in
      var state = confined.state
      state.recordedAt = max(state.recordedAt, recordedAt)
      var intake = MemoryIntake(
        state: state, content: confined.content, itemContent: confined.items, file: source.name)
      defer { (confined.content, confined.items) = (intake.content, intake.itemContent) }
      let outcome = try intake.run(source, dryRun: dryRun)
      if outcome.status == .recorded && outcome.events > 0 {
        confined.state = intake.state
        confined.view = nil
      }
      return outcome
    }
  }

  public func close(_ closing: ManifestClosing, recordedAt: Int64) throws -> AppendOutcome? {
    try write(now: recordedAt) { state, content in
      guard let position = state.manifests.firstIndex(where: { $0.record.number == closing.manifest }),
        state.manifests[position].record.closedEvent == nil
      else { return (nil, false) }
      if let expected = closing.expecting, state.head != expected { return (.headMoved(state.head), false) }
      var receipts: [AppendReceipt] = []
      for draft in closing.missing { receipts.append(try state.append(draft, &content)) }
      var details = EventDetails()
      details.received = closing.received
      details.short = closing.missing.count
      details.surplus = closing.surplus
      details.damaged = closing.damaged
      details.misrouted = closing.misrouted
      details.witness = closing.witness
      details.seen = closing.seen
      details.document = closing.list
      let record = EventRecord(
        index: 0, identifier: "close+\(closing.manifest)", kind: .manifestClosed, grade: .keyed, item: nil,
        sequence: 0, previous: nil, at: closing.at, zone: closing.zone, recordedAt: 0, office: closing.office,
        operatorCode: closing.signer, manifest: closing.manifest, reason: closing.reason, details: details)
      let recorded = state.manifests[position].record.recordedEvent
      let index = try state.append(MemoryEvent(record: record), after: recorded)
      state.manifests[position].record.closedEvent = index
      receipts.append(.recorded(index))
      return (.appended(receipts, state.head), true)
    }
  }

  public func record(offices: [Office], recordedAt: Int64) throws -> Int {
    try write(now: recordedAt) { state, _ in
      // Of several entries of one code the last holds.
      let given = Dictionary(offices.map { ($0.code, $0) }, uniquingKeysWith: { _, later in later })
      let known = Dictionary(state.offices.map { ($0.code, $0) }, uniquingKeysWith: { _, later in later })
      let changed = given.values.filter { known[$0.code] != $0 }.sorted { $0.code.precedes($1.code) }
      if changed.isEmpty { return (0, false) }
      var details = EventDetails()
      let lines = changed.map {
        "\($0.code)\t\($0.name)\t\($0.kind.rawValue)\t\($0.province)\t\($0.parent)\t\n"
      }
      details.document = MerkleHash.sha256(Array(lines.joined().utf8))
      details.items = changed.count
      let record = EventRecord(
        index: 0, identifier: "offices+\(state.nextIndex)", kind: .officesRecorded, grade: .keyed, item: nil,
        sequence: 0, previous: nil, at: state.recordedAt, zone: 420, recordedAt: 0, office: state.keeper,
        details: details)
      let previous = state.events.last { $0.record.kind == .officesRecorded }?.record.index
      _ = try state.append(MemoryEvent(record: record), after: previous)
      state.offices += changed
      return (changed.count, true)
    }
  }

  // MARK: Reading

  public func head() throws -> LogHead { read(\.head) }

  public func lastRecordedAt() throws -> Int64? { read { $0.events.isEmpty ? nil : $0.recordedAt } }

  public func offices() throws -> [Office] {
    read { state in
      Dictionary(state.offices.map { ($0.code, $0) }, uniquingKeysWith: { _, later in later }).values
        .sorted { $0.code.precedes($1.code) }
    }
  }

  public func manifest(_ number: String) throws -> ManifestRecord? { read { $0.manifest(number)?.record } }

  public func manifests(after: Int64, limit: Int) throws -> [ManifestRecord] {
    read { state in Array(state.manifests.map(\.record).filter { $0.id > after }.prefix(limit)) }
  }

  public func items(ofManifest number: String) throws -> [ItemSummary] {
    view { view in
      guard let manifest = view.state.manifest(number)?.record else { return [] }
      return view.state.events[Int(manifest.firstEvent)..<Int(manifest.recordedEvent)]
        .filter { $0.record.kind == .dispatched }
        .compactMap { event in event.record.item.flatMap { view.item(numbered: $0)?.summary } }
    }
  }

  public func items(matching filter: ItemFilter, after: Int64, limit: Int) throws -> [ItemSummary] {
    view { view in
      let found = view.items.map(\.summary).filter { summary in
        summary.id > after && (filter.state == nil || filter.state == summary.state)
          && (filter.custodian == nil || filter.custodian == summary.custodian)
          && (!filter.withFindings || summary.findings > 0)
      }
      return Array(found.prefix(limit))
    }
  }

  public func history(ofItem number: String) throws -> ItemHistory? {
    view { $0.item(numbered: number)?.history }
  }

  public func items(carrying dossierCode: String) throws -> [String] {
    read { state in
      var numbers: [String] = []
      for event in state.events where event.dossiers?.contains(where: { $0.code == dossierCode }) ?? false {
        if let number = event.record.item, !numbers.contains(number) { numbers.append(number) }
      }
      return numbers
    }
  }

  public func events(from index: Int64, limit: Int) throws -> [EventRecord] {
    read { state in Array(state.events.map(\.record).filter { $0.index >= index }.prefix(limit)) }
  }

  public func event(identifier: String) throws -> EventRecord? {
    read { state in state.index(of: identifier).map { state.event($0).record } }
  }

  public func lossCounts(_ query: LossQuery) throws -> [LossGroup] { view { $0.lossCounts(query) } }
}

extension String {
  /// Order of the bytes, which no locale or normalisation changes.
  func precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
