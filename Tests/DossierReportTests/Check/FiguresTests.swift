import DossierCore
import Testing

@testable import DossierReport

/// Numbers as people write them, and exact arithmetic with them.
@Suite struct StatedNumberTests {
  @Test(arguments: [
    ("15.256", 15_256, 1, 0), ("15256", 15_256, 1, 0), ("78,95%", 7_895, 10_000, 2),
    ("78.95 %", 7_895, 10_000, 2),
    ("1.234", 1_234, 1, 0), ("0.123", 123, 1_000, 3), ("1.234.567,5", 12_345_675, 10, 1),
    ("1,234", 1_234, 1_000, 3),
    ("5,65 ngàn", 5_650, 1, 0), ("5,65 NGÀN", 5_650, 1, 0), ("3 triệu", 3_000_000, 1, 0),
    ("15\u{A0}256", 15_256, 1, 0),
    ("15\u{202F}256,5", 152_565, 10, 1), ("-12", -12, 1, 0), ("\u{2212}12", -12, 1, 0), ("100%", 1, 1, 0),
    (" 007 ", 7, 1, 0),
  ])
  func vietnamese(text: String, numerator: Int, denominator: Int, decimals: Int) throws {
    let number = try StatedNumber.read(text)
    #expect(number.value == ExactNumber(Int128(numerator), over: Int128(denominator)))
    #expect(number.decimals == decimals)
  }

  @Test func englishIsTheOtherWayRound() throws {
    #expect(try StatedNumber.read("1,234.5", style: .en).value == ExactNumber(12_345, over: 10))
    #expect(try StatedNumber.read("1.234", style: .en).value == ExactNumber(1_234, over: 1_000))
    #expect(try StatedNumber.read("1,234", style: .en).value == ExactNumber(1_234))
  }

  @Test(arguments: [
    "", "abc", "12a", "1.23.456", "1..2", ".5", "5.", "=SUM(A1:A3)", "１２", "١٢", "1e5", "0x10", "²", "1 2",
    "--1", "%",
    "1,234.56", "NaN", "∞", "12\n13", "1.234.56",
  ])
  func otherTextIsNoNumber(text: String) {
    #expect(throws: StatedNumber.Refusal.form) { try StatedNumber.read(text) }
  }

  @Test func hugeNumbersAreRefused() {
    #expect(throws: StatedNumber.Refusal.tooLong) { try StatedNumber.read("1234567890123456") }
    #expect(throws: StatedNumber.Refusal.tooLong) {
      try StatedNumber.read(String(repeating: "9", count: 100_000))
    }
  }

  @Test func randomNumbersReadBackAsWritten() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
      let places = Int.random(in: 0...5, using: &random)
      let value = Int.random(in: 0...99_999_999, using: &random)
      let number = try #require(
        ExactNumber(Int128(value), over: Int128([1, 10, 100, 1_000, 10_000, 100_000][places])))
      for (language, style) in [(OutputLanguage.vi, NumberStyle.vi), (.en, .en)] {
        let text = number.text(places: places, language: language)
        #expect(try StatedNumber.read(text, style: style).value == number, "\(text), seed \(seed)")
      }
    }
  }

  /// Against integer arithmetic written another way: round(a/b at d decimals) is (2·a·10^d + b) div 2b.
  @Test func roundingIsHalfUpAndOrderIsExact() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<5_000 {
      let a = Int.random(in: 0...1_000_000, using: &random)
      let b = Int.random(in: 1...1_000_000, using: &random)
      let places = Int.random(in: 0...4, using: &random)
      let scale = [1, 10, 100, 1_000, 10_000][places]
      let share = try #require(ExactNumber(Int128(a), over: Int128(b)))
      let unit = try #require(ExactNumber.powerOfTen(-places))
      #expect(
        share.rounded(to: unit) == ExactNumber(Int128((2 * a * scale + b) / (2 * b)), over: Int128(scale)))
      #expect(share.truncated(to: unit) == ExactNumber(Int128(a * scale / b), over: Int128(scale)))
      let c = Int.random(in: -1_000_000...1_000_000, using: &random)
      let d = Int.random(in: 1...1_000_000, using: &random)
      let other = try #require(ExactNumber(Int128(c), over: Int128(d)))
      #expect((share < other) == (a * d < c * b), "\(a)/\(b) < \(c)/\(d), seed \(seed)")
      #expect(share.subtracting(other) == ExactNumber(Int128(a * d - c * b), over: Int128(b * d)))
    }
  }
}

@Suite struct FiguresTests {
  private func verdicts(_ text: String) -> [CheckVerdict] { Sheets.figures(text).claims.map(\.verdict) }

