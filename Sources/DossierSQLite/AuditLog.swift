internal import CustodyLog
internal import DossierCore

/// An order-independent sum over (item, sequence, leaf hash): what every event produces must be what its
/// successor, or the item's projection, consumes. Keyed by a secret of this run, so that rows cannot be altered
/// to keep the sum (offline memory checking, Blum et al. 1991); constant memory and exact from any number of
/// threads. Only when the sums differ is the break looked for item by item.
struct ChainSum: Equatable {
  private(set) var low: UInt64 = 0
  private(set) var high: UInt64 = 0

  mutating func add(_ subject: Subject, _ sequence: Int64, _ hash: Digest, key: ChainKey) {
    let (first, second) = key.mix(subject, sequence, hash)
    low &+= first
    high &+= second
  }

  static func + (left: ChainSum, right: ChainSum) -> ChainSum {
    var sum = left
    sum.low &+= right.low
    sum.high &+= right.high
    return sum
  }
}

/// The secret of one audit run.
struct ChainKey {
  private var words: (UInt64, UInt64, UInt64, UInt64)

  init(_ bytes: [UInt8]) {
    func word(_ index: Int) -> UInt64 {
      bytes[(index * 8)..<(index * 8 + 8)].reduce(0) { $0 << 8 | UInt64($1) }
    }
    words = (word(0) | 1, word(1) | 1, word(2), word(3))
  }

  func mix(_ subject: Subject, _ sequence: Int64, _ hash: Digest) -> (UInt64, UInt64) {
    var first = words.2
    var second = words.3
    func absorb(_ value: UInt64) {
      let (high, low) = (first ^ value).multipliedFullWidth(by: words.0)
      first = low ^ high &+ second
      let (high2, low2) = (second ^ value).multipliedFullWidth(by: words.1)
      second = low2 ^ high2 &+ first
    }
    switch subject {
    case .none: absorb(0)
    case .packed(let packed): absorb(UInt64(bitPattern: packed))
    case .text(let text):
      absorb(UInt64(text.count) | 1 << 63)
      for byte in text { absorb(UInt64(byte)) }
    }
    absorb(UInt64(bitPattern: sequence))
    hash.withUnsafeBytes { bytes in
      for offset in stride(from: 0, to: 32, by: 8) {
        absorb(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      }
    }
    absorb(words.0)
    return (first, second)
  }
}

/// Pass 1 of the audit: one run of 65,536 rows of the log. A full run is a complete subtree, so runs can be
/// hashed by any thread in any order and folded at the end.
struct LogRun {
  static let size: Int64 = 65_536

  var first: Int64
  var tree = CompactRange()
  /// Compact ranges of this run at the checkpoints that fall inside it, by number of leaves of the run.
  var snapshots: [Int64: CompactRange] = [:]
  var produced = ChainSum()
  var consumed = ChainSum()
  var firstRecordedAt = Int64.max
  var lastRecordedAt = Int64.min
  var itemEvents: Int64 = 0
  var contents: Int64 = 0
  var relabellings: Int64 = 0
  var manifestsRecorded: Int64 = 0
  var officesRecorded: Int64 = 0
  var findings: [Finding] = []
}

/// Reads and hashes runs of the log from one connection.
final class LogAudit {
  private let coder: EventCoder
  private let select: Statement
  private let subtrees: SubtreeRows
  private let key: ChainKey

  init(_ reader: StoreReader, key: ChainKey) throws {
    coder = reader.coder
    self.key = key
    subtrees = try SubtreeRows(reader.connection)
    select = try Statement(
      reader.connection, "SELECT \(EventRow.columns) FROM event WHERE idx >= ?1 AND idx < ?2 ORDER BY idx")
  }

  /// - Parameters:
  ///   - end: end of the log; the last run may be short.
  ///   - marks: sizes of the log at which its root is wanted.
  func run(from first: Int64, end: Int64, marks: [Int64]) throws -> LogRun {
    var run = LogRun(first: first)
    let runEnd = min(first + LogRun.size, end)
    let wanted = Set(marks.filter { $0 > first && $0 <= runEnd }.map { $0 - first })
    var failed: [(Int, UInt64)] = []
    select.bind(1, first)
    select.bind(2, runEnd)
    var expected = first
    while try select.step() {
      let index = select.int(0)
      guard let row = EventRow(select) else {
        run.findings.append(Finding(.eventMalformed, path: "event/\(index)"))
        select.reset()
        return run
      }
      if index != expected {
        run.findings.append(
          Finding(.eventGap, path: "event/\(expected)", expected: "\(expected)", found: "\(index)"))
        select.reset()
        return run
      }
      expected += 1
      let hash: Digest
      do { hash = try coder.leafHash(row) } catch let fault as StoreFault {
        run.findings.append(
          Finding(
            .eventMalformed, path: "event/\(index)", item: row.subject.string, detail: fault.description))
        select.reset()
        return run
      }
      take(row, hash, into: &run)
      run.tree.append(hash) { level, number, root in
        if level == 0 { return }
        let absolute = UInt64(first >> Int64(level)) + number
        do {
          if try self.subtrees.hash(level: level / 8, number: absolute) != root {
            failed.append((level, absolute))
          }
        } catch { failed.append((level, absolute)) }
      }
      if wanted.contains(Int64(run.tree.size)) { run.snapshots[Int64(run.tree.size)] = run.tree }
    }
    if expected != runEnd {
      run.findings.append(
        Finding(.eventGap, path: "event/\(expected)", expected: "\(expected)", found: "-"))
    }
    for (level, number) in failed {
      let start = number << UInt64(level)
      run.findings.append(
        Finding(
          .subtreeMismatch, path: "event/\(start)...\(start + (1 << UInt64(level)) - 1)"))
    }
    return run
  }

  private func take(_ row: EventRow, _ hash: Digest, into run: inout LogRun) {
    if row.recordedAt < run.lastRecordedAt {
      run.findings.append(Finding(.recordTimeBackwards, path: "event/\(row.index)"))
    }
    run.firstRecordedAt = min(run.firstRecordedAt, row.recordedAt)
    run.lastRecordedAt = max(run.lastRecordedAt, row.recordedAt)
    if row.content != nil { run.contents += 1 }
    switch row.kind {
    case .manifestRecorded: run.manifestsRecorded += 1
    case .officesRecorded: run.officesRecorded += 1
    case .relabelled: run.relabellings += 1
    default: break
    }
    guard row.kind.concernsItem else { return }
    run.itemEvents += 1
    run.produced.add(row.subject, row.sequence, hash, key: key)
    if row.sequence > 0 {
      if let previous = row.previous {
        run.consumed.add(row.subject, row.sequence - 1, previous, key: key)
      } else {
        run.findings.append(Finding(.previousMismatch, path: "event/\(row.index)"))
      }
    }
  }
}

/// The kept roots of complete subtrees.
final class SubtreeRows {
  private let select: Statement

  init(_ connection: Connection) throws {
    select = try Statement(connection, "SELECT hash FROM subtree WHERE level = ?1 AND number = ?2")
  }

  func hash(level: Int, number: UInt64) throws -> Digest? {
    select.bind(1, level)
    select.bind(2, Int64(number))
    guard try select.step() else { return nil }
    defer { select.reset() }
    return select.digest(0)
  }
}
