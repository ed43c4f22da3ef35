import DossierCore
import Testing

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same on every machine.
struct IdentifierRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func text(of alphabet: String, _ lengths: ClosedRange<Int>) -> String {
    let characters = Array(alphabet)
    let length = Int.random(in: lengths, using: &self)
    return String((0..<length).map { _ in characters[Int.random(in: characters.indices, using: &self)] })
  }
}

let capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
let figures = "0123456789"

/// The refusal of a text, or `nil` when it is accepted.
func refusal<Value: TextualValue>(_ type: Value.Type, _ text: String) -> ParseRefusal? {
  if case .failure(let refusal) = Value.parse(text) { refusal } else { nil }
}

extension String {
  /// Compared by bytes: `==` of strings would take NFC and NFD for the same.
  var bytes: [UInt8] { Array(utf8) }
}
