internal import DossierCore

/// How long items took from acceptance to arrival, with those under way cut off at the state of the log.
///
/// An item arrives when the addressee has it; on its way to a center or agency, when the first of them has received it.
/// Minutes are whole ones, cut off.
public struct TransitFigures: Sendable {
  /// Outcomes at one minute after acceptance.
  struct Outcomes: Equatable {
    var arrived = 0
    var lost = 0
    /// Returned or destroyed.
    var other = 0
    /// Under way, followed so long.
    var open = 0

    mutating func add(_ outcome: Outcome) {
      switch outcome {
      case .arrived: arrived += 1
      case .lost: lost += 1
      case .other: other += 1
      case .open: open += 1
      }
    }
  }

  enum Outcome { case arrived, lost, other, open }

  /// By leg, and by giver and named receiver for the routes with most items; counts by minute.
  private(set) var legs: [UInt8: [Int64: Outcomes]] = [:]
  private(set) var routes: [DelayGroup: [Int64: Outcomes]] = [:]
  /// Routes with fewer items, and their items.
  private(set) var otherRoutes = 0
  private(set) var itemsOnOtherRoutes = 0
  private(set) var outsidePeriod = 0
  private(set) var items = 0

  init() {}

  init(_ gathered: DelayAccumulator, _ holders: [[Holder]], query: DelayQuery, now: Int64) {
    var volumes: [DelayGroup: Int] = [:]
    for part in gathered.parts {
      for item in part.items where item.count > 0 {
        guard query.includes(CalendarDate(vietNamInstant: part.time(Int(item.first)))) else {
          outsidePeriod += 1
          continue
        }
        items += 1
        volumes[DelayGroup(first: item.giver, second: item.receiver), default: 0] += 1
      }
    }
    // The numbers of the store's terms are no order that a reader knows, but always the same.
    let shown = volumes.sorted {
      ($1.value, $0.key.first, $0.key.second) < ($0.value, $1.key.first, $1.key.second)
    }.prefix(max(0, query.limit))
    routes = Dictionary(uniqueKeysWithValues: shown.map { ($0.key, [:]) })
    otherRoutes = volumes.count - shown.count
    itemsOnOtherRoutes = items - shown.reduce(0) { $0 + $1.value }
    for (part, holders) in zip(gathered.parts, holders) {
      for item in part.items where item.count > 0 {
        guard query.includes(CalendarDate(vietNamInstant: part.time(Int(item.first)))) else { continue }
        let (minutes, outcome) = Self.outcome(item, part, holders, now: now)
        legs[item.leg?.rawValue ?? 0, default: [:]][minutes, default: Outcomes()].add(outcome)
        let route = DelayGroup(first: item.giver, second: item.receiver)
        routes[route]?[minutes, default: Outcomes()].add(outcome)
      }
    }
  }

  static func outcome(
    _ item: DelayAccumulator.Item, _ part: DelayAccumulator.Part, _ holders: [Holder], now: Int64
  ) -> (minutes: Int64, outcome: Outcome) {
    let first = Int(item.first)
    let last = first + Int(item.count) - 1
    let start = part.time(first)
    func after(_ time: Int64) -> Int64 { max(0, time - start) / 60_000 }
    let tail = holders[part.office(last)]
    if item.leg != .result && (item.leg != nil || tail.isDesk) {
      for position in first...last {
        let office = part.office(position)
        if office != part.office(first), holders[office].isDesk {
          return (after(part.time(position)), .arrived)
        }
      }
    }
    switch item.ending {
    case .delivered: return (after(part.time(last)), .arrived)
    case .lost: return (after(part.time(last)), .lost)
    case .returned, .destroyed: return (after(part.time(last)), .other)
    case .open: return (after(max(now, part.time(last))), .open)
    }
  }
}

/// One leg's or one route's transit times.
struct TransitSummary {
  var items = 0
  var arrived = 0
  var lost = 0
  var other = 0
  var open = 0
  /// Arrival, with everything that did not arrive cut off where it was last seen under way.
  let arrival: KaplanMeier
  /// Loss, with arrival and other endings competing.
  let loss: CumulativeIncidence

  init(_ histogram: [Int64: TransitFigures.Outcomes]) {
    for outcomes in histogram.values {
      arrived += outcomes.arrived
      lost += outcomes.lost
      other += outcomes.other
      open += outcomes.open
    }
    items = arrived + lost + other + open
    arrival = KaplanMeier(
      histogram.map { ($0.key, $0.value.arrived, $0.value.lost + $0.value.other + $0.value.open) })
    loss = CumulativeIncidence(
      histogram.map { ($0.key, $0.value.lost, $0.value.arrived + $0.value.other, $0.value.open) })
  }

  /// Share that has arrived neither by then nor otherwise, days after acceptance.
  func waiting(days: Int) -> Double { arrival.survival(at: Int64(days) * 1440).tenDigits }

  /// Days within which a share has arrived.
  func quantile(_ share: Double) -> Double? { Self.days(arrival.quantile(share)) }

  static func days(_ minutes: Int64?) -> Double? { minutes.map { (Double($0) / 1440).tenDigits } }
}
