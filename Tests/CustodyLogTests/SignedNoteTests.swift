import CustodyLog
import Foundation
import Testing

@Suite struct SignedNoteVectorTests {
  struct Vectors: Decodable {
    struct Signing: Decodable {
      let skey: String?, seedHex: String?, name: String?
      let vkey: String, text: String, signatureLine: String
    }
    struct Key: Decodable { let vkey: String, ok: Bool, why: String? }
    struct Note: Decodable {
      let id: String, note: String, vkeys: [String], ok: Bool
      let verifiedNames: [String]?, unverifiedNames: [String]?, text: String?
    }
    struct Bytes: Decodable { let id: String, noteBase64: Data, vkeys: [String], ok: Bool }
    let signing: [Signing], vkeys: [Key], notes: [Note], badBytes: [Bytes]
  }

  @Test func signing() throws {
    let published: Vectors = try vectors("signed_note")
    #expect(published.signing.count == 2)
    for vector in published.signing {
      let key: LogSigningKey
      if let encoded = vector.skey {
        key = try LogSigningKey(encoded: encoded)
        #expect(key.encoded == encoded)
      } else {
        key = try LogSigningKey(
          name: #require(vector.name), seed: hexBytes(#require(vector.seedHex)))
      }
      #expect(key.verifier.encoded == vector.vkey)
      let note = try SignedNote.sign(vector.text, with: [key])
      #expect(try note.verify(with: [key.verifier]) == [key.name])
      #if os(Linux)
        // Signatures are deterministic here (RFC 8032); Apple's library adds randomness.
        #expect(note.signatures[0].line == vector.signatureLine)
        #expect(note.encoded == vector.text + "\n" + vector.signatureLine)
      #endif
    }
  }

  @Test func verifierKeys() throws {
    let published: Vectors = try vectors("signed_note")
    #expect(published.vkeys.count == 6)
    for vector in published.vkeys {
      let key = try? LogVerifierKey(encoded: vector.vkey)
      #expect(key?.encoded == (vector.ok ? vector.vkey : nil), "\(vector.why ?? vector.vkey)")
    }
  }

  @Test func notes() throws {
    let published: Vectors = try vectors("signed_note")
    #expect(published.notes.count == 18)
    for vector in published.notes {
      let keys = try vector.vkeys.map { try LogVerifierKey(encoded: $0) }
      guard vector.ok else {
        #expect(throws: SignedNoteError.self, "\(vector.id)") {
          _ = try SignedNote.parse(vector.note).verify(with: keys)
        }
        continue
      }
      let note = try SignedNote.parse(vector.note)
      let verified = try note.verify(with: keys)
      #expect(note.encoded == vector.note, "\(vector.id)")
      #expect(note.text.utf8.elementsEqual(try #require(vector.text).utf8), "\(vector.id)")
      #expect(verified == vector.verifiedNames, "\(vector.id)")
      let others = note.signatures.map(\.name).filter { !verified.contains($0) }
      #expect(others == vector.unverifiedNames, "\(vector.id)")
    }
  }

  @Test func invalidBytes() throws {
    let published: Vectors = try vectors("signed_note")
    #expect(published.badBytes.count == 1)
    for vector in published.badBytes {
      #expect(throws: SignedNoteError.notUTF8) { try SignedNote.parse(Array(vector.noteBase64)) }
    }
  }
}

@Suite struct SignedNoteTests {
  let key: LogSigningKey
  let other: LogSigningKey

  init() throws {
    key = try LogSigningKey(name: "log.example/một-cửa", seed: Array(repeating: 7, count: 32))
    other = try LogSigningKey(name: "witness.example")
  }

  @Test(arguments: ["x\n", "\n", "\n\n", "a\n\nb\n", "a\n\n— log.example AAAAAAAA\n\n", "Đã bàn giao\n"])
  func signedTextsReadBack(text: String) throws {
    let note = try SignedNote.sign(text, with: [key, other])
    let read = try SignedNote.parse(note.encode())
    #expect(read == note)
    #expect(read.text == text)
    #expect(try read.verify(with: [other.verifier, key.verifier]) == [key.name, other.name])
    #expect(try read.verify(with: [other.verifier]) == [other.name])
  }

  @Test(arguments: ["", "x", "x\r\n", "x\u{0}\n", "x\ty\n"])
  func otherTextsAreNotSigned(text: String) {
    #expect(throws: SignedNoteError.malformedText) { try SignedNote.sign(text, with: [key]) }
  }

