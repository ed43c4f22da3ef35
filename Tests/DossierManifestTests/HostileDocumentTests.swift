import CZlib
import DossierCore
import Foundation
import Testing

@testable import DossierManifest

/// Documents that must end in a finding: each stands for an attack or an accident that was seen elsewhere.
@Suite struct HostileDocumentTests {
  struct Case: Sendable {
    var name: String
    var bytes: [UInt8]
    var code: FindingCode
  }

  static let good = ManifestWriter().text()

  private static func inserting(_ text: String, after mark: String) -> String {
    good.replacingOccurrences(of: mark, with: mark + text)
  }

  private static func utf16(_ text: String) -> [UInt8] {
    [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
  }

  static let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
  static let body = String(good.dropFirst(declaration.count))
  static let root = "<manifest xmlns='urn:postal-dossier:manifest:1'>"
  static let bomb = """
    <!DOCTYPE manifest [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
    """

  static let cases: [Case] = {
    var cases: [Case] = []
    func add(_ name: String, _ bytes: [UInt8], _ code: FindingCode) {
      cases.append(Case(name: name, bytes: bytes, code: code))
    }
    func add(_ name: String, _ text: String, _ code: FindingCode) { add(name, Array(text.utf8), code) }

    // DOCTYPE, wherever it stands.
    add("DOCTYPE", declaration + "<!DOCTYPE manifest>" + body, .documentTypeForbidden)
    add("lower-case doctype", declaration + "<!doctype manifest>" + body, .documentTypeForbidden)
    add(
      "external DTD", declaration + "<!DOCTYPE manifest SYSTEM 'file:///etc/passwd'>" + body,
      .documentTypeForbidden)
    add("billion laughs", declaration + bomb + body, .documentTypeForbidden)
    add(
      "XXE",
      declaration + "<!DOCTYPE m [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
        + body.replacingOccurrences(of: "Đất đai", with: "&x;"), .documentTypeForbidden)
    add(
      "DOCTYPE behind 0.9 MB of comment",
      declaration + "<!--" + String(repeating: " ", count: 900_000) + "-->" + bomb + body,
      .documentTypeForbidden)
    add(
      "DOCTYPE in UTF-16", utf16("<?xml version='1.0' encoding='UTF-16'?>" + bomb + body),
      .documentTypeForbidden)
    add("DOCTYPE inside the root", inserting("<!DOCTYPE x>", after: "<items>"), .documentTypeForbidden)
    add("DOCTYPE after the root", good + "<!DOCTYPE x>", .documentTypeForbidden)
    add("element declaration", inserting("<!ELEMENT x ANY>", after: "<items>"), .documentTypeForbidden)
    add("half a CDATA mark", inserting("<![CDAT[x]]>", after: "<items>"), .documentTypeForbidden)
    add("undeclared entity", good.replacingOccurrences(of: "Đất đai", with: "&x;"), .notWellFormed)

    // Sizes.
    add("depth", declaration + root + String(repeating: "<a>", count: 100_000), .tooDeep)
    add("depth inside a manifest", inserting(String(repeating: "<a>", count: 65), after: "<items>"), .tooDeep)
    add(
      "100,000 attributes",
      declaration + "<manifest " + (0..<100_000).map { "a\($0)=''" }.joined(separator: " ") + "/>",
      .tooManyAttributes)
    add(
      "100,000 namespaces",
      declaration + "<manifest " + (0..<100_000).map { "xmlns:a\($0)='u'" }.joined(separator: " ") + "/>",
      .tooManyAttributes)
    add(
      "65 attributes", declaration + "<m " + (0..<65).map { "a\($0)='1'" }.joined(separator: " ") + "/>",
      .tooManyAttributes)
    add("huge name", declaration + "<" + String(repeating: "n", count: 2_000_000) + "/>", .nameTooLong)
    add(
      "huge attribute name", declaration + "<m " + String(repeating: "n", count: 300) + "='1'/>", .nameTooLong
    )
    add("huge end tag", declaration + root + "</" + String(repeating: "m", count: 5_000_000), .nameTooLong)
    add(
      "huge value", declaration + "<m a='" + String(repeating: "v", count: 70_000) + "'/>", .attributeTooLong)
    add(
      "tag of white space", declaration + "<m " + String(repeating: " ", count: 6_000_000) + "/>",
      .attributeTooLong)
    add(
      "huge text", declaration + root + "" + String(repeating: "t", count: 1_100_000) + "</m>", .textTooLong)
    add(
      "huge text in CDATA and comments",
      declaration + root + ""
        + String(repeating: "<![CDATA[" + String(repeating: "t", count: 100_000) + "]]><!-- -->", count: 12)
        + "</m>", .textTooLong)
    add(
      "huge comment", declaration + "<!--" + String(repeating: "c", count: 2_200_000) + "-->" + body,
      .commentsTooLong)
    add(
      "many instructions",
      declaration + String(repeating: "<?p " + String(repeating: "x", count: 1000) + "?>", count: 2200)
        + body, .commentsTooLong)

    // Characters and encodings.
    add("NUL", Array(declaration.utf8) + [0] + Array(body.utf8), .forbiddenCharacter)
    add("NUL after the root", Array(good.utf8) + [0], .forbiddenCharacter)
    add("escape", good.replacingOccurrences(of: "Đất đai", with: "Đất\u{1B} đai"), .forbiddenCharacter)
    add("U+FFFE", good.replacingOccurrences(of: "Đất đai", with: "Đất\u{FFFE} đai"), .forbiddenCharacter)
    add("U+FFFF", good.replacingOccurrences(of: "Đất đai", with: "\u{FFFF}"), .forbiddenCharacter)
    add("reference to NUL", good.replacingOccurrences(of: "Đất đai", with: "&#0;"), .notWellFormed)
    for (name, bad) in [
      ("overlong slash", [0xC0, 0xAF]), ("overlong in three", [0xE0, 0x80, 0xAF]),
      ("overlong in four", [0xF0, 0x80, 0x80, 0xAF]),
      ("surrogate", [0xED, 0xA0, 0x80]), ("above U+10FFFF", [0xF4, 0x90, 0x80, 0x80]),
      ("lone continuation", [0x80]),
      ("Latin-1", [0xE9, 0x20]), ("F5", [0xF5, 0x80, 0x80, 0x80]), ("FF", [0xFF]),
    ] as [(String, [UInt8])] {
      let parts = good.components(separatedBy: "Đất đai")
      add(name, Array(parts[0].utf8) + bad + Array(parts[1].utf8), .malformedEncoding)
    }
    add(
      "lone surrogate in UTF-16",
      utf16("<?xml version='1.0'?>" + root) + [0x00, 0xD8] + utf16("</m>").dropFirst(2), .malformedEncoding)
    add("odd byte in UTF-16", utf16("<?xml version='1.0'?>" + body) + [0x0A], .malformedEncoding)
    for name in [
      "ISO-8859-1", "windows-1258", "IBM037", "ISO-2022-CN-EXT", "UTF-7", "UTF-16", "US-ASCII", "x",
    ] {
      add("declared \(name)", "<?xml version=\"1.0\" encoding=\"\(name)\"?>" + body, .encodingNotAllowed)
    }
    add("UTF-16 declared as UTF-8", utf16(good), .encodingNotAllowed)
    add("EBCDIC", [0x4C, 0x6F, 0xA7, 0x94, 0x93, 0x40, 0xA5, 0x85, 0x99], .encodingNotAllowed)
    add("UTF-32", [0, 0, 0xFE, 0xFF, 0, 0, 0, 0x3C], .encodingNotAllowed)
    add("UTF-16 without mark", Array(utf16(body).dropFirst(2)), .encodingNotAllowed)
    add("version 1.1", "<?xml version=\"1.1\"?>" + body, .notWellFormed)
    add("broken declaration", "<?xml encoding=\"UTF-8\"?>" + body, .notWellFormed)
    add("endless declaration", "<?xml version=\"1.0\" " + String(repeating: " ", count: 3000), .notWellFormed)

    // Other formats.
    add("ZIP", [0x50, 0x4B, 0x03, 0x04, 0, 0, 0, 0], .notXML)
    add("PDF", "%PDF-1.7\n", .notXML)
    add("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0, 0], .notXML)
    add("CSV", "mã,tên\n1,2\n", .notXML)
    add("JSON", "{\"manifest\": 1}", .notXML)
    add("empty", "", .emptyInput)
    add("byte order mark alone", [0xEF, 0xBB, 0xBF], .emptyInput)
    add("UTF-16 mark alone", [0xFF, 0xFE], .emptyInput)
    add("white space", " \n\t\n", .emptyInput)
    add("declaration alone", declaration, .truncated)
    add("one byte", "<", .truncated)

    // Compressed.
    add("damaged gzip", [0x1F, 0x8B, 0x08, 0x00, 0xFF, 0xFF, 0xFF, 0xFF], .damagedCompression)
    add("gzip cut off", Array(gzip(Array(good.utf8)).dropLast(9)), .damagedCompression)
    add("gzip without its length", Array(gzip(Array(good.utf8)).dropLast(1)), .damagedCompression)
    add(
      "gzip with a wrong checksum",
      {
        var bytes = gzip(Array(good.utf8)); bytes[bytes.count - 6] ^= 1; return bytes
      }(), .damagedCompression)
    add("gzip and garbage", gzip(Array(good.utf8)) + Array("garbage".utf8), .damagedCompression)
    add("gzip in gzip", gzip(gzip(Array(good.utf8))), .notXML)
    add(
      "gzip bomb", gzip(Array((declaration + root + "").utf8) + [UInt8](repeating: 0x20, count: 30 << 20)),
      .textTooLong)
    add(
      "gzip bomb of tags",
      gzip(Array((declaration + "<m>").utf8) + Array(String(repeating: "<a/>", count: 8 << 20).utf8)),
      .unknownDocument)

    // Well-formedness and namespaces.
    add("two roots", good + body, .notWellFormed)
    add("junk after the root", good + "x", .notWellFormed)
    add(
      "undeclared prefix",
      good.replacingOccurrences(of: "<items>", with: "<q:items>").replacingOccurrences(
        of: "</items>", with: "</q:items>"), .notWellFormed)
    add(
      "undeclared attribute prefix", good.replacingOccurrences(of: "<items>", with: "<items q:a=''>"),
      .notWellFormed)
    add(
      "empty prefix namespace", good.replacingOccurrences(of: "<items>", with: "<items xmlns:q=\"\">"),
      .notWellFormed)
    add("instruction with a colon", inserting("<?p:q?>", after: "<items>"), .notWellFormed)
    add(
      "attribute twice",
      good.replacingOccurrences(of: " version=\"1\"", with: " version=\"1\" version=\"1\""), .notWellFormed)
    add("tags crossed", good.replacingOccurrences(of: "</items>", with: "</item>"), .notWellFormed)
    add("bare ampersand", good.replacingOccurrences(of: "Đất đai", with: "Đất & đai"), .notWellFormed)
    add("bare less-than", good.replacingOccurrences(of: "Đất đai", with: "Đất < đai"), .notWellFormed)
    add("CDATA end in text", good.replacingOccurrences(of: "Đất đai", with: "Đất ]]> đai"), .notWellFormed)
    add("double hyphen in a comment", inserting("<!-- a -- b -->", after: "<items>"), .notWellFormed)
    add("space before the declaration", " " + good, .notWellFormed)
    add("other root", declaration + "<html><body/></html>", .unknownDocument)
    add("other namespace", good.replacingOccurrences(of: "manifest:1", with: "manifest:2"), .unknownDocument)
    add(
      "no namespace", good.replacingOccurrences(of: " xmlns=\"urn:postal-dossier:manifest:1\"", with: ""),
      .unknownDocument)

    // Schema.
    let xsi = " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
    add(
      "xsi:type",
      good.replacingOccurrences(
        of: "<weight>",
        with: "<weight\(xsi) xsi:type=\"xs:string\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">"),
      .schemaViolation)
    add(
      "xsi:nil",
      good.replacingOccurrences(of: "<weight>120</weight>", with: "<weight\(xsi) xsi:nil=\"true\"/>"),
      .schemaViolation)
    add(
      "wrong root of the namespace", declaration + "<item xmlns=\"urn:postal-dossier:manifest:1\"/>",
      .schemaViolation)
    add("unknown element", inserting("<extra/>", after: "<items>"), .schemaViolation)
    add(
      "unknown attribute", good.replacingOccurrences(of: "<items>", with: "<items a=\"1\">"), .schemaViolation
    )
    add("text between elements", inserting("text", after: "<items>"), .schemaViolation)
    add("CDATA between elements", inserting("<![CDATA[ ]]>", after: "<items>"), .schemaViolation)
    add(
      "no items",
      good.replacingOccurrences(of: #"(?s)<item .*</item>"#, with: "", options: .regularExpression),
      .schemaViolation)
    return cases
  }()

  @Test(arguments: cases.indices)
  func endsInAFinding(_ index: Int) throws {
    let test = Self.cases[index]
    for chunk in [64 << 10, test.bytes.count < 100_000 ? 1 : 4099] {
      let outcome = try readDocument(test.bytes, chunk: chunk)
      #expect(!outcome.result.isValid, "\(test.name)")
      #expect(outcome.codes.contains(test.code), "\(test.name): \(outcome.result.findings)")
    }
  }

  @Test func gzipOfAGoodDocumentIsRead() throws {
    let bytes = ManifestWriter.large(400).bytes
    let plain = try readDocument(bytes)
    let halves = gzip(Array(bytes[..<20_000])) + gzip(Array(bytes[20_000...]))
    for compressed in [gzip(bytes), halves] {
      for chunk in [1, 100, 64 << 10] {
        let outcome = try readDocument(compressed, chunk: chunk)
        #expect(outcome.result.isValid, "\(outcome.result.findings)")
        #expect(outcome.gathered == plain.gathered)
        #expect(outcome.sink.original == compressed)
        #expect(outcome.result.byteCount == compressed.count)
        #expect(outcome.result.sha256 != plain.result.sha256)
      }
    }
  }

  @Test func sizeAndRatioAreCapped() throws {
    let bytes = ManifestWriter.large(400).bytes
    var limits = ReadingLimits()
    limits.byteCount = bytes.count
    #expect(try readDocument(bytes, limits: limits).result.isValid)
    limits.byteCount = bytes.count - 1
    #expect(try readDocument(bytes, limits: limits).codes == [.tooLarge])
    #expect(try readDocument(gzip(bytes), limits: limits).codes.contains(.tooLarge))
    limits = ReadingLimits()
    limits.text = 1 << 30
    limits.compressionRatio = 20
    let spaces = Array("<m>".utf8) + [UInt8](repeating: 0x20, count: 8 << 20)
    let packed = gzip(Array("<manifest xmlns='urn:postal-dossier:manifest:1'>".utf8) + spaces)
    #expect(try readDocument(packed, limits: limits).codes.contains(.compressionRatio))
  }

  @Test func everyTruncationIsAFinding() throws {
    var writer = ManifestWriter()
    writer.items = [ManifestWriter.Item(), ManifestWriter.Item(number: "EG123456785VN")]
    let bytes = writer.bytes
    for end in 0..<(bytes.count - 1) {
      let outcome = try readDocument(Array(bytes[..<end]))
      #expect(!outcome.result.isValid, "\(end)")
      #expect(
        outcome.codes.contains(end == 0 ? .emptyInput : .truncated), "\(end): \(outcome.result.findings)")
    }
    // Without its last line feed it is whole.
    #expect(try readDocument(Array(bytes.dropLast())).codes == [])
  }

  @Test func everyGzipTruncationIsAFinding() throws {
    let bytes = gzip(ManifestWriter().bytes)
    for end in 1..<bytes.count {
      let outcome = try readDocument(Array(bytes[..<end]))
      #expect(!outcome.result.isValid, "\(end)")
      #expect(outcome.result.findings.contains { $0.severity == .error }, "\(end)")
    }
  }

  /// Time that grows with the square of the size would show as hours here.
  @Test(.timeLimit(.minutes(15))) func manySmallPiecesOfOneTextTakeLinearTime() throws {
    let pieces = String(repeating: "&#65;", count: 200_000)
    let sections = String(repeating: "<![CDATA[a]]>", count: 80_000)
    for content in [pieces, sections] {
      let text = String(repeating: "<name>\(content)</name>", count: 8)
      let outcome = try readDocument(Self.good.replacingOccurrences(of: "<items>", with: "<items>" + text))
      #expect(!outcome.result.isValid)
    }
    let inPlace = Self.good.replacingOccurrences(of: "Đất đai", with: pieces)
    #expect(try readDocument(inPlace).codes.contains(.schemaViolation))
  }

  @Test func findingsAreBounded() throws {
    var writer = ManifestWriter()
    writer.items = (0..<3000).map { index in
      var item = ManifestWriter.Item(number: ManifestWriter.s10("RR", index))
      item.sender = ("Lê Lan", "not a number", "Huế")
      return item
    }
    let warned = try readDocument(writer.bytes)
    #expect(warned.result.isValid)
    #expect(warned.result.findings.filter { $0.code == .phoneNumberForm }.count == 1000)
    #expect(warned.codes.last == .tooManyFindings)
    #expect(warned.gathered.items.count == 3000)
    writer.items = (0..<3000).map { _ in ManifestWriter.Item(number: "RR473124820VN") }
    let refused = try readDocument(writer.bytes, chunk: 4096)
    #expect(!refused.result.isValid)
    #expect(refused.result.findings.count <= 1002)
    #expect(refused.codes.last == .tooManyFindings)
    #expect(refused.result.sha256 == nil)
  }

  @Test func personalDataNeverStandsInAFinding() throws {
    let secrets = ["Nguyễn", "Mẫu", "0912", "Hưng Đạo", "Bình"]
    let good = ManifestWriter.large(3).text()
    let variants = [
      good.replacingOccurrences(of: "0912345678", with: String(repeating: "0912 ", count: 20)),
      good.replacingOccurrences(of: "Nguyễn Thị Hạnh", with: String(repeating: "Nguyễn ", count: 60)),
      good.replacingOccurrences(of: "\"GDV-012\"", with: "\"Nguyễn Văn Mẫu\""),
      good.replacingOccurrences(of: ">120<", with: ">Nguyễn Thị Hạnh 0912345678<"),
      good.replacingOccurrences(of: ">good<", with: ">0912345678<"),
      good.replacingOccurrences(of: ">2026-01-05<", with: ">Trần Hưng Đạo<"),
      good.replacingOccurrences(of: "<sender>", with: "<sender Nguyễn=\"Mẫu\">"),
      good.replacingOccurrences(of: "<name>", with: "<Nguyễn>").replacingOccurrences(
        of: "</name>", with: "</Nguyễn>"),
      good.replacingOccurrences(of: "<phone>", with: "<phone Nguyễn>"),
      good.replacingOccurrences(of: "</phone>", with: "</Nguyễn>"),
      good.replacingOccurrences(
        of: "originals=\"1\"", with: "originals=\"Nguyễn 'is not a valid value of the atomic type 'Mẫu\""),
      good.replacingOccurrences(of: ">150000<", with: ">Bình's length of '0912'<"),
      good.replacingOccurrences(of: "\"RR", with: "\"Nguyễn RR"),
      good.replacingOccurrences(
        of: "xmlns=\"urn:postal-dossier:manifest:1\"",
        with: "xmlns=\"urn:postal-dossier:manifest:1\" leg2=\"Mẫu\""),
    ]
    for (index, text) in variants.enumerated() {
      let outcome = try readDocument(text)
      #expect(!outcome.result.findings.isEmpty, "\(index)")
      for finding in outcome.result.findings {
        let words = [
          finding.message(.vi), finding.message(.en), finding.detail, finding.expected, finding.found,
          finding.path, finding.item,
        ]
        for word in words.compactMap(\.self) {
          for secret in secrets where word.contains(secret) { Issue.record("\(index): \(secret) in \(word)") }
        }
      }
    }
  }
}

/// gzip as zlib writes it.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
  var stream = z_stream()
  deflateInit2_(
    &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, zlibVersion(), Int32(MemoryLayout<z_stream>.size))
  var output = [UInt8](repeating: 0, count: bytes.count + 1000)
  var input = bytes
  let count = input.withUnsafeMutableBufferPointer { source in
    output.withUnsafeMutableBufferPointer { target in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      stream.next_out = target.baseAddress
      stream.avail_out = UInt32(target.count)
      deflate(&stream, Z_FINISH)
      return target.count - Int(stream.avail_out)
    }
  }
  deflateEnd(&stream)
  return Array(output[..<count])
}
