import CXMLReader
import DossierCore
import Foundation
import Testing

@testable import DossierManifest

/// Entries of plain markup are read without libxml2, all others with it, and nothing that comes out shows which.
@Suite struct PlainReadingTests {
  private func plainEntries(_ text: String, pieces: Int = 1) throws -> Int {
    let schemas = try #require(DocumentSchemas.shared)
    let handler = DocumentHandler(file: "test.xml", limits: ReadingLimits(), latestTime: nil, proves: true)
    let created = XMLPushParser(
      schemas: schemas, handler: handler, isTranscoded: false, readsPlainly: true)
    let parser = try #require(created)
    let bytes = Array(text.utf8)
    let length = (bytes.count + pieces - 1) / pieces
    for start in stride(from: 0, to: bytes.count, by: length) {
      let isWanted = bytes[start..<min(bytes.count, start + length)].withUnsafeBufferPointer {
        parser.push($0)
      }
      #expect(isWanted)
    }
    parser.finish()
    #expect(parser.isAccepted)
    return parser.plainEntries
  }

  @Test func plainItemsAreReadWithoutTheParser() throws {
    let plain = ManifestWriter.large(20, isPlain: true)
    // The first is the parser's, so that the schema has seen one.
    #expect(try plainEntries(plain.text()) == 19)
    #expect(try plainEntries(plain.text(newline: "\r\n", indent: "\t")) == 19)
    #expect(try plainEntries(plain.text(newline: "", indent: "")) == 19)
    // One more for each piece that begins within an item.
    #expect(try plainEntries(plain.text(), pieces: 3) == 17)
    #expect(try plainEntries(plain.text(), pieces: 10_000) == 0)
  }

  @Test func otherItemsAreNot() throws {
    #expect(try plainEntries(ManifestWriter.large(20).text()) == 0)
    let plain = ManifestWriter.large(20, isPlain: true).text()
    let changes: [(String, String, Int)] = [
      ("<fee>", "<!-- --><fee>", 1), ("<fee>", "<fee >", 0), ("</fee>", "</fee >", 1),
      ("container=\"T-0001\"", "container='T-0001'", 1),
      ("container=\"T-0001\"", "container = \"T-0001\"", 1),
      ("<fee>1", "<fee><![CDATA[1]]>", 1), ("<fee>", "<?p?><fee>", 1), ("<fee>1", "<fee>&#49;", 1),
      ("<fee>1", "<fee>\r\n1", 1), ("<fee>1", "<fee>\n1", 0), ("Trần Văn Bình", "Trần [Văn] Bình", 1),
    ]
    for (old, new, missing) in changes {
      // In the last item that has it: 19 are plain otherwise.
      let place = try #require(plain.range(of: old, options: .backwards))
      let changed = plain.replacingCharacters(in: place, with: new)
      #expect(try plainEntries(changed) == 19 - missing, "\(new)")
    }
  }

  @Test func prefixedAndNestedNamespacesAreTheParsers() throws {
    let plain = ManifestWriter.large(20, isPlain: true).text()
    let prefixed = plain.replacing("xmlns=", with: "xmlns:m=").replacing("</", with: "</m:")
      .replacing(/<([a-z])/) { "<m:\($0.output.1)" }
    #expect(try plainEntries(prefixed) == 0)
    let declaring = plain.replacing("<item ", with: "<item xmlns=\"urn:postal-dossier:manifest:1\" ")
    #expect(try plainEntries(declaring) == 0)
  }

  /// Line numbers go on behind items that the parser never saw.
  @Test func linesAfterPlainItems() throws {
    for newline in ["\n", "\r\n"] {
      let text = ManifestWriter.large(30, isPlain: true).text(newline: newline)
      for (place, code) in [("</items>", FindingCode.notWellFormed), ("</manifest>", .notWellFormed)] {
        let broken = text.replacing(place, with: "<oops></items>")
        let outcome = try readDocument(broken)
        let lines = text.split(separator: newline).firstIndex { $0.contains(place) }
        #expect(outcome.codes.contains(code))
        #expect(outcome.result.findings.last?.line == lines.map { $0 + 1 })
      }
    }
  }

  @Test func wordsAreNumberedInOrder() {
    #expect(Word.allCases.count < 64)
    for (number, word) in Word.allCases.enumerated() {
      #expect(word.rawValue == Int32(number))
      #expect(Word(number: Int32(number)) == word)
    }
    for number in [-1, Int32(Word.allCases.count), .min, .max] { #expect(Word(number: number) == nil) }
  }
}
