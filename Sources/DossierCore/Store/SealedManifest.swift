/// What a report on custody asks of one manifest: its seals, and who signed when it was closed.
public struct SealedManifest: Hashable, Sendable {
  /// What two people signed at the receiving office.
  public struct Closing: Hashable, Sendable {
    /// Milliseconds since 1970 UTC.
    public var at: Int64
    public var office: String
    /// Operator codes; empty where a damaged store holds none.
    public var signer: String
    public var witness: String
    public var received: Int
    public var short: Int
    public var surplus: Int
    public var damaged: Int
    public var misrouted: Int

    public init(
      at: Int64, office: String, signer: String, witness: String, received: Int = 0, short: Int = 0,
      surplus: Int = 0, damaged: Int = 0, misrouted: Int = 0
    ) {
      self.at = at
      self.office = office
      self.signer = signer
      self.witness = witness
      self.received = received
      self.short = short
      self.surplus = surplus
      self.damaged = damaged
      self.misrouted = misrouted
    }
  }

  /// Row of the manifest in the store: what events name it by.
  public var id: Int64
  public var number: String
  public var giver: String
  public var receiver: String
  /// Milliseconds since 1970 UTC.
  public var dispatchedAt: Int64
  /// Seals in the order of its containers.
  public var seals: [String]
  /// Containers without a seal.
  public var unsealed: Int
  /// Nil while nobody has closed it.
  public var closing: Closing?

  public init(
    id: Int64, number: String, giver: String, receiver: String, dispatchedAt: Int64, seals: [String] = [],
    unsealed: Int = 0, closing: Closing? = nil
  ) {
    self.id = id
    self.number = number
    self.giver = giver
    self.receiver = receiver
    self.dispatchedAt = dispatchedAt
    self.seals = seals
    self.unsealed = unsealed
    self.closing = closing
  }
}
