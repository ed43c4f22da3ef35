import DossierCore
import Testing

/// The expected route against the record: post office P, center C, agency A, another center D.
@Suite struct CustodyRouteTests {
  static let day: Int64 = 86_400_000
  static let kinds: [String: Office.Kind] = ["P": .post, "C": .center, "D": .center, "A": .agency]

  /// `kind@office`, `kind@office>to`, one a line of the journey, a day apart.
  static func route(
    _ steps: String, leg: Leg = .intake, now: Int64 = 100, limit: Int64? = 3
  ) -> CustodyRoute {
    let events = steps.split(separator: " ").enumerated().map { index, text in
      let parts = text.split(separator: "@")
      let places = parts[1].split(separator: ">")
      var event = EventRecord(
        index: Int64(index), identifier: "e\(index)",
        kind: EventKind(word: parts[0].split(separator: "!")[0]) ?? .held, grade: .declared, item: "X",
        sequence: Int64(index), previous: nil, at: Int64(index) * day, zone: 420,
        recordedAt: Int64(index) * day, office: String(places[0]))
      if places.count > 1 { event.to = String(places[1]) }
      if event.kind == .accepted || event.kind == .dispatched { event.manifest = "M" }
      if let target = parts[0].split(separator: "!").dropFirst().first {
        event.details.corrects = "e\(target)"
      }
      return event
    }
    return CustodyRoute(
      events: events, leg: { _ in leg }, kind: { kinds[$0] }, now: now * day,
      deadline: { _, at in limit.map { at + $0 * day } })
  }

  /// What stands in each row: a step's standing before its kind, an event's role when there is no step.
  static func words(_ route: CustodyRoute) -> [String] {
    route.rows.map { row in
      if let step = row.step, let standing = row.standing {
        return "\(standing.rawValue) \(step.kind.word)@\(step.office ?? "?")"
      }
      return "\(row.role?.rawValue ?? "-") \(row.event?.kind.word ?? "-")@\(row.event?.office ?? "?")"
    }
  }

