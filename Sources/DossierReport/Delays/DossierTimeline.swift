internal import DossierCore

/// One dossier's time, from its first item's acceptance on, parted without gap or overlap among those who held it.
struct DossierTimeline {
  struct Station {
    var time: Int64
    var holder: Holder
  }

  /// Where the dossier stands.
  enum State {
    /// The addressee has the result.
    case delivered
    /// Its last item has reached a center or agency; what happens to it there is not recorded.
    case atDesk
    /// Its last item is under way.
    case inTransit
    case returned, lost, destroyed
  }

  /// In order of time, at least one.
  var stations: [Station] = []
  var end: Int64 = 0
  var state = State.inTransit
  var start: Int64 { stations.first?.time ?? 0 }
  /// When the last item that carries something to the addressee was entrusted; nil when there is none.
  var resultStart: Int64?

  /// Adds the next item of the dossier, in order of their beginnings.
  ///
  /// - Parameters:
  ///   - part: where the item's stations are; `holders` what each of the part's offices is.
  ///   - receiver: what the named receiver of the first dispatch is.
  ///   - now: the state of the log's time, at which everything open is cut off.
  mutating func add(
    _ item: DelayAccumulator.Item, _ part: DelayAccumulator.Part, _ holders: [Holder], receiver: Holder,
    giver: Holder, now: Int64
  ) {
    let first = Int(item.first)
    let last = first + Int(item.count) - 1
    guard last >= first else { return }
    let begin = part.time(first)
    // From here on the new item says who holds the dossier.
    while let previous = stations.last, previous.time >= begin { stations.removeLast() }
    for position in first...last {
      stations.append(Station(time: part.time(position), holder: holders[part.office(position)]))
    }
    let tail = holders[part.office(last)]
    let isToDesk = item.leg != .result && (item.leg != nil || tail.isDesk)
    if item.leg == .result { resultStart = begin }
    end = part.time(last)
    switch item.ending {
    case .delivered where isToDesk:
      state = .atDesk
      stations[stations.count - 1].holder = tail.isDesk ? tail : receiver.isDesk ? receiver : .center
    case .delivered:
      state = .delivered
      stations[stations.count - 1].holder = .nobody
    case .returned:
      // Back at the sender: a desk for results, the applicant for what came from one.
      state = .returned
      stations[stations.count - 1].holder = tail.isDesk ? tail : giver.isDesk ? giver : .nobody
    case .destroyed:
      state = .destroyed
      stations[stations.count - 1].holder = .nobody
    case .lost:
      state = .lost
      stations[stations.count - 1].holder = .nobody
    case .open where isToDesk && tail.isDesk && last > first:
      state = .atDesk
    case .open:
      state = .inTransit
      end = max(now, end)
    }
  }

  mutating func reset() {
    stations.removeAll(keepingCapacity: true)
    end = 0
    state = .inTransit
    resultStart = nil
  }

  /// Adds clock time with each holder in milliseconds, which sums to `end - start` exactly; working time, by the calendar
  /// that the holder works by; and a visit for each holder.
  func add(to row: inout DelayCounts, _ calendars: WorkingCalendars) throws(CalendarYearMissing) {
    var seen: UInt8 = 0
    for position in stations.indices {
      let (from, to) = interval(position)
      if to <= from { continue }
      let holder = stations[position].holder
      let place = holder.rawValue
      row.clock[place] += to - from
      row.working[place] +=
        holder.isPostal
        ? try calendars.postal.workingMilliseconds(from: from, to: to)
        : try calendars.administrative.workingMilliseconds(from: from, to: to)
      if seen & 1 << UInt8(place) == 0 { row.visits[place] += 1 }
      seen |= 1 << UInt8(place)
    }
  }

  /// Who held it at an instant; nil before the first record.
  func holder(at instant: Int64) -> Holder? { stations.last { $0.time <= instant }?.holder }

  private func interval(_ position: Int) -> (Int64, Int64) {
    let to = position + 1 < stations.count ? stations[position + 1].time : end
    return (stations[position].time, max(stations[position].time, to))
  }
}
