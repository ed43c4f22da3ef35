internal import DossierTracker
internal import Glibc

/// A file or, as `-`, standard input.
struct InputFile {
  let name: String
  private let descriptor: Int32

  init(_ name: String) throws {
    self.name = name
    descriptor = name == "-" ? 0 : open(name, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { throw refusal() }
  }

  /// Everything in it.
  ///
  /// - Throws: also when it is larger than `limit` bytes.
  static func read(_ name: String, limit: Int = 16 << 20) throws -> [UInt8] {
    let file = try InputFile(name)
    defer { file.close() }
    var bytes: [UInt8] = []
    while let part = try file.part() {
      bytes += part
      guard bytes.count <= limit else {
        throw TrackerRefusal(Finding(.tooLarge, file: name, expected: "≤ \(limit)"))
      }
    }
    return bytes
  }

  /// Calls `body` with each line as soon as it is there, with its number from 1.
  ///
  /// - Parameter group: up to so many lines are taken together.
  func forEachGroup(of group: Int, _ body: ([(number: Int, text: String)]) throws -> Void) throws {
    var rest: [UInt8] = []
    var number = 0
    var lines: [(Int, String)] = []
    func add(_ line: ArraySlice<UInt8>) throws {
      number += 1
      lines.append((number, String(decoding: line, as: UTF8.self)))
      if lines.count == group {
        try body(lines)
        lines.removeAll()
      }
    }
    while let part = try part() {
      rest += part
      var start = rest.startIndex
      while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
        try add(rest[start..<end])
        start = end + 1
      }
      rest.removeFirst(start)
      guard rest.count < 65_536 else {
        throw TrackerRefusal(Finding(.tooLarge, file: name, line: number + 1))
      }
    }
    if !rest.isEmpty { try add(rest[...]) }
    if !lines.isEmpty { try body(lines) }
  }

  func close() { if descriptor > 0 { Glibc.close(descriptor) } }

  private func part() throws -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw refusal() }
      return count == 0 ? nil : Array(buffer[..<count])
    }
  }

  private func refusal() -> TrackerRefusal {
    TrackerRefusal(Finding(.unreadableFile, file: name, detail: String(cString: strerror(errno))))
  }
}
