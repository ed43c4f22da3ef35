#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where the bytes of a document come from.
public struct ByteSource: Sendable {
  private enum Origin {
    case file(String)
    case descriptor(Int32)
    case bytes([UInt8])
  }

  private let origin: Origin
  private let chunkByteCount: Int

  private init(_ origin: Origin, _ chunkByteCount: Int) {
    self.origin = origin
    self.chunkByteCount = max(1, chunkByteCount)
  }

  /// Bytes read at a time: large enough to make calls rare, small enough to stay in the cache while gate, parser and
  /// digest pass over them.
  public static let defaultChunkByteCount = 64 << 10

  /// - Parameter chunkByteCount: bytes read at a time; the result does not depend on it.
  public static func file(_ path: String, chunkByteCount: Int = defaultChunkByteCount) -> ByteSource {
    ByteSource(.file(path), chunkByteCount)
  }

  /// - Parameter descriptor: an open file descriptor, read from its current place and not closed.
  public static func descriptor(
    _ descriptor: Int32, chunkByteCount: Int = defaultChunkByteCount
  ) -> ByteSource {
    ByteSource(.descriptor(descriptor), chunkByteCount)
  }

  public static let standardInput = descriptor(0)

  public static func bytes(
    _ bytes: [UInt8], chunkByteCount: Int = defaultChunkByteCount
  ) -> ByteSource {
    ByteSource(.bytes(bytes), chunkByteCount)
  }

  /// Calls `body` with one piece after the other until it answers false or the bytes end.
  /// - Returns: the system's words when a file cannot be opened or read; nil otherwise.
  func read(_ body: (UnsafeBufferPointer<UInt8>) throws -> Bool) rethrows -> String? {
    switch origin {
    case .bytes(let bytes):
      try bytes.withUnsafeBufferPointer { all in
        var start = 0
        while start < all.count {
          let end = min(all.count, start + chunkByteCount)
          guard try body(UnsafeBufferPointer(rebasing: all[start..<end])) else { return }
          start = end
        }
      }
      return nil
    case .descriptor(let descriptor):
      return try read(descriptor, body)
    case .file(let path):
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return Self.errorText() }
      defer { close(descriptor) }
      return try read(descriptor, body)
    }
  }

  private func read(
    _ descriptor: Int32, _ body: (UnsafeBufferPointer<UInt8>) throws -> Bool
  ) rethrows -> String? {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunkByteCount, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      var filled = 0
      // A pipe gives little at a time; whole chunks keep the number of parser calls down.
      while filled < buffer.count {
        let count = systemRead(descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { return Self.errorText() }
        if count == 0 { break }
        filled += count
      }
      guard filled > 0 else { return nil }
      let bytes = UnsafeBufferPointer(
        rebasing: UnsafeRawBufferPointer(buffer).bindMemory(to: UInt8.self)[..<filled])
      guard try body(bytes), filled == buffer.count else { return nil }
    }
  }

  private static func errorText() -> String {
    let code = errno
    var text = [CChar](repeating: 0, count: 256)
    guard strerror_r(code, &text, text.count) == 0 else { return "error \(code)" }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

/// `read` under a name of its own: the methods above hide it.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}
