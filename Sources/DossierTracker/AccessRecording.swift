public import CustodyLog
public import DossierCore
internal import DossierSQLite

extension Tracker {
  /// Records durably that somebody used the station. The log gets codes and hashes only: no name, no network address.
  ///
  /// - Parameters:
  ///   - what: a closed word, such as `signIn`.
  ///   - operatorCode: who; nil when it was done by a command at the machine itself.
  ///   - office: where that person works; the store's office if nil.
  ///   - reference: what it was about: a manifest, a report, an account's code.
  ///   - document: SHA-256 of what was signed or taken along.
  /// - Returns: the head with the event.
  /// - Throws: ``TrackerRefusal``: a text that is no code, or a store that cannot be written.
  @discardableResult
  public func recordAccess(
    _ what: String, by operatorCode: String? = nil, office: String? = nil, reference: String? = nil,
    document: Digest? = nil
  ) throws -> LogHead {
    guard RequestCheck.isWord(what) else { throw TrackerRefusal(Finding(.missingReason, found: what)) }
    if let reference, !RequestCheck.isReference(reference) {
      throw TrackerRefusal(Finding(.eventIdentifierForm, path: "reference"))
    }
    if let operatorCode, OperatorCode(operatorCode)?.text != operatorCode {
      throw TrackerRefusal(Finding(.operatorCodeForm, path: "operator"))
    }
    if let office, OfficeCode(office)?.text != office {
      throw TrackerRefusal(Finding(.officeCodeForm, found: office))
    }
    var details = EventDetails()
    details.reference = reference
    details.document = document
    return try explained {
      try store.recordAccess(
        reason: what, operatorCode: operatorCode, office: office, details: details, recordedAt: now)
    }
  }
}

extension Tracker {
  /// Manifests that an office has not counted and closed yet, the newest first.
  public func openManifests(receiver: String, limit: Int) throws -> [ManifestRecord] {
    try explained { try store.openManifests(receiver: receiver, limit: limit) }
  }
}
