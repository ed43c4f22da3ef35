import DossierCore
import Foundation
import Testing

@testable import DossierManifest

@Suite struct EventTests {
  static let feed = """
    <?xml version="1.0" encoding="UTF-8"?>\
    <events xmlns="urn:postal-dossier:events:1" version="1" source="590100">\
    <event id="a-1" kind="accepted" item="RR473124829VN" at="2026-01-05T09:12:00+07:00" office="590100" grade="observed" operator="GDV-012"/>\
    <event id="a-2" kind="dispatched" item="RR473124829VN" at="2026-01-05T16:30:00+07:00" office="590100" to="H48.25" manifest="BK-590100-260105-001"></event>\
    <event id="a-3" kind="damaged" item="RR473124829VN" at="2026-01-06T08:00:00.250+07:00" office="H48.25" deviceTime="2026-01-06T08:00:09+07:00"><damage grade="readable" documents="2"/><note>Ướt góc,  còn đọc được</note></event>\
    <event id="a-4" kind="attemptFailed" item="EG123456785VN" at="2026-01-06T10:00:00+07:00" office="590100"><reason>absent</reason></event>\
    <event id="a-5" kind="corrected" item="EG123456785VN" at="2026-01-06T11:00:00+07:00" office="590100" corrects="BK-590100-260105-001+7"><reason>incorrect_data</reason></event>\
    <event id="a-6" kind="relabelled" item="EG123456785VN" at="2026-01-06T12:00:00Z" office="590100" newNumber="RR000000014VN"/>\
    <event id="a-7" kind="lost" item="EG123456785VN" at="2026-01-07T12:00:00+07:00" office="590100"><reference>12/QĐ-BĐ</reference></event>\
    <event id="a-8" kind="feeCollected" item="RR473124829VN" at="2026-01-05T09:13:00+07:00" office="590100" amount="50000"/>\
    <event id="a-9" kind="feeRemitted" item="RR473124829VN" at="2026-01-06T08:05:00+07:00" office="590100" amount="50000"/>\
    </events>
    """

  @Test func aReferenceThatTheLogCannotTakeIsAFinding() throws {
    for (character, shown) in [("\u{202E}", "U+202E"), ("\u{2066}", "U+2066")] {
      let outcome = try readDocument(Self.feed.replacingOccurrences(of: "12/QĐ", with: "12/\(character)QĐ"))
      #expect(!outcome.result.isValid)
      let found = outcome.result.findings.filter { $0.code == .forbiddenCharacter }
      #expect(found.map(\.found) == [shown])
      #expect(found.first?.path?.hasSuffix("reference") == true && found.first?.line != nil)
    }
  }

