import CustodyLog
import Foundation
import Testing

@Suite struct DigestTests {
  @Test(arguments: [1, 2, 3] as [UInt64])
  func everyFormReadsBack(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      let bytes = generator.bytes(32)
      let digest = try #require(Digest(bytes))
      #expect(digest.bytes == bytes)
      #expect(Digest(base64: digest.base64) == digest)
      #expect(Digest(base64URL: digest.base64URL) == digest)
      #expect(Digest(hex: digest.hex) == digest)
      #expect(bytes.withUnsafeBytes { $0.baseAddress.map(Digest.init(unsafeRaw:)) } == digest)
      #expect(digest.base64 == Data(bytes).base64EncodedString())
      var output: [UInt8] = [7]
      digest.append(to: &output)
      digest.appendBase64URL(to: &output)
      #expect(output == [7] + bytes + Array(digest.base64URL.utf8))
    }
  }

  @Test func onlyThirtyTwoBytesAreADigest() {
    for count in [0, 31, 33, 64] { #expect(Digest([UInt8](repeating: 1, count: count)) == nil) }
    #expect(Digest(hex: String(repeating: "A", count: 64)) == nil)
    #expect(Digest(hex: String(repeating: "a", count: 63)) == nil)
    #expect(Digest(base64URL: String(repeating: "A", count: 42)) == nil)
  }

  @Test func readsUnalignedRows() throws {
    let row = [UInt8](0..<64)
    for offset in 0...32 {
      let digest = row.withUnsafeBytes { $0.baseAddress.map { Digest(unsafeRaw: $0 + offset) } }
      #expect(try #require(digest).bytes == Array(row[offset..<offset + 32]))
    }
  }
}

@Suite struct Base64Tests {
  @Test(arguments: [4, 5] as [UInt64])
  func agreesWithFoundation(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for count in 0..<200 {
      let bytes = generator.bytes(count)
      let text = Data(bytes).base64EncodedString()
      #expect(Base64.encode(bytes) == text)
      #expect(Base64.decodeStrict(text) == bytes)
      let url = text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
      #expect(Base64.encodeURL(bytes) == url)
      #expect(Base64.decodeURLStrict(url) == bytes)
      var appended: [UInt8] = []
      bytes.withUnsafeBytes { Base64.appendURL($0, to: &appended) }
      #expect(appended == Array(url.utf8))
    }
  }

  @Test(arguments: [
    "A", "AA", "AAA", "AA=", "AB==", "AAB=", "A===", "====", "AA==A", "AA==AA==", "AAAA\n", " AAAA", "AA-A",
    "=AAA",
  ])
  func refusesASecondSpelling(text: String) {
    #expect(Base64.decodeStrict(text) == nil)
  }

  @Test(arguments: ["A", "AB", "AAB", "AA==", "AA+A", "AA/A", "AAAAA", "AA\n"])
  func refusesASecondURLSpelling(text: String) {
    #expect(Base64.decodeURLStrict(text) == nil)
  }

  /// Of all texts of one length, exactly as many are accepted as there are byte strings.
  @Test func acceptsEachByteStringOnce() {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    var accepted: Set<[UInt8]> = []
    for first in alphabet {
      for second in alphabet {
        if let bytes = Base64.decodeURLStrict([first, second]) { #expect(accepted.insert(bytes).inserted) }
      }
    }
    #expect(accepted.count == 256)
  }
}
