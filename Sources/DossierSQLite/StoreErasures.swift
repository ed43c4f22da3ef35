internal import CustodyLog
public import DossierCore

extension SQLiteStore {
  /// Records the order to erase what is there of some fields. Nothing is erased yet.
  ///
  /// - Parameters:
  ///   - basis: raw value of ``LegalBasis``.
  ///   - by: code of the person who orders it.
  ///   - note: free words, kept in the vault.
  /// - Returns: what is to go, with the originals of the manifests that state it as well; nothing when there is
  ///   nothing to erase.
  public func orderErasure(
    _ wanted: [(subject: ErasureSubject, fields: Set<ErasureField>)], basis: String, by: String,
    note: String?,
    recordedAt: Int64
  ) throws -> [ErasureRecord] {
    try write(now: recordedAt) { writer in
      let rows = try ErasureWriter(writer).order(wanted, basis: basis, by: by, note: note)
      let erasures = ErasureReader(try StoreReader(writer.connection))
      return (try rows.map(erasures.record), !rows.isEmpty)
    }
  }

  /// Erases what an order names, and records that, in one transaction. ``scrub()`` must follow.
  ///
  /// - Parameters:
  ///   - order: the name of the order.
  ///   - by: code of another person than the one who ordered it.
  public func carryOutErasure(order: String, by: String, recordedAt: Int64) throws -> ErasureOutcome {
    try write(now: recordedAt) { writer in
      let outcome = try ErasureWriter(writer).carryOut(order: order, by: by)
      if case .done = outcome { return (outcome, true) }
      return (outcome, false)
    }
  }

  /// Orders and carries out, in one transaction: for what is due by a policy that two people apply.
  public func applyErasure(
    _ wanted: [(subject: ErasureSubject, fields: Set<ErasureField>)], basis: String, by: String,
    witness: String, recordedAt: Int64
  ) throws -> ErasureOutcome {
    try write(now: recordedAt) { writer in
      let erasing = try ErasureWriter(writer)
      let rows = try erasing.order(wanted, basis: basis, by: by, note: nil)
      guard let first = rows.first else { return (.done([]), false) }
      let outcome = try erasing.carryOut(order: "erase+\(first.ordered)", by: witness)
      if case .done = outcome { return (outcome, true) }
      return (outcome, false)
    }
  }

  /// Erases in this store what another copy of its log says was erased: for a store restored from a backup that is
  /// older than the erasure. Those that this log does not know are ordered and carried out anew, by the same persons.
  ///
  /// - Parameter records: those of the other copy (``erasures(after:limit:)``); open orders are passed over.
  /// - Returns: how many records had something to erase here, and those whose event or manifest is not here.
  public func repeatErasures(
    _ records: [ErasureRecord], recordedAt: Int64
  ) throws -> (repeated: Int, unknown: [ErasureRecord], refused: [Finding]) {
    var repeated = 0
    var unknown: [ErasureRecord] = []
    var refused: [Finding] = []
    for record in records where record.carriedOut != nil {
      let outcome = try write(now: recordedAt) { writer in
        let outcome = try ErasureWriter(writer).repeatErasure(record)
        if case .done(let done) = outcome, !done.isEmpty { return (outcome, true) }
        return (outcome, false)
      }
      switch outcome {
      case .done(let done): repeated += done.isEmpty ? 0 : 1
      case .refused(let finding): refused.append(finding)
      case nil: unknown.append(record)
      }
    }
    return (repeated, unknown, refused)
  }

  /// Orders to erase and what became of them, in the order of the log, `limit` after the event `index`.
  public func erasures(after index: Int64 = -1, limit: Int) throws -> [ErasureRecord] {
    try read { reader in
      let erasures = ErasureReader(reader)
      return try erasures.rows("ordered > ?1", index, limit: limit).map(erasures.record)
    }
  }

  /// What was erased, or ordered to be, of the events of items and of the originals of their manifests.
  ///
  /// The indices of the events that say so are those of the records: a proof shows them as statements.
  ///
  /// - Parameter numbers: canonical item numbers.
  public func erasures(ofItems numbers: [String]) throws -> [ErasureRecord] {
    try read { reader in
      var rows: [EventRow] = []
      for number in numbers {
        guard let item = try reader.items.item(Subject(number: number)) else { continue }
        for member in try reader.items.group(of: item) { rows += try reader.items.chain(member) }
      }
      return try ErasureReader(reader).records(ofEvents: rows)
    }
  }

  /// The same of a manifest's own event and of its original.
  public func erasures(ofManifest number: String) throws -> [ErasureRecord] {
    try read { reader in
      guard let manifest = try reader.manifest(number) else { return [] }
      let erasures = ErasureReader(reader)
      return try erasures.records(ofManifest: manifest.id).sorted { $0.ordered < $1.ordered }
        .map(erasures.record)
    }
  }

  /// What is due by rules, items or manifests, at most about `limit` after a row.
  ///
  /// - Parameter rules: all about items, or all about manifests; with each the instant before which the journey must
  ///   have ended, in milliseconds since 1970 UTC.
  public func retentionDue(
    _ rules: [(rule: RetentionPolicy.Rule, before: Int64)], ofManifests: Bool, after id: Int64, limit: Int
  ) throws -> [RetentionDue] {
    try read { reader in
      let due = RetentionReader(reader, rules)
      return ofManifests ? try due.manifests(after: id, limit: limit) : try due.items(after: id, limit: limit)
    }
  }
}
