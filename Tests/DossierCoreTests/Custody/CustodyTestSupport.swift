import DossierCore

/// One line of a journey: `at` in hours, offices by number.
struct Step {
  var kind: EventKind
  var at: Int64
  var office: Int32
  var to: Int32 = 0
  var grade = EventGrade.observed
  var damage: DamageGrade?
  var reference = true
  /// Position in the journey of the event that it corrects.
  var corrects: Int = -1
  var manifest: Int64 = 0

  init(
    _ kind: EventKind, _ at: Int64, _ office: Int32, to: Int32 = 0, grade: EventGrade = .observed,
    damage: DamageGrade? = nil, reference: Bool = true, corrects: Int = -1, manifest: Int64 = 0
  ) {
    self.kind = kind
    self.at = at
    self.office = office
    self.to = to
    self.grade = grade
    self.damage = damage
    self.reference = reference
    self.corrects = corrects
    self.manifest = manifest
  }
}

struct Folded: Equatable {
  var state: CustodyState
  /// Code, positions in the journey, offices.
  var findings: [String]

  init(_ steps: [Step], arrival: [Int]? = nil) {
    let arrival = arrival ?? Array(steps.indices)
    // The event at position p of the journey arrives as number `index`.
    var indexOf = [Int64](repeating: -1, count: steps.count)
    for (index, position) in arrival.enumerated() { indexOf[position] = Int64(index) }
    var events = arrival.map { position in
      let step = steps[position]
      return CustodyEvent(
        index: indexOf[position], kind: step.kind, grade: step.grade, at: step.at * 3_600_000, zone: 420,
        office: step.office, to: step.to, manifest: step.manifest, damage: step.damage,
        hasReference: step.reference, corrects: step.corrects < 0 ? -1 : indexOf[step.corrects])
    }
    var findings: [String] = []
    state = CustodyState(
      folding: &events, identifier: { index in Self.identifier(arrival[Int(index)]) },
      report: { finding in
        let positions = finding.events.map { arrival[Int($0)] }
        findings.append("\(finding.code) \(positions) \(finding.expectedOffice) \(finding.foundOffice)")
      })
    self.findings = findings
  }

  /// Names in an order of their own, so that ties are broken by them and not by position.
  static func identifier(_ position: Int) -> String { "\((position * 7919) % 1000)-\(position)" }

  var codes: [String] { findings.map { String($0.prefix { $0 != " " }) } }

  /// What does not depend on the numbers that events got: indices are internal to the state.
  var visible: [String] {
    [
      "\(state.word)", "\(state.custodian)", "\(state.offeredTo)", "\(state.outcome)", "\(state.missing)",
      "\(state.surplus)", "\(state.disputed)", "\(state.misrouted)", "\(state.found)",
      "\(String(describing: state.damage))", "\(state.attempts)", "\(state.entrustedAt)",
      "\(state.entrustedZone)", "\(state.entrustedBy)", "\(state.firstReceiver)", "\(state.firstManifest)",
      "\(state.lastAt)", "\(state.findings)",
    ] + findings
  }
}

/// SplitMix64, as in the other suites.
typealias CustodyRandom = IdentifierRandom

extension IdentifierRandom {
  mutating func steps(_ count: Int) -> [Step] {
    let kinds = EventKind.allCases.filter(\.concernsItem)
    return (0..<count).map { position in
      var kind = kinds.randomElement(using: &self) ?? .accepted
      if Bool.random(using: &self) {
        kind = [.accepted, .dispatched, .received].randomElement(using: &self) ?? kind
      }
      return Step(
        kind, Int64.random(in: 1...6, using: &self), Int32.random(in: 1...3, using: &self),
        to: kind == .dispatched ? Int32.random(in: 1...3, using: &self) : 0,
        grade: EventGrade.allCases.randomElement(using: &self) ?? .observed,
        damage: kind == .damaged ? DamageGrade.allCases.randomElement(using: &self) : nil,
        reference: Bool.random(using: &self),
        corrects: kind == .corrected ? Int.random(in: 0..<count, using: &self) : -1,
        manifest: Int64.random(in: 0...2, using: &self))
    }
  }
}
