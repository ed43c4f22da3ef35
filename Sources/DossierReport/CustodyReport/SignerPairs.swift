public import DossierCore

/// Who signs with whom when manifests are closed. Two signatures guard a hand-over only if they are not always the same two.
public struct SignerPairs: Equatable, Sendable {
  public struct Pair: Equatable, Sendable {
    public var office: String
    /// Operator codes in order; neither signer nor witness comes first.
    public var first: String
    public var second: String
    public var together: Int
    /// Closings that each of them signed, with whomever.
    public var firstTotal: Int
    public var secondTotal: Int
    /// Others who signed at this office: with none, there was no choice.
    public var others: Int

    /// Of the closings that the one who signs less often with others signed: the smaller share of the two.
    public var share: Double? {
      ReportValue.share(Int128(together), of: Int128(max(firstTotal, secondTotal)))
    }

    public var isFlagged: Bool {
      together >= SignerPairs.least && together * 100 >= max(firstTotal, secondTotal) * SignerPairs.percent
    }
  }

  /// A pair is flagged when it signed at least so often together, and that is at least so many per cent of what each of the
  /// two signed.
  public static let least = 5
  public static let percent = 90

  /// Most often together first.
  public let pairs: [Pair]
  public let closings: Int

  public var flagged: [Pair] { pairs.filter(\.isFlagged) }

  /// - Parameter manifests: in any order.
  public init(_ manifests: [SealedManifest]) {
    struct Key: Hashable {
      var office: String
      var first: String
      var second: String
    }
    var together: [Key: Int] = [:]
    var totals: [String: [String: Int]] = [:]
    // Codes as people write them: of several spellings the first in order of bytes.
    var spelling: [String: String] = [:]
    var count = 0
    for closing in manifests.lazy.compactMap(\.closing) {
      count += 1
      // As the audit reads codes: capitals make no other person.
      for code in [closing.signer, closing.witness] {
        let known = spelling[code.lowercased()]
        if known.map({ ReportValue.precedes(code, $0) }) ?? true { spelling[code.lowercased()] = code }
      }
      let signers = [closing.signer.lowercased(), closing.witness.lowercased()].sorted(
        by: ReportValue.precedes)
      for signer in Set(signers) { totals[closing.office, default: [:]][signer, default: 0] += 1 }
      together[Key(office: closing.office, first: signers[0], second: signers[1]), default: 0] += 1
    }
    closings = count
    pairs = together.map { key, count in
      let office = totals[key.office] ?? [:]
      return Pair(
        office: key.office, first: spelling[key.first] ?? key.first,
        second: spelling[key.second] ?? key.second,
        together: count,
        firstTotal: office[key.first] ?? 0, secondTotal: office[key.second] ?? 0,
        others: office.keys.count { $0 != key.first && $0 != key.second })
    }.sorted { left, right in
      if left.together != right.together { return left.together > right.together }
      for (mine, theirs) in [
        (left.office, right.office), (left.first, right.first), (left.second, right.second),
      ] where mine != theirs {
        return ReportValue.precedes(mine, theirs)
      }
      return false
    }
  }
}
