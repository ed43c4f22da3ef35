import Foundation
import Testing

@testable import DossierReport

@Suite struct ChartTests {
  // MARK: Every kind

  @Test(arguments: OutputLanguage.allCases) func everyKindIsOneReadablePicture(language: OutputLanguage)
    throws
  {
    for (index, chart) in SampleDocument.everyChart.enumerated() {
      let text = chart.svg(id: "chart-\(index)", language: language)
      let svg = try #require(try MarkupTree.read(text).children.first)
      #expect(svg.name == "svg")
      #expect(svg.attributes["role"] == "img")
      let named = try #require(svg.attributes["aria-labelledby"]).split(separator: " ").map(String.init)
      let found = named.map { id in svg.children.first { $0.attributes["id"] == id }?.text }
      #expect(found == [chart.title[language], chart.description[language]])
      #expect(text == chart.svg(id: "chart-\(index)", language: language))
      #expect(!text.contains("style="))
      #expect(!text.contains("href"))
    }
  }

  @Test func aFunnelDrawsEveryOfficeAndNamesOnlyThoseOutside() throws {
    let svg = try MarkupTree.read(SampleDocument.funnel(offices: 63).svg(id: "f", language: .vi))
    #expect(svg.all("circle").count == 63)
    let labels = svg.all("text").map(\.text)
    #expect(labels.filter { $0.hasPrefix("Bưu cục") } == [])
    #expect(labels.contains("Xã Ea H’Leo"))
    #expect(labels.contains("Phường Buôn Ma Thuột"))
    #expect(labels.contains("10.000"))
    #expect(labels.contains("chung 50"))
  }

  @Test func aGapBreaksTheLineAndASignalHasAnotherShape() throws {
    let svg = try MarkupTree.read(SampleDocument.series().svg(id: "s", language: .en))
    #expect(svg.all("circle").count == 10)
    let joined = svg.all("path").filter { $0.attributes["stroke-linejoin"] == "round" }
    #expect(joined.count == 2)
    #expect(svg.all("path").filter { $0.attributes["fill"] == Ink.problem }.count == 1)
  }

  @Test func curvesAreToldApartWithoutColour() throws {
    let svg = try MarkupTree.read(SampleDocument.survival().svg(id: "s", language: .vi))
    let curves = svg.all("path").filter { $0.attributes["stroke-linejoin"] == "round" }
    #expect(Set(curves.map { $0.attributes["stroke-dasharray"] }).count == 3)
    let labels = svg.all("text").map(\.text)
    #expect(labels.contains("Trả kết quả"))
    #expect(labels.contains("20\u{A0}%"))
  }

  @Test func aFlowDrawsARibbonALinkAndLeavesOutWhatLeadsBack() throws {
    guard case .flow(var flow) = SampleDocument.flow().kind else { return }
    flow.links += [
      .init(from: 3, to: 2, value: 5), .init(from: 0, to: 99, value: 5), .init(from: 0, to: 2, value: -1),
    ]
    let chart = ReportChart(title: text("a"), description: text("b"), kind: .flow(flow))
    let svg = try MarkupTree.read(chart.svg(id: "f", language: .en))
    let ribbons = svg.all("path").filter { $0.attributes["fill-opacity"] != nil }
    #expect(ribbons.count == 10)
    #expect(ribbons.filter { $0.attributes["fill"] == Ink.problem }.count == 2)
    #expect(svg.all("text").contains { $0.text.contains("3 values that are undefined") })
  }

  @Test func partsOfABarAreAsLongAsTheirValues() throws {
    let svg = try MarkupTree.read(SampleDocument.bars().svg(id: "b", language: .vi))
    let widths = svg.all("rect").filter { !$0.children.isEmpty }.compactMap {
      Double($0.attributes["width"] ?? "")
    }
    #expect(widths.count == 12)
    // 11,980 and 8,700 on one scale.
    #expect(abs(widths[0] / widths[3] - 11_980 / 8_700) < 0.001)
  }

  // MARK: Hostile and extreme values

  private static let awkward = [
    "</text><script>alert(1)</script>", "\"\u{301} onload=\"alert(1)", "<\u{338}script>", "&lt;&#x0;",
    "\u{0}\u{8}\u{1B}[1m",
    "\u{FFFE}\u{FFFF}", "e\u{302}\u{301}", "\u{202E}gnp", "]]>", "👩‍🚀日本",
    String(repeating: "Trung tâm Phục vụ hành chính công ", count: 3_000), "",
  ]

