import CustodyLog
import DossierCore
import Testing

@Suite struct ProofBundleTests {
  let log: ProofLog
  let policy: TrustPolicy

  init() throws {
    log = try ProofLog.example()
    policy = try log.policy()
  }

  private func full() throws -> ProofBundle {
    try log.bundle(
      ["EE123456785VN", "RM473195374VN"], reveal: [2: [1], 4: []], statements: [5],
      times: [(6, [(log.archive, 1_768_210_000)]), (8, [])])
  }

  /// The reason and place of the first thing that is wrong.
  private func problem(_ bundle: ProofBundle) throws -> String {
    let verdict = ProofBundle.verify(try bundle.encode(), policy: policy)
    guard case .refuted(let problem) = verdict.outcome else { return verdict.outcome.word }
    return "\(problem.reason.rawValue) \(problem.place)"
  }

  @Test func everythingHolds() throws {
    let bundle = try full()
    let file = try bundle.encode()
    #expect(try ProofBundle.parse(file) == bundle)
    let verdict = ProofBundle.verify(file, policy: policy)
    #expect(verdict.outcome == .proven)
    let summary = try #require(verdict.summary)
    #expect(summary.origin == ProofLog.origin)
    #expect(summary.checkpoint.head == log.head())
    #expect(summary.checkpoint.cosignatures.map(\.witness) == ["inspectorate"])
    #expect(summary.checkpoint.time == 1_768_300_000)
    #expect(summary.asksForWitnesses)
    #expect(summary.mapIndex == 10 && summary.mapEntries == 3)
    #expect(summary.items.map(\.count) == [4, 3])
    #expect(summary.events.map(\.index) == [1, 2, 3, 4, 7, 8, 9])
    #expect(
      summary.events.map(\.leaf.kind) == [
        .accepted, .dispatched, .accepted, .dispatched, .received, .damaged, .received,
      ])
    #expect(summary.events[1].revealed.map(\.field) == ["sender"])
    #expect(summary.events[1].hidden == 2)
    #expect(summary.events[3].revealed.isEmpty && summary.events[3].hidden == 3)
    #expect(summary.events[0].hidden == nil)
    // The checkpoint of size 8 has no cosignature, so no time.
    #expect(summary.times.map(\.time) == [1_768_210_000, nil])
    #expect(summary.events.map(\.notAfter.head.size) == [6, 6, 6, 6, 12, 12, 12])
    #expect(summary.events[0].notAfter.time == 1_768_210_000)
    #expect(summary.events[4].notAfter.time == 1_768_300_000)
    #expect(summary.events[4].notBefore?.head == log.head(6))
    #expect(summary.events[4].notBefore?.isSigned == true)
    #expect(summary.statements.map(\.leaf?.kind) == [.manifestRecorded])
    #expect(summary.times.map(\.head.size) == [6, 8])
  }

  @Test func aKeyAloneAsksForNoWitness() throws {
    let bundle = try log.bundle(["EE123456785VN"], cosigned: [])
    let file = try bundle.encode()
    let verdict = ProofBundle.verify(file, log: log.key.verifier)
    #expect(verdict.outcome == .proven)
    #expect(verdict.summary?.asksForWitnesses == false)
    #expect(verdict.summary?.checkpoint.time == nil)
    #expect(try problem(bundle) == "quorum checkpoint")
    #expect(verdict.summary?.events.first?.notAfter.head.size == 12)
    // Without any key the rest is checked all the same.
    let keyless = ProofBundle.verify(file, policy: nil)
    #expect(keyless.outcome == .undecided(.noKey) && keyless.outcome.reasonWord == "no-key")
    #expect(keyless.summary?.log == nil && keyless.summary?.events.count == 4)
    var fewer = bundle
    fewer.events.removeLast()
    #expect(ProofBundle.verify(try fewer.encode(), policy: nil).outcome.reasonWord == "count")
  }

  // MARK: Files

  /// Not one bit of a file can be changed, wherever it stands.
  @Test func everyFlippedBitIsNoticed() throws {
    let file = try log.bundle(["LOCAL/7"]).encode()
    #expect(ProofBundle.verify(file, policy: policy).outcome == .proven)
    var words: Set<String> = []
    for position in file.indices {
      for bit in 0..<8 {
        var changed = file
        changed[position] ^= 1 << UInt8(bit)
        guard case .refuted(let problem) = ProofBundle.verify(changed, policy: policy).outcome else {
          Issue.record("byte \(position), bit \(bit) passed")
          continue
        }
        words.insert(problem.reason.rawValue)
      }
    }
    #expect(words == ["digest", "format"])
  }

  /// The same flips with the digest made right again: now the proofs themselves have to notice. What is signed by a
  /// witness that the policy does not ask about may change nothing.
  @Test func everyFlippedBitIsNoticedWithoutTheDigest() throws {
    let file = try log.bundle(["LOCAL/7"]).encode()
    let line = Array(file.dropLast(66))
    let witnessLine = Array("inspectorate.example".utf8)
    let start = try #require(
      line.indices.first { line[$0...].starts(with: witnessLine) })
    // Its name and its four bytes of key id: a line of a key that nobody knows counts as absent.
    for position in line.indices {
      // One bit of each byte, another one from byte to byte: every bit takes minutes.
      var changed = line
      changed[position] ^= 1 << UInt8(position % 8)
      let digest = MerkleHash.sha256(changed)
      let verdict = ProofBundle.verify(changed + [0x0A] + Array(digest.hex.utf8) + [0x0A], policy: policy)
      guard case .refuted(let problem) = verdict.outcome else {
        Issue.record("byte \(position): \(verdict.outcome.word)")
        continue
      }
      if problem.reason == .quorum { #expect((start..<(start + 32)).contains(position)) }
    }
  }

  @Test func anotherLayoutIsRefused() throws {
    let file = try log.bundle(["LOCAL/7"]).encode()
    let spaced = Array("{ ".utf8) + file.dropFirst().dropLast(66)
    for other in [
      [], [0x0A], Array(file.dropLast()), file + [0x0A], [0x0A] + file, file + file,
      Array(file.dropLast(66)),
      Array(file.dropLast(65)) + Array(repeating: UInt8(ascii: "A"), count: 64) + [10],
      spaced + [0x0A] + Array(MerkleHash.sha256(spaced).hex.utf8) + [0x0A],
    ] {
      guard case .refuted(let problem) = ProofBundle.verify(other, policy: policy).outcome else {
        Issue.record("\(other.count) bytes passed")
        continue
      }
      #expect(problem.reason == .format)
    }
  }

  @Test(arguments: [
    #"{"format":"postal-dossier-custody-proof/v1"}"#, "{}", "[]",
  ])
  func otherObjectsAreRefused(text: String) throws {
    let line = Array(text.utf8)
    let file = line + [0x0A] + Array(MerkleHash.sha256(line).hex.utf8) + [0x0A]
    #expect(throws: EvidenceProblem.self) { try ProofBundle.parse(file) }
  }

  @Test func unknownAndMissingMembersAreRefusedAtEveryLevel() throws {
    let value = try SealedDocument.parse(try full().encode())
    var variants = 0
    try Self.variants(of: value) { changed in
      variants += 1
      let file = try SealedDocument.encode(changed)
      guard case .refuted = ProofBundle.verify(file, policy: policy).outcome else {
        Issue.record("variant \(variants) passed")
        return
      }
    }
    #expect(variants > 50)
  }

  /// Each object with one member more, and with each member that must be there left out.
  private static func variants(of value: JSONValue, _ use: (JSONValue) throws -> Void) rethrows {
    switch value {
    case .object(let members):
      try use(.object(members + [("zz", .integer(1))]))
      for position in members.indices {
        let (key, member) = members[position]
        if !["commitments", "disclosures", "statements", "times"].contains(key) {
          var fewer = members
          fewer.remove(at: position)
          try use(.object(fewer))
        }
        try variants(of: member) { changed in
          var other = members
          other[position] = (key, changed)
          try use(.object(other))
        }
      }
    case .array(let elements):
      for position in elements.indices {
        try variants(of: elements[position]) { changed in
          var other = elements
          other[position] = changed
          try use(.array(other))
        }
      }
    default: break
    }
  }

  // MARK: Omission and rearrangement

  @Test func noEventCanBeLeftOut() throws {
    let bundle = try full()
    for position in bundle.events.indices {
      var fewer = bundle
      fewer.events.remove(at: position)
      #expect(try problem(fewer).hasPrefix("count items/"))
      // The count lowered to fit: then the numbering, the chain or the map tells.
      let item = position == 0 || position == 1 || position == 4 || position == 5 ? 0 : 1
      fewer.items[item].count -= 1
      let words = try problem(fewer)
      let isLast = position == 5 || position == 6
      #expect(words.hasPrefix(isLast ? "map items/\(item)" : "sequence events/"), "\(words)")
    }
  }

  @Test func eventsAreInOrderAndBelongToTheItems() throws {
    var bundle = try full()
    bundle.events.swapAt(0, 1)
    #expect(try problem(bundle) == "format events")
    bundle = try full()
    bundle.events.append(bundle.events[6])
    #expect(try problem(bundle) == "format events")
    bundle = try full()
    bundle.events[6].index = 8
    bundle.events[5].index = 7
    bundle.events.remove(at: 4)
    #expect(try problem(bundle) == "inclusion events/4")
    bundle = try full()
    bundle.events.insert(log.leaf(6), at: 4)
    #expect(try problem(bundle) == "count events/4")
    bundle = try full()
    bundle.events.append(log.leaf(11))
    #expect(try problem(bundle) == "sequence events/7")
    bundle = try full()
    bundle.statements = [log.leaf(6)]
    #expect(try problem(bundle) == "count statements/0")
    bundle = try full()
    bundle.items.remove(at: 1)
    #expect(try problem(bundle) == "count events/2")
    bundle = try full()
    bundle.items.reverse()
    #expect(try problem(bundle) == "format items")
    bundle = try full()
    bundle.items.removeAll()
    bundle.events.removeAll()
    #expect(try problem(bundle) == "format items")
  }

  @Test func anItemWithEventsCannotBeCalledUnknown() throws {
    let honest = try log.bundle(["EE123456785VN", "NO-SUCH/1"])
    #expect(ProofBundle.verify(try honest.encode(), policy: policy).outcome == .proven)
    #expect(honest.items[1].count == 0 && honest.items[1].other != nil)

    var lie = try log.bundle(["EE123456785VN"])
    let own = lie.items[0]
    let value = ItemMap.value(count: own.count, head: lie.events[3].hash)
    lie.events = []
    lie.items[0].count = 0
    #expect(try problem(lie) == "map items/0")
    lie.items[0].other = MerkleMap.Entry(key: ItemMap.key(item: own.number).bytes, value: value)
    #expect(try problem(lie) == "map items/0")
    // Another item's entry with its own good path: the search for this item does not end there.
    let others = try log.bundle(["LOCAL/7", "RM473195374VN"])
    for other in others.items {
      let newest = try #require(
        others.events.last { $0.text.contains(#""item":"\#(other.number)""#) })
      lie.items[0].path = other.path
      lie.items[0].other = MerkleMap.Entry(
        key: ItemMap.key(item: other.number).bytes,
        value: ItemMap.value(count: other.count, head: newest.hash))
      #expect(try problem(lie) == "map items/0")
    }
  }

  @Test func anEmptyMapKnowsNothing() throws {
    var empty = try ProofLog()
    try empty.append(.officesRecorded, item: nil)
    try empty.recordMap()
    let bundle = try empty.bundle(["EE123456785VN"])
    #expect(bundle.items[0].path.isEmpty && bundle.items[0].other == nil)
    #expect(ProofBundle.verify(try bundle.encode(), policy: policy).outcome == .proven)
    var elsewhere = try log.bundle(["NO-SUCH/1"])
    elsewhere.items[0].other = nil
    elsewhere.items[0].path = []
    #expect(try problem(elsewhere) == "map items/0")
  }

  /// A keeper who leaves events out of the map itself is held to what the map says: it cannot be both.
  @Test func theMapIsTheOneThatWasLogged() throws {
    var bundle = try full()
    bundle.log = log.leaf(0)
    #expect(try problem(bundle) == "map log")
    bundle = try full()
    bundle.log.index = 9
    #expect(try problem(bundle) == "inclusion log")
    bundle = try full()
    bundle.items[0].path[0] = MerkleMap.Step(bit: bundle.items[0].path[0].bit, sibling: MerkleHash.emptyRoot)
    #expect(try problem(bundle) == "map items/0")
    bundle = try full()
    bundle.items[0].path.removeLast()
    #expect(try problem(bundle) == "map items/0")
    var dishonest = try ProofLog()
    try dishonest.append(.accepted, item: "LOCAL/7")
    try dishonest.recordMap(claiming: MerkleMap.emptyRoot)
    #expect(try problem(dishonest.bundle(["LOCAL/7"])) == "map items/0")
  }

  @Test func theChainHolds() throws {
    var broken = try ProofLog()
    try broken.append(.accepted, item: "LOCAL/7")
    let first = broken.leaves[0]
    broken.append(
      leaf: first.replacing(#""seq":0"#, with: #""seq":1"#)
        .replacing(#""rt":"#, with: #""prev":"\#(MerkleHash.emptyRoot.base64URL)","rt":"#))
    let second = MerkleHash.leaf(Array(broken.leaves[1].utf8))
    try broken.recordMap(
      claiming: MerkleMap.root(of: [ItemMap.leaf(item: "LOCAL/7", count: 2, head: second)]))
    var bundle = try broken.bundle(["LOCAL/7"])
    bundle.items[0].count = 2
    #expect(try problem(bundle) == "previous events/1")
  }

  /// Any log and any choice of numbers, known and unknown, is proven; with any one event left out, altered or taken
  /// from elsewhere it is not.
  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func randomLogs(seed: UInt64) throws {
    var random = IdentifierRandom(seed: seed)
    let numbers = (0..<9).map { "LOCAL/\($0)" }
    for _ in 0..<6 {
      var log = try ProofLog()
      for _ in 0..<Int.random(in: 0...40, using: &random) {
        let item = Bool.random(using: &random) ? numbers.dropLast(2).randomElement(using: &random) : nil
        let fields =
          item == nil ? [] : [(name: "sender", json: #"{"name":"Ánh"}"#), (name: "note", json: "\"\"")]
        try log.append(item == nil ? .officesRecorded : .held, item: item, fields: fields)
      }
      try log.recordMap()
      for _ in 0..<Int.random(in: 0...5, using: &random) {
        try log.append(.held, item: numbers.randomElement(using: &random))
      }
      let chosen = numbers.filter { _ in Bool.random(using: &random) } + [numbers[8]]
      let sizes = Set((0..<2).map { _ in Int.random(in: 1...log.leaves.count, using: &random) })
        .filter { $0 < log.leaves.count }.sorted()
      let reveal = log.contents.keys.filter { _ in Bool.random(using: &random) }
      let bundle = try log.bundle(
        Array(Set(chosen)), reveal: Dictionary(uniqueKeysWithValues: reveal.map { ($0, [1]) }),
        times: sizes.map { ($0, []) })
      #expect(try problem(bundle) == "proven", "seed \(seed)")
      for position in bundle.events.indices {
        var changed = bundle
        changed.events.remove(at: position)
        #expect(try problem(changed).hasPrefix("count "), "seed \(seed)")
        let item = changed.items.firstIndex {
          bundle.events[position].text.contains(#""item":"\#($0.number)""#)
        }
        changed.items[try #require(item)].count -= 1
        #expect(try problem(changed) != "proven", "seed \(seed)")
        changed = bundle
        changed.events[position].index += 1
        #expect(try problem(changed) != "proven", "seed \(seed)")
        changed = bundle
        changed.events[position].text = changed.events[position].text.replacing("GDV01", with: "GDV02")
        #expect(try problem(changed) == "inclusion events/\(position)", "seed \(seed)")
      }
      for position in bundle.items.indices {
        var changed = bundle
        changed.items[position].count += 1
        #expect(try problem(changed) != "proven", "seed \(seed)")
        // One proof of absence may serve several unknown numbers, truly.
        if bundle.items[position].count == 0 { continue }
        changed = bundle
        changed.items[position].number += "0"
        #expect(try problem(changed) != "proven", "seed \(seed)")
      }
    }
  }

  // MARK: Foreign and forged

  @Test func otherSignersAreNotBelieved() throws {
    let bundle = try full()
    let stranger = try ProofLog(seed: 9)
    var changed = bundle
    changed.checkpoint = try Checkpoint(origin: ProofLog.origin, head: log.head()).sign(with: stranger.key)
      .encoded
    #expect(try problem(changed) == "unknown-log checkpoint")
    // The right key under the wrong name, and another log's honest bundle.
    var elsewhere = try ProofLog(origin: "elsewhere.example/2026")
    try elsewhere.append(.accepted, item: "LOCAL/7")
    try elsewhere.recordMap()
    #expect(try problem(elsewhere.bundle(["LOCAL/7"])) == "unknown-log checkpoint")
    // A signature that belongs to another checkpoint.
    let lines = try log.checkpoint(6).encoded.split(separator: "\n", omittingEmptySubsequences: false)
    changed.checkpoint = try log.checkpoint().text + lines.dropFirst(3).joined(separator: "\n")
    #expect(try problem(changed) == "signature checkpoint")
    // A known witness whose signature is bad refutes even though the quorum could do without it.
    let good = try log.checkpoint(cosigned: [(log.inspectorate, 5)])
    let bad = try log.checkpoint(6, cosigned: [(log.archive, 5)])
    changed.checkpoint = good.adding([bad.signatures[1]]).encoded
    #expect(try problem(changed) == "signature checkpoint")
    // An unknown witness is ignored.
    let unknown = try WitnessSigningKey(name: "nobody.example", seed: Array(repeating: 8, count: 32))
    changed.checkpoint = try log.checkpoint(cosigned: [(log.inspectorate, 5), (unknown, 4)]).encoded
    #expect(try problem(changed) == "proven")
    changed.checkpoint = try log.checkpoint(cosigned: [(unknown, 4)]).encoded
    #expect(try problem(changed) == "quorum checkpoint")
    changed.checkpoint = "no note"
    #expect(try problem(changed) == "format checkpoint")
  }

  @Test func earlierCheckpointsFitTheLog() throws {
    var bundle = try full()
    bundle.times[0].consistency[0] = MerkleHash.emptyRoot
    #expect(try problem(bundle) == "consistency times/0")
    bundle = try full()
    bundle.times.swapAt(0, 1)
    #expect(try problem(bundle) == "format times/1")
    bundle = try full()
    let fork = try Checkpoint(origin: ProofLog.origin, size: 6, root: MerkleHash.emptyRoot)
    bundle.times[0].checkpoint = try fork.sign(with: log.key).encoded
    #expect(try problem(bundle) == "consistency times/0")
    bundle = try full()
    bundle.times[1] = ProofBundle.PastCheckpoint(checkpoint: bundle.checkpoint, consistency: [])
    #expect(try problem(bundle) == "format times/1")
  }

  @Test func aKnownHeadMustBeTheLogs() throws {
    for (head, verdict) in [
      (LogHead(size: 1, root: MerkleHash.emptyRoot), "consistency events/0"),
      (LogHead(size: 3, root: MerkleHash.emptyRoot), "consistency events/0"),
      (LogHead(size: 2, root: MerkleHash.emptyRoot), "proven"),
    ] {
      var other = try ProofLog()
      try other.append(.officesRecorded, item: nil)
      try other.append(.officesRecorded, item: nil)
      var details = EventDetails()
      details.seen = head
      try other.append(.accepted, item: "LOCAL/7", details: details)
      try other.recordMap()
      #expect(try problem(other.bundle(["LOCAL/7"], times: [(1, [])])) == verdict)
    }
  }

  @Test func revealedFieldsAreTheRecordedOnes() throws {
    var bundle = try full()
    bundle.events[1].commitments.swapAt(0, 1)
    #expect(try problem(bundle) == "commitment events/1")
    bundle = try full()
    bundle.events[0].commitments = bundle.events[1].commitments
    #expect(try problem(bundle) == "commitment events/0")
    bundle = try full()
    bundle.events[1].disclosures.append(bundle.events[1].disclosures[0])
    #expect(try problem(bundle) == "disclosure events/1/disclosures/1")
    bundle = try full()
    bundle.events[3].disclosures = bundle.events[1].disclosures
    #expect(try problem(bundle) == "disclosure events/3/disclosures/0")
    bundle = try full()
    bundle.events[1].disclosures[0] += "A"
    #expect(try problem(bundle) == "disclosure events/1/disclosures/0")
    bundle = try full()
    bundle.events[1].commitments = []
    #expect(try problem(bundle) == "format events/1/disclosures")
  }

  /// What is not understood is neither proven nor false.
  @Test(arguments: [(#""v":1"#, #""v":2"#), (#""kind":"accepted""#, #""kind":"teleported""#)])
  func leavesOfLaterVersionsAreUndecided(text: String, other: String) throws {
    var later = try ProofLog()
    try later.append(.accepted, item: "LOCAL/7")
    let leaf = later.leaves[0].replacing(text, with: other)
    var changed = try ProofLog()
    changed.append(leaf: leaf)
    try changed.recordMap()
    let verdict = ProofBundle.verify(try changed.bundle(["LOCAL/7"]).encode(), policy: policy)
    #expect(verdict.outcome.word == "undecided" && verdict.outcome.exitCode == 2)
    #expect(verdict.outcome.reasonWord == "unknown-leaf")
    // As a statement it is shown as not understood.
    var stated = try ProofLog.example()
    stated.append(leaf: leaf.replacing(#""item":"LOCAL/7","#, with: ""))
    let bundle = try stated.bundle(["LOCAL/7"], statements: [12])
    let shown = ProofBundle.verify(try bundle.encode(), policy: policy)
    #expect(shown.outcome == .proven)
    #expect(shown.summary?.statements.first?.leaf?.kind == nil)
  }

  @Test(arguments: [
    (#""at""#, #""AT""#), (#""seq":0"#, #""seq":"0""#), (#""id":"E0","#, ""), (#"{"at""#, #"{ "at""#),
    (#""by":"GDV01","#, #""by":"GDV01","c":"AA","#), (#""by":"GDV01""#, #""by":7"#),
    (#""by":"GDV01""#, #""bz":"GDV01""#), (#""office":"590230""#, #""more":7,"office":"590230""#),
  ])
  func otherLeafTextsAreRefused(text: String, other: String) throws {
    var honest = try ProofLog()
    try honest.append(.accepted, item: "LOCAL/7")
    let leaf = honest.leaves[0]
    #expect(leaf.contains(text))
    var changed = try ProofLog()
    changed.append(leaf: leaf.replacing(text, with: other))
    try changed.recordMap()
    #expect(try problem(changed.bundle(["LOCAL/7"])) == "format events/0")
  }
}
