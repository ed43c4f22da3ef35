internal import Hummingbird

/// The pages on which custody is read, audited and reported.
struct CustodyRoutes {
  let services: StationServices

  func add(to router: Router<StationContext>) {
    HomeRoutes(services: services).add(to: router)
    FindRoutes(services: services).add(to: router)
    ItemRoutes(services: services).add(to: router)
    ManifestRoutes(services: services).add(to: router)
    FindingRoutes(services: services).add(to: router)
    AuditRoutes(services: services, desk: services.audits).add(to: router)
    ReportRoutes(services: services, desk: services.reports).add(to: router)
  }

  /// The style sheet of these pages.
  static let styles = ["pages.css"]
}
