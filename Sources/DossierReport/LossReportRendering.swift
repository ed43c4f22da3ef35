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
  public var json: JSONOutput {
    [
      "period": ["from": .string(period.from), "to": .string(period.to)],
      "unit": .string(unit.rawValue),
      "by": .string(orNull: by),
      "log": ["size": .unsigned(log.size), "root": .string(log.root)],
      "rows": .array(rows.map(Self.json)),
      "total": Self.json(total),
    ]
  }

  private static func json(_ row: LossRow) -> JSONOutput {
    let counts = zip(countColumns, row.counts.inColumnOrder).map { column, count in
      JSONOutput.Member(key: column.key, value: .integer(count))
    }
    return .object(
      [.init(key: "group", value: .string(row.group))] + counts + [
        .init(key: "lostPer100k", value: json(row.lostPer100k)),
        .init(key: "damagedPer100k", value: json(row.damagedPer100k)),
      ])
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

  private static func flatCells(_ row: LossRow) -> [Cell] {
    let rates = [row.lostPer100k, row.damagedPer100k].flatMap { [$0.rate, $0.lower, $0.upper] }
    return [.text(row.group)] + row.counts.inColumnOrder.map(Cell.integer)
      + rates.map(Cell.decimal(orNone:))
  }

  // MARK: For people

  /// Each rate and its limits in one column, and everything needed to judge them around the table.
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
      title: BilingualText(vi: "Báo cáo thất lạc và hư hỏng", en: "Loss and damage report"),
      lead: lead, notes: notes)
  }

  /// `0,00 [≤ 29,95]` where nothing happened: a one-sided bound must not look like an interval.
  private static func text(_ rate: Rate, language: OutputLanguage) -> String {
    func number(_ value: Double) -> String { NumberText.human(value, places: 2, language: language) ?? "" }
    guard let value = rate.rate, let lower = rate.lower, let upper = rate.upper else { return "" }
    let limits = value == 0 ? "≤ \(number(upper))" : "\(number(lower))–\(number(upper))"
    return "\(number(value)) [\(limits)]"
  }

  private var lead: [BilingualText] {
    [
      BilingualText(
        vi: "Kỳ: \(HumanDate.text(period.from, language: .vi)) – \(HumanDate.text(period.to, language: .vi))",
        en: "Period: \(period.from) to \(period.to)"),
      BilingualText(vi: "Đơn vị tính: \(unitName.vi)", en: "Unit: \(unitName.en)"),
    ]
  }

  private var notes: [BilingualText] {
    [
      BilingualText(
        vi: "Phương pháp: Clopper-Pearson chính xác 95 %; không có sự kiện: cận trên một phía 95 %.",
        en: "Method: exact Clopper-Pearson 95 %; no event: one-sided 95 % upper bound."),
      BilingualText(
        vi: "Mẫu số: số \(unitName.vi) nhận gửi trong kỳ; số chưa kết thúc vẫn nằm trong mẫu số.",
        en: "Denominator: \(unitName.en)s entrusted in the period; open ones stay in the denominator."),
      BilingualText(
        vi: "Cân đối: nhận gửi = phát + hoàn + thất lạc + tiêu hủy + chưa kết thúc.",
        en: "Balance: entrusted = delivered + returned + lost + destroyed + open."),
      BilingualText(
        vi: "Thiếu nằm trong chưa kết thúc; tìm thấy và hư hỏng được ghi riêng, ngoài cân đối.",
        en: "Missing is part of open; found and damaged are noted apart from the balance."),
      BilingualText(
        vi: "Sổ sự kiện: \(NumberText.human(log.size, language: .vi)) mục, "
          + "gốc \(log.root)",
        en: "Log: \(NumberText.human(log.size, language: .en)) entries, "
          + "root \(log.root)"),
    ]
  }

  private var unitName: BilingualText {
    switch unit {
    case .dossier: BilingualText(vi: "hồ sơ", en: "dossier")
    case .item: BilingualText(vi: "bưu gửi", en: "item")
    }
  }

  private var groupColumn: Column {
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

  private static let countColumns = [
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
  fileprivate var inColumnOrder: [Int] {
    [entrusted, delivered, returned, lost, destroyed, open, missing, found, damaged]
  }
}
