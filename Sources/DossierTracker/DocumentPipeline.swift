internal import CustodyLog
internal import DossierCore
internal import DossierManifest
internal import Foundation
internal import Synchronization

/// Reads documents one after another on a thread of its own, ahead of the store that takes their parts.
///
/// A bounded queue lies between: reading waits when the store is behind, so memory does not grow with the size of
/// a document or the number of documents. Batches go back and forth and keep their memory.
///
/// `@unchecked Sendable`: all state is under `condition`'s lock.
final class DocumentPipeline: @unchecked Sendable {
  struct Input: Sendable {
    var name: String
    var source: ByteSource
  }

  private static let batchLimit = 2
  private static let byteLimit = 512 << 10

  private let condition = NSCondition()
  /// What was taken is nil: kept here it could neither be freed nor be used again.
  private var parts: [Result<DocumentPart, any Error>?] = []
  private var firstPart = 0
  private var waitingBatches = 0
  private var waitingBytes = 0
  private var spare: [ManifestBatch] = []
  private var isAbandoned = false
  private var readingTime = 0.0
  private var committingTime = 0.0

  private struct Abandoned: Error {}

  /// Begins reading.
  ///
  /// - Parameter salts: for the commitments, which are made here, beside the store's work and not within it.
  init(_ inputs: [Input], reader: ManifestReader, salts: SaltSource) {
    let thread = Thread { [self] in
      let preparation = ContentPreparation(salts: salts)
      for input in inputs {
        let sink = PipelineSink(pipeline: self, preparation: preparation)
        do {
          let start = threadTime()
          let result = try reader.read(input.source, name: input.name, into: sink)
          note(reading: threadTime() - start - sink.committingTime, committing: sink.committingTime)
          try put(.end(Self.summary(result)))
        } catch is Abandoned {
          return
        } catch {
          fail(error)
          return
        }
      }
    }
    thread.name = "manifest reader"
    thread.stackSize = 4 << 20
    thread.start()
  }

  /// CPU seconds of the reading thread so far: on reading, and on commitments.
  var times: (reading: Double, committing: Double) {
    condition.lock()
    defer { condition.unlock() }
    return (readingTime, committingTime)
  }

  private func note(reading: Double, committing: Double) {
    condition.lock()
    readingTime += reading
    committingTime += committing
    condition.unlock()
  }

  /// Lets the reading thread end without reading the rest.
  func abandon() {
    condition.lock()
    isAbandoned = true
    condition.broadcast()
    condition.unlock()
  }

  private static func summary(_ result: DocumentResult) -> DocumentSummary {
    DocumentSummary(
      isValid: result.isValid && result.sha256 != nil, sha256: result.sha256 ?? MerkleHash.emptyRoot,
      byteCount: Int64(result.byteCount), items: result.items, dossiers: result.dossiers,
      weight: result.weight, findings: result.findings)
  }

  fileprivate func put(_ part: DocumentPart) throws {
    condition.lock()
    defer { condition.unlock() }
    while !isAbandoned && (waitingBatches >= Self.batchLimit || waitingBytes >= Self.byteLimit) {
      condition.wait()
    }
    if isAbandoned { throw Abandoned() }
    switch part {
    case .items, .events: waitingBatches += 1
    case .original(let bytes): waitingBytes += bytes.count
    case .header, .end: break
    }
    parts.append(.success(part))
    condition.signal()
  }

  private func fail(_ error: any Error) {
    condition.lock()
    parts.append(.failure(error))
    condition.signal()
    condition.unlock()
  }

  fileprivate func take() throws -> DocumentPart {
    condition.lock()
    defer { condition.unlock() }
    let part = try next().get()
    switch part {
    case .items, .events: waitingBatches -= 1
    case .original(let bytes): waitingBytes -= bytes.count
    case .header, .end: break
    }
    condition.signal()
    return part
  }

  /// Waits for the next part and takes it.
  private func next() -> Result<DocumentPart, any Error> {
    while true {
      while firstPart == parts.count { condition.wait() }
      let part = parts[firstPart].take()
      firstPart += 1
      if firstPart == parts.count || firstPart == 256 {
        parts.removeFirst(firstPart)
        firstPart = 0
      }
      if let part { return part }
    }
  }

  fileprivate func give(_ batch: ManifestBatch) {
    var batch = batch
    batch.removeAll()
    condition.lock()
    if spare.count < Self.batchLimit { spare.append(batch) }
    condition.unlock()
  }

  fileprivate func spareBatch() -> ManifestBatch? {
    condition.lock()
    defer { condition.unlock() }
    return spare.popLast()
  }
}

/// One document of a pipeline, as the store pulls it.
struct PipelinedDocument: DocumentSource {
  let pipeline: DocumentPipeline
  let name: String
  /// Called with the number of bytes read so far.
  var progress: (Int) -> Void = { _ in }

  func next() throws -> DocumentPart {
    let part = try pipeline.take()
    if case .original(let bytes) = part { progress(bytes.count) }
    return part
  }

  func recycle(_ batch: ManifestBatch) { pipeline.give(batch) }
}

/// What the reader's thread hands over.
private final class PipelineSink: DocumentSink {
  private let pipeline: DocumentPipeline
  private var preparation: ContentPreparation
  private var containers: [Container] = []
  /// CPU seconds spent on commitments.
  private(set) var committingTime = 0.0

  init(pipeline: DocumentPipeline, preparation: ContentPreparation) {
    self.pipeline = pipeline
    self.preparation = preparation
  }

  func original(_ bytes: UnsafeRawBufferPointer) throws { try pipeline.put(.original(Array(bytes))) }

  func header(_ header: ManifestHeader) throws {
    containers = header.containers
    try pipeline.put(.header(header))
  }

  func batch(_ batch: consuming ManifestBatch) throws {
    var batch = batch
    let start = threadTime()
    try preparation.prepare(&batch, containers: containers)
    committingTime += threadTime() - start
    try pipeline.put(.items(batch))
  }

  func events(_ events: [LocatedEvent]) throws {
    try pipeline.put(.events(events.map { FeedEvent($0.draft, line: $0.line) }))
  }

  func recycledBatch() -> ManifestBatch? { pipeline.spareBatch() }
}

/// CPU seconds of the calling thread.
func threadTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
