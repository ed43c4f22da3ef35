import Testing

@testable import DossierReport

/// Published values, and those that R's and Python's packages print, each to the digits given.
@Suite struct ReferenceValueTests {
  static func isClose(_ value: Double?, _ reference: Double, _ tolerance: Double = 1e-9) -> Bool {
    guard let value else { return false }
    return abs(value - reference) <= tolerance * max(abs(reference), 1e-300)
  }

  @Test(arguments: [
    (0, 10, 0, 0.2775327999, 4.789043316e-05, 0.2171962675),
    (0, 100, 0, 0.03699349821, 4.898073104e-06, 0.02474527002),
    (0, 1000, 0, 0.003826758486, 4.909116948e-07, 0.002508164341),
    (0, 10000, 0, 0.0003839983707, 4.910222708e-08, 0.0002511564844),
    (1, 10, 0.0178762131, 0.4041500268, 0.01101167376, 0.3813147711),
    (1, 100, 0.001767432064, 0.05448619618, 0.001081101709, 0.0457788966),
    (1, 1000, 0.0001765463706, 0.005642558598, 0.0001079188047, 0.004664458809),
    (3, 12000, 8.502612076e-05, 0.000734832993, 7.041607207e-05, 0.0006670454508),
    (5, 1000, 0.002137535527, 0.01165095537, 0.001910352501, 0.01092466407),
    (7, 50, 0.06950833427, 0.2618619371, 0.06487170115, 0.2553250282),
    (10, 10, 0.7224672001, 1, 0.7828037325, 0.9999521096),
  ])
  func wilsonAndJeffreys(
    events: Int, trials: Int, wilsonLower: Double, wilsonUpper: Double, jeffreysLower: Double,
    jeffreysUpper: Double
  ) throws {
    let wilson = try #require(BinomialInterval.wilson(events: events, trials: trials))
    #expect(Self.isClose(wilson.lower, wilsonLower) && Self.isClose(wilson.upper, wilsonUpper))
    let jeffreys = try #require(BinomialInterval.jeffreys(events: events, trials: trials))
    #expect(Self.isClose(jeffreys.lower, jeffreysLower) && Self.isClose(jeffreys.upper, jeffreysUpper))
  }

  @Test(arguments: [(7, 50, 0.06277008953, 0.2735637622), (0, 100, 0, 0.04610134061)])
  func wilsonWithContinuityCorrection(events: Int, trials: Int, lower: Double, upper: Double) throws {
    let interval = try #require(BinomialInterval.wilson(events: events, trials: trials, corrected: true))
    #expect(Self.isClose(interval.lower, lower) && Self.isClose(interval.upper, upper))
  }

  @Test(arguments: [
    (0, 0, 3.688879454), (1, 0.02531780798, 5.571643391), (2, 0.2422092785, 7.224687668),
    (3, 0.6186721229, 8.76727307), (5, 1.62348639, 11.66833208), (10, 4.795388696, 18.39035604),
    (74, 58.10591624, 92.9002235), (100, 81.36399125, 121.6267938),
  ])
  func garwood(count: Int, lower: Double, upper: Double) throws {
    let interval = try #require(PoissonInterval(count: Double(count)))
    #expect(Self.isClose(interval.lower, lower) && Self.isClose(interval.upper, upper))
  }

