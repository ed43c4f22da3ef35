public import CustodyLog

extension ProofBundle {
  /// Reads and verifies a file.
  ///
  /// - Parameters:
  ///   - file: the whole file.
  ///   - policy: whom the reader trusts; nil when no key is known.
  public static func verify(_ file: [UInt8], policy: TrustPolicy?) -> BundleVerdict {
    do { return try parse(file).verify(policy: policy) } catch {
      return BundleVerdict(outcome: .refuted(error), summary: nil)
    }
  }

  /// Reads and verifies a file, trusting what one log's key signed.
  public static func verify(_ file: [UInt8], log: LogVerifierKey) -> BundleVerdict {
    verify(file, policy: TrustPolicy(log: log))
  }

  /// Checks everything that the bundle claims; the first thing that is false, or cannot be checked, decides.
  public func verify(policy: TrustPolicy?) -> BundleVerdict {
    var check = BundleCheck(bundle: self)
    let outcome: EvidenceOutcome
    do {
      try check.run(policy)
      outcome = .proven
    } catch {
      switch error {
      case .refuted(let problem): outcome = .refuted(problem)
      case .undecided(let what): outcome = .undecided(policy == nil ? .noKey : what)
      }
    }
    return BundleVerdict(outcome: outcome, summary: check.summary)
  }
}

/// Why a check stops.
private enum Stop: Error {
  case refuted(EvidenceProblem)
  case undecided(EvidenceOutcome.Undecided)

  init(_ reason: EvidenceReason, _ place: String, expected: String? = nil, found: String? = nil) {
    self = .refuted(EvidenceProblem(reason, place: place, expected: expected, found: found))
  }
}

/// The checks in their fixed order, so that every verifier names the same first reason.
private struct BundleCheck {
  let bundle: ProofBundle
  private(set) var summary: BundleSummary?

  private var head = LogHead(size: 0, root: MerkleHash.emptyRoot)
  private var moments: [BundleSummary.Moment] = []
  private var events: [LeafText] = []
  private var mapRoot = MerkleMap.emptyRoot

  init(bundle: ProofBundle) { self.bundle = bundle }

  /// Without a policy signatures and quorum are left out, everything else is checked, and at best it is undecided.
  mutating func run(_ policy: TrustPolicy?) throws(Stop) {
    let main = try Signed(bundle.checkpoint, "checkpoint")
    let verified = try main.verify(policy)
    head = main.checkpoint.head
    try checkTimes(policy, origin: main.checkpoint.origin)
    try checkInclusion()
    let statements = try readLeaves(main.checkpoint, verified, policy)
    var shown: [(revealed: [DisclosedField], hidden: Int?)] = []
    for (position, leaf) in bundle.events.enumerated() {
      shown.append(try revealed(leaf, events[position].content, "events/\(position)"))
    }
    var stated: [BundleSummary.Statement] = []
    for (position, leaf) in bundle.statements.enumerated() {
      let text = statements[position]
      var fields: (revealed: [DisclosedField], hidden: Int?) = ([], nil)
      if let text { fields = try revealed(leaf, text.content, "statements/\(position)") }
      stated.append(
        BundleSummary.Statement(
          index: leaf.index, text: leaf.text, leaf: text, revealed: fields.revealed, hidden: fields.hidden))
    }
    summary?.statements = stated
    try checkBelonging(statements)
    var positions: [[UInt8]: [Int]] = [:]
    for (position, event) in events.enumerated() {
      positions[Array((event.item ?? "").utf8), default: []].append(position)
    }
    for (position, item) in bundle.items.enumerated() {
      try check(item, positions[Array(item.number.utf8)] ?? [], "items/\(position)")
    }
    for (position, leaf) in bundle.events.enumerated() {
      let text = events[position]
      let notBefore = try knownHead(text, leaf.index, "events/\(position)")
      let containing = moments.filter { $0.head.size > leaf.index }
      guard let notAfter = containing.first(where: { $0.time != nil }) ?? containing.first else { continue }
      summary?.events.append(
        BundleSummary.Event(
          index: leaf.index, leaf: text, revealed: shown[position].revealed, hidden: shown[position].hidden,
          notBefore: notBefore, notAfter: notAfter))
    }
    guard let verified else { throw .undecided(.noKey) }
    guard verified.isQuorum else { throw Stop(.quorum, "checkpoint") }
  }

