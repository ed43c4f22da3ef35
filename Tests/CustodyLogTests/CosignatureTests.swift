import CustodyLog
import Foundation
import Testing

@Suite struct CosignatureTests {
  struct Vectors: Decodable {
    struct Vector: Decodable {
      let id: String, checkpoint: String, cosignerVkey: String, timestamp: UInt64, ok: Bool
    }
    struct Stamped: Decodable { let noteSigBase64: String, timestamp: UInt64 }
    let vectors: [Vector], timestampOnly: Stamped
  }

  @Test func publishedCosignatures() throws {
    let published: Vectors = try vectors("cosignature_v1")
    #expect(published.vectors.map(\.ok) == [true, true, true, false])
    for vector in published.vectors {
      let key = try WitnessVerifierKey(encoded: vector.cosignerVkey)
      #expect(key.encoded == vector.cosignerVkey)
      let note = try SignedNote.parse(vector.checkpoint)
      let line = try #require(note.signatures.first { $0.keyID == key.keyID && $0.name == key.name })
      #expect(Cosignature.time(of: line.bytes) == vector.timestamp)
      if vector.ok {
        #expect(try note.verify(with: [key]) == [key.name], "\(vector.id)")
      } else {
        #expect(throws: SignedNoteError.invalidSignature(name: key.name)) { try note.verify(with: [key]) }
      }
      // The other kind of key does not take it, and its text is no log's key.
      #expect(throws: LogKeyError.unknownAlgorithm) { try LogVerifierKey(encoded: vector.cosignerVkey) }
    }
    let stamped = try #require(Base64.decodeStrict(published.timestampOnly.noteSigBase64))
    #expect(Cosignature.time(of: Array(stamped.dropFirst(4))) == published.timestampOnly.timestamp)
  }

  @Test func cosignaturesReadBackAndHoldForOneTextAndTime() throws {
    let seed = Array(repeating: UInt8(5), count: 32)
    let witness = try WitnessSigningKey(name: "witness.example", seed: seed)
    let log = try LogSigningKey(name: "log.example", seed: seed)
    let checkpoint = try Checkpoint(origin: "log.example", size: 9, root: MerkleHash.emptyRoot)
    let note = try checkpoint.sign(with: log).adding([witness.cosign(checkpoint, time: 1_767_139_200)])
    #expect(try SignedNote.parse(note.encoded).verify(with: [log.verifier, witness.verifier]).count == 2)
    let line = note.signatures[1]
    #expect(line.bytes.count == 72)
    for position in line.bytes.indices {
      var changed = line.bytes
      changed[position] ^= 1
      #expect(!witness.verifier.isValid(signature: changed, of: Array(note.text.utf8)))
    }
    for count in [0, 8, 64, 71, 73] {
      let bytes = Array(repeating: UInt8(0), count: count)
      #expect(!witness.verifier.isValid(signature: bytes, of: Array(note.text.utf8)))
    }
    // A log's signature is never a cosignature, though made with the same secret.
    #expect(!witness.verifier.isValid(signature: note.signatures[0].bytes, of: Array(note.text.utf8)))
    #expect(note.adding([line]) == note)
  }

  @Test func keysReadBack() throws {
    let key = try WitnessSigningKey(name: "witness.example")
    let again = try WitnessSigningKey(encoded: key.encoded)
    #expect(again.verifier == key.verifier)
    #expect(try WitnessVerifierKey(encoded: key.verifier.encoded) == key.verifier)
    #expect(!"\(key)".contains(key.encoded.suffix(20)))
    #expect(throws: LogKeyError.unknownAlgorithm) { try LogSigningKey(encoded: key.encoded) }
    let log = try LogSigningKey(name: "log.example")
    #expect(throws: LogKeyError.unknownAlgorithm) { try WitnessSigningKey(encoded: log.encoded) }
    #expect(throws: LogKeyError.unknownAlgorithm) { try WitnessVerifierKey(encoded: log.verifier.encoded) }
    let text = key.verifier.encoded.replacing("witness", with: "wetness")
    #expect(throws: LogKeyError.wrongKeyID) { try WitnessVerifierKey(encoded: text) }
  }
}
