internal import ArgumentParser
internal import DossierTracker

/// The command. Its verbs read arguments, call the tracker and print; what the product does is in the tracker.
struct Dossier: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dossier",
    abstract: "Sổ giao nhận hồ sơ qua bưu chính · Chain of custody for dossiers in the mail",
    discussion: """
      EXAMPLE
        dossier demo
        dossier import manifests/ && dossier audit

      EXIT CODES
        0  done, and clean
        1  done, and something was found: rejected, discrepancy, audit finding
        2  could not be done
        64 wrong usage
        130 interrupted

      ENVIRONMENT
        DOSSIER_DATA  folder of the store (else dossier-data)
        LC_ALL, LC_MESSAGES, LANG  en… for English, anything else for Vietnamese
        NO_COLOR  no bold text in tables
      """,
    version: ProductVersion.current,
    subcommands: [
      DemoVerb.self, InitVerb.self, ImportVerb.self, ReceiveVerb.self, RecordVerb.self, ShowVerb.self,
      ListGroup.self, AuditVerb.self, ExplainVerb.self, ReportGroup.self, ReconcileVerb.self, LogGroup.self,
      WitnessGroup.self,
      OfficesGroup.self, BackupVerb.self, RestoreVerb.self, EraseGroup.self, RetentionGroup.self,
      PrintGroup.self, ReceiptVerb.self, SampleVerb.self, ServeVerb.self, PeopleGroup.self,
      DoctorVerb.self,
    ])
}
