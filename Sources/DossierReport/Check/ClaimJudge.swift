/// Whether a computed value is what a text states, by the digits that the text prints.
enum StatedMatch {
  struct Judgement {
    var verdict: CheckVerdict
    var remarks: [BilingualText] = []
  }

  /// Half away from zero at the printed digit; if that does not fit, cut off there.
  static func judge(_ value: ExactNumber, against stated: StatedNumber) -> Judgement? {
    if value == stated.value { return Judgement(verdict: .pass) }
    guard let unit = stated.unit, let rounded = value.rounded(to: unit),
      let truncated = value.truncated(to: unit)
    else { return nil }
    if rounded == stated.value { return Judgement(verdict: .pass) }
    guard truncated == stated.value else { return Judgement(verdict: .fail) }
    let places = stated.decimals
    func text(_ language: OutputLanguage) -> String {
      StatedNumber.text(rounded, isPercent: stated.isPercent, places: places, language)
    }
    return Judgement(
      verdict: .rounding,
      remarks: [
        BilingualText(
          vi: "chỉ đúng khi cắt bỏ phần sau \(places) số lẻ; làm tròn nửa lên cho \(text(.vi))",
          en: "holds only when cut off after \(places) decimals; rounded half up it is \(text(.en))")
      ])
  }

  /// The same figure with as many decimals as those beside it: nil when it stands.
  static func atNeighbours(
    _ value: ExactNumber, _ stated: StatedNumber, decimals: Int
  ) -> Judgement? {
    guard decimals > stated.decimals, value != stated.value,
      let unit = ExactNumber.powerOfTen(-decimals - (stated.isPercent ? 2 : 0)),
      let finer = value.rounded(to: unit), finer != stated.value
    else { return nil }
    func text(_ language: OutputLanguage) -> String {
      StatedNumber.text(finer, isPercent: stated.isPercent, places: decimals, language)
    }
    return Judgement(
      verdict: .rounding,
      remarks: [
        BilingualText(
          vi:
            "đúng khi làm tròn đến \(stated.decimals) số lẻ; với \(decimals) số lẻ như các số bên cạnh là \(text(.vi))",
          en:
            "holds rounded to \(stated.decimals) decimals; with \(decimals) decimals like its neighbours it is "
            + text(.en))
      ])
  }
}

/// Which whole numbers fit a printed figure.
enum UnknownSolver {
  struct Solutions: Equatable {
    var first: Int
    var last: Int
    /// Whether they fit only when the figure was cut off instead of rounded.
    var isTruncation: Bool

    var isUnique: Bool { first == last }
    func contains(_ value: Int) -> Bool { (first...last).contains(value) }
  }

  /// The counts x ≥ 0 for which `constant + slope * x`, rounded, is what is stated.
  ///
  /// - Returns: nil when none fits, or when all do.
  static func solve(
    constant: ExactNumber, slope: ExactNumber, stated: StatedNumber
  ) -> Solutions? {
    guard let unit = stated.unit, let half = unit.divided(by: ExactNumber(2)), slope != .zero,
      !stated.value.isNegative
    else { return nil }
    if let lower = stated.value.subtracting(half), let upper = stated.value.adding(half),
      let found = integers(from: lower, below: upper, constant, slope)
    {
      return Solutions(first: found.first, last: found.last, isTruncation: false)
    }
    guard let upper = stated.value.adding(unit),
      let found = integers(from: stated.value, below: upper, constant, slope)
    else { return nil }
    return Solutions(first: found.first, last: found.last, isTruncation: true)
  }

  private static func integers(
    from lower: ExactNumber, below upper: ExactNumber, _ constant: ExactNumber, _ slope: ExactNumber
  ) -> (first: Int, last: Int)? {
    guard let atLower = lower.subtracting(constant)?.divided(by: slope),
      let atUpper = upper.subtracting(constant)?.divided(by: slope)
    else { return nil }
    // The bound that is not reached leaves out an integer on it.
    let (first, last) =
      slope.isNegative
      ? (atUpper.floor + 1, atLower.floor) : (atLower.ceiling, atUpper.ceiling - 1)
    guard let least = Int(exactly: Swift.max(0, first)), let greatest = Int(exactly: last), least <= greatest
    else {
      return nil
    }
    return (least, greatest)
  }
}
