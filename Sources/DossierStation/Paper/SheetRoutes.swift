internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird

/// Sheets that a counter prints: the commands as barcodes, labels for a bag's items, and the slip that a citizen takes home.
struct SheetRoutes: Sendable {
  let services: StationServices

  func add(to router: Router<StationContext>) {
    router.get("scan/commands.pdf") { request, context in
      _ = try context.require(.scan)
      let station = try request.uri.queryParameters["station"].map { text in
        guard let number = Int(text), (0...999_999).contains(number) else {
          throw Problem(
            .unprocessableContent,
            Finding(.parameterMalformed, path: "station", expected: "0-999999", found: "?"))
        }
        return number
      }
      return try await sheet(named: "commands", context) { _, language in
        try CommandSheet.ofCounter(station).document(language: language)
      }
    }
    router.get("manifests/:number/labels.pdf") { _, context in
      _ = try context.require(.read)
      let number = context.path("number")
      return try await sheet(named: "labels", context) { tracker, language in
        try tracker.labels(ofManifest: number).document(language: language)
      }
    }
    router.get("items/:number/slip.pdf") { _, context in
      let visitor = try context.require(.scan)
      let number = context.path("number")
      let address = services.address
      let response = try await sheet(named: "slip", context) { tracker, language in
        try tracker.slip(ofItem: number, address: address).document(language: language)
      }
      // Whoever holds the slip can look the item up.
      try await services.people.record(.exported, by: visitor, reference: "slip:\(number)")
      return response
    }
  }

  private func sheet(
    named name: String, _ context: StationContext,
    _ make: @escaping @Sendable (Tracker, OutputLanguage) throws -> PaperDocument
  ) async throws -> Response {
    let language: OutputLanguage = context.language == .vi ? .vi : .en
    let bytes = try await services.work.printed { tracker in
      // What cannot be printed is explained like what the store refuses.
      do { return try make(tracker, language).pdf() } catch let refusal as RenderingRefusal {
        throw TrackerRefusal(refusal.finding)
      }
    }
    return Response(
      status: .ok,
      headers: [
        .contentType: "application/pdf", .contentDisposition: "inline; filename=\"\(name).pdf\"",
        .cacheControl: "no-store",
      ], body: .init(byteBuffer: .init(bytes: bytes)))
  }
}
