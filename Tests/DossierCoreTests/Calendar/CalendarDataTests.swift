import CustodyLog
import DossierCore
import Foundation
import Testing

@Suite struct CalendarDataTests {
  @Test func theProgramsOwnFilesAreWhole() throws {
    for calendar in [WorkingCalendars.standard.administrative, WorkingCalendars.standard.postal] {
      #expect(calendar.years.map(\.year) == Array(2018...2027))
    }
    let administrative = WorkingCalendars.standard.administrative
    #expect(administrative.years.filter(\.isProvisional).map(\.year) == [2027])
    for day in administrative.years.flatMap(\.days) {
      #expect(!day.name.isEmpty && !day.source.isEmpty)
    }
    // Every swapped day has its make-up day, but for the one of 2018, made up for in 2019.
    let days = administrative.years.flatMap(\.days)
    #expect(days.count { $0.kind == .swapped } == days.count { $0.kind == .makeup })
  }

  @Test func theVersionNamesTheBytes() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let bytes = [UInt8](try Data(contentsOf: root.appending(path: "Schemas/calendars/administrative.txt")))
    let digest = MerkleHash.sha256(bytes).hex.prefix(12)
    let version = WorkingCalendars.standard.administrative.version
    #expect(version == "administrative 2019-2027 (2027 provisional) \(digest)")
    let own = Array("calendar;administrative\nweek;1-5\nhours;07:00-17:00\nyear;2027".utf8)
    let extended = WorkingCalendars.extended(by: [("own", own)]).calendars
    #expect(
      extended.administrative.version
        == "administrative 2019-2027 \(MerkleHash.sha256(bytes + own).hex.prefix(12))")
    #expect(extended.postal.version == WorkingCalendars.standard.postal.version)
  }

  @Test func aUsersYearTakesThePlaceOfTheWholeYear() throws {
    let text = """
      \u{feff}# Trung tâm làm cả sáng thứ Bảy\r
      calendar;administrative\r
      week;1-6\r
      hours;08:00-12:00\r
      year;2027\r
      2027-02-08 ; holiday ; Te\u{302}\u{301}t ; Thông báo 1\r
      """
    let (calendars, findings) = WorkingCalendars.extended(by: [("a", Array(text.utf8))])
    #expect(findings == [])
    let calendar = calendars.administrative
    let year = try #require(calendar.years.last)
    #expect(year.days.map(\.name.utf8.count) == ["Tết".utf8.count])
    #expect(try calendar.workingDays(inYear: 2027) == 365 - 52 - 1)
    #expect(try calendar.workingDays(inYear: 2026) == 249)
    let morning = try #require(OffsetDateTime("2027-01-02T00:00:00+07:00")).milliseconds
    #expect(try calendar.workingMilliseconds(from: morning, to: morning + 86_400_000) == 4 * 3_600_000)
  }

  @Test(arguments: [
    ("", 1), ("week;1-5", 1), ("calendar;lunar", 1), ("calendar;postal\ncalendar;postal", 2),
    ("calendar;postal", 1), ("calendar;postal\nyear;2030", 2), ("calendar;postal\nweek;0-5", 2),
    ("calendar;postal\nweek;5-1", 2), ("calendar;postal\nweek;1-5-6", 2), ("calendar;postal\nweek;", 2),
    ("calendar;postal\nhours;07:00", 2), ("calendar;postal\nhours;09:00-08:00", 2),
    ("calendar;postal\nhours;07:00-11:30,11:00-12:00", 2), ("calendar;postal\nhours;07:00-24:01", 2),
    ("calendar;postal\nhours;7:00-11:00", 2),
    ("calendar;postal\nweek;1-5\nhours;07:00-17:00\nyear;1989", 4),
    ("calendar;postal\nweek;1-5\nhours;07:00-17:00\nyear;2030\nyear;2030", 5),
    ("calendar;postal\nweek;1-5\nhours;07:00-17:00\nyear;2030;2029-05-01", 4),
    ("calendar;postal\nweek;1-5\nhours;07:00-17:00\nyear;2030\n2031-01-01;holiday;a;b", 5),
    ("calendar;postal\nweek;1-5\nhours;07:00-17:00\nyear;2030\n2030-02-30;holiday;a;b", 5),
    ("calendar;postal\nweek;1-5\nhours;07:00-17:00\nyear;2030\n2030-01-01;feast;a;b", 5),
    ("calendar;postal\nweek;1-5\nhours;07:00-17:00\nyear;2030\n2030-01-01;holiday;a", 5),
    ("calendar;postal\nweek;1-5\nhours;07:00-17:00\nyear;2030\n2030-01-01;holiday;;b", 5),
    // 2030-01-01 is a Tuesday, 2030-01-05 a Saturday.
    ("calendar;postal\nweek;1-5\nhours;07:00-17:00\nyear;2030\n2030-01-01;makeup;a;b", 5),
    ("calendar;postal\nweek;1-5\nhours;07:00-17:00\nyear;2030\n2030-01-05;swapped;a;b", 5),
    (
      "calendar;postal\nweek;1-5\nhours;07:00-17:00\nyear;2030\n2030-01-01;holiday;a;b\n2030-01-01;holiday;a;b",
      6
    ),
  ])
  func aWrongLineIsAFindingWithItsPlace(text: String, line: Int) {
    let (data, findings) = CalendarData.read(Array(text.utf8), file: "lich.txt")
    #expect(data == nil)
    #expect(findings.map(\.code) == [.calendarFileForm])
    #expect(findings.first?.line == line)
    #expect(findings.first?.file == "lich.txt")
  }

  @Test func hostileFilesEndQuickly() {
    #expect(CalendarData.read([0xFF, 0xFE], file: "a").findings.map(\.code) == [.calendarFileForm])
    let large = [UInt8](repeating: 0x0A, count: CalendarData.greatestFile + 1)
    #expect(CalendarData.read(large, file: "a").findings.map(\.code) == [.tooLarge])
    let wrong = Array(String(repeating: "x\n", count: 10_000).utf8)
    #expect(CalendarData.read(wrong, file: "a").findings.count == CalendarData.greatestFindings)
    var random = IdentifierRandom(seed: 6_014)
    let whole = Array("calendar;postal\nweek;1-5\nhours;07:00-17:00\nyear;2030\n2030-01-01;holiday;a;b".utf8)
    for _ in 0..<2_000 {
      var bytes = whole
      for _ in 0..<3 {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      let (data, findings) = CalendarData.read(bytes, file: "a")
      #expect((data == nil) == !findings.isEmpty)
    }
  }
}
