internal import DossierCore

extension Finding {
  /// Whether it says that the log, its checkpoints or the tables contradict each other.
  var contradictsLog: Bool {
    severity == .error && (code.rawValue.hasPrefix("D-30") || code.rawValue.hasPrefix("D-31"))
  }

  /// What is left out last when there is too much to report: 0, then 1, then 2.
  var rank: Int { contradictsLog ? 0 : AuditReport.bearing(self).rawValue }
}

/// Findings about rows of one table, in the order of the rows whoever found them, and no more than a report can
/// show: those of the first rows are kept, the others counted. What contradicts the log and what is a gap have shares of
/// their own, so that no flood of remarks crowds out what decides the verdict.
struct RowFindings: Sendable {
  private struct Entry {
    var row: Int64
    /// Which one of the row's, so that sorting keeps their order.
    var ordinal: Int
    var finding: Finding
  }

  private var entries: [[Entry]] = [[], [], []]
  private var ordinal = 0
  private(set) var leftOut = 0
  private static let limit = 1_000

  mutating func add(_ finding: Finding, row: Int64) {
    ordinal += 1
    entries[finding.rank].append(Entry(row: row, ordinal: ordinal, finding: finding))
    if entries[finding.rank].count >= 4 * Self.limit { cut() }
  }

  /// Whether there are as many remarks as can be shown.
  var isFull: Bool { entries[2].count >= Self.limit }

  /// Counts a remark about a row behind all those that are kept.
  mutating func leaveOut() { leftOut += 1 }

  /// Takes over what another worker found about other rows.
  mutating func add(_ found: RowFindings) {
    for rank in entries.indices { entries[rank] += found.entries[rank] }
    leftOut += found.leftOut
    cut()
  }

  /// Those that are kept, in the order of their rows.
  var all: [Finding] { Self.sorted(entries.flatMap(\.self)).map(\.finding) }

  private mutating func cut() {
    for rank in entries.indices where entries[rank].count > Self.limit {
      leftOut += entries[rank].count - Self.limit
      entries[rank] = Array(Self.sorted(entries[rank]).prefix(Self.limit))
    }
  }

  private static func sorted(_ entries: [Entry]) -> [Entry] {
    entries.sorted { ($0.row, $0.ordinal) < ($1.row, $1.ordinal) }
  }
}
