import DossierTracker
import Foundation
import HTTPTypes
import Testing

@testable import DossierStation

@Suite struct ReportPageTests {
  @Test func everyReportHasItsSectionsAndNothingThatThePolicyForbids() async throws {
    let station = try StationFixture()
    for kind in ReportOrder.Kind.allCases {
      for language in ["vi", "en"] {
        let answer = try await station.send(.get, "/reports/\(kind.rawValue)?lang=\(language)", as: .reporter)
        #expect(answer.status == .ok)
        #expect(answer.text.contains("<h2 id="), "\(kind)")
        for forbidden in [" style=", "<style", "<script>", " onload", "javascript:"] {
          #expect(!answer.text.contains(forbidden), "\(kind) \(forbidden)")
        }
        #expect(answer.bytes.count < 60_000, "\(kind): \(answer.bytes.count)")
      }
    }
    #expect(try await station.send(.get, "/reports/losses?by=office", as: .reporter).text.contains("<svg"))
  }

  @Test func twinsAreTheCommandsOwnDocuments() async throws {
    let station = try StationFixture()
    let tracker = station.services.work.tracker
    let losses = try await station.send(
      .get, "/reports/losses.json?period=2026-Q1&by=leg,month&unit=item", as: .reporter)
    let request = LossRequest(
      from: try CalendarDate.parse("2026-01-01").get(), through: try CalendarDate.parse("2026-03-31").get(),
      unit: .item, by: [.leg, .month])
    let made = try tracker.losses(request, at: tracker.basis()).document
    #expect(losses.bytes == (try made.render(.json)))
    let csv = try await station.send(
      .get, "/reports/losses.csv?period=2026-Q1&by=leg,month&unit=item", as: .reporter)
    #expect(csv.bytes == (try made.render(.csv)))
  }

  @Test(arguments: [
    ("losses", "period=2026-Q5"), ("losses", "from=2026-02-30"), ("losses", "from=2026-02-01&to=2026-01-01"),
    ("losses", "period=2026&from=2026-01-01"), ("losses", "by=office,office"), ("losses", "by=%3Cscript%3E"),
    ("losses", "unit=bag"), ("losses", "as-of=-1"), ("losses", "as-of=99999999"), ("losses", "sort=rate"),
    ("delays", "by=office,leg"), ("delays", "limit=-1"), ("custody", "overdue=x"), ("custody", "stuck=0"),
    ("custody", "stuck=99999999999999999999"), ("settlement", "layout=new"), ("fees", "by=field"),
    ("fees", "period=0000"),
  ]) func wrongWordsAreRefusedAsByTheCommand(kind: String, query: String) async throws {
    let answer = try await StationFixture().send(.get, "/reports/\(kind)?\(query)", as: .reporter)
    #expect(answer.status == .unprocessableContent)
    #expect(
      ["D-7091", "D-6040", "D-6041"].contains(try answer.json()["code"] as? String ?? "")
        || query.hasPrefix("as-of"))
  }

  @Test func aPublishedPeriodKeepsItsFigures() async throws {
    // In April.
    let clock = TestClock()
    clock.advance(minutes: 60 * 24 * 60)
    let station = try StationFixture(environment: clock.environment)
    let tracker = station.services.work.tracker
    let (from, through) = (
      try CalendarDate.parse("2026-01-01").get(), try CalendarDate.parse("2026-03-31").get()
    )
    let (_, report, basis) = try tracker.publishSettlement(from: from, through: through)
    let wanted = try report.document(language: .vi, heading: basis.heading, note: report.note(at: basis))
      .render(.json)
    let twin = try await station.send(.get, "/reports/settlement.json?period=2026-Q1", as: .reporter)
    #expect(twin.bytes == wanted)
    let current = try await station.send(
      .get, "/reports/settlement?period=2026-Q1&current=1", as: .reporter)
    #expect(current.status == .ok && current.text.contains("--current"))
  }

  @Test(arguments: [
    ("csv", "csv"), ("csv-excel", "excel.csv"), ("json", "json"), ("html", "html"), ("xlsx", "xlsx"),
  ]) func reportsAreTakenAlongUnderTheirNames(format: String, ending: String) async throws {
    let station = try StationFixture()
    let answer = try await station.send(.get, "/reports/fees/file/\(format)?period=2026-01", as: .reporter)
    #expect(answer.status == .ok)
    #expect(answer.headers[.contentDisposition] == "attachment; filename=\"fees-464.\(ending)\"")
    #expect(!answer.bytes.isEmpty)
    #expect(try await station.send(.get, "/reports/fees/file/table", as: .reporter).status == .notFound)
  }

  @Test func tenAtOnceAreAnswered() async throws {
    let station = try StationFixture()
    try await withThrowingTaskGroup(of: HTTPResponse.Status.self) { group in
      for day in 1...10 {
        group.addTask {
          try await station.send(.get, "/reports/fees?from=2026-01-0\(day % 9 + 1)", as: .reporter).status
        }
      }
      for try await status in group { #expect(status == .ok) }
    }
  }
}
