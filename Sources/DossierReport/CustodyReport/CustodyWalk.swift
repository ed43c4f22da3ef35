internal import DossierCore

/// Goes through one journey as ``CustodyState`` folds it, and notes for how long who answered for the item, which
/// hand-overs were answered, and how long discrepancies stayed open.
struct CustodyWalk {
  private enum Proof { case proven, declared, disputed }

  private var custodian: Int32 = 0
  private var proof = Proof.declared
  private var isMissing = false
  private var isLost = false
  private var hasEnded = false
  private var offer: (from: Int32, to: Int32)?
  private var openSince: [CustodyTally.Discrepancy: (office: Int32, at: Int64)] = [:]
  /// Where the time begins that is not attributed yet.
  private var reached: Int64
  /// Time since a declaration of loss: it counts only when the item turns up again.
  private var sinceLoss: [Int32: CustodyTally.CustodyTime] = [:]
  private let start: Int64
  private let isDisputed: Bool

  private init(_ state: CustodyState) {
    start = state.entrustedAt
    reached = state.entrustedAt
    isDisputed = state.disputed
  }

  static func follow(_ journey: ItemJourney, into tally: inout CustodyTally) {
    var walk = CustodyWalk(journey.custody)
    var end = tally.now
    var lostAt: Int64?
    for event in journey.events where !event.isVoid && event.kind != .corrected {
      let wasOver = walk.hasEnded
      walk.advance(to: event.at, &tally)
      walk.take(event, into: &tally)
      if walk.hasEnded && !wasOver { end = event.at }
      if walk.isLost { lostAt = lostAt ?? event.at } else { lostAt = nil }
    }
    for (kind, opening) in walk.openSince {
      tally.discrepancies.append(
        CustodyTally.OpenDiscrepancy(
          item: journey.item, kind: kind, office: opening.office, openedAt: opening.at))
    }
    guard journey.custody.isEntrusted else { return }
    if !walk.hasEnded {
      if let lostAt { end = lostAt } else { walk.advance(to: tally.now, &tally) }
    }
    tally.entrustedTime += max(0, Int128(min(end, tally.now)) - Int128(walk.start))
  }

  // MARK: Time

  private mutating func advance(to instant: Int64, _ tally: inout CustodyTally) {
    // What a wrong clock dates beyond the report's instant has not passed yet.
    let instant = min(instant, tally.now)
    guard start != Int64.min, instant > reached else { return }
    defer { reached = instant }
    guard !hasEnded else { return }
    let span = Int128(instant) - Int128(reached)
    var part = CustodyTally.CustodyTime()
    if isMissing || isLost {
      part.missing = span
    } else if isDisputed || proof == .disputed {
      part.disputed = span
    } else if custodian == 0 {
      part.nobody = span
    } else if proof == .proven {
      part.proven = span
    } else {
      part.declared = span
    }
    if isLost {
      sinceLoss[custodian, default: CustodyTally.CustodyTime()] += part
    } else {
      tally.time[custodian, default: CustodyTally.CustodyTime()] += part
    }
  }

  private mutating func endLoss(_ tally: inout CustodyTally) {
    guard isLost else { return }
    isLost = false
    for (office, part) in sinceLoss { tally.time[office, default: CustodyTally.CustodyTime()] += part }
    sinceLoss = [:]
  }

  // MARK: Events

  private mutating func take(_ event: JourneyEvent, into tally: inout CustodyTally) {
    switch event.kind {
    case .damaged: return open(.damaged, event, &tally)
    case .surplus: return open(.surplus, event, &tally)
    case .found:
      endLoss(&tally)
      isMissing = false
      return close(.missing, .found, event, &tally)
    case .accepted, .dispatched, .received, .outForDelivery, .attemptFailed, .held, .delivered, .returned,
      .missing, .lost, .destroyed:
      break
    default: return
    }
    // As the state machine: what comes after an ending or a declared loss moves nothing.
    if hasEnded || isLost { return }
    switch event.kind {
    case .accepted:
      let isContested = custodian != 0 && custodian != event.office
      receive(event, isContested ? .disputed : nil)
      close(.surplus, .handled, event, &tally)
    case .dispatched:
      if event.grade == .observed || event.grade == .keyed { seenAgain(event, &tally) }
      offer = (event.office, event.to)
      close(.surplus, .handled, event, &tally)
    case .received:
      countRoute(event, &tally)
      seenAgain(event, &tally)
      receive(event, nil)
      offer = nil
      close(.surplus, .handled, event, &tally)
    case .outForDelivery: seenAgain(event, &tally)
    case .delivered, .returned, .destroyed:
      if offer?.to == event.office { countRoute(event, &tally) }
      seenAgain(event, &tally)
      receive(event, nil)
      hasEnded = true
      close(.surplus, .ended, event, &tally)
      close(.damaged, .ended, event, &tally)
    case .missing:
      isMissing = true
      open(.missing, event, &tally)
    case .lost:
      isLost = true
      close(.missing, .declaredLost, event, &tally)
      close(.surplus, .declaredLost, event, &tally)
      close(.damaged, .declaredLost, event, &tally)
    default: break
    }
  }

  private mutating func receive(_ event: JourneyEvent, _ forced: Proof?) {
    custodian = event.office
    proof = forced ?? (event.grade == .observed || event.grade == .keyed ? .proven : .declared)
  }

  private mutating func seenAgain(_ event: JourneyEvent, _ tally: inout CustodyTally) {
    guard isMissing else { return }
    isMissing = false
    close(.missing, .handled, event, &tally)
  }

  private func countRoute(_ event: JourneyEvent, _ tally: inout CustodyTally) {
    if let offer {
      let route = CustodyTally.Route(from: offer.from, to: event.office)
      tally.routes[route, default: CustodyTally.RouteCount()].answered += 1
    } else if custodian != event.office {
      let route = CustodyTally.Route(from: custodian, to: event.office)
      tally.routes[route, default: CustodyTally.RouteCount()].unannounced += 1
    }
  }

  // MARK: Discrepancies

  private mutating func open(
    _ kind: CustodyTally.Discrepancy, _ event: JourneyEvent, _ tally: inout CustodyTally
  ) {
    guard openSince[kind] == nil else { return }
    tally.opened[kind, default: 0] += 1
    openSince[kind] = (event.office, event.at)
    // What is seen after the journey's end is settled by that end.
    if hasEnded { close(kind, .ended, event, &tally) }
  }

  private mutating func close(
    _ kind: CustodyTally.Discrepancy, _ closure: CustodyTally.Closure, _ event: JourneyEvent,
    _ tally: inout CustodyTally
  ) {
    guard let opening = openSince.removeValue(forKey: kind) else { return }
    tally.closed[kind, default: [:]][closure, default: 0] += 1
    let hours = event.at > opening.at ? (event.at - opening.at) / 3_600_000 : 0
    tally.hoursToClosure[kind, default: [:]][hours, default: 0] += 1
  }
}
