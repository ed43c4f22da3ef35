import CustodyLog
import Testing

@Suite struct TrustPolicyTests {
  let log: LogSigningKey
  let witnesses: [WitnessSigningKey]
  let checkpoint: Checkpoint

  init() throws {
    log = try LogSigningKey(name: "log.example", seed: Array(repeating: 1, count: 32))
    witnesses = try (0..<5).map {
      try WitnessSigningKey(name: "w\($0).example", seed: Array(repeating: 10 + UInt8($0), count: 32))
    }
    checkpoint = try Checkpoint(origin: "log.example", size: 4, root: MerkleHash.emptyRoot)
  }

  private var head: String {
    "log \(log.verifier.encoded)\n"
      + witnesses.enumerated().map { "witness W\($0) \($1.verifier.encoded)\n" }.joined()
  }

  /// The checkpoint, cosigned by the witnesses whose bit is set.
  private func note(_ mask: Int) throws -> SignedNote {
    let cosigners = witnesses.indices.filter { mask >> $0 & 1 == 1 }
    return try checkpoint.sign(with: log)
      .adding(cosigners.map { try witnesses[$0].cosign(checkpoint, time: 100 + UInt64($0)) })
  }

  /// The example of the specification, over all 32 sets of cosigners.
  @Test func groupsCountTheirMembers() throws {
    let policy = try TrustPolicy.parse(
      head + """
        # two organizations

        group X-witnesses 2 W0 W1 W2
        \tgroup  Y-witnesses any W3 W4\t
        group X-and-Y all X-witnesses Y-witnesses
        quorum X-and-Y
        """)
    #expect(policy.asksForWitnesses)
    for mask in 0..<32 {
      let verified = try policy.verify(note(mask))
      let expected = (mask & 7).nonzeroBitCount >= 2 && mask >> 3 != 0
      #expect(verified.isQuorum == expected, "\(mask)")
      let cosigners = witnesses.indices.filter { mask >> $0 & 1 == 1 }
      #expect(verified.cosignatures.map(\.witness) == cosigners.map { "W\($0)" })
      #expect(verified.cosignatures.map(\.time) == cosigners.map { 100 + UInt64($0) })
      // The later the witness, the later its time: the quorum is met by the last one that is needed.
      let times = (0..<5).filter { last in
        let early = mask & ((2 << last) - 1)
        return (early & 7).nonzeroBitCount >= 2 && early >> 3 != 0
      }
      #expect(verified.time == times.first.map { 100 + UInt64($0) })
    }
    let single = try TrustPolicy.parse(head + "quorum W3\n")
    #expect(try single.verify(note(8)).isQuorum && !single.verify(note(7)).isQuorum)
    let none = try TrustPolicy.parse("log \(log.verifier.encoded) https://log.example/\nquorum none")
    #expect(try none.verify(note(0)).isQuorum && !none.asksForWitnesses)
    #expect(try none.verify(note(31)).time == nil)
    let anyone = try TrustPolicy.parse(head + "quorum none")
    #expect(try anyone.verify(note(0)).time == nil && anyone.verify(note(0b10100)).time == 102)
  }

  /// One witness that signs twice is still one, whose earlier time counts.
  @Test func aWitnessCountsOnce() throws {
    let policy = try TrustPolicy.parse(head + "group two 2 W0 W1\nquorum two")
    let twice = try checkpoint.sign(with: log).adding([
      witnesses[0].cosign(checkpoint, time: 7), witnesses[0].cosign(checkpoint, time: 5),
    ])
    let verified = try policy.verify(twice)
    #expect(!verified.isQuorum && verified.cosignatures.map(\.time) == [5])
  }

  @Test func badSignaturesOfKnownKeysRefute() throws {
    let policy = try TrustPolicy.parse(head + "quorum W0")
    let other = try Checkpoint(origin: "log.example", size: 5, root: MerkleHash.emptyRoot)
    let bad = try note(1).adding([witnesses[4].cosign(other, time: 1)])
    #expect(throws: TrustError.checkpoint(.note(.invalidSignature(name: "w4.example")))) {
      try policy.verify(bad)
    }
    let badLog = try note(1).adding(other.sign(with: log).signatures)
    #expect(throws: TrustError.checkpoint(.note(.invalidSignature(name: "log.example")))) {
      try policy.verify(badLog)
    }
    let stranger = try Checkpoint(origin: "other.example", size: 4, root: MerkleHash.emptyRoot)
      .sign(with: LogSigningKey(name: "other.example"))
    #expect(throws: TrustError.unknownLog) { try policy.verify(stranger) }
    // A key vouches for the log of its own name only, unless the reader says otherwise.
    let renamed = try SignedNote.sign(stranger.text, with: [log])
    #expect(throws: TrustError.unknownLog) { try policy.verify(renamed) }
    #expect(try policy.verify(renamed, origin: "other.example").checkpoint.size == 4)
    #expect(throws: TrustError.self) { try policy.verify(SignedNote.sign("log.example\n", with: [log])) }
  }

  @Test func errorsNameTheirLine() throws {
    let (key, witness) = (log.verifier.encoded, witnesses[0].verifier.encoded)
    let cases: [(String, Int, TrustPolicyError.Problem)] = [
      ("", 1, .missingQuorum), ("log \(key)\n", 2, .missingQuorum),
      ("\n#\nlogs \(key)", 3, .unknownKeyword("logs")), ("log", 1, .wrongNumberOfWords),
      ("log \(witness)", 1, .key(.unknownAlgorithm)), ("witness W \(key)", 1, .key(.unknownAlgorithm)),
      ("log x", 1, .key(.malformedKey)), ("log \(key)\nlog \(key)", 2, .repeatedKey),
      ("witness W \(witness)\nwitness V \(witness)", 2, .repeatedKey),
      ("witness none \(witness)", 1, .nameTaken("none")), (head + "group W1 any W0", 7, .nameTaken("W1")),
      (head + "group G any", 7, .wrongNumberOfWords), (head + "group G any W9", 7, .unknownName("W9")),
      (head + "group G any none", 7, .unknownName("none")),
      (head + "group G any W0 W0", 7, .memberTwice("W0")),
      (head + "group G any W0\ngroup H any W0", 8, .memberTwice("W0")),
      (head + "group G 0 W0", 7, .threshold), (head + "group G 3 W0 W1", 7, .threshold),
      (head + "group G +1 W0 W1", 7, .threshold),
      (head + "group G 01 W0 W1", 7, .threshold), (head + "group G some W0 W1", 7, .threshold),
      ("quorum W0\n" + head, 1, .unknownName("W0")), ("quorum none\nquorum none", 2, .secondQuorum),
      ("quorum", 1, .wrongNumberOfWords), ("quorum none\r\n", 1, .controlCharacter),
      ("quorum none\u{7F}", 1, .controlCharacter),
    ]
    for (text, line, problem) in cases {
      do {
        _ = try TrustPolicy.parse(text)
        Issue.record("accepted: \(text)")
      } catch {
        #expect(error == TrustPolicyError(line: line, problem: problem), "\(text)")
        #expect(error.description.hasPrefix("line \(line): "))
      }
    }
    #expect(throws: TrustPolicyError.self) { try TrustPolicy.parse([0xFF]) }
  }
}
