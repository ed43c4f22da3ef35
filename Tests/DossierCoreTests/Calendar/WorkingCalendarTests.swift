import DossierCore
import Testing

private let calendar = WorkingCalendars.standard.administrative

private func day(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }

@Suite struct WorkingCalendarTests {
  /// Working days of each year, counted apart from this code: weekdays of the year less the proclaimed days off on
  /// weekdays, plus the make-up Saturdays.
  @Test(
    arguments: zip(2019...2027, [252, 252, 250, 249, 249, 251, 250, 249, 249]))
  func wholeYears(year: Int, count: Int) throws {
    #expect(try calendar.workingDays(inYear: year) == count)
  }

  /// Terms with the receipt day excluded.
  @Test(arguments: [
    ("2019-04-26", 3, "2019-05-04"), ("2020-01-22", 5, "2020-02-05"), ("2021-02-08", 3, "2021-02-18"),
    ("2021-04-29", 2, "2021-05-05"), ("2021-06-15", 10, "2021-06-29"), ("2022-04-29", 1, "2022-05-04"),
    ("2023-04-28", 5, "2023-05-10"), ("2024-05-03", 1, "2024-05-04"), ("2025-04-25", 3, "2025-04-29"),
    ("2025-08-29", 3, "2025-09-05"), ("2025-12-31", 2, "2026-01-06"), ("2026-01-09", 1, "2026-01-10"),
    ("2026-02-13", 5, "2026-02-27"), ("2026-08-21", 2, "2026-08-24"), ("2026-08-28", 2, "2026-09-04"),
    ("2026-11-23", 1, "2026-11-25"),
  ])
  func termsOfWorkingDays(received: String, count: Int, due: String) throws {
    let (received, due) = (try day(received), try day(due))
    #expect(try calendar.date(workingDays: count, after: received) == due)
    #expect(try calendar.due(from: received, term: .workingDays(count)) == Due(day: due))
    #expect(try calendar.workingDays(after: received, through: due) == count)
  }

  @Test(arguments: [
    ("2021-04-21", 10, "2021-05-04"), ("2025-08-23", 10, "2025-09-03"), ("2026-11-14", 10, "2026-11-25"),
    ("2026-03-02", 4, "2026-03-06"),
  ])
  func termsOfCalendarDays(received: String, count: Int, due: String) throws {
    #expect(try calendar.due(from: day(received), term: .calendarDays(count)) == Due(day: day(due)))
  }

  @Test func makeUpDaysAreWorkedAndSwappedDaysAreNot() throws {
    for text in ["2019-01-05", "2019-05-04", "2024-05-04", "2025-04-26", "2026-01-10", "2026-08-22"] {
      let date = try day(text)
      #expect(date.weekday == .saturday)
      #expect(try calendar.isWorkingDay(date))
      #expect(try !calendar.isWorkingDay(date.advanced(by: 7)))
    }
    for text in ["2018-12-31", "2019-04-29", "2024-04-29", "2025-05-02", "2026-01-02", "2026-08-31"] {
      #expect(try !calendar.isWorkingDay(day(text)))
    }
  }

  /// Against counting one day after the other.
  @Test func countingAndItsInverseAgreeOnEveryDay() throws {
    let first = try day("2018-12-31")
    let last = try day("2027-12-31")
    var passed = 0
    var mistakes = 0
    for date in sequence(first: first.advanced(by: 1), next: { $0 < last ? $0.advanced(by: 1) : nil }) {
      let isWorking = try calendar.isWorkingDay(date)
      passed += isWorking ? 1 : 0
      let counted = try calendar.workingDays(after: first, through: date)
      if counted != passed { mistakes += 1 }
      guard isWorking else { continue }
      if try calendar.date(workingDays: passed, after: first) != date { mistakes += 1 }
      if passed > 1, try calendar.date(workingDays: -1, after: date) != previous(of: date) { mistakes += 1 }
    }
    #expect(passed == 252 + 252 + 250 + 249 + 249 + 251 + 250 + 249 + 249)
    #expect(mistakes == 0)
  }

  private func previous(of date: CalendarDate) throws -> CalendarDate {
    var day = date.advanced(by: -1)
    while try !calendar.isWorkingDay(day) { day = day.advanced(by: -1) }
    return day
  }

