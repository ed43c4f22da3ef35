internal import CustodyLog
internal import DossierCore

/// The writing side of one connection: the log, the items' projection, the counters and the vault's rows.
///
/// Confined to the store's serial database queue. Every transaction begins with ``begin(now:)``, which reads
/// where the log stands, since other processes write to the same file; after a rollback ``forget()`` drops what
/// was cached in it.
final class StoreWriter {
  let connection: Connection
  let terms: Terms
  let coder: EventCoder
  let log: LogWriter
  let items: ItemReader
  let counters: LossCounters
  let consignments: ConsignmentWriter
  var content: ContentBuilder
  private let insertItem: Statement
  private let updateItem: Statement
  private let selectLastItem: Statement
  private let selectSecrets: Statement
  private let insertRelabelling: Statement
  private let selectManifest: Statement
  private let selectAwaiting: Statement
  private(set) var nextItem: Int64 = 1

  init(_ connection: Connection, salts: SaltSource) throws {
    self.connection = connection
    terms = try Terms(connection, writable: true)
    coder = try EventCoder(connection, terms: terms)
    log = try LogWriter(connection, coder: coder)
    items = try ItemReader(connection, coder: coder)
    counters = try LossCounters(connection)
    content = ContentBuilder(salts: salts)
    let marks = (1...22).map { "?\($0)" }.joined(separator: ", ")
    insertItem = try Statement(
      connection, "INSERT INTO item(\(ItemRow.columns)) VALUES(\(marks)) ON CONFLICT(number) DO NOTHING")
    updateItem = try Statement(
      connection,
      """
      UPDATE item SET same_as = ?3, head_event = ?4, head_seq = ?5, head_hash = ?6, state = ?7, custodian = ?8,
        offered_to = ?9, outcome = ?10, flags = ?11, damage = ?12, attempts = ?13, entrusted_day = ?14,
        entrusted_by = ?15, first_receiver = ?16, leg = ?17, manifest = ?18, last_at = ?19, first_dossier = ?20,
        dossiers = ?21, findings = ?22
      WHERE id = ?1 AND number IS ?2
      """)
    selectLastItem = try Statement(connection, "SELECT COALESCE(MAX(id), 0) FROM item")
    consignments = try ConsignmentWriter(connection)
    selectSecrets = try Statement(connection, "SELECT secrets FROM content WHERE event = ?1")
    insertRelabelling = try Statement(connection, "INSERT INTO relabelling VALUES(?1, ?2, ?3)")
    selectManifest = try Statement(connection, "SELECT id FROM manifest WHERE number = ?1")
    selectAwaiting = try Statement(connection, "SELECT id FROM item WHERE manifest = ?1 AND manifest < 0")
  }

  func begin(now: Int64) throws {
    try log.begin(now: now)
    guard try selectLastItem.step() else { return }
    nextItem = selectLastItem.int(0) + 1
    selectLastItem.reset()
  }

  func finish() throws {
    try counters.flush()
    try log.finish()
  }

  func forget() {
    coder.forget()
    counters.forget()
  }

  /// Inserts an item that is new.
  ///
  /// - Returns: false when the number is known already; nothing is changed then.
  func insert(_ item: inout ItemRow) throws -> Bool {
    item.id = nextItem
    item.bind(insertItem)
    try insertItem.run()
    guard changes() == 1 else { return false }
    nextItem += 1
    return true
  }

  /// Gives the next numbers to items about to be inserted.
  func number(_ group: inout [Consignment]) {
    for position in group.indices { group[position].item.id = nextItem + Int64(position) }
  }

  /// So many of them were inserted.
  func confirm(items: Int) { nextItem += Int64(items) }

  func update(_ item: ItemRow) throws {
    item.bind(updateItem)
    try updateItem.run()
    if changes() != 1 { throw StoreFault.malformedRow("item \(item.id)") }
  }

  func manifestID(_ number: String) throws -> Int64? {
    selectManifest.bind(text: number, 1)
    guard try selectManifest.step() else { return nil }
    defer { selectManifest.reset() }
    return selectManifest.int(0)
  }

  func secrets(ofEvent index: Int64) throws -> [UInt8]? {
    selectSecrets.bind(1, index)
    guard try selectSecrets.step() else { return nil }
    defer { selectSecrets.reset() }
    return selectSecrets.bytes(0)
  }

