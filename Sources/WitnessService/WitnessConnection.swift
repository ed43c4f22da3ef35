internal import Glibc

/// One HTTP/1.1 connection with one request on it: as much of RFC 9112 as `POST /add-checkpoint` needs, within limits
/// of size and time. Whatever else arrives is refused and the connection closed.
struct WitnessConnection {
  /// Longest body in bytes: a checkpoint with 64 signatures and 63 lines of proof is a quarter of it.
  static let greatestByteCount = 64 * 1024
  private static let greatestHeadCount = 16 * 1024
  /// Seconds for a whole request, so that nobody keeps the others waiting for long.
  private static let patience: time_t = 10

  private let descriptor: Int32
  private let deadline: time_t

  enum Request {
    case body([UInt8])
    /// With this status code.
    case refused(Int)
  }

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    deadline = Self.now + Self.patience
    var limit = timeval(tv_sec: 5, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
  }

  private static var now: time_t {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec
  }

  /// Reads the request to its end.
  func request() -> Request {
    var bytes: [UInt8] = []
    let blank = Array("\r\n\r\n".utf8)
    var end: Int?
    while end == nil {
      guard bytes.count <= Self.greatestHeadCount else { return .refused(431) }
      guard let part = read() else { return .refused(400) }
      let from = max(0, bytes.count - 3)
      bytes += part
      end = bytes.indices.dropFirst(from).first { bytes[$0...].starts(with: blank) }
    }
    guard let end, end <= Self.greatestHeadCount else { return .refused(431) }
    let head = String(decoding: bytes[..<end], as: UTF8.self)
    let count: Int
    switch Self.bodyCount(head) {
    case .refused(let status): return .refused(status)
    case .count(let stated, let isAwaited):
      guard stated <= Self.greatestByteCount else { return .refused(413) }
      if isAwaited { write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
      count = stated
    }
    var body = Array(bytes[(end + blank.count)...])
    while body.count < count {
      guard let part = read() else { return .refused(400) }
      body += part
    }
    return body.count == count ? .body(body) : .refused(400)
  }

  private enum Head {
    case count(Int, isAwaited: Bool)
    case refused(Int)
  }

  private static func bodyCount(_ head: String) -> Head {
    let lines = head.components("\r\n")
    let words = lines[0].split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return .refused(400) }
    guard words[1] == "/add-checkpoint" else { return .refused(404) }
    guard words[0] == "POST" else { return .refused(405) }
    var count: Int?
    var isAwaited = false
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { return .refused(400) }
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      switch line[..<colon].lowercased() {
      case "content-length":
        // Two lengths are how requests are smuggled.
        guard count == nil, !value.isEmpty, value.utf8.count < 10,
          value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(value)
        else { return .refused(400) }
        count = number
      case "transfer-encoding": return .refused(501)
      case "expect": isAwaited = value.lowercased() == "100-continue"
      default: break
      }
    }
    return count.map { .count($0, isAwaited: isAwaited) } ?? .refused(411)
  }

  func answer(_ status: Int, type: String = "text/plain", _ body: [UInt8] = []) {
    let head = """
      HTTP/1.1 \(status) \(Self.phrase(status))\r
      Content-Type: \(type)\r
      Content-Length: \(body.count)\r
      Connection: close\r
      \r

      """
    write(Array(head.utf8) + body)
  }

  private static func phrase(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 400: "Bad Request"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 409: "Conflict"
    case 411: "Length Required"
    case 413: "Content Too Large"
    case 422: "Unprocessable Content"
    case 431: "Request Header Fields Too Large"
    case 501: "Not Implemented"
    default: "Internal Server Error"
    }
  }

  /// Closes; what the client still sends is read for a moment, or the answer could be lost with it.
  func end() {
    shutdown(descriptor, Int32(SHUT_WR))
    var rest = 16
    while rest > 0, let part = read(), !part.isEmpty { rest -= 1 }
    close(descriptor)
  }

  /// The next bytes; nil at the end, on an error, and when time is up.
  private func read() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while Self.now <= deadline {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      return count > 0 ? Array(buffer[..<count]) : nil
    }
    return nil
  }

  private func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty, Self.now <= deadline {
      // Not a signal when the client has left.
      let count = rest.withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}

extension String {
  /// Parts between separators, by bytes: to Swift "\r\n" is one character.
  fileprivate func components(_ separator: String) -> [String] {
    var parts: [String] = []
    var rest = Array(utf8)[...]
    let separator = Array(separator.utf8)
    var start = rest.startIndex
    while start < rest.endIndex {
      if rest[start...].starts(with: separator) {
        parts.append(String(decoding: rest[..<start], as: UTF8.self))
        rest = rest[(start + separator.count)...]
        start = rest.startIndex
      } else {
        start += 1
      }
    }
    return parts + [String(decoding: rest, as: UTF8.self)]
  }
}
