/// How often somebody gave a wrong secret, and how long he has to wait: a few slips cost nothing, then each costs twice
/// the one before, up to a quarter of an hour. Nothing is ever locked for good, since anybody can give wrong secrets for
/// another one's account.
struct FailedAttempts: Hashable, Sendable, Codable {
  private struct Entry: Hashable, Sendable, Codable {
    var count = 0
    var last: Int64 = 0
    var until: Int64 = 0
  }

  private var entries: [String: Entry] = [:]

  static let longest: Int64 = 15 * 60_000
  private static let first: Int64 = 5_000
  /// After so long nobody remembers.
  private static let memory: Int64 = 24 * 3_600_000
  private static let limit = 4096

  /// Milliseconds to wait; nil when an attempt is free.
  func waiting(_ key: String, now: Int64) -> Int64? {
    guard let entry = entries[key], entry.until > now else { return nil }
    // A clock that was set back keeps nobody out for longer than the longest delay.
    return min(entry.until - now, Self.longest)
  }

  /// Notes an attempt that failed.
  ///
  /// - Parameter free: how many cost nothing.
  /// - Returns: whether the next one has to wait.
  mutating func failed(_ key: String, free: Int, now: Int64) -> Bool {
    if entries[key] == nil && entries.count >= Self.limit { makeRoom(now) }
    var entry = entries[key] ?? Entry()
    if now - entry.last > Self.memory { entry = Entry() }
    entry.count += 1
    entry.last = now
    if entry.count >= free { entry.until = now + Self.delay(after: entry.count - free) }
    entries[key] = entry
    return entry.until > now
  }

  mutating func succeeded(_ key: String) { entries[key] = nil }

  private static func delay(after extra: Int) -> Int64 { min(longest, first << Int64(min(extra, 12))) }

  /// Those whom the fewest attempts concern go first: a flood of made-up codes does not wash away a real one's count.
  private mutating func makeRoom(_ now: Int64) {
    entries = entries.filter { now - $0.value.last <= Self.memory }
    let surplus = entries.count - Self.limit * 3 / 4
    guard surplus > 0 else { return }
    let weakest = entries.sorted { ($0.value.count, $0.value.last) < ($1.value.count, $1.value.last) }
    for (key, _) in weakest.prefix(surplus) { entries[key] = nil }
  }
}
