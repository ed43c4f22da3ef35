import DossierCore
import Foundation
import Testing

@testable import DossierManifest

@Suite struct LineNumberTests {
  @Test func recordsCarryTheirLines() throws {
    let writer = ManifestWriter.large(700)
    let text = writer.text()
    let outcome = try readDocument(text, chunk: 4096)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let items = lines.indices.filter { lines[$0].contains("<item ") }.map { UInt32($0 + 1) }
    let dossiers = lines.indices.filter { lines[$0].contains("<dossier ") }.map { UInt32($0 + 1) }
    #expect(outcome.gathered.items.map(\.line) == items)
    #expect(outcome.gathered.items.flatMap { $0.dossiers.map(\.line) } == dossiers)
  }

  /// libxml2 keeps 16 bits of a node's line; ours must not.
  @Test func linesBeyond65535AreExact() throws {
    var writer = ManifestWriter.large(4000)
    writer.items[3900].number = "RR473124820VN"
    writer.items[3910].weight = "heavy"
    writer.items[3920].dossiers[0].received = "2026-01-05Z"
    let text = writer.text()
    for (ending, broken) in [("\n", text), ("\r\n", writer.text(newline: "\r\n"))] {
      let outcome = try readDocument(broken)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      let expected = ["RR473124820VN", ">heavy<", ">2026-01-05Z<"].map { mark in
        (lines.firstIndex { $0.contains(mark) } ?? 0) + 1
      }
      #expect(expected.allSatisfy { $0 > 65_535 })
      #expect(outcome.result.findings.map(\.line) == expected, "\(ending.debugDescription)")
      #expect(outcome.codes == [.itemCheckDigit, .schemaViolation, .invalidDateTime])
    }
  }

  @Test(arguments: [1, 5, 1000, 64 << 10])
  func refusalsOfTheGateHaveTheirLine(_ chunk: Int) throws {
    let text = ManifestWriter.large(200).text()
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines[1500] = "\u{1}"
    let control = try readDocument(lines.joined(separator: "\n"), chunk: chunk)
    #expect(control.result.findings.last?.code == .forbiddenCharacter)
    #expect(control.result.findings.last?.line == 1501)
    #expect(control.result.findings.last?.found == "U+0001")
    lines[1500] = " <!DOCTYPE x>"
    let type = try readDocument(lines.joined(separator: "\n"), chunk: chunk)
    #expect(type.result.findings.last?.code == .documentTypeForbidden)
    #expect(type.result.findings.last?.line == 1501)
  }

  @Test func syntaxErrorsHaveTheirLineAndWhatCameBeforeIsReported() throws {
    var lines = ManifestWriter.large(50).text().split(separator: "\n").map(String.init)
    let weight = try #require(lines.firstIndex { $0.contains("<weight>") })
    lines[weight] = "<weight>x</weight>"
    let name = try #require(lines.indices.last { lines[$0].contains("<name>") })
    lines[name] = "<name>Lan</nome>"
    for chunk in [1, 64 << 10] {
      let outcome = try readDocument(lines.joined(separator: "\n"), chunk: chunk)
      #expect(outcome.codes == [.schemaViolation, .notWellFormed])
      #expect(outcome.result.findings.map(\.line) == [weight + 1, name + 1])
    }
  }

  @Test func aStartTagOverLinesHasTheLineOfItsEnd() throws {
    let text = ManifestWriter().text().replacingOccurrences(
      of: "<item number=\"EG123456785VN\"", with: "<item\n\nnumber=\"EG123456784VN\"\n")
    let finding = try #require(try readDocument(text).result.findings.first)
    let line =
      text[..<(try #require(text.range(of: "EG123456784VN\"\n"))).upperBound].filter { $0 == "\n" }.count + 1
    #expect(finding.line == line)
  }

  /// Schema errors carry the line of the element's start tag, as in xmllint.
  @Test(.enabled(if: Xmllint.isPresent)) func schemaLinesAgreeWithXmllint() throws {
    var writer = ManifestWriter.large(6)
    writer.items[2].condition = "wet"
    writer.items[3].dossiers[0].documents[0].name = ""
    writer.items[4].number = ""
    var text = writer.text()
    text = text.replacingOccurrences(of: "<phone>+84", with: "<fax/><phone>+84")
    text = text.replacingOccurrences(of: "<declared", with: "<declared\n  color='red'")
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString + ".xml")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["xmllint", "--noout", "--schema", schemaPath("manifest-1.xsd"), file.path]
    process.standardError = pipe
    try process.run()
    let report = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let lines = report.split(separator: "\n").filter { $0.contains("Schemas validity error") }.compactMap {
      line in
      Int(line.dropFirst(file.path.utf8.count + 1).prefix { $0.isNumber })
    }
    #expect(lines.count >= 6)
    let ours = try readDocument(text).result.findings.filter { $0.code == .schemaViolation }.map {
      $0.line ?? 0
    }
    #expect(ours.sorted() == lines.sorted())
  }
}
