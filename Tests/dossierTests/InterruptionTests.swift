import Foundation
import Testing

/// Ctrl-C and SIGTERM: exit code 130, one sentence, and a store that is whole.
@Suite struct InterruptionTests {
  @Test(arguments: [SIGINT, SIGTERM])
  func whatWasAnsweredIsRecorded(signal: Int32) throws {
    let (folder, store) = try DemoStore.copy()
    defer { withExtendedLifetime(folder) {} }
    let process = Process()
    let (input, output, talk) = (Pipe(), Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: Command.program)
    process.arguments = ["receive", "BK-590820-260119-001", "--data", store, "--format", "ndjson"]
    process.environment = Command.surroundings
    process.standardInput = input
    process.standardOutput = output
    process.standardError = talk
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data("EM473481114VN\n".utf8))
    // The answer comes after the commit, so once it is here the event is recorded.
    let answer = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    #expect(answer.contains(#""verdict":"accepted""#))
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    #expect(process.terminationReason == .exit)
    let sentence = String(decoding: talk.fileHandleForReading.availableData, as: UTF8.self)
    #expect(sentence.contains("recorded for manifest BK-590820-260119-001"), "\(sentence)")
    let shown = try Command.run(["show", "EM473481114VN", "--data", store, "--format", "json"]).object()
    #expect(shown["state"] as? String == "inCustody")
    #expect(shown["custodian"] as? String == "H48.39")
    let audit = try Command.run(["audit", "--data", store, "--format", "json"]).object()
    #expect(audit["verdict"] as? String == "intact")
  }

  @Test func anImportIsWholeOrNotThere() throws {
    let (folder, store) = try DemoStore.copy()
    let sample = folder.path + "/sample"
    _ = try Command.run([
      "sample", "--items", "4000", "--single-file", "--only", "manifests", "--out", sample,
    ])
    for delay in [100, 250] {
      let line =
        "dossier import '\(sample)' --data '\(store)' --output '\(folder.path)/result' & sleep 0.\(delay); "
        + "kill -TERM $(pgrep -P $!) $! 2>/dev/null; wait $!; echo $?"
      _ = try Command.shell(line)
      let audit = try Command.run(["audit", "--data", store, "--format", "json"]).object()
      #expect(audit["verdict"] as? String == "intact", "after \(delay) ms")
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(!left.contains { $0.contains(".new") }, "\(left)")
    }
    #expect(try Command.run(["import", sample, "--data", store]).code == 0)
  }
}
