internal import CustodyLog
internal import DossierTracker
internal import Foundation
internal import HTTPTypes

/// Where two people sign one list: the giver's side and the receiver's, in either order.
///
/// The first signature waits in the station's folder and counts for its list only, and for half an hour. The second closes
/// the manifest in one transaction that names the list; when the list has changed meanwhile, neither counts. The log learns
/// of the first before it counts, and of the second in the closing's own commit: none counts that the log lacks.
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
    try await services.work { tracker in
      guard let found = try tracker.reconciliation(ofManifest: number) else {
        throw TrackerRefusal(Finding(.manifestUnknown, found: number))
      }
      return Sheet(found: found, waiting: found.closing == nil ? try standing(found, tracker) : nil)
    }
  }

  /// Signs for one side. The person has already proven to be there.
  ///
  /// - Returns: the sheet with the signature on it.
  /// - Throws: ``Problem``: 409 when it is closed or somebody else has signed for that side, 412 when the list changed, 403
  ///   when the person may not sign for that side, 422 when he signed for the other side already.
  func sign(_ number: String, _ signature: Signature, by person: Visitor) async throws -> Sheet {
    guard person.permissions.contains(.sign) else {
      throw Problem(
        .forbidden,
        Finding(.notPermitted, expected: Permission.sign.rawValue, found: person.role.rawValue))
    }
    return try await whileNobodySigns(number) { tracker, found in
      let manifest = found.manifest
      try Self.require(found, unchangedFrom: signature.list)
      try Self.require(person, mayActFor: signature.side, of: manifest, offices: try tracker.offices())
      let first = try standing(found, tracker)
      if let first, first.side == signature.side, !first.isOf(person.code) {
        throw Self.signed(first, manifest)
      }
      guard let first, first.side != signature.side else {
        let first = FirstSignature(
          manifest: manifest.number, side: signature.side, by: person.code, at: services.environment.now(),
          list: found.digest.hex, isOffline: signature.isOffline)
        let log = try record(.signed, person, found, tracker)
        try signatures.keep(first)
        return (Sheet(found: found, waiting: first), log)
      }
      let isReceiver = signature.side == .receiver
      let outcome = try tracker.signOff(
        manifest: manifest.number, list: signature.list, receiver: isReceiver ? person.code : first.by,
        giver: isReceiver ? first.by : person.code, isOffline: signature.isOffline || first.isOffline,
        recording: .init(
          what: People.Access.signed.rawValue, by: person.code, office: person.office,
          reference: People.reference(manifest.number)))
      let log: LogHead
      switch outcome {
      case .alreadyClosed: throw Self.closed(manifest.number)
      case .listChanged(let digest): throw Self.changed(digest, from: signature.list)
      case .closed(let head): log = head
      }
      try signatures.drop(manifest.number)
      // The paper is to show a checkpoint that covers the closing; if none can be signed now, a later one does.
      try? tracker.checkpointIfPermitted()
      return (Sheet(found: try tracker.reconciliation(ofManifest: number) ?? found), log)
    }
  }

  /// Takes back the signature that waits for the other side. The person has already proven to be there.
  ///
  /// - Returns: the sheet without it, also when there was none.
  /// - Throws: ``Problem``: 409 when the manifest is closed, or the signature is of somebody else.
  func withdraw(_ number: String, _ side: HandOverSide, by person: Visitor) async throws -> Sheet {
    try await whileNobodySigns(number) { tracker, found in
      if found.closing != nil { throw Self.closed(found.manifest.number) }
      guard let first = try standing(found, tracker), first.side == side else {
        return (Sheet(found: found, waiting: try standing(found, tracker)), found.log)
      }
      guard first.isOf(person.code) else { throw Self.signed(first, found.manifest) }
      // The log never says that a signature was withdrawn which still counts.
      try signatures.drop(found.manifest.number)
      return (Sheet(found: found), try record(.signatureWithdrawn, person, found, tracker))
    }
  }

  /// Runs `body` on a hand-over as it stands while nobody else signs, and tells those who follow the log.
  private func whileNobodySigns(
    _ number: String,
    _ body: @escaping @Sendable (Tracker, ManifestReconciliation) throws -> (sheet: Sheet, log: LogHead)
  ) async throws -> Sheet {
    let signatures = signatures
    let (sheet, log) = try await services.work { tracker in
      try signatures.whileLocked {
        guard let found = try tracker.reconciliation(ofManifest: number) else {
          throw TrackerRefusal(Finding(.manifestUnknown, found: number))
        }
        return try body(tracker, found)
      }
    }
    await services.live.committed(log)
    return sheet
  }

  /// The signature that counts now: under this list, not too old, of one who still may.
  private func standing(_ found: ManifestReconciliation, _ tracker: Tracker) throws -> FirstSignature? {
    guard let first = try signatures.waiting(for: found.manifest.number, list: found.digest),
      first.counts(at: services.environment.now()), let signer = try services.people.signer(first.by),
      (try? Self.require(
        signer, mayActFor: first.side, of: found.manifest, offices: try tracker.offices())) != nil
    else { return nil }
    return first
  }

  private func record(
    _ access: People.Access, _ person: Visitor, _ found: ManifestReconciliation, _ tracker: Tracker
  ) throws -> LogHead {
    try tracker.recordAccess(
      access.rawValue, by: person.code, office: person.office,
      reference: People.reference(found.manifest.number), document: found.digest)
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
    guard acceptable(for: side, of: manifest, offices).contains(person.office) else {
      let office = side == .receiver ? manifest.receiver : manifest.giver
      throw Problem(.forbidden, Finding(.signerOffice, expected: office, found: person.office))
    }
  }

  /// Whether people of an office may act for one of the sides.
  static func isInvolved(_ office: String, in manifest: ManifestRecord, offices: [Office]) -> Bool {
    HandOverSide.allCases.contains { acceptable(for: $0, of: manifest, offices).contains(office) }
  }

  private static func acceptable(
    for side: HandOverSide, of manifest: ManifestRecord, _ offices: [Office]
  ) -> Set<String> {
    guard side == .giver else { return [manifest.receiver] }
    return withThoseAbove(manifest.giver, offices).union(offices.filter { $0.kind == .transport }.map(\.code))
  }

  /// An office and those above it.
  static func withThoseAbove(_ office: String, _ offices: [Office]) -> Set<String> {
    var line: Set<String> = [office]
    var code = office
    // Master data may name an office as its own parent; nothing is above the tenth.
    for _ in 0..<10 {
      guard let parent = offices.first(where: { $0.code == code })?.parent, !parent.isEmpty else { break }
      line.insert(parent)
      code = parent
    }
    return line
  }

  static func closed(_ manifest: String) -> Problem {
    Problem(.conflict, Finding(.alreadyClosed, found: manifest))
  }

  private static func signed(_ first: FirstSignature, _ manifest: ManifestRecord) -> Problem {
    let office = first.side == .giver ? manifest.giver : manifest.receiver
    return Problem(.conflict, Finding(.sideSigned, expected: office, found: first.by))
  }

  static func changed(_ now: Digest, from seen: Digest) -> Problem {
    Problem(
      .preconditionFailed,
      Finding(
        .listChanged, expected: String(seen.hex.prefix(16)), found: String(now.hex.prefix(16))))
  }
}
