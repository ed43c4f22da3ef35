internal import CustodyLog
internal import DossierCore

/// One event or manifest of which something is to go.
struct ErasureTarget {
  /// Index of the event whose fields go; nil when a manifest's original goes.
  var event: Int64?
  /// The manifest whose original goes.
  var manifest: Int64?
  /// The event's identifier or the manifest's number.
  var erases: String
  var names: [String]
}

/// Finds out what of the personal data asked for is still there, and where.
struct ErasurePlan {
  private let reader: StoreReader
  private let selectSecrets: Statement
  private let selectPart: Statement
  private var names: [Int64: [String]] = [:]
  private var documents: Set<Int64> = []
  /// So many names stand in one event, that its leaf stays within its limit.
  private static let namesInEvent = 100

  init(_ reader: StoreReader) throws {
    self.reader = reader
    // Kept with the connection: a plan is made for every item that may be due.
    selectSecrets = try reader.connection.prepared("SELECT secrets FROM content WHERE event = ?1")
    selectPart = try reader.connection.prepared(
      "SELECT 1 FROM document_part WHERE manifest = ?1 LIMIT 1")
  }

  /// Adds what of `fields` is there of the subject. Whatever a manifest's original states as well takes the original
  /// with it.
  mutating func add(_ subject: ErasureSubject, _ fields: Set<ErasureField>) throws {
    switch subject {
    case .item(let number):
      guard let item = try reader.items.item(Subject(number: number)) else { return }
      for member in try reader.items.group(of: item) {
        for row in try reader.items.chain(member) where row.content != nil { try take(row, fields) }
      }
    case .dossier(let code): try add(dossier: code, fields)
    case .manifest(let number):
      guard let manifest = try reader.manifest(number) else { return }
      if fields.contains(.document) { try take(document: manifest.id) }
      let select = try Statement(
        reader.connection,
        """
        SELECT \(EventRow.columns) FROM event
        WHERE idx >= ?1 AND idx <= ?2 AND content IS NOT NULL ORDER BY idx
        """)
      select.bind(1, manifest.firstEvent)
      select.bind(2, manifest.recordedEvent)
      while try select.step() {
        guard let row = EventRow(select) else { throw StoreFault.malformedRow("event \(select.int(0))") }
        if row.manifest == manifest.id { try take(row, fields) }
      }
    case .event(let identifier):
      guard let index = try reader.items.index(ofIdentifier: identifier),
        let row = try reader.items.event(index), row.content != nil
      else { return }
      try take(row, fields)
    }
  }

  private mutating func add(dossier code: String, _ fields: Set<ErasureField>) throws {
    let select = try Statement(
      reader.connection,
      """
      SELECT d.event, d.id - c.first_dossier + 1 FROM dossier d JOIN content c ON c.event = d.event
      WHERE d.code = ?1 ORDER BY d.id
      """)
    let text = ArraySlice(code.utf8)
    if let packed = try DossierCodePacking.pack(text, reader.terms, adding: false) {
      select.bind(1, packed)
    } else {
      select.bind(text: text, 1)
    }
    var found: [(event: Int64, ordinal: Int)] = []
    while try select.step() { found.append((select.int(0), Int(select.int(1)))) }
    for (event, ordinal) in found {
      guard let row = try reader.items.event(event) else { continue }
      try take(row, fields, ordinal: ordinal)
    }
    guard fields.contains(.note) else { return }
    for number in try reader.items(carrying: code) { try add(.item(number), [.note]) }
  }

  /// - Parameter ordinal: of the one dossier meant; nil for all of the event.
  private mutating func take(_ row: EventRow, _ fields: Set<ErasureField>, ordinal: Int? = nil) throws {
    selectSecrets.bind(1, row.index)
    guard try selectSecrets.step() else { return }
    defer { selectSecrets.reset() }
    guard let entries = VaultSecrets.entries(selectSecrets.bytes(0)) else {
      throw StoreFault.malformedRow("content \(row.index)")
    }
    var isInDocument = fields.contains(.document)
    for entry in entries where entry.erased == nil {
      guard let field = fields.first(where: { $0.vaultField == entry.field }),
        ordinal == nil || entry.ordinal == 0 || entry.ordinal == ordinal
      else { continue }
      isInDocument = isInDocument || field.isInDocument
      if names[row.index]?.contains(entry.name) != true { names[row.index, default: []].append(entry.name) }
    }
    if isInDocument, row.manifest > 0, row.isConsignment || row.kind == .manifestRecorded {
      try take(document: row.manifest)
    }
  }

  private mutating func take(document manifest: Int64) throws {
    selectPart.bind(1, manifest)
    defer { selectPart.reset() }
    if try selectPart.step() { documents.insert(manifest) }
  }

  /// What was found: events in the order of the log, then originals in the order of their manifests.
  func targets() throws -> [ErasureTarget] {
    var targets: [ErasureTarget] = []
    for (event, names) in names.sorted(by: { $0.key < $1.key }) {
      guard let row = try reader.items.event(event) else { continue }
      let identifier = try reader.coder.identifier(of: row)
      for start in stride(from: 0, to: names.count, by: Self.namesInEvent) {
        let part = Array(names[start..<min(start + Self.namesInEvent, names.count)])
        targets.append(ErasureTarget(event: event, erases: identifier, names: part))
      }
    }
    for manifest in documents.sorted() {
      let number = String(decoding: try reader.coder.manifestNumber(manifest), as: UTF8.self)
      targets.append(ErasureTarget(manifest: manifest, erases: number, names: [ErasureRecord.document]))
    }
    return targets
  }
}
