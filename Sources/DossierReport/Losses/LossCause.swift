/// Why something was lost: the closed words on a `lost` event's reason.
public enum LossCause: UInt8, Hashable, Sendable, CaseIterable {
  case theft, loss, robbery, deterioration, wrongDelivery, forceMajeure
  /// Stated as unknown, not stated, or stated with a word that is none of these.
  case unknown

  /// The word of the log and of the JSON contract.
  public var word: String {
    switch self {
    case .theft: "theft"
    case .loss: "loss"
    case .robbery: "robbery"
    case .deterioration: "deterioration"
    case .wrongDelivery: "wrongDelivery"
    case .forceMajeure: "forceMajeure"
    case .unknown: "unknown"
    }
  }

  public init?(word: some StringProtocol) {
    guard let cause = Self.allCases.first(where: { $0.word.utf8.elementsEqual(word.utf8) }) else {
      return nil
    }
    self = cause
  }

  public var label: BilingualText {
    switch self {
    case .theft: BilingualText(vi: "Mất cắp", en: "Theft")
    case .loss: BilingualText(vi: "Thất lạc", en: "Lost from sight")
    case .robbery: BilingualText(vi: "Bị cướp", en: "Robbery")
    case .deterioration: BilingualText(vi: "Hủy hoại hoàn toàn", en: "Total deterioration")
    case .wrongDelivery: BilingualText(vi: "Phát nhầm", en: "Wrong delivery")
    case .forceMajeure: BilingualText(vi: "Bất khả kháng", en: "Force majeure")
    case .unknown: BilingualText(vi: "Không rõ", en: "Unknown")
    }
  }
}

/// What became of those that were ever declared lost for one cause: declared = foundAgain + contested + lost.
public struct CauseCounts: Hashable, Sendable {
  /// Ever declared lost, unless the declaration was taken back by a correction.
  public var declared: Int
  /// Turned up since.
  public var foundAgain: Int
  /// Declared lost although the journey had ended, for example a delivery that the addressee denies: the item counts
  /// under its ending until one of the two is corrected.
  public var contested: Int
  /// Lost as known now.
  public var lost: Int

  public init(declared: Int = 0, foundAgain: Int = 0, contested: Int = 0, lost: Int = 0) {
    self.declared = declared
    self.foundAgain = foundAgain
    self.contested = contested
    self.lost = lost
  }

  public static func += (left: inout CauseCounts, right: CauseCounts) {
    left.add(right, times: 1)
  }

  mutating func add(_ other: CauseCounts, times factor: Int) {
    declared += other.declared * factor
    foundAgain += other.foundAgain * factor
    contested += other.contested * factor
    lost += other.lost * factor
  }

  public var balances: Bool {
    declared == foundAgain + contested + lost && min(foundAgain, contested, lost) >= 0
  }
}

/// What a loss report says of a group beyond its outcomes. Only items to which something happened contribute.
public struct LossDetails: Hashable, Sendable {
  /// By cause, in the order of ``LossCause/allCases``.
  public var causes: [CauseCounts]
  /// Of the unknown causes, those declared with a word that is no cause, and those declared without any word.
  public var otherReasons: Int
  public var withoutReason: Int
  /// Open, overdue and silent by the rule; nil when the rule cannot be applied.
  public var presumedLost: Int?
  /// Damaged, by grade, in the order of `DamageGrade.allCases`.
  public var damage: [Int]

  public init(
    causes: [LossCause: CauseCounts] = [:], otherReasons: Int = 0, withoutReason: Int = 0,
    presumedLost: Int? = 0, damage: [Int] = [0, 0, 0, 0]
  ) {
    self.causes = LossCause.allCases.map { causes[$0] ?? CauseCounts() }
    self.otherReasons = otherReasons
    self.withoutReason = withoutReason
    self.presumedLost = presumedLost
    self.damage = damage
  }

  public subscript(cause: LossCause) -> CauseCounts {
    get { causes[Int(cause.rawValue)] }
    set { causes[Int(cause.rawValue)] = newValue }
  }

  public var declared: CauseCounts { causes.reduce(into: CauseCounts()) { $0 += $1 } }

  public static func + (left: LossDetails, right: LossDetails) -> LossDetails {
    var sum = left
    for position in sum.causes.indices { sum.causes[position] += right.causes[position] }
    sum.otherReasons += right.otherReasons
    sum.withoutReason += right.withoutReason
    if let mine = left.presumedLost, let other = right.presumedLost {
      sum.presumedLost = mine + other
    } else {
      sum.presumedLost = nil
    }
    for position in sum.damage.indices { sum.damage[position] += right.damage[position] }
    return sum
  }

  /// Whether the details add up to the counts they belong to.
  func agree(with counts: LossCounts) -> Bool {
    causes.allSatisfy(\.balances) && declared.lost == counts.lost && damage.reduce(0, +) == counts.damaged
      && damage.allSatisfy { $0 >= 0 } && (presumedLost.map { (0...counts.open).contains($0) } ?? true)
      && otherReasons >= 0 && withoutReason >= 0
      && otherReasons + withoutReason <= self[.unknown].declared
  }
}
