import CustodyLog
import DossierCore
import Foundation
import Testing

@testable import DossierManifest

@Suite struct ReceiptTests {
  private static let closedAt: OffsetDateTime = {
    guard let time = OffsetDateTime("2026-01-05T10:42:10.500+07:00") else {
      preconditionFailure("a time of this test is none")
    }
    return time
  }()

  static let receipt = Receipt(
    manifest: "BK-2026-0077", document: MerkleHash.sha256([1]),
    closedAt: closedAt, isOffline: false,
    giver: .init(office: "630000", signer: "NV003"), receiver: .init(office: "H48.25", signer: "NV007"),
    counts: .init(expected: 2, received: 1, short: 1, surplus: 1, misrouted: 1, damaged: 1),
    list: MerkleHash.sha256([2]), listIsSigned: true, origin: "log.example/H48.25",
    log: LogHead(size: 421, root: MerkleHash.sha256([3])))

  static let lines: [Receipt.Line] = [
    .init(
      item: "EE120000418VN", outcome: .received, at: OffsetDateTime("2026-01-05T10:31:58+07:00"), by: "NV007",
      event: "c1-1", damage: .init(grade: .readable, cause: "torn", event: "c1-2")),
    .init(item: "EE120000877VN", outcome: .short),
    .init(item: "EE120009104VN", outcome: .misrouted, event: "c1-3", manifest: "BK-1", office: "630100"),
    .init(item: "BG-1", outcome: .surplus, by: "NV007", event: "c1-4"),
  ]

  private func written(_ receipt: Receipt = receipt, _ lines: [Receipt.Line] = lines) throws -> [UInt8] {
    let parts = Parts()
    try ReceiptWriter.write(receipt, lines: lines) { parts.add($0) }
    return parts.bytes
  }

  final class Parts {
    private(set) var bytes: [UInt8] = []
    private(set) var largest = 0
    func add(_ part: [UInt8]) {
      bytes += part
      largest = max(largest, part.count)
    }
  }

  /// - Returns: what xmllint says, nil when the document is valid.
  private func complaint(_ bytes: [UInt8]) throws -> String? {
    let file = NSTemporaryDirectory() + "receipt-\(UUID().uuidString).xml"
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    defer { try? FileManager.default.removeItem(atPath: file) }
    let schema = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Schemas/receipt-1.xsd").path
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["xmllint", "--nonet", "--noout", "--schema", schema, file]
    let talk = Pipe()
    process.standardError = talk
    try process.run()
    let text = String(decoding: talk.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return process.terminationStatus == 0 ? nil : text
  }

  @Test func aReceiptIsValidAndAlwaysTheSame() throws {
    let bytes = try written()
    #expect(try complaint(bytes) == nil)
    #expect(try written() == bytes)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains("closedAt=\"2026-01-05T10:42:10.500+07:00\" offline=\"false\""))
    #expect(text.contains("<damage grade=\"readable\" cause=\"torn\" event=\"c1-2\"/>"))
    #expect(text.contains("<item number=\"EE120000877VN\" outcome=\"short\"/>"))
    #expect(text.contains("<stray number=\"EE120009104VN\" outcome=\"misrouted\" event=\"c1-3\""))
    #expect(try complaint(written(Self.receipt, Array(Self.lines.prefix(2)))) == nil, "without strays")
  }

  @Test func hostileTextsStayValues() throws {
    var receipt = Self.receipt
    receipt.origin = "]]><!--&\"<x a='1'>\u{1}\u{FFFE}e\u{338}\u{338}"
    receipt.giver.signer = "\"/><receipt>"
    var lines = Self.lines
    lines[0].item = "A\"\u{308}<b>&amp;"
    lines[1].item = "\n\tx"
    let bytes = try written(receipt, lines)
    #expect(try complaint(bytes) == nil)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(!text.contains("<b>") && !text.contains("<x "))
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
    #expect(text.contains("number=\"A&quot;\u{308}&lt;b&gt;&amp;amp;\""))
  }

  @Test func theSchemaRefusesWhatIsNoReceipt() throws {
    let text = String(decoding: try written(), as: UTF8.self)
    for (old, new) in [
      ("outcome=\"short\"", "outcome=\"lost\""), ("sha256=\"", "sha256=\"0"), ("size=\"421\"", "size=\"-1\""),
      (" signer=\"NV003\"", ""), ("version=\"1\"", "version=\"2\""),
      ("outcome=\"surplus\"", "outcome=\"short\""),
    ] {
      #expect(text.contains(old))
      #expect(try complaint(Array(text.replacingOccurrences(of: old, with: new).utf8)) != nil, "\(new)")
    }
  }

  @Test func aLongReceiptIsWrittenInParts() throws {
    let parts = Parts()
    let lines = (0..<20_000).lazy.map { Receipt.Line(item: "BG-\($0)", outcome: .received, event: "e-\($0)") }
    try ReceiptWriter.write(Self.receipt, lines: lines) { parts.add($0) }
    #expect(parts.largest < 1 << 15)
    #expect(try complaint(parts.bytes) == nil)
    struct Full: Error {}
    #expect(throws: Full.self) { try ReceiptWriter.write(Self.receipt, lines: lines) { _ in throw Full() } }
  }
}
