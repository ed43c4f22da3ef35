/// The route that an item's dispatches and its direction lead one to expect, against what the log recorded.
///
/// What is expected follows from the records alone and from two rules of custody: it begins with an acceptance, and
/// it moves when the receiver that a dispatch names has accepted. Nothing is expected because it is usual: a postman
/// may carry the bag or not. Of intake and supplement the center's taking the papers in (`delivered`) ends the
/// journey, of result and return the delivery to the citizen; circulation ends with the receipt. An office that the
/// master data do not name is expected to do nothing beyond receiving.
public struct CustodyRoute: Hashable, Sendable {
  /// What a recorded event is to the route.
  public enum Role: String, Hashable, Sendable, CaseIterable {
    /// A step of the route, or what may happen on the way of one.
    case step
    /// A hand-over or ending that the route has no place for.
    case extra
    /// Something about the item that is no step: missing, damaged, a failed attempt.
    case incident
    /// About money or numbers; custody is not touched.
    case aside
    /// Takes another event back.
    case correction
    /// Was taken back by a correction.
    case corrected
  }

  /// One line of the comparison, in the order of the journey.
  public struct Row: Hashable, Sendable {
    /// What is expected; nil for an event that nothing led one to expect.
    public var step: RouteStep?
    /// What was recorded; nil for a step without a record.
    public var event: EventRecord?
    /// Of a step.
    public var standing: RouteStep.Standing?
    /// Of an event.
    public var role: Role?
    /// By how many milliseconds the step came after its deadline, or has passed it without being recorded.
    public var late: Int64?
    /// The deadline that ``late`` is counted from.
    public var deadline: Int64?
  }

  public private(set) var rows: [Row] = []

  /// Steps without a record although the journey went on.
  public var gaps: Int { rows.count { $0.standing == .missing } }
  public var extras: Int { rows.count { $0.role == .extra } }
  public var incidents: Int { rows.count { $0.role == .incident } }
  /// Steps that came after their deadline, or have passed it.
  public var lateSteps: Int { rows.count { $0.late != nil } }

  /// Compares.
  ///
  /// - Parameters:
  ///   - events: all events of the item under all its numbers, in any order.
  ///   - leg: the direction of a manifest, by its number; nil when no such manifest is recorded.
  ///   - kind: what an office of this code is; nil when the master data do not name it.
  ///   - now: the time up to which nothing being recorded counts: the newest time of recording in the log.
  ///   - deadline: until when a receipt is expected, by direction and time of dispatch; nil for no limit.
  public init(
    events: [EventRecord], leg: (String) -> Leg?, kind: (String) -> Office.Kind?, now: Int64,
    deadline: (Leg?, Int64) -> Int64?
  ) {
    var walk = RouteWalk(events)
    walk.readPassages()
    rows = walk.rows(leg: leg, kind: kind, now: now, deadline: deadline)
  }
}

/// One offer and what became of it.
private struct Passage {
  var giver: String?
  var receiver: String
  var manifest: String?
  /// Positions in the walk's events.
  var dispatch: Int?
  var receipt: Int?
  /// A receipt at another office than the one named.
  var elsewhere: Int?

  var isOpen: Bool { receipt == nil && elsewhere == nil }
}

/// Reads the passages out of an item's events and puts expected steps beside them.
private struct RouteWalk {
  private let events: [EventRecord]
  private var roles: [CustodyRoute.Role]
  private var passages: [Passage] = []
  private var acceptance: Int?
  private var ending: Int?
  private var custodian: String?
  /// Lost or destroyed, and not found again: nothing more will come.
  private var isGone = false

  init(_ events: [EventRecord]) {
    let sorted = events.sorted { left, right in
      if left.at != right.at { return left.at < right.at }
      if left.kind != right.kind { return left.kind.rawValue < right.kind.rawValue }
      return left.index < right.index
    }
    let targets = Set(sorted.filter { $0.kind == .corrected }.compactMap(\.details.corrects))
    self.events = sorted
    roles = sorted.map { event in
      if event.kind == .corrected { return .correction }
      return targets.contains(event.identifier) ? .corrected : .step
    }
  }

  mutating func readPassages() {
    for place in events.indices where roles[place] == .step { roles[place] = read(events[place], place) }
  }

  private mutating func read(_ event: EventRecord, _ place: Int) -> CustodyRoute.Role {
    switch event.kind {
    case .accepted:
      custodian = event.office
      guard acceptance == nil, passages.isEmpty, ending == nil else { return .extra }
      acceptance = place
      return .step
    case .dispatched: return dispatched(event, place)
    case .received: return received(event, place)
    case .outForDelivery:
      // The giver's postman with the bag, or the receiver's with the item.
      let offices = passages.last.map { $0.isOpen ? [$0.giver] : [$0.receiver] } ?? [custodian]
      return offices.contains(event.office) ? .step : .extra
    case .delivered, .returned:
      custodian = event.office
      guard ending == nil, passages.isEmpty || passages.last?.receiver == event.office else { return .extra }
      ending = place
      return .step
    case .lost, .destroyed:
      isGone = true
      return .incident
    case .found:
      isGone = false
      return .incident
    case .attemptFailed, .held, .missing, .surplus, .damaged: return .incident
    default: return .aside
    }
  }

