import CustodyLog
import DossierCore

/// Reads manifests and event feeds: bytes in, values with line numbers and findings out, in one pass and in bounded
/// memory whatever the size.
///
/// The way of a byte: digest and sink, `.gz`, the gate, libxml2 with the schema, the rules. Everything happens on the
/// caller's thread before `read` returns. Nothing that a document says makes the program open a file or a connection.
///
/// ```swift
/// let result = try ManifestReader().read(.file("bang-ke.xml"), name: "bang-ke.xml", into: sink)
/// for finding in result.findings { print(finding.message(.vi)) }
/// ```
public struct ManifestReader: Sendable {
  public var limits: ReadingLimits
  /// Milliseconds since 1970 UTC after which a stated time lies in the future; nil asks nothing.
  public var latestTime: Int64?
  /// Whether the schema is spared what is proved valid without it; for tests that compare.
  var proves = true

  public init(limits: ReadingLimits = ReadingLimits(), latestTime: Int64? = nil) {
    self.limits = limits
    self.latestTime = latestTime
  }

  /// Reads one document.
  ///
  /// - Parameters:
  ///   - source: plain XML or gzip, told by the first bytes.
  ///   - name: the file's name for findings.
  ///   - sink: takes bytes, header, batches and events as they become complete.
  /// - Returns: what it came to. A bad document is a result with findings, not an error.
  /// - Throws: only what `sink` throws.
  public func read(_ source: ByteSource, name: String, into sink: some DocumentSink) throws -> DocumentResult
  {
    try DocumentReading(limits: limits, latestTime: latestTime, proves: proves, name: name)
      .read(source, into: sink)
  }
}

/// The state of one `read`; it never leaves it.
private final class DocumentReading {
  private let limits: ReadingLimits
  private let latestTime: Int64?
  private let proves: Bool
  private let name: String
  private var digest = StreamingSHA256()
  private var byteCount = 0
  private var gate: ByteGate
  private var inflater: GzipInflater?
  /// Bytes until it is known whether they are gzip.
  private var start: [UInt8] = []
  private var isStarted = false
  private var parser: XMLPushParser?
  /// Findings about bytes, which belong to no element.
  private var byteFindings: [Finding] = []
  private var isRefused = false
  private var isBroken = false

  init(limits: ReadingLimits, latestTime: Int64?, proves: Bool, name: String) {
    self.limits = limits
    self.proves = proves
    self.latestTime = latestTime
    self.name = name
    gate = ByteGate(limits: limits)
  }

  func read(_ source: ByteSource, into sink: some DocumentSink) throws -> DocumentResult {
    let problem = try source.read { bytes in
      try sink.original(UnsafeRawBufferPointer(bytes))
      digest.update(UnsafeRawBufferPointer(bytes))
      byteCount += bytes.count
      guard byteCount <= limits.byteCount else {
        refuse(GateRefusal(.tooLarge, line: 1, expected: "\(limits.byteCount)"))
        return false
      }
      return try take(bytes, sink)
    }
    if let problem {
      isRefused = true
      byteFindings.append(Finding(.unreadableFile, file: name, detail: problem))
    }
    if !isRefused, !isBroken { try end(sink) }
    return try result(sink)
  }

  // MARK: Bytes

  /// - Returns: whether the document goes on.
  private func take(_ bytes: UnsafeBufferPointer<UInt8>, _ sink: some DocumentSink) throws -> Bool {
    if isStarted { return try unpack(bytes, sink) }
    start.append(contentsOf: bytes)
    guard start.count >= EncodingSniffer.gzipMagic.count else { return true }
    isStarted = true
    if start.starts(with: EncodingSniffer.gzipMagic) { inflater = GzipInflater(limits: limits) }
    let first = start
    start = []
    return try first.withUnsafeBufferPointer { try unpack($0, sink) }
  }

  private func unpack(_ bytes: UnsafeBufferPointer<UInt8>, _ sink: some DocumentSink) throws -> Bool {
    guard let inflater else { return try pass(bytes, sink) }
    let refusal = try inflater.inflate(bytes) { try pass($0, sink) }
    if let refusal, !isRefused, !isBroken { refuse(refusal) }
    return !isRefused && !isBroken
  }

  private func pass(_ bytes: UnsafeBufferPointer<UInt8>, _ sink: some DocumentSink) throws -> Bool {
    let refusal = try gate.pass(bytes) { try parse($0, isTranscoded: $1, sink) }
    // What the gate saw behind an error of syntax would depend on how the bytes were cut.
    if let refusal, !isBroken { refuse(refusal) }
    return !isRefused && !isBroken
  }

