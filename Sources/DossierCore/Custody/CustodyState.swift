/// What an event means for custody: the few facts that the state machine reads. Offices are dictionary
/// numbers of the store (0 = none), so that a fold over millions of items touches no text.
public struct CustodyEvent: Hashable, Sendable {
  public var index: Int64
  public var kind: EventKind
  public var grade: EventGrade
  public var at: Int64
  public var zone: Int16
  public var office: Int32
  public var to: Int32
  public var manifest: Int64
  public var damage: DamageGrade?
  public var hasReference: Bool
  /// Index of the event that a `corrected` names; -1 while that event is unknown.
  public var corrects: Int64

  public init(
    index: Int64, kind: EventKind, grade: EventGrade, at: Int64, zone: Int16, office: Int32,
    to: Int32 = 0, manifest: Int64 = 0, damage: DamageGrade? = nil, hasReference: Bool = false,
    corrects: Int64 = -1
  ) {
    self.index = index
    self.kind = kind
    self.grade = grade
    self.at = at
    self.zone = zone
    self.office = office
    self.to = to
    self.manifest = manifest
    self.damage = damage
    self.hasReference = hasReference
    self.corrects = corrects
  }
}

/// The words of the JSON contract for where an item stands.
public enum StateWord: UInt8, Hashable, Sendable, CaseIterable {
  case announced = 1
  case inCustody, offered, outForDelivery, held, delivered, returned, missing, lost, destroyed, disputed

  public var word: String {
    switch self {
    case .announced: "announced"
    case .inCustody: "inCustody"
    case .offered: "offered"
    case .outForDelivery: "outForDelivery"
    case .held: "held"
    case .delivered: "delivered"
    case .returned: "returned"
    case .missing: "missing"
    case .lost: "lost"
    case .destroyed: "destroyed"
    case .disputed: "disputed"
    }
  }

  public init?(word: some StringProtocol) {
    guard let state = Self.allCases.first(where: { $0.word == word }) else { return nil }
    self = state
  }

  public func label(_ language: Language) -> String {
    switch (self, language) {
    case (_, .en): word
    case (.announced, .vi): "đã báo"
    case (.inCustody, .vi): "đang giữ"
    case (.offered, .vi): "đang giao"
    case (.outForDelivery, .vi): "đang đi phát"
    case (.held, .vi): "lưu giữ"
    case (.delivered, .vi): "đã phát"
    case (.returned, .vi): "đã hoàn"
    case (.missing, .vi): "thiếu"
    case (.lost, .vi): "thất lạc"
    case (.destroyed, .vi): "đã hủy"
    case (.disputed, .vi): "tranh chấp"
    }
  }
}

/// How an item's journey ended; `open` while it has not.
public enum Outcome: UInt8, Hashable, Sendable {
  case open = 0
  case delivered, returned, lost, destroyed
}

/// Something about an item's custody that a person should look at, in dictionary numbers.
public struct CustodyFinding: Hashable, Sendable {
  public var code: FindingCode
  /// Log indices of the events involved.
  public var events: [Int64]
  public var expectedOffice: Int32
  public var foundOffice: Int32

  init(_ code: FindingCode, _ events: [Int64], expected: Int32 = 0, found: Int32 = 0) {
    self.code = code
    self.events = events
    expectedOffice = expected
    foundOffice = found
  }
}

/// Where an item is and who answers for it: a pure function of the *set* of its events.
///
/// One custodian at any instant from acceptance to a terminal kind; whoever accepted last answers. An
/// observation that contradicts the state is folded in and becomes a finding; it is never refused.
public struct CustodyState: Hashable, Sendable {
  public var word = StateWord.announced
  /// The office answerable now; 0 when custody was never opened.
  public var custodian: Int32 = 0
  /// The named receiver of the open offer; 0 when none is open.
  public var offeredTo: Int32 = 0
  public var outcome = Outcome.open
  public var missing = false
  public var surplus = false
  public var disputed = false
  public var misrouted = false
  /// It was missing or lost and turned up again.
  public var found = false
  public var damage: DamageGrade?
  public var attempts: Int32 = 0
  /// Instant of the first acceptance, else of the first dispatch: the item's cohort (DESIGN section 7).
  /// `Int64.min` while it has neither: such an item was never entrusted.
  public var entrustedAt = Int64.min
  public var entrustedZone: Int16 = 0
  /// Who accepted or first dispatched it.
  public var entrustedBy: Int32 = 0
  /// The named receiver of the first dispatch.
  public var firstReceiver: Int32 = 0
  public var firstManifest: Int64 = 0
  public var lastAt = Int64.min
  /// Findings of severity warning or error.
  public var findings: Int32 = 0

