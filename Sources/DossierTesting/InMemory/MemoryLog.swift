internal import CustodyLog
internal import DossierCore

/// One event with what the store keeps beside the log.
struct MemoryEvent: Sendable {
  var record: EventRecord
  /// Its note as a JSON string; nil when it has none.
  var note: [UInt8]?
  /// The dossiers entrusted by it; nil unless it is a manifest's `dispatched`.
  var dossiers: [DossierSummary]?
  /// The fee to collect that the manifest states for the item.
  var fee: Int64?
}

/// A manifest and the seals of its containers.
struct MemoryManifest: Sendable {
  var record: ManifestRecord
  var containers: [Container]
}

/// Everything the reference store holds: a value, so that a refused write is undone by forgetting a copy.
struct MemoryState: Sendable {
  let keeper: String
  private(set) var events: [MemoryEvent] = []
  private(set) var hashes: [Digest] = []
  private var indices: [String: Int] = [:]
  var manifests: [MemoryManifest] = []
  /// In the order recorded; the newest of a code holds.
  var offices: [Office] = []
  var recordedAt: Int64 = 0

  init(keeper: String) { self.keeper = keeper }

  var nextIndex: Int64 { Int64(events.count) }
  var head: LogHead { LogHead(size: UInt64(hashes.count), root: MerkleTreeHash.root(hashes[...])) }

  /// What the log and its manifests said when it had so many events.
  func first(_ count: Int) -> MemoryState {
    var state = MemoryState(keeper: keeper)
    state.events = Array(events.prefix(count))
    state.hashes = Array(hashes.prefix(count))
    for (position, event) in state.events.enumerated() { state.indices[event.record.identifier] = position }
    state.manifests = manifests.filter { $0.record.recordedEvent < count }
    state.recordedAt = state.events.last?.record.recordedAt ?? 0
    return state
  }

  func index(of identifier: String) -> Int64? { indices[identifier].map(Int64.init) }

  func event(_ index: Int64) -> MemoryEvent { events[Int(index)] }

  func manifest(_ number: String) -> MemoryManifest? { manifests.first { $0.record.number == number } }

  /// Appends an event to the chain of the earlier event given.
  mutating func append(_ event: MemoryEvent, after previous: Int64?) throws -> Int64 {
    var event = event
    event.record.index = nextIndex
    event.record.recordedAt = recordedAt
    if let previous {
      event.record.sequence = self.event(previous).record.sequence + 1
      event.record.previous = hashes[Int(previous)]
    }
    hashes.append(MerkleHash.leaf(try event.record.leaf()))
    indices[event.record.identifier] = events.count
    events.append(event)
    return event.record.index
  }

  /// Appends an event to the chain of the item number it names.
  mutating func appendToItem(_ event: MemoryEvent) throws -> Int64 {
    let previous = events.last { $0.record.item == event.record.item }?.record.index
    return try append(event, after: previous)
  }

  /// Appends a draft, or says that it is there already.
  mutating func append(_ draft: EventDraft, _ content: inout ContentBuilder) throws -> AppendReceipt {
    let note = draft.note.map { MemoryState.json($0) }
    if let index = index(of: draft.identifier) {
      let known = event(index)
      var fields = known.record.differences(from: draft)
      if known.note != note { fields.append("note") }
      return fields.isEmpty ? .duplicate(index) : .conflict(index, fields: fields)
    }
    var details = EventDetails()
    details.amount = draft.amount
    details.corrects = draft.corrects
    details.damage = draft.damage
    details.documentsAffected = draft.documentsAffected
    details.reference = draft.reference
    details.newNumber = draft.newNumber
    details.deviceTime = draft.deviceTime
    details.seen = draft.seen
    content.reset()
    if let note { try content.add(.note, json: note) }
    let record = EventRecord(
      index: 0, identifier: draft.identifier, kind: draft.kind, grade: draft.grade, item: draft.item,
      sequence: 0, previous: nil, at: draft.at, zone: draft.zone, recordedAt: 0, office: draft.office,
      operatorCode: draft.operatorCode, to: draft.to, manifest: draft.manifest, reason: draft.reason,
      content: content.root, details: details)
    return .recorded(try appendToItem(MemoryEvent(record: record, note: note)))
  }

  static func json(_ text: String) -> [UInt8] {
    var json: [UInt8] = []
    VaultJSON.string(ArraySlice(text.utf8), into: &json)
    return json
  }
}

/// The Merkle tree hash of RFC 6962 section 2.1, word by word.
enum MerkleTreeHash {
  static func root(_ leafHashes: ArraySlice<Digest>) -> Digest {
    guard let first = leafHashes.first else { return MerkleHash.sha256([]) }
    if leafHashes.count == 1 { return first }
    var half = 1
    while half * 2 < leafHashes.count { half *= 2 }
    let middle = leafHashes.startIndex + half
    return MerkleHash.node(root(leafHashes[..<middle]), root(leafHashes[middle...]))
  }
}
