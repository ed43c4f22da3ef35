internal import DossierCore

extension LossReport {
  static let title = BilingualText(vi: "Báo cáo thất lạc và hư hỏng", en: "Loss and damage report")

  /// The whole report as it is handed in.
  public var document: ReportDocument {
    var sections = [overview, rateSection, causeSection, damageSection]
    if let funnel { sections.append(funnel.section(unit)) }
    sections += timeSections
    if let comparison { sections.append(comparison.section) }
    sections.append(exclusionSection)
    return ReportDocument(
      kind: "losses", title: Self.title, heading: frame.heading, lead: lead, sections: sections, note: note,
      flat: flat, json: members, isLandscape: true)
  }

  var funnel: LossFunnel? {
    LossFunnel(offices, target: frame.target.map { $0 / 100_000 }, order: frame.officeOrder)
  }

  var lead: [BilingualText] {
    let period =
      self.period.from.isEmpty && self.period.to.isEmpty
      ? BilingualText(vi: "Kỳ: chưa có gì được nhận gửi", en: "Period: nothing was entrusted yet")
      : BilingualText(
        vi: "Kỳ: \(HumanDate.text(self.period.from, language: .vi)) – "
          + HumanDate.text(self.period.to, language: .vi),
        en: "Period: \(self.period.from) to \(self.period.to)")
    return [period, BilingualText(vi: "Đơn vị tính: \(unitName.vi)", en: "Unit: \(unitName.en)")]
  }

  // MARK: Overview

  private var overview: ReportSection {
    let columns =
      [groupColumn] + Self.countColumns + [
        Column("declaredLost", vi: "Từng khai mất", en: "Ever declared lost", kind: .integer),
        Column("presumedLost", vi: "Coi là thất lạc", en: "Presumed lost", kind: .integer),
      ]
    func cells(_ row: LossRow, _ label: Cell) -> [Cell] {
      [label] + row.counts.inColumnOrder.map(Cell.integer) + [
        .integer(row.details.declared.declared), row.details.presumedLost.map(Cell.integer) ?? .none,
      ]
    }
    return ReportSection(
      id: "overview", title: BilingualText(vi: "Tổng quan", en: "Overview"), text: [Self.balance],
      table: TabularDocument(
        columns: columns, rows: rows.map { cells($0, .text($0.group)) },
        total: cells(total, .words(Self.totalWords))))
  }

  private static let totalWords = BilingualText(vi: "Tổng cộng", en: "Total")

  /// Every rate with its denominator and an exact interval.
  private var rateSection: ReportSection {
    func rates(_ key: String, _ vi: String, _ en: String) -> [Column] {
      [
        Column(key + "Rate", vi: vi, en: en, kind: .decimal(places: 2)),
        Column(key + "Lower", vi: "95\u{A0}% dưới", en: "95\u{A0}% lower", kind: .decimal(places: 2)),
        Column(key + "Upper", vi: "95\u{A0}% trên", en: "95\u{A0}% upper", kind: .decimal(places: 2)),
      ]
    }
    let columns =
      [groupColumn, Column("entrusted", vi: "Nhận gửi", en: "Entrusted", kind: .integer)]
      + rates("lost", "Thất lạc", "Lost") + rates("declaredLost", "Từng khai mất", "Ever declared lost")
      + rates("lostOrPresumed", "Thất lạc hoặc coi là thất lạc", "Lost or presumed lost")
      + rates("damaged", "Hư hỏng", "Damaged")
    func cells(_ row: LossRow, _ label: Cell) -> [Cell] {
      var cells: [Cell] = [label, .integer(row.counts.entrusted)]
      for rate in [row.lostPer100k, row.declaredLostPer100k, row.lostOrPresumedPer100k, row.damagedPer100k] {
        cells += Self.cells(rate)
      }
      return cells
    }
    return ReportSection(
      id: "rates", title: BilingualText(vi: "Tỷ lệ trên 100.000", en: "Rates per 100,000"),
      text: [
        BilingualText(
          vi:
            "Khoảng chính xác 95 %; không có cận dưới nghĩa là không có sự kiện nào và cận trên là một phía. Không xếp hạng "
            + "các dòng theo tỷ lệ thô.",
          en:
            "Exact 95 % intervals; without a lower limit nothing happened and the upper one is one-sided. Rows are not to "
            + "be ranked by raw rates.")
      ],
      table: TabularDocument(
        columns: columns, rows: rows.map { cells($0, .text($0.group)) },
        total: cells(total, .words(Self.totalWords))))
  }

