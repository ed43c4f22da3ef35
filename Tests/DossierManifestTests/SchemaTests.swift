import DossierCore
import Foundation
import Testing

@testable import DossierManifest

@Suite struct SchemaTests {
  @Test func theEmbeddedBytesAreTheFiles() throws {
    for (name, bytes) in [
      ("manifest-1.xsd", PackageResources.manifest_1_xsd), ("events-1.xsd", PackageResources.events_1_xsd),
    ] {
      let file = try Data(contentsOf: packageFolder.appendingPathComponent("Schemas/\(name)"))
      #expect(Array(file) == bytes, "\(name)")
    }
  }

  @Test func theyCompile() { #expect(DocumentSchemas.shared != nil) }

  /// The plain command is enough to check a document, without any of our code.
  @Test(.enabled(if: Xmllint.isPresent)) func xmllintTakesThem() throws {
    #expect(try Xmllint.verdicts([ManifestWriter().bytes, Array("<a/>".utf8)]) == [true, false])
    #expect(
      try Xmllint.verdicts([Array(EventTests.feed.utf8), ManifestWriter().bytes], schema: "events-1.xsd") == [
        true, false,
      ])
  }

  /// Identity constraints keep every key in memory, and the store checks uniqueness anyway.
  @Test(arguments: ["manifest-1.xsd", "events-1.xsd"])
  func everyNameIsDocumentedInBothLanguages(_ name: String) throws {
    let text = try String(contentsOfFile: schemaPath(name), encoding: .utf8)
    for word in ["<xs:key ", "<xs:key>", "<xs:unique", "<xs:import", "<xs:include", "<!DOCTYPE"] {
      #expect(!text.contains(word), "\(word)")
    }
    let marks = ["<xs:element name=\"", "<xs:attribute name=\""]
    var count = 0
    for mark in marks {
      for part in text.components(separatedBy: mark).dropFirst() {
        let own = part.prefix { $0 != "\"" }
        let declaration = part[..<(part.range(of: "</xs:annotation>")?.upperBound ?? part.startIndex)]
        let isOwn = !marks.contains { declaration.contains($0) }
        #expect(
          isOwn && declaration.contains("xml:lang=\"vi\"") && declaration.contains("xml:lang=\"en\""),
          "\(own)")
        #expect(Word.allCases.contains { $0.text == own }, "\(own) is not in the vocabulary")
        count += 1
      }
    }
    #expect(count > 15)
  }

  @Test func everyCodeOfDocumentsIsExplained() {
    for code in FindingCode.allCases where code.rawValue < "D-1500" {
      let entry = FindingCatalogue.entry(code)
      for language in Language.allCases {
        #expect(entry.message(language) != code.rawValue, "\(code.rawValue)")
        #expect(entry.message(language).hasSuffix(".") && !entry.hint(language).isEmpty, "\(code.rawValue)")
        #expect(!entry.hint(language).contains("{"), "\(code.rawValue)")
      }
      #expect(entry.message(.vi) != entry.message(.en))
      let known = ["{expected}", "{found}", "{item}", "{path}", "{file}", "{detail}"]
      var rest = entry.message(.vi)
      for placeholder in known { rest = rest.replacingOccurrences(of: placeholder, with: "") }
      #expect(!rest.contains("{"), "\(code.rawValue)")
      for placeholder in known {
        #expect(
          entry.message(.vi).contains(placeholder) == entry.message(.en).contains(placeholder),
          "\(code.rawValue)")
      }
    }
  }
}
