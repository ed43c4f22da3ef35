internal import CustodyLog
internal import DossierCore

/// The code on a receipt by which its holder, and nobody else, finds the item: an ``OwnCode`` that says where the item
/// begins in the log, and a keyed hash of that and of the item's number.
///
/// Nothing is kept for a code: whoever has the key makes it again. All its characters are ones that Vietnamese input
/// methods leave alone, so that a barcode reader types it whole on any counter's computer.
struct PublicLookupCode: Hashable, Sendable {
  /// Log index of the item's first event.
  var index: Int64
  /// Characters of the keyed hash, as many as hold 80 bits.
  var proof: [UInt8]

  static let proofCount = 18
  /// No log is that long, and every index of that many characters fits 64 bits.
  private static let mostIndexCharacters = 13

  /// - Parameters:
  ///   - number: the item's canonical number, as its first event states it.
  ///   - key: the signer's secret for look-ups.
  init(index: Int64, number: String, key: [UInt8]) {
    self.index = index
    let message = Array("postal-dossier public look-up 1\n\(index)\n\(number)\n".utf8)
    // 128 bits modulo 22^18: a remainder is as good as evenly spread.
    var rest: UInt128 = 0
    for byte in KeyedHash.sha256(key: key, message).bytes.prefix(16) { rest = rest << 8 | UInt128(byte) }
    proof = []
    for _ in 0..<Self.proofCount {
      proof.append(OwnCode.alphabet[Int(rest % 22)])
      rest /= 22
    }
  }

  /// Nil for an index that no log has.
  var text: String? {
    guard index >= 0 else { return nil }
    var digits: [UInt8] = []
    var rest = index
    repeat {
      digits.append(OwnCode.alphabet[Int(rest % 22)])
      rest /= 22
    } while rest > 0
    return OwnCode(.lookup, payload: String(decoding: digits.reversed() + proof, as: UTF8.self))?.text
  }

  /// Reads a code as a barcode reader or a person gives it: capitals or not, with blanks or hyphens between its parts.
  ///
  /// - Returns: nil when it is no such code or its check character is wrong.
  init?(typed: String) {
    guard case .success(let code) = OwnCode.parse(typed), code.kind == .lookup else { return nil }
    let characters = Array(code.payload.utf8)
    let digits = characters.dropLast(Self.proofCount)
    // One index has one writing.
    guard (1...Self.mostIndexCharacters).contains(digits.count),
      digits.count == 1 || digits.first != UInt8(ascii: "0")
    else { return nil }
    index = 0
    for digit in digits {
      guard let value = OwnCode.alphabet.firstIndex(of: digit) else { return nil }
      index = index * 22 + Int64(value)
    }
    proof = Array(characters.suffix(Self.proofCount))
  }

  /// Whether the code was made with one of these keys for the item of this number.
  func isOf(number: String, keys: [[UInt8]]) -> Bool {
    var holds = false
    for key in keys {
      let isSame = KeyedHash.areEqual(proof, Self(index: index, number: number, key: key).proof)
      holds = holds || isSame
    }
    return holds
  }
}