  private func end(_ sink: some DocumentSink) throws {
    if !start.isEmpty {
      let first = start
      start = []
      guard try first.withUnsafeBufferPointer({ try pass($0, sink) }) else { return }
    }
    if let refusal = inflater?.finish() { return refuse(refusal) }
    let refusal = try gate.finish { try parse($0, isTranscoded: $1, sink) }
    guard !isBroken else { return }
    if let refusal { return refuse(refusal) }
    parser?.finish()
  }

  private func refuse(_ refusal: GateRefusal) {
    isRefused = true
    byteFindings.append(
      Finding(
        refusal.code, file: name, line: refusal.line, expected: refusal.expected, found: refusal.found))
  }

  // MARK: XML

  private func parse(
    _ bytes: UnsafeBufferPointer<UInt8>, isTranscoded: Bool, _ sink: some DocumentSink
  ) throws -> Bool {
    if parser == nil {
      parser = DocumentSchemas.shared.flatMap {
        XMLPushParser(schemas: $0, handler: handler(), isTranscoded: isTranscoded, readsPlainly: proves)
      }
    }
    guard let parser else {
      isBroken = true
      byteFindings.append(Finding(.notWellFormed, file: name, detail: "libxml2 could not be set up"))
      return false
    }
    let goesOn = parser.push(bytes)
    try deliver(parser, sink, isLast: false)
    if !goesOn || parser.handler.pointee.findings.isFull { isBroken = true }
    return !isBroken
  }

  private func handler() -> DocumentHandler {
    DocumentHandler(file: name, limits: limits, latestTime: latestTime, proves: proves)
  }

  /// Gives the sink what the last bytes completed.
  private func deliver(_ parser: XMLPushParser, _ sink: some DocumentSink, isLast: Bool) throws {
    let handler = parser.handler
    if let header = handler.pointee.manifest.header {
      handler.pointee.manifest.header = nil
      try sink.header(header)
    }
    if !handler.pointee.manifest.ready.isEmpty {
      let ready = handler.pointee.manifest.ready
      handler.pointee.manifest.ready = []
      for batch in ready { try sink.batch(batch) }
    }
    if handler.pointee.manifest.spare == nil, var spare = sink.recycledBatch() {
      spare.removeAll()
      handler.pointee.manifest.spare = spare
    }
    let count = handler.pointee.events.ready.count
    if count >= EventState.batchEvents || isLast && count > 0 {
      let events = handler.pointee.events.ready
      handler.pointee.events.ready = []
      try sink.events(events)
    }
  }

  // MARK: Result

  private func result(_ sink: some DocumentSink) throws -> DocumentResult {
    let isWhole = !isRefused && !isBroken
    var kind: DocumentKind?
    if let parser {
      kind = parser.vocabulary.flatMap(DocumentKind.init)
      if isWhole, !parser.isBroken {
        switch kind {
        case .manifest: parser.handler.pointee.finishManifest()
        case .events: parser.handler.pointee.finishEvents()
        case nil: break
        }
      }
      try deliver(parser, sink, isLast: true)
      if parser.hasUnknownRoot { byteFindings.append(unknownRoot(parser)) }
    }
    let isAccepted = isWhole && parser?.isAccepted == true
    return collect(kind, isAccepted: isAccepted)
  }

  private func unknownRoot(_ parser: XMLPushParser) -> Finding {
    let namespace = parser.unknownNamespace
    return Finding(
      .unknownDocument, file: name, line: parser.rootLine,
      expected: "\(DocumentSchemas.manifestNamespace), \(DocumentSchemas.eventsNamespace)",
      found: namespace.isEmpty ? nil : String(namespace.prefix(100)))
  }

  private func collect(_ kind: DocumentKind?, isAccepted: Bool) -> DocumentResult {
    var findings = FindingCollector(file: name, limit: limits.findings)
    var result = DocumentResult(
      kind: kind, isValid: false, sha256: nil, byteCount: byteCount, items: 0, dossiers: 0, events: 0,
      weight: 0,
      itemsWithoutWeight: 0, findings: [])
    if let handler = parser?.handler {
      findings = handler.pointee.findings
      result.items = handler.pointee.manifest.itemCount
      result.dossiers = handler.pointee.manifest.dossierCount
      result.events = handler.pointee.events.count
      result.weight = handler.pointee.manifest.weight
      result.itemsWithoutWeight = handler.pointee.manifest.itemsWithoutWeight
    }
    for finding in byteFindings { findings.add(finding) }
    // The parser refuses without a word: there must be one, whatever the reason.
    if !isAccepted, findings.errorCount == 0 { findings.add(Finding(.notWellFormed, file: name)) }
    if !isRefused, !isBroken { result.sha256 = digest.finalized() }
    result.findings = findings.sorted()
    result.isValid = isAccepted && findings.errorCount == 0
    return result
  }
}
