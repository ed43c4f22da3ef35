import DossierCore
import Testing

@testable import DossierReport

@Suite struct DossierTimelineTests {
  /// Monday 2 March 2026: posted; Tuesday at the center; the result given to the post a week later, delivered on
  /// Thursday the 12th.
  static func story(due: String?) throws -> [ItemJourney] {
    let due = try due.map { try date($0) }
    return [
      journey(
        1, .intake, [JourneyDossier(id: 11, key: 77, field: 21, agency: 31, due: due)],
        [
          (.accepted, try instant("2026-03-02T08:00"), Place.post, 0),
          (.dispatched, try instant("2026-03-02T09:00"), Place.post, Place.center),
          (.received, try instant("2026-03-02T12:00"), Place.transport, 0),
          (.dispatched, try instant("2026-03-02T13:00"), Place.transport, Place.center),
          (.received, try instant("2026-03-03T09:00"), Place.center, 0),
          (.delivered, try instant("2026-03-03T09:30"), Place.center, 0),
        ]),
      journey(
        2, .result, [JourneyDossier(id: 12, key: 77, field: 21, agency: 31, due: due)],
        [
          (.dispatched, try instant("2026-03-09T16:00"), Place.center, Place.post),
          (.received, try instant("2026-03-10T08:00"), Place.post, 0),
          (.outForDelivery, try instant("2026-03-12T07:30"), Place.post, 0),
          (.delivered, try instant("2026-03-12T10:00"), Place.post, 0),
        ]),
    ]
  }

  static func now() throws -> Int64 { try instant("2026-03-20T08:00") }

  @Test func twoItemsOfOneDossierAreOneTime() throws {
    let total = try figures(Self.story(due: "2026-03-10"), now: Self.now()).total
    #expect(total.balances)
    #expect(total.dossiers == 1)
    #expect(total.elapsed == 242 * hour)
    #expect(total.clock == [54, 21, 167, 0, 0, 0].map { $0 * hour })
    // The center: 6 h on the 3rd, three days, Monday the 9th, and one hour of the 10th.
    #expect(total.working == [54, 21, 6 + 24 + 8 + 1, 0, 0, 0].map { $0 * hour })
    #expect(total.visits == [1, 1, 1, 0, 0, 0])
  }

  /// Working days after the due date: those of the post, of the center, before the first record.
  @Test(arguments: [
    ("2026-03-10", 2, 2, [2, 0, 0], Holder.post, 0), ("2026-03-06", 6, 4, [2, 2, 0], .center, 1),
    // A Saturday moves to Monday the 9th.
    ("2026-03-07", 3, 3, [2, 1, 0], .center, 0), ("2026-03-11", 1, 1, [1, 0, 0], .post, 0),
  ])
  func lateBecauseOfWhoeverHeldItAsEachDayBegan(
    due: String, days: Int, workingDays: Int, charged: [Int], holder: Holder, postedLate: Int
  ) throws {
    let figures = try figures(Self.story(due: due), now: Self.now())
    let total = figures.total
    #expect(total.balances)
    #expect(total.withDue == 1 && total.late == 1)
    #expect(total.overrunDays == days)
    #expect(total.overrunWorkingDays == workingDays)
    #expect(total.charged == [charged[0], 0, charged[1], 0, 0, 0, charged[2]])
    #expect(total.heldAtDue[holder.rawValue] == 1)
    #expect(total.postedLate == postedLate)
    #expect(figures.late.map(\.heldAtDue) == [holder])
    #expect(figures.late.map(\.delivered?.text) == ["2026-03-12"])
  }

  @Test func lateBeforeTheFirstRecordIsNobodysHere() throws {
    let result = try Self.story(due: "2026-03-06").suffix(1)
    let total = try figures(Array(result), now: Self.now()).total
    // Monday the 9th began before the center dispatched it; the 10th began at the center; the 11th and 12th at the post.
    #expect(total.charged == [2, 0, 1, 0, 0, 0, 1])
    #expect(total.heldAtDue[DelayCounts.beforeRecord] == 1)
    #expect(total.postedLate == 1)
    #expect(total.balances)
  }

  @Test func deliveredOnTheDayIsInTime() throws {
    for due in ["2026-03-12", "2026-03-13"] {
      let total = try figures(Self.story(due: due), now: Self.now()).total
      #expect(total.inTime == 1 && total.late == 0 && total.overrunDays == 0)
      #expect(total.balances)
    }
  }

  @Test func whatReachedADeskEndsThereUntilAResultIsSent() throws {
    let intake = try Self.story(due: "2026-03-10").prefix(1)
    let total = try figures(Array(intake), now: Self.now()).total
    #expect(total.elapsed == 25 * hour + hour / 2)
    #expect(total.deskLate == 1)
    #expect(total.allLate == 0 && total.balances)
  }

  @Test func whatIsUnderWayCountsUpToNow() throws {
    let story = try Self.story(due: "2026-03-10")
    var open = story[1]
    open = ItemJourney(folding: Array(open.events.prefix(2)), item: 2, leg: .result, dossiers: open.dossiers)
    let total = try figures([story[0], open], now: Self.now()).total
    #expect(total.elapsed == (18 * 24) * hour)
    #expect(total.openLate == 1 && total.late == 0)
    // 11 to 13 and 16 to 20 March.
    #expect(total.overrunWorkingDays == 8)
    #expect(total.charged[Holder.post.rawValue] == 8)
    #expect(total.balances)
  }

  @Test func aStrangersAndAnErasedCodesTimeIsCountedApart() throws {
    let steps: [(EventKind, Int64, Int32, Int32)] = [
      (.accepted, try instant("2026-03-02T08:00"), Place.stranger, 0),
      (.received, try instant("2026-03-02T10:00"), Place.post, 0),
      (.delivered, try instant("2026-03-02T11:00"), Place.post, 0),
    ]
    let journeys = (1...3).map { journey($0, .result, [JourneyDossier(id: $0, key: 0)], steps) }
    let figures = try figures(journeys, now: Self.now())
    #expect(figures.total.dossiers == 3)
    #expect(figures.exclusions.codeErased == 3)
    #expect(figures.exclusions.withoutDue == 3)
    #expect(figures.total.clock == [3 * hour, 0, 0, 0, 6 * hour, 0])
  }

  @Test func aYearWithoutACalendarIsLeftOutAndNamed() throws {
    let steps: [(EventKind, Int64, Int32, Int32)] = [
      (.accepted, try instant("2031-03-03T08:00"), Place.post, 0),
      (.delivered, try instant("2031-03-04T08:00"), Place.post, 0),
    ]
    let stray = journey(9, .result, [JourneyDossier(id: 9, key: 9)], steps)
    let figures = try figures(Self.story(due: nil) + [stray], now: instant("2031-03-05T08:00"))
    #expect(figures.total.dossiers == 1)
    #expect(figures.exclusions.outsideCalendar == 1)
    #expect(figures.missing == [CalendarYearMissing(calendar: .postal, year: 2031)])
    #expect(figures.transit.items == 3)
  }

  @Test func thePeriodIsThatOfTheFirstAcceptance() throws {
    let query = DelayQuery(from: try date("2026-03-03"))
    let outside = try figures(Self.story(due: "2026-03-10"), query, now: Self.now())
    #expect(outside.total.dossiers == 0)
    #expect(outside.exclusions.outsidePeriod == 1)
    #expect(outside.transit.items == 1)
    let inside = try figures(
      Self.story(due: "2026-03-10"), DelayQuery(from: date("2026-03-02"), through: date("2026-03-02")),
      now: Self.now())
    #expect(inside.total.elapsed == 242 * hour)
  }
}
