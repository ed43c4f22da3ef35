internal import DossierCore

/// Which fees were collected and remitted, and what is outstanding, in đồng, as known at one state of the log.
///
/// "Delivered" and "cleared" are two facts: a postman reports the delivery, and clears the debt in an act of its own.
/// Its identities are checked when it is made: what does not close is never printed.
public struct FeeReport: Equatable, Sendable {
  struct Row: Equatable, Sendable {
    var group: String
    var sum: FeeSum
    /// For a row that is one item.
    var line: Line?
  }

  /// One item, in words.
  struct Line: Equatable, Sendable {
    var item: String
    var manifest: String?
    var office: String
    var money: FeeLine
    /// Days since the oldest money that is not remitted was collected.
    var days: Int?
  }

  /// What somebody has to do about an item.
  enum Task: String, CaseIterable, Sendable {
    case collect, remit, overCollected, overRemitted
  }

  struct Work: Equatable, Sendable {
    var task: Task
    var line: Line
    var amount: Int128
  }

  struct Band: Equatable, Sendable {
    var items = 0
    var amount: Int128 = 0
  }

  let grouping: FeeGrouping
  let from: CalendarDate?
  let through: CalendarDate?
  let rows: [Row]
  private(set) var total = FeeSum()
  let work: [Work]
  private(set) var bands: [AgeBand: Band] = [:]
  /// Items with a fee or money that were not entrusted in the period.
  let leftOut: FeeSum

  /// - Parameter names: what the tally's ``FeeTally/terms``, ``FeeTally/items`` and ``FeeTally/manifests`` mean.
  /// - Throws: when an identity does not hold.
  public init(_ tally: FeeTally, names: ReportNames) throws(CustodyReportRefusal) {
    grouping = tally.grouping
    from = tally.from
    through = tally.through
    leftOut = tally.leftOut
    let lines = tally.lines.map { money in
      Line(
        item: names.item(money.item), manifest: names.manifest(money.manifest),
        office: names.office(money.office), money: money,
        days: money.heldSince.map { AgeBand.days(from: $0, to: tally.now) })
    }.sorted {
      $0.item == $1.item ? $0.money.item < $1.money.item : ReportValue.precedes($0.item, $1.item)
    }
    switch tally.grouping {
    case .item: rows = lines.map { Row(group: $0.item, sum: $0.money.sum, line: $0) }
    case .manifest:
      rows = Self.sorted(tally.groups.map { Row(group: names.manifest($0) ?? "-", sum: $1) })
    case .office:
      rows = Self.sorted(
        tally.groups.map { Row(group: names.office(Int32(truncatingIfNeeded: $0)), sum: $1) })
    }
    work = Task.allCases.flatMap { task in
      lines.compactMap { line in
        let amount = Self.amount(task, line.money.sum)
        return amount > 0 ? Work(task: task, line: line, amount: amount) : nil
      }
      // The oldest money first, then the largest amounts.
      .sorted { left, right in
        if task == .remit, left.line.days != right.line.days {
          return (left.line.days ?? 0) > (right.line.days ?? 0)
        }
        return left.amount == right.amount
          ? ReportValue.precedes(left.line.item, right.line.item) : left.amount > right.amount
      }
    }
    for row in rows { total += row.sum }
    for line in lines where line.money.toRemit > 0 {
      bands[AgeBand(days: line.days ?? 0), default: Band()].items += 1
      bands[AgeBand(days: line.days ?? 0), default: Band()].amount += line.money.toRemit
    }
    try check(tally)
  }

  private static func sorted(_ rows: [Row]) -> [Row] {
    rows.sorted { ReportValue.precedes($0.group, $1.group) }
  }

  static func amount(_ task: Task, _ sum: FeeSum) -> Int128 {
    switch task {
    case .collect: sum.toCollect
    case .remit: sum.toRemit
    case .overCollected: sum.overCollected
    case .overRemitted: sum.overRemitted
    }
  }

  private func check(_ tally: FeeTally) throws(CustodyReportRefusal) {
    for (name, sum) in rows.map({ ($0.group, $0.sum) }) + [("total", total)]
    where !(sum.collectingCloses && sum.remittingCloses && sum.itemsClose) {
      throw .doesNotClose("fees of \(name): \(sum)")
    }
    for task in Task.allCases {
      let listed = work.reduce(0 as Int128) { $0 + ($1.task == task ? $1.amount : 0) }
      guard listed == Self.amount(task, total) else {
        throw .doesNotClose("fees, \(task.rawValue): lines \(listed), total \(Self.amount(task, total))")
      }
    }
    let aged = bands.values.reduce(0 as Int128) { $0 + $1.amount }
    guard aged == total.toRemit else {
      throw .doesNotClose("fees to remit: by age \(aged), total \(total.toRemit)")
    }
  }

  /// Whether any money is where it should not be.
  public var hasWork: Bool { !work.isEmpty }
}
