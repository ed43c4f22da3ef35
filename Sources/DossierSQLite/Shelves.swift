internal import Synchronization

/// Small records put on shelves while the store is read from one end to the other, to be taken up again shelf by
/// shelf: what belongs together lies on one shelf, and one shelf fits into memory whatever the store's size.
///
/// Records come in batches, each with a place of its own in the order of the whole; a shelf gives its records back
/// in that order, whichever thread put them there first. Few records stay in memory; many go to a ``TemporaryFile``.
final class Shelves<Record: BitwiseCopyable & Sendable>: Sendable {
  let count: Int
  private let file: TemporaryFile?
  private let fileSize: Int64
  private let state = Mutex(State())

  private struct State {
    var batches: [Int: Batch] = [:]
    var end: Int64 = 0
    /// A disk that is full is found out by whoever takes the records up again, and does without them.
    var hasFailed = false
  }

  private struct Batch {
    /// Where the records of each shelf begin in the batch, and where the last one's end.
    var starts: [UInt32]
    /// The records, or where they stand in the file.
    var records: [Record]
    var offset: Int64

    func range(_ shelf: Int) -> Range<Int> { Int(starts[shelf])..<Int(starts[shelf + 1]) }
  }

  /// - Parameters:
  ///   - count: number of shelves, at least 1.
  ///   - expected: how many records will come, at most.
  ///   - memory: bytes that may stay in memory.
  ///   - fileSize: bytes that a file may take.
  /// - Throws: when there must be a file and cannot be one.
  init(count: Int, expecting expected: Int64, memory: Int64, fileSize: Int64 = .max) throws(TemporaryFile
    .Failure)
  {
    self.count = count
    self.fileSize = fileSize
    let bytes = expected.multipliedReportingOverflow(by: Int64(MemoryLayout<Record>.stride))
    file = bytes.overflow || bytes.partialValue > memory ? try TemporaryFile() : nil
  }

  /// Puts the records of one batch on their shelves, in their order.
  ///
  /// - Parameters:
  ///   - place: the batch's place in the order of the whole; no two batches have the same.
  ///   - shelf: from 0 to ``count`` - 1.
  func put(_ records: [Record], place: Int, shelf: (Record) -> Int) {
    var starts = [UInt32](repeating: 0, count: count + 1)
    for record in records { starts[shelf(record) + 1] += 1 }
    for position in 1...count { starts[position] += starts[position - 1] }
    var next = starts
    // Every place below is filled exactly once: the counts above are of the same records.
    let sorted = [Record](unsafeUninitializedCapacity: records.count) { buffer, initialized in
      for record in records {
        let shelf = shelf(record)
        (buffer.baseAddress.map { $0 + Int(next[shelf]) })?.initialize(to: record)
        next[shelf] += 1
      }
      initialized = records.count
    }
    var batch = Batch(starts: starts, records: [], offset: 0)
    if let file {
      let bytes = records.count * MemoryLayout<Record>.stride
      batch.offset = state.withLock { state in
        defer { state.end += Int64(bytes) }
        return state.end
      }
      let isWritten =
        batch.offset <= fileSize - Int64(bytes)
        && sorted.withUnsafeBytes { file.write($0, at: batch.offset) }
      if !isWritten { state.withLock { $0.hasFailed = true } }
    } else {
      batch.records = sorted
    }
    state.withLock { $0.batches[place] = batch }
  }

  /// The records of one shelf.
  ///
  /// - Throws: when not everything that was put here could be kept.
  func take(_ shelf: Int) throws(TemporaryFile.Failure) -> [Record] {
    let (batches, hasFailed) = state.withLock { state in
      (state.batches.sorted { $0.key < $1.key }.map(\.value), state.hasFailed)
    }
    if hasFailed { throw TemporaryFile.Failure() }
    let total = batches.reduce(0) { $0 + $1.range(shelf).count }
    let stride = MemoryLayout<Record>.stride
    let records = [Record](unsafeUninitializedCapacity: total) { buffer, initialized in
      for batch in batches {
        let range = batch.range(shelf)
        if range.isEmpty { continue }
        let target = UnsafeMutableBufferPointer(rebasing: buffer[initialized..<(initialized + range.count)])
        if let file {
          // `Record` is bitwise copyable, and these are the bytes of such records.
          let place = batch.offset + Int64(range.lowerBound * stride)
          if !file.read(into: UnsafeMutableRawBufferPointer(target), from: place) { return }
        } else {
          _ = target.initialize(fromContentsOf: batch.records[range])
        }
        initialized += range.count
      }
    }
    if records.count != total { throw TemporaryFile.Failure() }
    return records
  }
}
