public import CustodyLog

/// One event of a feed and the line it stands on.
public struct FeedEvent: Hashable, Sendable {
  public var draft: EventDraft
  public var line: Int

  public init(_ draft: EventDraft, line: Int) {
    self.draft = draft
    self.line = line
  }
}

/// The parts of a manifest or feed in the order they are read.
public enum DocumentPart: Sendable {
  /// A manifest begins.
  case header(ManifestHeader)
  /// The next items of the manifest.
  case items(ManifestBatch)
  /// The next events of a feed.
  case events([FeedEvent])
  /// The next bytes of the document as it was given, for the vault.
  case original([UInt8])
  /// Everything has been read.
  case end(DocumentSummary)
}

/// What the reader knows once it has read everything.
public struct DocumentSummary: Sendable {
  /// Read to its end, well-formed, valid by the schema and free of error findings.
  public var isValid: Bool
  /// SHA-256 of the bytes as they were given.
  public var sha256: Digest
  public var byteCount: Int64
  public var items: Int
  public var dossiers: Int
  /// Grams, of the items that state a weight.
  public var weight: Int
  public var findings: [Finding]

  public init(
    isValid: Bool, sha256: Digest, byteCount: Int64, items: Int, dossiers: Int, weight: Int,
    findings: [Finding]
  ) {
    self.isValid = isValid
    self.sha256 = sha256
    self.byteCount = byteCount
    self.items = items
    self.dossiers = dossiers
    self.weight = weight
    self.findings = findings
  }
}

/// A document being read, pulled by a store from within its transaction.
public protocol DocumentSource {
  /// File name as the user gave it, for findings.
  var name: String { get }
  /// The next part. After `.end` it is not called again.
  func next() throws -> DocumentPart
  /// Gives a batch back so that its memory is used again.
  func recycle(_ batch: ManifestBatch)
}

/// What became of a document.
public struct DocumentOutcome: Hashable, Sendable {
  public enum Status: String, Hashable, Sendable, CaseIterable {
    case recorded
    case alreadyRecorded = "already-recorded"
    case conflict
    case rejected
    /// A dry run found nothing against it.
    case valid
  }

  public var status: Status
  /// The manifest's number; nil for a feed, or when it could not be read.
  public var manifest: String?
  public var items: Int
  public var dossiers: Int
  /// Events appended.
  public var events: Int
  /// Events of a feed that were recorded before.
  public var duplicates: Int
  public var findings: [Finding]

  public init(
    status: Status, manifest: String?, items: Int, dossiers: Int, events: Int, duplicates: Int = 0,
    findings: [Finding]
  ) {
    self.status = status
    self.manifest = manifest
    self.items = items
    self.dossiers = dossiers
    self.events = events
    self.duplicates = duplicates
    self.findings = findings
  }
}
