internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// What the command's `show`, `list`, `offices` and `log` say.
struct ReadingOperations {
  let services: StationServices

  private static let defaultPage: Int64 = 100
  private static let greatestPage: Int64 = 1_000
  private static let link = [("Link", "Address of the rows after these, rel=\"next\".")]

  private static let paging = [
    APIParameter(
      "after", .query, "Where to go on; from the Link header.", ["type": "integer", "minimum": -1]),
    APIParameter(
      "limit", .query, "At most so many rows.",
      ["type": "integer", "minimum": 1, "maximum": .integer(Int(greatestPage))]),
  ]

  var all: [APIOperation] {
    [
      items, item, dossier, manifests, manifest, events, findings, offices, head, checkpoint, verifierKey,
    ]
  }

  // MARK: Lists

  private func list(
    _ path: String, _ name: String, _ summary: String, _ schema: String, filters: [APIParameter] = [],
    handler: @escaping @Sendable (APIRequest) async throws -> Response
  ) -> APIOperation {
    APIOperation(
      .get, path, name, summary, needs: .read, parameters: Self.paging + filters,
      answers: [
        APIAnswer(.ok, "The rows.", [.list(schema), .lines(schema), .csv], headers: Self.link)
      ], handler: handler)
  }

  private struct Paging {
    var after: Int64?
    var limit: Int

    init(_ request: APIRequest) throws {
      after = try request.number("after", -1...Int64.max - 1)
      limit = Int(
        try request.number("limit", 1...ReadingOperations.greatestPage) ?? ReadingOperations.defaultPage)
    }

    /// The same address, going on after a row; nil when there were fewer rows than asked for.
    func next(_ request: APIRequest, after last: Int64?, isFull: Bool) -> String? {
      guard let last, isFull else { return nil }
      let query = request.request.uri.query ?? ""
      let kept = query.split(separator: "&").filter { !$0.hasPrefix("after=") }
      return request.request.uri.path + "?" + (kept + ["after=\(last)"]).joined(separator: "&")
    }
  }

  private var items: APIOperation {
    let filters = [
      APIParameter(
        "state", .query, "Only items in this state.", APISchemas.words(StateWord.allCases.map(\.word))),
      APIParameter("custodian", .query, "Only items that this office answers for."),
      APIParameter("manifest", .query, "Only items of this manifest, in its order."),
    ]
    return list("/v1/items", "listItems", "Items and where they stand", "Item", filters: filters) { request in
      let format = try APIFormat.chosen(request.request)
      let paging = try Paging(request)
      var filter = ItemFilter()
      if let word = request.query("state") {
        guard let state = StateWord(word: word) else { throw APIRequest.malformed("state") }
        filter.state = state
      }
      filter.custodian = request.query("custodian").map { (try? OfficeCode.parse($0).get().text) ?? $0 }
      let chosen = filter
      let number = request.query("manifest")
      let items = try await services.work { tracker -> [ItemSummary] in
        let after = max(0, paging.after ?? 0)
        guard let number else {
          return try tracker.items(matching: chosen, after: after, limit: paging.limit)
        }
        guard let all = try tracker.items(ofManifest: number) else {
          throw TrackerRefusal(Finding(.manifestUnknown, found: number))
        }
        let left = all.drop { after > 0 && $0.id != after }.dropFirst(after > 0 ? 1 : 0)
        return Array(
          left.filter { item in
            (chosen.state == nil || item.state == chosen.state)
              && (chosen.custodian == nil || item.custodian == chosen.custodian)
          }.prefix(paging.limit))
      }
      return .rows(
        ItemTable.columns, items.map { ItemTable.row($0) }, format,
        next: paging.next(request, after: items.last?.id, isFull: items.count == paging.limit))
    }
  }

  private var manifests: APIOperation {
    list("/v1/manifests", "listManifests", "Manifests in the order they were recorded", "Manifest") {
      request in
      let format = try APIFormat.chosen(request.request)
      let paging = try Paging(request)
      let manifests = try await services.work {
        try $0.manifests(after: max(0, paging.after ?? 0), limit: paging.limit)
      }
      return .rows(
        ManifestTable.columns, manifests.map(ManifestTable.row), format,
        next: paging.next(request, after: manifests.last?.id, isFull: manifests.count == paging.limit))
    }
  }

  private var findings: APIOperation {
    list(
      "/v1/findings", "listFindings",
      "Where custody has a problem; a page is `limit` items with all their findings",
      "Finding"
    ) { request in
      let format = try APIFormat.chosen(request.request)
      let paging = try Paging(request)
      let language = request.language
      let (items, rows) = try await services.work { tracker in
        let items = try tracker.items(
          matching: ItemFilter(withFindings: true), after: max(0, paging.after ?? 0), limit: paging.limit)
        let rows = try items.flatMap { item in
          try tracker.history(ofItem: item.number)?.findings.map {
            FindingTable.row($0, language: language)
          } ?? []
        }
        return (items, rows)
      }
      return .rows(
        FindingTable.columns, rows, format,
        next: paging.next(request, after: items.last?.id, isFull: items.count == paging.limit))
    }
  }

