import Foundation
import Testing

@testable import DossierReport

/// Our statistics against scipy's and statsmodels' on random inputs and at the edges. Both sides read the same file;
/// `Oracles/statistics.py` lists what differs by more than 1e-9 relative. Where the packages themselves are off, 40-digit
/// arithmetic decides.
@Suite struct StatisticsComparisonTests {
  /// One line of the file: function, arguments, our values.
  private struct Cases {
    var lines: [String] = []

    mutating func add(_ name: String, _ arguments: [JSONOutput], _ values: [Double?]) {
      let line = JSONOutput.array([
        .string(name), .array(arguments), .array(values.map { .decimal(orNull: $0) }),
      ])
      lines.append(line.text(pretty: false))
    }
  }

  @Test func agreesWithScipyAndStatsmodels() throws {
    let seed = UInt64.random(in: .min ... .max)
    var generator = SeededGenerator(seed: seed)
    var cases = Cases()
    for _ in 0..<150 {
      Self.binomial(&cases, &generator)
      Self.intervals(&cases, &generator)
    }
    Self.edges(&cases)
    for _ in 0..<40 {
      Self.groups(&cases, &generator)
      Self.follow(&cases, &generator)
      Self.series(&cases, &generator)
    }
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Oracles/statistics.py")
    let answer = try Python.run(
      file: script.path, interpreter: "/usr/bin/python3", on: cases.lines.joined(separator: "\n"))
    let lines = answer.split(separator: "\n")
    let summary = try #require(lines.last)
    #expect(summary.hasPrefix("compared "), "seed \(seed)")
    #expect(summary.contains("wrong 0,"), "seed \(seed)\n\(answer)")
    print("statistics, seed \(seed): \(summary)")
  }

  /// Sizes from one to ten million, rates down to one in ten million.
  private static func size(_ generator: inout SeededGenerator) -> Int {
    Int(pow(10, Double.random(in: 0...7, using: &generator)))
  }

  private static func share(_ generator: inout SeededGenerator) -> Double {
    pow(10, Double.random(in: -7 ... -0.05, using: &generator))
  }

  private static func binomial(_ cases: inout Cases, _ generator: inout SeededGenerator) {
    let n = size(&generator)
    let p = share(&generator)
    let mean = Double(n) * p
    let spread = (mean * (1 - p)).squareRoot() * Double.random(in: -6...6, using: &generator)
    addBinomial(&cases, n, p, min(max(0, Int(mean + spread)), n))
    let tail = [0.025, 0.001, 1e-6].randomElement(using: &generator) ?? 0.025
    addFunnel(&cases, n, p, tail)
  }

  private static func addBinomial(_ cases: inout Cases, _ n: Int, _ p: Double, _ r: Int) {
    guard let binomial = BinomialDistribution(trials: n, probability: p) else { return }
    let tails = binomial.tails(r)
    cases.add(
      "binomial", [.integer(n), .decimal(p), .integer(r)],
      [binomial.probability(of: r), tails.atMost, tails.above])
  }

  private static func addFunnel(_ cases: inout Cases, _ n: Int, _ p: Double, _ tail: Double) {
    guard let binomial = BinomialDistribution(trials: n, probability: p) else { return }
    for side in [FunnelLimits.Side.lower, .upper] {
      let count = side == .lower ? binomial.quantile(tail) : binomial.upperQuantile(tail)
      let limit = FunnelLimits.exact(target: p, trials: n, tail: tail, side: side)
      guard let limit, limit < 1 else { continue }
      cases.add(
        "funnel", [.integer(n), .decimal(p), .decimal(tail), .integer(side == .upper ? 1 : 0)],
        [Double(count), limit])
    }
  }

