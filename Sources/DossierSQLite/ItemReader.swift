internal import CustodyLog
internal import DossierCore

/// Reads items, their events and their dossiers from one connection.
final class ItemReader {
  let coder: EventCoder
  private let selectByNumber: Statement
  private let selectByID: Statement
  private let selectEvent: Statement
  private let selectEventByIdentifier: Statement
  private let selectManifestByNumber: Statement
  private let selectManifestLeg: Statement
  private let selectContent: Statement
  private let selectDossiers: Statement
  private let selectRelabelled: Statement

  init(_ connection: Connection, coder: EventCoder) throws {
    self.coder = coder
    selectByNumber = try Statement(connection, "SELECT \(ItemRow.columns) FROM item WHERE number = ?1")
    selectByID = try Statement(connection, "SELECT \(ItemRow.columns) FROM item WHERE id = ?1")
    selectEvent = try Statement(connection, "SELECT \(EventRow.columns) FROM event WHERE idx = ?1")
    selectEventByIdentifier = try Statement(connection, "SELECT idx FROM event WHERE id = ?1")
    selectManifestByNumber = try Statement(
      connection, "SELECT first_event, recorded_event FROM manifest WHERE number = ?1")
    selectManifestLeg = try Statement(connection, "SELECT leg FROM manifest WHERE number = ?1")
    selectContent = try Statement(
      connection, "SELECT first_dossier, dossiers, fee FROM content WHERE event = ?1")
    selectDossiers = try Statement(
      connection,
      """
      SELECT d.id, \(try DossierTwins.key(connection, "d")), field, agency FROM dossier d
      WHERE d.id >= ?1 AND d.id < ?2 ORDER BY d.id
      """)
    selectRelabelled = try Statement(
      connection, "SELECT event, old_item, new_item FROM relabelling WHERE old_item = ?1 OR new_item = ?1")
  }

  func item(_ subject: Subject) throws -> ItemRow? {
    subject.bind(selectByNumber, 1)
    return try read(selectByNumber)
  }

  func item(id: Int64) throws -> ItemRow? {
    selectByID.bind(1, id)
    return try read(selectByID)
  }

  private func read(_ statement: Statement) throws -> ItemRow? {
    guard try statement.step() else { return nil }
    defer { statement.reset() }
    guard let row = ItemRow(statement) else { throw StoreFault.malformedRow("item \(statement.int(0))") }
    return row
  }

  func event(_ index: Int64) throws -> EventRow? {
    selectEvent.bind(1, index)
    guard try selectEvent.step() else { return nil }
    defer { selectEvent.reset() }
    guard let row = EventRow(selectEvent) else { throw StoreFault.malformedRow("event \(index)") }
    return row
  }

  /// Index of the event with this identifier, be it the client's or derived from a manifest.
  ///
  /// - Parameter size: as known when the log had so many events.
  func index(ofIdentifier identifier: String, before size: Int64 = .max) throws -> Int64? {
    selectEventByIdentifier.bind(text: identifier, 1)
    if try selectEventByIdentifier.step() {
      defer { selectEventByIdentifier.reset() }
      if selectEventByIdentifier.int(0) < size { return selectEventByIdentifier.int(0) }
    }
    guard let plus = identifier.lastIndex(of: "+"),
      let offset = Int64(identifier[identifier.index(after: plus)...]), offset >= 0,
      identifier.utf8.count == identifier[..<plus].utf8.count + 1 + String(offset).utf8.count
    else { return nil }
    if let pending = coder.pending, pending.number.utf8.elementsEqual(identifier[..<plus].utf8) {
      let (index, overflow) = pending.firstEvent.addingReportingOverflow(offset)
      return overflow ? nil : try event(index)?.index
    }
    selectManifestByNumber.bind(text: String(identifier[..<plus]), 1)
    guard try selectManifestByNumber.step() else { return nil }
    let (index, overflow) = selectManifestByNumber.int(0).addingReportingOverflow(offset)
    let last = selectManifestByNumber.int(1)
    selectManifestByNumber.reset()
    return !overflow && index <= last && index < size ? index : nil
  }

  /// The events of one number, newest first.
  ///
  /// - Parameter size: as known when the log had so many events.
  func chain(_ item: ItemRow, before size: Int64 = .max) throws -> [EventRow] {
    var rows: [EventRow] = []
    var next: Int64? = item.headEvent >= 0 ? item.headEvent : nil
    while let index = next {
      guard let row = try event(index), row.subject == item.subject else {
        throw StoreFault.malformedRow("event \(index)")
      }
      if index < size { rows.append(row) }
      // A chain always leads back: a row that points forward was altered, and would never end.
      guard (row.previousEvent ?? -1) < index else { throw StoreFault.malformedRow("event \(index)") }
      next = row.previousEvent
    }
    return rows
  }

