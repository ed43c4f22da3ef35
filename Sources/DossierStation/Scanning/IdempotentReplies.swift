internal import CustodyLog
internal import Synchronization

/// Replies by the `Idempotency-Key` of their requests, so that a repeated request gets the same bytes. A few thousand are
/// kept, no longer than the station runs: scans are recognised by their identifiers beyond that.
final class IdempotentReplies: Sendable {
  private struct Kept {
    var request: Digest
    var reply: [UInt8]
  }

  enum Known: Hashable {
    case no
    case same([UInt8])
    /// The request that came with the key first has no answer yet.
    case running
    /// The key came with another body.
    case other
  }

  private struct Shelf {
    var kept: [String: Kept] = [:]
    var running: [String: Digest] = [:]
    var order: [String] = []
    var bytes = 0
  }

  private let shelf = Mutex(Shelf())
  private let greatestBytes: Int

  init(greatestBytes: Int = 8 << 20) { self.greatestBytes = greatestBytes }

  /// What is known of a key. If nothing is, its request runs from now on, until ``keep(_:_:_:)`` or ``forget(_:)`` ends it.
  func begin(_ key: String, _ request: Digest) -> Known {
    shelf.withLock { shelf in
      if let kept = shelf.kept[key] { return kept.request == request ? .same(kept.reply) : .other }
      if let running = shelf.running[key] { return running == request ? .running : .other }
      shelf.running[key] = request
      return .no
    }
  }

  /// The request of a key came to nothing: the next one with it runs anew.
  func forget(_ key: String) { shelf.withLock { _ = $0.running.removeValue(forKey: key) } }

  func keep(_ reply: [UInt8], _ key: String, _ request: Digest) {
    shelf.withLock { shelf in
      shelf.running[key] = nil
      guard shelf.kept.updateValue(Kept(request: request, reply: reply), forKey: key) == nil else { return }
      shelf.order.append(key)
      shelf.bytes += reply.count
      guard shelf.bytes > greatestBytes else { return }
      let old = shelf.order.prefix(max(1, shelf.order.count / 8))
      for key in old { shelf.bytes -= shelf.kept.removeValue(forKey: key)?.reply.count ?? 0 }
      shelf.order.removeFirst(old.count)
    }
  }
}
