import Foundation
import Testing

/// The built program, run as a user runs it.
enum Command {
  struct Answer {
    var code: Int32
    var output: Data
    var talk: String

    var text: String { String(decoding: output, as: UTF8.self) }

    /// The result as JSON; a test issue when it is none.
    func json() throws -> Any { try JSONSerialization.jsonObject(with: output, options: [.fragmentsAllowed]) }
    func object() throws -> [String: Any] { try #require(try json() as? [String: Any], "no object: \(text)") }
    func rows() throws -> [[String: Any]] { try #require(try json() as? [[String: Any]], "no rows: \(text)") }
  }

  static let program: String = {
    let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let beside = URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("dossier")
    if FileManager.default.isExecutableFile(atPath: beside.path) { return beside.path }
    return SourceTree.root + "/.build/debug/dossier"
  }()

  static let samples = SourceTree.root + "/SampleData"

  /// Surroundings that say nothing about language, store or colours.
  static let surroundings = ["PATH": "/usr/bin:/bin", "LANG": "en_US.UTF-8"]

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - arguments: without the program's name.
  ///   - input: standard input.
  ///   - environment: set on top of `surroundings`.
  static func run(
    _ arguments: [String], input: String = "", environment: [String: String] = [:]
  ) throws -> Answer {
    try execute(program, arguments, input: input, environment: environment)
  }

  /// Runs a line of shell in which `dossier` is the program.
  static func shell(_ line: String, environment: [String: String] = [:]) throws -> Answer {
    let script = "dossier() { '\(program)' \"$@\"; }\n" + line
    return try execute("/bin/bash", ["-c", script], input: "", environment: environment)
  }

  private static func execute(
    _ path: String, _ arguments: [String], input: String, environment: [String: String]
  ) throws -> Answer {
    let folder = try TemporaryFolder()
    // Files, not pipes: however much is printed, nobody waits for anybody.
    for name in ["in", "out", "err"] {
      try Data(name == "in" ? Array(input.utf8) : []).write(
        to: URL(fileURLWithPath: folder.path + "/" + name))
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = surroundings.merging(environment) { $1 }
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardInput = FileHandle(forReadingAtPath: folder.path + "/in")
    process.standardOutput = FileHandle(forWritingAtPath: folder.path + "/out")
    process.standardError = FileHandle(forWritingAtPath: folder.path + "/err")
    try process.run()
    process.waitUntilExit()
    return Answer(
      code: process.terminationStatus,
      output: try Data(contentsOf: URL(fileURLWithPath: folder.path + "/out")),
      talk: String(
        decoding: try Data(contentsOf: URL(fileURLWithPath: folder.path + "/err")), as: UTF8.self))
  }
}

/// A folder that is gone when nobody holds it any more.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "dossier-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { remove() }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// Bytes of the files in it, by their names.
  func contents() throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
      var isFolder: ObjCBool = false
      let full = path + "/" + name
      guard FileManager.default.fileExists(atPath: full, isDirectory: &isFolder), !isFolder.boolValue else {
        continue
      }
      files[name] = try Data(contentsOf: URL(fileURLWithPath: full))
    }
    return files
  }
}

/// The demo's store, made once; a test that writes takes a copy.
enum DemoStore {
  private static let folder: Result<(TemporaryFolder, Command.Answer), any Error> = Result {
    let folder = try TemporaryFolder()
    atexit { if case .success(let made) = DemoStore.folder { made.0.remove() } }
    let answer = try Command.run([
      "demo", "--data", folder.path + "/store", "--samples", Command.samples, "--format", "json",
    ])
    return (folder, answer)
  }

  static func answer() throws -> Command.Answer { try folder.get().1 }
  static func path() throws -> String { try folder.get().0.path + "/store" }

  static func copy() throws -> (folder: TemporaryFolder, path: String) {
    let copy = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: try path(), toPath: copy.path + "/store")
    return (copy, copy.path + "/store")
  }
}

/// The names of an object's members in the order in which they are printed, at the given depth of a
/// pretty-printed JSON text.
func keys(_ text: String, depth: Int) -> [String] {
  let indent = String(repeating: "  ", count: depth) + "\""
  return text.split(separator: "\n").compactMap { line in
    guard line.hasPrefix(indent) else { return nil }
    return line.dropFirst(indent.count).split(separator: "\"").first.map(String.init)
  }
}

/// Keys in order of their first appearance.
func distinct(_ names: [String]) -> [String] {
  var seen: Set<String> = []
  return names.filter { seen.insert($0).inserted }
}
