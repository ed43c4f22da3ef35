/// Dates of the sample: days since 1970-01-01 and seconds of local time (+07:00, no summer time).
enum SampleDate {
  static let secondsPerDay = 86_400

  /// - Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
  static func day(_ year: Int, _ month: Int, _ dayOfMonth: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + dayOfMonth - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// - Source: same, `civil_from_days`.
  static func civil(_ day: Int) -> (year: Int, month: Int, day: Int) {
    let z = day + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let m = (5 * dayOfYear + 2) / 153
    let month = m < 10 ? m + 3 : m - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * m + 2) / 5 + 1)
  }

  /// 0 is Monday.
  static func weekday(_ day: Int) -> Int { ((day + 3) % 7 + 7) % 7 }

  static func seconds(day: Int, hour: Int, minute: Int = 0, second: Int = 0) -> Int {
    day * secondsPerDay + hour * 3_600 + minute * 60 + second
  }

  static func day(ofSeconds seconds: Int) -> Int { seconds / secondsPerDay }
}

/// The working days of civil servants from September 2025 to the end of 2026: enough for every sample.
struct SampleCalendar: Sendable {
  /// Days on which centers are open, ascending.
  let workdays: [Int]
  /// Position in `workdays` of the first day of the sample, Monday 5 January 2026.
  let start: Int
  private let firstDay: Int
  /// For each day since `firstDay`: the position in `workdays` of the first working day not before it.
  private let positions: [Int]

  static let firstSampleDay = SampleDate.day(2026, 1, 5)

  init() {
    let firstDay = SampleDate.day(2025, 9, 1)
    let lastDay = SampleDate.day(2026, 12, 31)
    // Labour Code art. 111-112 with the swaps announced for 2026 and National Assembly Resolution 28/2026/QH16.
    let holidays: Set<Int> = Set(
      [(2025, 9, 1), (2025, 9, 2)].map { SampleDate.day($0.0, $0.1, $0.2) }
        + [
          (1, 1), (1, 2), (2, 16), (2, 17), (2, 18), (2, 19), (2, 20), (4, 27), (4, 30), (5, 1), (8, 31),
          (9, 1),
          (9, 2), (11, 24),
        ].map { SampleDate.day(2026, $0.0, $0.1) })
    let makeUpSaturdays: Set<Int> = [SampleDate.day(2026, 1, 10), SampleDate.day(2026, 8, 22)]
    var workdays: [Int] = []
    var positions: [Int] = []
    for day in firstDay...lastDay {
      positions.append(workdays.count)
      if makeUpSaturdays.contains(day) || (SampleDate.weekday(day) < 5 && !holidays.contains(day)) {
        workdays.append(day)
      }
    }
    self.workdays = workdays
    self.firstDay = firstDay
    self.positions = positions
    start = positions[Self.firstSampleDay - firstDay]
  }

  /// Working days from the first day of the sample to the end of the calendar, less the longest term: no date
  /// of a sample falls outside.
  var longestSample: Int { workdays.count - start - 60 }

  /// Position in ``workdays`` of the first working day not before `day`; the last one when there is none.
  func position(notBefore day: Int) -> Int {
    min(positions[min(max(day - firstDay, 0), positions.count - 1)], workdays.count - 1)
  }

  /// The working day `count` working days after the one at `position`.
  func workday(_ position: Int, plus count: Int = 0) -> Int {
    workdays[min(max(position + count, 0), workdays.count - 1)]
  }
}
