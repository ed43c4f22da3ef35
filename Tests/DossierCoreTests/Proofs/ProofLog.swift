import CustodyLog
import DossierCore

/// A log small enough to keep whole, from which bundles are made as a store would make them.
struct ProofLog {
  struct NotThere: Error {}

  static let origin = "custody.example/H48.25/2026"
  let key: LogSigningKey
  let inspectorate: WitnessSigningKey
  let archive: WitnessSigningKey

  private(set) var leaves: [String] = []
  private(set) var contents: [Int: [(text: String, commitment: Digest)]] = [:]
  private(set) var heads: [String: (count: Int64, hash: Digest)] = [:]
  private(set) var mapIndex: Int?
  private var mapped: [String: (count: Int64, hash: Digest)] = [:]

  init(origin: String = Self.origin, seed: UInt8 = 1) throws {
    key = try LogSigningKey(name: origin, seed: Array(repeating: seed, count: 32))
    inspectorate = try WitnessSigningKey(name: "inspectorate.example", seed: Array(repeating: 2, count: 32))
    archive = try WitnessSigningKey(name: "archive.example", seed: Array(repeating: 3, count: 32))
  }

  var policyText: String {
    """
    # Who is believed: the center's log, and at least one of two bodies that watch it.
    log \(key.verifier.encoded)
    witness inspectorate \(inspectorate.verifier.encoded)
    witness archive \(archive.verifier.encoded)
    group watchers any inspectorate archive
    quorum watchers

    """
  }

  func policy() throws -> TrustPolicy { try TrustPolicy.parse(policyText) }

  // MARK: Events

  /// Appends an event of an item, or of no item, and returns its index.
  @discardableResult
  mutating func append(
    _ kind: EventKind, item: String?, office: String = "590230", to: String? = nil, manifest: String? = nil,
    fields: [(name: String, json: String)] = [], details: EventDetails = EventDetails()
  ) throws -> Int {
    let index = leaves.count
    let before = item.flatMap { heads[$0] }
    var record = EventRecord(
      index: Int64(index), identifier: "E\(index)", kind: kind, grade: .observed, item: item,
      sequence: before?.count ?? 0, previous: before?.hash, at: 1_768_200_000_000 + Int64(index) * 60_000,
      zone: 420, recordedAt: 1_768_200_000_000 + Int64(index) * 60_500, office: office, operatorCode: "GDV01",
      to: to, manifest: manifest, details: details)
    var disclosures: [(text: String, commitment: Digest)] = []
    for (position, field) in fields.enumerated() {
      // Fixed salts: these are examples. Real ones are random.
      let salt = MerkleHash.sha256(Array("salt \(index) \(position)".utf8)).bytes
      let json = #"["\#(Base64.encodeURL(salt))","\#(field.name)",\#(field.json)]"#
      let text = Base64.encodeURL(Array(json.utf8))
      disclosures.append((text, Disclosure.commitment(ofEncoded: text)))
    }
    record.content = ContentRoot.combine(disclosures.map(\.commitment))
    if !disclosures.isEmpty { contents[index] = disclosures }
    append(leaf: String(decoding: try record.leaf(), as: UTF8.self))
    if let item { heads[item] = ((before?.count ?? 0) + 1, MerkleHash.leaf(Array(leaves[index].utf8))) }
    return index
  }

  /// Appends any text as a leaf, as a dishonest keeper might.
  mutating func append(leaf: String) { leaves.append(leaf) }

  /// Records the map of everything so far.
  @discardableResult
  mutating func recordMap(claiming root: Digest? = nil) throws -> Int {
    mapped = heads
    var details = EventDetails()
    details.map = root ?? MerkleMap.root(of: mapLeaves()) ?? MerkleMap.emptyRoot
    details.entries = heads.count
    let index = try append(.mapRecorded, item: nil, details: details)
    mapIndex = index
    return index
  }

  // MARK: Proofs

  private func mapLeaves() -> [MerkleMap.Leaf] {
    mapped.map { ItemMap.leaf(item: $0.key, count: $0.value.count, head: $0.value.hash) }
      .sorted { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }
  }

  private func subtree(_ level: Int, _ index: UInt64) -> Digest {
    if level == 0 { return MerkleHash.leaf(Array(leaves[Int(index)].utf8)) }
    return MerkleHash.node(subtree(level - 1, index * 2), subtree(level - 1, index * 2 + 1))
  }

