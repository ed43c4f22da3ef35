/// How long an office may take.
public enum Term: Hashable, Sendable {
  /// Ngày làm việc: weekends and days off are skipped.
  case workingDays(Int)
  /// Ngày: calendar days; an end that is no working day moves to the next one (Civil Code 2015 article 148).
  case calendarDays(Int)
  /// Giờ làm việc: 8 of them are one working day.
  case hours(Int)
}

/// When a term ends.
public struct Due: Hashable, Sendable {
  /// The last day. A term of days ends when this day does (24:00, Civil Code 2015 article 148).
  public var day: CalendarDate
  /// A term of hours: the last instant, milliseconds since 1970 UTC; nil for terms of days.
  public var instant: Int64?

  public init(day: CalendarDate, instant: Int64? = nil) {
    self.day = day
    self.instant = instant
  }
}

extension WorkingCalendar {
  /// When a term ends that begins on a day. That day is not counted; hours begin with the opening of its office hours.
  ///
  /// - Parameters:
  ///   - start: the day on which the dossier was received.
  ///   - term: a negative length counts as 0.
  ///   - pauses: from the day on which a supplement was asked for through the day on which it came. The day of asking
  ///     still counts, the days after it up to and including the day of coming do not, as with the term itself. Pauses
  ///     that overlap count once.
  public func due(
    from start: CalendarDate, term: Term, pauses: [ClosedRange<CalendarDate>] = []
  ) throws(CalendarYearMissing) -> Due {
    if case .hours = term { return try due(from: start.vietNamMidnight, term: term, pauses: pauses) }
    var rest: Int
    let countsWorkingDays: Bool
    switch term {
    case .workingDays(let count): (rest, countsWorkingDays) = (max(0, count), true)
    case .calendarDays(let count), .hours(let count): (rest, countsWorkingDays) = (max(0, count), false)
    }
    let merged = Self.merged(pauses)
    var day = start
    for pause in merged where pause.upperBound > day {
      let asked = max(pause.lowerBound, day)
      let available =
        countsWorkingDays ? try workingDays(after: day, through: asked) : day.distance(to: asked)
      if rest <= available { break }
      rest -= available
      day = pause.upperBound
    }
    day = countsWorkingDays ? try date(workingDays: rest, after: day) : day.advanced(by: rest)
    // The end must be a working day, and one that counts.
    day = try workingDay(onOrAfter: day)
    for pause in merged where pause.lowerBound < day && day <= pause.upperBound && day > start {
      day = try date(workingDays: 1, after: pause.upperBound)
    }
    return Due(day: day)
  }

  /// When a term ends that begins at an instant, milliseconds since 1970 UTC. A term of days begins with the local day,
  /// +07:00; hours run within office hours, so that filing after hours rolls on to the next morning and in the lunch
  /// break to its end.
  public func due(
    from start: Int64, term: Term, pauses: [ClosedRange<CalendarDate>] = []
  ) throws(CalendarYearMissing) -> Due {
    guard let local = OffsetDateTime(milliseconds: start, offsetMinutes: OffsetDateTime.vietNamOffsetMinutes)
    else { throw CalendarYearMissing(calendar: name, year: 9999) }
    guard case .hours(let hours) = term else {
      return try due(from: local.localDate, term: term, pauses: pauses)
    }
    // No term is longer than a calendar.
    var rest = Int64(min(max(0, hours), 1_000_000)) * 3_600_000
    var reached = start
    for pause in Self.merged(pauses) {
      let (from, to) = (
        pause.lowerBound.advanced(by: 1).vietNamMidnight, pause.upperBound.advanced(by: 1).vietNamMidnight
      )
      guard to > reached else { continue }
      let available = from > reached ? try workingMilliseconds(from: reached, to: from) : 0
      if rest <= available { break }
      rest -= available
      reached = to
    }
    let instant = try instant(working: rest, after: reached)
    let end = OffsetDateTime(milliseconds: instant, offsetMinutes: OffsetDateTime.vietNamOffsetMinutes)
    return Due(day: end?.localDate ?? local.localDate, instant: instant)
  }

  /// In order, those that overlap or touch as one.
  private static func merged(_ pauses: [ClosedRange<CalendarDate>]) -> [ClosedRange<CalendarDate>] {
    var merged: [ClosedRange<CalendarDate>] = []
    for pause in pauses.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, pause.lowerBound <= last.upperBound {
        merged[merged.count - 1] = last.lowerBound...max(last.upperBound, pause.upperBound)
      } else {
        merged.append(pause)
      }
    }
    return merged
  }
}
