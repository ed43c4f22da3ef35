import CustodyLog
import Foundation
import Testing

/// An independent writer: an auditor's Python needs nothing but `json.dumps`.
@Suite struct CanonicalJSONPythonTests {
  static let python: URL? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { URL(filePath: String($0)).appending(path: "python3") }
    .first { FileManager.default.isExecutableFile(atPath: $0.path) }

  @Test(.enabled(if: python != nil, "python3 is not installed"), arguments: [91, 92, 93] as [UInt64])
  func agreesWithPython(seed: UInt64) throws {
    var documents = RandomDocuments(seed: seed)
    var spellings = ""
    var expected: [[UInt8]] = []
    for _ in 0..<300 {
      let value = documents.document()
      let canonical = try CanonicalJSON.encode(value)
      let spelling = documents.spelling(of: value)
      #expect(try CanonicalJSON.parse(canonical) == value)
      if Array(spelling.utf8) != canonical {
        #expect(throws: CanonicalJSONError.self) { try CanonicalJSON.parse(Array(spelling.utf8)) }
      }
      expected.append(canonical)
      spellings += spelling + "\n"
    }
    let written = try Self.rewrite(spellings).split(separator: UInt8(ascii: "\n"))
    #expect(written.count == expected.count)
    for (python, ours) in zip(written, expected) where Array(python) != ours {
      Issue.record(
        "Python: \(String(decoding: python, as: UTF8.self)), here: \(String(decoding: ours, as: UTF8.self))")
    }
  }

  /// Each line read and written again by Python.
  static func rewrite(_ lines: String) throws -> [UInt8] {
    let program = """
      import json, sys
      for line in sys.stdin.buffer:
          text = json.dumps(json.loads(line), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
          sys.stdout.buffer.write(text.encode("utf-8") + b"\\n")
      """
    let input = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data(lines.utf8).write(to: input)
    defer { try? FileManager.default.removeItem(at: input) }
    let process = Process()
    process.executableURL = python
    process.arguments = ["-c", program]
    process.standardInput = try FileHandle(forReadingFrom: input)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let bytes = try #require(try output.fileHandleForReading.readToEnd())
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return Array(bytes)
  }
}

/// Random documents of the profile, and random other spellings of them.
struct RandomDocuments {
  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func document() -> JSONValue { object(depth: 1) }

  private mutating func object(depth: Int) -> JSONValue {
    var members: [String: JSONValue] = [:]
    for _ in 0..<Int.random(in: 0...6, using: &generator) { members[key()] = value(depth: depth) }
    return .object(members.map { ($0.key, $0.value) }.shuffled(using: &generator))
  }

  private mutating func value(depth: Int) -> JSONValue {
    switch Int.random(in: 0..<(depth < 6 ? 6 : 4), using: &generator) {
    case 0: return .integer(integer())
    case 1: return .bool(Bool.random(using: &generator))
    case 2, 3: return .string(text())
    case 4:
      return .array((0..<Int.random(in: 0...4, using: &generator)).map { _ in value(depth: depth + 1) })
    default: return object(depth: depth + 1)
    }
  }

  private mutating func integer() -> Int64 {
    let greatest = CanonicalJSON.greatestInteger
    let bits = Int64.random(in: 0...53, using: &generator)
    return Int64.random(in: -greatest...greatest, using: &generator) >> bits
  }

  private mutating func key() -> String {
    let letters = Array("abcxyz"), others = Array("abz019_")
    var key = String(letters[Int.random(in: 0..<letters.count, using: &generator)])
    for _ in 0..<Int.random(in: 0...31, using: &generator) {
      key.append(others[Int.random(in: 0..<others.count, using: &generator)])
    }
    return key
  }

  private mutating func text() -> String {
    let pieces = [
      "a", "Z", "0", " ", "\"", "\\", "/", "ồ", "Đ", "ưới", "\u{7F}", "\u{85}", "\u{2028}", "€", "😂",
      "\u{FB33}",
      "\u{FFFD}", "\u{10FFFF}", "中", "<", "&", "'",
    ]
    let text = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
      pieces[Int.random(in: 0..<pieces.count, using: &generator)]
    }.joined()
    return CanonicalJSON.normalized(text)
  }

  // MARK: - Other spellings

  mutating func spelling(of value: JSONValue) -> String {
    switch value {
    case .object(let members):
      let parts = members.map { spelling(ofText: $0.0) + space() + ":" + space() + spelling(of: $0.1) }
      return "{" + space() + parts.joined(separator: "," + space()) + "}"
    case .array(let elements):
      return "[" + elements.map { spelling(of: $0) + space() }.joined(separator: ",") + "]"
    case .string(let text): return spelling(ofText: text)
    case .integer(let number): return String(number)
    case .bool(let flag): return flag ? "true" : "false"
    }
  }

  private mutating func space() -> String {
    ["", "", " ", "\t"][Int.random(in: 0..<4, using: &generator)]
  }

  private mutating func spelling(ofText text: String) -> String {
    var output = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += #"\""#
      case "\\": output += #"\\"#
      case "/": output += Bool.random(using: &generator) ? "/" : #"\/"#
      default:
        if Int.random(in: 0..<5, using: &generator) == 0 {
          for unit in String(scalar).utf16 {
            let digits = String(unit, radix: 16, uppercase: Bool.random(using: &generator))
            output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
          }
        } else {
          output.unicodeScalars.append(scalar)
        }
      }
    }
    return output + "\""
  }
}
