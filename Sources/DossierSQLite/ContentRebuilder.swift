internal import CustodyLog
internal import DossierCore

/// Goes through the rows of the vault and builds the value of every field again from vault and rows: for the audit,
/// which compares it with the commitment, and for proofs, which show it.
///
/// Confined to the connection of its reader.
final class ContentRebuilder {
  private let reader: StoreReader
  private let select: Statement
  private let selectDossiers: Statement
  private let selectContainer: Statement
  private let selectContainers: Statement
  /// The bag that was looked up last, by manifest and ordinal: neighbours mostly lie in one.
  private var container: (manifest: Int64, ordinal: Int64, number: [UInt8])?
  /// Whether `selectDossiers` stands on a row that was not taken yet.
  private var hasDossier = false
  /// How many dossiers the content at hand should have.
  private(set) var dossierCount = 0
  private var contents = ContentsJSON()
  private var codes: [[UInt8]?] = []
  private var encoded: [UInt8] = []
  private var json: [UInt8] = []

  init(_ reader: StoreReader) throws {
    self.reader = reader
    select = try Statement(
      reader.connection,
      """
      SELECT c.event, c.container, c.weight, c.condition, c.fee, c.first_dossier, c.dossiers, c.secrets,
        e.content, e.manifest, e.kind, e.idx, e.subject
      FROM content c LEFT JOIN event e ON e.idx = c.event WHERE c.event >= ?1 AND c.event < ?2 ORDER BY c.event
      """)
    selectDossiers = try Statement(
      reader.connection,
      """
      SELECT \(StoreReader.dossierColumns), event, manifest, id FROM dossier
      WHERE id >= ?1 ORDER BY id
      """)
    selectContainer = try Statement(
      reader.connection, "SELECT number FROM container WHERE manifest = ?1 AND ordinal = ?2")
    selectContainers = try Statement(
      reader.connection, "SELECT ordinal, number, seal FROM container WHERE manifest = ?1 ORDER BY ordinal")
  }

  // MARK: Rows

  /// Begins with the contents of the events in `range`.
  func begin(_ range: Range<Int64>) {
    select.reset()
    select.bind(1, range.lowerBound)
    select.bind(2, range.upperBound)
  }

  /// Goes to the next event's content; false after the last.
  func next() throws -> Bool { try select.step() }

  /// Index of the event at hand.
  var event: Int64 { select.int(0) }
  /// Whether the log has that event.
  var hasEvent: Bool { !select.isNull(11) }
  /// What its leaf commits to.
  var content: Digest? { select.digest(8) }
  var subject: Subject { Subject.read(select, 12) }

  /// Leaves no read open.
  func end() {
    select.reset()
    leaveDossiers()
  }

  func leaveDossiers() {
    selectDossiers.reset()
    hasDossier = false
  }

  // MARK: Values

  /// One row of the `dossier` table, as far as it is not part of a value.
  struct DossierPlace {
    var id: Int64
    /// The event and the manifest that the row itself names.
    var event: Int64
    var manifest: Int64
    var field: Int32
    var agency: Int32
  }

  /// Builds the values of the content at hand.
  ///
  /// - Parameters:
  ///   - dossier: called for each row of a dossier, with the manifest that it should belong to.
  ///   - field: called for each field in the order of the commitments, with its value as canonical JSON.
  ///   - erased: called instead for a field of which only the commitment is left, and whether its value still stands
  ///     in a column.
  /// - Returns: false when the row holds what no writer of this store puts there.
  func rebuild(
    dossier: (DossierPlace, _ manifest: Int64) -> Void,
    field: (VaultCursor, _ json: [UInt8]) -> Void,
    erased: (VaultCursor, _ isStillThere: Bool) -> Void
  ) throws -> Bool {
    let secrets = select.view(7)
    guard !secrets.isEmpty, try buildContents(dossier) else { return false }
    var entry = VaultCursor(secrets)
    while !entry.isAtEnd {
      guard entry.next() else { return false }
      if entry.isErased {
        guard entry.field != .contents else { return false }
        var isStillThere = false
        if entry.field == .dossierCode {
          guard entry.ordinal >= 1, entry.ordinal <= codes.count else { return false }
          isStillThere = codes[entry.ordinal - 1] != nil
        }
        erased(entry, isStillThere)
        continue
      }
      switch entry.field {
      case .contents:
        field(entry, contents.bytes)
        continue
      case .dossierCode:
        guard entry.ordinal >= 1, entry.ordinal <= codes.count, let code = codes[entry.ordinal - 1] else {
          return false
        }
        VaultJSON.string(code[...], into: &json)
      default: entry.copyJSON(into: &json)
      }
      field(entry, json)
    }
    return true
  }

