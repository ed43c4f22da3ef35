internal import CustodyLog
internal import DossierCore

/// An order-independent sum over (item, sequence, leaf hash): what every event produces must be what its
/// successor, or the item's projection, consumes. Keyed by a secret of this run, so that rows cannot be altered
/// to keep the sum (offline memory checking, Blum et al. 1991); constant memory and exact from any number of
/// threads. Only when the sums differ is the break looked for item by item.
struct ChainSum: Equatable {
  private(set) var low: UInt64 = 0
  private(set) var high: UInt64 = 0

  mutating func add(_ subject: Subject, _ sequence: Int64, _ hash: Digest, key: ChainKey) {
    let (first, second) = key.mix(subject, sequence, hash)
    low &+= first
    high &+= second
  }

  static func + (left: ChainSum, right: ChainSum) -> ChainSum {
    var sum = left
    sum.low &+= right.low
    sum.high &+= right.high
    return sum
  }
}

/// The secret of one audit run.
struct ChainKey {
  private var words: (UInt64, UInt64, UInt64, UInt64)

  init(_ bytes: [UInt8]) {
    func word(_ index: Int) -> UInt64 {
      bytes[(index * 8)..<(index * 8 + 8)].reduce(0) { $0 << 8 | UInt64($1) }
    }
    words = (word(0) | 1, word(1) | 1, word(2), word(3))
  }

  /// For hashes of other things than events.
  var multiplier: UInt64 { words.1 }
  var salt: UInt64 { words.3 }

  func mix(_ subject: Subject, _ sequence: Int64, _ hash: Digest) -> (UInt64, UInt64) {
    var first = words.2
    var second = words.3
    func absorb(_ value: UInt64) {
      let (high, low) = (first ^ value).multipliedFullWidth(by: words.0)
      first = low ^ high &+ second
      let (high2, low2) = (second ^ value).multipliedFullWidth(by: words.1)
      second = low2 ^ high2 &+ first
    }
    switch subject {
    case .none: absorb(0)
    case .packed(let packed): absorb(UInt64(bitPattern: packed))
    case .text(let text):
      absorb(UInt64(text.count) | 1 << 63)
      for byte in text { absorb(UInt64(byte)) }
    }
    absorb(UInt64(bitPattern: sequence))
    hash.withUnsafeBytes { bytes in
      for offset in stride(from: 0, to: 32, by: 8) {
        absorb(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      }
    }
    absorb(words.0)
    return (first, second)
  }
}
