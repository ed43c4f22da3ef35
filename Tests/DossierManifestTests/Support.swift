import DossierCore
import Foundation

@testable import DossierManifest

/// Everything a document gave, as plain values that do not show how it was cut into batches.
struct Gathered: Equatable {
  struct Contact: Equatable {
    var name, phone, address: String
  }
  struct Document: Equatable {
    var name: String
    var counts: [Int32]
  }
  struct Dossier: Equatable {
    var line: UInt32
    var code, procedure, field, agency, applicant: String
    var days: [Int32]
    var documents: [Document]
  }
  struct Item: Equatable {
    var line: UInt32
    var number: String
    var container: Int32
    var acceptedAt: Int64
    var zone: Int16
    var weight: Int32
    var condition: ItemCondition
    var fee: Int64
    var sender, recipient: Contact
    var dossiers: [Dossier]
  }

  var header: ManifestHeader?
  var items: [Item] = []
  var events: [LocatedEvent] = []

  /// The same without line numbers, for documents that differ in white space.
  var withoutLines: Gathered {
    var copy = self
    if let header {
      copy.header?.containers = header.containers.map { Container(number: $0.number, seal: $0.seal) }
    }
    for item in copy.items.indices {
      copy.items[item].line = 0
      for dossier in copy.items[item].dossiers.indices { copy.items[item].dossiers[dossier].line = 0 }
    }
    for event in copy.events.indices { copy.events[event].line = 0 }
    return copy
  }
}

final class GatheringSink: DocumentSink {
  var gathered = Gathered()
  var original: [UInt8] = []
  var batchCount = 0
  var greatestBatch = 0
  private var spare: ManifestBatch?

  func original(_ bytes: UnsafeRawBufferPointer) { original.append(contentsOf: bytes) }
  func header(_ header: ManifestHeader) { gathered.header = header }
  func events(_ events: [LocatedEvent]) { gathered.events += events }

  func batch(_ batch: consuming ManifestBatch) {
    batchCount += 1
    greatestBatch = max(greatestBatch, batch.items.count)
    for item in batch.items { gathered.items.append(Self.plain(item, batch)) }
    spare = batch
  }

  func recycledBatch() -> ManifestBatch? {
    defer { spare = nil }
    return spare
  }

  private static func plain(_ item: ItemRecord, _ batch: ManifestBatch) -> Gathered.Item {
    func contact(_ record: ContactRecord) -> Gathered.Contact {
      Gathered.Contact(
        name: batch.string(record.name), phone: batch.string(record.phone),
        address: batch.string(record.address))
    }
    return Gathered.Item(
      line: item.line, number: batch.string(item.number), container: item.container,
      acceptedAt: item.acceptedAt,
      zone: item.acceptedZone, weight: item.weight, condition: item.condition, fee: item.fee,
      sender: contact(item.sender), recipient: contact(item.recipient),
      dossiers: item.dossiers.map { index in
        let dossier = batch.dossiers[Int(index)]
        return Gathered.Dossier(
          line: dossier.line, code: batch.string(dossier.code), procedure: batch.string(dossier.procedure),
          field: batch.string(dossier.field), agency: batch.string(dossier.agency),
          applicant: batch.string(dossier.applicant), days: [dossier.received, dossier.due, dossier.result],
          documents: dossier.documents.map { index in
            let document = batch.documents[Int(index)]
            return Gathered.Document(
              name: batch.string(document.name),
              counts: [document.originals, document.certifiedCopies, document.photocopies])
          })
      })
  }
}

struct Outcome {
  var result: DocumentResult
  var gathered: Gathered
  var sink: GatheringSink

  var codes: [FindingCode] { result.findings.map(\.code) }
  /// Whether bytes, syntax and schema have nothing against it: what `xmllint --schema` decides.
  var passesSchema: Bool {
    !result.findings.contains { $0.code.rawValue < "D-1102" && $0.severity == .error }
  }
}

func readDocument(
  _ bytes: [UInt8], chunk: Int = ByteSource.defaultChunkByteCount, proves: Bool = true,
  limits: ReadingLimits = ReadingLimits(), latestTime: Int64? = nil
) throws -> Outcome {
  var reader = ManifestReader(limits: limits, latestTime: latestTime)
  reader.proves = proves
  let sink = GatheringSink()
  let result = try reader.read(.bytes(bytes, chunkByteCount: chunk), name: "test.xml", into: sink)
  return Outcome(result: result, gathered: sink.gathered, sink: sink)
}

func readDocument(_ text: String, chunk: Int = ByteSource.defaultChunkByteCount, proves: Bool = true) throws
  -> Outcome
{
  try readDocument(Array(text.utf8), chunk: chunk, proves: proves)
}

/// The folder of the package.
let packageFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

func schemaPath(_ name: String) -> String { packageFolder.appendingPathComponent("Schemas/\(name)").path }

/// A generator whose numbers depend on the seed alone (SplitMix64, Steele, Lea and Flood 2014).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// The oracle: libxml2's own command, one process for many documents.
enum Xmllint {
  /// Whether `xmllint --noout --schema` accepts each document.
  static func verdicts(_ documents: [[UInt8]], schema: String = "manifest-1.xsd") throws -> [Bool] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var verdicts: [Bool] = []
    for start in stride(from: 0, to: documents.count, by: 200) {
      let range = start..<min(start + 200, documents.count)
      let names = range.map { "d\($0).xml" }
      for (name, index) in zip(names, range) {
        try Data(documents[index]).write(to: folder.appendingPathComponent(name))
      }
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["xmllint", "--nonet", "--noout", "--schema", schemaPath(schema)] + names
      process.currentDirectoryURL = folder
      let log = folder.appendingPathComponent("log")
      try Data().write(to: log)
      let handle = try FileHandle(forWritingTo: log)
      process.standardError = handle
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      try handle.close()
      let text = String(decoding: try Data(contentsOf: log), as: UTF8.self)
      let accepted = Set(
        text.split(separator: "\n").filter { $0.hasSuffix(" validates") }.map { String($0.dropLast(10)) })
      verdicts += names.map(accepted.contains)
    }
    return verdicts
  }

  static let isPresent = FileManager.default.isExecutableFile(atPath: "/usr/bin/xmllint")
}
