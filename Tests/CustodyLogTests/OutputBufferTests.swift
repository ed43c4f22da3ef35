import CustodyLog
import Foundation
import Testing

/// The buffer writes the same bytes as the encoders that append to arrays, and as independent ones.
@Suite struct OutputBufferTests {
  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func writesWhatArraysHold(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var buffer = OutputBuffer(capacity: Int.random(in: 0...100, using: &random))
    var expected: [UInt8] = []
    for _ in 0..<400 {
      switch Int.random(in: 0...7, using: &random) {
      case 0:
        let byte = UInt8.random(in: 0...255, using: &random)
        buffer.append(byte)
        expected.append(byte)
      case 1:
        let bytes = random.bytes(Int.random(in: 0...300, using: &random))
        bytes.withUnsafeBytes { buffer.append($0) }
        expected += bytes
      case 2:
        buffer.append("literal ồ")
        expected += Array("literal ồ".utf8)
      case 3:
        let text = text(&random)
        text.withUnsafeBytes { buffer.appendJSONString($0) }
        CanonicalJSON.appendString(text, to: &expected)
      case 4:
        let number =
          Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0...63, using: &random)
        buffer.appendInteger(number)
        expected += Array(String(number).utf8)
      case 5:
        let bytes = random.bytes(Int.random(in: 0...100, using: &random))
        bytes.withUnsafeBytes { buffer.appendBase64URL($0) }
        expected += Array(Self.base64URL(bytes).utf8)
      case 6:
        let digest = MerkleHash.leaf(random.bytes(3))
        buffer.append(digest)
        expected += digest.bytes
      default:
        let offset = Int.random(in: (expected.count / 2)...expected.count, using: &random)
        #expect(Array(buffer.bytes(from: offset)) == Array(expected[offset...]), "seed \(seed)")
        guard Bool.random(using: &random) else { continue }
        buffer.removeAll(from: offset)
        expected.removeSubrange(offset...)
      }
      #expect(buffer.count == expected.count, "seed \(seed)")
    }
    #expect(buffer.array == expected, "seed \(seed)")
    buffer.removeAll()
    #expect(buffer.array.isEmpty)
  }

  /// UTF-8 with bytes to be escaped at any place of the eight that are looked at together.
  private func text(_ random: inout SeededGenerator) -> [UInt8] {
    let pieces = ["a", "Z", " ", "ồ", "Đ", "\u{7F}", "\u{20}", "!", "#", "[", "]"]
    let escaped = ["\"", "\\", "\n", "\u{1}", "\u{1F}", "\u{8}"]
    let rarity = Int.random(in: 1...40, using: &random)
    return (0..<Int.random(in: 0...60, using: &random)).flatMap { _ in
      let from = Int.random(in: 0..<rarity, using: &random) == 0 ? escaped : pieces
      return Array((from.randomElement(using: &random) ?? "").utf8)
    }
  }

  @Test func everyByteAtEveryPlaceOfAWord() {
    for byte in UInt8.min...UInt8.max {
      for place in 0..<17 {
        var text = [UInt8](repeating: UInt8(ascii: "x"), count: 17)
        text[place] = byte
        var buffer = OutputBuffer(capacity: 8)
        var expected: [UInt8] = []
        text.withUnsafeBytes { buffer.appendJSONString($0) }
        CanonicalJSON.appendString(text, to: &expected)
        #expect(buffer.array == expected)
      }
    }
  }

  @Test func integersOfEveryLength() {
    var magnitude: Int64 = 1
    var numbers: [Int64] = [0, .max, .min, .min + 1]
    for _ in 0..<19 {
      numbers += [magnitude - 1, magnitude, -magnitude, 1 - magnitude, magnitude + 1]
      magnitude = magnitude.multipliedReportingOverflow(by: 10).partialValue
    }
    for number in numbers {
      var buffer = OutputBuffer(capacity: 0)
      buffer.appendInteger(number)
      #expect(String(decoding: buffer.array, as: UTF8.self) == String(number))
    }
  }

  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func base64OfEveryLength(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for length in 0...200 {
      let bytes = random.bytes(length)
      #expect(Base64.encode(bytes) == Data(bytes).base64EncodedString(), "seed \(seed)")
      #expect(Base64.encodeURL(bytes) == Self.base64URL(bytes), "seed \(seed)")
    }
  }

  private static func base64URL(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-")
      .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
  }
}
