/// What a cell's number format says about how its number is shown (ECMA-376 part 1, 18.8.30 and 18.8.31).
enum NumberFormat: Hashable, Sendable {
  /// `places` is nil when the format does not say how many decimals are shown.
  case number(isPercent: Bool, places: Int?)
  case date
  case dateAndTime
  /// A time of day or a duration, without a date.
  case time

  static let general = NumberFormat.number(isPercent: false, places: nil)

  /// The formats that have a number and no code in the file. Those that depend on the language of the program are dates in
  /// all of them.
  init(builtIn identifier: Int) {
    switch identifier {
    case 1, 3, 37, 38: self = .number(isPercent: false, places: 0)
    case 2, 4, 39, 40: self = .number(isPercent: false, places: 2)
    case 9: self = .number(isPercent: true, places: 0)
    case 10: self = .number(isPercent: true, places: 2)
    case 14...17, 27...31, 36, 50...54, 57, 58: self = .date
    case 22: self = .dateAndTime
    case 18...21, 32...35, 45...47, 55, 56: self = .time
    default: self = .general
    }
  }

  /// Reads a format code. Only its first section counts: the one for positive numbers, or for all.
  init(code: String) {
    var shown = Shown()
    var scalars = Array(code.unicodeScalars)[...]
    reading: while let scalar = scalars.popFirst() {
      switch scalar {
      case ";": break reading
      case "\"": scalars = scalars.drop { $0 != "\"" }.dropFirst()
      case "\\", "_", "*": scalars = scalars.dropFirst()
      case "[":
        let inside = scalars.prefix { $0 != "]" }
        scalars = scalars.dropFirst(inside.count + 1)
        // [h], [mm], [ss]: durations. Everything else in brackets is a colour, a condition or a locale.
        if let first = inside.first, "hHmMsS".unicodeScalars.contains(first),
          inside.allSatisfy({ $0 == first })
        {
          shown.hasHours = true
        }
      default: shown.take(scalar)
      }
    }
    self = shown.format
  }

  private struct Shown {
    var hasDays = false
    var hasMonths = false
    var hasHours = false
    var isPercent = false
    var hasOtherForm = false  // scientific, or a fraction
    var digits = 0
    var places: Int?

    mutating func take(_ scalar: Unicode.Scalar) {
      switch scalar {
      case "y", "Y", "d", "D": hasDays = true
      case "m", "M": hasMonths = true
      case "h", "H", "s", "S": hasHours = true
      case "e", "E", "/": hasOtherForm = true
      case "%": isPercent = true
      case ".": places = places ?? 0
      case "0", "#", "?":
        digits += 1
        if let shown = places { places = shown + 1 }
      default: break
      }
    }

    var format: NumberFormat {
      // A letter d beside digits is a unit that somebody forgot to quote.
      if hasDays && (digits == 0 || hasHours) { return hasHours ? .dateAndTime : .date }
      if hasHours { return .time }
      if hasMonths && digits == 0 { return .date }
      guard digits > 0 else { return .number(isPercent: isPercent, places: isPercent ? 0 : nil) }
      return .number(isPercent: isPercent, places: hasOtherForm ? nil : places ?? 0)
    }
  }
}
