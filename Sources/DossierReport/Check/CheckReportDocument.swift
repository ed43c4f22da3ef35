extension CheckReport {
  /// The report as it is handed in.
  ///
  /// - Parameters:
  ///   - language: of verdicts and remarks in the tables for people; JSON and the flat table do not change with it.
  ///   - command: the command that makes it again.
  public func document(language: OutputLanguage, command: String) -> ReportDocument {
    ReportDocument(
      kind: "check",
      title: BilingualText(vi: "Kiểm tra số liệu báo cáo", en: "Check of a report's figures"),
      lead: [lead],
      sections: sections(language),
      note: ReportNote(
        lines: notes, versions: tables.isEmpty ? [] : [.init("forms", editions)], command: command),
      flat: flat, json: json, isLandscape: true)
  }

  private var editions: String {
    tables.reduce(into: [String]()) { words, table in
      let word = table.layout.edition.rawValue
      if !words.contains(word) { words.append(word) }
    }.joined(separator: ", ")
  }

  private var lead: BilingualText {
    let counts = CheckVerdict.allCases.reversed().map { ($0, count($0)) }.filter { $0.1 > 0 }
    return BilingualText(
      vi: counts.map { "\($0.label.vi) \(NumberText.human($1, language: .vi))" }.joined(separator: " · "),
      en: counts.map { "\($0.label.en) \(NumberText.human($1, language: .en))" }.joined(separator: " · "))
  }

  private var notes: [BilingualText] {
    var notes = [
      BilingualText(
        vi: "Số nguyên và tỷ lệ được tính chính xác, không qua số thực nhị phân; lệch = vế trái − vế phải.",
        en: "Integers and shares are computed exactly, not in binary fractions; residual = left − right."),
      BilingualText(
        vi: "Tỷ lệ: làm tròn nửa lên ở số lẻ được in; không khớp thì thử cắt bỏ và nêu rõ.",
        en:
          "Shares: rounded half up at the decimals printed; if that does not fit, cut off there, and that is said."
      ),
      BilingualText(
        vi: "Không có mẫu số thì không kết luận là đúng; có nhiều cách hiểu thì tính từng cách.",
        en:
          "Without its base a share is never taken for right; a text with several readings is judged under each."
      ),
    ]
    for edition in FormLayout.Edition.allCases {
      guard let table = tables.first(where: { $0.layout.edition == edition }) else { continue }
      notes.append(BilingualText(vi: table.layout.vi + ".", en: table.layout.en + "."))
      notes += table.layout.unverified.map(\.bilingual)
    }
    return notes
  }

  // MARK: For people

  private func sections(_ language: OutputLanguage) -> [ReportSection] {
    var sections = [summary(language)]
    for (number, table) in tables.enumerated() {
      sections.append(section(of: table, number: number + 1, language))
    }
    let inTables = tables.reduce(into: IndexSet()) { $0.add($1.claims) }
    let loose = claims.indices.filter { !inTables.contains($0) }.map { claims[$0] }
    if !loose.isEmpty {
      sections.append(
        ReportSection(
          id: "claims", title: BilingualText(vi: "Số liệu trong lời văn", en: "Figures in the text"),
          text: remarks(of: loose), table: claimTable(loose, language)))
    }
    return sections
  }

  /// Positions that ranges cover.
  private struct IndexSet {
    var ranges: [Range<Int>] = []
    mutating func add(_ range: Range<Int>) { ranges.append(range) }
    func contains(_ position: Int) -> Bool { ranges.contains { $0.contains(position) } }
  }

  private func summary(_ language: OutputLanguage) -> ReportSection {
    let verdicts = Array(CheckVerdict.allCases.reversed())
    return ReportSection(
      id: "summary", title: BilingualText(vi: "Tổng hợp", en: "Summary"),
      table: TabularDocument(
        columns: [Column("file", vi: "Tệp", en: "File", kind: .code)]
          + verdicts.map { Column(key: $0.rawValue, header: $0.label, kind: .integer) },
        rows: files.map { file in [.text(file)] + verdicts.map { .integer(count($0, in: file)) } },
        total: [.text(language == .vi ? "Tổng cộng" : "Total")] + verdicts.map { .integer(count($0)) }))
  }

  private func section(of table: Table, number: Int, _ language: OutputLanguage) -> ReportSection {
    let own = Array(claims[table.claims])
    let columns =
      [
        Column("number", vi: "TT", en: "No.", kind: .code),
        Column("label", vi: "Lĩnh vực", en: "Field", kind: .code),
      ] + table.layout.tableColumns()
      + table.layout.identities.map { identity in
        Column(
          "residual\(identity.id)", vi: "\(identity.id): \(table.layout.text(of: identity))",
          en: "\(identity.id): \(table.layout.text(of: identity))", kind: .code, alignment: .right)
      }
    let rows = table.lines.map { line in
      [Cell.text(orNone: line.number), .text(line.label)]
        + table.layout.columns.map { column in line.values[column.quantity].map(Cell.integer) ?? .none }
        + line.residuals.map { residual in
          .text(residual.map { $0 == 0 ? "0" : TableCheck.signed($0, language) } ?? "?")
        }
    }
    // Identities that hold are in the table; those that fail, and rows against totals, are said in words.
    let ends = table.layout.identities.map { "/\($0.id)" }
    let spoken = own.filter { claim in
      claim.verdict == .fail || !ends.contains { claim.id.hasSuffix($0) }
    }
    return ReportSection(
      id: "table-\(number)",
      title: BilingualText(vi: "Bảng \(table.title)", en: "Table \(table.title)"),
      text: lines(of: spoken),
      table: TabularDocument(columns: columns, rows: rows))
  }

  private func remarks(of claims: [CheckedClaim]) -> [BilingualText] {
    lines(of: claims.filter { !$0.remarks.isEmpty || $0.verdict == .fail || $0.overall == .ambiguous })
  }

  /// So many are read by nobody; the machine formats have all.
  private static let lineLimit = 200

  private func lines(of claims: [CheckedClaim]) -> [BilingualText] {
    let lines = claims.prefix(Self.lineLimit).map { line(of: $0) }
    let rest = claims.count - lines.count
    return rest == 0
      ? lines
      : lines + [
        BilingualText(
          vi: "… và \(NumberText.human(rest, language: .vi)) dòng nữa; xem bản CSV hoặc JSON.",
          en: "… and \(NumberText.human(rest, language: .en)) more; see the CSV or JSON.")
      ]
  }

  /// `000-03 LÀM TRÒN: …`
  private func line(of claim: CheckedClaim) -> BilingualText {
    func text(_ language: OutputLanguage) -> String {
      let name = claim.id + (claim.reading.map { " [\($0)]" } ?? "")
      let overall = claim.overall == claim.verdict ? "" : " → \(claim.overall.label[language])"
      let residual = claim.residual.flatMap { residual in
        residual == .zero || claim.verdict != .fail ? nil : Self.signed(residual, claim, language)
      }
      let remarks = claim.remarks.map { $0[language] }
      let off = residual.map { language == .vi ? "lệch \($0)" : "off by \($0)" }
      let sentence = (([off].compactMap { $0 }) + remarks).joined(separator: "; ")
      return "\(name) \(claim.verdict.label[language])\(overall)" + (sentence.isEmpty ? "" : ": " + sentence)
    }
    return BilingualText(vi: text(.vi), en: text(.en))
  }

  private static func signed(
    _ residual: ExactNumber, _ claim: CheckedClaim, _ language: OutputLanguage
  ) -> String {
    (residual > .zero ? "+" : "") + (claim.text(residual, language) ?? "")
  }

  private func claimTable(_ claims: [CheckedClaim], _ language: OutputLanguage) -> TabularDocument {
    TabularDocument(
      columns: [
        Column("id", vi: "Mã", en: "Id", kind: .code),
        Column("reading", vi: "Cách hiểu", en: "Reading", kind: .code),
        Column("claim", vi: "Đẳng thức", en: "Claim"),
        Column("left", vi: "Vế trái", en: "Left", kind: .code, alignment: .right),
        Column("right", vi: "Vế phải", en: "Right", kind: .code, alignment: .right),
        Column("residual", vi: "Lệch", en: "Residual", kind: .code, alignment: .right),
        Column("verdict", vi: "Kết luận", en: "Verdict", kind: .code),
      ],
      rows: claims.map { claim in
        let overall = claim.overall == claim.verdict ? "" : " → \(claim.overall.label[language])"
        return [
          .text(claim.id), .text(orNone: claim.reading), .text(claim.claim),
          .text(orNone: claim.text(claim.left, language)), .text(orNone: claim.text(claim.right, language)),
          .text(orNone: claim.residual.map { Self.signed($0, claim, language) }),
          .text(claim.verdict.label[language] + overall),
        ]
      })
  }

  // MARK: For machines

  private var flat: TabularDocument {
    TabularDocument(
      columns: [
        Column("file", vi: "Tệp", en: "File", kind: .code),
        Column("line", vi: "Dòng", en: "Line", kind: .integer),
        Column("id", vi: "Mã", en: "Id", kind: .code),
        Column("reading", vi: "Cách hiểu", en: "Reading", kind: .code),
        Column("claim", vi: "Đẳng thức", en: "Claim"),
        Column("left", vi: "Vế trái", en: "Left", kind: .decimal(places: 6)),
        Column("right", vi: "Vế phải", en: "Right", kind: .decimal(places: 6)),
        Column("residual", vi: "Lệch", en: "Residual", kind: .decimal(places: 6)),
        Column("verdict", vi: "Kết luận", en: "Verdict", kind: .code),
        Column("overall", vi: "Kết luận chung", en: "Over all readings", kind: .code),
        Column("problem", vi: "Cần xem lại", en: "Problem", kind: .flag),
        Column("remarks", vi: "Nhận xét", en: "Remarks"),
      ],
      rows: claims.map { claim in
        [
          .text(claim.file), .integer(claim.line), .text(claim.id), .text(orNone: claim.reading),
          .text(claim.claim),
          Self.cell(claim.left), Self.cell(claim.right), Self.cell(claim.residual),
          .text(claim.verdict.rawValue),
          .text(claim.overall.rawValue), .flag(claim.isProblem), .list(claim.remarks.map(\.en)),
        ]
      })
  }

  private static func cell(_ value: ExactNumber?) -> Cell {
    guard let value else { return .none }
    return value.integer.map(Cell.integer) ?? .decimal(tenDigits(value))
  }

  private static func number(_ value: ExactNumber?) -> JSONOutput {
    guard let value else { return .null }
    return value.integer.map(JSONOutput.integer) ?? .decimal(tenDigits(value))
  }

  /// As all figures of reports: ten significant digits, so that no binary remainder is printed.
  private static func tenDigits(_ value: ExactNumber) -> Double {
    var unit = 0
    var magnitude = value.isNegative ? value.negated : value
    while magnitude < ExactNumber(1), unit > -20, let larger = magnitude.multiplied(by: ExactNumber(10)) {
      magnitude = larger
      unit -= 1
    }
    while magnitude >= ExactNumber(10), unit < 20, let smaller = magnitude.divided(by: ExactNumber(10)) {
      magnitude = smaller
      unit += 1
    }
    guard let digit = ExactNumber.powerOfTen(unit - 9), let rounded = value.rounded(to: digit) else {
      return value.double
    }
    return rounded.double
  }

  private var json: [JSONOutput.Member] {
    [
      .init(key: "verdict", value: .string(hasProblems ? "problems" : "clean")),
      .init(
        key: "counts",
        value: .object(CheckVerdict.allCases.map { .init(key: $0.rawValue, value: .integer(count($0))) })),
      .init(
        key: "tables",
        value: .array(
          tables.map { table in
            [
              "file": .string(table.file), "sheet": .string(table.sheet),
              "layout": .string(table.layout.edition.rawValue), "byHeader": .bool(table.isByHeader),
              "rows": .array(table.lines.map { Self.json($0, table.layout) }),
            ]
          })),
      .init(
        key: "claims",
        value: .array(
          claims.map { claim in
            [
              "file": .string(claim.file), "line": .integer(claim.line), "id": .string(claim.id),
              "reading": .string(orNull: claim.reading), "claim": .string(claim.claim),
              "left": Self.number(claim.left), "right": Self.number(claim.right),
              "residual": Self.number(claim.residual), "verdict": .string(claim.verdict.rawValue),
              "overall": .string(claim.overall.rawValue), "problem": .bool(claim.isProblem),
              "remarks": .array(claim.remarks.map { ["vi": .string($0.vi), "en": .string($0.en)] }),
            ]
          })),
      .init(key: "refused", value: .array(refused.map(JSONOutput.string))),
    ]
  }

  private static func json(_ line: Table.Line, _ layout: FormLayout) -> JSONOutput {
    [
      "line": .integer(line.line), "number": .string(orNull: line.number), "label": .string(line.label),
      "total": .bool(line.isTotal),
      "values": .object(
        layout.columns.map { column in
          .init(key: column.key, value: line.values[column.quantity].map(JSONOutput.integer) ?? .null)
        }),
      "residuals": .object(
        zip(layout.identities, line.residuals).map { identity, residual in
          .init(key: identity.id, value: residual.map(JSONOutput.integer) ?? .null)
        }),
    ]
  }
}
