internal import DossierTracker
internal import Logging

/// What the station's parts share.
struct StationServices: Sendable {
  /// Keeps other stations off the store while this one lives: each would write its own sessions over the other's.
  private let hold: PrivateFile.Hold?
  let options: StationOptions
  let environment: Tracker.Environment
  let work: StoreWork
  let people: People
  let certificate: ServerCertificate
  let hosts: StationHosts
  let assets: Assets
  let pages: PageRoutes
  let live: LiveFeed
  let imports: ImportWorkers
  let audits: AuditDesk
  let reports: ReportDesk
  let metrics: Metrics
  let connections: Connections
  let routes = RouteTable()
  let ending = StationEnding()
  let scans: ScanIntake
  let lookupLimits: PublicLookupLimits
  let logger: Logger

  /// How others reach the station, as far as it knows: printed in QR codes.
  var address: String {
    options.publicAddress ?? "\(certificate.scheme)://\(options.host):\(options.port)"
  }

  /// - Parameter isAlone: whether another station on the same store is refused; tests open several.
  init(
    _ options: StationOptions, environment: Tracker.Environment, logger: Logger, hasher: SecretHasher,
    isAlone: Bool
  ) throws {
    self.options = options
    self.environment = environment
    self.logger = logger
    let tracker = try Tracker(opening: options.data, environment: environment)
    // Before anything of the station's folder is read or cleared.
    hold =
      isAlone
      ? try PrivateFile(folder: PeopleFile.folder(options.data), name: "serving").hold(
        orRefuse: .stationRunning) : nil
    work = StoreWork(tracker)
    metrics = Metrics()
    metrics.began(at: try tracker.head())
    live = LiveFeed(work: work, metrics: metrics, limit: options.limits.listeners)
    imports = ImportWorkers(options, work: work, live: live)
    audits = AuditDesk(work: work, live: live, now: environment.now)
    reports = ReportDesk(work: work)
    connections = Connections(
      limit: min(options.limits.connections, max(64, OpenFiles.limit / 2)),
      ofOneAddress: options.limits.connectionsOfOneAddress)
    scans = ScanIntake(work: work, live: live)
    certificate = try ServerCertificate(options)
    hosts = StationHosts(options, certificate: certificate.leaf)
    people = try People(
      options, environment: environment, hasher: hasher, work: work, live: live,
      logger: logger)
    lookupLimits = PublicLookupLimits(now: environment.now)
    Upload.clear(data: options.data)
    assets = Assets()
    pages = PageRoutes(renderer: try PageRenderer(assets: assets))
  }
}