  /// Log index of the event that offered it; -1 when no offer is open.
  public private(set) var offerIndex: Int64 = -1
  private var offerFrom: Int32 = 0
  private var outForDelivery = false
  private var held = false
  private var acceptedAt = Int64.min
  private var lastCustodyIndex: Int64 = -1

  public var isEntrusted: Bool { entrustedAt != Int64.min }

  /// Whether what is handed over under the same number at that instant is another item. One that was lost may turn up.
  public func hadEnded(before instant: Int64) -> Bool {
    outcome != .open && outcome != .lost && lastAt < instant
  }

  init() {}

  /// Folds the events of one item, in whatever order they are given.
  ///
  /// - Parameters:
  ///   - events: all events of the item under all its numbers, in any order.
  ///   - identifier: the client's identifier of an event: the last resort that makes the order of events of
  ///     one instant independent of their arrival.
  ///   - report: called for each finding, in order of event time.
  public init(
    folding events: inout [CustodyEvent], identifier: (Int64) -> String,
    report: (CustodyFinding) -> Void = { _ in }
  ) {
    self.init()
    var counted: Int32 = 0
    func counting(_ finding: CustodyFinding) {
      if FindingCatalogue.entry(finding.code).severity != .info { counted += 1 }
      report(finding)
    }
    sortByTime(&events, identifier: identifier)
    let void = Self.voided(events, report: counting)
    for event in events where event.kind != .corrected && !void.contains(event.index) {
      apply(event, counting)
    }
    finish(counting)
    findings = counted
  }

  /// Indices of events that a correction takes back. A correction itself cannot be corrected: record the
  /// event anew instead.
  public static func voided(
    _ events: [CustodyEvent], report: (CustodyFinding) -> Void = { _ in }
  ) -> Set<Int64> {
    var void: Set<Int64> = []
    for correction in events where correction.kind == .corrected {
      guard let target = events.first(where: { $0.index == correction.corrects }) else {
        report(CustodyFinding(.correctionTargetUnknown, [correction.index]))
        continue
      }
      if target.kind == .corrected {
        report(CustodyFinding(.correctionOfCorrection, [target.index, correction.index]))
      } else {
        void.insert(target.index)
      }
    }
    return void
  }

  private mutating func apply(_ event: CustodyEvent, _ report: (CustodyFinding) -> Void) {
    lastAt = event.at
    if firstManifest == 0 { firstManifest = event.manifest }
    entrust(event)
    let ended = outcome != .open && outcome != .lost

    func flag(_ code: FindingCode, _ earlier: Int64 = -1, expected: Int32 = 0, found: Int32 = 0) {
      let events = earlier >= 0 ? [earlier, event.index] : [event.index]
      report(CustodyFinding(code, events, expected: expected, found: found))
    }

    switch event.kind {
    case .damaged:
      damage = max(damage ?? .wrapper, event.damage ?? .wrapper)
      flag(.itemDamaged)
      return
    case .surplus:
      surplus = true
      flag(.itemSurplus, found: event.office)
      return
    case .relabelled, .corrected, .manifestRecorded, .manifestClosed, .officesRecorded, .mapRecorded,
      .erasureOrdered, .erasureCarriedOut, .logSucceeded, .keyRotated, .reportPublished, .accessRecorded,
      .feeCollected, .feeRemitted:
      return
    case .found:
      if missing || outcome == .lost {
        missing = false
        if outcome == .lost { outcome = .open }
        found = true
      } else {
        flag(.foundWithoutLoss)
      }
      return
    default: break
    }

    // A repeated report of the same ending (a scan and the feed) is no contradiction.
    let repeated =
      (event.kind == .delivered && outcome == .delivered || event.kind == .returned && outcome == .returned
        || event.kind == .destroyed && outcome == .destroyed) && event.office == custodian
    if repeated { return }
    if ended {
      disputed = true
      flag(.eventAfterEnd, lastCustodyIndex, expected: custodian, found: event.office)
      return
    }
    // That a lost item was not there is what its loss says; it is no sighting.
    if outcome == .lost && event.kind == .missing { return }
    if outcome == .lost && event.kind != .lost {
      disputed = true
      flag(.seenAfterLoss, lastCustodyIndex, expected: custodian, found: event.office)
      return
    }

    switch event.kind {
    case .accepted: accept(event, flag)
    case .dispatched: dispatch(event, flag)
    case .received: receive(event, flag)
    case .outForDelivery:
      requireCustody(event, flag)
      seenAgain()
      outForDelivery = true
      held = false
    case .attemptFailed:
      requireCustody(event, flag)
      attempts += 1
      outForDelivery = false
    case .held:
      requireCustody(event, flag)
      outForDelivery = false
      held = true
    case .delivered:
      requireCustody(event, flag)
      if !event.hasReference { flag(.deliveredWithoutEvidence) }
      end(.delivered, event)
    case .returned:
      requireCustody(event, flag)
      end(.returned, event)
    case .destroyed:
      requireCustody(event, flag)
      end(.destroyed, event)
    case .missing:
      missing = true
    case .lost:
      if !event.hasReference { flag(.lostWithoutDecision) }
      outcome = .lost
      lastCustodyIndex = event.index
    default: break
    }
  }

