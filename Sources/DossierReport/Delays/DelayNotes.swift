internal import DossierCore

/// Definitions under the delay report, its pictures and its tables for machines.
extension DelayReport {
  var definitions: [BilingualText] {
    [
      BilingualText(
        vi:
          "Kỳ: hồ sơ tính theo ngày chấp nhận bưu gửi đầu tiên, giờ Việt Nam; các bưu gửi cùng mã hồ sơ được nối với nhau.",
        en:
          "Period: dossiers by the day their first item was accepted, +07:00; items with one dossier code are joined."
      ),
      BilingualText(
        vi:
          "Ai ký nhận sau cùng thì giữ; trong lúc giao mà chưa nhận, bên giao giữ. Bưu gửi đến nơi giải quyết thì nơi đó "
          + "giữ cho đến khi kết quả được gửi; sau khi phát cho công dân thì không ai giữ.",
        en:
          "Whoever accepted last holds it; while an offer is open, the giver does. After an item has reached a desk, that "
          + "desk holds the dossier until its result is sent; after delivery to the applicant nobody does."),
      BilingualText(
        vi:
          "Thời gian kết thúc khi phát, hoàn, mất, hủy, hoặc khi đến nơi giải quyết mà chưa có kết quả gửi đi; còn đang đi "
          + "thì tính đến thời điểm của sổ. Trả kết quả tại quầy không thấy ở đây.",
        en:
          "Time ends with delivery, return, loss or destruction, or at a desk when no result was sent yet; what is under "
          + "way counts up to the state of the log. Results handed out at a counter are not seen here."),
      BilingualText(
        vi:
          "Giờ làm việc: trung tâm, cơ quan và bên không rõ theo lịch hành chính, giờ hành chính; bưu cục và vận chuyển "
          + "theo lịch bưu chính (mặc định bảy ngày, cả ngày đêm).",
        en:
          "Working time: centers, agencies and unknown holders by the administrative calendar and office hours; post and "
          + "transport by the postal calendar (by default seven days, day and night)."),
      BilingualText(
        vi:
          "Hạn trả rơi vào ngày nghỉ thì lùi đến ngày làm việc kế tiếp (Bộ luật Dân sự 2015, điều 148). Phát sau ngày đó là "
          + "trễ. Mỗi ngày làm việc sau hạn, đến ngày phát hoặc đến nay, tính cho bên giữ lúc đầu ngày.",
        en:
          "A due date on a day off moves to the next working day (Civil Code 2015 article 148). Delivery on a later day is "
          + "late. Each working day after it, through the delivery or so far, is charged to whoever held the dossier as the "
          + "day began."),
      BilingualText(
        vi:
          "Hạn lấy như bảng kê ghi; tạm dừng chờ bổ sung không tự kéo dài hạn.",
        en: "Due dates are those that manifests state; a pause for a supplement does not move them by itself."
      ),
      BilingualText(
        vi:
          "Thời gian vận chuyển: Kaplan-Meier, bưu gửi đang đi bị cắt tại thời điểm của sổ, mất và hoàn bị cắt khi xảy ra; "
          + "khoảng tin cậy 95 % log-log. Thất lạc tích lũy: Aalen-Johansen.",
        en:
          "Transit times: Kaplan-Meier, items under way cut off at the state of the log, losses and returns when they "
          + "happened; 95 % log-log limits. Incidence of loss: Aalen-Johansen."),
    ]
  }

  // MARK: Pictures

  var holdersChart: ReportChart {
    let bars = figures.query.by == nil ? [("", figures.total)] : rows.map { ($0.label, $0.counts) }
    return ReportChart(
      title: BilingualText(
        vi: "Ngày trung bình một hồ sơ, theo bên giữ", en: "Mean days a dossier, by holder"),
      description: BilingualText(
        vi: "Mỗi thanh là thời gian trung bình của một hồ sơ, chia cho các bên đã giữ.",
        en: "Each bar is a dossier's mean time, parted among those who held it."),
      kind: .bars(
        BarChart(
          series: Holder.allCases.map(\.name),
          bars: bars.prefix(40).map { label, counts in
            let count = Double(max(1, counts.dossiers))
            return .init(
              label: label.isEmpty ? BilingualText(vi: "Tất cả", en: "All") : display(label),
              values: counts.clock.map { (Double($0) / Self.dayLength / count).tenDigits })
          },
          xTitle: BilingualText(vi: "Ngày", en: "Days"))))
  }

