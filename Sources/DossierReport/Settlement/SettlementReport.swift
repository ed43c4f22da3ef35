internal import CustodyLog
public import DossierCore

/// Form II.06 of a period for the dossiers that the post carried, by field, under both readings of "late".
///
/// A report whose identities do not hold cannot be made.
public struct SettlementReport: Equatable, Sendable {
  public struct Row: Equatable, Sendable {
    /// The field's code or name; `-` where none is stated.
    public var field: String
    public var counts: SettlementCounts
  }

  public struct Table: Equatable, Sendable {
    public var reading: SettlementReading
    public var rows: [Row]
    public var total: SettlementCounts
  }

  /// Dossiers that stand differently under the two readings.
  public struct Move: Equatable, Sendable {
    public var processing: SettlementCounts.Standing
    public var returned: SettlementCounts.Standing
    public var count: Int
  }

  public let from: CalendarDate
  public let through: CalendarDate
  public let layout: FormLayout
  /// The day by which open dossiers were judged: the period's last, or earlier when the log knows no more.
  public let judged: CalendarDate
  /// First by processing, then by return.
  public let tables: [Table]
  public let moves: [Move]
  public let excluded: SettlementExclusions
  /// Whose items state different due dates; the earliest counts.
  public let differingDueDates: Int
  /// Whose day of result is not stated: the day on which the post got the result stands for it.
  public let assumedResultDays: Int
  /// Open by return, of which no result was ever given to the post.
  public let withoutPostalResult: Int

  /// Whether the period was over by what the log knows.
  public var isOver: Bool { judged == through }

  /// - Parameters:
  ///   - known: the last day that the log knows; nil for an empty log.
  ///   - layout: nil for the national form of the period.
  ///   - names: of fields by their dictionary numbers.
  /// - Throws: ``SettlementRefusal`` when an identity does not hold.
  public init(
    _ tally: SettlementTally, from: CalendarDate, through: CalendarDate, known: CalendarDate?,
    layout: FormLayout? = nil, names: [Int32: String]
  ) throws(SettlementRefusal) {
    self.from = from
    self.through = through
    self.layout = layout ?? FormLayout.national(forPeriodEnding: through)
    judged = min(through, known ?? through)
    var counting = Counting(
      first: from.daysSince1970, last: through.daysSince1970, judged: judged.daysSince1970)
    for dossier in tally.dossiers.values { counting.add(dossier) }
    var excluded = counting.excluded
    excluded.erased = tally.erased
    excluded.neverEntrusted = tally.neverEntrusted
    self.excluded = excluded
    differingDueDates = counting.differingDueDates
    assumedResultDays = counting.assumedResultDays
    withoutPostalResult = counting.withoutPostalResult
    moves = counting.moves.filter { $0.key.processing != $0.key.returned }
      .map { Move(processing: $0.key.processing, returned: $0.key.returned, count: $0.value) }
      .sorted { ($0.processing.order, $0.returned.order) < ($1.processing.order, $1.returned.order) }
    tables = SettlementReading.allCases.map { reading in
      Self.table(reading, counting.counts[reading] ?? [:], names)
    }
    try check()
  }

  private static func table(
    _ reading: SettlementReading, _ counts: [Int32: SettlementCounts], _ names: [Int32: String]
  ) -> Table {
    // Two numbers never have one name, but nothing would break if they had.
    var byName: [String: SettlementCounts] = [:]
    for (field, count) in counts {
      let name = names[field] ?? "-"
      byName[name] = (byName[name] ?? SettlementCounts()) + count
    }
    let rows = byName.map { Row(field: $0.key, counts: $0.value) }.filter { !$0.counts.isEmpty }
      .sorted { left, right in
        if (left.field == "-") != (right.field == "-") { return right.field == "-" }
        return left.field.utf8.lexicographicallyPrecedes(right.field.utf8)
      }
    return Table(
      reading: reading, rows: rows, total: rows.reduce(SettlementCounts()) { $0 + $1.counts })
  }

  /// Every identity of the form in every row and total.
  private func check() throws(SettlementRefusal) {
    for table in tables {
      for row in table.rows + [Row(field: "total", counts: table.total)] {
        for identity in layout.identities {
          let residual = layout.residual(identity) { row.counts[$0] }
          guard residual == 0 else {
            throw SettlementRefusal(
              field: row.field, identity: layout.text(of: identity), residual: residual ?? 0)
          }
        }
      }
    }
  }
}

/// Why a settlement report was not made: a fault of the program, never of the reader.
public struct SettlementRefusal: Error, Equatable, CustomStringConvertible {
  public var field: String
  public var identity: String
  public var residual: Int

  public var description: String { "\(identity) is off by \(residual) in row \"\(field)\"" }
}

extension SettlementCounts.Standing {
  var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// One pass over all dossiers.
private struct Counting {
  struct Pair: Hashable {
    var processing: SettlementCounts.Standing
    var returned: SettlementCounts.Standing
  }

  let first: Int32
  let last: Int32
  let judged: Int32
  var counts: [SettlementReading: [Int32: SettlementCounts]] = [:]
  var moves: [Pair: Int] = [:]
  var excluded = SettlementExclusions()
  var differingDueDates = 0
  var assumedResultDays = 0
  var withoutPostalResult = 0

  init(first: Int32, last: Int32, judged: Int32) {
    self.first = first
    self.last = last
    self.judged = judged
  }

  mutating func add(_ dossier: SettlementTally.Dossier) {
    guard let received = dossier.receivedDay else {
      excluded.noReceivedDay += 1
      return
    }
    guard received <= last else { return }
    guard let due = dossier.dueDay else {
      // One that was settled before the period is missed by nobody.
      if (dossier.settledDay(.returned) ?? .max) >= first { excluded.noDueDate += 1 }
      return
    }
    var standings: [SettlementCounts.Standing] = []
    for reading in SettlementReading.allCases {
      let settled = dossier.settledDay(reading)
      if let settled, settled < received {
        if settled >= first || received >= first { excluded.contradictory[reading, default: 0] += 1 }
        continue
      }
      let standing = counts[reading, default: [:]][dossier.field, default: SettlementCounts()].add(
        received: received, due: due, settled: settled, isPostalIntake: dossier.isPostalIntake,
        isPostalResult: dossier.isPostalResult, first: first, last: last, judged: judged)
      if let standing { standings.append(standing) }
      guard let standing, standing != .earlier else { continue }
      if reading == .returned {
        if dossier.latestDue != due { differingDueDates += 1 }
        if !dossier.isPostalResult { withoutPostalResult += 1 }
      } else if dossier.isResultDayAssumed {
        assumedResultDays += 1
      }
    }
    guard standings.count == 2 else { return }
    moves[Pair(processing: standings[0], returned: standings[1]), default: 0] += 1
  }
}
