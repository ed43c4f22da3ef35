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
    var details = EventDetails()
    details.reference = reference
    details.document = document
    return try record(StationUse(what: what, by: operatorCode, office: office, details: details))
  }

  /// Records durably that somebody audited the whole store, and what came of it: the reference is the verdict with the
  /// number of findings of each bearing, such as `gap/contradiction:0/gap:2/remark:5`; `events` of the details is the
  /// size of the log that was audited, `count` the number of all findings, also of those that the report left out.
  ///
  /// - Parameters:
  ///   - what: a closed word.
  ///   - operatorCode: who began it.
  /// - Returns: the head with the event.
  /// - Throws: ``TrackerRefusal``: a text that is no code, or a store that cannot be written.
  @discardableResult
  public func recordAudit(
    _ what: String, verdict report: AuditReport, by operatorCode: String? = nil, office: String? = nil
  ) throws -> LogHead {
    var details = EventDetails()
    let bearings = report.findings.map(AuditReport.bearing)
    details.reference = AuditReport.Bearing.allCases.reduce(into: report.verdict.rawValue) { text, bearing in
      // A reference has 60 characters; no report lists so many.
      text += "/\(bearing):\(min(bearings.count { $0 == bearing }, 999_999))"
    }
    details.events = Int(clamping: report.head.size)
    details.count = report.findings.count + report.findingsLeftOut
    return try record(StationUse(what: what, by: operatorCode, office: office, details: details))
  }

  private func record(_ use: StationUse) throws -> LogHead {
    try use.check()
    return try explained {
      try store.recordAccess(
        reason: use.what, operatorCode: use.by, office: use.office, details: use.details, recordedAt: now)
    }
  }
}

/// How somebody used the station, as the log takes it.
struct StationUse {
  var what: String
  var by: String?
  var office: String?
  var details: EventDetails

  /// - Throws: ``TrackerRefusal``: a text that is no code.
  func check() throws {
    guard RequestCheck.isWord(what) else { throw TrackerRefusal(Finding(.missingReason, found: what)) }
    if let reference = details.reference, !RequestCheck.isReference(reference) {
      throw TrackerRefusal(Finding(.eventIdentifierForm, path: "reference"))
    }
    if let by, OperatorCode(by)?.text != by {
      throw TrackerRefusal(Finding(.operatorCodeForm, path: "operator"))
    }
    if let office, OfficeCode(office)?.text != office {
      throw TrackerRefusal(Finding(.officeCodeForm, found: office))
    }
  }
}

extension Tracker {
  /// Manifests that an office has not counted and closed yet, the newest first.
  public func openManifests(receiver: String, limit: Int) throws -> [ManifestRecord] {
    try explained { try store.openManifests(receiver: receiver, limit: limit) }
  }
}
