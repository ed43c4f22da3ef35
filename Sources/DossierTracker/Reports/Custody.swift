public import DossierReport
public import DossierCore
internal import DossierSQLite

extension Tracker {
  /// Where custody is open, late, contradictory or unproven, as known on a basis.
  ///
  /// - Parameters:
  ///   - rules: what counts as overdue and as stuck.
  ///   - calendar: whose working days are counted for stuck items; nil for days of 24 hours.
  /// - Throws: ``TrackerRefusal`` when the store cannot be read, or the calendar lacks a year; ``CustodyReportRefusal`` if a sum does not close, which
  ///   would be a fault of the program and is never printed.
  public func custody(
    at basis: ReportBasis, rules: CustodyRules = CustodyRules(), calendar: WorkingCalendar? = nil
  ) throws -> CustodyReport {
    let start = CustodyTally(
      now: basis.view.recordedAt, rules: rules,
      sealReasons: try explained { try store.terms(of: CustodyTally.brokenSealReasons) },
      calendar: calendar)
    let tally = try journeys(at: basis, into: start)
    if let missing = tally.yearMissing { throw TrackerRefusal(missing.finding) }
    return try explained {
      var manifests: [SealedManifest] = []
      try store.sealedManifests(size: basis.view.log.size) { manifests.append($0) }
      let names = try ReportNames(
        store, terms: tally.terms, items: tally.items, manifests: tally.manifests)
      return try CustodyReport(
        tally, manifests: manifests, offices: try store.offices(atSize: basis.view.log.size), names: names)
    }
  }
}
