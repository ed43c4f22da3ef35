import DossierCore
import Testing

/// DESIGN section 2, line by line: post office 1, transport 2, center 3.
@Suite struct CustodyStateTests {
  struct Journey: CustomTestStringConvertible {
    var name: String
    var steps: [Step]
    var word: StateWord
    var custodian: Int32
    var findings: [String] = []
    var offeredTo: Int32 = 0
    var outcome = Outcome.open

    var testDescription: String { name }
  }

  static let accepted = Step(.accepted, 1, 1)
  static let dispatched = Step(.dispatched, 2, 1, to: 3)
  static let received = Step(.received, 3, 3)

  static let journeys: [Journey] = [
    Journey(name: "nothing", steps: [], word: .announced, custodian: 0),
    Journey(name: "accepted opens custody", steps: [accepted], word: .inCustody, custodian: 1),
    Journey(
      name: "dispatched offers, the giver still answers", steps: [accepted, dispatched], word: .offered,
      custodian: 1, offeredTo: 3),
    Journey(
      name: "received moves custody and closes the offer", steps: [accepted, dispatched, received],
      word: .inCustody, custodian: 3),
    Journey(
      name: "dispatched without acceptance", steps: [dispatched], word: .announced, custodian: 0,
      findings: ["noAcceptance"], offeredTo: 3),
    Journey(
      name: "dispatched by another", steps: [accepted, Step(.dispatched, 2, 2, to: 3)], word: .offered,
      custodian: 1, findings: ["dispatchedByOther"], offeredTo: 3),
    Journey(
      name: "received without dispatch", steps: [accepted, received], word: .inCustody, custodian: 3,
      findings: ["receivedWithoutDispatch"]),
    Journey(
      name: "received again by the custodian",
      steps: [accepted, dispatched, received, Step(.received, 4, 3)],
      word: .inCustody, custodian: 3),
    Journey(
      name: "misrouted", steps: [accepted, dispatched, Step(.received, 3, 2)], word: .inCustody, custodian: 2,
      findings: ["misrouted"]),
    Journey(
      name: "accepted twice", steps: [accepted, Step(.accepted, 2, 2)], word: .inCustody, custodian: 2,
      findings: ["acceptedTwice"]),
    Journey(
      name: "an offer superseded", steps: [accepted, dispatched, Step(.dispatched, 3, 1, to: 2)],
      word: .offered, custodian: 1, findings: ["offerSuperseded"], offeredTo: 2),
    Journey(
      name: "the same offer again", steps: [accepted, dispatched, Step(.dispatched, 3, 1, to: 3)],
      word: .offered, custodian: 1, offeredTo: 3),
    Journey(
      name: "out for delivery", steps: [accepted, Step(.outForDelivery, 2, 1)], word: .outForDelivery,
      custodian: 1),
    Journey(
      name: "out for delivery by another", steps: [accepted, Step(.outForDelivery, 2, 2)],
      word: .outForDelivery, custodian: 1, findings: ["actedWithoutCustody"]),
    Journey(
      name: "a failed attempt brings it back",
      steps: [accepted, Step(.outForDelivery, 2, 1), Step(.attemptFailed, 3, 1)], word: .inCustody,
      custodian: 1),
    Journey(name: "held", steps: [accepted, Step(.held, 2, 1)], word: .held, custodian: 1),
    Journey(
      name: "delivered with evidence", steps: [accepted, Step(.delivered, 2, 1)], word: .delivered,
      custodian: 1, outcome: .delivered),
    Journey(
      name: "delivered without evidence", steps: [accepted, Step(.delivered, 2, 1, reference: false)],
      word: .delivered, custodian: 1, findings: ["deliveredWithoutEvidence"], outcome: .delivered),
    Journey(
      name: "delivered twice by the same office",
      steps: [accepted, Step(.delivered, 2, 1), Step(.delivered, 3, 1)], word: .delivered, custodian: 1,
      outcome: .delivered),
    Journey(
      name: "delivered again elsewhere", steps: [accepted, Step(.delivered, 2, 1), Step(.delivered, 3, 2)],
      word: .disputed, custodian: 1, findings: ["eventAfterEnd"], outcome: .delivered),
    Journey(
      name: "received after its delivery", steps: [accepted, Step(.delivered, 2, 1), received],
      word: .disputed, custodian: 1, findings: ["eventAfterEnd"], outcome: .delivered),
    Journey(
      name: "returned", steps: [accepted, Step(.returned, 2, 1)], word: .returned, custodian: 1,
      outcome: .returned),
    Journey(
      name: "destroyed", steps: [accepted, Step(.destroyed, 2, 1)], word: .destroyed, custodian: 1,
      outcome: .destroyed),
    Journey(
      name: "returned by who does not have it", steps: [accepted, Step(.returned, 2, 2)], word: .returned,
      custodian: 2, findings: ["actedWithoutCustody"], outcome: .returned),
    Journey(
      name: "missing leaves the custodian answerable", steps: [accepted, dispatched, Step(.missing, 3, 3)],
      word: .missing, custodian: 1, findings: ["itemMissing"], offeredTo: 3),
    Journey(
      name: "missing and received late",
      steps: [accepted, dispatched, Step(.missing, 3, 3), Step(.received, 4, 3)], word: .inCustody,
      custodian: 3),
    Journey(
      name: "missing and found", steps: [accepted, Step(.missing, 2, 1), Step(.found, 3, 1)],
      word: .inCustody, custodian: 1),
    Journey(
      name: "found without a loss", steps: [accepted, Step(.found, 3, 1)], word: .inCustody, custodian: 1,
      findings: ["foundWithoutLoss"]),
    Journey(
      name: "lost by decision", steps: [accepted, Step(.lost, 2, 1)], word: .lost, custodian: 1,
      findings: ["itemLost"], outcome: .lost),
    Journey(
      name: "lost without a decision", steps: [accepted, Step(.lost, 2, 1, reference: false)], word: .lost,
      custodian: 1, findings: ["lostWithoutDecision", "itemLost"], outcome: .lost),
    Journey(
      name: "lost and reported missing by another",
      steps: [accepted, Step(.lost, 2, 1), Step(.missing, 3, 3)], word: .lost, custodian: 1,
      findings: ["itemLost"], outcome: .lost),
    Journey(
      name: "lost and seen again", steps: [accepted, Step(.lost, 2, 1), Step(.received, 3, 3)],
      word: .disputed, custodian: 1, findings: ["seenAfterLoss", "itemLost"], outcome: .lost),
    Journey(
      name: "lost, found and received",
      steps: [accepted, Step(.lost, 2, 1), Step(.found, 3, 2), Step(.received, 4, 2)],
      word: .inCustody, custodian: 2, findings: ["receivedWithoutDispatch"]),
    Journey(
      name: "damage is a flag, not an outcome", steps: [accepted, Step(.damaged, 2, 1, damage: .readable)],
      word: .inCustody, custodian: 1, findings: ["itemDamaged"]),
    Journey(
      name: "damage is recorded after the end, too",
      steps: [accepted, Step(.delivered, 2, 1), Step(.damaged, 3, 3, damage: .readable)], word: .delivered,
      custodian: 1, findings: ["itemDamaged"], outcome: .delivered),
    Journey(
      name: "surplus opens no custody", steps: [Step(.surplus, 1, 3)], word: .announced, custodian: 0,
      findings: ["itemSurplus"]),
    Journey(
      name: "a relabelling moves nothing", steps: [accepted, Step(.relabelled, 2, 1)], word: .inCustody,
      custodian: 1),
    Journey(
      name: "money taken and handed on moves nothing",
      steps: [accepted, Step(.feeCollected, 2, 1), Step(.feeRemitted, 3, 2)], word: .inCustody, custodian: 1),
    Journey(
      name: "a correction takes its event back",
      steps: [accepted, Step(.delivered, 2, 1), Step(.corrected, 3, 1, corrects: 1)], word: .inCustody,
      custodian: 1),
    Journey(
      name: "a correction before its event in time holds all the same",
      steps: [accepted, Step(.delivered, 4, 1), Step(.corrected, 3, 1, corrects: 1)], word: .inCustody,
      custodian: 1),
    Journey(
      name: "a correction of nothing known", steps: [accepted, Step(.corrected, 3, 1)], word: .inCustody,
      custodian: 1, findings: ["correctionTargetUnknown"]),
    Journey(
      name: "a correction of a correction",
      steps: [
        accepted, Step(.delivered, 2, 1), Step(.corrected, 3, 1, corrects: 1),
        Step(.corrected, 4, 1, corrects: 2),
      ], word: .inCustody, custodian: 1, findings: ["correctionOfCorrection"]),
    Journey(
      name: "delivered before its acceptance by a wrong clock",
      steps: [Step(.delivered, 1, 1), Step(.accepted, 2, 1)], word: .disputed, custodian: 1,
      findings: ["actedWithoutCustody", "eventAfterEnd"], outcome: .delivered),
  ]

