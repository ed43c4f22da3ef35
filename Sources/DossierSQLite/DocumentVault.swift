internal import CZstd

/// Keeps a manifest's bytes as they were given, compressed as they arrive, in parts of bounded size, in the
/// transaction of the manifest.
///
/// Confined to the store's serial queue, like the statement it writes with.
final class DocumentVault {
  private let insert: Statement
  private let compressor: DocumentCompressor
  private var manifest: Int64 = 0
  private var part: Int64 = 0
  /// Parts of a document that may still turn out to be no manifest: nil once it is known to be one.
  private var held: [[UInt8]]? = []

  init(_ connection: Connection) throws {
    insert = try Statement(connection, "INSERT INTO document_part VALUES(?1, ?2, ?3)")
    compressor = try DocumentCompressor()
  }

  func begin(manifest: Int64) {
    compressor.reset()
    self.manifest = manifest
    part = 0
    held = []
  }

  /// The document is a manifest: what was held back is written.
  func confirm() throws {
    let parts = held ?? []
    held = nil
    for bytes in parts { try write(bytes) }
  }

  func append(_ bytes: [UInt8]) throws {
    compressor.add(bytes)
    try take()
  }

  func finish() throws {
    compressor.finish()
    try take()
  }

  private func take() throws {
    for bytes in try compressor.takeParts() {
      if held == nil { try write(bytes) } else { held?.append(bytes) }
    }
  }

  private func write(_ bytes: [UInt8]) throws {
    insert.bind(1, manifest)
    insert.bind(2, part)
    insert.bind(blob: bytes, 3)
    try insert.run()
    part += 1
  }
}

/// Reads a manifest's bytes back, part by part.
enum DocumentParts {
  /// - Parameter body: called with runs of the original bytes in order.
  /// - Throws: ``StoreFault/cannotCompress(_:)`` when the parts are not one whole zstd frame.
  static func read(
    _ connection: Connection, manifest: Int64, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let select = try Statement(
      connection, "SELECT bytes, part FROM document_part WHERE manifest = ?1 ORDER BY part")
    guard let context = ZSTD_createDCtx() else { throw StoreFault.cannotCompress("no memory") }
    defer { ZSTD_freeDCtx(context) }
    var output = [UInt8](repeating: 0, count: 128 * 1024)
    var rest = 1
    var number: Int64 = 0
    select.bind(1, manifest)
    while try select.step() {
      let part = select.bytes(0)
      if part.isEmpty { throw StoreFault.cannotCompress("an empty part") }
      if select.int(1) != number { throw StoreFault.cannotCompress("part \(number) is missing") }
      if rest == 0 { throw StoreFault.cannotCompress("part \(number) follows the end") }
      number += 1
      try part.withUnsafeBytes { source in
        var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
        var full = false
        while input.pos < input.size || full {
          try output.withUnsafeMutableBytes { target in
            var buffer = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
            rest = ZSTD_decompressStream(context, &buffer, &input)
            if ZSTD_isError(rest) != 0 {
              throw StoreFault.cannotCompress(String(cString: ZSTD_getErrorName(rest)))
            }
            full = buffer.pos == buffer.size
            try body(UnsafeRawBufferPointer(rebasing: target[..<buffer.pos]))
          }
          if rest == 0 { break }
        }
        if rest == 0 && input.pos < input.size {
          throw StoreFault.cannotCompress("bytes follow the end")
        }
      }
    }
    if rest != 0 { throw StoreFault.cannotCompress("the document's parts are incomplete") }
  }
}