  @Test(arguments: awkward.indices) func labelsStayText(index: Int) throws {
    let label = Self.awkward[index]
    for chart in Self.charts(label: label, values: [3, 1, 4]) {
      let text = chart.svg(id: label, language: .vi)
      let svg = try MarkupTree.read(text)
      let names = Set(svg.descendants.map(\.name))
      #expect(names.isSubset(of: ["svg", "title", "desc", "text", "path", "rect", "circle"]))
      let attributes = Set(svg.descendants.flatMap(\.attributes.keys))
      #expect(attributes.filter { $0.hasPrefix("on") } == [])
      #expect(text.unicodeScalars.elementsEqual(text.precomposedStringWithCanonicalMapping.unicodeScalars))
      for element in svg.all("text") { #expect(element.text.count < 120) }
    }
  }

  @Test(
    arguments: [
      [], [0], [5], [0, 0, 0], [10_000_000, 1], [.nan], [.infinity, -.infinity, 1], [1e300, 1e-300], [-5, 5],
      [1e15, 1e15], [0.000_001, 0.000_002], [.greatestFiniteMagnitude, .leastNonzeroMagnitude],
      [-1e15, 1e15],
    ] as [[Double]])
  func extremeValuesStayInsideThePicture(values: [Double]) throws {
    for chart in Self.charts(label: "Xã Ea H’Leo", values: values) { try check(chart) }
  }

  @Test func randomChartsStayInsideThePicture() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<60 {
      let values = (0..<Int.random(in: 0...90, using: &random)).map { _ -> Double in
        let size = Double.random(in: -3...9, using: &random)
        return Int.random(in: 0..<12, using: &random) == 0 ? .nan : Foundation.pow(10, size)
      }
      for chart in Self.charts(label: random.awkwardText(), values: values) {
        do { try check(chart) } catch { Issue.record("seed \(seed): \(error)") }
      }
    }
  }

  @Test func whatIsNotDrawnIsCounted() throws {
    let chart = Self.charts(label: "a", values: [1, .nan, .infinity, 2])[1]
    let svg = try MarkupTree.read(chart.svg(id: "s", language: .vi))
    #expect(svg.all("text").contains { $0.text == "Không vẽ 2 giá trị không xác định hoặc quá lớn." })
  }

  @Test func manyValuesDoNotMakeAPictureOfMegabytes() throws {
    let values = (0..<100_000).map { Double($0 % 977) }
    for chart in Self.charts(label: "a", values: values) {
      let text = chart.svg(id: "m", language: .en)
      #expect(text.utf8.count < 400_000, "\(chart.kind.word)")
    }
  }

  /// Well-formed, every number finite, every place on the canvas.
  private func check(_ chart: ReportChart) throws {
    let text = chart.svg(id: "c", language: .vi)
    let root = try MarkupTree.read(text)
    let svg = try #require(root.children.first)
    let height = try #require(Double(svg.attributes["height"] ?? ""))
    for element in svg.descendants {
      for (key, limit) in [
        ("x", 640.0), ("cx", 640), ("y", height), ("cy", height), ("width", 640), ("height", height),
      ] {
        guard let value = element.attributes[key] else { continue }
        let number = try #require(Double(value))
        #expect(number >= -1 && number <= limit + 1, "\(chart.kind.word): \(element.name) \(key)=\(value)")
      }
      guard let data = element.attributes["d"] else { continue }
      let numbers = data.split { "MLCZ ".contains($0) }.map { Double($0) }
      #expect(
        numbers.allSatisfy { $0.map { $0 >= -12 && $0 <= max(652, height + 12) } ?? false },
        "\(chart.kind.word): \(data)")
    }
  }

  private func text(_ text: String) -> BilingualText { BilingualText(vi: text, en: text) }

  /// One chart of each kind about the same values.
  private static func charts(label: String, values: [Double]) -> [ReportChart] {
    let name = BilingualText(vi: label, en: label)
    let kinds: [ReportChart.Kind] = [
      .funnel(
        FunnelChart(
          points: values.enumerated().map { .init(label: label, x: $1, y: $1, isOutside: $0 % 3 == 0) },
          target: values.first ?? 0,
          limits: [
            .init(
              name: name, line: .dashed,
              steps: values.map { .init(x: $0, lower: $0 > 2 ? $0 / 2 : nil, upper: $0 * 2) })
          ], xTitle: name, yTitle: name)),
      .series(
        SeriesChart(
          points: values.enumerated().map {
            .init(label: label, value: $1, lower: $1 - 1, upper: $1 + 1, isSignal: $0 % 4 == 0)
          }, levels: values.prefix(3).map { .init(name: name, value: $0) }, xTitle: name, yTitle: name)),
      .survival(
        SurvivalChart(
          curves: [0.5, 1].map { factor in
            .init(
              name: name,
              steps: values.map { .init(time: $0, value: factor / (1 + abs($0)), lower: 0, upper: $0) })
          }, xTitle: name, yTitle: name)),
      .flow(
        FlowChart(
          nodes: [.init(name: name, column: 0)] + values.prefix(20).map { _ in .init(name: name, column: 5) },
          links: values.enumerated().map { .init(from: 0, to: $0 + 1, value: $1, isProblem: $0 == 1) })),
      .bars(
        BarChart(
          series: [name, name, name, name, name, name],
          bars: values.map { .init(label: name, values: [$0, 1, $0], lower: $0, upper: $0) }, xTitle: name)),
      .bars(
        BarChart(
          series: [name], bars: values.map { .init(label: name, values: [$0], lower: $0 - 1, upper: $0 + 1) },
          xTitle: name)),
    ]
    return kinds.map { ReportChart(title: name, description: name, kind: $0) }
  }
}

