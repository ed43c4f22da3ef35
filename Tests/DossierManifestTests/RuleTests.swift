import DossierCore
import Foundation
import Testing

@testable import DossierManifest

/// What XSD cannot say: one finding for each rule, at its line, with its severity.
@Suite struct RuleTests {
  struct Rule: Sendable {
    var code: FindingCode
    var severity: Finding.Severity
    /// Text on the line where the finding belongs.
    var mark: String
    var expected: String?
    var found: String?
    var change: @Sendable (inout ManifestWriter) -> Void

    init(
      _ code: FindingCode, _ severity: Finding.Severity, at mark: String, expected: String? = nil,
      found: String? = nil, _ change: @escaping @Sendable (inout ManifestWriter) -> Void
    ) {
      self.code = code
      self.severity = severity
      self.mark = mark
      self.expected = expected
      self.found = found
      self.change = change
    }
  }

  static let rules: [Rule] = [
    Rule(.itemTotal, .error, at: "<declared", expected: "3", found: "2") { $0.declaredItems = 3 },
    Rule(.dossierTotal, .error, at: "<declared", expected: "1", found: "2") { $0.declaredDossiers = 1 },
    Rule(.weightTotal, .warning, at: "<declared", expected: "241", found: "240") { $0.declaredWeight = 241 },
    Rule(.weightTotal, .warning, at: "<declared", expected: "119", found: "120") {
      $0.declaredWeight = 119
      $0.items[1].weight = nil
    },
    Rule(.unknownContainer, .error, at: "T-0009", found: "T-0009") { $0.items[1].container = "T-0009" },
    Rule(.duplicateContainer, .error, at: "container number=\"t-0001", found: "T-0001") {
      $0.containers[1].number = "t-0001"
    },
    Rule(.duplicateSeal, .error, at: "T-0002", found: "VN0091234") { $0.containers[1].seal = "vn0091234" },
    Rule(.sameGiverAndReceiver, .error, at: "<receiver", found: "590100") { $0.receiver = "590100" },
    Rule(
      .acceptedAfterDispatch, .error, at: "16:30:01", expected: "2026-01-05T16:30:00+07:00",
      found: "2026-01-05T16:30:01+07:00"
    ) { $0.items[1].acceptedAt = "2026-01-05T16:30:01+07:00" },
    Rule(.dueBeforeReceived, .warning, at: "<due>2026-01-04", expected: "2026-01-05", found: "2026-01-04") {
      $0.items[1].dossiers[0].due = "2026-01-04"
    },
    Rule(.invalidDateTime, .error, at: "<manifest", found: "2026-01-05T16:30:00") {
      $0.dispatchedAt = "2026-01-05T16:30:00"
    },
    Rule(.invalidDateTime, .error, at: "12026", expected: "1990-2100", found: "12026-01-05") {
      $0.items[1].dossiers[0].received = "12026-01-05"
    },
    Rule(.invalidDateTime, .error, at: "24:00:00", found: "2026-01-05T24:00:00+07:00") {
      $0.items[1].acceptedAt = "2026-01-05T24:00:00+07:00"
    },
    Rule(.invalidDateTime, .error, at: "<due>2026-01-20Z", found: "2026-01-20Z") {
      $0.items[1].dossiers[0].due = "2026-01-20Z"
    },
    Rule(.numberOutOfRange, .error, at: "+5", found: "+5") { $0.items[1].weight = "+5" },
    Rule(.numberOutOfRange, .error, at: ">-0<", found: "-0") { $0.items[1].fee = "-0" },
    Rule(.noDocuments, .info, at: "H48.25-260105-0002", found: "1") {
      $0.items[1].dossiers[0].documents = []
    },
    Rule(.itemCheckDigit, .error, at: "EG123456784VN", expected: "5", found: "4") {
      $0.items[1].number = "EG123456784VN"
    },
    Rule(.itemNumberForm, .error, at: "ABC") { $0.items[1].number = "ABC" },
    Rule(.unusualServicePrefix, .warning, at: "ZZ123456785VN", found: "ZZ") {
      $0.items[1].number = "ZZ123456785VN"
    },
    Rule(.dossierCodeForm, .error, at: "H48 25") { $0.items[1].dossiers[0].code = "H48 25" },
    Rule(.dossierCodeDate, .error, at: "H48.25-260230-0002", found: "H48.25-260230-0002") {
      $0.items[1].dossiers[0].code = "H48.25-260230-0002"
    },
    Rule(.foreignDossierCode, .warning, at: "BTP/2026/77", found: "BTP/2026/77") {
      $0.items[1].dossiers[0].code = "BTP/2026/77"
    },
    Rule(.procedureCodeForm, .error, at: "1.4199") { $0.items[1].dossiers[0].procedure = "1.4199" },
    Rule(.officeCodeForm, .error, at: "<giver") { $0.giver = "59 01 00" },
    Rule(.phoneNumberForm, .warning, at: ">12345<", found: nil) { $0.items[1].sender?.phone = "12345" },
    Rule(.operatorCodeForm, .error, at: "<giver") { $0.personCode = "Nguyen Van Mau" },
    Rule(.sealForm, .error, at: "T-0001") { $0.containers[0].seal = "VN 0091" },
    Rule(.manifestNumberForm, .error, at: "<manifest") { $0.number = "BK 1" },
  ]

