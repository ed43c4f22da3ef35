internal import CustodyLog
public import DossierCore
public import DossierReport
internal import DossierSQLite

/// What a loss report is asked for.
public struct LossRequest: Sendable {
  /// First and last day of entrusting, both included; nil for no bound.
  public var from: CalendarDate?
  public var through: CalendarDate?
  public var unit: LossQuery.Unit
  /// What to group by; several name their groups together.
  public var by: [LossQuery.Grouping]
  /// The rate per 100,000 with which offices and months are compared; nil for that of the cohort itself.
  public var target: Double?
  public var officeOrder: LossReport.OfficeOrder
  /// When an open item is presumed lost.
  public var rules: PresumedLossRules
  /// The calendar that the rule counts working days by.
  public var calendar: WorkingCalendar
  /// Words of the command that the report's note repeats, and that are not told by the rest of the request.
  public var commandWords: [String]

  public init(
    from: CalendarDate? = nil, through: CalendarDate? = nil, unit: LossQuery.Unit = .dossier,
    by: [LossQuery.Grouping] = [], target: Double? = nil, officeOrder: LossReport.OfficeOrder = .code,
    rules: PresumedLossRules = .standard,
    calendar: WorkingCalendar = WorkingCalendars.standard.administrative,
    commandWords: [String] = []
  ) {
    self.from = from
    self.through = through
    self.unit = unit
    self.by = by
    self.target = target
    self.officeOrder = officeOrder
    self.rules = rules
    self.calendar = calendar
    self.commandWords = commandWords
  }
}

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
    try losses(LossRequest(from: from, through: through, unit: unit, by: by), at: try basis())
  }

  /// The same as known on a basis: made again later at the same size of the log, it is the same byte for byte.
  ///
  /// - Parameter later: a later state of the log to compare with.
  public func losses(
    _ request: LossRequest, at basis: ReportBasis, comparedWith later: ReportBasis? = nil
  ) throws -> LossReport {
    try explained {
      var report = try single(request, basis, later)
      if let later { report.comparison = LossComparison(report, later: try single(request, later, nil)) }
      return report
    }
  }

  /// The items and events behind one number of a report.
  ///
  /// - Parameters:
  ///   - report: made from the same request on the same basis.
  ///   - limit: how many items are listed; all are counted.
  /// - Throws: ``TrackerRefusal`` with `noSuchNumber` when the report has no such row.
  public func lossEvidence(
    _ question: LossQuestion, of report: LossReport, _ request: LossRequest, at basis: ReportBasis,
    limit: Int = 1000
  ) throws -> LossEvidence {
    try explained {
      let isTotal = question.row.utf8.elementsEqual(LossReport.totalGroup.utf8)
      guard isTotal || report.rows.contains(where: { $0.group.utf8.elementsEqual(question.row.utf8) }) else {
        throw TrackerRefusal(
          Finding(
            .noSuchNumber, expected: LossColumn.all.map(\.key).joined(separator: " "),
            found: "\(question.row).\(question.column.key)"))
      }
      let cohort = cohort(request, basis).cohort
      let search = LossSearch(
        cohort, question.column, by: isTotal ? [] : request.by, limit: limit)
      let found =
        if let selection = selection(request, question.column, cohort) {
          try journeys(
            at: basis, selecting: selection, withDossiers: needsDossiers(request), into: search)
        } else {
          try journeys(at: basis, withDossiers: needsDossiers(request), into: search)
        }
      return try LossEvidence(found, question, log: basis.logHead, texts: texts)
    }
  }

  // MARK: One report

  private func single(
    _ request: LossRequest, _ basis: ReportBasis, _ later: ReportBasis?
  ) throws -> LossReport {
    let (cohort, ruleLines, versions) = cohort(request, basis)
    let figures = try figures(request, basis, cohort)
    func rows(_ groups: [LossFigures.Group]) -> [LossRow] {
      groups.map { LossRow($0, label: LossRow.label($0.labels)) }
    }
    var report = try LossReport(
      period: period(request, figures.months), unit: request.unit == .dossier ? .dossier : .item,
      by: request.by.isEmpty ? nil : request.by.map(\.rawValue).joined(separator: ","), log: basis.logHead,
      rows: rows(figures.groups), offices: rows(figures.offices), months: rows(figures.months),
      days: figures.days, exclusions: figures.exclusions)
    report.frame = LossReport.Frame(heading: basis.heading, knownAt: basis.knownAt)
    report.frame.officeOrder = request.officeOrder
    report.frame.target = request.target
    report.frame.ruleLines = ruleLines
    report.frame.versions = versions
    report.frame.command = command(request, basis, later)
    return report
  }

  /// From the store's counters when the basis is the newest state, else from all journeys.
  private func figures(
    _ request: LossRequest, _ basis: ReportBasis, _ cohort: LossCohort
  ) throws -> LossFigures {
    if basis.isCurrent, let quick = try counted(request, basis, cohort) { return quick }
    let found = try journeys(
      at: basis, withDossiers: needsDossiers(request), into: LossAccumulator(cohort, .everything))
    return try LossFigures(found, by: request.by, texts: texts)
  }

  /// nil when the log has grown beyond the basis while it was read.
  private func counted(
    _ request: LossRequest, _ basis: ReportBasis, _ cohort: LossCohort
  ) throws -> LossFigures? {
    func groups(_ by: [LossQuery.Grouping]) throws -> [LossGroup] {
      try store.lossCounts(
        LossQuery(from: request.from, through: request.through, unit: request.unit, by: by))
    }
    var inside: [LossDay] = []
    var outside = 0
    var bare = 0
    for day in try store.entrustedDays(threads: environment.threads) {
      guard cohort.contains(day.day) else {
        outside += day.items
        continue
      }
      inside.append(LossDay(day: day.day.daysSince1970, items: day.items))
      bare += day.withoutDossiers
    }
    let counted = LossFigures.Counted(
      groups: try groups(request.by), offices: try groups([.office]), months: try groups([.month]),
      days: inside,
      exclusions: LossExclusions(
        try exclusions(at: basis), outsidePeriod: outside,
        withoutDossiers: request.unit == .dossier ? bare : 0))
    var selection = JourneySelection(
      from: request.from, through: request.through, lost: true, damaged: true, found: true, disputed: true)
    selection.silentSince = cohort.deadlines?.silentSince
    let exceptional = try journeys(
      at: basis, selecting: selection, withDossiers: needsDossiers(request),
      into: LossAccumulator(cohort, .exceptional))
    guard try store.head() == basis.view.log else { return nil }
    return try LossFigures(counted, exceptional, by: request.by, texts: texts)
  }

  private func needsDossiers(_ request: LossRequest) -> Bool {
    request.unit == .dossier || request.by.contains(.field) || request.by.contains(.agency)
  }

  /// The few journeys that may count in a column; nil where nothing narrows them down.
  private func selection(
    _ request: LossRequest, _ column: LossColumn, _ cohort: LossCohort
  ) -> JourneySelection? {
    var selection = JourneySelection(from: request.from, through: request.through)
    switch column {
    case .lost, .cause: selection.lost = true
    case .damaged, .grade: selection.damaged = true
    case .found: selection.found = true
    case .missing: selection.missing = true
    case .declaredLost, .foundAgain, .contested:
      selection.lost = true
      selection.found = true
      selection.disputed = true
    case .presumedLost: selection.silentSince = cohort.deadlines?.silentSince
    case .open: selection.silentSince = .max
    case .entrusted, .delivered, .returned, .destroyed: return nil
    }
    return selection
  }

  // MARK: What it depends on

  /// The cohort with the rule in force on the day that the basis speaks of, and what the note says of it.
  private func cohort(
    _ request: LossRequest, _ basis: ReportBasis
  ) -> (cohort: LossCohort, lines: [BilingualText], versions: [ReportNote.Version]) {
    var cohort = LossCohort(unit: request.unit, from: request.from, through: request.through)
    let today =
      OffsetDateTime(
        milliseconds: basis.view.recordedAt, offsetMinutes: OffsetDateTime.vietNamOffsetMinutes)?.localDate
    guard let today, let rule = request.rules.rule(on: today) else {
      return (cohort, [PresumedLossRules.absent], [])
    }
    do {
      cohort.deadlines = try PresumedLossDeadlines(rule, today: today) {
        (count, day) throws(CalendarYearMissing) in
        try request.calendar.date(workingDays: -count, after: day)
      }
    } catch {
      return (cohort, [PresumedLossRules.unapplied(year: error.year)], [])
    }
    let versions = [
      ReportNote.Version("presumedLossRule", request.rules.version(of: rule)),
      ReportNote.Version("administrativeCalendar", request.calendar.version),
    ]
    return (cohort, request.rules.lines(of: rule), versions)
  }

  /// The days that a report without bounds covers, so that it says them and can be asked for again.
  private func period(_ request: LossRequest, _ months: [LossFigures.Group]) -> LossReport.Period {
    let first = months.first?.labels.first.flatMap { CalendarDate($0 + "-01") }
    // The last day of a month stands before the first of the next, at most 31 days on.
    let last = months.last?.labels.first.flatMap { CalendarDate($0 + "-01") }.flatMap { start in
      (28...31).map { start.advanced(by: $0) }.first { $0.month != start.month }?.advanced(by: -1)
    }
    let begin = request.from ?? first ?? request.through
    let end = request.through ?? last ?? request.from
    return .init(from: begin?.text ?? "", to: end?.text ?? "")
  }

  private func command(_ request: LossRequest, _ basis: ReportBasis, _ later: ReportBasis?) -> String {
    var words = ["dossier", "report", "losses"]
    if let from = request.from { words += ["--from", from.text] }
    if let through = request.through { words += ["--to", through.text] }
    if !request.by.isEmpty { words += ["--by", request.by.map(\.rawValue).joined(separator: ",")] }
    words += ["--unit", request.unit.word]
    words += request.commandWords
    words += ["--as-of", "\(basis.view.log.size)"]
    if let later { words += ["--compare", "\(later.view.log.size)"] }
    return words.joined(separator: " ")
  }
}
