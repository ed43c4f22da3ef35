import Testing

@testable import DossierReport

@Suite struct TableTextTests {
  @Test(arguments: [
    ("", 0), ("Bưu cục", 7), ("Trung tâm Phục vụ hành chính công", 33), ("ế", 1), ("e\u{302}\u{301}", 1),
    ("\u{301}", 0), ("日本", 4), ("ﾊ", 1), ("한국", 4), ("한", 2), ("👩‍🚀", 2), ("🇻🇳", 2), ("a\u{200B}b", 2), ("Ｖ", 2),
    ("…–≤─", 4), ("\u{AD}", 0), ("❤\u{FE0F}", 2),
  ])
  func displayWidth(text: String, width: Int) {
    #expect(DisplayWidth.of(text) == width)
  }

  @Test func composedAndDecomposedVietnameseAreEquallyWide() {
    let composed = "Đắk Lắk, Thừa Thiên Huế, Ea H’Leo"
    let decomposed =
      "Đa\u{306}\u{301}k La\u{306}\u{301}k, Thu\u{31B}\u{300}a Thie\u{302}n Hue\u{302}\u{301}, Ea H’Leo"
    #expect(DisplayWidth.of(composed) == DisplayWidth.of(decomposed))
    #expect(composed.utf8.count != decomposed.utf8.count)
  }

