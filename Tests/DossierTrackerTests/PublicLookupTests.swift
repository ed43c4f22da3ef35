import CustodyLog
import DossierTesting
import Foundation
import Testing

@testable import DossierSQLite
@testable import DossierTracker

/// A store with a handful of people who sent dossiers.
private struct Village {
  let folder: TemporaryFolder
  let path: String
  let tracker: Tracker
  /// Its sender's telephone ends in 0042, with a zero in front.
  let mine = TestValues.s10(1, prefix: "RR")
  let neighbours = TestValues.s10(2, prefix: "RR")
  let local = "BG-2026/77"
  let dossier = "H48.25-250302-0042"

  init(phone: String = "0912 340 042", neighboursPhone: String = "0987654321") throws {
    folder = try TemporaryFolder()
    path = folder.path("store")
    tracker = try Sample.create(path, clock: FixedClock(TestValues.at(day: 20)))
    _ = try tracker.record(offices: [
      Office(code: "BC0", name: "Bưu điện tỉnh", kind: .post),
      Office(code: "BC1", name: "Bưu điện khu vực Lộc Thượng", kind: .post, parent: "BC0"),
      Office(code: "BC2", name: "Bưu cục số 7 đường Hùng Vương", kind: .post, parent: "BC1"),
    ])
    try record(
      "BK-1", leg: .intake, from: "BC2", to: "H48.25", day: 3,
      [
        TestItem(
          mine, acceptedAt: TestValues.at(day: 2), sender: TestContact(name: "Nguyễn Văn Gửi", phone: phone),
          dossiers: [TestDossier(dossier, due: CalendarDate(year: 2025, month: 3, day: 14))]),
        TestItem(
          neighbours, acceptedAt: TestValues.at(day: 2),
          sender: TestContact(name: "Hàng Xóm", phone: neighboursPhone),
          dossiers: [TestDossier("H48.25-250302-0043")]),
        TestItem(local, acceptedAt: TestValues.at(day: 2), dossiers: [TestDossier("H48.25-250302-0044")]),
      ])
  }

  func record(_ number: String, leg: Leg, from: String, to: String, day: Int, _ items: [TestItem]) throws {
    let manifest = TestManifest(
      number, leg: leg, from: from, to: to, at: TestValues.at(day: day), items: items)
    let outcome = try tracker.store.record(
      ArrayDocumentSource(manifest), recordedAt: TestValues.at(day: day), dryRun: false)
    #expect(outcome.status == .recorded, "\(outcome.findings)")
  }

  func event(
    _ kind: EventKind, _ item: String, day: Int, office: String, to: String? = nil,
    damage: DamageGrade? = nil,
    newNumber: String? = nil, reference: String? = nil, reason: String? = nil
  ) throws {
    _ = try tracker.append([
      TestValues.event(
        UUID().uuidString.lowercased(), kind, item, at: TestValues.at(day: day), office: office, to: to,
        reason: reason, damage: damage, reference: reference, newNumber: newNumber)
    ])
  }

