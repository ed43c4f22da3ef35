internal import CustodyLog
internal import DossierCore
internal import DossierManifest
internal import DossierSQLite

extension Tracker {
  /// Writes the receipt of a closed manifest for the giver's system (`Schemas/receipt-1.xsd`): always the same bytes,
  /// whatever is recorded later.
  ///
  /// - Parameter sink: gets the document in parts, in order.
  /// - Throws: ``TrackerRefusal`` when the manifest is unknown or not closed; what the sink throws.
  public func receipt(
    ofManifest number: String, to sink: @escaping ([UInt8]) throws -> Void
  ) throws {
    guard let found = try signedReconciliation(ofManifest: number) else {
      throw TrackerRefusal(Finding(.manifestUnknown, found: number))
    }
    let manifest = found.manifest
    guard let closing = found.closing else {
      throw TrackerRefusal(Finding(.manifestOpen, found: manifest.number))
    }
    let size = UInt64(closing.index) + 1
    let root = try explained { try store.root(atSize: size) }
    guard let root, let closedAt = OffsetDateTime(milliseconds: closing.at, offsetMinutes: closing.zone)
    else {
      throw TrackerRefusal(Finding(.eventMalformed, path: "event/\(closing.index)"))
    }
    let count = found.count
    let receipt = Receipt(
      manifest: manifest.number, document: manifest.sha256, closedAt: closedAt, isOffline: closing.isOffline,
      giver: .init(office: manifest.giver, signer: closing.witness),
      receiver: .init(office: manifest.receiver, signer: closing.signer),
      counts: .init(
        expected: count.expected, received: count.received, short: count.short, surplus: count.surplus,
        misrouted: count.misrouted, damaged: count.damaged),
      list: closing.list ?? found.digest, listIsSigned: closing.list != nil, origin: origin,
      log: LogHead(size: size, root: root))
    try ReceiptWriter.write(receipt, lines: found.lines.lazy.map(Self.line), to: sink)
  }

  private static func line(_ line: ManifestReconciliation.Line) -> Receipt.Line {
    Receipt.Line(
      item: line.item, outcome: Receipt.Outcome(rawValue: line.outcome.rawValue) ?? .received,
      at: line.at.flatMap { OffsetDateTime(milliseconds: $0, offsetMinutes: line.zone) }, by: line.by,
      event: line.event,
      damage: line.damage.map { .init(grade: $0, cause: line.cause, event: line.damageEvent) },
      manifest: line.belongsTo, office: line.belongsToOffice)
  }
}