  @Test func truncationIsNamed() throws {
    let report = Sheets.figures(
      "1: 24.584 / 31.135 = 78,95%\n2: 24.584 / 31.135 = 78,96%\n3: 24.584 / 31.135 = 78,94%")
    #expect(report.claims.map(\.verdict) == [.rounding, .pass, .fail])
    #expect(
      report.claims[0].remarks.first?.en
        == "holds only when cut off after 2 decimals; rounded half up it is 78.96\u{A0}%")
    #expect(!report.claims[0].isProblem && report.claims[2].isProblem)
  }

  @Test func statedThousandsClaimNoMoreThanTheirDigits() {
    #expect(
      verdicts("1: 2.825 + 2.821 = 5,65 ngàn\n2: 2.825 + 2.820 = 5,65 ngàn\n3: 2.800 + 2.800 = 5,65 ngàn")
        == [
          .pass, .pass, .fail,
        ])
  }

  @Test func anUnknownBaseIsNeverAPass() {
    #expect(
      verdicts("let b = ?\n1: 5 / b = 50%\n2: b = 3\n3: b <= b") == [
        .undecidable, .undecidable, .undecidable,
      ])
    #expect(
      verdicts("1: 5 / 0 = 50%\n2: x = 1\n3: a[\"b\"].late = 1") == [
        .undecidable, .undecidable, .undecidable,
      ])
  }

  @Test func readingsThatDisagreeAreAProblem() {
    let report = Sheets.figures("1 [A]: 2 <= 1\n1 [B]: 1 <= 2\n2 [A]: 1 = 1\n2 [B]: 2 = 2\n3 against: 1 = 1")
    #expect(report.claims.map(\.overall) == [.ambiguous, .ambiguous, .pass, .pass, .ambiguous])
    #expect(report.claims.map(\.isProblem) == [true, true, false, false, true])
  }

  /// Every whole number that fits is found, by trying all.
  @Test func solvingFindsWhatTryingFinds() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<300 {
      let base = Int.random(in: 1...3_000, using: &random)
      let hidden = Int.random(in: 0...base, using: &random)
      let places = Int.random(in: 0...2, using: &random)
      let unit = try #require(ExactNumber.powerOfTen(-places - 2))
      func share(_ x: Int) -> ExactNumber? {
        ExactNumber(Int128(base - x), over: Int128(base))?.rounded(to: unit)
      }
      let stated = StatedNumber(try #require(share(hidden)), lastDigit: -places - 2, isPercent: true)
      let fitting = (0...base).filter { share($0) == stated.value }
      let slope = try #require(ExactNumber(-1, over: Int128(base)))
      let found = try #require(UnknownSolver.solve(constant: ExactNumber(1), slope: slope, stated: stated))
      #expect(
        !found.isTruncation && found.first == fitting.first, "\(base) \(hidden) \(places), seed \(seed)")
      // Beyond the base nothing was tried.
      #expect(min(found.last, base) == fitting.last, "\(base) \(hidden) \(places), seed \(seed)")
    }
  }

  @Test func severalOrNoSolutionsAreSaid() {
    let report = Sheets.figures(
      """
      let x = ?
      let y = 24
      1: solve x in (9.144 - x) / 9.144 = 99,73%
      2: solve x in (9.144 - x) / 9.144 = 99,7%
      3: solve y in (9.144 - y) / 9.144 = 99,73%
      4: solve x in 100 * x / 7 = 50,55
      5: solve x in 1 / x = 50%
      6: solve x in x * x = 4
      """)
    #expect(
      report.claims.map(\.verdict) == [.derived, .undecidable, .fail, .fail, .undecidable, .undecidable])
    #expect(report.claims[0].left == ExactNumber(25))
    #expect(report.claims[1].remarks.first?.en == "every whole number from 23 to 32 fits")
  }

  @Test func badLinesAreFindingsAndTheRestIsChecked() {
    let report = Sheets.figures(
      """
      let a = 1
      let a = 2
      let 1a = 3
      nonsense
      1: a = 1
      2: a + = 1
      3: a = 1 2
      4: (((a = 1
      5: a[\u{22}b = 1
      table t = ../../etc/passwd
      6 maybe: a = 1
      7: derive a as %9
      8: a = １
      9: upper95 of a
      """)
    #expect(report.claims.map(\.id) == ["1", "9"])
    #expect(report.findings.map(\.line) == [2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13])
    #expect(report.findings.allSatisfy { $0.code == .figuresLine } && report.hasProblems)
  }

  @Test func hostileFilesEndSoon() {
    #expect(Sheets.figures("").refused == ["a.figures"])
    #expect(Sheets.figures("1: " + String(repeating: "(", count: 4_000) + "1").findings.count == 1)
    #expect(Sheets.figures("1: 1" + String(repeating: "+1", count: 300) + " = 301").findings.count == 1)
    #expect(Sheets.figures("1: " + String(repeating: "1", count: 5_000) + " = 1").findings.count == 1)
    // Each definition uses the next one twice.
    let doubling = (0..<30).map { "let n\($0) = n\($0 + 1) + n\($0 + 1)" } + ["let n30 = 1", "1: n0 = 1"]
    #expect(verdicts(doubling.joined(separator: "\n")) == [.undecidable])
    #expect(verdicts("let a = b\nlet b = a\n1: a = 1") == [.undecidable])
    let products = "let a = 999.999.999.999.999\n1: a * a * a * a = 1"
    #expect(verdicts(products) == [.undecidable])
    let many = String(repeating: "x\n", count: 100_000)
    #expect(Sheets.figures(many).findings.count <= 101)
    let report = CheckReport([
      CheckInput(name: "b", content: .figures([0xFF, 0xFE, 0x0A, 0x31, 0x3A, 0x31, 0x3D, 0x31]))
    ])
    #expect(report.findings.count == 1 && report.claims.count == 1)
  }
}
