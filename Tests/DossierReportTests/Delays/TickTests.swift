import DossierCore
import Testing

@testable import DossierReport

@Suite struct TickTests {
  private func sheet(_ rows: [[SheetCell]], header: [String] = TickTests.national) -> TickSheet {
    let all = [header.map(SheetCell.text)] + rows
    return TickSheet(
      SheetTable(
        name: "Sheet1", rows: all.enumerated().map { SheetRow(line: $0.offset + 3, cells: $0.element) }),
      file: "mot-cua.xlsx")
  }

  static let national = ["STT", "MaHoSo", "NgayHenTra", "NgayTra", "NgayKetThucXuLy"]

  @Test(
    arguments: [
      (SheetCell.text("20260310170000"), "2026-03-10"), (.text("20260310"), "2026-03-10"),
      (.text("10/03/2026"), "2026-03-10"), (.text("10-03-2026 16:05"), "2026-03-10"),
      (.text("10/03/2026 16:05:01"), "2026-03-10"), (.text("2026-03-10"), "2026-03-10"),
      (.text("2026-03-10 08:00:00"), "2026-03-10"), (.text("2026-03-10T08:00:00.000"), "2026-03-10"),
      (.text("2026-03-10T23:30:00Z"), "2026-03-11"),
      (.number(20_260_310_170_000, isPercent: false, places: 0), "2026-03-10"),
      (.text("2026-02-30"), nil), (.text("31/04/2026"), nil), (.text("10/03/26"), nil),
      (.text("hôm qua"), nil),
      (.text("10/03/2026 lúc 8h"), nil), (.number(46_091.5, isPercent: false, places: nil), nil),
      (.text("1/3/2026"), "2026-03-01"), (.flag(true), nil),
    ] as [(SheetCell, String?)])
  func days(cell: SheetCell, day: String?) { #expect(TickSheet.day(cell)?.text == day) }

  @Test func columnsAreFoundByTheirNames() {
    let row: [SheetCell] = [
      .empty, .text("H48.25-260301-0001"), .text("10/03/2026"), .text("12/03/2026"), .empty,
    ]
    for header in [Self.national, ["TT", "Mã hồ sơ", "Ngày hẹn trả", "Ngày trả", "Ngày kết thúc xử lý"]] {
      let sheet = sheet([row], header: header)
      #expect(sheet.findings.isEmpty)
      #expect(sheet.ticks["H48.25-260301-0001"]?.due?.text == "2026-03-10")
      #expect(sheet.ticks["H48.25-260301-0001"]?.ticked?.text == "2026-03-12")
      #expect(sheet.ticks["H48.25-260301-0001"]?.processed == nil)
    }
    let wrong = sheet([row], header: ["a", "b", "c", "d", "e"])
    #expect(wrong.findings.map(\.code) == [.tickSheetForm])
  }

  @Test func badRowsAreFindingsAndRepeatedCodesAreCounted() {
    let code = SheetCell.text("H48.25-260301-0001")
    let sheet = sheet([
      [.empty, code, .empty, .text("10/03/2026")], [.empty, code, .empty, .text("11/03/2026")],
      [.empty, .text("?"), .empty, .empty], [.empty, code, .text("x"), .empty],
      // The older form of the code, lowest level first.
      [.empty, .text("000.00.25.H48-260301-0002"), .empty, .empty],
    ])
    #expect(sheet.repeated == 1 && sheet.unreadable == 2)
    #expect(sheet.findings.map(\.line) == [6, 7])
    #expect(sheet.ticks["H48.25-260301-0001"]?.ticked?.text == "2026-03-10")
    #expect(sheet.ticks["H48.25-260301-0002"] != nil)
  }

  /// Results delivered on the 12th, ticked on time, late, or never, against several due dates: as in the published case
  /// of three results that were returned in time and only ticked late.
  @Test func lateTicksAreToldFromLateDeliveries() throws {
    let journeys = try (1...7).map { item in
      let steps: [(EventKind, Int64, Int32, Int32)] = [
        (.accepted, try instant("2026-03-10T08:00"), Place.post, 0),
        (.delivered, try instant("2026-03-12T10:00"), Place.post, 0),
      ]
      return journey(
        Int64(item), .result,
        [JourneyDossier(id: Int64(item), key: Int64(item), due: item == 7 ? nil : try date("2026-03-13"))],
        item == 6 ? Array(steps.prefix(1)) : steps)
    }
    let figures = try figures(journeys, now: instant("2026-03-30T08:00"), keepsDeliveries: true)
    func row(_ number: Int, _ due: String, _ ticked: String, _ processed: String = "") -> [SheetCell] {
      [.empty, .text("H48.25-260301-000\(number)")]
        + [due, ticked, processed].map { $0.isEmpty ? .empty : .text($0) }
    }
    let sheet = sheet([
      row(1, "13/03/2026", "16/03/2026", "13/03/2026"),  // delivered in time, ticked late
      row(2, "", ""),  // never ticked; due by custody
      row(3, "11/03/2026", "12/03/2026", "11/03/2026"),  // late, though processed in time
      row(4, "11/03/2026", "10/03/2026"),  // ticked when it was given to the post
      row(5, "13/03/2026", "12/03/2026"), row(6, "13/03/2026", "12/03/2026"), row(9, "13/03/2026", ""),
    ])
    let ticks = TickFigures(sheet, figures, calendar: WorkingCalendars.standard.administrative) {
      PlainTexts().codes(ofDossiers: $0)
    }
    #expect(ticks.balances)
    #expect(
      ticks.counts == [
        .tickedLate: 1, .neverTicked: 1, .bothLate: 1, .deliveredLateOnly: 1, .bothInTime: 1,
        .tickedUndelivered: 1,
      ])
    #expect(ticks.matched == 6 && ticks.unknownHere == 1 && ticks.missingThere == 1)
    #expect(ticks.lateByTick == 2 && ticks.lateByProcessing == 0 && ticks.lateAfterProcessing == 1)
    #expect(ticks.rows.map(\.code.utf8.last) == [0x31, 0x32, 0x33, 0x34])

    let report = try DelayReport(figures, calendars: .standard, texts: PlainTexts(), sheet: sheet)
    let document = report.document(language: .vi, note: ReportNote(command: "dossier report delays"))
    #expect(document.sections.contains { $0.id == "ticks-tickedLate" })
    let text = String(decoding: try document.render(.table, style: TableStyle(language: .vi)), as: UTF8.self)
    #expect(text.contains("Phần mềm tính quá hạn 2 theo ngày trả; trong đó 1 đã phát đúng hạn"))
  }
}