  @Test(arguments: [((8, 5000), (2, 5000), 0.1091992012), ((3, 1000), (1, 10000), 0.00279327877)])
  func fisher(first: (Int, Int), second: (Int, Int), p: Double) {
    #expect(
      Self.isClose(
        TwoGroups.fisherExact(
          events: first.0, trials: first.1, otherEvents: second.0, otherTrials: second.1), p, 2e-9))
  }

  @Test(
    arguments: [
      (0.001, 1000, nil, 0.00290089886, 0.004864888209),
      (0.001, 5000, 0.0001086761194, 0.001874623673, 0.002553234287),
      (0.001, 20000, 0.0005603985328, 0.001437046626, 0.001735232098),
      (0.01, 500, 0.001110738536, 0.01868338249, 0.02543602695),
      (0.0016, 2500, 3.687423452e-05, 0.003149777809, 0.00437999672),
      (0.05, 200, 0.0195842152, 0.07970798542, 0.1011778762),
    ] as [(Double, Int, Double?, Double, Double)])
  func funnel(target: Double, trials: Int, lower: Double?, upper: Double, outer: Double) {
    func limit(_ tail: Double, _ side: FunnelLimits.Side) -> Double? {
      FunnelLimits.exact(target: target, trials: trials, tail: tail, side: side)
    }
    if let lower {
      #expect(Self.isClose(limit(0.025, .lower), lower, 2e-9))
    } else {
      #expect(limit(0.025, .lower) == nil)
    }
    #expect(Self.isClose(limit(0.025, .upper), upper))
    #expect(Self.isClose(limit(0.001, .upper), outer))
  }

  @Test func funnelOuterLowerLimit() {
    let limit = FunnelLimits.exact(target: 0.05, trials: 200, tail: 0.001, side: .lower)
    #expect(Self.isClose(limit, 0.006542157943))
    #expect(FunnelLimits.exact(target: 0, trials: 200, tail: 0.001, side: .upper) == nil)
    #expect(FunnelLimits.exact(target: 0.1, trials: 0, tail: 0.001, side: .upper) == nil)
  }

  /// The test values of FunnelPlotR.
  @Test(arguments: [
    (15, 0.5596924, 1.649348, 0.3862650, 2.082907), (20, 0.6108260, 1.544419, 0.4479107, 1.902094),
    (30, 0.6746958, 1.427562, 0.5289724, 1.702771),
  ])
  func ratioLimits(expected: Double, lower: Double, upper: Double, outerLower: Double, outerUpper: Double)
    throws
  {
    let inner = try #require(PoissonInterval(count: expected))
    let outer = try #require(PoissonInterval(count: expected, confidence: 0.998))
    #expect(Self.isClose(inner.lower / expected, lower, 1e-6))
    #expect(Self.isClose(inner.upper / expected, upper, 1e-6))
    #expect(Self.isClose(outer.lower / expected, outerLower, 1e-6))
    #expect(Self.isClose(outer.upper / expected, outerUpper, 1e-6))
  }

  @Test func overdispersion() throws {
    let groups = Array(
      zip([12, 30, 26, 50, 42, 71, 4, 29, 48, 36], [82, 98, 100, 125, 162, 151, 12, 100, 82, 99]))
    let pairs = groups.map { (events: $0.0, trials: $0.1) }
    let raw = try #require(Overdispersion(pairs, winsorised: 0))
    #expect(Self.isClose(raw.target, 0.3442136499))
    #expect(Self.isClose(raw.ratio, 6.0373909980) && Self.isClose(raw.betweenVariance, 0.0143564579, 4e-9))
    let drawn = try #require(Overdispersion(pairs))
    #expect(
      Self.isClose(drawn.ratio, 4.0090529170) && Self.isClose(drawn.betweenVariance, 0.0086882597, 6e-9))
    for (trials, lower, upper) in [
      (12, 0.08188724, 0.67457714), (100, 0.16601547, 0.54881264), (162, 0.17281422, 0.53978584),
    ] {
      func limit(_ side: FunnelLimits.Side) -> Double? {
        FunnelLimits.adjusted(
          target: drawn.target, trials: trials, tail: 0.025, side: side,
          betweenVariance: drawn.betweenVariance)
      }
      #expect(Self.isClose(limit(.lower), lower, 1e-7) && Self.isClose(limit(.upper), upper, 1e-7))
    }
  }

  @Test func bernoulliCusum() throws {
    var chart = try #require(BernoulliCusum(expected: 0.01, limit: 3.5))
    #expect(Self.isClose(chart.raised, 0.019801980198, 1e-11))
    #expect(Self.isClose(chart.eventWeight, 0.683196849707, 1e-11))
    #expect(Self.isClose(chart.otherWeight, -0.009950330853, 1e-9))
    var last = 0
    var values: [Double] = []
    for item in [10, 20, 25, 30, 34] {
      chart.pass(item - last - 1)
      let step = chart.event()
      #expect(!step.isSignal)
      values.append(step.value)
      last = item
    }
    chart.pass(100 - last)
    values.append(chart.value)
    let references = [0.6831968497, 1.2768407217, 1.9202362480, 2.5636317743, 3.2169776315, 2.5602557952]
    for (value, reference) in zip(values, references) { #expect(Self.isClose(value, reference)) }

    let rare = try #require(BernoulliCusum(expected: 0.001, limit: 3.5))
    #expect(Self.isClose(rare.raised, 0.001998001998, 1e-11))
    #expect(Self.isClose(rare.eventWeight, 0.692147680227, 1e-11))
    #expect(Self.isClose(rare.otherWeight, -0.000999500333084, 1e-11))
  }

  @Test func aSignalStartsAgainFromZero() throws {
    var chart = try #require(BernoulliCusum(expected: 0.001, limit: 1))
    #expect(!chart.event().isSignal)
    let second = chart.event()
    #expect(second.isSignal && second.value > 1 && chart.value == 0)
  }

  static let gaps = [120, 340, 95, 610, 220, 15, 480, 260, 130, 700]

  @Test func itemsBetween() throws {
    let chart = try #require(BetweenItemsChart(Self.gaps))
    #expect(chart.mean == 297 && chart.median == 240)
    #expect(Self.isClose(chart.standardDeviation, 297.4995798316, 1e-12))
    #expect(Self.isClose(chart.conventionalUpper, 1189.4987394949, 1e-12))
    #expect(chart.lowerLimit == 0 && chart.centre == 206 && chart.upperLimit == 1965)
    #expect(BetweenItemsChart([]) == nil && BetweenItemsChart([0, 0]) == nil)
  }

  @Test func timesBetween() throws {
    let chart = try #require(BetweenTimesChart(Self.gaps.map(Double.init)))
    #expect(Self.isClose(chart.centre, 228.0240093235, 1e-11))
    #expect(Self.isClose(chart.upperLimit, 3149.6095706772, 1e-11))
    #expect(chart.lowerLimit == 0 && Self.isClose(chart.meanMovingRange, 1.8241496723, 1e-10))
  }

  static let small = [0, 1, 0, 3, 2, 0, 1, 12, 4, 0]
  static let volumes = [120, 800, 350, 2500, 1500, 60, 900, 9000, 4000, 200]

  @Test func shrinkageOntoTheMean() throws {
    let bayes = try #require(EmpiricalBayes(zip(Self.small, Self.volumes).map { ($0, $1) }))
    #expect(Self.isClose(bayes.mean, 0.00118373649) && bayes.variance == 0)
    #expect(bayes.rates.allSatisfy { $0 == bayes.mean })
  }

  @Test func shrinkage() throws {
    var events = Self.small
    events[7] = 40
    let bayes = try #require(EmpiricalBayes(zip(events, Self.volumes).map { ($0, $1) }))
    #expect(Self.isClose(bayes.mean, 0.002624806999) && Self.isClose(bayes.variance, 1.559049335e-06))
    let references = [
      0.002450168616, 0.00218196274, 0.002173053999, 0.001773381882, 0.002016309135, 0.002534483009,
      0.002097508207, 0.004157693416, 0.001481300383, 0.002346105092,
    ]
    for (rate, reference) in zip(bayes.rates, references) { #expect(Self.isClose(rate, reference)) }
  }

  @Test func chapman() throws {
    let hidden = try #require(CaptureRecapture(first: 60, second: 45, both: 30))
    #expect(Self.isClose(hidden.estimate, 89.5161290323, 1e-11))
    #expect(Self.isClose(hidden.standardDeviation, 6.4078657927, 1e-10))
    #expect(CaptureRecapture(first: 3, second: 5, both: 4) == nil)
  }

  // MARK: Survival

  private static func survival(_ text: String) -> KaplanMeier {
    KaplanMeier(
      text.split(separator: ",").map { word in
        let isCensored = word.hasSuffix("+")
        return (Int64(word.filter { $0 != "+" }) ?? 0, isCensored ? 0 : 1, isCensored ? 1 : 0)
      })
  }

  @Test func remission() throws {
    let curve = Self.survival(
      "6,6,6,6+,7,9+,10,10+,11+,13,16,17+,19+,20+,22,23,25+,32+,32+,34+,35+")
    let references = [
      (6, 0.857143), (7, 0.806723), (10, 0.752941), (13, 0.690196), (16, 0.627451), (22, 0.537815),
      (23, 0.448179),
    ]
    #expect(curve.steps.map { Int($0.time) } == references.map(\.0))
    for (step, reference) in zip(curve.steps, references) {
      #expect(abs(step.survival - reference.1) < 5.1e-7)
    }
    #expect(curve.median == 23 && curve.quantile(0.9) == nil)
    #expect(curve.survival(at: 5) == 1 && abs(curve.survival(at: 14) - 0.690196) < 5.1e-7)
    let first = try #require(curve.steps.first)
    let last = try #require(curve.steps.last)
    #expect(abs((first.lower ?? 0) - 0.619718) < 5.1e-7 && abs((first.upper ?? 0) - 0.951552) < 5.1e-7)
    #expect(abs((last.lower ?? 0) - 0.188052) < 5.1e-7 && abs((last.upper ?? 0) - 0.680143) < 5.1e-7)
    #expect(curve.quantileInterval(0.5).lower == 13 && curve.quantileInterval(0.5).upper == nil)
  }

  @Test func transit() {
    let curve = Self.survival("1,1,2,2,2+,3,3,4,5,5+,7,9,9+,12,15+")
    let references = [
      (1, 0.866667), (2, 0.733333), (3, 0.586667), (4, 0.513333), (5, 0.44), (7, 0.352), (9, 0.264),
      (12, 0.132),
    ]
    #expect(curve.steps.map { Int($0.time) } == references.map(\.0))
    for (step, reference) in zip(curve.steps, references) {
      #expect(abs(step.survival - reference.1) < 5.1e-7)
    }
    #expect(curve.median == 5)
  }

  /// A half that is reached exactly is the median, whatever the product's rounding.
  @Test func exactHalves() {
    #expect(Self.survival("1,2,3,4,5,6").median == 3)
    #expect(Self.survival("1,2,3,4,5,6").steps.last?.lower == nil)
    #expect(KaplanMeier([]).median == nil && KaplanMeier([]).steps.isEmpty)
  }

  /// Without competing outcomes the incidence is 1 - S; with them it stays below, and the shares add up to 1.
  @Test func incidenceOfCompetingOutcomes() {
    let rows: [(time: Int64, events: Int, competing: Int, censored: Int)] = [
      (3, 4, 1, 0), (1, 10, 0, 2), (2, 5, 2, 3), (2, 1, 0, 0), (7, 0, 3, 20),
    ]
    let curve = CumulativeIncidence(rows)
    let merged = KaplanMeier(rows.map { ($0.time, $0.events + $0.competing, $0.censored) })
    let naive = KaplanMeier(rows.map { ($0.time, $0.events, $0.competing + $0.censored) })
    #expect(curve.steps.map(\.time) == [1, 2, 3, 7] && curve.count == 51)
    for step in curve.steps {
      #expect(abs(step.incidence + step.competingIncidence + step.eventFree - 1) < 1e-12)
      #expect(abs(step.eventFree - merged.survival(at: step.time)) < 1e-12)
      #expect(step.incidence <= 1 - naive.survival(at: step.time) + 1e-12)
    }
    let plain = CumulativeIncidence(rows.map { ($0.time, $0.events, 0, $0.competing + $0.censored) })
    for step in plain.steps { #expect(abs(step.incidence - (1 - naive.survival(at: step.time))) < 1e-12) }
  }

  // MARK: The limit of the CUSUM

  /// Simulated runs at the expected rate: about one in twenty gives a false signal, as the limit promises.
  @Test(arguments: [(0.0005, 20_000), (0.002, 5_000), (0.01, 2_000), (0.05, 1_000)])
  func falseSignalsAreAsRareAsPromised(expected: Double, items: Int) throws {
    let limit = try #require(BernoulliCusum.limit(expected: expected, items: items))
    let seed: UInt64 = 20_260_101
    var generator = SeededGenerator(seed: seed)
    let runs = 4_000
    var signals = 0
    for _ in 0..<runs {
      var chart = try #require(BernoulliCusum(expected: expected, limit: limit))
      var passed = 0
      while true {
        let gap = Int(
          Double.random(in: .leastNonzeroMagnitude..<1, using: &generator).logarithm
            / (1 - expected).logarithm)
        passed += gap + 1
        if passed > items { break }
        chart.pass(gap)
        if chart.event().isSignal {
          signals += 1
          break
        }
      }
    }
    let share = Double(signals) / Double(runs)
    #expect(share > 0.02 && share < 0.075, "\(share) at limit \(limit)")
  }

  @Test func tenDigits() {
    #expect((1.0 / 3).tenDigits == 0.3333333333)
    #expect((-2e5 / 3).tenDigits == -66666.66667)
    #expect(0.0.tenDigits == 0 && (1e-9 / 3).tenDigits == 3.333333333e-10)
    #expect(Double.nan.tenDigits.isNaN)
  }
}
