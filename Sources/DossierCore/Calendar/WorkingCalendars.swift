/// The two calendars by which reports count, and who counts by which.
public struct WorkingCalendars: Sendable {
  /// Centers and agencies, and every due date.
  public var administrative: WorkingCalendar
  /// Post offices and transport.
  public var postal: WorkingCalendar

  public init(administrative: WorkingCalendar, postal: WorkingCalendar) {
    self.administrative = administrative
    self.postal = postal
  }

  /// The program's own calendars (`Schemas/calendars/`).
  public static let standard = WorkingCalendars(
    administrative: built(PackageResources.administrative_txt, .administrative),
    postal: built(PackageResources.postal_txt, .postal))

  /// The standard calendars with the years of a user's files, each of which says which calendar it is about.
  ///
  /// - Parameter files: names and bytes, in order: a later file's year takes the place of an earlier one's.
  /// - Returns: the calendars, and a finding for every line that is wrong. With an error among the findings no report
  ///   should be made.
  public static func extended(
    by files: [(name: String, bytes: [UInt8])]
  ) -> (calendars: WorkingCalendars, findings: [Finding]) {
    var findings: [Finding] = []
    var data: [CalendarData] = []
    for file in files {
      let (read, found) = CalendarData.read(file.bytes, file: file.name)
      findings += found
      if let read { data.append(read) }
    }
    return (
      WorkingCalendars(
        administrative: standard.administrative.extended(by: data),
        postal: standard.postal.extended(by: data)), findings
    )
  }

  /// A calendar without a single year refuses every question; a test reads the resources.
  private static func built(_ bytes: [UInt8], _ name: CalendarData.Name) -> WorkingCalendar {
    let data = CalendarData.read(bytes, file: name.rawValue).data
    return WorkingCalendar(data ?? CalendarData(name: name, years: [], bytes: bytes))
  }
}

extension WorkingCalendar {
  /// A calendar of one file.
  public init(_ file: CalendarData) { self.init(file.name, file.years, [file]) }
}
