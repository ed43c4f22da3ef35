public import DossierCore

/// A whole year, quarter or month by its name: `2026`, `2026-Q1` or `2026-01`.
public struct NamedPeriod: Hashable, Sendable {
  public let first: CalendarDate
  public let last: CalendarDate

  public init?(_ name: String) {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard let year = parts.first.flatMap({ Self.number($0, digits: 4) }),
      CalendarDate.acceptedYears.contains(year)
    else { return nil }
    let months: ClosedRange<Int>
    switch parts.count {
    case 1: months = 1...12
    case 2:
      if parts[1].first == "Q" || parts[1].first == "q" {
        guard let quarter = Self.number(parts[1].dropFirst(), digits: 1), (1...4).contains(quarter) else {
          return nil
        }
        months = quarter * 3 - 2...quarter * 3
      } else {
        guard let month = Self.number(parts[1], digits: 2), (1...12).contains(month) else { return nil }
        months = month...month
      }
    default: return nil
    }
    let next =
      months.upperBound == 12
      ? CalendarDate(year: year + 1, month: 1, day: 1)
      : CalendarDate(year: year, month: months.upperBound + 1, day: 1)
    guard let first = CalendarDate(year: year, month: months.lowerBound, day: 1), let next else { return nil }
    self.first = first
    last = next.advanced(by: -1)
  }

  private static func number(_ text: Substring, digits: Int) -> Int? {
    guard text.count == digits, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }
}
