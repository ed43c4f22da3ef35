import Foundation
import Testing

/// The JSON that others rely on: every key, in the order of the contract.
@Suite struct ContractTests {
  private static let finding = [
    "code", "severity", "message", "hint", "file", "line", "path", "item", "events", "expected", "found",
  ]

  @Test func anImportHasTheKeysOfTheContract() throws {
    let (folder, store) = try DemoStore.copy()
    defer { withExtendedLifetime(folder) {} }
    let answer = try Command.run([
      "import", Command.samples + "/rejected", "--data", store, "--format", "json", "--dry-run",
    ])
    #expect(answer.code == 1)
    #expect(keys(answer.text, depth: 1) == ["manifests", "log"])
    #expect(
      distinct(keys(answer.text, depth: 3))
        == ["file", "manifest", "status", "items", "dossiers", "events", "findings"])
    #expect(distinct(keys(answer.text, depth: 5)) == Self.finding)
    #expect(keys(answer.text, depth: 2) == ["size", "root"])
  }

  @Test func whatIsShownHasTheKeysOfTheContract() throws {
    let store = try DemoStore.path()
    let item = try Command.run(["show", "EM473653477VN", "--data", store, "--format", "json"])
    #expect(
      keys(item.text, depth: 1)
        == ["item", "numbers", "dossiers", "leg", "state", "custodian", "manifest", "events", "findings"])
    #expect(
      distinct(keys(item.text, depth: 3))
        == [
          "index", "id", "kind", "grade", "at", "recordedAt", "office", "operator", "to", "manifest",
          "reason",
          "corrects",
        ] + Self.finding)
    let manifest = try Command.run(["show", "bk-590820-260119-001", "--data", store, "--format", "json"])
    #expect(
      keys(manifest.text, depth: 1)
        == [
          "manifest", "leg", "giver", "receiver", "dispatchedAt", "items", "dossiers", "sha256", "closed",
          "contents", "findings",
        ])
    let code = try #require((try item.object()["dossiers"] as? [String])?.first)
    let dossier = try Command.run(["show", code, "--data", store, "--format", "json"])
    #expect(dossier.output == item.output)
  }

  @Test func anAuditHasTheKeysOfTheContract() throws {
    let answer = try Command.run(["audit", "--data", try DemoStore.path(), "--format", "json"])
    #expect(answer.code == 0)
    #expect(keys(answer.text, depth: 1) == ["verdict", "log", "checked", "unchecked", "findings"])
    #expect(distinct(keys(answer.text, depth: 3)) == ["what", "count", "why"] + Self.finding)
  }

  @Test func provenTimesAreAddedOnlyWhenAskedFor() throws {
    let store = try DemoStore.path()
    let item = ["show", "RM473195480VN", "--data", store, "--format", "json"]
    let plain = try Command.run(item).object()
    let timed = try Command.run(item + ["--times"]).object()
    let events = try #require(plain["events"] as? [[String: Any]])
    let withTimes = try #require(timed["events"] as? [[String: Any]])
    #expect(events.allSatisfy { $0["notBefore"] == nil && $0["notAfter"] == nil })
    for event in withTimes {
      let after = try #require(event["notAfter"] as? [String: Any])
      #expect(Set(after.keys) == ["size", "recordedAt", "cosignedAt"])
      #expect(after["size"] as? Int ?? 0 > event["index"] as? Int ?? .max)
      // What was scanned here names the checkpoint that this machine had signed last.
      let isScan = event["grade"] as? String == "observed"
      #expect((event["notBefore"] as? [String: Any] != nil) == isScan, "\(event)")
    }
    #expect(withTimes.contains { $0["grade"] as? String == "observed" })
    let table = try Command.run(["show", "RM473195480VN", "--data", store])
    #expect(table.text.contains("Between checkpoints"))
  }

  @Test func aLossReportHasTheKeysOfTheContract() throws {
    let answer = try Command.run([
      "report", "losses", "--by", "leg", "--data", try DemoStore.path(), "--format", "json",
    ])
    #expect(keys(answer.text, depth: 1).prefix(6) == ["period", "unit", "by", "log", "rows", "total"])
    #expect(
      distinct(keys(answer.text, depth: 3)).prefix(12)
        == [
          "group", "entrusted", "delivered", "returned", "lost", "destroyed", "open", "missing", "found",
          "damaged", "lostPer100k", "damagedPer100k",
        ])
  }

  @Test func aScanIsAnsweredWithTheKeysOfTheContract() throws {
    let (folder, store) = try DemoStore.copy()
    defer { withExtendedLifetime(folder) {} }
    let answer = try Command.run([
      "record", "held", "EM473195431VN", "--reason", "addressee", "--event", "h1", "--data", store,
      "--format",
      "ndjson",
    ])
    let pattern = #/\{"event":"h1","index":\d+,"item":"EM473195431VN","kind":"held","verdict":"accepted"\}\n/#
    #expect(answer.text.wholeMatch(of: pattern) != nil, "\(answer.text)")
  }

  /// Verbs that only read, and what each must come to on the demo's store.
  static let readers: [[String]] = [
    ["show", "EM473653477VN"], ["show", "BK-590230-260112-001"], ["list", "manifests"], ["list", "items"],
    ["list", "items", "--state", "lost"], ["list", "items", "--manifest", "BK-590230-260112-001"],
    ["list", "events"], ["list", "events", "--from", "100000"], ["list", "events", "--limit", "3"],
    ["list", "findings"], ["audit"], ["audit", "--item", "EM473653477VN"], ["explain"],
    ["explain", "D-1204"],
    ["report", "losses"], ["report", "losses", "--by", "office,month", "--unit", "item"],
    ["log", "checkpoint"], ["offices", "list"],
  ]

  @Test(arguments: readers)
  func everyFormatIsWellFormedAndTheSameTwice(verb: [String]) throws {
    let store = verb[0] == "explain" ? [] : ["--data", try DemoStore.path()]
    let json = try Command.run(verb + store + ["--format", "json"])
    #expect(json.code == 0, "\(json.talk)")
    _ = try json.json()
    #expect(try Command.run(verb + store + ["--format", "json"]).output == json.output)
    for line in try Command.run(verb + store + ["--format", "ndjson"]).output.split(separator: 10) {
      _ = try JSONSerialization.jsonObject(with: line)
    }
    let tsv = try Command.run(verb + store + ["--format", "tsv"]).text
    let widths = Set(
      tsv.split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false).count })
    #expect(widths.count == 1, "rows of different width: \(widths)")
    let file = try TemporaryFolder()
    let saved = try Command.run(verb + store + ["--format", "json", "--output", file.path + "/x"])
    #expect(saved.output.isEmpty)
    #expect(try file.contents() == ["x": json.output])
  }

  @Test(arguments: readers.filter { $0.first != "explain" })
  func languagesDifferOnlyInWords(verb: [String]) throws {
    let store = ["--data", try DemoStore.path(), "--format", "json"]
    let vi = try Command.run(verb + store + ["--lang", "vi"])
    let en = try Command.run(verb + store + ["--lang", "en"])
    #expect(vi.code == en.code)
    #expect(try Self.wordless(vi.json()) == Self.wordless(en.json()))
  }

  /// The value without the sentences, as canonical bytes.
  private static func wordless(_ value: Any) throws -> Data {
    func strip(_ value: Any) -> Any {
      if let object = value as? [String: Any] {
        return object.filter { $0.key != "message" && $0.key != "hint" }.mapValues(strip)
      }
      return (value as? [Any]).map { $0.map(strip) } ?? value
    }
    return try JSONSerialization.data(withJSONObject: strip(value), options: [.sortedKeys])
  }
}
