import Foundation
import Testing

@testable import CustodyLog

@Suite struct CanonicalJSONTests {
  func parse(_ text: String) throws(CanonicalJSONError) -> JSONValue {
    try CanonicalJSON.parse(Array(text.utf8))
  }

  @Test(arguments: [
    #"{}"#, #"{"a":1,"a0":-5,"b":[],"c":{"d":"Hồ sơ"},"e":true,"f":false}"#, #"{"a":"\"\\/€😂\#u{7F}"}"#,
    #"{"n":9007199254740991,"o":-9007199254740991,"p":0}"#, #"{"a":{"b":{"c":{"d":{"e":{}}}}}}"#,
    #"{"a2345678901234567890123456789012":0}"#,
  ])
  func canonicalTextsAreAccepted(text: String) throws {
    #expect(try CanonicalJSON.encode(parse(text)) == Array(text.utf8))
  }

  @Test(
    arguments: [
      (#"[]"#, .topLevelNotObject), (#""a""#, .topLevelNotObject), (#"1"#, .topLevelNotObject),
      (#""#, .syntax(offset: 0)), (#"{"#, .syntax(offset: 1)), (#"{"a":}"#, .syntax(offset: 5)),
      (#"{"a":1,}"#, .syntax(offset: 7)), (#"{"a":1}x"#, .syntax(offset: 7)),
      ("\u{FEFF}{}", .syntax(offset: 0)), (#"{"a":tru}"#, .syntax(offset: 5)),
      (#"{'a':1}"#, .syntax(offset: 1)),
      (#"{"a":NaN}"#, .syntax(offset: 5)), (#"{"a":+1}"#, .syntax(offset: 5)),
      (#"{"a":-}"#, .syntax(offset: 6)),
      (#"{"a":"b"#, .syntax(offset: 7)), (#"{"a":"\x"}"#, .syntax(offset: 7)),
      (#"{"a":"\u12"}"#, .syntax(offset: 10)),
      (#"{"a":null}"#, .nullNotAllowed(offset: 5)), (#"{"a":1.0}"#, .fractionNotAllowed(offset: 5)),
      (#"{"a":1e3}"#, .fractionNotAllowed(offset: 5)), (#"{"a":-0}"#, .notCanonical(offset: 5)),
      (#"{"a":007}"#, .notCanonical(offset: 5)), (#"{"a":9007199254740992}"#, .integerOutOfRange),
      (#"{"a":-9007199254740992}"#, .integerOutOfRange),
      (#"{"a":99999999999999999999999999999999}"#, .integerOutOfRange),
      (#"{"A":1}"#, .keyNotAllowed), (#"{"":1}"#, .keyNotAllowed), (#"{"1a":1}"#, .keyNotAllowed),
      (#"{"a-b":1}"#, .keyNotAllowed), (#"{"đ":1}"#, .keyNotAllowed),
      (#"{"a23456789012345678901234567890123":0}"#, .keyNotAllowed),
      (#"{"a":1,"a":1}"#, .duplicateKey), (#"{"b":1,"a":1}"#, .notCanonical(offset: 2)),
      (#"{"a": 1}"#, .notCanonical(offset: 5)), ("{}\n", .notCanonical(offset: 2)),
      (#"{"a":"\/"}"#, .notCanonical(offset: 6)), (#"{"a":"\u0041"}"#, .notCanonical(offset: 6)),
      (#"{"a":"\ud83d\ude02"}"#, .notCanonical(offset: 6)),
      (#"{"a":"\n"}"#, .controlCharacter), ("{\"a\":\"\n\"}", .controlCharacter),
      (#"{"a":"\u0000"}"#, .controlCharacter),
      (#"{"a":"\ud800"}"#, .loneSurrogate(offset: 6)), (#"{"a":"\udc00\ud800"}"#, .loneSurrogate(offset: 6)),
      (#"{"a":"\ud800A"}"#, .loneSurrogate(offset: 6)), (#"{"a":"\ud800\u0041"}"#, .loneSurrogate(offset: 6)),
      ("{\"a\":\"\u{202E}x\"}", .bidirectionalControl), ("{\"a\":\"\u{2066}\"}", .bidirectionalControl),
      ("{\"a\":\"\u{61C}\"}", .bidirectionalControl), ("{\"a\":\"\u{200F}\"}", .bidirectionalControl),
      ("{\"a\":\"o\u{302}\u{323}\"}", .notNormalized), ("{\"a\":\"A\u{30A}\"}", .notNormalized),
      ("{\"a\":\"\u{212B}\"}", .notNormalized), ("{\"a\":\"\u{0344}\"}", .notNormalized),
      (#"{"a":{"b":{"c":{"d":{"e":{"f":{}}}}}}}"#, .tooDeep), (#"{"a":[[[[[[]]]]]]}"#, .tooDeep),
    ] as [(String, CanonicalJSONError)])
  func otherTextsAreRefused(text: String, expected: CanonicalJSONError) {
    #expect(throws: expected) { try parse(text) }
  }

  @Test func deepNestingDoesNotExhaustTheStack() {
    let bytes = Array(String(repeating: "[", count: CanonicalJSON.greatestByteCount).utf8)
    #expect(throws: CanonicalJSONError.tooDeep) { try CanonicalJSON.parse(bytes) }
  }

  @Test(
    arguments: [[0xFF], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE1, 0x80]] as [[UInt8]]
  )
  func invalidUTF8IsRefused(bytes: [UInt8]) {
    let document = Array(#"{"a":""#.utf8) + bytes + Array(#""}"#.utf8)
    #expect(throws: CanonicalJSONError.notUTF8) { try CanonicalJSON.parse(document) }
  }

  @Test func sizeLimit() throws {
    let most = String(repeating: "x", count: CanonicalJSON.greatestByteCount - #"{"a":""}"#.utf8.count)
    #expect(
      try CanonicalJSON.encode(.object([("a", .string(most))])).count == CanonicalJSON.greatestByteCount)
    #expect(throws: CanonicalJSONError.tooLarge) {
      try CanonicalJSON.encode(.object([("a", .string(most + "x"))]))
    }
    #expect(throws: CanonicalJSONError.tooLarge) { try parse(#"{"a":"\#(most)x"}"#) }
  }

  @Test func valuesCompareByBytes() {
    #expect(JSONValue.string("\u{1ED9}") != .string("o\u{323}\u{302}"))
    #expect(
      JSONValue.object([("a", .integer(1)), ("b", .integer(2))])
        == .object([("b", .integer(2)), ("a", .integer(1))]))
    #expect(JSONValue.object([("a", .integer(1))]) != .object([("a", .integer(1)), ("b", .integer(2))]))
    #expect(JSONValue.integer(1) != .bool(true))
    #expect(JSONValue.object([("a", .integer(1))])["a"]?.integerValue == 1)
    #expect(JSONValue.object([("a", .integer(1))])["b"] == nil)
  }

  @Test(arguments: [0, 9, 10, -1, -10, 1_000_000, .max, .min, -9_007_199_254_740_991] as [Int64])
  func integersAreDecimal(number: Int64) {
    var output: [UInt8] = []
    CanonicalJSON.appendInteger(number, to: &output)
    #expect(output == Array(String(number).utf8))
  }

  /// The quick check for Vietnamese letters must agree with the full one, also beside combining marks.
  @Test(arguments: [111, 112] as [UInt64])
  func normalizationAgreesWithFoundation(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let ranges: [ClosedRange<UInt32>] = [
      0x20...0x2FF, 0x300...0x36F, 0x1E00...0x1EFF, 0x2010...0x2027, 0x20A0...0x20BF, 0x2100...0x212F,
    ]
    for round in 0..<2_000 {
      var text = ""
      for _ in 0...round % 5 {
        let range = ranges[Int.random(in: 0..<ranges.count, using: &generator)]
        let value = UInt32.random(in: range, using: &generator)
        if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
      }
      let expected = text.precomposedStringWithCanonicalMapping
      let scalars = text.unicodeScalars.map(\.value)
      #expect(CanonicalJSON.isNormalized(text) == text.utf8.elementsEqual(expected.utf8), "\(scalars)")
      #expect(CanonicalJSON.normalized(text).utf8.elementsEqual(expected.utf8), "\(scalars)")
    }
    for value in ranges.joined() {
      guard let text = Unicode.Scalar(value).map({ String($0) }) else { continue }
      let expected = text.precomposedStringWithCanonicalMapping
      #expect(CanonicalJSON.isNormalized(text) == text.utf8.elementsEqual(expected.utf8), "\(value)")
    }
  }

  @Test func normalizedTextIsNormalized() {
    let decomposed = "Ho\u{302}\u{300} so\u{31B} Tha\u{301}i Nguye\u{302}\u{303}n"
    #expect(!CanonicalJSON.isNormalized(decomposed))
    let composed = CanonicalJSON.normalized(decomposed)
    #expect(CanonicalJSON.isNormalized(composed))
    #expect(composed.utf8.elementsEqual("Hồ sơ Thái Nguyễn".precomposedStringWithCanonicalMapping.utf8))
  }
}

@Suite struct CanonicalJSONVectorTests {
  struct Vectors: Decodable {
    struct Vector: Decodable {
      let id: String, inputBase64: Data, outputBase64: Data
    }
    let vectors: [Vector]
  }

  /// The RFC's outputs that have no null and no fraction are read and written back byte for byte with the
  /// profile's key and string rules off; the inputs are other spellings of them and are refused as such.
  @Test func rfc8785() throws {
    let published: Vectors = try vectors("jcs_rfc8785")
    var accepted: Set<String> = []
    for vector in published.vectors {
      let input = Array(vector.inputBase64)
      let output = Array(vector.outputBase64)
      switch vector.id {
      case "arrays":
        #expect(throws: CanonicalJSONError.nullNotAllowed(offset: 17)) {
          try CanonicalJSON.parse(output, as: .transport)
        }
      case "values":
        #expect(throws: CanonicalJSONError.nullNotAllowed(offset: 13)) {
          try CanonicalJSON.parse(output, as: .transport)
        }
      default:
        accepted.insert(vector.id)
        let value = try CanonicalJSON.parse(output, as: .transport)
        #expect(try CanonicalJSON.encode(value, as: .transport) == output, "\(vector.id)")
        #expect(throws: CanonicalJSONError.self) { try CanonicalJSON.parse(input, as: .transport) }
        #expect(throws: CanonicalJSONError.keyNotAllowed, "\(vector.id)") { try CanonicalJSON.parse(output) }
      }
    }
    #expect(accepted == ["french", "structures", "unicode", "weird"])
  }

  /// Every input with integers only, read in its own spelling, is written in the published one.
  @Test func rfc8785FromOtherSpellings() throws {
    let published: Vectors = try vectors("jcs_rfc8785")
    var count = 0
    for vector in published.vectors where ["french", "unicode", "weird"].contains(vector.id) {
      var parser = try CanonicalJSONParser(Array(vector.inputBase64))
      let value = try parser.document()
      #expect(try CanonicalJSON.encode(value, as: .transport) == Array(vector.outputBase64), "\(vector.id)")
      count += 1
    }
    #expect(count == 3)
  }

  /// The escapes of the `values` vector, whose numbers and null are outside the profile.
  @Test func rfc8785Escapes() {
    var output: [UInt8] = []
    CanonicalJSON.appendString("€$\u{0F}\nA'B\"\\\\\"/".utf8, to: &output)
    #expect(output == Array(#""€$\u000f\nA'B\"\\\\\"/""#.utf8))
  }
}
