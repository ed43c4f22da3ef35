internal import CustodyLog
public import DossierCore

/// What reports on custody ask of the store besides journeys. Where a size is given, only rows whose event stands before
/// it are read, so that the answer is the same however much the log has grown since.
extension SQLiteStore {
  /// Every manifest that was recorded when the log had `size` events, in the order of recording.
  ///
  /// - Throws: whatever `body` throws, or on an accident.
  public func sealedManifests(size: UInt64, _ body: (SealedManifest) throws -> Void) throws {
    try read { try CustodyReads($0).manifests(size: Int64(clamping: size), body) }
  }

  /// The dictionary's numbers of words; those that no row uses are left out.
  public func terms(of words: Set<String>) throws -> Set<Int32> {
    try read { reader in
      Set(try words.compactMap { try reader.terms.existing(ArraySlice($0.utf8)) })
    }
  }

  /// All rows of dossiers with these codes, each with the position of its code in the list.
  ///
  /// - Parameter codes: canonical codes (``DossierCode/text``).
  public func dossierRows(ofCodes codes: [String]) throws -> [Int64: Int32] {
    try read { try CustodyReads($0).dossierRows(codes) }
  }
}

private struct CustodyReads {
  let reader: StoreReader

  init(_ reader: StoreReader) { self.reader = reader }

  func manifests(size: Int64, _ body: (SealedManifest) throws -> Void) throws {
    let select = try reader.connection.prepared(
      """
      SELECT id, number, giver, receiver, dispatched_at, closed_event FROM manifest
      WHERE recorded_event < ?1 ORDER BY id
      """)
    let containers = try reader.connection.prepared(
      "SELECT seal FROM container WHERE manifest = ?1 ORDER BY ordinal")
    let closing = try reader.connection.prepared(
      "SELECT at, office, operator, more FROM event WHERE idx = ?1")
    select.bind(1, size)
    while try select.step() {
      var manifest = SealedManifest(
        id: select.int(0), number: select.string(1), giver: try reader.terms.string(select.term(2)),
        receiver: try reader.terms.string(select.term(3)), dispatchedAt: select.int(4))
      containers.bind(1, manifest.id)
      while try containers.step() {
        if let seal = containers.optionalString(0) {
          manifest.seals.append(seal)
        } else {
          manifest.unsealed += 1
        }
      }
      if let closed = select.optionalInt(5), closed < size {
        closing.bind(1, closed)
        if try closing.step() { manifest.closing = try read(closing) }
        closing.reset()
      }
      try body(manifest)
    }
  }

  private func read(_ row: Statement) throws -> SealedManifest.Closing {
    guard let details = EventDetails(encoded: row.bytes(3)) else {
      throw StoreFault.malformedRow("event of a closing")
    }
    return SealedManifest.Closing(
      at: row.int(0), office: try reader.terms.string(row.term(1)),
      signer: try reader.terms.optionalString(row.term(2)) ?? "", witness: details.witness ?? "",
      received: details.received ?? 0, short: details.short ?? 0, surplus: details.surplus ?? 0,
      damaged: details.damaged ?? 0, misrouted: details.misrouted ?? 0)
  }

  func dossierRows(_ codes: [String]) throws -> [Int64: Int32] {
    let select = try reader.connection.prepared("SELECT id FROM dossier WHERE code = ?1")
    var rows: [Int64: Int32] = [:]
    rows.reserveCapacity(codes.count)
    for (position, text) in codes.enumerated() {
      let code = ArraySlice(text.utf8)
      if let packed = try DossierCodePacking.pack(code, reader.terms, adding: false) {
        select.bind(1, packed)
      } else {
        select.bind(text: code, 1)
      }
      while try select.step() { rows[select.int(0)] = Int32(clamping: position) }
    }
    return rows
  }
}
