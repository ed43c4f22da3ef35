public import DossierCore

/// Finds the items behind one number of a loss report.
///
/// Which row an item belongs to is known in words only in the end, so the first items of every group are kept, as many
/// as will be listed, and all are counted.
public struct LossSearch: JourneyAccumulator {
  struct Hit: Sendable {
    var item: Int64
    /// How often the item counts in the number: once, or once a dossier.
    var weight: Int
    var state: StateWord
    var events: [JourneyEvent]
  }

  struct Hits: Sendable {
    var items = 0
    var weight = 0
    /// In order of items, at most the limit.
    var kept: [Hit] = []
  }

  /// A row, and for causes the reason, whose word tells the cause.
  struct Key: Hashable, Sendable {
    var row: LossKey
    var reason: Int32
  }

  let cohort: LossCohort
  let column: LossColumn
  let by: [LossQuery.Grouping]
  let limit: Int
  private(set) var hits: [Key: Hits] = [:]

  /// - Parameters:
  ///   - by: the groupings of the row asked about; none for the total.
  ///   - limit: how many items are listed.
  public init(_ cohort: LossCohort, _ column: LossColumn, by: [LossQuery.Grouping], limit: Int) {
    self.cohort = cohort
    self.column = column
    self.by = by
    self.limit = max(0, limit)
  }

  public mutating func add(_ journey: borrowing ItemJourney) {
    guard let facts = LossFacts(journey, cohort.deadlines), cohort.contains(day: facts.entrustedDay),
      Self.matches(facts, column)
    else { return }
    var reason: Int32 = 0
    if case .cause = column { reason = facts.lossReason ?? 0 }
    var weights: [Key: Int] = [:]
    cohort.forEachKey(journey, facts) { weights[Key(row: $0.masked(by), reason: reason), default: 0] += 1 }
    for (key, weight) in weights {
      let hit = Hit(
        item: journey.item, weight: weight, state: journey.custody.word, events: evidence(journey))
      var found = hits[key] ?? Hits()
      found.items += 1
      found.weight += weight
      insert(hit, into: &found.kept)
      hits[key] = found
    }
  }

  public mutating func merge(_ other: LossSearch) {
    for (key, theirs) in other.hits {
      var found = hits[key] ?? Hits()
      found.items += theirs.items
      found.weight += theirs.weight
      for hit in theirs.kept { insert(hit, into: &found.kept) }
      hits[key] = found
    }
  }

  private func insert(_ hit: Hit, into kept: inout [Hit]) {
    if kept.count >= limit, let last = kept.last, last.item < hit.item { return }
    let place = kept.firstIndex { $0.item > hit.item } ?? kept.endIndex
    kept.insert(hit, at: place)
    if kept.count > limit { kept.removeLast() }
  }

  /// Whether an item may count in the column. Which cause a reason names is asked later, when its word is known.
  private static func matches(_ facts: LossFacts, _ column: LossColumn) -> Bool {
    switch column {
    case .entrusted: true
    case .delivered: facts.counts.delivered > 0
    case .returned: facts.counts.returned > 0
    case .lost, .cause: facts.counts.lost > 0
    case .destroyed: facts.counts.destroyed > 0
    case .open: facts.isOpen
    case .missing: facts.counts.missing > 0
    case .found: facts.counts.found > 0
    case .damaged: facts.counts.damaged > 0
    case .declaredLost: facts.fate.declared > 0
    case .foundAgain: facts.fate.foundAgain > 0
    case .contested: facts.fate.contested > 0
    case .presumedLost: facts.presumedLost
    case .grade(let grade): facts.damage == grade
    }
  }

