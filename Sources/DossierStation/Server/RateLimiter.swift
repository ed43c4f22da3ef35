internal import Synchronization

/// How often something may be done: at once, and in the long run.
struct RateLimit: Hashable, Sendable {
  /// So many at once.
  var burst: Double
  /// So many a second come back.
  var perSecond: Double

  init(burst: Double, perSecond: Double) {
    self.burst = burst
    self.perSecond = perSecond
  }

  init(burst: Double, perMinute: Double) { self.init(burst: burst, perSecond: perMinute / 60) }
  init(burst: Double, perDay: Double) { self.init(burst: burst, perSecond: perDay / 86_400) }

  /// The most that goes through within the seconds given, however it is asked for.
  func most(in seconds: Double) -> Double { (burst + seconds * perSecond).rounded(.down) }
}

/// Counts what each of many does and says when it is too much: a token bucket for each, in memory that does not grow.
///
/// Of those that are counted the ones longest unseen are forgotten first. Whoever wants nobody to make use of that by
/// filling the place with others keeps more places than a second, common limiter lets through while a bucket fills.
/// Nothing is kept on disk: a restart forgets.
final class RateLimiter: Sendable {
  /// What is counted; only a hash with a seed of this process is kept of it, so that a dump of memory names nobody.
  struct Key: Hashable, Sendable {
    fileprivate var hash: Int

    init(_ value: some Hashable) {
      var hasher = Hasher()
      hasher.combine(value)
      hash = hasher.finalize()
    }

    /// For a limit that everybody shares.
    static let all = Key(0)
  }

  fileprivate struct Bucket {
    var key: Key
    var tokens: Double
    /// Milliseconds of the clock.
    var at: Int64
    var newer = -1
    var older = -1
  }

  fileprivate struct State {
    var places: [Key: Int] = [:]
    var buckets: [Bucket] = []
    var newest = -1
    var oldest = -1
  }

  let limit: RateLimit
  private let capacity: Int
  private let now: @Sendable () -> Int64
  private let state = Mutex(State())

  /// - Parameters:
  ///   - capacity: how many are counted at once.
  ///   - now: milliseconds; a clock that is set back gives nothing and takes nothing.
  init(_ limit: RateLimit, capacity: Int, now: @escaping @Sendable () -> Int64) {
    self.limit = limit
    self.capacity = max(1, capacity)
    self.now = now
  }

  /// How many are counted.
  var count: Int { state.withLock { $0.buckets.count } }

  /// Takes one.
  ///
  /// - Returns: nil when there was one, else after how many whole seconds there will be.
  func take(_ key: Key, _ cost: Double = 1) -> Int? {
    let now = now()
    return state.withLock { state in
      let place = state.touch(key, limit, capacity, now)
      if state.buckets[place].tokens >= cost {
        state.buckets[place].tokens -= cost
        return nil
      }
      guard limit.perSecond > 0, cost <= limit.burst else { return Self.never }
      let missing = (cost - state.buckets[place].tokens) / limit.perSecond
      return max(1, Int(min(missing.rounded(.up), Double(Self.never))))
    }
  }

  /// Gives one back that was taken ahead of something that then proved harmless.
  func giveBack(_ key: Key, _ cost: Double = 1) {
    let now = now()
    state.withLock { state in
      let place = state.touch(key, limit, capacity, now)
      state.buckets[place].tokens = min(limit.burst, state.buckets[place].tokens + cost)
    }
  }

  /// A day: nobody is told to wait longer.
  private static var never: Int { 86_400 }
}

extension RateLimiter.State {
  /// The bucket of a key, filled up to now and the newest of all.
  fileprivate mutating func touch(
    _ key: RateLimiter.Key, _ limit: RateLimit, _ capacity: Int, _ now: Int64
  ) -> Int {
    if let place = places[key] {
      let elapsed = Double(max(0, now &- buckets[place].at)) / 1000
      buckets[place].tokens = min(limit.burst, buckets[place].tokens + elapsed * limit.perSecond)
      buckets[place].at = now
      unlink(place)
      link(place)
      return place
    }
    let fresh = RateLimiter.Bucket(key: key, tokens: limit.burst, at: now)
    let place: Int
    if buckets.count < capacity {
      place = buckets.count
      buckets.append(fresh)
    } else {
      place = oldest
      places[buckets[place].key] = nil
      unlink(place)
      buckets[place] = fresh
    }
    places[key] = place
    link(place)
    return place
  }

  private mutating func unlink(_ place: Int) {
    let (newer, older) = (buckets[place].newer, buckets[place].older)
    if newer >= 0 { buckets[newer].older = older } else { newest = older }
    if older >= 0 { buckets[older].newer = newer } else { oldest = newer }
  }

  private mutating func link(_ place: Int) {
    buckets[place].newer = -1
    buckets[place].older = newest
    if newest >= 0 { buckets[newest].newer = place }
    newest = place
    if oldest < 0 { oldest = place }
  }
}
