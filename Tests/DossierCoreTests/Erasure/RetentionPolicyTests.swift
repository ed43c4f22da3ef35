import DossierCore
import Testing

@Suite struct RetentionPolicyTests {
  @Test func theStandardPolicyIsReadAndSaysThatItIsAPlaceholder() {
    let (policy, findings) = RetentionPolicy.read(Array(RetentionPolicy.standardText.utf8), name: "standard")
    #expect(findings == [])
    #expect(policy.rules.count == 9)
    #expect(RetentionPolicy.standardText.contains("EVERY OFFICE MUST SET ITS OWN PERIODS"))
    #expect(RetentionPolicy.standardText.contains("91/2025/QH15"))
  }

  @Test(arguments: [
    "sender,delivered,6", "sender,manifestClosed,6,retention_ended", "document,delivered,6,retention_ended",
    "sender,held,6,retention_ended", "name,delivered,6,retention_ended",
    "sender,delivered,-1,retention_ended",
    "sender,delivered,6,because", "sender,delivered,six,retention_ended",
    "sender,delivered,6,retention_ended,x",
  ]) func linesThatAreNoRuleAreNamed(line: String) {
    let text = "field,after,months,basis\n\(line)\n"
    let findings = RetentionPolicy.read(Array(text.utf8), name: "p").findings
    #expect(findings.map(\.code) == [.retentionPolicyForm])
    #expect(findings.first?.line == 2)
  }

  @Test func oneRuleForOneEnding() {
    let rule = "sender,delivered,6,retention_ended\n"
    #expect(RetentionPolicy.read(Array((rule + rule).utf8), name: "p").findings.map(\.line) == [2])
    #expect(RetentionPolicy.read([], name: "p").findings.count == 1)
  }

  @Test(arguments: [
    ("2026-05-31", 3, "2026-02-28"), ("2024-02-29", 12, "2023-02-28"), ("2026-01-15", 1, "2025-12-15"),
    ("2026-03-01", 0, "2026-03-01"), ("2026-12-31", 13, "2025-11-30"), ("2036-01-31", 120, "2026-01-31"),
  ]) func monthsAreCalendarMonths(day: String, months: Int, expected: String) throws {
    let date = try #require(CalendarDate(day))
    #expect(RetentionPolicy.cutoff(date, months: months).text == expected)
  }
}