  /// All numbers of the item that `item` belongs to: those joined by a relabelling that was not taken back. A
  /// relabelling is taken back by a correction under any number that was ever joined to it, so that neither the
  /// number a clerk corrects it under nor the order of arrival matters.
  ///
  /// - Parameter size: as known when the log had so many events.
  func group(of item: ItemRow, before size: Int64 = .max) throws -> [ItemRow] {
    let (members, relabellings) = try everJoined(to: item, before: size)
    if relabellings.isEmpty { return members }
    let holding = try self.holding(relabellings, among: members, before: size)
    return Self.group(of: item, members, holding)
  }

  /// The items that all numbers ever joined to this one stand for, each with all its numbers.
  func groups(joinedTo item: ItemRow, before size: Int64) throws -> [[ItemRow]] {
    let (members, relabellings) = try everJoined(to: item, before: size)
    let holding = try self.holding(relabellings, among: members, before: size)
    var groups: [[ItemRow]] = []
    var done: Set<Int64> = []
    for member in members where !done.contains(member.id) {
      let group = Self.group(of: member, members, holding)
      done.formUnion(group.map(\.id))
      groups.append(group)
    }
    return groups
  }

  /// The relabellings that were not taken back.
  private func holding(
    _ relabellings: Set<Relabelling>, among members: [ItemRow], before size: Int64
  ) throws -> Set<Relabelling> {
    var takenBack: Set<Int64> = []
    for member in members {
      for row in try chain(member, before: size) where row.kind == .corrected {
        takenBack.insert(try correctedIndex(row, before: size))
      }
    }
    return relabellings.filter { !takenBack.contains($0.event) }
  }

  private static func group(
    of item: ItemRow, _ members: [ItemRow], _ holding: Set<Relabelling>
  ) -> [ItemRow] {
    var known: Set<Int64> = [item.id]
    var count = 0
    while count != known.count {
      count = known.count
      for edge in holding where known.contains(edge.oldItem) || known.contains(edge.newItem) {
        known.insert(edge.oldItem)
        known.insert(edge.newItem)
      }
    }
    return members.filter { known.contains($0.id) }
  }

  struct Relabelling: Hashable {
    var event: Int64
    var oldItem: Int64
    var newItem: Int64
  }

  /// All numbers joined to the item by relabellings, taken back or not; `item` itself first.
  func everJoined(
    to item: ItemRow, before size: Int64 = .max
  ) throws -> (members: [ItemRow], relabellings: Set<Relabelling>) {
    var members = [item]
    var relabellings: Set<Relabelling> = []
    var position = 0
    while position < members.count {
      selectRelabelled.bind(1, members[position].id)
      position += 1
      var others: Set<Int64> = []
      while try selectRelabelled.step() {
        let edge = Relabelling(
          event: selectRelabelled.int(0), oldItem: selectRelabelled.int(1), newItem: selectRelabelled.int(2))
        if edge.event >= size { continue }
        relabellings.insert(edge)
        others.insert(edge.oldItem)
        others.insert(edge.newItem)
      }
      for id in others.sorted() where !members.contains(where: { $0.id == id }) {
        guard let row = try self.item(id: id) else { throw StoreFault.malformedRow("item \(id)") }
        members.append(row)
      }
    }
    return (members, relabellings)
  }

  func correctedIndex(_ row: EventRow, before size: Int64 = .max) throws -> Int64 {
    guard row.kind == .corrected, let details = EventDetails(encoded: row.more),
      let identifier = details.corrects
    else { return -1 }
    return try index(ofIdentifier: identifier, before: size) ?? -1
  }

  /// The number that the latest relabelling among an item's events gave it; nil when there is none.
  ///
  /// - Parameter numbers: all that the item bears.
  func latestNumber(among numbers: [String], _ rows: [EventRow]) throws -> String? {
    var latest: (at: Int64, identifier: String, number: String)?
    for row in rows where row.kind == .relabelled {
      guard let number = EventDetails(encoded: row.more)?.newNumber, numbers.contains(number) else {
        continue
      }
      let identifier = try coder.identifier(of: row)
      if let latest, (row.at, identifier) < (latest.at, latest.identifier) { continue }
      latest = (row.at, identifier, number)
    }
    return latest?.number
  }

  /// What the state machine reads of a row.
  func custodyEvent(_ row: EventRow) throws -> CustodyEvent {
    var event = CustodyEvent(
      index: row.index, kind: row.kind, grade: row.grade, at: row.at, zone: row.zone, office: row.office,
      to: row.to, manifest: row.manifest)
    (event.damage, event.hasReference) = CustodyEvent.details(row.kind, row.more)
    if row.kind == .corrected { event.corrects = try correctedIndex(row) }
    return event
  }

  func fold(_ rows: [EventRow], report: (CustodyFinding) -> Void = { _ in }) throws -> CustodyState {
    var events: [CustodyEvent] = []
    events.reserveCapacity(rows.count)
    for row in rows.reversed() { events.append(try custodyEvent(row)) }
    return try fold(&events, report: report)
  }

