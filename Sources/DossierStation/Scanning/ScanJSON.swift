internal import DossierTracker
internal import HTTPTypes

/// What the scanning API answers.
enum ScanJSON {
  static func reply(_ results: [JSONOutput], log: LogHead, time: String) -> JSONOutput {
    ["time": .string(time), "log": log.json, "results": .array(results)]
  }

  static func result(_ result: CounterResult, _ language: Language) -> JSONOutput {
    var members = Members()
    members.add("id", result.id)
    members.add("status", result.status.rawValue)
    members.add("verdict", result.verdict.rawValue)
    members.add("event", result.event)
    members.add("index", result.index.map { .integer(Int($0)) })
    members.add("item", result.item)
    members.add("kind", kind(result).word)
    if result.isRepaired { members.add("repaired", .bool(true)) }
    members.add("first", result.first.map(first))
    members.add("belongsTo", result.belongsTo.map(belonging))
    members.add("damage", result.damage?.word)
    members.add("problem", result.finding.map { problem(Problem(.unprocessableContent, $0), language) })
    members.add("count", result.count.map(count))
    return members.object
  }

  /// The answer to what is no scan.
  static func malformed(_ id: String?, _ problem: Problem, _ language: Language) -> JSONOutput {
    var members = Members()
    members.add("id", id.map(JSONOutput.string) ?? .null)
    members.add("status", CounterResult.Status.refused.rawValue)
    members.add("verdict", EventReceipt.Verdict.refused.rawValue)
    members.add("problem", self.problem(problem, language))
    return members.object
  }

  static func problem(_ problem: Problem, _ language: Language) -> JSONOutput {
    problem.json(language, instance: "/v1/scans")
  }

  /// What was, or would have been, recorded.
  private static func kind(_ result: CounterResult) -> EventKind {
    switch (result.kind, result.verdict) {
    case (.received, .surplus), (.received, .misrouted): .surplus
    case (.received, _): .received
    case (.damaged, _): .damaged
    case (.void, _): .corrected
    }
  }

  private static func first(_ first: CounterResult.First) -> JSONOutput {
    var members = Members()
    members.add("at", first.at.text)
    members.add("by", first.by)
    members.add("event", first.event)
    return members.object
  }

  private static func belonging(_ belonging: CounterResult.Belonging) -> JSONOutput {
    var members = Members()
    members.add("manifest", belonging.manifest)
    members.add("office", belonging.office)
    members.add("name", belonging.name)
    return members.object
  }

  static func count(_ count: ReceivingCount) -> JSONOutput {
    [
      "expected": .integer(count.expected), "received": .integer(count.received),
      "short": .integer(count.short), "surplus": .integer(count.surplus),
      "misrouted": .integer(count.misrouted), "damaged": .integer(count.damaged),
    ]
  }

  // MARK: Session

  /// - Parameter offices: names by code, for what belongs elsewhere.
  static func session(
    _ session: ManifestReconciliation, time: String, offices: [String: String]
  ) -> JSONOutput {
    let manifest = session.manifest
    var members = Members()
    members.add("manifest", manifest.number)
    members.add("leg", manifest.leg.word)
    members.add("giver", manifest.giver)
    members.add("giverName", session.giver?.name)
    members.add("receiver", manifest.receiver)
    members.add("receiverName", session.receiver?.name)
    members.add("dispatchedAt", MachineTime.text(manifest.dispatchedAt, zone: manifest.dispatchedZone))
    members.add("lateFrom", session.lateFrom.flatMap { MachineTime.text($0) })
    members.add("closed", .bool(manifest.closedEvent != nil))
    members.add("time", time)
    members.add("log", session.log.json)
    members.add("list", session.digest.hex)
    let isListed = { (line: ManifestReconciliation.Line) in
      line.outcome == .received || line.outcome == .short
    }
    members.add("items", .array(session.lines.filter(isListed).map(item)))
    members.add(
      "strays", .array(session.lines.filter { !isListed($0) }.map { stray($0, offices) }))
    members.add("count", count(session.count))
    return members.object
  }

  private static func item(_ line: ManifestReconciliation.Line) -> JSONOutput {
    var members = Members()
    members.add("item", line.item)
    members.add("numbers", .array(line.numbers.map(JSONOutput.string)))
    members.add("dossiers", .array(line.dossiers.map(JSONOutput.string)))
    finding(line, &members)
    members.add("custodian", line.custodian)
    return members.object
  }

  private static func stray(
    _ line: ManifestReconciliation.Line, _ offices: [String: String]
  ) -> JSONOutput {
    var members = Members()
    members.add("item", line.item)
    finding(line, &members)
    members.add("belongsTo", line.belongsTo)
    members.add("belongsToOffice", line.belongsToOffice)
    members.add("belongsToName", line.belongsToOffice.flatMap { offices[$0] })
    return members.object
  }

  private static func finding(_ line: ManifestReconciliation.Line, _ members: inout Members) {
    members.add("outcome", line.outcome.rawValue)
    members.add("event", line.event)
    members.add("at", line.at.flatMap { MachineTime.text($0, zone: line.zone) })
    members.add("by", line.by)
    members.add("damage", line.damage?.word)
    members.add("cause", line.cause)
    members.add("damageEvent", line.damageEvent)
  }
}

/// The members of an object; absent values are left out.
private struct Members {
  private var members: [JSONOutput.Member] = []

  var object: JSONOutput { .object(members) }

  mutating func add(_ key: String, _ value: JSONOutput?) {
    if let value { members.append(.init(key: key, value: value)) }
  }

  mutating func add(_ key: String, _ text: String?) { add(key, text.map(JSONOutput.string)) }
}
