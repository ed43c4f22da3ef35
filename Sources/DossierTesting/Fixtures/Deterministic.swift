internal import Synchronization

/// A clock that stands still until it is told to move.
public final class FixedClock: Sendable {
  private let instant: Mutex<Int64>

  /// - Parameter milliseconds: since 1970 UTC.
  public init(_ milliseconds: Int64) { instant = Mutex(milliseconds) }

  /// Milliseconds since 1970 UTC.
  public func now() -> Int64 { instant.withLock { $0 } }

  public func advance(by milliseconds: Int64) { instant.withLock { $0 += milliseconds } }
}

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same on every machine.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  public mutating func chance(_ part: Int, in whole: Int) -> Bool {
    Int.random(in: 0..<whole, using: &self) < part
  }

  /// One of the elements; nil when there are none.
  public mutating func pick<Element>(_ elements: [Element]) -> Element? {
    elements.randomElement(using: &self)
  }
}

/// Sources of salts that give the same bytes in every run, in the form that stores and `SaltSource` take.
public enum TestSalts {
  /// Distinct salts: two stores that draw alike agree on every leaf.
  public static func seeded(_ seed: UInt64) -> @Sendable (Int) throws -> [UInt8] {
    let generator = GeneratorBox(SplitMix64(seed: seed))
    return { count in generator.bytes(count) }
  }

  /// One salt for everything: for stores that are reopened, whose next draw starts anew.
  public static func constant(_ byte: UInt8 = 0x5A) -> @Sendable (Int) throws -> [UInt8] {
    { count in [UInt8](repeating: byte, count: count) }
  }

  private final class GeneratorBox: Sendable {
    private let generator: Mutex<SplitMix64>

    init(_ generator: SplitMix64) { self.generator = Mutex(generator) }

    func bytes(_ count: Int) -> [UInt8] {
      generator.withLock { generator in
        (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next() >> 32) }
      }
    }
  }
}