  /// Folds all events of an item, which are sorted on the way.
  func fold(_ events: inout [CustodyEvent], report: (CustodyFinding) -> Void) throws -> CustodyState {
    var failure: (any Error)?
    let state = CustodyState(
      folding: &events,
      identifier: { index in
        do { return try self.event(index).map(self.coder.identifier) ?? "" } catch {
          failure = error
          return ""
        }
      }, report: report)
    if let failure { throw failure }
    return state
  }

  /// Leg of a manifest, which an event may have named before it was recorded; 0 when it is not recorded here.
  func leg(ofManifest id: Int64) throws -> UInt8 {
    if id > 0 { return try coder.known(id).leg }
    let number = try coder.manifestNumber(id)
    if number.isEmpty { return 0 }
    if let pending = coder.pending, pending.number.utf8.elementsEqual(number) { return pending.leg.rawValue }
    selectManifestLeg.bind(text: number, 1)
    guard try selectManifestLeg.step() else { return 0 }
    defer { selectManifestLeg.reset() }
    return UInt8(exactly: selectManifestLeg.int(0)) ?? 0
  }

  /// What a manifest's dispatch of an item states of it.
  struct ConsignedContent {
    /// Rows of its dossiers.
    var dossiers: Range<Int64>
    /// The fee to collect, in đồng.
    var fee: Int64?
  }

  /// Rows of the dossiers that an event's consignment holds.
  func dossierRange(ofEvent index: Int64) throws -> Range<Int64>? { try content(ofEvent: index)?.dossiers }

  private func content(ofEvent index: Int64) throws -> ConsignedContent? {
    selectContent.bind(1, index)
    guard try selectContent.step() else { return nil }
    defer { selectContent.reset() }
    guard let first = selectContent.optionalInt(0), let count = selectContent.optionalInt(1),
      ItemRow.isRange(first, count)
    else {
      return nil
    }
    return ConsignedContent(dossiers: first..<(first + count), fee: selectContent.optionalInt(2))
  }

  /// What an item's manifests state of it, the earliest dispatch first: an order that does not depend on which manifest
  /// arrived first, since the first statement about a dossier is the one that counts.
  func consignments(_ events: [EventRow]) throws -> [ConsignedContent] {
    var found: [(at: Int64, manifest: [UInt8], index: Int64, content: ConsignedContent)] = []
    for row in events where row.isConsignment {
      guard let content = try content(ofEvent: row.index) else { continue }
      found.append((row.at, try coder.manifestNumber(row.manifest), row.index, content))
    }
    found.sort { left, right in
      if left.at != right.at { return left.at < right.at }
      if left.manifest != right.manifest { return left.manifest.lexicographicallyPrecedes(right.manifest) }
      return left.index < right.index
    }
    return found.map(\.content)
  }

  /// How many dossiers an item holds, each counted once.
  func dossierCount(of members: [ItemRow]) throws -> Int {
    if members.count == 1, let item = members.first, item.flags & ItemRow.flagSeveralConsignments == 0 {
      return Int(item.dossiers)
    }
    return try dossierFacts(of: members).count
  }

  /// The dossiers of an item, each once, however many manifests name it.
  func dossierFacts(of members: [ItemRow]) throws -> [DossierFacts] {
    if members.count == 1, let item = members.first, item.flags & ItemRow.flagSeveralConsignments == 0 {
      return try dossierFacts(item.firstDossier..<(item.firstDossier + item.dossiers)).map(\.facts)
    }
    var seen: Set<Subject> = []
    var facts: [DossierFacts] = []
    for consignment in try consignments(try members.flatMap({ try chain($0) })) {
      for dossier in try dossierFacts(consignment.dossiers) where seen.insert(dossier.code).inserted {
        facts.append(dossier.facts)
      }
    }
    return facts
  }

  func dossierFacts(_ range: Range<Int64>) throws -> [(code: Subject, facts: DossierFacts)] {
    var found: [(Subject, DossierFacts)] = []
    if range.isEmpty { return found }
    selectDossiers.bind(1, range.lowerBound)
    selectDossiers.bind(2, range.upperBound)
    while try selectDossiers.step() {
      found.append(
        (
          Subject.read(selectDossiers, 1),
          DossierFacts(field: selectDossiers.term(2), agency: selectDossiers.term(3))
        ))
    }
    return found
  }
}

extension CustodyEvent {
  /// What the state machine reads of an event's rare attributes.
  static func details(_ kind: EventKind, _ more: [UInt8]) -> (damage: DamageGrade?, hasReference: Bool) {
    switch kind {
    case .damaged: (EventDetails(encoded: more)?.damage, false)
    case .delivered, .lost, .destroyed: (nil, EventDetails.mentionsReference(more))
    default: (nil, false)
    }
  }
}
