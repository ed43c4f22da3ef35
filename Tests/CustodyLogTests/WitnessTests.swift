import CustodyLog
import Foundation
import Testing

@Suite struct WitnessTests {
  struct Vectors: Decodable {
    struct Request: Decodable {
      struct Expected: Decodable { let mode: String, text: String }
      let body: String, status: Int, expect: Expected
    }
    let logOrigin: String, logEd25519PublicKeyHex: String, witnessName: String, witnessSeedHex: String
    let witnessPublicKeyHex: String, requests: [Request]
  }

  /// A witness as small as can be: what is stored, and the decision.
  struct Witness {
    let key: WitnessSigningKey
    let logs: [LogVerifierKey]
    var stored: LogHead?

    mutating func answer(_ body: [UInt8]) throws -> WitnessReply {
      guard let request = try? WitnessRequest.parse(body) else { return .malformed }
      switch request.decide(logs: logs, stored: stored) {
      case .refuse(let reply): return reply
      case .cosign(let checkpoint):
        stored = checkpoint.head
        return .cosigned([try key.cosign(checkpoint, time: 1_767_139_200)])
      }
    }
  }

  @Test func publishedConversation() throws {
    let published: Vectors = try vectors("witness_protocol")
    let key = try WitnessSigningKey(name: published.witnessName, seed: hexBytes(published.witnessSeedHex))
    #expect(key.verifier.publicKey == (try hexBytes(published.witnessPublicKeyHex)))
    let log = try LogVerifierKey(
      name: published.logOrigin, publicKey: hexBytes(published.logEd25519PublicKeyHex))
    var witness = Witness(key: key, logs: [log])
    #expect(published.requests.count == 9)
    for (number, vector) in published.requests.enumerated() {
      // One published signature has unused bits set, which this stricter reader refuses before it looks further; the
      // same bytes in their one spelling are the bad signature that is meant.
      if number == 1 { #expect(try witness.answer(Array(vector.body.utf8)).status == 400) }
      let body = Array(vector.body.replacing("6gx=\n", with: "6gw=\n").utf8)
      #expect(try WitnessRequest.parse(body).encode() == body)
      let before = witness.stored
      let reply = try witness.answer(body)
      let text = String(decoding: reply.body, as: UTF8.self)
      // The published test is of an older protocol, where an unknown log was answered with 403.
      let status = vector.expect.text == "unknown log" ? 404 : vector.status
      #expect(reply.status == status, "\(number)")
      #expect(
        vector.expect.mode == "==" ? text == vector.expect.text : text.contains(vector.expect.text),
        "\(number): \(text)")
      if reply.status != 200 { #expect(witness.stored == before) }
      let again = try #require(WitnessReply.parse(status: reply.status, body: reply.body))
      #expect(again.body == reply.body)
      guard case .cosigned(let lines) = again else { continue }
      let note = try WitnessRequest.parse(body).note.adding(lines, of: [key.verifier])
      #expect(try note.verify(with: [log, key.verifier]) == [log.name, key.name])
    }
    #expect(witness.stored?.size == 5)
  }

  private let log: LogSigningKey
  private let tree: ReferenceTree

  init() throws {
    log = try LogSigningKey(name: "log.example", seed: Array(repeating: 4, count: 32))
    var generator = SeededGenerator(seed: 5)
    tree = ReferenceTree(count: 24, using: &generator)
  }

  private func request(_ old: Int, _ new: Int, proof: [Digest]? = nil) throws -> WitnessRequest {
    let consistency = try MerkleProof.consistency(
      from: UInt64(old), to: UInt64(new), subtree: tree.subtree)
    return WitnessRequest(
      oldSize: UInt64(old), proof: proof ?? consistency,
      note: try Checkpoint(origin: log.name, head: tree.head(new)).sign(with: log))
  }

  private func status(_ request: WitnessRequest, _ stored: LogHead?) -> Int {
    switch request.decide(logs: [log.verifier], stored: stored) {
    case .cosign: 200
    case .refuse(let reply): reply.status
    }
  }

  /// All sizes of old, new and stored: only an honest proof from the stored size is cosigned.
  @Test func onlyGrowthFromTheStoredHeadIsCosigned() throws {
    for stored in [0, 1, 2, 5, 8, 11] {
      let head = stored == 0 ? nil : tree.head(stored)
      for old in 0...12 {
        for new in [1, 2, 7, 8, 11, 12, 24] {
          let expected = old > new ? 400 : old == stored ? 200 : 409
          #expect(status(try request(old, new), head) == expected, "\(stored) \(old) \(new)")
          guard expected == 200, old > 0, old < new else { continue }
          #expect(status(try request(old, new, proof: []), head) == 422)
          #expect(status(try request(old, new, proof: [MerkleHash.emptyRoot]), head) == 422)
          #expect(
            status(try request(old, new), LogHead(size: UInt64(old), root: MerkleHash.emptyRoot)) == 422)
        }
      }
    }
    #expect(status(try request(0, 4, proof: [MerkleHash.emptyRoot]), nil) == 422)
    #expect(status(try request(4, 4, proof: [MerkleHash.emptyRoot]), tree.head(4)) == 422)
    // The same size with another root is a fork, whatever the proof.
    #expect(status(try request(4, 4), LogHead(size: 4, root: MerkleHash.emptyRoot)) == 422)
  }

