internal import CustodyLog
internal import DossierTracker
internal import Foundation
internal import HTTPTypes

/// Where two people sign one list: the giver's side and the receiver's, in either order.
///
/// The first signature waits in the station's folder and counts for its list only. The second closes the manifest in one
/// transaction that names the list; when the list has changed meanwhile, neither counts.
struct SigningDesk: Sendable {
  let services: StationServices
  private let signatures: SignatureFolder

  init(_ services: StationServices) {
    self.services = services
    signatures = SignatureFolder(data: services.options.data)
  }

  /// A hand-over as the desk has it.
  struct Sheet: Sendable {
    var found: ManifestReconciliation
    /// The signature that waits for the other one.
    var waiting: FirstSignature?
  }

  /// What one side signs.
  struct Signature: Sendable {
    var side: HandOverSide
    /// SHA-256 of the list as the signer saw it.
    var list: Digest
    /// Whether the signers know that scans still wait to be sent.
    var isOffline: Bool
  }

  /// - Throws: ``Problem`` 404 when the store knows no such manifest.
  func sheet(_ number: String) async throws -> Sheet {
    let signatures = signatures
    return try await services.work { tracker in
      guard let found = try tracker.reconciliation(ofManifest: number) else {
        throw TrackerRefusal(Finding(.manifestUnknown, found: number))
      }
      let waiting =
        found.closing == nil
        ? try signatures.waiting(for: found.manifest.number, list: found.digest) : nil
      return Sheet(found: found, waiting: waiting)
    }
  }

  /// Signs for one side. The person has already proven to be there.
  ///
  /// - Returns: the sheet with the signature on it.
  /// - Throws: ``Problem``: 409 when it is closed, 412 when the list changed, 403 when the person may not sign for that
  ///   side, 422 when he signed for the other side already.
  func sign(_ number: String, _ signature: Signature, by person: Visitor) async throws -> Sheet {
    guard person.permissions.contains(.sign) else {
      throw Problem(
        .forbidden,
        Finding(.notPermitted, expected: Permission.sign.rawValue, found: person.role.rawValue))
    }
    let (signatures, now, people) = (signatures, services.environment.now, services.people)
    let outcome: (sheet: Sheet, isClosed: Bool) = try await services.work { tracker in
      try signatures.whileLocked {
        guard let found = try tracker.reconciliation(ofManifest: number) else {
          throw TrackerRefusal(Finding(.manifestUnknown, found: number))
        }
        let manifest = found.manifest
        try Self.require(found, unchangedFrom: signature.list)
        try Self.require(person, mayActFor: signature.side, of: manifest, offices: try tracker.offices())
        guard let first = try signatures.waiting(for: manifest.number, list: found.digest),
          first.side == signature.side.other,
          // Whoever signed first must still be one who may.
          let other = try people.signer(first.by),
          (try? Self.require(other, mayActFor: first.side, of: manifest, offices: try tracker.offices()))
            != nil
        else {
          let first = FirstSignature(
            manifest: manifest.number, side: signature.side, by: person.code, at: now(),
            list: found.digest.hex, isOffline: signature.isOffline)
          try signatures.keep(first)
          return (Sheet(found: found, waiting: first), false)
        }
        let isReceiver = signature.side == .receiver
        let outcome = try tracker.signOff(
          manifest: manifest.number, list: signature.list, receiver: isReceiver ? person.code : first.by,
          giver: isReceiver ? first.by : person.code, isOffline: signature.isOffline || first.isOffline)
        switch outcome {
        case .alreadyClosed: throw Self.closed(manifest.number)
        case .listChanged(let digest): throw Self.changed(digest, from: signature.list)
        case .closed: break
        }
        try signatures.drop(manifest.number)
        // The paper is to show a checkpoint that covers the closing; if none can be signed now, a later one does.
        try? tracker.checkpointIfPermitted()
        let closed = try tracker.reconciliation(ofManifest: number) ?? found
        return (Sheet(found: closed), true)
      }
    }
    if outcome.isClosed { await services.live.committed(outcome.sheet.found.log) }
    try await services.people.record(
      .signed, by: person, reference: outcome.sheet.found.manifest.number, document: signature.list)
    return outcome.sheet
  }

  /// Whether a signature under this list still makes sense: asked before the PIN is.
  static func require(_ found: ManifestReconciliation, unchangedFrom list: Digest) throws {
    if found.closing != nil { throw closed(found.manifest.number) }
    if found.digest != list { throw changed(found.digest, from: list) }
  }

  /// The receiver's side is signed at the receiver. The giver's side may also be signed by whoever carries for the giver:
  /// an office above it, or a carrier.
  static func require(
    _ person: Visitor, mayActFor side: HandOverSide, of manifest: ManifestRecord, offices: [Office]
  ) throws {
    let office = side == .receiver ? manifest.receiver : manifest.giver
    var acceptable: Set<String> = [office]
    if side == .giver {
      acceptable.formUnion(offices.filter { $0.kind == .transport }.map(\.code))
      var code = office
      // Master data may name an office as its own parent; nothing is above the tenth.
      for _ in 0..<10 {
        guard let parent = offices.first(where: { $0.code == code })?.parent, !parent.isEmpty else { break }
        acceptable.insert(parent)
        code = parent
      }
    }
    guard acceptable.contains(person.office) else {
      throw Problem(.forbidden, Finding(.signerOffice, expected: office, found: person.office))
    }
  }

  static func closed(_ manifest: String) -> Problem {
    Problem(.conflict, Finding(.alreadyClosed, found: manifest))
  }

  static func changed(_ now: Digest, from seen: Digest) -> Problem {
    Problem(
      .preconditionFailed,
      Finding(
        .listChanged, expected: String(seen.hex.prefix(16)), found: String(now.hex.prefix(16))))
  }
}
