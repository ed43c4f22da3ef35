internal import DossierTracker
internal import HTTPTypes

/// Takes a form with files apart as its bytes come (RFC 7578), without keeping more than one line or boundary.
struct MultipartReader {
  /// What a part's header says.
  struct Part: Equatable {
    var name: String
    /// As the sender calls his file; nil for a field without one.
    var fileName: String?
  }

  enum Event: Equatable {
    case begin(Part)
    case bytes([UInt8])
    case end
  }

  private enum State {
    /// Before the first boundary, or behind one: what comes next decides.
    case preamble, afterBoundary
    case header([UInt8])
    case content
    case over
  }

  private static let headerLimit = 4 << 10
  private static let partLimit = 64

  private let delimiter: [UInt8]
  private var state = State.preamble
  private var rest: [UInt8]
  private var parts = 0
  /// Whether the line end before the content is still in `rest`.
  private var isFirstOfPart = false

  /// - Returns: nil when the content type names no boundary.
  init?(contentType: String) {
    guard let boundary = Self.parameter("boundary", of: contentType), (1...70).contains(boundary.utf8.count)
    else { return nil }
    delimiter = Array("\r\n--\(boundary)".utf8)
    // The first boundary has no line before it.
    rest = [0x0D, 0x0A]
  }

  /// - Throws: ``Problem`` 400 for what is no form.
  mutating func read(_ bytes: some Collection<UInt8>, _ event: (Event) throws -> Void) throws {
    rest.append(contentsOf: bytes)
    while try step(event) {}
  }

  /// To be called when no more bytes come.
  func finish() throws { guard case .over = state else { throw Self.malformed } }

  private mutating func step(_ event: (Event) throws -> Void) throws -> Bool {
    switch state {
    case .over:
      rest.removeAll()
      return false
    case .preamble:
      guard let place = find(delimiter) else {
        keep(delimiter.count)
        return false
      }
      rest.removeFirst(place + delimiter.count)
      state = .afterBoundary
    case .afterBoundary:
      guard rest.count >= 2 else { return false }
      if rest.starts(with: "--".utf8) {
        state = .over
        return true
      }
      guard rest.starts(with: "\r\n".utf8) else { throw Self.malformed }
      rest.removeFirst(2)
      parts += 1
      guard parts <= Self.partLimit else { throw Self.malformed }
      state = .header([])
    case .header(let lines):
      guard let end = find(Array("\r\n".utf8)) else {
        guard rest.count + lines.count <= Self.headerLimit else { throw Self.malformed }
        return false
      }
      let line = Array(rest[..<end])
      rest.removeFirst(end + 2)
      guard lines.count + line.count <= Self.headerLimit else { throw Self.malformed }
      guard line.isEmpty else {
        state = .header(lines + line + [0x0A])
        return true
      }
      guard let part = Self.part(String(decoding: lines, as: UTF8.self)) else { throw Self.malformed }
      try event(.begin(part))
      // The boundary behind an empty part uses the line end of its header.
      rest.insert(contentsOf: [0x0D, 0x0A], at: 0)
      isFirstOfPart = true
      state = .content
    case .content:
      if isFirstOfPart {
        guard rest.count >= delimiter.count else { return false }
        isFirstOfPart = false
        if !rest.starts(with: delimiter) { rest.removeFirst(2) }
      }
      if let place = find(delimiter) {
        if place > 0 { try event(.bytes(Array(rest[..<place]))) }
        try event(.end)
        rest.removeFirst(place + delimiter.count)
        state = .afterBoundary
      } else {
        let safe = rest.count - delimiter.count
        guard safe > 0 else { return false }
        try event(.bytes(Array(rest[..<safe])))
        rest.removeFirst(safe)
        return false
      }
    }
    return true
  }

  private mutating func keep(_ count: Int) {
    if rest.count > count { rest.removeFirst(rest.count - count) }
  }

  private func find(_ wanted: [UInt8]) -> Int? {
    guard rest.count >= wanted.count, let first = wanted.first else { return nil }
    return rest.withUnsafeBufferPointer { bytes in
      var place = 0
      let last = bytes.count - wanted.count
      while place <= last {
        guard bytes[place] == first else {
          place += 1
          continue
        }
        if bytes[place..<(place + wanted.count)].elementsEqual(wanted) { return place }
        place += 1
      }
      return nil
    }
  }

  // MARK: Header

  private static func part(_ header: String) -> Part? {
    let line = header.split(separator: "\n").first { $0.lowercased().hasPrefix("content-disposition:") }
    guard let line, let name = parameter("name", of: String(line)) else { return nil }
    return Part(name: name, fileName: parameter("filename", of: String(line)))
  }

  /// The value of `name=…` or `name="…"`; browsers write a quotation mark in it as `%22`.
  static func parameter(_ name: String, of header: String) -> String? {
    var rest = header[...]
    while let semicolon = rest.firstIndex(of: ";") {
      rest = rest[rest.index(after: semicolon)...].drop { $0 == " " || $0 == "\t" }
      guard rest.lowercased().hasPrefix(name + "=") else { continue }
      rest = rest.dropFirst(name.count + 1)
      guard rest.first == "\"" else { return String(rest.prefix { $0 != ";" && $0 != " " }) }
      return String(rest.dropFirst().prefix { $0 != "\"" })
    }
    return nil
  }

  private static var malformed: Problem { Problem(.badRequest, Finding(.requestMalformed)) }
}
