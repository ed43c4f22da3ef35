/// How thousands and decimals are written.
public enum NumberStyle: String, Hashable, Sendable, CaseIterable {
  /// `15.256` and `78,95`.
  case vi
  /// `15,256` and `78.95`.
  case en
}

/// A number as it stands in a text: its value, and the unit of the last digit that was written, which is all that the
/// writer claims.
public struct StatedNumber: Hashable, Sendable {
  /// `78,95%` is 0.7895.
  public var value: ExactNumber
  /// A power of ten: -4 for `78,95%`, 0 for `15.256`, 1 for `5,65 ngàn`.
  public var lastDigit: Int
  public var isPercent: Bool

  public init(_ value: ExactNumber, lastDigit: Int = 0, isPercent: Bool = false) {
    self.value = value
    self.lastDigit = lastDigit
    self.isPercent = isPercent
  }

  /// Decimals written, of the percentage if it is one.
  public var decimals: Int { max(0, -lastDigit - (isPercent ? 2 : 0)) }

  var unit: ExactNumber? { ExactNumber.powerOfTen(lastDigit) }

  /// More digits than any count of dossiers has, and few enough that products stay exact.
  static let digitLimit = 15

  /// Why a text is no number.
  public enum Refusal: Error, Hashable, Sendable {
    case form
    /// More than 15 digits.
    case tooLong
  }

  /// Reads a whole text as one number.
  ///
  /// Vietnamese: `.` between groups of three digits are thousands, `,` begins the decimals; so `1.234` is one thousand two
  /// hundred and thirty-four. A single `.` that cannot stand before thousands (`78.95`) begins decimals. English: the
  /// other way round. In both: blanks of any width between groups of three, a sign, `%`, and the words ngàn, nghìn,
  /// triệu, tỷ; digits are ASCII.
  ///
  /// - Parameter text: in any normal form; outer blanks are ignored.
  public static func read(_ text: String, style: NumberStyle = .vi) throws(Refusal) -> StatedNumber {
    var rest = Substring(text).trimmingBlanks
    var isNegative = false
    if let first = rest.unicodeScalars.first, first == "-" || first == "\u{2212}" || first == "+" {
      isNegative = first != "+"
      rest = rest.dropFirst().trimmingBlanks
    }
    var isPercent = false
    var exponent = 0
    if rest.unicodeScalars.last == "%" {
      isPercent = true
      rest = rest.dropLast().trimmingBlanks
    } else if let word = scales.first(where: { FoldedText.fold(rest).hasSuffix($0.word) }) {
      // Letters fold one to one, so that the tail has as many characters as the word.
      let tail = rest.suffix(word.word.count)
      if FoldedText.fold(tail) == word.word {
        exponent = word.exponent
        rest = rest.dropLast(word.word.count).trimmingBlanks
      }
    }
    let (digits, decimals) = try digits(rest, style: style)
    var value: Int128 = 0
    for digit in digits { value = value * 10 + Int128(digit) }
    let lastDigit = exponent - decimals - (isPercent ? 2 : 0)
    guard let whole = ExactNumber(isNegative ? -value : value, over: 1),
      let unit = ExactNumber.powerOfTen(lastDigit), let number = whole.multiplied(by: unit)
    else { throw .tooLong }
    return StatedNumber(number, lastDigit: lastDigit, isPercent: isPercent)
  }

  private static let scales: [(word: String, exponent: Int)] = [
    ("ngan", 3), ("nghin", 3), ("trieu", 6), ("ty", 9), ("ti", 9),
  ]

  /// The digits of an unsigned number, and how many of them stand behind the decimal sign.
  private static func digits(
    _ text: Substring, style: NumberStyle
  ) throws(Refusal) -> (digits: [UInt8], decimals: Int) {
    let group: Unicode.Scalar = style == .vi ? "." : ","
    let point: Unicode.Scalar = style == .vi ? "," : "."
    // Runs of digits and what separates them.
    var runs: [[UInt8]] = [[]]
    var signs: [Unicode.Scalar] = []
    var count = 0
    for scalar in text.unicodeScalars {
      if scalar.value >= 48 && scalar.value <= 57 {
        runs[runs.count - 1].append(UInt8(scalar.value - 48))
        count += 1
        if count > digitLimit { throw .tooLong }
      } else {
        let sign: Unicode.Scalar = scalar.isBlank ? " " : scalar
        guard sign == " " || sign == group || sign == point, runs.last?.isEmpty == false else { throw .form }
        signs.append(sign)
        runs.append([])
      }
    }
    guard runs.allSatisfy({ !$0.isEmpty }) else { throw .form }
    var decimals = 0
    if signs.last == point {
      decimals = runs.last?.count ?? 0
      signs.removeLast()
    } else if signs == [group], !areGroups(runs) {
      // `78.95` among Vietnamese figures: no thousands, so decimals.
      return (runs.flatMap { $0 }, runs[1].count)
    }
    let whole = decimals > 0 ? Array(runs.dropLast()) : runs
    if let first = signs.first {
      guard signs.allSatisfy({ $0 == first }), first != point, areGroups(whole) else { throw .form }
    }
    return (runs.flatMap { $0 }, decimals)
  }

  /// One to three digits without a leading zero, then threes.
  private static func areGroups(_ runs: [[UInt8]]) -> Bool {
    guard let first = runs.first, (1...3).contains(first.count), first[0] != 0 else { return false }
    return runs.dropFirst().allSatisfy { $0.count == 3 }
  }

  /// As people write it in a language, with the decimals that were stated.
  public func text(_ language: OutputLanguage) -> String {
    Self.text(value, isPercent: isPercent, places: decimals, language)
  }

  static func text(_ value: ExactNumber, isPercent: Bool, places: Int, _ language: OutputLanguage) -> String {
    guard isPercent else { return value.text(places: places, language: language) }
    guard let hundred = value.multiplied(by: ExactNumber(100)) else { return "" }
    return hundred.text(places: places, language: language) + "\u{A0}%"
  }
}

extension Unicode.Scalar {
  /// White space on one line, of any width.
  var isBlank: Bool { self == "\t" || properties.generalCategory == .spaceSeparator }
}

extension Substring {
  var trimmingBlanks: Substring {
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.isBlank }),
      let last = scalars.lastIndex(where: { !$0.isBlank })
    else { return "" }
    return Substring(scalars[first...last])
  }
}
