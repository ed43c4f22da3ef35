import Foundation
import Testing

/// How the command behaves among other programs: help, usage errors, closed pipes, full disks, Ctrl-C.
@Suite struct MannersTests {
  static let verbs: [[String]] = [
    [], ["demo"], ["init"], ["import"], ["receive"], ["record"], ["show"], ["list"], ["list", "manifests"],
    ["list", "items"], ["list", "events"], ["list", "findings"], ["audit"], ["explain"], ["report"],
    ["report", "losses"], ["report", "custody"], ["report", "fees"], ["reconcile"], ["log"],
    ["log", "checkpoint"], ["log", "verify"],
    ["log", "prove"], ["log", "publish"], ["log", "compare"], ["log", "witness-request"],
    ["log", "add-cosignature"], ["witness"], ["witness", "init"], ["witness", "trust"],
    ["witness", "cosign"],
    ["witness", "serve"], ["log", "rotate-key"], ["log", "freeze"], ["log", "succeed"], ["log", "adopt"],
    ["backup"], ["restore"], ["offices"],
    ["offices", "import"], ["offices", "list"], ["sample"], ["doctor"],
    ["print"], ["print", "record"], ["print", "slip"], ["print", "labels"], ["print", "commands"],
    ["receipt"],
    ["erase"], ["erase", "order"], ["erase", "carry-out"], ["erase", "list"], ["erase", "scrub"],
    ["retention"],
    ["retention", "policy"], ["retention", "list"], ["retention", "apply"],
  ]

  @Test(arguments: verbs)
  func everyVerbExplainsItselfWithAnExample(verb: [String]) throws {
    let answer = try Command.run(verb + ["--help"])
    #expect(answer.code == 0)
    #expect(answer.talk.isEmpty)
    #expect(answer.text.contains("EXAMPLE\n  dossier \(verb.first ?? "")"), "\(answer.text)")
    #expect(answer.text.contains(" · "), "an abstract in one language only")
  }

