internal import CustodyLog
internal import DossierCore
internal import DossierSQLite

/// Where the hand-over of one manifest stands, as the log says: what was found of its items at the receiver, and what came
/// with it besides. It is read from the log and follows it, so that whoever has written there is seen; a plan of scans
/// that are not yet recorded is made on a copy.
struct HandoverState {
  /// An event that counts.
  struct Sighting: Hashable {
    var event: String
    /// Nil while it is only planned.
    var index: Int64?
    var at: Int64
    var zone: Int16
    var by: String?
  }

  struct Damage: Hashable {
    var event: String
    var grade: DamageGrade?
    var cause: String?
    var documents: Int?
  }

  /// One item, on the manifest or come with it.
  struct Entry {
    /// Number as the manifest or the scan names it.
    var number: String
    /// All its numbers, the current one first.
    var numbers: [String]
    var dossiers: [String] = []
    var custodian: String?
    /// Its receipts that count, in log order; for a stray the events that found it.
    var sightings: [Sighting] = []
    /// What was said of its damage and stands, in log order.
    var damages: [Damage] = []
    /// For a stray: whether it is known to go elsewhere, and where to.
    var isMisrouted = false
    var belonging: Belonging?

    /// The receipt that counts; for a stray the event that found it.
    var sighting: Sighting? { sightings.first }
    /// What was said last of its damage.
    var damage: Damage? { damages.last }
  }

  /// Where an item that is not on the manifest belongs.
  struct Belonging: Hashable {
    var manifest: String?
    var office: String?
  }

  /// Where an item stands in it.
  enum Place: Hashable {
    case listed(Int)
    case stray(Int)
  }

  private(set) var manifest: ManifestRecord
  /// The state of the log that all of this was read at.
  private(set) var head: LogHead
  /// The manifest's items in its order.
  private(set) var listed: [Entry] = []
  /// What came besides, in order of the events that found it.
  private(set) var strays: [Entry] = []
  /// Numbers to where their items stand. Apart, so that a plan that adds a stray copies little.
  private var listedPlaces: [String: Int] = [:]
  private var strayPlaces: [String: Int] = [:]
  /// What a plan changes of listed items: a list may be long, and a plan touches few of it.
  private var changes: [Int: Entry] = [:]
  private(set) var count = ReceivingCount()
  /// Strays that a plan takes back, as they stood.
  private var former: [String: Entry] = [:]
  /// Events at and after this index are passed over.
  private let end: Int64

  /// - Parameter end: reads the hand-over as it was before the event with this index.
  init(_ store: SQLiteStore, manifest: ManifestRecord, before end: Int64 = .max) throws {
    self.end = end
    // Read first: what is read afterwards can only be newer, and is read again then.
    head = try store.head()
    self.manifest = try store.manifest(manifest.number) ?? manifest
    try read(store)
  }

  var number: String { manifest.number }
  /// Where it is handed over to.
  var office: String { manifest.receiver }
  var isClosed: Bool { manifest.closedEvent != nil }

  /// The closing, if its signers stated that scans were still waiting to be sent.
  func offlineClosing(_ store: SQLiteStore) throws -> EventRecord? {
    guard let index = manifest.closedEvent, let event = try store.events(from: index, limit: 1).first,
      event.reason == ManifestSigning.offline
    else { return nil }
    return event
  }

  func place(of number: String) -> Place? {
    listedPlaces[number].map { .listed($0) } ?? strayPlaces[number].map { .stray($0) }
  }

  subscript(place: Place) -> Entry {
    get {
      switch place {
      case .listed(let position): changes[position] ?? listed[position]
      case .stray(let position): strays[position]
      }
    }
    set {
      tally(self[place], at: place, -1)
      switch place {
      case .listed(let position): changes[position] = newValue
      case .stray(let position): strays[position] = newValue
      }
      tally(newValue, at: place, 1)
    }
  }

  /// The entry that an event counts for.
  func entry(ofEvent event: String) -> Entry? {
    places.lazy.map { self[$0] }.first { entry in
      entry.sightings.contains { $0.event == event } || entry.damages.contains { $0.event == event }
    }
  }

  private var places: [Place] { listed.indices.map { .listed($0) } + strays.indices.map { .stray($0) } }

  private mutating func tally(_ entry: Entry, at place: Place, _ factor: Int) {
    if entry.damage != nil { count.damaged += factor }
    switch place {
    case .listed: if entry.sighting != nil { count.received += factor }
    case .stray: if entry.isMisrouted { count.misrouted += factor } else { count.surplus += factor }
    }
  }

  private mutating func recount() {
    count = ReceivingCount()
    count.expected = listed.count
    for place in places { tally(self[place], at: place, 1) }
  }

