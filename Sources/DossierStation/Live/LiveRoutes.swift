internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// `GET /v1/events/live`: what is recorded, as it is recorded.
struct LiveRoutes {
  let services: StationServices

  /// How often it is looked up whether the follower still may.
  private static let review: Duration = .seconds(15)
  private static let page = 500

  func add(to router: Router<StationContext>) {
    router.get("v1/events/live") { request, context in
      let visitor = try context.require(.read)
      let interest = try await interest(request.uri.queryParameters)
      let after = try Self.after(request)
      let headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
      let channel = context.channel
      return Response(
        status: .ok, headers: headers,
        body: ResponseBody { writer in
          let following = try await services.live.follow(interest)
          let leave: @Sendable () -> Void = { Task { await services.live.leave(following.identifier) } }
          channel?.closeFuture.whenComplete { _ in leave() }
          defer { leave() }
          try await send(following, interest, after, request, visitor, to: &writer)
          try await writer.finish(nil)
        })
    }
  }

  private func send(
    _ following: LiveFeed.Following, _ interest: LiveInterest, _ after: Int64?, _ request: Request,
    _ visitor: Visitor, to writer: inout any ResponseBodyWriter
  ) async throws {
    var position = after.map { min($0 + 1, following.start) } ?? following.start
    try await writer.write(ByteBuffer(string: LiveMessage.hello(last: position - 1)))
    while position < following.start {
      let from = position
      let count = Int(min(Int64(Self.page), following.start - from))
      let events = try await services.work { try $0.events(from: from, limit: count) }
      guard let last = events.last else { break }
      position = last.index + 1
      let text = events.filter(interest.includes).map(LiveMessage.text).joined()
      if !text.isEmpty { try await writer.write(ByteBuffer(string: text)) }
    }
    var reviewed = ContinuousClock.now
    for await message in following.messages {
      if ContinuousClock.now - reviewed >= Self.review {
        reviewed = .now
        guard case .present(let present) = try? services.people.standing(request),
          present.permissions.contains(.read), present.code == visitor.code
        else { return }
      }
      try await writer.write(message)
    }
  }

  private func interest(_ query: Parameters) async throws -> LiveInterest {
    var interest = LiveInterest()
    if let manifest = query["manifest"].map(String.init) {
      interest.manifest = (try? ManifestNumber.parse(manifest).get().text) ?? manifest
    }
    if let item = query["item"].map(String.init) {
      let number = (try? ItemNumber.parse(item).get().text) ?? item
      let known = try await services.work { try $0.history(ofItem: number)?.numbers }
      interest.items = Set(known ?? []).union([number])
    }
    return interest
  }

  /// The last event that the follower has seen: what he says, and what his browser says when it connects again.
  private static func after(_ request: Request) throws -> Int64? {
    let header = HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] }
    guard let stated = header ?? request.uri.queryParameters["after"].map(String.init) else { return nil }
    guard let number = Int64(stated), number >= -1, number < Int64.max else {
      throw Problem(.badRequest, Finding(.parameterMalformed, path: "after", found: "?"))
    }
    return number
  }
}