  /// Rate, lower and upper limit; no lower one where nothing happened, since a one-sided bound must not look like an
  /// interval.
  private static func cells(_ rate: Rate?) -> [Cell] {
    let isOneSided = rate?.rate == 0
    return [rate?.rate, isOneSided ? nil : rate?.lower, rate?.upper].map(Cell.decimal(orNone:))
  }

  private static let balance = BilingualText(
    vi:
      "Cân đối từng dòng: nhận gửi = phát + hoàn + thất lạc + tiêu hủy + chưa kết thúc. Thiếu và coi là thất lạc nằm trong "
      + "chưa kết thúc; tìm thấy và hư hỏng ghi riêng.",
    en:
      "Each row balances: entrusted = delivered + returned + lost + destroyed + open. Missing and presumed lost are parts "
      + "of open; found and damaged are noted apart.")

  // MARK: Causes, damage, exclusions

  private var causeSection: ReportSection {
    let columns = [
      Column("cause", vi: "Nguyên nhân", en: "Cause"),
      Column("declared", vi: "Từng khai mất (gộp)", en: "Ever declared (gross)", kind: .integer),
      Column("foundAgain", vi: "Tìm lại được", en: "Found again", kind: .integer),
      Column("contested", vi: "Còn tranh chấp", en: "Contested", kind: .integer),
      Column("lost", vi: "Thất lạc (ròng)", en: "Lost (net)", kind: .integer),
      Column("rate", vi: "Ròng trên 100.000", en: "Net per 100,000", kind: .decimal(places: 2)),
      Column("lower", vi: "Cận dưới 95\u{A0}%", en: "95\u{A0}% lower", kind: .decimal(places: 2)),
      Column("upper", vi: "Cận trên 95\u{A0}%", en: "95\u{A0}% upper", kind: .decimal(places: 2)),
    ]
    func cells(_ counts: CauseCounts, _ label: Cell) -> [Cell] {
      let rate = Rate(events: counts.lost, trials: total.counts.entrusted)
      return [label]
        + [counts.declared, counts.foundAgain, counts.contested, counts.lost].map(Cell.integer)
        + Self.cells(rate)
    }
    let details = total.details
    var text = [
      BilingualText(
        vi: "Theo lý do ghi ở lần khai mất cuối cùng.", en: "By the reason of the last declaration."),
      BilingualText(
        vi: "Còn tranh chấp: khai mất sau khi hành trình đã kết thúc, ví dụ người nhận phủ nhận đã nhận.",
        en:
          "Contested: declared lost after its journey had ended, for example a delivery that the addressee denies."
      ),
    ]
    if details.otherReasons + details.withoutReason > 0 {
      text.append(
        BilingualText(
          vi:
            "Trong số không rõ: \(details.otherReasons) ghi lý do khác, \(details.withoutReason) không ghi lý do.",
          en:
            "Of the unknown: \(details.otherReasons) state another reason, \(details.withoutReason) state none."
        ))
    }
    return ReportSection(
      id: "causes", title: BilingualText(vi: "Nguyên nhân mất", en: "Causes of loss"), text: text,
      table: TabularDocument(
        columns: columns,
        rows: zip(LossCause.allCases, details.causes).map { cells($1, .words($0.label)) },
        total: cells(details.declared, .words(Self.totalWords))))
  }

  private var damageSection: ReportSection {
    let columns = [
      Column("grade", vi: "Mức hư hỏng", en: "Grade of damage"),
      Column("damaged", vi: "Hư hỏng", en: "Damaged", kind: .integer),
      Column("rate", vi: "Trên 100.000", en: "Per 100,000", kind: .decimal(places: 2)),
      Column("lower", vi: "Cận dưới 95\u{A0}%", en: "95\u{A0}% lower", kind: .decimal(places: 2)),
      Column("upper", vi: "Cận trên 95\u{A0}%", en: "95\u{A0}% upper", kind: .decimal(places: 2)),
    ]
    func cells(_ count: Int, _ label: Cell) -> [Cell] {
      let rate = Rate(events: count, trials: total.counts.entrusted)
      return [label, .integer(count)] + Self.cells(rate)
    }
    return ReportSection(
      id: "damage", title: BilingualText(vi: "Hư hỏng theo mức", en: "Damage by grade"),
      text: [
        BilingualText(
          vi: "Theo mức nặng nhất từng ghi, dù sau đó ra sao.",
          en: "By the worst grade recorded, whatever became of it.")
      ],
      table: TabularDocument(
        columns: columns,
        rows: zip(DamageGrade.allCases, total.details.damage).map { cells($1, .words($0.header)) },
        total: cells(total.counts.damaged, .words(Self.totalWords))))
  }

