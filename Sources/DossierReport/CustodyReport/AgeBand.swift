internal import DossierCore

/// How long something has been open, in whole days of 24 hours: the bands of every ageing table.
public enum AgeBand: Int, Hashable, Sendable, CaseIterable, Comparable {
  case upTo1 = 0
  case upTo3, upTo7, upTo14, longer

  public init(days: Int) {
    self =
      switch days {
      case ...1: .upTo1
      case ...3: .upTo3
      case ...7: .upTo7
      case ...14: .upTo14
      default: .longer
      }
  }

  /// `0-1`, `2-3`, `4-7`, `8-14`, `15+`: the stable word.
  public var word: String {
    switch self {
    case .upTo1: "0-1"
    case .upTo3: "2-3"
    case .upTo7: "4-7"
    case .upTo14: "8-14"
    case .longer: "15+"
    }
  }

  /// The word that stands in keys of JSON and CSV.
  var key: String {
    switch self {
    case .upTo1: "UpTo1"
    case .upTo3: "UpTo3"
    case .upTo7: "UpTo7"
    case .upTo14: "UpTo14"
    case .longer: "Over14"
    }
  }

  var label: BilingualText { BilingualText(vi: "\(word) ngày", en: "\(word) days") }

  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// Whole days of 24 hours from one instant to a later one, both in milliseconds since 1970 UTC.
  ///
  /// - Returns: 0 when the first is the later one: a wrong clock makes nothing old.
  public static func days(from start: Int64, to now: Int64) -> Int {
    let (elapsed, overflow) = now.subtractingReportingOverflow(start)
    return overflow || elapsed <= 0 ? 0 : Int(elapsed / 86_400_000)
  }
}

/// Instants and shares as reports print them.
enum ReportValue {
  /// RFC 3339 at +07:00; `none` for an instant outside the years that texts may name.
  static func time(_ milliseconds: Int64) -> Cell {
    .text(orNone: OffsetDateTime(milliseconds: milliseconds, offsetMinutes: 420)?.text)
  }

  /// A share with ten decimals, so that it prints alike on every machine; nil of nothing.
  static func share(_ part: Int128, of whole: Int128) -> Double? {
    guard whole > 0 else { return nil }
    return (Double(part) / Double(whole) * 1e10).rounded() / 1e10
  }

  /// Whole hours, for people; a sum of milliseconds beyond what a column holds is its greatest number.
  static func hours(_ milliseconds: Int128) -> Cell { .integer(Int(clamping: milliseconds / 3_600_000)) }

  /// By bytes: Swift takes two spellings of one Vietnamese name for equal, files do not.
  static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}
