import DossierCore
import Testing

@testable import DossierReport

@Suite struct TransitTests {
  private let now: Int64 = 1_775_000_000_000

  /// Delivered after so many days, or under way for so many.
  private func items(_ days: [Int], open: [Int], lost: [Int] = []) -> [ItemJourney] {
    let day = 24 * hour
    let delivered = days.map { ($0, EventKind.delivered) } + lost.map { ($0, .lost) }
    let ended = delivered.enumerated().map { position, item in
      let start = now - 60 * day
      return journey(
        Int64(position + 1), .result, [],
        [
          (.accepted, start, Place.post, 0), (.dispatched, start + hour, Place.post, Place.farPost),
          (item.1, start + Int64(item.0) * day, Place.post, 0),
        ])
    }
    let under = open.enumerated().map { position, days in
      journey(Int64(100 + position), .result, [], [(.accepted, now - Int64(days) * day, Place.post, 0)])
    }
    return ended + under
  }

  /// The reference values of standards.md 6.8, worked out by hand from S = Π (1 - d/n).
  @Test func kaplanMeierOfTheTransitExample() throws {
    let journeys = items([1, 1, 2, 2, 3, 3, 4, 5, 7, 9, 12], open: [2, 5, 9, 15])
    let transit = figures(journeys.shuffled(), now: now).transit
    let summary = TransitSummary(try #require(transit.legs[Leg.result.rawValue]))
    #expect(summary.items == 15 && summary.arrived == 11 && summary.open == 4)
    let expected = [
      1: 0.866667, 2: 0.733333, 3: 0.586667, 4: 0.513333, 5: 0.44, 7: 0.352, 9: 0.264, 12: 0.132,
    ]
    for (days, survival) in expected {
      #expect(abs(summary.waiting(days: days) - survival) < 5e-7, "\(days)")
    }
    #expect(summary.quantile(0.5) == 5)
    #expect(summary.quantile(0.95) == nil)
  }

  @Test func lossCompetesWithArrival() throws {
    // Four items: lost after 2 days, delivered after 1, 3, 4: nobody is cut off, so the incidence is a plain share.
    let transit = figures(items([1, 3, 4], open: [], lost: [2]), now: now).transit
    let summary = TransitSummary(try #require(transit.legs[Leg.result.rawValue]))
    #expect(summary.lost == 1)
    #expect(summary.loss.incidence(at: 10 * 1440) == 0.25)
  }

  @Test func aDeskIsReachedWhenItReceives() throws {
    let start = now - 50 * hour
    let intake = journey(
      1, .intake, [],
      [
        (.accepted, start, Place.post, 0), (.dispatched, start + hour, Place.post, Place.center),
        (.received, start + 5 * hour, Place.transport, 0), (.received, start + 7 * hour, Place.center, 0),
        (.dispatched, start + 9 * hour, Place.center, Place.agency),
        (.received, start + 30 * hour, Place.agency, 0),
      ])
    let transit = figures([intake], now: now).transit
    #expect(transit.legs[Leg.intake.rawValue]?[420]?.arrived == 1)
    #expect(transit.routes[DelayGroup(first: Place.post, second: Place.center)]?[420]?.arrived == 1)
  }

  @Test func routesBeyondTheLimitAreCounted() {
    let journeys = (1...5).map { item in
      journey(
        Int64(item), .result, [],
        [(.dispatched, now - 50 * hour, Place.center, item < 4 ? Place.post : Int32(item))])
    }
    let transit = figures(journeys, DelayQuery(limit: 1), now: now).transit
    #expect(transit.routes.count == 1 && transit.otherRoutes == 2 && transit.itemsOnOtherRoutes == 2)
  }
}
