internal import DossierCore

/// The tables of the delay report.
extension DelayReport {
  static let dayLength = 86_400_000.0
  static let hourLength = 3_600_000.0

  static func mean(_ sum: Int64, _ count: Int, unit: Double) -> Cell {
    count == 0 ? .none : .decimal((Double(sum) / unit / Double(count)).tenDigits)
  }

  static func share(_ part: Int64, _ whole: Int64) -> Cell {
    whole == 0 ? .none : .decimal((Double(part) / Double(whole)).tenDigits)
  }

  var groupColumn: Column {
    let (vi, en) =
      switch figures.query.by {
      case .office: ("Đơn vị", "Office")
      case .route: ("Tuyến", "Route")
      case .field: ("Lĩnh vực", "Field")
      case .agency: ("Cơ quan", "Agency")
      case .leg: ("Chiều", "Leg")
      case .month: ("Tháng", "Month")
      case nil: ("Nhóm", "Group")
      }
    return Column("group", vi: vi, en: en, kind: .code)
  }

  // MARK: Who held it

  /// One holder a row, over all dossiers.
  func holdersTable(_ language: OutputLanguage) -> TabularDocument {
    let total = figures.total
    let row: (Holder) -> [Cell] = { holder in
      let position = holder.rawValue
      let visits = total.visits[position]
      return [
        .text(holder.name[language]), .integer(visits),
        .decimal((Double(total.clock[position]) / Self.dayLength).tenDigits),
        Self.share(total.clock[position], total.elapsed),
        Self.mean(total.clock[position], visits, unit: Self.dayLength),
        .decimal((Double(total.working[position]) / Self.hourLength).tenDigits),
        Self.mean(total.working[position], visits, unit: Self.hourLength),
      ]
    }
    return TabularDocument(
      columns: [
        Column("holder", vi: "Bên giữ", en: "Holder"),
        Column("dossiers", vi: "Hồ sơ đã giữ", en: "Dossiers held", kind: .integer),
        Column("clockDays", vi: "Ngày (đồng hồ)", en: "Days by the clock", kind: .decimal(places: 1)),
        Column("share", vi: "Tỷ trọng", en: "Share", kind: .percent(places: 1)),
        Column("meanDays", vi: "Ngày/hồ sơ", en: "Days a dossier", kind: .decimal(places: 2)),
        Column("workingHours", vi: "Giờ làm việc", en: "Working hours", kind: .decimal(places: 1)),
        Column("meanHours", vi: "Giờ LV/hồ sơ", en: "Working h a dossier", kind: .decimal(places: 2)),
      ],
      rows: Holder.allCases.map(row),
      total: [
        .text("total"), .integer(total.dossiers),
        .decimal((Double(total.elapsed) / Self.dayLength).tenDigits),
        Self.share(total.elapsed, total.elapsed),
        Self.mean(total.elapsed, total.dossiers, unit: Self.dayLength),
        .decimal((Double(total.working.reduce(0, +)) / Self.hourLength).tenDigits),
        Self.mean(total.working.reduce(0, +), total.dossiers, unit: Self.hourLength),
      ])
  }

  /// One group a row: mean days of the clock with each holder.
  func groupsTable(_ language: OutputLanguage) -> TabularDocument {
    let group = BilingualText(
      vi: "Ngày trung bình một hồ sơ, theo bên giữ", en: "Mean days a dossier, by holder")
    let cells: (String, DelayCounts) -> [Cell] = { label, counts in
      [
        .text(label), .integer(counts.dossiers),
        Self.mean(counts.elapsed, counts.dossiers, unit: Self.dayLength),
      ]
        + counts.clock.map { Self.mean($0, counts.dossiers, unit: Self.dayLength) }
    }
    return TabularDocument(
      columns: [
        groupColumn, Column("dossiers", vi: "Hồ sơ", en: "Dossiers", kind: .integer),
        Column("meanDays", vi: "Ngày trung bình", en: "Mean days", kind: .decimal(places: 2)),
      ]
        + Holder.allCases.map {
          Column(
            key: $0.word + "Days", header: $0.name, kind: .decimal(places: 2), group: group)
        },
      rows: rows.map { cells(display($0.label)[language], $0.counts) }, total: cells("total", figures.total))
  }

  /// A group's name for people: legs have words, everything else has codes.
  func display(_ label: String) -> BilingualText {
    if figures.query.by == .leg, let leg = Leg(word: label) { return Self.name(leg) }
    return BilingualText(vi: label, en: label)
  }

  // MARK: Against the due date

