internal import DossierTracker
internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// The page `/import`: files are chosen, checked or recorded, and every finding stands with its file and line.
struct ImportRoutes {
  let services: StationServices

  private static let fileLimit = 32

  func add(to router: Router<StationContext>) {
    services.pages.page("import", on: router, needs: .importDocuments) { _ in page([:]) }
    router.post("import") { request, context in
      _ = try context.require(.importDocuments)
      let form = try await ImportForm.read(
        request, fileLimit: Self.fileLimit, bytes: services.options.limits.uploadBytes,
        data: services.options.data)
      try context.requireOwnForm(form.fields["csrf"])
      guard !form.uploads.isEmpty else {
        throw Problem(.unprocessableContent, Finding(.uploadWithoutFile))
      }
      let dryRun = form.fields["dry-run"] != nil
      let result = try await services.imports.run(form.uploads, dryRun: dryRun, language: context.language)
      var asked = PageRequest(request, context, format: .html)
      asked.path = "/import"
      var page = page(["result": try shown(result, dryRun: dryRun, context.language)])
      page.status = result.status == .created ? .ok : result.status
      return try await services.pages.renderer.response(to: asked, page: page)
    }
  }

  private func page(_ content: [String: any Sendable]) -> Page {
    var content = content
    content["limit"] = services.options.limits.uploadBytes >> 20
    content["files"] = Self.fileLimit
    return Page(
      title: BilingualText(vi: "Nhập bảng kê", en: "Import manifests"), template: "import", content: content,
      command: "dossier import manifest.xml")
  }

  /// The import's JSON as the template wants it.
  private func shown(
    _ result: ImportWorkers.Result, dryRun: Bool, _ language: Language
  ) throws -> [String: any Sendable] {
    guard let json = try? JSONSerialization.jsonObject(with: Data(result.json)) as? [String: Any],
      let documents = json["manifests"] as? [[String: Any]]
    else { throw Problem(.internalServerError, Finding(.importFailed, found: "output")) }
    return [
      "dryRun": dryRun,
      "documents": documents.map { document -> [String: any Sendable] in
        let status = document["status"] as? String ?? ""
        let findings = (document["findings"] as? [[String: Any]] ?? []).prefix(200)
        let manifest = document["manifest"] as? String
        return [
          "file": document["file"] as? String ?? "", "manifest": manifest ?? "",
          "hasManifest": manifest != nil,
          "status": DocumentOutcome.Status(rawValue: status)?.label(language) ?? status,
          "isWrong": status == "rejected" || status == "conflict",
          "items": document["items"] as? Int ?? 0, "dossiers": document["dossiers"] as? Int ?? 0,
          "events": document["events"] as? Int ?? 0, "hasFindings": !findings.isEmpty,
          "findings": findings.map { finding -> [String: any Sendable] in
            let line = finding["line"] as? Int
            return [
              "code": finding["code"] as? String ?? "", "message": finding["message"] as? String ?? "",
              "hint": finding["hint"] as? String ?? "", "line": line.map { "\($0)" } ?? "–",
              "item": finding["item"] as? String ?? "",
            ]
          },
        ]
      },
    ]
  }
}

/// The form of `/import` as it was sent: its files are on the disk already.
struct ImportForm {
  var uploads: [Upload] = []
  var fields: [String: String] = [:]

  private static let fieldLimit = 4 << 10

  static func read(
    _ request: Request, fileLimit: Int, bytes limit: Int, data: String
  ) async throws -> ImportForm {
    try WritingOperations.requireType(request, ["multipart/form-data"])
    guard var reader = MultipartReader(contentType: request.headers[.contentType] ?? "") else {
      throw Problem(.badRequest, Finding(.requestMalformed))
    }
    var form = ImportForm()
    var open: (upload: Upload, file: UploadFile, size: Int)?
    var field: (name: String, bytes: [UInt8])?
    for try await part in request.body {
      try reader.read(part.readableBytesView) { event in
        switch event {
        case .begin(let part):
          guard let name = part.fileName else {
            field = (part.name, [])
            return
          }
          guard form.uploads.count < fileLimit else { throw RequestGate.tooLarge }
          let ending = name.lowercased().hasSuffix(".gz") ? ".xml.gz" : ".xml"
          let (upload, file) = try Upload.open(label: name, ending: ending, data: data)
          open = (upload, file, 0)
        case .bytes(let bytes):
          if let current = open {
            guard current.size + bytes.count <= limit else { throw RequestGate.tooLarge }
            try current.file.write(bytes)
            open?.size += bytes.count
          } else {
            field?.bytes += bytes
            guard (field?.bytes.count ?? 0) <= fieldLimit else { throw RequestGate.tooLarge }
          }
        case .end:
          if let current = open {
            current.file.close()
            // A browser sends an empty part for a field in which nothing was chosen.
            if current.size > 0 { form.uploads.append(current.upload) }
          }
          if let field { form.fields[field.name] = String(decoding: field.bytes, as: UTF8.self) }
          open = nil
          field = nil
        }
      }
    }
    try reader.finish()
    return form
  }
}
