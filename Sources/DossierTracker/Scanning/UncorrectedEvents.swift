internal import DossierCore

/// The events of an item that no correction took back, in log order.
struct UncorrectedEvents {
  private let events: [EventRecord]

  init(_ history: ItemHistory) {
    let corrected = Set(history.events.compactMap { $0.kind == .corrected ? $0.details.corrects : nil })
    events = history.events.filter { $0.kind != .corrected && !corrected.contains($0.identifier) }
  }

  func first(where body: (EventRecord) -> Bool) -> EventRecord? { events.first(where: body) }
  func last(where body: (EventRecord) -> Bool) -> EventRecord? { events.last(where: body) }
  func filter(_ body: (EventRecord) -> Bool) -> [EventRecord] { events.filter(body) }
}
