public import DossierCore

/// One report as it is handed in: what every renderer (text, JSON, CSV, XLSX, HTML, PDF) makes its pages of.
///
/// It holds values, not layout. The same document gives the same bytes in every format, whatever clock or locale.
public struct ReportDocument: Equatable, Sendable {
  /// The report's word in the CLI, for example `losses`.
  public var kind: String
  public var title: BilingualText
  /// Who hands it in; nil for reports that are not tied to a store.
  public var heading: ReportHeading?
  /// Lines under the title: period, unit.
  public var lead: [BilingualText]
  public var sections: [ReportSection]
  public var note: ReportNote
  /// What CSV, TSV and NDJSON carry: one flat table, every number in a column of its own.
  public var flat: TabularDocument
  /// The report's JSON, stable English keys. ``note`` is added to it as its last member.
  public var json: [JSONOutput.Member]
  /// Whether pages lie across, for wide tables.
  public var isLandscape: Bool

  public init(
    kind: String, title: BilingualText, heading: ReportHeading? = nil, lead: [BilingualText] = [],
    sections: [ReportSection], note: ReportNote, flat: TabularDocument, json: [JSONOutput.Member],
    isLandscape: Bool = false
  ) {
    self.kind = kind
    self.title = title
    self.heading = heading
    self.lead = lead
    self.sections = sections
    self.note = note
    self.flat = flat
    self.json = json
    self.isLandscape = isLandscape
  }
}

/// The header block of an administrative document (Nghị định 30/2020/NĐ-CP, annex I): the superior body and the issuing
/// body on the left, Quốc hiệu and Tiêu ngữ on the right, place and date beneath.
public struct ReportHeading: Hashable, Sendable {
  /// Name of the body above the issuing one; nil when it has none.
  public var superior: String?
  /// Name of the issuing body.
  public var office: String
  /// Where it is signed, for example a province.
  public var place: String?
  /// The day of the state of the log that the report speaks of; nil for an empty log.
  public var date: CalendarDate?

  public init(superior: String?, office: String, place: String?, date: CalendarDate?) {
    self.superior = superior
    self.office = office
    self.place = place
    self.date = date
  }
}

/// One part of a report: a title, some sentences, charts, and a table.
public struct ReportSection: Equatable, Sendable {
  /// Stable English word: the anchor in HTML, at most 31 characters of `a-zA-Z0-9-`. The sheets of a workbook are called by
  /// the title.
  public var id: String
  public var title: BilingualText
  public var text: [BilingualText]
  public var charts: [ReportChart]
  /// Columns, rows and total; its own title, lead and notes are not printed here.
  public var table: TabularDocument?
  /// Whether the columns' numbers (1), (2), … stand under their headers, as in the national forms.
  public var numbersColumns: Bool

  public init(
    id: String, title: BilingualText, text: [BilingualText] = [], charts: [ReportChart] = [],
    table: TabularDocument? = nil, numbersColumns: Bool = false
  ) {
    self.id = id
    self.title = title
    self.text = text
    self.charts = charts
    self.table = table
    self.numbersColumns = numbersColumns
  }
}

/// What a reader needs to check a report and an auditor to compute it again.
public struct ReportNote: Equatable, Sendable {
  /// A rule or a calendar that the figures depend on.
  public struct Version: Equatable, Sendable {
    /// Stable English word, for example `administrativeCalendar`.
    public var name: String
    public var version: String

    public init(_ name: String, _ version: String) {
      self.name = name
      self.version = version
    }
  }

  /// Methods, definitions and remarks, one sentence a line.
  public var lines: [BilingualText]
  /// The state of the log; nil for reports that are not computed from one.
  public var log: LossReport.LogHead?
  /// Time of the newest event in it, RFC 3339 at +07:00; nil for an empty log.
  public var knownAt: String?
  public var versions: [Version]
  /// The exact command that makes this report again, without format and file.
  public var command: String

  public init(
    lines: [BilingualText] = [], log: LossReport.LogHead? = nil, knownAt: String? = nil,
    versions: [Version] = [], command: String
  ) {
    self.lines = lines
    self.log = log
    self.knownAt = knownAt
    self.versions = versions
    self.command = command
  }
}
