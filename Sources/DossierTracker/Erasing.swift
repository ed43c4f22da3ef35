internal import CustodyLog
public import DossierCore
internal import DossierSQLite

/// An order to erase as a person states it.
public struct ErasureRequest: Hashable, Sendable {
  /// Item number, dossier code, manifest number or event identifier, as typed.
  public var target: String
  public var fields: Set<ErasureField>
  public var basis: LegalBasis
  /// Code of the person who orders it.
  public var by: String
  /// Free words, kept in the vault.
  public var note: String?

  public init(
    target: String, fields: Set<ErasureField>, basis: LegalBasis, by: String, note: String? = nil
  ) {
    self.target = target
    self.fields = fields
    self.basis = basis
    self.by = by
    self.note = note
  }
}

/// What was erased, and what is left to do about the file.
public struct ErasureResult: Hashable, Sendable {
  public var records: [ErasureRecord]
  /// ``FindingCode/scrubDue`` when the file could not be written anew at once.
  public var findings: [Finding]

  public init(records: [ErasureRecord], findings: [Finding]) {
    self.records = records
    self.findings = findings
  }
}

extension Tracker {
  /// Records an order to erase personal data. Nothing is erased before somebody else carries it out.
  ///
  /// - Returns: what is to go: one record for each event, and one for the original of each manifest that states the
  ///   same.
  /// - Throws: ``TrackerRefusal``: nothing is known by that code, nothing of it is there, or the person has no proper
  ///   code.
  public func orderErasure(_ request: ErasureRequest) throws -> [ErasureRecord] {
    try explained {
      let by = try Self.person(request.by)
      let subject = try erasureSubject(request.target)
      let note = request.note.map { NormalizedText.field(Array($0.utf8)) }.map {
        String(decoding: $0, as: UTF8.self)
      }
      let records = try store.orderErasure(
        [(subject, request.fields)], basis: request.basis.rawValue, by: by, note: note, recordedAt: now)
      if records.isEmpty {
        let fields = ErasureField.allCases.filter(request.fields.contains).map(\.rawValue)
        throw TrackerRefusal(
          Finding(.erasureNothing, expected: fields.joined(separator: ", "), found: request.target))
      }
      return records
    }
  }

  /// Erases what an order names. No copy is left in the store's files; backups are elsewhere and keep theirs.
  ///
  /// - Parameters:
  ///   - order: the order's name.
  ///   - by: code of another person than the one who ordered it.
  /// - Throws: ``TrackerRefusal``: no such order, carried out already, the same person, or content that is not what
  ///   the log committed to.
  public func carryOutErasure(order: String, by: String) throws -> ErasureResult {
    try explained {
      let by = try Self.person(by)
      switch try store.carryOutErasure(order: order, by: by, recordedAt: now) {
      case .refused(let finding): throw TrackerRefusal(finding)
      case .done(let records): return ErasureResult(records: records, findings: scrubbing())
      }
    }
  }

  /// Orders to erase and what became of them, `limit` after the event `index`.
  public func erasures(after index: Int64 = -1, limit: Int) throws -> [ErasureRecord] {
    try explained { try store.erasures(after: index, limit: limit) }
  }

  /// What was erased, or ordered to be, of items: their events, and the originals of their manifests.
  public func erasures(ofItems numbers: [String]) throws -> [ErasureRecord] {
    try explained { try store.erasures(ofItems: numbers) }
  }

  public func erasures(ofManifest number: String) throws -> [ErasureRecord] {
    try explained { try store.erasures(ofManifest: number) }
  }

  /// Writes the store's file anew, if something was erased since that was last done: where it could not be done at
  /// once.
  ///
  /// - Returns: a finding when it could not be done now either.
  public func scrub() throws -> [Finding] { try explained { scrubbing() } }

  /// Erases in this store what another copy of its log says was erased: after a backup that is older than the erasure
  /// was restored.
  ///
  /// - Parameter records: of the newer copy.
  /// - Returns: how many records had something to erase here, and the identifiers that are not in this store.
  public func repeatErasures(_ records: [ErasureRecord]) throws
    -> (repeated: Int, unknown: [String], findings: [Finding])
  {
    try explained {
      let outcome = try store.repeatErasures(records, recordedAt: now)
      return (outcome.repeated, outcome.unknown.map(\.erases), outcome.refused + scrubbing())
    }
  }

  /// What is erased stays erased when the file cannot be written anew: that is told and stays due.
  func scrubbing() -> [Finding] {
    do {
      try store.scrub()
      return []
    } catch {
      let text = StoreAccident.classify(error)?.text ?? "\(error)"
      return [Finding(.scrubDue, path: store.path, detail: text)]
    }
  }

  static func person(_ code: String) throws -> String {
    switch OperatorCode.parse(code) {
    case .success(let person): return person.text
    case .failure(let refusal):
      throw TrackerRefusal(
        Finding(.operatorCodeForm, expected: refusal.expected, found: refusal.found))
    }
  }

  private func erasureSubject(_ code: String) throws -> ErasureSubject {
    if case .success(let number) = ItemNumber.parse(code), try store.history(ofItem: number.text) != nil {
      return .item(number.text)
    }
    if case .success(let number) = ManifestNumber.parse(code), try store.manifest(number.text) != nil {
      return .manifest(number.text)
    }
    if case .success(let dossier) = DossierCode.parse(code),
      try !store.items(carrying: dossier.text).isEmpty
    {
      return .dossier(dossier.text)
    }
    if try store.event(identifier: code) != nil { return .event(code) }
    throw TrackerRefusal(Finding(.unknownCode, found: code))
  }
}
