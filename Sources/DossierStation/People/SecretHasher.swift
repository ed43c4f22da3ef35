internal import CArgon2
internal import Dispatch
internal import DossierTracker
internal import HTTPTypes
internal import Synchronization

/// Passwords and PINs as Argon2id hashes (RFC 9106), with the reference library.
///
/// Every hash takes 19 MiB for a moment. One is made at a time, so that a rush of sign-ins neither exhausts the memory
/// nor takes the processor from the scans; whoever would have to wait behind too many others is sent away.
final class SecretHasher: Sendable {
  /// How dear a guess is. OWASP's first choice: 19 MiB, two passes, one lane.
  struct Cost: Sendable {
    var kibibytes: UInt32 = 19 * 1024
    var passes: UInt32 = 2
    static let standard = Cost()
  }

  private let cost: Cost
  private let queue = DispatchQueue(label: "station.secrets")
  private let counts = Mutex((made: 0, waiting: 0))
  /// Held while a hash is worked out.
  private let memory = Mutex(())
  private static let lanes: UInt32 = 1
  private static let saltBytes = 16
  private static let hashBytes = 32
  private static let waitingLimit = 64

  init(_ cost: Cost = .standard) { self.cost = cost }

  /// How many hashes were worked out, right and wrong ones alike.
  var made: Int { counts.withLock { $0.made } }

  /// The encoded hash of a secret: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`.
  ///
  /// - Parameter salt: 16 unpredictable bytes.
  func hash(_ secret: String, salt: [UInt8]) throws -> String {
    counts.withLock { $0.made += 1 }
    let secret = Array(secret.utf8)
    let size = argon2_encodedlen(
      cost.passes, cost.kibibytes, Self.lanes, UInt32(salt.count), UInt32(Self.hashBytes), Argon2_id)
    var encoded = [CChar](repeating: 0, count: size)
    let result = memory.withLock { _ in
      argon2id_hash_encoded(
        cost.passes, cost.kibibytes, Self.lanes, secret, secret.count, salt, salt.count, Self.hashBytes,
        &encoded, size)
    }
    guard result == ARGON2_OK.rawValue else { throw TrackerRefusal(Finding(.signInBusy)) }
    return String(decoding: encoded.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Whether the secret is the one that was hashed.
  ///
  /// - Parameter encoded: nil when there is no such account: the same work is done for nothing, so that the time tells
  ///   nobody which codes exist.
  func verify(_ secret: String, against encoded: String?) -> Bool {
    counts.withLock { $0.made += 1 }
    let secret = Array(secret.utf8)
    let isRight = memory.withLock { _ in
      argon2id_verify(encoded ?? decoy, secret, secret.count) == ARGON2_OK.rawValue
    }
    return isRight && encoded != nil
  }

  /// Well-formed and nobody's.
  private var decoy: String {
    "$argon2id$v=19$m=\(cost.kibibytes),t=\(cost.passes),p=\(Self.lanes)$"
      + String(repeating: "A", count: 22) + "$" + String(repeating: "A", count: 43)
  }

  /// Runs `body`, which hashes, on the one thread for it.
  ///
  /// - Throws: ``Problem`` 503 when too many are waiting.
  func alone<Value: Sendable>(_ body: @escaping @Sendable (SecretHasher) throws -> Value) async throws
    -> Value
  {
    let isTaken = counts.withLock { counts in
      guard counts.waiting < Self.waitingLimit else { return false }
      counts.waiting += 1
      return true
    }
    guard isTaken else {
      var problem = Problem(.serviceUnavailable, Finding(.signInBusy))
      problem.retryAfter = 5
      throw problem
    }
    return try await withCheckedThrowingContinuation { continuation in
      queue.async { [self] in
        let result = Result { try body(self) }
        counts.withLock { $0.waiting -= 1 }
        continuation.resume(with: result)
      }
    }
  }
}
