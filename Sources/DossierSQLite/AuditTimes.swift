internal import CustodyLog
internal import DossierCore
internal import Glibc

/// A checkpoint that an event names as seen: the log must have had exactly this root at that size.
struct SeenCheckpoint: Hashable, Sendable {
  var size: Int64
  var root: Digest
  /// The first event that names it.
  var event: Int64
}

/// What the audit reads of the rare attributes of millions of events, in place. Members stand in one order and values
/// hold no unescaped quote, so these bytes can only be the keys.
struct RareTimes {
  var device: Int64?
  var seen: (size: Int64, root: Digest)?

  private static let deviceKey = Array(#""device":"#.utf8)
  private static let seenKey = Array(#""seen":{"root":""#.utf8)
  private static let sizeKey = Array(#"","size":"#.utf8)
  private static let rootLength = 43

  init(_ more: UnsafeBufferPointer<UInt8>) {
    if let start = Self.end(of: Self.deviceKey, in: more) { device = Self.number(more, start) }
    guard let start = Self.end(of: Self.seenKey, in: more), start + Self.rootLength <= more.count else {
      return
    }
    let root = Digest(base64URL: String(decoding: more[start..<(start + Self.rootLength)], as: UTF8.self))
    let rest = start + Self.rootLength
    guard let root, rest + Self.sizeKey.count < more.count,
      more[rest..<(rest + Self.sizeKey.count)].elementsEqual(Self.sizeKey),
      let size = Self.number(more, rest + Self.sizeKey.count)
    else { return }
    seen = (size, root)
  }

  private static func end(of key: [UInt8], in more: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let base = more.baseAddress, more.count >= key.count else { return nil }
    for start in 0...(more.count - key.count)
    where base[start] == key[0] && base[start + 1] == key[1] && memcmp(base + start, key, key.count) == 0 {
      return start + key.count
    }
    return nil
  }

  private static func number(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int64? {
    var position = start
    let isNegative = position < bytes.count && bytes[position] == UInt8(ascii: "-")
    if isNegative { position += 1 }
    var value: Int64?
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
      let (tens, first) = (value ?? 0).multipliedReportingOverflow(by: 10)
      let (sum, second) = tens.addingReportingOverflow(Int64(bytes[position] - 0x30))
      if first || second { return nil }
      value = sum
      position += 1
    }
    return value.map { isNegative ? -$0 : $0 }
  }
}

/// The times of events against each other (rule C11), in the pass over the log.
final class TimeAudit {
  private let coder: EventCoder
  private let selectRecorded: Statement
  /// Neighbours mostly name one checkpoint.
  private var latest: (size: Int64, root: Digest, recordedAt: Int64?)?
  /// Of one run of the log so many different checkpoints are looked up; the others are counted.
  static let checkpointLimit = 4_096

  init(_ reader: StoreReader) throws {
    coder = reader.coder
    selectRecorded = try Statement(reader.connection, "SELECT recorded_at FROM event WHERE idx = ?1")
  }

  func check(_ row: EventColumns, into run: inout LogRun) throws {
    // Where nothing rare is stated and the two times are near each other, there is nothing to say.
    if row.more.isEmpty && row.at <= row.recordedAt && row.recordedAt &- row.at < TimeRules.tolerance {
      return
    }
    let rare = RareTimes(row.more)
    var times = TimeRules(at: row.at, grade: row.grade, recordedAt: row.recordedAt, device: rare.device)
    if let seen = rare.seen { times.seenRecordedAt = try recorded(seen, row, &run) }
    if times.isLateDeclaration { run.lateDeclarations += 1 }
    if let ahead = times.ahead { try report(.clockSkew, row, row.recordedAt, ahead, &run) }
    if times.isBackDated {
      try report(.backDated, row, times.seenRecordedAt ?? row.recordedAt, row.at, &run)
    } else if times.isLate {
      try report(.recordedLate, row, row.recordedAt, row.at, &run)
    }
  }

  /// When the checkpoint could be signed at the earliest: when its last event was recorded. It is noted, so that its
  /// root can be compared once the log is read.
  private func recorded(
    _ seen: (size: Int64, root: Digest), _ row: EventColumns, _ run: inout LogRun
  ) throws -> Int64? {
    if let latest, latest.size == seen.size, latest.root == seen.root {
      if run.named { return latest.recordedAt }
    }
    if run.seen.count < Self.checkpointLimit {
      run.seen.append(SeenCheckpoint(size: seen.size, root: seen.root, event: row.index))
    } else {
      run.seenLeftOut += 1
    }
    run.named = true
    var recordedAt: Int64?
    if seen.size > 0 && seen.size <= row.index {
      selectRecorded.bind(1, seen.size - 1)
      if try selectRecorded.step() {
        recordedAt = selectRecorded.int(0)
        selectRecorded.reset()
      }
    }
    latest = (seen.size, seen.root, recordedAt)
    return recordedAt
  }

  private func report(
    _ code: FindingCode, _ row: EventColumns, _ expected: Int64, _ found: Int64, _ run: inout LogRun
  ) throws {
    // Rows ascend within a run, so that what is full stays full.
    if run.remarks.isFull { return run.remarks.leaveOut() }
    run.remarks.add(
      Finding(
        code, path: "event/\(row.index)", item: row.subject == .none ? nil : row.subject.string,
        events: [try coder.identifier(of: EventRow(row))], expected: Self.text(expected),
        found: Self.text(found)), row: row.index)
  }

  static func text(_ milliseconds: Int64) -> String {
    OffsetDateTime(milliseconds: milliseconds, offsetMinutes: OffsetDateTime.vietNamOffsetMinutes)?.text
      ?? "\(milliseconds)"
  }
}

/// The checkpoints that events name, against the log. Their sizes are known only when the log has been read, so the
/// leaves of the blocks in which they end are hashed once more, each block once.
struct SeenAudit {
  private let reader: StoreReader
  private let subtrees: SubtreeSource
  private static let block: Int64 = 256

  init(_ reader: StoreReader) throws {
    self.reader = reader
    subtrees = try SubtreeSource(reader.connection, coder: reader.coder)
  }

  /// - Parameter named: in any order.
  func findings(_ named: [SeenCheckpoint], size: Int64) throws -> [Finding] {
    var findings: [Finding] = []
    var known: (size: Int64, tree: CompactRange)?
    var root = MerkleHash.emptyRoot
    let ordered = named.sorted { ($0.size, $0.event) < ($1.size, $1.event) }
    for checkpoint in ordered {
      // A root over events that were not there yet, the event itself among them, nobody can have seen.
      guard checkpoint.size >= 0, checkpoint.size <= checkpoint.event, checkpoint.size <= size else {
        findings.append(try finding(checkpoint, expected: "≤ \(checkpoint.event)"))
        continue
      }
      if known?.size != checkpoint.size {
        // Where the log itself is broken its own findings say so.
        guard let tree = try? extend(known, to: checkpoint.size) else { continue }
        known = (checkpoint.size, tree)
        root = tree.root
      }
      if root != checkpoint.root { findings.append(try finding(checkpoint, expected: root.base64)) }
    }
    return findings.sorted { ($0.path ?? "") < ($1.path ?? "") }
  }

  private func extend(_ known: (size: Int64, tree: CompactRange)?, to size: Int64) throws -> CompactRange {
    let start = size / Self.block * Self.block
    var tree = CompactRange()
    if let known, known.size >= start {
      tree = known.tree
    } else {
      var covered: UInt64 = 0
      for level in stride(from: 62, through: 8, by: -1) where UInt64(start) >> UInt64(level) & 1 == 1 {
        tree.appendSubtree(try subtrees.root(level: level, index: covered >> UInt64(level)), level: level)
        covered += 1 << UInt64(level)
      }
    }
    let select = try reader.connection.prepared(
      "SELECT \(EventRow.columns) FROM event WHERE idx >= ?1 AND idx < ?2 ORDER BY idx")
    select.bind(1, Int64(tree.size))
    select.bind(2, size)
    while try select.step() {
      guard let row = EventColumns(select), row.index == Int64(tree.size) else {
        select.reset()
        throw StoreFault.malformedRow("event \(tree.size)")
      }
      tree.append(try reader.coder.leafHash(row))
    }
    return tree
  }

  private func finding(_ checkpoint: SeenCheckpoint, expected: String) throws -> Finding {
    let row = try reader.items.event(checkpoint.event)
    return Finding(
      .seenElsewhere, path: "event/\(checkpoint.event)",
      item: row.flatMap { $0.subject == .none ? nil : $0.subject.string },
      events: try row.map { [try reader.coder.identifier(of: $0)] } ?? [], expected: expected,
      found: "\(checkpoint.size) \(checkpoint.root.base64)")
  }
}
