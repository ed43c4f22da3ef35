import CXMLReader

/// The two compiled schemas with their namespaces.
///
/// Unchecked: the compiled schemas are never changed after `init` (libxml2 keeps what belongs to one document in that
/// document's validation context) and never freed, so parsers on any threads may share them.
final class DocumentSchemas: @unchecked Sendable {
  static let manifestNamespace = "urn:postal-dossier:manifest:1"
  static let eventsNamespace = "urn:postal-dossier:events:1"

  /// In the order of ``DocumentKind``'s raw values.
  let vocabularies: UnsafePointer<xr_vocabulary>
  let count: Int32

  /// nil when libxml2 cannot compile them, which no input can bring about.
  static let shared = DocumentSchemas()

  private init?() {
    let sources: [(namespace: String, schema: [UInt8], list: Int32, entry: Int32)] = [
      (Self.manifestNamespace, PackageResources.manifest_1_xsd, Word.items.rawValue, Word.item.rawValue),
      (Self.eventsNamespace, PackageResources.events_1_xsd, -1, -1),
    ]
    let compiled = UnsafeMutablePointer<xr_vocabulary>.allocate(capacity: sources.count)
    for (index, source) in sources.enumerated() {
      guard let schema = Self.compile(source.schema) else { return nil }
      let name = source.namespace.utf8CString
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: name.count)
      for (offset, byte) in name.enumerated() { copy[offset] = byte }
      (compiled + index).initialize(
        to: xr_vocabulary(
          namespace_name: copy, schema: schema, list: source.list, entry: source.entry))
    }
    vocabularies = UnsafePointer(compiled)
    count = Int32(sources.count)
  }

  private static func compile(_ bytes: [UInt8]) -> OpaquePointer? {
    bytes.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return nil }
      return xr_schema_compile(start, buffer.count, { _, _ in }, nil)
    }
  }
}