  // MARK: Reading

  private mutating func read(_ store: SQLiteStore) throws {
    (listed, strays) = ([], [])
    (listedPlaces, strayPlaces) = ([:], [:])
    for item in try store.items(ofManifest: number) {
      guard let history = try history(item.number, store) else { continue }
      // The store names an item by the number it bears now; the list by the one that the manifest names.
      let listing = history.events.first { $0.kind == .dispatched && $0.identifier.hasPrefix(number + "+") }
      let named = listing?.item ?? item.number
      // An item that a manifest names twice, under two numbers, is still one.
      guard listedPlaces[named] == nil else { continue }
      let entry = entry(named, history)
      for number in entry.numbers + [named] { listedPlaces[number] = listed.count }
      listed.append(entry)
    }
    for event in try store.surplusEvents(ofManifest: number) where event.office == office && event.index < end
    {
      guard let item = event.item, let history = try history(item, store) else { continue }
      // In the order of the events that count: one that was taken back and found again stands where it was found again.
      if stray(item, history).sighting?.event == event.identifier { try take(stray: item, history) }
    }
    recount()
  }

  private func history(_ item: String, _ store: SQLiteStore) throws -> ItemHistory? {
    guard var history = try store.history(ofItem: item) else { return nil }
    if end != .max { history.events.removeAll { $0.index >= end } }
    return history
  }

  private mutating func append(stray entry: Entry) {
    for number in entry.numbers + [entry.number] where place(of: number) == nil {
      strayPlaces[number] = strays.count
    }
    strays.append(entry)
    tally(entry, at: .stray(strays.count - 1), 1)
  }

  /// Takes up an item that came besides, unless it does not count: taken back, or meanwhile known to be one that was
  /// received or that stands here under another number.
  private mutating func take(stray item: String, _ history: ItemHistory) throws {
    let entry = self.stray(item, history)
    guard entry.sighting != nil else { return }
    switch entry.numbers.compactMap({ place(of: $0) }).first {
    case nil: append(stray: entry)
    // It was found before anybody knew that it is on the list: both stay visible until it is received.
    case .listed(let position) where listed[position].sighting == nil: append(stray: entry)
    default: break
    }
  }

  private func entry(_ number: String, _ history: ItemHistory) -> Entry {
    let events = UncorrectedEvents(history)
    var entry = base(number, history, events)
    entry.sightings = receipts(events).map(Self.sighting)
    return entry
  }

  private func stray(_ number: String, _ history: ItemHistory) -> Entry {
    let events = UncorrectedEvents(history)
    var entry = base(number, history, events)
    let found = events.filter { $0.kind == .surplus && isOurs($0) }
    entry.sightings = found.map(Self.sighting)
    entry.isMisrouted = found.first?.reason == Self.misrouted
    entry.belonging = entry.isMisrouted ? belonging(history) : nil
    return entry
  }

  private func base(_ number: String, _ history: ItemHistory, _ events: UncorrectedEvents) -> Entry {
    var entry = Entry(
      number: number, numbers: history.numbers, dossiers: history.dossiers.compactMap(\.code),
      custodian: history.summary.custodian)
    entry.damages = events.filter { $0.kind == .damaged && isOurs($0) }.map {
      Damage(
        event: $0.identifier, grade: $0.details.damage, cause: $0.reason,
        documents: $0.details.documentsAffected)
    }
    return entry
  }

  private func isOurs(_ event: EventRecord) -> Bool { event.manifest == number && event.office == office }

  static func sighting(_ event: EventRecord) -> Sighting {
    Sighting(
      event: event.identifier, index: event.index, at: event.at, zone: event.zone, by: event.operatorCode)
  }

  /// The receipts that still count: at the receiver, of this manifest or of none that is named and then between this
  /// dispatch and the next one, and not reported missing since.
  private func receipts(_ events: UncorrectedEvents) -> [EventRecord] {
    let next = events.filter {
      $0.kind == .dispatched && $0.manifest != number && $0.at > manifest.dispatchedAt
    }.map(\.at).min()
    let missing = events.last { $0.kind == .missing && $0.office == office }?.index ?? -1
    return events.filter { event in
      guard event.kind == .received, event.office == office, event.index > missing else { return false }
      if let named = event.manifest { return named == number }
      return event.at >= manifest.dispatchedAt && event.at < next ?? .max
    }
  }

