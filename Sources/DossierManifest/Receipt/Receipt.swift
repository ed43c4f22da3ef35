public import CustodyLog
public import DossierCore

/// What the receiver tells the giver's system about a manifest that both signed (`Schemas/receipt-1.xsd`). Codes only, no
/// personal data.
public struct Receipt: Hashable, Sendable {
  public struct Party: Hashable, Sendable {
    public var office: String
    /// Code of the person who signed.
    public var signer: String

    public init(office: String, signer: String) {
      self.office = office
      self.signer = signer
    }
  }

  /// How many of what, in the order of the schema.
  public struct Counts: Hashable, Sendable {
    public var expected, received, short, surplus, misrouted, damaged: Int

    public init(expected: Int, received: Int, short: Int, surplus: Int, misrouted: Int, damaged: Int) {
      self.expected = expected
      self.received = received
      self.short = short
      self.surplus = surplus
      self.misrouted = misrouted
      self.damaged = damaged
    }
  }

  public enum Outcome: String, Hashable, Sendable {
    case received, short, surplus, misrouted

    /// Whether the item is not on the manifest.
    public var isStray: Bool { self == .surplus || self == .misrouted }
  }

  public struct Damage: Hashable, Sendable {
    public var grade: DamageGrade
    /// Closed word of its cause.
    public var cause: String?
    public var event: String?

    public init(grade: DamageGrade, cause: String?, event: String?) {
      self.grade = grade
      self.cause = cause
      self.event = event
    }
  }

  public struct Line: Hashable, Sendable {
    public var item: String
    public var outcome: Outcome
    public var at: OffsetDateTime?
    public var by: String?
    public var event: String?
    public var damage: Damage?
    /// Of a stray: where it belongs, as far as known.
    public var manifest: String?
    public var office: String?

    public init(
      item: String, outcome: Outcome, at: OffsetDateTime? = nil, by: String? = nil, event: String? = nil,
      damage: Damage? = nil, manifest: String? = nil, office: String? = nil
    ) {
      self.item = item
      self.outcome = outcome
      self.at = at
      self.by = by
      self.event = event
      self.damage = damage
      self.manifest = manifest
      self.office = office
    }
  }

  public var manifest: String
  /// SHA-256 of the manifest's bytes.
  public var document: Digest
  public var closedAt: OffsetDateTime
  public var isOffline: Bool
  public var giver: Party
  public var receiver: Party
  public var counts: Counts
  /// SHA-256 of the list, and whether the log states it with the signatures.
  public var list: Digest
  public var listIsSigned: Bool
  /// The log right after the closing.
  public var origin: String
  public var log: LogHead

  public init(
    manifest: String, document: Digest, closedAt: OffsetDateTime, isOffline: Bool, giver: Party,
    receiver: Party, counts: Counts, list: Digest, listIsSigned: Bool, origin: String, log: LogHead
  ) {
    self.manifest = manifest
    self.document = document
    self.closedAt = closedAt
    self.isOffline = isOffline
    self.giver = giver
    self.receiver = receiver
    self.counts = counts
    self.list = list
    self.listIsSigned = listIsSigned
    self.origin = origin
    self.log = log
  }
}
