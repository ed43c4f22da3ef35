internal import Glibc
internal import NIOCore
internal import Synchronization

/// Everybody who is connected.
///
/// New connections are always accepted: a full station closes those that have waited longest without a request under
/// way, so that ten thousand silent connections cannot keep anybody out. Requests under way are never closed for others.
final class Connections: Sendable {
  /// What a connection is about, in the order in which it is given up for others.
  enum Phase: Int, Sendable {
    /// No request yet, or none after the last answer.
    case waiting
    /// A request has begun and is not complete.
    case receiving
    /// The station owes an answer, or a stream.
    case answering
  }

  private struct Entry {
    var channel: any Channel
    var address: String?
    var phase: Phase
    var since: NIODeadline
  }

  private struct State {
    var entries: [Int: Entry] = [:]
    var next = 0
    var ofAddress: [String: Int] = [:]
    var closedForOthers = 0
    var refused = 0
  }

  private let state = Mutex(State())
  private let limit: Int
  private let limitOfAddress: Int

  init(limit: Int, ofOneAddress limitOfAddress: Int) {
    self.limit = max(1, limit)
    self.limitOfAddress = max(1, limitOfAddress)
  }

  var count: Int { state.withLock { $0.entries.count } }
  /// Connections that were closed to make room, and new ones for which there was none.
  var turnedAway: (closed: Int, refused: Int) { state.withLock { ($0.closedForOthers, $0.refused) } }

  /// Takes in a new connection.
  ///
  /// - Returns: what to call it; nil when every other one has a request under way, so that this one must go.
  func opened(_ channel: any Channel) -> Int? {
    let address = Self.countedAddress(channel.remoteAddress)
    let (identifier, closing) = state.withLock { state -> (Int?, [any Channel]) in
      var closing: [any Channel] = []
      if let address, state.ofAddress[address, default: 0] >= limitOfAddress {
        closing += Self.longestWaiting(in: &state, limitOfAddress) { $0.address == address }
        if closing.isEmpty {
          state.refused += 1
          return (nil, [])
        }
      }
      if state.entries.count >= limit {
        let more = Self.longestWaiting(in: &state, limit) { _ in true }
        if closing.isEmpty && more.isEmpty {
          state.refused += 1
          return (nil, [])
        }
        closing += more
      }
      let identifier = state.next
      state.next += 1
      state.entries[identifier] = Entry(
        channel: channel, address: address, phase: .waiting, since: .now())
      if let address { state.ofAddress[address, default: 0] += 1 }
      return (identifier, closing)
    }
    for channel in closing { channel.close(promise: nil) }
    return identifier
  }

  func changed(_ identifier: Int, to phase: Phase) {
    state.withLock {
      $0.entries[identifier]?.phase = phase
      $0.entries[identifier]?.since = .now()
    }
  }

  func closed(_ identifier: Int) { state.withLock { Self.remove(identifier, from: &$0) } }

  /// A twentieth of the limit at a time, so that looking for them costs little however fast new ones come.
  private static func longestWaiting(
    in state: inout State, _ limit: Int, where isCandidate: (Entry) -> Bool
  ) -> [any Channel] {
    let fresh = NIODeadline.now() - .seconds(1)
    // Who has waited for a while first, then who sends a body, and last of all who has only just come: he is about to ask.
    func rank(_ entry: Entry) -> Int { entry.phase != .waiting ? 1 : entry.since < fresh ? 0 : 2 }
    let candidates = state.entries.filter { $0.value.phase != .answering && isCandidate($0.value) }
      .map { (identifier: $0.key, entry: $0.value, rank: rank($0.value)) }
      .sorted { ($0.rank, $0.entry.since) < ($1.rank, $1.entry.since) }
    let first = candidates.first?.rank
    let chosen = candidates.prefix(max(1, limit / 20)).filter { $0.rank == first }
    for candidate in chosen { remove(candidate.identifier, from: &state) }
    state.closedForOthers += chosen.count
    return chosen.map(\.entry.channel)
  }

  private static func remove(_ identifier: Int, from state: inout State) {
    guard let entry = state.entries.removeValue(forKey: identifier), let address = entry.address else {
      return
    }
    let left = state.ofAddress[address, default: 1] - 1
    state.ofAddress[address] = left > 0 ? left : nil
  }

  /// The address whose connections are counted; nil for this machine itself. Of IPv6 the network, since one
  /// subscriber has all of its addresses.
  static func countedAddress(_ address: SocketAddress?) -> String? {
    guard let address, let text = address.ipAddress else { return nil }
    guard address.protocol == .inet6 else { return text.hasPrefix("127.") ? nil : text }
    var bytes = [UInt8](repeating: 0, count: 16)
    guard inet_pton(AF_INET6, text, &bytes) == 1 else { return text }
    let isLoopback = bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
    let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
    if isLoopback || isMapped && bytes[12] == 127 { return nil }
    return (isMapped ? bytes.suffix(4) : bytes.prefix(8)).map { "\($0)" }.joined(separator: ".")
  }
}
