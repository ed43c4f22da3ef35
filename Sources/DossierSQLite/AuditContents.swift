internal import CustodyLog
internal import DossierCore

/// Pass 3 of the audit: what events commit to. Every field's disclosure is built again from the vault and the
/// rows and compared with the commitment in the leaf.
struct ContentRun {
  var contents: Int64 = 0
  var disclosures: Int64 = 0
  var dossiers: Int64 = 0
  var findings: [Finding] = []
}

final class ContentAudit {
  private let reader: StoreReader
  private let select: Statement
  private let selectDossiers: Statement
  private let selectContainer: Statement
  private let selectContainers: Statement
  private var contents = ContentsJSON()
  private var json: [UInt8] = []
  private var inner: [UInt8] = []
  private var disclosure: [UInt8] = []

  init(_ reader: StoreReader) throws {
    self.reader = reader
    select = try Statement(
      reader.connection,
      """
      SELECT c.event, c.container, c.weight, c.condition, c.fee, c.first_dossier, c.dossiers, c.secrets,
        e.content, e.manifest, e.kind, e.idx
      FROM content c LEFT JOIN event e ON e.idx = c.event WHERE c.event >= ?1 AND c.event < ?2 ORDER BY c.event
      """)
    selectDossiers = try Statement(
      reader.connection,
      """
      SELECT \(StoreReader.dossierColumns), event, manifest, id FROM dossier
      WHERE id >= ?1 AND id < ?2 ORDER BY id
      """)
    selectContainer = try Statement(
      reader.connection, "SELECT number FROM container WHERE manifest = ?1 AND ordinal = ?2")
    selectContainers = try Statement(
      reader.connection, "SELECT ordinal, number, seal FROM container WHERE manifest = ?1 ORDER BY ordinal")
  }

  /// Checks the contents of the events in `range`.
  func run(_ range: Range<Int64>) throws -> ContentRun {
    var run = ContentRun()
    select.bind(1, range.lowerBound)
    select.bind(2, range.upperBound)
    while try select.step() {
      run.contents += 1
      let event = select.int(0)
      guard !select.isNull(11) else {
        run.findings.append(Finding(.orphanRow, path: "content/\(event)"))
        continue
      }
      let root: Digest?
      do { root = try contentRoot(&run) } catch let fault as StoreFault {
        selectDossiers.reset()
        run.findings.append(Finding(.disclosureMismatch, path: "content/\(event)", detail: fault.description))
        continue
      }
      guard let root else {
        run.findings.append(Finding(.disclosureMismatch, path: "content/\(event)"))
        continue
      }
      if root != select.digest(8) {
        run.findings.append(
          Finding(
            .disclosureMismatch, path: "content/\(event)", expected: select.digest(8)?.hex ?? "-",
            found: root.hex))
      }
    }
    return run
  }

  /// The digest over the commitments of the row at hand; nil when its bytes are no such layout.
  private func contentRoot(_ run: inout ContentRun) throws -> Digest? {
    let secrets = select.bytes(7)
    guard let entries = VaultSecrets.entries(secrets), !entries.isEmpty else { return nil }
    guard let codes = try buildContents(&run) else { return nil }
    var commitments: [Digest] = []
    commitments.reserveCapacity(entries.count)
    for entry in entries {
      run.disclosures += 1
      switch entry.field {
      case .contents: json = contents.bytes
      case .dossierCode:
        guard entry.ordinal >= 1, entry.ordinal <= codes.count, let code = codes[entry.ordinal - 1] else {
          return nil
        }
        VaultJSON.string(code[...], into: &json)
      default:
        guard let kept = entry.json else { return nil }
        json = kept
      }
      commitments.append(
        entry.commitment(json: json, inner: &inner, disclosure: &disclosure))
    }
    return ContentRoot.combine(commitments)
  }

  /// Leaves the value of `contents` in `contents` and returns the codes of the dossiers in order.
  private func buildContents(_ run: inout ContentRun) throws -> [[UInt8]?]? {
    let manifest = select.int(9)
    guard let first = select.optionalInt(5), let count = select.optionalInt(6), ItemRow.isRange(first, count)
    else {
      if (1...6).contains(where: { !select.isNull($0) }) { return nil }
      contents.replace(with: [])
      if EventKind(rawValue: UInt8(exactly: select.int(10)) ?? 0) == .manifestRecorded {
        contents.replace(with: VaultJSON.containers(try containers(manifest)))
      }
      return []
    }
    var container: [UInt8] = []
    if let ordinal = select.optionalInt(1) {
      selectContainer.bind(1, manifest)
      selectContainer.bind(2, ordinal)
      guard try selectContainer.step() else { return nil }
      container = selectContainer.bytes(0)
      selectContainer.reset()
    }
    // Values that the encoding would leave out must be absent in the row too.
    guard let condition = UInt8(exactly: select.int(3)).flatMap(ItemCondition.init(rawValue:)),
      !select.isNull(3), let weight = Int32(exactly: select.optionalInt(2) ?? -1),
      weight >= 0 || select.isNull(2), let fee = select.optionalInt(4) ?? -1 as Int64?,
      fee >= 0 || select.isNull(4)
    else { return nil }
    contents.begin(condition: condition, container: container[...])
    var codes: [[UInt8]?] = []
    selectDossiers.bind(1, first)
    selectDossiers.bind(2, first + count)
    while try selectDossiers.step() {
      run.dossiers += 1
      if selectDossiers.int(8) != select.int(0) || selectDossiers.int(9) != manifest {
        run.findings.append(Finding(.dossierProjection, path: "dossier/\(selectDossiers.int(10))"))
      }
      codes.append(try dossier())
    }
    contents.end(fee: fee, weight: weight)
    return codes
  }

  private func dossier() throws -> [UInt8]? {
    let procedure = try reader.terms.bytes(selectDossiers.term(1))
    let field = try reader.terms.bytes(selectDossiers.term(2))
    let agency = try reader.terms.bytes(selectDossiers.term(3))
    let day = { (column: Int32) -> Int32 in
      self.selectDossiers.isNull(column) ? DossierRecord.noDay : self.selectDossiers.int32(column)
    }
    let encoded = selectDossiers.bytes(7)
    if encoded.isEmpty && !selectDossiers.isNull(7) || [4, 5, 6].contains(where: { self.isNoDay($0) }) {
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
      let numbers = (0..<4).compactMap { _ in Varint.read(bytes, &position).flatMap(Int32.init(exactly:)) }
      guard numbers.count == 4 else { throw StoreFault.malformedRow("dossier \(selectDossiers.int(10))") }
      let text = try reader.terms.bytes(numbers[0])
      contents.document(
        name: text[...], originals: numbers[1], certifiedCopies: numbers[2], photocopies: numbers[3])
    }
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
