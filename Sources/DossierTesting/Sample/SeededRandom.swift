/// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014): small, fast, and the
/// same numbers on every machine for ever, which the system generator does not promise.
///
/// The bounded draws are our own as well: the standard library may change its algorithms between versions, and
/// the same seed has to give the same bytes.
public struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  /// An independent stream for one thing of a seeded world, so that it can be drawn again without all that
  /// came before it.
  public init(seed: UInt64, stream: UInt64) {
    state = Self.scramble(seed &+ Self.scramble(stream &+ 0x9E37_79B9_7F4A_7C15))
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.scramble(state)
  }

  /// A number of `0..<bound`; `bound` is positive. The bias of the multiplication method is under 2⁻⁴⁰ for the
  /// bounds used here.
  public mutating func below(_ bound: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(truncatingIfNeeded: bound)).high)
  }

  public mutating func between(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.upperBound - range.lowerBound + 1)
  }

  /// True in `percent` of 100 draws.
  public mutating func percent(_ percent: Int) -> Bool { below(100) < percent }

  private static func scramble(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A list with weights: drawing costs one table look-up.
struct WeightedList<Element: Sendable>: Sendable {
  private let elements: [Element]
  private let slots: [UInt16]

  /// - Parameter entries: elements with positive weights; the weights add up to a few thousand at most.
  init(_ entries: [(Element, Int)]) {
    elements = entries.map(\.0)
    slots = entries.indices.flatMap { Array(repeating: UInt16($0), count: entries[$0].1) }
  }

  func pick(_ random: inout SeededRandom) -> Element { elements[Int(slots[random.below(slots.count)])] }
}
