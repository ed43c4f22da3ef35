public import DossierCore
public import DossierReport
internal import DossierSQLite
internal import DossierSheets

extension Tracker {
  /// Who held the dossiers how long, and because of whom they were late, as known on a basis.
  ///
  /// - Parameters:
  ///   - sheet: what the one-stop software says of them; nil leaves the comparison out.
  /// - Throws: ``TrackerRefusal`` when the store cannot be read; ``DelayReportRefusal`` if a sum does not close, which
  ///   would be a fault of the program and is never printed.
  public func delays(
    at basis: ReportBasis, _ query: DelayQuery, calendars: WorkingCalendars = .standard,
    sheet: TickSheet? = nil
  ) throws -> DelayReport {
    let gathered = try journeys(at: basis, withDossiers: true, into: DelayAccumulator())
    return try explained {
      let codes = try store.texts(ofTerms: gathered.offices)
      var kinds: [String: Office.Kind] = [:]
      for office in try store.offices(atSize: basis.view.log.size) { kinds[office.code] = office.kind }
      let figures = DelayFigures(
        gathered, query: query, now: basis.view.recordedAt, calendars: calendars,
        kinds: codes.compactMapValues { kinds[$0] }, keepsDeliveries: sheet != nil)
      return try DelayReport(figures, calendars: calendars, texts: store, sheet: sheet)
    }
  }
}

extension TickSheet {
  /// Reads an export of the one-stop software: CSV or XLSX, the first of its sheets that has the columns.
  ///
  /// - Throws: ``TrackerRefusal`` when the file is no table, or has no such columns.
  public static func read(_ bytes: [UInt8], file: String) throws -> TickSheet {
    let tables: [SheetTable]
    do { tables = try SheetReader.read(bytes: bytes, name: file) } catch {
      throw TrackerRefusal(error.finding)
    }
    var first: Finding?
    for table in tables {
      let sheet = TickSheet(table, file: file)
      guard let error = sheet.findings.first(where: { $0.severity == .error }) else { return sheet }
      first = first ?? error
    }
    throw TrackerRefusal(first ?? Finding(.tickSheetForm, file: file))
  }
}