  @Test func cuttingNeverExceedsTheWidthNorSplitsALetter() {
    let seed = UInt64.random(in: .min ... .max)
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<500 {
      let text = DisplayWidth.safe(generator.awkwardText() + generator.awkwardText())
      let width = Int.random(in: 1...12, using: &generator)
      let cut = DisplayWidth.cut(text, to: width)
      #expect(DisplayWidth.of(cut) <= width, "seed \(seed)")
      if DisplayWidth.of(text) <= width { #expect(cut == text, "seed \(seed)") }
      #expect(text.hasPrefix(cut == text ? text : String(cut.dropLast())), "seed \(seed)")
    }
  }

  static let columns = [
    Column("item", vi: "Bưu gửi", en: "Item", kind: .code), Column("office", vi: "Đơn vị", en: "Office"),
    Column("weight", vi: "Khối lượng", en: "Weight", kind: .decimal(places: 1)),
    Column("count", vi: "Số hồ sơ", en: "Dossiers", kind: .integer),
  ]
  static let document = TabularDocument(
    columns: columns,
    rows: [
      [.text("EE123456785VN"), .text("Bưu cục Ea H’Leo"), .decimal(1234.55), .integer(15256)],
      [.text("EE000000015VN"), .text("Hue\u{302}\u{301}"), .decimal(-0.04), .none],
    ])

  @Test func tableIsAlignedInBothLanguages() {
    #expect(
      hex(Self.document.render(.table))
        == hex(
          """
          Bưu gửi        Đơn vị            Khối lượng  Số hồ sơ
          ─────────────  ────────────────  ──────────  ────────
          EE123456785VN  Bưu cục Ea H’Leo     1.234,6    15.256
          EE000000015VN  Hue\u{302}\u{301}                      0,0

          """))
    #expect(
      hex(Self.document.render(.table, style: TableStyle(language: .en)))
        == hex(
          """
          Item           Office             Weight  Dossiers
          ─────────────  ────────────────  ───────  ────────
          EE123456785VN  Bưu cục Ea H’Leo  1,234.6    15,256
          EE000000015VN  Hue\u{302}\u{301}                   0.0

          """))
  }

  @Test func aNarrowTerminalWrapsHeadersAndCutsProseOnly() {
    let text = Self.document.render(.table, style: TableStyle(width: 42))
    #expect(
      hex(text)
        == hex(
          """
                                        Khối   Số hồ
          Bưu gửi        Đơn vị        lượng      sơ
          ─────────────  ──────────  ───────  ──────
          EE123456785VN  Bưu cục E…  1.234,6  15.256
          EE000000015VN  Hue\u{302}\u{301}             0,0

          """), "\(text)")
    let hopeless = Self.document.render(.table, style: TableStyle(width: 5))
    #expect(hopeless.contains("EE123456785VN") && hopeless.contains("1.234,6") && hopeless.contains("15.256"))
  }

  @Test func totalTitleAndNotesStandAroundTheRows() {
    var document = Self.document
    document.rows = []
    document.total = [.text("Tổng"), .none, .decimal(0), .integer(0)]
    document.title = BilingualText(vi: "Tiêu đề", en: "Title")
    document.notes = [BilingualText(vi: "Ghi chú", en: "Note")]
    let lines = document.render(.table, style: TableStyle(language: .en)).split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.first == "Title" && lines.dropLast().last == "Note")
    #expect(lines.contains("(no rows)") && lines.contains { $0.hasPrefix("Tổng") })
    #expect(document.render(.csv).split(separator: "\r\n").count == 2)
  }

  @Test func colourOnlyWhenAskedAndNeverFromContent() {
    let hostile = TabularDocument(
      columns: [Column("note", vi: "Ghi chú", en: "Note")],
      rows: [[.text("a\u{1B}[2Jb\u{9B}31m\u{202E}c\nd")]])
    let plain = hostile.render(.table)
    #expect(!plain.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{9B}" || $0 == "\u{202E}" })
    #expect(plain.split(separator: "\n").count == 3)
    let coloured = hostile.render(.table, style: TableStyle(colour: true))
    #expect(coloured.hasPrefix("\u{1B}[1mGhi chú\u{1B}[0m\n"))
    #expect(coloured.split(separator: "\u{1B}").count == 3 - 1)
  }

  @Test(arguments: [
    (0, 0, "0", "0"), (15256, 0, "15.256", "15,256"), (-1_234_567.891, 2, "-1.234.567,89", "-1,234,567.89"),
    (999.995, 2, "1.000,00", "1,000.00"), (0.5, 0, "1", "1"), (1.005, 2, "1,01", "1.01"),
    (-0.001, 2, "0,00", "0.00"), (1e-9, 3, "0,000", "0.000"),
    (1e21, 0, "1.000.000.000.000.000.000.000", "1,000,000,000,000,000,000,000"),
    (12, 1, "12,0", "12.0"),
  ])
  func humanNumbers(value: Double, places: Int, vi: String, en: String) {
    #expect(NumberText.human(value, places: places, language: .vi) == vi)
    #expect(NumberText.human(value, places: places, language: .en) == en)
  }

  @Test func integersAreGroupedToTheLast() {
    #expect(NumberText.human(Int.min, language: .vi) == "-9.223.372.036.854.775.808")
    #expect(NumberText.human(UInt64.max, language: .en) == "18,446,744,073,709,551,615")
    #expect(NumberText.human(-100, language: .vi) == "-100")
  }

  @Test func plainNumbersReadBackAndHaveNoExponent() throws {
    let seed = UInt64.random(in: .min ... .max)
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<2000 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      let text = try #require(NumberText.plain(value))
      #expect(Double(text)?.bitPattern == value.bitPattern, "seed \(seed)")
      #expect(!text.contains("e") && text.contains("."), "seed \(seed)")
    }
    #expect(NumberText.plain(.nan) == nil && NumberText.plain(-.infinity) == nil)
  }

  @Test(arguments: [
    ("2026-01-05", "05/01/2026", "2026-01-05"),
    ("2026-01-05T08:30:00+07:00", "05/01/2026 08:30:00+07:00", "2026-01-05 08:30:00+07:00"),
    ("unknown", "unknown", "unknown"), ("2026-1-5", "2026-1-5", "2026-1-5"),
    ("2026-01-05x", "2026-01-05x", "2026-01-05x"),
  ])
  func humanDates(value: String, vi: String, en: String) {
    #expect(HumanDate.text(value, language: .vi) == vi)
    #expect(HumanDate.text(value, language: .en) == en)
  }
}

@Suite struct GroupHeaderTests {
  @Test func aHeaderOverSeveralColumnsStandsAboveThem() {
    let resolved = BilingualText(vi: "Đã giải quyết", en: "Resolved")
    let document = TabularDocument(
      columns: [
        Column("field", vi: "Lĩnh vực", en: "Field", kind: .code),
        Column("early", vi: "Sớm", en: "Early", kind: .integer, group: resolved),
        Column("late", vi: "Trễ", en: "Late", kind: .integer, group: resolved),
        Column("all", vi: "Tổng", en: "All", kind: .integer),
      ], rows: [[.text("LV-01"), .integer(1), .integer(20_000), .integer(3)]])
    #expect(
      document.render(.table) == """
        \u{20}         Đã giải quyết
        \u{20}         ─────────────
        Lĩnh vực  Sớm       Trễ  Tổng
        ────────  ───  ────────  ────
        LV-01       1    20.000     3

        """)
  }

  @Test func withoutColumnsThereIsNoTable() {
    var document = TabularDocument(columns: [], rows: [])
    document.title = BilingualText(vi: "Không có gì", en: "Nothing")
    #expect(document.render(.table) == "Không có gì\n")
  }
}