  /// Two requests decided on one stored head: the second to store has lost, and the later head stays.
  @Test func aLostRaceIsAConflict() throws {
    var stored = tree.head(4)
    let (first, second) = (try request(4, 8), try request(4, 12))
    guard case .cosign(let small) = first.decide(logs: [log.verifier], stored: stored),
      case .cosign(let large) = second.decide(logs: [log.verifier], stored: stored)
    else { throw Malformed() }
    let decidedWith = stored
    stored = large.head
    #expect(stored != decidedWith && small.size < stored.size)
    guard case .refuse(.conflict(let size)) = first.decide(logs: [log.verifier], stored: stored) else {
      throw Malformed()
    }
    #expect(size == 12)
  }

  @Test func strangersAreRefused() throws {
    let request = try request(0, 4)
    func reply(_ request: WitnessRequest, _ logs: [LogVerifierKey]) -> Int {
      if case .refuse(let reply) = request.decide(logs: logs, stored: nil) { reply.status } else { 200 }
    }
    #expect(reply(request, []) == 404)
    #expect(reply(request, [try LogSigningKey(name: log.name).verifier]) == 403)
    let text = WitnessRequest(oldSize: 0, proof: [], note: try SignedNote.sign("log.example\n", with: [log]))
    #expect(reply(text, [log.verifier]) == 400)
  }

  @Test func otherBytesAreNoRequests() throws {
    let good = String(decoding: try request(2, 8).encode(), as: UTF8.self)
    #expect((try? WitnessRequest.parse(Array(good.utf8))) != nil)
    let hash = MerkleHash.emptyRoot.base64
    for bad in [
      "", "\n", "\n\n", "old 2\n", good.replacing("old 2", with: "old 02"),
      good.replacing("old 2", with: "old"),
      good.replacing("old 2", with: "old +2"), good.replacing("old 2", with: "old 2 "),
      good.replacing("old 2", with: "old 2\r"),
      good.replacing("old 2\n", with: "old 2\n\(hash.dropLast())\n"),
      good.replacing("old 2\n", with: "old 2\n" + String(repeating: hash + "\n", count: 64)),
      String(good.dropLast()), good.replacing("old 2", with: "old 18446744073709551616"),
    ] {
      #expect(throws: WitnessRequestError.self) { try WitnessRequest.parse(Array(bad.utf8)) }
    }
  }

  @Test func answersReadBack() {
    #expect(WitnessReply.parse(status: 409, body: Array("12\n".utf8))?.status == 409)
    #expect(WitnessReply.parse(status: nil, body: Array("12\n".utf8))?.status == 409)
    for body in ["", "12", "012\n", "-1\n", "12\n\n", "— x\n"] {
      #expect(WitnessReply.parse(status: 409, body: Array(body.utf8)) == nil, "\(body)")
      #expect(WitnessReply.parse(status: 200, body: Array(body.utf8)) == nil, "\(body)")
    }
    #expect(WitnessReply.parse(status: 500, body: []) == nil)
    for status in [400, 403, 404, 422] {
      #expect(WitnessReply.parse(status: status, body: [])?.status == status)
    }
  }
}
