internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird

/// What the command's `audit` does, begun and asked for apart, since it may take a while.
struct AuditOperations {
  let services: StationServices

  var all: [APIOperation] { [start, latest] }

  private var start: APIOperation {
    APIOperation(
      .post, "/v1/audit", "startAudit", "Starts an audit of the whole store, unless one is under way",
      needs: .audit,
      answers: [APIAnswer(.accepted, "It runs; ask for it with GET.", [.json("AuditRun")])]
    ) { request in
      let visitor = try request.context.require(.audit)
      await services.audits.begin(by: visitor)
      return await answer(request, .accepted)
    }
  }

  private var latest: APIOperation {
    APIOperation(
      .get, "/v1/audit", "showAudit", "The last audit, or the one under way", needs: .audit,
      answers: [APIAnswer(.ok, "How far it is, or what it found.", [.json("AuditRun")])]
    ) { request in
      _ = try APIFormat.chosen(request.request, of: [.json])
      return await answer(request, .ok)
    }
  }

  private func answer(_ request: APIRequest, _ status: HTTPResponse.Status) async -> Response {
    .json(
      await services.audits.json(request.language), status: status, headers: [.location: "/v1/audit"])
  }
}
