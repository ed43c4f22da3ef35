internal import CustodyLog
public import DossierCore
public import DossierReport
internal import DossierSQLite

extension Tracker {
  /// Rates of lost and damaged with exact intervals, as known now, for those entrusted in a period.
  ///
  /// - Parameters:
  ///   - from: first day; if nil, that of the first month in which something was entrusted.
  ///   - through: last day, included; if nil, that of the last such month.
  ///   - by: what to group by; several name their groups together.
  /// - Throws: ``TrackerRefusal`` when the store cannot be read; a ``LossReportRefusal`` if a balance does not
  ///   close, which would be a fault of the program and is never printed.
  public func losses(
    from: CalendarDate? = nil, through: CalendarDate? = nil, unit: LossQuery.Unit = .dossier,
    by: [LossQuery.Grouping] = []
  ) throws -> LossReport {
    try explained {
      let query = LossQuery(from: from, through: through, unit: unit, by: by)
      let head = try store.head()
      let groups = try store.lossCounts(query)
      let rows = groups.map { group in
        LossRow(group: Self.label(group.labels), counts: LossCounts(group.counts))
      }
      return try LossReport(
        period: try period(from, through, unit),
        unit: unit == .dossier ? .dossier : .item,
        by: by.isEmpty ? nil : by.map(\.rawValue).joined(separator: ","),
        log: .init(size: head.size, root: head.root.base64), rows: rows)
    }
  }

  /// The days that a report without bounds covers, so that it says them and can be asked for again.
  private func period(
    _ from: CalendarDate?, _ through: CalendarDate?, _ unit: LossQuery.Unit
  ) throws -> LossReport.Period {
    if let from, let through { return .init(from: from.text, to: through.text) }
    let months = try store.lossCounts(LossQuery(unit: unit, by: [.month])).compactMap(\.labels.first)
    let first = months.first.flatMap { CalendarDate($0 + "-01") }
    // The last day of a month stands before the first of the next, at most 31 days on.
    let last = months.last.flatMap { CalendarDate($0 + "-01") }.flatMap { start in
      (28...31).map { start.advanced(by: $0) }.first { $0.month != start.month }?.advanced(by: -1)
    }
    let begin = from ?? first.map { first in through.map { min(first, $0) } ?? first } ?? through
    let end = through ?? last.map { last in from.map { max(last, $0) } ?? last } ?? from
    return .init(from: begin?.text ?? "", to: end?.text ?? "")
  }

  /// Groups without a value and groups of several values have names that cannot be those of an office or field.
  private static func label(_ labels: [String]) -> String {
    if labels.isEmpty { return "all" }
    return labels.map { $0.isEmpty ? "-" : $0 }.joined(separator: " | ")
  }
}

extension LossCounts {
  init(_ counts: OutcomeCounts) {
    self.init()
    entrusted = Int(counts.entrusted)
    delivered = Int(counts.delivered)
    returned = Int(counts.returned)
    lost = Int(counts.lost)
    destroyed = Int(counts.destroyed)
    open = Int(counts.open)
    missing = Int(counts.missing)
    found = Int(counts.found)
    damaged = Int(counts.damaged)
  }
}
