public import CustodyLog

/// Everything that somebody outside needs to check the custody of some items: one file, no database, no network.
///
/// It shows that the listed events are in a signed log, unaltered, and that they are *all* events of those items up
/// to the moment at which the map of items was logged (``ItemMap``). Names and other personal fields stay out, unless
/// whoever makes the bundle adds their disclosures. The file is a ``SealedDocument``.
public struct ProofBundle: Hashable, Sendable {
  /// Names form and version.
  public static let format = "postal-dossier-custody-proof/v1"

  /// A leaf of the log and where it is.
  public struct Leaf: Hashable, Sendable {
    /// Position in the log, from 0.
    public var index: UInt64
    /// The leaf's canonical JSON, as it was hashed.
    public var text: String
    /// Inclusion proof in the bundle's checkpoint.
    public var proof: [Digest]
    /// All commitments of the event, in order; empty when they are not shown.
    public var commitments: [Digest]
    /// The disclosures of the fields that are revealed, as they are transported.
    public var disclosures: [String]

    public init(
      index: UInt64, text: String, proof: [Digest], commitments: [Digest] = [], disclosures: [String] = []
    ) {
      self.index = index
      self.text = text
      self.proof = proof
      self.commitments = commitments
      self.disclosures = disclosures
    }

    /// Hash of the leaf.
    public var hash: Digest { MerkleHash.leaf(Array(text.utf8)) }
  }

  /// An item and its entry in the map.
  public struct Item: Hashable, Sendable {
    /// Canonical item number.
    public var number: String
    /// How many events it has; 0 when the map has no entry for it.
    public var count: Int64
    /// From the entry's leaf to the map's root.
    public var path: [MerkleMap.Step]
    /// With a count of 0: the entry that a search reaches instead; nil for the empty map.
    public var other: MerkleMap.Entry?

    public init(number: String, count: Int64, path: [MerkleMap.Step], other: MerkleMap.Entry? = nil) {
      self.number = number
      self.count = count
      self.path = path
      self.other = other
    }
  }

  /// An earlier checkpoint of the same log: what was in it existed when it was signed and cosigned.
  public struct PastCheckpoint: Hashable, Sendable {
    /// The signed note, verbatim.
    public var checkpoint: String
    /// Consistency proof from it to the bundle's checkpoint.
    public var consistency: [Digest]

    public init(checkpoint: String, consistency: [Digest]) {
      self.checkpoint = checkpoint
      self.consistency = consistency
    }
  }

  /// The signed note, verbatim, with cosignatures.
  public var checkpoint: String
  /// The `mapRecorded` leaf.
  public var log: Leaf
  /// Ascending by number.
  public var items: [Item]
  /// All events of those items with an index below that of ``log``, ascending by index.
  public var events: [Leaf]
  /// Events without item that explain, ascending by index.
  public var statements: [Leaf]
  /// Ascending by size.
  public var times: [PastCheckpoint]

  public init(
    checkpoint: String, log: Leaf, items: [Item], events: [Leaf], statements: [Leaf] = [],
    times: [PastCheckpoint] = []
  ) {
    self.checkpoint = checkpoint
    self.log = log
    self.items = items
    self.events = events
    self.statements = statements
    self.times = times
  }

  /// The file.
  ///
  /// - Throws: when a number is beyond what JSON can carry. That the bundle proves anything is not checked.
  public func encode() throws(CanonicalJSONError) -> [UInt8] {
    var members: [(String, JSONValue)] = [
      ("format", .string(Self.format)), ("checkpoint", .string(checkpoint)),
      ("log", .object(place(log))), ("items", .array(items.map(value(of:)))),
      ("events", .array(events.map(value(of:)))),
    ]
    if !statements.isEmpty { members.append(("statements", .array(statements.map(value(of:))))) }
    if !times.isEmpty { members.append(("times", .array(times.map(value(of:))))) }
    return try SealedDocument.encode(.object(members))
  }

  private func place(_ leaf: Leaf) -> [(String, JSONValue)] {
    [
      ("index", number(leaf.index)), ("leaf", .string(leaf.text)), ("proof", hashes(leaf.proof)),
    ]
  }

  private func value(of leaf: Leaf) -> JSONValue {
    var members = place(leaf)
    if !leaf.commitments.isEmpty {
      members.append(("commitments", .array(leaf.commitments.map { .string($0.base64URL) })))
    }
    if !leaf.disclosures.isEmpty {
      members.append(("disclosures", .array(leaf.disclosures.map(JSONValue.string))))
    }
    return .object(members)
  }

  private func value(of item: Item) -> JSONValue {
    let path = item.path.map { step in
      JSONValue.array([.integer(Int64(step.bit)), .string(step.sibling.base64)])
    }
    var members: [(String, JSONValue)] = [
      ("item", .string(item.number)), ("count", .integer(item.count)), ("path", .array(path)),
    ]
    if let other = item.other {
      members.append(
        (
          "other",
          .object([
            ("key", .string(Base64.encode(other.key))), ("value", .string(Base64.encode(other.value))),
          ])
        ))
    }
    return .object(members)
  }

  private func value(of past: PastCheckpoint) -> JSONValue {
    .object([("checkpoint", .string(past.checkpoint)), ("consistency", hashes(past.consistency))])
  }

  private func hashes(_ digests: [Digest]) -> JSONValue { .array(digests.map { .string($0.base64) }) }

  private func number(_ index: UInt64) -> JSONValue { .integer(Int64(clamping: index)) }
}