  @Test func readsAllThatAFeedSays() throws {
    for chunk in [1, 64 << 10] {
      let outcome = try readDocument(Self.feed, chunk: chunk)
      #expect(outcome.result.isValid, "\(outcome.result.findings)")
      #expect(outcome.result.kind == .events)
      #expect(outcome.result.events == 9)
      let events = outcome.gathered.events.map(\.draft)
      #expect(
        events == [
          EventDraft(
            identifier: "a-1", kind: .accepted, grade: .observed, item: "RR473124829VN",
            at: 1_767_579_120_000,
            zone: 420, office: "590100", operatorCode: "GDV-012"),
          EventDraft(
            identifier: "a-2", kind: .dispatched, grade: .declared, item: "RR473124829VN",
            at: 1_767_605_400_000,
            zone: 420, office: "590100", to: "H48.25", manifest: "BK-590100-260105-001"),
          EventDraft(
            identifier: "a-3", kind: .damaged, grade: .declared, item: "RR473124829VN", at: 1_767_661_200_250,
            zone: 420, office: "H48.25", damage: .readable, documentsAffected: 2,
            deviceTime: 1_767_661_209_000,
            note: "Ướt góc, còn đọc được"),
          EventDraft(
            identifier: "a-4", kind: .attemptFailed, grade: .declared, item: "EG123456785VN",
            at: 1_767_668_400_000,
            zone: 420, office: "590100", reason: "absent"),
          EventDraft(
            identifier: "a-5", kind: .corrected, grade: .declared, item: "EG123456785VN",
            at: 1_767_672_000_000,
            zone: 420, office: "590100", reason: "incorrect_data", corrects: "BK-590100-260105-001+7"),
          EventDraft(
            identifier: "a-6", kind: .relabelled, grade: .declared, item: "EG123456785VN",
            at: 1_767_700_800_000,
            zone: 0, office: "590100", newNumber: "RR000000014VN"),
          EventDraft(
            identifier: "a-7", kind: .lost, grade: .declared, item: "EG123456785VN", at: 1_767_762_000_000,
            zone: 420,
            office: "590100", reference: "12/QĐ-BĐ"),
          EventDraft(
            identifier: "a-8", kind: .feeCollected, grade: .declared, item: "RR473124829VN",
            at: 1_767_579_180_000, zone: 420, office: "590100", amount: 50_000),
          EventDraft(
            identifier: "a-9", kind: .feeRemitted, grade: .declared, item: "RR473124829VN",
            at: 1_767_661_500_000, zone: 420, office: "590100", amount: 50_000),
        ])
    }
  }

  @Test(
    arguments: [
      (" to=\"H48.25\"", "", FindingCode.missingReceiver), ("<reason>absent</reason>", "", .missingReason),
      (" corrects=\"BK-590100-260105-001+7\"", "", .missingCorrectedEvent),
      ("incorrect_data", "because", .missingReason), (" newNumber=\"RR000000014VN\"", "", .missingNewNumber),
      ("id=\"a-1\"", "id=\"a+1\"", .eventIdentifierForm), ("id=\"a-2\"", "id=\"a-1\"", .duplicateEvent),
      ("16:30:00+07:00", "16:30:00", .invalidDateTime),
      ("item=\"RR473124829VN\"", "item=\"RR473124820VN\"", .itemCheckDigit),
      ("item=\"EG123456785VN\"", "item=\"RR 12\u{1F600}\"", .itemNumberForm),
      ("GDV-012", "Lan Anh", .operatorCodeForm),
      ("\"H48.25\" manifest", "\"H48/25\" manifest", .officeCodeForm),
      ("kind=\"lost\"", "kind=\"manifestClosed\"", .schemaViolation),
      ("<reason>absent</reason>", "<reason>không có ai ở nhà</reason>", .schemaViolation),
      ("documents=\"2\"", "documents=\"+2\"", .numberOutOfRange),
      (" amount=\"50000\"", "", .missingAmount), ("amount=\"50000\"", "amount=\"0\"", .schemaViolation),
      ("newNumber=\"RR000000014VN\"", "newNumber=\"RR000000014VN\" amount=\"1\"", .amountOfNoFee),
      ("manifest=\"BK-590100-260105-001\"", "manifest=\"BK 1!\"", .manifestNumberForm),
    ] as [(String, String, FindingCode)])
  func aWrongEventIsAFinding(_ old: String, _ new: String, _ code: FindingCode) throws {
    let text = Self.feed.replacingOccurrences(of: old, with: new)
    #expect(text != Self.feed)
    let outcome = try readDocument(text)
    #expect(outcome.codes.contains(code), "\(outcome.result.findings)")
    #expect(!outcome.result.isValid)
  }

  @Test func theSameEventAgainIsHarmless() throws {
    let start = try #require(Self.feed.range(of: "<event id=\"a-1\""))
    let end = try #require(Self.feed.range(of: "/>", range: start.lowerBound..<Self.feed.endIndex))
    let event = String(Self.feed[start.lowerBound..<end.upperBound])
    let outcome = try readDocument(Self.feed.replacingOccurrences(of: "</events>", with: event + "</events>"))
    #expect(outcome.result.isValid)
    #expect(outcome.gathered.events.count == 10)
  }

  @Test func anEmptyFeedIsAWarning() throws {
    let outcome = try readDocument(
      "<events xmlns='urn:postal-dossier:events:1' version='1' source='590100'/>")
    #expect(outcome.codes == [.emptyManifest])
    #expect(outcome.result.isValid)
  }

  @Test func manyEventsComeInPieces() throws {
    let events = (0..<5000).map {
      "<event id='e\($0)' kind='found' item='L\($0)' at='2026-01-05T09:12:00+07:00' office='590100'/>"
    }
    let text =
      "<events xmlns='urn:postal-dossier:events:1' version='1' source='590100'>\n"
      + events.joined(separator: "\n") + "</events>"
    let outcome = try readDocument(text)
    #expect(outcome.result.isValid)
    #expect(outcome.gathered.events.map(\.line) == Array(2...5001))
    #expect(outcome.gathered.events.map(\.draft.item) == (0..<5000).map { "L\($0)" })
  }

  @Test func timesInTheFutureAreWarnings() throws {
    let outcome = try readDocument(Array(Self.feed.utf8), latestTime: 1_767_762_000_000 - 1)
    #expect(outcome.codes == [.eventInFuture])
    #expect(outcome.result.isValid)
    #expect(try readDocument(Array(Self.feed.utf8), latestTime: 1_767_762_000_000).codes == [])
  }
}
