internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird

/// The session for scripts: who is signed in, locking and unlocking without leaving the page, whose outbox stays.
struct SessionRoutes {
  let services: StationServices
  private var people: People { services.people }

  func add(to router: Router<StationContext>) {
    router.get("v1/session") { _, context in
      guard let visitor = context.standing.known else {
        throw Problem(.unauthorized, context.standing.finding)
      }
      return state(visitor, context.standing)
    }
    router.post("v1/session/unlock") { request, context in
      guard let visitor = context.standing.known else {
        throw Problem(.unauthorized, context.standing.finding)
      }
      if case .locked = context.standing {
        let pin = try await pin(request)
        try await people.unlock(visitor, pin: pin)
      }
      return state(visitor, .present(visitor))
    }
    router.post("v1/session/lock") { _, context in
      guard let visitor = context.visitor else { throw Problem(.unauthorized, context.standing.finding) }
      try await people.lock(visitor)
      return state(visitor, .locked(visitor))
    }
    router.delete("v1/session") { _, context in
      if let visitor = context.standing.known { try await people.signOut(visitor) }
      return Response(status: .noContent, headers: [.setCookie: people.cookies.header(nil)])
    }
  }

  /// `{"pin":"…"}`
  private func pin(_ request: Request) async throws -> String {
    guard let pin = try await request.members(upTo: 4096)["pin"]?.string else {
      throw Problem(.badRequest, Finding(.requestMalformed))
    }
    return pin
  }

  private func state(_ visitor: Visitor, _ standing: Standing) -> Response {
    let isLocked = if case .locked = standing { true } else { false }
    let mustChange = if case .mustChange = standing { true } else { false }
    let json: JSONOutput = [
      "code": .string(visitor.code), "name": .string(visitor.name), "office": .string(visitor.office),
      "role": .string(visitor.role.rawValue),
      "permissions": .array(
        Permission.allCases.filter(visitor.permissions.contains).map { .string($0.rawValue) }),
      "locked": .bool(isLocked), "mustChange": .bool(mustChange),
      "lockAfterSeconds": .integer(Int(people.idleLimit / 1000)),
    ]
    return Response(
      status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
      body: .init(byteBuffer: .init(string: json.text(pretty: true) + "\n")))
  }
}
