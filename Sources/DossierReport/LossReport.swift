/// How much was entrusted in a period and how much of it was lost or damaged, by group, as known at one state
/// of the log.
///
/// A report whose balance does not close cannot be made, let alone printed: that would be a fault of the
/// program, and `init` says so.
public struct LossReport: Equatable, Sendable {
  /// The days of the cohort, both included, each `yyyy-mm-dd`.
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

  /// Checks every row, adds the rows up, and checks the sum.
  ///
  /// The rows stay in the order given; nothing may be counted in two of them.
  ///
  /// - Throws: ``LossReportRefusal`` when a balance does not close, counts are impossible, or a group is
  ///   named twice.
  public init(
    period: Period, unit: Unit, by: String?, log: LogHead, rows: [LossRow]
  ) throws(LossReportRefusal) {
    var seen: Set<[UInt8]> = [Array(Self.totalGroup.utf8)]
    for row in rows {
      // By bytes, because Swift takes two spellings of one Vietnamese name for equal and the files do not.
      guard seen.insert(Array(row.group.utf8)).inserted else { throw .ambiguousGroup(row.group) }
      try Self.check(row)
    }
    total = LossRow(
      group: Self.totalGroup, counts: rows.reduce(LossCounts()) { $0 + $1.counts })
    try Self.check(total)
    self.period = period
    self.unit = unit
    self.by = by
    self.log = log
    self.rows = rows
  }

  private static func check(_ row: LossRow) throws(LossReportRefusal) {
    guard row.counts.arePossible else { throw .impossibleCounts(group: row.group, counts: row.counts) }
    guard row.counts.balances else { throw .balanceDoesNotClose(group: row.group, counts: row.counts) }
  }
}

/// Why a loss report was not made. Each is a fault of the program that counted, not of the reader.
public enum LossReportRefusal: Error, Equatable, CustomStringConvertible {
  /// entrusted differs from delivered + returned + lost + destroyed + open.
  case balanceDoesNotClose(group: String, counts: LossCounts)
  /// A negative count, or a part larger than its whole.
  case impossibleCounts(group: String, counts: LossCounts)
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
    case .ambiguousGroup(let group):
      "more than one row of the report is called \"\(group)\""
    }
  }
}