  /// Leaves the value of `contents` in `contents`, and the codes of the dossiers in `codes`, in order.
  ///
  /// - Returns: false when the row holds what no writer of this store puts there.
  private func buildContents(_ dossier: (DossierPlace, Int64) -> Void) throws -> Bool {
    codes.removeAll(keepingCapacity: true)
    dossierCount = 0
    let manifest = select.int(9)
    guard let first = select.optionalInt(5), let count = select.optionalInt(6), ItemRow.isRange(first, count)
    else {
      if (1...6).contains(where: { !select.isNull($0) }) { return false }
      contents.replace(with: [])
      if EventKind(rawValue: UInt8(exactly: select.int(10)) ?? 0) == .manifestRecorded {
        contents.replace(with: VaultJSON.containers(try containers(manifest)))
      }
      return true
    }
    guard let container = try containerNumber(manifest, select.optionalInt(1)) else { return false }
    // Values that the encoding would leave out must be absent in the row too.
    guard let condition = UInt8(exactly: select.int(3)).flatMap(ItemCondition.init(rawValue:)),
      !select.isNull(3), let weight = Int32(exactly: select.optionalInt(2) ?? -1),
      weight >= 0 || select.isNull(2), let fee = select.optionalInt(4) ?? -1 as Int64?,
      fee >= 0 || select.isNull(4)
    else { return false }
    contents.begin(condition: condition, container: container[...])
    try dossiers(first..<(first + count), manifest, dossier)
    contents.end(fee: fee, weight: weight)
    return true
  }

  /// The bag's number; empty for none, nil when there is no such bag.
  private func containerNumber(_ manifest: Int64, _ ordinal: Int64?) throws -> [UInt8]? {
    guard let ordinal else { return [] }
    if let container, container.manifest == manifest, container.ordinal == ordinal { return container.number }
    selectContainer.bind(1, manifest)
    selectContainer.bind(2, ordinal)
    guard try selectContainer.step() else { return nil }
    defer { selectContainer.reset() }
    let number = selectContainer.bytes(0)
    container = (manifest, ordinal, number)
    return number
  }

  /// Adds the dossiers in `range`. The statement stays where it ends: the next event's dossiers mostly begin there.
  private func dossiers(
    _ range: Range<Int64>, _ manifest: Int64, _ take: (DossierPlace, Int64) -> Void
  ) throws {
    dossierCount = range.count
    if range.isEmpty { return }
    if !hasDossier || selectDossiers.int(10) != range.lowerBound {
      selectDossiers.reset()
      selectDossiers.bind(1, range.lowerBound)
      hasDossier = try selectDossiers.step()
    }
    while hasDossier, selectDossiers.int(10) < range.upperBound {
      take(
        DossierPlace(
          id: selectDossiers.int(10), event: selectDossiers.int(8), manifest: selectDossiers.int(9),
          field: selectDossiers.term(2), agency: selectDossiers.term(3)), manifest)
      codes.append(try dossier())
      hasDossier = try selectDossiers.step()
    }
  }

  private func dossier() throws -> [UInt8]? {
    let procedure = try reader.terms.bytes(selectDossiers.term(1))
    let field = try reader.terms.bytes(selectDossiers.term(2))
    let agency = try reader.terms.bytes(selectDossiers.term(3))
    let day = { (column: Int32) -> Int32 in
      self.selectDossiers.isNull(column) ? DossierRecord.noDay : self.selectDossiers.int32(column)
    }
    encoded.removeAll(keepingCapacity: true)
    selectDossiers.append(7, to: &encoded)
    if encoded.isEmpty && !selectDossiers.isNull(7) || isNoDay(4) || isNoDay(5) || isNoDay(6) {
      throw StoreFault.malformedRow("dossier \(selectDossiers.int(10))")
    }
    var failure: (any Error)?
    contents.dossier(
      agency: agency[...], due: day(5), field: field[...], procedure: procedure[...], received: day(4),
      result: day(6)
    ) { contents in
      do { try self.documents(encoded, &contents) } catch { failure = error }
    }
    if let failure { throw failure }
    if selectDossiers.isNull(0) { return nil }
    if selectDossiers.isInteger(0) {
      return try DossierCodePacking.unpack(selectDossiers.int(0), reader.terms)
    }
    // A code that could be packed is looked up packed: as text nobody would find it.
    let text = selectDossiers.bytes(0)
    let packed = try DossierCodePacking.pack(text[...], reader.terms, adding: false)
    guard selectDossiers.isText(0), packed == nil else {
      throw StoreFault.malformedRow("dossier \(selectDossiers.int(10))")
    }
    return text
  }

  /// A value that stands for "no day" but is not NULL.
  private func isNoDay(_ column: Int32) -> Bool {
    !selectDossiers.isNull(column) && selectDossiers.int32(column) == DossierRecord.noDay
  }

  private func documents(_ bytes: [UInt8], _ contents: inout ContentsJSON) throws {
    var position = 0
    while position < bytes.count {
      let name = number(bytes, &position)
      let originals = number(bytes, &position)
      let certified = number(bytes, &position)
      let photocopies = number(bytes, &position)
      guard let name, let originals, let certified, let photocopies else {
        throw StoreFault.malformedRow("dossier \(selectDossiers.int(10))")
      }
      let text = try reader.terms.bytes(name)
      contents.document(
        name: text[...], originals: originals, certifiedCopies: certified, photocopies: photocopies)
    }
  }

  private func number(_ bytes: [UInt8], _ position: inout Int) -> Int32? {
    Varint.read(bytes, &position).flatMap(Int32.init(exactly:))
  }

  private func containers(_ manifest: Int64) throws -> [Container] {
    var containers: [Container] = []
    selectContainers.bind(1, manifest)
    while try selectContainers.step() {
      containers.append(
        Container(number: selectContainers.string(1), seal: selectContainers.optionalString(2)))
    }
    return containers
  }
}