  private static func intervals(_ cases: inout Cases, _ generator: inout SeededGenerator) {
    let n = size(&generator)
    let x = min(n, Int(Double(n) * share(&generator)))
    let confidence = [0.9, 0.95, 0.998].randomElement(using: &generator) ?? 0.95
    addIntervals(&cases, x, n, confidence)
    let count = Int(pow(10, Double.random(in: 0...5, using: &generator))) - 1
    addGarwood(&cases, Double(count), confidence)
    cases.add(
      "normal", [.decimal((1 - confidence) / 2)], [NormalDistribution.upperQuantile((1 - confidence) / 2)])
    let m = size(&generator) / 100 + 1
    let y = min(m, Int(Double(m) * share(&generator)))
    let first = min(x, 2000)
    cases.add(
      "fisher", [.integer(first), .integer(n), .integer(y), .integer(m)],
      [TwoGroups.fisherExact(events: first, trials: n, otherEvents: y, otherTrials: m)])
  }

  private static func addIntervals(_ cases: inout Cases, _ x: Int, _ n: Int, _ confidence: Double) {
    let exact = BinomialInterval.clopperPearson(events: x, trials: n, confidence: confidence)
    cases.add("clopper", [.integer(x), .integer(n), .decimal(confidence)], [exact?.lower, exact?.upper])
    let jeffreys = BinomialInterval.jeffreys(events: x, trials: n, confidence: confidence)
    cases.add(
      "jeffreys", [.integer(x), .integer(n), .decimal(confidence)], [jeffreys?.lower, jeffreys?.upper])
    for corrected in [false, true] {
      let wilson = BinomialInterval.wilson(
        events: x, trials: n, confidence: confidence, corrected: corrected)
      cases.add(
        "wilson", [.integer(x), .integer(n), .decimal(confidence), .integer(corrected ? 1 : 0)],
        [wilson?.lower, wilson?.upper])
    }
  }

  private static func addGarwood(_ cases: inout Cases, _ count: Double, _ confidence: Double) {
    let interval = PoissonInterval(count: count, confidence: confidence)
    cases.add("garwood", [.decimal(count), .decimal(confidence)], [interval?.lower, interval?.upper])
  }

  private static func edges(_ cases: inout Cases) {
    for n in [1, 2, 50, 10_000_000] {
      for p in [1e-12, 1e-7, 0.001, 0.5, 0.999] {
        for r in [0, 1, n - 1] { addBinomial(&cases, n, p, r) }
        addFunnel(&cases, n, p, 0.001)
      }
      for x in Set([0, 1, n / 2, n - 1, n]) { addIntervals(&cases, x, n, 0.95) }
    }
    for count in [0, 1, 2, 14, 15, 16, 10_000_000.0] { addGarwood(&cases, count, 0.95) }
    for tail in [1e-12, 0.5, 0.999] {
      cases.add("normal", [.decimal(tail)], [NormalDistribution.upperQuantile(tail)])
    }
  }

  private static func groups(_ cases: inout Cases, _ generator: inout SeededGenerator) {
    let target = pow(10, Double.random(in: -4 ... -0.5, using: &generator))
    let trials = (0..<Int.random(in: 2...40, using: &generator)).map { _ in
      Int(pow(10, Double.random(in: 0.5...6, using: &generator)))
    }
    let events = trials.map { n in
      min(n, Int(Double(n) * target * Double.random(in: 0...3, using: &generator)) + (n > 1000 ? 1 : 0))
    }
    let pairs = zip(events, trials).map { (events: $0, trials: $1) }
    let arguments: [JSONOutput] = [
      .array(events.map(JSONOutput.integer)), .array(trials.map(JSONOutput.integer)),
    ]
    if let bayes = EmpiricalBayes(pairs) {
      // At the border between shrinking wholly and partly, the last bit decides.
      if bayes.variance == 0 || bayes.variance > 1e-9 * bayes.mean {
        cases.add("bayes", arguments, [bayes.mean, bayes.variance] + bayes.rates)
      }
    }
    for winsorised in [0, 0.1] {
      guard let spread = Overdispersion(pairs, winsorised: winsorised) else { continue }
      let excess = spread.ratio * Double(trials.count) - Double(trials.count - 1)
      guard abs(excess) > 1e-6 else { continue }
      func limit(_ n: Int, _ side: FunnelLimits.Side) -> Double? {
        FunnelLimits.adjusted(
          target: spread.target, trials: n, tail: 0.001, side: side,
          betweenVariance: spread.betweenVariance)
      }
      cases.add(
        "overdispersion", arguments + [.decimal(winsorised)],
        [spread.target, spread.ratio, spread.betweenVariance] + trials.map { limit($0, .lower) ?? -1 }
          + trials.map { limit($0, .upper) })
    }
  }

