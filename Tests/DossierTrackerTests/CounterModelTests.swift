import DossierTesting
import Testing

@testable import DossierTracker

/// What a desk must answer, thought out again in the simplest way: lists and dictionaries, no log.
private struct CounterModel {
  let listed: Set<String>
  var receipt: [String: String] = [:]
  var stray: [String: String] = [:]
  var damages: [String: [(event: String, grade: DamageGrade)]] = [:]
  /// Which item an event is about, by identifier.
  var events: [String: String] = [:]
  /// Answers that the desk remembers until it is started again.
  var remembered: [String: CounterResult.Status] = [:]
  var recorded: [String: CounterScan] = [:]

  var count: ReceivingCount {
    var count = ReceivingCount()
    count.expected = listed.count
    count.received = receipt.count
    count.surplus = stray.count
    count.damaged =
      damages.filter { !$0.value.isEmpty && (listed.contains($0.key) || stray[$0.key] != nil) }.count
    return count
  }

  mutating func take(_ scan: CounterScan) -> CounterResult.Status {
    if let known = remembered[scan.id] { return known }
    if let earlier = recorded[scan.id] { return earlier == scan ? .accepted : .refused }
    let status = judge(scan)
    if status == .accepted { recorded[scan.id] = scan }
    if status != .refused { remembered[scan.id] = status }
    return status
  }

  private mutating func judge(_ scan: CounterScan) -> CounterResult.Status {
    let item = scan.raw
    switch scan.kind {
    case .received:
      let isKnown = receipt[item] != nil || stray[item] != nil
      if isKnown { return .duplicate }
      if listed.contains(item) { receipt[item] = scan.id } else { stray[item] = scan.id }
    case .damaged:
      guard listed.contains(item) || stray[item] != nil, let grade = scan.damage else { return .refused }
      if damages[item]?.last?.grade == grade { return .duplicate }
      damages[item, default: []].append((scan.id, grade))
    case .void:
      guard let target = scan.target, let item = events[target], takeBack(target, item) else {
        return .refused
      }
      return .accepted
    }
    events[scan.id] = item
    return .accepted
  }

  private mutating func takeBack(_ target: String, _ item: String) -> Bool {
    if receipt[item] == target {
      receipt[item] = nil
    } else if stray[item] == target {
      stray[item] = nil
    } else if let position = damages[item]?.firstIndex(where: { $0.event == target }),
      listed.contains(item) || stray[item] != nil
    {
      damages[item]?.remove(at: position)
    } else {
      return false
    }
    return true
  }
}

@Suite struct CounterModelTests {
  /// Scans, damages, voids, repeats, batches, restarts and the command, mixed at random, against the model.
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func anyMixtureIsCountedAsTheModelSays(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var bench = try DeskBench()
    let items = try #require(try bench.desk.handover(Sample.session)).lines.map(\.item)
    var model = CounterModel(listed: Set(items))
    let numbers = Array(items.prefix(6)) + ["XX-1", "XX-2", "RR123456785VN"]
    var sent: [CounterScan] = []
    for turn in 0..<120 {
      if random.chance(1, in: 12) {
        try bench.restart()
        model.remembered = [:]
      }
      if random.chance(1, in: 10), let item = random.pick(items) {
        let session = try bench.tracker.receive(manifest: Sample.session, by: "GDV08")
        let receipt = try #require(try session.scan([item]).first)
        #expect((receipt.verdict == .accepted) == (model.receipt[item] == nil), "seed \(seed) turn \(turn)")
        if receipt.verdict == .accepted {
          model.receipt[item] = receipt.event
          if let event = receipt.event { model.events[event] = item }
        }
      }
      var batch: [CounterScan] = []
      for _ in 0..<Int.random(in: 1...5, using: &random) {
        let isRepeat = random.chance(1, in: 4)
        if isRepeat, let earlier = random.pick(sent + batch) {
          batch.append(earlier)
          continue
        }
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
          batch.append(
            try bench.scan(.damaged, random.pick(numbers) ?? "", damage: random.pick(DamageGrade.allCases)))
        case 1, 2:
          let targets = model.events.keys.sorted() + batch.map(\.id)
          batch.append(try bench.scan(.void, target: random.pick(targets) ?? "none"))
        default: batch.append(try bench.scan(.received, random.pick(numbers) ?? ""))
        }
      }
      let results = try bench.desk.take(batch).results
      for (scan, result) in zip(batch, results) {
        let isFirst = model.remembered[scan.id] == nil && model.recorded[scan.id] == nil
        let status = model.take(scan)
        let place = "seed \(seed) turn \(turn) \(scan.id) \(scan.kind) \(scan.raw)\(scan.target ?? "")"
        #expect(result.status == status, "\(place)")
        if isFirst, status != .refused { #expect(Self.same(result.count, model.count), "\(place)") }
      }
      sent += batch
      if turn % 20 == 19 {
        let list = try #require(try bench.desk.handover(Sample.session))
        let read = try #require(try bench.tracker.reconciliation(ofManifest: Sample.session))
        #expect(list.lines == read.lines, "seed \(seed) turn \(turn)")
        #expect(list == read, "seed \(seed) turn \(turn)")
        #expect(Self.same(list.count, model.count), "seed \(seed) turn \(turn)")
        for line in list.lines {
          #expect(
            line.event == model.receipt[line.item] ?? model.stray[line.item], "seed \(seed) turn \(turn)")
          #expect(line.damage == model.damages[line.item]?.last?.grade, "seed \(seed) turn \(turn)")
        }
      }
    }
    // One event an accepted scan, and none besides.
    let events = try bench.tracker.events(limit: 100_000).filter { $0.identifier.hasPrefix("desk-") }
    #expect(events.count == model.recorded.count)
    #expect(Set(events.map(\.identifier)) == Set(model.recorded.keys))
    try bench.tracker.checkpoint()
    #expect(try bench.tracker.audit().findings.filter { $0.code.rawValue.hasPrefix("D-3") } == [])
  }

  private static func same(_ count: ReceivingCount?, _ other: ReceivingCount) -> Bool {
    count?.expected == other.expected && count?.received == other.received
      && (count.map { $0.surplus + $0.misrouted }) == other.surplus && count?.damaged == other.damaged
  }
}
