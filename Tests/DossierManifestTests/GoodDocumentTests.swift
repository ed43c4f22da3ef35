import CustodyLog
import DossierCore
import Foundation
import Testing

@testable import DossierManifest

@Suite struct GoodDocumentTests {
  @Test func readsAllThatAManifestSays() throws {
    let outcome = try readDocument(ManifestWriter().bytes)
    #expect(outcome.result.isValid)
    #expect(outcome.result.findings == [])
    #expect(outcome.result.kind == .manifest)
    #expect(outcome.result.items == 2)
    #expect(outcome.result.dossiers == 2)
    #expect(outcome.result.weight == 240)
    let header = try #require(outcome.gathered.header)
    #expect(header.number == "BK-590100-260105-001")
    #expect(header.leg == .intake)
    // 2026-01-05T09:30:00Z, from `date -u -d 2026-01-05T16:30:00+07:00 +%s`.
    #expect(header.dispatchedAt == 1_767_605_400_000)
    #expect(header.dispatchedZone == 420)
    #expect(
      header.giver == ManifestParty(office: "590100", operatorCode: "GDV-012", personName: "Nguyễn Văn Mẫu"))
    #expect(header.receiver == ManifestParty(office: "H48.25"))
    #expect(header.containers.map(\.number) == ["T-0001", "T-0002"])
    #expect(header.containers.map(\.seal) == ["VN0091234", nil])
    #expect(header.declaredItems == 2)
    #expect(header.declaredWeight == nil)
    let item = try #require(outcome.gathered.items.first)
    #expect(item.number == "RR473124829VN")
    #expect(item.container == 0)
    #expect(item.acceptedAt == 1_767_579_120_000)
    #expect(item.weight == 120)
    #expect(item.condition == .good)
    #expect(item.fee == 150_000)
    #expect(item.sender.name == "Nguyễn Thị Hạnh")
    #expect(item.sender.phone == "0912345678")
    #expect(item.recipient == Gathered.Contact(name: "", phone: "", address: ""))
    let dossier = try #require(item.dossiers.first)
    #expect(dossier.code == "H48.25-260105-0001")
    #expect(dossier.procedure == "1.004199")
    #expect(dossier.applicant == "Trần Văn Bình & con")
    #expect(dossier.days == [20458, 20473, DossierRecord.noDay])
    #expect(
      dossier.documents == [
        Gathered.Document(name: "Đơn đăng ký biến động", counts: [1, 0, 2]),
        Gathered.Document(name: "Giấy chứng nhận <bản gốc>", counts: [1, 1, 0]),
      ])
  }

  @Test func theDigestAndTheOriginalAreTheGivenBytes() throws {
    let bytes = ManifestWriter.large(300).bytes
    let outcome = try readDocument(bytes, chunk: 1000)
    #expect(outcome.sink.original == bytes)
    #expect(outcome.result.byteCount == bytes.count)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["sha256sum"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let writing = Thread {
      try? input.fileHandleForWriting.write(contentsOf: Data(bytes)); try? input.fileHandleForWriting.close()
    }
    writing.start()
    let sum = String(decoding: output.fileHandleForReading.readDataToEndOfFile().prefix(64), as: UTF8.self)
    process.waitUntilExit()
    let digest = try #require(outcome.result.sha256)
    #expect(digest.bytes.map { String(format: "%02x", $0) }.joined() == sum)
  }

  // MARK: Differences without meaning

  static let variants: [(String, [UInt8])] = {
    let writer = ManifestWriter()
    let plain = writer.text()
    func prefixed() -> String {
      var text = plain.replacingOccurrences(of: "xmlns=", with: "xmlns:bk=")
      text = text.replacingOccurrences(of: "</", with: "</bk:")
      let tags = text.split(separator: "<", omittingEmptySubsequences: false).enumerated().map {
        index, part in
        index == 0 || part.hasPrefix("/") || part.hasPrefix("?") ? String(part) : "bk:" + part
      }
      return tags.joined(separator: "<")
    }
    func utf16(_ bigEndian: Bool) -> [UInt8] {
      let text = writer.text(declaration: "<?xml version='1.0' encoding='UTF-16'?>")
      return (bigEndian ? [0xFE, 0xFF] : [0xFF, 0xFE])
        + text.utf16.flatMap {
          bigEndian ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)]
        }
    }
    let cases: [(String, String)] = [
      ("plain", plain),
      ("prefix", prefixed()),
      ("CRLF", writer.text(newline: "\r\n")),
      ("tabs", writer.text(indent: "\t")),
      ("no declaration", writer.text(declaration: "")),
      ("one line", writer.text(newline: " ", indent: "")),
      (
        "CDATA",
        plain.replacingOccurrences(
          of: ">Trần Văn Bình &amp; con<", with: "><![CDATA[Trần Văn]]> Bình<![CDATA[ & con]]><")
      ),
      ("character references", plain.replacingOccurrences(of: "Đất đai", with: "&#272;&#x1EA5;t &#x111;ai")),
      ("references in attributes", plain.replacingOccurrences(of: "BK-590100", with: "&#66;K&#45;590100")),
      (
        "comments",
        plain.replacingOccurrences(of: "Đất đai", with: "<!-- a -->Đất<!-- <!DOCTYPE x> --> đai<?pi x?>")
      ),
      (
        "attribute order",
        plain.replacingOccurrences(
          of: "version=\"1\" number=\"BK-590100-260105-001\" leg=\"intake\"",
          with: "leg='intake'\n number = 'BK-590100-260105-001'\tversion='1'")
      ),
      (
        "white space in values",
        plain.replacingOccurrences(of: "Đất đai", with: " \n Đất \t\n  đai ").replacingOccurrences(
          of: "leg=\"intake\"", with: "leg=\" intake\n\""
        ).replacingOccurrences(of: "<weight>120<", with: "<weight>\n120 <")
      ),
      (
        "white space around codes",
        plain.replacingOccurrences(of: "\"RR473124829VN\"", with: "\" RR 473 124 829 VN \"")
      ),
      (
        "lower case codes",
        plain.replacingOccurrences(of: "RR473124829VN", with: "rr473124829vn").replacingOccurrences(
          of: "\"H48.25-260105-0001\"", with: "\"h48.25-260105-0001\"")
      ),
      ("decomposed text", plain.decomposedStringWithCanonicalMapping),
      ("trailing comment", plain + "<!-- end -->\n<?done?>\n"),
      (
        "schema location",
        plain.replacingOccurrences(
          of: " version=\"1\"",
          with:
            " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"urn:postal-dossier:manifest:1 file:///etc/passwd\" version=\"1\""
        )
      ),
    ]
    return cases.map { ($0.0, Array($0.1.utf8)) } + [
      ("byte order mark", [0xEF, 0xBB, 0xBF] + Array(plain.utf8)), ("UTF-16 LE", utf16(false)),
      ("UTF-16 BE", utf16(true)),
    ]
  }()

  @Test(arguments: variants.indices)
  func differencesWithoutMeaningChangeNothing(_ index: Int) throws {
    let (name, bytes) = Self.variants[index]
    let reference = try readDocument(ManifestWriter().bytes)
    for chunk in [1, 7, 64 << 10] {
      for proves in [true, false] {
        let outcome = try readDocument(bytes, chunk: chunk, proves: proves)
        #expect(outcome.result.isValid, "\(name), \(chunk): \(outcome.result.findings)")
        #expect(outcome.gathered.withoutLines == reference.gathered.withoutLines, "\(name), \(chunk)")
      }
    }
  }

  @Test func chunkSizeChangesNothing() throws {
    let bytes = ManifestWriter.large(60).bytes
    let whole = try readDocument(bytes)
    #expect(whole.result.isValid)
    for chunk in [1, 2, 3, 7, 61, 997, 4096] {
      let outcome = try readDocument(bytes, chunk: chunk)
      #expect(outcome.gathered == whole.gathered, "\(chunk)")
      #expect(outcome.result == whole.result, "\(chunk)")
    }
  }

  @Test func attributeAmpersandsAreDecodedOnce() throws {
    // The code is refused, so the finding shows whether its text came through unchanged.
    for (written, isShown) in [("A&amp;1", false), ("A&amp;#38;1", false), ("A-1 B", true)] {
      let text = ManifestWriter().text().replacingOccurrences(of: "\"590100\"", with: "\"\(written)\"")
      let outcome = try readDocument(text)
      let finding = outcome.result.findings.first { $0.code == .officeCodeForm }
      #expect(finding != nil, "\(written)")
      #expect((finding?.found != nil) == isShown, "\(written)")
    }
  }

  @Test func batchesAreBounded() throws {
    let outcome = try readDocument(ManifestWriter.large(5000).bytes)
    #expect(outcome.result.isValid)
    #expect(outcome.sink.batchCount >= 5)
    #expect(outcome.sink.greatestBatch <= ManifestState.batchItems)
    #expect(outcome.gathered.items.count == 5000)
  }

  /// The compiled schemas are shared; each reader is alone with everything else.
  @Test func readersInParallelDoNotDisturbEachOther() async throws {
    let good = ManifestWriter.large(300).bytes
    let bad = Array(ManifestWriter.large(300).text().replacingOccurrences(of: ">good<", with: ">wet<").utf8)
    let (goodResult, badResult) = (try readDocument(good).result, try readDocument(bad).result)
    #expect(badResult.findings.count == 300)
    await withTaskGroup(of: Bool.self) { group in
      for index in 0..<16 {
        group.addTask {
          let outcome = try? readDocument(index % 2 == 0 ? good : bad, chunk: 500 + index)
          return outcome?.result == (index % 2 == 0 ? goodResult : badResult)
        }
      }
      for await isSame in group { #expect(isSame) }
    }
  }

  @Test func aSinkThatThrowsStopsTheReading() throws {
    struct Full: Error {}
    final class Refusing: DocumentSink {
      var batches = 0
      func header(_ header: ManifestHeader) {}
      func events(_ events: [LocatedEvent]) {}
      func batch(_ batch: consuming ManifestBatch) throws {
        batches += 1
        throw Full()
      }
    }
    let sink = Refusing()
    #expect(throws: Full.self) {
      try ManifestReader().read(.bytes(ManifestWriter.large(4000).bytes), name: "x", into: sink)
    }
    #expect(sink.batches == 1)
  }

  @Test func readsFilesAndDescriptors() throws {
    let bytes = ManifestWriter.large(500).bytes
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let expected = try readDocument(bytes).gathered
    let sink = GatheringSink()
    #expect(try ManifestReader().read(.file(file.path), name: "f", into: sink).isValid)
    #expect(sink.gathered == expected)
    let handle = try FileHandle(forReadingFrom: file)
    let other = GatheringSink()
    let source = ByteSource.descriptor(handle.fileDescriptor, chunkByteCount: 333)
    #expect(try ManifestReader().read(source, name: "f", into: other).isValid)
    #expect(other.gathered == expected)
  }

  @Test(arguments: ["/nonexistent/manifest.xml", "/"])
  func anUnreadableFileIsAFinding(_ path: String) throws {
    let result = try ManifestReader().read(.file(path), name: path, into: GatheringSink())
    #expect(result.findings.map(\.code) == [.unreadableFile])
    #expect(!result.isValid)
  }
}
