internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// What the command's `record` and `import` do.
struct WritingOperations {
  let services: StationServices

  var all: [APIOperation] { [recordEvent, importDocument] }

  private var recordEvent: APIOperation {
    APIOperation(
      .post, "/v1/events", "recordEvent",
      "Records one event; with the same identifier again it changes nothing",
      needs: .scan, body: [.json("EventRequest")],
      answers: [
        APIAnswer(.created, "Recorded durably.", [.json("Receipt")]),
        APIAnswer(.ok, "The same event was there already.", [.json("Receipt")]),
        APIAnswer(
          .forbidden,
          "The event is of another office, or about a manifest that the person's office has no part in.",
          [APIContent("application/problem+json", APISchemas.reference("Problem"))]),
        APIAnswer(
          .conflict, "Another event has this identifier, or the manifest is closed.",
          [APIContent("application/problem+json", APISchemas.reference("Problem"))]),
      ]
    ) { request in
      try Self.requireType(request.request, ["application/json"])
      var body = EventBody(try await request.request.members(upTo: StationLimits.bodyBytes))
      let visitor = try request.context.require(.scan)
      let asked = try body.request(of: visitor)
      if let by = asked.by { try await services.people.requireClerks([by], sentBy: visitor) }
      let language = request.language
      let (receipt, head) = try await services.work { tracker in
        let offices = try tracker.offices()
        let receipt = try tracker.record(asked) { Self.objection(to: asked, by: visitor, about: $0, offices) }
        return (receipt, try tracker.head())
      }
      guard receipt.verdict != .refused else { throw Self.refusal(receipt) }
      await services.live.committed(head)
      guard case .object(let members) = receipt.json else { throw HTTPError(.internalServerError) }
      return .json(
        .object(members + [.init(key: "findings", value: receipt.findings.json(language))]),
        status: receipt.verdict == .duplicate ? .ok : .created)
    }
  }

  /// What is taken back must be known, and stated by the visitor's own office or by one below it: who hands over does not
  /// take back what the receiver found, nor the other way round.
  private static func objection(
    to asked: EventRequest, by visitor: Visitor, about subject: Tracker.EventSubject, _ offices: [Office]
  ) -> Finding? {
    if let target = asked.corrects {
      guard let corrected = subject.corrected else {
        return Finding(.voidUnknown, path: "corrects", found: String(target.prefix(64)))
      }
      guard SigningDesk.withThoseAbove(corrected.office, offices).contains(visitor.office) else {
        return Finding(.voidOfOther, path: "corrects", expected: corrected.office, found: target)
      }
    }
    return subject.manifests.lazy.compactMap { objection(to: asked.kind, by: visitor, about: $0, offices) }
      .first
  }

  /// What is stated about a manifest comes from an office that has a part in it, and before it is closed. What whoever leads
  /// a shift decides comes after that, if ever: that an item was found or is lost, or that something stated is wrong.
  private static func objection(
    to kind: EventKind, by visitor: Visitor, about manifest: ManifestRecord, _ offices: [Office]
  ) -> Finding? {
    guard SigningDesk.isInvolved(visitor.office, in: manifest, offices: offices) else {
      return Finding(
        .scanAtOtherOffice, path: "manifest", expected: manifest.receiver, found: manifest.number)
    }
    let isTaken = manifest.closedEvent == nil || EventBody.decisions.contains(kind)
    return isTaken ? nil : Finding(.scanAfterClosing, path: "manifest", found: manifest.number)
  }

  private static func refusal(_ receipt: EventReceipt) -> Problem {
    let first = receipt.findings.first { $0.severity == .error } ?? Finding(.requestMalformed)
    let status: HTTPResponse.Status =
      switch first.code {
      case .eventConflict, .scanAfterClosing: .conflict
      case .scanAtOtherOffice, .voidOfOther: .forbidden
      default: .unprocessableContent
      }
    var problem = Problem(status, first)
    problem.errors = receipt.findings.map { (pointer: $0.path.map { "/\($0)" } ?? "", finding: $0) }
    return problem
  }

  private var importDocument: APIOperation {
    APIOperation(
      .post, "/v1/manifests", "importDocument",
      "Imports one manifest or event feed, whole or not at all, in a process of its own",
      needs: .importDocuments,
      parameters: [
        APIParameter("dry-run", .query, "Checks everything and records nothing.", APISchemas.boolean),
        APIParameter("name", .query, "What findings call the document."),
      ],
      body: [
        APIContent("application/xml", APISchemas.string),
        APIContent("application/gzip", ["type": "string", "contentEncoding": "binary"]),
      ],
      answers: [
        APIAnswer(.created, "Recorded.", [.json("ImportResult")]),
        APIAnswer(.ok, "Checked only, or recorded before.", [.json("ImportResult")]),
        APIAnswer(.conflict, "Its number is taken by another document.", [.json("ImportResult")]),
        APIAnswer(.unprocessableContent, "Rejected; nothing of it is recorded.", [.json("ImportResult")]),
      ]
    ) { request in
      let type = try Self.requireType(request.request, ["application/xml", "text/xml", "application/gzip"])
      let ending = type == "application/gzip" ? ".xml.gz" : ".xml"
      let upload = try await Upload.receive(
        request.request.body, label: request.query("name") ?? "document" + ending, ending: ending,
        limit: services.options.limits.uploadBytes, data: services.options.data)
      let result = try await services.imports.run(
        [upload], dryRun: request.query("dry-run") == "true", language: request.language)
      return Response(
        status: result.status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
        body: .init(byteBuffer: ByteBuffer(bytes: result.json)))
    }
  }

  /// - Returns: the media type without parameters.
  /// - Throws: ``Problem`` 415 when it is none of these.
  @discardableResult
  static func requireType(_ request: Request, _ types: [String]) throws -> String {
    let type = (request.headers[.contentType] ?? "").prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
    guard types.contains(type) else {
      throw Problem(
        .unsupportedMediaType, Finding(.mediaTypeRefused, expected: types.joined(separator: ", ")))
    }
    return type
  }
}