  @Test func countingIsAntisymmetricAdditiveAndMonotone() throws {
    var random = IdentifierRandom(seed: 6_011)
    let first = try day("2018-12-31")
    for _ in 0..<2_000 {
      let days = (0..<3).map { _ in first.advanced(by: Int.random(in: 0...3_287, using: &random)) }
      let (a, b, c) = (days[0], days[1], days[2])
      let ab = try calendar.workingDays(after: a, through: b)
      #expect(try ab == -calendar.workingDays(after: b, through: a))
      #expect(
        try ab + calendar.workingDays(after: b, through: c) == calendar.workingDays(after: a, through: c))
      #expect(a > b || ab >= 0)
    }
  }

  // MARK: Years without data

  @Test func aYearWithoutDataIsRefusedNeverGuessed() throws {
    let eve = try day("2027-12-31")
    #expect(throws: CalendarYearMissing(calendar: .administrative, year: 2028)) {
      try calendar.isWorkingDay(eve.advanced(by: 1))
    }
    #expect(throws: CalendarYearMissing(calendar: .administrative, year: 2028)) {
      try calendar.date(workingDays: 1, after: eve)
    }
    #expect(throws: CalendarYearMissing(calendar: .administrative, year: 2028)) {
      try calendar.date(workingDays: 3, after: eve.advanced(by: -1))
    }
    #expect(throws: CalendarYearMissing(calendar: .administrative, year: 2028)) {
      try calendar.date(workingDays: .max, after: day("2019-01-01"))
    }
    #expect(throws: CalendarYearMissing(calendar: .administrative, year: 2018)) {
      try calendar.workingDays(after: day("2018-12-29"), through: day("2019-01-03"))
    }
    #expect(try calendar.workingDays(after: day("2018-12-30"), through: day("2019-01-03")) == 2)
    #expect(throws: CalendarYearMissing(calendar: .administrative, year: 2018)) {
      try calendar.date(workingDays: -1, after: day("2019-01-01"))
    }
    #expect(throws: CalendarYearMissing(calendar: .administrative, year: 9999)) {
      try calendar.workingMilliseconds(from: 1_600_000_000_000, to: .max)
    }
    #expect(throws: CalendarYearMissing(calendar: .administrative, year: 1969)) {
      try calendar.workingMilliseconds(from: -86_400_000, to: 0)
    }
    let finding = CalendarYearMissing(calendar: .administrative, year: 2028).finding
    #expect(finding.code == .calendarYearMissing)
    #expect(finding.message(.en).contains("2028"))
  }

  @Test func aGapBetweenYearsIsNeverBridged() throws {
    let text = """
      calendar;administrative
      week;1-6
      hours;08:00-12:00
      year;2030
      """
    let (extended, findings) = WorkingCalendars.extended(by: [("them.txt", Array(text.utf8))])
    #expect(findings == [])
    let calendar = extended.administrative
    #expect(try calendar.isWorkingDay(day("2030-01-05")))
    #expect(try calendar.workingDays(inYear: 2030) == 365 - 52)
    #expect(throws: CalendarYearMissing(calendar: .administrative, year: 2028)) {
      try calendar.workingDays(after: day("2027-12-30"), through: day("2030-01-02"))
    }
    #expect(throws: CalendarYearMissing(calendar: .administrative, year: 2028)) {
      try calendar.date(workingDays: 10, after: day("2027-12-30"))
    }
    #expect(throws: CalendarYearMissing(calendar: .administrative, year: 2029)) {
      try calendar.date(workingDays: -10, after: day("2030-01-03"))
    }
    #expect(calendar.version.hasPrefix("administrative 2019-2027, 2030 (2027 provisional) "))
  }
}

@Suite struct TermTests {
  private func instant(_ text: String) throws -> Int64 {
    try #require(OffsetDateTime(text + ":00+07:00")).milliseconds
  }

  /// 07:00-11:30 and 13:30-17:00, eight hours a day; 2026-03-06 is a Friday.
  @Test(arguments: [
    ("2026-03-06T07:00", 8, "2026-03-06T17:00"), ("2026-03-06T08:00", 2, "2026-03-06T10:00"),
    ("2026-03-06T10:30", 1, "2026-03-06T11:30"), ("2026-03-06T11:00", 1, "2026-03-06T14:00"),
    ("2026-03-06T12:15", 1, "2026-03-06T14:30"), ("2026-03-06T18:00", 4, "2026-03-09T11:00"),
    ("2026-03-06T16:00", 8, "2026-03-09T16:00"), ("2026-03-07T09:00", 8, "2026-03-09T17:00"),
    ("2026-01-09T16:30", 1, "2026-01-10T07:30"), ("2026-02-13T16:00", 4, "2026-02-23T10:00"),
  ])
  func hoursRunWithinOfficeHours(filed: String, hours: Int, due: String) throws {
    let end = try calendar.due(from: instant(filed), term: .hours(hours))
    #expect(end.instant == (try instant(due)))
    #expect(end.day.text == String(due.prefix(10)))
  }

