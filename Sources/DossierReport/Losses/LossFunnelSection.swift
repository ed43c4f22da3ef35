// How the comparison of offices is written: text, table, JSON and chart.

extension LossFunnel {
  func section(_ unit: LossReport.Unit) -> ReportSection {
    let outside = points.filter { $0.place == .farAbove || $0.place == .farBelow }
    let chance = (Double(points.count) * 0.002).tenDigits
    var text = [
      BilingualText(
        vi:
          "Mức so sánh: \(Self.per100k(target, .vi)) trên 100.000. \(points.count) đơn vị; ngoài giới hạn 99,8 %: "
          + "\(outside.count) (chỉ do ngẫu nhiên: khoảng \(NumberText.human(chance, places: 2, language: .vi) ?? "")).",
        en:
          "Compared with \(Self.per100k(target, .en)) per 100,000. \(points.count) offices; outside the 99.8 % "
          + "limits: \(outside.count) (by chance alone: about "
          + "\(NumberText.human(chance, places: 2, language: .en) ?? ""))."),
      BilingualText(
        vi:
          "Tỷ lệ và giới hạn trên 100.000. ▲ trên, ▼ dưới giới hạn 95 %; ▲▲, ▼▼ ngoài giới hạn 99,8 %; · trong giới hạn.",
        en:
          "Rates and limits per 100,000. ▲ above, ▼ below the 95 % limits; ▲▲, ▼▼ beyond the 99.8 % limits; · within."
      ),
      BilingualText(
        vi: "Không xếp hạng theo tỷ lệ thô: với đơn vị nhỏ, tỷ lệ cao hay thấp chủ yếu do ngẫu nhiên.",
        en: "Offices are not ranked by raw rates: where volumes are small, chance decides them."),
    ]
    if let overdispersion {
      text.append(Self.sentence(overdispersion))
    } else {
      text.append(
        BilingualText(
          vi: "Không có mất mát nào trong kỳ: không có giới hạn để vẽ.",
          en: "Nothing was lost in the period: there are no limits to draw."))
    }
    return ReportSection(
      id: "offices", title: BilingualText(vi: "Các đơn vị so với nhau", en: "Offices compared"), text: text,
      charts: chart(unit).map { [$0] } ?? [], table: table)
  }

  private static func sentence(_ spread: Overdispersion) -> BilingualText {
    let ratio = spread.ratio.tenDigits
    let tau = spread.betweenVariance.squareRoot().tenDigits
    func text(_ value: Double, _ places: Int, _ language: OutputLanguage) -> String {
      NumberText.human(value, places: places, language: language) ?? ""
    }
    return BilingualText(
      vi:
        "Độ phân tán vượt: φ = \(text(ratio, 2, .vi)), τ = \(text(tau, 4, .vi)) (thang arcsin, z thu về phân vị 10/90 %). "
        + "Giới hạn hiệu chỉnh có thể che khác biệt thật, nên đứng cạnh giới hạn chính xác.",
      en:
        "Over-dispersion: φ = \(text(ratio, 2, .en)), τ = \(text(tau, 4, .en)) (arcsine scale, z winsorised at 10/90 %). "
        + "Adjusted limits can hide real differences, so they stand beside the exact ones.")
  }

  private static func per100k(_ share: Double, _ language: OutputLanguage) -> String {
    NumberText.human((share * 100_000).tenDigits, places: 2, language: language) ?? ""
  }

  private static let columns: [Column] = {
    func limits(_ key: String, _ vi: String, _ en: String) -> [Column] {
      [("95", "95"), ("998", "99.8")].flatMap { word, level in
        [("Lower", "↓"), ("Upper", "↑")].map { side, sign in
          Column(
            "\(key)\(word)\(side)", vi: "\(vi) \(level.replacingDecimalPoint)\u{A0}% \(sign)",
            en: "\(en) \(level)\u{A0}% \(sign)", kind: .decimal(places: 2))
        }
      }
    }
    return [
      Column("office", vi: "Đơn vị", en: "Office", kind: .code),
      Column("entrusted", vi: "Nhận gửi", en: "Entrusted", kind: .integer),
      Column("lost", vi: "Thất lạc", en: "Lost", kind: .integer),
      Column("rate", vi: "Tỷ lệ", en: "Rate", kind: .decimal(places: 2)),
      Column("lower", vi: "Khoảng 95\u{A0}% dưới", en: "Interval 95\u{A0}% lower", kind: .decimal(places: 2)),
      Column("upper", vi: "Khoảng 95\u{A0}% trên", en: "Interval 95\u{A0}% upper", kind: .decimal(places: 2)),
      Column("shrunkRate", vi: "Ước lượng Bayes", en: "Shrunk (EB)", kind: .decimal(places: 2)),
    ] + limits("limit", "Giới hạn", "Limit") + limits("adjusted", "Hiệu chỉnh", "Adjusted") + [
      Column("place", vi: "So giới hạn", en: "By limits", kind: .code),
      Column("adjustedPlace", vi: "So hiệu chỉnh", en: "By adjusted", kind: .code),
    ]
  }()

  private func values(_ point: Point) -> [Double?] {
    [
      point.rate.rate, point.lost == 0 ? nil : point.rate.lower, point.rate.upper,
      (point.shrunk * 100_000).tenDigits,
    ]
      + [point.inner, point.outer, point.adjustedInner, point.adjustedOuter].flatMap { limits in
        [limits?.lower, limits?.upper].map { $0.map { ($0 * 100_000).tenDigits } }
      }
  }

