internal import DossierCore

extension Leg {
  /// What people read for it.
  var header: BilingualText {
    switch self {
    case .intake: BilingualText(vi: "tiếp nhận", en: "intake")
    case .result: BilingualText(vi: "trả kết quả", en: "result")
    case .supplement: BilingualText(vi: "bổ sung", en: "supplement")
    case .circulation: BilingualText(vi: "luân chuyển", en: "circulation")
    case .return: BilingualText(vi: "hoàn", en: "return")
    }
  }
}
