internal import CustodyLog
public import DossierCore

/// What a public look-up by a number reads before whoever asks has shown that the item is theirs.
public struct LookupCandidates: Hashable, Sendable {
  /// The items that the number names; none when the store knows it not.
  public var items: [ItemSummary]
  /// Ends of the telephone numbers stated for them; nothing else of their senders and recipients.
  public var phones: [PhoneEnding]
  /// How many rows were read: the same, on the whole, for a number that the store does not know.
  public var reads: Int
}

extension SQLiteStore {
  /// Finds the items that a number names, and the telephone numbers stated for them.
  ///
  /// For a number that the store does not know some other item is read as well, and forgotten, so that the time an
  /// answer takes does not say which numbers exist.
  ///
  /// - Parameters:
  ///   - number: canonical number of an item.
  ///   - dossier: canonical code of a dossier.
  public func lookupCandidates(item number: String?, dossier: String?) throws -> LookupCandidates {
    try read { try LookupReader($0).candidates(item: number, dossier: dossier) }
  }

  /// The first event of the item with this number: under the number itself, else under another that it bears.
  public func firstEvent(ofItem number: String) throws -> (index: Int64, item: String)? {
    try read { reader in
      guard let row = try reader.items.item(Subject(number: number)) else { return nil }
      let own = try reader.items.chain(row)
      let rows = own.isEmpty ? try reader.items.group(of: row).flatMap { try reader.items.chain($0) } : own
      return rows.min { $0.index < $1.index }.map { ($0.index, $0.subject.string) }
    }
  }

  /// Number of the item that an event is about; nil for any other event and beyond the end of the log.
  public func item(ofEvent index: Int64) throws -> String? {
    try read { reader in
      guard let row = try reader.items.event(index), row.kind.concernsItem else { return nil }
      return row.subject.string
    }
  }
}

/// Reads the vault for a look-up: of contacts the telephone numbers' ends, of everything else nothing.
struct LookupReader {
  private let reader: StoreReader
  private let selectSecrets: Statement

  /// A dossier travels in a handful of items.
  private static let mostItems = 16

  init(_ reader: StoreReader) throws {
    self.reader = reader
    selectSecrets = try reader.connection.prepared("SELECT secrets FROM content WHERE event = ?1")
  }

  func candidates(item number: String?, dossier: String?) throws -> LookupCandidates {
    var groups: [[ItemRow]] = []
    func add(_ row: ItemRow?) throws {
      guard let row, !groups.contains(where: { $0.contains { $0.id == row.id } }) else { return }
      groups.append(try reader.items.group(of: row))
    }
    if let number { try add(try reader.items.item(Subject(number: number))) }
    if let dossier {
      for number in try reader.items(carrying: dossier).prefix(Self.mostItems) {
        try add(try reader.items.item(Subject(number: number)))
      }
    }
    let isKnown = !groups.isEmpty
    if !isKnown { try add(try another(than: number ?? dossier ?? "")) }

    var found = LookupCandidates(items: [], phones: [], reads: 0)
    for group in groups {
      found.reads += group.count
      for event in try group.flatMap({ try reader.items.chain($0) }) {
        found.reads += 1
        if event.content != nil { found.phones += try phones(ofEvent: event.index, &found.reads) }
      }
      guard let leader = group.first(where: { $0.sameAs == nil }) ?? group.first else { continue }
      found.items.append(try reader.summary(leader))
    }
    if !isKnown {
      found.items = []
      found.phones = []
    }
    return found
  }

  /// Some item, for every unknown number another one: the one read always would be at hand sooner than others.
  private func another(than text: String) throws -> ItemRow? {
    let last = try reader.connection.prepared("SELECT MAX(id) FROM item")
    guard try last.step(), let greatest = last.optionalInt(0), greatest > 0 else { return nil }
    last.reset()
    var hasher = Hasher()
    hasher.combine(text)
    let id = 1 + Int64(UInt64(bitPattern: Int64(hasher.finalize())) % UInt64(greatest))
    let select = try reader.connection.prepared("SELECT MIN(id) FROM item WHERE id >= ?1")
    select.bind(1, id)
    guard try select.step(), let near = select.optionalInt(0) else { return nil }
    select.reset()
    return try reader.items.item(id: near)
  }

  private func phones(ofEvent index: Int64, _ reads: inout Int) throws -> [PhoneEnding] {
    selectSecrets.reset()
    selectSecrets.bind(1, index)
    guard try selectSecrets.step() else { return [] }
    reads += 1
    defer { selectSecrets.reset() }
    var endings: [PhoneEnding] = []
    var json: [UInt8] = []
    var entry = VaultCursor(selectSecrets.view(0))
    while !entry.isAtEnd, entry.next() {
      guard entry.field == .sender || entry.field == .recipient, !entry.isErased else { continue }
      entry.copyJSON(into: &json)
      // What is not well formed is the audit's to report; here it is no telephone number.
      guard let contact = try? CanonicalJSON.parse(json), let phone = contact["phone"]?.stringValue else {
        continue
      }
      endings += PhoneEnding.stated(phone)
    }
    return endings
  }
}