  @Test(arguments: rules.indices)
  func isFound(_ index: Int) throws {
    let rule = Self.rules[index]
    var writer = ManifestWriter()
    rule.change(&writer)
    let text = writer.text()
    let outcome = try readDocument(text)
    let line = try #require(text.split(separator: "\n").firstIndex { $0.contains(rule.mark) }) + 1
    let findings = outcome.result.findings.filter { $0.code == rule.code }
    #expect(findings.count == 1, "\(rule.code): \(outcome.result.findings)")
    let finding = try #require(findings.first)
    #expect(finding.severity == rule.severity)
    #expect(finding.line == line)
    #expect(finding.file == "test.xml")
    if let expected = rule.expected { #expect(finding.expected == expected) }
    #expect(finding.found == rule.found || rule.found == nil)
    #expect(outcome.result.isValid == (rule.severity != .error))
    #expect(outcome.result.findings.allSatisfy { $0.code == rule.code }, "\(outcome.result.findings)")
    #expect(!finding.message(.vi).contains("{") && !finding.message(.en).contains("{"))
  }

  @Test func allFindingsAreReportedNotTheFirst() throws {
    var writer = ManifestWriter()
    writer.declaredItems = 5
    writer.receiver = "590100"
    writer.items[0].number = "RR473124820VN"
    writer.items[0].weight = "many"
    writer.items[1].container = "T-0009"
    writer.items[1].dossiers[0].code = "H48.25-260230-0002"
    let outcome = try readDocument(writer.bytes)
    #expect(
      Set(outcome.codes) == [
        .itemTotal, .sameGiverAndReceiver, .itemCheckDigit, .schemaViolation, .unknownContainer,
        .dossierCodeDate,
      ])
    let lines = outcome.result.findings.map { $0.line ?? 0 }
    #expect(lines == lines.sorted())
  }

  /// A value that the schema refuses is one finding, not two.
  @Test func aRefusedValueIsReportedOnce() throws {
    var writer = ManifestWriter()
    writer.items[1].weight = "12x"
    writer.items[1].acceptedAt = "2026-13-01T00:00:00Z"
    writer.dispatchedAt = "yesterday"
    let outcome = try readDocument(writer.bytes)
    #expect(outcome.codes == [.schemaViolation, .schemaViolation, .schemaViolation])
  }

  @Test func unreadableItemsAreCountedButNotHandedOn() throws {
    var writer = ManifestWriter()
    writer.items[0].number = "RR473124820VN"
    let outcome = try readDocument(writer.bytes)
    #expect(outcome.result.items == 2)
    #expect(outcome.gathered.items.map(\.number) == ["EG123456785VN"])
    #expect(outcome.gathered.items.first?.dossiers.first?.code == "H48.25-260105-0002")
    #expect(outcome.gathered.items.first?.sender.name == "Nguyễn Thị Hạnh")
  }

  @Test func withoutAHeaderNothingIsHandedOn() throws {
    var writer = ManifestWriter.large(1500)
    writer.number = "?"
    let outcome = try readDocument(writer.bytes)
    #expect(outcome.gathered.header == nil)
    #expect(outcome.gathered.items.isEmpty)
    #expect(outcome.result.items == 1500)
  }

  @Test func oneItemCannotFillTheMemory() throws {
    var writer = ManifestWriter()
    writer.items[0].dossiers = (0..<1001).map { ManifestWriter.Dossier(code: "H48.25-260105-\(1000 + $0)") }
    let many = try readDocument(writer.bytes)
    #expect(many.codes == [.numberOutOfRange])
    #expect(many.gathered.items.first?.dossiers.count == 1000)
    writer = ManifestWriter()
    writer.items[0].dossiers[0].documents = (0..<201).map { ("Giấy \($0)", (1, 0, 0)) }
    #expect(try readDocument(writer.bytes).codes == [.numberOutOfRange])
    writer.items[0].dossiers[0].documents.removeLast()
    #expect(try readDocument(writer.bytes).codes == [])
    writer.items[0].dossiers = (0..<60).map { index in
      ManifestWriter.Dossier(
        code: "H48.25-260105-\(1000 + index)",
        documents: (0..<200).map { _ in (String(repeating: "ạ", count: 500), (1, 0, 0)) })
    }
    let long = try readDocument(writer.bytes)
    #expect(long.codes == [.textTooLong])
    #expect(long.gathered.items.count == 1)
    writer = ManifestWriter()
    writer.containers = (0..<10_001).map { ("T-\($0)", nil) }
    writer.items[0].container = nil
    writer.items[1].container = nil
    #expect(try readDocument(writer.bytes).codes == [.numberOutOfRange])
  }

  @Test func futureDispatchIsAWarning() throws {
    let outcome = try readDocument(ManifestWriter().bytes, latestTime: 1_767_605_399_999)
    #expect(outcome.codes == [.eventInFuture])
    #expect(outcome.result.isValid)
  }
}
