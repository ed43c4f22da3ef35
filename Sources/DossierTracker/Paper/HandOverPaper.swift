internal import CustodyLog
internal import DossierCore
public import DossierReport
internal import DossierSQLite

extension Tracker {
  /// The hand-over record of a manifest: as both signed it, or as far as it is while nobody has.
  ///
  /// - Throws: ``TrackerRefusal`` when the store knows no such manifest.
  public func handOverRecord(ofManifest number: String) throws -> HandOverRecord {
    guard let found = try signedReconciliation(ofManifest: number) else {
      throw TrackerRefusal(Finding(.manifestUnknown, found: number))
    }
    return try explained {
      let manifest = found.manifest
      let end = found.closing?.index ?? .max
      let signing = found.closing.map {
        HandOverRecord.Signing(
          at: Self.text($0.at, $0.zone), isOffline: $0.isOffline, index: $0.index, list: $0.list)
      }
      return HandOverRecord(
        manifest: manifest.number, leg: manifest.leg,
        dispatchedAt: Self.text(manifest.dispatchedAt, manifest.dispatchedZone), document: manifest.sha256,
        giver: .init(office: manifest.giver, name: found.giver?.name, signer: found.closing?.witness),
        receiver: .init(office: manifest.receiver, name: found.receiver?.name, signer: found.closing?.signer),
        heading: try heading(of: found), lines: try found.lines.map { try line($0, before: end) },
        list: found.digest, signing: signing, checkpoint: covering(found.closing))
    }
  }

  private static func text(_ at: Int64, _ zone: Int16) -> String {
    OffsetDateTime(milliseconds: at, offsetMinutes: zone)?.text ?? "-"
  }

  /// The receiver hands the record out: its name stands in the header block.
  private func heading(of found: ManifestReconciliation) throws -> ReportHeading {
    let parent = found.receiver?.parent ?? ""
    let date = found.closing.flatMap {
      OffsetDateTime(milliseconds: $0.at, offsetMinutes: $0.zone)?.localDate
    }
    return ReportHeading(
      superior: parent.isEmpty ? nil : try store.offices().first { $0.code == parent }?.name,
      office: found.receiver?.name ?? found.manifest.receiver, place: nil, date: date)
  }

  private func line(_ line: ManifestReconciliation.Line, before end: Int64) throws -> HandOverRecord.Line {
    let holder = line.outcome == .short ? try lastHolder(of: line.item, before: end) : nil
    return HandOverRecord.Line(
      item: line.item, dossiers: line.dossiers,
      outcome: HandOverRecord.Outcome(rawValue: line.outcome.rawValue) ?? .received, damage: line.damage,
      cause: line.cause, at: line.at.map { Self.text($0, line.zone) }, by: line.by,
      custodian: holder?.office, custodianBy: holder?.person, belongsTo: line.belongsTo,
      belongsToOffice: line.belongsToOffice)
  }

  /// The last signed checkpoint as a note, if the closing lies under it: a paper that proves the log so far.
  private func covering(_ closing: ManifestReconciliation.Closing?) -> String? {
    guard let closing, let last = try? signer.last(), last.checkpoint.size > UInt64(closing.index) else {
      return nil
    }
    return last.memory.note.encoded
  }

  /// Labels of a manifest's items.
  ///
  /// - Throws: ``TrackerRefusal`` when the store knows no such manifest.
  public func labels(ofManifest number: String) throws -> ItemLabels {
    try explained {
      guard case .success(let canonical) = ManifestNumber.parse(number),
        let manifest = try store.manifest(canonical.text)
      else { throw TrackerRefusal(Finding(.manifestUnknown, found: number)) }
      return ItemLabels(
        manifest: manifest.number, giver: manifest.giver, receiver: manifest.receiver,
        items: try store.items(ofManifest: manifest.number).map(\.number))
    }
  }

  /// The slip that a citizen takes along.
  ///
  /// - Parameter address: the station's public address, which the slip's QR code leads to.
  /// - Throws: ``TrackerRefusal`` when the store knows no such item.
  public func slip(ofItem number: String, address: String?) throws -> ItemSlip {
    try explained {
      guard case .success(let canonical) = ItemNumber.parse(number),
        let history = try store.history(ofItem: canonical.text)
      else { throw TrackerRefusal(Finding(.unknownCode, found: number)) }
      let taken = history.events.first { $0.kind == .accepted } ?? history.events.first
      let office = taken?.office ?? self.office
      return ItemSlip(
        item: history.numbers.first ?? canonical.text, dossiers: history.dossiers.compactMap(\.code),
        office: try store.offices().first { $0.code == office }?.name ?? office,
        acceptedAt: taken.map { Self.text($0.at, $0.zone) }, lookup: try lookupCode(ofItem: canonical.text),
        address: address)
    }
  }
}
