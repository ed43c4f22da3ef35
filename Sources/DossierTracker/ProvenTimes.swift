internal import CustodyLog
public import DossierCore
internal import DossierSQLite
internal import Synchronization

/// The newest checkpoint that this process knows of: read once, until another one is signed.
final class SeenCheckpoint: Sendable {
  private let known = Mutex<LogHead??>(nil)

  /// - Parameter read: asked when nothing is known yet.
  func head(_ read: () -> LogHead?) -> LogHead? {
    known.withLock { known in
      if let known { return known }
      let head = read()
      known = .some(head)
      return head
    }
  }

  func forget() { known.withLock { $0 = nil } }
}

/// Between which checkpoints an event was stated, whatever time it claims.
public struct ProvenInterval: Hashable, Sendable {
  /// One end of the interval.
  public struct Bound: Hashable, Sendable {
    /// Size of the log under the checkpoint.
    public var size: UInt64
    /// When the last event under it was recorded: the log's clock.
    public var recordedAt: Int64?
    /// The earliest time that a cosignature under it states, in milliseconds since 1970 UTC. Whose signature it is,
    /// only the witness's key can tell.
    public var cosignedAt: Int64?
  }

  /// What stands out about an event's times.
  public enum Mark: String, Hashable, Sendable, CaseIterable {
    /// The claimed time lies before the checkpoint that whoever claims it had seen.
    case backDated
    /// The claimed time lies after its recording.
    case ahead
    /// Recorded long after it happened.
    case late
    /// A scan that reached the log later than an online device would have sent it.
    case offline

    public func label(_ language: Language) -> String {
      switch (self, language) {
      case (.backDated, .vi): "lùi giờ"
      case (.backDated, .en): "back-dated"
      case (.ahead, .vi): "giờ chạy trước"
      case (.ahead, .en): "clock ahead"
      case (.late, .vi): "ghi muộn"
      case (.late, .en): "late"
      case (.offline, .vi): "ngoại tuyến"
      case (.offline, .en): "offline"
      }
    }
  }

  /// The checkpoint that the event names as seen: it was stated after that one was signed.
  public var notBefore: Bound?
  /// The smallest signed checkpoint kept here that covers the event: it was recorded before that one was signed.
  public var notAfter: Bound?
  public var mark: Mark?
}

extension Tracker {
  /// The newest checkpoint signed here; nil when there is none or it cannot be read, which is no reason to refuse a
  /// scan.
  func newestSeen() -> LogHead? {
    seen.head { (try? signer.lastCheckpoint())?.head }
  }

  /// Between which checkpoints events were stated.
  ///
  /// Bounds are the checkpoint that an event names, when this log has its root, and the smallest one in the store's
  /// `checkpoints/` folder, or the last one signed, that covers the event and whose signature and root are right.
  ///
  /// - Returns: one interval an event, in order.
  public func provenTimes(of events: [EventRecord]) throws -> [ProvenInterval] {
    try explained {
      var kept = KeptBounds(self)
      var seen: [LogHead: ProvenInterval.Bound?] = [:]
      return try events.map { event in
        var interval = ProvenInterval()
        if let head = event.details.seen, event.kind != .logSucceeded, head.size <= UInt64(event.index) {
          if seen[head] == nil { seen[head] = try bound(head) }
          interval.notBefore = seen[head] ?? nil
        }
        interval.notAfter = try kept.smallest(above: UInt64(event.index))
        let times = TimeRules(
          at: event.at, grade: event.grade, recordedAt: event.recordedAt, device: event.details.deviceTime,
          seenRecordedAt: interval.notBefore?.recordedAt)
        interval.mark =
          times.isBackDated
          ? .backDated : times.ahead != nil ? .ahead : times.isLate ? .late : times.isOffline ? .offline : nil
        return interval
      }
    }
  }

  /// - Returns: nil when this log never had that root.
  fileprivate func bound(_ head: LogHead) throws -> ProvenInterval.Bound? {
    guard head.size > 0, try store.root(atSize: head.size) == head.root else { return nil }
    let last = try store.events(from: Int64(head.size) - 1, limit: 1).first
    return ProvenInterval.Bound(size: head.size, recordedAt: last?.recordedAt)
  }
}

/// Signed checkpoints by size, read when they are asked for: those kept for outsiders and the last one.
private struct KeptBounds {
  private let tracker: Tracker
  /// Ascending; each may turn out to be no checkpoint of this log.
  private var sizes: [UInt64]
  private var bounds: [UInt64: ProvenInterval.Bound?] = [:]

  init(_ tracker: Tracker) {
    self.tracker = tracker
    var known = Set(tracker.kept.sizes())
    if let last = (try? tracker.signer.lastCheckpoint())?.head { known.insert(last.size) }
    sizes = known.sorted()
  }

  mutating func smallest(above index: UInt64) throws -> ProvenInterval.Bound? {
    for size in sizes where size > index {
      if bounds[size] == nil { bounds[size] = try read(size) }
      if let bound = bounds[size] ?? nil { return bound }
    }
    return nil
  }

  private func read(_ size: UInt64) throws -> ProvenInterval.Bound? {
    if let kept = (try? tracker.kept.checkpoint(size)) ?? nil,
      var bound = try tracker.bound(kept.checkpoint.head)
    {
      // A time that milliseconds can hold.
      let times = kept.note.signatures.compactMap { Cosignature.time(of: $0.bytes) }.filter { $0 < 1 << 40 }
      bound.cosignedAt = times.min().map { Int64($0) * 1000 }
      return bound
    }
    guard let last = try? tracker.signer.lastCheckpoint(), last.size == size else { return nil }
    return try tracker.bound(last.head)
  }
}
