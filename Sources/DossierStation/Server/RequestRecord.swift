internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore

/// Writes one line a request and counts it. Both name the route, never the path: that of a look-up is a secret, that of
/// an item says which one somebody asked for.
struct RequestRecord: RouterMiddleware {
  typealias Context = StationContext
  let metrics: Metrics

  func handle(
    _ request: Request, context: StationContext,
    next: (Request, StationContext) async throws -> Response
  ) async throws -> Response {
    let began = ContinuousClock.now
    let method = request.method
    do {
      var response = try await next(request, context)
      let status = response.status
      guard let length = response.body.contentLength else {
        let body = response.body
        response.body = ResponseBody { writer in
          defer { note(method, status, context, began, bytes: context.facts.bytes, isStream: true) }
          try await body.write(CountingWriter(base: writer, facts: context.facts))
        }
        return response
      }
      note(method, status, context, began, bytes: method == .head ? 0 : length, isStream: false)
      return response
    } catch {
      note(method, .internalServerError, context, began, bytes: 0, isStream: false)
      throw error
    }
  }

  private func note(
    _ method: HTTPRequest.Method, _ status: HTTPResponse.Status, _ context: StationContext,
    _ began: ContinuousClock.Instant, bytes: Int, isStream: Bool
  ) {
    let route = context.endpointPath ?? "-"
    let time = ContinuousClock.now - began
    metrics.answered(route: route, method: method.rawValue, status: status.code, time: isStream ? nil : time)
    let level: Logger.Level = status.code >= 500 ? .error : .info
    context.logger.log(
      level: level, "request",
      metadata: [
        "method": "\(method.rawValue)", "route": "\(route)", "status": "\(status.code)",
        "ms": "\(Metrics.milliseconds(time))", "bytes": "\(bytes)",
        "role": "\(context.facts.role?.rawValue ?? "-")",
      ])
  }
}

/// Counts what a stream has sent.
private struct CountingWriter: ResponseBodyWriter {
  var base: any ResponseBodyWriter
  let facts: RequestFacts

  mutating func write(_ buffer: ByteBuffer) async throws {
    facts.sent(buffer.readableBytes)
    try await base.write(buffer)
  }

  consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
    try await base.finish(trailingHeaders)
  }
}

/// Notes who asks, once that is known.
struct RoleNote: RouterMiddleware {
  typealias Context = StationContext

  func handle(
    _ request: Request, context: StationContext,
    next: (Request, StationContext) async throws -> Response
  ) async throws -> Response {
    context.facts.role = context.visitor?.role
    return try await next(request, context)
  }
}
