/// Figures that follow from others: worked out, bounded, or solved for.
extension FiguresCheck {
  func derive(
    _ expression: FiguresExpression, isPercent: Bool, places: Int, _ statement: FiguresFile.Statement
  ) -> CheckedClaim {
    let value = evaluate(expression)
    guard let number = value.number else { return unclear(statement, [value]) }
    var result = claim(statement, .derived)
    result.left = number
    result.isPercent = isPercent
    result.places = places
    return result
  }

  func upperBound(_ trials: FiguresExpression, _ statement: FiguresFile.Statement) -> CheckedClaim {
    let value = evaluate(trials)
    guard let number = value.number?.integer, let bound = BinomialInterval.upperBoundAtZero(trials: number)
    else {
      return unclear(statement, [value])
    }
    var result = claim(statement, .derived)
    // A bound decides nothing; it is rounded to parts per million for reading.
    result.left = ExactNumber(Int128((bound * 1_000_000).rounded()), over: 1)
    result.remarks = [
      BilingualText(
        vi: "phần triệu: cận trên một phía 95 % của tỷ lệ khi không ghi nhận trường hợp nào trong "
          + NumberText.human(number, language: .vi),
        en: "per million: one-sided 95 % upper bound of the rate when none was seen in "
          + NumberText.human(number, language: .en))
    ]
    return result
  }

  func solve(
    _ unknown: String, _ comparison: Comparison, _ statement: FiguresFile.Statement
  ) -> CheckedClaim {
    let right = evaluate(comparison.right)
    guard comparison.relation == .equal, let stated = Self.stated(right) else {
      return unclear(
        statement,
        [.impossible(BilingualText(vi: "cần = một số đã nêu", en: "needs = and a stated figure")), right])
    }
    // A line through two points, and a third to see that it is one.
    let points = (0...2).map { evaluate(comparison.left, replacing: [unknown: ExactNumber($0)]) }
    guard let constant = points[0].number, let second = points[1].number, let third = points[2].number,
      let slope = second.subtracting(constant), let again = third.subtracting(second)
    else { return unclear(statement, points.filter { $0.number == nil }) }
    guard slope == again, slope != .zero, Self.isLinear(comparison.left, in: unknown) else {
      return unclear(
        statement,
        [
          .impossible(
            BilingualText(vi: "không giải được theo \(unknown)", en: "cannot be solved for \(unknown)"))
        ])
    }
    guard let solutions = UnknownSolver.solve(constant: constant, slope: slope, stated: stated) else {
      return claim(
        statement, .fail,
        [
          BilingualText(
            vi: "không số nguyên nào cho \(stated.text(.vi))", en: "no whole number gives \(stated.text(.en))"
          )
        ])
    }
    let given = evaluate(.name(unknown)).number
    var result = claim(statement, .derived)
    result.left = ExactNumber(solutions.first)
    result.right = given
    guard solutions.isUnique else {
      result.verdict = .undecidable
      result.left = nil
      result.right = nil
      let list = (solutions.first, solutions.last)
      result.remarks = [
        BilingualText(
          vi:
            "mọi số nguyên từ \(NumberText.human(list.0, language: .vi)) đến \(NumberText.human(list.1, language: .vi)) "
            + "đều khớp",
          en: "every whole number from \(NumberText.human(list.0, language: .en)) to "
            + "\(NumberText.human(list.1, language: .en)) fits")
      ]
      return result
    }
    if let given { result.verdict = given == ExactNumber(solutions.first) ? .pass : .fail }
    if solutions.isTruncation && result.verdict != .fail { result.verdict = .rounding }
    result.remarks = [unique(solutions.first, constant, slope, stated)]
    return result
  }

  /// Whether the unknown is nowhere multiplied by itself or divided by.
  private static func isLinear(_ expression: FiguresExpression, in name: String) -> Bool {
    switch expression {
    case .number, .name, .cell: true
    case .negated(let part): isLinear(part, in: name)
    case .sum(let left, let right), .difference(let left, let right):
      isLinear(left, in: name) && isLinear(right, in: name)
    case .product(let left, let right):
      isLinear(left, in: name) && isLinear(right, in: name)
        && !(left.names.contains(name) && right.names.contains(name))
    case .quotient(let left, let right): isLinear(left, in: name) && !right.names.contains(name)
    }
  }

  /// `25 is the only whole number that fits; 24 gives 99.74 % and 26 gives 99.72 %`
  private func unique(
    _ solution: Int, _ constant: ExactNumber, _ slope: ExactNumber, _ stated: StatedNumber
  ) -> BilingualText {
    func value(at x: Int, _ language: OutputLanguage) -> String? {
      guard x >= 0, let unit = stated.unit,
        let value = slope.multiplied(by: ExactNumber(x))?.adding(constant)?.rounded(to: unit)
      else { return nil }
      return StatedNumber.text(value, isPercent: stated.isPercent, places: stated.decimals, language)
    }
    func sentence(_ language: OutputLanguage, _ gives: String) -> String {
      [solution - 1, solution + 1].compactMap { x in
        value(at: x, language).map { "\(NumberText.human(x, language: language)) \(gives) \($0)" }
      }.joined(separator: "; ")
    }
    return BilingualText(
      vi: "\(NumberText.human(solution, language: .vi)) là số nguyên duy nhất khớp; \(sentence(.vi, "cho"))",
      en:
        "\(NumberText.human(solution, language: .en)) is the only whole number that fits; \(sentence(.en, "gives"))"
    )
  }
}
