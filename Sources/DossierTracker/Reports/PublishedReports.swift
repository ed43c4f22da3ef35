public import CustodyLog
public import DossierCore
public import DossierReport
internal import DossierSQLite

/// A period's report that was published: the log states the hash of its figures, and the state of the log that they were
/// computed from. From then on the period is answered from there, whatever is recorded later.
public struct PublishedReport: Hashable, Sendable {
  /// Identifier of the event that says so.
  public var event: String
  public var index: Int64
  /// Milliseconds since 1970 UTC.
  public var recordedAt: Int64
  /// Kind of report, period and options: `settlement 2026-01-01..2026-03-31 current13`.
  public var reference: String
  /// SHA-256 of the report's JSON.
  public var document: Digest
  /// The state of the log that it was computed from.
  public var seen: LogHead
  /// Whether a later one stands in its place; both stay visible.
  public var isReplaced = false

  /// Kind and period: what can be published once.
  var subject: Substring { reference.prefix(upTo: reference.lastIndex(of: " ") ?? reference.endIndex) }

  /// The form's word.
  public var edition: FormLayout.Edition? {
    FormLayout.Edition(rawValue: String(reference.dropFirst(subject.count + 1)))
  }

  static func reference(_ kind: String, _ from: CalendarDate, _ through: CalendarDate) -> String {
    "\(kind) \(from.text)..\(through.text)"
  }

  /// The day of publishing in Viet Nam.
  public var day: CalendarDate? {
    OffsetDateTime(milliseconds: recordedAt, offsetMinutes: OffsetDateTime.vietNamOffsetMinutes)?.localDate
  }

  /// The hash as `sha256sum` prints it.
  public var hexadecimal: String {
    document.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

extension Tracker {
  /// All reports that were published, oldest first.
  public func publishedReports() throws -> [PublishedReport] {
    try explained {
      var reports: [PublishedReport] = []
      for event in try store.eventsAboutLog() where event.kind == .reportPublished {
        guard let reference = event.details.reference, let document = event.details.document,
          let seen = event.details.seen
        else { throw TrackerRefusal(Finding(.eventMalformed, path: "event/\(event.index)")) }
        let report = PublishedReport(
          event: event.identifier, index: Int64(event.index), recordedAt: event.recordedAt,
          reference: reference,
          document: document, seen: seen)
        for position in reports.indices where reports[position].subject == report.subject {
          reports[position].isReplaced = true
        }
        reports.append(report)
      }
      return reports
    }
  }

  /// The report of a period that was published last.
  public func publishedSettlement(from: CalendarDate, through: CalendarDate) throws -> PublishedReport? {
    let subject = PublishedReport.reference("settlement", from, through)
    return try publishedReports().last { $0.subject.utf8.elementsEqual(subject.utf8) }
  }

  /// Publishes the report of a period as known now.
  ///
  /// - Parameter replacing: it corrects one that was published; without, a period is published once.
  /// - Returns: what the log states of it, and the basis it was computed from.
  /// - Throws: ``TrackerRefusal``: `periodOpen` when the log knows no day after the period yet; `periodPublished`;
  ///   `notPublished` when there is nothing to replace.
  public func publishSettlement(
    from: CalendarDate, through: CalendarDate, edition: FormLayout.Edition? = nil, replacing: Bool = false
  ) throws -> (published: PublishedReport, report: SettlementReport, basis: ReportBasis) {
    let basis = try basis()
    // The last day of a period may still bring events.
    guard let known = basis.heading.date, known > through else {
      throw TrackerRefusal(
        Finding(.periodOpen, path: path, expected: through.text, found: basis.heading.date?.text ?? "-"))
    }
    let count = try explained { try store.eventsAboutLog().count }
    let earlier = try publishedSettlement(from: from, through: through)
    if let earlier, !replacing {
      throw TrackerRefusal(
        Finding(
          .periodPublished, path: path, events: [earlier.event],
          found: "\(earlier.day?.text ?? ""), \(earlier.event)"))
    }
    if earlier == nil && replacing {
      throw TrackerRefusal(Finding(.notPublished, path: "\(from.text)..\(through.text)"))
    }
    let report = try settlement(at: basis, from: from, through: through, edition: edition)
    var details = EventDetails()
    details.document = try report.digest(at: basis)
    details.reference = report.reference
    details.seen = basis.view.log
    let isRecorded = try explained {
      try store.recordAboutLog(.reportPublished, details, after: count, recordedAt: now)
    }
    // Another process published, or replaced a key, in the meantime: judged again with what it did.
    guard isRecorded else {
      return try publishSettlement(from: from, through: through, edition: edition, replacing: replacing)
    }
    guard let published = try publishedReports().last(where: { $0.reference == report.reference }) else {
      throw TrackerRefusal(Finding(.notPublished, path: report.reference))
    }
    return (published, report, basis)
  }
}
