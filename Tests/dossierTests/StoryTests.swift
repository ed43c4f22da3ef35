import Foundation
import Testing

/// The story of SampleData/README.md, told with the commands that it names.
@Suite struct StoryTests {
  @Test func theStoryOfTheSampleDataIsTold() throws {
    let folder = try TemporaryFolder()
    let store = folder.path + "/thu"
    func dossier(_ line: [String], expecting code: Int32) throws -> [String: Any] {
      let answer = try Command.run(line + ["--data", store, "--format", "json"])
      #expect(answer.code == code, "\(line): \(answer.talk)\(answer.text)")
      return try answer.object()
    }
    let samples = Command.samples
    let made = try dossier(["init", "--office", "H48.25", "--name", "Trung tâm PVHCC"], expecting: 0)
    #expect(made["office"] as? String == "H48.25")
    let offices = try dossier(["offices", "import", samples + "/offices.csv"], expecting: 0)
    #expect(offices["offices"] as? Int == 76)

    let imported = try dossier(["import", samples + "/manifests"], expecting: 0)
    let manifests = try #require(imported["manifests"] as? [[String: Any]])
    #expect(manifests.count == 12)
    #expect(manifests.allSatisfy { $0["status"] as? String == "recorded" })
    #expect(manifests.reduce(0) { $0 + ($1["items"] as? Int ?? 0) } == 94)
    #expect(manifests.reduce(0) { $0 + ($1["dossiers"] as? Int ?? 0) } == 117)
    let fed = try dossier(["import", samples + "/events"], expecting: 0)
    #expect((fed["manifests"] as? [[String: Any]])?.allSatisfy { $0["manifest"] is NSNull } == true)

    let first = "BK-590230-260112-001"
    let session = try dossier(
      ["receive", first, "--scans", "\(samples)/scans/\(first).txt", "--by", "GDV01"], expecting: 1)
    let incidents = [
      "expected": 25, "received": 24, "short": 1, "surplus": 1, "misrouted": 1, "damaged": 2, "duplicate": 2,
      "refused": 1,
    ]
    #expect(session["count"] as? [String: Int] == incidents)
    #expect(session["short"] as? [String] == ["EM473195431VN"])
    let second = "BK-H48.21-260114-001"
    let clean = try dossier(
      [
        "receive", second, "--scans", "\(samples)/scans/\(second).txt", "--close", "--by", "A", "--witness",
        "B",
      ],
      expecting: 0)
    #expect(clean["closed"] as? Bool == true)

    // The record that two people sign counts what the earlier session found.
    let closed = try dossier(
      ["receive", first, "--close", "--by", "GDV01", "--witness", "GDV02"], expecting: 1)
    #expect(closed["closed"] as? Bool == true)
    let count = try #require(closed["count"] as? [String: Int])
    for key in ["expected", "received", "short", "surplus", "misrouted", "damaged"] {
      #expect(count[key] == incidents[key], "\(key)")
    }

    let refused = try dossier(["import", samples + "/rejected"], expecting: 1)
    let statuses = (refused["manifests"] as? [[String: Any]])?.compactMap { $0["status"] as? String }
    #expect(statuses == ["conflict", "rejected", "rejected", "rejected"])
    let audit = try dossier(["audit"], expecting: 0)
    #expect(audit["verdict"] as? String == "intact")
    let losses = try dossier(["report", "losses", "--by", "leg"], expecting: 0)
    let total = try #require(losses["total"] as? [String: Any])
    #expect(total["lost"] as? Int == 1)
    #expect(total["entrusted"] as? Int == 117)
    #expect(total["found"] as? Int == 1)
    #expect((losses["period"] as? [String: String]) == ["from": "2026-01-01", "to": "2026-01-31"])

    // Everything once more adds nothing.
    let size = try logSize(store)
    for path in ["/manifests", "/events"] { _ = try dossier(["import", samples + path], expecting: 0) }
    let again = try dossier(
      ["receive", first, "--scans", "\(samples)/scans/\(first).txt", "--by", "GDV01"], expecting: 1)
    #expect((again["count"] as? [String: Int])?["surplus"] == 1)
    #expect((again["count"] as? [String: Int])?["misrouted"] == 1)
    #expect(try logSize(store) == size)
  }

