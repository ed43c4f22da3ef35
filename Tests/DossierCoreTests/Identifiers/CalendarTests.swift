import DossierCore
import Foundation
import Testing

/// Python's datetime is the independent witness of the calendar.
private enum Python {
  static let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { "\($0)/python3" }.first { FileManager.default.isExecutableFile(atPath: $0) }

  static func lines(_ program: String) throws -> [[Substring]] {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: path ?? "")
    process.arguments = ["-c", program]
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map { $0.split(separator: " ") }
  }
}

@Suite struct CalendarDateTests {
  @Test(.enabled(if: Python.path != nil, "python3 is not installed"))
  func agreesWithPythonOnEveryDay() throws {
    let days = try Python.lines(
      """
      import datetime
      day, epoch = datetime.date(1990, 1, 1), datetime.date(1970, 1, 1)
      while day.year <= 2100:
          print((day - epoch).days, day.isoformat(), day.isoweekday(), day.year * 100 + day.month)
          day += datetime.timedelta(days=1)
      """)
    #expect(days.count == 40_542)
    var mistakes = 0
    for line in days {
      let date = CalendarDate(line[1])
      let isRight =
        date?.daysSince1970 == Int32(line[0]) && date?.text == String(line[1])
        && date?.weekday.rawValue == Int(line[2]) && date?.monthKey == Int(line[3])
      if !isRight { mistakes += 1 }
    }
    #expect(mistakes == 0)
  }

