internal import ArgumentParser
internal import DossierTracker

/// The days that a report covers: `--from` and `--to`, or `--period` for a month, a quarter or a year.
struct PeriodOptions: ParsableArguments {
  @Option(help: ArgumentHelp("First day of the period.", valueName: "yyyy-mm-dd"))
  var from: CalendarDate?

  @Option(help: ArgumentHelp("Last day, included.", valueName: "yyyy-mm-dd"))
  var to: CalendarDate?

  @Option(
    help: ArgumentHelp("A whole year, quarter or month instead.", valueName: "yyyy|yyyy-Qn|yyyy-mm"))
  var period: NamedPeriod?

  func validate() throws {
    if period != nil, from != nil || to != nil {
      throw ValidationError("--period stands instead of --from and --to.")
    }
    if let from, let to, to < from { throw ValidationError("--to lies before --from.") }
  }

  /// As it stands in a command.
  var words: String {
    (first.map { " --from \($0.text)" } ?? "") + (last.map { " --to \($0.text)" } ?? "")
  }

  /// The first day; nil when the period has no beginning.
  var first: CalendarDate? { period?.first ?? from }
  /// The last day, included; nil when the period has no end.
  var last: CalendarDate? { period?.last ?? to }
}

/// `2026`, `2026-Q1` or `2026-01`.
struct NamedPeriod: ExpressibleByArgument, Equatable {
  let first: CalendarDate
  let last: CalendarDate

  init?(argument: String) {
    let parts = argument.split(separator: "-", omittingEmptySubsequences: false)
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