  @Test func aWholeJourneyHasNoGap() {
    let route = Self.route("accepted@P dispatched@P>C outForDelivery@P received@C delivered@C")
    #expect(
      Self.words(route) == [
        "done accepted@P", "done dispatched@P", "step outForDelivery@P", "done received@C",
        "done delivered@C",
      ])
    #expect(route.gaps == 0 && route.extras == 0)
  }

  @Test func anOpenOfferWaitsAndPassesItsLimit() throws {
    let route = Self.route("accepted@P dispatched@P>C", now: 6)
    #expect(
      Self.words(route) == [
        "done accepted@P", "done dispatched@P", "pending received@C", "pending delivered@C",
      ])
    // Dispatched on day 1, limit 3 days, and the log is at day 6.
    #expect(route.rows[2].late == 2 * Self.day)
    #expect(route.rows[3].late == nil)
  }

  @Test func aLateReceiptSaysByHowMuch() {
    let route = Self.route("accepted@P dispatched@P>C held@P held@P held@P held@P received@C")
    #expect(route.rows.first { $0.step?.kind == .received }?.late == 2 * Self.day)
  }

  @Test func nothingIsLateWithoutALimit() {
    #expect(Self.route("accepted@P dispatched@P>C", limit: nil).rows.allSatisfy { $0.late == nil })
  }

  @Test func whatTheJourneyLeftOutIsAGap() {
    let route = Self.route("dispatched@P>C delivered@C")
    #expect(
      Self.words(route) == [
        "missing accepted@P", "done dispatched@P", "missing received@C", "done delivered@C",
      ])
    #expect(route.gaps == 2)
  }

  @Test func aReceiptNeedsADispatch() {
    let route = Self.route("accepted@P received@C", leg: .circulation)
    #expect(Self.words(route) == ["done accepted@P", "missing dispatched@P", "done received@C"])
  }

  @Test func anItemThatWentElsewhereStaysOnItsWay() {
    let route = Self.route("accepted@P dispatched@P>C received@D dispatched@D>C received@C delivered@C")
    #expect(
      Self.words(route) == [
        "done accepted@P", "done dispatched@P", "extra received@D", "elsewhere received@C",
        "done dispatched@D", "done received@C", "done delivered@C",
      ])
    #expect(route.gaps == 0 && route.extras == 1)
  }

  @Test func whatWasTakenBackDoesNotCountAndIsStillThere() {
    let route = Self.route("accepted@P dispatched@P>C received@C corrected!2@C received@C delivered@C")
    #expect(
      Self.words(route) == [
        "done accepted@P", "done dispatched@P", "corrected received@C", "correction corrected@C",
        "done received@C", "done delivered@C",
      ])
  }

  @Test func aSecondScanIsExtra() {
    let route = Self.route("accepted@P dispatched@P>C received@C received@C delivered@C")
    #expect(route.extras == 1 && route.gaps == 0)
  }

  @Test func aLostItemHasGapsUntilItIsFound() {
    #expect(Self.route("accepted@P dispatched@P>C missing@C lost@P").gaps == 2)
    #expect(Self.route("accepted@P dispatched@P>C missing@C lost@P found@P").gaps == 0)
    #expect(Self.route("accepted@P dispatched@P>C lost@P found@P received@C delivered@C").gaps == 0)
  }

  @Test(arguments: [
    (Leg.result, "accepted@C dispatched@C>P received@P", "pending delivered@P"),
    (.return, "accepted@C dispatched@C>P received@P", "pending delivered@P"),
    (.circulation, "accepted@C dispatched@C>A received@A", "done received@A"),
    (.supplement, "accepted@P dispatched@P>C received@C", "pending delivered@C"),
    // An office that nobody knows is expected to do nothing beyond receiving.
    (.intake, "accepted@P dispatched@P>Z received@Z", "done received@Z"),
  ]) func theDirectionSaysWhereItEnds(leg: Leg, steps: String, last: String) {
    #expect(Self.words(Self.route(steps, leg: leg)).last == last)
  }

  @Test func aReturnEndsAJourneyToo() {
    let route = Self.route(
      "accepted@C dispatched@C>P received@P outForDelivery@P attemptFailed@P held@P returned@P", leg: .result)
    #expect(route.gaps == 0 && route.extras == 0)
    #expect(Self.words(route).last == "done returned@P")
  }

  @Test func everyEventStandsInExactlyOneRow() {
    let kinds = EventKind.allCases.filter(\.concernsItem).map(\.word)
    var random = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      let steps = (0..<Int.random(in: 0...12, using: &random)).map { _ in
        let office = ["P", "C", "D", "Z"].randomElement(using: &random) ?? "P"
        let kind = kinds.randomElement(using: &random) ?? "held"
        return kind == "dispatched"
          ? "\(kind)@\(office)>\(["P", "C", "Z"].randomElement(using: &random) ?? "C")" : "\(kind)@\(office)"
      }
      let route = Self.route(steps.joined(separator: " "))
      let shown = route.rows.compactMap(\.event?.index)
      #expect(shown.sorted() == Array(0..<Int64(steps.count)), "\(steps)")
      #expect(shown == shown.sorted(), "\(steps)")
    }
  }

  @Test func noEventsExpectAnAcceptance() {
    #expect(Self.words(Self.route("")) == ["pending accepted@?"])
  }

  @Test(arguments: [
    (EventKind.accepted, Office.Kind?.some(.post), RouteLane.citizen), (.accepted, .center, .center),
    (.dispatched, .post, .post), (.outForDelivery, .post, .transport), (.received, .agency, .center),
    (.received, .transport, .transport), (.delivered, .post, .citizen), (.delivered, .center, .center),
    (.received, nil, .post),
  ]) func lanes(kind: EventKind, office: Office.Kind?, lane: RouteLane) {
    #expect(RouteLane(kind, at: office) == lane)
  }
}