  private var exclusionSection: ReportSection {
    let columns = [
      Column("exclusion", vi: "Không tính", en: "Left out"),
      Column("items", vi: "Bưu gửi", en: "Items", kind: .integer),
    ]
    let lines: [(BilingualText, Int)] = [
      (BilingualText(vi: "Thừa, chưa từng nhận gửi", en: "Surplus, never entrusted"), exclusions.surplus),
      (
        BilingualText(vi: "Chỉ được nhắc tới, chưa từng nhận gửi", en: "Only spoken of, never entrusted"),
        exclusions.announced
      ),
      (
        BilingualText(vi: "Có xử lý, không ai ghi nhận gửi", en: "Handled, no acceptance on record"),
        exclusions.handled
      ),
      (BilingualText(vi: "Nhận gửi ngoài kỳ", en: "Entrusted outside the period"), exclusions.outsidePeriod),
      (
        BilingualText(vi: "Trong kỳ, không ghi hồ sơ nào", en: "Of the period, without dossiers"),
        exclusions.withoutDossiers
      ),
    ]
    return ReportSection(
      id: "exclusions", title: BilingualText(vi: "Những gì không tính", en: "What is left out"),
      text: [
        BilingualText(
          vi: "Không dòng nào ở đây nằm trong các bảng trên; bưu gửi không có hồ sơ chỉ bị bỏ khi đếm hồ sơ.",
          en:
            "None of these stands in the tables above; items without dossiers are left out where dossiers are counted."
        )
      ],
      table: TabularDocument(
        columns: columns, rows: lines.map { [.words($0.0), .integer($0.1)] }))
  }

  // MARK: Note

  var note: ReportNote {
    ReportNote(
      lines: [
        BilingualText(
          vi: "Phương pháp: Clopper-Pearson chính xác 95 %; không có sự kiện: cận trên một phía 95 %.",
          en: "Method: exact Clopper-Pearson 95 %; no event: one-sided 95 % upper bound."),
        BilingualText(
          vi:
            "Mẫu số: số \(unitName.vi) nhận gửi trong kỳ, ngày theo múi giờ ghi trong sự kiện; số chưa kết thúc vẫn nằm trong "
            + "mẫu số. Một hồ sơ đi nhiều bưu gửi tính mỗi bưu gửi một lượt.",
          en:
            "Denominator: \(unitName.en)s entrusted in the period, by the day in the event's own zone; open ones stay in the "
            + "denominator. A dossier that several items carried counts once for each of them."),
      ] + clusterLine + [
        BilingualText(
          vi:
            "Giới hạn so sánh đơn vị: nhị thức chính xác có nội suy 95 % và 99,8 % (Spiegelhalter 2005); ước lượng Bayes "
            + "thực nghiệm của Marshall (1991).",
          en:
            "Limits for offices: exact binomial with interpolation, 95 % and 99.8 % (Spiegelhalter 2005); empirical Bayes "
            + "by Marshall (1991).")
      ] + frame.ruleLines,
      log: log, knownAt: frame.knownAt, versions: frame.versions, command: frame.command)
  }

  /// An interval for dossiers is narrower than it should be: those of one item are lost together.
  private var clusterLine: [BilingualText] {
    guard unit == .dossier else { return [] }
    return [
      BilingualText(
        vi:
          "Các hồ sơ trong cùng một bưu gửi mất cùng nhau: khoảng tin cậy theo hồ sơ hẹp hơn thực tế; theo bưu gửi thì đúng.",
        en:
          "Dossiers in one item are lost together: intervals for dossiers are too narrow, those for items are right."
      )
    ]
  }
}

extension DamageGrade {
  var header: BilingualText {
    switch self {
    case .wrapper: BilingualText(vi: "Chỉ vỏ ngoài", en: "Wrapper only")
    case .readable: BilingualText(vi: "Giấy tờ còn đọc được", en: "Documents readable")
    case .partlyReadable: BilingualText(vi: "Đọc được một phần", en: "Partly readable")
    case .unreadable: BilingualText(vi: "Không đọc được", en: "Unreadable")
    }
  }
}
