import CZlib
import DossierCore

/// Inflates a gzip stream (RFC 1952) of one or more members, with a ceiling on what may come out.
///
/// Confined to the reader that made it: the zlib stream is never shared, and it stays at one address because zlib
/// remembers it.
final class GzipInflater {
  private let stream: UnsafeMutablePointer<z_stream>
  private let output: UnsafeMutableBufferPointer<UInt8>
  private let limits: ReadingLimits
  private let isReady: Bool
  private var isInMember = true
  private var isStopped = false
  private var consumedCount = 0
  private var producedCount = 0

  init(limits: ReadingLimits) {
    self.limits = limits
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    output = .allocate(capacity: 64 << 10)
    // 15 bits of window, and 16 for "gzip only".
    isReady =
      inflateInit2_(stream, 15 + 16, zlibVersion(), Int32(MemoryLayout<z_stream>.size)) == Z_OK
  }

  deinit {
    if isReady { inflateEnd(stream) }
    stream.deallocate()
    output.deallocate()
  }

  /// Inflates `bytes` and hands the output on in pieces.
  /// - Parameter receiver: answers false when it wants no more.
  /// - Returns: the refusal; nil while the stream may go on.
  func inflate(
    _ bytes: UnsafeBufferPointer<UInt8>, to receiver: (UnsafeBufferPointer<UInt8>) throws -> Bool
  ) rethrows -> GateRefusal? {
    guard isReady, let start = bytes.baseAddress, let target = output.baseAddress else {
      return GateRefusal(.damagedCompression, line: 1)
    }
    consumedCount += bytes.count
    stream.pointee.next_in = UnsafeMutablePointer(mutating: start)
    stream.pointee.avail_in = UInt32(bytes.count)
    while !isStopped {
      if !isInMember {
        guard stream.pointee.avail_in > 0 else { return nil }
        // The bytes behind a member must be another member.
        guard inflateReset(stream) == Z_OK else { return GateRefusal(.damagedCompression, line: 1) }
        isInMember = true
      }
      stream.pointee.next_out = target
      stream.pointee.avail_out = UInt32(output.count)
      let status = CZlib.inflate(stream, Z_NO_FLUSH)
      guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
        return GateRefusal(.damagedCompression, line: 1)
      }
      let count = output.count - Int(stream.pointee.avail_out)
      if let refusal = account(count) { return refusal }
      if count > 0, try !receiver(UnsafeBufferPointer(rebasing: output[..<count])) { isStopped = true }
      if status == Z_STREAM_END {
        isInMember = false
      } else if stream.pointee.avail_in == 0, stream.pointee.avail_out > 0 {
        return nil
      }
    }
    return nil
  }

  /// The stream has no more bytes.
  func finish() -> GateRefusal? {
    isInMember && !isStopped ? GateRefusal(.damagedCompression, line: 1, found: "truncated") : nil
  }

  private func account(_ count: Int) -> GateRefusal? {
    producedCount += count
    guard producedCount <= limits.byteCount else {
      return GateRefusal(.tooLarge, line: 1, expected: "\(limits.byteCount)")
    }
    let allowed = (1 << 20) + consumedCount * limits.compressionRatio
    guard producedCount <= allowed else {
      return GateRefusal(.compressionRatio, line: 1, expected: "\(limits.compressionRatio)")
    }
    return nil
  }
}
