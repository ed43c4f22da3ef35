/// Numbers as text. All digits come from the shortest form that reads back as the same number, so that no
/// locale database and no binary remainder ever decides what a report says.
enum NumberText {
  /// The shortest exact form with a decimal point and without an exponent, which spreadsheets misread.
  /// - Returns: nil for infinities and "not a number", which no format of ours can carry.
  static func plain(_ value: Double) -> String? {
    guard value.isFinite else { return nil }
    let text = value.description
    guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...]) else {
      return text
    }
    let sign = value.sign == .minus ? "-" : ""
    let mantissa = text[..<mark].drop { $0 == "-" }
    let whole = mantissa.prefix { $0 != "." }
    let digits = mantissa.filter { $0 != "." }
    let point = whole.count + exponent
    if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
    if point >= digits.count {
      return sign + digits + String(repeating: "0", count: point - digits.count) + ".0"
    }
    return sign + digits.prefix(point) + "." + digits.dropFirst(point)
  }

  /// For people: thousands grouped, `places` decimals, `15.256,5` in Vietnamese and `15,256.5` in English.
  ///
  /// Rounds the decimal digits half away from zero, as a person checking it by hand does.
  static func human(_ value: Double, places: Int, language: OutputLanguage) -> String? {
    guard let plain = plain(value) else { return nil }
    let unsigned = plain.drop { $0 == "-" }
    let whole = unsigned.prefix { $0 != "." }
    let fraction = unsigned.dropFirst(whole.count + 1)
    var digits = (whole + fraction.prefix(places)).utf8.map { $0 - 48 }
    digits += [UInt8](repeating: 0, count: max(0, places - fraction.count))
    if let next = fraction.dropFirst(places).first, next >= "5" {
      var index = digits.count - 1
      while index >= 0, digits[index] == 9 {
        digits[index] = 0
        index -= 1
      }
      if index >= 0 { digits[index] += 1 } else { digits.insert(1, at: 0) }
    }
    let rounded = digits.map { String($0) }.joined()
    let isZero = digits.allSatisfy { $0 == 0 }
    let sign = plain.hasPrefix("-") && !isZero ? "-" : ""
    let groups = grouped(rounded.dropLast(places), language: language)
    guard places > 0 else { return sign + groups }
    return sign + groups + (language == .vi ? "," : ".") + rounded.suffix(places)
  }

  /// For people: a share as a percentage, `78,95 %` with a space that does not break.
  static func percent(_ share: Double, places: Int, language: OutputLanguage) -> String? {
    human(share * 100, places: places, language: language).map { $0 + "\u{A0}%" }
  }

  /// For people: an integer with its thousands grouped.
  static func human(_ value: some BinaryInteger, language: OutputLanguage) -> String {
    (value < 0 ? "-" : "") + grouped(String(value.magnitude), language: language)
  }

  private static func grouped(_ digits: some StringProtocol, language: OutputLanguage) -> String {
    let separator: Character = language == .vi ? "." : ","
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(separator) }
      text.append(digit)
    }
    return text
  }
}
