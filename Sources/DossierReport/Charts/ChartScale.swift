internal import Glibc

/// What a chart can draw: a finite number of a size at which positions and tick marks still make sense.
enum Drawable {
  static let limit = 1e15

  static func isDrawable(_ value: Double) -> Bool { value.isFinite && value.magnitude <= limit }
  static func value(_ value: Double?) -> Double? { value.flatMap { isDrawable($0) ? $0 : nil } }
}

enum ChartNumber {
  /// A number beside a mark: no more than `places` decimals and no zeros at their end.
  static func text(_ value: Double, atMost places: Int, language: OutputLanguage) -> String {
    guard var text = NumberText.human(value, places: places, language: language) else { return "" }
    guard places > 0 else { return text }
    while text.last == "0" { text.removeLast() }
    if text.last == "," || text.last == "." { text.removeLast() }
    return text
  }
}

/// Tick marks at 1, 2 or 5 times a power of ten.
struct Ticks: Equatable {
  /// From below the smallest value to above the largest, at least two.
  var values: [Double]
  /// Decimals that tell neighbouring marks apart.
  var places: Int

  var lower: Double { values.first ?? 0 }
  var upper: Double { values.last ?? 1 }

  /// - Parameters:
  ///   - count: about how many steps.
  ///   - isWhole: whether only whole numbers make sense, as with counts.
  init(from lower: Double, through upper: Double, count: Int, isWhole: Bool = false) {
    var lower = lower
    var upper = upper
    if !(upper > lower) {
      upper = lower > 0 ? lower : lower < 0 ? 0 : 1
      lower = min(lower, 0)
    }
    let rough = max((upper - lower) / Double(max(count, 1)), isWhole ? 1 : 1e-9)
    var exponent = -9
    while exponent < 18, Self.power(exponent + 1) <= rough { exponent += 1 }
    let mantissa = [1.0, 2, 5, 10].first { $0 * Self.power(exponent) >= rough * 0.999_999 } ?? 10
    let step = mantissa * Self.power(exponent)
    // A hair's breadth over a mark is the mark: 0.3 / 0.1 is not 3.
    let first = (lower / step + 1e-9).rounded(.down)
    let last = max((upper / step - 1e-9).rounded(.up), first + 1)
    places = max(0, -(mantissa == 10 ? exponent + 1 : exponent))
    let isFraction = exponent < 0
    values = (0...Int(last - first)).map { offset in
      let multiple = (first + Double(offset)) * mantissa
      return isFraction ? multiple / Self.power(-exponent) : multiple * Self.power(exponent)
    }
  }

  /// Powers of ten, for a logarithmic scale around positive values.
  init(logarithmicFrom lower: Double, through upper: Double) {
    var first = -9
    while first < 15, Self.power(first + 1) <= lower { first += 1 }
    var last = first + 1
    while last < 16, Self.power(last) < upper { last += 1 }
    values = (first...last).map(Self.power)
    places = max(0, -first)
  }

  /// Exact for the exponents used here.
  private static func power(_ exponent: Int) -> Double {
    var value = 1.0
    for _ in 0..<abs(exponent) { value *= 10 }
    return exponent < 0 ? 1 / value : value
  }

  func label(_ value: Double, language: OutputLanguage, isShare: Bool = false) -> String {
    if isShare { return NumberText.percent(value, places: max(0, places - 2), language: language) ?? "" }
    return NumberText.human(value, places: places, language: language) ?? ""
  }
}

/// From a value to a place on paper.
struct ChartScale {
  var lower: Double
  var upper: Double
  var start: Double
  var end: Double
  var isLogarithmic = false

  func position(_ value: Double) -> Double {
    let share: Double
    if isLogarithmic {
      share = (log10(max(value, lower)) - log10(lower)) / (log10(upper) - log10(lower))
    } else {
      share = (value - lower) / (upper - lower)
    }
    return start + share * (end - start)
  }
}