  @Test func boundsOfTheYearsAreRealDays() throws {
    let first = try #require(CalendarDate(year: 1, month: 1, day: 1))
    let last = try #require(CalendarDate(year: 9999, month: 12, day: 31))
    // Python: (date.min - date(1970, 1, 1)).days and the same of date.max; weekdays Monday and Friday.
    #expect(first.daysSince1970 == -719_162)
    #expect(last.daysSince1970 == 2_932_896)
    #expect(first.weekday == .monday)
    #expect(last.weekday == .friday)
    #expect(first.advanced(by: -1) == first)
    #expect(last.advanced(by: .max) == last)
    #expect(first.advanced(by: .min) == first)
    #expect(CalendarDate(daysSince1970: -719_163) == nil)
    #expect(CalendarDate(daysSince1970: 2_932_897) == nil)
    for year in [1900, 2100, 2500, 9900] { #expect(CalendarDate(year: year, month: 2, day: 29) == nil) }
    for year in [4, 400, 1600, 2400] { #expect(CalendarDate(year: year, month: 2, day: 29) != nil) }
    #expect(CalendarDate(year: 0, month: 1, day: 1) == nil)
    #expect(CalendarDate(year: 10_000, month: 1, day: 1) == nil)
  }

  @Test func countsDays() throws {
    let eve = try #require(CalendarDate("2024-02-28"))
    #expect(eve.advanced(by: 1).text == "2024-02-29")
    #expect(eve.advanced(by: 2).text == "2024-03-01")
    #expect(eve.distance(to: eve.advanced(by: -400)) == -400)
    #expect(Array(eve..<eve.advanced(by: 3)).map(\.day) == [28, 29, 1])
  }

  @Test(
    arguments: [
      ("2026-02-29", .date), ("2100-02-29", .date), ("2026-04-31", .date), ("2026-13-01", .date),
      ("2026-00-10", .date),
      ("2026-01-00", .date), ("1989-12-31", .yearOutOfRange), ("2101-01-01", .yearOutOfRange),
      ("12026-01-05", .yearOutOfRange), ("-2026-01-05", .yearOutOfRange), ("0000-01-01", .yearOutOfRange),
      ("2026-1-5", .form), ("05/01/2026", .form), ("", .form), ("2026-01-0", .form),
      ("2026-01-05Z", .length(found: 11, allowed: 10...10)),
      (" 2026-01-05", .form), ("2026-01-+5", .form), ("2026/01/05", .form),
    ] as [(String, ParseRefusal)])
  func refuses(_ text: String, _ expected: ParseRefusal) {
    #expect(refusal(CalendarDate.self, text) == expected)
  }
}

@Suite struct OffsetDateTimeTests {
  @Test(.enabled(if: Python.path != nil, "python3 is not installed"))
  func agreesWithPythonOnInstants() throws {
    let lines = try Python.lines(
      """
      import datetime as d, random
      random.seed(3339)
      epoch = d.datetime(1970, 1, 1, tzinfo=d.timezone.utc)
      for _ in range(3000):
          minutes = random.choice([0, 420, -840, 840, random.randint(-840, 840)])
          t = d.datetime(random.randint(1990, 2100), random.randint(1, 12), random.randint(1, 28), random.randint(0, 23),
              random.randint(0, 59), random.randint(0, 59), random.choice([0, 1000 * random.randint(0, 999)]),
              d.timezone(d.timedelta(minutes=minutes)))
          text = t.isoformat(timespec="milliseconds" if t.microsecond else "seconds").replace("+00:00", "Z")
          print(text, (t - epoch) // d.timedelta(milliseconds=1), minutes, t.date().isoformat())
      """)
    #expect(lines.count == 3000)
    for line in lines {
      let time = try #require(OffsetDateTime(line[0]), "\(line)")
      #expect(time.milliseconds == Int64(line[1]) && time.offsetMinutes == Int16(line[2]), "\(line)")
      #expect(time.text == String(line[0]))
      #expect(time.localDate.text == String(line[3]))
      #expect(OffsetDateTime(milliseconds: time.milliseconds, offsetMinutes: time.offsetMinutes) == time)
    }
  }

  /// Examples of RFC 3339 section 5.8.
  @Test func readsTheExamplesOfTheRFC() throws {
    let second = try #require(OffsetDateTime("1996-12-19T16:39:57-08:00"))
    #expect(second.isSameInstant(as: try #require(OffsetDateTime("1996-12-20T00:39:57Z"))))
    #expect(refusal(OffsetDateTime.self, "1990-12-31T23:59:60Z") == .leapSecond)
    #expect(refusal(OffsetDateTime.self, "1985-04-12T23:20:50.52Z") == .yearOutOfRange)
  }

  @Test func writesOnlyWhatIsThere() {
    let canonical = [
      ("2026-01-05T16:30:00.000+07:00", "2026-01-05T16:30:00+07:00"),
      ("2026-01-05T16:30:00.5+07:00", "2026-01-05T16:30:00.500+07:00"),
      ("2026-01-05T16:30:00.123456789+07:00", "2026-01-05T16:30:00.123+07:00"),
      ("2026-01-05T16:30:00.0009Z", "2026-01-05T16:30:00Z"),
      ("2026-01-05T16:30:00-00:00", "2026-01-05T16:30:00Z"),
      ("2026-01-05T16:30:00-03:30", "2026-01-05T16:30:00-03:30"),
    ]
    for (text, expected) in canonical { #expect(OffsetDateTime(text)?.text == expected) }
  }

  @Test(
    arguments: [
      ("2026-01-05T16:30:00", .zoneMissing), ("2026-01-05T16:30:00.5", .zoneMissing),
      ("2026-01-05T24:00:00Z", .time), ("2026-01-05T16:60:00Z", .time), ("2026-01-05T16:30:61Z", .time),
      ("2026-01-05T16:30:60+07:00", .leapSecond), ("2026-02-30T16:30:00Z", .date),
      ("2026-01-05T16:30:00+14:01", .zoneOutOfRange), ("2026-01-05T16:30:00-15:00", .zoneOutOfRange),
      ("2026-01-05T16:30:00+07:60", .zoneOutOfRange),
      ("2026-01-05T16:30:00.1234567890Z", .fraction(digits: 10)),
      ("12026-01-05T16:30:00Z", .yearOutOfRange), ("-2026-01-05T16:30:00Z", .yearOutOfRange),
      ("1989-12-31T23:59:59Z", .yearOutOfRange), ("2026-01-05T16:30:00.Z", .form),
      ("2026-01-05t16:30:00Z", .form),
      ("2026-01-05T16:30:00z", .form), ("2026-01-05 16:30:00Z", .form), ("2026-01-05T16:30Z", .form),
      ("2026-01-05T16:30:00+0700", .form), ("2026-01-05T16:30:00+7:00", .form),
      ("2026-01-05T16:30:00ZZ", .form),
      ("2026-01-05T16:30:00Z ", .form), ("2026-01-05", .form), ("", .form),
    ] as [(String, ParseRefusal)])
  func refuses(_ text: String, _ expected: ParseRefusal) {
    #expect(refusal(OffsetDateTime.self, text) == expected)
  }

  @Test func ordersByInstantAlone() throws {
    let here = try #require(OffsetDateTime("2026-01-05T10:00:00+07:00"))
    let there = try #require(OffsetDateTime("2026-01-05T03:00:00Z"))
    let later = try #require(OffsetDateTime("2026-01-05T03:00:00.001Z"))
    #expect(here != there)
    #expect(!(here < there) && !(there < here))
    #expect(here < later)
  }

  @Test func localDayIsThatOfTheClock() throws {
    let night = try #require(OffsetDateTime(milliseconds: 1_767_632_400_000, offsetMinutes: 420))
    #expect(night.text == "2026-01-06T00:00:00+07:00")
    #expect(night.localTime == (0, 0, 0, 0))
    #expect(OffsetDateTime(milliseconds: 1_767_632_400_000, offsetMinutes: 0)?.localDate.text == "2026-01-05")
    #expect(OffsetDateTime(milliseconds: .max, offsetMinutes: 420) == nil)
    #expect(OffsetDateTime(milliseconds: .min, offsetMinutes: -420) == nil)
    #expect(OffsetDateTime(milliseconds: 0, offsetMinutes: 0) == nil)
    #expect(OffsetDateTime(milliseconds: 1_767_632_400_000, offsetMinutes: 841) == nil)
  }
}