  private var table: TabularDocument {
    // Signs, because words would not fit beside so many numbers; the section's text says what they mean.
    TabularDocument(
      columns: Self.columns,
      rows: points.map { point in
        [.text(point.office), .integer(point.entrusted), .integer(point.lost)]
          + values(point).map(Cell.decimal(orNone:))
          + [.text(Self.sign(point.place)), .text(Self.sign(point.adjustedPlace))]
      })
  }

  static func sign(_ place: Place) -> String {
    switch place {
    case .farAbove: "▲▲"
    case .farBelow: "▼▼"
    case .above: "▲"
    case .below: "▼"
    case .within: "·"
    }
  }

  var json: JSONOutput {
    let keys = Self.columns.dropFirst(3).dropLast(2).map(\.key)
    let list = points.map { point in
      JSONOutput.object(
        [
          .init(key: "office", value: .string(point.office)),
          .init(key: "entrusted", value: .integer(point.entrusted)),
          .init(key: "lost", value: .integer(point.lost)),
        ]
          + zip(keys, values(point)).map { .init(key: $0, value: .decimal(orNull: $1)) } + [
            .init(key: "place", value: .string(point.place.rawValue)),
            .init(key: "adjustedPlace", value: .string(point.adjustedPlace.rawValue)),
          ])
    }
    return [
      "targetPer100k": .decimal((target * 100_000).tenDigits),
      "overdispersion": overdispersion.map {
        ["ratio": .decimal($0.ratio.tenDigits), "betweenVariance": .decimal($0.betweenVariance.tenDigits)]
      } ?? .null,
      "offices": .array(list),
    ]
  }

  // MARK: The chart

  private func chart(_ unit: LossReport.Unit) -> ReportChart? {
    guard let spread = overdispersion, target > 0, target < 1 else { return nil }
    let grid = volumes
    func steps(_ limits: (Int) -> Limits?) -> [FunnelChart.Limits.Step] {
      grid.compactMap { n in
        limits(n).map { limit in
          .init(
            x: Double(n), lower: limit.lower.map { ($0 * 100_000).tenDigits },
            upper: (limit.upper * 100_000).tenDigits)
        }
      }
    }
    let target = self.target
    let limits = [
      FunnelChart.Limits(
        name: BilingualText(vi: "95 %", en: "95 %"), line: .dashed,
        steps: steps { Self.exact(target, $0, 0.025) }),
      FunnelChart.Limits(
        name: BilingualText(vi: "99,8 %", en: "99.8 %"), line: .solid,
        steps: steps { Self.exact(target, $0, 0.001) }),
      FunnelChart.Limits(
        name: BilingualText(vi: "99,8 % hiệu chỉnh", en: "99.8 % adjusted"), line: .dotted,
        steps: steps { Self.adjusted(target, $0, 0.001, spread.betweenVariance) }),
    ]
    let outside = points.filter { $0.place == .farAbove || $0.place == .farBelow }
    let names = outside.isEmpty ? nil : outside.prefix(20).map(\.office).joined(separator: ", ")
    return ReportChart(
      title: BilingualText(vi: "Tỷ lệ thất lạc theo đơn vị", en: "Loss rates of offices"),
      description: BilingualText(
        vi: "Mỗi điểm là một đơn vị: khối lượng theo trục ngang, tỷ lệ thất lạc theo trục dọc. "
          + (names.map { "Ngoài giới hạn 99,8 %: \($0)." } ?? "Không đơn vị nào ngoài giới hạn 99,8 %."),
        en: "Each point is an office: volume across, loss rate upwards. "
          + (names.map { "Outside the 99.8 % limits: \($0)." } ?? "No office lies outside the 99.8 % limits.")
      ),
      kind: .funnel(
        FunnelChart(
          points: points.map { point in
            .init(
              label: point.office, x: Double(point.entrusted), y: point.rate.rate ?? 0,
              isOutside: point.place == .farAbove || point.place == .farBelow)
          },
          target: (target * 100_000).tenDigits, limits: limits,
          xTitle: unit == .item
            ? BilingualText(vi: "Bưu gửi nhận gửi", en: "Items entrusted")
            : BilingualText(vi: "Hồ sơ nhận gửi", en: "Dossiers entrusted"),
          yTitle: BilingualText(vi: "Thất lạc trên 100.000", en: "Lost per 100,000"))))
  }

  /// Where the limits are drawn: 80 volumes from half the smallest to a little more than the largest, evenly on the
  /// square root's scale, where the limits are nearly straight.
  private var volumes: [Int] {
    let least = Double(points.map(\.entrusted).min() ?? 1) / 2
    let most = Double(points.map(\.entrusted).max() ?? 1) * 1.05
    let (first, last) = (least.squareRoot(), most.squareRoot())
    var volumes: [Int] = []
    for step in 0...80 {
      let root = first + (last - first) * Double(step) / 80
      let volume = max(1, Int((root * root).rounded()))
      if volumes.last != volume { volumes.append(volume) }
    }
    return volumes
  }
}

extension String {
  /// `99.8 %` as it is written in Vietnamese.
  fileprivate var replacingDecimalPoint: String { String(map { $0 == "." ? "," : $0 }) }
}