  func code(_ item: String) throws -> String { try #require(try tracker.lookupCode(ofItem: item)) }

  func find(_ number: String, _ digits: String?) throws -> PublicLookup {
    try tracker.lookup(
      number: try #require(PublicNumber(typed: number)),
      phone: try digits.map { try #require(PhoneEnding(typed: $0)) })
  }

  func isFound(_ number: String, _ digits: String) throws -> Bool {
    if case .status = try find(number, digits) { true } else { false }
  }
}

@Suite struct PublicLookupCodeTests {
  @Test func everyKindOfNumberHasACodeThatOpensItAndNothingElse() throws {
    let village = try Village()
    var codes: Set<String> = []
    for item in [village.mine, village.neighbours, village.local] {
      let code = try village.code(item)
      #expect(code.hasPrefix("QC"))
      #expect(code.utf8.allSatisfy { "0123456789BCGHKLMNPQTV".utf8.contains($0) })
      #expect(try village.code(item.lowercased()) == code)
      #expect(try village.tracker.item(ofLookupCode: code) == item)
      #expect(try village.tracker.lookup(code: code)?.item == item)
      codes.insert(code)
    }
    #expect(codes.count == 3)
    #expect(try village.tracker.lookupCode(ofItem: TestValues.s10(77)) == nil)
    #expect(try village.tracker.lookupCode(ofItem: "BK-1") == nil)
    #expect(try village.tracker.lookupCode(ofItem: "") == nil)
  }

  @Test func aCodeIsReadAsPeopleAndReadersTypeIt() throws {
    let village = try Village()
    let code = try village.code(village.mine)
    let grouped = stride(from: 0, to: code.utf8.count, by: 4).map {
      String(code.dropFirst($0).prefix(4))
    }
    for typed in [
      code.lowercased(), grouped.joined(separator: " "), grouped.joined(separator: "-"), " \(code)\r\n",
    ] {
      #expect(try village.tracker.item(ofLookupCode: typed) == village.mine)
    }
  }

  /// Every character replaced by every other, with its check character made right again: the keyed hash alone must hold.
  @Test func aMutatedCodeOpensNothing() throws {
    let village = try Village()
    let code = Array(try village.code(village.mine).utf8)
    for position in code.indices {
      for character in "0123456789BCGHKLMNPQTVAZ .é".unicodeScalars
      where UInt32(code[position]) != character.value {
        var forged = code.map { Unicode.Scalar($0) }
        forged[position] = character
        var view = String.UnicodeScalarView()
        view.append(contentsOf: forged)
        #expect(try village.tracker.item(ofLookupCode: String(view)) == nil)
        let payload = String(String(view).dropFirst(2).dropLast())
        guard let repaired = OwnCode(.lookup, payload: payload)?.text, Array(repaired.utf8) != code else {
          continue
        }
        #expect(try village.tracker.item(ofLookupCode: repaired) == nil)
      }
      var shorter = code
      shorter.remove(at: position)
      #expect(try village.tracker.item(ofLookupCode: String(decoding: shorter, as: UTF8.self)) == nil)
    }
    // The index of another item with this one's proof.
    let other = try #require(PublicLookupCode(typed: try village.code(village.neighbours)))
    var spliced = try #require(PublicLookupCode(typed: String(decoding: code, as: UTF8.self)))
    spliced.index = other.index
    #expect(try village.tracker.item(ofLookupCode: try #require(spliced.text)) == nil)
    for index in [0, Int64.max, 9_999] {
      spliced.index = index
      #expect(try village.tracker.item(ofLookupCode: try #require(spliced.text)) == nil)
    }
  }

  @Test func whatIsNoCodeOpensNothing() throws {
    let village = try Village()
    _ = try village.code(village.mine)
    for text in [
      "", "Q", "QC", "QC0", "\u{0}", "../../keys/lookup.key", "<script>",
      String(repeating: "Q", count: 100_000),
      "QC" + String(repeating: "0", count: 40), "QC" + String(repeating: "V", count: 35), village.mine, "😀",
      "QC" + String(repeating: "9", count: 200),
    ] {
      #expect(try village.tracker.lookup(code: text) == nil)
    }
  }

  @Test func aRelabelledItemIsOpenedByTheCodesOfBothNumbers() throws {
    let village = try Village()
    let before = try village.code(village.mine)
    let new = TestValues.s10(900, prefix: "RR")
    try village.event(.relabelled, village.mine, day: 4, office: "BC2", newNumber: new)
    try village.event(.received, new, day: 5, office: "H48.25")
    #expect(try village.tracker.lookup(code: before)?.item == new)
    #expect(try village.tracker.lookup(code: try village.code(new))?.item == new)
    #expect(try village.code(village.mine) == before)
    #expect(try village.isFound(new, "0042"))
    #expect(try village.isFound(village.mine, "0042"))
  }

  @Test func theKeyIsMadeOnceForItsOwnerAlone() throws {
    let village = try Village()
    let code = try village.code(village.mine)
    let file = village.path + "/keys/lookup.key"
    #expect(StoreFolder.mode(of: file) == 0o600)
    // Another process finds the same.
    let other = try Sample.open(village.path)
    #expect(try other.lookupCode(ofItem: village.mine) == code)
    chmod(file, 0o644)
    #expect(throws: TrackerRefusal.self) { try village.tracker.lookup(code: code) }
    chmod(file, 0o600)
    try Files.write(Array("no key\n".utf8), file)
    #expect(throws: TrackerRefusal.self) { try village.tracker.lookup(code: code) }
  }

  @Test func manyThatComeFirstAgreeOnOneKey() async throws {
    let village = try Village()
    let codes = try await withThrowingTaskGroup(of: String?.self) { group in
      for _ in 0..<8 {
        group.addTask { try Sample.open(village.path).lookupCode(ofItem: village.mine) }
      }
      return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
    }
    #expect(codes.count == 1)
    #expect(!codes.contains(nil))
  }

  @Test func aKeyPutInFrontKeepsOldCodesAndATakenOneEndsThem() throws {
    let village = try Village()
    let code = try village.code(village.mine)
    let file = village.path + "/keys/lookup.key"
    let old = try Files.read(file)
    let new = Array((String(repeating: "5a", count: 32) + "\n").utf8)
    try Files.write(new + old, file)
    chmod(file, 0o600)
    let newCode = try village.code(village.mine)
    #expect(newCode != code)
    #expect(try village.tracker.lookup(code: code)?.item == village.mine)
    #expect(try village.tracker.lookup(code: newCode)?.item == village.mine)
    try Files.write(new, file)
    #expect(try village.tracker.lookup(code: code) == nil)
    #expect(try village.tracker.lookup(code: newCode)?.item == village.mine)
  }
}

@Suite struct PublicLookupNumberTests {
  @Test func theRightDigitsOpenAnItemUnderAllWritingsOfItsNumber() throws {
    let village = try Village()
    let grouped =
      village.mine.prefix(2) + " " + village.mine.dropFirst(2).prefix(4) + " " + village.mine.dropFirst(6)
    for number in [village.mine, village.mine.lowercased(), String(grouped), village.dossier] {
      #expect(try village.isFound(number, "0042"))
      for wrong in ["0043", "0000", "4200", "0987", "4321", "9999"] {
        #expect(try !village.isFound(number, wrong))
      }
    }
    // A neighbour's digits open the neighbour's.
    #expect(try village.isFound(village.neighbours, "4321"))
    // Nobody's telephone was stated.
    #expect(try !village.isFound(village.local, "0000"))
    #expect(PublicNumber(typed: "") == nil)
    #expect(PublicNumber(typed: "\u{0}") == nil)
    #expect(PublicNumber(typed: "<script>alert(1)</script>") == nil)
    #expect(PublicNumber(typed: String(repeating: "9", count: 10_000)) == nil)
    // A manifest is nobody's.
    #expect(try village.find("BK-1", nil) == .coarse(.contact))
  }

  /// A kiosk's PC with an input method on.
  @Test func aNumberThatAnInputMethodRewroteIsFound() throws {
    let item = TestValues.s10(123, prefix: "EE")
    #expect(PublicNumber(typed: "Ê" + item.dropFirst(2))?.canonical == item)
    #expect(PublicNumber(typed: "]C1\(item)\r")?.canonical == item)
    // Nothing shows that a letter was doubled: it may be another number that lost one.
    #expect(PublicNumber(typed: String(item.dropFirst()))?.canonical != item)
  }

  @Test func aNumberHasOneCanonicalText() {
    let item = TestValues.s10(5, prefix: "RR")
    #expect(PublicNumber(typed: item.lowercased())?.canonical == item)
    #expect(
      PublicNumber(typed: "000.17.22.H56-210531-0001")?.canonical
        == PublicNumber(typed: "h56.22.17-210531-0001")?.canonical)
  }

  @Test(arguments: [
    "0912340042", "+84912340042", "0912.340.042", "0912 340 042", "(0912) 340-042", "０９１２３４００４２",
    "٠٩١٢٣٤٠٠٤٢",
    "0912340042 / 0987654999", "0900111222; 0912340042", "0900111222 - 0912340042", "0255 3820042",
    "0912340042 (con trai)", "ĐT: 0912340042", "84912340042", "0912340042 máy lẻ 12",
  ])
  func telephonesAreFoundHoweverTheyAreWritten(_ phone: String) throws {
    let village = try Village(phone: phone)
    #expect(try village.isFound(village.mine, "0042"))
    #expect(try village.isFound(village.mine, "００４２"))
    #expect(try !village.isFound(village.mine, "0012"))
    #expect(try !village.isFound(village.mine, "0420"))
  }

  @Test(arguments: ["", "không có", "1234", "042", "máy lẻ 0042", "số nhà 0042"])
  func whatIsNoTelephoneOpensNothing(_ phone: String) throws {
    let village = try Village(phone: phone)
    #expect(try !village.isFound(village.mine, "0042"))
    #expect(try !village.isFound(village.mine, "1234"))
  }

  @Test func digitsAreTypedInMoreThanOneWay() {
    for typed in ["0042", " 0042 ", "00 42", "0912340042", "+84 912 340 042", "٠٠٤٢"] {
      #expect(PhoneEnding(typed: typed)?.digits == Array("0042".utf8))
    }
    for typed in [
      "", "42", "004", "00a2", "0042; DROP", "½042", "\u{0}0042", String(repeating: "1", count: 200),
    ] {
      #expect(PhoneEnding(typed: typed) == nil)
    }
    #expect("\(PhoneEnding(typed: "0042").map { "\($0)" } ?? "")" == "****")
  }

  @Test func anErasedContactIsFoundByItsCodeAlone() throws {
    let village = try Village()
    let code = try village.code(village.mine)
    let order = try village.tracker.orderErasure(
      ErasureRequest(
        target: village.mine, fields: [.sender, .code], basis: .subjectRequest, by: "GDV01"))
    _ = try village.tracker.carryOutErasure(order: try #require(order.first?.order), by: "GDV02")
    #expect(try village.find(village.mine, "0042") == .nothing)
    #expect(try village.find(village.dossier, "0042") == .nothing)
    #expect(try village.tracker.lookup(code: code)?.item == village.mine)
    #expect(try village.isFound(village.neighbours, "4321"))
  }

  @Test func anUnknownNumberIsAnsweredLikeAWrongOneAtTheSameCost() throws {
    let village = try Village()
    let unknown = TestValues.s10(4711, prefix: "RR")
    #expect(try village.find(unknown, "0042") == .nothing)
    #expect(try village.find(village.mine, "0043") == .nothing)
    #expect(try village.find(unknown, nil) == .coarse(.contact))
    let known = try village.tracker.store.lookupCandidates(item: village.mine, dossier: nil)
    #expect(known.items.count == 1)
    for serial in 4711..<4740 {
      let stranger = try village.tracker.store.lookupCandidates(
        item: TestValues.s10(serial, prefix: "RR"), dossier: TestValues.s10(serial, prefix: "RR"))
      #expect(stranger.items.isEmpty && stranger.phones.isEmpty)
      // Two events, the vault of one of them, the item itself.
      #expect(stranger.reads == known.reads)
    }
    #expect(known.reads == 4)
  }
}

@Suite struct PublicStatusTests {
  private func status(_ village: Village, _ item: String) throws -> PublicStatus {
    try #require(try village.tracker.lookup(code: try village.code(item)))
  }

  @Test func aDossierGoesThroughFiveSteps() throws {
    let village = try Village()
    var seen = try status(village, village.mine)
    #expect(seen.step == .onItsWay)
    #expect(seen.next == .willArrive)
    #expect(seen.days[.handedIn] == CalendarDate(year: 2025, month: 3, day: 2))
    #expect(seen.promised == CalendarDate(year: 2025, month: 3, day: 14))
    #expect(seen.isLate)
    #expect(try village.find(village.mine, nil) == .coarse(.inTransit))
    // Its post office is not named, the area above it is.
    #expect(seen.place == PublicStatus.Place(kind: .post, area: "Bưu điện khu vực Lộc Thượng"))

    try village.event(.received, village.mine, day: 4, office: "H48.25")
    seen = try status(village, village.mine)
    #expect(seen.step == .atCenter)
    #expect(seen.place == PublicStatus.Place(kind: .center, area: nil))
    #expect(try village.find(village.mine, nil) == .coarse(.arrived))

    let result = TestValues.s10(50, prefix: "RR")
    try village.record(
      "BK-2", leg: .result, from: "H48.25", to: "BC2", day: 9,
      [
        TestItem(
          result, acceptedAt: TestValues.at(day: 9),
          recipient: TestContact(name: "Nguyễn Văn Gửi", phone: "0355000777"),
          dossiers: [TestDossier(village.dossier, due: CalendarDate(year: 2025, month: 3, day: 14))])
      ])
    try village.event(.received, result, day: 10, office: "BC2")
    // By the code on the first receipt as well as by the result's own.
    for item in [village.mine, result] {
      seen = try status(village, item)
      #expect(seen.step == .resultOnItsWay)
      #expect(seen.days[.atCenter] == CalendarDate(year: 2025, month: 3, day: 4))
      #expect(seen.item == item)
    }
    try village.event(.outForDelivery, result, day: 11, office: "BC2")
    #expect(try status(village, village.mine).next == .isOutForDelivery)
    try village.event(.delivered, result, day: 11, office: "BC2", reference: "KY-1")
    seen = try status(village, village.mine)
    #expect(seen.step == .delivered)
    #expect(seen.next == .nothing)
    #expect(seen.place == nil)
    #expect(!seen.isLate)
    #expect(seen.troubles.isEmpty)
    #expect(try village.find(result, nil) == .coarse(.arrived))
    // The sender's digits open the dossier, and not the result's own number.
    #expect(try village.isFound(village.dossier, "0042"))
    #expect(try village.isFound(village.dossier, "0777"))
    #expect(try !village.isFound(result, "0042"))
  }

  @Test func whatWentWrongIsSaidAndWhetherItWasSettled() throws {
    let village = try Village()
    try village.event(.damaged, village.mine, day: 4, office: "H48.25", damage: .readable)
    try village.event(.missing, village.mine, day: 5, office: "H48.25")
    var seen = try status(village, village.mine)
    #expect(seen.troubles.map(\.kind) == [.damaged, .missing])
    #expect(seen.troubles.map(\.isSettled) == [false, false])
    #expect(seen.next == .askTheOffice)
    #expect(try village.find(village.mine, nil) == .coarse(.contact))
    try village.event(.found, village.mine, day: 6, office: "H48.25")
    try village.event(.received, village.mine, day: 6, office: "H48.25")
    seen = try status(village, village.mine)
    #expect(seen.troubles.map(\.isSettled) == [false, true])
    #expect(seen.next == .willBeDecided)
    try village.event(.lost, village.mine, day: 7, office: "H48.25", reference: "QD-1")
    #expect(try status(village, village.mine).troubles.last?.kind == .lost)
  }

  /// Nothing personal is in the value: no name, number of telephone, code of a person or of a procedure.
  @Test func theValueHoldsNothingPersonal() throws {
    let village = try Village()
    try village.event(.received, village.mine, day: 4, office: "H48.25")
    let text = "\(try status(village, village.mine))"
    for secret in ["Nguyễn", "0042", "340", village.dossier, "1.000656", "Hộ tịch", "Hùng Vương", "BC2"] {
      #expect(!text.contains(secret), "\(secret)")
    }
  }

  @Test func masterDataInACircleHoldsNobodyUp() throws {
    let offices = PublicOffices([
      Office(code: "A", name: "A", kind: .post, parent: "B"),
      Office(code: "B", name: "B", kind: .post, parent: "A"),
      Office(code: "C", name: "C", kind: .post, parent: "C"),
    ])
    #expect(offices.place("A").area == "B")
    #expect(offices.place("C").area == nil)
    #expect(offices.place("unknown") == PublicStatus.Place(kind: nil, area: nil))
  }
}