  private var offices: APIOperation {
    APIOperation(
      .get, "/v1/offices", "listOffices", "Post offices, centers, agencies", needs: .read,
      answers: [APIAnswer(.ok, "All of them.", [.list("Office"), .lines("Office"), .csv])]
    ) { request in
      let format = try APIFormat.chosen(request.request)
      let offices = try await services.work { try $0.offices() }
      return .rows(OfficeTable.columns, offices.map(OfficeTable.row), format, next: nil)
    }
  }

  private var events: APIOperation {
    list(
      "/v1/events", "listEvents",
      "The log in its order. As NDJSON without a limit: all of it, as a stream.", "Event"
    ) { request in
      let format = try APIFormat.chosen(request.request)
      let paging = try Paging(request)
      let from = (paging.after ?? -1) + 1
      if format == .ndjson, request.query("limit") == nil { return stream(from: from) }
      let events = try await services.work { try $0.events(from: from, limit: paging.limit) }
      return .rows(
        EventTable.log, events.map { EventTable.row($0) }, format,
        next: paging.next(request, after: events.last?.index, isFull: events.count == paging.limit))
    }
  }

  /// Page by page, so that memory stays the same however long the log is.
  private func stream(from first: Int64) -> Response {
    Response(
      status: .ok, headers: [.contentType: APIFormat.ndjson.rawValue, .cacheControl: "no-store"],
      body: ResponseBody { writer in
        let lines = RowWriter(columns: EventTable.log, format: .ndjson)
        var position = first
        while true {
          let from = position
          let events = try await services.work { try $0.events(from: from, limit: 500) }
          guard let last = events.last else { break }
          position = last.index + 1
          try await writer.write(
            ByteBuffer(string: events.map { lines.line(EventTable.row($0)) }.joined()))
        }
        try await writer.finish(nil)
      })
  }

  // MARK: One thing

  private func shown(
    _ path: String, _ parameter: String, _ name: String, _ summary: String, _ schema: String,
    isWanted: @escaping @Sendable (Shown) -> Bool
  ) -> APIOperation {
    let times = APIParameter(
      "times", .query, "Adds between which checkpoints each event is proven.", APISchemas.boolean)
    return APIOperation(
      .get, path, name, summary, needs: .read,
      parameters: [APIParameter(parameter, .path, "As printed, typed or scanned.")]
        + (schema == "ManifestContents" ? [] : [times]),
      answers: [APIAnswer(.ok, "As `dossier show --format json`.", [.json(schema)])]
    ) { request in
      _ = try APIFormat.chosen(request.request, of: [.json])
      let code = request.path(parameter)
      let language = request.language
      let withTimes = request.query("times") == "true"
      let json = try await services.work { tracker -> JSONOutput in
        guard let shown = try tracker.show(code), isWanted(shown) else {
          throw TrackerRefusal(Finding(.unknownCode, found: code))
        }
        return try shown.json(language, times: withTimes ? { try tracker.provenTimes(of: $0) } : nil)
      }
      return .json(json)
    }
  }

  private var item: APIOperation {
    shown("/v1/items/{number}", "number", "showItem", "An item's custody", "ItemHistory") {
      if case .item = $0 { true } else { false }
    }
  }

  private var dossier: APIOperation {
    shown(
      "/v1/dossiers/{code}", "code", "showDossier", "The items that carried a dossier", "DossierHistory"
    ) {
      if case .dossier = $0 { true } else { false }
    }
  }

  private var manifest: APIOperation {
    shown(
      "/v1/manifests/{number}", "number", "showManifest", "A manifest and its items", "ManifestContents"
    ) {
      if case .manifest = $0 { true } else { false }
    }
  }

  // MARK: The log

  private var head: APIOperation {
    APIOperation(
      .get, "/v1/log/head", "logHead", "Size and root of the log", needs: .read,
      answers: [APIAnswer(.ok, "Where it stands now.", [.json("LogHead")])]
    ) { request in
      _ = try APIFormat.chosen(request.request, of: [.json])
      return .json(try await services.work { try $0.head() }.json)
    }
  }

  private var checkpoint: APIOperation {
    APIOperation(
      .get, "/v1/log/checkpoint", "logCheckpoint",
      "The log's newest state, signed now: to be kept by whoever wants to check it later", needs: .read,
      answers: [
        APIAnswer(.ok, "A signed note (C2SP tlog-checkpoint).", [APIContent("text/plain", APISchemas.string)])
      ]
    ) { request in
      _ = try MediaChoice.chosen(request.request.headers[.accept], of: ["text/plain"])
      return Self.plain(try await services.work { try $0.checkpoint() })
    }
  }

  private var verifierKey: APIOperation {
    APIOperation(
      .get, "/v1/log/key", "logKey", "The log's public key, by which others check what it signed",
      needs: .read,
      answers: [
        APIAnswer(
          .ok, "A verifier key of the signed-note form.", [APIContent("text/plain", APISchemas.string)])
      ]
    ) { request in
      _ = try MediaChoice.chosen(request.request.headers[.accept], of: ["text/plain"])
      return Self.plain(try await services.work { try $0.verifierKey() } + "\n")
    }
  }

  private static func plain(_ text: String) -> Response {
    Response(
      status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
      body: .init(byteBuffer: ByteBuffer(string: text)))
  }
}
