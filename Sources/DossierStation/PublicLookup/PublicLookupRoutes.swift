internal import CustodyLog
internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird

/// Where citizens find their dossiers: a form, the address behind the receipt's QR code, and a kiosk.
///
/// What they enter goes in the body of a POST and is answered at once, so that no number or digit gets into an address,
/// a log or a browser's history.
struct PublicLookupRoutes: Sendable {
  let services: StationServices

  private var limits: PublicLookupLimits { services.lookupLimits }

  func add(to router: Router<StationContext>) {
    for place in [PublicLookupPages.Place.phone, .kiosk] {
      router.get(RouterPath(place.rawValue)) { request, context in
        try await answer(request, context, try pages(place, context).form())
      }
      router.post(RouterPath(place.rawValue)) { request, context in
        try await lookUp(place, request, context)
      }
    }
    router.get("v/:code") { request, context in try await opened(request, context) }
    router.get("v/:code/proof") { request, context in try await proof(request, context) }
    router.get("verify") { _, _ in VerifierPage.response() }
  }

  // MARK: By what was entered

  private func lookUp(
    _ place: PublicLookupPages.Place, _ request: Request, _ context: StationContext
  ) async throws -> Response {
    let pages = try pages(place, context)
    let input = PublicLookupInput(
      try await FormFields.of(request, limit: PublicLookupInput.greatestBytes, once: true))
    if place == .kiosk, !isFresh(input.ticket) {
      // Somebody went back and sent again what the one before had sent.
      return .redirect(
        to: "/kiosk?lang=\(context.language.rawValue)", adding: PublicLookupPages.headers)
    }
    let page: Page
    do {
      let address = address(request, context)
      try limits.admit(address)
      switch input.asked {
      case .code(let code): page = try await self.page(code: code, pages, address)
      case .number(let number, let phone): page = try await self.page(number: number, phone, pages, address)
      case .nothing: page = unknown(pages)
      }
    } catch let refusal as PublicLookupLimits.Refusal {
      page = refused(refusal, pages)
    }
    return try await answer(request, context, page)
  }

  private func isFresh(_ ticket: String?) -> Bool {
    guard let ticket, !ticket.isEmpty, ticket.utf8.count <= 64 else { return false }
    return limits.tickets.take(.init(ticket)) == nil
  }

  private func page(
    code: String, _ pages: PublicLookupPages, _ address: ClientAddress
  ) async throws -> Page {
    guard let (status, key) = try await find(code: code, address) else { return unknown(pages) }
    return pages.status(status, code: code, key: key)
  }

  private func page(
    number: PublicNumber, _ phone: PhoneEnding?, _ pages: PublicLookupPages, _ address: ClientAddress
  ) async throws -> Page {
    try limits.begin(number, withDigits: phone != nil, address)
    let (found, code, key) = try await services.work { tracker in
      let found = try tracker.lookup(number: number, phone: phone)
      let item: String? = if case .status(let status) = found { status.item } else { nil }
      return (found, try item.flatMap { try tracker.lookupCode(ofItem: $0) }, try tracker.verifierKey())
    }
    if found != .nothing && found != .coarse(.contact) {
      limits.succeeded(number, withDigits: phone != nil, address)
    }
    return switch found {
    case .status(let status): pages.status(status, code: code, key: key)
    case .coarse(let coarse): pages.form(number: number.canonical, coarse: coarse)
    case .nothing: unknown(pages)
    }
  }

  // MARK: By the code on a receipt

  private func opened(_ request: Request, _ context: StationContext) async throws -> Response {
    let asked = PageRequest(request, context, format: .init(ending: request.uri.path) ?? .html)
    let pages = try pages(.phone, context)
    var page: Page
    do {
      let address = address(request, context)
      try limits.admit(address)
      if let (status, key) = try await find(code: asked.parameters["code"] ?? "", address) {
        page = pages.status(status, code: asked.parameters["code"], key: key)
        page.json = status.json
      } else {
        page = unknown(pages)
      }
    } catch let refusal as PublicLookupLimits.Refusal {
      page = refused(refusal, pages)
    }
    // A program is told what is wrong, not shown the form.
    if asked.format != .html, page.json == nil { throw problem(page) }
    return try await services.pages.renderer.response(to: asked, page: page)
  }

  private func proof(_ request: Request, _ context: StationContext) async throws -> Response {
    let address = address(request, context)
    let code = context.parameters.get("code") ?? ""
    do {
      try limits.admit(address)
      if let seconds = limits.proofs.take(.init(address)) {
        throw PublicLookupLimits.Refusal.tooMany(seconds)
      }
      guard try await find(code: code, address) != nil else {
        throw Problem(.notFound, Finding(.lookupUnknown))
      }
    } catch let refusal as PublicLookupLimits.Refusal {
      throw problem(refused(refusal, try pages(.phone, context)))
    }
    let (proof, before, after) = try await services.work { tracker in
      guard let item = try tracker.item(ofLookupCode: code) else {
        throw Problem(.notFound, Finding(.lookupUnknown))
      }
      let before = try tracker.head()
      return (try tracker.prove(item), before, try tracker.head())
    }
    // Where no checkpoint covered the item yet, one was made.
    if after != before { await services.live.committed(after) }
    var headers = PublicLookupPages.headers
    headers[.contentType] = "application/json"
    headers[.contentDisposition] = "attachment; filename=\"proof.custody.json\""
    return Response(status: .ok, headers: headers, body: .init(byteBuffer: .init(bytes: proof.file)))
  }

  /// - Returns: what the code opens and the log's public key; nil when it opens nothing.
  private func find(code: String, _ address: ClientAddress) async throws -> (PublicStatus, String)? {
    try limits.beginCode(address)
    let found = try await services.work { tracker in
      try tracker.lookup(code: code).map { ($0, try tracker.verifierKey()) }
    }
    if found != nil { limits.succeededByCode(address) }
    return found
  }

  // MARK: Answers

  private func pages(
    _ place: PublicLookupPages.Place, _ context: StationContext
  ) throws -> PublicLookupPages {
    PublicLookupPages(
      place: place, language: context.language, sheet: services.assets.address("lookup.css"),
      ticket: Base64.encodeURL(try services.environment.randomness(12)))
  }

  private func answer(
    _ request: Request, _ context: StationContext, _ page: Page
  ) async throws -> Response {
    try await services.pages.renderer.response(
      to: PageRequest(request, context, format: .html), page: page)
  }

  private func unknown(_ pages: PublicLookupPages) -> Page {
    var page = pages.form(PublicLookupPages.unknown)
    page.status = .notFound
    return page
  }

  private func refused(_ refusal: PublicLookupLimits.Refusal, _ pages: PublicLookupPages) -> Page {
    var page = pages.form(PublicLookupPages.refused(refusal))
    page.status = .tooManyRequests
    page.headers[.retryAfter] = "\(refusal.seconds)"
    return page
  }

  /// The same as a page says, for a program.
  private func problem(_ page: Page) -> Problem {
    guard page.status == .tooManyRequests else { return Problem(.notFound, Finding(.lookupUnknown)) }
    var problem = Problem(.tooManyRequests, Finding(.lookupTooMany))
    problem.retryAfter = page.headers[.retryAfter].flatMap { Int($0) }
    return problem
  }

  private func address(_ request: Request, _ context: StationContext) -> ClientAddress {
    ClientAddress(request, peer: context.peer, trusting: services.options.trustedProxies)
  }
}
