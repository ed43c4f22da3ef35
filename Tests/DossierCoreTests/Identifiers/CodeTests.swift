import DossierCore
import Testing

@Suite struct CodeTests {
  @Test func readsProcedureCodes() throws {
    let national = try #require(ProcedureCode("1.001193"))
    #expect(national.national == "1.001193")
    #expect(national.localUnit == nil)
    let local = try #require(ProcedureCode("1.000656.000.00.00.h56"))
    #expect(local.text == "1.000656.000.00.00.H56")
    #expect(local.national == "1.000656")
    #expect(local.localUnit == "H56")
    #expect(refusal(ProcedureCode.self, "1.00119") == .length(found: 7, allowed: 8...22))
    #expect(refusal(ProcedureCode.self, "1.001193.000") == .form)
    #expect(refusal(ProcedureCode.self, "1-001193") == .character(at: 1))
    #expect(refusal(ProcedureCode.self, "1.000656.000.00.00.Z56") == .character(at: 19))
    #expect(refusal(ProcedureCode.self, "1.000656.001.00.00.H56") == .character(at: 11))
  }

  @Test func tellsKindsOfOffices() {
    let kinds: [(String, OfficeCode.Kind)] = [
      ("570000", .postOffice), ("H48.25", .agency), ("h48", .agency), ("G01.AB.1", .agency), ("57000", .own),
      ("H48.", .own), ("H48-25", .own), ("Z48.25", .own), ("BC-QNGAI", .own), ("57.000", .own),
    ]
    for (text, kind) in kinds {
      #expect(OfficeCode(text)?.kind == kind, "\(text)")
      #expect(OfficeCode(text)?.text == text.uppercased())
    }
    #expect(refusal(OfficeCode.self, "..") == .noLetterOrDigit)
    #expect(refusal(OfficeCode.self, "H48_25") == .character(at: 3))
    #expect(
      refusal(OfficeCode.self, String(repeating: "1", count: 36)) == .length(found: 36, allowed: 1...35))
  }

  @Test func operatorCodesAreNeverNames() {
    #expect(OperatorCode("gdv.04-a_B")?.text == "gdv.04-a_B")
    #expect(OperatorCode("gdv04") != OperatorCode("GDV04"))
    #expect(refusal(OperatorCode.self, "Nguyen Van A") == .character(at: 6))
    #expect(refusal(OperatorCode.self, "Nguyễn") == .character(at: 4))
    #expect(refusal(OperatorCode.self, " gdv04") == .character(at: 0))
    #expect(refusal(OperatorCode.self, "ＧＤＶ") == .character(at: 0))
    #expect(
      refusal(OperatorCode.self, String(repeating: "a", count: 33)) == .length(found: 33, allowed: 1...32))
  }

  @Test func readsSealsAndContainers() {
    #expect(SealNumber("vn-00123")?.text == "VN-00123")
    #expect(ContainerNumber("tui-7") == ContainerNumber("TUI-7 "))
    #expect(refusal(SealNumber.self, "-") == .noLetterOrDigit)
    #expect(refusal(SealNumber.self, "A.1") == .character(at: 1))
    #expect(
      refusal(ContainerNumber.self, String(repeating: "1", count: 25)) == .length(found: 25, allowed: 1...24))
  }

  @Test func manifestNumbersAreNoPaths() {
    #expect(ManifestNumber("bk/2026-01_07.1")?.text == "BK/2026-01_07.1")
    #expect(refusal(ManifestNumber.self, "..") == .noLetterOrDigit)
    #expect(refusal(ManifestNumber.self, "BK+1") == .character(at: 2))
    #expect(
      refusal(ManifestNumber.self, String(repeating: "1", count: 41)) == .length(found: 41, allowed: 1...40))
  }

  // MARK: Events

  @Test func reportersCannotTakeADerivedIdentifier() throws {
    let manifest = try #require(ManifestNumber("BK/2026-01"))
    let derived = try #require(EventIdentifier(manifest: manifest, offset: 12))
    #expect(derived.text == "BK/2026-01+12")
    #expect(EventIdentifier(derived.text) == nil)
    #expect(EventIdentifier(recorded: derived.text) == derived)
    #expect(derived.derivation?.manifest == manifest)
    #expect(derived.derivation?.offset == 12)
    #expect(EventIdentifier(manifest: manifest, offset: -1) == nil)
  }

  @Test(arguments: ["BK+", "+1", "BK+01", "bk+1", "BK+-1", "B+K+1", "BK+1 ", "BK+99999999999999999999"])
  func refusesDerivedIdentifiersInAnotherDress(_ text: String) {
    #expect(EventIdentifier(recorded: text) == nil)
  }

  @Test func readsIdentifiersOfReportersExactly() {
    let text = "urn:scan.7_A-b"
    #expect(EventIdentifier(text)?.text == text)
    #expect(EventIdentifier(text)?.derivation == nil)
    #expect(EventIdentifier(recorded: text) == EventIdentifier(text))
    #expect(refusal(EventIdentifier.self, "") == .length(found: 0, allowed: 1...64))
    #expect(refusal(EventIdentifier.self, "a b") == .character(at: 1))
    #expect(EventIdentifier(String(repeating: "x", count: 64)) != nil)
    #expect(EventIdentifier(String(repeating: "x", count: 65)) == nil)
  }

  // MARK: Phones

  @Test(arguments: [
    ("0912 345 678", "+84912345678"), ("+84 912-345-678", "+84912345678"),
    ("(0255) 3822 123", "+842553822123"),
    ("+842553822123", "+842553822123"), ("０９１２．３４５．６７８", "+84912345678"), ("0391234567", "+84391234567"),
  ])
  func readsPhones(_ text: String, _ canonical: String) throws {
    let phone = try #require(PhoneNumber(text))
    #expect(phone.text == canonical)
    #expect(phone.isMobile == (canonical.utf8.count == 12))
    #expect(phone.lastDigits(4) == String(canonical.suffix(4)))
    #expect(phone.lastDigits(-1) == "")
    #expect(PhoneNumber(canonical) == phone)
  }

  @Test(arguments: [
    "", "+", "0", "+84", "0612345678", "091234567", "09123456789", "025538221234", "84912345678", "19005454",
    "0912x345678", "09+12345678", "++84912345678", "+85912345678",
  ])
  func refusesPhones(_ text: String) {
    #expect(PhoneNumber(text) == nil)
  }

  @Test func namesWhatIsWrongWithAPhone() {
    #expect(refusal(PhoneNumber.self, "09+12345678") == .character(at: 2))
    #expect(refusal(PhoneNumber.self, "091234567") == .length(found: 9, allowed: 10...10))
    #expect(refusal(PhoneNumber.self, "0612345678") == .form)
  }

  @Test func phonesHideThemselves() throws {
    let phone = try #require(PhoneNumber("0912345678"))
    #expect(phone.masked == "+84******678")
    #expect("\(phone)" == phone.masked)
    #expect(String(reflecting: phone) == phone.masked)
  }
}
