/// How much was entrusted in a period and how much of it was lost or damaged, by group, as known at one state
/// of the log.
///
/// A report whose balance does not close cannot be made, let alone printed: that would be a fault of the
/// program, and `init` says so.
public struct LossReport: Equatable, Sendable {
  /// The days of the cohort, both included, each `yyyy-mm-dd`; empty when nothing was ever entrusted.
  public struct Period: Equatable, Sendable {
    public let from: String
    public let to: String

    public init(from: String, to: String) {
      self.from = from
      self.to = to
    }
  }

  /// What is counted.
  public enum Unit: String, CaseIterable, Sendable {
    case dossier, item
  }

  /// The state of the log the report was computed from.
  public struct LogHead: Equatable, Sendable {
    /// Number of entries.
    public let size: UInt64
    /// Root hash, base64.
    public let root: String

    public init(size: UInt64, root: String) {
      self.size = size
      self.root = root
    }
  }

  /// The order of offices in tables: never by their raw rates, which chance decides where volumes are small.
  public enum OfficeOrder: String, CaseIterable, Sendable {
    case code, volume
  }

  /// What a report says besides its rows.
  public struct Frame: Equatable, Sendable {
    public var heading: ReportHeading?
    /// RFC 3339 at +07:00; nil for an empty log.
    public var knownAt: String?
    public var officeOrder = OfficeOrder.code
    /// The rate per 100,000 with which offices and months are compared; nil for that of all of them together.
    public var target: Double?
    /// Calendars and rules that figures depend on.
    public var versions: [ReportNote.Version] = []
    /// What the presumption of loss rests on, or why nothing is presumed.
    public var ruleLines: [BilingualText] = []
    /// The exact command that makes the report again.
    public var command = ""

    public init(heading: ReportHeading? = nil, knownAt: String? = nil) {
      self.heading = heading
      self.knownAt = knownAt
    }
  }

  /// The group of the total row in every machine format.
  public static let totalGroup = "total"

  public let period: Period
  public let unit: Unit
  /// What the rows are grouped by (`office`, `route`, `field`, `agency`, `leg`, `month`), nil for no
  /// grouping.
  public let by: String?
  public let log: LogHead
  public let rows: [LossRow]
  /// The sum of the rows, so the groups must not overlap.
  public let total: LossRow
  /// The same cohort by office and by month: what funnel and time speak of, whatever the rows are.
  public let offices: [LossRow]
  public let months: [LossRow]
  /// Items a day of entrusting, in order.
  public let days: [LossDay]
  public let exclusions: LossExclusions
  public var frame = Frame()
  /// How the rows look at a later state of the log; nil when that was not asked for.
  public var comparison: LossComparison?

  /// Checks every row, adds the rows up, and checks the sum.
  ///
  /// The rows stay in the order given; nothing may be counted in two of them.
  ///
  /// - Throws: ``LossReportRefusal`` when a balance does not close, counts are impossible, a group is
  ///   named twice, or offices or months add up to something else than the rows.
  public init(
    period: Period, unit: Unit, by: String?, log: LogHead, rows: [LossRow], offices: [LossRow] = [],
    months: [LossRow] = [], days: [LossDay] = [], exclusions: LossExclusions = LossExclusions()
  ) throws(LossReportRefusal) {
    total = try Self.total(rows)
    for other in [offices, months] where !other.isEmpty {
      let sum = try Self.total(other)
      guard sum.counts == total.counts, sum.details == total.details else {
        throw .groupingsDiffer(sum.counts, total.counts)
      }
    }
    if unit == .item, !days.isEmpty {
      let sums = days.reduce(into: (0, 0)) { $0 = ($0.0 + $1.items, $0.1 + $1.lost) }
      guard sums == (total.counts.entrusted, total.counts.lost) else {
        throw .groupingsDiffer(LossCounts(entrusted: sums.0, lost: sums.1), total.counts)
      }
    }
    self.period = period
    self.unit = unit
    self.by = by
    self.log = log
    self.rows = rows
    self.offices = offices
    self.months = months
    self.days = days
    self.exclusions = exclusions
  }

  private static func total(_ rows: [LossRow]) throws(LossReportRefusal) -> LossRow {
    var seen: Set<[UInt8]> = [Array(totalGroup.utf8)]
    for row in rows {
      // By bytes, because Swift takes two spellings of one Vietnamese name for equal and the files do not.
      guard seen.insert(Array(row.group.utf8)).inserted else { throw .ambiguousGroup(row.group) }
      try check(row)
    }
    let total = LossRow(
      group: totalGroup, counts: rows.reduce(LossCounts()) { $0 + $1.counts },
      details: rows.dropFirst().reduce(rows.first?.details ?? LossDetails()) { $0 + $1.details })
    try check(total)
    return total
  }

