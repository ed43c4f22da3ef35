import DossierCore
import Testing

@Suite struct TimeRulesTests {
  private static let recorded: Int64 = 1_769_994_000_000

  private func times(_ ahead: Int64, _ grade: EventGrade = .observed, seen: Int64? = nil) -> TimeRules {
    TimeRules(
      at: Self.recorded + ahead, grade: grade, recordedAt: Self.recorded, seenRecordedAt: seen)
  }

  @Test func theToleranceBelongsToBothSides() {
    #expect(times(TimeRules.tolerance).ahead == nil)
    #expect(times(TimeRules.tolerance + 1).ahead == Self.recorded + TimeRules.tolerance + 1)
    #expect(!times(-TimeRules.tolerance).isOffline)
    #expect(times(-TimeRules.tolerance - 1).isOffline)
    #expect(!times(-TimeRules.lateness).isLate)
    #expect(times(-TimeRules.lateness - 1).isLate)
    #expect(!times(0, seen: Self.recorded + TimeRules.tolerance).isBackDated)
    #expect(times(0, seen: Self.recorded + TimeRules.tolerance + 1).isBackDated)
    #expect(!times(0).isBackDated)
  }

  @Test func aDeviceMayBeAheadWhereTheStatedTimeIsNot() {
    var times = times(-1)
    times.device = Self.recorded + TimeRules.tolerance + 1
    #expect(times.ahead == times.device)
    times.device = Self.recorded
    #expect(times.ahead == nil)
  }

  @Test func documentsComeAfterwardsByNature() {
    for grade in EventGrade.allCases {
      let late = times(-TimeRules.lateness - 1, grade)
      #expect(late.isLate == late.isFirstHand)
      #expect(late.isLateDeclaration == !late.isFirstHand)
      #expect(late.isFirstHand == (grade == .observed || grade == .keyed))
    }
    #expect(!times(-TimeRules.lateness - 1, .declared, seen: Self.recorded).isLateDeclaration)
  }

  @Test(arguments: [Int64.min, .max, 0]) func noTimeOverflows(at: Int64) {
    for other in [Int64.min, 0, .max] {
      let times = TimeRules(at: at, grade: .keyed, recordedAt: other, device: at, seenRecordedAt: other)
      #expect((times.ahead != nil) == (at > other))
      #expect(times.isLate == (other > at))
      #expect(times.isBackDated == (other > at))
      let days = AuditRules().days(since: at, newest: other)
      #expect((days != nil) == (other > at))
    }
  }

  @Test func daysAreWholeAndCountFromTheLimit() {
    let rules = AuditRules(offerDays: 2)
    #expect(rules.days(since: 0, newest: 2 * 86_400_000 - 1) == nil)
    #expect(rules.days(since: 0, newest: 2 * 86_400_000) == 2)
    #expect(rules.days(since: 0, newest: 5 * 86_400_000 - 1) == 4)
    #expect(AuditRules(offerDays: -3).offerDays == 0)
    #expect(AuditRules(offerDays: 0).days(since: 5, newest: 5) == nil)
    #expect(AuditRules(offerDays: 0).days(since: 5, newest: 6) == 0)
  }
}
