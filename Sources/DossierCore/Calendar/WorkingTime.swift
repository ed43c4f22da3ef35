extension WorkingCalendar {
  private static let zone = Int64(OffsetDateTime.vietNamOffsetMinutes) * 60_000
  private static let dayLength: Int64 = 86_400_000

  /// Working time between two instants: milliseconds within the hours of working days, at +07:00.
  ///
  /// Whatever instants lie between, the parts sum exactly to the whole; from the later to the earlier it is negative.
  ///
  /// - Parameters: milliseconds since 1970 UTC.
  public func workingMilliseconds(from start: Int64, to end: Int64) throws(CalendarYearMissing) -> Int64 {
    let (first, last) = (try place(of: start), try place(of: end))
    if runs[first.position] != runs[last.position] {
      throw missing(beside: min(first.position, last.position), forwards: true)
    }
    return last.worked - first.worked
  }

  /// The first instant at which so much working time has passed since `start`.
  func instant(working milliseconds: Int64, after start: Int64) throws(CalendarYearMissing) -> Int64 {
    if milliseconds <= 0 { return start }
    let place = try place(of: start)
    let target = place.worked + milliseconds
    // The first day at whose end the target is reached.
    var (low, high) = (place.position, runs.count)
    while low < high {
      let middle = (low + high) / 2
      if millisecondsBefore[middle + 1] >= target { high = middle } else { low = middle + 1 }
    }
    guard low < runs.count, runs[low] == runs[place.position] else {
      throw missing(beside: place.position, forwards: true)
    }
    var rest = target - millisecondsBefore[low]
    var inDay: Int64 = 0
    for hours in patterns[Int(patternOf[low])] {
      let length = Int64(hours.to - hours.from) * 60_000
      inDay = Int64(hours.from) * 60_000 + min(rest, length)
      if rest <= length { break }
      rest -= length
    }
    return Int64(firstDay + low) * Self.dayLength + inDay - Self.zone
  }

  /// Where an instant stands: its day, and the working time before it since the calendar's first day.
  private func place(of instant: Int64) throws(CalendarYearMissing) -> (position: Int, worked: Int64) {
    let (local, overflow) = instant.addingReportingOverflow(Self.zone)
    guard !overflow else { throw CalendarYearMissing(calendar: name, year: 9999) }
    let day = local >= 0 ? local / Self.dayLength : (local - Self.dayLength + 1) / Self.dayLength
    let position = try covered(Int(day))
    let worked = millisecondsBefore[position]
    guard before[position + 1] > before[position] else { return (position, worked) }
    let inDay = local - day * Self.dayLength
    var part: Int64 = 0
    for hours in patterns[Int(patternOf[position])] {
      let (from, to) = (Int64(hours.from) * 60_000, Int64(hours.to) * 60_000)
      part += min(max(inDay - from, 0), to - from)
    }
    return (position, worked + part)
  }
}

extension CalendarDate {
  /// The day at +07:00 of an instant, milliseconds since 1970 UTC.
  public init(vietNamInstant instant: Int64) {
    let zone = Int64(OffsetDateTime.vietNamOffsetMinutes) * 60_000
    let (local, overflow) = instant.addingReportingOverflow(zone)
    let day = overflow ? .max : local >= 0 ? local / 86_400_000 : (local + 1) / 86_400_000 - 1
    self.init(clamped: Int(day))
  }

  /// 00:00 of the day at +07:00, milliseconds since 1970 UTC.
  public var vietNamMidnight: Int64 {
    Int64(daysSince1970) * 86_400_000 - Int64(OffsetDateTime.vietNamOffsetMinutes) * 60_000
  }
}