  var causesChart: ReportChart {
    let names = Holder.allCases.map(\.name) + [Self.beforeRecord]
    let places = names.indices.filter { figures.total.charged[$0] > 0 || figures.total.heldAtDue[$0] > 0 }
    return ReportChart(
      title: BilingualText(vi: "Ngày làm việc quá hạn, theo bên giữ", en: "Working days past due, by holder"),
      description: BilingualText(
        vi: "Tổng số ngày làm việc sau hạn mà mỗi bên giữ hồ sơ.",
        en: "All working days after the due date, by who held the dossier."),
      kind: .bars(
        BarChart(
          series: [BilingualText(vi: "Ngày làm việc", en: "Working days")],
          bars: places.map { .init(label: names[$0], values: [Double(figures.total.charged[$0])]) },
          xTitle: BilingualText(vi: "Ngày làm việc", en: "Working days"))))
  }

  // MARK: For machines

  private static let machineColumns: [Column] = {
    let holders = Holder.allCases
    let times = [
      ("ClockMs", "mili giây", "milliseconds"), ("WorkingMs", "mili giây làm việc", "working milliseconds"),
    ]
    return [
      Column("dossiers", vi: "Hồ sơ", en: "Dossiers", kind: .integer),
      Column("elapsedMs", vi: "Tổng mili giây", en: "Elapsed milliseconds", kind: .integer),
    ]
      + times.flatMap { suffix, vi, en in
        holders.map {
          Column($0.word + suffix, vi: "\($0.name.vi), \(vi)", en: "\($0.name.en), \(en)", kind: .integer)
        }
      } + dueColumns + [
        Column("overrunDays", vi: "Ngày trễ", en: "Days late", kind: .integer),
        Column("overrunWorkingDays", vi: "Ngày làm việc trễ", en: "Working days late", kind: .integer),
        Column("postedLate", vi: "Gửi khi đã hết hạn", en: "Posted past due", kind: .integer),
      ]
      + (holders.map { ($0.word, $0.name) } + [("beforeRecord", beforeRecord)]).flatMap { word, name in
        [
          Column(
            word + "HeldAtDue", vi: "\(name.vi), giữ khi hết hạn", en: "\(name.en), held as it fell due",
            kind: .integer),
          Column(
            word + "Charged", vi: "\(name.vi), ngày quá hạn", en: "\(name.en), days past due", kind: .integer),
        ]
      }
  }()

  private static func machineCells(_ counts: DelayCounts) -> [Cell] {
    [.integer(counts.dossiers), .integer(Int(counts.elapsed))]
      + (counts.clock + counts.working).map { .integer(Int($0)) } + dueCells(counts)
      + [counts.overrunDays, counts.overrunWorkingDays, counts.postedLate].map(Cell.integer)
      + zip(counts.heldAtDue, counts.charged).flatMap { [.integer($0), .integer($1)] }
  }

  /// One group a row, whole numbers.
  var flat: TabularDocument {
    TabularDocument(
      columns: [groupColumn] + Self.machineColumns,
      rows: rows.map { [.text($0.label)] + Self.machineCells($0.counts) },
      total: [.text("total")] + Self.machineCells(figures.total))
  }

  var json: [JSONOutput.Member] {
    let flat = flat
    let late = figures.late.prefix(figures.query.limit)
    var members: [JSONOutput.Member] = [
      .init(
        key: "period",
        value: [
          "from": .string(orNull: (figures.query.from ?? figures.days?.lowerBound)?.text),
          "to": .string(orNull: (figures.query.through ?? figures.days?.upperBound)?.text),
        ]),
      .init(key: "by", value: .string(orNull: figures.query.by?.rawValue)),
      .init(key: "rows", value: flat.jsonRows),
      .init(key: "total", value: flat.jsonTotal),
      .init(key: "legs", value: legsTable(nil).jsonRows),
      .init(key: "routes", value: routesTable.jsonRows),
      .init(key: "otherRoutes", value: .integer(figures.transit.otherRoutes)),
      .init(
        key: "late",
        value: .array(
          late.map { dossier in
            [
              "dossier": .string(orNull: lateCodes[dossier.row]), "leg": .string(orNull: dossier.leg?.word),
              "due": .string(dossier.due.text), "delivered": .string(orNull: dossier.delivered?.text),
              "overrunDays": .integer(dossier.overrunDays),
              "overrunWorkingDays": .integer(dossier.overrunWorkingDays),
              "heldAtDue": .string(orNull: dossier.heldAtDue?.word),
            ]
          })),
      .init(key: "otherLate", value: .integer(figures.late.count - late.count)),
      .init(
        key: "exclusions",
        value: .object(exclusionRows.map { .init(key: $0.key, value: .integer($0.count)) })),
    ]
    if let ticks { members.append(.init(key: "ticks", value: json(ticks))) }
    return members
  }
}
