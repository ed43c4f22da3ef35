import Foundation
import Testing

@testable import DossierCore

/// What the input engines of m17n made of numbers and codes: `Tests/Vectors/scanning/input-methods.txt` says how it was made.
enum TypedTexts {
  struct Typed: Hashable {
    var engine: String
    var printed: String
    var arrived: String
  }

  static let all: [Typed] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Vectors/scanning/input-methods.txt")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      let fields = line.split(separator: "\t").map(String.init)
      return Typed(engine: fields[0], printed: fields[1], arrived: fields[2])
    }
  }()

  static func numbers(_ engine: String) -> [Typed] { all.filter { $0.engine == engine } }
}

@Suite struct InputMethodTests {
  private func verdict(_ arrived: String) -> InputMethodRepair.Verdict {
    InputMethodRepair.examine(ScanText(raw: arrived))
  }

  /// What a counter would take a text for: the number that it is or that it is repaired to; nil when it is refused.
  private func taken(_ arrived: String) -> String? {
    switch verdict(arrived) {
    case .repaired(let number, _, _): number.text
    case .damaged: nil
    case .untouched: ItemNumber(ScanText(raw: arrived).text)?.text
    }
  }

  @Test func everythingThatTelexDoesToTheTwoLettersIsUndone() {
    let telex = TypedTexts.numbers("telex")
    #expect(telex.count == 170)
    for typed in telex { #expect(taken(typed.arrived) == typed.printed, "\(typed.arrived)") }
  }

  @Test func noDamagedNumberIsTakenForAnother() {
    var refused: [String: Int] = [:]
    for engine in ["telex", "vni", "viqr"] {
      for typed in TypedTexts.numbers(engine) {
        let number = taken(typed.arrived)
        if number == nil { refused[engine, default: 0] += 1 }
        #expect(number == nil || number == typed.printed, "\(engine): \(typed.printed) \(typed.arrived)")
      }
    }
    // Digits that are gone stay gone.
    #expect(
      refused == ["vni": TypedTexts.numbers("vni").count, "viqr": TypedTexts.numbers("viqr").count - 2])
  }

  @Test func everyNumberThatArrivesAsPrintedIsLeftAlone() {
    for first in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
      for second in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
        #expect(verdict("\(first)\(second)123456785VN") == .untouched)
      }
    }
    for code in ["BG-2026-77", "HS-2026-000123", "BK-590230-260112-001", "H48.25-260112-0001", "KG7"] {
      #expect(verdict(code) == .untouched, "\(code)")
    }
  }

  @Test func documentedExamples() throws {
    let ems = try #require(ItemNumber("EE120002480VN"))
    #expect(verdict("Ê120002480VN") == .repaired(ems, .telex, isShortened: false))
    // Decomposed, in small letters, with the reader's prefix and suffix around it.
    #expect(verdict("]C1\u{1D}e\u{302}120002480vn\r") == .repaired(ems, .telex, isShortened: false))
    #expect(verdict("Ê120002481VN") == .damaged(.telex))
    let registered = try #require(ItemNumber("RR123456785VN"))
    #expect(verdict("R123456785VN") == .repaired(registered, .telex, isShortened: true))
    #expect(verdict("ẸE6785VN") == .damaged(.vni))
    // VNI leaves no mark where a 0 came.
    #expect(verdict("AC07984595VN") == .damaged(.vni))
    #expect(verdict("RR1234567VN") == .damaged(nil))
    #expect(verdict("É123456785VN") == .repaired(ItemNumber("ES123456785VN")!, .telex, isShortened: false))
    #expect(verdict("ÈÉ123456785VN") == .damaged(.telex))
    #expect(verdict("&é\"'(-è_ç") == .damaged(nil))
    #expect(verdict("") == .untouched)
    #expect(verdict(String(repeating: "Ế", count: 10_000)) == .damaged(.telex))
  }

  @Test func rulesOfTelexAreThoseOfTheEngine() {
    let numbers = TypedTexts.numbers("telex").filter {
      $0.printed.hasSuffix("VN") && !$0.printed.hasPrefix("CP")
    }
    var changed: [String: String] = [:]
    for typed in numbers {
      changed[String(typed.printed.prefix(2))] = String(typed.arrived.prefix { !$0.isNumber })
    }
    for first in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
      for second in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
        let pair = "\(first)\(second)"
        // Unikey makes Ư of these too, m17n does not; undoing both is safe, for nothing else is typed so.
        if ["FW", "JW", "ZW"].contains(pair) { continue }
        #expect(InputMethodRepair.telex(first, second) == changed[pair] ?? pair, "\(pair)")
      }
    }
  }
}

@Suite struct ScanTextTests {
  @Test(arguments: [
    ("RR123456785VN", "RR123456785VN"), ("]C1RR123456785VN", "RR123456785VN"),
    ("]d2\u{1D}RR123456785VN\r\n", "RR123456785VN"), ("\u{0}\u{2}RR123456785VN\u{3}", "RR123456785VN"),
    ("  EE 123 456 785 VN\t", "EE 123 456 785 VN"), ("\u{FEFF}A1", "A1"), ("]C1", "]C1"), ("]", "]"),
    ("\u{85}X1\u{A0}", "X1"), ("e\u{302}1", "ê1"), ("", ""), ("\u{1D}\u{1D}", ""), ("]C1]C1A", "]C1A"),
  ])
  func onlyWhatIsNotTheCodeIsDropped(_ raw: String, _ text: String) {
    #expect(Array(ScanText(raw: raw).text.utf8) == Array(text.utf8))
  }

  @Test func strippingTwiceChangesNothingMore() {
    for typed in TypedTexts.all {
      let once = ScanText(raw: typed.arrived)
      #expect(ScanText(raw: once.text) == once)
    }
  }
}
