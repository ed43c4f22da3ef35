/// How a claim about figures ended.
public enum CheckVerdict: String, Hashable, Sendable, CaseIterable, Comparable {
  /// Nothing was claimed: a figure that follows from others.
  case derived
  case pass
  /// Two figures of different scope or wording do not agree: a warning.
  case warning
  /// Holds under one way of rounding only, which the remark names.
  case rounding
  /// A figure that it rests on is not stated.
  case undecidable
  /// Readings of an unclear text give different verdicts.
  case ambiguous
  case fail

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

  public var label: BilingualText {
    switch self {
    case .derived: BilingualText(vi: "SUY RA", en: "DERIVED")
    case .pass: BilingualText(vi: "ĐÚNG", en: "PASS")
    case .warning: BilingualText(vi: "LƯU Ý", en: "WARNING")
    case .rounding: BilingualText(vi: "LÀM TRÒN", en: "ROUND")
    case .undecidable: BilingualText(vi: "KHÔNG XÁC ĐỊNH", en: "UNDECIDABLE")
    case .ambiguous: BilingualText(vi: "NHIỀU CÁCH HIỂU", en: "AMBIGUOUS")
    case .fail: BilingualText(vi: "SAI", en: "FAIL")
    }
  }
}

/// One claim and what came of it.
public struct CheckedClaim: Equatable, Sendable {
  /// File as it was given.
  public var file: String
  /// Line of the file, or row of the worksheet.
  public var line: Int
  /// As the file names it; for a table `row/identity`.
  public var id: String
  /// Letter of the reading, when the text can be understood in several ways.
  public var reading: String?
  /// The claim as written.
  public var claim: String
  public var left: ExactNumber?
  public var right: ExactNumber?
  /// Whether both sides are shares, shown as percentages.
  public var isPercent: Bool
  /// Decimals to show.
  public var places: Int
  /// Of this claim alone.
  public var verdict: CheckVerdict
  /// Of all readings together; the same as `verdict` where there is one reading only.
  public var overall: CheckVerdict { joined ?? verdict }
  var joined: CheckVerdict?
  /// A claim that the figures must refute: failing is what it should do.
  public var isAgainst: Bool
  public var remarks: [BilingualText]

  init(
    file: String, line: Int, id: String, reading: String? = nil, claim: String, left: ExactNumber? = nil,
    right: ExactNumber? = nil, isPercent: Bool = false, places: Int = 0, verdict: CheckVerdict,
    remarks: [BilingualText] = []
  ) {
    self.file = file
    self.line = line
    self.id = id
    self.reading = reading
    self.claim = claim
    self.left = left
    self.right = right
    self.isPercent = isPercent
    self.places = places
    self.verdict = verdict
    isAgainst = false
    self.remarks = remarks
  }

  /// Left minus right, with its sign: 0 when the claim holds to the last unit.
  public var residual: ExactNumber? {
    guard let left, let right else { return nil }
    return left.subtracting(right)
  }

  /// Whether a report with this claim in it should not be handed in as it is.
  public var isProblem: Bool {
    switch overall {
    case .fail: !isAgainst
    // Figures that nobody stated cannot be wrong, whatever their base.
    case .ambiguous: verdict != .derived
    default: false
    }
  }

  func text(_ value: ExactNumber?, _ language: OutputLanguage) -> String? {
    value.map {
      // A whole number among shares is no share.
      StatedNumber.text($0, isPercent: isPercent, places: $0.isInteger && !isPercent ? 0 : places, language)
    }
  }
}

extension [CheckedClaim] {
  /// Joins neighbouring readings A, B, C of one question, and gives each the verdict of all.
  ///
  /// All agree: their verdict. One cannot be decided: none can. Else, or when derived values differ: ambiguous.
  mutating func joinReadings() {
    var start = startIndex
    while start < endIndex {
      guard self[start].reading == "A" else {
        start += 1
        continue
      }
      var end = start + 1
      while end < endIndex, let letter = self[end].reading, letter != "A", self[end].file == self[start].file
      {
        end += 1
      }
      let group = self[start..<end]
      let verdicts = Set(group.map(\.verdict))
      let overall: CheckVerdict =
        if verdicts == [.derived] {
          Set(group.map(\.left)).count == 1 ? .derived : .ambiguous
        } else if verdicts.contains(.undecidable) {
          .undecidable
        } else if verdicts.contains(.fail) && verdicts.count > 1 {
          .ambiguous
        } else {
          verdicts.max() ?? .undecidable
        }
      for position in start..<end { self[position].joined = overall }
      start = end
    }
  }
}