  // MARK: - Checkpoints

  private mutating func checkTimes(_ policy: TrustPolicy?, origin: String) throws(Stop) {
    var size: UInt64 = 0
    for (position, past) in bundle.times.enumerated() {
      let place = "times/\(position)"
      let signed = try Signed(past.checkpoint, place)
      let old = signed.checkpoint.head
      guard old.size > size, old.size < head.size else { throw Stop(.format, place) }
      guard signed.checkpoint.origin.utf8.elementsEqual(origin.utf8) else { throw Stop(.unknownLog, place) }
      let verified = try signed.verify(policy)
      guard MerkleProof.verifyConsistency(from: old, to: head, proof: past.consistency) else {
        throw Stop(.consistency, place)
      }
      size = old.size
      moments.append(BundleSummary.Moment(old, verified))
    }
  }

  // MARK: - Leaves

  private func checkInclusion() throws(Stop) {
    try checkInclusion(bundle.log, "log")
    for (position, leaf) in bundle.events.enumerated() { try checkInclusion(leaf, "events/\(position)") }
    for (position, leaf) in bundle.statements.enumerated() {
      try checkInclusion(leaf, "statements/\(position)")
    }
  }

  private func checkInclusion(_ leaf: ProofBundle.Leaf, _ place: String) throws(Stop) {
    guard
      MerkleProof.verifyInclusion(
        leafHash: leaf.hash, index: leaf.index, size: head.size, proof: leaf.proof, root: head.root)
    else { throw Stop(.inclusion, place) }
  }

  /// - Returns: what the statements say; nil for those that are not understood.
  private mutating func readLeaves(
    _ checkpoint: Checkpoint, _ verified: TrustPolicy.Verified?, _ policy: TrustPolicy?
  ) throws(Stop) -> [LeafText?] {
    let log = try needed(bundle.log, "log")
    for (position, leaf) in bundle.events.enumerated() {
      events.append(try needed(leaf, "events/\(position)"))
    }
    var statements: [LeafText?] = []
    for (position, leaf) in bundle.statements.enumerated() {
      do { statements.append(try LeafText(leaf.text)) } catch {
        guard case .format(let key) = error else {
          statements.append(nil)
          continue
        }
        throw Stop(.format, "statements/\(position)", found: key)
      }
    }
    guard log.kind == .mapRecorded, let entries = log.more?["entries"]?.integerValue,
      let root = log.more?["map"]?.stringValue.flatMap(Digest.init(base64URL:))
    else { throw Stop(.map, "log") }
    mapRoot = root
    let moment = BundleSummary.Moment(head, verified)
    moments.append(moment)
    summary = BundleSummary(
      origin: checkpoint.origin, log: verified?.log, checkpoint: moment,
      asksForWitnesses: policy?.asksForWitnesses ?? false, mapIndex: bundle.log.index,
      mapRecordedAt: log.recordedAt, mapEntries: entries,
      items: bundle.items.map { BundleSummary.Item(number: $0.number, count: $0.count) }, events: [],
      statements: [], times: moments.dropLast())
    return statements
  }

  private func needed(_ leaf: ProofBundle.Leaf, _ place: String) throws(Stop) -> LeafText {
    let text: LeafText
    do { text = try LeafText(leaf.text) } catch {
      switch error {
      case .format(let key): throw Stop(.format, place, found: key)
      case .version(let version): throw .undecided(.leafVersion(place: place, version: version))
      }
    }
    guard text.kind != nil else { throw .undecided(.leafKind(place: place, kind: text.kindWord)) }
    return text
  }

