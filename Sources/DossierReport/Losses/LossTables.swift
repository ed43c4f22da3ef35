internal import DossierCore

extension LossReport {
  /// The report as text, final newline included. CSV, TSV and NDJSON carry the total as their last row, with
  /// the reserved group `total`.
  /// - Parameters:
  ///   - format: what to write.
  ///   - style: for `table` only.
  public func render(_ format: OutputFormat, style: TableStyle = TableStyle()) -> String {
    format == .table ? table(language: style.language).render(.table, style: style) : flat.render(format)
  }

  /// The report as JSON, the shape others rely on.
  public var json: JSONOutput { .object(members + [.init(key: "note", value: note.json)]) }

  /// The report's JSON without its note.
  var members: [JSONOutput.Member] {
    let core: [(String, JSONOutput)] = [
      ("period", ["from": .string(period.from), "to": .string(period.to)]),
      ("unit", .string(unit.rawValue)),
      ("by", .string(orNull: by)),
      ("log", ["size": .unsigned(log.size), "root": .string(log.root)]),
      ("rows", .array(rows.map(Self.json))),
      ("total", Self.json(total)),
    ]
    let rest: [(String, JSONOutput)] = [
      ("funnel", funnel?.json ?? .null),
      ("months", .array(months.map(Self.json))),
      ("sequence", sequence?.json ?? .null),
      (
        "exclusions",
        [
          "surplus": .integer(exclusions.surplus), "announced": .integer(exclusions.announced),
          "handled": .integer(exclusions.handled),
          "outsidePeriod": .integer(exclusions.outsidePeriod),
          "withoutDossiers": .integer(exclusions.withoutDossiers),
        ]
      ),
      ("comparison", comparison?.json ?? .null),
    ]
    return (core + rest).map { JSONOutput.Member(key: $0.0, value: $0.1) }
  }

  private static func json(_ row: LossRow) -> JSONOutput {
    let counts = zip(countColumns, row.counts.inColumnOrder).map { column, count in
      JSONOutput.Member(key: column.key, value: .integer(count))
    }
    return .object(
      [.init(key: "group", value: .string(row.group))] + counts + [
        .init(key: "lostPer100k", value: json(row.lostPer100k)),
        .init(key: "damagedPer100k", value: json(row.damagedPer100k)),
      ] + details(row))
  }

  /// What a row says beyond the contract's first members.
  private static func details(_ row: LossRow) -> [JSONOutput.Member] {
    let declared = row.details.declared
    let causes = zip(LossCause.allCases, row.details.causes).map { cause, counts in
      JSONOutput.Member(
        key: cause.word,
        value: [
          "declared": .integer(counts.declared), "foundAgain": .integer(counts.foundAgain),
          "contested": .integer(counts.contested), "lost": .integer(counts.lost),
        ])
    }
    let damage = zip(DamageGrade.allCases, row.details.damage).map { grade, count in
      JSONOutput.Member(key: grade.word, value: .integer(count))
    }
    return [
      .init(key: "declaredLost", value: .integer(declared.declared)),
      .init(key: "foundAgain", value: .integer(declared.foundAgain)),
      .init(key: "contested", value: .integer(declared.contested)),
      .init(key: "presumedLost", value: row.details.presumedLost.map(JSONOutput.integer) ?? .null),
      .init(key: "declaredLostPer100k", value: json(row.declaredLostPer100k)),
      .init(key: "lostOrPresumedPer100k", value: row.lostOrPresumedPer100k.map(json) ?? .null),
      .init(key: "causes", value: .object(causes)),
      .init(key: "damagedBy", value: .object(damage)),
    ]
  }

  private static func json(_ rate: Rate) -> JSONOutput {
    [
      "rate": .decimal(orNull: rate.rate), "lower": .decimal(orNull: rate.lower),
      "upper": .decimal(orNull: rate.upper),
    ]
  }

  // MARK: For machines

  /// Every number in a column of its own.
  var flat: TabularDocument {
    let rates =
      Self.rateColumns("lostPer100k", vi: "Thất lạc trên 100.000", en: "Lost per 100,000")
      + Self.rateColumns("damagedPer100k", vi: "Hư hỏng trên 100.000", en: "Damaged per 100,000")
      + Self.detailColumns
      + Self.rateColumns(
        "declaredLostPer100k", vi: "Từng khai mất trên 100.000", en: "Ever declared per 100,000")
      + Self.rateColumns(
        "lostOrPresumedPer100k", vi: "Thất lạc hoặc coi là thất lạc trên 100.000",
        en: "Lost or presumed per 100,000")
    return TabularDocument(
      columns: [groupColumn] + Self.countColumns + rates, rows: rows.map(Self.flatCells),
      total: Self.flatCells(total), json: json)
  }

  private static func rateColumns(_ key: String, vi: String, en: String) -> [Column] {
    [
      Column(key + "Rate", vi: vi, en: en, kind: .decimal(places: 2)),
      Column(key + "Lower", vi: vi + ", cận dưới", en: en + ", lower", kind: .decimal(places: 2)),
      Column(key + "Upper", vi: vi + ", cận trên", en: en + ", upper", kind: .decimal(places: 2)),
    ]
  }

