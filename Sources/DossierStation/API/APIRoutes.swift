internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird

/// Everything below `/v1`, and what describes it.
struct APIRoutes {
  let services: StationServices

  /// All operations, also those that other parts of the station serve.
  var operations: [APIOperation] {
    ReadingOperations(services: services).all + WritingOperations(services: services).all
      + AuditOperations(services: services).all + ReportOperations(services: services).all
      + OtherOperations.all
  }

  func add(to router: Router<StationContext>) {
    let operations = operations
    for operation in operations {
      guard let handler = operation.handler else { continue }
      router.on(RouterPath(operation.path), method: operation.method) { request, context -> Response in
        let visitor = try operation.needs.map { try context.require($0) } ?? context.visitor
        return try await handler(APIRequest(request: request, context: context, visitor: visitor))
      }
    }
    let document = APIDocument.make(operations)
    router.get("openapi.json") { _, _ in
      Response.json(document, headers: [.cacheControl: "public, max-age=300"])
    }
  }
}