  @Test func anEventIsRecordedRepeatedAndCorrected() throws {
    let (folder, store) = try DemoStore.copy()
    defer { withExtendedLifetime(folder) {} }
    let item = "EM473195431VN"
    func record(_ line: [String], expecting code: Int32) throws -> [String: Any] {
      let answer = try Command.run(["record"] + line + ["--data", store, "--format", "json"])
      #expect(answer.code == code, "\(line): \(answer.talk)")
      return try answer.object()
    }
    func state() throws -> String? {
      try Command.run(["show", item, "--data", store, "--format", "json"]).object()["state"] as? String
    }
    #expect(try state() == "missing")
    let lost = ["lost", item, "--event", "qd-12", "--at", "2026-01-19 16:30", "--reference", "QD-12/2026"]
    #expect(try record(lost, expecting: 0)["verdict"] as? String == "accepted")
    #expect(try state() == "lost")
    #expect(try record(lost, expecting: 0)["verdict"] as? String == "duplicate")
    let conflict = try record(["found", item, "--event", "qd-12"], expecting: 1)
    #expect(conflict["verdict"] as? String == "refused")
    let finding = try #require((conflict["findings"] as? [[String: Any]])?.first)
    #expect(finding["code"] as? String == "D-1404")
    #expect((finding["found"] as? String)?.contains("kind") == true)
    #expect(
      try record(["corrected", item, "--corrects", "qd-12"], expecting: 1)["verdict"] as? String == "refused")
    let correction = ["corrected", item, "--corrects", "qd-12", "--reason", "did_not_occur"]
    #expect(try record(correction, expecting: 0)["verdict"] as? String == "accepted")
    #expect(try state() == "missing")
    let shown = try Command.run(["show", item, "--data", store, "--format", "json"]).object()
    let events = try #require(shown["events"] as? [[String: Any]])
    let told = try #require(events.first { $0["id"] as? String == "qd-12" })
    #expect(told["at"] as? String == "2026-01-19T16:30:00+07:00")
    #expect(events.last?["corrects"] as? String == "qd-12")
  }

  @Test func scansFromAPipeAreAnsweredLineByLine() throws {
    let (folder, store) = try DemoStore.copy()
    defer { withExtendedLifetime(folder) {} }
    let answer = try Command.run(
      ["receive", "BK-590820-260119-001", "--data", store, "--format", "ndjson"],
      input: "# túi 1\n\nem 473 481 114 vn\nEM473481114VN\n???\nEM473481114VN damaged wrapper\n")
    #expect(answer.code == 1)
    let verdicts = try answer.text.split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return [object?["kind"] as? String, object?["verdict"] as? String]
    }
    #expect(
      verdicts == [
        ["received", "accepted"], ["received", "duplicate"], ["received", "refused"],
        ["received", "duplicate"], ["damaged", "accepted"],
      ])
    #expect(
      answer.text.hasPrefix(#"{"event":"received-"#),
      "\(answer.text)")
  }

  @Test func theDemoGoesAsToldAndMakesItsReports() throws {
    let answer = try DemoStore.answer()
    #expect(answer.code == 0, "\(answer.talk)")
    let result = try answer.object()
    #expect((result["audit"] as? [String: Any])?["verdict"] as? String == "intact")
    let reports = try DemoStore.path() + "/reports/losses."
    let json = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: reports + "json")))
    #expect((json as? [String: Any])?["by"] as? String == "leg,office")
    let csv = try String(contentsOfFile: reports + "csv", encoding: .utf8)
    #expect(csv.hasPrefix("group,entrusted,delivered"))
    let again = try Command.run(["demo", "--data", try DemoStore.path(), "--samples", Command.samples])
    #expect(again.code == 2)
    #expect(again.talk.contains("D-4002"))
  }

  @Test func aSampleIsWrittenAndImported() throws {
    let folder = try TemporaryFolder()
    func write(_ name: String) throws -> [String: Data] {
      let out = folder.path + "/" + name
      let answer = try Command.run([
        "sample", "--seed", "7", "--items", "30", "--out", out, "--items-per-manifest", "10", "--days", "5",
        "--format", "json",
      ])
      #expect(answer.code == 0, "\(answer.talk)")
      #expect(try answer.object()["items"] as? Int == 30)
      let files = try FileManager.default.subpathsOfDirectory(atPath: out).filter { $0.contains(".") }
      return try Dictionary(
        uniqueKeysWithValues: files.map { ($0, try Data(contentsOf: URL(fileURLWithPath: out + "/" + $0))) })
    }
    let first = try write("a")
    #expect(first == (try write("b")))
    #expect(first.keys.contains("offices.csv"))
    let store = folder.path + "/store"
    _ = try Command.run(["init", "--office", "H48.25", "--name", "X", "--data", store])
    let answer = try Command.run(["import", folder.path + "/a", "--data", store])
    #expect(answer.code == 0, "\(answer.talk)")
    let none = try Command.run(["sample", "--items", "0", "--out", folder.path])
    #expect(none.code == 64)
  }

  private func logSize(_ store: String) throws -> Int? {
    let answer = try Command.run(["log", "checkpoint", "--data", store, "--format", "json"])
    return try answer.object()["size"] as? Int
  }
}