  @Test func pausesAreNotCounted() throws {
    let received = try day("2026-03-02")  // Monday
    let pause = try day("2026-03-04")...day("2026-03-10")
    // 3 and 4 March count, 5 to 10 March do not.
    #expect(
      try calendar.due(from: received, term: .workingDays(5), pauses: [pause]).day.text == "2026-03-13")
    #expect(
      try calendar.due(from: received, term: .workingDays(2), pauses: [pause]).day.text == "2026-03-04")
    #expect(
      try calendar.due(from: received, term: .workingDays(3), pauses: [pause]).day.text == "2026-03-11")
    #expect(
      try calendar.due(from: received, term: .calendarDays(5), pauses: [pause]).day.text == "2026-03-13")
    // An end that would move into a pause moves behind it.
    let weekend = try day("2026-03-07")...day("2026-03-10")
    #expect(
      try calendar.due(from: received, term: .calendarDays(5), pauses: [weekend]).day.text == "2026-03-11")
    // One hour a day before the lunch break, then the pause.
    let filed = try instant("2026-03-04T16:00")
    #expect(
      try calendar.due(from: filed, term: .hours(2), pauses: [pause]).instant
        == instant("2026-03-11T08:00"))
  }

  /// Against counting one day after the other.
  @Test func pausesAgreeWithCountingDays() throws {
    var random = IdentifierRandom(seed: 6_012)
    let first = try day("2019-01-01")
    for _ in 0..<1_000 {
      let start = first.advanced(by: Int.random(in: 0...3_000, using: &random))
      let length = Int.random(in: 1...30, using: &random)
      let pauses = (0..<Int.random(in: 0...3, using: &random)).map { _ in
        let asked = start.advanced(by: Int.random(in: 0...40, using: &random))
        return asked...asked.advanced(by: Int.random(in: 0...20, using: &random))
      }
      var expected = start
      var rest = length
      while rest > 0 {
        expected = expected.advanced(by: 1)
        let isPaused = pauses.contains { $0.lowerBound < expected && expected <= $0.upperBound }
        if try calendar.isWorkingDay(expected) && !isPaused { rest -= 1 }
      }
      let due = try calendar.due(from: start, term: .workingDays(length), pauses: pauses)
      #expect(due.day == expected, "\(start) + \(length), pauses \(pauses)")
    }
  }

  /// Minute by minute on a week with a day off, a make-up Saturday and a weekend; then random cuts of years.
  @Test func workingTimeIsExactAndAdditive() throws {
    let from = try instant("2026-01-01T00:00")
    var expected: Int64 = 0
    for minute in 0..<(14 * 1440) {
      let date = try day("2026-01-01").advanced(by: minute / 1440)
      let isWorking = try calendar.isWorkingDay(date)
      let inDay = minute % 1440
      if isWorking && (420..<690 ~= inDay || 810..<1020 ~= inDay) { expected += 60_000 }
      if minute % 97 == 0 {
        let end = from + Int64(minute + 1) * 60_000
        #expect(try calendar.workingMilliseconds(from: from, to: end) == expected)
      }
    }
    var random = IdentifierRandom(seed: 6_013)
    let limits = try instant("2018-12-31T00:00")..<instant("2027-12-31T23:59")
    for _ in 0..<1_000 {
      let cuts = (0..<4).map { _ in Int64.random(in: limits, using: &random) }
      let parts = try zip(cuts, cuts.dropFirst()).map { try calendar.workingMilliseconds(from: $0, to: $1) }
      #expect(try parts.reduce(0, +) == calendar.workingMilliseconds(from: cuts[0], to: cuts[3]))
      let clock = cuts[3] - cuts[0]
      #expect(try WorkingCalendars.standard.postal.workingMilliseconds(from: cuts[0], to: cuts[3]) == clock)
    }
  }
}