  static let dueColumns = [
    Column("withDue", vi: "Có hạn", en: "With due date", kind: .integer),
    Column("inTime", vi: "Phát đúng hạn", en: "Delivered in time", kind: .integer),
    Column("late", vi: "Phát trễ", en: "Delivered late", kind: .integer),
    Column("openInTime", vi: "Đang đi, còn hạn", en: "Under way, not due", kind: .integer),
    Column("openLate", vi: "Đang đi, quá hạn", en: "Under way, past due", kind: .integer),
    Column("deskInTime", vi: "Ở nơi giải quyết, còn hạn", en: "At a desk, not due", kind: .integer),
    Column("deskLate", vi: "Ở nơi giải quyết, quá hạn", en: "At a desk, past due", kind: .integer),
    Column("otherEnding", vi: "Hoàn, mất, hủy", en: "Returned, lost, destroyed", kind: .integer),
  ]

  static func dueCells(_ counts: DelayCounts) -> [Cell] {
    [
      counts.withDue, counts.inTime, counts.late, counts.openInTime, counts.openLate, counts.deskInTime,
      counts.deskLate, counts.otherEnding,
    ].map(Cell.integer)
  }

  func dueTable(_ language: OutputLanguage) -> TabularDocument {
    let cells: (String, DelayCounts) -> [Cell] = { label, counts in
      [.text(label)] + Self.dueCells(counts)
    }
    return TabularDocument(
      columns: [groupColumn] + Self.dueColumns,
      rows: figures.query.by == nil
        ? [cells(language == .vi ? "Tất cả" : "All", figures.total)]
        : rows.map { cells(display($0.label)[language], $0.counts) },
      total: figures.query.by == nil ? nil : cells("total", figures.total))
  }

  /// Working days after the due date by who held the dossier, and who held it as the due date passed.
  func causesTable(_ language: OutputLanguage) -> TabularDocument {
    let total = figures.total
    let names = Holder.allCases.map { $0.name[language] } + [Self.beforeRecord[language]]
    return TabularDocument(
      columns: [
        Column("holder", vi: "Bên giữ", en: "Holder"),
        Column("heldAtDue", vi: "Giữ khi hết hạn (hồ sơ)", en: "Held as it fell due", kind: .integer),
        Column("heldAtDueShare", vi: "Tỷ trọng", en: "Share", kind: .percent(places: 1)),
        Column("charged", vi: "Ngày làm việc quá hạn", en: "Working days past due", kind: .integer),
        Column("chargedShare", vi: "Tỷ trọng", en: "Share", kind: .percent(places: 1)),
      ],
      rows: names.enumerated().map { position, name in
        [
          .text(name), .integer(total.heldAtDue[position]),
          Self.share(Int64(total.heldAtDue[position]), Int64(total.allLate)),
          .integer(total.charged[position]),
          Self.share(Int64(total.charged[position]), Int64(total.overrunWorkingDays)),
        ]
      },
      total: [
        .text("total"), .integer(total.allLate), Self.share(Int64(total.allLate), Int64(total.allLate)),
        .integer(total.overrunWorkingDays),
        Self.share(Int64(total.overrunWorkingDays), Int64(total.overrunWorkingDays)),
      ])
  }

  static let beforeRecord = BilingualText(vi: "Trước khi gửi bưu chính", en: "Before the first record")

  func lateTable(_ language: OutputLanguage) -> TabularDocument {
    TabularDocument(
      columns: [
        Column("dossier", vi: "Mã hồ sơ", en: "Dossier", kind: .code),
        Column("leg", vi: "Chiều", en: "Leg"),
        Column("due", vi: "Hạn", en: "Due", kind: .date),
        Column("delivered", vi: "Đã phát", en: "Delivered", kind: .date),
        Column("overrunDays", vi: "Ngày trễ", en: "Days late", kind: .integer),
        Column("overrunWorkingDays", vi: "Ngày LV trễ", en: "Working days late", kind: .integer),
        Column("heldAtDue", vi: "Giữ khi hết hạn", en: "Held as it fell due"),
      ],
      rows: figures.late.prefix(figures.query.limit).map { late in
        [
          .text(lateCodes[late.row] ?? "-"), .text(Self.name(late.leg)[language]), .text(late.due.text),
          .text(orNone: late.delivered?.text), .integer(late.overrunDays), .integer(late.overrunWorkingDays),
          .text((late.heldAtDue?.name ?? Self.beforeRecord)[language]),
        ]
      })
  }

  static func name(_ leg: Leg?) -> BilingualText {
    leg?.header ?? BilingualText(vi: "không rõ", en: "unknown")
  }
}
