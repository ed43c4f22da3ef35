internal import CZstd
internal import Dispatch
internal import Synchronization

/// Compresses one document after another (zstd, RFC 8878) beside the thread that writes rows, which has the most to
/// do in an import.
///
/// `@unchecked Sendable`: the context and the output are touched on `queue` alone, which is serial; what both sides
/// need is under `ready`'s lock.
final class DocumentCompressor: @unchecked Sendable {
  private let queue = DispatchQueue(label: "document compression")
  /// Bounds what waits to be compressed.
  private let room = DispatchSemaphore(value: 8)
  private let context: OpaquePointer
  private var output = [UInt8](repeating: 0, count: partSize)
  private var filled = 0
  private let ready = Mutex<(parts: [[UInt8]], failure: StoreFault?)>(([], nil))
  private static let partSize = 256 * 1024

  init() throws {
    guard let context = ZSTD_createCCtx() else { throw StoreFault.cannotCompress("no memory") }
    self.context = context
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 1)
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
  }

  deinit { ZSTD_freeCCtx(context) }

  /// Begins a document; what was left of another one is dropped.
  func reset() {
    queue.sync {
      ZSTD_CCtx_reset(context, ZSTD_reset_session_only)
      filled = 0
      ready.withLock { $0 = ([], nil) }
    }
  }

  /// Takes the next bytes; waits when too many wait already.
  func add(_ bytes: [UInt8]) {
    room.wait()
    queue.async { [self] in
      compress(bytes, ZSTD_e_continue)
      room.signal()
    }
  }

  /// Ends the document: all of it is ready afterwards.
  func finish() {
    queue.sync {
      compress([], ZSTD_e_end)
      putPart()
    }
  }

  /// The parts that have become ready, in order.
  ///
  /// - Throws: ``StoreFault/cannotCompress(_:)`` when something that was added could not be compressed.
  func takeParts() throws -> [[UInt8]] {
    let taken = ready.withLock { ready in
      let taken = ready
      ready.parts = []
      return taken
    }
    if let failure = taken.failure { throw failure }
    return taken.parts
  }

  private func compress(_ bytes: [UInt8], _ directive: ZSTD_EndDirective) {
    bytes.withUnsafeBytes { source in
      var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
      while true {
        var position = filled
        let rest = output.withUnsafeMutableBytes { target in
          var buffer = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: position)
          let rest = ZSTD_compressStream2(context, &buffer, &input, directive)
          position = buffer.pos
          return rest
        }
        filled = position
        if ZSTD_isError(rest) != 0 {
          let failure = StoreFault.cannotCompress(String(cString: ZSTD_getErrorName(rest)))
          return ready.withLock { $0.failure = failure }
        }
        if filled == output.count { putPart() }
        if directive.rawValue == ZSTD_e_end.rawValue ? rest == 0 : input.pos == input.size { return }
      }
    }
  }

  private func putPart() {
    if filled == 0 { return }
    let part = Array(output[..<filled])
    filled = 0
    ready.withLock { $0.parts.append(part) }
  }
}
