import DossierTracker
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import Testing

@testable import DossierStation

private final class LimiterClock: Sendable {
  private let time = Mutex<Int64>(1_000_000)
  var now: @Sendable () -> Int64 { { self.time.withLock { $0 } } }
  func advance(seconds: Int64) { time.withLock { $0 += seconds * 1000 } }
}

@Suite struct RateLimiterTests {
  @Test func aBucketEmptiesAndFillsAgain() {
    let clock = LimiterClock()
    let limiter = RateLimiter(RateLimit(burst: 3, perSecond: 0.5), capacity: 8, now: clock.now)
    for _ in 0..<3 { #expect(limiter.take(.init("a")) == nil) }
    #expect(limiter.take(.init("a")) == 2)
    #expect(limiter.take(.init("b")) == nil)
    clock.advance(seconds: 1)
    #expect(limiter.take(.init("a")) == 1)
    clock.advance(seconds: 1)
    #expect(limiter.take(.init("a")) == nil)
    #expect(limiter.take(.init("a")) == 2)
    clock.advance(seconds: 10_000)
    for _ in 0..<3 { #expect(limiter.take(.init("a")) == nil) }
    #expect(limiter.take(.init("a")) != nil)
  }

  @Test func aClockSetBackNeitherGivesNorTakes() {
    let clock = LimiterClock()
    let limiter = RateLimiter(RateLimit(burst: 2, perSecond: 1), capacity: 8, now: clock.now)
    #expect(limiter.take(.all) == nil)
    clock.advance(seconds: -3600)
    #expect(limiter.take(.all) == nil)
    #expect(limiter.take(.all) == 1)
    clock.advance(seconds: 1)
    #expect(limiter.take(.all) == nil)
  }

  @Test func whatIsGivenBackNeverMakesMoreThanTheBurst() {
    let limiter = RateLimiter(RateLimit(burst: 2, perSecond: 0), capacity: 8, now: { 0 })
    limiter.giveBack(.all, 100)
    #expect(limiter.take(.all) == nil)
    #expect(limiter.take(.all) == nil)
    #expect(limiter.take(.all) == 86_400)
    limiter.giveBack(.all)
    #expect(limiter.take(.all) == nil)
  }

  @Test func memoryIsBoundedAndTheLongestUnseenAreForgotten() {
    let limiter = RateLimiter(RateLimit(burst: 1, perSecond: 0), capacity: 100, now: { 0 })
    #expect(limiter.take(.init("kept")) == nil)
    #expect(limiter.take(.init("forgotten")) == nil)
    for number in 0..<10_000 {
      #expect(limiter.take(.init(number)) == nil)
      #expect(limiter.take(.init("kept")) != nil)
    }
    #expect(limiter.count == 100)
    #expect(limiter.take(.init("forgotten")) == nil)
  }

  /// Whoever asks after other numbers to have one forgotten runs into the common limit first.
  @Test func noNumberIsForgottenWithinADay() {
    #expect(
      Double(PublicLookupLimits.guessCapacity) > PublicLookupLimits.failureLimit.most(in: 86_400))
  }

  @Test func tenThousandGuessesFromAsManyAddressesGetNowhere() throws {
    let clock = LimiterClock()
    let limits = PublicLookupLimits(now: clock.now)
    let number = try #require(PublicNumber(typed: "RR473124829GB"))
    var through = 0
    for guess in 0..<10_000 {
      let address = try #require(ClientAddress(text: "10.0.\(guess / 250).\(guess % 250)"))
      do throws(PublicLookupLimits.Refusal) {
        try limits.begin(number, withDigits: true, address)
        through += 1
      } catch {
        #expect(error == .numberClosed(error.seconds))
      }
      clock.advance(seconds: 8)
    }
    #expect(through <= 5)
    // Somebody else's number is open.
    let other = try #require(PublicNumber(typed: "RR473124832GB"))
    try limits.begin(other, withDigits: true, try #require(ClientAddress(text: "10.9.9.9")))
  }

  @Test func failuresOfAllTogetherAreBounded() throws {
    let clock = LimiterClock()
    let limits = PublicLookupLimits(now: clock.now)
    var through = 0
    for guess in 0..<5_000 {
      let number = try #require(PublicNumber(typed: "BG-\(guess)"))
      let address = try #require(ClientAddress(text: "10.0.\(guess / 250).\(guess % 250)"))
      if (try? limits.begin(number, withDigits: guess % 2 == 0, address)) != nil { through += 1 }
    }
    #expect(through == Int(PublicLookupLimits.failureLimit.burst))
  }

  /// A dozen addresses that fail all day as fast as they may leave room for everybody else.
  @Test func aFewAddressesDoNotCloseItForAll() throws {
    let clock = LimiterClock()
    let limits = PublicLookupLimits(now: clock.now)
    let attackers = try (0..<12).map { try #require(ClientAddress(text: "10.0.0.\($0)")) }
    let citizen = try #require(ClientAddress(text: "10.9.9.9"))
    let mine = try #require(PublicNumber(typed: "RR473124829GB"))
    for round in 0..<2_000 {
      for (place, attacker) in attackers.enumerated() {
        let number = try #require(PublicNumber(typed: "BG-\(round)-\(place)"))
        try? limits.begin(number, withDigits: true, attacker)
      }
      // Just after all of them, so that nothing has been given back since.
      if round % 20 == 0 {
        try limits.begin(mine, withDigits: true, citizen)
        limits.succeeded(mine, withDigits: true, citizen)
      }
      clock.advance(seconds: 6)
    }
  }

  @Test func manyAtOnceGetNoMoreThanOneAfterTheOther() async throws {
    let limits = PublicLookupLimits(now: { 0 })
    let number = try #require(PublicNumber(typed: "RR473124829GB"))
    let through = await withTaskGroup(of: Bool.self) { group in
      for guess in 0..<200 {
        group.addTask {
          guard let address = ClientAddress(text: "10.1.0.\(guess)") else { return false }
          return (try? limits.begin(number, withDigits: true, address)) != nil
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(through == 4)
  }
}

@Suite struct ClientAddressTests {
  private func address(_ peer: String, _ forwarded: [String] = [], trusting: [String] = []) throws
    -> ClientAddress
  {
    var headers = HTTPFields()
    let name = try #require(HTTPField.Name("X-Forwarded-For"))
    for value in forwarded { headers.append(HTTPField(name: name, value: value)) }
    let request = Request(
      head: HTTPRequest(method: .get, scheme: "http", authority: "x", path: "/", headerFields: headers),
      body: RequestBody(buffer: ByteBuffer()))
    return ClientAddress(request, peer: try SocketAddress(ipAddress: peer, port: 5), trusting: trusting)
  }

  @Test func aSubscriberOfIPv6IsHisNetwork() throws {
    #expect(try address("2001:db8::1") == address("2001:db8::ffff:1"))
    #expect(try address("2001:db8::1") != address("2001:db8:0:1::1"))
    #expect(try address("192.0.2.1") != address("192.0.2.2"))
    #expect(try address("::ffff:192.0.2.1") == address("192.0.2.1"))
  }

  @Test func onlyATrustedProxyIsBelieved() throws {
    #expect(try address("192.0.2.1", ["198.51.100.7"]) == address("192.0.2.1"))
    let proxies = ["192.0.2.1", "192.0.2.2"]
    #expect(try address("192.0.2.1", ["198.51.100.7"], trusting: proxies) == address("198.51.100.7"))
    // What a client puts in front of what the proxy adds is of no account.
    #expect(
      try address("192.0.2.1", ["203.0.113.9, 198.51.100.7"], trusting: proxies) == address("198.51.100.7"))
    #expect(
      try address("192.0.2.1", ["203.0.113.9", "198.51.100.7 , 192.0.2.2"], trusting: proxies)
        == address("198.51.100.7"))
    for nonsense in ["", "unknown", "1.2.3", "' OR 1=1", String(repeating: "9,", count: 10_000), "[::1]:80"] {
      #expect(try address("192.0.2.1", [nonsense], trusting: proxies) == address("192.0.2.1"))
    }
    #expect(try address("::1", ["198.51.100.7"], trusting: ["nonsense"]) == address("::1"))
  }
}
