public import DossierCore

/// Where one dossier stands by custody, for the comparison with the one-stop software.
struct DossierDelivery: Sendable {
  /// Row of the dossier in the store.
  var row: Int64
  /// The day of delivery to the addressee; nil when custody shows none.
  var delivered: CalendarDate?
  var due: CalendarDate?

  init(row: Int64, _ timeline: DossierTimeline, due: Int32) {
    self.row = row
    delivered = timeline.state == .delivered ? CalendarDate(vietNamInstant: timeline.end) : nil
    self.due = CalendarDate(daysSince1970: Int(due))
  }
}

/// Late ticks told from late deliveries: what custody shows against what the one-stop software says.
public struct TickFigures: Equatable, Sendable {
  /// What the two say of one dossier.
  public enum Case: String, Hashable, Sendable, CaseIterable {
    /// Delivered on time, ticked after the due date: the software shows a delay that was none.
    case tickedLate
    /// Delivered, never ticked.
    case neverTicked
    /// Delivered late, ticked late.
    case bothLate
    /// Delivered late, but ticked by the due date: the software hides the delay.
    case deliveredLateOnly
    /// Delivered and ticked by the due date.
    case bothInTime
    /// Ticked, while custody shows no delivery.
    case tickedUndelivered
    /// Neither delivered nor ticked yet.
    case neither
    /// Neither source states a due date.
    case withoutDue

    /// Whether its dossiers are listed.
    var isListed: Bool { [.tickedLate, .neverTicked, .bothLate, .deliveredLateOnly].contains(self) }
  }

  public struct Row: Equatable, Sendable {
    public var `case`: Case
    public var code: String
    public var due: CalendarDate?
    public var delivered: CalendarDate?
    public var ticked: CalendarDate?
    public var processed: CalendarDate?
  }

  public private(set) var counts: [Case: Int] = [:]
  /// All that are listed, by code.
  public private(set) var rows: [Row] = []
  /// Dossiers of the file that custody knows, in the period.
  public private(set) var matched = 0
  /// Dossiers of the file that are not among those of the period here.
  public private(set) var unknownHere = 0
  /// Dossiers delivered here that the file does not name.
  public private(set) var missingThere = 0
  /// Late by the software's day of the tick, and by its end of processing: two ways of counting in use.
  public private(set) var lateByTick = 0
  public private(set) var lateByProcessing = 0
  /// Processed by the due date, delivered after it.
  public private(set) var lateAfterProcessing = 0
  public let repeated: Int
  public let unreadable: Int

  /// - Parameters:
  ///   - figures: made with `keepsDeliveries`.
  ///   - codes: the codes of some dossiers by their rows, asked for in portions.
  init(
    _ sheet: TickSheet, _ figures: DelayFigures, calendar: WorkingCalendar,
    codes: (Set<Int64>) throws -> [Int64: String]
  ) rethrows {
    repeated = sheet.repeated
    unreadable = sheet.unreadable
    var rest = figures.deliveries[...]
    while !rest.isEmpty {
      let portion = rest.prefix(20_000)
      rest = rest.dropFirst(20_000)
      let names = try codes(Set(portion.map(\.row)))
      for delivery in portion {
        guard let code = names[delivery.row] else { continue }
        guard let tick = sheet.ticks[code] else {
          if delivery.delivered != nil { missingThere += 1 }
          continue
        }
        add(delivery, code, tick, calendar)
      }
    }
    unknownHere = sheet.ticks.count - matched
    rows.sort { $0.code.utf8.lexicographicallyPrecedes($1.code.utf8) }
  }

  private mutating func add(
    _ delivery: DossierDelivery, _ code: String, _ tick: Tick, _ calendar: WorkingCalendar
  ) {
    matched += 1
    // A due date that is no working day ends on the next one; a year without a calendar leaves it as it stands.
    let stated = tick.due ?? delivery.due
    let due = stated.map { (try? calendar.workingDay(onOrAfter: $0)) ?? $0 }
    let word: Case
    if let due {
      let isLate = { (day: CalendarDate?) in day.map { $0 > due } ?? false }
      if isLate(tick.ticked) { lateByTick += 1 }
      if isLate(tick.processed) { lateByProcessing += 1 }
      if isLate(delivery.delivered), let processed = tick.processed, processed <= due {
        lateAfterProcessing += 1
      }
      word =
        switch (delivery.delivered, tick.ticked) {
        case (nil, nil): .neither
        case (nil, _?): .tickedUndelivered
        case (_?, nil): .neverTicked
        case (let delivered?, let ticked?):
          delivered <= due
            ? (ticked <= due ? .bothInTime : .tickedLate) : (ticked <= due ? .deliveredLateOnly : .bothLate)
        }
    } else {
      word = .withoutDue
    }
    counts[word, default: 0] += 1
    if word.isListed {
      rows.append(
        Row(
          case: word, code: code, due: due, delivered: delivery.delivered, ticked: tick.ticked,
          processed: tick.processed))
    }
  }

  /// Whether every matched dossier is counted once, and every listed one stands in the list.
  public var balances: Bool {
    counts.values.reduce(0, +) == matched
      && rows.count == Case.allCases.filter(\.isListed).reduce(0) { $0 + (counts[$1] ?? 0) }
  }
}
