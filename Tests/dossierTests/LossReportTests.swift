import Foundation
import Testing

/// The loss report as its readers ask for it.
@Suite struct LossReportCommandTests {
  private func losses(_ words: [String], data: String? = nil) throws -> Command.Answer {
    try Command.run(["report", "losses"] + words + ["--data", data ?? (try DemoStore.path())])
  }

  @Test(arguments: [
    (["--period", "2026-01"], "2026-01-01", "2026-01-31"),
    (["--period", "2026-Q1"], "2026-01-01", "2026-03-31"),
    (["--period", "2024-02"], "2024-02-01", "2024-02-29"),
    (["--period", "2026"], "2026-01-01", "2026-12-31"),
    (["--period", "2025-Q4"], "2025-10-01", "2025-12-31"),
    (["--from", "2026-01-09"], "2026-01-09", "2026-01-31"),
    (["--to", "2026-01-15"], "2026-01-01", "2026-01-15"),
  ])
  func aPeriodIsItsDays(words: [String], from: String, to: String) throws {
    let report = try losses(words + ["--format", "json"]).object()
    #expect(report["period"] as? [String: String] == ["from": from, "to": to])
  }

  @Test(arguments: [
    ["--period", "2026-13"], ["--period", "2026-Q5"], ["--period", "26"], ["--period", "2026-1"],
    ["--period", "1800"],
    ["--period", "2026-01", "--from", "2026-01-01"], ["--target", "0"], ["--target", "100000"],
    ["--sort", "rate"],
    ["--why", "total.lost", "--compare", "now"], ["--limit", "-1"],
  ])
  func wrongWordsAreWrongUsage(words: [String]) throws {
    #expect(try losses(words).code == 64, "\(words)")
  }

  /// What the note names makes the same bytes again, also when the log has grown.
  @Test func theCommandInTheNoteMakesTheReportAgain() throws {
    let (folder, store) = try DemoStore.copy()
    defer { withExtendedLifetime(folder) {} }
    let first = [
      "--by", "office,leg", "--unit", "item", "--sort", "volume", "--target", "12.5", "--period", "2026-01",
    ]
    let made = try ["json", "csv", "table"].map { try losses(first + ["--format", $0], data: store).output }
    let json = try #require(try JSONSerialization.jsonObject(with: made[0]) as? [String: Any])
    let note = try #require(json["note"] as? [String: Any])
    let command = try #require(note["command"] as? String)
    _ = try Command.run([
      "record", "lost", "EM473195431VN", "--reason", "robbery", "--reference", "QD-1", "--data", store,
    ])
    let words = command.split(separator: " ").dropFirst(3).map(String.init)
    for (format, bytes) in zip(["json", "csv", "table"], made) {
      #expect(try losses(words + ["--format", format], data: store).output == bytes, "\(format)")
    }
    let now = try losses(first + ["--format", "json"], data: store).output
    #expect(now != made[0])
    // Compared with now, the report says what was learnt, and its command says with what it was compared.
    let compared = try losses(words + ["--compare", "now", "--format", "json"], data: store).object()
    let comparison = try #require(compared["comparison"] as? [String: Any])
    let changes = try #require(comparison["changes"] as? [[String: Any]])
    #expect(
      changes.contains {
        $0["group"] as? String == "total" && $0["column"] as? String == "robbery" && $0["then"] as? Int == 0
          && $0["later"] as? Int == 1
      })
    let again = (compared["note"] as? [String: Any])?["command"] as? String
    let size = (comparison["log"] as? [String: Any])?["size"] as? Int
    #expect(again == "\(command) --compare \(size ?? 0)")
  }

  @Test func aReportIsVerified() throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/losses.csv"
    #expect(try losses(["--output", file]).code == 0)
    #expect(try losses(["--verify", file]).code == 0)
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try text.replacing("total,117", with: "total,118").write(toFile: file, atomically: true, encoding: .utf8)
    #expect(try losses(["--verify", file]).code == 1)
  }

  @Test func aNumberIsAnsweredForByItsItems() throws {
    let answer = try losses(["--why", "total.lost", "--format", "json"]).object()
    #expect(answer["count"] as? Int == 1 && answer["unlisted"] as? Int == 0)
    let items = try #require(answer["items"] as? [[String: Any]])
    #expect(items.map { $0["item"] as? String } == ["EM473653477VN"])
    let events = try #require(items.first?["events"] as? [[String: Any]])
    #expect(events.map { $0["kind"] as? String } == ["lost"])
    let open = try losses(["--by", "leg", "--why", "intake.open", "--limit", "2", "--format", "csv"])
    #expect(open.text.split(separator: "\r\n").count == 3)
    let unknown = try losses(["--why", "nowhere.lost"])
    #expect(unknown.code == 2 && unknown.talk.contains("D-6021"))
  }

  @Test func anOfficeSetsItsOwnRule() throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/my rule.txt"
    try "rule;H48-1;2020-01-01\nlimit;other;400\nsilence;400\n".write(
      toFile: file, atomically: true, encoding: .utf8)
    let report = try losses(["--rules", file, "--format", "json"]).object()
    #expect((report["total"] as? [String: Any])?["presumedLost"] as? Int == 0)
    let note = try #require(report["note"] as? [String: Any])
    #expect(
      (note["versions"] as? [String: String])?["presumedLossRule"]?.hasPrefix("H48-1 (2020-01-01) ") == true)
    #expect((note["command"] as? String)?.contains("--rules 'my rule.txt'") == true)
    try "rule;H48-1\n".write(toFile: file, atomically: true, encoding: .utf8)
    let wrong = try losses(["--rules", file])
    #expect(wrong.code == 2 && wrong.talk.contains(":1: error D-6020") && wrong.output.isEmpty)
  }
}
