import Testing

@testable import DossierCore

@Suite struct OwnCodeTests {
  private static let letters = OwnCode.alphabet.map { Character(Unicode.Scalar($0)) }

  private func codes(_ count: Int, seed: UInt64) -> [OwnCode] {
    var random = Shuffle(seed)
    return (0..<count).compactMap { _ in
      let payload = String(
        (0..<Int.random(in: 1...10, using: &random)).compactMap { _ in
          Self.letters.randomElement(using: &random)
        })
      return OwnCode(OwnCode.Kind.allCases.randomElement(using: &random) ?? .lookup, payload: payload)
    }
  }

  /// A stream of numbers that is the same in every run.
  private struct Shuffle: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 33
    }
  }

  @Test func theAlphabetHasNothingToRewrite() {
    // Keys with which Telex, VNI and VIQR write: vowels, D, W, the keys of tones, and digits after a vowel.
    for letter in "AEIOUYDWSFRXJZ" { #expect(!Self.letters.contains(letter), "\(letter)") }
    #expect(Self.letters.count == 22)
    #expect(Set(Self.letters).count == 22)
    // As the engines say of 10,000 random codes each; of free codes they change between 8 and 44 of a hundred.
    for engine in ["telex", "vni", "viqr"] {
      let counts = TypedTexts.all.filter { $0.engine == "changed \(engine)" }
      #expect(counts.first { $0.printed == "own 10000" }?.arrived == "0")
      #expect(counts.first { $0.printed == "alphanumeric 10000" }.flatMap { Int($0.arrived) } ?? 0 > 800)
    }
  }

  /// ISO 7064 hybrid systems, by the worked example that the standard and others give for MOD 11,10 (0794 gives 5),
  /// computed there over 10 characters; here the same recursion over 22.
  @Test func everyCodeReadsBack() {
    for code in codes(2_000, seed: 1) {
      #expect(OwnCode(code.text) == code)
      #expect(OwnCode(code.text.lowercased()) == code)
      #expect(OwnCode(String(code.text.prefix(3)) + " - " + code.text.dropFirst(3)) == code)
      #expect(OwnCode(code.kind, payload: code.payload) == code)
    }
  }

  @Test func everySingleSubstitutionIsSeen() {
    for code in codes(300, seed: 2) {
      let characters = Array(code.text)
      for position in characters.indices {
        for letter in Self.letters where letter != characters[position] {
          var wrong = characters
          wrong[position] = letter
          #expect(OwnCode(String(wrong)) == nil, "\(code.text) \(String(wrong))")
        }
      }
    }
  }

  /// The scheme misses an exchange of neighbours only where the second is the first less one and the sum before them has
  /// one certain value: 22 of 5,082 cases.
  @Test func nearlyEveryExchangeOfNeighboursIsSeen() {
    var missed = 0
    var all = 0
    for code in codes(4_000, seed: 3) {
      let characters = Array(code.text)
      for position in characters.indices.dropLast() where characters[position] != characters[position + 1] {
        var wrong = characters
        wrong.swapAt(position, position + 1)
        all += 1
        if OwnCode(String(wrong)) != nil { missed += 1 }
      }
    }
    #expect(all > 15_000)
    #expect(Double(missed) / Double(all) < 0.01, "seed 3: \(missed) of \(all)")
  }

  @Test func commandsAreApartFromEachOther() {
    let codes = ScanCommand.allCases.map(\.code)
    #expect(Set(codes).count == codes.count)
    for (command, code) in zip(ScanCommand.allCases, codes) {
      #expect(code.hasPrefix("QL1"))
      #expect(code.utf8.count == 6)
      #expect(OwnCode(code).flatMap { ScanCommand($0) } == command)
      for language in Language.allCases { #expect(!command.label(language).isEmpty) }
      // No slip turns one command into another, but help into closing, which therefore wants its confirmation.
      let characters = Array(code)
      for position in characters.indices.dropLast() {
        var wrong = characters
        wrong.swapAt(position, position + 1)
        let slip = String(wrong)
        let isKnown = Set([code, slip]) == Set([ScanCommand.help.code, ScanCommand.close.code])
        #expect(slip == code || isKnown || !codes.contains(slip), "\(code) \(slip)")
      }
    }
    #expect(ScanCommand.acknowledge.label(.vi) == "XONG")
    #expect(ScanCommand.allCases.compactMap(\.cause) == DamageCause.allCases)
    #expect(ScanCommand.allCases.compactMap(\.damage) == DamageGrade.allCases)
    #expect(ScanCommand.gradeReadable.key == "2")
    #expect(ScanCommand.causeOther.key == "6")
    #expect(OwnCode(.lookup, payload: "1").flatMap { ScanCommand($0) } == nil)
    #expect(OwnCode(.command, payload: "109").flatMap { ScanCommand($0) } == .acknowledge)
    #expect(OwnCode(.command, payload: "209").flatMap { ScanCommand($0) } == nil)
  }

  @Test(arguments: [
    "", "QL", "QL1", "QX10", "RR123456785VN", "QL1Ô9", "QL109", String(repeating: "Q", count: 9_999),
  ])
  func whatIsNoCodeIsRefused(_ text: String) { #expect(OwnCode(text) == nil) }

  @Test func payloadsAreChecked() {
    #expect(OwnCode(.station, payload: "") == nil)
    #expect(OwnCode(.station, payload: "A") == nil)
    #expect(OwnCode(.station, payload: String(repeating: "1", count: 61)) == nil)
  }
}

@Suite struct CalibrationTests {
  private func arrived(_ engine: String) -> [(printed: String, arrived: String)] {
    TypedTexts.all.filter { $0.engine == "calibration \(engine)" }.map { ($0.printed, $0.arrived) }
  }

  @Test func aGoodCounterHasNoFault() {
    #expect(Calibration.faults(of: Calibration.text) == [])
    #expect(Calibration.faults(of: "]C1" + Calibration.shortText + "\r") == [])
    #expect(Calibration.faults(of: Calibration.text, hasSuffix: false) == [.missingSuffix])
  }

  @Test func inputMethodsAreNamed() {
    #expect(arrived("telex").count == 2)
    for typed in arrived("telex") { #expect(Calibration.faults(of: typed.arrived) == [.telex]) }
    // The short text arrives unchanged under VNI: only the long one tells.
    for typed in arrived("vni") {
      #expect(Calibration.faults(of: typed.arrived) == (typed.printed == Calibration.text ? [.vni] : []))
    }
    #expect(Calibration.faults(of: "cal aeoudw ê é r 0123456789") == [.capsLock, .telex])
  }

  @Test func keyboardsAreNamed() {
    #expect(Calibration.faults(of: Calibration.text.lowercased()) == [.capsLock])
    #expect(
      Calibration.faults(of: "CQL QEOUDZ EE ES RR à&é\"'(-è_ç Q& E- YW") == [.layout("AZERTY")])
    #expect(Calibration.faults(of: "CQL QEOUDZ EE ES RR à&é\"'(-è_ç") == [.layout("AZERTY")])
    #expect(Calibration.faults(of: "CAL AEOUDW EE ES RR 0123456789 A1 E6 ZY") == [.layout("QWERTZ")])
  }

  @Test func lossesAreCounted() {
    #expect(Calibration.faults(of: "CAL AEOUDW EE ES RR 012345678 A1 E6 YZ") == [.lostCharacters(1)])
    #expect(
      Calibration.faults(of: "CL AEOUW EE ES RR 0123456789 A1 E6 YZ", hasSuffix: false)
        == [.lostCharacters(2), .missingSuffix])
    #expect(Calibration.faults(of: "RR123456785VN") == [.otherText])
    #expect(Calibration.faults(of: "") == [.otherText])
  }
}
