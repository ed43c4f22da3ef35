import DossierCore
import Foundation
import Testing

@testable import DossierManifest

/// Our verdict against `xmllint --schema`, and reading with proofs against reading without.
@Suite(.enabled(if: Xmllint.isPresent)) struct DifferentialTests {
  /// Namespace errors do not stop `xmllint`; ours is the stricter verdict, on purpose.
  private static func isStricterOnPurpose(_ outcome: Outcome) -> Bool {
    outcome.codes.contains(.notWellFormed)
  }

  private func compare(_ documents: [[UInt8]], schema: String = "manifest-1.xsd", _ note: String) throws {
    let verdicts = try Xmllint.verdicts(documents, schema: schema)
    var agreed = (accepted: 0, refused: 0)
    for (index, bytes) in documents.enumerated() {
      let outcome = try readDocument(bytes)
      var plain = try readDocument(bytes, chunk: 17 + index % 400, proves: false)
      // Reading stops at the end of the piece with the error.
      if outcome.result.sha256 == nil { plain.result.byteCount = outcome.result.byteCount }
      let place = "\(note), document \(index)"
      #expect(outcome.result == plain.result, "\(place)")
      #expect(outcome.gathered == plain.gathered, "\(place)")
      let gateRefuses = outcome.codes.contains { ($0.rawValue < "D-1020") && $0 != .notWellFormed }
      if verdicts[index] {
        agreed.accepted += 1
        let isFine = outcome.passesSchema || gateRefuses || Self.isStricterOnPurpose(outcome)
        #expect(isFine, "\(place) is valid: \(outcome.result.findings)")
      } else {
        agreed.refused += 1
        #expect(!outcome.passesSchema, "\(place) is not valid")
        #expect(!outcome.result.isValid, "\(place)")
      }
    }
    // A comparison in which one side never occurs compares nothing.
    #expect(agreed.accepted > 0 && agreed.refused > 0, "\(note): \(agreed)")
  }

  @Test func agreesOnTheCorpora() throws {
    let documents =
      GoodDocumentTests.variants.map(\.1)
      + HostileDocumentTests.cases.filter { $0.bytes.count < 50_000 && $0.bytes.first != 0x1F }.map(\.bytes)
    try compare(documents, "corpora")
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func agreesOnRandomBytes(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let newline = seed % 3 == 0 ? "\r\n" : "\n"
    let good = Array(ManifestWriter.large(6, seed: seed, isPlain: seed > 2).text(newline: newline).utf8)
    var documents = [good]
    for _ in 0..<200 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes[place] = Array("<>/=\"'&! 0a\n".utf8).randomElement(using: &generator) ?? 0
        case 2: bytes.remove(at: place)
        case 3: bytes.insert(contentsOf: Array("<!---->".utf8), at: place)
        case 4: bytes.insert(contentsOf: Self.fragment(&generator), at: place)
        default:
          let end = min(bytes.count, place + Int.random(in: 1...80, using: &generator))
          bytes.insert(contentsOf: bytes[place..<end], at: place)
        }
      }
      documents.append(bytes)
    }
    try compare(documents, "seed \(seed)")
  }

  /// What is easily taken for plain markup, or for its end.
  private static func fragment(_ generator: inout SeededGenerator) -> [UInt8] {
    let fragments = [
      "<!-- </item> -->", "</item>", "<item>", "<items>", "</items>", "<weight>5</weight>", "<fee/>", "&amp;",
      "&#10;", "]]>", "]]", "\r", "\r\n", "\t", " ", "<![CDATA[</item>]]>", "<?p </item>?>",
      " xmlns=\"urn:q\"",
      " xmlns:q='urn:q'", "q:", " number=\"X1\"", " code='X'", "/", ">", "=", "\u{FEFF}", "\u{85}",
      "\u{2028}", "ạ",
    ]
    return Array((fragments.randomElement(using: &generator) ?? "").utf8)
  }

  /// Changes of whole tags and texts keep documents well-formed, so that schema and proofs have to judge them.
  @Test(arguments: [11, 12, 13, 14, 15, 16] as [UInt64])
  func agreesOnRandomStructures(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let good = ManifestWriter.large(5, seed: seed, isPlain: seed > 12).text(newline: "", indent: "")
    var documents = [Array(good.utf8)]
    for _ in 0..<250 {
      var nodes = Node.parse(good)
      for _ in 0..<Int.random(in: 1...2, using: &generator) { Node.change(&nodes, &generator) }
      documents.append(Array(nodes.map(\.text).joined().utf8))
    }
    try compare(documents, "seed \(seed)")
  }

  @Test(arguments: [21, 22] as [UInt64])
  func agreesOnRandomFeeds(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var documents = [Array(EventTests.feed.utf8)]
    for _ in 0..<300 {
      var nodes = Node.parse(EventTests.feed)
      for _ in 0..<Int.random(in: 1...2, using: &generator) { Node.change(&nodes, &generator) }
      documents.append(Array(nodes.map(\.text).joined().utf8))
    }
    try compare(documents, schema: "events-1.xsd", "seed \(seed)")
  }

  /// Values at the borders of what a proof covers, one at a time.
  @Test(arguments: [false, true]) func agreesOnValues(isPlain: Bool) throws {
    let values = [
      "", " ", "x", String(repeating: "a", count: 40), String(repeating: "a", count: 41),
      String(repeating: "a", count: 64), String(repeating: "a", count: 65), String(repeating: "ạ", count: 64),
      String(repeating: "a", count: 200), String(repeating: "a", count: 201),
      String(repeating: "ạ", count: 200),
      String(repeating: "ạ", count: 201), String(repeating: "a", count: 500),
      String(repeating: "ạ", count: 501),
      "  " + String(repeating: "a ", count: 20) + "  ", "0", "-0", "+5", "5.0", "1e3", "007", "9999", "10000",
      "1000000", "1000001", "1000000000000", "1000000000001", String(repeating: "0", count: 30) + "5",
      "99999999999999999999999", "2026-01-05", "2026-02-30", "12026-01-05", "-2026-01-05", "0000-01-01",
      "2026-1-5",
      "2026-01-05Z", "2026-01-05+07:00", "2026-01-05T09:00:00+07:00", "2026-01-05T24:00:00+07:00",
      "2026-01-05T09:00:00", "2026-01-05T09:00:60Z", "2026-01-05T09:00:00+15:00", "2026-01-05T09:00:00+14:00",
      "2026-01-05T09:00:00.123456789123Z", "2026-01-05T09:00:00.Z", "2026-01-05t09:00:00z", "good", " good ",
      "Good",
      "good damaged", "<b/>", "<![CDATA[x]]>", "<!-- -->", "<!-- -->7", "&#9;", "&#160;", "&amp;",
    ]
    let good = ManifestWriter.large(4, isPlain: isPlain).text()
    var documents: [[UInt8]] = [Array(good.utf8)]
    for element in [
      "acceptedAt", "weight", "condition", "fee", "name", "phone", "address", "field", "agency", "applicant",
      "received",
      "due", "result", "document",
    ] {
      guard let close = good.range(of: "</\(element)>", options: .backwards),
        let start = good[..<close.lowerBound].lastIndex(of: ">")
      else { Issue.record("no \(element)"); continue }
      for value in values {
        let text = good.replacingCharacters(in: good.index(after: start)..<close.lowerBound, with: value)
        documents.append(Array(text.utf8))
      }
    }
    for attribute in [
      "number", "container", "code", "procedure", "originals", "certifiedCopies", "photocopies",
    ] {
      guard let name = good.range(of: " \(attribute)=\"", options: .backwards),
        let close = good[name.upperBound...].firstIndex(of: "\"")
      else { Issue.record("no \(attribute)"); continue }
      for value in values where !value.contains("<") {
        documents.append(Array(good.replacingCharacters(in: name.upperBound..<close, with: value).utf8))
      }
      documents.append(Array(good.replacingCharacters(in: name.lowerBound...close, with: "").utf8))
    }
    try compare(documents, "values")
  }
}

