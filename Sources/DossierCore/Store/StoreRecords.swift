public import CustodyLog

/// A recorded manifest.
public struct ManifestRecord: Hashable, Sendable {
  public var id: Int64
  public var number: String
  public var leg: Leg
  public var giver: String
  public var receiver: String
  public var dispatchedAt: Int64
  public var dispatchedZone: Int16
  public var items: Int
  public var dossiers: Int
  /// Grams.
  public var weight: Int
  public var sha256: Digest
  public var byteCount: Int64
  /// Log index of its first event; its `manifestRecorded` event follows its last.
  public var firstEvent: Int64
  public var recordedEvent: Int64
  /// Log index of its `manifestClosed` event.
  public var closedEvent: Int64?
  public var recordedAt: Int64

  public init(
    id: Int64, number: String, leg: Leg, giver: String, receiver: String, dispatchedAt: Int64,
    dispatchedZone: Int16, items: Int, dossiers: Int, weight: Int, sha256: Digest, byteCount: Int64,
    firstEvent: Int64, recordedEvent: Int64, closedEvent: Int64?, recordedAt: Int64
  ) {
    self.id = id
    self.number = number
    self.leg = leg
    self.giver = giver
    self.receiver = receiver
    self.dispatchedAt = dispatchedAt
    self.dispatchedZone = dispatchedZone
    self.items = items
    self.dossiers = dossiers
    self.weight = weight
    self.sha256 = sha256
    self.byteCount = byteCount
    self.firstEvent = firstEvent
    self.recordedEvent = recordedEvent
    self.closedEvent = closedEvent
    self.recordedAt = recordedAt
  }
}

/// Where one item stands, in words.
public struct ItemSummary: Hashable, Sendable {
  /// Row of the item in the store, for paging.
  public var id: Int64
  public var number: String
  public var state: StateWord
  public var custodian: String?
  public var offeredTo: String?
  public var leg: Leg?
  public var manifest: String?
  public var damage: DamageGrade?
  public var missing: Bool
  public var lastAt: Int64?
  public var dossiers: Int
  /// Findings of severity warning or error about its custody.
  public var findings: Int

  public init(
    id: Int64, number: String, state: StateWord, custodian: String?, offeredTo: String?, leg: Leg?,
    manifest: String?, damage: DamageGrade?, missing: Bool, lastAt: Int64?, dossiers: Int, findings: Int
  ) {
    self.id = id
    self.number = number
    self.state = state
    self.custodian = custodian
    self.offeredTo = offeredTo
    self.leg = leg
    self.manifest = manifest
    self.damage = damage
    self.missing = missing
    self.lastAt = lastAt
    self.dossiers = dossiers
    self.findings = findings
  }
}

/// One dossier as a manifest states it.
public struct DossierSummary: Hashable, Sendable {
  /// Nil once erased.
  public var code: String?
  public var procedure: String?
  public var field: String?
  public var agency: String?
  public var received: CalendarDate?
  public var due: CalendarDate?
  public var result: CalendarDate?
  public var documents: [DocumentSummaryLine]

  public init(
    code: String?, procedure: String?, field: String?, agency: String?, received: CalendarDate?,
    due: CalendarDate?, result: CalendarDate?, documents: [DocumentSummaryLine]
  ) {
    self.code = code
    self.procedure = procedure
    self.field = field
    self.agency = agency
    self.received = received
    self.due = due
    self.result = result
    self.documents = documents
  }
}

/// One document of a dossier with its copies counted apart.
public struct DocumentSummaryLine: Hashable, Sendable {
  public var name: String
  public var originals: Int
  public var certifiedCopies: Int
  public var photocopies: Int

  public init(name: String, originals: Int, certifiedCopies: Int, photocopies: Int) {
    self.name = name
    self.originals = originals
    self.certifiedCopies = certifiedCopies
    self.photocopies = photocopies
  }
}

