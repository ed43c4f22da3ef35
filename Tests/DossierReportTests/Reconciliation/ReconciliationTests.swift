import DossierCore
import Testing

@testable import DossierReport

@Suite struct ReconciliationTests {
  /// A dossier's row is its number; its key the same.
  private func dossier(_ number: Int64, due: String? = "2026-01-16", field: Int32 = 9) -> JourneyDossier {
    JourneyDossier(
      id: number, key: number, field: field, received: CalendarDate("2026-01-05"),
      due: due.flatMap { CalendarDate($0) })
  }

  private func code(_ number: Int64) -> String { "H48.24-260105-\(1000 + number)" }

  private func intake(_ dossiers: [JourneyDossier], item: Int64, received: Bool = true) -> ItemJourney {
    var events = [
      Bench.event(item * 100, .accepted, 0, Bench.post),
      Bench.event(item * 100 + 1, .dispatched, 0.5, Bench.post, to: Bench.center),
    ]
    if received { events.append(Bench.event(item * 100 + 2, .received, 1, Bench.center)) }
    return ItemJourney(folding: events, item: item, leg: .intake, dossiers: dossiers)
  }

  private func result(_ dossiers: [JourneyDossier], item: Int64, ending: (EventKind, Double)?) -> ItemJourney
  {
    var events = [
      Bench.event(item * 100, .accepted, 5, Bench.center),
      Bench.event(item * 100 + 1, .dispatched, 5.5, Bench.center, to: Bench.post),
      Bench.event(item * 100 + 2, .received, 6, Bench.post),
    ]
    if let ending { events.append(Bench.event(item * 100 + 3, ending.0, ending.1, Bench.post)) }
    return ItemJourney(folding: events, item: item, leg: .result, dossiers: dossiers)
  }

  private func reconcile(
    _ lines: [[String]], _ journeys: [ItemJourney],
    headings: [String] = ["Mã hồ sơ", "Trạng thái", "Ngày trả", "Ngày hẹn trả"], now: Double = 20,
    scope: ReconciliationScope = ReconciliationScope(), heaps: Int = 1
  ) throws -> Reconciliation {
    let file = try #require(SoftwareFile([SoftwareFileTests.table([headings] + lines)]))
    let positions = Dictionary(uniqueKeysWithValues: file.codes.enumerated().map { ($1, Int32($0)) })
    var wanted: [Int64: Int32] = [:]
    for journey in journeys {
      for dossier in journey.dossiers where positions[code(dossier.id)] != nil {
        wanted[dossier.id] = positions[code(dossier.id)]
      }
    }
    let scope = scope.completed(by: file)
    let tally = Bench.fold(
      journeys, into: ReconciliationTally(wanted: wanted, from: scope.from, through: scope.through),
      heaps: heaps)
    return Reconciliation(
      file, tally, codes: try Bench.names().codes(ofDossiers: tally.dossiers), scope: scope,
      now: Bench.day(now))
  }

  private func report(_ result: Reconciliation) throws -> ReconciliationReport {
    try ReconciliationReport(result, terms: [], texts: Bench.names(), digest: "00")
  }

  private func kinds(_ result: Reconciliation) -> [String] {
    Reconciliation.Kind.allCases.flatMap { kind in
      (result.differences[kind] ?? []).map { "\(kind.rawValue) \($0.code ?? "…")" }
    }
  }