  private static func follow(_ cases: inout Cases, _ generator: inout SeededGenerator) {
    var rows = (0..<Int.random(in: 3...30, using: &generator)).map { index in
      (
        time: Int64(index * 7 + 1), events: Int.random(in: 0...5, using: &generator),
        competing: Int.random(in: 0...2, using: &generator),
        censored: Int.random(in: 0...4, using: &generator)
      )
    }
    rows[0].events += 1
    // Somebody stays to the end, as there the packages divide by zero.
    rows[rows.count - 1].censored += 1
    rows.shuffle(using: &generator)
    let shares = (0..<3).map { _ in Double.random(in: 0.01...0.99, using: &generator) }
    let curve = KaplanMeier(rows.map { ($0.time, $0.events, $0.competing + $0.censored) })
    var values: [Double?] = []
    for step in curve.steps {
      values.append(step.survival)
      if step.survival > 0 { values += [step.lower, step.upper] }
    }
    for share in shares {
      let interval = curve.quantileInterval(share)
      values += [curve.quantile(share), interval.lower, interval.upper].map { $0.map(Double.init) ?? -1 }
    }
    let triples = rows.map { row in
      JSONOutput.array([
        .integer(Int(row.time)), .integer(row.events), .integer(row.competing + row.censored),
      ])
    }
    cases.add("survival", [.array(triples), .array(shares.map(JSONOutput.decimal))], values)

    let competing = CumulativeIncidence(rows)
    guard rows.contains(where: { $0.competing > 0 }) else { return }
    let quadruples = rows.map { row in
      JSONOutput.array(
        [Int(row.time), row.events, row.competing, row.censored].map(JSONOutput.integer))
    }
    // Theirs has a step at every time with anybody, ours where something happened.
    var last: CumulativeIncidence.Step?
    var all: [Double?] = []
    for row in rows.sorted(by: { $0.time < $1.time }) where row.events + row.competing + row.censored > 0 {
      last = competing.steps.last { $0.time <= row.time } ?? last
      all += [last?.incidence ?? 0, last?.competingIncidence ?? 0, last?.error ?? 0]
    }
    cases.add("incidence", [.array(quadruples)], all)
  }

  private static func series(_ cases: inout Cases, _ generator: inout SeededGenerator) {
    let items = Int.random(in: 50...3000, using: &generator)
    let expected = pow(10, Double.random(in: -3.5 ... -0.7, using: &generator))
    let positions = (1...items).filter { _ in Double.random(in: 0..<1, using: &generator) < 2 * expected }
    let limit = Double.random(in: 0.8...4, using: &generator)
    guard var chart = BernoulliCusum(expected: expected, oddsRatio: 1.7, limit: limit) else { return }
    var values: [Double?] = []
    var last = 0
    for position in positions {
      chart.pass(position - last - 1)
      let step = chart.event()
      values += [step.value, step.isSignal ? 1 : 0]
      last = position
    }
    chart.pass(items - last)
    values.append(chart.value)
    cases.add(
      "cusum",
      [
        .decimal(expected), .decimal(1.7), .decimal(limit), .array(positions.map(JSONOutput.integer)),
        .integer(items),
      ], values)
    let gaps = zip(positions.dropFirst(), positions).map { $0 - $1 - 1 }
    if let between = BetweenItemsChart(gaps) {
      cases.add(
        "between", [.array(gaps.map(JSONOutput.integer))],
        [
          between.mean, between.median, Double(between.lowerLimit), Double(between.centre),
          Double(between.upperLimit),
        ])
    }
  }
}