  private static func check(_ row: LossRow) throws(LossReportRefusal) {
    guard row.counts.arePossible else { throw .impossibleCounts(group: row.group, counts: row.counts) }
    guard row.counts.balances else { throw .balanceDoesNotClose(group: row.group, counts: row.counts) }
    guard row.details.agree(with: row.counts) else {
      throw .detailsDiffer(group: row.group, counts: row.counts, details: row.details)
    }
  }
}

/// One group of a ``LossReport``.
public struct LossRow: Equatable, Sendable {
  /// The group's label, for example an office code; English `total` is reserved for the total.
  public let group: String
  public let counts: LossCounts
  public let details: LossDetails
  public let lostPer100k: Rate
  public let damagedPer100k: Rate
  /// Whatever was ever declared lost.
  public let declaredLostPer100k: Rate
  /// Lost, and presumed lost by the rule; nil when the rule cannot be applied.
  public let lostOrPresumedPer100k: Rate?

  /// - Parameter details: if nil, losses of unknown cause and damage of the wrapper.
  public init(group: String, counts: LossCounts, details: LossDetails? = nil) {
    let details =
      details
      ?? LossDetails(
        causes: [.unknown: CauseCounts(declared: counts.lost, lost: counts.lost)],
        damage: [counts.damaged, 0, 0, 0])
    self.group = group
    self.counts = counts
    self.details = details
    lostPer100k = Rate(events: counts.lost, trials: counts.entrusted)
    damagedPer100k = Rate(events: counts.damaged, trials: counts.entrusted)
    declaredLostPer100k = Rate(events: details.declared.declared, trials: counts.entrusted)
    lostOrPresumedPer100k = details.presumedLost.map {
      Rate(events: counts.lost + $0, trials: counts.entrusted)
    }
  }

  public init(_ group: LossFigures.Group, label: String) {
    self.init(group: label, counts: group.counts, details: group.details)
  }

  /// The label of a group: groups without a value and groups of several values have names that cannot be those of an
  /// office or field.
  public static func label(_ labels: [String]) -> String {
    if labels.isEmpty { return "all" }
    return labels.map { $0.isEmpty ? "-" : $0 }.joined(separator: " | ")
  }
}

/// Why a loss report was not made. Each is a fault of the program that counted, not of the reader.
public enum LossReportRefusal: Error, Equatable, CustomStringConvertible {
  /// entrusted differs from delivered + returned + lost + destroyed + open.
  case balanceDoesNotClose(group: String, counts: LossCounts)
  /// A negative count, or a part larger than its whole.
  case impossibleCounts(group: String, counts: LossCounts)
  /// Causes do not add up to the lost, grades not to the damaged, or more is presumed lost than is open.
  case detailsDiffer(group: String, counts: LossCounts, details: LossDetails)
  /// Offices, months or days add up to something else than the rows.
  case groupingsDiffer(LossCounts, LossCounts)
  /// Two rows with one label, or a row with the label of the total.
  case ambiguousGroup(String)

  public var description: String {
    switch self {
    case .balanceDoesNotClose(let group, let counts):
      """
      the balance of group "\(group)" does not close: entrusted \(counts.entrusted), but delivered \
      \(counts.delivered) + returned \(counts.returned) + lost \(counts.lost) + destroyed \
      \(counts.destroyed) + open \(counts.open)
      """
    case .impossibleCounts(let group, let counts):
      """
      the counts of group "\(group)" are impossible: entrusted \(counts.entrusted), open \(counts.open), missing \
      \(counts.missing), lost \(counts.lost), found \(counts.found), damaged \(counts.damaged)
      """
    case .detailsDiffer(let group, let counts, let details):
      """
      the details of group "\(group)" differ from its counts: lost \(counts.lost) against \(details.declared.lost) by \
      cause, damaged \(counts.damaged) against \(details.damage.reduce(0, +)) by grade, open \(counts.open) against \
      \(details.presumedLost ?? 0) presumed lost
      """
    case .groupingsDiffer(let sum, let total):
      """
      groupings of one cohort differ: entrusted \(sum.entrusted) and lost \(sum.lost) against \(total.entrusted) and \
      \(total.lost)
      """
    case .ambiguousGroup(let group):
      "more than one row of the report is called \"\(group)\""
    }
  }
}
