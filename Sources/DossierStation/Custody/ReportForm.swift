internal import DossierTracker

/// The form above a report: every word that the report takes, as it was read.
struct ReportForm: Sendable {
  let order: ReportOrder
  let language: Language
  /// The query, of which the form repeats a named period.
  let asked: [String: String]

  /// - Parameter knownAt: time of the newest event: periods of its year and of the year before are offered.
  func content(knownAt: String?) -> [String: any Sendable] {
    let kind = order.kind
    let wording = Wording(language)
    var content: [String: any Sendable] = ["action": "/reports/\(kind.rawValue)"]
    if kind.words.contains("period") {
      content["period"] =
        [
          "choices": periods(knownAt),
          "from": asked["period"]?.isEmpty == false ? "" : order.from?.text ?? "",
          "to": asked["period"]?.isEmpty == false ? "" : order.through?.text ?? "",
        ] as [String: any Sendable]
    }
    switch kind {
    case .losses, .delays:
      content["by"] = choices(
        LossQuery.Grouping.allCases.map { ($0.rawValue, grouping($0)) },
        order.by.map(\.rawValue).joined(separator: ","),
        none: wording.text(vi: "không chia", en: "not divided"))
    case .fees:
      content["by"] = choices(
        FeeGrouping.allCases.map { ($0.rawValue, feeGrouping($0)) }, order.feesBy.rawValue, none: nil)
    case .custody, .settlement: break
    }
    if kind == .losses {
      content["unit"] = choices(
        [
          ("dossier", wording.text(vi: "hồ sơ", en: "dossiers")),
          ("item", wording.text(vi: "bưu gửi", en: "items")),
        ], order.unit.word, none: nil)
    }
    if kind == .custody {
      content["days"] =
        [
          "overdue": order.rules.handOverDays, "stuck": order.rules.stuckDays,
          "workingDays": order.workingDays,
        ] as [String: any Sendable]
    }
    if kind == .settlement {
      content["layout"] = choices(
        FormLayout.Edition.allCases.map {
          ($0.rawValue, language == .vi ? FormLayout.edition($0).vi : FormLayout.edition($0).en)
        }, order.layout?.rawValue ?? "", none: wording.text(vi: "theo kỳ", en: "by the period"))
    }
    return content
  }

  private func choices(
    _ values: [(String, String)], _ chosen: String, none: String?
  ) -> [String: any Sendable] {
    var all = values
    if let none { all.insert(("", none), at: 0) }
    // A combination from the address stays what it is.
    if !all.contains(where: { $0.0 == chosen }) { all.append((chosen, chosen)) }
    return [
      "choices": all.map { value, label in
        ["value": value, "label": label, "isChosen": value == chosen] as [String: any Sendable]
      }
    ]
  }

  private func periods(_ knownAt: String?) -> [[String: any Sendable]] {
    let year = knownAt.flatMap { Int($0.prefix(4)) } ?? 2026
    let chosen = asked["period"] ?? ""
    var names: [String] = [""]
    for one in [year, year - 1] {
      names.append("\(one)")
      names += (1...4).map { "\(one)-Q\($0)" }
      names += (1...12).map { "\(one)-\($0 < 10 ? "0" : "")\($0)" }
    }
    if !names.contains(chosen) { names.append(chosen) }
    return names.map { name in
      ["value": name, "label": label(name), "isChosen": name == chosen]
    }
  }

  private func label(_ period: String) -> String {
    let wording = Wording(language)
    let parts = period.split(separator: "-")
    guard parts.count == 2 else {
      return period.isEmpty
        ? wording.text(vi: "(theo ngày bên cạnh)", en: "(by the days beside)")
        : wording.text(vi: "Năm \(period)", en: "Year \(period)")
    }
    return parts[1].hasPrefix("Q")
      ? wording.text(vi: "Quý \(parts[1].dropFirst())/\(parts[0])", en: "\(parts[1]) \(parts[0])")
      : wording.text(vi: "Tháng \(parts[1])/\(parts[0])", en: "\(parts[1])/\(parts[0])")
  }

  private func grouping(_ grouping: LossQuery.Grouping) -> String {
    let wording = Wording(language)
    return switch grouping {
    case .office: wording.text(vi: "đơn vị", en: "office")
    case .route: wording.text(vi: "tuyến", en: "route")
    case .field: wording.text(vi: "lĩnh vực", en: "field")
    case .agency: wording.text(vi: "cơ quan giải quyết", en: "agency")
    case .leg: wording.text(vi: "chiều", en: "leg")
    case .month: wording.text(vi: "tháng", en: "month")
    }
  }

  private func feeGrouping(_ grouping: FeeGrouping) -> String {
    let wording = Wording(language)
    return switch grouping {
    case .item: wording.text(vi: "bưu gửi", en: "item")
    case .manifest: wording.text(vi: "bảng kê", en: "manifest")
    case .office: wording.text(vi: "đơn vị", en: "office")
    }
  }

  /// What a report is called and what it is about.
  static func words(_ kind: ReportOrder.Kind) -> (name: BilingualText, about: BilingualText) {
    switch kind {
    case .losses:
      (
        BilingualText(vi: "Mất và hư hỏng", en: "Losses and damage"),
        BilingualText(
          vi: "Tỷ lệ thất lạc, hư hỏng kèm khoảng tin cậy; đơn vị nào khác thường; nguyên nhân.",
          en: "Rates of loss and damage with intervals; which offices stand out; causes.")
      )
    case .delays:
      (
        BilingualText(vi: "Chậm trễ", en: "Delays"),
        BilingualText(
          vi: "Ai giữ hồ sơ bao lâu, trễ hẹn vì ai, thời gian đi đường.",
          en: "Who held dossiers how long, who made them late, times in transit.")
      )
    case .custody:
      (
        BilingualText(vi: "Giao nhận còn treo", en: "Open custody"),
        BilingualText(
          vi: "Lượt giao chưa ai nhận, bưu gửi nằm im, chỗ đứt của chuỗi, niêm phong.",
          en: "Hand-overs without a receipt, items that lie still, gaps, seals.")
      )
    case .settlement:
      (
        BilingualText(vi: "Biểu II.06", en: "Form II.06"),
        BilingualText(
          vi: "Tiếp nhận, đã giải quyết, đang giải quyết theo lĩnh vực, của hồ sơ gửi qua bưu chính.",
          en: "Received, resolved and in progress by field, of dossiers carried by the post.")
      )
    case .fees:
      (
        BilingualText(vi: "Phí, lệ phí", en: "Fees"),
        BilingualText(
          vi: "Phải thu, đã thu, đã nộp, còn treo.", en: "Due, collected, remitted, outstanding.")
      )
    }
  }
}