  /// Where an item belongs that is not on the manifest; nil when nothing says that it belongs anywhere.
  func belonging(_ history: ItemHistory) -> Belonging? {
    let events = UncorrectedEvents(history).filter { $0.manifest != number }
    // Where it stands today says nothing of an earlier state of the log.
    let (offered, custodian) =
      end == .max ? (history.summary.offeredTo, history.summary.custodian) : (nil, nil)
    if let sent = events.last(where: { $0.kind == .dispatched }) {
      return Belonging(manifest: sent.manifest, office: sent.to ?? offered)
    }
    let named = events.last { $0.manifest != nil && $0.kind != .surplus && $0.kind != .damaged }
    guard named != nil || offered != nil else { return nil }
    return Belonging(manifest: named?.manifest, office: offered ?? custodian)
  }

  static let misrouted = "misrouted"

  // MARK: Following the log

  /// Brings it to where the log stands.
  mutating func follow(_ store: SQLiteStore) throws {
    try take(try LogNews(store, since: head), store)
  }

  /// Takes up what has come into the log since ``head``.
  mutating func take(_ news: LogNews, _ store: SQLiteStore) throws {
    guard news.now != head else { return }
    guard let events = news.events else { return try readAgain(store, news.now) }
    var touched: Set<Place> = []
    var new: [String] = []
    for event in events {
      if event.kind == .manifestClosed, event.manifest == number { return try readAgain(store, news.now) }
      guard let item = event.item else { continue }
      let place = place(of: item)
      let isKnown = place != nil || event.details.newNumber.map { self.place(of: $0) != nil } ?? false
      // Numbers are joined or parted: every place may change.
      if isKnown, event.kind == .relabelled { return try readAgain(store, news.now) }
      if isKnown, event.kind == .corrected, !strays.isEmpty || isAboutRelabelling(event, store) {
        return try readAgain(store, news.now)
      }
      if let place {
        touched.insert(place)
      } else if event.kind == .surplus, isOurs(event) {
        new.append(item)
      }
    }
    for place in touched {
      let known = self[place]
      // A stray may have been shown beside the item that it is.
      if !strays.isEmpty, known.numbers.count > 1 { return try readAgain(store, news.now) }
      guard let history = try history(known.number, store) else { continue }
      switch place {
      case .listed(let position): listed[position] = entry(known.number, history)
      case .stray(let position): strays[position] = stray(known.number, history)
      }
    }
    for item in new where place(of: item) == nil {
      if let history = try history(item, store) { try take(stray: item, history) }
    }
    recount()
    head = news.now
  }

  private func isAboutRelabelling(_ event: EventRecord, _ store: SQLiteStore) -> Bool {
    guard let target = event.details.corrects, let corrected = try? store.event(identifier: target) else {
      return true
    }
    return corrected.kind == .relabelled
  }

  private mutating func readAgain(_ store: SQLiteStore, _ now: LogHead) throws {
    manifest = try store.manifest(number) ?? manifest
    try read(store)
    head = now
  }

  // MARK: Planning

  /// Notes a planned event as if it were recorded.
  ///
  /// - Parameter history: what the log knows of an item that is not yet here.
  mutating func plan(_ draft: EventDraft, _ history: ItemHistory? = nil) {
    let sighting = Sighting(
      event: draft.identifier, index: nil, at: draft.at, zone: draft.zone, by: draft.operatorCode)
    let place = place(of: draft.item)
    switch draft.kind {
    case .received:
      if let place { self[place].sightings.append(sighting) }
    case .surplus:
      guard place == nil else { return }
      var entry =
        former[draft.item] ?? history.map { stray(draft.item, $0) }
        ?? Entry(number: draft.item, numbers: [draft.item])
      entry.sightings = [sighting]
      entry.isMisrouted = draft.reason == Self.misrouted
      entry.belonging = entry.isMisrouted ? history.flatMap(belonging) : nil
      append(stray: entry)
    case .damaged:
      guard let place else { return }
      self[place].damages.append(
        Damage(
          event: draft.identifier, grade: draft.damage, cause: draft.reason,
          documents: draft.documentsAffected))
    case .corrected: takeBack(draft.corrects)
    default: break
    }
  }

  private mutating func takeBack(_ target: String?) {
    for place in places {
      var entry = self[place]
      entry.sightings.removeAll { $0.event == target }
      entry.damages.removeAll { $0.event == target }
      if entry.sightings.count != self[place].sightings.count
        || entry.damages.count != self[place].damages.count
      {
        self[place] = entry
      }
    }
    guard let gone = strays.firstIndex(where: \.sightings.isEmpty) else { return }
    let entry = strays.remove(at: gone)
    tally(entry, at: .stray(gone), -1)
    for number in entry.numbers + [entry.number] { former[number] = entry }
    strayPlaces = strayPlaces.compactMapValues { $0 == gone ? nil : $0 > gone ? $0 - 1 : $0 }
  }
}
