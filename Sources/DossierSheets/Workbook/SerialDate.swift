internal import DossierCore

/// Days as spreadsheets count them.
struct SerialDate {
  /// Whether day 0 is 1 January 1904; otherwise day 1 is 1 January 1900, and 29 February 1900 counts, which never was.
  var countsFrom1904: Bool

  /// The cell that a number with a format of dates or times is.
  func cell(_ number: Double, format: NumberFormat) -> SheetCell {
    guard number >= 0, number < 2_958_466 else { return .number(number, isPercent: false, places: nil) }
    var days = Int(number.rounded(.down))
    var seconds = Int(((number - Double(days)) * 86_400).rounded())
    if seconds == 86_400 {
      days += 1
      seconds = 0
    }
    switch format {
    case .date:
      if let date = date(days) { return .date(date) }
    case .dateAndTime:
      if let date = date(days) { return .time(date, seconds: seconds) }
    // A time of day or a duration has no day that it could be given with: it stays the share of a day that it is.
    case .time, .number: break
    }
    return .number(number, isPercent: false, places: nil)
  }

  private func date(_ days: Int) -> CalendarDate? {
    if countsFrom1904 { return CalendarDate(year: 1904, month: 1, day: 1)?.advanced(by: days) }
    guard days >= 1, days != 60 else { return nil }
    return CalendarDate(year: 1899, month: 12, day: days < 60 ? 31 : 30)?.advanced(by: days)
  }

  /// A cell that writes its date out: `2026-01-05`, `2026-01-05T08:30:00`, with or without fraction and zone.
  static func written(_ text: String) -> SheetCell? {
    let parts = text.split(separator: "T", omittingEmptySubsequences: false)
    let day = parts[0].split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count <= 2, day.count == 3, let year = day[0], let month = day[1], let number = day[2],
      let date = CalendarDate(year: year, month: month, day: number)
    else { return nil }
    guard parts.count == 2 else { return .date(date) }
    let time = parts[1].prefix(8).split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard time.count >= 2, time.count <= 3, let hour = time[0], let minute = time[1],
      let second = time.count == 3 ? time[2] : 0, (0..<24).contains(hour), (0..<60).contains(minute),
      (0..<60).contains(second)
    else { return nil }
    return .time(date, seconds: (hour * 60 + minute) * 60 + second)
  }
}
