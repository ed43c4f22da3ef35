/// What one share that does not stand as stated does to the sum of all.
extension FiguresCheck {
  mutating func remember(
    _ computed: ExactNumber, _ right: Value, _ verdict: CheckVerdict, _ id: String, finest: Int?
  ) {
    guard verdict == .rounding || verdict == .fail, case .stated(let stated, let name?) = right,
      stated.isPercent,
      let unit = ExactNumber.powerOfTen(-max(finest ?? 0, stated.decimals) - 2),
      let value = computed.rounded(to: unit)
    else { return }
    corrected[name] = (
      id, StatedNumber(value, lastDigit: -max(finest ?? 0, stated.decimals) - 2, isPercent: true)
    )
  }

  /// Says when a sum of shares fails because of one of them, or holds only thanks to it.
  func explain(_ comparison: Comparison, _ result: inout CheckedClaim) {
    let names = comparison.left.names.filter { corrected[$0] != nil }
    guard isPercentSum(comparison.left), !names.isEmpty, let right = result.right else { return }
    var replacing: [String: ExactNumber] = [:]
    for name in names { replacing[name] = corrected[name]?.value.value }
    guard let other = evaluate(comparison.left, replacing: replacing).number else { return }
    let claims = names.compactMap { corrected[$0]?.claim }.joined(separator: ", ")
    func values(_ language: OutputLanguage) -> String {
      names.compactMap { corrected[$0]?.value.text(language) }.joined(separator: ", ")
    }
    let places = max(result.places, names.compactMap { corrected[$0]?.value.decimals }.max() ?? 0)
    func sum(_ language: OutputLanguage) -> String {
      StatedNumber.text(other, isPercent: true, places: places, language)
    }
    if result.verdict == .fail && other == right {
      result.remarks.append(
        BilingualText(
          vi: "do \(claims): với \(values(.vi)) thì tổng đúng",
          en: "because of \(claims): with \(values(.en)) it holds"))
    } else if result.verdict == .pass && other != right {
      result.remarks.append(
        BilingualText(
          vi: "với \(values(.vi)) thì tổng là \(sum(.vi))", en: "with \(values(.en)) it would be \(sum(.en))")
      )
    }
  }
}
