public import DossierCore

/// A number of a loss report's row, by its key.
public enum LossColumn: Hashable, Sendable {
  case entrusted, delivered, returned, lost, destroyed, open, missing, found, damaged
  case declaredLost, foundAgain, contested, presumedLost
  /// Lost, as known now, for one cause.
  case cause(LossCause)
  case grade(DamageGrade)

  private static let plain: [LossColumn] = [
    .entrusted, .delivered, .returned, .lost, .destroyed, .open, .missing, .found, .damaged, .declaredLost,
    .foundAgain, .contested, .presumedLost,
  ]

  public static let all =
    plain + LossCause.allCases.map(LossColumn.cause) + DamageGrade.allCases.map(LossColumn.grade)

  public var key: String {
    switch self {
    case .entrusted: "entrusted"
    case .delivered: "delivered"
    case .returned: "returned"
    case .lost: "lost"
    case .destroyed: "destroyed"
    case .open: "open"
    case .missing: "missing"
    case .found: "found"
    case .damaged: "damaged"
    case .declaredLost: "declaredLost"
    case .foundAgain: "foundAgain"
    case .contested: "contested"
    case .presumedLost: "presumedLost"
    case .cause(let cause): cause.word
    case .grade(let grade): grade.word
    }
  }

  public init?(key: some StringProtocol) {
    guard let column = Self.all.first(where: { $0.key.utf8.elementsEqual(key.utf8) }) else { return nil }
    self = column
  }

  /// The row's number; nil where the rule of presumption cannot be applied.
  public func value(_ row: LossRow) -> Int? {
    switch self {
    case .entrusted: row.counts.entrusted
    case .delivered: row.counts.delivered
    case .returned: row.counts.returned
    case .lost: row.counts.lost
    case .destroyed: row.counts.destroyed
    case .open: row.counts.open
    case .missing: row.counts.missing
    case .found: row.counts.found
    case .damaged: row.counts.damaged
    case .declaredLost: row.details.declared.declared
    case .foundAgain: row.details.declared.foundAgain
    case .contested: row.details.declared.contested
    case .presumedLost: row.details.presumedLost
    case .cause(let cause): row.details[cause].lost
    case .grade(let grade): row.details.damage[Int(grade.rawValue) - 1]
    }
  }
}

/// `H48.25.lost`: a row's label, which may hold points itself, and a column.
public struct LossQuestion: Hashable, Sendable {
  public var row: String
  public var column: LossColumn

  public init(row: String, column: LossColumn) {
    self.row = row
    self.column = column
  }

  /// nil when there is no point, nothing before the last one, or no such column.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard let point = bytes.lastIndex(of: UInt8(ascii: ".")), point > 0,
      let column = LossColumn(key: String(decoding: bytes[(point + 1)...], as: UTF8.self))
    else { return nil }
    row = NormalizedText.nfc(String(decoding: bytes[..<point], as: UTF8.self))
    self.column = column
  }
}
