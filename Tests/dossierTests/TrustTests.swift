import Foundation
import Testing

/// Checkpoints that others keep, a store that was rolled back, and what the doctor sees.
@Suite struct TrustTests {
  @Test func aKeptCheckpointIsVerified() throws {
    let (folder, store) = try DemoStore.copy()
    let kept = folder.path + "/kept"
    let made = try Command.run(["log", "checkpoint", "--data", store, "--output", kept])
    #expect(made.code == 0)
    #expect(made.output.isEmpty)
    _ = try Command.run([
      "record", "held", "EM473195431VN", "--office", "590230", "--reason", "a", "--data", store,
    ])
    let good = try Command.run(["log", "verify", kept, "--data", store, "--format", "json"])
    #expect(good.code == 0)
    #expect(try good.object()["verdict"] as? String == "consistent")
    #expect(try Command.run(["audit", "--checkpoint", kept, "--data", store]).code == 0)

    let text = try String(contentsOfFile: kept, encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let size = try #require(Int(lines[1]))
    let forged = text.replacingOccurrences(of: "\n\(size)\n", with: "\n\(size - 1)\n")
    #expect(forged != text)
    let bad = try Command.run(["log", "verify", "-", "--data", store, "--format", "json"], input: forged)
    #expect(bad.code == 1)
    let result = try bad.object()
    #expect(result["verdict"] as? String == "contradiction")
    #expect(result["root"] is NSNull)
    #expect((result["findings"] as? [[String: Any]])?.first?["code"] as? String == "D-3008")
    try forged.write(toFile: kept, atomically: true, encoding: .utf8)
    #expect(try Command.run(["audit", "--checkpoint", kept, "--data", store]).code == 1)
  }

  @Test func aStoreThatWasRolledBackIsReadAndNeverWritten() throws {
    let (folder, store) = try DemoStore.copy()
    let event = ["record", "held", "EM473195431VN", "--reason", "a", "--data", store]
    let old = folder.path + "/old.sqlite"
    try FileManager.default.copyItem(atPath: store + "/store.sqlite", toPath: old)
    #expect(try Command.run(event).code == 0)
    try FileManager.default.removeItem(atPath: store + "/store.sqlite")
    try FileManager.default.moveItem(atPath: old, toPath: store + "/store.sqlite")
    for line in [
      event, ["import", Command.samples + "/events", "--data", store],
      ["log", "checkpoint", "--data", store],
    ] {
      let answer = try Command.run(line)
      #expect(answer.code == 2)
      #expect(answer.talk.contains("D-3010"), "\(answer.talk)")
    }
    #expect(try Command.run(["show", "EM473195431VN", "--data", store]).code == 0)
    let audit = try Command.run(["audit", "--data", store, "--format", "json"])
    #expect(audit.code == 1)
    #expect(try audit.object()["verdict"] as? String == "contradiction")
    let doctor = try Command.run(["doctor", "--data", store, "--format", "json"])
    #expect(doctor.code == 1)
    #expect(
      try doctor.rows().first { $0["check"] as? String == "checkpoint" }?["code"] as? String == "D-3010")
  }

  @Test func anAuditGoesOnFromAKeptCheckpointOrFindsTheOneThatFails() throws {
    let (folder, store) = try DemoStore.copy()
    let kept = folder.path + "/kept"
    try FileManager.default.createDirectory(atPath: kept, withIntermediateDirectories: true)
    for round in 0..<3 {
      let made = try Command.run(["log", "checkpoint", "--data", store, "--output", kept + "/\(round)"])
      #expect(made.code == 0)
      let line = ["record", "held", "EM473195431VN", "--office", "590230", "--reason", "a", "--data", store]
      #expect(try Command.run(line + ["--seen", kept + "/0"]).code == 0)
    }
    let since = try Command.run(["audit", "--since", kept + "/1", "--data", store, "--format", "json"])
    let grown = try #require(try since.object()["checked"] as? [[String: Any]])
    #expect(grown.first { $0["what"] as? String == "events" }?["count"] as? Int == 2)
    #expect(since.code == 0, "\(since.text)")
    let whole = try Command.run(["audit", "--bisect", kept, "--data", store, "--format", "json"])
    #expect(whole.code == 0)
    #expect(try whole.object()["verdict"] as? String == "intact")
    let text = try String(contentsOfFile: kept + "/1", encoding: .utf8)
    try text.replacingOccurrences(of: "\n— ", with: "\n— x").write(
      toFile: folder.path + "/forged", atomically: true, encoding: .utf8)
    for option in ["--since", "--bisect"] {
      let forged = try Command.run(
        ["audit", option, folder.path + "/forged", "--data", store, "--format", "json"])
      #expect(forged.code == 1)
      #expect(forged.text.contains("D-3008"))
    }
    #expect(try Command.run(["audit", "--since", kept + "/1", "--item", "X", "--data", store]).code == 64)
    let foreign = ["record", "held", "EM473195431VN", "--reason", "a", "--data", store, "--seen"]
    #expect(try Command.run(foreign + [folder.path + "/forged"]).code == 2)
  }

  @Test func theDoctorNamesWhatNeedsALook() throws {
    let (folder, store) = try DemoStore.copy()
    defer { withExtendedLifetime(folder) {} }
    func codes(_ line: [String], expecting code: Int32) throws -> [String] {
      let answer = try Command.run(["doctor", "--format", "json"] + line)
      #expect(answer.code == code, "\(answer.text)")
      return try answer.rows().compactMap { $0["code"] as? String }
    }
    #expect(try codes(["--data", store], expecting: 0) == [])
    let key = store + "/keys/log.key"
    chmod(key, 0o644)
    #expect(try codes(["--data", store], expecting: 1) == ["D-4004"])
    unlink(key)
    unlink(store + "/keys/head")
    #expect(try codes(["--data", store], expecting: 1) == ["D-4003", "D-3012"])
    #expect(try codes(["--data", "/nonexistent"], expecting: 1) == ["D-4001"])
    // Nobody asked for a store here.
    #expect(try codes([], expecting: 0) == ["D-4001"])
  }

  @Test func aDocumentIsTakenFromAPipe() throws {
    let (folder, store) = try DemoStore.copy()
    let sample = folder.path + "/sample"
    _ = try Command.run(["sample", "--items", "5", "--out", sample, "--only", "manifests", "--single-file"])
    let line = "cat '\(sample)'/manifests/*.xml | gzip | dossier import - --data '\(store)' --format json"
    let answer = try Command.shell(line)
    #expect(answer.code == 0, "\(answer.talk)")
    let documents = try #require(try answer.object()["manifests"] as? [[String: Any]])
    #expect(documents.map { $0["file"] as? String } == ["-"])
    #expect(documents.map { $0["status"] as? String } == ["recorded"])
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func completionsAreGenerated(shell: String) throws {
    let answer = try Command.run(["--generate-completion-script", shell])
    #expect(answer.code == 0)
    for word in ["receive", "losses", "checkpoint", "partlyReadable"] {
      #expect(answer.text.contains(word), "\(word) is not completed in \(shell)")
    }
    if shell == "bash" {
      let checked = try Command.shell("dossier --generate-completion-script bash | bash -n")
      #expect(checked.code == 0, "\(checked.talk)")
    }
  }
}