  private mutating func dispatched(_ event: EventRecord, _ place: Int) -> CustodyRoute.Role {
    // After the end nothing is on the route.
    guard ending == nil else { return .extra }
    if let last = passages.last, last.isOpen, last.dispatch != nil, last.giver == event.office,
      last.receiver == event.to
    {
      return .extra
    }
    guard let receiver = event.to else { return .extra }
    passages.append(
      Passage(giver: event.office, receiver: receiver, manifest: event.manifest, dispatch: place))
    return .step
  }

  private mutating func received(_ event: EventRecord, _ place: Int) -> CustodyRoute.Role {
    defer { custodian = event.office }
    guard ending == nil else { return .extra }
    if let last = passages.indices.last, passages[last].isOpen {
      if passages[last].receiver == event.office {
        passages[last].receipt = place
        return .step
      }
      passages[last].elsewhere = place
      return .extra
    }
    if custodian == event.office { return .extra }
    passages.append(
      Passage(giver: custodian, receiver: event.office, manifest: event.manifest, receipt: place))
    return .step
  }

  // MARK: Expected beside recorded

  /// A step, where its event stands, and its deadline.
  private struct Expected {
    var step: RouteStep
    var place: Int?
    var elsewhere: Int?
    var deadline: Int64?
  }

  func rows(
    leg: (String) -> Leg?, kind: (String) -> Office.Kind?, now: Int64,
    deadline: (Leg?, Int64) -> Int64?
  ) -> [CustodyRoute.Row] {
    let expected = steps(leg: leg, kind: kind, deadline: deadline)
    let lastDone = expected.lastIndex { $0.place != nil || $0.elsewhere != nil } ?? -1
    var rows: [CustodyRoute.Row] = []
    var next = 0
    /// Events up to a position that no step has taken.
    func appendEvents(before end: Int) {
      while next < end {
        let isTaken = expected.contains { $0.place == next }
        if !isTaken { rows.append(.init(event: events[next], role: roles[next])) }
        next += 1
      }
    }
    for (position, one) in expected.enumerated() {
      var row = CustodyRoute.Row(step: one.step, deadline: one.deadline)
      if let place = one.place {
        appendEvents(before: place)
        row.event = events[place]
        row.standing = .done
        row.role = roles[place]
        row.late = Self.excess(events[place].at, one.deadline)
      } else if let elsewhere = one.elsewhere {
        appendEvents(before: elsewhere + 1)
        row.standing = .elsewhere
      } else {
        let isGap = position < lastDone || isGone || ending != nil
        row.standing = isGap ? .missing : .pending
        if isGap, let following = expected[position...].compactMap(\.place).first {
          appendEvents(before: following)
        } else {
          appendEvents(before: events.count)
          row.late = Self.excess(now, one.deadline)
        }
      }
      rows.append(row)
    }
    appendEvents(before: events.count)
    return rows
  }

  private func steps(
    leg: (String) -> Leg?, kind: (String) -> Office.Kind?, deadline: (Leg?, Int64) -> Int64?
  ) -> [Expected] {
    var steps: [Expected] = []
    let first = passages.first
    steps.append(
      Expected(
        step: RouteStep(
          .accepted, office: acceptance.map { events[$0].office } ?? first?.giver,
          manifest: first?.manifest, reason: .custodyBegins), place: acceptance))
    for passage in passages {
      let direction = passage.manifest.flatMap(leg)
      steps.append(
        Expected(
          step: RouteStep(
            .dispatched, office: passage.giver, to: passage.receiver, manifest: passage.manifest,
            reason: passage.dispatch == nil ? .receiptNeedsDispatch : .manifestHandsOver),
          place: passage.dispatch))
      steps.append(
        Expected(
          step: RouteStep(
            .received, office: passage.receiver, manifest: passage.manifest, reason: .receiverAccepts),
          place: passage.receipt, elsewhere: passage.elsewhere,
          deadline: passage.dispatch.flatMap { deadline(direction, events[$0].at) }))
    }
    if let ending {
      steps.append(Expected(step: step(ending), place: ending))
    } else if let last = passages.last,
      Self.endsInDelivery(last.manifest.flatMap(leg) ?? firstLeg(leg), at: kind(last.receiver))
    {
      steps.append(
        Expected(step: RouteStep(.delivered, office: last.receiver, reason: .legEndsInDelivery), place: nil))
    }
    return steps
  }

  private func step(_ place: Int) -> RouteStep {
    RouteStep(events[place].kind, office: events[place].office, reason: .legEndsInDelivery)
  }

  /// A later passage without a manifest of its own goes on in the direction of the first.
  private func firstLeg(_ leg: (String) -> Leg?) -> Leg? {
    passages.lazy.compactMap(\.manifest).compactMap(leg).first
  }

  private static func endsInDelivery(_ leg: Leg?, at receiver: Office.Kind?) -> Bool {
    switch (leg, receiver) {
    case (.intake, .center), (.supplement, .center), (.result, .post), (.return, .post): true
    default: false
    }
  }

  /// By how much a time lies after a deadline; nil when it does not.
  private static func excess(_ time: Int64, _ deadline: Int64?) -> Int64? {
    guard let deadline, time > deadline else { return nil }
    let (difference, overflow) = time.subtractingReportingOverflow(deadline)
    return overflow ? Int64.max : difference
  }
}