  @Test(arguments: journeys)
  func journeyEndsAsDesigned(journey: Journey) {
    let folded = Folded(journey.steps)
    #expect(folded.state.word == journey.word)
    #expect(folded.state.custodian == journey.custodian)
    #expect(folded.state.offeredTo == journey.offeredTo)
    #expect(folded.state.outcome == journey.outcome)
    #expect(folded.codes == journey.findings)
    let problems = journey.findings.filter { name in
      FindingCode.allCases.contains { "\($0)" == name && FindingCatalogue.entry($0).severity != .info }
    }
    #expect(Int(folded.state.findings) == problems.count)
  }

  @Test func everyKindAndStateIsReached() {
    let kinds = Set(Self.journeys.flatMap(\.steps).map(\.kind))
    #expect(kinds == Set(EventKind.allCases.filter(\.concernsItem)))
    #expect(Set(Self.journeys.map(\.word)) == Set(StateWord.allCases))
  }

  @Test func flagsAndCohort() {
    let damaged = Folded([
      Step(.damaged, 1, 1, damage: .unreadable), Step(.damaged, 2, 1, damage: .wrapper), Step(.damaged, 3, 1),
    ])
    #expect(damaged.state.damage == .unreadable)
    #expect(!damaged.state.isEntrusted)

    // First by acceptance, else by the first dispatch; the first named receiver; the first manifest.
    let both = Folded([
      Step(.dispatched, 2, 2, to: 3, manifest: 7), Step(.accepted, 4, 1, manifest: 8),
      Step(.dispatched, 5, 1, to: 2), Step(.accepted, 6, 3),
    ]).state
    #expect(both.entrustedAt == 4 * 3_600_000 && both.entrustedBy == 1)
    #expect(both.firstReceiver == 3 && both.firstManifest == 7 && both.entrustedZone == 420)
    let dispatched = Folded([Step(.dispatched, 2, 2, to: 3), Step(.dispatched, 5, 1, to: 2)]).state
    #expect(dispatched.entrustedAt == 2 * 3_600_000 && dispatched.entrustedBy == 2)

    // An acceptance counts even when it comes after the end or the loss.
    for end in [EventKind.delivered, .lost, .returned, .destroyed] {
      let late = Folded([Step(end, 1, 1), Step(.accepted, 2, 1)]).state
      #expect(late.isEntrusted)
      #expect(OutcomeCounts(late).entrusted == 1 && OutcomeCounts(late).open == 0)
    }

    let attempts = Folded([
      Step(.accepted, 1, 1), Step(.attemptFailed, 2, 1), Step(.attemptFailed, 3, 1),
    ]).state
    #expect(attempts.attempts == 2)
    #expect(attempts.lastAt == 3 * 3_600_000)

    // A declared dispatch says nothing about where a missing item is; an observed one does.
    for grade in EventGrade.allCases {
      let missing = Folded([
        Step(.accepted, 1, 1), Step(.missing, 2, 1), Step(.dispatched, 3, 1, to: 3, grade: grade),
      ]).state
      #expect(missing.missing == (grade == .declared || grade == .assumed))
      #expect(missing.found != missing.missing)
    }
  }

  @Test func contradictionsNameBothEventsAndOffices() {
    let misrouted = Folded([Self.accepted, Self.dispatched, Step(.received, 3, 2)])
    #expect(misrouted.findings == ["misrouted [1, 2] 3 2"])
    #expect(misrouted.state.misrouted)
    let after = Folded([Self.accepted, Step(.delivered, 2, 1), Step(.received, 3, 3)])
    #expect(after.findings == ["eventAfterEnd [1, 2] 1 3"])
  }
}