  /// The events that put the item into the column, in order of time; corrected ones do not count.
  private func evidence(_ journey: borrowing ItemJourney) -> [JourneyEvent] {
    var kinds: Set<EventKind> = []
    switch column {
    case .entrusted: kinds = [.accepted, .dispatched]
    case .delivered: kinds = [.delivered]
    case .returned: kinds = [.returned]
    case .lost, .cause: kinds = [.lost]
    case .destroyed: kinds = [.destroyed]
    case .missing: kinds = [.missing]
    case .found: kinds = [.missing, .lost, .found]
    case .damaged, .grade: kinds = [.damaged]
    case .declaredLost: kinds = [.lost]
    case .foundAgain: kinds = [.lost, .found]
    case .contested: kinds = [.lost, .delivered, .returned, .destroyed]
    case .open, .presumedLost: break
    }
    let counted = journey.events.filter { !$0.isVoid && $0.kind != .corrected }
    switch column {
    case .open, .presumedLost: return counted.suffix(1)
    case .entrusted:
      let instant = journey.custody.entrustedAt
      return Array(counted.filter { kinds.contains($0.kind) && $0.at == instant }.prefix(1))
    default: return counted.filter { kinds.contains($0.kind) }
    }
  }
}

/// The items behind one number of a loss report, and the events that put them there.
public struct LossEvidence: Equatable, Sendable {
  public struct Event: Equatable, Sendable {
    public let index: Int64
    public let id: String
    public let kind: String
    public let grade: String
    /// RFC 3339.
    public let at: String?
    public let recordedAt: String?
    public let office: String?
    public let reason: String?
  }

  public struct Item: Equatable, Sendable {
    public let number: String
    public let state: String
    /// How often it counts in the number.
    public let weight: Int
    public let events: [Event]
  }

  public let question: LossQuestion
  public let log: LossReport.LogHead
  /// The number itself, in the report's unit.
  public let count: Int
  /// Items that make it up, and those of them that are listed.
  public let itemCount: Int
  public let items: [Item]

  public init(
    _ search: LossSearch, _ question: LossQuestion, log: LossReport.LogHead, texts: any JourneyTexts
  ) throws {
    let words = try LossWords(search.hits.keys.map(\.row), texts)
    let reasons = try texts.texts(ofTerms: Set(search.hits.keys.map(\.reason)).filter { $0 > 0 })
    var whole = LossSearch.Hits()
    for (key, found) in search.hits {
      if !search.by.isEmpty {
        let label = LossRow.label(words.labels(key.row, search.by))
        guard label.utf8.elementsEqual(question.row.utf8) else { continue }
      }
      if case .cause(let cause) = search.column {
        guard LossCause(word: reasons[key.reason] ?? "") ?? .unknown == cause else { continue }
      }
      whole.items += found.items
      whole.weight += found.weight
      whole.kept += found.kept
    }
    let kept = whole.kept.sorted { $0.item < $1.item }.prefix(search.limit)
    self.question = question
    self.log = log
    count = whole.weight
    itemCount = whole.items
    items = try Self.items(Array(kept), texts)
  }

  private static func items(_ hits: [LossSearch.Hit], _ texts: any JourneyTexts) throws -> [Item] {
    let events = hits.flatMap(\.events)
    let numbers = try texts.numbers(ofItems: Set(hits.map(\.item)))
    let identifiers = try texts.identifiers(ofEvents: Set(events.map(\.index)))
    let terms = Set(events.flatMap { [$0.office, $0.reason] }).filter { $0 > 0 }
    let words = try texts.texts(ofTerms: terms)
    return hits.map { hit in
      Item(
        number: numbers[hit.item] ?? "", state: hit.state.word, weight: hit.weight,
        events: hit.events.map { event in
          Event(
            index: event.index, id: identifiers[event.index] ?? "", kind: event.kind.word,
            grade: event.grade.word, at: time(event.at, event.zone),
            recordedAt: time(event.recordedAt, OffsetDateTime.vietNamOffsetMinutes),
            office: words[event.office], reason: words[event.reason])
        })
    }
  }

  private static func time(_ milliseconds: Int64, _ zone: Int16) -> String? {
    OffsetDateTime(milliseconds: milliseconds, offsetMinutes: zone)?.text
  }
}
