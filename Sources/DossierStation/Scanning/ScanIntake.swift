internal import DossierTracker
internal import HTTPTypes

/// Gathers the scans of all counters and has them recorded together: while one group is written to the disk, the next one
/// forms. A post is answered when its scans are durable.
actor ScanIntake {
  private struct Post {
    var scans: [CounterScan]
    var answer: CheckedContinuation<CounterDesk.Reply, any Error>
  }

  private let desk: CounterDesk
  private let work: StoreWork
  private let live: LiveFeed
  private let capacity: Int
  private var waiting: [Post] = []
  /// Scans that were taken in and are not yet answered.
  private(set) var load = 0
  private var isWorking = false

  /// So many scans are recorded in one commit at most, so that the first does not wait for all.
  private static let greatestGroup = 256

  /// - Parameter capacity: so many scans may wait; more are sent away, to come again.
  init(work: StoreWork, live: LiveFeed, capacity: Int = 4_000) {
    desk = CounterDesk(work.tracker)
    self.work = work
    self.live = live
    self.capacity = capacity
  }

  /// Records the scans of one post.
  ///
  /// - Throws: ``Problem`` 503 when too many are waiting; what the store says when it cannot be written. Nothing of the post
  ///   is recorded then.
  func take(_ scans: [CounterScan]) async throws -> CounterDesk.Reply {
    guard load + scans.count <= capacity else {
      var problem = Problem(.serviceUnavailable, Finding(.scanQueueFull, found: "\(load)"))
      problem.retryAfter = 1
      throw problem
    }
    load += scans.count
    return try await withCheckedThrowingContinuation { answer in
      waiting.append(Post(scans: scans, answer: answer))
      guard !isWorking else { return }
      isWorking = true
      Task { await self.work() }
    }
  }

  /// Where a hand-over stands.
  func handover(_ manifest: String) async throws -> ManifestReconciliation? {
    let desk = desk
    return try await work { _ in try desk.handover(manifest) }
  }

  private func work() async {
    while !waiting.isEmpty {
      let group = nextGroup()
      do {
        try await record(group)
      } catch let refusal as TrackerRefusal where group.count > 1 && !Self.concernsAll(refusal) {
        // What one post touches must not keep the others from being recorded.
        for post in group {
          do { try await record([post]) } catch { answer(post, .failure(error)) }
        }
      } catch {
        for post in group { answer(post, .failure(error)) }
      }
    }
    isWorking = false
  }

  private func nextGroup() -> [Post] {
    var count = 0
    let group = waiting.prefix { post in
      defer { count += post.scans.count }
      return count == 0 || count + post.scans.count <= Self.greatestGroup
    }
    waiting.removeFirst(group.count)
    return Array(group)
  }

  private func record(_ group: [Post]) async throws {
    let desk = desk
    let scans = group.flatMap(\.scans)
    let reply = try await work { _ in try desk.take(scans) }
    var rest = reply.results[...]
    for post in group {
      var own = reply
      own.results = Array(rest.prefix(post.scans.count))
      rest = rest.dropFirst(post.scans.count)
      answer(post, .success(own))
    }
    if reply.hasGrown { await live.committed(reply.log) }
  }

  private func answer(_ post: Post, _ result: Result<CounterDesk.Reply, any Error>) {
    load -= post.scans.count
    post.answer.resume(with: result)
  }

  /// Whether no scan could have been recorded, whatever it says.
  private static func concernsAll(_ refusal: TrackerRefusal) -> Bool {
    [.storeUnwritable, .storeBusy, .spaceLow, .logFrozen, .databaseDamaged].contains(refusal.finding.code)
  }
}