  @Test func everyChangedByteIsNoticed() throws {
    let note = try SignedNote.sign("log.example\n17\n", with: [key]).encode()
    for index in note.indices {
      for bit in 0..<8 {
        var changed = note
        changed[index] ^= 1 << UInt8(bit)
        #expect(throws: SignedNoteError.self, "byte \(index) bit \(bit)") {
          _ = try SignedNote.parse(changed).verify(with: [key.verifier])
        }
      }
    }
  }

  @Test func aBadSignatureOfAKnownKeyRejectsTheNote() throws {
    let good = try SignedNote.sign("one\n", with: [key, other])
    let foreign = try SignedNote.sign("two\n", with: [other])
    let mixed = try SignedNote.parse("one\n\n" + good.signatures[0].line + foreign.signatures[0].line)
    #expect(try mixed.verify(with: [key.verifier]) == [key.name])
    #expect(throws: SignedNoteError.invalidSignature(name: other.name)) {
      _ = try mixed.verify(with: [key.verifier, other.verifier])
    }
    #expect(throws: SignedNoteError.noKnownSignature) { _ = try mixed.verify(with: []) }
  }

  @Test func sixtyFourSignaturesAreReadAndNoMore() throws {
    let line = try SignedNote.sign("one\n", with: [key]).signatures[0].line
    let most = String(repeating: line, count: SignedNote.greatestSignatureCount)
    #expect(try SignedNote.parse("one\n\n" + most).verify(with: [key.verifier]) == [key.name])
    #expect(throws: SignedNoteError.tooManySignatures) { try SignedNote.parse("one\n\n" + most + line) }
  }

  @Test(arguments: ["", " ", "a b", "a+b", "a\nb", "a\u{2003}b", "a\u{7}b"])
  func namesThatWouldBreakALineAreRefused(name: String) {
    #expect(throws: LogKeyError.malformedName) { try LogSigningKey(name: name) }
  }

  @Test func keysReadBackAndHideTheirSecret() throws {
    for key in [key, other] {
      let read = try LogSigningKey(encoded: key.encoded)
      #expect(read.encoded == key.encoded)
      #expect(read.verifier == key.verifier)
      #expect(try LogVerifierKey(encoded: key.verifier.encoded) == key.verifier)
      let secret = try #require(key.encoded.split(separator: "+").last)
      var dumped = ""
      dump(key, to: &dumped)
      #expect(!"\(key)".contains(secret) && !String(reflecting: key).contains(secret))
      #expect(!dumped.contains(secret))
    }
    #expect(throws: LogKeyError.malformedKey) { try LogSigningKey(name: "a", seed: [1, 2, 3]) }
    #expect(throws: LogKeyError.malformedKey) { try LogSigningKey(encoded: key.verifier.encoded) }
    let swapped = key.encoded.replacing("một", with: "hai")
    #expect(throws: LogKeyError.wrongKeyID) { try LogSigningKey(encoded: swapped) }
  }
}

@Suite struct Ed25519VectorTests {
  struct Reference: Decodable {
    struct Vector: Decodable {
      let name: String, seed: String, `public`: String, message: String, signature: String
    }
    let vectors: [Vector]
  }

  @Test func rfc8032() throws {
    let reference: Reference = try vectors("ed25519_rfc8032")
    #expect(reference.vectors.count == 5)
    for vector in reference.vectors {
      let key = try LogSigningKey(name: "log", seed: hexBytes(vector.seed))
      let message = try hexBytes(vector.message)
      let signature = try hexBytes(vector.signature)
      #expect(key.verifier.publicKey == (try hexBytes(vector.public)), "\(vector.name)")
      #expect(key.verifier.isValid(signature: signature, of: message), "\(vector.name)")
      #expect(!key.verifier.isValid(signature: signature, of: message + [0]), "\(vector.name)")
      #if os(Linux)
        if let text = String(validating: message, as: UTF8.self) {
          #expect(try key.sign(text).bytes == signature, "\(vector.name)")
        }
      #endif
    }
  }

  struct Wycheproof: Decodable {
    struct Vector: Decodable {
      let tcId: Int, pk: String, msg: String, sig: String, result: String, comment: String
    }
    let count: Int, vectors: [Vector]
  }

  @Test func wycheproof() throws {
    let published: Wycheproof = try vectors("ed25519_wycheproof")
    #expect(published.vectors.count == published.count && published.count == 151)
    for vector in published.vectors {
      let key = try LogVerifierKey(name: "log", publicKey: hexBytes(vector.pk))
      let isValid = key.isValid(signature: try hexBytes(vector.sig), of: try hexBytes(vector.msg))
      #expect(isValid == (vector.result == "valid"), "\(vector.tcId) \(vector.comment)")
    }
  }
}
