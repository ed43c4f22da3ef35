internal import DossierTracker
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Scans in bulk, one JSON object a line; one result a line, written when the scans up to it are durable. What a device
/// gathered in a week offline needs no more memory than a handful of scans.
struct BulkScans: Sendable {
  let services: StationServices
  let visitor: Visitor
  let language: Language

  private static let greatestLine = 16 << 10

  func response(to request: Request) -> Response {
    let body = request.body
    return Response(
      status: .ok, headers: [.contentType: "application/x-ndjson", .cacheControl: "no-store"],
      body: ResponseBody { writer in
        do { try await answer(body, &writer) } catch {
          // The answer has begun, so its status cannot say it any more: the last line does.
          let problem = Problem(explaining: error)
          try await writer.write(Self.line(["problem": ScanJSON.problem(problem, language)]))
        }
        try await writer.finish(nil)
      })
  }

  private func answer(_ body: RequestBody, _ writer: inout any ResponseBodyWriter) async throws {
    var lines = LineSplitter(greatestLine: Self.greatestLine)
    var parts: [ScanBody.Part] = []
    func take(_ line: LineSplitter.Line) {
      switch line {
      case .whole(let bytes): parts.append(ScanBody.line(bytes, by: visitor))
      case .tooLong:
        parts.append(.malformed(id: nil, RequestGate.tooLarge))
      }
    }
    for try await buffer in body {
      for line in lines.append(Array(buffer.readableBytesView)) {
        take(line)
        if parts.count == ScanBody.greatestCount { try await flush(&parts, &writer) }
      }
    }
    if let last = lines.finish() { take(last) }
    try await flush(&parts, &writer)
  }

  private func flush(_ parts: inout [ScanBody.Part], _ writer: inout any ResponseBodyWriter) async throws {
    if parts.isEmpty { return }
    let (results, _) = try await services.answers(to: parts, sentBy: visitor, language)
    parts.removeAll(keepingCapacity: true)
    var buffer = ByteBuffer()
    for result in results { buffer.writeImmutableBuffer(Self.line(result)) }
    try await writer.write(buffer)
  }

  private static func line(_ value: JSONOutput) -> ByteBuffer {
    ByteBuffer(string: value.text(pretty: false) + "\n")
  }
}

/// Cuts bytes that arrive in any portions into lines.
struct LineSplitter {
  enum Line: Hashable {
    case whole([UInt8])
    case tooLong
  }

  private let greatestLine: Int
  private var rest: [UInt8] = []
  private var isTooLong = false

  init(greatestLine: Int) { self.greatestLine = greatestLine }

  /// The lines that are complete now; blank ones are passed over.
  mutating func append(_ bytes: [UInt8]) -> [Line] {
    var lines: [Line] = []
    for part in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      if part.offset > 0 { if let line = cut() { lines.append(line) } }
      guard !isTooLong else { continue }
      rest += part.element
      if rest.count > greatestLine {
        isTooLong = true
        rest = []
      }
    }
    return lines
  }

  /// What came after the last line feed.
  mutating func finish() -> Line? { cut() }

  private mutating func cut() -> Line? {
    defer {
      rest = []
      isTooLong = false
    }
    if isTooLong { return .tooLong }
    if rest.last == 0x0D { rest.removeLast() }
    return rest.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) ? nil : .whole(rest)
  }
}
