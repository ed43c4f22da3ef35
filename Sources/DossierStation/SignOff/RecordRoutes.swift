internal import CustodyLog
internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird

/// The hand-over record of a manifest to be looked at and put on paper, and the receipt for the giver's system.
///
/// Looking, also at the PDF, gives a sheet marked as preview. Printing is asked for by a form: it is counted, every print
/// after the first says which one it is, and the log takes note of it.
struct RecordRoutes {
  let services: StationServices
  private let prints: PrintCount

  init(services: StationServices) {
    self.services = services
    prints = PrintCount(data: services.options.data)
  }

  func add(to router: Router<StationContext>) {
    services.pages.page("manifests/:number/record", on: router, needs: .read) { request in
      try await page(request)
    }
    router.get("manifests/:number/record.pdf") { request, context in
      _ = try context.require(.read)
      return try await pdf(context.path("number"), .preview, context)
    }
    router.post("manifests/:number/record.pdf") { request, context in
      let visitor = try context.require(.read)
      return try await print(context.path("number"), visitor, context)
    }
    router.get("manifests/:number/record.xml") { request, context in
      let visitor = try context.require(.read)
      return try await receipt(context.path("number"), visitor)
    }
  }

  private func page(_ request: PageRequest) async throws -> Page {
    let number = request.parameters["number"] ?? ""
    let (record, sheet) = try await services.work { tracker in
      guard let found = try tracker.signedReconciliation(ofManifest: number) else {
        throw TrackerRefusal(Finding(.manifestUnknown, found: number))
      }
      return (try tracker.handOverRecord(ofManifest: number), SigningDesk.Sheet(found: found, waiting: nil))
    }
    let language: OutputLanguage = request.language == .vi ? .vi : .en
    let body = try Self.explained {
      try record.document(
        copy: .preview, address: address(record), language: language, isOnScreen: true
      ).body
    }
    let twin = SignOffTable(sheet: sheet)
    let path = SignOffPage.path(record.manifest)
    return Page(
      title: BilingualText(
        vi: "Biên bản giao nhận \(record.manifest)", en: "Hand-over record \(record.manifest)"),
      template: "record",
      content: [
        "record": body, "sheetPath": path, "closed": record.signing != nil,
        "printed": try prints.before(record.manifest),
      ], table: twin.table, json: twin.json,
      command: "dossier print record \(record.manifest) --output record.pdf",
      styles: ["paper.css", "signoff.css"])
  }

  private func address(_ record: HandOverRecord) -> String {
    HandOverRecord.address(of: record.manifest, at: services.address)
  }

  /// The next print of a record. It is counted before it is made: two prints never carry one number. It is counted when
  /// its turn has come: whoever is sent away before has taken none.
  private func print(
    _ number: String, _ visitor: Visitor, _ context: StationContext
  ) async throws -> Response {
    let prints = prints
    let (before, file) = try await services.work.printed { tracker in
      guard let found = try tracker.reconciliation(ofManifest: number) else {
        throw TrackerRefusal(Finding(.manifestUnknown, found: number))
      }
      let manifest = found.manifest.number
      guard found.closing != nil else { throw TrackerRefusal(Finding(.manifestOpen, found: manifest)) }
      let before = try prints.count(manifest)
      return (
        before, try paper(manifest, before == 0 ? .original : .reprint(before), context.language, tracker)
      )
    }
    if before > 0 { try await services.people.record(.printedAgain, by: visitor, reference: file.manifest) }
    return Self.file(file)
  }

  private func pdf(
    _ number: String, _ copy: HandOverRecord.Copy, _ context: StationContext
  ) async throws -> Response {
    Self.file(try await services.work.printed { try paper(number, copy, context.language, $0) })
  }

  private func paper(
    _ number: String, _ copy: HandOverRecord.Copy, _ language: Language, _ tracker: Tracker
  ) throws -> (manifest: String, bytes: [UInt8]) {
    let record = try tracker.handOverRecord(ofManifest: number)
    let bytes = try Self.explained {
      try record.document(copy: copy, address: address(record), language: language == .vi ? .vi : .en).pdf()
    }
    return (record.manifest, bytes)
  }

  private func receipt(_ number: String, _ visitor: Visitor) async throws -> Response {
    let (manifest, bytes) = try await services.work { tracker in
      let part = Collected()
      try tracker.receipt(ofManifest: number) { part.bytes += $0 }
      return (try tracker.handOverRecord(ofManifest: number).manifest, part.bytes)
    }
    try await services.people.record(
      .exported, by: visitor, reference: manifest, document: MerkleHash.sha256(bytes))
    return Self.file(bytes, "application/xml", "\(manifest)-receipt.xml", disposition: "attachment")
  }

  private final class Collected { var bytes: [UInt8] = [] }

  private static func file(_ paper: (manifest: String, bytes: [UInt8])) -> Response {
    file(paper.bytes, "application/pdf", "\(paper.manifest).pdf", disposition: "inline")
  }

  private static func file(
    _ bytes: [UInt8], _ type: String, _ name: String, disposition: String
  ) -> Response {
    let safe = name.replacing("/", with: "_")
    return Response(
      status: .ok,
      headers: [
        .contentType: type, .contentDisposition: "\(disposition); filename=\"\(safe)\"",
        .cacheControl: "no-store",
      ], body: .init(byteBuffer: .init(bytes: bytes)))
  }

  /// What cannot be printed is explained like what the store refuses.
  private static func explained<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let refusal as RenderingRefusal { throw TrackerRefusal(refusal.finding) }
  }
}
