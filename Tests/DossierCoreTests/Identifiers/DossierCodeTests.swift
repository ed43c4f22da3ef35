import DossierCore
import Testing

@Suite struct DossierCodeTests {
  @Test(arguments: [
    ("000.17.22.H56-210531-0001", "H56.22.17-210531-0001", DossierCode.Form.former),
    ("H56.14-240823-0001", "H56.14-240823-0001", .current),
    ("h21.65-220914-0011", "H21.65-220914-0011", .current),
    ("000.00.22.H56-210531-00001", "H56.22-210531-00001", .former),
    ("000.00.00.g01-210531-123456", "G01-210531-123456", .former),
    ("000.17.00.H56-210531-0001", "H56.00.17-210531-0001", .former),
    ("012.00.22.H56-210531-0001", "H56.22.00.012-210531-0001", .former),
    ("H48-240229-0001", "H48-240229-0001", .current),
    ("H48.1.2.3.4.5.6-240229-0001", "H48.1.2.3.4.5.6-240229-0001", .current),
    (" H56.14-240823-0001\n", "H56.14-240823-0001", .current),
    ("Ｈ56．14－240823－0001", "H56.14-240823-0001", .current),
    ("H56.14–240823–0001", "H56.14-240823-0001", .current),
  ])
  func normalisesNationalCodes(_ raw: String, _ normalised: String, _ form: DossierCode.Form) throws {
    let code = try #require(DossierCode(raw))
    #expect(code.raw.bytes == raw.bytes)
    #expect(code.normalised == normalised)
    #expect(code.form == form)
    #expect(code.warnings.isEmpty)
    #expect(DossierCode(normalised) == code)
  }

  @Test func namesItsParts() throws {
    let parts = try #require(DossierCode("000.17.22.H56-210531-00012")?.components)
    #expect(parts.unit == "H56.22.17")
    #expect(parts.date == CalendarDate(year: 2021, month: 5, day: 31))
    #expect(parts.sequence == "00012")
  }

  @Test func keepsZerosOfTheSequence() {
    #expect(DossierCode("H56.14-240823-0001") != DossierCode("H56.14-240823-00001"))
  }

  @Test(arguments: [
    "H56.14-240231-0001", "H56.14-230229-0001", "H56.14-241301-0001", "H56.14-240800-0001",
    "000.17.22.H56-210631-0001",
  ])
  func refusesDaysThatAreNotInTheCalendar(_ text: String) {
    #expect(refusal(DossierCode.self, text) == .date)
  }

  @Test(arguments: [
    "H56.14-240823-001", "H56.14-240823-0000001", "Z56.14-240823-0001", "H56.1444-240823-0001",
    "H48.1.2.3.4.5.6.7-240229-0001", "00.17.22.H56-210531-0001", "BTP/2024_17", "g01.ab-1", "ABCD", "0000",
    String(repeating: "9", count: 40),
  ])
  func takesForeignCodesWithAWarning(_ text: String) throws {
    let code = try #require(DossierCode(text))
    #expect(code.isForeign)
    #expect(code.warnings == [.foreignDossierCode])
    #expect(code.components == nil)
    #expect(code.normalised == text.uppercased())
  }

  @Test func refusesTheRest() {
    #expect(refusal(DossierCode.self, "") == .length(found: 0, allowed: 4...40))
    #expect(refusal(DossierCode.self, "H56") == .length(found: 3, allowed: 4...40))
    #expect(
      refusal(DossierCode.self, String(repeating: "9", count: 41)) == .length(found: 41, allowed: 4...40))
    #expect(refusal(DossierCode.self, ".H56") == .character(at: 0))
    #expect(refusal(DossierCode.self, "H56.14 -240823-0001") == .character(at: 6))
    #expect(refusal(DossierCode.self, "H56+1") == .character(at: 3))
    #expect(refusal(DossierCode.self, "Hồ sơ 1") == .character(at: 1))
  }

  @Test func comparesWithoutCase() throws {
    let lower = try #require(DossierCode("btp/24_17"))
    let upper = try #require(DossierCode("BTP/24_17"))
    #expect(lower == upper)
    #expect(Set([lower, upper]).count == 1)
    #expect(lower.raw == "btp/24_17")
  }

  /// Every former code and the current one of the same unit, day and sequence are one dossier.
  @Test func formerAndCurrentFormsMeet() throws {
    let seed: UInt64 = 45
    var random = IdentifierRandom(seed: seed)
    for _ in 0..<2000 {
      let groups = [3, 2, 2].map { random.text(of: "0012", $0...$0) }
      let province = random.text(of: "ABCDEFGHIJKLMNOPQRSTUVWXY", 1...1) + random.text(of: figures, 2...2)
      let tail =
        "-2\(random.text(of: figures, 1...1))0\(random.text(of: "123456789", 1...1))1\(random.text(of: figures, 1...1))"
        + "-" + random.text(of: figures, 4...6)
      let kept = groups.drop { group in group.allSatisfy { $0 == "0" } }
      let former = try #require(DossierCode((groups + [province]).joined(separator: ".") + tail))
      let current = try #require(DossierCode(([province] + kept.reversed()).joined(separator: ".") + tail))
      #expect(former == current, "\(former.raw) \(current.raw) seed \(seed)")
      #expect(former.form == .former && current.form == .current)
      #expect(former.components == current.components)
    }
  }
}