extension ReportChart.Kind {
  fileprivate var word: Substring { "\(self)".prefix { $0 != "(" } }
}

@Suite struct TicksTests {
  @Test(arguments: [
    (0.0, 100.0, 5, [0.0, 20, 40, 60, 80, 100], 0), (0, 1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1], 1),
    (0, 0.3, 3, [0, 0.1, 0.2, 0.3], 1), (-3, 7, 5, [-4, -2, 0, 2, 4, 6, 8], 0),
    (0, 0, 5, [0, 0.2, 0.4, 0.6, 0.8, 1], 1),
    (0, 10_000_000, 4, [0, 5_000_000, 10_000_000], 0),
    (0, 0.00047, 5, [0, 0.0001, 0.0002, 0.0003, 0.0004, 0.0005], 4),
  ])
  func marksStandAtRoundNumbers(lower: Double, upper: Double, count: Int, values: [Double], places: Int) {
    let ticks = Ticks(from: lower, through: upper, count: count)
    #expect(ticks.values == values)
    #expect(ticks.places == places)
  }

  @Test func countsHaveNoFractions() {
    #expect(Ticks(from: 0, through: 2, count: 6, isWhole: true).values == [0, 1, 2])
  }

  @Test func marksEncloseAnyRangeAndDifferInPrint() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
      let size = Foundation.pow(10, Double.random(in: -6...15, using: &random))
      let lower = Double.random(in: -1...0, using: &random) * size
      let upper = Double.random(in: 0...1, using: &random) * size
      let ticks = Ticks(from: lower, through: upper, count: 5)
      #expect(ticks.lower <= lower + size * 1e-6 && ticks.upper >= upper - size * 1e-6, "seed \(seed)")
      #expect((2...12).contains(ticks.values.count), "seed \(seed)")
      let labels = ticks.values.map { ticks.label($0, language: .vi) }
      #expect(Set(labels).count == labels.count, "seed \(seed): \(labels)")
    }
  }

  @Test func logarithmicMarksArePowersOfTen() {
    #expect(Ticks(logarithmicFrom: 30, through: 45_000).values == [10, 100, 1_000, 10_000, 100_000])
  }
}

@Suite struct MarkupTests {
  @Test func numbersHaveTwoDecimalsAndNoNoise() {
    #expect(
      [0, 1, -1.5, 0.1 + 0.2, 1.005, -0.001, 12.30, .nan, 1e9].map(SVGMarkup.number)
        == ["0", "1", "-1.5", "0.3", "1", "0", "12.3", "0", "100000"])
  }

  @Test func aQuoteUnderAnAccentIsEscapedAllTheSame() {
    #expect(Array(Markup.escaped("\"\u{301}").utf8) == Array("&quot;\u{301}".utf8))
    #expect(Markup.escaped("a<b & 'c'") == "a&lt;b &amp; &#39;c&#39;")
    #expect(Array(Markup.escaped("e\u{302}\u{301}").utf8) == Array("ế".utf8))
  }

  @Test func labelsSpreadWithoutLeavingTheirPlace() {
    #expect(LabelPlaces.spread([10, 11, 12], gap: 14, from: 0, through: 100) == [10, 24, 38])
    #expect(LabelPlaces.spread([99, 98], gap: 14, from: 0, through: 100) == [100, 86])
  }
}
