internal import DossierTracker

/// How often the public may ask, so that guessing leads nowhere.
///
/// A number with wrong digits counts against the number as well as against the address it came from: whoever guesses from
/// ten thousand addresses is stopped after five a day. Then only the code on the slip opens it, until the day is over;
/// the code itself cannot be guessed and is never locked.
struct PublicLookupLimits: Sendable {
  /// Everything an address asks for.
  let traffic: RateLimiter
  /// What it asks for by number, and wrong codes; many phones of one mobile network share an address.
  let attempts: RateLimiter
  /// Proofs, which cost more than pages.
  let proofs: RateLimiter
  /// Wrong digits for one number.
  let guesses: RateLimiter
  /// What fails for one address: a few of them cannot use up what may fail for all.
  let faults: RateLimiter
  /// What fails for anybody.
  let failures: RateLimiter
  /// What a kiosk's form may be sent for: once, so that nobody sends again what somebody before him has sent.
  let tickets: RateLimiter

  static let guessLimit = RateLimit(burst: 4, perDay: 1)
  static let faultLimit = RateLimit(burst: 20, perMinute: 1)
  static let failureLimit = RateLimit(burst: 240, perMinute: 20)
  /// More numbers than can fail within a day, so that nobody makes the limiter forget one by asking after others.
  static var guessCapacity: Int { Int(failureLimit.most(in: 86_400)) + 1_000 }

  init(now: @escaping @Sendable () -> Int64) {
    func limiter(_ limit: RateLimit, _ capacity: Int) -> RateLimiter {
      RateLimiter(limit, capacity: capacity, now: now)
    }
    traffic = limiter(RateLimit(burst: 120, perMinute: 120), 16_384)
    attempts = limiter(RateLimit(burst: 20, perMinute: 10), 16_384)
    proofs = limiter(RateLimit(burst: 6, perMinute: 3), 16_384)
    guesses = limiter(Self.guessLimit, Self.guessCapacity)
    faults = limiter(Self.faultLimit, 16_384)
    failures = limiter(Self.failureLimit, 1)
    tickets = limiter(RateLimit(burst: 1, perSecond: 0), 8_192)
  }

  /// Why a look-up is not carried out.
  enum Refusal: Error, Hashable {
    /// Too much came from this address, or fails anywhere: seconds to wait.
    case tooMany(Int)
    /// Too many wrong digits for this number: it opens by its code alone for so many seconds.
    case numberClosed(Int)

    var seconds: Int {
      switch self {
      case .tooMany(let seconds), .numberClosed(let seconds): seconds
      }
    }
  }

  /// Lets an address go on, or not.
  func admit(_ address: ClientAddress) throws(Refusal) {
    if let seconds = traffic.take(.init(address)) { throw .tooMany(seconds) }
  }

  /// Takes in advance what a failing look-up by code costs.
  func beginCode(_ address: ClientAddress) throws(Refusal) {
    if let seconds = attempts.take(.init(address)) { throw .tooMany(seconds) }
  }

  func succeededByCode(_ address: ClientAddress) { attempts.giveBack(.init(address)) }

  /// Takes in advance what a failing look-up by number costs: of many at once none gets through for being early.
  func begin(_ number: PublicNumber, withDigits: Bool, _ address: ClientAddress) throws(Refusal) {
    if let seconds = attempts.take(.init(address)) { throw .tooMany(seconds) }
    if let seconds = faults.take(.init(address)) { throw .tooMany(seconds) }
    if let seconds = failures.take(.all) {
      faults.giveBack(.init(address))
      throw .tooMany(seconds)
    }
    guard withDigits, let seconds = guesses.take(.init(number.canonical)) else { return }
    didNotFail(address)
    throw .numberClosed(seconds)
  }

  func succeeded(_ number: PublicNumber, withDigits: Bool, _ address: ClientAddress) {
    didNotFail(address)
    guard withDigits else { return }
    attempts.giveBack(.init(address))
    guesses.giveBack(.init(number.canonical))
  }

  private func didNotFail(_ address: ClientAddress) {
    failures.giveBack(.all)
    faults.giveBack(.init(address))
  }
}
