import DossierCore
import Testing

@Suite struct CustodyPropertyTests {
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func orderOfArrivalDoesNotMatter(seed: UInt64) {
    var random = CustodyRandom(seed: seed)
    for _ in 0..<40 {
      let steps = random.steps(Int.random(in: 0...12, using: &random))
      let expected = Folded(steps).visible
      for _ in 0..<4 {
        let arrival = Array(steps.indices).shuffled(using: &random)
        #expect(Folded(steps, arrival: arrival).visible == expected, "seed \(seed): \(steps) as \(arrival)")
      }
    }
  }

  @Test(arguments: 21...30 as ClosedRange<UInt64>)
  func correctingTheLastEventUndoesIt(seed: UInt64) {
    var random = CustodyRandom(seed: seed)
    for _ in 0..<100 {
      var steps = random.steps(Int.random(in: 1...10, using: &random)).filter { $0.kind != .corrected }
      guard !steps.isEmpty else { continue }
      let last = steps.removeLast()
      let before = Folded(steps).visible
      steps.append(last)
      steps.append(Step(.corrected, Int64.random(in: 0...9, using: &random), 1, corrects: steps.count - 1))
      #expect(Folded(steps).visible == before, "seed \(seed): \(steps)")
    }
  }

  /// A scan and a feed may both report one thing: saying it again in the same instant changes no state.
  @Test(arguments: 31...40 as ClosedRange<UInt64>)
  func saidTwiceIsSaidOnce(seed: UInt64) throws {
    var random = CustodyRandom(seed: seed)
    let counted: Set<EventKind> = [.attemptFailed, .damaged, .surplus]
    for _ in 0..<100 {
      // A regular journey: repeats of what contradicts contradict again.
      let steps = try regularJourney(&random)
      let state = Folded(steps).state
      for position in steps.indices where !counted.contains(steps[position].kind) {
        var repeated = steps
        repeated.insert(steps[position], at: position)
        let folded = Folded(repeated)
        #expect(
          folded.state.word == state.word && folded.state.custodian == state.custodian
            && folded.state.offeredTo == state.offeredTo && folded.state.outcome == state.outcome
            && folded.state.disputed == state.disputed && folded.state.found == state.found
            && OutcomeCounts(folded.state) == OutcomeCounts(state),
          "seed \(seed): \(steps) with \(position) twice")
        #expect(folded.state.findings == state.findings, "seed \(seed): \(steps) with \(position) twice")
      }
    }
  }

  /// Accepted, handed on a few times, perhaps missing and found, then ended.
  private func regularJourney(_ random: inout CustodyRandom) throws -> [Step] {
    var at: Int64 = 1
    var holder: Int32 = 1
    var steps = [Step(.accepted, at, holder)]
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      let next = holder % 3 + 1
      steps.append(Step(.dispatched, at + 1, holder, to: next))
      if Bool.random(using: &random) { steps.append(Step(.missing, at + 2, next)) }
      steps.append(Step(.received, at + 3, next))
      if Bool.random(using: &random) { steps.append(Step(.held, at + 4, next)) }
      holder = next
      at += 5
    }
    let endings: [EventKind] = [.delivered, .returned, .destroyed, .lost, .outForDelivery]
    steps.append(Step(try #require(endings.randomElement(using: &random)), at, holder))
    return steps
  }

  @Test(arguments: 41...60 as ClosedRange<UInt64>)
  func balanceAlwaysCloses(seed: UInt64) {
    var random = CustodyRandom(seed: seed)
    var sum = OutcomeCounts()
    for _ in 0..<60 {
      let state = Folded(random.steps(Int.random(in: 0...12, using: &random))).state
      let counts = OutcomeCounts(state)
      let outcomes = [counts.delivered, counts.returned, counts.lost, counts.destroyed, counts.open]
      #expect(outcomes.reduce(0, +) == counts.entrusted)
      #expect(outcomes.allSatisfy { $0 == 0 || $0 == 1 })
      #expect(counts.missing <= counts.open && counts.found <= counts.entrusted)
      #expect(counts.entrusted == (state.isEntrusted ? 1 : 0))
      #expect(counts.entrusted == 1 || counts.isZero)
      // One custodian from acceptance to the end.
      if state.word != .announced && state.word != .missing && state.word != .lost && state.word != .disputed
        && state.word != .outForDelivery && state.word != .held
      {
        #expect(state.custodian != 0)
      }
      sum += counts
    }
    #expect(sum.open == sum.entrusted - sum.delivered - sum.returned - sum.lost - sum.destroyed)
    var none = sum
    none.add(sum, times: -1)
    #expect(none.isZero)
    #expect(sum + none == sum)
  }

  @Test(arguments: 61...70 as ClosedRange<UInt64>)
  func everyFindingIsDescribedAndCounted(seed: UInt64) {
    var random = CustodyRandom(seed: seed)
    for _ in 0..<60 {
      let folded = Folded(random.steps(10))
      let codes = folded.codes.compactMap { name in FindingCode.allCases.first { "\($0)" == name } }
      #expect(codes.count == folded.findings.count)
      #expect(codes.allSatisfy { $0.rawValue.hasPrefix("D-20") })
      #expect(
        Int(folded.state.findings) == codes.count { FindingCatalogue.entry($0).severity != .info })
    }
  }
}
