internal import DossierCore

/// Judges one dossier against its due date, and says on whose account it was late.
///
/// The due date is the stated day, or the next working day when it is none (Civil Code 2015 article 148). Delivered on a
/// later day is late. Each working day after the due date, through the day of delivery or so far, is charged to whoever
/// held the dossier as that day began; the first of them thus to whoever held it as the due date passed.
struct DueJudge {
  let calendar: WorkingCalendar
  let now: Int64

  struct Overrun {
    var days: Int
    var workingDays: Int
    var heldAtDue: Holder?
  }

  /// - Returns: nil when the dossier is not late, or nobody can say.
  func judge(
    _ timeline: DossierTimeline, due stated: CalendarDate, _ row: inout DelayCounts
  ) throws(CalendarYearMissing) -> Overrun? {
    let due = try calendar.workingDay(onOrAfter: stated)
    let isPast = CalendarDate(vietNamInstant: max(now, timeline.end)) > due
    let last = CalendarDate(vietNamInstant: timeline.end)
    switch timeline.state {
    case .returned, .lost, .destroyed:
      row.otherEnding = 1
      return nil
    case .atDesk:
      if isPast { row.deskLate = 1 } else { row.deskInTime = 1 }
      return nil
    case .delivered where last <= due:
      row.inTime = 1
      return nil
    case .inTransit where !isPast:
      row.openInTime = 1
      return nil
    case .delivered: row.late = 1
    case .inTransit: row.openLate = 1
    }
    let limit = due.advanced(by: 1).vietNamMidnight
    let overrun = Overrun(
      days: due.distance(to: last), workingDays: try calendar.workingDays(after: due, through: last),
      heldAtDue: timeline.holder(at: limit))
    row.overrunDays = overrun.days
    row.overrunWorkingDays = overrun.workingDays
    row.heldAtDue[overrun.heldAtDue?.rawValue ?? DelayCounts.beforeRecord] = 1
    if (timeline.resultStart ?? timeline.start) >= limit { row.postedLate = 1 }
    try charge(timeline, after: due, through: last, &row)
    return overrun
  }

  private func charge(
    _ timeline: DossierTimeline, after due: CalendarDate, through last: CalendarDate, _ row: inout DelayCounts
  ) throws(CalendarYearMissing) {
    var charged = due
    /// Charges the days that begin before an instant and are not charged yet.
    func charge(before instant: Int64, to place: Int) throws(CalendarYearMissing) {
      let reached = min(last, CalendarDate(vietNamInstant: instant - 1))
      guard reached > charged else { return }
      row.charged[place] += try calendar.workingDays(after: charged, through: reached)
      charged = reached
    }
    try charge(before: timeline.start, to: DelayCounts.beforeRecord)
    var holder = timeline.stations.first?.holder ?? .nobody
    for position in timeline.stations.indices {
      let isLast = position + 1 == timeline.stations.count
      let end = isLast ? timeline.end : timeline.stations[position + 1].time
      // What has ended has a station of no length behind it.
      if end > timeline.stations[position].time { holder = timeline.stations[position].holder }
      if end > timeline.stations[position].time { try charge(before: end, to: holder.rawValue) }
    }
    // A day that begins at the very end.
    try charge(before: .max, to: holder.rawValue)
  }
}
