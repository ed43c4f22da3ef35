internal import CustodyLog
public import DossierCore
internal import DossierManifest
internal import DossierSQLite
internal import Foundation

/// What an import came to: one entry a document, in the order they were read.
public struct ImportReport: Hashable, Sendable {
  public struct Document: Hashable, Sendable {
    /// The file's name as given; `-` for standard input.
    public var file: String
    public var outcome: DocumentOutcome
  }

  /// CPU seconds of an import's stages, for whoever measures it.
  public struct Times: Hashable, Sendable {
    /// Gate, parser, schema and rules; on the reader's thread.
    public var reading = 0.0
    /// Salted commitments to personal fields; on the reader's thread.
    public var committing = 0.0
    /// Rows, leaves, tree, kept document and durable commit; on the store's thread.
    public var storing = 0.0
  }

  public var documents: [Document]
  /// Where the log stands afterwards.
  public var log: LogHead
  public var times: Times

  /// Whether a document was refused or is in conflict, or anything was found that needs a look.
  public var hasProblems: Bool {
    documents.contains { document in
      document.outcome.status == .rejected || document.outcome.status == .conflict
    }
  }
}

extension Tracker {
  /// How far an import is.
  public struct ImportProgress: Sendable {
    public var document: Int
    public var documents: Int
    public var file: String
    /// Bytes read of this document.
    public var bytes: Int
  }

  /// Imports manifests and event feeds, each whole or not at all; one bad file does not stop the others.
  ///
  /// - Parameters:
  ///   - paths: `.xml` and `.xml.gz` files, folders of such files (taken with everything below, in order of
  ///     their names), or `-` for standard input.
  ///   - dryRun: checks everything and records nothing.
  /// - Returns: what became of each document. A bad document is a status with findings, not an error.
  /// - Throws: ``TrackerRefusal`` when the store cannot be written.
  public func importDocuments(
    _ paths: [String], dryRun: Bool = false, progress: ((ImportProgress) -> Void)? = nil
  ) throws -> ImportReport {
    let inputs = paths.flatMap(Self.inputs)
    return try importDocuments(inputs, dryRun: dryRun, progress: progress)
  }

  /// Imports one document held in memory.
  public func importDocument(_ bytes: [UInt8], name: String, dryRun: Bool = false) throws -> ImportReport {
    try importDocuments(
      [DocumentPipeline.Input(name: name, source: .bytes(bytes))], dryRun: dryRun, progress: nil)
  }

  private func importDocuments(
    _ inputs: [DocumentPipeline.Input], dryRun: Bool, progress: ((ImportProgress) -> Void)?
  ) throws -> ImportReport {
    // A clock that is a day fast is a wrong clock, not tomorrow's event.
    let reader = ManifestReader(latestTime: now + 24 * 3_600_000)
    let pipeline = DocumentPipeline(
      inputs, reader: reader, salts: SaltSource(environment.randomness))
    defer { pipeline.abandon() }
    return try explained {
      var documents: [ImportReport.Document] = []
      let start = threadTime()
      for (index, input) in inputs.enumerated() {
        var document = PipelinedDocument(pipeline: pipeline, name: input.name)
        if let progress {
          var bytes = 0
          document.progress = { count in
            bytes += count
            progress(
              ImportProgress(document: index, documents: inputs.count, file: input.name, bytes: bytes))
          }
        }
        let outcome = try store.record(document, recordedAt: now, dryRun: dryRun)
        documents.append(ImportReport.Document(file: input.name, outcome: outcome))
      }
      let read = pipeline.times
      let times = ImportReport.Times(
        reading: read.reading, committing: read.committing, storing: threadTime() - start)
      return ImportReport(documents: documents, log: try store.head(), times: times)
    }
  }

  /// The documents behind a path, sorted by the bytes of their names so that every machine takes them alike.
  private static func inputs(_ path: String) -> [DocumentPipeline.Input] {
    if path == "-" { return [.init(name: "-", source: .standardInput)] }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      return [.init(name: path, source: .file(path))]
    }
    let below = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return below.filter { $0.hasSuffix(".xml") || $0.hasSuffix(".xml.gz") }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      .map { name in
        let full = path.hasSuffix("/") ? path + name : path + "/" + name
        return .init(name: full, source: .file(full))
      }
  }
}