  /// Declared lost and what became of it, presumed lost, causes, grades.
  private static let detailColumns: [Column] =
    [
      Column("declaredLost", vi: "Từng khai mất", en: "Ever declared lost", kind: .integer),
      Column("foundAgain", vi: "Tìm lại được", en: "Found again", kind: .integer),
      Column("contested", vi: "Còn tranh chấp", en: "Contested", kind: .integer),
      Column("presumedLost", vi: "Coi là thất lạc", en: "Presumed lost", kind: .integer),
    ]
    + LossCause.allCases.map { cause in
      Column(key: cause.word, header: cause.label, kind: .integer)
    }
    + DamageGrade.allCases.map { grade in
      Column(key: grade.word, header: grade.header, kind: .integer)
    }

  private static func flatCells(_ row: LossRow) -> [Cell] {
    func cells(_ rate: Rate?) -> [Cell] {
      [rate?.rate, rate?.lower, rate?.upper].map(Cell.decimal(orNone:))
    }
    let declared = row.details.declared
    var flat: [Cell] = [.text(row.group)]
    flat += row.counts.inColumnOrder.map(Cell.integer)
    flat += cells(row.lostPer100k) + cells(row.damagedPer100k)
    flat += [declared.declared, declared.foundAgain, declared.contested].map(Cell.integer)
    flat.append(row.details.presumedLost.map(Cell.integer) ?? .none)
    flat += row.details.causes.map { .integer($0.lost) } + row.details.damage.map(Cell.integer)
    return flat + cells(row.declaredLostPer100k) + cells(row.lostOrPresumedPer100k)
  }

  // MARK: For people

  /// Each rate and its limits in one column, and everything needed to judge them around the table: the report's first
  /// section alone.
  func table(language: OutputLanguage) -> TabularDocument {
    func cells(_ row: LossRow, group: String) -> [Cell] {
      [.text(group)] + row.counts.inColumnOrder.map(Cell.integer)
        + [row.lostPer100k, row.damagedPer100k].map { .text(Self.text($0, language: language)) }
    }
    let rates = [
      Column(
        "lostPer100k", vi: "Thất lạc /100.000 [95\u{A0}%]", en: "Lost /100,000 [95\u{A0}%]", kind: .code,
        alignment: .right),
      Column(
        "damagedPer100k", vi: "Hư hỏng /100.000 [95\u{A0}%]", en: "Damaged /100,000 [95\u{A0}%]", kind: .code,
        alignment: .right),
    ]
    return TabularDocument(
      columns: [groupColumn] + Self.countColumns + rates,
      rows: rows.map { cells($0, group: $0.group) },
      total: cells(total, group: language == .vi ? "Tổng cộng" : "Total"),
      title: Self.title, lead: lead, notes: note.text)
  }

  /// `0,00 [≤ 29,95]` where nothing happened: a one-sided bound must not look like an interval.
  static func text(_ rate: Rate, language: OutputLanguage) -> String {
    func number(_ value: Double) -> String { NumberText.human(value, places: 2, language: language) ?? "" }
    guard let value = rate.rate, let lower = rate.lower, let upper = rate.upper else { return "" }
    let limits = value == 0 ? "≤ \(number(upper))" : "\(number(lower))–\(number(upper))"
    return "\(number(value)) [\(limits)]"
  }

  var unitName: BilingualText {
    switch unit {
    case .dossier: BilingualText(vi: "hồ sơ", en: "dossier")
    case .item: BilingualText(vi: "bưu gửi", en: "item")
    }
  }

  var groupColumn: Column {
    let (vi, en) =
      switch by {
      case "office": ("Đơn vị", "Office")
      case "route": ("Tuyến", "Route")
      case "field": ("Lĩnh vực", "Field")
      case "agency": ("Cơ quan", "Agency")
      case "leg": ("Chiều", "Leg")
      case "month": ("Tháng", "Month")
      default: ("Nhóm", "Group")
      }
    return Column("group", vi: vi, en: en, kind: .code)
  }

  static let countColumns = [
    Column("entrusted", vi: "Nhận gửi", en: "Entrusted", kind: .integer),
    Column("delivered", vi: "Đã phát", en: "Delivered", kind: .integer),
    Column("returned", vi: "Đã hoàn", en: "Returned", kind: .integer),
    Column("lost", vi: "Thất lạc", en: "Lost", kind: .integer),
    Column("destroyed", vi: "Tiêu hủy", en: "Destroyed", kind: .integer),
    Column("open", vi: "Chưa kết thúc", en: "Open", kind: .integer),
    Column("missing", vi: "Thiếu", en: "Missing", kind: .integer),
    Column("found", vi: "Tìm thấy", en: "Found", kind: .integer),
    Column("damaged", vi: "Hư hỏng", en: "Damaged", kind: .integer),
  ]
}

extension LossCounts {
  /// The order of every report: outcomes first, then what is noted apart.
  var inColumnOrder: [Int] {
    [entrusted, delivered, returned, lost, destroyed, open, missing, found, damaged]
  }
}