  /// Puts the item into its cohort: by its first acceptance, else by its first dispatch. This holds even when
  /// the journey had ended or the item was declared lost before, or a wrong clock would drop it from every
  /// balance.
  private mutating func entrust(_ event: CustodyEvent) {
    let isFirst =
      event.kind == .accepted ? acceptedAt == Int64.min : event.kind == .dispatched && !isEntrusted
    if event.kind == .accepted && isFirst { acceptedAt = event.at }
    if isFirst {
      entrustedAt = event.at
      entrustedZone = event.zone
      entrustedBy = event.office
    }
    if event.kind == .dispatched && firstReceiver == 0 { firstReceiver = event.to }
  }

  private typealias Flag = (FindingCode, Int64, Int32, Int32) -> Void

  private mutating func accept(_ event: CustodyEvent, _ flag: Flag) {
    if custodian != 0 && custodian != event.office {
      flag(.acceptedTwice, lastCustodyIndex, custodian, event.office)
    }
    take(event)
  }

  private mutating func dispatch(_ event: CustodyEvent, _ flag: Flag) {
    if custodian == 0 {
      flag(.noAcceptance, -1, event.office, 0)
    } else if custodian != event.office {
      flag(.dispatchedByOther, lastCustodyIndex, custodian, event.office)
    }
    let sameOffer = offeredTo == event.to && offerFrom == event.office
    if offeredTo != 0 && !sameOffer {
      flag(.offerSuperseded, offerIndex, offeredTo, event.to)
    }
    if event.grade == .observed || event.grade == .keyed { seenAgain() }
    offeredTo = event.to
    offerFrom = event.office
    offerIndex = event.index
    outForDelivery = false
    held = false
  }

  private mutating func receive(_ event: CustodyEvent, _ flag: Flag) {
    if offeredTo != 0 {
      if offeredTo != event.office {
        misrouted = true
        flag(.misrouted, offerIndex, offeredTo, event.office)
      }
    } else if custodian != event.office {
      flag(.receivedWithoutDispatch, lastCustodyIndex, custodian, event.office)
    }
    seenAgain()
    take(event)
    offeredTo = 0
    offerIndex = -1
  }

  private mutating func take(_ event: CustodyEvent) {
    custodian = event.office
    lastCustodyIndex = event.index
    outForDelivery = false
    held = false
  }

  /// An item that was reported missing and is handled again has turned up.
  private mutating func seenAgain() {
    if missing {
      missing = false
      found = true
    }
  }

  private func requireCustody(_ event: CustodyEvent, _ flag: Flag) {
    if custodian != event.office {
      flag(.actedWithoutCustody, lastCustodyIndex, custodian, event.office)
    }
  }

  private mutating func end(_ ending: Outcome, _ event: CustodyEvent) {
    seenAgain()
    take(event)
    outcome = ending
    offeredTo = 0
    offerIndex = -1
  }

  private mutating func finish(_ report: (CustodyFinding) -> Void) {
    if missing { report(CustodyFinding(.itemMissing, [], expected: custodian)) }
    if outcome == .lost { report(CustodyFinding(.itemLost, [lastCustodyIndex], expected: custodian)) }
    word =
      if disputed {
        .disputed
      } else {
        switch outcome {
        case .delivered: .delivered
        case .returned: .returned
        case .lost: .lost
        case .destroyed: .destroyed
        case .open:
          if missing {
            .missing
          } else if offeredTo != 0 && custodian != 0 {
            .offered
          } else if outForDelivery {
            .outForDelivery
          } else if held {
            .held
          } else if custodian != 0 {
            .inCustody
          } else {
            .announced
          }
        }
      }
  }
}

/// Sorts by instant; events of one instant by the natural course of a journey, then by identifier, so that
/// the order never depends on arrival.
private func sortByTime(_ events: inout [CustodyEvent], identifier: (Int64) -> String) {
  func precedes(_ left: CustodyEvent, _ right: CustodyEvent) -> Bool {
    if left.at != right.at { return left.at < right.at }
    if left.kind != right.kind { return left.kind.rawValue < right.kind.rawValue }
    if left.index == right.index { return false }
    return identifier(left.index).utf8.lexicographicallyPrecedes(identifier(right.index).utf8)
  }
  // Nearly always sorted already: check before paying for a sort.
  for position in events.indices.dropFirst() where precedes(events[position], events[position - 1]) {
    events.sort(by: precedes)
    return
  }
}
