/// Bytes that are written once, in order, and read as a whole: what encoders of millions of records write into.
///
/// An array asks at every append whether it is unique, large enough and in bounds. This buffer has one owner by its
/// type, so it asks for room once a value and then stores.
///
/// `@unchecked Sendable` and the raw memory hold for the same reason: the struct cannot be copied, so the memory has one
/// owner; it is reached through that owner alone, freed by `deinit`, and moved only inside mutating members. Every
/// store lies between `count` and `capacity`, because each member makes room before it writes. ``bytes`` points into the
/// memory: whoever asks for it uses it before the next change.
public struct OutputBuffer: ~Copyable, @unchecked Sendable {
  @usableFromInline var start: UnsafeMutablePointer<UInt8>
  @usableFromInline var capacity: Int
  @usableFromInline var written = 0

  /// Bytes written so far.
  @inlinable
  public var count: Int { written }

  /// - Parameter capacity: bytes for which there is room at first.
  public init(capacity: Int) {
    self.capacity = max(capacity, 64)
    start = .allocate(capacity: self.capacity)
  }

  deinit { start.deallocate() }

  /// What was written, valid until the next change.
  @inlinable
  public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

  /// What was written from an offset on, valid until the next change.
  ///
  /// - Parameter offset: at most ``count``.
  @inlinable
  public func bytes(from offset: Int) -> UnsafeRawBufferPointer {
    precondition(offset >= 0 && offset <= count)
    return UnsafeRawBufferPointer(start: start + offset, count: count - offset)
  }

  /// A copy of what was written.
  public var array: [UInt8] { Array(bytes) }

  /// Forgets everything and keeps the memory.
  @inlinable
  public mutating func removeAll() { written = 0 }

  /// Forgets what was written from an offset on.
  ///
  /// - Parameter offset: at most ``count``.
  @inlinable
  public mutating func removeAll(from offset: Int) {
    precondition(offset >= 0 && offset <= count)
    written = offset
  }

  // MARK: Writing

  /// Appends one byte.
  @inlinable
  public mutating func append(_ byte: UInt8) {
    reserve(1)
    start[written] = byte
    written &+= 1
  }

  /// Appends bytes from elsewhere; they must not lie in this buffer.
  @inlinable
  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress else { return }
    reserve(bytes.count)
    UnsafeMutableRawPointer(start + written).copyMemory(from: source, byteCount: bytes.count)
    written &+= bytes.count
  }

  /// Appends the UTF-8 bytes of a literal.
  @inlinable
  public mutating func append(_ literal: StaticString) {
    append(UnsafeRawBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  /// Appends what `body` writes.
  ///
  /// - Parameters:
  ///   - limit: the most bytes that `body` writes.
  ///   - body: gets memory with room for `limit` bytes and returns how many it wrote from the start.
  @inlinable
  public mutating func append(atMost limit: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
    reserve(limit)
    let more = body(start + written)
    precondition(more >= 0 && more <= limit)
    written &+= more
  }

  /// Makes room for so many more bytes.
  @inlinable
  public mutating func reserve(_ more: Int) {
    if capacity &- written < more { grow(by: more) }
  }

  @usableFromInline @inline(never)
  mutating func grow(by more: Int) {
    let larger = max(capacity * 2, written + more)
    let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    memory.update(from: start, count: written)
    start.deallocate()
    start = memory
    capacity = larger
  }
}

// MARK: - Parts of canonical JSON

extension OutputBuffer {
  /// Appends a quoted string: the bytes of ``CanonicalJSON/appendString(_:to:)-swift.type.method``.
  ///
  /// - Parameter utf8: valid UTF-8 outside this buffer.
  public mutating func appendJSONString(_ utf8: UnsafeRawBufferPointer) {
    // No character takes more than the six of `\u001f`.
    append(atMost: utf8.count * 6 + 2) { target in
      target[0] = UInt8(ascii: "\"")
      var written = 1
      var read = 0
      if let source = utf8.baseAddress {
        // Most strings need no escape: eight bytes are copied and looked at together.
        while read + 8 <= utf8.count {
          let word = source.loadUnaligned(fromByteOffset: read, as: UInt64.self)
          guard !CanonicalJSON.hasEscape(word) else { break }
          UnsafeMutableRawPointer(target + written).storeBytes(of: word, as: UInt64.self)
          read += 8
          written += 8
        }
      }
      while read < utf8.count {
        written += CanonicalJSON.writeEscaped(utf8[read], to: target + written)
        read += 1
      }
      target[written] = UInt8(ascii: "\"")
      return written + 1
    }
  }

  /// Appends a decimal integer; the profile's range is the caller's duty.
  public mutating func appendInteger(_ number: Int64) {
    append(atMost: 20) { target in
      var magnitude = number.magnitude
      if number >= 0, magnitude < 10 {
        target[0] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: magnitude)
        return 1
      }
      var digits = 1
      var limit: UInt64 = 10
      while digits < 19, magnitude >= limit {
        digits += 1
        limit &*= 10
      }
      if digits == 19, magnitude >= limit { digits = 20 }
      let sign = number < 0 ? 1 : 0
      if number < 0 { target[0] = UInt8(ascii: "-") }
      for position in stride(from: sign + digits - 1, through: sign, by: -1) {
        let (quotient, digit) = magnitude.quotientAndRemainder(dividingBy: 10)
        target[position] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit)
        magnitude = quotient
      }
      return sign + digits
    }
  }

  /// Appends the unpadded base64url characters of `bytes`, which lie outside this buffer.
  public mutating func appendBase64URL(_ bytes: UnsafeRawBufferPointer) {
    let length = Base64.unpaddedCount(bytes.count)
    append(atMost: length) { target in
      Base64.writeURL(bytes, to: UnsafeMutableRawBufferPointer(start: target, count: length))
      return length
    }
  }

  /// Appends the 32 bytes of a digest.
  @inlinable
  public mutating func append(_ digest: Digest) {
    digest.withUnsafeBytes { append($0) }
  }
}
