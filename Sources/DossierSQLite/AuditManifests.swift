internal import CustodyLog
internal import DossierCore

/// Every manifest's row against its events, and its kept bytes against their SHA-256.
struct ManifestRun: Sendable {
  var manifests: Int64 = 0
  var containers: Int64 = 0
  /// Manifests of whose original nothing is left.
  var erased: Int64 = 0
  var findings = RowFindings()

  /// Adds what was found about other manifests.
  mutating func add(_ other: ManifestRun) {
    manifests += other.manifests
    containers += other.containers
    erased += other.erased
    findings.add(other.findings)
  }
}

/// Checks manifests from one connection.
final class ManifestAudit {
  private let reader: StoreReader
  private let select: Statement
  private let selectContainers: Statement
  private let selectClosing: Statement
  private let selectDossiers: Statement
  private let selectPart: Statement

  init(_ reader: StoreReader) throws {
    self.reader = reader
    select = try Statement(
      reader.connection,
      "SELECT \(StoreReader.manifestColumns) FROM manifest WHERE id >= ?1 AND id <= ?2 ORDER BY id")
    selectContainers = try Statement(
      reader.connection, "SELECT COUNT(*), MIN(ordinal), MAX(ordinal) FROM container WHERE manifest = ?1")
    selectPart = try Statement(
      reader.connection, "SELECT 1 FROM document_part WHERE manifest = ?1 LIMIT 1")
    selectClosing = try Statement(
      reader.connection,
      """
      SELECT idx, seq, prev_event, prev, operator, more FROM event
      WHERE id = ?1 AND kind = \(EventKind.manifestClosed.rawValue) AND manifest = ?2
      """)
    selectDossiers = try Statement(
      reader.connection, "SELECT COALESCE(SUM(dossiers), 0) FROM content WHERE event >= ?1 AND event < ?2")
  }

  /// Checks the manifests with ids in `range`.
  func run(_ range: ClosedRange<Int64>, into run: inout ManifestRun) throws {
    select.bind(1, range.lowerBound)
    select.bind(2, range.upperBound)
    while try select.step() {
      run.manifests += 1
      let id = select.int(0)
      guard let manifest = try? reader.manifest(select) else {
        run.findings.add(Finding(.manifestProjection, path: "manifest/\(id)"), row: id)
        continue
      }
      let isErased = try isDocumentErased(manifest)
      if isErased { run.erased += 1 }
      for finding in try check(manifest) + (isErased ? [] : checkDocument(manifest)) {
        run.findings.add(finding, row: manifest.id)
      }
      selectContainers.bind(1, manifest.id)
      defer { selectContainers.reset() }
      guard try selectContainers.step() else { continue }
      let own = selectContainers.int(0)
      run.containers += own
      // Their ordinals differ, so they are 0, 1, 2 and so on if the ends are right.
      if own > 0 && (selectContainers.int(1) != 0 || selectContainers.int(2) != own - 1) {
        run.findings.add(
          Finding(.manifestProjection, path: "manifest/\(id)", detail: "containers"), row: id)
      }
    }
  }

  private func check(_ manifest: ManifestRecord) throws -> [Finding] {
    let path = "manifest/\(manifest.id)"
    guard let row = try reader.items.event(manifest.recordedEvent), row.kind == .manifestRecorded,
      row.manifest == manifest.id, let details = EventDetails(encoded: row.more)
    else { return [Finding(.manifestProjection, path: path)] }
    var findings: [Finding] = []
    let events = details.events.map(Int64.init)
    let agreements: [Bool] = [
      try reader.terms.string(row.office) == manifest.giver,
      try reader.terms.string(row.to) == manifest.receiver,
      row.at == manifest.dispatchedAt, row.zone == manifest.dispatchedZone, details.leg == manifest.leg,
      details.items == manifest.items, details.dossiers == manifest.dossiers,
      details.weight == manifest.weight, details.document == manifest.sha256,
      details.documentBytes == manifest.byteCount,
      events == manifest.recordedEvent - manifest.firstEvent, row.sequence == 0, row.previous == nil,
      row.previousEvent == nil,
    ]
    if agreements.contains(false) {
      findings.append(Finding(.manifestProjection, path: path, found: manifest.number))
    }
    findings += try checkRules(manifest, row, statesItself: !agreements.contains(false))
    selectClosing.bind(text: "close+\(manifest.number)", 1)
    selectClosing.bind(2, manifest.id)
    defer { selectClosing.reset() }
    let closed = try selectClosing.step() ? selectClosing.int(0) : nil
    if closed != manifest.closedEvent {
      findings.append(
        Finding(
          .manifestProjection, path: path, expected: closed.map { "\($0)" } ?? "-",
          found: manifest.closedEvent.map { "\($0)" } ?? "-"))
    }
    if let closed {
      let hash = try reader.coder.leafHash(row)
      if selectClosing.int(1) != 1 || selectClosing.optionalInt(2) != manifest.recordedEvent
        || selectClosing.digest(3) != hash
      {
        findings.append(Finding(.previousMismatch, path: "event/\(closed)"))
      }
      let signer = try reader.terms.optionalString(selectClosing.term(4))
      let witness = EventDetails(encoded: selectClosing.bytes(5))?.witness
      // Codes differ in more than the case of their letters, or they name one person (C6).
      if signer == nil || signer?.lowercased() == witness?.lowercased() {
        findings.append(
          Finding(
            .sameSigner, path: "event/\(closed)", events: ["close+\(manifest.number)"],
            found: signer ?? "-"))
      }
    }
    return findings
  }

  /// Giver and receiver are two (C6), and what the manifest states of its dossiers is what its items hold (C12).
  private func checkRules(
    _ manifest: ManifestRecord, _ row: EventRow, statesItself: Bool
  ) throws -> [Finding] {
    let path = "manifest/\(manifest.id)"
    var findings: [Finding] = []
    if row.office == row.to {
      findings.append(
        Finding(
          .sameGiverAndReceiver, path: path, events: [try reader.coder.identifier(of: row)],
          found: manifest.giver))
    }
    guard statesItself else { return findings }
    selectDossiers.bind(1, manifest.firstEvent)
    selectDossiers.bind(2, manifest.recordedEvent)
    defer { selectDossiers.reset() }
    if try selectDossiers.step(), selectDossiers.int(0) != Int64(manifest.dossiers) {
      findings.append(
        Finding(
          .manifestCount, path: path, events: [try reader.coder.identifier(of: row)],
          expected: "\(manifest.dossiers) dossiers", found: "\(selectDossiers.int(0))"))
    }
    return findings
  }

  private func isDocumentErased(_ manifest: ManifestRecord) throws -> Bool {
    selectPart.bind(1, manifest.id)
    defer { selectPart.reset() }
    return try !selectPart.step()
  }

  /// The kept original against what was recorded of it.
  func checkDocument(_ manifest: ManifestRecord) throws -> [Finding] {
    let path = "manifest/\(manifest.id)"
    var digest = StreamingSHA256()
    var count: Int64 = 0
    do {
      try DocumentParts.read(reader.connection, manifest: manifest.id) { bytes in
        digest.update(bytes)
        count += Int64(bytes.count)
      }
    } catch let fault as StoreFault {
      return [Finding(.documentMismatch, path: path, detail: fault.description)]
    }
    let found = digest.finalized()
    if found == manifest.sha256 && count == manifest.byteCount { return [] }
    return [Finding(.documentMismatch, path: path, expected: manifest.sha256.hex, found: found.hex)]
  }
}
