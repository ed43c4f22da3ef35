internal import CustodyLog
public import DossierCore

/// A document from values instead of bytes.
///
/// Not Sendable: a source is read once, by one store.
public final class ArrayDocumentSource: DocumentSource {
  /// Thrown in place of the part at `failingAt`.
  public struct ReadFailure: Error {}

  public let name: String
  private let parts: [DocumentPart]
  private let failingAt: Int?
  private var position = 0

  /// - Parameter failingAt: index of the part whose reading fails, as when a disk is pulled out.
  public init(name: String, parts: [DocumentPart], failingAt: Int? = nil) {
    self.name = name
    self.parts = parts
    self.failingAt = failingAt
  }

  public convenience init(_ manifest: TestManifest, name: String? = nil, failingAt: Int? = nil) {
    let bytes = manifest.bytes
    let half = bytes.count / 2
    var parts: [DocumentPart] = [.original(Array(bytes[..<half])), .header(manifest.header)]
    var line = 10
    var first = 0
    while first < manifest.items.count {
      let batch = Array(manifest.items[first...].prefix(max(1, manifest.batchSize)))
      parts.append(.items(ManifestBatch(batch, firstLine: line)))
      first += batch.count
      for item in batch { line += 1 + item.dossiers.count }
    }
    parts.append(.original(Array(bytes[half...])))
    parts.append(
      .end(
        DocumentSummary(
          isValid: manifest.isValid, sha256: MerkleHash.sha256(bytes), byteCount: Int64(bytes.count),
          items: manifest.items.count, dossiers: manifest.items.reduce(0) { $0 + $1.dossiers.count },
          weight: manifest.items.reduce(0) { $0 + Int($1.weight ?? 0) }, findings: manifest.findings)))
    self.init(name: name ?? "\(manifest.header.number).xml", parts: parts, failingAt: failingAt)
  }

  /// A feed of events, two to a part; the first event stands on line 10, one line each.
  public convenience init(
    feed drafts: [EventDraft], name: String = "feed.xml", isValid: Bool = true, findings: [Finding] = []
  ) {
    let bytes = Array("\(drafts)".utf8)
    let events = drafts.enumerated().map { FeedEvent($1, line: 10 + $0) }
    var parts: [DocumentPart] = [.original(bytes)]
    for first in stride(from: 0, to: events.count, by: 2) {
      parts.append(.events(Array(events[first...].prefix(2))))
    }
    parts.append(
      .end(
        DocumentSummary(
          isValid: isValid, sha256: MerkleHash.sha256(bytes), byteCount: Int64(bytes.count), items: 0,
          dossiers: 0, weight: 0, findings: findings)))
    self.init(name: name, parts: parts)
  }

  public func next() throws -> DocumentPart {
    if position == failingAt { throw ReadFailure() }
    guard position < parts.count else { throw ReadFailure() }
    defer { position += 1 }
    return parts[position]
  }

  public func recycle(_ batch: ManifestBatch) {}
}
