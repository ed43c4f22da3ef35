internal import CustodyLog
internal import DossierTracker
internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// Reading a manifest's reconciliation and signing it: for programs below `/v1`, for people as a page with forms.
struct SignOffRoutes {
  let services: StationServices
  private let desk: SigningDesk

  /// A signature is some hundred bytes.
  private static let bodyLimit = 1 << 14

  init(services: StationServices) {
    self.services = services
    desk = SigningDesk(services)
  }

  func add(to router: Router<StationContext>) {
    router.get("v1/manifests/:number/reconciliation") { _, context in
      _ = try context.require(.read)
      // The tag is the list's, for signing. Who has signed changes without it, so nothing is answered by the tag alone.
      return Self.answer(try await desk.sheet(context.path("number")), status: .ok)
    }
    router.post("v1/manifests/:number/signatures") { request, context in
      _ = try context.require(.sign)
      let number = context.path("number")
      let members = try await request.members(upTo: Self.bodyLimit)
      guard let posted = Posted.of(members), let asked = posted.signature else {
        throw Problem(.badRequest, Finding(.requestMalformed))
      }
      guard let match = request.headers[.ifMatch], !posted.list.isEmpty else {
        throw Problem(.preconditionRequired, Finding(.listNotStated))
      }
      let sheet = try await desk.sheet(number)
      try SigningDesk.require(sheet.found, unchangedFrom: asked.list)
      guard Self.tags(match).contains(Self.tag(sheet.found.digest)) else {
        throw Problem(
          .preconditionFailed,
          Finding(
            .listChanged, expected: String(match.filter(\.isHexDigit).prefix(16)),
            found: String(sheet.found.digest.hex.prefix(16))))
      }
      return Self.answer(try await confirm(posted, asked, of: number), status: .ok)
    }
    addPage(to: router)
  }

  private func addPage(to router: Router<StationContext>) {
    services.pages.page("manifests/:number/sign", on: router, needs: .read) { request in
      let sheet = try await desk.sheet(request.parameters["number"] ?? "")
      return SignOffPage(sheet: sheet, language: request.language).page()
    }
    router.post("manifests/:number/sign") { request, context in
      _ = try context.require(.sign)
      let number = context.path("number")
      let form = try await FormFields.of(request)
      let posted = Posted(
        side: form["as"] ?? "", by: form["by"] ?? "", pin: form["pin"] ?? "", list: form["list"] ?? "",
        offline: form["offline"] != nil, withdraw: form["withdraw"] != nil)
      do {
        guard let asked = posted.signature else { throw Problem(.badRequest, Finding(.requestMalformed)) }
        let sheet = try await desk.sheet(number)
        try SigningDesk.require(sheet.found, unchangedFrom: asked.list)
        let signed = try await confirm(posted, asked, of: number)
        let target = SignOffPage.path(signed.found.manifest.number)
        return Response.redirect(
          to: signed.found.closing == nil ? target + "/sign" : target + "/record",
          adding: [.cacheControl: "no-store"])
      } catch {
        // What can be put right on the page is said on the page; the PIN is typed again.
        let problem = Problem(explaining: error)
        guard problem.status.code < 500, problem.status != .notFound else { throw problem }
        let asked = PageRequest(request, context, format: .html)
        let page = SignOffPage(
          sheet: try await desk.sheet(number), language: asked.language, problem: problem)
        return try await services.pages.renderer.response(to: asked, page: page.page())
      }
    }
  }

  private func confirm(
    _ posted: Posted, _ signature: SigningDesk.Signature, of number: String
  ) async throws -> SigningDesk.Sheet {
    let person = try await services.people.confirm(code: posted.by, pin: posted.pin)
    if posted.withdraw { return try await desk.withdraw(number, signature.side, by: person) }
    return try await desk.sign(number, signature, by: person)
  }

  // MARK: What is sent

  private struct Posted {
    var side: String
    var by: String
    var pin: String
    var list: String
    var offline: Bool
    /// Takes the side's signature back instead.
    var withdraw: Bool

    /// nil when a member is missing or of another type.
    static func of(_ members: [String: JSONInput]) -> Posted? {
      guard let side = members["as"]?.string, let by = members["by"]?.string,
        let pin = members["pin"]?.string, let list = members["list"]?.string,
        let offline = flag(members["offline"]), let withdraw = flag(members["withdraw"])
      else { return nil }
      return Posted(side: side, by: by, pin: pin, list: list, offline: offline, withdraw: withdraw)
    }

    /// Off unless stated; nil for what is no truth value.
    private static func flag(_ member: JSONInput?) -> Bool? {
      switch member {
      case nil, .null: false
      case .bool(let stated): stated
      default: nil
      }
    }

    /// nil when a side or a list is none, or a code is longer than any.
    var signature: SigningDesk.Signature? {
      guard let side = HandOverSide(rawValue: side), let list = Digest(hex: list.isEmpty ? Self.none : list),
        (1...64).contains(by.utf8.count), pin.utf8.count <= 64
      else { return nil }
      return .init(side: side, list: list, isOffline: offline)
    }

    private static let none = String(repeating: "0", count: 64)
  }

  private static func tag(_ digest: Digest) -> String { "\"\(digest.hex)\"" }

  /// The strong tags of a header; a weak one never matches.
  private static func tags(_ header: String) -> [String] {
    header.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private static func answer(_ sheet: SigningDesk.Sheet, status: HTTPResponse.Status) -> Response {
    let body = SignOffTable(sheet: sheet).json.text(pretty: true) + "\n"
    return Response(
      status: status,
      headers: [
        .contentType: "application/json", .eTag: tag(sheet.found.digest), .cacheControl: "no-cache",
        .vary: "Cookie",
      ],
      body: .init(byteBuffer: .init(string: body)))
  }
}
