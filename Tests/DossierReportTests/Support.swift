import Foundation

/// SplitMix64: a random test that fails can be run again with the seed it printed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Texts that writers get wrong: separators, quotes, line ends, Vietnamese composed and decomposed, wide
  /// letters.
  mutating func awkwardText() -> String {
    let pieces = [
      ",", "\"", "\r\n", "\n", "\r", "\t", "\\", "\\n", " ", "'", "=1+1", "-", "@", "+84", ";", "|", "“",
      "Bưu cục", "e\u{302}\u{301}", "ế", "\"\u{301}", "日本", "👩‍🚀", "\u{1F}", "\u{7F}", "\u{2028}", "a", "0012",
    ]
    return (0..<Int.random(in: 0...6, using: &self)).map { _ in
      pieces[Int.random(in: 0..<pieces.count, using: &self)]
    }.joined()
  }
}

/// Runs Python as an independent reader of what we write.
enum Python {
  static let isAvailable = (try? run("print(1)", on: "")) == "1\n"
  static let missing = "python3 is not installed, so its readers cannot check ours"

  /// - Parameters:
  ///   - script: finds the name of a file that holds `input` in `sys.argv[1]`.
  ///   - input: what the script reads.
  /// - Returns: what the script printed.
  static func run(_ script: String, on input: String) throws -> String {
    try run(["python3", "-c", script], interpreter: "/usr/bin/env", on: input)
  }

  /// The same with a script of its own file, by an interpreter that has the packages it needs.
  static func run(file: String, interpreter: String, on input: String) throws -> String {
    try run([file], interpreter: interpreter, on: input)
  }

  private static func run(_ arguments: [String], interpreter: String, on input: String) throws -> String {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try Data(input.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: interpreter)
    process.arguments = arguments + [file.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
    return String(decoding: data, as: UTF8.self)
  }

  struct Failure: Error { let status: Int32 }
}

func hex(_ text: String) -> String {
  text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

extension Double {
  var logarithm: Double { log(self) }
}
