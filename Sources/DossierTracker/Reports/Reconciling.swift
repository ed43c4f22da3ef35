internal import CustodyLog
internal import DossierCore
public import DossierReport
internal import DossierSQLite
internal import DossierSheets

extension Tracker {
  /// Compares an export of the one-stop software with custody, as known on a basis.
  ///
  /// - Parameters:
  ///   - bytes: the whole file, CSV or XLSX, at most 64 MiB.
  ///   - name: the file's name, for findings.
  ///   - scope: which dossiers; without days, those between the first and the last that the file has.
  /// - Throws: ``TrackerRefusal``: the file is no table that can be read, or no column holds dossier codes (D-6060).
  public func reconcile(
    _ bytes: [UInt8], name: String, at basis: ReportBasis, scope: ReconciliationScope = ReconciliationScope()
  ) throws -> ReconciliationReport {
    let file = try Self.softwareFile(bytes, name: name)
    let scope = scope.completed(by: file)
    let wanted = try explained { try store.dossierRows(ofCodes: file.codes) }
    let tally = try journeys(
      at: basis, withDossiers: true,
      into: ReconciliationTally(wanted: wanted, from: scope.from, through: scope.through))
    return try explained {
      let result = Reconciliation(
        file, tally, codes: try store.codes(ofDossiers: tally.dossiers), scope: scope,
        now: basis.view.recordedAt)
      return try ReconciliationReport(
        result, terms: tally.terms, texts: store, digest: MerkleHash.sha256(bytes).hex)
    }
  }

  /// A function of its own, so that the table's cells are gone before the journeys are read.
  private static func softwareFile(_ bytes: [UInt8], name: String) throws -> SoftwareFile {
    let tables: [SheetTable]
    do { tables = try SheetReader.read(bytes: bytes, name: name) } catch {
      throw TrackerRefusal(error.finding)
    }
    guard let file = SoftwareFile(tables) else {
      throw TrackerRefusal(Finding(.dossierColumnMissing, file: name))
    }
    return file
  }
}
