internal import DossierTracker
internal import Glibc
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// How the station is: `/health` for whoever watches over it, `/metrics` for whoever draws curves.
struct OperationRoutes {
  let services: StationServices

  /// Below this an import may not end.
  private static let leastSpace = 64 << 20
  /// A log that grew and was not signed for so long means that the keeper of the key is missing.
  private static let oldestSignature: Int64 = 15 * 60_000

  func add(to router: Router<StationContext>) {
    router.get("health") { request, context in try await health(request, context) }
    router.get("metrics") { request, context in
      guard isLocal(request, context) || context.visitor?.permissions.contains(.administer) == true else {
        _ = try context.require(.administer)
        throw HTTPError(.forbidden)
      }
      return Response(
        status: .ok,
        headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store"],
        body: .init(byteBuffer: ByteBuffer(string: services.metrics.text(gauges: await gauges()))))
    }
  }

  /// Whether it comes from this machine itself, and not through a web server on it that speaks for others.
  private func isLocal(_ request: Request, _ context: StationContext) -> Bool {
    guard let peer = context.peer, services.options.trustedProxies.isEmpty,
      HTTPField.Name("X-Forwarded-For").map({ request.headers[$0] == nil }) ?? true
    else { return false }
    return Connections.countedAddress(peer) == nil
  }

  private func gauges() async -> [(String, String, Int)] {
    let turnedAway = services.connections.turnedAway
    let size = (try? await services.work { Int(try $0.head().size) }) ?? 0
    return [
      ("dossier_log_events", "Events in the log.", size),
      ("dossier_followers", "Pages and programs that follow the log.", await services.live.count),
      ("dossier_connections", "Open connections.", services.connections.count),
      ("dossier_connections_closed_for_others", "Connections closed to make room.", turnedAway.closed),
      ("dossier_connections_refused", "Connections for which there was no room.", turnedAway.refused),
      ("process_resident_memory_bytes", "Memory of the process.", Metrics.residentMemory),
    ]
  }

  // MARK: Health

  private struct Check: Sendable {
    var subject: String
    var isWell: Bool
    var value: String?
    var code: String?
    /// Whether the station can do its work without it.
    var isNeeded: Bool
  }

  /// Coarse for everybody: whether it lives and can record. With the right to administer: what `dossier doctor` says.
  private func health(_ request: Request, _ context: StationContext) async throws -> Response {
    let isDetailed = context.visitor?.permissions.contains(.administer) == true
    let checks = await coarse() + (isDetailed ? try await detailed() : [])
    let isReady = checks.allSatisfy { $0.isWell || !$0.isNeeded }
    let status = !isReady ? "failing" : checks.allSatisfy(\.isWell) ? "ok" : "degraded"
    return .json(
      [
        "status": .string(status), "time": .string(services.time), "ready": .bool(isReady),
        "checks": .array(
          checks.map { check in
            var members: [JSONOutput.Member] = [
              .init(key: "subject", value: .string(check.subject)),
              .init(key: "ok", value: .bool(check.isWell)),
            ]
            if isDetailed, let value = check.value {
              members.append(.init(key: "value", value: .string(value)))
            }
            if let code = check.code { members.append(.init(key: "code", value: .string(code))) }
            return .object(members)
          }),
      ], status: isReady ? .ok : .serviceUnavailable)
  }

  private func coarse() async -> [Check] {
    let data = services.options.data
    let now = services.environment.now()
    do {
      return try await services.work { tracker in
        let head = try tracker.head()
        let isWritable = [data, data + "/store.sqlite"].allSatisfy { (path: String) in access(path, W_OK) == 0
        }
        var space = statvfs()
        let free =
          statvfs(data, &space) == 0 ? Int(clamping: UInt64(space.f_bavail) &* UInt64(space.f_frsize)) : 0
        let signed = try tracker.lastSignature()
        let isSigned = signed.map { $0.head.size >= head.size || now - $0.at < Self.oldestSignature } ?? false
        return [
          Check(
            subject: "store", isWell: isWritable, value: data,
            code: isWritable ? nil : FindingCode.storeUnwritable.rawValue, isNeeded: true),
          Check(
            subject: "space", isWell: free >= Self.leastSpace, value: "\(free >> 20) MiB",
            code: free >= Self.leastSpace ? nil : FindingCode.spaceLow.rawValue, isNeeded: true),
          Check(subject: "log", isWell: true, value: "\(head.size) \(head.root.base64)", isNeeded: true),
          Check(
            subject: "checkpoint", isWell: isSigned, value: signed.map { "\($0.head.size)" },
            code: isSigned ? nil : FindingCode.checkpointMissing.rawValue, isNeeded: false),
        ]
      }
    } catch {
      let code = Problem(explaining: error).finding.code.rawValue
      return [Check(subject: "store", isWell: false, code: code, isNeeded: true)]
    }
  }

  private func detailed() async throws -> [Check] {
    let (data, environment) = (services.options.data, services.environment)
    return try await services.work.lengthily { _ in
      Health.examine(data, environment: environment).map { check in
        Check(
          subject: "doctor-\(check.subject.rawValue)",
          isWell: check.finding.map { $0.severity == .info } ?? true, value: check.value,
          code: check.finding?.code.rawValue, isNeeded: false)
      }
    }
  }
}
