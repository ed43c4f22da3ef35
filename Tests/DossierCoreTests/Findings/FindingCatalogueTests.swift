import CustodyLog
import DossierCore
import Testing

@Suite struct FindingCatalogueTests {
  static let known: Set<String> = ["expected", "found", "item", "path", "file", "detail"]

  @Test func everyCodeHasOneEntryAndNoOther() {
    let described = FindingCatalogue.entries.map(\.code)
    #expect(Set(described).count == described.count)
    for code in FindingCode.allCases {
      #expect(described.contains(code), "\(code.rawValue) \(code) is not described")
    }
    #expect(described == described.sorted { $0.rawValue < $1.rawValue })
  }

  @Test func retiredCodesAreNotGivenOutAgain() {
    for code in FindingCatalogue.retired { #expect(FindingCode(rawValue: code) == nil, "\(code)") }
  }

  @Test(arguments: FindingCatalogue.entries.map(\.code))
  func entriesAreCompleteInBothLanguages(code: FindingCode) {
    let entry = FindingCatalogue.entry(code)
    for language in Language.allCases {
      for text in [entry.message(language), entry.hint(language)] {
        #expect(!text.isEmpty)
        #expect(text.utf8.first != 0x20 && text.utf8.last != 0x20 && !text.utf8.contains(0x0A))
        #expect(CanonicalJSON.isNormalized(text))
      }
      #expect(placeholders(entry.message(language)).isSubset(of: Self.known))
      // Only the sentence is filled in.
      #expect(placeholders(entry.hint(language)) == [])
    }
    #expect(placeholders(entry.message(.vi)) == placeholders(entry.message(.en)))
    // Vietnamese can hardly say a sentence without a letter of its own; English never needs one.
    #expect(entry.message(.vi).unicodeScalars.contains(where: isVietnamese))
    #expect(entry.hint(.vi).unicodeScalars.contains(where: isVietnamese))
    #expect(!entry.message(.en).unicodeScalars.contains(where: isVietnamese))
    #expect(!entry.hint(.en).unicodeScalars.contains(where: isVietnamese))
  }

  @Test(arguments: FindingCatalogue.entries.map(\.code))
  func sentencesAreFilledIn(code: FindingCode) {
    let finding = Finding(
      code, file: "«file»", path: "«path»", item: "«item»", expected: "«expected»", found: "«found»",
      detail: "«detail»")
    for language in Language.allCases {
      let message = finding.message(language)
      #expect(!message.contains("{") && !message.contains("?"))
      for name in placeholders(FindingCatalogue.entry(code).message(language)) {
        #expect(message.contains("«\(name)»"))
      }
    }
    #expect(finding.severity == FindingCatalogue.entry(code).severity)
  }

  private func placeholders(_ text: String) -> Set<String> {
    Set(
      text.split(separator: "{", omittingEmptySubsequences: false).dropFirst()
        .map { String($0.prefix { $0 != "}" }) })
  }

  private func isVietnamese(_ scalar: Unicode.Scalar) -> Bool {
    "ăâđêôơưĂÂĐÊÔƠƯ".unicodeScalars.contains(scalar) || (0x1EA0...0x1EF9).contains(scalar.value)
      || (0xC0...0x1B0).contains(scalar.value)
  }
}