  func head(_ size: Int? = nil) -> LogHead {
    let size = UInt64(size ?? leaves.count)
    return LogHead(size: size, root: MerkleProof.root(size: size, subtree: subtree))
  }

  func consistency(from old: Int) -> [Digest] {
    MerkleProof.consistency(from: UInt64(old), to: UInt64(leaves.count), subtree: subtree)
  }

  /// A signed checkpoint, cosigned by the witnesses given.
  func checkpoint(_ size: Int? = nil, cosigned: [(WitnessSigningKey, UInt64)] = []) throws -> SignedNote {
    let checkpoint = try Checkpoint(origin: key.name, head: head(size))
    let note = try checkpoint.sign(with: key)
    return note.adding(try cosigned.map { try $0.0.cosign(checkpoint, time: $0.1) })
  }

  func leaf(_ index: Int, commitments: Bool = false, reveal: [Int] = []) -> ProofBundle.Leaf {
    let own = contents[index] ?? []
    return ProofBundle.Leaf(
      index: UInt64(index), text: leaves[index],
      proof: MerkleProof.inclusion(index: UInt64(index), size: UInt64(leaves.count), subtree: subtree),
      commitments: commitments ? own.map(\.commitment) : [], disclosures: reveal.map { own[$0].text })
  }

  /// The bundle of some items, as of the newest map; fields of events revealed by index.
  func bundle(
    _ items: [String], reveal: [Int: [Int]] = [:], statements: [Int] = [],
    cosigned: [(WitnessSigningKey, UInt64)]? = nil, times: [(Int, [(WitnessSigningKey, UInt64)])] = []
  ) throws -> ProofBundle {
    guard let mapIndex else { throw NotThere() }
    let mapLeaves = mapLeaves()
    var listed: [ProofBundle.Item] = []
    for number in items.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      let key = ItemMap.key(item: number)
      let found = MerkleMap.search(for: key, in: mapLeaves)
      let count = mapped[number]?.count ?? 0
      var item = ProofBundle.Item(number: number, count: count, path: found?.path ?? [])
      if count == 0, let other = found?.leaf.key {
        let entry = mapped.first { ItemMap.key(item: $0.key) == other }
        item.other = entry.map {
          MerkleMap.Entry(
            key: other.bytes, value: ItemMap.value(count: $0.value.count, head: $0.value.hash))
        }
      }
      listed.append(item)
    }
    let own = leaves.indices.filter { index in
      index < mapIndex && items.contains { leaves[index].contains(#""item":"\#($0)""#) }
    }
    return ProofBundle(
      checkpoint: try checkpoint(cosigned: cosigned ?? [(inspectorate, 1_768_300_000)]).encoded,
      log: leaf(mapIndex), items: listed,
      events: own.map { leaf($0, commitments: reveal[$0] != nil, reveal: reveal[$0] ?? []) },
      statements: statements.map { leaf($0) },
      times: try times.map { size, cosigned in
        ProofBundle.PastCheckpoint(
          checkpoint: try checkpoint(size, cosigned: cosigned).encoded, consistency: consistency(from: size))
      })
  }

  // MARK: The log of the examples

  /// Three items on their way, one of them damaged; names are committed to; the map is recorded near the end.
  static func example() throws -> ProofLog {
    var log = try ProofLog()
    try log.append(.officesRecorded, item: nil)
    let people = [
      (name: "contents", json: #"{"dossiers":[{"field":"LĐ"}]}"#),
      (name: "sender", json: #"{"name":"Nguyễn Thị Ánh","phone":"0900000001"}"#),
      (name: "dossier.1.code", json: #""H48.25-260112-0001""#),
    ]
    for item in ["EE123456785VN", "RM473195374VN"] {
      try log.append(.accepted, item: item)
      try log.append(.dispatched, item: item, to: "H48.25", manifest: "BK-590230-260112-001", fields: people)
    }
    try log.append(.manifestRecorded, item: nil, manifest: "BK-590230-260112-001")
    try log.append(.accepted, item: "LOCAL/7")
    var details = EventDetails()
    details.seen = log.head(6)
    try log.append(.received, item: "EE123456785VN", office: "H48.25", details: details)
    details = EventDetails()
    details.damage = .wrapper
    try log.append(.damaged, item: "EE123456785VN", office: "H48.25", details: details)
    try log.append(.received, item: "RM473195374VN", office: "H48.25")
    try log.recordMap()
    try log.append(.delivered, item: "RM473195374VN", office: "H48.25")
    return log
  }
}
