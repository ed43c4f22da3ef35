import CustodyLog
import DossierSQLite
import DossierTesting
import Foundation
import Testing

@testable import DossierTracker

/// Periods that are published once and answered from there.
@Suite struct PublishedReportTests {
  private static let from = CalendarDate("2026-01-01")
  private static let through = CalendarDate("2026-01-31")

  private struct Period {
    var from: CalendarDate
    var through: CalendarDate
  }

  private func january() throws -> Period {
    Period(from: try #require(Self.from), through: try #require(Self.through))
  }

  /// Manifests and events of January, on a clock of 2 February.
  private func store(_ path: String) throws -> Tracker {
    let tracker = try Sample.create(path)
    try Sample.importOffices(tracker)
    _ = try Sample.importAll(tracker)
    return tracker
  }

  /// A result of a dossier that was open is delivered, with a day in January.
  private func deliverLater(_ tracker: Tracker) throws {
    let at = Sample.now - 4 * 86_400_000
    _ = try tracker.append([
      TestValues.event("late-1", .accepted, "RM473981177VN", at: at, office: "H48.25", grade: .observed),
      TestValues.event(
        "late-2", .delivered, "RM473981177VN", at: at + 3_600_000, office: "H48.25", reference: "R1"),
    ])
  }

  @Test func aPublishedPeriodNoLongerChanges() throws {
    let folder = try TemporaryFolder()
    let tracker = try store(folder.path("store"))
    let period = try january()
    #expect(try tracker.publishedSettlement(from: period.from, through: period.through) == nil)
    let (published, report, basis) = try tracker.publishSettlement(from: period.from, through: period.through)
    #expect(published.reference == "settlement 2026-01-01..2026-01-31 current13")
    #expect(published.seen == basis.view.log && published.edition == .current13)
    #expect(report.tables[0].total.received > 0)
    // What a person hashes is the file that the command writes.
    let json = try report.document(language: .en, note: report.note(at: basis)).render(.json)
    #expect(MerkleHash.sha256(json) == published.document)
    #expect(published.hexadecimal.count == 64)
    try deliverLater(tracker)
    // From the state it was computed from: the same figures, the same bytes.
    let again = try tracker.basis(asOf: .size(published.seen.size))
    let repeated = try tracker.settlement(at: again, from: period.from, through: period.through)
    #expect(repeated == report)
    #expect(try repeated.digest(at: again) == published.document)
    // As known now they may differ, and another state of the log has another hash in any case.
    let now = try tracker.basis()
    let current = try tracker.settlement(at: now, from: period.from, through: period.through)
    #expect(try current.digest(at: now) != published.document)
    let shown = current.document(language: .vi, note: current.note(at: now), published: report)
    #expect(shown.sections.contains { $0.id == "since-published" })
    let audit = try tracker.audit()
    #expect(audit.findings.filter { $0.code.rawValue.hasPrefix("D-3") } == [])
  }

  @Test func aPeriodIsPublishedOnceUnlessCorrected() throws {
    let folder = try TemporaryFolder()
    let tracker = try store(folder.path("store"))
    let period = try january()
    func publish(_ replacing: Bool, _ edition: FormLayout.Edition? = nil) throws -> Finding? {
      try refusal {
        try tracker.publishSettlement(
          from: period.from, through: period.through, edition: edition, replacing: replacing)
      }
    }
    #expect(try publish(true)?.code == .notPublished)
    #expect(try publish(false) == nil)
    let again = try publish(false)
    #expect(again?.code == .periodPublished && again?.events == ["log+0"])
    #expect(try publish(false, .local12)?.code == .periodPublished)
    try deliverLater(tracker)
    #expect(try publish(true) == nil)
    let reports = try tracker.publishedReports()
    #expect(reports.map(\.event) == ["log+0", "log+1"] && reports.map(\.isReplaced) == [true, false])
    #expect(reports[0].seen.size < reports[1].seen.size)
    #expect(try tracker.publishedSettlement(from: period.from, through: period.through) == reports[1])
    // Another period is another report.
    let december = Period(
      from: try #require(CalendarDate("2025-12-01")), through: try #require(CalendarDate("2025-12-31")))
    _ = try tracker.publishSettlement(from: december.from, through: december.through)
    #expect(try tracker.publishedReports().map(\.isReplaced) == [true, false, false])
    #expect(try tracker.audit().findings.filter { $0.code.rawValue.hasPrefix("D-3") } == [])
  }

  @Test func aPeriodThatIsNotOverIsNotPublished() throws {
    let folder = try TemporaryFolder()
    let tracker = try store(folder.path("store"))
    let period = try january()
    let february = try #require(CalendarDate("2026-02-28"))
    let today = try #require(CalendarDate("2026-02-02"))
    let head = try tracker.head()
    for last in [february, today] {
      let finding = try refusal { try tracker.publishSettlement(from: period.from, through: last) }
      #expect(finding?.code == .periodOpen && finding?.found == "2026-02-02")
    }
    #expect(try tracker.head() == head)
  }

  /// Published reports stand in one chain with the log's keys, and neither mistakes the other.
  @Test func keysAreReplacedAroundPublishedReports() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("store")
    let tracker = try store(path)
    let period = try january()
    _ = try tracker.publishSettlement(from: period.from, through: period.through)
    _ = try tracker.checkpoint()
    #expect(try !tracker.rotateKey().isFinished)
    _ = try tracker.publishSettlement(from: period.from, through: period.through, replacing: true)
    #expect(try refusal { try tracker.rotateKey() }?.code == .keyRotation)
    #expect(try tracker.finishRotation().isFinished)
    let audit = try Sample.open(path).audit()
    #expect(audit.findings.filter { $0.code.rawValue.hasPrefix("D-3") } == [])
    #expect(try tracker.publishedReports().map(\.event) == ["log+0", "log+2"])
  }

  @Test func theSeedsAreCheckedThroughTheReadersOfFiles() throws {
    let folder = Repository.sample("seeds")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    let files = try names.filter { !ReportChecking.isDescription($0) }.map { name in
      (name: folder + "/" + name, bytes: try Files.read(folder + "/" + name))
    }
    #expect(files.count == 6)
    let (report, unreadable) = ReportChecking.check(files)
    #expect(unreadable == [] && report.findings == [] && report.refused == [])
    #expect(report.hasProblems)
    #expect(report.tables.map(\.layout.edition) == [.local12])
    #expect(
      report.claims.filter(\.isProblem).map(\.id) == [
        "13 Lĩnh vực đất đai/D", "Tổng lĩnh vực đất đai/rest", "000-02", "000-05", "001-06", "001-07",
        "001-08", "004-03",
      ])
    let broken = ReportChecking.check([
      (name: "x.csv", bytes: [0xFF, 0x00, 0x01]), (name: "y.figures", bytes: []),
    ])
    #expect(!broken.unreadable.isEmpty && broken.report.refused == ["y.figures"])
  }
}
