public import DossierCore

/// The delay report: figures with the texts that they need, checked.
public struct DelayReport: Sendable {
  public let figures: DelayFigures
  public let ticks: TickFigures?
  public let calendars: WorkingCalendars
  /// One group each, in order of their labels by bytes.
  let rows: [(label: String, counts: DelayCounts)]
  let lateCodes: [Int64: String]
  let routes: [(label: String, summary: TransitSummary)]
  let legs: [(leg: Leg?, summary: TransitSummary)]

  /// - Parameters:
  ///   - texts: asked for the few dictionary numbers and rows that are printed, and with a tick sheet for the codes of
  ///     all dossiers of the period, in portions.
  ///   - sheet: what the one-stop software says; figures must then have been made with `keepsDeliveries`.
  /// - Throws: on an accident of the store; ``DelayReportRefusal`` if a sum does not close.
  public init(
    _ figures: DelayFigures, calendars: WorkingCalendars, texts: some JourneyTexts, sheet: TickSheet? = nil
  ) throws {
    guard figures.total.balances, figures.groups.values.allSatisfy(\.balances) else {
      throw DelayReportRefusal.sumDoesNotClose("dossiers")
    }
    self.figures = figures
    self.calendars = calendars
    let byTerm = figures.query.by.map { $0 != .leg && $0 != .month } ?? false
    var terms: Set<Int32> = []
    for group in figures.transit.routes.keys { terms.formUnion([group.first, group.second]) }
    if byTerm { for group in figures.groups.keys { terms.formUnion([group.first, group.second]) } }
    let names = try texts.texts(ofTerms: terms.subtracting([0]))
    // Two dictionary numbers may stand for one code no more than one for two; without a name they are one group.
    var labelled: [String: DelayCounts] = [:]
    for (group, counts) in figures.groups {
      labelled[Self.label(group, figures.query.by, names), default: DelayCounts()].add(counts)
    }
    rows = labelled.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key, $0.value) }
    legs = figures.transit.legs.sorted { $0.key < $1.key }
      .map { (Leg(rawValue: $0.key), TransitSummary($0.value)) }
    routes = figures.transit.routes.map { (Self.label($0.key, .route, names), TransitSummary($0.value)) }
      .sorted {
        $0.1.items != $1.1.items
          ? $0.1.items > $1.1.items : $0.0.utf8.lexicographicallyPrecedes($1.0.utf8)
      }
    lateCodes = try texts.codes(ofDossiers: Set(figures.late.prefix(figures.query.limit).map(\.row)))
    ticks = try sheet.map { sheet in
      try TickFigures(sheet, figures, calendar: calendars.administrative) { try texts.codes(ofDossiers: $0) }
    }
    guard legs.reduce(0, { $0 + $1.summary.items }) == figures.transit.items,
      routes.reduce(figures.transit.itemsOnOtherRoutes, { $0 + $1.summary.items }) == figures.transit.items
    else { throw DelayReportRefusal.sumDoesNotClose("transit") }
    guard ticks?.balances ?? true else { throw DelayReportRefusal.sumDoesNotClose("ticks") }
  }

  private static func label(
    _ group: DelayGroup, _ by: LossQuery.Grouping?, _ names: [Int32: String]
  ) -> String {
    func name(_ term: Int32) -> String { names[term] ?? "-" }
    switch by {
    case nil: return "all"
    case .leg: return UInt8(exactly: group.first).flatMap(Leg.init(rawValue:))?.word ?? "-"
    case .office, .field, .agency: return name(group.first)
    case .route: return "\(name(group.first)) → \(name(group.second))"
    case .month:
      let month = group.first % 100
      return "\(group.first / 100)-\(month < 10 ? "0" : "")\(month)"
    }
  }

  /// Problems that a reader must hear of besides the report.
  public var findings: [Finding] {
    figures.missing.sorted { ($0.calendar.rawValue, $0.year) < ($1.calendar.rawValue, $1.year) }
      .map(\.finding)
  }
}

/// Why a delay report was not made: a fault of the program.
public enum DelayReportRefusal: Error, Equatable {
  /// A split does not sum to its whole.
  case sumDoesNotClose(String)
}