  private func revealed(
    _ leaf: ProofBundle.Leaf, _ content: Digest?, _ place: String
  ) throws(Stop) -> (revealed: [DisclosedField], hidden: Int?) {
    if leaf.commitments.isEmpty { return ([], nil) }
    guard ContentRoot.combine(leaf.commitments) == content else { throw Stop(.commitment, place) }
    var rest = leaf.commitments
    var fields: [DisclosedField] = []
    for (position, text) in leaf.disclosures.enumerated() {
      guard let field = try? DisclosedField.parse(text),
        let taken = rest.firstIndex(of: Disclosure.commitment(ofEncoded: text))
      else { throw Stop(.disclosure, "\(place)/disclosures/\(position)") }
      rest.remove(at: taken)
      fields.append(field)
    }
    return (fields, rest.count)
  }

  // MARK: - Items

  private func checkBelonging(_ statements: [LeafText?]) throws(Stop) {
    let listed = Set(bundle.items.map { Array($0.number.utf8) })
    for (position, event) in events.enumerated() {
      guard let item = event.item, listed.contains(Array(item.utf8)) else {
        throw Stop(.count, "events/\(position)", found: event.item)
      }
      guard bundle.events[position].index < bundle.log.index else {
        throw Stop(.sequence, "events/\(position)")
      }
    }
    for (position, statement) in statements.enumerated() {
      if let item = statement?.item { throw Stop(.count, "statements/\(position)", found: item) }
    }
  }

  /// - Parameter own: positions of the item's events, ascending.
  private func check(_ item: ProofBundle.Item, _ own: [Int], _ place: String) throws(Stop) {
    guard Int64(own.count) == item.count else {
      throw Stop(.count, place, expected: "\(item.count)", found: "\(own.count)")
    }
    for (sequence, position) in own.enumerated() where events[position].sequence != Int64(sequence) {
      throw Stop(
        .sequence, "events/\(position)", expected: "\(sequence)", found: "\(events[position].sequence)")
    }
    var newest: Digest?
    for position in own {
      guard events[position].previous == newest else { throw Stop(.previous, "events/\(position)") }
      newest = bundle.events[position].hash
    }
    let key = ItemMap.key(item: item.number).bytes
    let holds =
      if let newest {
        MerkleMap.verifyInclusion(
          key: key, value: ItemMap.value(count: item.count, head: newest), path: item.path, root: mapRoot)
      } else {
        MerkleMap.verifyAbsence(of: key, other: item.other, path: item.path, root: mapRoot)
      }
    guard holds else { throw Stop(.map, place) }
  }

  /// The head that an event names, compared with the bundle's checkpoints of that size.
  private func knownHead(
    _ leaf: LeafText, _ index: UInt64, _ place: String
  ) throws(Stop) -> BundleSummary.KnownHead? {
    let seen: LogHead?
    do { seen = try leaf.seen() } catch { throw Stop(.format, place, found: "more/seen") }
    guard let seen else { return nil }
    // An event can know of nothing that came after it.
    guard seen.size <= index else { throw Stop(.consistency, place) }
    let signed = moments.first { $0.head.size == seen.size }
    guard signed == nil || signed?.head.root == seen.root else { throw Stop(.consistency, place) }
    return BundleSummary.KnownHead(head: seen, isSigned: signed != nil)
  }
}

/// A checkpoint whose form has been read and whose signatures have not been checked yet.
private struct Signed {
  let checkpoint: Checkpoint
  private let note: SignedNote
  private let place: String

  init(_ text: String, _ place: String) throws(Stop) {
    self.place = place
    do { note = try SignedNote.parse(text) } catch {
      throw .refuted(EvidenceProblem(.format, place: place, detail: error.description))
    }
    do { checkpoint = try Checkpoint.parse(note.text) } catch {
      throw .refuted(EvidenceProblem(.format, place: place, detail: error.description))
    }
  }

  /// - Returns: nil without a policy.
  func verify(_ policy: TrustPolicy?) throws(Stop) -> TrustPolicy.Verified? {
    do { return try policy?.verify(note) } catch { throw .refuted(EvidenceProblem(error, place: place)) }
  }
}

extension BundleSummary.Moment {
  fileprivate init(_ head: LogHead, _ verified: TrustPolicy.Verified?) {
    self.init(head: head, cosignatures: verified?.cosignatures ?? [], time: verified?.time)
  }
}
