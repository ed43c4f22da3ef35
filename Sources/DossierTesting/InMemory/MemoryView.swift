internal import DossierCore

/// What an item's events amount to.
struct MemoryItem: Sendable {
  var summary: ItemSummary
  var history: ItemHistory
  var state: CustodyState
  var entrustedBy: String
  var firstReceiver: String
  /// Local day on which it was entrusted; nil when it never was.
  var day: CalendarDate?
}

/// Items, states and groups worked out from a store's whole set of events.
struct MemoryView: Sendable {
  let state: MemoryState
  /// In the order in which they became known.
  let items: [MemoryItem]
  private let positions: [String: Int]

  init(_ state: MemoryState) {
    self.state = state
    let numbers = Self.numbers(state)
    var items: [MemoryItem] = []
    var positions: [String: Int] = [:]
    let relabellings = Relabellings(state)
    for number in numbers where positions[number] == nil {
      let group = relabellings.group(of: number)
      for member in group { positions[member] = items.count }
      items.append(Self.item(numbers.filter(group.contains), of: state, identifiers: numbers))
    }
    self.items = items
    self.positions = positions
  }

  func item(numbered number: String) -> MemoryItem? { positions[number].map { items[$0] } }

  /// All item numbers in the order in which they became known.
  static func numbers(_ state: MemoryState) -> [String] {
    var numbers: [String] = []
    var known: Set<String> = []
    for event in state.events {
      let named = [
        event.record.item, event.record.kind == .relabelled ? event.record.details.newNumber : nil,
      ]
      for number in named.compactMap(\.self) where known.insert(number).inserted { numbers.append(number) }
    }
    return numbers
  }

  /// All numbers of the item that bears this one.
  static func group(of number: String, in state: MemoryState) -> Set<String> {
    Relabellings(state).group(of: number)
  }

  private static func item(_ group: [String], of state: MemoryState, identifiers: [String]) -> MemoryItem {
    let events = state.events.filter { $0.record.item.map(group.contains) ?? false }
    let offices = Names(events.flatMap { [$0.record.office, $0.record.to] })
    let manifests = Names(events.map(\.record.manifest))
    var custody = events.map { event in
      CustodyEvent(
        index: event.record.index, kind: event.record.kind, grade: event.record.grade, at: event.record.at,
        zone: event.record.zone, office: Int32(offices.number(event.record.office)),
        to: Int32(offices.number(event.record.to)), manifest: Int64(manifests.number(event.record.manifest)),
        damage: event.record.details.damage, hasReference: event.record.details.reference != nil,
        corrects: event.record.details.corrects.flatMap(state.index) ?? -1)
    }
    let numbers = currentFirst(group, events)
    var findings: [Finding] = []
    let folded = CustodyState(
      folding: &custody, identifier: { state.event($0).record.identifier },
      report: { finding in
        findings.append(
          Finding(
            finding.code, item: numbers.first,
            events: finding.events.map { state.event($0).record.identifier },
            expected: offices.name(Int(finding.expectedOffice)), found: offices.name(Int(finding.foundOffice))
          ))
      })
    let dossiers = dossiers(events)
    let manifest = manifests.name(Int(folded.firstManifest))
    let first = group.first.flatMap(identifiers.firstIndex) ?? 0
    let summary = ItemSummary(
      id: Int64(first) + 1, number: numbers.first ?? "", state: folded.word,
      custodian: offices.name(Int(folded.custodian)), offeredTo: offices.name(Int(folded.offeredTo)),
      leg: manifest.flatMap(state.manifest)?.record.leg, manifest: manifest, damage: folded.damage,
      missing: folded.missing, lastAt: folded.lastAt == Int64.min ? nil : folded.lastAt,
      dossiers: dossiers.count, findings: Int(folded.findings))
    return MemoryItem(
      summary: summary,
      history: ItemHistory(
        summary: summary, numbers: numbers, dossiers: dossiers, events: events.map(\.record),
        findings: findings),
      state: folded, entrustedBy: offices.name(Int(folded.entrustedBy)) ?? "",
      firstReceiver: offices.name(Int(folded.firstReceiver)) ?? "",
      day: folded.isEntrusted
        ? OffsetDateTime(milliseconds: folded.entrustedAt, offsetMinutes: folded.entrustedZone)?.localDate
        : nil)
  }

  /// The number that the latest relabelling within the group gave, before the others.
  private static func currentFirst(_ group: [String], _ events: [MemoryEvent]) -> [String] {
    var latest: EventRecord?
    for record in events.map(\.record) where record.kind == .relabelled {
      guard let newNumber = record.details.newNumber, group.contains(newNumber) else { continue }
      if let latest, Self.order(record, latest) { continue }
      latest = record
    }
    guard let current = latest?.details.newNumber else { return group }
    return [current] + group.filter { $0 != current }
  }

  private static func order(_ left: EventRecord, _ right: EventRecord) -> Bool {
    left.at != right.at ? left.at < right.at : left.identifier.precedes(right.identifier)
  }

  /// The dossiers entrusted with the item, each as its earliest manifest states it.
  private static func dossiers(_ events: [MemoryEvent]) -> [DossierSummary] {
    var codes: Set<String?> = []
    return consignments(events).flatMap { $0.dossiers ?? [] }.filter { codes.insert($0.code).inserted }
  }

  /// The events by which manifests entrust an item, the earliest first.
  static func consignments(_ events: [MemoryEvent]) -> [MemoryEvent] {
    events.filter { $0.dossiers != nil }.sorted { left, right in
      if left.record.at != right.record.at { return left.record.at < right.record.at }
      let manifests = (left.record.manifest ?? "", right.record.manifest ?? "")
      return manifests.0 != manifests.1
        ? manifests.0.precedes(manifests.1) : left.record.index < right.record.index
    }
  }
}

/// Which numbers name one item.
private struct Relabellings {
  private struct Edge {
    var event: Int64
    var ends: [String]
  }

  private let state: MemoryState
  private let edges: [Edge]

  init(_ state: MemoryState) {
    self.state = state
    edges = state.events.compactMap { event in
      guard event.record.kind == .relabelled, let old = event.record.item,
        let new = event.record.details.newNumber
      else { return nil }
      return Edge(event: event.record.index, ends: [old, new])
    }
  }

  /// The numbers joined to this one by relabellings that were not taken back. A relabelling is taken back by a
  /// correction under any number that was ever joined to it.
  func group(of number: String) -> Set<String> {
    let ever = Self.reached(from: number, edges)
    let takenBack = state.events.compactMap { event -> Int64? in
      guard event.record.kind == .corrected, event.record.item.map(ever.contains) ?? false else { return nil }
      return event.record.details.corrects.flatMap(state.index)
    }
    return Self.reached(from: number, edges.filter { !takenBack.contains($0.event) })
  }

  private static func reached(from number: String, _ edges: [Edge]) -> Set<String> {
    var reached: Set<String> = [number]
    while let edge = edges.first(where: { edge in
      edge.ends.contains(where: reached.contains) && !edge.ends.allSatisfy(reached.contains)
    }) {
      reached.formUnion(edge.ends)
    }
    return reached
  }
}

/// Numbers for names, from 1; 0 is no name.
private struct Names: Sendable {
  private var names: [String] = []

  init(_ all: [String?]) {
    for case let name? in all where !name.isEmpty && !names.contains(name) { names.append(name) }
  }

  func number(_ name: String?) -> Int { name.flatMap(names.firstIndex).map { $0 + 1 } ?? 0 }
  func name(_ number: Int) -> String? { number > 0 ? names[number - 1] : nil }
}
