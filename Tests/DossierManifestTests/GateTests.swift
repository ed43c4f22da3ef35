import DossierCore
import Testing

@testable import DossierManifest

@Suite struct GateTests {
  private func firstFault(_ bytes: [UInt8], chunk: Int) -> Int? {
    var checker = UTF8Checker()
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + chunk)
      if let fault = bytes[start..<end].withUnsafeBufferPointer({ checker.check($0) }) {
        return start + fault.offset
      }
      start = end
    }
    return nil
  }

  /// Swift's own decoder is the oracle for UTF-8; the forbidden characters are added to it.
  private func isGood(_ bytes: [UInt8]) -> Bool {
    guard let text = String(validating: bytes, as: UTF8.self) else { return false }
    return text.unicodeScalars.allSatisfy { scalar in
      switch scalar.value {
      case 0x9, 0xA, 0xD: true
      case 0..<0x20, 0xFFFE, 0xFFFF: false
      default: true
      }
    }
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func theCheckerAgreesWithSwift(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let pieces: [[UInt8]] = [
      Array("Nguyễn Thị Hạnh, phường Nghĩa Lộ".utf8), Array("<item number=\"RR473124829VN\">\n".utf8),
      Array("😀".utf8),
      [0xEF, 0xBF, 0xBD], [0xEF, 0xBF, 0xBE], [0xED, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xC1, 0xBF],
      [0xE0, 0x9F, 0xBF],
      [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0x1F], [0x7F],
      [0xC2, 0x80],
    ]
    var good = 0
    for _ in 0..<3000 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes +=
          pieces[Int.random(in: 0..<(Bool.random(using: &generator) ? 4 : pieces.count), using: &generator)]
      }
      if Int.random(in: 0..<3, using: &generator) == 0 {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
      }
      // A character cut off at the end is no fault yet.
      var checker = UTF8Checker()
      _ = bytes.withUnsafeBufferPointer { checker.check($0) }
      let whole = firstFault(bytes, chunk: bytes.count)
      let isCut = whole == nil && !checker.isBetweenCharacters
      if isCut { continue }
      #expect((whole == nil) == isGood(bytes), "seed \(seed): \(bytes)")
      good += whole == nil ? 1 : 0
      for chunk in [1, 2, 3, 7, 8, 9] {
        #expect(firstFault(bytes, chunk: chunk) == whole, "seed \(seed): \(bytes)")
      }
    }
    #expect(good > 500)
  }

  @Test func everyCharacterOfThePlanePassesOrNot() {
    for value in stride(from: UInt32(0), through: 0x10FFFF, by: 1) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let bytes = Array(String(scalar).utf8)
      let isAllowed =
        value == 9 || value == 10 || value == 13 || (0x20...0xD7FF).contains(value)
        || (0xE000...0xFFFD).contains(value)
        || value >= 0x10000
      if (firstFault(bytes, chunk: 4) == nil) != isAllowed { Issue.record("U+\(String(value, radix: 16))") }
    }
  }

  @Test func theTranscoderAgreesWithSwift() {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<500 {
      var units = Array("Hồ sơ 😀 \u{FFFD}".utf16)
      if Bool.random(using: &generator) {
        units[Int.random(in: 0..<units.count, using: &generator)] = UInt16.random(
          in: 0xD700...0xE0FF, using: &generator)
      }
      let expected = String(validating: units, as: UTF16.self)
      for isBigEndian in [false, true] {
        let bytes = units.flatMap {
          isBigEndian ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)]
        }
        var transcoder = UTF16Transcoder(isBigEndian: isBigEndian)
        var output: [UInt8] = []
        var isStrict = true
        for byte in bytes where isStrict {
          isStrict = [byte].withUnsafeBufferPointer { transcoder.append($0, to: &output) }
        }
        let isWhole = isStrict && transcoder.isBetweenCharacters
        #expect(isWhole == (expected != nil), "\(units)")
        if let expected { #expect(output == Array(expected.utf8)) }
      }
    }
  }

  @Test(
    arguments: [
      ("<?xml version=\"1.0\"?>", "1.0", nil), ("<?xml version='1.0' encoding='UTF-8'?>", "1.0", "UTF-8"),
      ("<?xml\tversion = \"1.1\"\n encoding=\"x\" standalone='no' ?>", "1.1", "x"),
    ] as [(String, String, String?)])
  func aDeclarationIsRead(_ text: String, _ version: String, _ encoding: String?) throws {
    let declaration = try #require(XMLDeclaration(Array(text.utf8)[...]))
    #expect(declaration.version == version)
    #expect(declaration.encoding == encoding)
  }

  @Test(arguments: [
    "<?xml?>", "<?xml encoding='UTF-8'?>", "<?xml version='1.0'encoding='UTF-8'?>", "<?xml version='1.0\"?>",
    "<?xml version=1.0?>", "<?xml version='1.0' standalone='maybe'?>", "<?xml version='1.0' x='y'?>",
    "<?xml version='1.0' encoding='UTF-8' encoding='UTF-16'?>", "<?xml version='1.0' encoding='a b'?>",
  ])
  func aBrokenDeclarationIsNot(_ text: String) { #expect(XMLDeclaration(Array(text.utf8)[...]) == nil) }

  /// At each limit the document passes, one beyond it does not.
  @Test func limitsAreExact() {
    let limits = ReadingLimits()
    func stop(_ text: String, chunk: Int) -> FindingCode? {
      var scanner = MarkupScanner(limits: limits)
      let bytes = Array(text.utf8)
      for start in stride(from: 0, to: bytes.count, by: chunk) {
        let stop = bytes[start..<min(bytes.count, start + chunk)].withUnsafeBufferPointer { scanner.scan($0) }
        if let stop { return stop.code }
      }
      return scanner.isComplete ? nil : .truncated
    }
    func nested(_ depth: Int) -> String {
      String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
    }
    func attributes(_ count: Int) -> String { "<a" + (0..<count).map { " b\($0)='>'" }.joined() + "/>" }
    for chunk in [1, 3, 50, 1 << 20] {
      #expect(stop(nested(64), chunk: chunk) == nil)
      #expect(stop(nested(65), chunk: chunk) == .tooDeep)
      #expect(stop(attributes(64), chunk: chunk) == nil)
      #expect(stop(attributes(65), chunk: chunk) == .tooManyAttributes)
      for (count, code) in [(256, nil), (257, .nameTooLong)] as [(Int, FindingCode?)] {
        let name = String(repeating: "n", count: count)
        #expect(stop("<\(name)></\(name)>", chunk: chunk) == code)
        #expect(stop("<a \(name)='1'/>", chunk: chunk) == code)
        #expect(stop("<a b='1'   \(name) = '1'/>", chunk: chunk) == code)
        #expect(stop("<a b='\(name)'   c = '1'/>", chunk: chunk) == nil)
      }
      #expect(stop("<a b=\"" + String(repeating: "v", count: 65_536) + "\"/>", chunk: chunk) == nil)
      #expect(
        stop("<a b=\"" + String(repeating: "v", count: 65_537) + "\"/>", chunk: chunk) == .attributeTooLong)
    }
    for chunk in [4096, 1 << 22] {
      #expect(stop("<a>" + String(repeating: "t", count: 1 << 20) + "</a>", chunk: chunk) == nil)
      #expect(stop("<a>" + String(repeating: "t", count: 1 << 20) + "t</a>", chunk: chunk) == .textTooLong)
      #expect(stop("<!--" + String(repeating: "c", count: (2 << 20) - 2) + "--><a/>", chunk: chunk) == nil)
      #expect(
        stop("<!--" + String(repeating: "c", count: (2 << 20) - 1) + "--><a/>", chunk: chunk)
          == .commentsTooLong)
    }
  }

  /// `<!` is a DOCTYPE unless it is plainly something else, however the bytes are cut.
  @Test(
    arguments: [
      ("<a><!--<!DOCTYPE x>--></a>", nil), ("<a><![CDATA[<!DOCTYPE x>]]></a>", nil),
      ("<a><?p <!DOCTYPE x>?></a>", nil),
      ("<a b='>'/>", nil), ("<a b=\"'>\" c='\">'/>", nil), ("<a><![CDATA[]]></a>", nil),
      ("<a><![CDATA[]]]]></a>", nil),
      ("<a><!----></a>", nil), ("<a><!-- > -> - --></a>", nil), ("<a><??></a>", nil),
      ("<a><?p ? > ??></a>", nil),
      ("<a><!-->--></a>", nil), ("<a></a >", nil), ("<a/>", nil), ("<a />", nil), ("<a b='/'></a>", nil),
      ("<a><!DOCTYPE x></a>", FindingCode.documentTypeForbidden), ("<a><!-x--></a>", .documentTypeForbidden),
      ("<a><![cdata[]]></a>", .documentTypeForbidden), ("<a><!></a>", .documentTypeForbidden),
      ("<a><![CDATA[]]><!ENTITY></a>", .documentTypeForbidden), ("<a><!----><!D", .documentTypeForbidden),
      ("<a>", .truncated), ("<a><!-- </a>", .truncated), ("<a><![CDATA[ </a>]]", .truncated),
      ("<a b='></a>", .truncated),
      ("<a><?p </a>", .truncated), ("</a", .truncated), ("<", .truncated), ("<a><!-->", .truncated),
    ] as [(String, FindingCode?)])
  func markupIsFollowed(_ text: String, _ code: FindingCode?) {
    let bytes = Array(text.utf8)
    for chunk in 1...bytes.count {
      var scanner = MarkupScanner(limits: ReadingLimits())
      var found: FindingCode?
      for start in stride(from: 0, to: bytes.count, by: chunk) where found == nil {
        let stop = bytes[start..<min(bytes.count, start + chunk)].withUnsafeBufferPointer { scanner.scan($0) }
        found = stop?.code
      }
      if found == nil, !scanner.isComplete { found = .truncated }
      #expect(found == code, "\(text), \(chunk)")
    }
  }

  /// Whatever the cut, the parser gets the same bytes, and whole characters only.
  @Test func thePassedBytesDoNotDependOnTheCut() {
    let bytes = ManifestWriter.large(3).bytes
    for chunk in 1...40 {
      var gate = ByteGate(limits: ReadingLimits())
      var passed: [UInt8] = []
      var areWhole = true
      for start in stride(from: 0, to: bytes.count, by: chunk) {
        let refusal = bytes[start..<min(bytes.count, start + chunk)].withUnsafeBufferPointer { piece in
          gate.pass(piece) { part, _ in
            areWhole = areWhole && String(validating: part, as: UTF8.self) != nil
            passed += part
            return true
          }
        }
        #expect(refusal == nil)
      }
      #expect(
        gate.finish { part, _ in
          passed += part; return true
        } == nil)
      #expect(passed == bytes)
      #expect(areWhole)
    }
  }
}
