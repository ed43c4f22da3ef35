/// Tables in a report for people: capped lists, and totals in their language.
struct WorkTables {
  let language: OutputLanguage
  /// So many rows of a list are printed; nil for all.
  let limit: Int?
  /// Where every row is.
  var whole = BilingualText(vi: "csv và xlsx", en: "csv and xlsx")

  /// A list with at most so many rows, and a sentence when there are more.
  func capped(_ table: TabularDocument) -> (table: TabularDocument, remark: [BilingualText]) {
    var table = totalled(table)
    guard let limit, table.rows.count > limit else { return (table, []) }
    let all = table.rows.count
    table.rows = Array(table.rows.prefix(limit))
    return (
      table,
      [
        BilingualText(
          vi: "In \(NumberText.human(limit, language: .vi)) trên "
            + "\(NumberText.human(all, language: .vi)) dòng; đủ cả: \(whole.vi).",
          en: "\(NumberText.human(limit, language: .en)) of \(NumberText.human(all, language: .en)) lines; "
            + "all of them: \(whole.en).")
      ]
    )
  }

  /// The total's name in the reader's language.
  func totalled(_ table: TabularDocument) -> TabularDocument {
    var table = table
    if language == .vi, table.total?.first == .text("total") { table.total?[0] = .text("Tổng cộng") }
    if language == .en, table.total?.first == .text("total") { table.total?[0] = .text("Total") }
    return table
  }

  /// A section with a list of its own; none when the list is empty.
  func section(
    _ id: String, vi: String, en: String, text: [BilingualText] = [], _ table: TabularDocument
  ) -> [ReportSection] {
    if table.rows.isEmpty { return [] }
    let (table, remark) = capped(table)
    return [
      ReportSection(id: id, title: BilingualText(vi: vi, en: en), text: text + remark, table: table)
    ]
  }
}

extension TabularDocument {
  /// The rows as an array of objects by the columns' keys, the total not among them.
  var jsonRows: JSONOutput { .array(rows.map { RowWriter.object($0, columns: columns) }) }

  var jsonTotal: JSONOutput { total.map { RowWriter.object($0, columns: columns) } ?? .null }
}
