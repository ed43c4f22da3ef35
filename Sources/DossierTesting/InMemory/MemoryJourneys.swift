public import DossierCore

/// Journeys worked out anew from the first events of the log.
extension InMemoryStore: JourneySource {
  public func journeys<Accumulator: JourneyAccumulator>(
    _ query: JourneyQuery, into start: Accumulator
  ) throws -> (Accumulator, JourneyView) {
    let state = read { $0 }
    let size = query.size ?? UInt64(state.events.count)
    guard size <= UInt64(state.events.count) else {
      throw ContractViolation("the log has no \(size) events yet")
    }
    let known = state.first(Int(size))
    let words = MemoryWords(state)
    var accumulator = start
    for item in MemoryView(known).items where !item.history.events.isEmpty {
      accumulator.add(words.journey(item, known, query))
    }
    return (accumulator, JourneyView(log: known.head, recordedAt: known.recordedAt))
  }

  public func texts(ofTerms terms: Set<Int32>) throws -> [Int32: String] {
    let words = read { MemoryWords($0) }
    return Self.found(terms) { words.text(of: $0) }
  }

  public func numbers(ofItems items: Set<Int64>) throws -> [Int64: String] {
    let numbers = read { MemoryView.numbers($0) }
    return Self.found(items) { id in
      numbers.indices.contains(Int(id) - 1) ? numbers[Int(id) - 1] : nil
    }
  }

  public func codes(ofDossiers dossiers: Set<Int64>) throws -> [Int64: String] {
    let words = read { MemoryWords($0) }
    return Self.found(dossiers) { id in words.text(of: Int32(clamping: id)) }
  }

  public func numbers(ofManifests manifests: Set<Int64>) throws -> [Int64: String] {
    let (known, words) = read { ($0.manifests.map(\.record), MemoryWords($0)) }
    return Self.found(manifests) { manifest in
      manifest < 0
        ? words.text(of: Int32(clamping: -manifest)) : known.first { $0.id == manifest }?.number
    }
  }

  public func identifiers(ofEvents events: Set<Int64>) throws -> [Int64: String] {
    let state = read { $0 }
    return Self.found(events) { index in
      (0..<state.nextIndex).contains(index) ? state.event(index).record.identifier : nil
    }
  }

  private static func found<Key: Hashable>(_ keys: Set<Key>, _ text: (Key) -> String?) -> [Key: String] {
    var texts: [Key: String] = [:]
    for key in keys { texts[key] = text(key) }
    return texts
  }
}

/// Numbers for words, in the order in which a store's log first used them: they stay when the log grows.
private struct MemoryWords: Sendable {
  private var words: [String] = []
  private var numbers: [String: Int32] = [:]

  init(_ state: MemoryState) {
    for event in state.events {
      let record = event.record
      add([record.office, record.operatorCode, record.to, record.manifest, record.reason])
      for dossier in event.dossiers ?? [] {
        add([dossier.code, dossier.procedure, dossier.field, dossier.agency])
      }
    }
  }

  private mutating func add(_ all: [String?]) {
    for case let word? in all where !word.isEmpty && numbers[word] == nil {
      words.append(word)
      numbers[word] = Int32(words.count)
    }
  }

  func text(of number: Int32) -> String? {
    words.indices.contains(Int(number) - 1) ? words[Int(number) - 1] : nil
  }

  private func number(_ word: String?) -> Int32 { word.flatMap { numbers[$0] } ?? 0 }

  func journey(_ item: MemoryItem, _ state: MemoryState, _ query: JourneyQuery) -> ItemJourney {
    let events = item.history.events.map { event($0, state) }
    let current = MemoryView.numbers(state).firstIndex(of: item.summary.number) ?? 0
    var journey = ItemJourney(folding: events, item: Int64(current) + 1) {
      state.event($0).record.identifier
    }
    let manifest = journey.custody.firstManifest
    journey.leg = state.manifests.first { $0.record.id == manifest }?.record.leg
    if query.withDossiers { journey.dossiers = item.history.dossiers.map(dossier) }
    if query.withFees {
      let consignments = MemoryView.consignments(item.history.events.map { state.event($0.index) })
      journey.fee = consignments.compactMap(\.fee).first
    }
    return journey
  }

  private func event(_ record: EventRecord, _ state: MemoryState) -> JourneyEvent {
    let manifest = record.manifest.map { number in
      state.manifest(number)?.record.id ?? -Int64(self.number(number))
    }
    let isFee = record.kind == .feeCollected || record.kind == .feeRemitted
    return JourneyEvent(
      index: record.index, kind: record.kind, grade: record.grade, at: record.at, zone: record.zone,
      recordedAt: record.recordedAt, office: number(record.office), operatorCode: number(record.operatorCode),
      to: number(record.to), manifest: manifest ?? 0, reason: number(record.reason),
      damage: record.kind == .damaged ? record.details.damage : nil,
      hasReference: record.details.reference != nil, amount: isFee ? record.details.amount : nil,
      corrects: record.kind == .corrected ? record.details.corrects.flatMap(state.index) ?? -1 : -1)
  }

  /// Rows are not kept here: a dossier is named by its code's number.
  private func dossier(_ summary: DossierSummary) -> JourneyDossier {
    JourneyDossier(
      id: Int64(number(summary.code)), key: Int64(number(summary.code)), procedure: number(summary.procedure),
      field: number(summary.field), agency: number(summary.agency), received: summary.received,
      due: summary.due, result: summary.result)
  }
}