/// Everything known of one item.
public struct ItemHistory: Hashable, Sendable {
  public var summary: ItemSummary
  /// All numbers it has borne, the current one first.
  public var numbers: [String]
  public var dossiers: [DossierSummary]
  /// In log order.
  public var events: [EventRecord]
  public var findings: [Finding]
  /// What was erased of it, or ordered to be.
  public var erasures: [ErasureRecord]

  public init(
    summary: ItemSummary, numbers: [String], dossiers: [DossierSummary], events: [EventRecord],
    findings: [Finding], erasures: [ErasureRecord] = []
  ) {
    self.summary = summary
    self.numbers = numbers
    self.dossiers = dossiers
    self.events = events
    self.findings = findings
    self.erasures = erasures
  }
}

/// Which items to list.
public struct ItemFilter: Hashable, Sendable {
  public var state: StateWord?
  /// Code of the custodian.
  public var custodian: String?
  /// Only items with custody findings.
  public var withFindings: Bool

  public init(state: StateWord? = nil, custodian: String? = nil, withFindings: Bool = false) {
    self.state = state
    self.custodian = custodian
    self.withFindings = withFindings
  }
}

/// What a loss report asks of the store.
public struct LossQuery: Hashable, Sendable {
  public enum Unit: UInt8, Hashable, Sendable, CaseIterable {
    case dossier = 1
    case item = 2

    public var word: String { self == .dossier ? "dossier" : "item" }
  }

  /// A column to group by.
  public enum Grouping: String, Hashable, Sendable, CaseIterable {
    case office, route, field, agency, leg, month
  }

  /// First and last day of the period, both included; nil for no bound.
  public var from: CalendarDate?
  public var through: CalendarDate?
  public var unit: Unit
  /// In the order in which the label names them.
  public var by: [Grouping]

  public init(from: CalendarDate? = nil, through: CalendarDate? = nil, unit: Unit, by: [Grouping]) {
    self.from = from
    self.through = through
    self.unit = unit
    self.by = by
  }
}

/// The counts of one group of a loss report.
public struct LossGroup: Hashable, Sendable {
  /// One value a grouping asked for; empty when the group has none.
  public var labels: [String]
  public var counts: OutcomeCounts

  public init(labels: [String], counts: OutcomeCounts) {
    self.labels = labels
    self.counts = counts
  }
}

/// How many of a group's items or dossiers are where. `entrusted` = `delivered` + `returned` + `lost` +
/// `destroyed` + `open` (invariant 6).
public struct OutcomeCounts: Hashable, Sendable {
  public var entrusted: Int64 = 0
  public var delivered: Int64 = 0
  public var returned: Int64 = 0
  public var lost: Int64 = 0
  public var destroyed: Int64 = 0
  /// Of the open ones: expected and not found.
  public var missing: Int64 = 0
  /// Were missing or lost, and turned up.
  public var found: Int64 = 0
  public var damaged: Int64 = 0

  public init() {}

  public var open: Int64 { entrusted - delivered - returned - lost - destroyed }

  /// What one entrusted item contributes.
  public init(_ state: CustodyState) {
    guard state.isEntrusted else { return }
    entrusted = 1
    switch state.outcome {
    case .open: missing = state.missing ? 1 : 0
    case .delivered: delivered = 1
    case .returned: returned = 1
    case .lost: lost = 1
    case .destroyed: destroyed = 1
    }
    found = state.found ? 1 : 0
    damaged = state.damage == nil ? 0 : 1
  }

  public static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum += right
    return sum
  }

  public static func += (left: inout Self, right: Self) {
    left.add(right, times: 1)
  }

  public mutating func add(_ other: Self, times factor: Int64) {
    entrusted += other.entrusted * factor
    delivered += other.delivered * factor
    returned += other.returned * factor
    lost += other.lost * factor
    destroyed += other.destroyed * factor
    missing += other.missing * factor
    found += other.found * factor
    damaged += other.damaged * factor
  }

  public var isZero: Bool { self == Self() }
}
