/// How the numbers of a report look at a later state of the log: what was learnt since.
public struct LossComparison: Equatable, Sendable {
  public struct Change: Equatable, Sendable {
    public let group: String
    public let column: String
    /// nil where the rule of presumption could not be applied.
    public let then: Int?
    public let later: Int?
  }

  /// The later state.
  public let log: LossReport.LogHead
  public let knownAt: String?
  /// Rows in the order of the report, the new ones after them, the total last; columns in the report's order.
  public let changes: [Change]

  /// - Parameters:
  ///   - earlier: the report that is handed in.
  ///   - later: the same cohort at a later state.
  public init(_ earlier: LossReport, later: LossReport) {
    log = later.log
    knownAt = later.frame.knownAt
    let zero = LossRow(group: "", counts: LossCounts(), details: LossDetails())
    let byGroup = Dictionary(later.rows.map { (Array($0.group.utf8), $0) }, uniquingKeysWith: { $1 })
    let known = Set(earlier.rows.map { Array($0.group.utf8) })
    var pairs = earlier.rows.map { ($0.group, $0, byGroup[Array($0.group.utf8)] ?? zero) }
    for row in later.rows where !known.contains(Array(row.group.utf8)) {
      pairs.append((row.group, zero, row))
    }
    pairs.append((LossReport.totalGroup, earlier.total, later.total))
    changes = pairs.flatMap { group, then, now in
      LossColumn.all.compactMap { column in
        let (old, new) = (column.value(then), column.value(now))
        return old == new ? nil : Change(group: group, column: column.key, then: old, later: new)
      }
    }
  }

  var section: ReportSection {
    let columns = [
      Column("group", vi: "Nhóm", en: "Group", kind: .code),
      Column("column", vi: "Cột", en: "Column", kind: .code),
      Column("then", vi: "Trong báo cáo này", en: "In this report", kind: .integer),
      Column("later", vi: "Về sau", en: "Later", kind: .integer),
      Column("change", vi: "Thay đổi", en: "Change", kind: .integer),
    ]
    let size = BilingualText(
      vi: NumberText.human(log.size, language: .vi), en: NumberText.human(log.size, language: .en))
    let day = knownAt ?? ""
    return ReportSection(
      id: "as-known-now", title: BilingualText(vi: "Theo những gì biết hiện nay", en: "As known now"),
      text: [
        BilingualText(
          vi:
            "Cùng những bưu gửi nhận gửi trong kỳ, theo nhật ký \(size.vi) mục (\(HumanDate.text(day, language: .vi))): "
            + (changes.isEmpty ? "không có gì thay đổi." : "những số đã thay đổi."),
          en: "The same period by the log of \(size.en) entries (\(day)): "
            + (changes.isEmpty ? "nothing has changed." : "the numbers that have changed."))
      ],
      table: TabularDocument(
        columns: columns,
        rows: changes.map { change in
          [
            .text(change.group), .text(change.column), change.then.map(Cell.integer) ?? .none,
            change.later.map(Cell.integer) ?? .none,
            change.then.flatMap { then in change.later.map { .integer($0 - then) } } ?? .none,
          ]
        }))
  }

  var json: JSONOutput {
    [
      "log": ["size": .unsigned(log.size), "root": .string(log.root)], "knownAt": .string(orNull: knownAt),
      "changes": .array(
        changes.map { change in
          [
            "group": .string(change.group), "column": .string(change.column),
            "then": change.then.map(JSONOutput.integer) ?? .null,
            "later": change.later.map(JSONOutput.integer) ?? .null,
          ]
        }),
    ]
  }
}
