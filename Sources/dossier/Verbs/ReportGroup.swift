internal import ArgumentParser
internal import DossierTracker

struct ReportGroup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Báo cáo · Reports",
    discussion: """
      EXAMPLE
        dossier report losses --by leg
      """,
    subcommands: [
      ReportLosses.self, ReportCustody.self, ReportDelays.self, ReportFees.self, ReportCheck.self,
      ReportSettlement.self, ReportPublished.self,
    ])
}