/// A tag with its content, a text, or what else stands between tags: enough of XML to shuffle well-formed documents.
struct Node {
  var text: String
  /// Ends where its end tag ends; itself for all other nodes.
  var end: Int

  static func parse(_ document: String) -> [Node] {
    var nodes: [Node] = []
    var open: [Int] = []
    var rest = Substring(document)
    while let first = rest.first {
      let end: Substring.Index
      if first == "<" {
        end = rest.firstIndex(of: ">").map { rest.index(after: $0) } ?? rest.endIndex
      } else {
        end = rest.firstIndex(of: "<") ?? rest.endIndex
      }
      let text = String(rest[..<end])
      nodes.append(Node(text: text, end: nodes.count))
      if text.hasPrefix("</") {
        if let start = open.popLast() { nodes[start].end = nodes.count - 1 }
      } else if text.hasPrefix("<"), !text.hasSuffix("/>"), !text.hasPrefix("<?") {
        open.append(nodes.count - 1)
      }
      rest = rest[end...]
    }
    return nodes
  }

  static func change(_ nodes: inout [Node], _ generator: inout SeededGenerator) {
    // The declaration and the root stay.
    let candidates = nodes.indices.filter {
      $0 > 2 && !nodes[$0].text.hasPrefix("</") && nodes[$0].end < nodes.count - 1
    }
    guard let index = candidates.randomElement(using: &generator),
      let other = candidates.randomElement(using: &generator)
    else { return }
    let whole = index...max(index, nodes[index].end)
    let content = Array(nodes[whole])
    switch Int.random(in: 0..<10, using: &generator) {
    case 0: nodes.removeSubrange(whole)
    case 1: nodes.insert(contentsOf: content, at: index)
    case 2: nodes.insert(contentsOf: content, at: other)
    case 3:
      // Another element's name, at both ends.
      let name = nodes[other].text.dropFirst().prefix { $0.isLetter }
      if nodes[index].end > index, nodes[other].text.hasPrefix("<"), !name.isEmpty {
        nodes[index].text = "<" + name + nodes[index].text.drop { $0 != " " && $0 != ">" }
        nodes[nodes[index].end].text = "</\(name)>"
      }
    case 4:
      nodes.insert(
        Node(
          text: [
            "<!--c-->", " ", "x", "<![CDATA[ ]]>", "<?p?>", "<weight>5</weight>", "<document>x</document>",
          ].randomElement(using: &generator) ?? "", end: 0), at: index)
    case 5:
      if !nodes[index].text.hasPrefix("<") {
        nodes[index].text =
          [
            "", "7", String(repeating: "ạ", count: 150), String(repeating: "b", count: 501), "2026-01-07",
            "good",
          ].randomElement(using: &generator) ?? ""
      }
    case 6: nodes[index].text = withoutAttribute(nodes[index].text, &generator)
    case 7: nodes[index].text = revalued(nodes[index].text, &generator)
    case 8:
      let extra =
        [
          " a='1'", " seal='S1'", " xml:lang='vi'", " xmlns:q='urn:q'", " q:a='1' xmlns:q='urn:q'",
          " procedure='1.000001'",
        ].randomElement(using: &generator) ?? ""
      if nodes[index].text.hasPrefix("<"),
        let end = nodes[index].text.firstIndex(where: { $0 == ">" || $0 == "/" })
      {
        nodes[index].text.insert(contentsOf: extra, at: end)
      }
    default:
      if !nodes[index].text.hasPrefix("<"), !nodes[other].text.hasPrefix("<") {
        (nodes[index].text, nodes[other].text) = (nodes[other].text, nodes[index].text)
      }
    }
    // Places have moved: find the ends again.
    nodes = parse(nodes.map(\.text).joined())
  }