  /// Appends an event to the chain of the item it is about and brings the item's projection up to date.
  ///
  /// - Parameter row: complete but for what the log and the chain add.
  func appendToItem(_ row: inout EventRow, newNumber: Subject? = nil) throws {
    var item = try items.item(row.subject) ?? ItemRow()
    // These two kinds can join and part numbers anywhere among those that were ever joined.
    let rearranges = row.kind == .corrected || row.kind == .relabelled
    var members: [ItemRow] = []
    if item.id != 0 {
      members = rearranges ? try items.everJoined(to: item).members : try items.group(of: item)
    }
    item.subject = row.subject
    let before = members

    try extendChain(of: &item, with: &row)
    if item.id == 0 {
      guard try insert(&item) else { throw StoreFault.malformedRow("item \(row.subject.string)") }
      members = [item]
    } else {
      members = members.map { $0.id == item.id ? item : $0 }
    }

    if row.kind == .relabelled, let newNumber {
      let joined = try numberRow(newNumber, relabelledFrom: item, event: row.index)
        .filter { other in !members.contains { $0.id == other.id } }
      try restate(members + joined, before: before + joined)
    } else if members.count == 1 && row.kind != .corrected {
      try restateAlone(item, before: before.first)
    } else {
      try restate(members, before: before)
    }
  }

  /// Gives the row its place in the number's chain and in the log.
  func extendChain(of item: inout ItemRow, with row: inout EventRow) throws {
    row.sequence = item.headSequence + 1
    row.previousEvent = item.headEvent >= 0 ? item.headEvent : nil
    row.previous = item.headEvent >= 0 ? item.headHash : nil
    item.headHash = try log.append(&row)
    item.headEvent = row.index
    item.headSequence = row.sequence
  }

  /// Notes that two numbers name one item.
  ///
  /// - Returns: the rows of all numbers that were ever joined to the new one.
  private func numberRow(_ newNumber: Subject, relabelledFrom item: ItemRow, event: Int64) throws -> [ItemRow]
  {
    var other = try items.item(newNumber) ?? ItemRow()
    if other.id == 0 {
      other.subject = newNumber
      guard try insert(&other) else { throw StoreFault.malformedRow("item \(newNumber.string)") }
    }
    let joined = try items.everJoined(to: other).members
    insertRelabelling.bind(1, event)
    insertRelabelling.bind(2, item.id)
    insertRelabelling.bind(3, other.id)
    try insertRelabelling.run()
    return joined
  }

  /// The common case: an item with one number gets one more event.
  private func restateAlone(_ item: ItemRow, before: ItemRow?) throws {
    var item = item
    item.apply(try items.fold(try items.chain(item)))
    item.leg = try items.leg(ofManifest: item.manifest)
    try update(item)
    let old = before.flatMap { Contribution($0) }
    let new = Contribution(item)
    if old == new { return }
    let facts = try items.dossierFacts(of: [item])
    try counters.add(old, facts, times: -1)
    try counters.add(new, facts, times: 1)
  }

  /// Works out anew where items stand whose numbers were joined or parted, and adjusts the counters.
  ///
  /// - Parameters:
  ///   - members: all rows concerned, with their chains' new heads.
  ///   - before: the rows as they stood, whose contributions are in the counters.
  func restate(_ members: [ItemRow], before: [ItemRow]) throws {
    for leader in before where leader.sameAs == nil {
      guard let contribution = Contribution(leader) else { continue }
      let together = [leader] + before.filter { $0.sameAs == leader.id }
      try counters.add(contribution, try items.dossierFacts(of: together), times: -1)
    }
    for member in members { try update(member) }
    var done: Set<Int64> = []
    for member in members where !done.contains(member.id) {
      let group = try items.group(of: member)
      done.formUnion(group.map(\.id))
      try project(group)
    }
  }

  /// Works out anew the items whose first event named a manifest before it was recorded: now they have its leg.
  func restateItems(awaiting manifest: String) throws {
    guard let term = try terms.existing(ArraySlice(manifest.utf8)) else { return }
    selectAwaiting.bind(1, -Int64(term))
    var awaiting: [Int64] = []
    while try selectAwaiting.step() { awaiting.append(selectAwaiting.int(0)) }
    for id in awaiting {
      guard let item = try items.item(id: id) else { continue }
      let group = try items.group(of: item)
      try restate(group, before: group)
    }
  }

  private func project(_ group: [ItemRow]) throws {
    guard let leaderID = group.map(\.id).min() else { return }
    var rows: [EventRow] = []
    for member in group { rows += try items.chain(member) }
    rows.sort { $0.index > $1.index }
    let custody = try items.fold(rows)
    for var member in group {
      if member.id == leaderID {
        member.sameAs = nil
        member.apply(custody)
        member.leg = try items.leg(ofManifest: member.manifest)
        try counters.add(Contribution(member), try items.dossierFacts(of: group), times: 1)
      } else {
        member.sameAs = leaderID
        member.clearCustody()
      }
      try update(member)
    }
  }

  func changes() -> Int32 { connection.changes }
}
