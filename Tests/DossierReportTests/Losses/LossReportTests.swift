import Testing

@testable import DossierReport

@Suite struct LossReportTests {
  static let log = LossReport.LogHead(size: 51204, root: "mEjx6Bq0XhH2Yv5e1rj4mK3oQ5V7c8Z1S0tP2uW9aBc=")

  static func report(
    unit: LossReport.Unit = .item, by: String? = "office", _ rows: [LossRow]
  ) throws(LossReportRefusal) -> LossReport {
    try LossReport(
      period: .init(from: "2026-01-01", to: "2026-03-31"), unit: unit, by: by, log: log, rows: rows)
  }

  static let busy = LossRow(
    group: "BC-640000",
    counts: LossCounts(
      entrusted: 12000, delivered: 11800, returned: 97, lost: 3, destroyed: 0, open: 100, missing: 4,
      found: 2,
      damaged: 1))
  static let quiet = LossRow(group: "TT-01", counts: LossCounts(entrusted: 1000, delivered: 1000))
  static let idle = LossRow(group: "TT-02", counts: LossCounts())

  /// Limits from scipy; the quiet office carries the one-sided bound, the idle one nothing.
  @Test func jsonHasExactlyTheContractedShape() throws {
    let json = try Self.report([Self.busy, Self.quiet, Self.idle]).json
    #expect(
      Self.contracted(json).text(pretty: false) == """
        {"period":{"from":"2026-01-01","to":"2026-03-31"},"unit":"item","by":"office",\
        "log":{"size":51204,"root":"mEjx6Bq0XhH2Yv5e1rj4mK3oQ5V7c8Z1S0tP2uW9aBc="},"rows":[\
        {"group":"BC-640000","entrusted":12000,"delivered":11800,"returned":97,"lost":3,"destroyed":0,"open":100,\
        "missing":4,"found":2,"damaged":1,\
        "lostPer100k":{"rate":25.0,"lower":5.155897786,"upper":73.04305407},\
        "damagedPer100k":{"rate":8.333333333,"lower":0.2109815106,"upper":46.42151826}},\
        {"group":"TT-01","entrusted":1000,"delivered":1000,"returned":0,"lost":0,"destroyed":0,"open":0,\
        "missing":0,"found":0,"damaged":0,\
        "lostPer100k":{"rate":0.0,"lower":0.0,"upper":299.1249545},\
        "damagedPer100k":{"rate":0.0,"lower":0.0,"upper":299.1249545}},\
        {"group":"TT-02","entrusted":0,"delivered":0,"returned":0,"lost":0,"destroyed":0,"open":0,\
        "missing":0,"found":0,"damaged":0,\
        "lostPer100k":{"rate":null,"lower":null,"upper":null},\
        "damagedPer100k":{"rate":null,"lower":null,"upper":null}}],\
        "total":{"group":"total","entrusted":13000,"delivered":12800,"returned":97,"lost":3,"destroyed":0,\
        "open":100,"missing":4,"found":2,"damaged":1,\
        "lostPer100k":{"rate":23.07692308,"lower":4.75926919,"upper":67.42560398},\
        "damagedPer100k":{"rate":7.692307692,"lower":0.1947521795,"upper":42.85126011}}}
        """)
  }

  /// The report with the members alone on which others rely; they stand before all that was added since.
  private static func contracted(_ json: JSONOutput) -> JSONOutput {
    func first(_ count: Int, of json: JSONOutput) -> [JSONOutput.Member] {
      guard case .object(let members) = json else { return [] }
      return Array(members.prefix(count))
    }
    return .object(
      first(6, of: json).map { member in
        switch member.value {
        case .array(let rows):
          .init(key: member.key, value: .array(rows.map { .object(first(12, of: $0)) }))
        case .object where member.key == "total":
          .init(key: member.key, value: .object(first(12, of: member.value)))
        default: member
        }
      })
  }

  @Test func csvFlattensTheRatesAndEndsWithTheTotal() throws {
    let text = try Self.report([Self.busy, Self.quiet, Self.idle]).render(.csv)
    let lines = text.utf8.split(separator: UInt8(ascii: "\n")).map { String(Substring($0)) }
    let expected = [
      "group,entrusted,delivered,returned,lost,destroyed,open,missing,found,damaged,lostPer100kRate,lostPer100kLower,"
        + "lostPer100kUpper,damagedPer100kRate,damagedPer100kLower,damagedPer100kUpper,declaredLost,foundAgain,",
      "BC-640000,12000,11800,97,3,0,100,4,2,1,25.0,5.155897786,73.04305407,8.333333333,0.2109815106,46.42151826,3,0,0,0,"
        + "0,0,0,0,0,0,3,1,0,0,0,25.0,5.155897786,73.04305407,25.0,",
      "TT-01,1000,1000,0,0,0,0,0,0,0,0.0,0.0,299.1249545,0.0,0.0,299.1249545,0,0,0,0,",
      "TT-02,0,0,0,0,0,0,0,0,0,,,,,,,0,0,0,0,",
      "total,13000,12800,97,3,0,100,4,2,1,23.07692308,4.75926919,67.42560398,7.692307692,0.1947521795,42.85126011,3,",
    ]
    #expect(lines.count == expected.count)
    for (line, start) in zip(lines, expected) { #expect(line.hasPrefix(start), "\(line)") }
    #expect(Set(lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }) == [37])
  }

  @Test func tableShowsEverythingNeededToJudgeTheNumbers() throws {
    let text = try Self.report([Self.busy, Self.quiet, Self.idle]).render(.table)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(
      lines.prefix(4) == [
        "Báo cáo thất lạc và hư hỏng", "Kỳ: 01/01/2026 – 31/03/2026", "Đơn vị tính: bưu gửi", "",
      ])
    for expected in [
      "12.000", "25,00 [5,16–73,04]", "0,00 [≤ 299,12]", "Tổng cộng", "13.000",
      "Clopper-Pearson chính xác 95 %; không có sự kiện: cận trên một phía 95 %",
      "chưa kết thúc vẫn nằm trong mẫu số", "51.204", Self.log.root,
    ] {
      #expect(text.utf8.containsSequence(expected.utf8), "\(expected) is absent from\n\(text)")
    }
    // A row of numbers ends in the column where the header ends.
    let widths = lines.filter { $0.hasSuffix("]") }.map(DisplayWidth.of)
    #expect(widths.count == 4 && Set(widths).count == 1)
  }

  @Test func tableSpeaksEnglishToo() throws {
    let text = try Self.report([Self.busy]).render(.table, style: TableStyle(language: .en))
    for expected in [
      "Period: 2026-01-01 to 2026-03-31", "12,000", "25.00 [5.16–73.04]", "one-sided 95 %", "51,204",
    ] {
      #expect(text.utf8.containsSequence(expected.utf8), "\(expected) is absent from\n\(text)")
    }
  }

  @Test func totalIsTheSumOfTheRows() throws {
    let seed = UInt64.random(in: .min ... .max)
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      let rows = (0..<Int.random(in: 0...8, using: &generator)).map { index in
        LossRow(group: "office \(index)", counts: Self.randomCounts(using: &generator))
      }
      let total = try Self.report(rows).total
      #expect(total.counts.entrusted == rows.map(\.counts.entrusted).reduce(0, +), "seed \(seed)")
      #expect(total.counts.damaged == rows.map(\.counts.damaged).reduce(0, +), "seed \(seed)")
      #expect(total.counts.missing == rows.map(\.counts.missing).reduce(0, +), "seed \(seed)")
      #expect(total.counts.found == rows.map(\.counts.found).reduce(0, +), "seed \(seed)")
      #expect(total.counts.balances, "seed \(seed)")
      #expect(
        total.lostPer100k == Rate(events: total.counts.lost, trials: total.counts.entrusted), "seed \(seed)")
    }
  }

  @Test func oneItemTooManyOrTooFewAnywhereIsRefused() throws {
    let seed = UInt64.random(in: .min ... .max)
    var generator = SeededGenerator(seed: seed)
    let parts: [WritableKeyPath<LossCounts, Int>] = [
      \.entrusted, \.delivered, \.returned, \.lost, \.destroyed, \.open,
    ]
    for part in parts {
      for change in [-1, 1] {
        var counts = Self.randomCounts(using: &generator)
        counts[keyPath: part] += change
        let rows = [Self.quiet, LossRow(group: "broken", counts: counts)]
        #expect(
          throws: LossReportRefusal.balanceDoesNotClose(group: "broken", counts: counts), "seed \(seed)"
        ) {
          try Self.report(rows)
        }
      }
    }
  }

  /// The table of 2024 that started this: parts that miss 46 of their own total.
  @Test func theRefusalNamesTheGroupAndTheNumbers() {
    let counts = LossCounts(entrusted: 15256, delivered: 15210)
    let refusal = LossReportRefusal.balanceDoesNotClose(group: "TT-01", counts: counts)
    #expect(refusal.description.contains("TT-01"))
    #expect(refusal.description.contains("15256") && refusal.description.contains("15210"))
    #expect(!counts.balances)
  }

  @Test func impossibleCountsAreRefused() {
    let impossible = [
      LossCounts(entrusted: 1, delivered: 2, open: -1), LossCounts(entrusted: 1, open: 1, missing: 2),
      LossCounts(entrusted: 1, open: 1, damaged: 2), LossCounts(entrusted: 1, open: 1, found: 2),
    ]
    for counts in impossible {
      #expect(counts.balances)
      #expect(throws: LossReportRefusal.impossibleCounts(group: "a", counts: counts)) {
        try Self.report([LossRow(group: "a", counts: counts)])
      }
    }
  }

  @Test func twoRowsOfOneNameAreRefusedButTwoSpellingsAreNot() throws {
    #expect(throws: LossReportRefusal.ambiguousGroup("TT-01")) { try Self.report([Self.quiet, Self.quiet]) }
    #expect(throws: LossReportRefusal.ambiguousGroup("total")) {
      try Self.report([LossRow(group: "total", counts: LossCounts())])
    }
    let spellings = ["Huế", "Hue\u{302}\u{301}"].map { LossRow(group: $0, counts: LossCounts()) }
    #expect(try Self.report(spellings).rows.count == 2)
  }

  @Test func ratesAreRoundedToTenDigitsAndNoFurther() throws {
    let seed = UInt64.random(in: .min ... .max)
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<500 {
      let trials = Int.random(in: 1...100_000_000, using: &generator)
      let events = Int.random(in: 1...max(1, min(trials, 50)), using: &generator)
      let interval = try #require(BinomialInterval.clopperPearson(events: events, trials: trials))
      let rate = Rate(events: events, trials: trials)
      for (rounded, share) in [
        (rate.rate, Double(events) / Double(trials)), (rate.lower, interval.lower),
        (rate.upper, interval.upper),
      ] {
        let value = try #require(rounded)
        #expect(abs(value - share * 100_000) <= 5.1e-10 * value, "seed \(seed), \(events)/\(trials)")
        let digits = try #require(NumberText.plain(value)).filter(\.isNumber).drop { $0 == "0" }
        #expect(digits.count <= 10, "seed \(seed), \(events)/\(trials): \(value)")
      }
    }
  }

  static func randomCounts(using generator: inout SeededGenerator) -> LossCounts {
    var counts = LossCounts(
      delivered: .random(in: 1...9999, using: &generator), returned: .random(in: 1...99, using: &generator),
      lost: .random(in: 1...9, using: &generator), destroyed: .random(in: 1...3, using: &generator),
      open: .random(in: 100...500, using: &generator), missing: .random(in: 0...9, using: &generator))
    counts.entrusted =
      counts.delivered + counts.returned + counts.lost + counts.destroyed + counts.open
    counts.damaged = .random(in: 0...20, using: &generator)
    counts.found = .random(in: 0...5, using: &generator)
    return counts
  }
}

extension Sequence<UInt8> {
  func containsSequence(_ other: some Sequence<UInt8>) -> Bool {
    let (mine, wanted) = (Array(self), Array(other))
    guard wanted.count <= mine.count else { return false }
    return (0...(mine.count - wanted.count)).contains { Array(mine[$0..<($0 + wanted.count)]) == wanted }
  }
}
