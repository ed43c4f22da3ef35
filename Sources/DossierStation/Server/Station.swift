public import DossierTracker
internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle

/// The station: the product's verbs as pages and as an API, for the people of one office.
public struct Station: Sendable {
  let services: StationServices

  /// Opens the store.
  ///
  /// - Throws: `TrackerRefusal` when the store cannot be written, as every verb that writes, or when another station,
  ///   of this process or another, is open on it.
  public init(_ options: StationOptions, environment: Tracker.Environment = .init()) throws {
    try self.init(options, environment: environment, hasher: SecretHasher(), isAlone: true)
  }

  init(
    _ options: StationOptions, environment: Tracker.Environment, hasher: SecretHasher, isAlone: Bool = false
  ) throws {
    let level = Logger.Level(rawValue: options.logLevel.rawValue) ?? .info
    let logger = Logger(label: "station") { _ in LogLines(level: level) }
    services = try StationServices(
      options, environment: environment, logger: logger, hasher: hasher, isAlone: isAlone)
  }

  /// Serves until ``shutDown()`` is called; then finishes what it began, within ``StationLimits/shutdownTime``, and signs
  /// where the log stands.
  ///
  /// - Parameter listening: called once, with the address at which the station answers.
  /// - Throws: `TrackerRefusal` when it cannot listen there.
  public func run(listening: @escaping @Sendable (String) -> Void) async throws {
    let options = services.options
    OpenFiles.raise()
    let application = Application(
      router: router(), server: try server(),
      configuration: .init(
        address: .hostname(options.host, port: options.port), serverName: nil, backlog: 1_024,
        // Beyond every limit of ours, so that the system never runs out of descriptors.
        availableConnectionsDelegate: .maximum(max(64, OpenFiles.limit - 256), logger: services.logger)),
      services: [CheckpointKeeper(services: services)],
      onServerRunning: { channel in
        let port = channel.localAddress?.port ?? options.port
        let host = options.host.contains(":") ? "[\(options.host)]" : options.host
        listening("\(services.certificate.scheme)://\(host):\(port)")
      },
      logger: services.logger)
    var configuration = ServiceGroupConfiguration(
      services: [.init(service: application)], logger: services.logger)
    configuration.maximumGracefulShutdownDuration = options.limits.shutdownTime
    let group = ServiceGroup(configuration: configuration)
    let live = services.live
    services.ending.whenAsked {
      Task {
        await live.end()
        await group.triggerGracefulShutdown()
      }
    }
    do { try await group.run() } catch {
      throw Self.explaining(error, "\(options.host):\(options.port)")
    }
    try await services.work { try $0.checkpointIfPermitted() }
    LineWriter.standardError.drain()
  }

  /// Asks the station to end. May be called from any thread, also before it serves, and more than once.
  public func shutDown() { services.ending.ask() }

  /// HTTP with the station's limits, behind TLS when there is a certificate.
  private func server() throws -> HTTPServerBuilder {
    let plain = HTTPServerBuilder.http1(configuration: channelConfiguration)
    return try services.certificate.tls.map { try .tls(plain, tlsConfiguration: $0) } ?? plain
  }

  /// Time-outs are those of ``ConnectionDeadlines``: it also waits for what the other side has not read yet.
  var channelConfiguration: HTTP1Channel.Configuration {
    let limits = services.options.limits
    let connections = services.connections
    return HTTP1Channel.Configuration(
      additionalChannelHandlers: [ConnectionDeadlines(limits: limits, connections: connections)],
      idleTimeout: nil,
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: StationLimits.headerField, maxHeaderListSize: StationLimits.headerList,
        maxHeaderFieldCount: StationLimits.headerCount))
  }

  /// Every route of the station.
  func router() -> Router<StationContext> {
    let router = Router(context: StationContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: RequestRecord(metrics: services.metrics))
    router.add(middleware: SecurityHeaders(isEncrypted: services.options.certificate != nil))
    router.add(middleware: ProblemMiddleware(services: services))
    router.add(middleware: RequestGate(limits: services.options.limits))
    router.add(middleware: PeopleMiddleware(services: services))
    router.add(middleware: RoleNote())
    services.assets.add(to: router)
    SignOffRoutes(services: services).add(to: router)
    RecordRoutes(services: services).add(to: router)
    SheetRoutes(services: services).add(to: router)
    ScanRoutes(services: services).add(to: router)
    SignInRoutes(services: services).add(to: router)
    SessionRoutes(services: services).add(to: router)
    ShiftRoutes(services: services).add(to: router)
    AccountRoutes(services: services).add(to: router)
    TokenRoutes(services: services).add(to: router)
    PublicLookupRoutes(services: services).add(to: router)
    LiveRoutes(services: services).add(to: router)
    APIRoutes(services: services).add(to: router)
    ImportRoutes(services: services).add(to: router)
    OperationRoutes(services: services).add(to: router)
    ScanPageRoutes(services: services).add(to: router)
    CustodyRoutes(services: services).add(to: router)
    services.routes.take(router)
    return router
  }

  private static func explaining(_ error: any Error, _ address: String) -> any Error {
    switch error {
    case let error as IOError where error.errnoCode == 98:
      TrackerRefusal(Finding(.addressInUse, found: address))
    case let error as IOError:
      TrackerRefusal(Finding(.addressUnusable, found: address, detail: error.description))
    case is SocketAddressError, is NIOConnectionError:
      TrackerRefusal(Finding(.addressUnusable, found: address, detail: "\(error)"))
    default: error
    }
  }
}