  @Test func noOptionIsWithoutHelp() throws {
    let dump = try Command.run(["--experimental-dump-help"]).object()
    func check(_ command: [String: Any], _ path: String) {
      let name = path + " " + (command["commandName"] as? String ?? "?")
      for argument in command["arguments"] as? [[String: Any]] ?? [] {
        let text = argument["abstract"] as? String ?? ""
        #expect(!text.isEmpty, "\(name): \(argument["valueName"] ?? "?") has no help")
      }
      for sub in command["subcommands"] as? [[String: Any]] ?? []
      where sub["commandName"] as? String != "help" {
        check(sub, name)
      }
    }
    check(try #require(dump["command"] as? [String: Any]), "")
  }

  @Test(arguments: [
    ["bogus"], ["import"], ["show"], ["list", "items", "--state", "asleep"],
    ["list", "events", "--from", "-1"],
    ["record", "manifestClosed", "X"], ["record", "held", "X", "--at", "yesterday"],
    ["record", "damaged", "X", "--documents", "-1"], ["report", "losses", "--by", "leg,leg"],
    ["report", "losses", "--from", "2026-02-30"],
    ["report", "losses", "--from", "2026-02-01", "--to", "2026-01-01"],
    ["audit", "--item", "X", "--checkpoint", "y"], ["import", "-", "-"], ["show", "X", "--format", "yaml"],
    ["show", "X", "--lang", "fr"], ["init", "--office", "H48"],
    ["log", "prove", "X", "--reveal", "name"], ["log", "verify", "x", "--key", "/nonexistent"],
    ["log", "verify", "x", "--key", "a", "--policy", "b"], ["log", "add-cosignature", "x"],
    ["witness", "init", "w", "--name", "two words"], ["witness", "serve", "w", "--port", "70000"],
    ["backup"], ["log", "succeed"], ["init", "--office", "H48", "--name", "X", "--after-key", "x"],
  ])
  func wrongUsageIsAnsweredWith64(line: [String]) throws {
    let answer = try Command.run(line)
    #expect(answer.code == 64, "\(answer.talk)")
    #expect(answer.output.isEmpty)
    #expect(answer.talk.hasPrefix("dossier: error: "), "\(answer.talk)")
    let json = try Command.run(line + (line.contains("--format") ? [] : ["--format", "json"]))
    if !line.contains("--format") {
      #expect((try json.object()["error"] as? [String: Any])?["severity"] as? String == "error")
    }
  }

  /// What cannot be done, and the code that says why.
  @Test(arguments: [
    (["show", "X", "--data", "/nonexistent"], "D-4001"), (["audit", "--data", "/nonexistent"], "D-4001"),
    (["import", "x.xml", "--data", "/nonexistent"], "D-4001"),
    (["record", "held", "X", "--reason", "a", "--data", "/nonexistent"], "D-4001"),
    (["show", "NO-SUCH-THING"], "D-4011"), (["audit", "--item", "NO-SUCH-THING"], "D-4011"),
    (["explain", "D-9999"], "D-4011"), (["receive", "BK-NONE", "--scans", "x"], "D-2104"),
    (["receive", "BK-590230-260112-001", "--close"], "D-2107"),
    (["receive", "BK-590230-260112-001", "--close", "--by", "A", "--witness", "a"], "D-2105"),
    (["list", "items", "--manifest", "BK-NONE"], "D-2104"), (["log", "verify", "/nonexistent"], "D-1017"),
    (["offices", "import", "/nonexistent"], "D-1017"), (["log", "prove", "NO-SUCH-THING"], "D-4011"),
    (["witness", "cosign", "/nonexistent", "x"], "D-3210"),
    (["init", "--office", "H48.25", "--name", "X"], "D-4002"),
    (["init", "--office", "a b/c", "--name", "X", "--data", "new"], "D-1308"),
    (["list", "items", "--output", "/nonexistent/x"], "D-4012"),
    (["erase", "order", "NO", "--fields", "sender", "--basis", "subject_request", "--by", "A"], "D-4011"),
    (["erase", "carry-out", "erase+1", "--by", "A"], "D-3303"),
    (["retention", "list", "--policy", "/nonexistent"], "D-1017"),
    (["demo", "--data", "new", "--samples", "/nonexistent"], "D-1017"),
    (["backup", "/nonexistent/x"], "D-4012"), (["backup", "/dev/null"], "D-4012"),
    (["restore", "/nonexistent/x", "--data", "new"], "D-4014"), (["restore", "x"], "D-4002"),
    (["log", "rotate-key", "--finish"], "D-3018"), (["log", "succeed", "--reason", "a b"], "D-1217"),
    (["log", "adopt", "/nonexistent"], "D-1017"), (["log", "freeze", "--data", "/nonexistent"], "D-4001"),
  ])
  func whatCannotBeDoneIsAnsweredWith2(line: [String], code: String) throws {
    let (folder, store) = try DemoStore.copy()
    defer { withExtendedLifetime(folder) {} }
    let answer = try Command.run(line, environment: ["DOSSIER_DATA": store])
    #expect(answer.code == 2, "\(answer.talk)")
    #expect(answer.output.isEmpty)
    #expect(answer.talk.hasPrefix("dossier: error: \(code): "), "\(answer.talk)")
    #expect(answer.talk.contains("\ndossier: hint: "), "\(answer.talk)")
    for format in ["json", "ndjson"] {
      let json = try Command.run(line + ["--format", format], environment: ["DOSSIER_DATA": store])
      let error = try #require(try json.object()["error"] as? [String: Any])
      #expect(error["code"] as? String == code)
      #expect(error.count == 11)
    }
  }

  @Test func theLanguageIsThatOfTheSurroundings() throws {
    func talk(_ environment: [String: String], _ line: [String] = []) throws -> String {
      try Command.run(["show", "X", "--data", "/nonexistent"] + line, environment: environment).talk
    }
    let english = try talk([:])
    #expect(english.contains("There is no store"))
    let vietnamese = try talk(["LANG": "vi_VN.UTF-8"])
    #expect(vietnamese.contains("Không có kho dữ liệu"))
    #expect(try talk(["LANG": ""]) == vietnamese)
    #expect(try talk(["LC_ALL": "C.UTF-8"]) == vietnamese)
    #expect(try talk(["LANG": "vi", "LC_MESSAGES": "en_GB"]) == english)
    #expect(try talk([:], ["--lang", "vi"]) == vietnamese)
  }

  @Test(arguments: ["table", "json", "ndjson", "csv", "tsv"])
  func aReaderThatHasSeenEnoughIsNoError(format: String) throws {
    // Far more than a pipe holds, so that the program is still writing when its reader leaves.
    let line =
      "for i in 1 2 3; do dossier list events --format \(format) --data '\(try DemoStore.path())' | head -c 10 "
      + ">/dev/null; echo ${PIPESTATUS[0]}; done"
    let answer = try Command.shell(line)
    #expect(answer.text == "0\n0\n0\n")
    #expect(answer.talk.isEmpty, "\(answer.talk)")
  }

  @Test func nothingIsColouredWithoutATerminal() throws {
    for environment in [[:], ["NO_COLOR": "1"], ["TERM": "xterm-256color"]] {
      let answer = try Command.run(
        ["report", "losses", "--data", try DemoStore.path()], environment: environment)
      #expect(!answer.output.contains(0x1B))
      #expect(!answer.talk.utf8.contains(0x1B))
    }
  }

  @Test func aFullDeviceIsAnErrorAndAFileIsWholeOrNotThere() throws {
    let store = try DemoStore.path()
    let full = try Command.shell("dossier list events --data '\(store)' > /dev/full")
    #expect(full.code == 2)
    #expect(full.talk.contains("D-4012"))
    let folder = try TemporaryFolder()
    try Data("old".utf8).write(to: URL(fileURLWithPath: folder.path + "/events.csv"))
    let limited = try Command.shell(
      "ulimit -f 10; dossier list events --data '\(store)' --format csv --output '\(folder.path)/events.csv'")
    #expect(limited.code == 2)
    #expect(try folder.contents() == ["events.csv": Data("old".utf8)])
  }

  @Test func aStoreThatCannotGrowStaysWhole() throws {
    let (folder, store) = try DemoStore.copy()
    defer { withExtendedLifetime(folder) {} }
    let sample = folder.path + "/sample"
    _ = try Command.run(["sample", "--items", "200", "--out", sample, "--only", "manifests"])
    let limited = try Command.shell(
      "ulimit -f 100; dossier import '\(sample)' --data '\(store)' --format json")
    #expect(limited.code == 2, "\(limited.talk)")
    #expect((try limited.object()["error"] as? [String: Any])?["code"] as? String == "D-4005")
    let audit = try Command.run(["audit", "--data", store, "--format", "json"])
    #expect(try audit.object()["verdict"] as? String == "intact", "\(audit.text)")
    let again = try Command.run(["import", sample, "--data", store])
    #expect(again.code == 0, "\(again.talk)")
  }

  @Test func controlCharactersOfADocumentDoNotReachTheTerminal() throws {
    let (folder, store) = try DemoStore.copy()
    let name = folder.path + "/\u{1B}[31mred.xml"
    try Data("<x/>".utf8).write(to: URL(fileURLWithPath: name))
    let answer = try Command.run(["import", name, "--data", store])
    #expect(answer.code == 1)
    #expect(!answer.talk.utf8.contains(0x1B))
    #expect(!answer.output.contains(0x1B))
  }

  @Test func noSentenceHasAHole() throws {
    func messages(_ value: Any) -> [String] {
      if let object = value as? [String: Any] {
        return (object["message"] as? String).map { [$0] } ?? object.values.flatMap(messages)
      }
      return (value as? [Any])?.flatMap(messages) ?? []
    }
    let told = messages(try DemoStore.answer().json())
    #expect(told.count > 20)
    #expect(told.filter { $0.contains("?") } == [])
    let stored = messages(
      try Command.run(["list", "findings", "--data", DemoStore.path(), "--format", "json"]).json())
    #expect(stored.count > 5)
    #expect(stored.filter { $0.contains("?") } == [])
  }
}