  /// One attribute with another value.
  private static func revalued(_ tag: String, _ generator: inout SeededGenerator) -> String {
    var parts = tag.components(separatedBy: "\"")
    guard tag.hasPrefix("<"), parts.count > 2 else { return tag }
    let values = [
      "", " ", "7", " 7 ", "10000", "-1", "x", "T-0001", String(repeating: "A1", count: 32),
      String(repeating: "B1", count: 33),
      String(repeating: "ạ", count: 64), "&amp;", "&#10;", "2026-01-05T10:00:00+07:00",
    ]
    parts[Int.random(in: 0..<parts.count / 2, using: &generator) * 2 + 1] =
      values.randomElement(using: &generator) ?? ""
    return parts.joined(separator: "\"")
  }

  private static func withoutAttribute(_ tag: String, _ generator: inout SeededGenerator) -> String {
    guard tag.hasPrefix("<") else { return tag }
    let parts = tag.components(separatedBy: "\" ")
    guard parts.count > 1 else { return tag }
    let drop = Int.random(in: 1..<parts.count, using: &generator)
    var kept = parts
    let tail = drop == parts.count - 1 ? String(parts[drop].drop { $0 != ">" && $0 != "/" }) : nil
    kept.remove(at: drop)
    let text = kept.joined(separator: "\" ")
    return tail.map { text + "\"" + $0 } ?? text
  }
}
