public import CustodyLog
public import DossierCore

/// One scan as a counter sends it.
public struct CounterScan: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// An item was scanned.
    case received
    /// An item's damage was stated.
    case damaged
    /// An earlier scan is taken back.
    case void
  }

  /// The client's own identifier: becomes the event's.
  public var id: String
  public var kind: Kind
  /// Number of the manifest whose items are counted.
  public var manifest: String
  /// What the reader typed; empty for a void.
  public var raw: String
  /// The device's clock.
  public var at: OffsetDateTime
  /// Operator code of who scanned.
  public var by: String
  /// Code of the office where the sender works.
  public var office: String
  /// For a void: identifier of the event that is taken back.
  public var target: String?
  public var damage: DamageGrade?
  public var cause: DamageCause?
  /// How many documents are damaged.
  public var documents: Int?
  public var note: String?
  /// Whether a person typed the code, because the label cannot be read.
  public var isKeyed: Bool
  /// The newest state of the log that the device had seen.
  public var seen: LogHead?

  public init(
    id: String, kind: Kind, manifest: String, raw: String, at: OffsetDateTime, by: String, office: String,
    target: String? = nil, damage: DamageGrade? = nil, cause: DamageCause? = nil, documents: Int? = nil,
    note: String? = nil, isKeyed: Bool = false,
    seen: LogHead? = nil
  ) {
    self.id = id
    self.kind = kind
    self.manifest = manifest
    self.raw = raw
    self.at = at
    self.by = by
    self.office = office
    self.target = target
    self.damage = damage
    self.cause = cause
    self.documents = documents
    self.note = note
    self.isKeyed = isKeyed
    self.seen = seen
  }

  /// The members in which another scan of the same identifier says something else. What the device had seen does not
  /// count: it sends again with what it has seen since.
  func differences(from other: CounterScan) -> [String] {
    var fields: [String] = []
    func compare(_ name: String, _ same: Bool) { if !same { fields.append(name) } }
    compare("type", kind == other.kind)
    compare("manifest", manifest == other.manifest)
    compare("raw", ScanText(raw: raw) == ScanText(raw: other.raw))
    compare("at", at == other.at)
    compare("clerk", by == other.by)
    compare("target", target == other.target)
    compare("grade", damage == other.damage)
    compare("cause", cause == other.cause)
    compare("documents", documents == other.documents)
    compare("note", note == other.note)
    compare("keyed", isKeyed == other.isKeyed)
    return fields
  }
}

/// What became of one scan.
public struct CounterResult: Hashable, Sendable {
  public enum Status: String, Hashable, Sendable {
    /// It is recorded.
    case accepted
    /// The item had been scanned before: nothing was recorded.
    case duplicate
    /// Nothing was recorded; ``CounterResult/finding`` says why.
    case refused
  }

  /// Who scanned an item first.
  public struct First: Hashable, Sendable {
    public var at: OffsetDateTime
    public var by: String?
    public var event: String
  }

  /// Where an item belongs that is not on the manifest.
  public struct Belonging: Hashable, Sendable {
    public var manifest: String?
    public var office: String?
    public var name: String?
  }

  public var id: String
  public var status: Status
  public var verdict: EventReceipt.Verdict
  public var kind: CounterScan.Kind
  /// Identifier and log index of the event that was recorded.
  public var event: String?
  public var index: Int64?
  /// The item's number as the manifest names it.
  public var item: String?
  /// Whether the number was taken back from what an input method had made of it.
  public var isRepaired = false
  public var first: First?
  public var belongsTo: Belonging?
  public var damage: DamageGrade?
  /// Why it was refused.
  public var finding: Finding?
  /// Where the hand-over stood after it; nil where there is none.
  public var count: ReceivingCount?

  init(
    _ scan: CounterScan, _ status: Status, _ verdict: EventReceipt.Verdict, item: String? = nil,
    finding: Finding? = nil
  ) {
    id = scan.id
    self.status = status
    self.verdict = verdict
    kind = scan.kind
    self.item = item
    self.finding = finding
  }
}
