internal import DossierCore

/// Checks the form's identities in every row of one table, the rows against their totals, and what the table does not
/// show: the rows that must be there for its totals to be right.
struct TableCheck {
  let reading: TableReading
  /// Rows without totals and headings.
  let details: [TableLine]
  /// Positions of rows by their folded names.
  private var byLabel: [String: [Int]] = [:]

  var layout: FormLayout { reading.layout }

  init(_ reading: TableReading) {
    self.reading = reading
    details = reading.lines.filter { $0.kind == .detail }
    for (position, line) in reading.lines.enumerated() {
      byLabel[FoldedText.fold(line.label), default: []].append(position)
    }
  }

  /// What one identity leaves over in one row.
  struct Residual: Equatable {
    var row: String
    var identity: FormIdentity
    var left: Int
    var right: Int
    var amount: Int { left - right }
  }

  // MARK: Rows

  func lines(named label: String) -> [TableLine] {
    (byLabel[FoldedText.fold(label)] ?? []).map { reading.lines[$0] }
  }

  var visibleSum: TableLine { add(details, label: "Σ") }

  /// Numbers that are missing among the printed numbers of the rows: `1...7` when the first is 8.
  var absentNumbers: [ClosedRange<Int>] {
    let numbers = details.compactMap { line in
      line.number.flatMap { text in Int(text.prefix { $0 != "." && $0 != ")" }) }
    }
    var absent: [ClosedRange<Int>] = []
    var expected = 1
    for number in numbers {
      // Numbering that begins anew under every heading is no gap.
      if number > expected, number < 100_000 { absent.append(expected...(number - 1)) }
      expected = number + 1
    }
    return absent
  }

  func add(_ lines: [TableLine], label: String) -> TableLine {
    var values: [FormQuantity: Int] = [:]
    for column in layout.columns {
      // A sum of which a part cannot be read is not known.
      var sum: Int? = 0
      for line in lines {
        guard let part = line.values[column.quantity], let before = sum else {
          sum = nil
          break
        }
        let (next, overflow) = before.addingReportingOverflow(part)
        sum = overflow ? nil : next
      }
      values[column.quantity] = sum
    }
    return TableLine(line: 0, number: nil, label: label, values: values, kind: .detail)
  }

  func difference(_ whole: TableLine, _ part: TableLine) -> TableLine {
    var values: [FormQuantity: Int] = [:]
    for column in layout.columns {
      if let left = whole.values[column.quantity], let right = part.values[column.quantity] {
        let (rest, overflow) = left.subtractingReportingOverflow(right)
        if !overflow { values[column.quantity] = rest }
      }
    }
    return TableLine(
      line: 0, number: nil, label: "\(whole.name) − \(part.name)", values: values, kind: .detail)
  }

  // MARK: Identities

  /// Nil where a figure is absent.
  func residual(_ identity: FormIdentity, of line: TableLine) -> Residual? {
    guard let left = line.values[identity.total], let amount = layout.residual(identity, { line.values[$0] })
    else {
      return nil
    }
    let (right, overflow) = left.subtractingReportingOverflow(amount)
    return overflow ? nil : Residual(row: line.name, identity: identity, left: left, right: right)
  }

  func failures(of line: TableLine) -> [Residual] {
    layout.identities.compactMap { residual($0, of: line) }.filter { $0.amount != 0 }
  }

  /// Whether all identities hold in a row; a negative count fails too.
  func verdict(of line: TableLine) -> CheckVerdict {
    if !failures(of: line).isEmpty || line.values.values.contains(where: { $0 < 0 }) { return .fail }
    let isWhole = layout.identities.allSatisfy { residual($0, of: line) != nil }
    return isWhole ? .pass : .undecidable
  }

  func remarks(of line: TableLine) -> [BilingualText] {
    let failing = failures(of: line)
    let holding = layout.identities.filter { residual($0, of: line)?.amount == 0 }.map(\.id)
    var remarks = failing.map { residual in
      BilingualText(
        vi: "\(residual.identity.id) sai: \(NumberText.human(residual.left, language: .vi)) so với "
          + "\(NumberText.human(residual.right, language: .vi)), lệch \(Self.signed(residual.amount, .vi))",
        en: "\(residual.identity.id) fails: \(NumberText.human(residual.left, language: .en)) against "
          + "\(NumberText.human(residual.right, language: .en)), off by \(Self.signed(residual.amount, .en))")
    }
    if !failing.isEmpty && !holding.isEmpty {
      let list = holding.joined(separator: ", ")
      remarks.append(BilingualText(vi: "\(list) đúng", en: "\(list) hold"))
    }
    if line.values.values.contains(where: { $0 < 0 }) {
      remarks.append(BilingualText(vi: "có số âm", en: "a count is negative"))
    }
    return remarks
  }

  static func signed(_ amount: Int, _ language: OutputLanguage) -> String {
    (amount > 0 ? "+" : "") + NumberText.human(amount, language: language)
  }

  /// `2.013 · 0 · 50 · …` in the form's order.
  func text(of line: TableLine) -> BilingualText {
    func list(_ language: OutputLanguage) -> String {
      layout.columns.map { column in
        line.values[column.quantity].map { NumberText.human($0, language: language) } ?? "?"
      }.joined(separator: " · ")
    }
    return BilingualText(vi: list(.vi), en: list(.en))
  }

  // MARK: Totals

  /// Rows against their total. Where rows are absent, what they must be together is worked out and checked instead.
  func compare(total: TableLine, members: [TableLine]) -> (verdict: CheckVerdict, remarks: [BilingualText]) {
    let rest = difference(total, add(members, label: "Σ"))
    let differing = layout.columns.filter { rest.values[$0.quantity] != 0 }
    if differing.isEmpty { return (.pass, []) }
    if layout.columns.contains(where: { rest.values[$0.quantity] == nil }) {
      return (.undecidable, [BilingualText(vi: "có ô không đọc được", en: "a cell cannot be read")])
    }
    let absent = absentNumbers
    guard absent.isEmpty else {
      let list = absent.prefix(10).map {
        $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)"
      }
      .joined(separator: ", ")
      let figures = text(of: rest)
      return (
        .undecidable,
        [
          BilingualText(
            vi: "thiếu các dòng \(list); cộng lại phải là \(figures.vi)",
            en: "rows \(list) are absent; together they must be \(figures.en)")
        ] + remarks(of: rest)
      )
    }
    let columns = differing.map { column in
      let amount = rest.values[column.quantity] ?? 0
      let label = layout.label(of: column.quantity)
      return (vi: "\(label) \(Self.signed(amount, .vi))", en: "\(label) \(Self.signed(amount, .en))")
    }
    return (
      .fail,
      [
        BilingualText(
          vi: "tổng trừ các dòng: " + columns.map(\.vi).joined(separator: "; "),
          en: "total minus rows: " + columns.map(\.en).joined(separator: "; "))
      ]
    )
  }
}
