import CustodyLog
import Testing

@Suite struct DisclosureTests {
  struct Vectors: Decodable {
    struct Vector: Decodable { let disclosure: String, digest: String }
    let vectors: [Vector]
  }

  @Test func sdJWTDigests() throws {
    let published: Vectors = try vectors("salted_disclosure")
    #expect(published.vectors.count == 2)
    for vector in published.vectors {
      #expect(Disclosure.commitment(ofEncoded: vector.disclosure).base64URL == vector.digest)
      // The examples have white space in their JSON: transported strings of others, not our spelling.
      #expect(throws: DisclosureError.notDisclosure) { try Disclosure.parse(vector.disclosure) }
    }
  }

  /// One value computed by hand with other tools: 32 zero bytes, "name", "Nguyễn".
  @Test func knownEncoding() throws {
    let disclosure = try Disclosure(
      salt: Array(repeating: 0, count: 32), field: "name", value: "Nguyễn")
    let json = #"["\#(String(repeating: "A", count: 43))","name","Nguyễn"]"#
    #expect(Base64.decodeURLStrict(disclosure.encoded) == Array(json.utf8))
    #expect(disclosure.commitment == MerkleHash.sha256(Array(disclosure.encoded.utf8)))
    #expect(disclosure.commitment.base64URL == "aUXoNf1VYg4diMlI1kMuUWsImdUK4x6Gfwx06fR1wQ8")
  }

  @Test(arguments: [101, 102] as [UInt64])
  func fastCommitmentIsTheSame(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let pieces = ["Nguyễn", "a", "\"", "\\", "\n", "\u{1}", "0912 345 678", "Đ", "o\u{302}", "\u{202E}", "😂"]
    var scratch: [UInt8] = []
    for count in 0..<200 {
      let value = (0..<count % 40).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &generator)] }
        .joined()
      let field = ["name", "phone", "địa chỉ", "a\"b"][count % 4]
      let salt = generator.bytes(32)
      let disclosure = try Disclosure(salt: salt, field: field, value: value)
      let fast = salt.withUnsafeBytes { salt in
        Array(value.utf8).withUnsafeBytes { value in
          Disclosure.commitment(salt: salt, field: Array(field.utf8), value: value, scratch: &scratch)
        }
      }
      #expect(fast == disclosure.commitment)
      #expect(fast == Disclosure.commitment(ofEncoded: disclosure.encoded))
      #expect(try Disclosure.parse(disclosure.encoded) == disclosure)
    }
  }

  @Test func otherDisclosuresAreRefused() throws {
    let salt = String(repeating: "A", count: 43)
    let texts: [(String, DisclosureError)] = [
      (#"["\#(salt)","a"]"#, .notDisclosure), (#"["\#(salt)","a",1]"#, .notDisclosure),
      (#"["\#(salt)", "a","b"]"#, .notDisclosure), (#"{"a":"b"}"#, .notDisclosure),
      (#"["\#(salt)","a","b","c"]"#, .notDisclosure), (#"["AAAA","a","b"]"#, .wrongSaltLength),
      (#"["\#(salt)=","a","b"]"#, .notBase64), (#"["\#(salt)","a","\u0041"]"#, .notDisclosure),
    ]
    for (json, error) in texts {
      #expect(throws: error, "\(json)") { try Disclosure.parse(Base64.encodeURL(Array(json.utf8))) }
    }
    #expect(throws: DisclosureError.notBase64) { try Disclosure.parse("not base64!") }
    #expect(throws: DisclosureError.wrongSaltLength) { try Disclosure(salt: [1], field: "a", value: "b") }
  }

  @Test func contentRootBindsListAndOrder() throws {
    let first = MerkleHash.leaf([1]), second = MerkleHash.leaf([2])
    #expect(ContentRoot.combine([]) == nil)
    #expect(ContentRoot.combine([first]) == MerkleHash.sha256(first.bytes))
    #expect(ContentRoot.combine([first, second]) == MerkleHash.sha256(first.bytes + second.bytes))
    #expect(ContentRoot.combine([first, second]) != ContentRoot.combine([second, first]))
  }
}