  @Test func everyWayToDifferIsToldApart() throws {
    let result = try reconcile(
      [
        [code(1), "10", "15/01/2026", "16/01/2026"], [code(2), "9", "", "16/01/2026"],
        [code(3), "10", "19/01/2026", "16/01/2026"], [code(4), "10", "15/01/2026", "16/01/2026"],
        [code(5), "4", "", ""], [code(6), "4", "", ""], [code(7), "4", "", ""],
        [code(8), "10", "15/01/2026 17:01", "15/01/2026 17:00"],
      ],
      [
        result([dossier(1)], item: 1, ending: (.delivered, 9)),
        result([dossier(2)], item: 2, ending: (.delivered, 9)),
        result([dossier(3)], item: 3, ending: (.delivered, 9)), result([dossier(4)], item: 4, ending: nil),
        intake([dossier(5)], item: 5), intake([dossier(6)], item: 6, received: false),
        result([dossier(8)], item: 8, ending: (.delivered, 10.7)),
        result([dossier(9)], item: 9, ending: (.delivered, 9)),
      ])
    #expect(
      kinds(result) == [
        "deliveredNotTicked \(code(2))", "tickedNotDelivered \(code(4))", "tickedLate \(code(3))",
        "tickedLate \(code(8))", "statusDiffers \(code(6))", "onlyInSoftware \(code(7))",
        "onlyInCustody \(code(9))",
      ])
    #expect(result.matched == 7 && result.agreeing == 2 && result.hasDifferences)
    #expect(try report(result).hasDifferences)
  }

  @Test func aResultLostOrReturnedIsNotDelivered() throws {
    let lines = [[code(1), "10", "", ""], [code(2), "10", "", ""], [code(3), "9", "", ""]]
    let result = try reconcile(
      lines,
      [
        result([dossier(1)], item: 1, ending: (.lost, 9)),
        result([dossier(2)], item: 2, ending: (.returned, 9)),
        result([dossier(3)], item: 3, ending: (.lost, 9)),
      ])
    #expect(
      kinds(result) == [
        "tickedNotDelivered \(code(1))", "tickedNotDelivered \(code(2))", "statusDiffers \(code(3))",
      ])
  }

  @Test func aResultFetchedAtTheCounterIsNoDifference() throws {
    let result = try reconcile([[code(1), "10", "15/01/2026", ""]], [intake([dossier(1)], item: 1)])
    #expect(kinds(result) == [] && result.agreeing == 1 && !result.hasDifferences)
    #expect(result.total.returned == 0)
    // But the software may say that it went by post, where nobody has seen it.
    let claimed = try reconcile(
      [[code(1), "10", "15/01/2026", "Qua bưu chính công ích"]], [intake([dossier(1)], item: 1)],
      headings: ["Mã hồ sơ", "Trạng thái", "Ngày trả", "Hình thức trả"])
    #expect(kinds(claimed) == ["tickedNotDelivered \(code(1))"])
    #expect(claimed.total.returned == -1)
  }

  @Test func whatNeverWasInThePostIsNotMissed() throws {
    let result = try reconcile(
      [
        [code(1), "1", "Trực tiếp tại Bộ phận Một cửa"], [code(2), "1", "Qua bưu chính công ích"],
        [code(3), "3", "Trực tiếp"],
      ], [], headings: ["Mã hồ sơ", "Kênh thực hiện", "Hình thức trả"])
    #expect(result.notByPost == 1)
    #expect(kinds(result) == ["onlyInSoftware \(code(2))", "onlyInSoftware \(code(3))"])
  }

  @Test func periodAndOfficeBoundBothSides() throws {
    let headings = ["Mã hồ sơ", "Ngày tiếp nhận"]
    let lines = [
      [code(1), "05/01/2026"], ["H48.25-260105-0001", "05/01/2026"], ["H48.24.01-260105-0001", "09/01/2026"],
      ["H48.241-260105-0001", "05/01/2026"],
    ]
    let journeys = [intake([dossier(1), dossier(2)], item: 1)]
    let office = try reconcile(lines, journeys, headings: headings, scope: .init(office: "H48.24"))
    #expect(office.outside == 2)
    #expect(
      kinds(office) == ["onlyInSoftware H48.24.01-260105-0001", "onlyInCustody \(code(2))"])
    let january = CalendarDate("2026-01-06")
    let late = try reconcile(lines, journeys, headings: headings, scope: .init(from: january))
    #expect(late.outside == 3 && kinds(late) == ["onlyInSoftware H48.24.01-260105-0001"])
    // A bound that is not given is the file's own: what came to the desk after its last row is not missed in it.
    let after = JourneyDossier(id: 7, key: 7, field: 9, received: CalendarDate("2026-01-20"))
    let bounded = try reconcile(
      lines, [intake([dossier(1), after], item: 1)], headings: headings,
      scope: .init(from: CalendarDate("2026-01-05"), office: "H48.24"))
    #expect(kinds(bounded) == ["onlyInSoftware H48.24.01-260105-0001"])
    // A file of another office says nothing of this one's dossiers.
    let other = try reconcile([["H48.25-260105-0001", "05/01/2026"]], journeys, headings: headings)
    #expect(kinds(other) == ["onlyInSoftware H48.25-260105-0001"])
  }

  /// Tây Ninh city, first half of 2019: 9,144 on paper against 2,756 in the software (a difference of 6,388), of them 25
  /// overdue against 1,093 (a difference of -1,068 that the report printed without its sign).
  @Test func signsOfDifferencesAreKept() throws {
    var journeys: [ItemJourney] = []
    for number in 1...9_144 {
      journeys.append(
        result([dossier(Int64(number))], item: Int64(number), ending: (.delivered, number <= 25 ? 14 : 9)))
    }
    let lines = (1...2_756).map { number in
      [code(Int64(number)), "10", number <= 1_093 ? "17/01/2026" : "15/01/2026", "16/01/2026"]
    }
    let result = try reconcile(lines, journeys)
    #expect(result.total.custody.received == 9_144 && result.total.software.received == 2_756)
    #expect(result.total.received == 6_388)
    #expect(result.total.custody.overdue == 25 && result.total.software.overdue == 1_093)
    #expect(result.total.overdue == -1_068)
    // All but the 25 that really came late were only ticked late.
    #expect(result.differences[.tickedLate]?.count == 1_068)
    let document = try report(result).document(language: .vi, limit: 2, note: ReportNote(command: "c"))
    let text = String(decoding: try document.render(.table), as: UTF8.self)
    #expect(text.contains("6.388") && text.contains("-1.068"))
    #expect(document.flat.rows.count == 1_068 + 6_388)
  }

  @Test func personalColumnsAreNeverPrinted() throws {
    let lines = [
      [code(1), "Nguyễn Văn Kín", "0905123456", "kin@vidu.vn", "12 Lê Lợi", "079095000123"],
      ["Trần Thị Ẩn", "x", "", "", "", ""], ["0905123457", "y", "", "", "", ""],
      ["TRANTHIAN", "z", "", "", "", ""],
    ]
    let result = try reconcile(
      lines, [], headings: ["Mã hồ sơ", "Chủ hồ sơ", "Số điện thoại", "Email", "Địa chỉ", "Lĩnh vực"])
    let document = try report(result).document(language: .vi, limit: nil, note: ReportNote(command: "c"))
    for format in ReportFormat.allCases
    where ["table", "json", "csv", "tsv", "ndjson"].contains(format.rawValue) {
      let text = String(decoding: try document.render(format), as: UTF8.self)
      for secret in ["Kín", "0905", "vidu", "Lê Lợi", "079095", "Ẩn", "TRANTHIAN"] {
        #expect(!text.contains(secret), "\(format) prints \(secret)")
      }
      #expect(text.contains(code(1)))
    }
  }

  @Test(arguments: 1...12) func sumsCloseInAnyOrder(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    var journeys: [ItemJourney] = []
    for number in 1...80 {
      var journey = Bench.journey(Int64(number), &generator)
      let numbers = Set((0..<3).map { _ in Int64.random(in: 1...60, using: &generator) }).sorted()
      journey.dossiers = numbers.map {
        dossier($0, due: $0.isMultiple(of: 3) ? nil : "2026-01-16", field: Int32($0 % 4))
      }
      journeys.append(journey)
    }
    let lines = (1...60).filter { _ in Int.random(in: 0...2, using: &generator) > 0 }.map { number in
      [
        code(Int64(number)), "\(Int.random(in: 0...11, using: &generator))",
        Bool.random(using: &generator) ? "\(Int.random(in: 6...28, using: &generator))/01/2026" : "",
        Bool.random(using: &generator) ? "16/01/2026" : "",
      ]
    }
    let forward = try reconcile(lines, journeys, now: 25)
    let other = try reconcile(lines, journeys.shuffled(using: &generator), now: 25, heaps: 3)
    #expect(other == forward)
    let document = try report(forward).document(language: .en, limit: 3, note: ReportNote(command: "c"))
    for section in document.sections {
      let table = try #require(section.table)
      #expect(table.rows.allSatisfy { $0.count == table.columns.count }, "\(section.id)")
    }
    let listed = Reconciliation.Kind.allCases.reduce(0) { $0 + (forward.differences[$1]?.count ?? 0) }
    #expect(
      document.flat.rows.count == listed + forward.file.duplicates.count + forward.file.unreadable.count)
  }
}
