public import DossierCore
public import DossierReport
internal import DossierSQLite

extension Tracker {
  /// Which fees were collected and remitted, and what is outstanding, as known on a basis.
  ///
  /// - Parameters:
  ///   - from: first day on which an item of the report was entrusted; nil for no bound.
  ///   - through: the last such day.
  /// - Throws: ``TrackerRefusal`` when the store cannot be read; ``CustodyReportRefusal`` if an identity does not hold,
  ///   which would be a fault of the program and is never printed.
  public func fees(
    at basis: ReportBasis, by grouping: FeeGrouping = .office, from: CalendarDate? = nil,
    through: CalendarDate? = nil
  ) throws -> FeeReport {
    let tally = try journeys(
      at: basis, withFees: true,
      into: FeeTally(now: basis.view.recordedAt, by: grouping, from: from, through: through))
    return try explained {
      let names = try ReportNames(store, terms: tally.terms, items: tally.items, manifests: tally.manifests)
      return try FeeReport(tally, names: names)
    }
  }
}
