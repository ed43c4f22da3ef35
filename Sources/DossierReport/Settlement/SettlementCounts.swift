/// What one row of the form counts. Totals are counted apart from their parts, so that the form's identities say
/// something.
public struct SettlementCounts: Hashable, Sendable {
  public var received = 0
  /// New in the period, brought by the post.
  public var newPostal = 0
  /// New in the period, brought otherwise; the tracker does not know whether online or to the counter.
  public var newOther = 0
  public var carried = 0
  public var resolved = 0
  public var early = 0
  public var onTime = 0
  public var late = 0
  public var inProgress = 0
  public var inTerm = 0
  public var overdue = 0
  /// Of those resolved: whose result went by post.
  public var postalResults = 0

  public init() {}

  public static func + (left: Self, right: Self) -> Self {
    var sum = left
    for path in allPaths { sum[keyPath: path] += right[keyPath: path] }
    return sum
  }

  private static var allPaths: [WritableKeyPath<Self, Int>] {
    [
      \.received, \.newPostal, \.newOther, \.carried, \.resolved, \.early, \.onTime, \.late, \.inProgress,
      \.inTerm,
      \.overdue, \.postalResults,
    ]
  }

  /// The figure of a column. What the tracker cannot know is 0, and the report's note says so.
  public subscript(quantity: FormQuantity) -> Int {
    switch quantity {
    case .received: received
    case .newOnline: 0
    case .newDirect: newPostal + newOther
    case .carried: carried
    case .resolved: resolved
    case .early: early
    case .onTime: onTime
    case .inTime: early + onTime
    case .late: late
    case .inProgress: inProgress
    case .inTerm: inTerm
    case .overdue: overdue
    case .withdrawn, .sentBack: 0
    }
  }

  var isEmpty: Bool { self == SettlementCounts() }

  /// Where a dossier stands in a period.
  public enum Standing: String, Hashable, Sendable, CaseIterable {
    case early, onTime, late, inTerm, overdue
    /// Resolved before the period began: in no column.
    case earlier
  }

  /// Counts one dossier.
  ///
  /// - Parameters:
  ///   - first, last: the period's days, since 1970.
  ///   - judged: the day by which an open one is overdue or not: the period's last, or the last day that the log knows.
  /// - Returns: where it stands; nil when it came in after the period.
  mutating func add(
    received day: Int32, due: Int32, settled: Int32?, isPostalIntake: Bool, isPostalResult: Bool,
    first: Int32,
    last: Int32, judged: Int32
  ) -> Standing? {
    guard day <= last else { return nil }
    if let settled, settled < first { return .earlier }
    received += 1
    if day < first {
      carried += 1
    } else if isPostalIntake {
      newPostal += 1
    } else {
      newOther += 1
    }
    guard let settled, settled <= last else {
      inProgress += 1
      if judged > due {
        overdue += 1
        return .overdue
      }
      inTerm += 1
      return .inTerm
    }
    resolved += 1
    if isPostalResult { postalResults += 1 }
    if settled < due {
      early += 1
      return .early
    }
    if settled == due {
      onTime += 1
      return .onTime
    }
    late += 1
    return .late
  }
}

/// Dossiers that a settlement report leaves out, by reason.
public struct SettlementExclusions: Hashable, Sendable {
  /// Nothing says when it came in.
  public var noReceivedDay = 0
  /// Nothing says when it is due, so that neither early nor late can be said.
  public var noDueDate = 0
  /// Settled before it came in, by the reading of that name.
  public var contradictory: [SettlementReading: Int] = [:]
  /// Its code was erased, so that its items cannot be joined.
  public var erased = 0
  /// Its item was announced, and nobody accepted or dispatched it.
  public var neverEntrusted = 0

  public init() {}
}
