public import CustodyLog
public import DossierCore
public import DossierReport
internal import DossierSQLite

extension Tracker {
  /// Form II.06 of a period for the dossiers that the post carried, as known on a basis.
  ///
  /// - Parameter edition: the form; nil for the national one of the period.
  /// - Throws: ``TrackerRefusal`` when the store cannot be read; `settlementUnbalanced` if an identity does not hold, which
  ///   would be a fault of the program and is never printed.
  public func settlement(
    at basis: ReportBasis, from: CalendarDate, through: CalendarDate, edition: FormLayout.Edition? = nil
  ) throws -> SettlementReport {
    let tally = try journeys(at: basis, withDossiers: true, into: SettlementTally())
    let names = try explained { try texts.texts(ofTerms: tally.fields) }
    do {
      return try SettlementReport(
        tally, from: from, through: through, known: basis.heading.date,
        layout: edition.map(FormLayout.edition), names: names)
    } catch {
      throw TrackerRefusal(Finding(.settlementUnbalanced, path: path, detail: error.description))
    }
  }
}

extension SettlementReport {
  /// The command that makes it again from one state of the log, always spelt the same way.
  public func command(at basis: ReportBasis) -> String {
    "dossier report settlement --from \(from.text) --to \(through.text) --layout \(layout.edition.rawValue) "
      + "--as-of \(basis.view.log.size)"
  }

  /// State of the log and command.
  public func note(at basis: ReportBasis) -> ReportNote {
    ReportNote(log: basis.logHead, knownAt: basis.knownAt, command: command(at: basis))
  }

  /// The hash of its JSON: what publishing states, and what `sha256sum` of the file says.
  public func digest(at basis: ReportBasis) throws -> Digest {
    MerkleHash.sha256(try document(language: .vi, note: note(at: basis)).render(.json))
  }

  /// What publishing calls it: `settlement 2026-01-01..2026-03-31 current13`.
  public var reference: String {
    PublishedReport.reference("settlement", from, through) + " " + layout.edition.rawValue
  }
}
