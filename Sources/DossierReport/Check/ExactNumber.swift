/// A rational number, exact: what decides whether figures agree. No binary fraction takes part in a verdict.
public struct ExactNumber: Hashable, Comparable, Sendable {
  /// In lowest terms; the denominator is positive.
  public let numerator: Int128
  public let denominator: Int128

  public static let zero = ExactNumber(0)

  public init(_ value: Int) {
    numerator = Int128(value)
    denominator = 1
  }

  /// - Returns: nil for a denominator of 0, or beyond 128 bits.
  init?(_ numerator: Int128, over denominator: Int128) {
    guard denominator != 0, numerator != .min, denominator != .min else { return nil }
    let divisor = Self.greatestCommonDivisor(numerator.magnitude, denominator.magnitude)
    let sign: Int128 = denominator < 0 ? -1 : 1
    self.numerator = sign * (numerator / Int128(divisor))
    self.denominator = sign * (denominator / Int128(divisor))
  }

  private static func greatestCommonDivisor(_ left: UInt128, _ right: UInt128) -> UInt128 {
    var (left, right) = (left, right)
    while right != 0 { (left, right) = (right, left % right) }
    return max(left, 1)
  }

  /// A power of ten, `exponent` within -30...30.
  static func powerOfTen(_ exponent: Int) -> ExactNumber? {
    guard (-30...30).contains(exponent) else { return nil }
    let power = (0..<abs(exponent)).reduce(Int128(1)) { product, _ in product * 10 }
    return exponent >= 0 ? ExactNumber(power, over: 1) : ExactNumber(1, over: power)
  }

  // MARK: Arithmetic; nil beyond 128 bits

  func adding(_ other: ExactNumber) -> ExactNumber? {
    let (left, leftOverflow) = numerator.multipliedReportingOverflow(by: other.denominator)
    let (right, rightOverflow) = other.numerator.multipliedReportingOverflow(by: denominator)
    let (sum, sumOverflow) = left.addingReportingOverflow(right)
    let (scale, scaleOverflow) = denominator.multipliedReportingOverflow(by: other.denominator)
    return leftOverflow || rightOverflow || sumOverflow || scaleOverflow ? nil : ExactNumber(sum, over: scale)
  }

  var negated: ExactNumber { ExactNumber(numerator: -numerator, denominator: denominator) }

  func subtracting(_ other: ExactNumber) -> ExactNumber? { adding(other.negated) }

  func multiplied(by other: ExactNumber) -> ExactNumber? {
    // Crosswise in lowest terms first, so that a share times its base does not overflow on the way.
    guard let first = ExactNumber(numerator, over: other.denominator),
      let second = ExactNumber(other.numerator, over: denominator)
    else { return nil }
    let (top, topOverflow) = first.numerator.multipliedReportingOverflow(by: second.numerator)
    let (bottom, bottomOverflow) = first.denominator.multipliedReportingOverflow(by: second.denominator)
    return topOverflow || bottomOverflow ? nil : ExactNumber(top, over: bottom)
  }

  /// - Returns: nil also for a divisor of 0.
  func divided(by other: ExactNumber) -> ExactNumber? {
    guard let inverse = ExactNumber(other.denominator, over: other.numerator) else { return nil }
    return multiplied(by: inverse)
  }

  private init(numerator: Int128, denominator: Int128) {
    self.numerator = numerator
    self.denominator = denominator
  }

  // MARK: Order

  public static func < (left: ExactNumber, right: ExactNumber) -> Bool {
    let wholes = (left.floor, right.floor)
    if wholes.0 != wholes.1 { return wholes.0 < wholes.1 }
    // Fractions of equal wholes: the continued fraction decides without products that could overflow.
    var (a, b) = (left.numerator - wholes.0 * left.denominator, left.denominator)
    var (c, d) = (right.numerator - wholes.1 * right.denominator, right.denominator)
    while true {
      if c == 0 { return false }
      if a == 0 { return true }
      // a/b < c/d exactly when d/c < b/a.
      let (first, second) = (d / c, b / a)
      if first != second { return first < second }
      (a, b, c, d) = (d - first * c, c, b - second * a, a)
    }
  }

  /// The largest integer not above it.
  var floor: Int128 {
    let quotient = numerator / denominator
    return numerator < 0 && quotient * denominator != numerator ? quotient - 1 : quotient
  }

  /// The smallest integer not below it.
  var ceiling: Int128 { -negated.floor }

  var isInteger: Bool { denominator == 1 }
  var isNegative: Bool { numerator < 0 }

  var integer: Int? { isInteger ? Int(exactly: numerator) : nil }

  // MARK: Rounding

  /// To a multiple of `unit`, half away from zero.
  func rounded(to unit: ExactNumber) -> ExactNumber? {
    guard let steps = (isNegative ? negated : self).divided(by: unit),
      let half = ExactNumber(1, over: 2), let raised = steps.adding(half),
      let whole = ExactNumber(raised.floor, over: 1), let result = whole.multiplied(by: unit)
    else { return nil }
    return isNegative ? result.negated : result
  }

  /// To a multiple of `unit`, towards zero.
  func truncated(to unit: ExactNumber) -> ExactNumber? {
    guard let steps = (isNegative ? negated : self).divided(by: unit),
      let whole = ExactNumber(steps.floor, over: 1), let result = whole.multiplied(by: unit)
    else { return nil }
    return isNegative ? result.negated : result
  }

  // MARK: Text

  /// The nearest double, for machine formats; verdicts never use it.
  var double: Double { Double(numerator) / Double(denominator) }

  /// For people: at most `places` decimals, rounded half away from zero.
  func text(places: Int, language: OutputLanguage) -> String {
    guard let unit = Self.powerOfTen(-places), let rounded = rounded(to: unit),
      let scale = Self.powerOfTen(places), let digits = rounded.multiplied(by: scale)?.numerator
    else { return NumberText.human(double, places: places, language: language) ?? "" }
    let divisor = scale.numerator
    let magnitude = Int128(digits.magnitude)
    var text = NumberText.human(magnitude / divisor, language: language)
    if places > 0 {
      let fraction = String(magnitude % divisor)
      text +=
        (language == .vi ? "," : ".") + String(repeating: "0", count: places - fraction.count) + fraction
    }
    return (digits < 0 ? "-" : "") + text
  }
}
